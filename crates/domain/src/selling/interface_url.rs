//! Which web addresses may be a seller's production address: the spelling only. Where the name leads to is judged at each
//! call, when it is resolved (`outbound`).
//!
//! One parser (WHATWG), then: https, a domain name and never an IP literal in any spelling, no user name or password, port 443
//! or another that the operator allows, no name that only means something inside a network (security.md, "Calls to
//! seller-supplied URLs", rule 2). An operator may open single endpoints, each an exact address and port; that opens nothing
//! else (rule 7).

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use url::{Host, Url};

use super::public_ip::public;

/// The longest address we take, in bytes.
pub const MOST_BYTES: usize = 512;

/// Names that mean something only inside a network: they and everything under them are refused.
const INSIDE_NAMES: [&str; 9] =
    ["local", "internal", "localhost", "localdomain", "home.arpa", "lan", "intranet", "corp", "home"];

/// One endpoint inside the operator's own network that may be called although the rules forbid it: an exact IP address
/// and port, for a demonstration or a test bench. Written `127.0.0.1:9000` or `[::1]:9000`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OpenEndpoint(SocketAddr);

impl OpenEndpoint {
    /// The endpoint.
    pub fn new(ip: IpAddr, port: u16) -> OpenEndpoint {
        OpenEndpoint(SocketAddr::new(ip, port))
    }

    /// Whether this is exactly that address and port.
    pub fn covers(&self, ip: IpAddr, port: u16) -> bool {
        self.0.ip() == ip && self.0.port() == port
    }
}

/// Whether an address leads a browser or a call to a place that only means something inside a network: literals in any spelling the
/// parser takes that are not [`public`], and names such as `localhost`. A machine that the operator opened an endpoint on is
/// no such place. Names are not resolved.
pub fn leads_inside(address: &str, open: &[OpenEndpoint]) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    let opened = |ip: IpAddr| open.iter().any(|endpoint| endpoint.0.ip() == ip);
    match url.host() {
        Some(Host::Ipv4(ip)) => !public(ip.into()) && !opened(ip.into()),
        Some(Host::Ipv6(ip)) => !public(ip.into()) && !opened(ip.into()),
        Some(Host::Domain(name)) => {
            let here = name.trim_end_matches('.').eq_ignore_ascii_case("localhost");
            let opened_here = open.iter().any(|endpoint| endpoint.0.ip().is_loopback());
            judge_name(name.strip_suffix('.').unwrap_or(name)) == Err(UrlRefusal::InsideName) && !(here && opened_here)
        }
        None => false,
    }
}

impl FromStr for OpenEndpoint {
    type Err = std::net::AddrParseError;
    fn from_str(text: &str) -> Result<OpenEndpoint, Self::Err> {
        text.trim().parse().map(OpenEndpoint)
    }
}

impl fmt::Display for OpenEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What an operator allows beside the standard port of public names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UrlRules {
    /// Single endpoints that may be called although the rules forbid them.
    pub open: Vec<OpenEndpoint>,
    /// The ports of public names, over https all of them.
    pub ports: Vec<u16>,
}

impl UrlRules {
    /// The ports as a person reads them: `443, 8443`.
    pub fn ports_said(&self) -> String {
        self.ports.iter().map(u16::to_string).collect::<Vec<_>>().join(", ")
    }
}

impl Default for UrlRules {
    fn default() -> UrlRules {
        UrlRules { open: Vec::new(), ports: vec![443] }
    }
}

/// Why an address may not be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum UrlRefusal {
    /// Not an absolute web address with a host.
    #[error("not a web address")]
    NotAnAddress,
    /// Longer than [`MOST_BYTES`].
    #[error("longer than 512 bytes")]
    TooLong,
    /// Another scheme than https.
    #[error("not https")]
    NotHttps,
    /// A user name or password in the address.
    #[error("holds a user name or password")]
    UserInfo,
    /// An IP address, in whatever spelling, where a domain name is wanted.
    #[error("an IP address instead of a domain name")]
    IpLiteral,
    /// Another port than [`UrlRules::ports`] allow.
    #[error("a port that is not allowed")]
    Port,
    /// A name without a dot, or one that only means something inside a network.
    #[error("a name that is not public")]
    InsideName,
    /// A `#fragment`, which is never sent.
    #[error("holds a fragment")]
    Fragment,
}

impl UrlRefusal {
    /// Every reason.
    pub const ALL: [UrlRefusal; 8] = [
        UrlRefusal::NotAnAddress,
        UrlRefusal::TooLong,
        UrlRefusal::NotHttps,
        UrlRefusal::UserInfo,
        UrlRefusal::IpLiteral,
        UrlRefusal::Port,
        UrlRefusal::InsideName,
        UrlRefusal::Fragment,
    ];

    /// The stable code, also the key of its sentence.
    pub fn code(self) -> &'static str {
        match self {
            UrlRefusal::NotAnAddress => "url_not_an_address",
            UrlRefusal::TooLong => "url_too_long",
            UrlRefusal::NotHttps => "url_not_https",
            UrlRefusal::UserInfo => "url_user_info",
            UrlRefusal::IpLiteral => "url_ip_literal",
            UrlRefusal::Port => "url_port",
            UrlRefusal::InsideName => "url_inside_name",
            UrlRefusal::Fragment => "url_fragment",
        }
    }
}

/// A production address whose spelling has been judged. It is kept in the parser's own spelling: punycode host, no
/// trailing dot, escaped path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InterfaceUrl(Url);

impl InterfaceUrl {
    /// Judges one address by what the operator allows.
    pub fn parse(input: &str, rules: &UrlRules) -> Result<InterfaceUrl, UrlRefusal> {
        let input = input.trim();
        if input.len() > MOST_BYTES {
            return Err(UrlRefusal::TooLong);
        }
        InterfaceUrl::parse_for_call(input, rules)
    }

    /// As [`InterfaceUrl::parse`] without its limit of length, for an address to which a call has added its parameters.
    pub fn parse_for_call(input: &str, rules: &UrlRules) -> Result<InterfaceUrl, UrlRefusal> {
        let mut url = Url::parse(input).map_err(|_| UrlRefusal::NotAnAddress)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(UrlRefusal::NotHttps);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(UrlRefusal::UserInfo);
        }
        if url.fragment().is_some() {
            return Err(UrlRefusal::Fragment);
        }
        let port = url.port_or_known_default().ok_or(UrlRefusal::NotAnAddress)?;
        let name = match url.host().ok_or(UrlRefusal::NotAnAddress)? {
            Host::Ipv4(ip) => return judge_literal(url, IpAddr::V4(ip), port, &rules.open),
            Host::Ipv6(ip) => return judge_literal(url, IpAddr::V6(ip), port, &rules.open),
            Host::Domain(name) => name.to_owned(),
        };
        if url.scheme() != "https" {
            return Err(UrlRefusal::NotHttps);
        }
        let trimmed = name.strip_suffix('.').unwrap_or(&name);
        judge_name(trimmed)?;
        if !rules.ports.contains(&port) {
            return Err(UrlRefusal::Port);
        }
        if trimmed != name {
            url.set_host(Some(trimmed)).map_err(|_| UrlRefusal::NotAnAddress)?;
        }
        Ok(InterfaceUrl(url))
    }

    /// As it is stored and shown.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The parsed address, for the one that calls it.
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// The host as the parser wrote it: a domain name, or the IP literal of an open endpoint.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }
}

impl fmt::Display for InterfaceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

fn judge_literal(url: Url, ip: IpAddr, port: u16, open: &[OpenEndpoint]) -> Result<InterfaceUrl, UrlRefusal> {
    if open.iter().any(|endpoint| endpoint.covers(ip, port)) {
        Ok(InterfaceUrl(url))
    } else {
        Err(UrlRefusal::IpLiteral)
    }
}

fn judge_name(name: &str) -> Result<(), UrlRefusal> {
    let well_formed = !name.is_empty()
        && name.len() <= 253
        && name.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        });
    if !well_formed {
        return Err(UrlRefusal::NotAnAddress);
    }
    let inside = |suffix: &str| name == suffix || name.strip_suffix(suffix).is_some_and(|rest| rest.ends_with('.'));
    if !name.contains('.') || INSIDE_NAMES.iter().any(|suffix| inside(suffix)) {
        return Err(UrlRefusal::InsideName);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(input: &str) -> Option<UrlRefusal> {
        InterfaceUrl::parse(input, &UrlRules::default()).err()
    }

    #[test]
    fn what_leads_inside_is_known_in_every_spelling() {
        for inside in [
            "http://127.0.0.1/",
            "https://2130706433/",
            "http://0x7f.1/",
            "http://10.1.2.3:8080/a",
            "http://172.16.0.1/",
            "http://192.168.0.10/console",
            "http://169.254.169.254/latest/meta-data/",
            "http://100.64.0.1/",
            "http://0.0.0.0/",
            "http://[::1]/",
            "http://[::ffff:10.0.0.1]/",
            "http://[fe80::1]/",
            "http://[fd00::1]/",
            // What embeds an address, and what only looks public.
            "http://[64:ff9b::7f00:1]/",
            "http://[::127.0.0.1]/",
            "http://[2002:7f00:1::]/",
            "http://[ff02::1]/",
            "http://224.0.0.1/",
            "http://198.18.0.1/",
            "http://168.63.129.16/",
            "http://localhost:9000/",
            "http://intranet/",
            "https://printer.lan/",
        ] {
            assert!(leads_inside(inside, &[]), "{inside}");
        }
        for outside in [
            "https://app.example.com/",
            "http://app.example.com./",
            "http://93.184.216.34/",
            "http://[2606:4700::1111]/",
            "nonsense",
        ] {
            assert!(!leads_inside(outside, &[]), "{outside}");
        }
        let open = ["127.0.0.1:9000".parse().expect("an endpoint")];
        assert!(!leads_inside("http://127.0.0.1:9100/", &open), "another port of an opened machine");
        assert!(!leads_inside("http://localhost:9100/", &open));
        assert!(leads_inside("http://10.0.0.1:9000/", &open));
    }

    #[test]
    fn public_names_over_https_are_taken_in_the_parsers_spelling() {
        for (input, kept) in [
            ("https://saas.example.com/produce", "https://saas.example.com/produce"),
            ("  HTTPS://SaaS.Example.COM:443/produce?a=1 ", "https://saas.example.com/produce?a=1"),
            ("https://saas.example.com./produce", "https://saas.example.com/produce"),
            ("https://例子.example/下单", "https://xn--fsqu00a.example/%E4%B8%8B%E5%8D%95"),
            ("https://my_host.example.com/", "https://my_host.example.com/"),
        ] {
            let url = InterfaceUrl::parse(input, &UrlRules::default()).expect(input);
            assert_eq!(url.as_str(), kept);
        }
    }

    #[test]
    fn everything_else_is_refused_for_a_named_reason() {
        use UrlRefusal as R;
        let table = [
            ("", R::NotAnAddress),
            ("saas.example.com", R::NotAnAddress),
            ("https://", R::NotAnAddress),
            ("https://a..example.com/", R::NotAnAddress),
            ("https://-a.example.com/", R::NotAnAddress),
            ("http://saas.example.com/", R::NotHttps),
            ("ftp://saas.example.com/", R::NotHttps),
            ("file:///etc/passwd", R::NotHttps),
            ("gopher://saas.example.com/", R::NotHttps),
            ("javascript:alert(1)", R::NotHttps),
            ("https://user@saas.example.com/", R::UserInfo),
            ("https://user:word@saas.example.com/", R::UserInfo),
            ("https://saas.example.com@127.0.0.1/", R::UserInfo),
            ("https://saas.example.com/#x", R::Fragment),
            ("https://saas.example.com:8443/", R::Port),
            ("https://saas.example.com:80/", R::Port),
            ("https://localhost/", R::InsideName),
            ("https://LOCALHOST./", R::InsideName),
            ("https://intranet/", R::InsideName),
            ("https://a.localhost/", R::InsideName),
            ("https://printer.local/", R::InsideName),
            ("https://metadata.google.internal/", R::InsideName),
            ("https://router.home.arpa/", R::InsideName),
            ("https://127.0.0.1/", R::IpLiteral),
            ("https://8.8.8.8/", R::IpLiteral),
            ("https://[::1]/", R::IpLiteral),
            ("https://2130706433/", R::IpLiteral),
            ("https://0x7f.1/", R::IpLiteral),
            ("https://0177.0.0.1./", R::IpLiteral),
            ("https://１２７.０.０.１/", R::IpLiteral),
            ("http://169.254.169.254/", R::IpLiteral),
        ];
        for (input, reason) in table {
            assert_eq!(refusal(input), Some(reason), "{input}");
        }
        assert_eq!(refusal(&format!("https://a.example/{}", "x".repeat(600))), Some(R::TooLong));
    }

    #[test]
    fn an_allowed_port_opens_public_names_over_https_and_nothing_else() {
        let rules = UrlRules { ports: vec![443, 8443], ..UrlRules::default() };
        assert_eq!(rules.ports_said(), "443, 8443");
        let judged = |input: &str| InterfaceUrl::parse(input, &rules).map(|url| url.as_str().to_owned());
        assert_eq!(judged("https://saas.example.com:8443/a"), Ok("https://saas.example.com:8443/a".to_owned()));
        assert_eq!(judged("https://saas.example.com:443/a"), Ok("https://saas.example.com/a".to_owned()));
        assert_eq!(judged("https://saas.example.com:8444/"), Err(UrlRefusal::Port));
        assert_eq!(judged("http://saas.example.com:8443/"), Err(UrlRefusal::NotHttps));
        assert_eq!(judged("https://127.0.0.1:8443/"), Err(UrlRefusal::IpLiteral));
        assert_eq!(judged("https://printer.lan:8443/"), Err(UrlRefusal::InsideName));
        let without = UrlRules { ports: vec![8443], ..UrlRules::default() };
        assert_eq!(InterfaceUrl::parse("https://saas.example.com/", &without), Err(UrlRefusal::Port));
    }

    #[test]
    fn an_open_endpoint_opens_that_address_and_port_and_nothing_else() {
        let open: OpenEndpoint = "127.0.0.1:9000".parse().expect("an address and a port");
        let rules = UrlRules { open: vec![open], ..UrlRules::default() };
        let judged = |input: &str| InterfaceUrl::parse(input, &rules).err();
        assert_eq!(judged("http://127.0.0.1:9000/produce"), None);
        assert_eq!(judged("http://0x7f.1:9000/produce"), None);
        assert_eq!(judged("http://127.0.0.1:9001/"), Some(UrlRefusal::IpLiteral));
        assert_eq!(judged("http://127.0.0.2:9000/"), Some(UrlRefusal::IpLiteral));
        assert_eq!(judged("http://[::ffff:127.0.0.1]:9000/"), Some(UrlRefusal::IpLiteral));
        assert_eq!(judged("http://user@127.0.0.1:9000/"), Some(UrlRefusal::UserInfo));
        assert_eq!(judged("http://saas.example.com:9000/"), Some(UrlRefusal::NotHttps));
        assert_eq!(judged("https://saas.example.com:9000/"), Some(UrlRefusal::Port));
        assert_eq!(judged("http://localhost:9000/"), Some(UrlRefusal::NotHttps));
    }
}
