//! The nemesis: starts a marketplace, sets a market up, puts load on it, and kills it at instants drawn from the seed.

use std::collections::BTreeMap;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::chance::Chance;
use crate::checker::evidence::Kill;
use crate::checker::{Phase, under_way};
use crate::driver::market::Market;
use crate::ground::Ground;
use crate::journal::{Fact, read_all};
use crate::life::{Life, bound, configure, wait};

/// A life that acknowledges nothing in this time is broken.
const FIRST_SIGN: Duration = Duration::from_secs(60);
/// How often the world is looked at while something is waited for.
const LOOK: Duration = Duration::from_millis(20);
/// A key that a kill left behind answers within a minute; clients wait for it.
const LAST_ANSWERS: Duration = Duration::from_secs(180);

/// How a run is to be.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The marketplace's program.
    pub program: PathBuf,
    /// How many kills.
    pub kills: u32,
    /// A kill comes at most so long after the life's first sign, in milliseconds.
    pub longest_ms: u64,
    /// After the load nothing is waited for once no order came to its end for so many seconds.
    pub settle_s: u64,
}

/// What a run came to.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Whether the checker has nothing to say.
    pub good: bool,
    /// The kills.
    pub kills: Vec<Kill>,
    /// Everything acknowledged.
    pub acknowledged: usize,
    /// Requests that were broken.
    pub broken: usize,
    /// What was left to do when the load ended.
    pub drained: Drained,
}

/// How the work that was left came to its end.
#[derive(Clone, Copy, Debug, Default)]
pub struct Drained {
    /// Paid orders that were under way when the load ended.
    pub orders: u64,
    /// How long they took.
    pub seconds: u64,
}

/// Runs the whole of it on an empty ground.
pub async fn run(ground: &Ground, plan: &Plan) -> Result<Outcome> {
    ground.write()?;
    configure(ground)?;
    std::fs::write(ground.seller_key(), format!("{}\n", seller_key(ground)))?;
    let mut seller = Life::seller(&plan.program, ground)?;
    seller.listens(ground.seller_port).await?;
    let mut market = Life::marketplace(&plan.program, ground)?;
    market.ready(ground.port, "/readyz").await?;
    Market::set_up(ground, &market.said()?).await.context("the market cannot be set up")?;
    let driver = Life::start(itself("drive", ground)?, "the driver", &ground.folder.join("driver.log"))?;
    let watch = Watch { folder: ground.journals(), read: BTreeMap::new(), acknowledged: 0 };
    let mut nemesis = Nemesis { ground, plan, chance: Chance::new(ground.seed, 2), driver, watch };
    let drained = Drained::default();
    let mut outcome = Outcome { good: true, kills: Vec::new(), acknowledged: 0, broken: 0, drained };
    for number in 1..=plan.kills {
        let dead = nemesis.kill_once(market).await.with_context(|| format!("kill {number}"))?;
        outcome.good &= check(ground, Phase::UnderWay).await?;
        market = Life::marketplace(&plan.program, ground)?;
        let ready_again_ms = milliseconds(market.ready(ground.port, "/readyz").await?);
        let Dead { lived_ms, acknowledged } = dead;
        let kill = Kill { number, lived_ms, acknowledged, ready_again_ms };
        note(ground, &kill)?;
        outcome.kills.push(kill);
    }
    std::fs::write(ground.stop(), "")?;
    nemesis.driver.end(LAST_ANSWERS).await?;
    outcome.drained = settle(ground, plan, &mut market).await?;
    market.stop().await?;
    seller.stop().await?;
    outcome.good &= check(ground, Phase::Settled).await?;
    let facts = read_all(&ground.journals())?;
    outcome.broken = facts.iter().filter(|fact| matches!(fact, Fact::Broken { .. })).count();
    outcome.acknowledged = facts.iter().filter(|fact| fact.acknowledges()).count();
    Ok(outcome)
}

/// The shape of a seller's access key.
fn seller_key(ground: &Ground) -> String {
    let mut chance = Chance::new(ground.seed, 3);
    format!("{}-{}", chance.word(), chance.word())
}

/// This program again, as another of the processes.
fn itself(part: &str, ground: &Ground) -> Result<tokio::process::Command> {
    let program = std::env::current_exe().context("where is this program?")?;
    let mut command = bound(&program);
    command.arg(part).arg("--folder").arg(&ground.folder);
    Ok(command)
}

/// Runs the checker as a process of its own, which prints; says whether all is good.
async fn check(ground: &Ground, phase: Phase) -> Result<bool> {
    let mut command = itself("check", ground)?;
    command.arg("--phase").arg(match phase {
        Phase::UnderWay => "under-way",
        Phase::Settled => "settled",
    });
    let status = command.status().await.context("the checker cannot be started")?;
    match status.code() {
        Some(0) => Ok(true),
        Some(1) => Ok(false),
        _ => bail!("the checker failed: {status}"),
    }
}

/// Waits until nothing paid is on its way any more and the audit chain has been begun, as long as there is progress. When
/// there is none any more the checker says what is left.
async fn settle(ground: &Ground, plan: &Plan, market: &mut Life) -> Result<Drained> {
    let begun = Instant::now();
    let patience = Duration::from_secs(plan.settle_s);
    let orders = under_way(&ground.engine, &ground.storage()).await?.orders;
    let (mut fewest, mut progress_at) = (orders, Instant::now());
    loop {
        market.still_there()?;
        let left = under_way(&ground.engine, &ground.storage()).await?;
        if left.orders < fewest {
            (fewest, progress_at) = (left.orders, Instant::now());
        }
        if (left.orders == 0 && left.sealed > 0) || progress_at.elapsed() > patience {
            return Ok(Drained { orders, seconds: begun.elapsed().as_secs() });
        }
        wait(Duration::from_millis(500)).await;
    }
}

fn note(ground: &Ground, kill: &Kill) -> Result<()> {
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(ground.kills())?;
    Ok(writeln!(file, "{}", serde_json::to_string(kill)?)?)
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Counts acknowledgements in journals that grow.
struct Watch {
    folder: PathBuf,
    read: BTreeMap<PathBuf, usize>,
    acknowledged: u64,
}

impl Watch {
    fn look(&mut self) -> Result<u64> {
        for entry in std::fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let mut file = std::fs::File::open(&path)?;
            let read = self.read.entry(path).or_default();
            file.seek(SeekFrom::Start(u64::try_from(*read)?))?;
            let mut fresh = Vec::new();
            file.read_to_end(&mut fresh)?;
            let whole = fresh.iter().rposition(|byte| *byte == b'\n').map_or(0, |place| place + 1);
            for line in fresh[..whole].split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
                let fact: Fact = serde_json::from_slice(line)?;
                self.acknowledged += u64::from(fact.acknowledges());
            }
            *read += whole;
        }
        Ok(self.acknowledged)
    }
}

struct Nemesis<'a> {
    ground: &'a Ground,
    plan: &'a Plan,
    chance: Chance,
    driver: Life,
    watch: Watch,
}

struct Dead {
    lived_ms: u64,
    acknowledged: u64,
}

impl Nemesis<'_> {
    /// Lets the marketplace work until it has acknowledged something, and kills it at an instant after that.
    async fn kill_once(&mut self, mut market: Life) -> Result<Dead> {
        let before = self.watch.look()?;
        let alive = Instant::now();
        while self.watch.look()? < before + u64::from(self.ground.clients) {
            market.still_there()?;
            self.driver.still_there()?;
            if alive.elapsed() > FIRST_SIGN {
                bail!("the marketplace acknowledges nothing");
            }
            wait(LOOK).await;
        }
        wait(Duration::from_micros(self.chance.below(self.plan.longest_ms * 1_000))).await;
        market.kill().await?;
        let lived_ms = milliseconds(alive.elapsed());
        Ok(Dead { lived_ms, acknowledged: self.watch.look()? - before })
    }
}
