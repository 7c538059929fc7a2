//! Whose word on a client's address is taken: proxies that the operator has named, and nobody else.
//!
//! *What is not here.* `Forwarded` of RFC 7239, `X-Real-IP` and the forwarded host or scheme: the marketplace's own
//! address is configured (`site.public_url`), never read from a request.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;
use ipnet::IpNet;

use crate::limits::ClientAddress;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// An address or a range of addresses of our own proxies: `127.0.0.1`, `10.0.0.0/8`, `fd00::/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proxy(IpNet);

/// The text names neither an address nor a range.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not an address such as 127.0.0.1 or a range such as 10.0.0.0/8")]
pub struct NotAProxy(String);

impl FromStr for Proxy {
    type Err = NotAProxy;

    fn from_str(text: &str) -> Result<Proxy, NotAProxy> {
        let range = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        range.map(Proxy).map_err(|_| NotAProxy(text.to_owned()))
    }
}

/// The proxies of one marketplace.
#[derive(Clone)]
pub(crate) struct Proxies(Arc<[Proxy]>);

impl Proxies {
    pub(crate) fn new(proxies: &[Proxy]) -> Proxies {
        Proxies(proxies.into())
    }

    fn has(&self, address: IpAddr) -> bool {
        self.0.iter().any(|proxy| proxy.0.contains(&address))
    }

    /// The last address in the chain that is not one of our own proxies. Each proxy writes down, at the end of the
    /// header, from whom it heard; what stands before the first stranger is the stranger's own claim, which anybody can
    /// make up.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut nearest = peer.to_canonical();
        let lines = headers.get_all(FORWARDED_FOR).iter().rev();
        let hops = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
        for hop in hops {
            if !self.has(nearest) {
                break;
            }
            match address_of(hop.trim()) {
                Some(address) => nearest = address.to_canonical(),
                None => break,
            }
        }
        nearest
    }
}

/// Some proxies add the port of the connection.
fn address_of(hop: &str) -> Option<IpAddr> {
    hop.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}

/// Finds out from where the request really comes, before anybody counts or writes it down.
pub(crate) async fn find_client(State(proxies): State<Proxies>, mut request: Request, next: Next) -> Response {
    if let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>() {
        let client = proxies.client(peer.ip(), request.headers());
        request.extensions_mut().insert(ClientAddress(client));
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn client(proxies: &[&str], peer: &str, lines: &[&str]) -> String {
        let proxies: Vec<Proxy> = proxies.iter().map(|text| text.parse().expect("a proxy")).collect();
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, HeaderValue::from_str(line).expect("a header"));
        }
        Proxies::new(&proxies).client(peer.parse().expect("an address"), &headers).to_string()
    }

    #[test]
    fn a_stranger_is_not_believed() {
        assert_eq!(client(&[], "203.0.113.7", &["198.51.100.1"]), "203.0.113.7");
        assert_eq!(client(&["10.0.0.0/8"], "203.0.113.7", &["198.51.100.1"]), "203.0.113.7");
    }

    #[test]
    fn a_proxy_of_ours_is_believed_about_its_own_client_only() {
        assert_eq!(client(&["127.0.0.1"], "127.0.0.1", &["203.0.113.7"]), "203.0.113.7");
        assert_eq!(
            client(&["127.0.0.1"], "127.0.0.1", &["1.1.1.1, 203.0.113.7"]),
            "203.0.113.7",
            "the first is a claim"
        );
        assert_eq!(
            client(&["127.0.0.1"], "127.0.0.1", &["1.1.1.1", "203.0.113.7"]),
            "203.0.113.7",
            "two lines are one"
        );
        assert_eq!(client(&["127.0.0.1"], "127.0.0.1", &[]), "127.0.0.1", "the proxy asks for itself");
    }

    #[test]
    fn a_chain_of_our_proxies_is_followed_to_its_end() {
        let ours = ["127.0.0.1", "10.0.0.0/8", "fd00::/8"];
        assert_eq!(client(&ours, "127.0.0.1", &["203.0.113.7, 10.2.3.4", "fd00::9"]), "203.0.113.7");
        assert_eq!(client(&ours, "127.0.0.1", &["10.2.3.4"]), "10.2.3.4", "somebody in our own network");
        assert_eq!(
            client(&ours, "::ffff:127.0.0.1", &["203.0.113.7"]),
            "203.0.113.7",
            "a mapped address is the address"
        );
    }

    #[test]
    fn what_is_no_address_ends_the_chain() {
        assert_eq!(client(&["127.0.0.1"], "127.0.0.1", &["203.0.113.7, unknown"]), "127.0.0.1");
        assert_eq!(client(&["127.0.0.1"], "127.0.0.1", &["203.0.113.7:5000"]), "203.0.113.7");
        assert_eq!(client(&["127.0.0.1"], "127.0.0.1", &["[2001:db8::1]:5000"]), "2001:db8::1");
        assert_eq!("10.0.0.0/40".parse::<Proxy>(), Err(NotAProxy("10.0.0.0/40".to_owned())));
    }
}
