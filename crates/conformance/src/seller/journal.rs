//! What the seller keeps on disk: one line for each new state of an account, one line for each call heard. Both files only grow while
//! it runs; at start the first is written anew, whole, with one line per account.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::SellerError;
use super::accounts::{Account, Accounts, Effect};

/// One call as it was heard. A test harness compares this log with what the marketplace believes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HeardCall {
    /// Unix milliseconds.
    pub at_ms: i64,
    /// `newInstance` and so on; empty if the call could not be read.
    pub activity: String,
    /// The signed payload; empty if the signature was wrong.
    pub payload: String,
    /// The nonce, which no two calls share.
    pub nonce: String,
    /// The behaviour that answered.
    pub behaviour: String,
    /// What it did.
    pub effect: Effect,
    /// The instance it was about, if any.
    pub instance_id: Option<String>,
    /// What an honest answer's result code was.
    pub result_code: String,
}

/// The two files, or nothing but memory.
#[derive(Debug)]
pub(crate) struct Journal {
    accounts: Option<File>,
    log: Option<File>,
    calls: Vec<HeardCall>,
}

impl Journal {
    /// Opens the files and reads the accounts. A last line that a crash cut off is left out: its answer never left.
    pub(crate) fn open(path: Option<&Path>) -> Result<(Journal, Accounts), SellerError> {
        let Some(path) = path else {
            return Ok((Journal { accounts: None, log: None, calls: Vec::new() }, Accounts::default()));
        };
        let opened = read(path).and_then(|accounts| {
            rewrite(path, &accounts)?;
            let file = OpenOptions::new().append(true).open(path)?;
            let log = private().append(true).create(true).open(log_path(path))?;
            Ok((Journal { accounts: Some(file), log: Some(log), calls: Vec::new() }, accounts))
        });
        opened.map_err(|source| SellerError::State { path: path.to_owned(), source })
    }

    /// Writes accounts down and waits until they are on the disk.
    pub(crate) fn keep<'a>(&mut self, accounts: impl Iterator<Item = &'a Account>) -> io::Result<()> {
        let Some(file) = &mut self.accounts else { return Ok(()) };
        let mut lines = Vec::new();
        for account in accounts {
            serde_json::to_writer(&mut lines, account)?;
            lines.push(b'\n');
        }
        if lines.is_empty() {
            return Ok(());
        }
        file.write_all(&lines)?;
        file.sync_data()
    }

    /// Notes a call. The log tells; it does not decide, so it is not waited for.
    pub(crate) fn note(&mut self, call: HeardCall) -> io::Result<()> {
        if let Some(log) = &mut self.log {
            let mut line = serde_json::to_vec(&call)?;
            line.push(b'\n');
            log.write_all(&line)?;
        }
        self.calls.push(call);
        Ok(())
    }

    pub(crate) fn calls(&self) -> &[HeardCall] {
        &self.calls
    }
}

/// Files that only their owner may read: first passwords are in them.
fn private() -> OpenOptions {
    #[allow(unused_mut, reason = "only Unix has modes")]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// The name of the call log beside a state file.
fn log_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".calls");
    PathBuf::from(name)
}

fn read(path: &Path) -> io::Result<Accounts> {
    let mut accounts = Accounts::default();
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(accounts),
        Err(error) => return Err(error),
    };
    let mut lines = BufReader::new(file).split(b'\n').peekable();
    while let Some(line) = lines.next() {
        let line = line?;
        match serde_json::from_slice::<Account>(&line) {
            Ok(account) => accounts.put(account),
            Err(_) if lines.peek().is_none() => {}
            Err(error) => return Err(io::Error::new(io::ErrorKind::InvalidData, error)),
        }
    }
    Ok(accounts)
}

/// Writes one line per account into a new file and puts it in the place of the old one.
fn rewrite(path: &Path, accounts: &Accounts) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let beside = PathBuf::from(name);
    let mut file = private().write(true).create(true).truncate(true).open(&beside)?;
    let mut lines = Vec::new();
    for account in accounts.iter() {
        serde_json::to_writer(&mut lines, account)?;
        lines.push(b'\n');
    }
    file.write_all(&lines)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)
}
