//! A marketplace as a process of its own, on a storage of its own: started, measured, stopped.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use axum::http::StatusCode;
use tokio::process::{Child, Command};

use super::client::Client;
use super::machine;
use crate::config::Config;

const START: Duration = Duration::from_secs(120);

/// Where a marketplace keeps its things.
#[derive(Clone, Debug)]
pub struct Place {
    /// Its configuration file.
    pub file: PathBuf,
    /// Where it listens.
    pub address: SocketAddr,
    /// The same as read.
    pub config: Config,
}

/// A schema of the benchmark on PostgreSQL.
pub struct Schema {
    /// The server.
    pub url: String,
    /// The schema.
    pub name: String,
}

impl Schema {
    /// Makes it, empty.
    pub async fn make(&self) -> Result<()> {
        self.run(&format!("CREATE SCHEMA {}", self.name)).await
    }

    /// Takes it away with everything in it.
    pub async fn remove(&self) -> Result<()> {
        self.run(&format!("DROP SCHEMA IF EXISTS {} CASCADE", self.name)).await
    }

    async fn run(&self, sql: &str) -> Result<()> {
        let (client, connection) = tokio_postgres::connect(&self.url, tokio_postgres::NoTls).await?;
        #[expect(clippy::disallowed_methods, reason = "the connection's own task ends with the client")]
        tokio::spawn(connection);
        Ok(client.batch_execute(sql).await?)
    }
}

/// Waits.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures for a time, in real time")]
pub async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}

impl Place {
    /// A new place in `folder`: a free port, rate limits out of the way, the seller at `seller` allowed.
    pub fn make(folder: &Path, schema: Option<&Schema>, seller: Option<SocketAddr>) -> Result<Place> {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let address = free_address()?;
        let server = schema.map_or_else(String::new, |schema| {
            format!("postgres_url = \"{}\"\npostgres_schema = \"{}\"\n", schema.url, schema.name)
        });
        let allow = seller.map_or_else(String::new, |seller| format!("[outbound]\nallow = [\"{seller}\"]\n"));
        let text = format!(
            "[site]\nname = \"Benchmark\"\npublic_url = \"http://{address}\"\n[listen]\naddress = \"{address}\"\n[storage]\nfolder = {:?}\n{server}{allow}\
             [sellers]\ndial_tests = false\n[limits]\nvisitor_per_second = 1000000\nkey_per_second = 1000000\n[log]\nfilter = \"error\"\n",
            folder.join("storage")
        );
        let file = folder.join("souk.toml");
        std::fs::write(&file, &text)?;
        // Not through the environment: it may name a real marketplace.
        let config: Config = toml::from_str(&text)?;
        Ok(Place { file, address, config })
    }
}

/// A loopback address that was free a moment ago.
pub fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free loopback port")?.local_addr()?)
}

/// A running process of this program.
pub struct Server {
    child: Child,
    address: SocketAddr,
    started: Instant,
}

impl Server {
    /// Starts `souk serve` at a place; `role` as on the command line.
    pub fn start(place: &Place, role: &str) -> Result<Server> {
        let mut command = program()?;
        command.arg("--config").arg(&place.file).args(["serve", "--role", role]);
        Server::spawn(command, place.address)
    }

    /// Starts the reference seller.
    pub fn seller(address: SocketAddr, key_file: &Path) -> Result<Server> {
        let mut command = program()?;
        command.arg("seller").arg("--listen").arg(address.to_string()).arg("--key-file").arg(key_file);
        command.env("SOUK_LOG", "error");
        Server::spawn(command, address)
    }

    fn spawn(mut command: Command, address: SocketAddr) -> Result<Server> {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::inherit()).kill_on_drop(true);
        let started = Instant::now();
        let child = command.spawn().context("this program cannot be started again")?;
        Ok(Server { child, address, started })
    }

    /// Waits until it answers `path` with 200; says how long after its start.
    #[expect(clippy::disallowed_methods, reason = "a benchmark waits for another process, in real time")]
    pub async fn ready(&mut self, path: &str) -> Result<Duration> {
        while self.started.elapsed() < START {
            if let Ok(mut client) = Client::connect(self.address).await
                && matches!(client.get(path).await, Ok((StatusCode::OK, _)))
            {
                return Ok(self.started.elapsed());
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("the process ended with {status}");
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        bail!("the process is not ready after {} s", START.as_secs())
    }

    /// Waits until somebody listens at its address.
    #[expect(clippy::disallowed_methods, reason = "a benchmark waits for another process, in real time")]
    pub async fn listens(&mut self) -> Result<()> {
        while self.started.elapsed() < START {
            if Client::connect(self.address).await.is_ok() {
                return Ok(());
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("the process ended with {status}");
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        bail!("the process does not listen after {} s", START.as_secs())
    }

    /// Its resident memory in KiB.
    pub fn resident_kib(&self) -> Result<u64> {
        let id = self.child.id().context("the process has ended")?;
        machine::resident_kib(id).context("its memory cannot be read")
    }

    /// Asks it to stop, and waits until it did.
    pub async fn stop(mut self) -> Result<()> {
        if let Some(id) = self.child.id() {
            Command::new("kill").args(["-TERM", &id.to_string()]).status().await?;
        }
        self.child.wait().await?;
        Ok(())
    }
}

fn program() -> Result<Command> {
    let mut command = Command::new(std::env::current_exe().context("where is this program?")?);
    for variable in [
        "SOUK_CONFIG",
        "SOUK_LISTEN",
        "SOUK_METRICS",
        "SOUK_PUBLIC_URL",
        "SOUK_STORAGE",
        "SOUK_POSTGRES_URL",
        "SOUK_LOG",
    ] {
        command.env_remove(variable);
    }
    Ok(command)
}
