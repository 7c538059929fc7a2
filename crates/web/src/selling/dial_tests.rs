//! Dial tests on the page of an address: how the last ones went, why cases failed, and the button that runs one now.

use app::App;
use app::selling::dial_tests::{AddressTests, address_tests};
use askama::Template;
use askama::filters::HtmlSafe;
use axum::extract::State;
use axum::response::Response;
use domain::catalog::Product;
use domain::ids::InterfaceAddressId;
use domain::selling::{Activity, DialResult, DialTest, FailingCase, Occasion};
use http_kit::{At, Failure, SignedIn, Visit};
use language::Words;

use super::{activity_name, address};
use crate::form::Form;
use crate::frame::PageFrame;
use crate::parts::{Cell, Check, Checks, Column, Notice, Status, Table, Tone, Verdict};
use crate::render;

/// The section of the address page.
#[derive(Clone, Debug, Template)]
#[template(path = "selling/dial_tests.html")]
pub struct DialSection {
    words: &'static Words,
    /// The address.
    id: String,
    /// What is stopped because of them.
    stopped: Vec<Notice>,
    /// How it stands, in sentences.
    facts: Vec<String>,
    /// The last tests, the latest first.
    table: Table,
    /// Why the last one failed.
    failing: Option<Checks>,
    /// That one is under way, since when.
    running: Option<String>,
    /// Whether the person may run one.
    runs: bool,
}

impl HtmlSafe for DialSection {}

impl DialSection {
    pub(super) fn new(words: &'static Words, id: InterfaceAddressId, tests: &AddressTests, runs: May) -> DialSection {
        let stopped = |product: &Product| {
            let name = product.release.as_ref().map_or("", |release| release.name.say(words.language()));
            Notice::new(Tone::Bad, words.dial_stopped(name)).detail(words.dial_stopped_detail())
        };
        let mut facts = Vec::new();
        if !tests.tests.is_empty() {
            facts.push(words.dial_days(tests.days));
        }
        facts.push(words.dial_limit(tests.freeze_after_days));
        facts.extend(tests.next_at.map(|at| words.dial_next(words.date_time(at))));
        let failing = tests.tests.first().filter(|test| test.result() == DialResult::Failed);
        DialSection {
            words,
            id: id.to_string(),
            stopped: tests.stopped.iter().map(stopped).collect(),
            facts,
            table: table(words, &tests.tests),
            failing: failing.map(|test| reasons(words, test)),
            running: tests.running_since.map(|since| words.dial_running(words.date_time(since))),
            runs: runs == May::Run && tests.running_since.is_none(),
        }
    }
}

/// Whether the person may run a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum May {
    /// The button is there.
    Run,
    /// Only to look.
    Look,
}

impl May {
    pub(super) fn of(actor: &domain::identity::Actor) -> May {
        if actor.may(domain::identity::Permission::ManageInterfaces) { May::Run } else { May::Look }
    }
}

fn table(words: &'static Words, tests: &[DialTest]) -> Table {
    let columns = vec![
        Column::new(words.dial_when()),
        Column::new(words.dial_occasion()),
        Column::new(words.dial_result()),
        Column::new(words.dial_failing_cases()),
    ];
    tests.iter().fold(Table::new(words.dial_title(), columns), |table, test| {
        let called: Vec<String> = test.failing.iter().map(|case| name(words, case)).collect();
        table.row(vec![
            Cell::Time(test.tested_at.to_string(), words.date_time(test.tested_at)),
            Cell::text(occasion(words, test.slot.occasion)),
            Cell::Status(result(words, test)),
            Cell::text(if called.is_empty() { "–".to_owned() } else { called.join(", ") }),
        ])
    })
}

fn occasion(words: &'static Words, occasion: Occasion) -> &'static str {
    match occasion {
        Occasion::Morning => words.dial_occasion_morning(),
        Occasion::Afternoon => words.dial_occasion_afternoon(),
        Occasion::Asked => words.dial_occasion_asked(),
    }
}

/// How a test ended.
pub(super) fn result(words: &'static Words, test: &DialTest) -> Status {
    match test.result() {
        DialResult::Passed => Status::good(words.dial_result_passed()),
        DialResult::Failed => Status::bad(words.dial_result_failed(test.failing.len(), test.cases)),
    }
}

/// How the seller calls a case; the call when there is none.
fn name(words: &'static Words, case: &FailingCase) -> String {
    let call =
        || case.activity.parse::<Activity>().map_or(case.activity.as_str(), |activity| activity_name(words, activity));
    case.name.clone().unwrap_or_else(|| call().to_owned())
}

/// Each failing case with its reason and a link to where it can be run by hand.
pub(super) fn reasons(words: &'static Words, test: &DialTest) -> Checks {
    let check = |case: &FailingCase| {
        let bench = format!("/seller/debugger/{}", test.address);
        let href = match &case.case {
            Some(id) => format!("{bench}?case={id}"),
            None => format!("{bench}?activity={}", case.activity),
        };
        Check::new(Verdict::Fail, case.reason.say(words.language())).link(name(words, case), href)
    };
    Checks::new(words, test.failing.iter().map(check).collect())
}

/// `POST /seller/addresses/{id}/dial-test`: begins one. The section shows that it is under way, and then what came of it.
pub(super) async fn run(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    At(id): At<InterfaceAddressId>,
) -> Result<Response, Failure> {
    match app.ask_dial_test(&actor, id).await {
        Ok(_) => Ok(render::see_other(&format!("/seller/addresses/{id}#dial-tests"))),
        Err(error) => {
            let frame = PageFrame::of(&visit);
            let form = Form::new(frame.words);
            address::again(&app, &actor, frame, id, form, error).await
        }
    }
}

/// The section for a person who looks at the address.
pub(super) async fn section(
    app: &App,
    actor: &domain::identity::Actor,
    words: &'static Words,
    id: InterfaceAddressId,
) -> Result<DialSection, Failure> {
    let tests = address_tests(app, actor, id).await?;
    Ok(DialSection::new(words, id, &tests, May::of(actor)))
}

#[cfg(test)]
pub(super) fn sample_test(passed: bool) -> DialTest {
    use domain::ids::{DialTestId, Id as _, OrganisationId};
    use domain::selling::DialSlot;
    use domain::text::Localised;
    let failing = FailingCase {
        activity: "newInstance".to_owned(),
        case: Some("cas_1".to_owned()),
        name: Some("A new customer <script>".to_owned()),
        reason: Localised { en: Some("The answer has no resultCode. <script>".to_owned()), zh: None },
    };
    let missing = FailingCase { case: None, name: None, activity: "releaseInstance".to_owned(), ..failing.clone() };
    DialTest {
        id: DialTestId::from_u128(1),
        address: InterfaceAddressId::from_u128(1),
        seller: OrganisationId::from_u128(2),
        slot: DialSlot { day: "2026-05-14".parse().expect("a day"), occasion: Occasion::Morning },
        tested_at: "2026-05-14T09:00:00Z".parse().expect("an instant"),
        cases: 5,
        failing: if passed { Vec::new() } else { vec![failing, missing] },
    }
}

#[cfg(test)]
pub(super) fn sample_sections(words: &'static Words) -> Vec<DialSection> {
    use domain::catalog::DeliveryMethod;
    use domain::ids::{Id as _, OrganisationId, ProductId};
    use domain::time::Timestamp;
    let id = InterfaceAddressId::from_u128(1);
    let none = AddressTests {
        tests: Vec::new(),
        days: 0,
        freeze_after_days: 0,
        next_at: None,
        stopped: Vec::new(),
        running_since: None,
    };
    let now = Timestamp::UNIX_EPOCH;
    let mut product = Product::begin(ProductId::from_u128(1), OrganisationId::from_u128(2), DeliveryMethod::Saas, now);
    product.release = Some(crate::storefront_samples::release());
    let some = AddressTests {
        tests: vec![sample_test(false), sample_test(true)],
        days: 5,
        freeze_after_days: 5,
        next_at: Some(now),
        stopped: vec![product],
        running_since: None,
    };
    let running = AddressTests { running_since: Some(now), ..some.clone() };
    vec![
        DialSection::new(words, id, &none, May::Look),
        DialSection::new(words, id, &some, May::Run),
        DialSection::new(words, id, &running, May::Run),
    ]
}
