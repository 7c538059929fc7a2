//! Doors that tests open: they hold a transaction where it is until the test has done something else. No clock is involved.

use std::sync::{Arc, Condvar, Mutex};

/// A door that blocks the thread of a transaction until the test opens it, and tells the test that somebody waits.
#[derive(Clone, Default)]
pub struct Gate {
    state: Arc<(Mutex<(bool, bool)>, Condvar)>,
}

impl Gate {
    /// Called inside a transaction: says that it is here and waits.
    pub fn pass(&self) {
        let (lock, changed) = &*self.state;
        let mut state = lock.lock().unwrap();
        state.0 = true;
        changed.notify_all();
        drop(changed.wait_while(state, |state| !state.1).unwrap());
    }

    /// Called by the test: waits until a transaction stands at the door.
    pub fn wait_for_arrival(&self) {
        let (lock, changed) = &*self.state;
        drop(changed.wait_while(lock.lock().unwrap(), |state| !state.0).unwrap());
    }

    /// Called by the test.
    pub fn open(&self) {
        let (lock, changed) = &*self.state;
        lock.lock().unwrap().1 = true;
        changed.notify_all();
    }
}
