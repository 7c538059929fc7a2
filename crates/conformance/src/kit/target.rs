//! Which addresses may be tried: what a marketplace would call, and one's own machine when that is allowed.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use domain::selling::{InterfaceUrl, OpenEndpoint, UrlRefusal, UrlRules};
use outbound::GuardPolicy;
use url::{Host, Url};

/// May the address be on this machine?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loopback {
    /// Yes: 127.0.0.0/8, ::1 and localhost at the address's own port, by http or https.
    Allowed,
    /// No.
    Refused,
}

/// An address that may be tried.
#[derive(Clone, Debug)]
pub struct Target {
    address: String,
    rules: UrlRules,
}

/// Why an address cannot be tried. Its text tells what to type instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetProblem {
    /// It leads to this machine.
    #[error("{address} is on this machine; add --allow-loopback to try it")]
    NeedsLoopback {
        /// As typed.
        address: String,
    },
    /// A marketplace would refuse it.
    #[error("{address} cannot be a production address: {reason}")]
    Refused {
        /// As typed.
        address: String,
        /// Why, and what to write instead.
        reason: &'static str,
    },
}

impl Target {
    /// Judges an address as typed.
    ///
    /// ```
    /// use conformance::kit::{Loopback, Target};
    /// assert!(Target::parse("https://saas.example.com/produce", Loopback::Refused).is_ok());
    /// assert!(Target::parse("http://127.0.0.1:9000/produce", Loopback::Refused).is_err());
    /// let own = Target::parse("http://localhost:9000/produce", Loopback::Allowed).expect("this machine");
    /// assert_eq!(own.address(), "http://127.0.0.1:9000/produce");
    /// ```
    pub fn parse(text: &str, loopback: Loopback) -> Result<Target, TargetProblem> {
        Target::parse_with_ports(text, loopback, &[])
    }

    /// As [`Target::parse`], where names may also have one of these ports, as a marketplace allows them in `outbound.ports`.
    pub fn parse_with_ports(text: &str, loopback: Loopback, ports: &[u16]) -> Result<Target, TargetProblem> {
        let refused = |reason| TargetProblem::Refused { address: text.to_owned(), reason };
        let mut url = Url::parse(text.trim()).map_err(|_| refused(reason_of(UrlRefusal::NotAnAddress)))?;
        if url.query_pairs().any(|(name, _)| TAKEN.contains(&name.as_ref())) {
            return Err(refused("its query holds a name that the protocol uses itself, such as signature or activity"));
        }
        let local = local_address(&url);
        if local.is_some() && loopback == Loopback::Refused {
            return Err(TargetProblem::NeedsLoopback { address: text.to_owned() });
        }
        if let Some(ip) = local {
            url.set_ip_host(ip).map_err(|()| refused(reason_of(UrlRefusal::NotAnAddress)))?;
        }
        let port = url.port_or_known_default().unwrap_or(443);
        let open = match loopback {
            Loopback::Allowed => {
                let own = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
                own.into_iter().chain(local).map(|ip| OpenEndpoint::new(ip, port)).collect()
            }
            Loopback::Refused => Vec::new(),
        };
        let ports = UrlRules::default().ports.into_iter().chain(ports.iter().copied()).collect();
        let rules = UrlRules { open, ports };
        let judged = InterfaceUrl::parse(url.as_str(), &rules).map_err(|refusal| refused(reason_of(refusal)))?;
        Ok(Target { address: judged.as_str().to_owned(), rules })
    }

    /// As it is called.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What the guarded client is told.
    pub fn policy(&self) -> GuardPolicy {
        GuardPolicy { rules: self.rules.clone(), closed: Vec::new() }
    }
}

/// Parameters that calls add themselves, in either version.
const TAKEN: [&str; 6] = ["signature", "timestamp", "nonce", "authToken", "timeStamp", "activity"];

/// The loopback address that a URL names, if it names one.
fn local_address(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Ipv4(ip) => ip.is_loopback().then_some(IpAddr::V4(ip)),
        Host::Ipv6(ip) => ip.is_loopback().then_some(IpAddr::V6(ip)),
        Host::Domain(name) => {
            name.trim_end_matches('.').eq_ignore_ascii_case("localhost").then_some(IpAddr::V4(Ipv4Addr::LOCALHOST))
        }
    }
}

fn reason_of(refusal: UrlRefusal) -> &'static str {
    match refusal {
        UrlRefusal::NotAnAddress => "write it whole, such as https://saas.example.com/produce",
        UrlRefusal::TooLong => "it is longer than 512 bytes",
        UrlRefusal::NotHttps => "it must start with https:// (http:// only on this machine, with --allow-loopback)",
        UrlRefusal::UserInfo => "it holds a user name or password; calls are authenticated by their signature alone",
        UrlRefusal::IpLiteral => {
            "it names an IP address; a domain name is needed, such as https://saas.example.com/produce"
        }
        UrlRefusal::Port => {
            "it names a port other than 443; with --allow-port it is tried all the same, where your marketplace allows that port"
        }
        UrlRefusal::InsideName => "its name means something only inside your network; a public domain name is needed",
        UrlRefusal::Fragment => "leave out the part after #, it is never sent",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_was_named_is_tried_on_public_names_only() {
        let with = |text: &str| Target::parse_with_ports(text, Loopback::Refused, &[8443]);
        let target = with("https://saas.example.com:8443/produce").expect("it was named");
        assert_eq!(target.policy().rules.ports, [443, 8443]);
        assert!(with("https://saas.example.com/produce").is_ok());
        assert!(with("https://saas.example.com:9443/produce").is_err());
        assert!(with("https://10.0.0.1:8443/produce").is_err());
    }

    #[test]
    fn what_cannot_be_tried_is_told_with_what_to_type_instead() {
        let said = |text: &str, loopback| Target::parse(text, loopback).expect_err(text).to_string();
        for own in ["http://127.0.0.1:9000/", "http://localhost:9000/", "https://[::1]/", "http://0x7f.1:9000/"] {
            assert!(said(own, Loopback::Refused).contains("--allow-loopback"), "{own}");
            assert!(Target::parse(own, Loopback::Allowed).is_ok(), "{own}");
        }
        for (text, part) in [
            ("saas.example.com/produce", "https://saas.example.com/produce"),
            ("http://saas.example.com/", "https://"),
            ("https://10.0.0.1/", "domain name"),
            ("https://saas.example.com:8443/", "443"),
            ("https://saas.example.com/?nonce=1", "nonce"),
            ("https://intranet/", "inside"),
        ] {
            let said = said(text, Loopback::Allowed);
            assert!(part == "nonce" || said.contains(part), "{said}");
        }
    }
}
