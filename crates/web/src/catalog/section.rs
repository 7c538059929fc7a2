//! `/seller/products/{id}/{section}`: one section of the release form. Every field is saved as it is typed; the form also
//! works without a script. What is wrong is said beside the field by the same checklist that submission asks.

use app::catalog::{self, AddressChoice, DraftView, Saved, show_draft};
use app::{App, AppError};
use askama::Template;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use domain::catalog::{
    Category, Field as DraftField, PersonalField, Section, SpecificationDraft, SpecificationField, Supervision,
    Visibility,
};
use domain::identity::Permission;
use domain::ids::{ProductId, SpecificationId};
use domain::outcome::{FieldProblem, Problems};
use domain::selling::{Activity, BillingMode, required_activities};
use http_kit::{At, Failure, ProblemView, SignedIn, Visit};
use language::Words;

use super::{Pairs, draft, labels, with_said};
use crate::form::{Choice, Field, Form, Hidden, Summary};
use crate::frame::PageFrame;
use crate::parts::{Checks, Notice, Tone};
use crate::render;

/// `GET /seller/products/{id}/{section}`.
#[derive(Clone, Debug, Template)]
#[template(path = "catalog/section.html")]
pub struct SectionPage {
    /// Around it.
    pub page: PageFrame,
    /// The product's id.
    pub id: String,
    /// Which section.
    pub section: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What was typed and is wrong.
    pub summary: Summary,
    /// Saved by somebody else in the meantime.
    pub conflict: Option<Notice>,
    /// What cannot be changed here, and why.
    pub locked: Option<Notice>,
    /// The fields.
    pub fields: Vec<Field>,
    /// The version that is shown.
    pub version: Hidden,
    /// The picture, in the section that has it.
    pub logo: Option<LogoArea>,
    /// The specifications, in the section that has them.
    pub specifications: Option<Vec<SpecificationArea>>,
    /// What is met and what is missing here.
    pub checks: Checks,
    /// When it was saved.
    pub saved: String,
    /// Whether anything may be changed now.
    pub editable: bool,
}

/// The product's picture.
#[derive(Clone, Debug)]
pub struct LogoArea {
    /// Its address, when there is one.
    pub now: Option<String>,
    /// The field.
    pub field: Field,
}

/// One specification with its own form.
#[derive(Clone, Debug)]
pub struct SpecificationArea {
    /// The id.
    pub id: String,
    /// Its place and name.
    pub title: String,
    /// The fields.
    pub fields: Vec<Field>,
    /// The version that is shown.
    pub version: Hidden,
}

/// What came back with problems: of the section, or of one specification.
struct Refused {
    part: String,
    pairs: Pairs,
    problems: Problems,
    conflict: bool,
}

const PREFIXES: [&str; 12] = ["s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "s12"];

impl SectionPage {
    fn new(page: PageFrame, view: &DraftView, section: Section, refused: Option<&Refused>) -> SectionPage {
        let words = page.words;
        let product = &view.product;
        let (title, _) = labels::section(words, section);
        let form = section_form(words, view, section, refused);
        let editable = product.require_editable().is_ok() && !pending(view);
        let conflict = refused.is_some_and(|refused| refused.conflict);
        let specifications = (section == Section::Specifications).then(|| {
            let drafts = product.draft.specifications.iter().zip(PREFIXES).enumerate();
            drafts.map(|(index, (draft, prefix))| specification(words, view, (index, draft, prefix), refused)).collect()
        });
        let fixed = product.release.is_some() && matches!(section, Section::Delivery | Section::Specifications);
        let fixes = matches!(section, Section::Delivery | Section::Specifications) || fixed;
        SectionPage {
            summary: form.summary(),
            conflict: conflict
                .then(|| Notice::new(Tone::Warn, words.catalog_conflict_title()).detail(words.catalog_conflict_text())),
            locked: fixes
                .then(|| Notice::new(Tone::New, words.catalog_fixed_title()).detail(words.catalog_fixed_text())),
            fields: fields(words, view, section, &form),
            version: form.hidden("version", product.draft.version_of(section.code())),
            logo: (section == Section::Basics).then(|| LogoArea {
                now: view.logo_hash.as_deref().map(|hash| crate::storefront::logo_url(Some(hash), product.id)),
                field: form
                    .file("logo", words.catalog_field_logo(), "image/png,image/jpeg,image/webp")
                    .hint(words.catalog_field_logo_hint()),
            }),
            specifications,
            checks: draft::checks(words, view, Some(section)),
            saved: words.catalog_draft_saved(words.time_of_day(product.draft_saved_at)),
            editable,
            id: product.id.to_string(),
            section: section.code(),
            title,
            page: page
                .below(words.catalog_products_title(), "/seller/products")
                .below(labels::name(words, product), format!("/seller/products/{}", product.id))
                .titled(title)
                .with_form(&form),
        }
    }
}

fn pending(view: &DraftView) -> bool {
    let state = view.application.as_ref().map(|application| &application.state);
    matches!(state, Some(domain::catalog::ApplicationState::Pending { .. }))
}

/// The problems of a section's own fields: those of the checklist where something was typed, or those of what was sent.
fn section_form(words: &'static Words, view: &DraftView, section: Section, refused: Option<&Refused>) -> Form {
    if let Some(refused) = refused.filter(|refused| refused.part == section.code()) {
        return Form::typed(words, refused.pairs.clone()).with_problems(&refused.problems);
    }
    let draft = &view.product.draft;
    let mut pairs: Pairs = Vec::new();
    for field in DraftField::ALL.iter().filter(|field| field.section() == section) {
        match field {
            DraftField::HandedOver => {
                let chosen = draft.get(*field).split([',', ' ']).filter(|word| !word.is_empty());
                pairs.extend(chosen.map(|word| (field.code().to_owned(), word.to_owned())));
            }
            _ => pairs.push((field.code().to_owned(), draft.get(*field).to_owned())),
        }
    }
    let mut problems = Problems::new();
    let unmet = view.checklist.unmet().filter(|(requirement, _)| requirement.section == section);
    for (requirement, problem) in unmet {
        let own = !requirement.field.contains('.') && requirement.field == problem.field;
        if own && draft.touched(section) && !problem.code.starts_with("required") {
            problems.add(problem.clone());
        }
    }
    Form::typed(words, pairs).with_problems(&problems)
}

fn fields(words: &'static Words, view: &DraftView, section: Section, form: &Form) -> Vec<Field> {
    let label = |field: DraftField| labels::field(words, field.code());
    let text = |field: DraftField| form.text(field.code(), label(field));
    let area = |field: DraftField, rows| form.area(field.code(), label(field), rows);
    use DraftField as F;
    match section {
        Section::Basics => {
            let categories: Vec<Choice> = std::iter::once(Choice::new("", words.common_choose()))
                .chain(Category::ALL.iter().map(|one| Choice::new(one.code(), one.name(words.language()))))
                .collect();
            vec![
                text(F::NameEn).hint(words.catalog_field_name_hint()),
                text(F::NameZh),
                text(F::Version).short().hint(words.catalog_field_version_hint()),
                form.select(F::Category.code(), label(F::Category), &categories).medium(),
                area(F::OverviewEn, 2).hint(words.catalog_field_overview_hint()),
                area(F::OverviewZh, 2),
                area(F::HighlightsEn, 4).hint(words.catalog_field_highlights_hint()),
                area(F::HighlightsZh, 4),
            ]
        }
        Section::Details => vec![
            area(F::DescriptionEn, 12).hint(words.catalog_field_description_hint()),
            area(F::DescriptionZh, 12),
            area(F::GuideEn, 6).hint(words.catalog_field_guide_hint()),
            area(F::GuideZh, 6),
        ],
        Section::Delivery => delivery_fields(words, view, form),
        Section::Specifications => Vec::new(),
        Section::Agreement => vec![
            area(F::AgreementEn, 8).hint(words.catalog_field_agreement_hint()),
            area(F::AgreementZh, 8),
            text(F::SupportEmail).email().medium(),
            text(F::SupportPhone).phone(),
            text(F::SupportHoursEn).hint(words.catalog_field_support_hours_hint()),
            text(F::SupportHoursZh),
        ],
        Section::Visibility => {
            let choices = [
                Choice::new(Visibility::Public.code(), words.catalog_field_visibility_public())
                    .with_note(words.catalog_field_visibility_public_note()),
                Choice::new(Visibility::Hidden.code(), words.catalog_field_visibility_hidden())
                    .with_note(words.catalog_field_visibility_hidden_note()),
            ];
            vec![
                form.cards(F::Visibility.code(), label(F::Visibility), &choices),
                text(F::SearchTitle).optional(),
                area(F::SearchDescription, 2).optional(),
            ]
        }
    }
}

fn delivery_fields(words: &'static Words, view: &DraftView, form: &Form) -> Vec<Field> {
    use DraftField as F;
    let label = |field: F| labels::field(words, field.code());
    let supervision = [
        Choice::new(Supervision::None.code(), words.catalog_field_supervision_none())
            .with_note(words.catalog_field_supervision_none_note()),
        Choice::new(Supervision::Supervised.code(), words.catalog_field_supervision_supervised())
            .with_note(words.catalog_field_supervision_supervised_note()),
    ];
    let address = |one: &AddressChoice| {
        let needed = required_activities(one.protocol, BillingMode::Period);
        let is_saved = |activity: &&Activity| one.saved_activities.iter().any(|saved| saved == activity.code());
        let saved = needed.iter().filter(is_saved).count();
        let note = words.catalog_field_interface_address_note(saved, needed.len());
        let spoken = words.selling_protocol_name(one.protocol.name());
        Choice::new(one.id, &one.url).with_note(words.common_pair(spoken, note))
    };
    let addresses: Vec<Choice> = view.addresses.iter().map(address).collect();
    let personal = [
        Choice::new(PersonalField::Email.code(), words.catalog_personal_email()),
        Choice::new(PersonalField::UserName.code(), words.catalog_personal_user_name()),
    ];
    let mut fields = vec![form.cards(F::Supervision.code(), label(F::Supervision), &supervision).locked()];
    if !addresses.is_empty() {
        fields.push(form.cards(F::InterfaceAddress.code(), label(F::InterfaceAddress), &addresses));
    }
    let handed_over = form.checkboxes(F::HandedOver.code(), label(F::HandedOver), &personal);
    fields.push(handed_over.hint(words.catalog_field_handed_over_hint()).optional());
    fields
}

fn specification(
    words: &'static Words,
    view: &DraftView,
    (index, draft, prefix): (usize, &SpecificationDraft, &'static str),
    refused: Option<&Refused>,
) -> SpecificationArea {
    use SpecificationField as F;
    let part = draft.id.to_string();
    let form = match refused.filter(|refused| refused.part == part) {
        Some(refused) => Form::typed(words, refused.pairs.clone()).with_problems(&refused.problems),
        None => {
            let pairs = F::ALL.iter().map(|field| (field.code().to_owned(), draft.get(*field).to_owned()));
            let wrong = specification_problems(view, draft);
            Form::typed(words, pairs).with_problems(&wrong)
        }
    };
    let form = form.prefixed(prefix);
    let form = if form.value(F::Visibility.code()).is_empty() {
        form.with(F::Visibility.code(), Visibility::Public.code())
    } else {
        form
    };
    let currency = view.currency.code();
    let label = |field: F| labels::field(words, &format!("specifications.{part}.{}", field.code()));
    let text = |field: F| form.text(field.code(), label(field));
    let money = |field: F| form.money(field.code(), label(field), currency).optional();
    let visibility = [
        Choice::new(Visibility::Public.code(), words.catalog_specification_visibility_public()),
        Choice::new(Visibility::Hidden.code(), words.catalog_specification_visibility_hidden()),
    ];
    let name = draft.get(F::NameEn).trim();
    let title = words.catalog_specification_title(index + 1);
    SpecificationArea {
        title: if name.is_empty() { title } else { format!("{title}: {name}") },
        version: form.hidden("version", view.product.draft.version_of(&part)),
        fields: vec![
            text(F::NameEn).medium(),
            text(F::NameZh).medium(),
            text(F::SummaryEn).optional(),
            text(F::SummaryZh).optional(),
            text(F::UnitEn).medium().optional().hint(words.catalog_specification_unit_hint()),
            text(F::UnitZh).medium().optional(),
            money(F::Month).hint(words.catalog_specification_price_hint()),
            money(F::Year),
            money(F::Once),
            form.number(F::TrialDays.code(), label(F::TrialDays))
                .unit(words.catalog_specification_days())
                .locked()
                .optional()
                .hint(words.catalog_specification_trial_days_hint()),
            form.radios(F::Visibility.code(), label(F::Visibility), &visibility),
        ],
        id: part,
    }
}

/// What the checklist says of one specification, by plain field names.
fn specification_problems(view: &DraftView, draft: &SpecificationDraft) -> Problems {
    let mut problems = Problems::new();
    let prefix = format!("specifications.{}.", draft.id);
    if draft.fields.is_empty() {
        return problems;
    }
    for (_, problem) in view.checklist.unmet() {
        if let Some(field) = problem.field.strip_prefix(&prefix) {
            problems.add(FieldProblem { field: field.to_owned().into(), ..problem.clone() });
        }
    }
    problems
}

pub(super) async fn show(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    At((product, section)): At<(ProductId, Section)>,
) -> Result<Response, Failure> {
    let view = show_draft(&app, &actor, product).await?;
    let mut page = SectionPage::new(with_said(PageFrame::of(&visit)), &view, section, None);
    page.editable &= actor.may(Permission::ManageProducts);
    Ok(render::page(&page))
}

/// The fields of a section as they were sent. What is not sent is not touched, but for check boxes, which are not sent
/// when none is chosen.
fn inputs(section: Section, pairs: &Pairs) -> (Vec<(DraftField, String)>, Option<i64>) {
    let mut inputs: Vec<(DraftField, String)> = Vec::new();
    for field in DraftField::ALL.iter().copied().filter(|field| field.section() == section) {
        let sent: Vec<&str> =
            pairs.iter().filter(|(name, _)| name == field.code()).map(|(_, value)| value.as_str()).collect();
        if field == DraftField::HandedOver {
            inputs.push((field, sent.join(",")));
        } else if let Some(value) = sent.first() {
            inputs.push((field, (*value).to_owned()));
        }
    }
    (inputs, version(pairs))
}

fn specification_inputs(pairs: &Pairs) -> Vec<(SpecificationField, String)> {
    let known = |(name, value): &(String, String)| name.parse().ok().map(|field| (field, value.clone()));
    pairs.iter().filter_map(known).collect()
}

fn version(pairs: &Pairs) -> Option<i64> {
    pairs.iter().find(|(name, _)| name == "version").and_then(|(_, value)| value.parse().ok())
}

pub(super) async fn save(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    At((product, section)): At<(ProductId, Section)>,
    axum::Form(pairs): axum::Form<Pairs>,
) -> Result<Response, Failure> {
    let (typed, seen) = inputs(section, &pairs);
    let saved = catalog::save_section(&app, &actor, product, section, typed, seen).await;
    let to = format!("/seller/products/{product}?said=saved");
    answer(&app, &actor, visit, product, section, (section.code().to_owned(), pairs), saved.map(|_| to)).await
}

/// Goes on, or shows the section again with what was typed.
async fn answer(
    app: &App,
    actor: &domain::identity::Actor,
    visit: Visit,
    product: ProductId,
    section: Section,
    (part, pairs): (String, Pairs),
    done: Result<String, AppError>,
) -> Result<Response, Failure> {
    let (status, problems, conflict) = match done {
        Ok(to) => return Ok(render::see_other(&to)),
        Err(AppError::Invalid(problems)) => (StatusCode::UNPROCESSABLE_ENTITY, problems, false),
        Err(AppError::Refused(refusal)) if refusal.code == "draft_changed_elsewhere" => {
            (StatusCode::CONFLICT, Problems::new(), true)
        }
        Err(error) => return Err(error.into()),
    };
    let view = show_draft(app, actor, product).await?;
    let refused = Refused { part, pairs, problems, conflict };
    Ok(render::page_with(status, &SectionPage::new(PageFrame::of(&visit), &view, section, Some(&refused))))
}

/// What an autosave answers: a sentence, and the version for the next one.
fn autosaved(visit: &Visit, saved: Result<Saved, AppError>) -> Result<Response, Failure> {
    let words = Words::of(visit.language);
    match saved {
        Ok(saved) => {
            let mut response = words.common_saved_at(words.time_of_day(saved.at)).into_response();
            if let Ok(version) = HeaderValue::from_str(&saved.version.to_string()) {
                response.headers_mut().insert(HeaderName::from_static("draft-version"), version);
            }
            Ok(response)
        }
        Err(error @ (AppError::Invalid(_) | AppError::Refused(_))) => {
            let problem = ProblemView::of(&error, words);
            let sentence = problem.fields.first().map_or(problem.detail, |field| field.sentence.clone());
            // Plain text with an error status is drawn as a page by http-kit; this one is for the script.
            let mut response = (problem.status, sentence).into_response();
            let kind = HeaderValue::from_static("text/x-autosave; charset=utf-8");
            response.headers_mut().insert(axum::http::header::CONTENT_TYPE, kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn autosave(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    At((product, section)): At<(ProductId, Section)>,
    axum::Form(pairs): axum::Form<Pairs>,
) -> Result<Response, Failure> {
    let (typed, seen) = inputs(section, &pairs);
    autosaved(&visit, catalog::save_section(&app, &actor, product, section, typed, seen).await)
}

pub(super) async fn logo(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    At(product): At<ProductId>,
    parts: Result<Multipart, MultipartRejection>,
) -> Result<Response, Failure> {
    let view = show_draft(&app, &actor, product).await?;
    let unreadable = |_| AppError::rule("unreadable_request");
    let mut parts = parts.map_err(|_| AppError::rule("media_type"))?;
    let mut bytes = Vec::new();
    while let Some(part) = parts.next_field().await.map_err(unreadable)? {
        if part.name() == Some("logo") {
            bytes = part.bytes().await.map_err(unreadable)?.to_vec();
        }
    }
    let saved = catalog::upload_logo(&app, &actor, product, bytes).await;
    let to = format!("/seller/products/{product}/basics?said=saved");
    // The other fields come back as they are kept.
    let pairs =
        DraftField::ALL.iter().map(|field| (field.code().to_owned(), view.product.draft.get(*field).to_owned()));
    let part = (Section::Basics.code().to_owned(), pairs.collect());
    answer(&app, &actor, visit, product, Section::Basics, part, saved.map(|_| to)).await
}

pub(super) async fn remove_logo(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(product): At<ProductId>,
) -> Result<Response, Failure> {
    catalog::remove_logo(&app, &actor, product).await?;
    Ok(render::see_other(&format!("/seller/products/{product}/basics?said=saved")))
}

pub(super) async fn add_specification(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(product): At<ProductId>,
) -> Result<Response, Failure> {
    catalog::add_specification(&app, &actor, product, Vec::new()).await?;
    Ok(render::see_other(&format!("/seller/products/{product}/specifications#add")))
}

pub(super) async fn save_specification(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    At((product, specification)): At<(ProductId, SpecificationId)>,
    axum::Form(pairs): axum::Form<Pairs>,
) -> Result<Response, Failure> {
    let (typed, seen) = (specification_inputs(&pairs), version(&pairs));
    let saved = catalog::save_specification(&app, &actor, product, specification, typed, seen).await;
    let to = format!("/seller/products/{product}/specifications?said=saved");
    let part = (specification.to_string(), pairs);
    answer(&app, &actor, visit, product, Section::Specifications, part, saved.map(|_| to)).await
}

pub(super) async fn autosave_specification(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    At((product, specification)): At<(ProductId, SpecificationId)>,
    axum::Form(pairs): axum::Form<Pairs>,
) -> Result<Response, Failure> {
    let (typed, seen) = (specification_inputs(&pairs), version(&pairs));
    autosaved(&visit, catalog::save_specification(&app, &actor, product, specification, typed, seen).await)
}

pub(super) async fn remove_specification(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At((product, specification)): At<(ProductId, SpecificationId)>,
) -> Result<Response, Failure> {
    catalog::remove_specification(&app, &actor, product, specification).await?;
    Ok(render::see_other(&format!("/seller/products/{product}/specifications?said=saved")))
}

#[cfg(test)]
impl crate::samples::Samples for SectionPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        let view = draft::sample_view();
        let mut samples: Vec<SectionPage> =
            Section::ALL.into_iter().map(|section| SectionPage::new(page.clone(), &view, section, None)).collect();
        let refused = Refused {
            part: "basics".to_owned(),
            pairs: vec![("name_en".to_owned(), "<script>".to_owned())],
            problems: Problems::one(FieldProblem::new("name_en", "control_characters")),
            conflict: true,
        };
        samples.push(SectionPage::new(page, &view, Section::Basics, Some(&refused)));
        samples
    }
}
