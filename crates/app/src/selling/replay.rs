//! Running the saved cases of an address again: on submission of a product (seller-protocol 7.1, "ours"), and in dial
//! tests.

use domain::outcome::{Problems, Refusal};
use domain::selling::{
    Activity, BillingMode, CaseOutcome, CaseResult, CheckLine, DebugCase, InterfaceAddress, Verdict, missing_cases,
    required_activities,
};
use domain::text::Language;
use futures_util::StreamExt as _;
use language::Words;
use store::selling::cases;

use super::exchange::Prepared;
use crate::{App, AppError};

/// Runs every saved case of the required activities against the seller's system, each with a fresh signature, a few at a
/// time. Answers one outcome per case and one [`CaseResult::Missing`] per required activity without a case, in the order
/// of the activities. Stores nothing, and must not be called inside a transaction.
pub async fn replay_cases(
    app: &App,
    address: &InterfaceAddress,
    billing: BillingMode,
) -> Result<Vec<CaseOutcome>, AppError> {
    let saved: Vec<DebugCase> = app
        .store
        .read::<_, _, AppError, _>(address.id, |tx, id| Box::pin(async move { Ok(cases::for_address(tx, id).await?) }))
        .await?;
    let activities: Vec<Activity> = saved.iter().map(|case| case.activity).collect();
    let required = required_activities(address.protocol, billing);
    let wanted: Vec<DebugCase> = saved.into_iter().filter(|case| required.contains(&case.activity)).collect();
    run_each(app, address, wanted, missing_cases(address.protocol, billing, &activities)).await
}

/// Runs every saved case of the address, whatever its activity, as [`replay_cases`] does; a required activity of one of
/// these billing modes without a case is [`CaseResult::Missing`].
pub(super) async fn run_every_case(
    app: &App,
    address: &InterfaceAddress,
    billings: &[BillingMode],
) -> Result<Vec<CaseOutcome>, AppError> {
    let saved: Vec<DebugCase> = app
        .store
        .read::<_, _, AppError, _>(address.id, |tx, id| Box::pin(async move { Ok(cases::for_address(tx, id).await?) }))
        .await?;
    let activities: Vec<Activity> = saved.iter().map(|case| case.activity).collect();
    // What has no key any more cannot be called in production either, so that it cannot fail there.
    let saved = saved.into_iter().filter(|case| address.can_sign(case.activity.interface_type())).collect();
    let mut missing: Vec<Activity> =
        billings.iter().flat_map(|billing| missing_cases(address.protocol, *billing, &activities)).collect();
    missing.sort();
    missing.dedup();
    run_each(app, address, saved, missing).await
}

/// Runs these cases, a few at a time, and adds what is missing, in the order of the activities.
async fn run_each(
    app: &App,
    address: &InterfaceAddress,
    wanted: Vec<DebugCase>,
    missing: Vec<Activity>,
) -> Result<Vec<CaseOutcome>, AppError> {
    let mut outcomes: Vec<CaseOutcome> = missing.into_iter().map(missing_outcome).collect();
    let mut running = futures_util::stream::iter(wanted)
        .map(|case| async move { replay(app, address, case).await })
        .buffer_unordered(app.settings.selling.replays_at_once.max(1));
    while let Some(outcome) = running.next().await {
        outcomes.push(outcome?);
    }
    drop(running);
    outcomes.sort_by(|left, right| (left.activity, &left.case).cmp(&(right.activity, &right.case)));
    Ok(outcomes)
}

async fn replay(app: &App, address: &InterfaceAddress, case: DebugCase) -> Result<CaseOutcome, AppError> {
    let prepared = match Prepared::new(app, address, case.activity, &case.values) {
        Ok(prepared) => prepared,
        // Saved when the rules of its members were others: this case fails, and the rest is run.
        Err(AppError::Invalid(wrong)) => return Ok(spoilt_outcome(case, &wrong)),
        // Saved when its calls could be signed.
        Err(AppError::Refused(refusal)) => return Ok(refused_outcome(case, &refusal)),
        Err(error) => return Err(error),
    };
    let heard = prepared.send(app).await;
    Ok(CaseOutcome {
        activity: case.activity,
        case: Some((case.id, case.name)),
        result: heard.result,
        checks: heard.checks,
        elapsed_ms: heard.elapsed_ms,
    })
}

fn refused_outcome(case: DebugCase, refusal: &Refusal) -> CaseOutcome {
    let said = |language| Words::of(language).refusal(refusal);
    unsent_outcome(case, refusal.code, said)
}

fn spoilt_outcome(case: DebugCase, wrong: &Problems) -> CaseOutcome {
    let members = wrong.iter().map(|problem| problem.field.as_ref()).collect::<Vec<_>>().join(", ");
    unsent_outcome(case, "case_values", |language| Words::of(language).dial_case_spoilt(&members))
}

/// A case that could not be sent, and why.
fn unsent_outcome(case: DebugCase, code: &str, said: impl Fn(Language) -> String) -> CaseOutcome {
    let line = CheckLine {
        code: code.to_owned(),
        verdict: Verdict::Fail,
        en: said(Language::English),
        zh: said(Language::Chinese),
        rule: "7.1".to_owned(),
    };
    CaseOutcome {
        activity: case.activity,
        case: Some((case.id, case.name)),
        result: CaseResult::Failed,
        checks: vec![line],
        elapsed_ms: 0,
    }
}

fn missing_outcome(activity: Activity) -> CaseOutcome {
    CaseOutcome { activity, case: None, result: CaseResult::Missing, checks: Vec::new(), elapsed_ms: 0 }
}
