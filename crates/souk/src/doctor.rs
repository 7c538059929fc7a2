//! `souk doctor`: is everything in order? Each line names what was looked at, what was found, and what to do.

use std::time::Duration;

use anyhow::bail;
use tokio::net::TcpStream;

use crate::config::Config;
use crate::wiring;

/// One thing that was looked at.
struct Look {
    what: &'static str,
    found: Result<String, String>,
}

/// Prints one line for each look; fails when one of them is not in order.
pub async fn run(config: &Config) -> anyhow::Result<()> {
    let mut looks = vec![key(config)];
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
        Err(_) => Ok(format!("{} will be made at the first start; keep a copy elsewhere", path.display())),
        Ok(file) => readable_by_others(&file).map_or_else(
            || Ok(format!("{} is there; keep a copy elsewhere", path.display())),
            |mode| Err(format!("{} can be read by others (mode {mode:o}); run chmod 600 on it", path.display())),
        ),
    };
    Look { what: "master key", found }
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
    let app = match wiring::open(config).await {
        Ok(app) => app,
        Err(error) => return vec![Look { what: "tables", found: Err(format!("{error:#}")) }],
    };
    let engine = app.store.engine();
    let mut looks = vec![Look { what: "tables", found: Ok(format!("{engine}, up to date")) }];
    let jobs = match app::operations::job_counts(&app).await {
        Ok((waiting, 0)) => Ok(format!("{waiting} waiting, none parked")),
        Ok((waiting, parked)) => {
            Err(format!("{waiting} waiting, {parked} parked; see Parked jobs in the operator console (/operator/jobs)"))
        }
        Err(error) => Err(error.to_string()),
    };
    looks.push(Look { what: "jobs", found: jobs });
    let chain = match app::audit::verify(&app).await {
        Ok(verified) if verified.finding.is_none() => Ok(format!("{} seals hold", verified.seals)),
        Ok(_) => Err("the audit chain is broken; run souk audit-verify".to_owned()),
        Err(error) => Err(error.to_string()),
    };
    looks.push(Look { what: "audit chain", found: chain });
    app.store.close().await;
    looks
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
}
