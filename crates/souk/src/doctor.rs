//! `souk doctor`: is everything in order? Each line names what was looked at, what was found, and what to do.
//!
//! It makes and migrates nothing: a doctor on a fresh machine leaves no key and no database behind.

use std::fs::{File, TryLockError};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use anyhow::bail;
use ports::Clock as _;
use store::{Applied, Store};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::config::Config;
use crate::system::SystemClock;
use crate::wiring;

/// Below this the next weeks are at risk: 1 GiB.
const ENOUGH_SPACE_BYTES: u64 = 1 << 30;

/// Nodes' clocks may differ by this much, in milliseconds.
const CLOCK_TOLERANCE_MS: i64 = 60_000;

/// One thing that was looked at.
struct Look {
    what: &'static str,
    found: Result<String, String>,
}

/// Prints one line for each look; fails when one of them is not in order.
pub async fn run(config: &Config) -> anyhow::Result<()> {
    let mut looks = vec![key(config), disk(config)];
    looks.extend(tables(config).await);
    looks.push(mail(config).await);
    looks.push(listener(config).await);
    looks.push(address(config));
    let mut wrong = 0;
    for look in &looks {
        match &look.found {
            Ok(fact) => println!("ok    {:<12} {fact}", look.what),
            Err(trouble) => {
                wrong += 1;
                println!("wrong {:<12} {trouble}", look.what);
            }
        }
    }
    if wrong > 0 {
        bail!("{wrong} of {} are not in order", looks.len());
    }
    Ok(())
}

fn key(config: &Config) -> Look {
    let path = wiring::master_key_file(config);
    let found = match std::fs::metadata(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(format!("{} cannot be looked at: {error}", path.display()))
        }
        Err(_) if config.storage.postgres_url.is_none() && wiring::database_file(config).exists() => Err(format!(
            "{} is missing, but the database is there: put your copy back before the next start, or what is sealed stays so",
            path.display()
        )),
        Err(_) => Ok(format!("{} will be made at the first start; keep a copy elsewhere", path.display())),
        Ok(file) => match (readable_by_others(&file), wiring::read_key(&path)) {
            (Some(mode), _) => {
                Err(format!("{} can be read by others (mode {mode:o}); run chmod 600 on it", path.display()))
            }
            (None, Err(error)) => Err(format!("{error:#}")),
            (None, Ok(_)) => Ok(format!("{} is there and reads; keep a copy elsewhere", path.display())),
        },
    };
    Look { what: "master key", found }
}

/// The space of the storage folder, or of the nearest folder above it that exists.
fn disk(config: &Config) -> Look {
    let folder = std::path::absolute(&config.storage.folder).unwrap_or_else(|_| config.storage.folder.clone());
    let there = folder.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("/"));
    let found = match fs4::available_space(there) {
        Ok(bytes) => enough_space(there, bytes),
        Err(error) => Err(format!("the free space of {} cannot be read: {error}", there.display())),
    };
    Look { what: "disk", found }
}

fn enough_space(folder: &Path, free_bytes: u64) -> Result<String, String> {
    let said = format!("{} MiB free for {}", free_bytes >> 20, folder.display());
    if free_bytes < ENOUGH_SPACE_BYTES { Err(format!("{said}; make room, 1 GiB at least")) } else { Ok(said) }
}

#[cfg(unix)]
fn readable_by_others(file: &std::fs::Metadata) -> Option<u32> {
    let mode = std::os::unix::fs::PermissionsExt::mode(&file.permissions()) & 0o777;
    (mode & 0o077 != 0).then_some(mode)
}

#[cfg(not(unix))]
fn readable_by_others(_: &std::fs::Metadata) -> Option<u32> {
    None
}

async fn tables(config: &Config) -> Vec<Look> {
    if config.storage.postgres_url.is_none() {
        let file = wiring::database_file(config);
        if !file.exists() {
            let found = Ok(format!("{} will be made at the first start", file.display()));
            return vec![Look { what: "tables", found }];
        }
        if in_use(&file) {
            return vec![running(config.listen.address).await];
        }
    }
    let store = match wiring::open_tables_as_they_are(config).await {
        Ok(store) => store,
        Err(error) => return vec![Look { what: "tables", found: Err(format!("{error:#}")) }],
    };
    let looks = inside(config, &store).await;
    store.close().await;
    looks
}

/// Whether another process holds the lock of the embedded database.
fn in_use(database: &Path) -> bool {
    let mut lock = database.as_os_str().to_owned();
    lock.push(".lock");
    File::open(lock).is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
}

/// Only the process that holds the embedded tables can look into them, so it is asked.
async fn running(listen: SocketAddr) -> Look {
    let asked = tokio::time::timeout(Duration::from_secs(3), status_of_ready(listen)).await;
    let found = match asked {
        Ok(Ok(line)) if line.contains(" 200") => {
            Ok(format!("a marketplace is running on them, and {listen}/readyz says it is ready"))
        }
        Ok(Ok(line)) => Err(format!("another process uses them, but {listen}/readyz answers {line:?}")),
        Ok(Err(error)) => Err(format!("another process uses them, but {listen}/readyz does not answer: {error}")),
        Err(_) => Err(format!("another process uses them, but {listen}/readyz does not answer within 3 s")),
    };
    Look { what: "tables", found }
}

#[expect(clippy::disallowed_methods, reason = "asks our own listening address")]
async fn status_of_ready(listen: SocketAddr) -> std::io::Result<String> {
    let host = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    let address = SocketAddr::new(host, listen.port());
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET /readyz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(4096).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned())
}

async fn inside(config: &Config, store: &Store) -> Vec<Look> {
    let applied = store.applied().await;
    let fits = matches!(applied, Ok(Applied { missing: 0, newer: 0, .. }));
    let found = match applied {
        Ok(Applied { known: 0, newer: 0, .. }) => Ok("empty; they will be made at the first start".to_owned()),
        Ok(Applied { newer: newer @ 1.., .. }) => {
            Err(format!("{newer} migrations are from a newer version; run that version"))
        }
        Ok(Applied { missing: missing @ 1.., .. }) => {
            Err(format!("{missing} migrations are not applied; run souk migrate after a backup"))
        }
        Ok(Applied { known, .. }) => Ok(format!("{}, up to date with {known} migrations", store.engine())),
        Err(error) => Err(error.to_string()),
    };
    let mut looks = vec![Look { what: "tables", found }];
    if !fits {
        return looks;
    }
    looks.push(clock(store).await);
    // Without the key there is no marketplace to ask, and making one would hide that it is lost.
    if wiring::master_key_file(config).exists() {
        match wiring::assemble(config, store.clone()) {
            Ok(app) => looks.extend(work(&app).await),
            Err(error) => looks.push(Look { what: "settings", found: Err(format!("{error:#}")) }),
        }
    }
    looks
}

async fn clock(store: &Store) -> Look {
    let now_ms = SystemClock.now().as_millisecond();
    let found = match store.reference_time_ms().await {
        Err(error) => Err(error.to_string()),
        Ok(reference) => clock_fits(store.engine(), now_ms, reference),
    };
    Look { what: "clock", found }
}

fn clock_fits(engine: store::Engine, now_ms: i64, reference_ms: Option<i64>) -> Result<String, String> {
    let ahead_ms = reference_ms.map_or(0, |reference| reference - now_ms);
    match engine {
        store::Engine::Sqlite if ahead_ms > CLOCK_TOLERANCE_MS => Err(format!(
            "something was recorded {} s in the future: this machine's clock is slow now or was fast then",
            ahead_ms / 1000
        )),
        store::Engine::Sqlite => Ok("nothing recorded is from the future".to_owned()),
        store::Engine::Postgres if ahead_ms.abs() > CLOCK_TOLERANCE_MS => Err(format!(
            "this machine and PostgreSQL differ by {} s; let both follow a time server",
            ahead_ms.abs() / 1000
        )),
        store::Engine::Postgres => Ok(format!("within {} ms of PostgreSQL's", ahead_ms.abs())),
    }
}

async fn work(app: &app::App) -> Vec<Look> {
    let jobs = match app::operations::job_counts(app).await {
        Ok((waiting, 0)) => Ok(format!("{waiting} waiting, none parked")),
        Ok((waiting, parked)) => {
            Err(format!("{waiting} waiting, {parked} parked; see Parked jobs in the operator console (/operator/jobs)"))
        }
        Err(error) => Err(error.to_string()),
    };
    let chain = match app::audit::verify(app).await {
        Ok(verified) if verified.finding.is_none() => Ok(format!("{} seals hold", verified.seals)),
        Ok(_) => Err("the audit chain is broken; run souk audit-verify".to_owned()),
        Err(error) => Err(error.to_string()),
    };
    vec![Look { what: "jobs", found: jobs }, Look { what: "audit chain", found: chain }]
}

async fn mail(config: &Config) -> Look {
    let found = match &config.mail.server {
        None => Err("no mail.server is configured; mails wait and are given up after a day".to_owned()),
        Some(server) => reach_mail(server).await,
    };
    Look { what: "mail", found }
}

#[expect(clippy::disallowed_methods, reason = "asks the address that the operator configured, and sends nothing")]
async fn reach_mail(server: &str) -> Result<String, String> {
    let target = mail_target(server);
    match tokio::time::timeout(Duration::from_secs(3), TcpStream::connect(&target)).await {
        Ok(Ok(_)) => Ok(format!("{target} answers")),
        Ok(Err(error)) => Err(format!("{target} does not answer: {error}")),
        Err(_) => Err(format!("{target} does not answer within 3 s")),
    }
}

#[expect(clippy::disallowed_methods, reason = "asks our own listening address")]
async fn listener(config: &Config) -> Look {
    let address = config.listen.address;
    let found = match tokio::net::TcpListener::bind(address).await {
        Ok(_) => Ok(format!("{address} is free")),
        Err(_) => match TcpStream::connect(address).await {
            Ok(_) => Ok(format!("{address} is taken; is a marketplace running there?")),
            Err(error) => Err(format!("{address} cannot be listened on: {error}")),
        },
    };
    Look { what: "listener", found }
}

fn address(config: &Config) -> Look {
    let url = &config.site.public_url;
    let local = url.contains("//127.0.0.1") || url.contains("//localhost");
    let found = if url.starts_with("https://") || local {
        Ok(url.clone())
    } else {
        Err(format!("{url} is not https: passwords and cookies cross the network in clear"))
    };
    Look { what: "public url", found }
}

/// Host and port of a mail server as it is configured; without a port the one of its scheme.
fn mail_target(server: &str) -> String {
    let (scheme, rest) = server.split_once("://").unwrap_or(("smtp", server));
    let host = rest.rsplit('@').next().unwrap_or(rest);
    let host = host.split(['/', '?']).next().unwrap_or(host);
    let named = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    match (named, scheme) {
        (true, _) => host.to_owned(),
        (false, "smtps") => format!("{host}:465"),
        (false, _) if server.contains("?tls=") => format!("{host}:587"),
        (false, _) => format!("{host}:25"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_server_without_a_port_is_asked_on_the_port_of_its_scheme() {
        for (server, target) in [
            ("smtp://mail.example", "mail.example:25"),
            ("smtp://127.0.0.1:2525/", "127.0.0.1:2525"),
            ("smtps://souk:secret@mail.example", "mail.example:465"),
            ("smtps://souk:se:cret@mail.example:8465", "mail.example:8465"),
            ("smtp://mail.example?tls=required", "mail.example:587"),
            ("smtp://[::1]", "[::1]:25"),
            ("smtps://[2001:db8::7]:4650", "[2001:db8::7]:4650"),
        ] {
            assert_eq!(mail_target(server), target, "{server}");
        }
    }

    struct Folder(std::path::PathBuf);

    impl Folder {
        fn new(name: &str) -> (Folder, Config) {
            let path = std::env::temp_dir().join(format!("souk-doctor-{name}-{}", std::process::id()));
            let mut config = Config::default();
            config.storage.folder = path.clone();
            (Folder(path), config)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            drop(std::fs::remove_dir_all(&self.0));
        }
    }

    #[tokio::test]
    async fn on_a_fresh_machine_it_makes_nothing() {
        let (folder, config) = Folder::new("fresh");
        let looks = tables(&config).await;
        assert!(key(&config).found.is_ok() && looks[0].found.is_ok());
        assert!(disk(&config).what == "disk" && !folder.0.exists());
    }

    #[tokio::test]
    async fn a_database_without_migrations_and_without_its_key_stays_so() {
        let (folder, config) = Folder::new("bare");
        std::fs::create_dir_all(&folder.0).expect("a folder");
        File::create(wiring::database_file(&config)).expect("an empty database");
        assert!(key(&config).found.is_err_and(|trouble| trouble.contains("is missing")));
        for _ in 0..2 {
            let looks = tables(&config).await;
            assert_eq!(looks[0].found.as_deref(), Ok("empty; they will be made at the first start"));
        }
        assert!(!wiring::master_key_file(&config).exists());
    }

    #[tokio::test]
    async fn a_running_server_is_recognised_and_asked_whether_it_is_ready() {
        let (_folder, mut config) = Folder::new("running");
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        config.listen.address = listener.local_addr().expect("its address");
        let store = Store::open(&store::DbSettings::sqlite(wiring::database_file(&config))).await.expect("tables");
        for (status, fine) in [("200 OK", true), ("503 Service Unavailable", false)] {
            let answer = async {
                let (mut stream, _) = listener.accept().await.expect("a question");
                let mut asked = [0_u8; 11];
                stream.read_exact(&mut asked).await.expect("its start");
                assert_eq!(&asked, b"GET /readyz");
                let text = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
                stream.write_all(text.as_bytes()).await.expect("an answer");
                stream.shutdown().await.expect("an end");
                let mut rest = Vec::new();
                drop(stream.read_to_end(&mut rest).await);
            };
            let (looks, ()) = tokio::join!(tables(&config), answer);
            assert_eq!((looks.len(), looks[0].found.is_ok()), (1, fine), "{:?}", looks[0].found);
        }
        store.close().await;
        let looks = tables(&config).await;
        assert!(looks.iter().all(|look| look.found.is_ok()) && looks.len() == 2, "tables and clock");
    }

    #[test]
    fn less_than_a_gibibyte_of_space_is_wrong_and_the_space_is_said() {
        assert_eq!(enough_space(Path::new("/x"), 2 << 30).as_deref(), Ok("2048 MiB free for /x"));
        assert!(enough_space(Path::new("/x"), (1 << 30) - 1).is_err_and(|trouble| trouble.starts_with("1023 MiB")));
    }

    #[test]
    fn a_clock_that_is_more_than_a_minute_off_is_wrong() {
        use store::Engine::{Postgres, Sqlite};
        for (engine, reference, fine) in [
            (Sqlite, None, true),
            (Sqlite, Some(0), true),
            (Sqlite, Some(1_060_000), true),
            (Sqlite, Some(1_060_001), false),
            (Postgres, Some(1_060_000), true),
            (Postgres, Some(1_060_001), false),
            (Postgres, Some(939_999), false),
        ] {
            assert_eq!(clock_fits(engine, 1_000_000, reference).is_ok(), fine, "{engine} {reference:?}");
        }
    }
}
