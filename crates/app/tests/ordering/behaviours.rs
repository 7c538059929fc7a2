//! The lying seller (reliability.md, 40 behaviours): each one through the real call engine and the guarded client, classified as tabled.
//! No lie ever yields a running app; what is only trouble ends by itself when it is over.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use conformance::seller::{Behaviour, SellerHandle, SellerWorld, behaviours};
use domain::fulfilment::{CallState, CallStateCode, Policy};
use domain::ordering::{Order, OrderState};
use domain::selling::ProtocolVersion;
use domain::time::SignedDuration;
use ports::{Chance as _, Clock as _};
use testkit::{SeededChance, TestClock, World, on_every_world};

use crate::connections::{CONNECTIONS, Connection};
use crate::real_seller::{behave, with_seller_speaking};
use crate::story::Market;

on_every_world![
    every_behaviour_is_classified_as_tabled_and_no_lie_activates_an_order,
    in_version_one_no_lie_activates_an_order_either,
    work_done_behind_an_answer_that_nobody_could_read_is_found_by_asking,
];

/// What the engine makes of a behaviour: the first attempt that meets it, then what follows when it never ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// No lie: delivered.
    Fine,
    /// R: tried again until the time is over, then refunded.
    Retry,
    /// Q: the outcome is unknown; the repeated call is the question.
    Unknown,
    /// P: parked at once for the seller; refunded when the time is over.
    Stop,
    /// P after three.
    Strike,
    /// S: as R, and seller and operator are told.
    Alarm,
    /// S: held for a person; no timer refunds it.
    Held,
    /// Q: the instance is denied; told when it keeps to that.
    Denied,
    /// Q: the instance is there and not there by turns; never believed, as three equal answers are needed.
    Contradicts,
    /// Q: asked again and again.
    NotYet,
    /// Q: accepted, never ready.
    Accepted,
}

use Class::{Accepted, Alarm, Contradicts, Denied, Fine, Held, NotYet, Retry, Stop, Strike, Unknown};

impl Class {
    /// The word that the attempt is kept under.
    fn outcome(self) -> &'static str {
        match self {
            Fine => "described",
            Retry => "retry",
            Unknown => "unknown",
            Stop => "stop",
            Strike => "strike",
            Alarm => "alarm",
            Held => "wrong_instance",
            Denied | Contradicts => "denied",
            NotYet => "not_yet",
            Accepted => "being_created",
        }
    }

    /// Whether seller and operator hear of it as a matter of security.
    fn alarms(self) -> bool {
        match self {
            Alarm | Held | Denied => true,
            Fine | Retry | Unknown | Stop | Strike | Contradicts | NotYet | Accepted => false,
        }
    }
}

impl Class {
    /// Whether the seller's people hear at once that a call came to nothing. Who is asked to act is told that instead, and
    /// waiting is no failure.
    fn told(self) -> bool {
        match self {
            Retry | Unknown | Strike | Alarm => true,
            Fine | Stop | Held | Denied | Contradicts | NotYet | Accepted => false,
        }
    }
}

/// Which of the forty a behaviour is, and its class.
struct Row(&'static str, &'static [u8], Class);

/// Every behaviour of the reference seller. Answers are to be signed at this address.
const TABLE: &[Row] = &[
    Row("honest", &[], Fine),
    Row("down", &[5], Retry),
    Row("silent", &[6], Unknown),
    Row("never", &[6], Unknown),
    Row("late", &[6], Unknown),
    Row("lost-answer", &[7], Unknown),
    Row("broken-body", &[7], Unknown),
    Row("drip", &[8], Unknown),
    Row("headers-only", &[8], Unknown),
    Row("slow", &[], Fine),
    Row("status-500", &[13], Retry),
    Row("status-502", &[14], Retry),
    Row("status-503", &[15], Retry),
    Row("status-504", &[16], Unknown),
    Row("status-429", &[17], Retry),
    Row("status-408", &[18], Retry),
    Row("status-401", &[19], Strike),
    Row("status-403", &[19], Strike),
    Row("status-404", &[20], Strike),
    Row("redirect", &[21], Stop),
    Row("redirect-inside", &[22], Alarm),
    Row("html", &[23], Retry),
    Row("empty", &[24], Retry),
    Row("text-plain", &[25], Retry),
    Row("wrong-json", &[26], Retry),
    Row("not-utf8", &[26], Retry),
    Row("array-body", &[26], Retry),
    Row("huge-body", &[27], Stop),
    Row("endless-body", &[27], Stop),
    Row("deep-json", &[28], Stop),
    Row("duplicate-member", &[29], Stop),
    Row("nan", &[29], Stop),
    Row("unsigned", &[30], Alarm),
    Row("wrong-signature", &[31], Alarm),
    Row("malformed-signature", &[31], Alarm),
    Row("other-signature", &[32], Alarm),
    Row("no-result-code", &[33], Retry),
    Row("number-result-code", &[33], Retry),
    Row("refuse-XXXXXX", &[33], Retry),
    Row("too-long", &[36], Stop),
    Row("no-instance-id", &[34], Stop),
    Row("no-front-end-url", &[34], Stop),
    Row("other-instance", &[35], Held),
    // The name that is new each time is denied when it is asked for.
    Row("changed-instance", &[35], Denied),
    Row("long-instance-id", &[36], Stop),
    Row("markup-instance-id", &[36], Stop),
    Row("bidi-instance-id", &[36], Stop),
    Row("javascript-url", &[37], Stop),
    Row("data-url", &[37], Stop),
    Row("inside-url", &[37], Stop),
    Row("async", &[38], Fine),
    Row("async-forever", &[38], Accepted),
    Row("async-without-id", &[38], Retry),
    Row("flickering", &[39], Contradicts),
    Row("denying", &[40], Denied),
    Row("refuses-repeat", &[], Fine),
    Row("empty-info", &[], NotYet),
];

#[test]
fn every_behaviour_has_a_row_and_every_one_of_the_forty_a_behaviour() {
    let listed: BTreeSet<String> = behaviours().into_iter().map(|(name, _)| name).collect();
    let tabled: BTreeSet<String> = TABLE.iter().map(|row| row.0.to_owned()).collect();
    assert_eq!(listed, tabled, "souk seller --list-behaviours against this table");
    assert_eq!(tabled.len(), TABLE.len(), "one row each");
    let mut lies: BTreeSet<u8> = TABLE.iter().flat_map(|row| row.1.iter().copied()).collect();
    lies.extend(CONNECTIONS.iter().map(|connection: &Connection| connection.lie));
    assert_eq!(lies.into_iter().collect::<Vec<_>>(), (1..=40).collect::<Vec<_>>());
}

/// The reference seller in the time of the test world; its waits are a twentieth.
struct Hasty(Arc<TestClock>);

impl SellerWorld for Hasty {
    fn now_ms(&self) -> i64 {
        self.0.now().as_millisecond()
    }
    fn fill_random(&self, bytes: &mut [u8]) {
        SeededChance::new(7).fill(bytes);
    }
    #[expect(clippy::disallowed_methods, reason = "the reference seller plays a slow one, over real sockets")]
    fn pause(&self, ms: u64) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(Duration::from_millis(ms / 20)))
    }
}

/// A market that calls once an hour and cuts calls off after a second: `slow` answers after 300 ms, `late` after 1,250.
pub(crate) fn numbers(world: &World) -> app::Settings {
    let mut settings = world.app.settings.clone();
    settings.fulfilment.policy = Policy { breaker_failures: u32::MAX, ..Policy::hourly() };
    settings.fulfilment.deadline_ms = 1_000;
    settings
}

async fn with_liar<W>(world: World, work: impl FnOnce(Market, SellerHandle) -> W)
where
    W: Future<Output = ()>,
{
    with_liar_speaking(world, ProtocolVersion::V2, work).await;
}

async fn with_liar_speaking<W>(world: World, protocol: ProtocolVersion, work: impl FnOnce(Market, SellerHandle) -> W)
where
    W: Future<Output = ()>,
{
    let (time, settings) = (Arc::new(Hasty(world.clock.clone())), numbers(&world));
    with_seller_speaking(world, time, settings, protocol, |market, handle| async move {
        let seller = market.world.sign_in(&market.seller.email).await.expect("everybody has the same password");
        let signed = market.world.app.set_body_sign_policy(&seller.actor, market.offering.address, "required").await;
        signed.expect("a seller may ask for signed answers");
        market.top_up(market.buyer.actor.organisation, 10_000_000, "for every row").await;
        work(market, handle).await;
    })
    .await;
}

/// How many security notices the operator has.
pub(crate) async fn alarms(market: &Market) -> usize {
    market.told(&market.operator).await.iter().filter(|kind| *kind == "call_security").count()
}

/// Whether the seller's people heard that a call for this order came to nothing.
async fn told_of(market: &Market, order: &Order) -> bool {
    let english = domain::text::Language::English;
    let newest = app::notices::list(&market.world.app, &market.seller.actor, english, None, 20).await;
    let mut newest = newest.expect("notices can be read").into_iter();
    newest.any(|notice| notice.kind == "call_failing" && notice.subject.contains(order.number.as_str()))
}

/// The word of the last attempt so far.
pub(crate) async fn last_outcome(market: &Market, order: &Order) -> String {
    let attempts = market.creation(order).await.attempts;
    attempts.first().and_then(|kept| kept.attempt.finished.as_ref()).map_or_else(String::new, |it| it.outcome.clone())
}

/// What is wrong with how the engine took a behaviour that never ends.
async fn for_ever(market: &Market, handle: &SellerHandle, name: &str, class: Class) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut expect = |what: &str, good: bool| {
        if !good {
            wrong.push(format!("{name} for ever: {what}"));
        }
    };
    // Which of its answers comes first depends on how many there were; the first is to be the bad one.
    behave(handle, if name == "flickering" { "queryInstance:denying*1, flickering" } else { name });
    let before = alarms(market).await;
    let order = market.order(name).await;
    market.world.settle().await;
    expect("told at the first failure or not", told_of(market, &order).await == class.told());
    let first = last_outcome(market, &order).await;
    let also = match name {
        "async" => "being_created",
        // Whether the request had left when the connection went is a race; the cautious reading is as good.
        "down" => "unknown",
        _ => class.outcome(),
    };
    expect(&format!("met as {first}"), first == class.outcome() || first == also);
    let parked = market.creation(&order).await.call.state.code() == CallStateCode::Parked;
    expect("parked at once or not", parked == matches!(class, Stop | Held));
    market.world.live_through(SignedDuration::from_mins(200)).await;
    let state = market.state(&order).await;
    let right = match class {
        Fine => matches!(state, OrderState::Completed { .. }),
        Held => matches!(state, OrderState::Processing { .. }),
        Retry | Unknown | Stop | Strike | Alarm | Denied | Contradicts | NotYet | Accepted => {
            matches!(state, OrderState::Failed { .. })
        }
    };
    expect(&format!("ends as {}", state.code().code()), right);
    let attempts = market.creation(&order).await.attempts.len();
    match class {
        Strike => expect(&format!("{attempts} attempts"), attempts == 3),
        Stop | Held => expect(&format!("{attempts} attempts"), attempts <= 2),
        Retry | Unknown | Alarm => expect(&format!("{attempts} attempts"), attempts == 4),
        Fine | Denied | Contradicts | NotYet | Accepted => {}
    }
    expect("security notice", (alarms(market).await > before) == class.alarms());
    wrong
}

/// What is wrong with how an order goes on when the behaviour came only once.
async fn once(market: &Market, handle: &SellerHandle, name: &str) -> Vec<String> {
    behave(handle, &format!("{name}*1"));
    let order = market.order(&format!("{name} once")).await;
    market.world.settle().await;
    behave(handle, "honest");
    let call = market.creation(&order).await.call;
    if let CallState::Parked { .. } = call.state {
        let restart = app::fulfilment::RestartCall { call: call.id };
        restart.run(&market.world.app, &market.seller.actor).await.expect("a seller restarts its call");
    }
    market.world.live_through(SignedDuration::from_mins(200)).await;
    let completed = matches!(market.state(&order).await, OrderState::Completed { .. });
    // An account that was begun as never ready stays so.
    let right = completed != (name == "async-forever");
    if right { Vec::new() } else { vec![format!("{name} once: {:?}", market.state(&order).await)] }
}

async fn every_behaviour_is_classified_as_tabled_and_no_lie_activates_an_order(world: World) {
    with_liar(world, |market, handle| async move {
        let mut wrong = Vec::new();
        for Row(name, _, class) in TABLE {
            let name = if *name == "refuse-XXXXXX" { "refuse-000100" } else { name };
            assert!(Behaviour::parse(name).is_some(), "{name}");
            wrong.extend(for_ever(&market, &handle, name, *class).await);
            wrong.extend(once(&market, &handle, name).await);
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    })
    .await;
}

/// What opens an app in version 1.0 although it is listed as a lie: it is told of queries, and that version needs none; or it is a
/// name that changes with each answer, of which one answer shows nothing. The next answer of that order is held.
const SEEN_LATER: [&str; 4] = ["flickering", "denying", "empty-info", "changed-instance"];

async fn in_version_one_no_lie_activates_an_order_either(world: World) {
    with_liar_speaking(world, ProtocolVersion::V1, |market, handle| async move {
        let mut wrong = Vec::new();
        for Row(name, _, class) in TABLE {
            let name = if *name == "refuse-XXXXXX" { "refuse-000100" } else { name };
            behave(&handle, name);
            let before = alarms(&market).await;
            let order = market.order(name).await;
            market.world.live_through(SignedDuration::from_mins(200)).await;
            let state = market.state(&order).await;
            let completed = matches!(state, OrderState::Completed { .. });
            let good = *class == Fine || SEEN_LATER.contains(&name);
            if completed != good {
                wrong.push(format!("{name}: {state:?}, {}", last_outcome(&market, &order).await));
            }
            if *class == Alarm && alarms(&market).await == before {
                wrong.push(format!("{name}: nobody was told"));
            }
            wrong.extend(once(&market, &handle, name).await);
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    })
    .await;
}

/// The seller does the work, its answer is lost or unreadable, and it refuses the repeat: the instance runs, so the buyer is not
/// refunded but served (reliability.md F-16).
async fn work_done_behind_an_answer_that_nobody_could_read_is_found_by_asking(world: World) {
    with_liar(world, |market, handle| async move {
        for name in ["lost-answer", "status-504", "html", "wrong-json", "huge-body", "unsigned", "no-instance-id"] {
            behave(&handle, &format!("newInstance:{name}*1, newInstance:refuses-repeat"));
            let order = market.order(name).await;
            market.world.settle().await;
            let call = market.creation(&order).await.call;
            if let CallState::Parked { .. } = call.state {
                let restart = app::fulfilment::RestartCall { call: call.id };
                restart.run(&market.world.app, &market.seller.actor).await.expect("a seller restarts its call");
            }
            market.world.live_through(SignedDuration::from_mins(200)).await;
            let state = market.state(&order).await;
            assert!(matches!(state, OrderState::Completed { .. }), "{name}: {state:?}");
        }
    })
    .await;
}
