//! `/seller/products/{id}`: the task list of a release with its checklist (ux.md U-32…39), submission, and what a seller
//! may do with a product on sale.

use app::catalog::{self, AttachedReport, DraftView, ProductRow, preview_product, show_draft};
use app::{App, AppError};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::catalog::{
    ApplicationState, FreezeReason, Product, ProductState, Requirement, RequirementState, Section, Standing, Visibility,
};
use domain::identity::{Actor, Permission};
use domain::ids::{ProductId, ReleaseApplicationId};
use domain::outcome::FieldProblem;
use domain::time::Timestamp;
use http_kit::{At, Failure, SignedIn, Visit};
use language::Words;

use super::report::{Reader, ReportPart};
use super::{Pairs, labels, with_said};
use crate::form::{Field, Form, Summary};
use crate::frame::PageFrame;
use crate::parts::{Check, Checks, Notice, Status, TaskRow, Tasks, Tone, Verdict};
use crate::render;

/// `GET /seller/products/{id}`.
#[derive(Clone, Debug, Template)]
#[template(path = "catalog/draft.html")]
pub struct DraftPage {
    /// Around it.
    pub page: PageFrame,
    /// The product's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// First release or change.
    pub kind: &'static str,
    /// Where it stands.
    pub states: Vec<Status>,
    /// When it was saved.
    pub saved: String,
    /// Its picture.
    pub logo: String,
    /// What was just refused.
    pub problem: Option<Notice>,
    /// With the operator, or sent back.
    pub news: Option<Notice>,
    /// The submission that can be taken back.
    pub withdraw: Option<String>,
    /// Reasons of single fields, when it was sent back.
    pub reasons: Vec<(String, String)>,
    /// The sections.
    pub tasks: Tasks,
    /// What is met and what is missing.
    pub checks: Checks,
    /// How many are met, in words, and as numbers.
    pub met: (String, usize, usize),
    /// By when a decision is promised.
    pub due: String,
    /// What the button of submission says; nothing while it cannot be submitted.
    pub submit: Option<&'static str>,
    /// Whether a preview can be made.
    pub preview: bool,
    /// The page in the market.
    pub market: Option<String>,
    /// The specifications on sale that are found by their own link only: the name and the link.
    pub hidden_plans: Vec<(String, String)>,
    /// Hide or show: the value, the button, what follows.
    pub visibility: Option<(&'static str, &'static str, &'static str)>,
    /// Ends or deletes: where it goes, the button, what follows.
    pub end: Option<(String, &'static str, &'static str)>,
    /// The debugging report beside it.
    pub report: ReportArea,
}

/// The report and what may be done with it.
#[derive(Clone, Debug, Default)]
pub struct ReportArea {
    /// The report.
    pub now: Option<ReportPart>,
    /// Where another is chosen; nothing while nothing may be changed.
    pub choose: Option<Field>,
    /// What is wrong with the one that was just chosen.
    pub summary: Option<Summary>,
}

/// The link of a requirement to its field.
fn link(product: &Product, requirement: &Requirement) -> String {
    let section = format!("/seller/products/{}/{}", product.id, requirement.section.code());
    let field = requirement.field.as_ref();
    if field.starts_with("case.") {
        return "/seller/debugger".to_owned();
    }
    if field == "domain" {
        return format!(
            "/seller/addresses/{}#domain",
            product.draft.get(domain::catalog::Field::InterfaceAddress).trim()
        );
    }
    match field.strip_prefix("specifications.").and_then(|rest| rest.split_once('.')) {
        Some((wanted, name)) => {
            let place = product.draft.specifications.iter().position(|one| one.id.to_string() == wanted).unwrap_or(0);
            format!("{section}#s{}-{name}", place + 1)
        }
        None => format!("{section}#{field}"),
    }
}

pub(super) fn checks(words: &'static Words, view: &DraftView, only: Option<Section>) -> Checks {
    let wanted = view.checklist.requirements.iter().filter(|one| only.is_none_or(|section| one.section == section));
    let check = |requirement: &Requirement| {
        let label = label(words, &view.product, requirement);
        let href = link(&view.product, requirement);
        match &requirement.state {
            RequirementState::Met => Check::new(Verdict::Pass, label),
            RequirementState::NotMet(problem) => {
                Check::new(Verdict::Fail, words.field_problem(problem)).link(label, href)
            }
            RequirementState::Advice(problem) => {
                Check::new(Verdict::Warn, words.field_problem(problem)).link(label, href)
            }
        }
    };
    Checks::new(words, wanted.map(check).collect())
}

/// A field's name; of a specification with the specification's place.
fn label(words: &'static Words, product: &Product, requirement: &Requirement) -> String {
    let field = requirement.field.as_ref();
    let name = labels::field(words, field);
    let wanted = field.strip_prefix("specifications.").and_then(|rest| rest.split_once('.'));
    let place =
        wanted.and_then(|(wanted, _)| product.draft.specifications.iter().position(|one| one.id.to_string() == wanted));
    match place {
        Some(place) => format!("{}: {name}", words.catalog_specification_title(place + 1)),
        None => name,
    }
}

fn tasks(words: &'static Words, view: &DraftView) -> Tasks {
    let row = |section: Section| {
        let (title, note) = labels::section(words, section);
        let missing = view.checklist.unmet().filter(|(one, _)| one.section == section).count();
        let status = match view.checklist.standing(&view.product.draft, section) {
            Standing::NotStarted => Status::plain(words.common_status_not_started()),
            Standing::InProgress => Status::info(words.common_status_in_progress()),
            Standing::HasError => Status::bad(words.common_status_has_error()),
            Standing::Done => Status::good(words.common_status_done()),
        };
        TaskRow {
            title: title.to_owned(),
            href: format!("/seller/products/{}/{}", view.product.id, section.code()),
            fact: if missing == 0 { note.to_owned() } else { words.catalog_section_missing(missing) },
            status,
        }
    };
    Tasks { rows: Section::ALL.into_iter().map(row).collect() }
}

impl DraftPage {
    pub(super) fn new(page: PageFrame, view: &DraftView, now: Timestamp, review_days: u32) -> DraftPage {
        let words = page.words;
        let product = &view.product;
        let name = labels::name(words, product);
        let row = ProductRow { product: product.clone(), application: view.application.clone() };
        let application = view.application.as_ref();
        let pending = application.filter(|one| matches!(one.state, ApplicationState::Pending { .. }));
        let (news, reasons) = news(words, application.map(|one| (&one.state, one.submitted_at, one.due_at)));
        let news = stopped(words, product).or(news);
        let editable = product.require_editable().is_ok() && pending.is_none();
        let listed = product.release.is_some();
        let (met, all) = view.checklist.met();
        let base = format!("/seller/products/{}", product.id);
        DraftPage {
            kind: if listed { words.catalog_draft_kind_modify() } else { words.catalog_draft_kind_release() },
            states: labels::state(words, &row),
            saved: words.catalog_draft_saved(words.time_of_day(product.draft_saved_at)),
            logo: crate::storefront::logo_url(view.logo_hash.as_deref(), product.id),
            problem: None,
            news,
            withdraw: pending.map(|one| format!("/seller/releases/{}/withdraw", one.id)),
            reasons,
            tasks: tasks(words, view),
            checks: checks(words, view, None),
            met: (words.catalog_ready_count(met, all), met, all),
            due: words.catalog_ready_due(
                words.date_with_weekday(domain::time::after_working_days(now, review_days)),
                review_days,
            ),
            submit: editable.then(|| if listed { words.catalog_submit_changes() } else { words.catalog_submit() }),
            preview: view.checklist.release.is_some(),
            market: product.slug.as_ref().filter(|_| product.state.reachable()).map(|slug| format!("/products/{slug}")),
            hidden_plans: hidden_plans(words, product),
            visibility: match product.state {
                ProductState::Listed { visibility: Visibility::Public, .. } => {
                    Some((Visibility::Hidden.code(), words.catalog_hide(), words.catalog_hide_note()))
                }
                ProductState::Listed { visibility: Visibility::Hidden, .. } => {
                    Some((Visibility::Public.code(), words.catalog_show(), words.catalog_show_note()))
                }
                ProductState::Draft
                | ProductState::InReview
                | ProductState::Frozen { .. }
                | ProductState::Discontinued { .. } => None,
            },
            end: end(words, product, &base, editable),
            report: ReportArea::default(),
            id: product.id.to_string(),
            page: page.below(words.catalog_products_title(), "/seller/products").titled(&name),
            name,
        }
    }
}

impl DraftPage {
    /// Without anything to press: for who may look and not change.
    fn without_buttons(self) -> DraftPage {
        let report = ReportArea { choose: None, ..self.report };
        DraftPage { withdraw: None, submit: None, visibility: None, end: None, report, ..self }
    }

    /// With the report beside the draft, and what was just refused about another.
    pub(super) fn with_report(
        self,
        view: &DraftView,
        attached: Option<&AttachedReport>,
        form: Form,
        now: Timestamp,
    ) -> DraftPage {
        let words = self.page.words;
        let pending = matches!(&view.application, Some(one) if matches!(one.state, ApplicationState::Pending { .. }));
        let changes = view.product.require_editable().is_ok() && !pending;
        let choose = changes.then(|| {
            let most = words.size(u64::try_from(catalog::MOST_REPORT_BYTES).unwrap_or(u64::MAX));
            let field = form.file("report", words.report_field(), "application/json,.json");
            field.hint(words.report_field_hint(most))
        });
        let report = ReportArea {
            now: attached.map(|one| ReportPart::new(words, one, Reader::Seller(view.product.id), now)),
            choose,
            summary: Some(form.summary()),
        };
        DraftPage { report, page: self.page.with_form(&form), ..self }
    }
}

/// What became of the newest submission, and reasons of single fields.
fn news(
    words: &'static Words,
    application: Option<(&ApplicationState, Timestamp, Timestamp)>,
) -> (Option<Notice>, Vec<(String, String)>) {
    match application {
        Some((ApplicationState::Pending { .. }, submitted, due)) => {
            let text = words.catalog_pending_text(words.date_time(submitted), words.date_with_weekday(due));
            (Some(Notice::new(Tone::Info, words.catalog_pending_title()).detail(text)), Vec::new())
        }
        Some((ApplicationState::Rejected { reason, fields, .. }, _, _)) => {
            let reasons = fields.iter().map(|one| (labels::field(words, &one.field), one.reason.clone())).collect();
            (Some(Notice::new(Tone::Bad, words.catalog_rejected_title()).detail(reason)), reasons)
        }
        Some((ApplicationState::Withdrawn { .. } | ApplicationState::Approved { .. }, _, _)) | None => {
            (None, Vec::new())
        }
    }
}

/// Specifications that only their own link shows (functions.md 3.8), while the product is on sale.
fn hidden_plans(words: &'static Words, product: &Product) -> Vec<(String, String)> {
    let release = product.release.as_ref().filter(|_| product.state.reachable());
    let (Some(release), Some(slug)) = (release, &product.slug) else { return Vec::new() };
    let hidden = release.specifications.iter().filter(|one| one.visibility == Visibility::Hidden);
    let link = |id| format!("/products/{slug}?specification={id}");
    hidden.map(|one| (one.name.say(words.language()).to_owned(), link(one.id))).collect()
}

/// Why trade is stopped.
fn stopped(words: &'static Words, product: &Product) -> Option<Notice> {
    let ProductState::Frozen { because, .. } = product.state else { return None };
    Some(match because {
        FreezeReason::DialTests => {
            let notice = Notice::new(Tone::Bad, words.dial_stopped_product()).detail(words.dial_stopped_detail());
            match product.release.as_ref().and_then(|release| release.interface_address) {
                Some(address) => notice.link(words.dial_see_tests(), format!("/seller/addresses/{address}#dial-tests")),
                None => notice,
            }
        }
        FreezeReason::Operator => {
            Notice::new(Tone::Bad, words.dial_stopped_operator()).detail(words.dial_stopped_operator_detail())
        }
    })
}

fn end(
    words: &'static Words,
    product: &Product,
    base: &str,
    editable: bool,
) -> Option<(String, &'static str, &'static str)> {
    match product.state {
        ProductState::Draft if editable => {
            Some((format!("{base}/delete"), words.catalog_delete(), words.catalog_delete_note()))
        }
        ProductState::Listed { .. } | ProductState::Frozen { .. } => {
            Some((format!("{base}/discontinue"), words.catalog_discontinue(), words.catalog_discontinue_note()))
        }
        ProductState::Draft | ProductState::InReview | ProductState::Discontinued { .. } => None,
    }
}

/// The page with the report, as this person may see it. `form` says what was wrong with a report just chosen.
pub(super) async fn page(
    app: &App,
    actor: &Actor,
    visit: &Visit,
    product: ProductId,
    form: Form,
) -> Result<DraftPage, Failure> {
    let view = show_draft(app, actor, product).await?;
    let report = catalog::draft_report(app, actor, product).await?;
    let (now, days) = (app.now(), app.settings.catalog.review_working_days);
    let page = DraftPage::new(with_said(PageFrame::of(visit)), &view, now, days);
    let page = page.with_report(&view, report.as_ref(), form, now);
    Ok(if actor.may(Permission::ManageProducts) { page } else { page.without_buttons() })
}

pub(super) async fn show(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    At(product): At<ProductId>,
) -> Result<Response, Failure> {
    let form = Form::new(Words::of(visit.language));
    Ok(render::page(&page(&app, &actor, &visit, product, form).await?))
}

pub(super) async fn preview(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    At(product): At<ProductId>,
) -> Result<Response, Failure> {
    let view = match preview_product(&app, &actor, product, visit.language).await {
        Ok(view) => app::catalog::ProductView { slug: None, ..view },
        // Not complete yet: the task list says what is missing.
        Err(AppError::Invalid(_)) => return Ok(render::see_other(&format!("/seller/products/{product}#checklist"))),
        Err(error) => return Err(error.into()),
    };
    let page = crate::storefront::page_of(&app, PageFrame::of(&visit), &view, "").await?;
    Ok(render::page(&page))
}

pub(super) async fn submit(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    At(product): At<ProductId>,
) -> Result<Response, Failure> {
    let words = Words::of(visit.language);
    let refused = match catalog::submit_release(&app, &actor, product).await {
        Ok(_) => return Ok(render::see_other(&format!("/seller/products/{product}"))),
        Err(AppError::Refused(refusal)) => (StatusCode::CONFLICT, words.refusal(&refusal)),
        Err(AppError::Invalid(_)) => (StatusCode::UNPROCESSABLE_ENTITY, words.problem_invalid().to_owned()),
        Err(error) => return Err(error.into()),
    };
    let mut page = page(&app, &actor, &visit, product, Form::new(words)).await?;
    page.problem = Some(Notice::new(Tone::Bad, refused.1));
    page.page.wrong = true;
    Ok(render::page_with(refused.0, &page))
}

pub(super) async fn withdraw(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(release): At<ReleaseApplicationId>,
) -> Result<Response, Failure> {
    catalog::withdraw_release(&app, &actor, release).await?;
    let view = catalog::show_release(&app, &actor, release).await?;
    Ok(render::see_other(&format!("/seller/products/{}?said=withdrawn", view.product.id)))
}

pub(super) async fn delete(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(product): At<ProductId>,
) -> Result<Response, Failure> {
    catalog::delete_draft(&app, &actor, product).await?;
    Ok(render::see_other("/seller/products?said=deleted"))
}

pub(super) async fn visibility(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(product): At<ProductId>,
    axum::Form(pairs): axum::Form<Pairs>,
) -> Result<Response, Failure> {
    let wanted = pairs.iter().find(|(name, _)| name == "visibility").and_then(|(_, value)| value.parse().ok());
    let wrong = || AppError::field(FieldProblem::new("visibility", "not_in_list"));
    catalog::set_product_visibility(&app, &actor, product, wanted.ok_or_else(wrong)?).await?;
    Ok(render::see_other(&format!("/seller/products/{product}?said=changed")))
}

pub(super) async fn discontinue(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(product): At<ProductId>,
) -> Result<Response, Failure> {
    catalog::discontinue_product(&app, &actor, product).await?;
    Ok(render::see_other(&format!("/seller/products/{product}?said=changed")))
}

/// A draft for samples.
#[cfg(test)]
pub(super) fn sample_view() -> DraftView {
    use domain::catalog::{DeliveryMethod, Facts, Field, SpecificationDraft, SpecificationField, check};
    use domain::ids::{Id as _, InterfaceAddressId, OrganisationId, SpecificationId};
    use domain::money::Currency;

    let mut product = Product::begin(
        ProductId::from_u128(1),
        OrganisationId::from_u128(2),
        DeliveryMethod::Saas,
        Timestamp::UNIX_EPOCH,
    );
    for (field, text) in
        [(Field::NameEn, "Granary <script>"), (Field::Version, "v1"), (Field::GuideEn, "<b>Open</b> it.")]
    {
        product.draft.set(field.section(), &[(field, text.to_owned())]).expect("a draft may be wrong");
    }
    let mut specification = SpecificationDraft::new(SpecificationId::from_u128(3));
    specification.set(SpecificationField::TrialDays, "2").expect("a draft may be wrong");
    product.draft.specifications.push(specification);
    let facts = Facts { delivery: DeliveryMethod::Saas, currency: Currency::USD, addresses: &[], live: None };
    let checklist = check(&product.draft, facts);
    let address = catalog::AddressChoice {
        id: InterfaceAddressId::from_u128(7),
        url: "https://granary.example/produce?<script>".to_owned(),
        protocol: domain::selling::ProtocolVersion::V2,
        saved_activities: vec!["newInstance".to_owned()],
        domain_proven: false,
    };
    DraftView {
        product,
        checklist,
        application: None,
        addresses: vec![address],
        logo_hash: None,
        currency: Currency::USD,
    }
}

#[cfg(test)]
impl crate::samples::Samples for DraftPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        use domain::outcome::Problems;
        let view = sample_view();
        let draft = DraftPage::new(page.clone(), &view, Timestamp::UNIX_EPOCH, 3);
        let empty = draft.clone().with_report(&view, None, Form::new(page.words), Timestamp::UNIX_EPOCH);
        let wrong = Problems::one(FieldProblem::new("report", "report_changed"));
        let form = Form::new(page.words).with_problems(&wrong);
        let report = super::report::sample();
        let reported = draft.clone().with_report(&view, Some(&report), form, Timestamp::UNIX_EPOCH);
        let mut refused = draft.clone();
        refused.problem = Some(Notice::new(Tone::Bad, "Not submitted: <script>"));
        let mut listed = view;
        listed.product.slug = Some("granary".to_owned());
        listed.product.release = Some(crate::storefront_samples::release());
        listed.product.state =
            ProductState::Listed { listed_at: Timestamp::UNIX_EPOCH, visibility: Visibility::Public };
        listed.application = Some(super::review::sample_application());
        let mut stopped = listed.clone();
        stopped.product.state = ProductState::Frozen {
            listed_at: Timestamp::UNIX_EPOCH,
            visibility: Visibility::Public,
            frozen_at: Timestamp::UNIX_EPOCH,
            because: FreezeReason::DialTests,
        };
        let page_of = |view: &DraftView| DraftPage::new(page.clone(), view, Timestamp::UNIX_EPOCH, 3);
        vec![draft, refused, empty, reported, page_of(&listed), page_of(&stopped)]
    }
}
