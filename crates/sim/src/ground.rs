//! Where a run happens: its folder, and which file in it is whose.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// The storage engine under test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Engine {
    /// The embedded database.
    Sqlite,
    /// A schema of its own on a PostgreSQL server, which stays up.
    Postgres {
        /// The server, as `postgres://user@host:port/database`.
        url: String,
        /// The schema.
        schema: String,
    },
}

impl Engine {
    /// Its name in tables.
    pub fn name(&self) -> &'static str {
        match self {
            Engine::Sqlite => "SQLite",
            Engine::Postgres { .. } => "PostgreSQL",
        }
    }
}

/// The folder of a run. The processes of the harness find each other's files through it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ground {
    /// The folder.
    pub folder: PathBuf,
    /// The engine.
    pub engine: Engine,
    /// From which all chance is drawn.
    pub seed: u64,
    /// Clients of the driver.
    pub clients: u32,
    /// Sellers, each with a product; one process plays the systems of all.
    pub sellers: u32,
    /// The marketplace's loopback port, the same in every life.
    pub port: u16,
    /// The seller's loopback port.
    pub seller_port: u16,
}

impl Ground {
    /// Writes the ground down for the other processes.
    pub fn write(&self) -> Result<()> {
        std::fs::create_dir_all(self.journals()).context("cannot make the folder of the run")?;
        std::fs::write(self.folder.join("ground.json"), serde_json::to_vec_pretty(self)?)?;
        Ok(())
    }

    /// Reads the ground of a folder.
    pub fn read(folder: &Path) -> Result<Ground> {
        let path = folder.join("ground.json");
        let text = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(serde_json::from_slice(&text)?)
    }

    /// The marketplace's folder.
    pub fn storage(&self) -> PathBuf {
        self.folder.join("storage")
    }

    /// The marketplace's configuration.
    pub fn configuration(&self) -> PathBuf {
        self.folder.join("souk.toml")
    }

    /// What the marketplace logs, all lives.
    pub fn log(&self) -> PathBuf {
        self.folder.join("souk.log")
    }

    /// The clients' journals.
    pub fn journals(&self) -> PathBuf {
        self.folder.join("journals")
    }

    /// Texts that must not be found anywhere in plain.
    pub fn secrets(&self) -> PathBuf {
        self.folder.join("secrets")
    }

    /// Notes of the nemesis, one line per kill.
    pub fn kills(&self) -> PathBuf {
        self.folder.join("kills.jsonl")
    }

    /// The market as it was set up, for the driver.
    pub fn market(&self) -> PathBuf {
        self.folder.join("market.json")
    }

    /// The file whose presence asks the driver to come to an end.
    pub fn stop(&self) -> PathBuf {
        self.folder.join("stop")
    }

    /// The key of the seller's production address.
    pub fn seller_key(&self) -> PathBuf {
        self.folder.join("seller.key")
    }

    /// The seller's accounts.
    pub fn seller_state(&self) -> PathBuf {
        self.folder.join("seller.state")
    }

    /// The seller's log of calls.
    pub fn calls_heard(&self) -> PathBuf {
        self.folder.join("seller.state.calls")
    }
}
