//! From name to addresses, by us and once per call. A cache with a floor of 30 seconds keeps a name with a time to live of
//! nothing from asking for every call.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use async_trait::async_trait;
use hickory_resolver::config::{LookupIpStrategy, NameServerConfig, ResolverConfig};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::{ResolverBuilder, TokioResolver};

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

/// Asks the name servers that the machine is configured with, or one that it is given.
pub struct SystemResolver(Option<TokioResolver>);

impl SystemResolver {
    /// Reads the machine's configuration. A machine without one resolves nothing.
    pub fn new() -> SystemResolver {
        SystemResolver::with_rules(TokioResolver::builder_tokio())
    }

    /// Asks this name server and no other, by the same rules. For tests that play a name server which lies: what they show of
    /// it holds for [`SystemResolver::new`], because nothing but the address of the server differs.
    pub fn asking(name_server: SocketAddr) -> SystemResolver {
        let mut server = NameServerConfig::udp_and_tcp(name_server.ip());
        for connection in &mut server.connections {
            connection.port = name_server.port();
        }
        let configuration = ResolverConfig::from_name_servers(vec![server]);
        let provider = TokioRuntimeProvider::default();
        SystemResolver::with_rules(Ok(TokioResolver::builder_with_config(configuration, provider)))
    }

    fn with_rules(builder: Result<ResolverBuilder<TokioRuntimeProvider>, NetError>) -> SystemResolver {
        let built = builder.and_then(|mut builder| {
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
