//! Wakes the runner of this process when work was enqueued. Only saves waiting; nothing depends on it.

use std::sync::Arc;

use tokio::sync::Notify;

/// Rung after commits, heard by the runner.
#[derive(Clone, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    /// A bell that nobody has rung.
    pub fn new() -> Bell {
        Bell::default()
    }

    /// There may be work.
    pub fn ring(&self) {
        self.0.notify_one();
    }

    /// Returns after the next ring.
    pub async fn heard(&self) {
        self.0.notified().await;
    }
}
