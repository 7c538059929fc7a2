//! Time and chance as the reference seller meets them, so that tests can hold both.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// Time and chance.
pub trait SellerWorld: Send + Sync + 'static {
    /// Unix time in milliseconds.
    fn now_ms(&self) -> i64;
    /// Random bytes that nobody can guess.
    fn fill_random(&self, bytes: &mut [u8]);
    /// Done after so many milliseconds. A slow seller waits on it.
    fn pause(&self, ms: u64) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

/// The machine's clock and random numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemWorld;

impl SellerWorld for SystemWorld {
    #[expect(clippy::disallowed_methods, reason = "the reference seller is a process of its own; this is its clock")]
    fn now_ms(&self) -> i64 {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    #[expect(clippy::disallowed_methods, reason = "the reference seller is a process of its own; this is its chance")]
    fn fill_random(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }

    #[expect(clippy::disallowed_methods, reason = "a slow seller has to be slow")]
    fn pause(&self, ms: u64) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(Duration::from_millis(ms)))
    }
}
