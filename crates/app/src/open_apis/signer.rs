//! Whose address key signed a push.
//!
//! *What is promised.* A stranger's push costs a bounded amount of work before anything is proven: the addresses that serve
//! most of its instances are tried first, the fewer of them the larger the body is, and the hashing of two pushes at a time
//! runs beside the threads that answer.

use domain::ids::{InstanceId, OrganisationId};
use domain::selling::InterfaceAddress;
use koogallery::open_api::PushedRecord;
use koogallery::usage_push::{BodyForms, PushHeaders};
use store::ordering::subscriptions;
use tokio::sync::{Semaphore, TryAcquireError};

use crate::{App, AppError};

/// The most addresses that are tried: names such as `1` are used by many sellers.
const MOST_ADDRESSES: usize = 40;
/// However large a body is, so many are.
const LEAST_ADDRESSES: usize = 4;
/// So many bytes may be hashed: by two keys of an address, over two forms of the body.
const MOST_HASHED_BYTES: usize = 16 * 1024 * 1024;

/// So many pushes of this process are hashed at once, and so many more wait.
struct Desk {
    at_work: Semaphore,
    places: Semaphore,
}

impl Desk {
    const fn new() -> Desk {
        Desk { at_work: Semaphore::const_new(2), places: Semaphore::const_new(52) }
    }
}

/// Strangers, however many they are, never keep those waiting who showed an access key.
static OF_STRANGERS: Desk = Desk::new();
static OF_THE_KNOWN: Desk = Desk::new();

fn addresses_tried(body_bytes: usize) -> usize {
    (MOST_HASHED_BYTES / body_bytes.saturating_mul(4).max(1)).clamp(LEAST_ADDRESSES, MOST_ADDRESSES)
}

/// The address that serves some of the instances and whose key signed the body; of `seller`, where an access key says who it
/// is. Without one the answer may be none although there is such an address: when many sellers use the same names.
pub(super) async fn signer(
    app: &App,
    headers: &PushHeaders,
    records: &[PushedRecord],
    body: &[u8],
    seller: Option<OrganisationId>,
) -> Result<Option<InterfaceAddress>, AppError> {
    let mut instances: Vec<InstanceId> = Vec::new();
    for record in records {
        if instances.len() == subscriptions::MOST_INSTANCES {
            break;
        }
        if let Ok(instance) = record.instance_id.as_str().parse()
            && !instances.contains(&instance)
        {
            instances.push(instance);
        }
    }
    // Whoever showed an access key is known, and waits for its own pace.
    let most = if seller.is_some() { MOST_ADDRESSES } else { addresses_tried(body.len()) };
    let candidates = app
        .store
        .read::<_, _, AppError, _>((instances, seller, most), |tx, (instances, seller, most)| {
            Box::pin(async move {
                let mut found: Vec<InterfaceAddress> = Vec::new();
                for id in subscriptions::addresses_of_instances(tx, &instances, seller, most).await? {
                    found.extend(store::selling::addresses::find(tx, id).await?);
                }
                Ok(found)
            })
        })
        .await?;
    if candidates.is_empty() {
        return Ok(None);
    }
    let (app, headers, body) = (app.clone(), headers.clone(), body.to_vec());
    let desk = if seller.is_some() { &OF_THE_KNOWN } else { &OF_STRANGERS };
    beside(desk, move || {
        let forms = BodyForms::of(&body);
        for address in candidates {
            if crate::selling::live_keys(&app, &address)?.each().any(|key| headers.verify(key, &forms)) {
                return Ok(Some(address));
            }
        }
        Ok(None)
    })
    .await
}

/// Runs work of the processor beside the threads that answer, a little at a time.
async fn beside<T: Send + 'static>(
    desk: &'static Desk,
    work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    let place = match desk.places.try_acquire() {
        Ok(place) => place,
        Err(TryAcquireError::NoPermits) => return Err(AppError::Unavailable("too many pushes at once".into())),
        Err(TryAcquireError::Closed) => return Err(AppError::Internal("nobody closes it".into())),
    };
    let turn = desk.at_work.acquire().await.map_err(|_| AppError::Internal("nobody closes it".into()))?;
    // Both are held until the work ends, even when the request that asked is gone.
    let work = tokio::task::spawn_blocking(move || {
        let answer = work();
        drop((turn, place));
        answer
    });
    work.await.map_err(|error| AppError::Internal(format!("verifying a push did not end: {error}")))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_larger_the_body_the_fewer_addresses_are_tried() {
        for (body_bytes, tried) in [(0, 40), (300, 40), (100 * 1024, 40), (512 * 1024, 8), (2 * 1024 * 1024, 4)] {
            assert_eq!(addresses_tried(body_bytes), tried, "{body_bytes}");
        }
    }

    #[tokio::test]
    async fn work_runs_on_a_thread_of_its_own_and_ends_with_its_answer() {
        let here = std::thread::current().id();
        let there = beside(&OF_STRANGERS, move || Ok(std::thread::current().id())).await.expect("it runs");
        assert_ne!(here, there, "requests are answered meanwhile");
    }
}
