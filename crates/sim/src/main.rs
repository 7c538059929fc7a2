//! The simulation's program: `sim` is the nemesis, and starts itself again as driver and checker.
#![forbid(unsafe_code)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Args, Parser, Subcommand, ValueEnum};
use futures_util::future::try_join_all;
use sim::checker::{self, Phase, stored};
use sim::driver;
use sim::ground::{Engine, Ground};
use sim::life::free_port;
use sim::nemesis::{self, Outcome, Plan};

/// Kills a marketplace under load again and again, and checks what is left.
#[derive(Parser)]
#[command(name = "sim", max_term_width = 100, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(flatten)]
    run: RunArguments,
    #[command(subcommand)]
    part: Option<Part>,
}

/// How a run is to be.
#[derive(Args)]
struct RunArguments {
    /// The storage engine.
    #[arg(long, value_enum, default_value = "both")]
    engine: Engines,
    /// How many times the marketplace is killed, on each engine.
    #[arg(long, default_value_t = 60)]
    kills: u32,
    /// From which all chance is drawn.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many clients put load on it at once.
    #[arg(long, default_value_t = 8)]
    clients: u32,
    /// Over how many sellers the orders are spread.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=50))]
    sellers: u32,
    /// A kill comes at most so many milliseconds after the first signs of a life.
    #[arg(long, default_value_t = 1_500)]
    longest_ms: u64,
    /// After the last kill the run waits for every paid order to come to its end, as long as at least one does in so many
    /// seconds.
    #[arg(long, default_value_t = 120)]
    settle_s: u64,
    /// A PostgreSQL server on which a schema may be made: postgres://user@host:port/database.
    #[arg(long, env = "SOUK_TEST_POSTGRES")]
    postgres: Option<String>,
    /// The marketplace's program; by default the one beside this program.
    #[arg(long, env = "SOUK_PROGRAM")]
    program: Option<PathBuf>,
    /// Run the engines at the same time instead of one after the other.
    #[arg(long)]
    side_by_side: bool,
    /// Keep everything of the runs here; by default in a temporary folder that is removed when all is good.
    #[arg(long)]
    folder: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Engines {
    Sqlite,
    Postgres,
    Both,
}

/// The other processes of a run.
#[derive(Subcommand)]
enum Part {
    /// The clients that put load on the marketplace of a folder.
    Drive {
        #[arg(long)]
        folder: PathBuf,
    },
    /// Judges what is in a folder and its tables. Ends with 1 when something is wrong.
    Check {
        #[arg(long)]
        folder: PathBuf,
        #[arg(long, value_enum, default_value = "settled")]
        phase: Phase,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("sim: no runtime: {error}");
            return ExitCode::from(2);
        }
    };
    let done = runtime.block_on(async {
        match arguments.part {
            None => run(&arguments.run).await,
            Some(Part::Drive { folder }) => driver::drive(&Ground::read(&folder)?).await.map(|()| true),
            Some(Part::Check { folder, phase }) => checker::check(&Ground::read(&folder)?, phase).await,
        }
    });
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("sim: {error:#}");
            ExitCode::from(2)
        }
    }
}

async fn run(arguments: &RunArguments) -> Result<bool> {
    let folder = match &arguments.folder {
        Some(folder) => std::path::absolute(folder)?,
        None => std::env::temp_dir().join(format!("souk-sim-{}", std::process::id())),
    };
    let mut engines = Vec::new();
    if arguments.engine != Engines::Postgres {
        engines.push(Engine::Sqlite);
    }
    if arguments.engine != Engines::Sqlite {
        let url = arguments.postgres.clone().context("PostgreSQL needs --postgres or SOUK_TEST_POSTGRES")?;
        engines.push(Engine::Postgres { url, schema: format!("souk_sim_{}", std::process::id()) });
    }
    let plan = Plan {
        program: program(arguments)?,
        kills: arguments.kills,
        longest_ms: arguments.longest_ms,
        settle_s: arguments.settle_s,
    };
    let grounds = engines.into_iter().map(|engine| ground(arguments, &folder, engine)).collect::<Result<Vec<_>>>()?;
    let runs = grounds.len();
    let mut passed = 0;
    if arguments.side_by_side {
        let good = try_join_all(grounds.iter().map(|ground| run_one(ground, &plan))).await?;
        passed += good.into_iter().filter(|good| *good).count();
    } else {
        for ground in &grounds {
            passed += usize::from(run_one(ground, &plan).await?);
        }
    }
    if passed == runs && arguments.folder.is_none() {
        std::fs::remove_dir_all(&folder).context("the folder of the run stays behind")?;
    } else {
        println!("Everything of the runs is in {}", folder.display());
    }
    println!("{passed} passed, {} failed", runs - passed);
    Ok(passed == runs)
}

/// One engine; says whether the checker has nothing to say.
async fn run_one(ground: &Ground, plan: &Plan) -> Result<bool> {
    make_schema(&ground.engine).await?;
    println!(
        "{}: {} kills, seed {}, {} clients, {} sellers",
        ground.engine.name(),
        plan.kills,
        ground.seed,
        ground.clients,
        ground.sellers
    );
    let outcome = nemesis::run(ground, plan).await;
    let outcome = outcome.with_context(|| format!("{} in {}", ground.engine.name(), ground.folder.display()))?;
    tell(ground, &outcome);
    if outcome.good {
        remove_schema(&ground.engine).await?;
    }
    Ok(outcome.good)
}

fn program(arguments: &RunArguments) -> Result<PathBuf> {
    let beside = || Ok::<_, std::io::Error>(std::env::current_exe()?.with_file_name("souk"));
    let program = arguments.program.clone().map_or_else(beside, Ok)?;
    if !program.is_file() {
        bail!("there is no program {}; build souk first", program.display());
    }
    Ok(program)
}

fn ground(arguments: &RunArguments, folder: &Path, engine: Engine) -> Result<Ground> {
    let folder = folder.join(engine.name().to_lowercase());
    if folder.exists() {
        bail!("{} is there already", folder.display());
    }
    Ok(Ground {
        folder,
        engine,
        seed: arguments.seed,
        clients: arguments.clients,
        sellers: arguments.sellers,
        port: free_port()?,
        seller_port: free_port()?,
    })
}

async fn make_schema(engine: &Engine) -> Result<()> {
    let Engine::Postgres { url, schema } = engine else { return Ok(()) };
    let made = stored::connect(url).await?.batch_execute(&format!("CREATE SCHEMA IF NOT EXISTS {schema}")).await;
    made.context("the schema cannot be made")
}

async fn remove_schema(engine: &Engine) -> Result<()> {
    let Engine::Postgres { url, schema } = engine else { return Ok(()) };
    let removed = stored::connect(url).await?.batch_execute(&format!("DROP SCHEMA {schema} CASCADE")).await;
    removed.context("the schema cannot be removed")
}

/// The sentence that reliability.md wants: what was done, what was found, and how sure that makes.
fn tell(ground: &Ground, outcome: &Outcome) {
    let kills = outcome.kills.len();
    let mut ready: Vec<u64> = outcome.kills.iter().map(|kill| kill.ready_again_ms).collect();
    ready.sort_unstable();
    let at = |place: usize| ready.get(place.min(ready.len().saturating_sub(1))).copied().unwrap_or(0);
    println!(
        "{}: {kills} kills, seed {}: {} acknowledgements, {} requests broken by a kill; ready again in {} ms (median), \
         {} ms (slowest)",
        ground.engine.name(),
        ground.seed,
        outcome.acknowledged,
        outcome.broken,
        at(kills / 2),
        at(kills),
    );
    println!(
        "{} paid orders were under way when the load ended; they came to their end in {} s",
        outcome.drained.orders, outcome.drained.seconds
    );
    if outcome.good && kills > 0 {
        let tenths = 3_000 / kills;
        println!(
            "0 violations; with 95 % confidence at most 3/{kills} = {}.{} % of kills violate anything",
            tenths / 10,
            tenths % 10
        );
    } else if !outcome.good {
        println!("THE PROMISES DO NOT HOLD");
    }
}
