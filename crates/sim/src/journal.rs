//! What the driver's clients write down: one file per client, one line of JSON per fact, in the order of what they saw.
//!
//! *What is promised.* An acknowledgement is on the disk before the client sends its next request, so that what the
//! marketplace promised cannot be forgotten by the harness either. A last line that was cut off is no fact.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// One fact, as a client saw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    /// A keyed write is about to be sent. Written before it, and before each repeat.
    Asked {
        /// `order` or `top_up`.
        kind: String,
        /// The key.
        key: String,
    },
    /// An account was made.
    SignedUp {
        /// Its sign-in name.
        email: String,
        /// Its user.
        user: String,
    },
    /// A top-up was answered with success.
    ToppedUp {
        /// Whose balance.
        organisation: String,
        /// The key.
        key: String,
        /// How much, in minor units.
        amount_minor: i64,
    },
    /// An order was answered with success.
    Ordered {
        /// The buyer's organisation.
        buyer: String,
        /// The key.
        key: String,
        /// The order's number.
        number: String,
        /// Its total in minor units.
        total_minor: i64,
    },
    /// The connection broke before an answer: the request was in flight when the marketplace was killed.
    Broken {
        /// Method and path.
        request: String,
    },
    /// A key was used again for something else.
    KeyReused {
        /// Path.
        request: String,
        /// What was answered; only 422 is right.
        status: u16,
    },
    /// Somebody else's object was asked for.
    Foreign {
        /// Path.
        request: String,
        /// What was answered; only 404 keeps the secret.
        status: u16,
    },
    /// An own object that was acknowledged was read again.
    ReadAgain {
        /// Path.
        request: String,
        /// What was answered; only 200 is right.
        status: u16,
    },
    /// An answer that no rule of the API explains.
    Surprise {
        /// Method and path.
        request: String,
        /// The status.
        status: u16,
        /// The body, cut.
        body: String,
    },
}

impl Fact {
    /// Whether it is a promise of the marketplace that something is stored.
    pub fn acknowledges(&self) -> bool {
        match self {
            Fact::SignedUp { .. } | Fact::ToppedUp { .. } | Fact::Ordered { .. } => true,
            Fact::Asked { .. }
            | Fact::Broken { .. }
            | Fact::KeyReused { .. }
            | Fact::Foreign { .. }
            | Fact::ReadAgain { .. }
            | Fact::Surprise { .. } => false,
        }
    }
}

/// A journal that is written to.
pub struct Journal {
    file: File,
}

impl Journal {
    /// Opens a journal at its end.
    pub fn open(path: &Path) -> Result<Journal> {
        let file = OpenOptions::new().create(true).append(true).open(path);
        Ok(Journal { file: file.with_context(|| format!("cannot write {}", path.display()))? })
    }

    /// Writes a fact.
    pub fn note(&mut self, fact: &Fact) -> Result<()> {
        let mut line = serde_json::to_vec(fact)?;
        line.push(b'\n');
        Ok(self.file.write_all(&line)?)
    }

    /// Writes a fact and waits until it is on the disk.
    pub fn keep(&mut self, fact: &Fact) -> Result<()> {
        self.note(fact)?;
        Ok(self.file.sync_data()?)
    }
}

/// The whole lines of a file, each read as JSON; a file that is not there yet has none.
pub fn read_lines<T: serde::de::DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let whole = text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n'));
    whole
        .map(|line| serde_json::from_str(line).with_context(|| format!("{} has an odd line: {line}", path.display())))
        .collect()
}

/// Every fact of every client in a folder of journals.
pub fn read_all(folder: &Path) -> Result<Vec<Fact>> {
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .with_context(|| format!("cannot read {}", folder.display()))?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    let mut facts = Vec::new();
    for path in paths {
        facts.extend(read_lines::<Fact>(&path)?);
    }
    Ok(facts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_was_cut_off_is_no_fact() {
        let folder = std::env::temp_dir().join(format!("souk-sim-journal-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join("client-0.jsonl");
        let fact = Fact::Broken { request: "GET /".to_owned() };
        let mut journal = Journal::open(&path).expect("a journal");
        journal.keep(&fact).expect("a line");
        journal.file.write_all(b"{\"fact\":\"brok").expect("half a line");
        assert_eq!(read_all(&folder).expect("the lines"), [fact]);
        std::fs::remove_dir_all(&folder).expect("cleaned up");
    }
}
