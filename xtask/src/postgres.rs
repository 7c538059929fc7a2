//! A throw-away PostgreSQL for one test run: its own cluster, owned by an ordinary user, on its own socket and a free
//! loopback port, gone when the run ends.
//!
//! PostgreSQL refuses to run as root, so root lends it an ordinary user. For tests `fsync` is off: the cluster outlives
//! nothing, and durability is tested by killing `souk`, not this server. What is measured runs with `fsync`, as in production.

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::process;

/// The user that root lends to the server when the machine has no `postgres` user.
const LENT_USER: &str = "souk-postgres";
/// How the folder of a cluster begins; the number of its process follows.
const FOLDER: &str = "souk-postgres-";
const START_TRIES: u32 = 150;
const START_PAUSE: Duration = Duration::from_millis(200);

/// Whether the server waits for the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disk {
    /// Never: for tests.
    NotWaitedFor,
    /// At each commit, as everywhere: for what is measured.
    WaitedFor,
}

/// A running cluster; dropping it stops the server and removes its files.
pub struct Cluster {
    server: Child,
    folder: PathBuf,
    port: u16,
}

/// The folder of the newest PostgreSQL server programs on this machine.
pub fn programs() -> Option<PathBuf> {
    let packaged = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().filter_map(Result::ok);
    let mut versions: Vec<(u32, PathBuf)> = packaged
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, folder)| has_server(folder))
        .collect();
    versions.sort();
    let newest = versions.pop().map(|(_, folder)| folder);
    newest.or_else(|| process::find("initdb")?.parent().map(Path::to_owned).filter(|folder| has_server(folder)))
}

fn has_server(folder: &Path) -> bool {
    folder.join("postgres").is_file() && folder.join("initdb").is_file()
}

impl Cluster {
    /// Makes a cluster and waits until it answers.
    pub fn start(disk: Disk) -> Result<Cluster> {
        let programs = programs().context("no PostgreSQL server programs here: apt-get install postgresql")?;
        remove_what_others_left();
        let folder = std::env::temp_dir().join(format!("{FOLDER}{}", std::process::id()));
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let owner = owner()?;
        if let Some(user) = &owner {
            process::run_quietly(Command::new("chown").arg(user).arg(&folder))?;
        }
        let data = folder.join("data");
        let mut initdb = as_owner(owner.as_deref(), &programs.join("initdb"));
        initdb.args(["--username=souk", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"]).arg(&data);
        process::run_quietly(initdb.current_dir(&folder))?;
        let port = free_port()?;
        let mut postgres = as_owner(owner.as_deref(), &programs.join("postgres"));
        postgres.arg("-D").arg(&data).arg("-k").arg(&folder).arg("-p").arg(port.to_string());
        let fast: &[&str] = match disk {
            Disk::NotWaitedFor => &["fsync=off", "full_page_writes=off"],
            Disk::WaitedFor => &[],
        };
        for setting in ["listen_addresses=127.0.0.1", "max_connections=300"].iter().chain(fast) {
            postgres.arg("-c").arg(setting);
        }
        let log = fs::File::create(folder.join("server.log")).context("cannot write the server's log")?;
        let errors = log.try_clone().context("cannot write the server's log")?;
        let server = postgres
            .current_dir(&folder)
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .spawn()
            .context("cannot start postgres")?;
        let mut cluster = Cluster { server, folder, port };
        cluster.wait_until_it_answers()?;
        Ok(cluster)
    }

    /// What `SOUK_TEST_POSTGRES` is set to.
    pub fn address(&self) -> String {
        format!("postgres://souk@127.0.0.1:{}/postgres", self.port)
    }

    fn wait_until_it_answers(&mut self) -> Result<()> {
        for _ in 0..START_TRIES {
            if let Some(status) = self.server.try_wait()? {
                let log = fs::read_to_string(self.folder.join("server.log")).unwrap_or_default();
                bail!("postgres ended with {status}:\n{log}");
            }
            #[expect(clippy::disallowed_methods, reason = "asks our own server on loopback whether it is up")]
            if TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok() {
                return Ok(());
            }
            #[expect(clippy::disallowed_methods, reason = "another program starts; there is no event to wait for")]
            thread::sleep(START_PAUSE);
        }
        bail!("postgres did not answer within {:?}", START_PAUSE * START_TRIES)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // SIGINT is PostgreSQL's fast shutdown: clients are cut off, nothing is waited for.
        let asked = Command::new("kill").arg("-INT").arg(self.server.id().to_string()).status();
        if asked.is_ok_and(|status| status.success()) {
            drop(self.server.wait());
        } else {
            drop(self.server.kill());
        }
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            eprintln!("postgres: {} stays behind: {error}", self.folder.display());
        }
    }
}

/// Removes the folders of runs that were killed: their process, and with it their server, is gone.
fn remove_what_others_left() {
    for entry in fs::read_dir(std::env::temp_dir()).into_iter().flatten().filter_map(Result::ok) {
        let name = entry.file_name();
        let process = name.to_str().and_then(|name| name.strip_prefix(FOLDER)).and_then(|id| id.parse::<u32>().ok());
        if process.is_some_and(|id| !Path::new(&format!("/proc/{id}")).exists()) {
            // Another user's folder stays; it is not ours to remove.
            drop(fs::remove_dir_all(entry.path()));
        }
    }
}

/// The ordinary user that root lends to the server; none when this process is an ordinary user itself.
fn owner() -> Result<Option<String>> {
    if !process::is_superuser() {
        return Ok(None);
    }
    for user in ["postgres", LENT_USER] {
        if process::run_quietly(Command::new("getent").args(["passwd", user])).is_ok() {
            return Ok(Some(user.to_owned()));
        }
    }
    let mut useradd = Command::new("useradd");
    useradd.args(["--system", "--no-create-home", "--shell", "/usr/sbin/nologin", LENT_USER]);
    process::run_quietly(&mut useradd).context("cannot make an ordinary user for PostgreSQL")?;
    Ok(Some(LENT_USER.to_owned()))
}

/// A program started as the owner, told to end when this process ends, however it ends.
fn as_owner(owner: Option<&str>, program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    if let Some(user) = owner {
        command.args(["--reuid", user, "--regid", user, "--init-groups"]);
    }
    command.args(["--pdeathsig", "INT", "--"]).arg(program);
    command.env_remove("PGDATA").env_remove("PGPORT").env_remove("PGHOST").env("LC_ALL", "C");
    command
}

/// A loopback port that was free a moment ago.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free loopback port")?;
    Ok(listener.local_addr()?.port())
}
