//! What an operator may open and close. It can only add single open endpoints, ports and closed ranges; no setting switches a
//! check off (security.md, rule 7).

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use domain::selling::{OpenEndpoint, UrlRules};

use super::address::{public, same_network_v4, same_network_v6};

/// A range of IP addresses, written `203.0.113.0/24`, `2001:db8::/32` or as a single address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    network: IpAddr,
    prefix: u32,
}

/// A text that is not a range of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an IP range of the form 203.0.113.0/24")]
pub struct NotABlock;

impl FromStr for Block {
    type Err = NotABlock;
    fn from_str(text: &str) -> Result<Block, NotABlock> {
        let (network, prefix) = match text.trim().split_once('/') {
            Some((network, prefix)) => (network, Some(prefix)),
            None => (text.trim(), None),
        };
        let network: IpAddr = network.parse().map_err(|_| NotABlock)?;
        let most = if network.is_ipv4() { 32 } else { 128 };
        let prefix: u32 = prefix.map_or(Ok(most), |prefix| prefix.parse().map_err(|_| NotABlock))?;
        if prefix <= most { Ok(Block { network, prefix }) } else { Err(NotABlock) }
    }
}

impl Block {
    fn holds(&self, ip: IpAddr) -> bool {
        match (self.network, ip) {
            (IpAddr::V4(network), IpAddr::V4(ip)) => same_network_v4(network, ip, self.prefix),
            (IpAddr::V6(network), IpAddr::V6(ip)) => same_network_v6(network, ip, self.prefix),
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

/// The operator's additions to the rules.
#[derive(Clone, Debug, Default)]
pub struct GuardPolicy {
    /// How addresses may be spelt: the ports of public names, and endpoints that may be called although they are not public.
    pub rules: UrlRules,
    /// Ranges that may not be called although they are public, such as our own public addresses.
    pub closed: Vec<Block>,
}

impl GuardPolicy {
    /// Only these endpoints beside what is public.
    pub fn opening(open: Vec<OpenEndpoint>) -> GuardPolicy {
        GuardPolicy { rules: UrlRules { open, ..UrlRules::default() }, closed: Vec::new() }
    }

    /// Whether a connection to this address and port may be made.
    pub fn allows(&self, endpoint: SocketAddr) -> bool {
        if self.rules.open.iter().any(|open| open.covers(endpoint.ip(), endpoint.port())) {
            return true;
        }
        public(endpoint.ip()) && !self.closed.iter().any(|block| block.holds(endpoint.ip()))
    }
}
