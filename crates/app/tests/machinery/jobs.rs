//! The job runner: leases, fencing, crashes, lanes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use app::events::Moment;
use app::jobs::{Handler, Leased, NewJob, Runner, Verdict, enqueue};
use app::{App, AppError};
use async_trait::async_trait;
use domain::audit::Doer;
use domain::time::SignedDuration;
use store::jobs::{JobRow, Limits};
use testkit::{World, on_every_world};

on_every_world![
    a_job_is_done_and_goes,
    enqueueing_again_is_calm_and_the_earlier_time_wins,
    a_worker_that_died_is_followed_by_another_when_its_lease_ends,
    a_worker_that_lost_its_lease_records_nothing,
    a_job_that_fails_is_tried_again_and_parked_after_five_crashes,
    a_panic_counts_as_a_crash_and_hurts_nobody_else,
    a_job_of_an_unknown_kind_is_parked_and_can_be_restarted,
    one_lane_cannot_take_all_workers,
    the_oldest_of_a_lane_go_first_and_the_idle_lane_before_the_busy_one,
    a_crowd_has_a_bounded_part_of_the_workers_and_each_of_its_lanes_one,
    many_jobs_are_leased_at_once_each_to_one_worker,
    leasing_reads_few_rows_however_many_wait,
    a_process_that_knows_itself_alone_takes_over_what_a_dead_one_left,
];

/// What the test's handler does.
#[derive(Clone, Copy)]
enum Will {
    Finish,
    Fail,
    Panic,
}

struct Work {
    will: Will,
    done: Arc<AtomicU32>,
}

#[async_trait]
impl Handler for Work {
    fn kind(&self) -> &'static str {
        "work"
    }

    async fn run(&self, _: &App, _: &Leased) -> Result<Verdict, AppError> {
        self.done.fetch_add(1, Ordering::Relaxed);
        match self.will {
            Will::Finish => Ok(Verdict::Done),
            Will::Fail => Err(AppError::Unavailable("as the test asked".to_owned())),
            #[expect(clippy::panic, reason = "the test is about a handler that panics")]
            Will::Panic => panic!("as the test asked"),
        }
    }
}

fn runner(world: &World, will: Will) -> (Runner, Arc<AtomicU32>) {
    let done = Arc::new(AtomicU32::new(0));
    (Runner::with(world.app.clone(), vec![Box::new(Work { will, done: done.clone() })]), done)
}

async fn add(world: &World, key: &str, lane: &str) {
    add_due(world, "work", key, lane, SignedDuration::ZERO).await;
}

async fn add_due(world: &World, kind: &'static str, key: &str, lane: &str, after: SignedDuration) {
    let moment = world.app.moment(Doer::System);
    let job = NewJob { due_at: moment.now + after, ..NewJob::now(kind, key, lane, &moment) };
    world
        .app
        .store
        .write((moment, job), |tx, (moment, job): (Moment, NewJob)| {
            Box::pin(async move { Ok::<(), AppError>(enqueue(tx, &moment, job).await?) })
        })
        .await
        .expect("a job can be enqueued");
}

async fn lease(world: &World, most: u32, per_lane: u32) -> Vec<JobRow> {
    let now = world.app.now();
    let limits = Limits { most, per_lane, per_crowd: 3 };
    let input = (now, now + SignedDuration::from_secs(30), limits);
    world
        .app
        .store
        .write(input, |tx, (now, until, limits)| {
            Box::pin(async move { Ok::<_, AppError>(store::jobs::lease(tx, now, until, limits).await?) })
        })
        .await
        .expect("jobs can be leased")
}

async fn parked(world: &World) -> Vec<JobRow> {
    world
        .app
        .store
        .read((), |tx, ()| Box::pin(async move { Ok::<_, AppError>(store::jobs::parked(tx, None, 10).await?) }))
        .await
        .expect("jobs can be read")
}

async fn a_job_is_done_and_goes(world: World) {
    let (runner, done) = runner(&world, Will::Finish);
    add(&world, "a", "lane").await;
    add_due(&world, "work", "later", "lane", SignedDuration::from_secs(60)).await;
    assert_eq!(runner.settle().await.expect("settles"), 1);
    assert_eq!(runner.settle().await.expect("settles"), 0, "what is done is not done again");
    world.clock.advance(SignedDuration::from_secs(60));
    assert_eq!(runner.settle().await.expect("settles"), 1);
    assert_eq!(done.load(Ordering::Relaxed), 2);
    assert_eq!(runner.next_due().await.expect("reads"), None);
}

async fn enqueueing_again_is_calm_and_the_earlier_time_wins(world: World) {
    let (runner, done) = runner(&world, Will::Finish);
    add_due(&world, "work", "a", "lane", SignedDuration::from_secs(60)).await;
    add_due(&world, "work", "a", "lane", SignedDuration::from_secs(10)).await;
    add_due(&world, "work", "a", "lane", SignedDuration::from_secs(90)).await;
    assert_eq!(runner.next_due().await.expect("reads"), Some(world.app.now() + SignedDuration::from_secs(10)));
    world.clock.advance(SignedDuration::from_secs(100));
    runner.settle().await.expect("settles");
    assert_eq!(done.load(Ordering::Relaxed), 1);
}

async fn a_worker_that_died_is_followed_by_another_when_its_lease_ends(world: World) {
    let (runner, done) = runner(&world, Will::Finish);
    add(&world, "a", "lane").await;
    assert_eq!(lease(&world, 1, 4).await.len(), 1, "a worker takes it, and dies");
    assert_eq!(runner.settle().await.expect("settles"), 0, "nobody else may have it yet");
    world.clock.advance(SignedDuration::from_secs(31));
    assert_eq!(runner.settle().await.expect("settles"), 1);
    assert_eq!(done.load(Ordering::Relaxed), 1);
}

async fn a_worker_that_lost_its_lease_records_nothing(world: World) {
    add(&world, "a", "lane").await;
    let stopped = lease(&world, 1, 4).await.remove(0);
    world.clock.advance(SignedDuration::from_secs(31));
    let taken_over = lease(&world, 1, 4).await.remove(0);
    assert!(taken_over.lease > stopped.lease, "the fencing token grows");
    let finish = |job: JobRow| {
        world.app.store.write(job, |tx, job: JobRow| {
            Box::pin(async move {
                Ok::<_, AppError>((store::jobs::holds_lease(tx, &job).await?, store::jobs::finish(tx, &job).await?))
            })
        })
    };
    assert_eq!(finish(stopped).await.expect("writes"), (false, false), "the stopped worker wakes up too late");
    assert_eq!(finish(taken_over).await.expect("writes"), (true, true));
}

async fn a_job_that_fails_is_tried_again_and_parked_after_five_crashes(world: World) {
    let (runner, done) = runner(&world, Will::Fail);
    add(&world, "a", "lane").await;
    for _ in 0..20 {
        runner.settle().await.expect("settles");
        world.clock.advance(SignedDuration::from_mins(15));
    }
    assert_eq!(done.load(Ordering::Relaxed), 5);
    let parked = parked(&world).await;
    assert_eq!(parked.len(), 1);
    assert!(parked[0].last_error.as_deref().is_some_and(|error| error.contains("as the test asked")), "{parked:?}");
}

async fn a_panic_counts_as_a_crash_and_hurts_nobody_else(world: World) {
    let (runner, done) = runner(&world, Will::Panic);
    add(&world, "a", "lane").await;
    add(&world, "b", "lane").await;
    runner.settle().await.expect("settles");
    assert_eq!(done.load(Ordering::Relaxed), 2, "both had their first attempt");
    world.clock.advance(SignedDuration::from_mins(15));
    runner.settle().await.expect("settles");
    assert_eq!(done.load(Ordering::Relaxed), 4, "and their second");
}

async fn a_job_of_an_unknown_kind_is_parked_and_can_be_restarted(world: World) {
    let (runner, done) = runner(&world, Will::Finish);
    add_due(&world, "newer", "a", "lane", SignedDuration::ZERO).await;
    runner.settle().await.expect("settles");
    assert_eq!(parked(&world).await.len(), 1, "a newer node may know it");
    let restarted = world
        .app
        .store
        .write(world.app.now(), |tx, now| {
            Box::pin(async move { Ok::<_, AppError>(store::jobs::restart(tx, "newer", "a", now).await?) })
        })
        .await
        .expect("writes");
    assert!(restarted);
    assert_eq!(parked(&world).await.len(), 0);
    assert_eq!(done.load(Ordering::Relaxed), 0);
}

async fn one_lane_cannot_take_all_workers(world: World) {
    for number in 0..10 {
        add(&world, &format!("busy {number}"), "busy").await;
    }
    world.clock.advance(SignedDuration::from_secs(1));
    add(&world, "quiet", "quiet").await;
    let first: Vec<String> = lease(&world, 8, 4).await.into_iter().map(|job| job.lane).collect();
    assert_eq!(first.iter().filter(|lane| *lane == "busy").count(), 4);
    assert!(first.iter().any(|lane| lane == "quiet"), "the younger job of a quiet lane is not behind the busy one");
    assert!(lease(&world, 8, 4).await.is_empty(), "four of a lane at once, those at work counted");
}

async fn the_oldest_of_a_lane_go_first_and_the_idle_lane_before_the_busy_one(world: World) {
    for number in 0..6 {
        add(&world, &format!("a{number}"), "a").await;
        world.clock.advance(SignedDuration::from_secs(1));
        add(&world, &format!("b{number}"), "b").await;
        world.clock.advance(SignedDuration::from_secs(1));
    }
    let keys = |jobs: Vec<JobRow>| jobs.into_iter().map(|job| job.key).collect::<Vec<_>>();
    assert_eq!(keys(lease(&world, 1, 4).await), ["a0"]);
    assert_eq!(keys(lease(&world, 1, 4).await), ["b0"], "a has one at work, b has none");
    assert_eq!(keys(lease(&world, 4, 4).await), ["a1", "b1", "a2", "b2"]);
    add(&world, "c0", "c").await;
    assert_eq!(keys(lease(&world, 2, 4).await), ["a3", "c0"], "the newest lane is not behind the long ones");
    assert_eq!(keys(lease(&world, 9, 4).await), ["b3"], "no lane has more than four at work");
}

async fn a_crowd_has_a_bounded_part_of_the_workers_and_each_of_its_lanes_one(world: World) {
    for lane in ["crowd/dial/a", "crowd/dial/b", "crowd/dial/c", "crowd/dial/d", "crowd/hand/a"] {
        for number in 0..3 {
            add(&world, &format!("{lane} {number}"), lane).await;
        }
    }
    world.clock.advance(SignedDuration::from_secs(1));
    add(&world, "order", "seller/a").await;
    let lanes = |jobs: Vec<JobRow>| {
        let mut lanes: Vec<String> = jobs.into_iter().map(|job| job.lane).collect();
        lanes.sort();
        lanes
    };
    // Four workers, and five lanes that waited longer.
    let few = lease(&world, 2, 4).await;
    assert_eq!(few.len(), 2);
    let first = lease(&world, 9, 4).await;
    let mut all = lanes(few.into_iter().chain(first).collect());
    assert_eq!(all.iter().filter(|lane| lane.starts_with("crowd/dial/")).count(), 3, "three of a crowd: {all:?}");
    all.dedup();
    assert_eq!(all.len(), 5, "one of each lane, the other crowd's and the order among them: {all:?}");
    assert!(lease(&world, 9, 4).await.is_empty());
}

async fn many_jobs_are_leased_at_once_each_to_one_worker(world: World) {
    for number in 0..70 {
        add(&world, &format!("job {number}"), &format!("lane {}", number % 2)).await;
    }
    let first = lease(&world, 65, 40).await;
    let second = lease(&world, 65, 40).await;
    assert_eq!((first.len(), second.len()), (65, 5));
    let keys: std::collections::BTreeSet<String> = first.into_iter().chain(second).map(|job| job.key).collect();
    assert_eq!(keys.len(), 70);
}

/// On PostgreSQL, whose planner knows nothing of a table that was filled a moment ago: there a statement that lets it choose
/// reads all that waits, for each lease.
async fn leasing_reads_few_rows_however_many_wait(world: World) {
    let stored = world.app.store.write((), |tx, ()| {
        Box::pin(
            async move { Ok::<_, AppError>(tx.execute(MANY_WAIT, Vec::new()).await.map_err(store::StoreError::from)?) },
        )
    });
    assert_eq!(stored.await.expect("jobs can be written"), 40_000);
    let now = world.app.now();
    let limits = Limits { most: 32, per_lane: 4, per_crowd: 3 };
    let input = (now, now + SignedDuration::from_secs(30), limits, world.app.store.engine());
    let leased = world.app.store.write(input, |tx, (now, until, limits, engine)| {
        Box::pin(async move {
            let leased = store::jobs::lease(tx, now, until, limits).await?.len();
            let read = match engine {
                store::Engine::Sqlite => None,
                store::Engine::Postgres => {
                    let row = tx.query_one(ROWS_READ, Vec::new()).await.map_err(store::StoreError::from)?;
                    Some(row.get::<i64>("rows_read").map_err(store::StoreError::from)?)
                }
            };
            Ok::<_, AppError>((leased, read))
        })
    });
    let (leased, read) = leased.await.expect("jobs can be leased");
    assert_eq!(leased, 31, "four of each of seven lanes, three of the crowd");
    assert!(read.is_none_or(|rows| rows < 600), "{read:?} rows were read to lease 31 of 40,000");
}

/// In seven lanes and in five of a crowd.
const MANY_WAIT: &str = "
    WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 40000)
    INSERT INTO jobs (id, kind, key, lane, payload, due_at, created_at)
    SELECT 'job_01a20afefd61747a82c5' || substr(CAST(1000000000000 + number AS TEXT), 2), 'work', 'job ' || number,
      CASE WHEN number % 8 = 0 THEN 'crowd/dial/' || (number % 40) ELSE 'lane ' || (number % 8) END, '{}', 0, 0 FROM numbers";

/// Rows of the table that this transaction has read, through indexes or not.
const ROWS_READ: &str = "
    SELECT CAST(seq_tup_read + idx_tup_fetch AS BIGINT) AS rows_read FROM pg_stat_xact_user_tables WHERE relid = 'jobs'::regclass";

async fn a_process_that_knows_itself_alone_takes_over_what_a_dead_one_left(world: World) {
    let (runner, done) = runner(&world, Will::Finish);
    add(&world, "a", "lane").await;
    let dead = lease(&world, 1, 4).await.remove(0);
    let freed = app::jobs::take_over(&world.app).await.expect("writes");
    match world.app.store.engine() {
        store::Engine::Sqlite => {
            assert_eq!(
                (freed, runner.settle().await.expect("settles")),
                (1, 1),
                "nobody waits for the dead one's lease"
            );
        }
        store::Engine::Postgres => {
            assert_eq!((freed, runner.settle().await.expect("settles")), (0, 0), "another node may be at work");
            world.clock.advance(SignedDuration::from_secs(31));
            runner.settle().await.expect("settles");
        }
    }
    assert_eq!(done.load(Ordering::Relaxed), 1);
    let late = world.app.store.write(dead, |tx, dead: JobRow| {
        Box::pin(async move { Ok::<_, AppError>(store::jobs::finish(tx, &dead).await?) })
    });
    assert!(!late.await.expect("writes"), "what was taken over is not recorded twice");
}
