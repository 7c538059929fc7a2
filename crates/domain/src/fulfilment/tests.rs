//! Whole lives of calls, told as scripts; and what holds whatever a seller says.

use proptest::prelude::*;

use super::*;
use crate::fulfilment::{Ending, Retries};
use crate::ids::{Id as _, InterfaceAddressId, OrderId, OrganisationId, SellerCallId, SubscriptionId};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).expect("the tests stay near 1970")
}

fn instance(name: &str) -> InstanceId {
    name.parse().expect("the tests name instances well")
}

fn call(step: Step) -> SellerCall {
    let policy = Policy::default();
    let (activity, closes_at, instance) = match step {
        Step::Create => (Activity::NewInstance, policy.retries.create.closes_at(at(0)), None),
        Step::Refresh => (Activity::QueryInstance, policy.retries.refresh.closes_at(at(0)), Some(instance("one"))),
        Step::Release => (Activity::ReleaseInstance, policy.retries.release.closes_at(at(0)), Some(instance("one"))),
        Step::Notify => (Activity::OrderNotify, policy.retries.notify.closes_at(at(0)), None),
    };
    SellerCall {
        id: SellerCallId::from_u128(1),
        step,
        order: OrderId::from_u128(2),
        subscription: SubscriptionId::from_u128(3),
        seller: OrganisationId::from_u128(4),
        address: InterfaceAddressId::from_u128(5),
        instance,
        presumed: Vec::new(),
        doubt: None,
        opened_at: at(0),
        closes_at,
        state: CallState::Waiting { activity, due_at: at(0), failures: 0, strikes: 0 },
    }
}

fn created(name: &str, progress: Progress) -> Heard {
    Heard::Created { instance: instance(name), progress }
}

fn trouble(class: TroubleClass) -> Heard {
    Heard::Trouble(Trouble { class, retry_after: None })
}

/// Runs one attempt of whatever is due, at the instant it is due.
fn hear(call: &SellerCall, heard: Heard) -> Next {
    let CallState::Waiting { activity, due_at, .. } = call.state else { panic!("nothing is due: {:?}", call.state) };
    after(call, activity, heard, due_at, &Policy::default(), Jitter::NONE)
}

fn due_s(call: &SellerCall) -> i64 {
    call.due_at().expect("something is due").as_second()
}

#[test]
fn an_instance_made_at_once_is_asked_for_and_delivered() {
    let next = hear(&call(Step::Create), created("one", Progress::Ready));
    assert_eq!(next.effects, [Effect::LearnInstance(instance("one"))]);
    assert_eq!(due_s(&next.call), 0);
    let next = hear(&next.call, Heard::Described);
    assert_eq!(next.effects, [Effect::Activate(instance("one"))]);
    assert_eq!(next.call.state, CallState::Done { at: at(0) });
    assert_eq!(next.call.due_at(), None);
}

#[test]
fn what_is_described_in_the_answer_to_its_creation_is_delivered_without_another_question() {
    let delivered = |name: &str| Heard::Delivered { instance: instance(name) };
    let next = hear(&call(Step::Create), delivered("one"));
    assert_eq!(next.effects, [Effect::Activate(instance("one"))]);
    assert_eq!((next.call.state, next.call.instance), (CallState::Done { at: at(0) }, Some(instance("one"))));
    // Another instance than the one that this order was answered with before is held, not delivered.
    let known = SellerCall { instance: Some(instance("one")), ..call(Step::Create) };
    let held = hear(&known, delivered("two"));
    assert!(matches!(held.call.state, CallState::Parked { reason: ParkReason::Held, .. }), "{:?}", held.call.state);
    // One that turns up after the refund is taken back.
    let over = give_up(&held.call, at(9)).expect("it is parked").call;
    let late = after(&over, Activity::NewInstance, delivered("two"), at(10), &Policy::default(), Jitter::NONE);
    assert_eq!(late.effects, [Effect::Release(instance("two")), Effect::Tell(Telling::Security)]);
}

#[test]
fn a_notice_is_tried_for_an_hour_whatever_comes_back_and_then_let_go_without_a_word_to_anybody_else() {
    assert!(matches!(hear(&call(Step::Notify), Heard::Noticed).call.state, CallState::Done { .. }));
    for class in [TroubleClass::Retry, TroubleClass::Stop, TroubleClass::Strike, TroubleClass::WrongInstance] {
        let mut next = hear(&call(Step::Notify), trouble(class));
        assert_eq!(next.effects, [Effect::Tell(Telling::FirstFailure)]);
        let mut last = 0;
        while let CallState::Waiting { due_at, .. } = next.call.state {
            last = due_at.as_second();
            next = hear(&next.call, trouble(class));
            assert_eq!(next.effects, [], "{class:?}: no order fails, nobody is asked");
        }
        assert_eq!(last, 3_600, "the last attempt is made when the time is over");
        assert!(matches!(next.call.state, CallState::GivenUp { reason: GiveUpReason::Exhausted, .. }));
    }
    let told = hear(&call(Step::Notify), Heard::Released);
    assert!(matches!(told.call.state, CallState::Waiting { .. }), "an answer to something else is none");
}

#[test]
fn an_instance_made_later_is_asked_for_with_growing_pauses_until_it_is_there() {
    let mut next = hear(&call(Step::Create), created("one", Progress::InProgress));
    let mut asked = vec![due_s(&next.call)];
    for _ in 0..6 {
        next = hear(&next.call, Heard::NotYet);
        asked.push(due_s(&next.call));
        assert_eq!(next.effects, [], "waiting is no failure");
    }
    assert_eq!(asked, [10, 30, 70, 150, 310, 610, 910]);
    assert_eq!(hear(&next.call, Heard::Described).effects, [Effect::Activate(instance("one"))]);
}

#[test]
fn a_question_that_fails_is_told_though_the_creation_went_well_and_waiting_is_not() {
    let (asked, _) = live(call(Step::Create), vec![created("one", Progress::Ready), Heard::NotYet, Heard::Denied]);
    for class in [TroubleClass::Retry, TroubleClass::OutcomeUnknown, TroubleClass::Strike] {
        assert_eq!(hear(&asked, trouble(class)).effects, [Effect::Tell(Telling::FirstFailure)], "{class:?}");
    }
    let between = [Effect::Tell(Telling::Security), Effect::Tell(Telling::FirstFailure)];
    assert_eq!(hear(&asked, trouble(TroubleClass::Alarm)).effects, between);
    let (_, odd) = live(asked.clone(), vec![Heard::Released]);
    assert_eq!(odd, [Effect::Tell(Telling::FirstFailure)], "an answer to something else is none");
    let (_, waited) = live(asked.clone(), vec![Heard::NotYet, Heard::NotYet]);
    assert_eq!(waited, [], "waiting is no failure");
    let parked = hear(&asked, trouble(TroubleClass::Stop));
    assert_eq!(parked.effects, [Effect::Tell(Telling::Parked)], "who is asked to act is told that alone");
    let at_the_end = after(
        &asked,
        Activity::QueryInstance,
        trouble(TroubleClass::Retry),
        at(10_800),
        &Policy::default(),
        Jitter::NONE,
    );
    assert!(!at_the_end.effects.contains(&Effect::Tell(Telling::FirstFailure)), "{:?}", at_the_end.effects);
}

#[test]
fn a_silent_seller_is_tried_by_the_schedule_for_three_hours_and_then_the_order_is_refunded_once() {
    let mut next = hear(&call(Step::Create), trouble(TroubleClass::Retry));
    assert_eq!(next.effects, [Effect::Tell(Telling::FirstFailure)]);
    let mut tried = vec![due_s(&next.call)];
    while let CallState::Waiting { .. } = next.call.state {
        next = hear(&next.call, trouble(TroubleClass::OutcomeUnknown));
        tried.extend(next.call.due_at().map(|due| due.as_second()));
    }
    assert_eq!(tried[..8], [5, 20, 50, 110, 230, 470, 950, 1_550]);
    assert_eq!(tried.last(), Some(&10_800), "the last attempt is made when the time is over");
    let told = [Effect::FailOrder(GiveUpReason::Exhausted), Effect::Tell(Telling::GivenUp)];
    assert_eq!(next.effects, told, "nothing was named, so nothing is released");
    assert_eq!(next.call.state, CallState::GivenUp { at: at(10_800), reason: GiveUpReason::Exhausted });
}

#[test]
fn an_order_that_fails_after_the_seller_named_an_instance_releases_it() {
    let mut next = hear(&call(Step::Create), created("one", Progress::InProgress));
    while let CallState::Waiting { .. } = next.call.state {
        next = hear(&next.call, Heard::NotYet);
    }
    let expected =
        [Effect::FailOrder(GiveUpReason::Exhausted), Effect::Release(instance("one")), Effect::Tell(Telling::GivenUp)];
    assert_eq!(next.effects, expected);
}

#[test]
fn an_instance_that_turns_up_after_the_refund_is_released_and_the_refund_stands() {
    let mut next = hear(&call(Step::Create), trouble(TroubleClass::Retry));
    while let CallState::Waiting { .. } = next.call.state {
        next = hear(&next.call, trouble(TroubleClass::OutcomeUnknown));
    }
    let late = after(
        &next.call,
        Activity::NewInstance,
        created("late", Progress::Ready),
        at(99_999),
        &Policy::default(),
        Jitter::NONE,
    );
    assert_eq!(late.effects, [Effect::Release(instance("late")), Effect::Tell(Telling::Security)]);
    assert_eq!(late.call, next.call);
}

#[test]
fn a_pause_that_the_seller_asks_for_is_kept_but_never_past_the_end() {
    let wait = |seconds| {
        let retry_after = Some(SignedDuration::from_secs(seconds));
        Heard::Trouble(Trouble { class: TroubleClass::Retry, retry_after })
    };
    assert_eq!(due_s(&hear(&call(Step::Create), wait(120)).call), 120);
    assert_eq!(due_s(&hear(&call(Step::Create), wait(1)).call), 5, "no sooner than planned");
    assert_eq!(due_s(&hear(&call(Step::Create), wait(99_999)).call), 10_800);
}

#[test]
fn what_no_repeat_can_help_stops_and_is_refunded_when_the_time_is_over() {
    let next = hear(&call(Step::Create), trouble(TroubleClass::Stop));
    assert_eq!(next.effects, [Effect::Tell(Telling::Parked)]);
    assert_eq!(due_s(&next.call), 10_800);
    assert_eq!(close(&next.call, at(10_799)).effects, []);
    let over = close(&next.call, at(10_800));
    assert_eq!(over.effects, [Effect::FailOrder(GiveUpReason::Exhausted), Effect::Tell(Telling::GivenUp)]);
    let again = restart(&next.call, at(100), &Policy::default()).expect("a parked call restarts");
    assert_eq!((due_s(&again), again.closes_at), (100, Some(at(10_800))), "the buyer's time is not begun anew");
}

#[test]
fn three_refusals_by_status_in_a_row_stop_and_others_between_them_begin_anew() {
    let one = hear(&call(Step::Create), trouble(TroubleClass::Strike));
    let two = hear(&one.call, trouble(TroubleClass::Strike));
    assert!(matches!(two.call.state, CallState::Waiting { strikes: 2, .. }));
    let three = hear(&two.call, trouble(TroubleClass::Strike));
    assert!(matches!(three.call.state, CallState::Parked { reason: ParkReason::Stopped, .. }));
    let between = hear(&two.call, trouble(TroubleClass::Retry));
    assert!(matches!(between.call.state, CallState::Waiting { strikes: 0, .. }));
}

#[test]
fn another_instance_for_the_same_order_is_held_and_only_a_person_moves_it() {
    let first = hear(&call(Step::Create), created("one", Progress::Ready));
    let mut again = first.call.clone();
    again.state = CallState::Waiting { activity: Activity::NewInstance, due_at: at(60), failures: 0, strikes: 0 };
    for heard in [created("two", Progress::Ready), trouble(TroubleClass::WrongInstance)] {
        let held = hear(&again, heard);
        assert_eq!(held.effects, [Effect::Tell(Telling::Security), Effect::Tell(Telling::Parked)]);
        assert!(matches!(held.call.state, CallState::Parked { reason: ParkReason::Held, .. }));
        assert_eq!(held.call.due_at(), None, "no timer refunds what may be running");
        assert_eq!(held.call.instance, Some(instance("one")));
        let refunded = give_up(&held.call, at(70)).expect("an operator may give it up");
        assert_eq!(refunded.effects[0], Effect::FailOrder(GiveUpReason::Operator));
        assert_eq!(refunded.effects[1], Effect::Release(instance("one")));
    }
}

#[test]
fn somebody_in_between_is_told_and_tried_again() {
    let next = hear(&call(Step::Create), trouble(TroubleClass::Alarm));
    assert_eq!(next.effects, [Effect::Tell(Telling::Security), Effect::Tell(Telling::FirstFailure)]);
    assert_eq!(due_s(&next.call), 5);
}

#[test]
fn a_release_is_tried_for_an_hour_and_then_waits_for_a_restart() {
    let done = hear(&call(Step::Release), Heard::Released);
    assert_eq!((done.call.state, done.effects), (CallState::Done { at: at(0) }, vec![]));
    let mut next = hear(&call(Step::Release), trouble(TroubleClass::Retry));
    while let CallState::Waiting { .. } = next.call.state {
        next = hear(&next.call, trouble(TroubleClass::Retry));
    }
    assert!(matches!(next.call.state, CallState::Parked { reason: ParkReason::Exhausted, .. }));
    assert_eq!(next.effects, [Effect::Tell(Telling::Parked)]);
    let again = restart(&next.call, at(9_000), &Policy::default()).expect("a parked call restarts");
    assert_eq!((due_s(&again), again.closes_at), (9_000, Some(at(12_600))));
}

#[test]
fn each_step_is_tried_and_ends_as_its_row_says() {
    let mut policy = Policy::default();
    let minutes = SignedDuration::from_mins;
    policy.retries.notify =
        Retries { pauses: vec![minutes(1)], then_every: minutes(2), horizon: minutes(5), ending: Ending::Wait };
    policy.retries.refresh =
        Retries { pauses: Vec::new(), then_every: minutes(3), horizon: minutes(7), ending: Ending::LetGo };
    let live = |step| {
        let closes_at = policy.retries.of(step).closes_at(at(0));
        let mut call = SellerCall { closes_at, ..call(step) };
        let (mut tried, mut told) = (Vec::new(), Vec::new());
        while let CallState::Waiting { activity, due_at, .. } = call.state {
            tried.push(due_at.as_second() / 60);
            let next = after(&call, activity, trouble(TroubleClass::Retry), due_at, &policy, Jitter::NONE);
            told.extend(next.effects);
            call = next.call;
        }
        (tried, told, call.state)
    };
    let (tried, told, state) = live(Step::Notify);
    assert_eq!(
        (tried, told),
        (vec![0, 1, 3, 5], vec![Effect::Tell(Telling::FirstFailure), Effect::Tell(Telling::Parked)])
    );
    assert!(matches!(state, CallState::Parked { reason: ParkReason::Exhausted, .. }), "{state:?}");
    let (tried, told, state) = live(Step::Refresh);
    assert_eq!((tried, told), (vec![0, 3, 6, 7], Vec::new()), "a buyer's question disturbs nobody");
    assert_eq!(state, CallState::GivenUp { at: at(420), reason: GiveUpReason::Exhausted });
}

#[test]
fn a_refresh_is_tried_once_and_its_failure_disturbs_nobody() {
    assert_eq!(hear(&call(Step::Refresh), Heard::Described).effects, [Effect::KeepAccess]);
    for heard in [trouble(TroubleClass::Retry), trouble(TroubleClass::Stop), Heard::NotYet] {
        let next = hear(&call(Step::Refresh), heard);
        assert_eq!(next.effects, []);
        assert_eq!(next.call.state, CallState::GivenUp { at: at(0), reason: GiveUpReason::Once });
    }
}

#[test]
fn what_is_over_is_neither_restarted_nor_given_up() {
    let done = hear(&call(Step::Release), Heard::Released).call;
    assert_eq!(restart(&done, at(1), &Policy::default()), Err(CallRefusal::Over(CallStateCode::Done)));
    assert_eq!(give_up(&done, at(1)), Err(CallRefusal::Over(CallStateCode::Done)));
    assert_eq!(give_up(&call(Step::Create), at(1)), Err(CallRefusal::StillTrying));
    let now = restart(&call(Step::Create), at(1), &Policy::default()).expect("a waiting call is tried now");
    assert_eq!(due_s(&now), 1);
}

/// Hears one answer after the other; the call as it stands then, and all that was to be done.
fn live(mut call: SellerCall, script: Vec<Heard>) -> (SellerCall, Vec<Effect>) {
    let mut effects = Vec::new();
    for heard in script {
        let mut next = hear(&call, heard);
        effects.append(&mut next.effects);
        call = next.call;
    }
    (call, effects)
}

fn exists(names: &[&str]) -> Heard {
    Heard::Exists { names: names.iter().map(|name| instance(name)).collect() }
}

#[test]
fn an_instance_that_exists_already_is_asked_for_by_every_name_it_may_have_and_delivered() {
    let script = vec![trouble(TroubleClass::OutcomeUnknown), exists(&["a", "b"]), Heard::Denied, Heard::Described];
    let (call, effects) = live(call(Step::Create), script);
    assert_eq!(effects, [Effect::Tell(Telling::FirstFailure), Effect::Activate(instance("b"))]);
    assert_eq!((call.state, call.instance), (CallState::Done { at: at(5) }, Some(instance("b"))));
}

#[test]
fn an_instance_that_exists_and_that_nobody_finds_is_held_and_never_refunded_by_a_timer() {
    let (held, effects) = live(call(Step::Create), vec![exists(&["a"]), Heard::NotYet]);
    assert_eq!(effects, [Effect::Tell(Telling::Security), Effect::Tell(Telling::Parked)]);
    let parked = CallState::Parked { activity: Activity::NewInstance, at: at(0), reason: ParkReason::Held };
    assert_eq!((held.state, held.due_at()), (parked, None), "a restart begins with a creation");
    let (mut lost, _) = live(call(Step::Create), vec![exists(&["a"])]);
    while let CallState::Waiting { .. } = lost.state {
        lost = hear(&lost, trouble(TroubleClass::Retry)).call;
    }
    assert!(matches!(lost.state, CallState::Parked { reason: ParkReason::Held, .. }), "{:?}", lost.state);
    let (stopped, _) = live(call(Step::Create), vec![exists(&["a"]), trouble(TroubleClass::Stop)]);
    assert!(matches!(stopped.state, CallState::Parked { reason: ParkReason::Held, .. }), "{:?}", stopped.state);
}

#[test]
fn a_seller_that_contradicts_itself_is_believed_after_three_equal_answers() {
    let begun = vec![created("one", Progress::Ready), Heard::Denied];
    let (doubted, _) = live(call(Step::Create), begun);
    let (waits, effects) =
        live(doubted.clone(), vec![Heard::Described, Heard::Denied, Heard::Described, Heard::Described]);
    assert_eq!(effects, [], "exists, not found, exists, exists: not believed yet");
    assert_eq!(waits.doubt, Some(Doubt { said: Said::There, times: 2 }));
    let (broken, effects) = live(waits.clone(), vec![Heard::NotYet, Heard::Described, Heard::Described]);
    assert_eq!((effects.len(), broken.doubt), (0, Some(Doubt { said: Said::There, times: 2 })), "a row begins anew");
    let (done, effects) = live(waits, vec![trouble(TroubleClass::Retry), Heard::Described]);
    let told = [Effect::Tell(Telling::FirstFailure), Effect::Activate(instance("one"))];
    assert_eq!(effects, told, "no answer breaks no row");
    assert!(matches!(done.state, CallState::Done { .. }));
}

#[test]
fn a_seller_that_keeps_denying_what_it_named_is_reported_once_and_the_order_ends_refunded() {
    let (mut next, _) = live(call(Step::Create), vec![created("one", Progress::Ready)]);
    let mut told = 0;
    let mut last = Vec::new();
    while let CallState::Waiting { .. } = next.state {
        let heard = hear(&next, Heard::Denied);
        told += heard.effects.iter().filter(|effect| **effect == Effect::Tell(Telling::Security)).count();
        (next, last) = (heard.call, heard.effects);
    }
    assert_eq!(told, 1);
    assert_eq!(last[..2], [Effect::FailOrder(GiveUpReason::Exhausted), Effect::Release(instance("one"))]);
    let refresh = hear(&call(Step::Refresh), Heard::Denied);
    assert_eq!(refresh.effects, [Effect::Tell(Telling::Security)], "L-40: it ran, and is denied now");
}

fn any_heard() -> impl Strategy<Value = Heard> {
    let class = prop::sample::select(vec![
        TroubleClass::Retry,
        TroubleClass::OutcomeUnknown,
        TroubleClass::Stop,
        TroubleClass::Strike,
        TroubleClass::Alarm,
        TroubleClass::WrongInstance,
    ]);
    let trouble = (class, prop::option::of(0_i64..100_000)).prop_map(|(class, seconds)| {
        Heard::Trouble(Trouble { class, retry_after: seconds.map(SignedDuration::from_secs) })
    });
    let named = prop::sample::select(vec![created("one", Progress::Ready), created("two", Progress::InProgress)]);
    let names = prop::sample::select(vec![exists(&["one"]), exists(&["one", "two"]), exists(&[])]);
    prop_oneof![
        6 => trouble,
        2 => named,
        2 => Just(Heard::NotYet),
        2 => Just(Heard::Denied),
        1 => names,
        1 => Just(Heard::Described),
        1 => Just(Heard::Released),
    ]
}

proptest! {
    /// P4: whatever the seller says, a creation is delivered, or refunded exactly once, or waits for a person; it is
    /// never delivered and refunded; and no attempt is planned after the end of its time.
    #[test]
    fn whatever_a_seller_says_every_creation_ends_in_one_of_three_ways(
        script in prop::collection::vec((any_heard(), any::<[u8; 2]>()), 1..200),
    ) {
        let policy = Policy::default();
        let mut call = call(Step::Create);
        let closes_at = call.closes_at.expect("a creation has an end");
        let (mut delivered, mut refunded) = (0, 0);
        let mut count = |effects: &[Effect]| {
            for effect in effects {
                match effect {
                    Effect::Activate(_) => delivered += 1,
                    Effect::FailOrder(_) => refunded += 1,
                    Effect::LearnInstance(_) | Effect::KeepAccess | Effect::Release(_) | Effect::Tell(_) => {}
                }
            }
        };
        let silence = (trouble(TroubleClass::Retry), [0, 0]);
        for (heard, random) in script.into_iter().chain(std::iter::repeat_n(silence, 60)) {
            let next = match call.state {
                CallState::Waiting { activity, due_at, .. } => {
                    prop_assert!(due_at <= closes_at);
                    after(&call, activity, heard, due_at, &policy, Jitter::from_random(random))
                }
                CallState::Parked { .. } => close(&call, call.due_at().unwrap_or(closes_at)),
                CallState::Done { .. } | CallState::GivenUp { .. } => {
                    after(&call, Activity::NewInstance, heard, closes_at, &policy, Jitter::NONE)
                }
            };
            count(&next.effects);
            call = next.call;
        }
        prop_assert!(delivered + refunded <= 1, "delivered {} times, refunded {} times", delivered, refunded);
        match call.state {
            CallState::Done { .. } => prop_assert_eq!(delivered, 1),
            CallState::GivenUp { .. } => prop_assert_eq!(refunded, 1),
            CallState::Parked { reason, .. } => prop_assert_eq!(reason, ParkReason::Held),
            CallState::Waiting { .. } => prop_assert!(false, "still waiting: {:?}", call),
        }
    }
}
