//! How things of this slice are said: states, money, plans, timelines. Used by every page of it.

use app::ordering::TimelineEntry;
use domain::fulfilment::{CallStateCode, Step};
use domain::money::Money;
use domain::ordering::{Order, OrderLine, OrderType, Standing, StateCode};
use domain::quantity::Period;
use domain::time::Timestamp;
use language::Words;

use crate::parts::{Cell, Entry, Status, Timeline, Verdict};

/// `USD 140.28`.
pub(super) fn money(words: &Words, amount: Money) -> String {
    words.money(amount.currency().code(), amount.minor(), amount.currency().decimals())
}

/// The state of an order.
pub(super) fn order_state(words: &Words, state: StateCode) -> Status {
    match state {
        StateCode::PendingPayment => Status::warn(words.order_state_pending_payment()),
        StateCode::Processing => Status::info(words.order_state_processing()),
        StateCode::Completed => Status::good(words.order_state_completed()),
        StateCode::Failed => Status::bad(words.order_state_failed()),
        StateCode::Canceled => Status::plain(words.order_state_canceled()),
    }
}

/// In which group an app stands.
pub(super) fn standing(words: &Words, standing: Standing) -> Status {
    match standing {
        Standing::SettingUp => Status::info(words.apps_standing_setting_up()),
        Standing::ExpiringSoon => Status::warn(words.apps_standing_expiring_soon()),
        Standing::Active => Status::good(words.apps_standing_active()),
        Standing::Ended => Status::plain(words.apps_standing_ended()),
    }
}

/// The state of a call.
pub(super) fn call_state(words: &Words, state: CallStateCode) -> Status {
    match state {
        CallStateCode::Waiting => Status::info(words.call_state_waiting()),
        CallStateCode::Parked => Status::warn(words.call_state_parked()),
        CallStateCode::Done => Status::good(words.call_state_done()),
        CallStateCode::GivenUp => Status::bad(words.call_state_given_up()),
    }
}

/// What a call is for.
pub(super) fn call_step(words: &Words, step: Step) -> &'static str {
    match step {
        Step::Create => words.call_step_create(),
        Step::Refresh => words.call_step_refresh(),
        Step::Release => words.call_step_release(),
        Step::Notify => words.call_step_notify(),
    }
}

/// `3 months`, `1 year`, `once`.
pub(super) fn periods(words: &Words, period: Period, count: u32) -> String {
    match period {
        Period::Month => words.order_periods_month(count),
        Period::Year => words.order_periods_year(count),
        Period::Once => words.order_periods_once().to_owned(),
    }
}

/// `Team, 8 × USD 19.00, 3 months`, or the days of a trial.
pub(super) fn plan(words: &Words, line: &OrderLine, order_type: OrderType) -> String {
    let name = line.specification_name.say(words.language());
    match order_type {
        OrderType::Trial { days } => words.common_pair(name, words.order_trial_days(days.get())),
        OrderType::New => {
            let amount = money(words, line.unit_price);
            let periods = periods(words, line.period, line.periods);
            words.common_pair(name, words.checkout_amount_line(line.count.get(), amount, periods))
        }
    }
}

/// A moment: exact for programs, in words for people.
pub(super) fn moment(words: &Words, at: Timestamp) -> Cell {
    Cell::Time(at.to_string(), words.date_time(at))
}

/// What a row about an order begins with: its number and when it was placed.
pub(super) fn order_cells(words: &Words, order: &Order, href: String) -> Vec<Cell> {
    vec![
        Cell::LinkPair(order.number.to_string(), href, words.date_time(order.placed_at)),
        Cell::Pair(
            order.line.product_name.say(words.language()).to_owned(),
            plan(words, &order.line, order.order_type),
        ),
    ]
}

/// Who reads a timeline: decides where the attempts are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// A buyer, who sees that the seller was asked and not what was said.
    Buyer,
    /// The seller of the order.
    Seller,
    /// The operator.
    Operator,
}

/// The timeline in words.
pub(super) fn timeline(words: &'static Words, entries: &[TimelineEntry], reader: Reader, now: Timestamp) -> Timeline {
    Timeline { entries: entries.iter().map(|entry| one(words, entry, reader, now)).collect() }
}

fn one(words: &'static Words, entry: &TimelineEntry, reader: Reader, now: Timestamp) -> Entry {
    let (icon, verdict) = match entry.kind.as_str() {
        "order_paid" => ("credit-card", None),
        "order_completed" => ("circle-check", Some(Verdict::Pass)),
        "order_failed" => ("undo-2", Some(Verdict::Fail)),
        "order_canceled" | "order_timed_out" => ("circle-x", None),
        "access_revealed" => ("eye", None),
        "seller_asked" | "access_refreshed" => ("refresh-cw", None),
        _ => ("circle-dot", None),
    };
    let mut made = Entry {
        icon,
        verdict,
        text: text(words, entry),
        detail: None,
        link: None,
        at: entry.at.to_string(),
        when: format!("{} ({})", words.relative(entry.at, now), words.date_time(entry.at)),
    };
    if let Some(attempts) = &entry.attempts {
        let last = words.time_of_day(attempts.last_at);
        made.detail = Some(match attempts.next_at {
            Some(next) => words.timeline_last_and_next(&last, words.time_of_day(next)),
            None => words.timeline_last(&last),
        });
        let href = match reader {
            Reader::Buyer => None,
            Reader::Seller => Some(format!("/seller/messages/{}", attempts.call)),
            Reader::Operator => Some(format!("/operator/calls/{}", attempts.call)),
        };
        made.link = href.map(|href| (words.timeline_attempts().to_owned(), href));
    }
    made
}

fn text(words: &Words, entry: &TimelineEntry) -> String {
    if let Some(attempts) = &entry.attempts {
        return match attempts.step {
            Step::Create => words.timeline_seller_asked_create(attempts.count),
            Step::Refresh => words.timeline_seller_asked_refresh().to_owned(),
            Step::Release => words.timeline_seller_asked_release().to_owned(),
            Step::Notify => words.timeline_seller_asked_notify(attempts.count),
        };
    }
    let amount = entry.amount.map(|amount| money(words, amount)).unwrap_or_default();
    let person = entry.person.as_deref().unwrap_or_default();
    let with_person = (!person.is_empty()).then(|| format!("{}_by", entry.kind));
    let arguments = [("amount", amount.into()), ("person", person.into())];
    with_person
        .and_then(|kind| words.by_code("timeline", &kind, &arguments))
        .or_else(|| words.by_code("timeline", &entry.kind, &arguments))
        .unwrap_or_else(|| entry.kind.clone())
}
