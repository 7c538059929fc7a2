//! The debugging page of the seller console (functions.md 6, seller-protocol 7): samples, sending, cases, history.

use domain::audit::Doer;
use domain::identity::{Actor, Permission};
use domain::ids::{DebugCaseId, DebugRunId, InterfaceAddressId, OrganisationId};
use domain::outcome::{Refusal, RefusalKind};
use domain::selling::{
    Activity, CaseResult, DebugCase, DebugRun, DebugValues, InterfaceAddress, ProtocolVersion, SentRequest,
};
use domain::text::{self, Lines};
use domain::time::SignedDuration;
use serde_json::json;
use store::Tx;
use store::identity::organisations;
use store::selling::{addresses, cases, runs};

use super::exchange::{Heard, Prepared};
use super::kept_runs;
use super::sample::{self, SampleField};
use crate::events::Moment;
use crate::{App, AppError};

/// Cases of one address at most.
const MOST_CASES: usize = 50;
/// Runs that the page lists.
const RUNS_SHOWN: u32 = 20;

/// What the page shows of one address.
#[derive(Clone, Debug)]
pub struct Bench {
    /// The address.
    pub address: InterfaceAddress,
    /// Its cases, in the order they were saved.
    pub cases: Vec<DebugCase>,
    /// The last run of each case that was run.
    pub last_of_cases: Vec<DebugRun>,
    /// The last runs, the latest first.
    pub runs: Vec<DebugRun>,
}

impl Bench {
    /// The seller's name for the instance that it created last, to ask for it in the other activities.
    fn last_instance(&self) -> Option<String> {
        let created =
            self.runs.iter().find(|run| run.activity == Activity::NewInstance && run.result == CaseResult::Passed)?;
        let body: serde_json::Value = serde_json::from_str(&created.exchange.answer.as_ref()?.body).ok()?;
        body.get("instanceId")?.as_str().map(str::to_owned)
    }
}

/// Everything of one address of the own organisation.
pub async fn bench(app: &App, actor: &Actor, id: InterfaceAddressId) -> Result<Bench, AppError> {
    actor.require(Permission::SeeSelling)?;
    let found = app
        .store
        .read::<_, _, AppError, _>((actor.organisation, id), |tx, (seller, id)| {
            Box::pin(async move {
                let address =
                    addresses::find_of(tx, seller, id).await?.ok_or(AppError::NotFound("interface_address"))?;
                Ok(Bench {
                    address,
                    cases: cases::for_address(tx, id).await?,
                    last_of_cases: runs::last_of_cases(tx, id).await?,
                    runs: runs::of_address(tx, id, RUNS_SHOWN).await?,
                })
            })
        })
        .await?;
    let opened = |runs: Vec<DebugRun>| runs.into_iter().map(|run| kept_runs::opened(app, actor, run)).collect();
    Ok(Bench { last_of_cases: opened(found.last_of_cases), runs: opened(found.runs), ..found })
}

/// The fields of an activity, in the order of the protocol; none when that version has no such activity.
pub fn fields(protocol: ProtocolVersion, activity: Activity) -> Vec<SampleField> {
    sample::fields(protocol, activity)
}

/// Invented values to begin with.
pub fn invented(app: &App, bench: &Bench, activity: Activity) -> DebugValues {
    sample::values(bench.address.protocol, activity, app.now(), app.random(), bench.last_instance().as_deref())
}

/// The exact bytes of a call and the way to its signature, without sending anything.
pub fn generate(
    app: &App,
    actor: &Actor,
    address: &InterfaceAddress,
    activity: Activity,
    values: &DebugValues,
) -> Result<SentRequest, AppError> {
    actor.require(Permission::ManageInterfaces)?;
    if address.seller != actor.organisation {
        return Err(AppError::NotFound("interface_address"));
    }
    Ok(Prepared::new(app, address, activity, values)?.shown())
}

/// One stored run.
pub async fn run(app: &App, actor: &Actor, id: DebugRunId) -> Result<DebugRun, AppError> {
    actor.require(Permission::SeeSelling)?;
    app.store
        .read::<_, _, AppError, _>((actor.organisation, id), |tx, (seller, id)| {
            Box::pin(async move { runs::find_of(tx, seller, id).await?.ok_or(AppError::NotFound("debug_run")) })
        })
        .await
        .map(|run| kept_runs::opened(app, actor, run))
}

/// One saved case.
pub async fn case(app: &App, actor: &Actor, id: DebugCaseId) -> Result<DebugCase, AppError> {
    actor.require(Permission::SeeSelling)?;
    app.store
        .read::<_, _, AppError, _>((actor.organisation, id), |tx, (seller, id)| {
            Box::pin(async move { cases::find_of(tx, seller, id).await?.ok_or(AppError::NotFound("debug_case")) })
        })
        .await
}

/// What to send.
#[derive(Clone, Debug)]
pub struct SendSample {
    /// To which address.
    pub address: InterfaceAddressId,
    /// Which call.
    pub activity: Activity,
    /// The typed values, by member.
    pub values: DebugValues,
    /// Whether a call that passes becomes a case.
    pub save: SaveCase,
}

/// Whether a call that passes becomes a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveCase {
    /// Only send.
    No,
    /// Save under this name when every required check passed; a case of that name gives way.
    Named(String),
}

/// A run, and the case that it became.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The run as stored.
    pub run: DebugRun,
    /// The case, when saving was asked for and every required check passed.
    pub saved: Option<DebugCaseId>,
}

impl App {
    /// Sends a sample to the seller's system and stores the run. No transaction is open meanwhile.
    pub async fn send_debug_sample(&self, actor: &Actor, ask: SendSample) -> Result<Sent, AppError> {
        actor.require(Permission::ManageInterfaces)?;
        let save = match &ask.save {
            SaveCase::No => None,
            SaveCase::Named(name) => Some(text::text("case_name", name, Lines::One, 1, 60).map_err(AppError::field)?),
        };
        let bench = bench(self, actor, ask.address).await?;
        if let Some(name) = &save {
            let full = bench.cases.len() >= MOST_CASES && !bench.cases.iter().any(|case| case.name == *name);
            if full {
                return Err(Refusal::new(RefusalKind::Conflict, "too_many_debug_cases")
                    .with("most", MOST_CASES)
                    .into());
            }
        }
        let (run, prepared) = self.begin(actor, &bench.address, ask.activity, &ask.values).await?;
        let heard = prepared.send(self).await;
        let save = save.map(|name| Save { name, sent_with: bench.address.protocol });
        self.finish(actor, run.with(heard), save).await
    }

    /// Runs a saved case once more, with a fresh signature.
    pub async fn run_debug_case(&self, actor: &Actor, id: DebugCaseId) -> Result<DebugRun, AppError> {
        actor.require(Permission::ManageInterfaces)?;
        let case = case(self, actor, id).await?;
        let address = super::addresses::find(self, actor, case.address).await?.address;
        let (run, prepared) = self.begin(actor, &address, case.activity, &case.values).await?;
        let heard = prepared.send(self).await;
        let mut run = run.with(heard);
        run.case = Some(id);
        Ok(self.finish(actor, run, None).await?.run)
    }

    /// Removes a case. Its runs stay in the history.
    pub async fn delete_debug_case(&self, actor: &Actor, id: DebugCaseId) -> Result<(), AppError> {
        actor.require(Permission::ManageInterfaces)?;
        let input = (actor.organisation, id, self.moment(actor));
        self.store
            .write::<_, _, AppError, _>(input, |tx, (seller, id, moment)| {
                Box::pin(async move {
                    let case = cases::find_of(tx, seller, id).await?.ok_or(AppError::NotFound("debug_case"))?;
                    cases::delete(tx, id).await?;
                    let facts = json!({ "name": case.name, "activity": case.activity.code() });
                    moment.record(tx, "debug_case_deleted", Some(seller), id, facts).await?;
                    Ok(())
                })
            })
            .await
    }

    /// Signs, and counts the call against the limit per hour before anything leaves.
    async fn begin(
        &self,
        actor: &Actor,
        address: &InterfaceAddress,
        activity: Activity,
        values: &DebugValues,
    ) -> Result<(Begun, Prepared), AppError> {
        let prepared = Prepared::new(self, address, activity, values)?;
        let moment = self.moment(actor);
        let id: DebugRunId = moment.id("debug run");
        self.count_debug_calls(actor.organisation, 1).await?;
        let begun = Begun(DebugRun {
            id,
            address: address.id,
            seller: actor.organisation,
            case: None,
            activity,
            values: values.clone(),
            by: actor.user,
            started_at: moment.now,
            elapsed_ms: 0,
            result: CaseResult::NoAnswer,
            exchange: prepared.unanswered(),
            checks: Vec::new(),
        });
        Ok((begun, prepared))
    }

    /// Counts calls that a seller is about to make by itself against its limit per hour: all of them or none.
    pub(super) async fn count_debug_calls(&self, seller: OrganisationId, calls: usize) -> Result<(), AppError> {
        let moment = self.moment(Doer::System);
        let input = (seller, calls, moment, self.settings.selling.debug_calls_per_hour);
        self.store
            .write::<_, _, AppError, _>(input, |tx, (seller, calls, moment, most)| {
                Box::pin(async move {
                    organisations::lock(tx, seller).await?;
                    count_calls(tx, seller, calls, &moment, most).await
                })
            })
            .await
    }

    /// Stores the run, and the case when the run passed and one is wanted. Refused with `protocol_changed_meanwhile` where
    /// the address speaks another version by now: the case would be one that it cannot be called with. The run is kept.
    async fn finish(&self, actor: &Actor, run: DebugRun, save: Option<Save>) -> Result<Sent, AppError> {
        let moment = self.moment(actor);
        let kept = kept_runs::to_be_kept(self, &run);
        let stored = self
            .store
            .write::<_, _, AppError, _>((run, kept, save, moment), |tx, (mut run, mut kept, save, moment)| {
                Box::pin(async move {
                    let save = save.filter(|_| run.result == CaseResult::Passed);
                    // Held, so that the protocol cannot change between this look and the case.
                    let spoken = match &save {
                        Some(_) => addresses::lock(tx, run.address).await?.map(|address| address.protocol),
                        None => None,
                    };
                    let overtaken = save.as_ref().is_some_and(|save| spoken != Some(save.sent_with));
                    let saved = match save.filter(|_| !overtaken) {
                        Some(Save { name, .. }) => {
                            let case = case_of(&run, name, moment.id("debug case"), moment.now);
                            let id = save_case(tx, &case).await?;
                            let facts = json!({ "name": case.name, "activity": case.activity.code() });
                            moment.record(tx, "debug_case_saved", Some(run.seller), id, facts).await?;
                            Some(id)
                        }
                        None => None,
                    };
                    run.case = saved.or(run.case);
                    kept.case = run.case;
                    runs::insert(tx, &kept).await?;
                    Ok(if overtaken { Stored::Overtaken } else { Stored::As(Box::new(Sent { run, saved })) })
                })
            })
            .await?;
        match stored {
            Stored::As(sent) => Ok(*sent),
            Stored::Overtaken => Err(AppError::conflict("protocol_changed_meanwhile")),
        }
    }
}

/// A case to be saved.
#[derive(Clone)]
struct Save {
    name: String,
    /// What the address spoke when the call was worded.
    sent_with: ProtocolVersion,
}

/// What became of a run.
enum Stored {
    As(Box<Sent>),
    /// Kept without the case that was wanted: the address speaks another version now.
    Overtaken,
}

async fn save_case(tx: &mut Tx, case: &DebugCase) -> Result<DebugCaseId, AppError> {
    Ok(cases::save(tx, case).await?)
}

fn case_of(run: &DebugRun, name: String, id: DebugCaseId, now: domain::time::Timestamp) -> DebugCase {
    DebugCase {
        id,
        address: run.address,
        seller: run.seller,
        activity: run.activity,
        name,
        values: run.values.clone(),
        saved_at: now,
    }
}

/// A run that was counted and not sent yet.
struct Begun(DebugRun);

impl Begun {
    fn with(self, heard: Heard) -> DebugRun {
        DebugRun {
            elapsed_ms: heard.elapsed_ms,
            result: heard.result,
            exchange: heard.exchange,
            checks: heard.checks,
            ..self.0
        }
    }
}

/// Counts calls against the limit per hour, in the transaction of what makes them, which holds the organisation: all or none.
pub(super) async fn count_calls(
    tx: &mut Tx,
    seller: OrganisationId,
    calls: usize,
    moment: &Moment,
    most: u32,
) -> Result<(), AppError> {
    let (now, hour) = (moment.now, SignedDuration::from_hours(1));
    let mut sent = Vec::new();
    for call in 0..calls {
        let id: DebugRunId = moment.id(&format!("call/{call}"));
        sent = runs::note_send(tx, seller, id, now, now - hour).await?;
    }
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    if sent.len() <= most {
        return Ok(());
    }
    // When so many of the earlier ones are an hour old that all of these have a place.
    let free_at = sent.get(sent.len() - most - 1).copied().unwrap_or(now) + hour;
    let seconds = u64::try_from(free_at.duration_since(now).as_secs()).unwrap_or(0);
    Err(AppError::TooMany { retry_after_s: seconds.max(1) })
}
