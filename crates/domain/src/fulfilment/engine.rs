//! The engine: what was heard, and what follows (seller-protocol 1.6; reliability.md, classes R, P, S, Q).
//!
//! A creation ends in one of three ways: delivered; given up with a refund when its time is over; or held for a person
//! because the seller named an instance that cannot be right. There is no fourth (reliability.md P4).

use crate::ids::InstanceId;
use crate::outcome::{Refusal, RefusalKind};
use crate::time::{SignedDuration, Timestamp};

use super::call::{Activity, CallState, CallStateCode, Doubt, GiveUpReason, ParkReason, Said, SellerCall, Step};
use super::retries::Ending;
use super::schedule::{Jitter, Policy};

/// What came back of one attempt, already examined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// `newInstance`: the seller took the order on.
    Created {
        /// The seller's name for it.
        instance: InstanceId,
        /// Whether it is ready.
        progress: Progress,
    },
    /// `newInstance` of version 1.0: taken on, ready and described in one answer (seller-protocol 6.3).
    Delivered {
        /// The seller's name for it.
        instance: InstanceId,
    },
    /// `newInstance`, sent again after an attempt of unknown outcome: refused because the order's instance exists.
    Exists {
        /// The names under which it may stand, the likeliest first; without those that the seller cannot know.
        names: Vec<InstanceId>,
    },
    /// `queryInstance`: the instance is described, with its access data.
    Described,
    /// `queryInstance`: a fine answer that does not describe the instance yet.
    NotYet,
    /// `queryInstance`: there is no such instance.
    Denied,
    /// `releaseInstance`: gone, or there never was one.
    Released,
    /// `orderNotify`: heard.
    Noticed,
    /// Nothing usable.
    Trouble(Trouble),
}

/// How far the seller is with what it took on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// `000000`: ask for it now.
    Ready,
    /// `000004`: ask for it later.
    InProgress,
}

/// An attempt that came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What sort.
    pub class: TroubleClass,
    /// How long the seller asked to be left alone.
    pub retry_after: Option<SignedDuration>,
}

/// What sort of trouble it is: decides whether to try again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TroubleClass {
    /// R: again, until the time is over.
    Retry,
    /// Q: the seller may have acted. The repeated call is the question: it carries the same order, and the protocol
    /// promises that it creates nothing twice (seller-protocol 1.4).
    OutcomeUnknown,
    /// P: calling again will not help.
    Stop,
    /// P after some in a row: refused by HTTP status.
    Strike,
    /// S: as R, and seller and operator are told, because somebody may be in between.
    Alarm,
    /// S: an instance that belongs to another order, or differs from the earlier answer for this one. Held.
    WrongInstance,
}

/// What is to be done beside writing the call, in the same transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Remember which instance the seller named.
    LearnInstance(InstanceId),
    /// The subscription runs; the order is completed. Keep the access data that came with it.
    Activate(InstanceId),
    /// Keep the access data that came.
    KeepAccess,
    /// The order failed: refund it, once.
    FailOrder(GiveUpReason),
    /// Take back the instance, which must not run.
    Release(InstanceId),
    /// Tell people.
    Tell(Telling),
}

/// What people are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Telling {
    /// An attempt came to nothing; retries go on by themselves. To the seller, once for each call: what is told again is
    /// not written again.
    FirstFailure,
    /// Retries have stopped and a person must act. To the seller and the operator.
    Parked,
    /// Somebody may be in between, or the seller's system mixes orders up. To the seller and the operator.
    Security,
    /// The order failed and was refunded. To buyer and seller.
    GivenUp,
    /// Our own program failed at the call again and again. To the operator; the seller can do nothing about it.
    Crashed,
}

/// The call as it stands after an attempt, and what else is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// The call.
    pub call: SellerCall,
    /// What else, in order.
    pub effects: Vec<Effect>,
}

/// What follows from an attempt of `activity`. An answer that comes after the call is over changes nothing, but an
/// instance that turns up after a refund is released (reliability.md F-17).
pub fn after(
    call: &SellerCall,
    activity: Activity,
    heard: Heard,
    now: Timestamp,
    policy: &Policy,
    jitter: Jitter,
) -> Next {
    match call.state {
        CallState::Waiting { .. } => {}
        CallState::Parked { .. } | CallState::Done { .. } | CallState::GivenUp { .. } => return late(call, heard),
    }
    let waiting = Waiting { call, now, policy, jitter };
    match (call.step, activity, heard) {
        (_, Activity::NewInstance, Heard::Created { instance, progress }) => waiting.created(instance, progress),
        (Step::Create, Activity::NewInstance, Heard::Delivered { instance }) => waiting.delivered(instance),
        (Step::Create, Activity::NewInstance, Heard::Exists { names }) => waiting.exists(names),
        (Step::Create, Activity::QueryInstance, Heard::Described) => waiting.described(),
        (Step::Create, Activity::QueryInstance, Heard::NotYet | Heard::Denied) if call.in_search() => {
            waiting.elsewhere()
        }
        (Step::Create, Activity::QueryInstance, Heard::Denied) => waiting.denied(),
        (Step::Refresh, Activity::QueryInstance, Heard::Denied) => waiting.denied_later(),
        (Step::Refresh, Activity::QueryInstance, Heard::Described) => waiting.done(vec![Effect::KeepAccess]),
        (Step::Create, Activity::QueryInstance, Heard::NotYet) => waiting.not_yet(),
        (Step::Release, Activity::ReleaseInstance, Heard::Released)
        | (Step::Notify, Activity::OrderNotify, Heard::Noticed) => waiting.done(Vec::new()),
        (_, _, Heard::Trouble(trouble)) => waiting.trouble(trouble),
        // An answer to something else than was asked is no answer.
        (
            _,
            _,
            Heard::Created { .. }
            | Heard::Delivered { .. }
            | Heard::Exists { .. }
            | Heard::Described
            | Heard::NotYet
            | Heard::Denied
            | Heard::Released
            | Heard::Noticed,
        ) => waiting.trouble(Trouble { class: TroubleClass::Retry, retry_after: None }),
    }
}

/// The time for retries is over while the call waits for a person: a stopped creation is given up and refunded.
pub fn close(call: &SellerCall, now: Timestamp) -> Next {
    let over = call.closes_at.is_some_and(|closes_at| closes_at <= now);
    match (call.step, call.state) {
        (Step::Create, CallState::Parked { reason: ParkReason::Stopped, .. }) if over => {
            given_up(call, GiveUpReason::Exhausted, now)
        }
        (
            Step::Create | Step::Refresh | Step::Release | Step::Notify,
            CallState::Waiting { .. } | CallState::Parked { .. } | CallState::Done { .. } | CallState::GivenUp { .. },
        ) => Next { call: call.clone(), effects: Vec::new() },
    }
}

/// Why a person's wish about a call is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallRefusal {
    /// It is done or given up.
    #[error("the call is over: {}", .0.code())]
    Over(CallStateCode),
    /// Only a parked call is given up by a person.
    #[error("the call still tries by itself")]
    StillTrying,
}

impl From<CallRefusal> for Refusal {
    fn from(refusal: CallRefusal) -> Refusal {
        match refusal {
            CallRefusal::Over(state) => Refusal::new(RefusalKind::Conflict, "call_is_over").with("state", state.code()),
            CallRefusal::StillTrying => Refusal::new(RefusalKind::Conflict, "call_still_tries"),
        }
    }
}

/// A person presses Restart: the next attempt is due now. It also works while retries go on by themselves
/// (seller-protocol 1.6).
pub fn restart(call: &SellerCall, now: Timestamp, policy: &Policy) -> Result<SellerCall, CallRefusal> {
    let mut next = call.clone();
    match call.state {
        CallState::Waiting { activity, failures, strikes, .. } => {
            next.state = CallState::Waiting { activity, due_at: now, failures, strikes };
        }
        CallState::Parked { activity, reason, .. } => {
            next.state = CallState::Waiting { activity, due_at: now, failures: 0, strikes: 0 };
            match reason {
                // The buyer's three hours go on; they are not begun anew by the seller.
                ParkReason::Stopped => {}
                ParkReason::Exhausted | ParkReason::Held => {
                    next.closes_at = policy.retries.of(call.step).closes_at(now);
                }
            }
        }
        CallState::Done { .. } | CallState::GivenUp { .. } => return Err(CallRefusal::Over(call.state.code())),
    }
    Ok(next)
}

/// An operator gives a parked call up: a creation is refunded and what is known of it released; a release is marked
/// as solved by other means.
pub fn give_up(call: &SellerCall, now: Timestamp) -> Result<Next, CallRefusal> {
    match call.state {
        CallState::Parked { .. } => Ok(given_up(call, GiveUpReason::Operator, now)),
        CallState::Waiting { .. } => Err(CallRefusal::StillTrying),
        CallState::Done { .. } | CallState::GivenUp { .. } => Err(CallRefusal::Over(call.state.code())),
    }
}

/// The program itself failed at the call again and again, whatever the seller said: as if no repeat could help, so that a
/// person sees the call and a creation still ends when its time is over. A call that waits for nothing stays as it is.
pub fn set_aside(call: &SellerCall, now: Timestamp, policy: &Policy) -> Next {
    match call.state {
        CallState::Waiting { .. } => {}
        CallState::Parked { .. } | CallState::Done { .. } | CallState::GivenUp { .. } => {
            return Next { call: call.clone(), effects: Vec::new() };
        }
    }
    let mut next = Waiting { call, now, policy, jitter: Jitter::NONE }.stopped();
    for effect in &mut next.effects {
        if *effect == Effect::Tell(Telling::Parked) {
            *effect = Effect::Tell(Telling::Crashed);
        }
    }
    // The seller named nothing wrong: there is no suspicion to tell of.
    next.effects.retain(|effect| *effect != Effect::Tell(Telling::Security));
    next
}

fn given_up(call: &SellerCall, reason: GiveUpReason, now: Timestamp) -> Next {
    let mut effects = Vec::new();
    match call.step {
        Step::Create => {
            effects.push(Effect::FailOrder(reason));
            effects.extend(call.instance.clone().map(Effect::Release));
            effects.push(Effect::Tell(Telling::GivenUp));
        }
        Step::Refresh | Step::Release | Step::Notify => {}
    }
    let state = CallState::GivenUp { at: now, reason };
    Next { call: SellerCall { closes_at: None, state, ..call.clone() }, effects }
}

/// An answer to a call that is over, or that was parked meanwhile by another worker.
fn late(call: &SellerCall, heard: Heard) -> Next {
    let effects = match (call.step, call.state, heard) {
        (Step::Create, CallState::GivenUp { .. }, Heard::Created { instance, .. } | Heard::Delivered { instance }) => {
            let known = call.instance.as_ref() == Some(&instance);
            if known { Vec::new() } else { vec![Effect::Release(instance), Effect::Tell(Telling::Security)] }
        }
        (Step::Create, CallState::Done { .. }, Heard::Created { instance, .. } | Heard::Delivered { instance }) => {
            let known = call.instance.as_ref() == Some(&instance);
            if known { Vec::new() } else { vec![Effect::Tell(Telling::Security)] }
        }
        (
            Step::Create | Step::Refresh | Step::Release | Step::Notify,
            CallState::Waiting { .. } | CallState::Parked { .. } | CallState::Done { .. } | CallState::GivenUp { .. },
            Heard::Created { .. }
            | Heard::Delivered { .. }
            | Heard::Exists { .. }
            | Heard::Described
            | Heard::NotYet
            | Heard::Denied
            | Heard::Released
            | Heard::Noticed
            | Heard::Trouble(_),
        ) => Vec::new(),
    };
    Next { call: call.clone(), effects }
}

/// A waiting call with everything that decides what follows.
#[derive(Clone, Copy)]
struct Waiting<'a> {
    call: &'a SellerCall,
    now: Timestamp,
    policy: &'a Policy,
    jitter: Jitter,
}

impl Waiting<'_> {
    fn facts(&self) -> (Activity, u32, u32) {
        match self.call.state {
            CallState::Waiting { activity, failures, strikes, .. } => (activity, failures, strikes),
            CallState::Parked { activity, .. } => (activity, 0, 0),
            CallState::Done { .. } | CallState::GivenUp { .. } => (Activity::QueryInstance, 0, 0),
        }
    }

    fn created(&self, instance: InstanceId, progress: Progress) -> Next {
        if self.call.instance.as_ref().is_some_and(|known| *known != instance) {
            return self.held();
        }
        let due_at = match progress {
            Progress::Ready => self.now,
            Progress::InProgress => self.within(self.policy.poll_at(self.now, 0, self.jitter)),
        };
        let mut call = self.call.clone();
        call.instance = Some(instance.clone());
        call.presumed = Vec::new();
        call.state = CallState::Waiting { activity: Activity::QueryInstance, due_at, failures: 0, strikes: 0 };
        Next { call, effects: vec![Effect::LearnInstance(instance)] }
    }

    /// Taken on and described at once: nothing is left to be asked.
    fn delivered(&self, instance: InstanceId) -> Next {
        if self.call.instance.as_ref().is_some_and(|known| *known != instance) {
            return self.held();
        }
        let mut next = self.done(vec![Effect::Activate(instance.clone())]);
        next.call = SellerCall { instance: Some(instance), presumed: Vec::new(), doubt: None, ..next.call };
        next
    }

    /// A repeat was refused because the instance exists: an earlier attempt, whose answer was lost, made it. It is asked
    /// for by every name it may have; refunding would leave it running (reliability.md F-16).
    fn exists(&self, names: Vec<InstanceId>) -> Next {
        let mut call = self.call.clone();
        if call.instance.is_none() {
            call.presumed = names;
        }
        self.search(call)
    }

    /// Not under this name: under the next.
    fn elsewhere(&self) -> Next {
        let mut call = self.call.clone();
        call.presumed.remove(0);
        self.search(call)
    }

    fn search(&self, mut call: SellerCall) -> Next {
        if call.asked_for().is_none() {
            return Waiting { call: &call, ..*self }.held();
        }
        call.state =
            CallState::Waiting { activity: Activity::QueryInstance, due_at: self.now, failures: 0, strikes: 0 };
        Next { call, effects: Vec::new() }
    }

    fn described(&self) -> Next {
        let Some(instance) = self.call.asked_for().cloned() else {
            // A query needs an instance to ask for, so this is no answer of ours.
            return self.trouble(Trouble { class: TroubleClass::Retry, retry_after: None });
        };
        match self.call.doubt.map(|doubt| Doubt::and(Some(doubt), Said::There)) {
            Some(doubt) if doubt.times < Doubt::ENOUGH => self.ask_again(Some(doubt)),
            Some(_) | None => {
                let mut next = self.done(vec![Effect::Activate(instance.clone())]);
                next.call = SellerCall { instance: Some(instance), presumed: Vec::new(), doubt: None, ..next.call };
                next
            }
        }
    }

    /// A fine answer that describes nothing yet. It breaks a row of others.
    fn not_yet(&self) -> Next {
        let doubt = self.call.doubt.map(|doubt| Doubt { times: 0, ..doubt });
        let call = SellerCall { doubt, ..self.call.clone() };
        Waiting { call: &call, ..*self }.again_or_over(TroubleClass::Retry, None)
    }

    /// The seller named an instance and now denies it. People are told when it keeps to that.
    fn denied(&self) -> Next {
        let doubt = Doubt::and(self.call.doubt, Said::NotThere);
        let call = SellerCall { doubt: Some(doubt), ..self.call.clone() };
        let mut next = Waiting { call: &call, ..*self }.again_or_over(TroubleClass::Retry, None);
        if doubt.times == Doubt::ENOUGH {
            next.effects.insert(0, Effect::Tell(Telling::Security));
        }
        next
    }

    /// The seller denies an instance that runs.
    fn denied_later(&self) -> Next {
        let mut next = given_up(self.call, GiveUpReason::Once, self.now);
        next.effects.push(Effect::Tell(Telling::Security));
        next
    }

    /// The same question after a short pause; at the end of the time for retries there is no other answer to wait for.
    fn ask_again(&self, doubt: Option<Doubt>) -> Next {
        let call = SellerCall { doubt, ..self.call.clone() };
        if call.closes_at.is_none_or(|closes_at| closes_at <= self.now) {
            return Waiting { call: &call, ..*self }.again_or_over(TroubleClass::Retry, None);
        }
        let due_at = self.within(self.policy.poll_at(self.now, 0, self.jitter));
        let state = CallState::Waiting { activity: Activity::QueryInstance, due_at, failures: 0, strikes: 0 };
        Next { call: SellerCall { state, ..call }, effects: Vec::new() }
    }

    fn done(&self, effects: Vec<Effect>) -> Next {
        let state = CallState::Done { at: self.now };
        Next { call: SellerCall { closes_at: None, state, ..self.call.clone() }, effects }
    }

    fn trouble(&self, trouble: Trouble) -> Next {
        let (_, _, strikes) = self.facts();
        match trouble.class {
            // Nothing hangs on a notice: it is tried until its time is over, whatever came back.
            class if self.call.step == Step::Notify => self.again_or_over(class, trouble.retry_after),
            TroubleClass::WrongInstance => self.held(),
            TroubleClass::Stop => self.stopped(),
            TroubleClass::Strike if strikes.saturating_add(1) >= self.policy.strikes => self.stopped(),
            TroubleClass::Retry | TroubleClass::OutcomeUnknown | TroubleClass::Strike | TroubleClass::Alarm => {
                let mut next = self.again_or_over(trouble.class, trouble.retry_after);
                if self.question_goes_on(&next.call) {
                    next.effects.push(Effect::Tell(Telling::FirstFailure));
                }
                next
            }
        }
    }

    /// Whether a question failed and is asked again. The call does not keep how many of the questions before failed and how
    /// many were answered "not yet", so each one is told; see [`Telling::FirstFailure`].
    fn question_goes_on(&self, next: &SellerCall) -> bool {
        let (asked, ..) = self.facts();
        self.call.step == Step::Create
            && asked == Activity::QueryInstance
            && matches!(next.state, CallState::Waiting { .. })
    }

    fn again_or_over(&self, class: TroubleClass, retry_after: Option<SignedDuration>) -> Next {
        let mut effects = Vec::new();
        if class == TroubleClass::Alarm {
            effects.push(Effect::Tell(Telling::Security));
        }
        let over = self.call.closes_at.is_none_or(|closes_at| closes_at <= self.now);
        let mut next = match (over, self.call.step) {
            // Refunding would leave an instance running that nobody knows the name of.
            (true, Step::Create) if self.call.in_search() => self.held(),
            (true, Step::Create | Step::Refresh | Step::Release | Step::Notify) => self.ended(),
            (false, Step::Create | Step::Refresh | Step::Release | Step::Notify) => self.again(class, retry_after),
        };
        effects.append(&mut next.effects);
        next.effects = effects;
        next
    }

    /// The time for retries is over: as the table says.
    fn ended(&self) -> Next {
        let row = self.policy.retries.of(self.call.step);
        match row.ending {
            Ending::Wait => self.parked(ParkReason::Exhausted, vec![Effect::Tell(Telling::Parked)]),
            Ending::Refund | Ending::LetGo => {
                let once = self.call.closes_at.is_none() && self.call.step == Step::Refresh;
                let reason = if once { GiveUpReason::Once } else { GiveUpReason::Exhausted };
                given_up(self.call, reason, self.now)
            }
        }
    }

    fn again(&self, class: TroubleClass, retry_after: Option<SignedDuration>) -> Next {
        let (activity, failures, strikes) = self.facts();
        let failures = failures.saturating_add(1);
        let strikes = if class == TroubleClass::Strike { strikes.saturating_add(1) } else { 0 };
        let planned = match (self.call.step, activity) {
            (Step::Create, Activity::QueryInstance) => self.policy.poll_at(self.now, failures, self.jitter),
            (
                step,
                Activity::NewInstance | Activity::QueryInstance | Activity::ReleaseInstance | Activity::OrderNotify,
            ) => self.policy.retry_at(step, self.now, failures, self.jitter),
        };
        let asked = retry_after.and_then(|pause| self.now.checked_add(pause).ok()).unwrap_or(planned);
        let due_at = self.within(planned.max(asked));
        let state = CallState::Waiting { activity, due_at, failures, strikes };
        // Being asked to wait for an instance is no failure; a question that failed is told where that is known.
        let first = failures == 1 && activity != Activity::QueryInstance;
        let effects = if first { vec![Effect::Tell(Telling::FirstFailure)] } else { Vec::new() };
        Next { call: SellerCall { state, ..self.call.clone() }, effects }
    }

    /// No later than the end of the time for retries: the last attempt is made then.
    fn within(&self, planned: Timestamp) -> Timestamp {
        self.call.closes_at.map_or(planned, |closes_at| planned.min(closes_at))
    }

    fn stopped(&self) -> Next {
        match self.call.step {
            Step::Create if self.call.in_search() => self.held(),
            Step::Create if self.call.closes_at.is_some_and(|closes_at| closes_at <= self.now) => {
                given_up(self.call, GiveUpReason::Exhausted, self.now)
            }
            Step::Create | Step::Release => self.parked(ParkReason::Stopped, vec![Effect::Tell(Telling::Parked)]),
            Step::Refresh => given_up(self.call, GiveUpReason::Once, self.now),
            Step::Notify => given_up(self.call, GiveUpReason::Exhausted, self.now),
        }
    }

    fn held(&self) -> Next {
        match self.call.step {
            Step::Create | Step::Release => {
                let tell = vec![Effect::Tell(Telling::Security), Effect::Tell(Telling::Parked)];
                self.parked(ParkReason::Held, tell)
            }
            Step::Refresh => {
                let mut next = given_up(self.call, GiveUpReason::Once, self.now);
                next.effects.push(Effect::Tell(Telling::Security));
                next
            }
            Step::Notify => given_up(self.call, GiveUpReason::Exhausted, self.now),
        }
    }

    fn parked(&self, reason: ParkReason, effects: Vec<Effect>) -> Next {
        let (activity, ..) = self.facts();
        let mut call = self.call.clone();
        // A question needs a name; where none is left, a restart begins anew.
        let nameless = activity == Activity::QueryInstance && call.asked_for().is_none();
        let activity = if nameless { Activity::NewInstance } else { activity };
        call.state = CallState::Parked { activity, at: self.now, reason };
        match (call.step, reason) {
            (Step::Create, ParkReason::Stopped) => {}
            (
                Step::Create | Step::Refresh | Step::Release | Step::Notify,
                ParkReason::Stopped | ParkReason::Exhausted | ParkReason::Held,
            ) => {
                call.closes_at = None;
            }
        }
        Next { call, effects }
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
