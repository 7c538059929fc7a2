//! `/operator/releases/{id}`: one submission, field by field against what is on sale, and the decision (ux.md U-46…50).

use app::catalog::{self, AttachedReport, ReviewView, show_review};
use app::{App, AppError};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
#[cfg(test)]
use domain::catalog::ReleaseApplication;
use domain::catalog::{ApplicationKind, ApplicationState, FieldDifference, PartKind, words_changed};
use domain::identity::Permission;
use domain::ids::{ProductId, ReleaseApplicationId};
use domain::money::Money;
use domain::outcome::{FieldProblem, Problems};
use http_kit::{At, Failure, SignedIn, Visit};
use language::Words;

use super::report::{Reader, ReportPart, concern_lines};
use super::{Pairs, labels, with_said};
use crate::form::{Choice, Field, Form, Summary};
use crate::frame::PageFrame;
use crate::parts::{Check, Checks, Entry, Keys, Notice, Status, Timeline, Tone, Verdict};
use crate::render;
use crate::storefront::{SafeHtml, logo_url};

/// `GET /operator/releases/{id}`.
#[derive(Clone, Debug, Template)]
#[template(path = "catalog/review.html")]
pub struct ReviewPage {
    /// Around it.
    pub page: PageFrame,
    /// The submission's id, and the product's.
    pub id: String,
    /// See `id`.
    pub product: String,
    /// Name and version.
    pub heading: String,
    /// Kind and seller.
    pub by: String,
    /// Claim, due date, decision.
    pub states: Vec<Status>,
    /// The submitted picture.
    pub logo: String,
    /// Before and after in the queue.
    pub previous: Option<String>,
    /// See `previous`.
    pub next: Option<String>,
    /// What programs found.
    pub findings: Checks,
    /// The debugging report that it carries.
    pub report: Option<ReportPart>,
    /// Whether nothing is on sale yet, so that there is nothing to compare with.
    pub first: bool,
    /// How many fields changed, in words.
    pub changed: String,
    /// The changed fields, then the others.
    pub fields: Vec<FieldView>,
    /// The description as buyers see it, by language.
    pub descriptions: Vec<(&'static str, SafeHtml)>,
    /// What is wrong with what was sent.
    pub summary: Summary,
    /// Approve or send back.
    pub decision: Field,
    /// The note.
    pub note: Field,
    /// Whether it may be decided.
    pub open: bool,
    /// Whether the person decides at all, or only looks.
    pub decides: bool,
    /// Whether it is claimed by somebody.
    pub claimed: bool,
    /// What was decided.
    pub decided: Option<Notice>,
    /// What happened before.
    pub history: Timeline,
}

/// One field, before and after.
#[derive(Clone, Debug)]
pub struct FieldView {
    /// The name of its reason's field.
    pub key: String,
    /// What it is called.
    pub label: String,
    /// How it changed.
    pub status: Status,
    /// On sale, in runs: text and whether it goes.
    pub before: Vec<(String, bool)>,
    /// Of a picture, the two: on sale, submitted.
    pub pictures: (Option<String>, Option<String>),
    /// Submitted, in runs: text and whether it is new.
    pub after: Vec<(String, bool)>,
    /// Whether it differs.
    pub changed: bool,
    /// The reason, as typed.
    pub reason: Field,
}

fn runs(difference: &FieldDifference, without: PartKind) -> Vec<(String, bool)> {
    let kept = difference.parts.iter().filter(|part| part.kind != without);
    kept.map(|part| (part.text.clone(), part.kind != PartKind::Same)).collect()
}

fn field(words: &'static Words, view: &ReviewView, difference: &FieldDifference, form: &Form) -> FieldView {
    let name = labels::field(words, &difference.field);
    let label = match &difference.of {
        Some(of) => format!("{}: {name}", of.say(words.language())),
        None => name,
    };
    let key = format!("reason.{}", difference.field);
    // What is chosen from a list has no parts: the one name goes, the other comes.
    let runs = |value: &Option<String>, without| {
        let named = value.as_deref().and_then(|text| named(words, view, &difference.field, text));
        named.map_or_else(|| runs(difference, without), |named| vec![(named, difference.changed())])
    };
    FieldView {
        status: how(words, difference),
        pictures: pictures(view, difference),
        before: runs(&difference.before, PartKind::Added),
        after: runs(&difference.after, PartKind::Removed),
        changed: difference.changed(),
        reason: form.text(&key, format!("{}: {label}", words.review_field_reason())).optional().quiet(),
        key,
        label,
    }
}

/// A value by its name instead of its code or id.
fn named(words: &'static Words, view: &ReviewView, field: &str, text: &str) -> Option<String> {
    match field {
        "logo" => Some(words.review_picture().to_owned()),
        "interface_address" => {
            view.address_urls.iter().find(|(id, _)| id.to_string() == text).map(|(_, url)| url.clone())
        }
        _ => labels::value(words, field, text),
    }
}

fn pictures(view: &ReviewView, difference: &FieldDifference) -> (Option<String>, Option<String>) {
    if difference.field != "logo" {
        return (None, None);
    }
    let (submitted, live) = (view.logos.0.as_deref(), view.logos.1.as_deref());
    let url = |hash| logo_url(Some(hash), view.application.product);
    (live.map(url), submitted.map(url))
}

/// How a field changed: prices by percent, texts by words.
fn how(words: &'static Words, difference: &FieldDifference) -> Status {
    let (before, after) = match (&difference.before, &difference.after) {
        (None, None) => return Status::plain(words.review_nothing()),
        (None, Some(_)) => return Status::info(words.review_field_added()).with_icon("plus"),
        (Some(_), None) => return Status::warn(words.review_field_removed()).with_icon("x"),
        (Some(before), Some(after)) => (before, after),
    };
    if before == after {
        return Status::plain(words.common_none());
    }
    if let (Ok(old), Ok(new)) = (before.parse::<Money>(), after.parse::<Money>())
        && old.currency() == new.currency()
        && old.minor() > 0
    {
        // Whole per mille, rounded down: enough for a reviewer, and without floats.
        let change = (i128::from(new.minor()) - i128::from(old.minor())).abs() * 1_000 / i128::from(old.minor());
        let percent = format!("{}.{}", change / 10, change % 10);
        let word = if new.minor() > old.minor() {
            words.review_field_price_up(percent)
        } else {
            words.review_field_price_down(percent)
        };
        return Status::warn(word);
    }
    Status::info(words.review_field_words(words_changed(&difference.parts))).with_icon("pencil")
}

fn findings(words: &'static Words, view: &ReviewView, report: Option<&AttachedReport>) -> Checks {
    let mut checks = match report.map(|report| concern_lines(words, report)) {
        None => vec![Check::new(Verdict::Warn, words.review_finding_report_none())],
        Some(lines) if lines.is_empty() => vec![Check::new(Verdict::Pass, words.review_finding_report_good())],
        Some(lines) => lines,
    };
    checks.extend([Check::new(Verdict::Pass, words.review_finding_cases(view.application.cases_replayed))]);
    if view.removed_markup.is_empty() {
        checks.push(Check::new(Verdict::Pass, words.review_finding_markup_none()));
    }
    for field in &view.removed_markup {
        checks.push(Check::new(Verdict::Warn, words.review_finding_markup(labels::field(words, field))));
    }
    Checks::new(words, checks)
}

fn history(words: &'static Words, view: &ReviewView) -> Timeline {
    let mut entries = Vec::new();
    for one in &view.history {
        let version = one.release.version.to_string();
        let entry = |icon, verdict, text: String, at: domain::time::Timestamp, detail: Option<String>| Entry {
            icon,
            verdict,
            text,
            detail,
            link: (one.id != view.application.id)
                .then(|| (words.common_details().to_owned(), format!("/operator/releases/{}", one.id))),
            at: at.to_string(),
            when: words.date_time(at),
        };
        match &one.state {
            ApplicationState::Pending { .. } => {}
            ApplicationState::Withdrawn { at } => {
                entries.push(entry("undo-2", None, words.review_history_withdrawn(&version), *at, None));
            }
            ApplicationState::Approved { at, .. } => {
                let text = words.review_history_approved(&version);
                entries.push(entry("circle-check", Some(Verdict::Pass), text, *at, None));
            }
            ApplicationState::Rejected { at, reason, .. } => {
                let text = words.review_history_rejected(&version);
                entries.push(entry("circle-x", Some(Verdict::Fail), text, *at, Some(reason.clone())));
            }
        }
        entries.push(entry("send", None, words.review_history_submitted(&version), one.submitted_at, None));
    }
    Timeline { entries }
}

fn states(words: &'static Words, view: &ReviewView, now: domain::time::Timestamp) -> Vec<Status> {
    let application = &view.application;
    match &application.state {
        ApplicationState::Pending { .. } => {
            let due = words.date_with_weekday(application.due_at);
            let due = if now > application.due_at {
                Status::bad(format!("{}: {due}", words.review_overdue()))
            } else {
                Status::plain(words.review_due(due)).with_icon("clock")
            };
            let claimed =
                view.claimed_by.as_ref().map(|name| Status::info(words.review_claimed_by(name)).with_icon("user"));
            claimed.into_iter().chain([due]).collect()
        }
        ApplicationState::Withdrawn { .. } => {
            vec![Status::plain(words.review_history_withdrawn(application.release.version.to_string()))]
        }
        ApplicationState::Approved { .. } => vec![Status::good(words.review_decided_title())],
        ApplicationState::Rejected { .. } => vec![Status::bad(words.catalog_state_rejected())],
    }
}

impl ReviewPage {
    /// The keys of the page (ux.md U-50).
    fn keys(&self) -> Keys {
        let words = self.page.words;
        let mut keys = vec![("j", words.keys_next()), ("k", words.keys_previous())];
        if self.open && self.decides {
            keys.extend([("a", words.review_approve()), ("r", words.review_return()), ("e", words.keys_reason())]);
        }
        Keys::new(words, keys)
    }

    fn new(
        page: PageFrame,
        (view, report): (&ReviewView, Option<&AttachedReport>),
        now: domain::time::Timestamp,
        form: &Form,
    ) -> ReviewPage {
        let words = page.words;
        let application = &view.application;
        let heading = format!("{} {}", application.release.name.say(words.language()), application.release.version);
        let mut fields: Vec<FieldView> = view.differences.iter().map(|one| field(words, view, one, form)).collect();
        let changed = fields.iter().filter(|field| field.changed).count();
        let counted = words.review_changed_count(changed, fields.len());
        fields.sort_by_key(|field| !field.changed);
        let first = matches!(application.kind, ApplicationKind::Release);
        let approve_note = match application.kind {
            ApplicationKind::Release => words.review_approve_note_release(),
            ApplicationKind::Modify => words.review_approve_note_modify(),
        };
        let choices = [
            Choice::new("approve", words.review_approve()).with_note(approve_note).with_key('a'),
            Choice::new("return", words.review_return()).with_note(words.review_return_note()).with_key('r'),
        ];
        let at = |release: &ReleaseApplicationId| format!("/operator/releases/{release}");
        ReviewPage {
            by: words.review_by(labels::kind(words, application.kind), &view.seller_name),
            states: states(words, view, now),
            logo: logo_url(view.logos.0.as_deref(), application.product),
            previous: view.previous.as_ref().map(at),
            next: view.next.as_ref().map(at),
            findings: findings(words, view, report),
            report: report.map(|report| ReportPart::new(words, report, Reader::Reviewer(application.id), now)),
            changed: if first { words.review_fields_first(changed) } else { counted },
            first,
            fields,
            descriptions: (view.descriptions.iter())
                .map(|(language, html)| (language.tag(), SafeHtml::from(html.clone())))
                .collect(),
            summary: form.summary(),
            decision: form.radios("decision", words.review_decision(), &choices).quiet(),
            note: form.area("reason", words.review_note(), 4).optional(),
            open: matches!(application.state, ApplicationState::Pending { .. }),
            decides: true,
            claimed: matches!(application.state, ApplicationState::Pending { claim: Some(_) }),
            decided: match &application.state {
                ApplicationState::Rejected { reason, .. } => {
                    Some(Notice::new(Tone::Bad, words.catalog_state_rejected()).detail(reason))
                }
                ApplicationState::Approved { .. } => Some(Notice::new(Tone::Good, words.review_approved())),
                ApplicationState::Withdrawn { .. } => Some(Notice::new(
                    Tone::Info,
                    words.review_history_withdrawn(application.release.version.to_string()),
                )),
                ApplicationState::Pending { .. } => None,
            },
            history: history(words, view),
            id: application.id.to_string(),
            product: application.product.to_string(),
            page: page.below(words.review_queue_title(), "/operator/releases").titled(&heading).with_form(form),
            heading,
        }
    }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    At(release): At<ReleaseApplicationId>,
) -> Result<Response, Failure> {
    let view = show_review(&app, &actor, release).await?;
    let report = catalog::release_report(&app, &actor, release).await?;
    let frame = with_said(PageFrame::of(&visit));
    let form = Form::new(frame.words);
    let mut page = ReviewPage::new(frame, (&view, report.as_ref()), app.now(), &form);
    page.decides = actor.may(Permission::ReviewProducts);
    page.open &= page.decides;
    Ok(render::page(&page))
}

pub(super) async fn claim(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(release): At<ReleaseApplicationId>,
) -> Result<Response, Failure> {
    catalog::claim_release(&app, &actor, release).await?;
    Ok(render::see_other(&format!("/operator/releases/{release}")))
}

pub(super) async fn unclaim(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(release): At<ReleaseApplicationId>,
) -> Result<Response, Failure> {
    catalog::unclaim_release(&app, &actor, release).await?;
    Ok(render::see_other(&format!("/operator/releases/{release}")))
}

pub(super) async fn decide(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    At(release): At<ReleaseApplicationId>,
    axum::Form(pairs): axum::Form<Pairs>,
) -> Result<Response, Failure> {
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
    let reason_of = |(key, value): &(String, String)| {
        let field = key.strip_prefix("reason.")?;
        (!value.trim().is_empty()).then(|| (field.to_owned(), value.clone()))
    };
    let fields: Vec<(String, String)> = pairs.iter().filter_map(reason_of).collect();
    let (done, said) = match value("decision") {
        "approve" => (catalog::approve_release(&app, &actor, release).await, "approved"),
        "return" => (catalog::reject_release(&app, &actor, release, value("reason"), &fields).await, "returned"),
        _ => (Err(AppError::field(FieldProblem::new("decision", "not_in_list"))), ""),
    };
    let (status, form) = match done {
        Ok(_) => return Ok(render::see_other(&format!("/operator/releases?said={said}"))),
        Err(AppError::Invalid(problems)) => (StatusCode::UNPROCESSABLE_ENTITY, with(visit.language, &pairs, &problems)),
        Err(AppError::Refused(refusal)) => {
            let words = Words::of(visit.language);
            (StatusCode::CONFLICT, Form::typed(words, pairs.clone()).with_refusal(&refusal))
        }
        Err(error) => return Err(error.into()),
    };
    let view = show_review(&app, &actor, release).await?;
    let report = catalog::release_report(&app, &actor, release).await?;
    let both = (&view, report.as_ref());
    Ok(render::page_with(status, &ReviewPage::new(PageFrame::of(&visit), both, app.now(), &form)))
}

fn with(language: domain::text::Language, pairs: &Pairs, problems: &Problems) -> Form {
    Form::typed(Words::of(language), pairs.clone()).with_problems(problems)
}

pub(super) async fn freeze(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(product): At<ProductId>,
) -> Result<Response, Failure> {
    catalog::freeze_product(&app, &actor, product).await?;
    Ok(render::see_other("/operator/releases?said=changed"))
}

pub(super) async fn unfreeze(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(product): At<ProductId>,
) -> Result<Response, Failure> {
    catalog::unfreeze_product(&app, &actor, product).await?;
    Ok(render::see_other("/operator/releases?said=changed"))
}

/// A submission for samples.
#[cfg(test)]
pub(super) fn sample_application() -> ReleaseApplication {
    use domain::ids::{Id as _, OrganisationId, UserId};
    use domain::time::Timestamp;

    ReleaseApplication {
        id: ReleaseApplicationId::from_u128(1),
        product: ProductId::from_u128(2),
        seller: OrganisationId::from_u128(3),
        kind: ApplicationKind::Modify,
        release: crate::storefront_samples::release(),
        cases_replayed: 5,
        submitted_by: UserId::from_u128(4),
        submitted_at: Timestamp::UNIX_EPOCH,
        due_at: Timestamp::UNIX_EPOCH,
        state: ApplicationState::Rejected {
            at: Timestamp::UNIX_EPOCH,
            by: UserId::from_u128(5),
            reason: "Please correct <script>".to_owned(),
            fields: vec![domain::catalog::FieldReason { field: "name_en".to_owned(), reason: "<b>".to_owned() }],
        },
    }
}

#[cfg(test)]
impl crate::samples::Samples for ReviewPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        use domain::catalog::{ReleaseApplication, differences};
        use domain::time::Timestamp;

        let application = sample_application();
        let mut live = application.release.clone();
        live.version = "V4.1".parse().expect("a version");
        live.specifications.truncate(1);
        let mut pending = application.clone();
        pending.state = ApplicationState::Pending { claim: None };
        let view = |application: ReleaseApplication, live: Option<domain::catalog::Release>| ReviewView {
            differences: differences(live.as_ref(), &application.release),
            removed_markup: vec!["description_en"],
            descriptions: vec![],
            history: vec![application.clone()],
            application,
            seller_name: "Brightwell <script>".to_owned(),
            claimed_by: Some("A. <script>".to_owned()),
            live,
            logos: (Some("aa".repeat(32)), Some("bb".repeat(32))),
            address_urls: Vec::new(),
            next: None,
            previous: Some(sample_application().id),
        };
        let report = super::report::sample();
        let changed = AttachedReport { reading: Err(FieldProblem::new("report", "report_changed")), ..report.clone() };
        let form = Form::new(page.words);
        let wrong = form.clone().with_problems(&Problems::one(FieldProblem::new("decision", "not_in_list")));
        let at = Timestamp::UNIX_EPOCH;
        vec![
            ReviewPage::new(page.clone(), (&view(pending.clone(), Some(live)), Some(&report)), at, &form),
            ReviewPage::new(page.clone(), (&view(pending, None), Some(&changed)), at, &wrong),
            ReviewPage::new(page, (&view(application, None), None), at, &form),
        ]
    }
}
