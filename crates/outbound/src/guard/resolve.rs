//! From name to addresses, by us and once per call. A cache with a floor of 30 seconds keeps a name with a time to live of
//! nothing from asking for every call.

use std::net::IpAddr;
use std::time::Duration;

use async_trait::async_trait;
use hickory_resolver::TokioResolver;
use hickory_resolver::config::LookupIpStrategy;

/// A name without addresses, or a resolver without an answer. Both are refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResolveFailure {
    /// The name does not exist or has no address.
    #[error("the name has no address")]
    NoAddress,
    /// The name servers did not answer, or answered with a failure.
    #[error("the name servers did not answer")]
    NoAnswer,
}

/// Finds the addresses of a name.
#[async_trait]
pub trait Resolve: Send + Sync {
    /// Every address of the name, of both families; never an empty list.
    async fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, ResolveFailure>;
}

/// The resolver that the machine is configured with.
pub struct SystemResolver(Option<TokioResolver>);

impl SystemResolver {
    /// Reads the machine's configuration. A machine without one resolves nothing.
    pub fn new() -> SystemResolver {
        let built = TokioResolver::builder_tokio().and_then(|mut builder| {
            let options = builder.options_mut();
            options.timeout = Duration::from_secs(2);
            options.attempts = 1;
            options.ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
            options.positive_min_ttl = Some(Duration::from_secs(30));
            options.positive_max_ttl = Some(Duration::from_secs(300));
            builder.build()
        });
        if let Err(error) = &built {
            tracing::warn!(%error, "The machine has no usable resolver configuration: no seller can be called by name");
        }
        SystemResolver(built.ok())
    }
}

impl Default for SystemResolver {
    fn default() -> SystemResolver {
        SystemResolver::new()
    }
}

#[async_trait]
impl Resolve for SystemResolver {
    async fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, ResolveFailure> {
        let resolver = self.0.as_ref().ok_or(ResolveFailure::NoAnswer)?;
        // The dot at the end keeps search domains out of it.
        match resolver.lookup_ip(format!("{name}.")).await {
            Ok(found) => {
                let addresses: Vec<IpAddr> = found.iter().collect();
                if addresses.is_empty() { Err(ResolveFailure::NoAddress) } else { Ok(addresses) }
            }
            Err(error) if error.is_nx_domain() || error.is_no_records_found() => Err(ResolveFailure::NoAddress),
            Err(_) => Err(ResolveFailure::NoAnswer),
        }
    }
}
