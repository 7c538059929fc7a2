//! Recording what happened, in the transaction of the change.

use domain::audit::{Doer, Event};
use domain::ids::{EventId, OrganisationId};
use domain::time::Timestamp;
use serde_json::Value;
use store::{StoreError, Tx};

use crate::App;

/// What a use case needs to write events and jobs inside its transaction: the instant, and random bytes for ids that
/// are drawn before the transaction, so that a repeated run writes the same rows.
#[derive(Clone)]
pub struct Moment {
    /// When the act happens.
    pub now: Timestamp,
    /// Who acts.
    pub doer: Doer,
    seed: [u8; 32],
}

impl App {
    /// The present moment for one act of `doer`.
    pub fn moment(&self, doer: impl Into<Doer>) -> Moment {
        Moment { now: self.now(), doer: doer.into(), seed: self.random() }
    }
}

impl Moment {
    /// An id that depends on the moment and on `name`: the same when the transaction runs again.
    pub fn id<T: domain::ids::Id>(&self, name: &str) -> T {
        use sha2::{Digest as _, Sha256};
        let digest = Sha256::new()
            .chain_update(self.seed)
            .chain_update(T::PREFIX)
            .chain_update([0])
            .chain_update(name)
            .finalize();
        let mut random = [0; 10];
        random.copy_from_slice(&digest[..10]);
        T::make(self.now, random)
    }

    /// Writes that `kind` happened to `subject`.
    pub async fn record(
        &self,
        tx: &mut Tx,
        kind: &'static str,
        organisation: Option<OrganisationId>,
        subject: impl ToString,
        facts: Value,
    ) -> Result<(), StoreError> {
        let subject = subject.to_string();
        let id: EventId = self.id(&format!("{kind}/{subject}"));
        let event = Event { id, at: self.now, kind: kind.to_owned(), doer: self.doer, organisation, subject, facts };
        store::events::insert(tx, &event).await
    }
}
