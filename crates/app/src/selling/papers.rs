//! What an applicant uploads beside the form (functions.md 1.3): the company's logo, drawn anew and shown as PNG; the business
//! licence, a picture drawn anew or a PDF kept as it is. The licence names people: it is sealed, shown to the applicant and to
//! those who review, and only ever handed out to be saved.

use domain::identity::{Actor, Permission};
use domain::ids::{ImageId, SellerApplicationId};
use domain::outcome::{FieldProblem, Refusal};
use domain::selling::{ApplicationForm, ApplicationStage, LicenceFormat, Papers, SellerApplication};
use domain::time::Timestamp;
use sha2::{Digest as _, Sha256};
use store::Tx;
use store::catalog::images::{self, ImageRow};
use store::selling::applications;
use store::selling::licences::{self, LicenceRow, content_place};

use crate::events::Moment;
use crate::{App, AppError, Vault, pictures};

/// The size of a kept logo in pixels: twice the 168 × 80 that the reference recommends, for sharp screens.
const LOGO_SIZE: (u32, u32) = (336, 160);
/// The smallest logo in pixels.
const LEAST_LOGO: (u32, u32) = (84, 40);
/// The smallest picture of a licence on which something can be read, in pixels.
const LEAST_LICENCE: (u32, u32) = (300, 300);
/// The longest side of a kept picture of a licence, in pixels: an A4 page at 200 dots an inch.
const MOST_LICENCE_SIDE: u32 = 2_400;

/// The files beside an application, as a page shows them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PapersView {
    /// The address of the logo: the hash of its content.
    pub logo_hash: Option<String>,
    /// The business licence.
    pub licence: Option<LicenceView>,
}

/// A business licence without its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LicenceView {
    /// How it is kept.
    pub format: LicenceFormat,
    /// How large the file is, in bytes.
    pub byte_count: u32,
    /// When it was uploaded.
    pub uploaded_at: Timestamp,
}

/// A business licence as it is handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LicenceFile {
    /// What the bytes are.
    pub format: LicenceFormat,
    /// The file.
    pub bytes: Vec<u8>,
}

/// What is shown of the files of an application.
pub(super) async fn view(tx: &mut Tx, papers: Papers) -> Result<PapersView, AppError> {
    let logo_hash = match papers.logo {
        Some(logo) => images::hash_of(tx, logo).await?,
        None => None,
    };
    let licence = match papers.licence {
        Some(licence) => licences::find(tx, licence).await?,
        None => None,
    };
    let licence =
        licence.map(|row| LicenceView { format: row.format, byte_count: row.byte_count, uploaded_at: row.uploaded_at });
    Ok(PapersView { logo_hash, licence })
}

impl App {
    /// Makes the picture the company's logo; begins the application when there is none.
    pub async fn upload_company_logo(&self, actor: &Actor, bytes: Vec<u8>) -> Result<SellerApplication, AppError> {
        self.changeable(actor).await?;
        let drawing = tokio::task::spawn_blocking(move || {
            pictures::as_png("logo", &pictures::decoded("logo", &bytes, LEAST_LOGO)?, LOGO_SIZE)
        });
        let png = drawing.await.map_err(|error| AppError::Internal(error.to_string()))?.map_err(AppError::field)?;
        let moment = self.moment(actor);
        let row = ImageRow {
            id: moment.id("company logo"),
            owner: actor.organisation,
            content_hash: hex::encode(Sha256::digest(&png)),
            width: LOGO_SIZE.0,
            height: LOGO_SIZE.1,
            bytes: png,
            created_at: moment.now,
        };
        self.store
            .write::<_, _, AppError, _>((actor.clone(), row, moment, self.vault.clone()), |tx, input| {
                Box::pin(async move {
                    let (actor, row, moment, vault) = input;
                    let logo: ImageId = images::keep(tx, &row).await?;
                    exchange(tx, &vault, &actor, &moment, |papers| papers.logo = Some(logo)).await
                })
            })
            .await
    }

    /// Puts the business licence beside the application, in the place of the one before; begins the application when there is
    /// none. A picture is drawn anew; a PDF is kept as it is and never opened by us.
    pub async fn upload_business_licence(&self, actor: &Actor, bytes: Vec<u8>) -> Result<SellerApplication, AppError> {
        self.changeable(actor).await?;
        let reading = tokio::task::spawn_blocking(move || readable_licence(bytes));
        let (format, bytes) =
            reading.await.map_err(|error| AppError::Internal(error.to_string()))?.map_err(AppError::field)?;
        let moment = self.moment(actor);
        let row = LicenceRow {
            id: moment.id("business licence"),
            organisation: actor.organisation,
            format,
            byte_count: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
            uploaded_at: moment.now,
            uploaded_by: actor.user,
        };
        let sealed = self.vault.seal_bytes(content_place(&row.id.to_string()), &bytes);
        self.store
            .write::<_, _, AppError, _>((actor.clone(), row, sealed, moment, self.vault.clone()), |tx, input| {
                Box::pin(async move {
                    let (actor, row, sealed, moment, vault) = input;
                    licences::insert(tx, &row, sealed).await?;
                    let mut before = None;
                    let changed = exchange(tx, &vault, &actor, &moment, |papers| {
                        before = papers.licence.replace(row.id);
                    })
                    .await?;
                    if let Some(before) = before {
                        licences::delete(tx, before).await?;
                    }
                    Ok(changed)
                })
            })
            .await
    }

    /// Refuses before anything is decoded: nobody has files read for an application that may not be changed.
    async fn changeable(&self, actor: &Actor) -> Result<(), AppError> {
        actor.require(Permission::ApplyAsSeller)?;
        self.store
            .read::<_, _, AppError, _>((actor.organisation, self.vault.clone()), |tx, (organisation, vault)| {
                Box::pin(async move {
                    if let Some(mut found) = applications::of(tx, &vault, organisation).await? {
                        let (papers, at) = (found.papers, found.changed_at);
                        found.change_papers(papers, at).map_err(Refusal::from)?;
                    }
                    Ok(())
                })
            })
            .await
    }
}

/// Changes which files lie beside the application.
async fn exchange(
    tx: &mut Tx,
    vault: &Vault,
    actor: &Actor,
    moment: &Moment,
    change: impl FnOnce(&mut Papers),
) -> Result<SellerApplication, AppError> {
    let mut application = match applications::lock_of(tx, vault, actor.organisation).await? {
        Some(found) => found,
        None => {
            let id = moment.id("seller application");
            let begun = SellerApplication::begin(id, actor.organisation, ApplicationForm::default(), moment.now);
            super::applications::insert(tx, vault, begun).await?
        }
    };
    let mut papers = application.papers;
    change(&mut papers);
    application.change_papers(papers, moment.now).map_err(Refusal::from)?;
    applications::update(tx, vault, &application).await?;
    Ok(application)
}

/// The licence as it is kept.
fn readable_licence(bytes: Vec<u8>) -> Result<(LicenceFormat, Vec<u8>), FieldProblem> {
    const FIELD: &str = "licence";
    if bytes.is_empty() {
        return Err(FieldProblem::new(FIELD, "required"));
    }
    if bytes.len() > pictures::MOST_UPLOAD_BYTES {
        return Err(pictures::too_large(FIELD));
    }
    if bytes.starts_with(b"%PDF-") {
        let end = &bytes[bytes.len().saturating_sub(1_024)..];
        return match end.windows(5).any(|part| part == b"%%EOF") {
            true => Ok((LicenceFormat::Pdf, bytes)),
            false => Err(FieldProblem::new(FIELD, "pdf_incomplete")),
        };
    }
    let picture = pictures::decoded(FIELD, &bytes, LEAST_LICENCE).map_err(|problem| {
        if problem.code == "image_format" { FieldProblem::new(FIELD, "licence_format") } else { problem }
    })?;
    Ok((LicenceFormat::Jpeg, pictures::as_jpeg(FIELD, picture, MOST_LICENCE_SIDE)?))
}

/// The business licence beside one's own application.
pub async fn my_licence(app: &App, actor: &Actor) -> Result<LicenceFile, AppError> {
    actor.require(Permission::SeePurchases)?;
    app.store
        .read::<_, _, AppError, _>((actor.organisation, app.vault.clone()), |tx, (organisation, vault)| {
            Box::pin(async move {
                let found = applications::of(tx, &vault, organisation).await?;
                file(tx, &vault, found.map(|found| found.papers)).await
            })
        })
        .await
}

/// The business licence beside an application, for those who review it. A draft is not the operator's to see.
pub async fn licence_of(app: &App, actor: &Actor, id: SellerApplicationId) -> Result<LicenceFile, AppError> {
    actor.require(Permission::SeeOperations)?;
    app.store
        .read::<_, _, AppError, _>((id, app.vault.clone()), |tx, (id, vault)| {
            Box::pin(async move {
                let found = applications::find(tx, &vault, id).await?;
                let found = found.filter(|found| found.stage() != ApplicationStage::Draft);
                file(tx, &vault, found.map(|found| found.papers)).await
            })
        })
        .await
}

async fn file(tx: &mut Tx, vault: &Vault, papers: Option<Papers>) -> Result<LicenceFile, AppError> {
    let missing = || AppError::NotFound("business_licence");
    let id = papers.and_then(|papers| papers.licence).ok_or_else(missing)?;
    let row = licences::find(tx, id).await?.ok_or_else(missing)?;
    let sealed = licences::sealed_content(tx, id).await?.ok_or_else(missing)?;
    let bytes = vault.open_bytes(content_place(&id.to_string()), &sealed)?;
    Ok(LicenceFile { format: row.format, bytes })
}
