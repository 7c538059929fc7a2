//! The folder of a demo: what was chosen and drawn for it once and holds at every later start.

use std::net::TcpListener;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};

/// An open demo folder.
pub struct DemoFolder {
    /// Where it is.
    pub path: PathBuf,
    /// What it remembers.
    pub state: DemoState,
}

/// What a demo folder remembers, in `demo.toml`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoState {
    /// Whether the marketplace was filled to the end.
    pub seeded: bool,
    /// Where everything listens. Sellers' addresses name the port, so it stays.
    pub ports: Ports,
    /// Who can sign in.
    #[serde(default, rename = "person")]
    pub people: Vec<Person>,
}

/// Where everything of a demo listens, on loopback.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ports {
    /// Pages and API.
    pub web: u16,
    /// The sellers' system.
    pub seller: u16,
    /// Where the mail sink takes mails.
    pub smtp: u16,
    /// Where the mail sink shows them.
    pub mail: u16,
}

/// What somebody is in the demo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// Runs the marketplace.
    Operator,
    /// Sells.
    Seller,
    /// Applied as a seller and waits.
    Applicant,
    /// Buys.
    Customer,
}

/// Somebody who can sign in, with the password that was drawn.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// What they are.
    pub part: Part,
    /// The organisation's name.
    pub organisation: String,
    /// What there is to see, for the table; empty for most.
    #[serde(default)]
    pub note: String,
    /// The sign-in name.
    pub email: String,
    /// The password.
    pub password: String,
}

impl DemoFolder {
    /// Opens the folder, or begins it. A folder that was not filled to the end is begun anew; a folder that holds something
    /// else is never touched.
    pub fn open(path: &Path, fresh: bool, port: Option<u16>) -> anyhow::Result<DemoFolder> {
        let file = path.join(FILE);
        let known =
            match std::fs::read_to_string(&file) {
                Ok(text) => {
                    let state = toml::from_str::<DemoState>(&text);
                    Some(state.with_context(|| {
                        format!("{} cannot be read; --folder elsewhere starts anew", file.display())
                    })?)
                }
                Err(_) => None,
            };
        match known {
            Some(mut state) if state.seeded && !fresh => {
                if let Some(port) = port {
                    state.ports.web = port;
                }
                let folder = DemoFolder { path: path.to_owned(), state };
                folder.require_free_ports()?;
                return Ok(folder);
            }
            Some(_) => clear(path)?,
            None if path.read_dir().is_ok_and(|mut entries| entries.next().is_some()) => {
                bail!("{} holds something that is no demo; name another folder with --folder", path.display());
            }
            None => {}
        }
        for part in ["logs", "site"] {
            std::fs::create_dir_all(path.join(part)).with_context(|| format!("{} cannot be made", path.display()))?;
        }
        let state = DemoState { seeded: false, ports: Ports::choose(port)?, people: Vec::new() };
        let folder = DemoFolder { path: path.to_owned(), state };
        folder.write(&folder.key_file(), "")?;
        folder.keep()?;
        Ok(folder)
    }

    /// Writes down what is to be remembered.
    pub fn keep(&self) -> anyhow::Result<()> {
        let text = toml::to_string_pretty(&self.state).context("the demo's state")?;
        let said = "# Written by souk demo: ports, and the passwords that were drawn for this folder.\n";
        self.write(&self.path.join(FILE), &format!("{said}{text}"))
    }

    /// The storage of the marketplace.
    pub fn data(&self) -> PathBuf {
        self.path.join("data")
    }

    /// The keys of the sellers' system.
    pub fn key_file(&self) -> PathBuf {
        self.path.join("seller.keys")
    }

    /// The accounts of the sellers' system.
    pub fn seller_state(&self) -> PathBuf {
        self.path.join("seller-accounts.jsonl")
    }

    /// What lies at the root of the sellers' site: the proofs of their domain.
    pub fn site_folder(&self) -> PathBuf {
        self.path.join("site")
    }

    /// How the sellers' system behaves; empty means honestly.
    pub fn behaviour_file(&self) -> PathBuf {
        self.path.join("seller.behaviour")
    }

    /// Where a process beside the marketplace logs.
    pub fn log(&self, name: &str) -> PathBuf {
        self.path.join("logs").join(format!("{name}.log"))
    }

    /// Puts a whole new text in the place of a file, readable by its owner only.
    pub fn write(&self, path: &Path, text: &str) -> anyhow::Result<()> {
        let beside = path.with_extension("new");
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options
            .open(&beside)
            .and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()))
            .and_then(|()| std::fs::rename(&beside, path))
            .with_context(|| format!("{} cannot be written", path.display()))
    }

    fn require_free_ports(&self) -> anyhow::Result<()> {
        let Ports { web, seller, smtp, mail } = self.state.ports;
        for (port, what) in
            [(web, "marketplace"), (seller, "sellers' system"), (smtp, "mail sink"), (mail, "mail page")]
        {
            if !free(port) {
                bail!("port {port} of the demo's {what} is taken; is the demo running already? --fresh chooses others");
            }
        }
        Ok(())
    }
}

const FILE: &str = "demo.toml";

/// Removes what a demo made, and nothing else.
fn clear(path: &Path) -> anyhow::Result<()> {
    for name in ["data", "logs"] {
        let made = path.join(name);
        if made.exists() {
            std::fs::remove_dir_all(&made).with_context(|| format!("{} cannot be removed", made.display()))?;
        }
    }
    for name in ["seller.keys", "seller-accounts.jsonl", "seller-accounts.jsonl.calls", "seller.behaviour", FILE] {
        let made = path.join(name);
        if made.exists() {
            std::fs::remove_file(&made).with_context(|| format!("{} cannot be removed", made.display()))?;
        }
    }
    Ok(())
}

impl Ports {
    /// The ports that people know where they are free, others where not.
    fn choose(web: Option<u16>) -> anyhow::Result<Ports> {
        let web = match web {
            Some(port) if free(port) => port,
            Some(port) => bail!("port {port} is taken"),
            None => known_or_free(8080)?,
        };
        Ok(Ports { web, seller: known_or_free(9000)?, smtp: known_or_free(2525)?, mail: known_or_free(8025)? })
    }
}

fn free(port: u16) -> bool {
    TcpListener::bind(super::local(port)).is_ok()
}

fn known_or_free(known: u16) -> anyhow::Result<u16> {
    if free(known) {
        return Ok(known);
    }
    let listener = TcpListener::bind(super::local(0)).context("no port is free")?;
    Ok(listener.local_addr().context("no port is free")?.port())
}
