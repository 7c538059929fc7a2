//! A signed report of the debugging kit beside a release: the seller attaches the file, the reviewer reads it. What is kept is the file,
//! byte for byte; whenever it is shown it is read and its signature checked anew.
//!
//! *What is not here.* The form of the file (`ports::ReportReader`), what to notice about one (`domain::selling::DebugReport`).

use domain::catalog::{Field, Product, SpecificationField};
use domain::identity::{Actor, Permission};
use domain::ids::{DebugReportId, InterfaceAddressId, OrganisationId, ProductId, ReleaseApplicationId};
use domain::outcome::FieldProblem;
use domain::selling::{BillingMode, DebugReport, ProtocolVersion, ReportConcern, ReportSetting};
use domain::time::Timestamp;
use ports::{MOST_REPORT_BYTES, ReportProblem};
use serde_json::json;
use store::Tx;
use store::catalog::debug_reports::{self, ReportRow};
use store::catalog::{products, release_applications};
use store::selling::addresses;

use super::drafts::editable;
use super::releases::billing_of;
use crate::{App, AppError};

/// A report as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttachedReport {
    /// The id.
    pub id: DebugReportId,
    /// When it was attached.
    pub uploaded_at: Timestamp,
    /// How large the file is, in bytes.
    pub bytes: usize,
    /// What it says and what to notice; why it cannot be believed any more when it does not read.
    pub reading: Result<ReportReading, FieldProblem>,
}

/// A report whose signature fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportReading {
    /// What it says.
    pub report: DebugReport,
    /// What a reviewer should notice, the gravest first.
    pub concerns: Vec<ReportConcern>,
    /// Who else signed with the same key.
    pub key: KeyUse,
}

/// Where else the key of a report was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUse {
    /// How many reports of this seller it signed, this one included.
    pub own: u32,
    /// How many other sellers handed in reports that it signed.
    pub other_sellers: u32,
}

/// What a report is compared with, as it is known inside a transaction.
struct Beside {
    row: ReportRow,
    /// Where the release's address leads, and what it speaks.
    address: Option<(String, ProtocolVersion)>,
    billing: Option<BillingMode>,
    key: KeyUse,
}

fn problem(problem: ReportProblem) -> FieldProblem {
    match problem {
        ReportProblem::TooLarge => {
            FieldProblem::new("report", "report_too_large").with("most", format!("{} KB", MOST_REPORT_BYTES / 1024))
        }
        ReportProblem::NotJson => FieldProblem::new("report", "report_not_json"),
        ReportProblem::OtherFormat => FieldProblem::new("report", "report_other_format"),
        ReportProblem::Malformed(member) => FieldProblem::new("report", "report_malformed").with("member", member),
        ReportProblem::Changed => FieldProblem::new("report", "report_changed"),
    }
}

/// What is wrong with a file that is larger than any upload may be.
pub fn report_too_large() -> FieldProblem {
    problem(ReportProblem::TooLarge)
}

/// Puts a report beside a draft, in the place of the one before. A file that is no report, or whose signature does not fit, is refused.
pub async fn attach_report(
    app: &App,
    actor: &Actor,
    id: ProductId,
    content: Vec<u8>,
) -> Result<DebugReportId, AppError> {
    actor.require(Permission::ManageProducts)?;
    // Whose it is comes first: nobody has files read for a product that is not theirs.
    app.store
        .read::<_, _, AppError, _>((actor.organisation, id), |tx, (seller, id)| {
            Box::pin(async move {
                let product = products::find_of(tx, seller, id).await?.ok_or(AppError::NotFound("product"))?;
                Ok(product.require_editable()?)
            })
        })
        .await?;
    if content.is_empty() {
        return Err(AppError::field(FieldProblem::new("report", "required")));
    }
    let report = app.reports.read(&content).map_err(|wrong| AppError::field(problem(wrong)))?;
    let moment = app.moment(actor);
    let row = ReportRow {
        id: moment.id("debug report"),
        product: id,
        seller: actor.organisation,
        content,
        key_fingerprint: report.key_fingerprint,
        uploaded_by: actor.user,
        uploaded_at: moment.now,
    };
    app.store
        .write::<_, _, AppError, _>((row, moment), |tx, (row, moment)| {
            Box::pin(async move {
                editable(tx, row.seller, row.product).await?;
                debug_reports::attach(tx, &row).await?;
                let facts = json!({ "report": row.id.to_string(), "key": row.key_fingerprint });
                moment.record(tx, "report_attached", Some(row.seller), row.product, facts).await?;
                Ok(row.id)
            })
        })
        .await
}

/// Takes the report away from a draft. Without one nothing happens. A submission keeps the one that it carries.
pub async fn remove_report(app: &App, actor: &Actor, id: ProductId) -> Result<(), AppError> {
    actor.require(Permission::ManageProducts)?;
    let input = (actor.organisation, id, app.moment(actor));
    app.store
        .write::<_, _, AppError, _>(input, |tx, (seller, id, moment)| {
            Box::pin(async move {
                editable(tx, seller, id).await?;
                if debug_reports::detach(tx, id).await? {
                    moment.record(tx, "report_removed", Some(seller), id, json!({})).await?;
                }
                Ok(())
            })
        })
        .await
}

/// The report beside one's own draft.
pub async fn draft_report(app: &App, actor: &Actor, id: ProductId) -> Result<Option<AttachedReport>, AppError> {
    actor.require(Permission::SeeSelling)?;
    let beside = app
        .store
        .read::<_, _, AppError, _>((actor.organisation, id), |tx, (seller, id)| {
            Box::pin(async move {
                let product = products::find_of(tx, seller, id).await?.ok_or(AppError::NotFound("product"))?;
                let Some(row) = debug_reports::of_draft(tx, id).await? else { return Ok(None) };
                let chosen = product.draft.get(Field::InterfaceAddress).parse().ok();
                beside(tx, row, chosen, billing_of_draft(&product)).await.map(Some)
            })
        })
        .await?;
    Ok(beside.map(|beside| shown(app, beside)))
}

/// The report that a submission carries, for the reviewer.
pub async fn release_report(
    app: &App,
    actor: &Actor,
    id: ReleaseApplicationId,
) -> Result<Option<AttachedReport>, AppError> {
    actor.require(Permission::SeeOperations)?;
    let beside = app
        .store
        .read::<_, _, AppError, _>(id, |tx, id| {
            Box::pin(async move {
                let application = release_applications::find(tx, id).await?.ok_or(AppError::NotFound("release"))?;
                let Some(row) = debug_reports::of_release(tx, id).await? else { return Ok(None) };
                let release = &application.release;
                let billing = (!release.specifications.is_empty()).then(|| billing_of(release));
                beside(tx, row, release.interface_address, billing).await.map(Some)
            })
        })
        .await?;
    Ok(beside.map(|beside| shown(app, beside)))
}

/// The file beside one's own draft, byte for byte.
pub async fn draft_report_file(app: &App, actor: &Actor, id: ProductId) -> Result<Vec<u8>, AppError> {
    actor.require(Permission::SeeSelling)?;
    app.store
        .read::<_, _, AppError, _>((actor.organisation, id), |tx, (seller, id)| {
            Box::pin(async move {
                products::find_of(tx, seller, id).await?.ok_or(AppError::NotFound("product"))?;
                let row = debug_reports::of_draft(tx, id).await?;
                Ok(row.ok_or(AppError::NotFound("debug_report"))?.content)
            })
        })
        .await
}

/// The file that a submission carries, byte for byte.
pub async fn release_report_file(app: &App, actor: &Actor, id: ReleaseApplicationId) -> Result<Vec<u8>, AppError> {
    actor.require(Permission::SeeOperations)?;
    app.store
        .read::<_, _, AppError, _>(id, |tx, id| {
            Box::pin(async move {
                let row = debug_reports::of_release(tx, id).await?;
                Ok(row.ok_or(AppError::NotFound("debug_report"))?.content)
            })
        })
        .await
}

async fn beside(
    tx: &mut Tx,
    row: ReportRow,
    address: Option<InterfaceAddressId>,
    billing: Option<BillingMode>,
) -> Result<Beside, AppError> {
    let address = match address {
        Some(address) => addresses::find_of(tx, row.seller, address).await?,
        None => None,
    };
    let address = address.map(|address| (address.url, address.protocol));
    let key = key_use(tx, &row.key_fingerprint, row.seller).await?;
    Ok(Beside { row, address, billing, key })
}

async fn key_use(tx: &mut Tx, fingerprint: &str, seller: OrganisationId) -> Result<KeyUse, AppError> {
    let (own, other_sellers) = debug_reports::signed_with(tx, fingerprint, seller).await?;
    Ok(KeyUse { own, other_sellers })
}

fn shown(app: &App, beside: Beside) -> AttachedReport {
    let Beside { row, address, billing, key } = beside;
    let reading = app.reports.read(&row.content).map_err(problem).map(|mut report| {
        report.address = in_the_parsers_spelling(report.address);
        let setting = ReportSetting {
            address: address.as_ref().map(|(url, _)| url.as_str()),
            protocol: address.as_ref().map(|(_, protocol)| *protocol).unwrap_or_default(),
            billing,
            now: app.now(),
            fresh_days: app.settings.catalog.report_fresh_days,
        };
        ReportReading { concerns: report.concerns(&setting), report, key }
    });
    AttachedReport { id: row.id, uploaded_at: row.uploaded_at, bytes: row.content.len(), reading }
}

/// As interface addresses are kept, so that two spellings of one address are one.
fn in_the_parsers_spelling(address: String) -> String {
    let Ok(mut url) = url::Url::parse(&address) else { return address };
    let host = url.host_str().and_then(|host| host.strip_suffix('.')).map(str::to_owned);
    match host.map(|host| url.set_host(Some(&host))) {
        Some(Err(_)) => address,
        Some(Ok(())) | None => url.into(),
    }
}

/// What the prices typed so far ask for.
fn billing_of_draft(product: &Product) -> Option<BillingMode> {
    let typed = |field: SpecificationField| {
        product.draft.specifications.iter().any(|specification| !specification.get(field).trim().is_empty())
    };
    if typed(SpecificationField::Month) || typed(SpecificationField::Year) {
        return Some(BillingMode::Period);
    }
    typed(SpecificationField::Once).then_some(BillingMode::OneTime)
}
