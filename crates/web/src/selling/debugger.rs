//! `/seller/debugger/{id}`: enter values, look at the exact request, send it, read every check, keep it as a case.

use app::selling::debugger::{self, Bench, SaveCase, SendSample};
use app::selling::{SampleField, SampleKind, SamplePresence, addresses};
use app::{App, AppError, fulfilment};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::identity::{Actor, Permission};
use domain::ids::{AttemptId, DebugRunId, InterfaceAddressId};
use domain::selling::{
    Activity, ActivityGroup, CaseResult, DebugRun, DebugValues, ProtocolVersion, SentRequest, Signing,
};
use http_kit::{At, Failure, SignedIn, Visit};
use language::Words;

use super::cases::CaseRow;
use super::result::{RequestView, ResponseView, ResultView, entry};
use super::{activity_name, in_query, matrix, with_said};
use crate::form::{Choice, Field, Form};
use crate::frame::PageFrame;
use crate::identity::{answer, refused};
use crate::parts::{Empty, Notice, Status, Table, Timeline, Tone};
use crate::render;

/// `GET /seller/debugger/{id}`, and without an address the page that says so.
#[derive(Clone, Debug, Template)]
#[template(path = "selling/debugger.html")]
pub struct DebuggerPage {
    /// Around it.
    pub page: PageFrame,
    /// Everything of the address; `None` when there is no address yet.
    pub bench: Option<BenchView>,
}

/// The page's parts around one address.
#[derive(Clone, Debug)]
pub struct BenchView {
    /// The id of the address.
    pub id: String,
    /// Where calls go.
    pub url: String,
    /// Protocol and masked key, in words.
    pub key: String,
    /// What the protocol of the address is.
    pub version_note: &'static str,
    /// What showing the request without sending it is called.
    pub generate: &'static str,
    /// What calls are about; the tabs are those of the present one.
    pub groups: Vec<GroupView>,
    /// One tab per call of the group.
    pub tabs: Vec<TabView>,
    /// The call of this tab, by its name on the wire.
    pub activity: &'static str,
    /// When the marketplace makes this call.
    pub lead: &'static str,
    /// What is always sent with it.
    pub flag_note: &'static str,
    /// That calls like this one cannot be signed yet.
    pub keyless: Option<Notice>,
    /// Where the values come from, when not from here.
    pub origin: Option<Notice>,
    /// What is wrong, and what was typed.
    pub form: Form,
    /// The members of the call.
    pub fields: Vec<Field>,
    /// Whether the person may send.
    pub may_send: bool,
    /// The limit, in words.
    pub limit: String,
    /// The saved cases.
    pub cases: Vec<CaseRow>,
    /// The last runs.
    pub runs: Timeline,
    /// Which cases each billing mode needs.
    pub matrix: Table,
    /// What came of the run that is looked at.
    pub result: Option<ResultView>,
    /// Its request, or one that was only generated.
    pub request: Option<RequestView>,
    /// Its answer.
    pub response: Option<ResponseView>,
}

/// A group of tabs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupView {
    /// What the calls are about.
    pub label: &'static str,
    /// How many there are.
    pub count: usize,
    /// Leads to the first of them.
    pub href: String,
    /// Whether its tabs are shown.
    pub current: bool,
}

/// One tab: the call, and how its case stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TabView {
    /// What the call is called.
    pub label: &'static str,
    /// Where it leads.
    pub href: String,
    /// Whether it is this one.
    pub current: bool,
    /// The drawing of its state.
    pub icon: &'static str,
    /// The state in a word.
    pub word: &'static str,
}

/// What a page shows beside the form.
enum Shown {
    Nothing,
    Generated(SentRequest),
    Run(Box<DebugRun>, Option<Notice>),
}

impl DebuggerPage {
    fn new(frame: PageFrame, bench: Option<BenchView>) -> DebuggerPage {
        let above = frame.words.selling_addresses_title();
        let page = frame.below(above, "/seller/addresses");
        let title = page.words.selling_debugger_title();
        let page = page.titled(title);
        let page = match &bench {
            Some(bench) => page.with_form(&bench.form),
            None => page,
        };
        DebuggerPage { page, bench }
    }

    fn nothing(&self) -> Empty {
        let words = self.page.words;
        Empty::new(words.selling_debugger_none_title(), words.selling_debugger_none_text())
            .action(words.selling_addresses_add(), "/seller/addresses")
    }
}

/// A member of a call, to be typed.
fn shown_field(words: &Words, protocol: ProtocolVersion, form: &Form, field: &SampleField) -> Field {
    let shown = match &field.kind {
        SampleKind::Choice(allowed) => {
            let choices: Vec<Choice> = allowed.iter().map(|word| Choice::new(word, word)).collect();
            form.select(field.name, field.name, &choices)
        }
        SampleKind::Number(allowed) => {
            let choices: Vec<Choice> = allowed.iter().map(|number| Choice::new(number, number)).collect();
            form.select(field.name, field.name, &choices).hint(words.selling_sample_flag_hint())
        }
        SampleKind::List => form.area(field.name, field.name, 8).hint(words.selling_sample_list_hint()),
        SampleKind::Moment => form.text(field.name, field.name).hint(words.selling_sample_moment_hint()).monospace(),
        SampleKind::Text(_) if field.name == "clientSecret" => {
            form.area(field.name, field.name, 4).hint(words.selling_sample_client_secret_hint())
        }
        SampleKind::Time => form.text(field.name, field.name).hint(words.selling_sample_expire_time_hint()).monospace(),
        SampleKind::Secret => form.text(field.name, field.name).hint(words.selling_sample_secret_hint()).monospace(),
        SampleKind::Text(_) if field.name == "businessId" => {
            form.text(field.name, field.name).hint(words.selling_sample_business_id_hint()).monospace()
        }
        // Version 1.0 says all of the order itself: there is nothing to be asked over the order query.
        SampleKind::Text(_) if field.name == "orderId" && protocol == ProtocolVersion::V2 => {
            form.text(field.name, field.name).hint(words.selling_sample_order_id_hint(MOCK_ORDERS)).monospace()
        }
        SampleKind::Text(_) => form.text(field.name, field.name).monospace(),
    };
    match field.presence {
        SamplePresence::Mandatory => shown,
        SamplePresence::Optional => shown.optional(),
    }
}

fn view(
    app: &App,
    actor: &Actor,
    words: &'static Words,
    bench: &Bench,
    activity: Activity,
    form: Form,
    shown: Shown,
) -> BenchView {
    let (result, request, response) = match shown {
        Shown::Nothing => (None, None, None),
        Shown::Generated(request) => {
            let unsent = Status::plain(words.selling_request_unsent());
            (None, Some(RequestView::new(words, &request, Some(unsent))), None)
        }
        Shown::Run(run, note) => {
            let request = RequestView::new(words, &run.exchange.request, None);
            (Some(ResultView::new(words, &run, note)), Some(request), ResponseView::new(words, &run))
        }
    };
    let protocol = bench.address.protocol;
    let fields =
        debugger::fields(protocol, activity).into_iter().map(|field| shown_field(words, protocol, &form, &field));
    let id = bench.address.id;
    let saved = addresses::AddressView { address: bench.address.clone(), cases: bench.cases.clone() };
    BenchView {
        id: id.to_string(),
        url: bench.address.url.clone(),
        key: words.selling_debugger_key(protocol.name(), bench.address.key_hint.masked()),
        version_note: version_note(words, protocol),
        generate: generate_label(words, protocol),
        groups: groups(words, bench, activity),
        tabs: tabs(words, bench, activity),
        activity: activity.code(),
        lead: lead(words, protocol, activity),
        flag_note: flag_note(words, activity),
        keyless: keyless(words, bench, activity),
        origin: None,
        fields: fields.collect(),
        form,
        may_send: actor.may(Permission::ManageInterfaces),
        limit: words.selling_send_note(app.settings.selling.debug_calls_per_hour),
        cases: bench.cases.iter().map(|case| CaseRow::new(words, case, &bench.last_of_cases)).collect(),
        runs: Timeline { entries: bench.runs.iter().map(|run| entry(words, run)).collect() },
        matrix: matrix(words, &saved),
        result,
        request,
        response,
    }
}

/// Orders that the order query answers without any purchase, for trying it out (seller-protocol 7.4).
const MOCK_ORDERS: &str = "MOCKPERIODYEARNEW, MOCKONETIMENEW, MOCKONDEMAND, MOCKONDEMANDPKG, MOCKPERIODDAYTRIAL, \
                           MOCKMONTYTRIALTOFORMAL, MOCKMONTYUNSUBSCRIBE, MOCKMONTYRENEW, MOCKMONTYCHANGE";

fn tab_view(words: &Words, bench: &Bench, tab: Activity, current: Activity) -> TabView {
    let saved = bench.cases.iter().any(|case| case.activity == tab);
    let failing = bench.runs.iter().find(|run| run.activity == tab).is_some_and(|run| run.result != CaseResult::Passed);
    let (icon, word) = match (saved, failing) {
        (_, true) => ("circle-x", words.selling_tab_failing()),
        (true, false) => ("circle-check", words.selling_tab_saved()),
        (false, false) if domain::selling::optional_everywhere(bench.address.protocol, tab) => {
            ("circle", words.selling_tab_optional())
        }
        (false, false) => ("circle-dashed", words.selling_tab_missing()),
    };
    let href = format!("/seller/debugger/{}?activity={}", bench.address.id, tab.code());
    TabView { label: activity_name(words, tab), href, current: tab == current, icon, word }
}

fn tabs(words: &Words, bench: &Bench, current: Activity) -> Vec<TabView> {
    current.group().activities(bench.address.protocol).map(|tab| tab_view(words, bench, tab, current)).collect()
}

fn flag_note(words: &Words, activity: Activity) -> &'static str {
    match activity.group() {
        ActivityGroup::Instances | ActivityGroup::Licences => words.selling_sample_test_flag(),
        ActivityGroup::JointOperations => words.selling_sample_test_flag_sync(),
    }
}

fn groups(words: &Words, bench: &Bench, current: Activity) -> Vec<GroupView> {
    let view = |group: ActivityGroup| {
        let mut calls = group.activities(bench.address.protocol);
        let first = calls.next()?;
        Some(GroupView {
            label: match group {
                ActivityGroup::Instances => words.selling_group_instances(),
                ActivityGroup::Licences => words.selling_group_licences(),
                ActivityGroup::JointOperations => words.selling_group_joint(),
            },
            count: 1 + calls.count(),
            href: format!("/seller/debugger/{}?activity={}", bench.address.id, first.code()),
            current: group == current.group(),
        })
    };
    ActivityGroup::ALL.into_iter().filter_map(view).collect()
}

/// Says that the key of these calls is not bound yet, and where that is done.
fn keyless(words: &'static Words, bench: &Bench, activity: Activity) -> Option<Notice> {
    let interface_type = activity.interface_type();
    let notice = || {
        let name = super::keys::type_name(words, interface_type);
        let href = format!("/seller/addresses/{}", bench.address.id);
        Notice::new(Tone::Warn, words.selling_debugger_keyless(name)).link(words.selling_debugger_bind(), href)
    };
    (!bench.address.can_sign(interface_type)).then(notice)
}

fn version_note(words: &Words, protocol: ProtocolVersion) -> &'static str {
    match protocol {
        ProtocolVersion::V1 => words.selling_debugger_version_one_note(),
        ProtocolVersion::V2 => words.selling_debugger_version_note(),
    }
}

fn generate_label(words: &Words, protocol: ProtocolVersion) -> &'static str {
    match protocol {
        ProtocolVersion::V1 => words.selling_generate_link(),
        ProtocolVersion::V2 => words.selling_generate(),
    }
}

fn lead(words: &Words, protocol: ProtocolVersion, activity: Activity) -> &'static str {
    match (protocol, activity) {
        (ProtocolVersion::V1, Activity::NewInstance) => words.selling_sample_one_newinstance(),
        (ProtocolVersion::V1, Activity::QueryInstance) => words.selling_sample_one_queryinstance(),
        (ProtocolVersion::V1, Activity::RefreshInstance) => words.selling_sample_one_refreshinstance(),
        (ProtocolVersion::V1, Activity::ReleaseInstance) => words.selling_sample_one_releaseinstance(),
        (ProtocolVersion::V1 | ProtocolVersion::V2, activity) => lead_two(words, activity),
    }
}

fn lead_two(words: &Words, activity: Activity) -> &'static str {
    match activity {
        Activity::ExpireInstance => words.selling_sample_one_expireinstance(),
        Activity::InstanceStatus => words.selling_sample_one_instancestatus(),
        Activity::Upgrade => words.selling_sample_one_upgrade(),
        Activity::NewInstance => words.selling_sample_newinstance(),
        Activity::QueryInstance => words.selling_sample_queryinstance(),
        Activity::RefreshInstance => words.selling_sample_refreshinstance(),
        Activity::UpdateInstanceStatus => words.selling_sample_updateinstancestatus(),
        Activity::ReleaseInstance => words.selling_sample_releaseinstance(),
        Activity::UpgradeInstance => words.selling_sample_upgradeinstance(),
        Activity::ChangeInstanceCheck => words.selling_sample_changeinstancecheck(),
        Activity::OrderNotify => words.selling_sample_ordernotify(),
        Activity::GetLicenseAsync => words.selling_sample_getlicenseasync(),
        Activity::RefreshLicenseCode => words.selling_sample_refreshlicensecode(),
        Activity::UpdateLicenseCodeStatus => words.selling_sample_updatelicensecodestatus(),
        Activity::ReleaseLicenseCode => words.selling_sample_releaselicensecode(),
        Activity::GetLicense => words.selling_sample_one_getlicense(),
        Activity::ReleaseLicense => words.selling_sample_one_releaselicense(),
        Activity::TenantSync => words.selling_sample_tenantsync(),
        Activity::ApplicationSync => words.selling_sample_applicationsync(),
        Activity::AuthSync => words.selling_sample_authsync(),
        Activity::SingleOrgSync => words.selling_sample_singleorgsync(),
        Activity::AllOrgSync => words.selling_sample_allorgsync(),
    }
}

fn filled(words: &'static Words, activity: Activity, values: &DebugValues) -> Form {
    let form = Form::new(words).with("case_name", activity_name(words, activity));
    values.iter().fold(form, |form, (name, value)| form.with(name, value))
}

/// Without an address in the path: the first one, or the page that says what is missing.
pub(super) async fn choose(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
) -> Result<Response, Failure> {
    match addresses::list(&app, &actor).await?.first() {
        Some(view) => Ok(render::see_other(&format!("/seller/debugger/{}", view.address.id))),
        None => Ok(render::page(&DebuggerPage::new(PageFrame::of(&visit), None))),
    }
}

pub(super) async fn show(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    At(id): At<InterfaceAddressId>,
) -> Result<Response, Failure> {
    let frame = with_said(PageFrame::of(&visit));
    let words = frame.words;
    let bench = debugger::bench(&app, &actor, id).await?;
    let run = match in_query(&frame, "run").and_then(|run| run.parse::<DebugRunId>().ok()) {
        Some(run) => Some(debugger::run(&app, &actor, run).await?).filter(|run| run.address == bench.address.id),
        None => None,
    };
    let attempt = match in_query(&frame, "attempt").and_then(|attempt| attempt.parse::<AttemptId>().ok()) {
        Some(attempt) => Some(fulfilment::attempt_sample(&app, &actor, attempt).await?),
        None => None,
    };
    let attempt = attempt.filter(|attempt| attempt.address == bench.address.id);
    let asked = in_query(&frame, "activity").and_then(|code| code.parse().ok());
    let case = in_query(&frame, "case").and_then(|id| bench.cases.iter().find(|case| case.id.to_string() == id));
    let from_call = attempt.as_ref().filter(|_| run.is_none());
    let origin = from_call.map(|from| words.selling_from_attempt(from.number, &from.order_number));
    let (activity, form, shown) = match (run, case, from_call) {
        (Some(run), _, _) => {
            let note = note(words, &bench, &run, in_query(&frame, "said").as_deref());
            (run.activity, filled(words, run.activity, &run.values), Shown::Run(Box::new(run), note))
        }
        (None, Some(case), _) => {
            (case.activity, filled(words, case.activity, &case.values).with("case_name", &case.name), Shown::Nothing)
        }
        (None, None, Some(from)) => (from.activity, filled(words, from.activity, &from.values), Shown::Nothing),
        (None, None, None) => {
            let offered = |asked: &Activity| Activity::of(bench.address.protocol).contains(asked);
            let activity = asked.filter(offered).unwrap_or(Activity::NewInstance);
            (activity, filled(words, activity, &debugger::invented(&app, &bench, activity)), Shown::Nothing)
        }
    };
    let mut view = view(&app, &actor, words, &bench, activity, form, shown);
    view.origin = origin.map(|origin| Notice::new(Tone::Info, origin));
    Ok(render::page(&DebuggerPage::new(frame, Some(view))))
}

/// Whether the run became a case, or why it did not.
fn note(words: &Words, bench: &Bench, run: &DebugRun, said: Option<&str>) -> Option<Notice> {
    match said {
        Some("unsaved") => Some(Notice::new(Tone::Warn, words.selling_result_not_saved())),
        Some("saved") => {
            let case = bench.cases.iter().find(|case| Some(case.id) == run.case)?;
            Some(Notice::new(Tone::Good, words.selling_result_saved(&case.name)))
        }
        Some(_) | None => None,
    }
}

pub(super) async fn act(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    At(id): At<InterfaceAddressId>,
    axum::Form(pairs): axum::Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let address = id;
    let frame = PageFrame::of(&visit);
    let words = frame.words;
    let form = Form::typed(words, pairs);
    let activity: Activity = form.value("activity").parse().map_err(|()| AppError::NotFound("activity"))?;
    let typed = |name: &str| (name.to_owned(), form.value(name).to_owned());
    let protocol = addresses::find(&app, &actor, address).await?.address.protocol;
    let fields = debugger::fields(protocol, activity);
    if fields.is_empty() {
        return Err(AppError::NotFound("activity").into());
    }
    let values: DebugValues = fields.iter().map(|field| typed(field.name)).collect();
    let done = match form.value("act") {
        "generate" => {
            let bench = debugger::bench(&app, &actor, address).await?;
            match debugger::generate(&app, &actor, &bench.address, activity, &values) {
                Ok(request) => {
                    let view = view(&app, &actor, words, &bench, activity, form, Shown::Generated(request));
                    return Ok(render::page(&DebuggerPage::new(frame, Some(view))));
                }
                Err(error) => Err(error),
            }
        }
        save => {
            let save = if save == "save" { SaveCase::Named(form.value("case_name").to_owned()) } else { SaveCase::No };
            app.send_debug_sample(&actor, SendSample { address, activity, values, save }).await
        }
    };
    match done {
        Ok(sent) => {
            let said = match (form.value("act"), sent.saved) {
                (_, Some(_)) => "&said=saved",
                ("save", None) => "&said=unsaved",
                (_, None) => "",
            };
            Ok(render::see_other(&format!("/seller/debugger/{address}?run={}{said}#run", sent.run.id)))
        }
        Err(error) => {
            let (status, form, wait) = refused(form, error)?;
            let bench = debugger::bench(&app, &actor, address).await?;
            let view = view(&app, &actor, words, &bench, activity, form, Shown::Nothing);
            Ok(answer(status, wait, &DebuggerPage::new(frame, Some(view))))
        }
    }
}

#[cfg(test)]
impl crate::samples::Samples for DebuggerPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        use super::result::{sample_run, sample_run_one, sample_run_sync};
        use domain::outcome::{FieldProblem, Problems};
        let words = page.words;
        let saved = super::sample_view();
        let runs =
            vec![sample_run(CaseResult::Passed), sample_run(CaseResult::Failed), sample_run(CaseResult::NoAnswer)];
        let bench = Bench {
            address: saved.address.clone(),
            cases: saved.cases.clone(),
            last_of_cases: runs.clone(),
            runs: runs.clone(),
        };
        let values: DebugValues = [("orderId".to_owned(), "<script>".to_owned())].into();
        let bench_one =
            Bench { address: super::sample_view_one().address, runs: vec![sample_run_one()], ..bench.clone() };
        let sample = |bench: &Bench, activity: Activity, form: Form, run: Option<&DebugRun>| {
            let saved = super::AddressView { address: bench.address.clone(), cases: bench.cases.clone() };
            let request = run.map(|run| RequestView::new(words, &run.exchange.request, None));
            let note = Notice::new(Tone::Warn, words.selling_result_not_saved());
            let fields = debugger::fields(bench.address.protocol, activity);
            let fields = fields.into_iter().map(|field| form.text(field.name, field.name));
            BenchView {
                id: bench.address.id.to_string(),
                url: bench.address.url.clone(),
                key: words.selling_debugger_key(bench.address.protocol.name(), "••••••••••0001"),
                version_note: version_note(words, bench.address.protocol),
                generate: generate_label(words, bench.address.protocol),
                groups: groups(words, bench, activity),
                tabs: tabs(words, bench, activity),
                activity: activity.code(),
                lead: lead(words, bench.address.protocol, activity),
                flag_note: flag_note(words, activity),
                keyless: keyless(words, bench, activity),
                origin: run.map(|_| Notice::new(Tone::Info, words.selling_from_attempt(2, "CS26<script>"))),
                fields: fields.collect(),
                form: form.clone(),
                may_send: run.is_some(),
                limit: words.selling_send_note(30),
                cases: bench.cases.iter().map(|case| CaseRow::new(words, case, &bench.last_of_cases)).collect(),
                runs: Timeline { entries: bench.runs.iter().map(|run| entry(words, run)).collect() },
                matrix: matrix(words, &saved),
                result: run.map(|run| ResultView::new(words, run, Some(note))),
                request,
                response: run.and_then(|run| ResponseView::new(words, run)),
            }
        };
        let plain = filled(words, Activity::NewInstance, &values);
        let problem = FieldProblem::new("orderId", "too_long").with("most", 64).with("count", 65);
        let wrong = plain.clone().with_problems(&Problems::one(problem));
        let mut pages = vec![DebuggerPage::new(page.clone(), None)];
        pages.push(DebuggerPage::new(page.clone(), Some(sample(&bench, Activity::NewInstance, wrong, None))));
        for run in &runs {
            pages.push(DebuggerPage::new(
                page.clone(),
                Some(sample(&bench, Activity::NewInstance, plain.clone(), Some(run))),
            ));
        }
        let licence = Activity::RefreshLicenseCode;
        let filled_licence = filled(words, licence, &[("license".to_owned(), "<script>".to_owned())].into());
        pages.push(DebuggerPage::new(page.clone(), Some(sample(&bench, licence, filled_licence, Some(&runs[0])))));
        let sync = Activity::AuthSync;
        let filled_sync = filled(words, sync, &[("userList".to_owned(), "[<script>]".to_owned())].into());
        pages.push(DebuggerPage::new(page.clone(), Some(sample(&bench, sync, filled_sync, Some(&sample_run_sync())))));
        let run = sample_run_one();
        pages.push(DebuggerPage::new(page, Some(sample(&bench_one, Activity::NewInstance, plain, Some(&run)))));
        pages
    }
}
