//! How often one address or key may ask (security.md, "Default limits"), and how large a body may be. Counted in each
//! node's memory: a shield against floods, not a business rule; those are counted in the tables.

use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroU32;
use std::sync::Arc;

use app::AppError;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use domain::identity::Credential;
use domain::ids::OrganisationId;
use governor::clock::{Clock as _, DefaultClock, QuantaInstant};
use governor::{DefaultKeyedRateLimiter, NotUntil, Quota, RateLimiter};

use crate::failure::Failure;
use crate::identify::Identified;

/// The largest body of a request, in bytes; uploads included.
pub(crate) const MOST_BODY_BYTES: usize = 6 * 1024 * 1024;

/// The address of the client: of the connection, or what one of our own proxies says ([`crate::Proxy`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<ClientAddress, Self::Rejection> {
        let found = parts.extensions.get::<ClientAddress>().copied();
        Ok(found.unwrap_or(ClientAddress(IpAddr::V4(Ipv4Addr::UNSPECIFIED))))
    }
}

const TWO: NonZeroU32 = NonZeroU32::MIN.saturating_add(1);
const FOUR: NonZeroU32 = NonZeroU32::MIN.saturating_add(3);

/// The buckets of this node.
#[derive(Clone)]
pub(crate) struct Limits {
    visitors: Arc<DefaultKeyedRateLimiter<String>>,
    programs: Arc<DefaultKeyedRateLimiter<String>>,
    signed: SignedPace,
}

/// The buckets of those who sign their calls: by access key, and for pushes of usage by seller. Handed to the routes, which know the
/// key only after they have verified it.
#[derive(Clone)]
pub struct SignedPace {
    calls: Arc<DefaultKeyedRateLimiter<String>>,
    pushes: Arc<DefaultKeyedRateLimiter<String>>,
}

impl app::open_apis::Pace for SignedPace {
    fn admit(&self, key: &str) -> Result<(), u64> {
        self.calls.check_key(&key.to_owned()).map_err(seconds)
    }

    fn admit_push(&self, seller: OrganisationId) -> Result<(), u64> {
        self.pushes.check_key(&seller.to_string()).map_err(seconds)
    }
}

fn seconds(until: NotUntil<QuantaInstant>) -> u64 {
    until.wait_time_from(DefaultClock::default().now()).as_secs().max(1)
}

/// Requests a second, of one each.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    /// Of one visitor or signed-in person.
    pub visitors: NonZeroU32,
    /// Of one access key.
    pub programs: NonZeroU32,
    /// Signed calls of one seller's key.
    pub signed: NonZeroU32,
    /// Pushes of usage of one seller, whichever of its keys signed them.
    pub pushes: NonZeroU32,
}

impl<S: Send + Sync> FromRequestParts<S> for SignedPace {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<SignedPace, Failure> {
        let found = parts.extensions.get::<SignedPace>().cloned();
        found.ok_or_else(|| AppError::Internal("the limits are missing".to_owned()).into())
    }
}

impl Limits {
    /// Bursts are four times as many for visitors and programs, and twice as many for sellers' servers.
    pub(crate) fn new(rates: Rates) -> Limits {
        let quota = |rate: NonZeroU32, burst: NonZeroU32| {
            let quota = Quota::per_second(rate).allow_burst(rate.saturating_mul(burst));
            Arc::new(RateLimiter::keyed(quota))
        };
        Limits {
            visitors: quota(rates.visitors, FOUR),
            programs: quota(rates.programs, FOUR),
            signed: SignedPace { calls: quota(rates.signed, TWO), pushes: quota(rates.pushes, TWO) },
        }
    }
}

/// Answers 429 with `Retry-After` when a bucket is empty.
pub(crate) async fn limit(
    State(limits): State<Limits>,
    ClientAddress(address): ClientAddress,
    mut request: Request,
    next: Next,
) -> Response {
    request.extensions_mut().insert(limits.signed.clone());
    let actor = request.extensions().get::<Identified>().and_then(|identified| identified.actor.as_ref());
    let verdict = match actor.map(|actor| actor.credential) {
        Some(Credential::ApiKey { id }) => limits.programs.check_key(&id.to_string()),
        Some(Credential::Session { id, .. }) => limits.visitors.check_key(&id.to_string()),
        None => limits.visitors.check_key(&address.to_string()),
    };
    match verdict {
        Ok(()) => next.run(request).await,
        Err(until) => Failure::from(AppError::TooMany { retry_after_s: seconds(until) }).into_response(),
    }
}
