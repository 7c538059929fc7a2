//! `/seller/application`: the form by which a customer becomes a seller, its state, and the agreements.

use app::App;
use app::AppError;
use app::selling::agreements::Agreements;
use app::selling::applications::{self, MyApplication, SaveDraft};
use app::selling::papers::PapersView;
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::identity::{Actor, OrganisationKind, Permission};
use domain::outcome::Problems;
use domain::selling::{
    ApplicationForm, ApplicationState, Employees, SellerAgreement, SellerApplication, YearsInBusiness,
};
use http_kit::{Failure, Posted, ProblemView, SignedIn, Visit};
use language::Words;

use super::papers::Papers;
use super::{agreements, stage_status, with_said};
use crate::form::{Choice, Form};
use crate::frame::PageFrame;
use crate::identity::{answer, refused};
use crate::parts::{Cell, Facts, Notice, Status, Tone};
use crate::render;

type Pairs = Vec<(String, String)>;

/// `GET /seller/application`.
#[derive(Clone, Debug, Template)]
#[template(path = "selling/application.html")]
pub struct ApplicationPage {
    /// Around it.
    pub page: PageFrame,
    /// A sentence under the heading.
    pub lead: String,
    /// How far it is.
    pub status: Status,
    /// What the state means for the applicant.
    pub news: Option<Notice>,
    /// The form, while it may be changed.
    pub form: Option<Form>,
    /// The revision that the form was filled in on.
    pub revision: String,
    /// What was handed in, while it may not be changed.
    pub facts: Option<Facts>,
    /// The agreements with version and time.
    pub consents: Option<Facts>,
    /// What was uploaded, once something was.
    pub papers: Option<Papers>,
    /// The versions in force.
    versions: Agreements,
}

impl ApplicationPage {
    fn new(
        frame: PageFrame,
        (review_days, versions): (u32, Agreements),
        writer: Writer,
        mine: MyApplication,
        form: Option<Form>,
    ) -> ApplicationPage {
        let words = frame.words;
        let stage =
            mine.application.as_ref().map_or(domain::selling::ApplicationStage::Draft, SellerApplication::stage);
        let open =
            matches!(stage, domain::selling::ApplicationStage::Draft | domain::selling::ApplicationStage::Rejected);
        let writes = open && writer == Writer::Yes;
        let form = form.or_else(|| writes.then(|| stored(words, mine.application.as_ref())));
        let facts = mine.application.as_ref().filter(|_| !writes).map(|found| facts(words, &found.form));
        let only_looks = (open && !writes).then(|| Notice::new(Tone::Info, words.selling_apply_administrator()));
        let page = frame.titled(words.selling_apply_title());
        ApplicationPage {
            page: match &form {
                Some(form) => page.with_form(form),
                None => page,
            },
            lead: words.selling_apply_lead(review_days),
            status: stage_status(words, stage),
            news: mine.application.as_ref().and_then(|found| news(words, &found.state)).or(only_looks),
            form,
            revision: mine.application.as_ref().map_or_else(String::new, |found| found.revision.to_string()),
            facts,
            consents: (!mine.consents.is_empty()).then(|| consents(words, &mine.consents)),
            papers: (mine.papers != PapersView::default())
                .then(|| Papers::new(words, &mine.papers, "/seller/application")),
            versions,
        }
    }

    /// Each agreement with the sentence of its box and its version in force.
    fn agreements(&self) -> Vec<(SellerAgreement, String, String)> {
        let words = self.page.words;
        let entry = |agreement: SellerAgreement| {
            let version = self.versions.in_force(agreement).to_string();
            let sentence = match agreement {
                SellerAgreement::SellerTerms => words.selling_agreement_seller_terms(&version),
                SellerAgreement::CooperationRules => words.selling_agreement_cooperation_rules(&version),
                SellerAgreement::PrivacyStatement => words.selling_agreement_privacy_statement(&version),
            };
            (agreement, sentence, version)
        };
        SellerAgreement::ALL.map(entry).into()
    }

    fn years(&self) -> Vec<Choice> {
        let words = self.page.words;
        let choose = Choice::new("", words.selling_choose());
        std::iter::once(choose)
            .chain(YearsInBusiness::ALL.map(|years| Choice::new(years.code(), years_in_words(words, years))))
            .collect()
    }

    fn employees(&self) -> Vec<Choice> {
        let words = self.page.words;
        let choose = Choice::new("", words.selling_choose());
        std::iter::once(choose)
            .chain(Employees::ALL.map(|count| Choice::new(count.code(), employees_in_words(words, count))))
            .collect()
    }
}

/// Whether the person may write the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Writer {
    /// An administrator of a customer.
    Yes,
    /// Everybody else of the organisation.
    No,
}

fn writer(actor: &Actor) -> Writer {
    if actor.may(Permission::ApplyAsSeller) { Writer::Yes } else { Writer::No }
}

fn years_in_words(words: &Words, years: YearsInBusiness) -> &'static str {
    match years {
        YearsInBusiness::OneToThree => words.selling_years_1_3(),
        YearsInBusiness::ThreeToFive => words.selling_years_3_5(),
        YearsInBusiness::FiveToTen => words.selling_years_5_10(),
        YearsInBusiness::OverTen => words.selling_years_10plus(),
    }
}

fn employees_in_words(words: &Words, employees: Employees) -> &'static str {
    match employees {
        Employees::UpTo49 => words.selling_employees_5_49(),
        Employees::UpTo199 => words.selling_employees_50_199(),
        Employees::UpTo999 => words.selling_employees_200_999(),
        Employees::Over999 => words.selling_employees_1000plus(),
    }
}

/// What is stored, as the form shows it.
fn stored(words: &'static Words, application: Option<&SellerApplication>) -> Form {
    let mut form = Form::new(words);
    let Some(application) = application else { return form };
    for field in ApplicationForm::FIELDS {
        form = form.with(field, application.form.value(field));
    }
    for code in &application.form.agreed {
        form = form.with(&format!("agreed.{code}"), "on");
    }
    form
}

fn news(words: &Words, state: &ApplicationState) -> Option<Notice> {
    match state {
        ApplicationState::Draft => None,
        ApplicationState::PendingReview { submitted_at, due_at } => {
            let detail = words.selling_pending_detail(words.date_time(*submitted_at), words.date_with_weekday(*due_at));
            Some(Notice::new(Tone::Info, words.selling_pending_news()).detail(detail))
        }
        ApplicationState::Approved { decided_at, .. } => {
            let detail = words.selling_approved_detail(words.date_time(*decided_at));
            let notice = Notice::new(Tone::Good, words.selling_approved_news()).detail(detail);
            Some(notice.link(words.selling_approved_link(), "/seller"))
        }
        ApplicationState::Rejected { reason, .. } => {
            let detail = words.selling_rejected_detail(reason);
            Some(Notice::new(Tone::Warn, words.selling_rejected_news()).detail(detail))
        }
    }
}

/// What was handed in, read only; also on the operator's page.
pub(super) fn facts(words: &Words, form: &ApplicationForm) -> Facts {
    let address = [&form.street, &form.city, &form.province, &form.postcode, &form.country];
    let address: Vec<&str> = address.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
    let years = YearsInBusiness::ALL.into_iter().find(|years| years.code() == form.years_in_business);
    let employees = Employees::ALL.into_iter().find(|employees| employees.code() == form.employees);
    Facts::new()
        .fact(words.selling_field_company_name(), Cell::text(&form.company_name))
        .fact(words.selling_field_website(), Cell::text(&form.website))
        .fact(
            words.selling_field_years_in_business(),
            Cell::text(years.map_or("", |years| years_in_words(words, years))),
        )
        .fact(
            words.selling_field_employees(),
            Cell::text(employees.map_or("", |employees| employees_in_words(words, employees))),
        )
        .fact(words.selling_field_registered_capital(), Cell::text(&form.registered_capital))
        .fact(words.selling_field_licence_number(), Cell::text(&form.licence_number))
        .fact(words.selling_review_location(), Cell::text(address.join(", ")))
        .fact(
            words.selling_apply_contact(),
            Cell::Pair(form.contact_name.clone(), words.common_pair(&form.contact_mobile, &form.contact_email)),
        )
        .fact(words.selling_apply_support(), Cell::Pair(form.support_phone.clone(), form.support_email.clone()))
        .fact(words.selling_field_introduction(), Cell::text(&form.introduction))
}

/// The agreements with version and time; also on the operator's page.
pub(super) fn consents(words: &Words, consents: &[app::selling::applications::Consent]) -> Facts {
    consents.iter().fold(Facts::new(), |facts, consent| {
        let said = words.selling_agreed_at(&consent.version, words.date_time(consent.agreed_at));
        match consent.agreement.parse::<SellerAgreement>() {
            Ok(agreement) => {
                let href = agreements::path(agreement, &consent.version);
                facts.fact(agreements::name(words, agreement), Cell::link(said, href))
            }
            Err(()) => facts.fact(&consent.agreement, Cell::text(said)),
        }
    })
}

/// What was typed, as the use case wants it.
fn typed(pairs: &Pairs) -> SaveDraft {
    let mut form = ApplicationForm::default();
    let said = |name: &str| {
        pairs.iter().rev().find(|(field, _)| field == name).map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let fields = [
        (&mut form.company_name, "company_name"),
        (&mut form.website, "website"),
        (&mut form.years_in_business, "years_in_business"),
        (&mut form.employees, "employees"),
        (&mut form.registered_capital, "registered_capital"),
        (&mut form.licence_number, "licence_number"),
        (&mut form.contact_name, "contact_name"),
        (&mut form.contact_mobile, "contact_mobile"),
        (&mut form.contact_email, "contact_email"),
        (&mut form.country, "country"),
        (&mut form.province, "province"),
        (&mut form.city, "city"),
        (&mut form.street, "street"),
        (&mut form.postcode, "postcode"),
        (&mut form.support_phone, "support_phone"),
        (&mut form.support_email, "support_email"),
        (&mut form.introduction, "introduction"),
    ];
    for (place, name) in fields {
        *place = said(name);
    }
    let ticked = |agreement: &SellerAgreement| !said(&format!("agreed.{}", agreement.code())).is_empty();
    form.agreed =
        SellerAgreement::ALL.into_iter().filter(ticked).map(|agreement| agreement.code().to_owned()).collect();
    SaveDraft { form, known_revision: said("version").parse().ok() }
}

/// What of the settings the page shows.
fn chosen(app: &App) -> (u32, Agreements) {
    let selling = &app.settings.selling;
    (selling.review_days, selling.agreements.clone())
}

pub(super) async fn show(State(app): State<App>, visit: Visit, SignedIn(actor): SignedIn) -> Result<Response, Failure> {
    let mine = applications::mine(&app, &actor).await?;
    let frame = with_said(PageFrame::of(&visit));
    Ok(render::page(&ApplicationPage::new(frame, chosen(&app), writer(&actor), mine, None)))
}

pub(super) async fn act(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    posted: Posted,
) -> Result<Response, Failure> {
    let hand_in = posted.pairs.iter().any(|(name, value)| name == "act" && value == "submit");
    let mut ask = typed(&posted.pairs);
    let done = match uploaded(&app, &actor, &posted, &mut ask).await {
        Ok(()) if hand_in => app.submit_seller_application(&actor, ask).await,
        Ok(()) => app.save_seller_application(&actor, ask).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => {
            let said = if hand_in { "submitted" } else { "draft" };
            Ok(render::see_other(&format!("/seller/application?said={said}")))
        }
        Err(error) => {
            let frame = PageFrame::of(&visit);
            let (status, form, wait) = refused(Form::typed(frame.words, posted.pairs), error)?;
            let mine = applications::mine(&app, &actor).await?;
            let page = ApplicationPage::new(frame, chosen(&app), writer(&actor), mine, Some(form));
            Ok(answer(status, wait, &page))
        }
    }
}

/// Keeps the files that came along, and with them what was typed, so that neither is lost when the other is wrong.
async fn uploaded(app: &App, actor: &Actor, posted: &Posted, ask: &mut SaveDraft) -> Result<(), AppError> {
    if posted.files.is_empty() {
        return Ok(());
    }
    let mut saved = save(app, actor, ask.clone()).await?;
    let mut problems = Problems::new();
    for (field, bytes) in &posted.files {
        let kept = match field.as_str() {
            "logo" => app.upload_company_logo(actor, bytes.clone()).await,
            "licence" => app.upload_business_licence(actor, bytes.clone()).await,
            _ => continue,
        };
        match kept {
            Ok(changed) => saved = changed,
            Err(AppError::Invalid(wrong)) => wrong.iter().for_each(|problem| problems.add(problem.clone())),
            Err(error) => return Err(error),
        }
    }
    ask.known_revision = Some(saved.revision);
    Ok(problems.or(Some(()))?)
}

/// The draft as typed so far. Answers one sentence for the status line, and the new revision in a header.
pub(super) async fn autosave(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    axum::Form(pairs): axum::Form<Pairs>,
) -> Response {
    let words = Words::of(visit.language);
    let plain = [(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"))];
    match save(&app, &actor, typed(&pairs)).await {
        Ok(saved) => {
            let version = [(HeaderName::from_static("draft-version"), HeaderValue::from(saved.revision))];
            let said = words.common_saved_at(words.time_of_day(saved.changed_at));
            (plain, version, said).into_response()
        }
        Err(error) => {
            let problem = ProblemView::of(&error, words);
            let said = problem.fields.first().map_or(problem.detail.clone(), |field| field.sentence.clone());
            let status = if problem.status == StatusCode::OK { StatusCode::BAD_REQUEST } else { problem.status };
            (status, plain, said).into_response()
        }
    }
}

async fn save(app: &App, actor: &Actor, ask: SaveDraft) -> Result<SellerApplication, AppError> {
    if actor.kind != OrganisationKind::Customer {
        return Err(AppError::conflict("already_a_seller"));
    }
    app.save_seller_application(actor, ask).await
}

#[cfg(test)]
impl crate::samples::Samples for ApplicationPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        use app::selling::applications::Consent;
        use domain::ids::{Id as _, OrganisationId, SellerApplicationId, UserId};
        use domain::outcome::FieldProblem;
        let chosen = || (3, Agreements::default());
        let at = "2026-05-14T13:28:00Z".parse().expect("an instant");
        let form = ApplicationForm {
            company_name: "Kestrel <script>".to_owned(),
            introduction: "We plan <script>routes</script>.".to_owned(),
            agreed: vec!["seller_terms".to_owned()],
            ..ApplicationForm::default()
        };
        let draft = SellerApplication::begin(SellerApplicationId::from_u128(1), OrganisationId::from_u128(2), form, at);
        let mut pending = draft.clone();
        pending.submit(at, 3).expect("a draft can be handed in");
        let (mut rejected, mut approved) = (pending.clone(), pending.clone());
        rejected.reject(UserId::from_u128(3), "The licence <script> is not yours.".to_owned(), at).expect("it waits");
        approved.approve(UserId::from_u128(3), at).expect("it waits");
        let consent = Consent {
            agreement: "seller_terms".to_owned(),
            version: "1".to_owned(),
            agreed_at: at,
            agreed_by: UserId::from_u128(3),
        };
        let mine = |application: Option<SellerApplication>| MyApplication {
            application,
            consents: vec![consent.clone()],
            papers: super::papers::sample(),
        };
        let mut problems = Problems::one(FieldProblem::new("company_name", "required"));
        problems.add(FieldProblem::new("agreed.seller_terms", "must_agree"));
        let wrong = stored(page.words, Some(&draft)).with_problems(&problems);
        let empty = MyApplication { application: None, consents: Vec::new(), papers: PapersView::default() };
        vec![
            ApplicationPage::new(page.clone(), chosen(), Writer::Yes, empty, None),
            ApplicationPage::new(page.clone(), chosen(), Writer::Yes, mine(Some(draft)), Some(wrong)),
            ApplicationPage::new(page.clone(), chosen(), Writer::Yes, mine(Some(pending)), None),
            ApplicationPage::new(page.clone(), chosen(), Writer::Yes, mine(Some(rejected)), None),
            ApplicationPage::new(
                page.clone(),
                chosen(),
                Writer::No,
                MyApplication { application: None, consents: Vec::new(), papers: PapersView::default() },
                None,
            ),
            ApplicationPage::new(page, chosen(), Writer::Yes, mine(Some(approved)), None),
        ]
    }
}
