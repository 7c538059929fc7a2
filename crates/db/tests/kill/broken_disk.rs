//! A disk that breaks under the embedded engine while it writes: nothing acknowledged is lost, and nothing is claimed afterwards.
//!
//! The kernel plays the broken disk: past a limit on the size of files, every write fails with EFBIG, which SQLite reports as an I/O
//! error. The limit holds for one process, so the writer is a process of its own.

use crate::{
    checker::{read_sqlite, violations},
    nemesis::{prepare, read_journals},
    stores::fresh_sqlite,
    writer::{DATABASE, JOURNAL, LIFE, write_until_refused},
};
use db::{Db, DbError, DbSettings, values};
use std::{
    path::PathBuf,
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

/// Says where the writer on the broken disk reports to.
const REPORT: &str = "SOUK_KILL_REPORT";

/// Not a test of its own: the process on the broken disk. Does nothing unless the test below started it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_writer_on_a_broken_disk() {
    let Ok(report) = std::env::var(REPORT) else { return };
    let journal = PathBuf::from(std::env::var(JOURNAL).unwrap());
    let told = Arc::new(AtomicU32::new(0));
    let count = told.clone();
    let settings = DbSettings::sqlite(std::env::var(DATABASE).unwrap()).on_failure(move |_| {
        count.fetch_add(1, Ordering::SeqCst);
    });
    let db = Db::open(&settings).await.unwrap();
    let refusals = write_until_refused(&db, "1", &journal).await;
    assert!(refusals.iter().any(|error| matches!(error, DbError::CommitUnknown { .. })), "{refusals:?}");
    for error in refusals {
        assert!(matches!(error, DbError::CommitUnknown { .. } | DbError::Unavailable { .. }), "{error:?}");
    }
    let read: Result<Vec<db::Row>, DbError> =
        db.read((), |tx, ()| Box::pin(tx.query("SELECT key FROM orders", values![]))).await;
    assert!(matches!(&read, Err(DbError::Unavailable { reason }) if reason.contains("stopped")), "{read:?}");
    assert_eq!(told.load(Ordering::SeqCst), 1);
    std::fs::write(report, "as expected").unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_disk_loses_nothing_and_stops_the_engine() {
    let store = fresh_sqlite().await;
    prepare(&store).await;
    let folder = store.folder().unwrap();
    let (journal, report) = (folder.join("1.journal"), folder.join("report"));
    let mut writer = Command::new("sh");
    // Blocks of 512 bytes: half a MiB. The signal is ignored, so that the write fails instead of the process.
    writer.args(["-c", "trap '' XFSZ; ulimit -f 1024; exec \"$0\" \"$@\""]).arg(std::env::current_exe().unwrap());
    writer.args(["--exact", "broken_disk::the_writer_on_a_broken_disk", "--nocapture"]);
    writer.env(DATABASE, folder.join("souk.db")).env(JOURNAL, &journal).env(LIFE, "1").env(REPORT, &report);
    let status = writer.stdin(Stdio::null()).stdout(Stdio::null()).status().unwrap();
    assert!(status.success());
    assert_eq!(std::fs::read_to_string(&report).unwrap(), "as expected");
    let acknowledged = read_journals(&journal);
    assert!(acknowledged.len() > 10, "the disk broke before anything was stored");
    let found = violations(&read_sqlite(&folder.join("souk.db")), &acknowledged);
    assert!(found.is_empty(), "{found:#?}");
}
