//! The job that works a seller call: one attempt, or the end of its time.

use async_trait::async_trait;
use domain::audit::Doer;
use domain::fulfilment::{
    Activity, Breaker, CallState, Gate, Heard, Jitter, Next, SellerCall, Step, Trouble, TroubleClass, after, close,
    set_aside,
};
use domain::ids::{AttemptId, SellerCallId, UserId};
use domain::ordering::Order;
use domain::selling::InterfaceAddress;
use domain::time::Timestamp;
use store::Tx;
use store::fulfilment::attempts::Attempt;
use store::fulfilment::calls::Asked;
use tracing::{info, warn};

use super::effects::{self, Setting};
use super::speak::{self, Spoken};
use super::wording::{self, Matter};
use crate::events::Moment;
use crate::jobs::{Aside, Handler, Leased, Verdict};
use crate::open_apis::PaidOrder;
use crate::{App, AppError};

pub(crate) const KIND: &str = "seller_call";

pub(super) struct WorkCall;

#[async_trait]
impl Handler for WorkCall {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, app: &App, job: &Leased) -> Result<Verdict, AppError> {
        let id: SellerCallId = job.key().parse().map_err(|_| AppError::Internal("a job without a call".to_owned()))?;
        let Some(mut found) = read(app, id).await? else { return Ok(Verdict::Done) };
        let Some(activity) = due(&found.call, app.now()) else { return rest(app, job, id).await };
        let first = Trial::of(app, &found, (&found.call, activity))?;
        match begin(app, job, &found.call, first.row(app)).await? {
            Begun::Go => {}
            Begun::NotNow => return Ok(Verdict::Recorded),
            Begun::Shut(until) => {
                put_off(app, &found.call, until).await?;
                return Ok(Verdict::Recorded);
            }
        }
        let recorded = ask(app, &found, &first).await?;
        // An instance that is ready at once is asked for at once, by the same worker: most deliveries are these two calls.
        let second = Second::foreseen(app, &found, &recorded).unwrap_or_else(|error| {
            // What was heard is recorded all the same; the job comes back for what is next.
            warn!(call.id = %found.call.id, %error, "The second attempt cannot be prepared");
            None
        });
        if let (Onward::Begun, Some(second)) = (record(app, job, recorded, second.as_ref()).await?, second) {
            found.call = second.call;
            let recorded = ask(app, &found, &second.trial).await?;
            record(app, job, recorded, None).await?;
        }
        Ok(Verdict::Recorded)
    }

    /// The call is set aside with its job, so that it stands where people look for calls. A creation's job comes back when
    /// the buyer's time is over, to refund; a person's restart begins anew before.
    async fn set_aside(&self, app: &App, tx: &mut Tx, moment: &Moment, job: &Leased) -> Result<Aside, AppError> {
        let Ok(id) = job.key().parse::<SellerCallId>() else { return Ok(Aside::Parked) };
        let Some((call, asked)) = store::fulfilment::calls::lock(tx, id).await? else { return Ok(Aside::Over) };
        let policy = &app.settings.fulfilment.policy;
        let next = set_aside(&call, moment.now, policy);
        if next.call != call {
            store::fulfilment::calls::save(tx, &next.call, asked).await?;
            let setting = Setting { moment, access: None, release_horizon: policy.retries.release.horizon };
            effects::apply(tx, &setting, &next).await?;
        }
        Ok(match (next.call.state, next.call.due_at()) {
            (CallState::Done { .. } | CallState::GivenUp { .. }, _) => Aside::Over,
            (CallState::Waiting { .. } | CallState::Parked { .. }, Some(due_at)) if due_at > moment.now => {
                Aside::Until(due_at)
            }
            // What failed here is the end of a call that was parked already: that was not told.
            (CallState::Waiting { .. } | CallState::Parked { .. }, _) if next.call == call => Aside::Parked,
            (CallState::Waiting { .. } | CallState::Parked { .. }, _) => Aside::ParkedAndTold,
        })
    }
}

/// What is to be asked now, if anything.
fn due(call: &SellerCall, now: Timestamp) -> Option<Activity> {
    match call.state {
        CallState::Waiting { activity, due_at, .. } if due_at <= now => Some(activity),
        CallState::Waiting { .. } | CallState::Parked { .. } | CallState::Done { .. } | CallState::GivenUp { .. } => {
            None
        }
    }
}

/// A call with what it is about.
struct Found {
    call: SellerCall,
    order: Order,
    address: Option<InterfaceAddress>,
    /// What the seller may hear of the order, where the version of its address says it in calls.
    told: Option<PaidOrder>,
}

async fn read(app: &App, id: SellerCallId) -> Result<Option<Found>, AppError> {
    app.store
        .read((id, app.vault.clone()), |tx, (id, vault)| {
            Box::pin(async move {
                let Some(call) = store::fulfilment::calls::find(tx, id).await? else { return Ok(None) };
                let order = store::ordering::orders::find(tx, call.order).await?.ok_or(AppError::NotFound("order"))?;
                let address = store::selling::addresses::find(tx, call.address).await?;
                let told = wording::read_told(tx, &vault, &order, address.as_ref()).await?;
                Ok(Some(Found { call, order, address, told }))
            })
        })
        .await
}

/// Nothing is due now: ends the call's time when it is over, and puts the job where it belongs.
async fn rest(app: &App, job: &Leased, id: SellerCallId) -> Result<Verdict, AppError> {
    let horizon = app.settings.fulfilment.policy.retries.release.horizon;
    app.store
        .write((job.clone(), id, app.moment(Doer::System), horizon), |tx, (job, id, moment, release_horizon)| {
            Box::pin(async move {
                job.check(tx).await?;
                let Some((call, asked)) = store::fulfilment::calls::lock(tx, id).await? else {
                    return job.finish(tx).await;
                };
                let next = close(&call, moment.now);
                if next.call != call {
                    store::fulfilment::calls::save(tx, &next.call, asked).await?;
                    effects::apply(tx, &Setting { moment: &moment, access: None, release_horizon }, &next).await?;
                }
                end(tx, &job, &next.call).await
            })
        })
        .await?;
    Ok(Verdict::Recorded)
}

/// The job goes on when the call is due again, and ends when it is not.
async fn end(tx: &mut Tx, job: &Leased, call: &SellerCall) -> Result<(), AppError> {
    match call.due_at() {
        Some(due_at) => job.again_at(tx, due_at).await,
        None => job.finish(tx).await,
    }
}

/// One attempt, ready to be written and then made.
struct Trial {
    id: AttemptId,
    /// What is asked for.
    activity: Activity,
    /// None when the seller took the address away.
    prepared: Option<speak::Prepared>,
}

impl Trial {
    fn of(app: &App, found: &Found, (call, activity): (&SellerCall, Activity)) -> Result<Trial, AppError> {
        let id: AttemptId = app.id();
        let matter = Matter { call, order: &found.order, told: found.told.as_ref() };
        let prepared = match &found.address {
            Some(address) => Some(speak::prepare(app, &matter, address, (activity, id))?),
            None => None,
        };
        Ok(Trial { id, activity, prepared })
    }

    /// What is said, which the version of the address decides.
    fn said(&self) -> Activity {
        self.prepared.as_ref().map_or(self.activity, |prepared| prepared.activity)
    }

    fn row(&self, app: &App) -> NewAttempt {
        let request = self.prepared.as_ref().map(|prepared| prepared.kept(app));
        NewAttempt { id: self.id, activity: self.said(), request }
    }
}

/// An attempt that may follow at once, written in the transaction that ends the first.
struct Second {
    /// The call as the first attempt leaves it, unless something else happens to it meanwhile.
    call: SellerCall,
    trial: Trial,
}

impl Second {
    fn foreseen(app: &App, found: &Found, first: &Recorded) -> Result<Option<Second>, AppError> {
        let Next { call, .. } = first.after(&found.call, first.heard.clone());
        let Some(activity) = due(&call, first.moment.now).filter(|_| first.answered) else { return Ok(None) };
        let trial = Trial::of(app, found, (&call, activity))?;
        Ok(Some(Second { call, trial }))
    }
}

/// Makes the attempt. No transaction is open.
async fn ask(app: &App, found: &Found, trial: &Trial) -> Result<Recorded, AppError> {
    let spoken = match &trial.prepared {
        Some(prepared) => speak::speak(app, &found.call, trial.activity, prepared).await?,
        None => no_address(app),
    };
    info!(
        call.id = %found.call.id, order.number = %found.order.number, activity = trial.said().code(),
        outcome = spoken.finished.outcome, elapsed_ms = spoken.finished.elapsed_ms,
        "A seller was asked: {}", spoken.finished.outcome
    );
    Ok(Recorded::of(app, found, trial, spoken))
}

/// The seller took the address away: only a person can help.
fn no_address(app: &App) -> Spoken {
    let heard = Heard::Trouble(Trouble { class: TroubleClass::Stop, retry_after: None });
    let outcome = speak::outcome_code(&heard).to_owned();
    let finished = store::fulfilment::attempts::Finished {
        at: app.now(),
        outcome,
        status: None,
        elapsed_ms: None,
        answer: None,
        checks: speak::checks_as_kept(&[koogallery::Check::new(koogallery::CheckCode::AddressRefused, [])]),
    };
    Spoken { heard, access: None, finished, answered: false }
}

#[derive(Clone)]
struct NewAttempt {
    id: AttemptId,
    activity: Activity,
    request: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Begun {
    /// The attempt is written; speak.
    Go,
    /// The call changed meanwhile; the job is put back.
    NotNow,
    /// The seller is left alone until then; the job is put back.
    Shut(Timestamp),
}

/// Writes the attempt before anything leaves, in a transaction of its own.
async fn begin(app: &App, job: &Leased, call: &SellerCall, attempt: NewAttempt) -> Result<Begun, AppError> {
    let policy = app.settings.fulfilment.policy.clone();
    let kept_for = app.settings.fulfilment.bodies_kept_for;
    let input = (job.clone(), call.clone(), attempt, app.moment(Doer::System), policy, kept_for);
    app.store
        .write(input, |tx, (job, snapshot, attempt, moment, policy, kept_for)| {
            Box::pin(async move {
                job.check(tx).await?;
                let Some((call, asked)) = store::fulfilment::calls::lock(tx, snapshot.id).await? else {
                    job.finish(tx).await?;
                    return Ok(Begun::NotNow);
                };
                if call != snapshot {
                    end(tx, &job, &call).await?;
                    return Ok(Begun::NotNow);
                }
                let started_by = match asked {
                    Asked::ByPerson(user) => Some(user),
                    Asked::BySchedule => None,
                };
                if let Some(until) = shut(tx, &call, started_by, moment.now, &policy).await? {
                    let later = postponed(&call, until);
                    store::fulfilment::calls::save(tx, &later, asked).await?;
                    end(tx, &job, &later).await?;
                    return Ok(Begun::Shut(until));
                }
                begin_attempt(tx, &call, attempt, started_by, moment.now).await?;
                super::forget::plan(tx, &moment, kept_for).await?;
                Ok::<_, AppError>(Begun::Go)
            })
        })
        .await
}

async fn begin_attempt(
    tx: &mut Tx,
    call: &SellerCall,
    attempt: NewAttempt,
    started_by: Option<UserId>,
    started_at: Timestamp,
) -> Result<(), AppError> {
    let row = Attempt {
        id: attempt.id,
        call: call.id,
        number: store::fulfilment::calls::count_attempt(tx, call.id).await?,
        activity: attempt.activity,
        business_id: attempt.id.to_string(),
        started_by,
        started_at,
        request: attempt.request,
        finished: None,
    };
    Ok(store::fulfilment::attempts::begin(tx, &row).await?)
}

/// What waits behind a call to a seller that is left alone would find the same: some of it is put off with it. Not in the
/// call's own transaction, because healthy sellers' calls would wait for that.
async fn put_off(app: &App, call: &SellerCall, until: Timestamp) -> Result<(), AppError> {
    app.store
        .write_bulk((super::lane_of(call), app.now(), until), |tx, (lane, now, until)| {
            Box::pin(async move { Ok(store::fulfilment::calls::put_off(tx, &lane, now, until).await.map(drop)?) })
        })
        .await
}

/// Until when the seller is left alone, when it is. What a person asked for and the last attempt of a call pass.
async fn shut(
    tx: &mut Tx,
    call: &SellerCall,
    started_by: Option<UserId>,
    now: Timestamp,
    policy: &domain::fulfilment::Policy,
) -> Result<Option<Timestamp>, AppError> {
    let last = call.closes_at.is_some_and(|closes_at| closes_at <= now);
    if started_by.is_some() || last {
        return Ok(None);
    }
    // Looked at first: only what changes the row waits for it, so that calls to a seller that answers do not queue here.
    if store::fulfilment::breakers::find(tx, call.seller).await?.ask(now, policy) == Gate::Open {
        return Ok(None);
    }
    match store::fulfilment::breakers::lock(tx, call.seller).await?.ask(now, policy) {
        // What a notice came to is not counted, so it would be a probe that tells nothing.
        Gate::Probe(_) if call.step == Step::Notify => Ok(now.checked_add(policy.breaker_pause).ok()),
        Gate::Open => Ok(None),
        Gate::Probe(probing) => {
            store::fulfilment::breakers::save(tx, call.seller, probing).await?;
            Ok(None)
        }
        Gate::ShutUntil(until) => Ok(Some(until)),
    }
}

fn postponed(call: &SellerCall, until: Timestamp) -> SellerCall {
    let until = call.closes_at.map_or(until, |closes_at| until.min(closes_at));
    let mut later = call.clone();
    if let CallState::Waiting { due_at, .. } = &mut later.state {
        *due_at = until;
    }
    later
}

/// Everything that the last transaction writes.
#[derive(Clone)]
struct Recorded {
    call: SellerCallId,
    attempt: AttemptId,
    activity: Activity,
    heard: Heard,
    access: Option<store::ordering::subscriptions::SealedAccess>,
    finished: store::fulfilment::attempts::Finished,
    answered: bool,
    policy: domain::fulfilment::Policy,
    jitter: Jitter,
    moment: Moment,
}

impl Recorded {
    fn of(app: &App, found: &Found, trial: &Trial, spoken: Spoken) -> Recorded {
        let at = app.now();
        let seal = |access| crate::ordering::seal_access(app, found.call.subscription, access, at);
        Recorded {
            call: found.call.id,
            attempt: trial.id,
            activity: trial.activity,
            access: spoken.access.map(seal),
            heard: spoken.heard,
            finished: spoken.finished,
            answered: spoken.answered,
            policy: app.settings.fulfilment.policy.clone(),
            jitter: Jitter::from_random(app.random()),
            moment: app.moment(Doer::System),
        }
    }

    /// What follows for the call as it stands.
    fn after(&self, call: &SellerCall, heard: Heard) -> Next {
        after(call, self.activity, heard, self.moment.now, &self.policy, self.jitter)
    }
}

/// What is left of the lease after an attempt.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Onward {
    /// The job was put back, ended, or given to another worker.
    LetGo,
    /// The lease is still held, and the second attempt is written.
    Begun,
}

/// Writes what came of the attempt and everything that follows, under the job's fencing token, and the second attempt if
/// the call stands as it was foreseen for that. A worker that lost its lease writes only what nobody else can know: an
/// instance that turned up after the call was given up.
async fn record(app: &App, job: &Leased, recorded: Recorded, second: Option<&Second>) -> Result<Onward, AppError> {
    let second = second.map(|second| (second.call.clone(), second.trial.row(app)));
    let input = (job.clone(), recorded.clone(), second);
    let written: Result<Onward, AppError> = app
        .store
        .write(input, |tx, (job, recorded, second)| {
            Box::pin(async move {
                job.check(tx).await?;
                let now = recorded.moment.now;
                let Some(call) = write(tx, recorded, Fence::Held).await? else {
                    job.finish(tx).await?;
                    return Ok(Onward::LetGo);
                };
                match second {
                    // The seller has just answered, so its breaker is closed.
                    Some((foreseen, attempt)) if foreseen == call => {
                        begin_attempt(tx, &call, attempt, None, now).await?;
                        Ok(Onward::Begun)
                    }
                    Some(_) | None => {
                        end(tx, &job, &call).await?;
                        Ok(Onward::LetGo)
                    }
                }
            })
        })
        .await;
    match written {
        Err(error) if error.code() == "lease_lost" => {
            app.store
                .write(recorded, |tx, recorded| {
                    Box::pin(async move { write(tx, recorded, Fence::Lost).await.map(|_| ()) })
                })
                .await?;
            Err(error)
        }
        other => other,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fence {
    /// The lease holds: this worker decides.
    Held,
    /// Another worker is at it, or the call is over.
    Lost,
}

async fn write(tx: &mut Tx, mut recorded: Recorded, fence: Fence) -> Result<Option<SellerCall>, AppError> {
    let Some((call, _)) = store::fulfilment::calls::lock(tx, recorded.call).await? else { return Ok(None) };
    if belongs_to_another(tx, &call, &recorded.heard).await? {
        recorded.heard = Heard::Trouble(Trouble { class: TroubleClass::WrongInstance, retry_after: None });
        recorded.finished.outcome = speak::outcome_code(&recorded.heard).to_owned();
    }
    store::fulfilment::attempts::finish(tx, recorded.attempt, &recorded.finished).await?;
    let waiting = matches!(call.state, CallState::Waiting { .. });
    if waiting && fence == Fence::Lost {
        return Ok(Some(call));
    }
    if call.step != Step::Notify {
        count_answer(tx, &call, recorded.answered, recorded.moment.now, &recorded.policy).await?;
    }
    let next = recorded.after(&call, recorded.heard.clone());
    store::fulfilment::calls::save(tx, &next.call, Asked::BySchedule).await?;
    let setting = Setting {
        moment: &recorded.moment,
        access: recorded.access,
        release_horizon: recorded.policy.retries.release.horizon,
    };
    effects::apply(tx, &setting, &next).await?;
    Ok(Some(next.call))
}

/// Tells the seller's breaker. Notices do not count: a system that delivers is not left alone because it takes no notices. A seller that answered and always did has nothing to be written.
async fn count_answer(
    tx: &mut Tx,
    call: &SellerCall,
    answered: bool,
    now: Timestamp,
    policy: &domain::fulfilment::Policy,
) -> Result<(), AppError> {
    if answered && store::fulfilment::breakers::find(tx, call.seller).await? == Breaker::default() {
        return Ok(());
    }
    let breaker = store::fulfilment::breakers::lock(tx, call.seller).await?;
    let breaker = if answered { breaker.answered() } else { breaker.failed(now, policy) };
    Ok(store::fulfilment::breakers::save(tx, call.seller, breaker).await?)
}

/// Whether the seller named an instance that belongs to another order (seller-protocol 3.1; reliability.md L-35).
async fn belongs_to_another(tx: &mut Tx, call: &SellerCall, heard: &Heard) -> Result<bool, AppError> {
    let instance = match heard {
        Heard::Created { instance, .. } | Heard::Delivered { instance } => instance,
        // A name that the seller only mentioned, or that we guessed.
        Heard::Described if call.in_search() => match call.asked_for() {
            Some(instance) => instance,
            None => return Ok(false),
        },
        Heard::Exists { .. }
        | Heard::Described
        | Heard::NotYet
        | Heard::Denied
        | Heard::Released
        | Heard::Noticed
        | Heard::Trouble(_) => return Ok(false),
    };
    let owner = store::ordering::subscriptions::of_instance(tx, call.seller, instance).await?;
    Ok(owner.is_some_and(|owner| owner.id != call.subscription))
}
