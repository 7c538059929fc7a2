//! Recording what happened, in the transaction of the change.

use std::sync::atomic::{AtomicU16, Ordering};

use domain::audit::{Doer, Event};
use domain::ids::{EventId, Id as _, OrganisationId};
use domain::time::Timestamp;
use serde_json::Value;
use store::{StoreError, Tx};

use crate::App;

/// What stands in an event's facts for a text that somebody typed: its SHA-256. The trail can never be altered, so the text itself, which
/// may name a person, stays in its own row; that it is the same text can be checked.
pub(crate) fn fingerprint(text: &str) -> String {
    use sha2::{Digest as _, Sha256};
    hex::encode(Sha256::digest(text))
}

/// What a use case needs to write events and jobs inside its transaction: the instant, and random bytes for ids that
/// are drawn before the transaction, so that a repeated run writes the same rows.
pub struct Moment {
    /// When the act happens.
    pub now: Timestamp,
    /// Who acts.
    pub doer: Doer,
    seed: [u8; 32],
    /// How many events were recorded; a clone, and so each run of a transaction, goes on from where it was made.
    recorded: AtomicU16,
}

impl Clone for Moment {
    fn clone(&self) -> Moment {
        let recorded = AtomicU16::new(self.recorded.load(Ordering::Relaxed));
        Moment { now: self.now, doer: self.doer, seed: self.seed, recorded }
    }
}

impl App {
    /// The present moment for one act of `doer`.
    pub fn moment(&self, doer: impl Into<Doer>) -> Moment {
        Moment { now: self.now(), doer: doer.into(), seed: self.random(), recorded: AtomicU16::new(0) }
    }
}

impl Moment {
    /// An id that depends on the moment and on `name`: the same when the transaction runs again.
    pub fn id<T: domain::ids::Id>(&self, name: &str) -> T {
        T::make(self.now, self.random(T::PREFIX, name))
    }

    fn random(&self, prefix: &str, name: &str) -> [u8; 10] {
        use sha2::{Digest as _, Sha256};
        let digest =
            Sha256::new().chain_update(self.seed).chain_update(prefix).chain_update([0]).chain_update(name).finalize();
        let mut random = [0; 10];
        random.copy_from_slice(&digest[..10]);
        random
    }

    /// Writes that `kind` happened to `subject`. Events of one act carry one instant; their ids tell which came first.
    pub async fn record(
        &self,
        tx: &mut Tx,
        kind: &'static str,
        organisation: Option<OrganisationId>,
        subject: impl ToString,
        facts: Value,
    ) -> Result<(), StoreError> {
        let subject = subject.to_string();
        let mut random = self.random(EventId::PREFIX, &format!("{kind}/{subject}"));
        // An id begins with the millisecond; the twelve bits after it are the event's place in its act.
        let place = self.recorded.fetch_add(1, Ordering::Relaxed).min(0x0fff);
        [random[0], random[1]] = place.to_be_bytes();
        let id = EventId::make(self.now, random);
        let event = Event { id, at: self.now, kind: kind.to_owned(), doer: self.doer, organisation, subject, facts };
        store::events::insert(tx, &event)
    }
}
