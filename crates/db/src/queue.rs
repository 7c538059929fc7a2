//! Work that waits for a thread of the embedded engine: interactive first, bulk when there is none, but never starved.

use crate::{DbError, sqlite::Work};
use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

/// How urgent work is, and whether it writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// One statement that reads.
    Ask,
    Read,
    Write,
    Bulk,
}

/// After so many interactive groups one piece of waiting bulk work runs all the same.
const GROUPS_BEFORE_BULK: u32 = 16;

pub(crate) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
    limit: usize,
}

#[derive(Default)]
struct State {
    interactive: VecDeque<(Lane, Box<dyn Work>)>,
    bulk: VecDeque<(Lane, Box<dyn Work>)>,
    groups_since_bulk: u32,
    closed: bool,
}

impl Queue {
    pub(crate) fn new(limit: usize) -> Self {
        Queue { state: Mutex::default(), changed: Condvar::new(), limit }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn push(&self, lane: Lane, work: Box<dyn Work>) -> Result<(), DbError> {
        let mut state = self.state();
        if state.closed {
            return Err(DbError::unavailable("the database is closed"));
        }
        let limit = self.limit;
        let queue = match lane {
            Lane::Ask | Lane::Read | Lane::Write => &mut state.interactive,
            Lane::Bulk => &mut state.bulk,
        };
        if queue.len() >= limit {
            return Err(DbError::unavailable(format!("{limit} transactions are waiting already")));
        }
        queue.push_back((lane, work));
        drop(state);
        self.changed.notify_one();
        Ok(())
    }

    /// The next piece of work; waits for one. `None` when the queue is closed and empty.
    pub(crate) fn wait(&self) -> Option<(Lane, Box<dyn Work>)> {
        let mut state = self.state();
        loop {
            let bulk_is_due = state.interactive.is_empty() || state.groups_since_bulk >= GROUPS_BEFORE_BULK;
            if bulk_is_due && let Some(work) = state.bulk.pop_front() {
                state.groups_since_bulk = 0;
                return Some(work);
            }
            if let Some(work) = state.interactive.pop_front() {
                state.groups_since_bulk = state.groups_since_bulk.saturating_add(1);
                return Some(work);
            }
            if state.closed {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// More interactive work for the group that is open, if any waits.
    pub(crate) fn take_interactive(&self) -> Option<Box<dyn Work>> {
        self.state().interactive.pop_front().map(|(_, work)| work)
    }

    /// No new work; what waits is still done.
    pub(crate) fn close(&self) {
        self.state().closed = true;
        self.changed.notify_all();
    }

    /// No new work, and what waits is dropped, which answers its callers.
    pub(crate) fn abandon(&self) {
        let mut state = self.state();
        state.closed = true;
        let dropped = (std::mem::take(&mut state.interactive), std::mem::take(&mut state.bulk));
        drop(state);
        drop(dropped);
        self.changed.notify_all();
    }
}
