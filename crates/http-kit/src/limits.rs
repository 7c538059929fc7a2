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
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

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

/// The buckets of this node.
#[derive(Clone)]
pub(crate) struct Limits {
    visitors: Arc<DefaultKeyedRateLimiter<String>>,
    programs: Arc<DefaultKeyedRateLimiter<String>>,
    signed: SignedPace,
}

/// The buckets of those who sign their calls, by access key. Handed to the routes, which know the key only after they have
/// verified it.
#[derive(Clone)]
pub struct SignedPace(Arc<DefaultKeyedRateLimiter<String>>);

impl app::open_apis::Pace for SignedPace {
    fn admit(&self, key: &str) -> Result<(), u64> {
        let verdict = self.0.check_key(&key.to_owned());
        verdict.map_err(|until| until.wait_time_from(DefaultClock::default().now()).as_secs().max(1))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for SignedPace {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<SignedPace, Failure> {
        let found = parts.extensions.get::<SignedPace>().cloned();
        found.ok_or_else(|| AppError::Internal("the limits are missing".to_owned()).into())
    }
}

impl Limits {
    /// Visitors: `per_second` requests of one address, with bursts of four times as many. Programs: the same by key.
    /// Sellers' servers: the same by the key that they sign with, in bursts of twice as many.
    pub(crate) fn new(
        visitors_per_second: NonZeroU32,
        programs_per_second: NonZeroU32,
        signed_per_second: NonZeroU32,
    ) -> Limits {
        let quota = |rate: NonZeroU32| {
            Quota::per_second(rate).allow_burst(rate.saturating_mul(NonZeroU32::MIN.saturating_add(3)))
        };
        Limits {
            visitors: Arc::new(RateLimiter::keyed(quota(visitors_per_second))),
            programs: Arc::new(RateLimiter::keyed(quota(programs_per_second))),
            signed: SignedPace(Arc::new(RateLimiter::keyed(
                Quota::per_second(signed_per_second).allow_burst(signed_per_second.saturating_mul(TWO)),
            ))),
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
        Err(until) => {
            let retry_after_s = until.wait_time_from(DefaultClock::default().now()).as_secs().max(1);
            Failure::from(AppError::TooMany { retry_after_s }).into_response()
        }
    }
}
