//! The table `seller_calls`: steps towards sellers.

use db::{Row, values};
use domain::fulfilment::{Activity, CallState, CallStateCode, Doubt, GiveUpReason, ParkReason, Said, SellerCall, Step};
use domain::ids::{InstanceId, OrderId, OrganisationId, SellerCallId, SubscriptionId, UserId};
use domain::time::{Timestamp, to_millisecond};

use crate::decode::Suspect;
use crate::{StoreError, Tx};

macro_rules! insert {
    () => {
        "INSERT INTO seller_calls (id, step, order_id, subscription, seller, address, instance, opened_at,
           closes_at, state, activity, due_at, failures, strikes, parked_at, park_reason, done_at, given_up_at,
           give_up_reason, presumed, doubt_said, doubt_times, restarted_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)"
    };
}

/// Writes a new call; says whether it was new. An order is created once, and an instance released once.
pub async fn insert(tx: &mut Tx, call: &SellerCall, asked: Asked) -> Result<bool, StoreError> {
    let written = tx.execute(concat!(insert!(), " ON CONFLICT DO NOTHING"), columns(call, asked)).await?;
    Ok(written == 1)
}

/// As [`insert`], for a call that is new because its order is: a second one is refused.
pub fn insert_first(tx: &mut Tx, call: &SellerCall) -> Result<(), StoreError> {
    tx.execute_later(insert!(), columns(call, Asked::BySchedule))?;
    Ok(())
}

fn columns(call: &SellerCall, asked: Asked) -> Vec<db::Value> {
    let facts = StateColumns::of(&call.state);
    values![
        call.id.to_string(),
        call.step.code(),
        call.order.to_string(),
        call.subscription.to_string(),
        call.seller.to_string(),
        call.address.to_string(),
        call.instance.as_ref().map(ToString::to_string),
        to_millisecond(call.opened_at),
        call.closes_at.map(to_millisecond),
        facts.state,
        facts.activity,
        facts.due_at,
        facts.failures,
        facts.strikes,
        facts.parked_at,
        facts.park_reason,
        facts.done_at,
        facts.given_up_at,
        facts.give_up_reason,
        presumed(call),
        call.doubt.map(|doubt| doubt.said.code()),
        call.doubt.map(|doubt| doubt.times),
        asked.person(),
    ]
}

/// Whether a person asked for the next attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// By the schedule.
    BySchedule,
    /// By a person, who passes the breaker.
    ByPerson(UserId),
}

impl Asked {
    /// As the column `restarted_by` holds it.
    fn person(self) -> Option<String> {
        match self {
            Asked::BySchedule => None,
            Asked::ByPerson(user) => Some(user.to_string()),
        }
    }
}

/// Writes how far the call has come. Read it with [`lock`] before.
pub async fn save(tx: &mut Tx, call: &SellerCall, asked: Asked) -> Result<(), StoreError> {
    let facts = StateColumns::of(&call.state);
    tx.execute_later(
        "UPDATE seller_calls SET instance = $2, closes_at = $3, state = $4, activity = $5, due_at = $6, failures = $7,
           strikes = $8, parked_at = $9, park_reason = $10, done_at = $11, given_up_at = $12, give_up_reason = $13,
           restarted_by = $14, presumed = $15, doubt_said = $16, doubt_times = $17 WHERE id = $1",
        values![
            call.id.to_string(),
            call.instance.as_ref().map(ToString::to_string),
            call.closes_at.map(to_millisecond),
            facts.state,
            facts.activity,
            facts.due_at,
            facts.failures,
            facts.strikes,
            facts.parked_at,
            facts.park_reason,
            facts.done_at,
            facts.given_up_at,
            facts.give_up_reason,
            asked.person(),
            presumed(call),
            call.doubt.map(|doubt| doubt.said.code()),
            call.doubt.map(|doubt| doubt.times),
        ],
    )?;
    Ok(())
}

/// Puts off until `until` calls whose jobs are due in `lane`, nobody has in hands, nobody asked for, and whose time is not
/// over before; the oldest, so many that others need not wait. Says how many. Leasing each to find its seller closed would
/// cost thousands of transactions a minute. Row by row: a join of thousands is planned wrongly where statistics are young.
pub async fn put_off(tx: &mut Tx, lane: &str, now: Timestamp, until: Timestamp) -> Result<u64, StoreError> {
    const AT_ONCE: u32 = 50;
    let waiting = tx
        .query(
            concat!(
                "SELECT id, key FROM jobs WHERE lane = $1 AND parked_at IS NULL AND leased_until IS NULL AND due_at <= $2
                 ORDER BY due_at, id LIMIT $3",
                db::skip_locked!()
            ),
            values![lane, to_millisecond(now), AT_ONCE],
        )
        .await?;
    let (mut calls, mut jobs) = (Vec::with_capacity(waiting.len()), Vec::with_capacity(waiting.len()));
    for row in &waiting {
        let (job, call): (String, String) = (row.get("id")?, row.get("key")?);
        calls.push((
            "UPDATE seller_calls SET due_at = $2 WHERE id = $1 AND state = 'waiting' AND due_at < $2
               AND restarted_by IS NULL AND (closes_at IS NULL OR closes_at > $2)",
            values![call, to_millisecond(until)],
        ));
        jobs.push(("UPDATE jobs SET due_at = $2 WHERE id = $1", values![job, to_millisecond(until)]));
    }
    let changed = tx.execute_all(calls).await?;
    let put_off = jobs.into_iter().zip(&changed).filter(|(_, changed)| **changed == 1).map(|(job, _)| job);
    tx.execute_all(put_off.collect()).await?;
    Ok(changed.into_iter().sum())
}

/// Counts one more attempt and answers its number.
pub async fn count_attempt(tx: &mut Tx, id: SellerCallId) -> Result<i64, StoreError> {
    let row = tx
        .query_one(
            "UPDATE seller_calls SET attempts = attempts + 1 WHERE id = $1 RETURNING attempts",
            values![id.to_string()],
        )
        .await?;
    Ok(row.get("attempts")?)
}

/// The call.
pub async fn find(tx: &mut Tx, id: SellerCallId) -> Result<Option<SellerCall>, StoreError> {
    let row = tx.query_optional("SELECT * FROM seller_calls WHERE id = $1", values![id.to_string()]).await?;
    row.as_ref().map(decode).transpose()
}

/// The call and who asked for its next attempt; nobody else changes it until this transaction ends.
pub async fn lock(tx: &mut Tx, id: SellerCallId) -> Result<Option<(SellerCall, Asked)>, StoreError> {
    let row = tx
        .query_optional(concat!("SELECT * FROM seller_calls WHERE id = $1", db::for_update!()), values![id.to_string()])
        .await?;
    row.as_ref()
        .map(|row| {
            let restarted_by = Suspect::new("seller_calls", row)?.optional_parsed::<UserId>("restarted_by")?;
            Ok((decode(row)?, restarted_by.map_or(Asked::BySchedule, Asked::ByPerson)))
        })
        .transpose()
}

/// The calls of one order, oldest first.
pub async fn of_order(tx: &mut Tx, order: OrderId) -> Result<Vec<SellerCall>, StoreError> {
    let rows =
        tx.query("SELECT * FROM seller_calls WHERE order_id = $1 ORDER BY id", values![order.to_string()]).await?;
    rows.iter().map(decode).collect()
}

/// The last call of a subscription for one purpose.
pub async fn last_of_subscription(
    tx: &mut Tx,
    subscription: SubscriptionId,
    step: Step,
) -> Result<Option<SellerCall>, StoreError> {
    let row = tx
        .query_optional(
            "SELECT * FROM seller_calls WHERE subscription = $1 AND step = $2 ORDER BY id DESC LIMIT 1",
            values![subscription.to_string(), step.code()],
        )
        .await?;
    row.as_ref().map(decode).transpose()
}

/// Which calls a list shows by how they went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Course {
    /// However they went.
    #[default]
    Any,
    /// Only those of which an attempt came to nothing.
    Troubled,
}

/// Which calls a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only to this seller.
    pub seller: Option<OrganisationId>,
    /// Only those in this state.
    pub state: Option<CallStateCode>,
    /// Only those for this purpose.
    pub step: Option<Step>,
    /// Only those older than this one.
    pub before: Option<SellerCallId>,
    /// Only those for the order of this number.
    pub order_number: Option<String>,
    /// Only those of which an attempt asked this.
    pub activity: Option<Activity>,
    /// Only those that went so.
    pub course: Course,
    /// Only those begun then or later.
    pub from: Option<Timestamp>,
    /// Only those begun before then.
    pub until: Option<Timestamp>,
}

/// One statement for each index that leads to few calls: what may be anything uses none.
macro_rules! listed {
    ($led_by:literal) => {
        concat!(
            "SELECT * FROM seller_calls WHERE ",
            $led_by,
            " AND ($1 = '' OR seller = $1) AND ($2 = '' OR state = $2) AND ($3 = '' OR step = $3) AND ($4 = '' OR id < $4)
               AND ($7 = '' OR EXISTS (SELECT 1 FROM call_attempts a WHERE a.call = seller_calls.id AND a.activity = $7))
               AND ($8 = '' OR EXISTS (SELECT 1 FROM call_attempts a WHERE a.call = seller_calls.id
                     AND a.outcome IN ('retry', 'unknown', 'stop', 'strike', 'alarm', 'wrong_instance', 'denied')))
               AND opened_at >= $9 AND opened_at < $10 ORDER BY id DESC LIMIT $5"
        )
    };
}

const OF_AN_ORDER: &str = listed!("order_id = (SELECT o.id FROM orders o WHERE o.number = $6)");
const OF_A_SELLER: &str = listed!("seller = $1 AND $6 = ''");
const OF_ANYONE: &str = listed!("$6 = ''");

/// Calls, newest first.
pub async fn list(tx: &mut Tx, filter: Filter, most: u32) -> Result<Vec<SellerCall>, StoreError> {
    let sql = match (&filter.order_number, filter.seller) {
        (Some(_), _) => OF_AN_ORDER,
        (None, Some(_)) => OF_A_SELLER,
        (None, None) => OF_ANYONE,
    };
    let rows = tx
        .query(
            sql,
            values![
                filter.seller.map(|id| id.to_string()).unwrap_or_default(),
                filter.state.map_or("", CallStateCode::code),
                filter.step.map_or("", Step::code),
                filter.before.map(|id| id.to_string()).unwrap_or_default(),
                most,
                filter.order_number.unwrap_or_default(),
                filter.activity.map_or("", Activity::code),
                match filter.course {
                    Course::Any => "",
                    Course::Troubled => "troubled",
                },
                filter.from.map_or(i64::MIN, to_millisecond),
                filter.until.map_or(i64::MAX, to_millisecond),
            ],
        )
        .await?;
    rows.iter().map(decode).collect()
}

/// Names hold no blanks, so that blanks part them.
fn presumed(call: &SellerCall) -> String {
    call.presumed.iter().map(InstanceId::as_str).collect::<Vec<_>>().join(" ")
}

fn decode_presumed(row: &Suspect<'_>) -> Result<Vec<InstanceId>, StoreError> {
    let names = row.text("presumed")?;
    names.split_whitespace().map(|name| name.parse().map_err(|()| row.corrupt("presumed"))).collect()
}

fn decode_doubt(row: &Suspect<'_>) -> Result<Option<Doubt>, StoreError> {
    match (row.optional_parsed::<Said>("doubt_said")?, row.optional_number("doubt_times")?) {
        (None, None) => Ok(None),
        (Some(said), Some(times)) => {
            Ok(Some(Doubt { said, times: u32::try_from(times).map_err(|_| row.corrupt("doubt_times"))? }))
        }
        (Some(_), None) | (None, Some(_)) => Err(row.corrupt("half a doubt")),
    }
}

#[derive(Default)]
struct StateColumns {
    state: &'static str,
    activity: Option<&'static str>,
    due_at: Option<i64>,
    failures: Option<i64>,
    strikes: Option<i64>,
    parked_at: Option<i64>,
    park_reason: Option<&'static str>,
    done_at: Option<i64>,
    given_up_at: Option<i64>,
    give_up_reason: Option<&'static str>,
}

impl StateColumns {
    fn of(state: &CallState) -> StateColumns {
        let none = StateColumns { state: state.code().code(), ..StateColumns::default() };
        match *state {
            CallState::Waiting { activity, due_at, failures, strikes } => StateColumns {
                activity: Some(activity.code()),
                due_at: Some(to_millisecond(due_at)),
                failures: Some(i64::from(failures)),
                strikes: Some(i64::from(strikes)),
                ..none
            },
            CallState::Parked { activity, at, reason } => StateColumns {
                activity: Some(activity.code()),
                parked_at: Some(to_millisecond(at)),
                park_reason: Some(reason.code()),
                ..none
            },
            CallState::Done { at } => StateColumns { done_at: Some(to_millisecond(at)), ..none },
            CallState::GivenUp { at, reason } => {
                StateColumns { given_up_at: Some(to_millisecond(at)), give_up_reason: Some(reason.code()), ..none }
            }
        }
    }
}

fn decode(row: &Row) -> Result<SellerCall, StoreError> {
    let row = Suspect::new("seller_calls", row)?;
    Ok(SellerCall {
        id: row.id("id")?,
        step: row.parsed("step")?,
        order: row.id("order_id")?,
        subscription: row.id("subscription")?,
        seller: row.id("seller")?,
        address: row.id("address")?,
        instance: row.optional_parsed::<InstanceId>("instance")?,
        presumed: decode_presumed(&row)?,
        doubt: decode_doubt(&row)?,
        opened_at: row.instant("opened_at")?,
        closes_at: row.optional_instant("closes_at")?,
        state: decode_state(&row)?,
    })
}

fn decode_state(row: &Suspect<'_>) -> Result<CallState, StoreError> {
    let small = |column| -> Result<Option<u32>, StoreError> {
        let number = row.optional_number(column)?;
        number.map(|number| u32::try_from(number).map_err(|_| row.corrupt(column))).transpose()
    };
    let facts = (
        row.parsed::<CallStateCode>("state")?,
        row.optional_parsed::<Activity>("activity")?,
        (row.optional_instant("due_at")?, small("failures")?, small("strikes")?),
        (row.optional_instant("parked_at")?, row.optional_parsed::<ParkReason>("park_reason")?),
        row.optional_instant("done_at")?,
        (row.optional_instant("given_up_at")?, row.optional_parsed::<GiveUpReason>("give_up_reason")?),
    );
    match facts {
        (
            CallStateCode::Waiting,
            Some(activity),
            (Some(due_at), Some(failures), Some(strikes)),
            (None, None),
            None,
            (None, None),
        ) => Ok(CallState::Waiting { activity, due_at, failures, strikes }),
        (CallStateCode::Parked, Some(activity), (None, None, None), (Some(at), Some(reason)), None, (None, None)) => {
            Ok(CallState::Parked { activity, at, reason })
        }
        (CallStateCode::Done, None, (None, None, None), (None, None), Some(at), (None, None)) => {
            Ok(CallState::Done { at })
        }
        (CallStateCode::GivenUp, None, (None, None, None), (None, None), None, (Some(at), Some(reason))) => {
            Ok(CallState::GivenUp { at, reason })
        }
        (state, ..) => Err(row.corrupt(format_args!("the facts do not fit the state {}", state.code()))),
    }
}
