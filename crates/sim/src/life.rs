//! Starting, killing and stopping the processes of a run. All of them end when the harness ends, however it ends.

use std::fs::OpenOptions;
use std::io::{Read, Seek, SeekFrom};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::process::{Child, Command};

use crate::ground::{Engine, Ground};
use crate::http::{Ask, Client, Proof};

/// A marketplace that does not get ready in this time never will.
const START: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(10);

/// Waits. The harness watches other processes: there is nothing in this one that could wake it.
#[expect(clippy::disallowed_methods, reason = "the harness waits for other processes, in real time")]
pub async fn wait(time: Duration) {
    tokio::time::sleep(time).await;
}

/// A loopback port that was free a moment ago.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free loopback port")?;
    Ok(listener.local_addr()?.port())
}

/// A command that dies with the process that started it.
pub fn bound(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--"]).arg(program).stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// One process and when it was started.
pub struct Life {
    child: Child,
    name: &'static str,
    log: PathBuf,
    log_begins: u64,
    /// When it was started.
    pub started: Instant,
}

impl Life {
    /// Starts `command` with its output at the end of `log`.
    pub fn start(mut command: Command, name: &'static str, log: &Path) -> Result<Life> {
        let file = OpenOptions::new().create(true).append(true).open(log);
        let file = file.with_context(|| format!("cannot write {}", log.display()))?;
        let log_begins = file.metadata()?.len();
        command.stdout(file.try_clone()?).stderr(file);
        let child = command.spawn().with_context(|| format!("cannot start {name}"))?;
        Ok(Life { child, name, log: log.to_owned(), log_begins, started: Instant::now() })
    }

    /// The marketplace of this ground.
    pub fn marketplace(program: &Path, ground: &Ground) -> Result<Life> {
        let mut command = bound(program);
        command.arg("--config").arg(ground.configuration()).arg("serve");
        Life::start(command, "souk serve", &ground.log())
    }

    /// The seller of this ground.
    pub fn seller(program: &Path, ground: &Ground) -> Result<Life> {
        let mut command = bound(program);
        command.arg("seller").arg("--listen").arg(format!("127.0.0.1:{}", ground.seller_port));
        command.arg("--key-file").arg(ground.seller_key()).arg("--state").arg(ground.seller_state());
        Life::start(command, "souk seller", &ground.folder.join("seller.log"))
    }

    /// What it printed so far in this life.
    pub fn said(&self) -> Result<String> {
        let mut file = std::fs::File::open(&self.log)?;
        file.seek(SeekFrom::Start(self.log_begins))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Fails, with what it said, when it has ended by itself.
    pub fn still_there(&mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("{} ended by itself with {status}:\n{}", self.name, self.said()?);
        }
        Ok(())
    }

    /// Waits until `path` on this port answers 200; says how long after the start.
    pub async fn ready(&mut self, port: u16, path: &str) -> Result<Duration> {
        let mut client = Client::new(port, 0);
        while self.started.elapsed() < START {
            let answer = client.ask(&Ask::get(path, &Proof::None)).await;
            if answer.is_ok_and(|answer| answer.status == 200) {
                return Ok(self.started.elapsed());
            }
            self.still_there()?;
            wait(PAUSE).await;
        }
        bail!("{} is not ready after {} s:\n{}", self.name, START.as_secs(), self.said()?)
    }

    /// Waits until somebody listens on this port.
    pub async fn listens(&mut self, port: u16) -> Result<()> {
        while self.started.elapsed() < START {
            #[expect(clippy::disallowed_methods, reason = "asks a process of the harness on loopback whether it is up")]
            if tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_ok() {
                return Ok(());
            }
            self.still_there()?;
            wait(PAUSE).await;
        }
        bail!("{} does not listen after {} s:\n{}", self.name, START.as_secs(), self.said()?)
    }

    /// kill -9, and waits until the process is gone.
    pub async fn kill(mut self) -> Result<()> {
        self.still_there()?;
        Ok(self.child.kill().await?)
    }

    /// Asks it to stop as an operator would, and waits until it did.
    pub async fn stop(mut self) -> Result<()> {
        if let Some(id) = self.child.id() {
            Command::new("kill").args(["-TERM", &id.to_string()]).status().await?;
        }
        let status = self.child.wait().await?;
        if !status.success() {
            bail!("{} stopped with {status}:\n{}", self.name, self.said()?);
        }
        Ok(())
    }

    /// Waits until it ends by itself; fails with what it said when it was not content.
    pub async fn end(mut self, patience: Duration) -> Result<()> {
        let Ok(status) = tokio::time::timeout(patience, self.child.wait()).await else {
            bail!("{} did not end within {} s:\n{}", self.name, patience.as_secs(), self.said()?);
        };
        if !status?.success() {
            bail!("{} failed:\n{}", self.name, self.said()?);
        }
        Ok(())
    }
}

/// Writes the marketplace's configuration: rate limits out of the way, this one seller allowed on loopback.
pub fn configure(ground: &Ground) -> Result<()> {
    let storage = match &ground.engine {
        Engine::Sqlite => String::new(),
        Engine::Postgres { url, schema } => format!("postgres_url = \"{url}\"\npostgres_schema = \"{schema}\"\n"),
    };
    let text = format!(
        "[site]\nname = \"Simulation\"\n\n[listen]\naddress = \"127.0.0.1:{}\"\n\n[storage]\nfolder = {:?}\n{storage}\n\
         [outbound]\nallow = [\"127.0.0.1:{}\"]\n\n[sellers]\nask_domain_proof = false\ndial_tests = false\n\n[limits]\nvisitor_per_second = 1000000\nkey_per_second = 1000000\n\n\
         [log]\nformat = \"json\"\nfilter = \"info\"\n",
        ground.port,
        ground.storage(),
        ground.seller_port
    );
    Ok(std::fs::write(ground.configuration(), text)?)
}
