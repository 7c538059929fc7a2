//! What there is to judge by: the clients' journals, the seller's own log, the nemesis's notes, and the tables.
//!
//! *What is promised.* Everything that somebody outside claims is read before the tables: what was claimed before the
//! snapshot must be in it, also while the marketplace is running.

use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::stored::Stored;
use crate::ground::{Engine, Ground};
use crate::journal::{Fact, read_all, read_lines};

/// One kill, as the nemesis noted it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kill {
    /// Which, from 1.
    pub number: u32,
    /// How long the life before it had been ready, in milliseconds.
    pub lived_ms: u64,
    /// Facts in the journals that this life had acknowledged.
    pub acknowledged: u64,
    /// From the start of the next process to its `/readyz`, in milliseconds.
    pub ready_again_ms: u64,
}

/// One call as the seller heard it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Heard {
    /// `newInstance` and so on.
    pub activity: String,
    /// The signed body, as JSON text.
    pub payload: String,
    /// `created`, `repeated`, `read`, `rehearsed`, `refused`, …
    pub effect: String,
    /// The instance it was about.
    pub instance_id: Option<String>,
}

impl Heard {
    /// One member of the signed body; empty when it is not there.
    pub fn member(&self, name: &str) -> String {
        let body: Value = serde_json::from_str(&self.payload).unwrap_or_default();
        body.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// Whether the call was about a real order, and understood.
    pub fn real(&self) -> bool {
        !matches!(self.effect.as_str(), "rehearsed" | "refused")
    }
}

/// Everything.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// What the clients saw.
    pub facts: Vec<Fact>,
    /// What the seller heard.
    pub heard: Vec<Heard>,
    /// The kills so far.
    pub kills: Vec<Kill>,
    /// Texts that nobody may find in a plain column or a log.
    pub secrets: Vec<String>,
    /// What the marketplace logged, all lives.
    pub logs: String,
    /// The tables.
    pub stored: Stored,
}

impl Evidence {
    /// Reads everything of a run.
    pub async fn read(ground: &Ground) -> Result<Evidence> {
        let facts = read_all(&ground.journals())?;
        let heard = read_lines(&ground.calls_heard())?;
        let kills = read_lines(&ground.kills())?;
        let secrets = secrets(ground)?;
        let logs = read_text(&ground.log())?;
        let stored = match &ground.engine {
            Engine::Sqlite => Stored::read_sqlite(&ground.storage().join("souk.db"))?,
            Engine::Postgres { url, schema } => Stored::read_postgres(url, schema).await?,
        };
        stored.require(&["users", "orders", "ledger_postings", "call_attempts", "events", "event_seals"])?;
        Ok(Evidence { facts, heard, kills, secrets, logs, stored })
    }
}

/// The driver's secrets, and the first passwords that the seller gave out.
fn secrets(ground: &Ground) -> Result<Vec<String>> {
    let mut secrets: Vec<String> = read_text(&ground.secrets())?.lines().map(str::to_owned).collect();
    let accounts: Vec<Value> = read_lines(&ground.seller_state())?;
    let passwords = accounts.iter().filter_map(|account| account.get("password").and_then(Value::as_str));
    secrets.extend(passwords.map(str::to_owned));
    Ok(secrets)
}

fn read_text(path: &Path) -> Result<String> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}
