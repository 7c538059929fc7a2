//! `souk bench storage`: order transactions per second through `db`, beside what the disk can do.
//!
//! One order is nine rows as a sale writes them: key, order, line, transfer, two postings, the buyer's balance, event, job; the balance is
//! read under a lock first. The ways are measured in turns within one run, so that a noisy machine disturbs all alike: SQLite with group
//! commit, SQLite with one transaction per commit, and PostgreSQL if one is named.
//!
//! *The floor* is how often per second the same disk makes 4 KiB durable, one after the other: without group commit no store is faster.

use anyhow::{Context, Result, ensure};
use db::{Db, DbError, DbSettings, EngineSettings, Migration, Tx, values};
use std::{
    fs::OpenOptions,
    io::Write,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// How the benchmark is run.
#[derive(Debug, Clone, clap::Args)]
pub struct StorageArguments {
    /// How long each way is measured, in seconds, each time.
    #[arg(long, default_value_t = 5)]
    pub seconds: u64,
    /// How often each way is measured.
    #[arg(long, default_value_t = 3)]
    pub runs: usize,
    /// How many callers write at once.
    #[arg(long, default_value_t = 32)]
    pub tasks: usize,
    /// A PostgreSQL database that a schema may be made in, as postgres://user:password@host/database.
    #[arg(long)]
    pub postgres: Option<String>,
    /// A folder on the disk to measure. Files made in it are removed.
    #[arg(long, default_value = ".")]
    pub folder: PathBuf,
}

const BUYERS: i64 = 1000;

const SCHEMA: &str = "souk_bench_storage";

const TABLES: &[Migration] = &[Migration {
    number: 1,
    name: "orders",
    sql: "CREATE TABLE balances (buyer TEXT PRIMARY KEY, minor BIGINT NOT NULL, version BIGINT NOT NULL);
          CREATE TABLE keys (key TEXT PRIMARY KEY, answer TEXT NOT NULL);
          CREATE TABLE orders (id TEXT PRIMARY KEY, buyer TEXT NOT NULL REFERENCES balances (buyer), state TEXT NOT NULL,
                               total BIGINT NOT NULL, placed_at BIGINT NOT NULL);
          CREATE INDEX orders_by_buyer ON orders (buyer, placed_at);
          CREATE TABLE lines (order_id TEXT NOT NULL REFERENCES orders (id), number BIGINT NOT NULL, product TEXT NOT NULL,
                              amount BIGINT NOT NULL, PRIMARY KEY (order_id, number));
          CREATE TABLE transfers (id TEXT PRIMARY KEY, reason TEXT NOT NULL, at BIGINT NOT NULL);
          CREATE TABLE postings (transfer TEXT NOT NULL REFERENCES transfers (id), account TEXT NOT NULL, minor BIGINT NOT NULL,
                                 PRIMARY KEY (transfer, account));
          CREATE TABLE events (id TEXT PRIMARY KEY, subject TEXT NOT NULL, body TEXT NOT NULL, at BIGINT NOT NULL);
          CREATE TABLE jobs (id TEXT PRIMARY KEY, kind TEXT NOT NULL, payload TEXT NOT NULL, due_at BIGINT NOT NULL);
          CREATE INDEX jobs_by_due ON jobs (due_at);",
}];

/// Writes the nine rows of one order.
async fn place_order(tx: &mut Tx, number: i64) -> Result<(), DbError> {
    let id = format!("ord_{number:016}");
    let buyer = format!("org_{:06}", number % BUYERS);
    let at = 1_790_000_000_000 + number;
    let balance = concat!("SELECT minor, version FROM balances WHERE buyer = $1", db::for_update!());
    let row = tx.query_one(balance, values![&buyer]).await?;
    let (minor, version): (i64, i64) = (row.get("minor")?, row.get("version")?);
    let posting = "INSERT INTO postings (transfer, account, minor) VALUES ($1, $2, $3)";
    tx.execute_all(vec![
        ("INSERT INTO keys (key, answer) VALUES ($1, $2)", values![format!("key_{number}"), &id]),
        (
            "INSERT INTO orders (id, buyer, state, total, placed_at) VALUES ($1, $2, 'paid', $3, $4)",
            values![&id, &buyer, 990, at],
        ),
        (
            "INSERT INTO lines (order_id, number, product, amount) VALUES ($1, 1, $2, $3)",
            values![&id, "prd_backup-small", 990],
        ),
        ("INSERT INTO transfers (id, reason, at) VALUES ($1, 'order', $2)", values![&id, at]),
        (posting, values![&id, &buyer, -990]),
        (posting, values![&id, "held", 990]),
        (
            "UPDATE balances SET minor = $1, version = version + 1 WHERE buyer = $2 AND version = $3",
            values![minor - 990, &buyer, version],
        ),
        (
            "INSERT INTO events (id, subject, body, at) VALUES ($1, $2, $3, $4)",
            values![format!("evt_{number}"), &id, "{\"kind\":\"order_paid\",\"total\":\"9.90 EUR\"}", at],
        ),
        (
            "INSERT INTO jobs (id, kind, payload, due_at) VALUES ($1, 'new_instance', $2, $3)",
            values![format!("job_{number}"), &id, at],
        ),
    ])
    .await?;
    Ok(())
}

/// One way to store, and what was measured of it.
struct Way {
    name: &'static str,
    settings: DbSettings,
    per_second: Vec<u128>,
    slowest_hundredth_us: Vec<u128>,
}

/// Measures and prints. Takes about `seconds` x `runs` x (number of ways).
pub async fn run(arguments: StorageArguments) -> Result<()> {
    ensure!(
        arguments.seconds > 0 && arguments.runs > 0 && arguments.tasks > 0,
        "seconds, runs and tasks must be 1 or more"
    );
    let folder = arguments.folder.join(format!("souk-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let measured = measure_all(&arguments, &folder).await;
    std::fs::remove_dir_all(&folder).with_context(|| format!("{} stays behind", folder.display()))?;
    measured
}

async fn measure_all(arguments: &StorageArguments, folder: &Path) -> Result<()> {
    let mut ways = ways(arguments.postgres.as_deref(), folder);
    let (mut floor, mut numbers) = (Vec::new(), Arc::new(AtomicI64::new(0)));
    for way in &mut ways {
        make_tables(way).await.with_context(|| format!("cannot prepare {}", way.name))?;
    }
    for _ in 0..arguments.runs {
        floor.push(durable_writes_per_second(folder)?);
        for way in &mut ways {
            measure(way, arguments, &mut numbers).await.with_context(|| format!("{} failed", way.name))?;
        }
    }
    for way in ways.iter().filter(|way| is_postgres(way)) {
        remove_schema(way).await?;
    }
    println!(
        "{} callers, {} x {} s each, order transaction of 9 rows, durable commits",
        arguments.tasks, arguments.runs, arguments.seconds
    );
    println!("{:<42} {:>8} {:>8} {:>8}", "", "min", "median", "max");
    print_line("disk: durable writes of 4 KiB per second", &mut floor);
    for way in &mut ways {
        print_line(&format!("{}: orders per second", way.name), &mut way.per_second);
        print_line("  slowest of a hundred, in us", &mut way.slowest_hundredth_us);
    }
    Ok(())
}

/// The bare order transaction on one engine, to be measured in turns with something else.
pub(super) struct BareOrders {
    way: Way,
    numbers: Arc<AtomicI64>,
}

impl BareOrders {
    /// On the embedded engine in `folder`, or on the PostgreSQL server.
    pub(super) async fn prepare(folder: &Path, postgres: Option<&str>) -> Result<BareOrders> {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let mut ways = ways(postgres, folder);
        let way = if postgres.is_some() { ways.pop() } else { Some(ways.swap_remove(0)) };
        let way = way.context("there is a way for each engine")?;
        make_tables(&way).await.with_context(|| format!("cannot prepare {}", way.name))?;
        Ok(BareOrders { way, numbers: Arc::new(AtomicI64::new(0)) })
    }

    /// Orders per second from so many callers.
    pub(super) async fn run(&mut self, arguments: &super::AllArguments) -> Result<u64> {
        let how = StorageArguments {
            seconds: arguments.seconds,
            runs: 1,
            tasks: usize::try_from(arguments.clients)?,
            postgres: None,
            folder: PathBuf::new(),
        };
        measure(&mut self.way, &how, &mut self.numbers).await?;
        Ok(u64::try_from(self.way.per_second.last().copied().unwrap_or(0))?)
    }

    /// Takes the tables on a server away.
    pub(super) async fn remove(self) -> Result<()> {
        if is_postgres(&self.way) { remove_schema(&self.way).await } else { Ok(()) }
    }
}

fn ways(postgres: Option<&str>, folder: &Path) -> Vec<Way> {
    let way = |name, settings| Way { name, settings, per_second: Vec::new(), slowest_hundredth_us: Vec::new() };
    let mut alone = DbSettings::sqlite(folder.join("alone.db"));
    alone.group_limit = 1;
    let mut ways = vec![
        way("SQLite, group commit", DbSettings::sqlite(folder.join("groups.db"))),
        way("SQLite, one per commit", alone),
    ];
    if let Some(url) = postgres {
        let mut settings = DbSettings::postgres(url);
        if let EngineSettings::Postgres(server) = &mut settings.engine {
            server.schema = Some(SCHEMA.to_owned());
        }
        ways.push(way("PostgreSQL", settings));
    }
    ways
}

fn is_postgres(way: &Way) -> bool {
    matches!(way.settings.engine, EngineSettings::Postgres(_))
}

async fn make_tables(way: &Way) -> Result<()> {
    if is_postgres(way) {
        remove_schema(way).await?;
    }
    let db = Db::open(&way.settings).await?;
    if is_postgres(way) {
        let make = "CREATE SCHEMA souk_bench_storage";
        db.write::<_, _, DbError, _>((), move |tx, ()| Box::pin(tx.execute(make, values![]))).await?;
    }
    db.migrate(TABLES).await?;
    db.write::<_, _, DbError, _>((), |tx, ()| {
        let sql = "INSERT INTO balances (buyer, minor, version) VALUES ($1, 1000000000, 0)";
        let rows = (0..BUYERS).map(|number| (sql, values![format!("org_{number:06}")])).collect();
        Box::pin(async move { tx.execute_all(rows).await.map(drop) })
    })
    .await?;
    db.close().await;
    Ok(())
}

async fn remove_schema(way: &Way) -> Result<()> {
    let db = Db::open(&way.settings).await?;
    let remove = "DROP SCHEMA IF EXISTS souk_bench_storage CASCADE";
    db.write::<_, _, DbError, _>((), move |tx, ()| Box::pin(tx.execute(remove, values![]))).await?;
    db.close().await;
    Ok(())
}

async fn measure(way: &mut Way, arguments: &StorageArguments, numbers: &mut Arc<AtomicI64>) -> Result<()> {
    let db = Db::open(&way.settings).await?;
    let started = Instant::now();
    let end = started + Duration::from_secs(arguments.seconds);
    let mut callers = JoinSet::new();
    for _ in 0..arguments.tasks {
        let (db, numbers) = (db.clone(), numbers.clone());
        callers.spawn(async move {
            let mut times_us = Vec::new();
            while Instant::now() < end {
                let number = numbers.fetch_add(1, Ordering::Relaxed);
                let sent = Instant::now();
                db.write(number, |tx, number| Box::pin(place_order(tx, number))).await?;
                times_us.push(sent.elapsed().as_micros());
            }
            Ok::<_, DbError>(times_us)
        });
    }
    let mut times_us = Vec::new();
    while let Some(caller) = callers.join_next().await {
        times_us.extend(caller??);
    }
    let elapsed_us = started.elapsed().as_micros().max(1);
    times_us.sort_unstable();
    way.per_second.push(times_us.len() as u128 * 1_000_000 / elapsed_us);
    way.slowest_hundredth_us.push(times_us.get(times_us.len() * 99 / 100).copied().unwrap_or(0));
    db.close().await;
    Ok(())
}

/// Appends and syncs for one second.
fn durable_writes_per_second(folder: &Path) -> Result<u128> {
    let path = folder.join("floor");
    let mut file = OpenOptions::new().create(true).append(true).open(&path).context("cannot write to the folder")?;
    let (started, mut count) = (Instant::now(), 0);
    while started.elapsed() < Duration::from_secs(1) {
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        count += 1;
    }
    std::fs::remove_file(&path)?;
    Ok(count * 1_000_000 / started.elapsed().as_micros().max(1))
}

fn print_line(name: &str, figures: &mut [u128]) {
    figures.sort_unstable();
    let figure = |place: usize| figures.get(place).copied().unwrap_or(0);
    let (first, median, last) = (figure(0), figure(figures.len() / 2), figure(figures.len().saturating_sub(1)));
    println!("{name:<42} {first:>8} {median:>8} {last:>8}");
}
