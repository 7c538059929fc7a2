//! Argon2id work, bounded: two at once, fifty waiting, the rest is told to come again. So a flood of sign-ins cannot
//! take the machine's memory or keep other requests waiting (security.md S-18).
//!
//! The work runs on blocking threads and holds its place until it ends, even when the request that asked is gone.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::{Semaphore, TryAcquireError};

use super::Password;
use crate::AppError;

/// What one hash costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordCost {
    memory_kib: u32,
    passes: u32,
}

impl PasswordCost {
    /// 19 MiB, two passes, one lane: about 50 ms on a small machine (security.md S-18).
    pub const STRONG: PasswordCost = PasswordCost { memory_kib: 19 * 1024, passes: 2 };
    /// The least that the algorithm takes, for test worlds that sign up hundreds of people.
    pub const LEAST_FOR_TESTS: PasswordCost = PasswordCost { memory_kib: 8, passes: 1 };
}

/// Hashes and compares passwords. Cheap to clone; all clones share the bound.
#[derive(Clone)]
pub struct PasswordPool {
    argon2: Argon2<'static>,
    working: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

impl PasswordPool {
    /// So many hashes run at once.
    pub const AT_ONCE: usize = 2;
    /// So many more may wait.
    pub const WAITING: usize = 50;

    /// A pool whose hashes cost so much.
    pub fn new(cost: PasswordCost) -> PasswordPool {
        let params = Params::new(cost.memory_kib, cost.passes, 1, None).expect("both costs are within Argon2's bounds");
        PasswordPool {
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            working: Arc::new(Semaphore::new(PasswordPool::AT_ONCE)),
            places: Arc::new(Semaphore::new(PasswordPool::AT_ONCE + PasswordPool::WAITING)),
        }
    }

    /// The PHC string of a new password with this salt.
    pub async fn hash(&self, password: Password, salt: [u8; 16]) -> Result<String, AppError> {
        let argon2 = self.argon2.clone();
        self.run(move || {
            let hash = argon2.hash_password_with_salt(password.bytes(), &salt);
            hash.map(|hash: PasswordHash| hash.to_string())
                .map_err(|error| AppError::Internal(format!("argon2: {error}")))
        })
        .await
    }

    /// Whether the password is the one that was hashed. Without a hash, because nobody has that account, it does the
    /// same work and answers no.
    pub async fn verify(&self, password: Password, hash: Option<String>) -> Result<bool, AppError> {
        let argon2 = self.argon2.clone();
        self.run(move || {
            let Some(hash) = hash else {
                let decoy: Result<PasswordHash, _> = argon2.hash_password_with_salt(password.bytes(), &[0x5a; 16]);
                return decoy.map(|_| false).map_err(|error| AppError::Internal(format!("argon2: {error}")));
            };
            let known =
                PasswordHash::new(&hash).map_err(|error| AppError::Internal(format!("stored hash: {error}")))?;
            Ok(!password.absurd() && argon2.verify_password(password.bytes(), &known).is_ok())
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let place = match Arc::clone(&self.places).try_acquire_owned() {
            Ok(place) => place,
            Err(TryAcquireError::NoPermits) => return Err(AppError::Unavailable("too many sign-ins at once".into())),
            Err(TryAcquireError::Closed) => return Err(AppError::Internal("the password pool is closed".into())),
        };
        let turn = Arc::clone(&self.working).acquire_owned().await;
        let turn = turn.map_err(|_| AppError::Internal("the password pool is closed".into()))?;
        let work = tokio::task::spawn_blocking(move || {
            let answer = work();
            drop((turn, place));
            answer
        });
        work.await.map_err(|error| AppError::Internal(format!("password work did not end: {error}")))?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_again_and_another_is_not() {
        let pool = PasswordPool::new(PasswordCost::LEAST_FOR_TESTS);
        let hash = pool.hash(Password::new("tall grey herons"), [7; 16]).await.expect("hashing works");
        assert!(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{hash}");
        assert_eq!(pool.verify(Password::new("tall grey herons"), Some(hash.clone())).await.ok(), Some(true));
        assert_eq!(pool.verify(Password::new("tall grey heron"), Some(hash)).await.ok(), Some(false));
        assert_eq!(pool.verify(Password::new("tall grey herons"), None).await.ok(), Some(false));
    }

    #[tokio::test]
    async fn the_strong_cost_is_the_one_that_was_decided() {
        let pool = PasswordPool::new(PasswordCost::STRONG);
        let hash = pool.hash(Password::new("tall grey herons"), [7; 16]).await.expect("hashing works");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    }

    #[tokio::test]
    async fn whoever_finds_the_queue_full_is_told_to_come_again() {
        let pool = PasswordPool::new(PasswordCost::LEAST_FOR_TESTS);
        let most = u32::try_from(PasswordPool::AT_ONCE + PasswordPool::WAITING).expect("a small number");
        let all = Arc::clone(&pool.places).acquire_many_owned(most).await.expect("the pool is idle");
        let refused = pool.verify(Password::new("x"), None).await;
        assert!(matches!(refused, Err(AppError::Unavailable(_))), "{refused:?}");
        drop(all);
        assert_eq!(pool.verify(Password::new("x"), None).await.ok(), Some(false));
    }
}
