//! Jobs that wait for a person: operators are told, see them with what failed, and send them back to work; what the
//! marketplace cannot do without lives again at each start.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use app::events::Moment;
use app::jobs::{Handler, Leased, NewJob, Runner, Verdict, enqueue, handlers};
use app::operations::{About, ParkedJob, RestartJob, count_parked, parked_jobs};
use app::{App, AppError};
use async_trait::async_trait;
use domain::audit::Doer;
use domain::text::Language;
use domain::time::SignedDuration;
use language::Words;
use testkit::{Person, World, on_every_world};

on_every_world![
    operators_see_a_parked_job_with_its_error_are_told_once_and_restart_it,
    a_job_that_is_parked_again_after_a_restart_is_told_again,
    a_letter_that_is_parked_is_told_without_a_letter,
    the_list_goes_on_where_it_stopped,
    standing_jobs_live_again_at_the_next_start,
    only_operators_see_and_restart_jobs,
];

/// A handler of any kind that fails until it is mended.
struct Work {
    kind: &'static str,
    mended: Arc<AtomicBool>,
}

#[async_trait]
impl Handler for Work {
    fn kind(&self) -> &'static str {
        self.kind
    }

    async fn run(&self, _: &App, _: &Leased) -> Result<Verdict, AppError> {
        match self.mended.load(Ordering::Relaxed) {
            true => Ok(Verdict::Done),
            false => Err(AppError::Internal("as the test asked".to_owned())),
        }
    }
}

fn failing(world: &World, kind: &'static str) -> (Runner, Arc<AtomicBool>) {
    let mended = Arc::new(AtomicBool::new(false));
    (Runner::with(world.app.clone(), vec![Box::new(Work { kind, mended: mended.clone() })]), mended)
}

async fn add(world: &World, kind: &'static str, key: &str) {
    let moment = world.app.moment(Doer::System);
    let job = NewJob::now(kind, key, "lane", &moment);
    world
        .app
        .store
        .write((moment, job), |tx, (moment, job): (Moment, NewJob)| {
            Box::pin(async move { Ok::<(), AppError>(enqueue(tx, &moment, job).await?) })
        })
        .await
        .expect("a job can be enqueued");
}

/// Lets the job crash until it is parked. Letters and the like, which this runner does not know, are not its business.
async fn crash(world: &World, runner: &Runner) {
    for _ in 0..8 {
        runner.settle().await.expect("settles");
        world.clock.advance(SignedDuration::from_mins(15));
    }
}

async fn parked(world: &World, operator: &Person) -> Vec<ParkedJob> {
    parked_jobs(&world.app, &operator.actor, None).await.expect("an operator looks").jobs
}

async fn told(world: &World, person: &Person) -> Vec<(String, String)> {
    let list = app::notices::list(&world.app, &person.actor, Language::English, None, 100).await.expect("readable");
    let parked = list.into_iter().filter(|notice| notice.kind == "job_parked");
    parked.map(|notice| (format!("{}\n{}", notice.subject, notice.body), notice.link)).collect()
}

async fn operators_see_a_parked_job_with_its_error_are_told_once_and_restart_it(world: World) {
    let operator = world.operator().await;
    world.settle().await;
    let (runner, mended) = failing(&world, "housekeeping");
    add(&world, "housekeeping", "all").await;
    crash(&world, &runner).await;
    let found: Vec<ParkedJob> =
        parked(&world, &operator).await.into_iter().filter(|job| job.kind == "housekeeping").collect();
    assert_eq!(found.len(), 1);
    assert_eq!((&found[0].about, found[0].attempts), (&About::Marketplace, 6));
    assert!(found[0].last_error.as_deref().is_some_and(|error| error.contains("as the test asked")), "{found:?}");
    let notices = told(&world, &operator).await;
    let about: Vec<_> = notices.iter().filter(|(said, _)| said.contains("Forget what is kept")).collect();
    assert_eq!(about.len(), 1, "{notices:?}");
    assert!(about[0].0.contains("as the test asked") && about[0].1 == "/operator/jobs", "{about:?}");
    mended.store(true, Ordering::Relaxed);
    let again = RestartJob { job: found[0].id }.run(&world.app, &operator.actor).await.expect("restarted");
    assert_eq!((again.parked_at, again.attempts), (None, 0));
    let twice = RestartJob { job: found[0].id }.run(&world.app, &operator.actor).await;
    assert_eq!(twice.expect_err("it works by itself").code(), "job_not_parked");
    runner.settle().await.expect("settles");
    let gone = RestartJob { job: found[0].id }.run(&world.app, &operator.actor).await;
    assert_eq!(gone.expect_err("it is done").code(), "not_found");
    assert!(parked(&world, &operator).await.iter().all(|job| job.kind != "housekeeping"));
}

async fn a_job_that_is_parked_again_after_a_restart_is_told_again(world: World) {
    let operator = world.operator().await;
    let (runner, _) = failing(&world, "housekeeping");
    add(&world, "housekeeping", "all").await;
    crash(&world, &runner).await;
    let count =
        |notices: Vec<(String, String)>| notices.iter().filter(|(said, _)| said.contains("Forget what")).count();
    assert_eq!(count(told(&world, &operator).await), 1);
    let job = parked(&world, &operator).await.into_iter().find(|job| job.kind == "housekeeping").expect("parked");
    RestartJob { job: job.id }.run(&world.app, &operator.actor).await.expect("restarted");
    crash(&world, &runner).await;
    assert_eq!(count(told(&world, &operator).await), 2);
}

async fn a_letter_that_is_parked_is_told_without_a_letter(world: World) {
    let operator = world.operator().await;
    world.settle().await;
    let (runner, _) = failing(&world, "notice_mail");
    add(&world, "notice_mail", "ntc_1").await;
    add(&world, "notice_mail", "ntc_2").await;
    crash(&world, &runner).await;
    let mut found: Vec<String> = parked(&world, &operator).await.into_iter().map(|job| job.key).collect();
    found.sort();
    assert_eq!(found, ["ntc_1", "ntc_2"], "and no third letter");
    assert_eq!(told(&world, &operator).await.len(), 1, "once a day for all letters");
    let before = world.mail.mails_to(&operator.email).len();
    world.settle().await;
    assert_eq!(world.mail.mails_to(&operator.email).len(), before);
}

async fn the_list_goes_on_where_it_stopped(world: World) {
    let operator = world.operator().await;
    let runner = Runner::with(world.app.clone(), Vec::new());
    for number in 0..53 {
        add(&world, "of_a_newer_node", &format!("key {number}")).await;
        world.clock.advance(SignedDuration::from_millis(1));
    }
    runner.settle().await.expect("settles");
    let (mut after, mut found) = (None, Vec::new());
    loop {
        let part = parked_jobs(&world.app, &operator.actor, after).await.expect("readable");
        assert!(part.jobs.len() == 50 || part.next.is_none(), "{}", part.jobs.len());
        found.extend(part.jobs);
        after = part.next;
        if after.is_none() {
            break;
        }
    }
    let ours: Vec<&str> = found.iter().filter(|job| job.kind == "of_a_newer_node").map(|job| &*job.key).collect();
    assert_eq!(ours, (0..53).map(|number| format!("key {number}")).collect::<Vec<_>>(), "each once, the oldest first");
    assert_eq!(count_parked(&world.app, &operator.actor).await.expect("counted"), found.len());
}

async fn standing_jobs_live_again_at_the_next_start(world: World) {
    let operator = world.operator().await;
    let start = || async {
        app::audit::start(&world.app).await.expect("starts");
        app::operations::start_housekeeping(&world.app).await.expect("starts");
        app::selling::dial_tests::start_dial_tests(&world.app).await.expect("starts");
    };
    start().await;
    // A node that knows none of them.
    let runner = Runner::with(world.app.clone(), Vec::new());
    world.clock.advance(SignedDuration::from_hours(20));
    runner.settle().await.expect("settles");
    let mut kinds: Vec<String> = parked(&world, &operator).await.into_iter().map(|job| job.kind).collect();
    kinds.sort();
    kinds.retain(|kind| kind != "notice_mail");
    assert_eq!(kinds, ["housekeeping", "plan_dial_tests", "seal_events"]);
    start().await;
    let left = parked(&world, &operator).await;
    assert!(left.iter().all(|job| job.kind == "notice_mail"), "{left:?}");
    assert!(world.settle().await >= 2, "and they work");
}

async fn only_operators_see_and_restart_jobs(world: World) {
    let operator = world.operator().await;
    let seller = world.seller_named("Brightwell").await;
    add(&world, "of_a_newer_node", "a").await;
    world.settle().await;
    let job = parked(&world, &operator).await.remove(0).id;
    assert!(parked_jobs(&world.app, &seller.actor, None).await.is_err());
    assert!(count_parked(&world.app, &seller.actor).await.is_err());
    assert!(RestartJob { job }.run(&world.app, &seller.actor).await.is_err());
}

#[test]
fn every_kind_of_job_has_a_name_in_both_languages() {
    for handler in handlers() {
        for language in Language::ALL {
            assert!(Words::of(language).by_code("job-kind", handler.kind(), &[]).is_some(), "{}", handler.kind());
        }
    }
}
