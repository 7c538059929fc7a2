//! The memory of signed calls: each has its effect once.

use domain::ids::InterfaceAddressId;
use domain::time::{SignedDuration, Timestamp};
use koogallery::gateway::{Authorization, WINDOW_MS};
use koogallery::usage_push::PushHeaders;
use sha2::{Digest as _, Sha256};
use store::{StoreError, Tx};

use crate::{App, AppError};

/// By what a call is known when it comes again, and for how long that matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    id: String,
    forgotten_at: Timestamp,
}

impl Seen {
    /// A call signed with an access key: its signature covers everything, and the time to the second.
    pub(super) fn signature(now: Timestamp, authorization: &Authorization) -> Seen {
        // Hexadecimal digits have two spellings, which are one signature.
        Seen::new(now, ["gateway", &authorization.access_key, &authorization.signature.to_ascii_lowercase()])
    }

    /// A push signed with the key of an address: its nonce.
    pub(super) fn nonce(now: Timestamp, address: InterfaceAddressId, headers: &PushHeaders) -> Seen {
        Seen::new(now, ["push", &address.to_string(), headers.nonce.as_str()])
    }

    fn new(now: Timestamp, parts: [&str; 3]) -> Seen {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        // A call may be dated up to a window ahead of us, and then stays young for two of them.
        let kept = SignedDuration::from_millis(2 * WINDOW_MS);
        Seen { id: hex::encode(hash.finalize()), forgotten_at: now.checked_add(kept).unwrap_or(now) }
    }

    /// Notes the call in the transaction of its effect. `false` when it had its effect before.
    pub(super) async fn first_time(&self, tx: &mut Tx) -> Result<bool, StoreError> {
        store::signed_calls::remember(tx, &self.id, self.forgotten_at).await
    }
}

/// Forgets calls that would be refused for their age anyway; says how many.
pub async fn forget_old(app: &App) -> Result<u64, AppError> {
    app.store
        .write_bulk(app.now(), |tx, now| {
            Box::pin(async move { Ok::<_, AppError>(store::signed_calls::forget_before(tx, now).await?) })
        })
        .await
}
