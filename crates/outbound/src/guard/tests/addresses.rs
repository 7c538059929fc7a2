//! Which addresses may be called: the table of ranges agrees with one written another way. That no spelling of an inside
//! address and no name that changes its mind reaches anything is tested from outside, in `tests/canary`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use domain::selling::{InterfaceUrl, UrlRules};
use ports::{FailureClass, SellerLink as _};
use proptest::prelude::*;

use super::{call, client};
use crate::guard::address::public;
use crate::guard::{GuardPolicy, ResolveFailure};

#[tokio::test]
async fn a_name_is_refused_when_one_of_its_addresses_is() {
    let url = InterfaceUrl::parse("https://shop.example/", &UrlRules::default()).expect("a good address");
    let public_v4: IpAddr = "8.8.8.8".parse().expect("an address");
    let public_v6: IpAddr = "2606:4700:4700::1111".parse().expect("an address");
    for bad in ["127.0.0.1", "10.0.0.1", "::1", "fe80::1", "::ffff:8.8.8.8", "198.41.0.4", "169.254.169.254"] {
        let bad: IpAddr = bad.parse().expect("an address");
        for mixed in [vec![public_v4, bad], vec![bad, public_v4], vec![public_v6, public_v4, bad], vec![bad]] {
            let failed = client(Vec::new(), Ok(mixed)).endpoints(&url).await.expect_err("one is bad");
            assert_eq!(failed.class, FailureClass::RefusedByPolicy);
        }
    }
    let good = client(Vec::new(), Ok(vec![public_v4, public_v6])).endpoints(&url).await.expect("both are public");
    assert_eq!(good, [SocketAddr::new(public_v4, 443), SocketAddr::new(public_v6, 443)]);
}

#[tokio::test]
async fn a_name_that_does_not_resolve_is_a_refusal_and_says_so() {
    for (answer, detail) in [
        (Err(ResolveFailure::NoAddress), "the name has no address"),
        (Err(ResolveFailure::NoAnswer), "the name servers did not answer"),
        (Ok(Vec::new()), "the name has no address"),
    ] {
        let failure = client(Vec::new(), answer).send(call("https://shop.example/")).await.expect_err("no address");
        assert_eq!((failure.class, failure.detail.as_str()), (FailureClass::NameNotResolved, detail));
    }
}

#[tokio::test]
async fn a_port_that_the_operator_allows_is_called_and_another_is_refused_unseen() {
    let allowed = UrlRules { ports: vec![443, 8443], ..UrlRules::default() };
    let mut client = client(Vec::new(), Err(ResolveFailure::NoAddress));
    let class = async |client: &super::GuardedClient| {
        client.send(call("https://shop.example:8443/")).await.expect_err("it has no address").class
    };
    assert_eq!(class(&client).await, FailureClass::RefusedByPolicy, "not even its name is looked up");
    client.policy.rules = allowed;
    assert_eq!(class(&client).await, FailureClass::NameNotResolved);
}

#[test]
fn an_open_endpoint_opens_nothing_beside_it_and_a_closed_range_closes() {
    let policy = GuardPolicy {
        closed: vec!["8.8.8.0/24".parse().expect("a range"), "2606:4700::/32".parse().expect("a range")],
        ..GuardPolicy::opening(vec!["127.0.0.1:9000".parse().expect("an endpoint")])
    };
    let allows = |endpoint: &str| policy.allows(endpoint.parse().expect("an endpoint"));
    assert!(allows("127.0.0.1:9000"));
    assert!(allows("8.8.4.4:443"));
    for refused in
        ["127.0.0.1:9001", "127.0.0.2:9000", "[::ffff:127.0.0.1]:9000", "8.8.8.8:443", "[2606:4700:4700::1111]:443"]
    {
        assert!(!allows(refused), "{refused}");
    }
}

#[expect(clippy::too_many_lines, reason = "a table of addresses")]
#[test]
fn public_addresses_are_allowed_up_to_the_edge_of_each_closed_range() {
    let allowed = [
        "1.0.0.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "192.0.3.0",
        "192.88.98.255",
        "192.88.100.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "198.51.99.255",
        "198.51.101.0",
        "203.0.112.255",
        "203.0.114.0",
        "223.255.255.255",
        "168.63.129.15",
        "2000::1",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2003::1",
        "2606:4700:4700::1111",
        "2a00::1",
        "3ffe:ffff::1",
        "2600::5efe:808:808",
        "3fff:1000::1",
    ];
    for address in allowed {
        assert!(public(address.parse().expect(address)), "{address}");
    }
    let closed = [
        "0.0.0.0",
        "0.255.255.255",
        "10.0.0.0",
        "10.255.255.255",
        "100.64.0.0",
        "100.127.255.255",
        "127.0.0.0",
        "127.255.255.255",
        "169.254.0.0",
        "169.254.255.255",
        "172.16.0.0",
        "172.31.255.255",
        "192.0.0.0",
        "192.0.0.255",
        "192.0.2.0",
        "192.0.2.255",
        "192.88.99.0",
        "192.168.255.255",
        "198.18.0.0",
        "198.19.255.255",
        "198.51.100.0",
        "203.0.113.255",
        "224.0.0.0",
        "239.255.255.255",
        "240.0.0.0",
        "255.255.255.255",
        "168.63.129.16",
        "::",
        "::1",
        "::8.8.8.8",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "64:ff9b:1::1",
        "100::",
        "1fff:ffff::",
        "2001::1",
        "2001:1ff::1",
        "2001:db8::",
        "2001:db8:ffff::",
        "2002::",
        "2002:808:808::",
        "3fff::",
        "3fff:fff::1",
        "4000::",
        "fc00::",
        "fdff::1",
        "fe80::1",
        "fec0::1",
        "ff00::1",
        "2600::5efe:7f00:1",
        "2600::200:5efe:a00:1",
        "2600:1:2:3:0:5efe:a9fe:a9fe",
    ];
    for address in closed {
        assert!(!public(address.parse().expect(address)), "{address}");
    }
}

/// The same rule for IPv4, written with the standard library's words and no table.
fn inside_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || ip.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19))
        || ip == Ipv4Addr::new(168, 63, 129, 16)
}

/// The same rule for IPv6.
fn inside_v6(ip: Ipv6Addr) -> bool {
    let s = ip.segments();
    let isatap = (s[4] == 0 || s[4] == 0x200) && s[5] == 0x5efe;
    let [.., a, b, c, d] = ip.octets();
    !(0x2000..=0x3fff).contains(&s[0])
        || (s[0] == 0x2001 && (s[1] < 0x200 || s[1] == 0xdb8))
        || s[0] == 0x2002
        || (s[0] == 0x3fff && s[1] < 0x1000)
        || (isatap && inside_v4(Ipv4Addr::new(a, b, c, d)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_table_agrees_with_the_same_rule_written_another_way(first in any::<u8>(), rest in any::<[u8; 3]>(), near in any::<bool>()) {
        let interesting = [0, 10, 100, 127, 168, 169, 172, 192, 198, 203, 224, 240];
        let first = if near { interesting[usize::from(first) % interesting.len()] } else { first };
        let ip = Ipv4Addr::new(first, rest[0], rest[1], rest[2]);
        prop_assert_eq!(public(ip.into()), !inside_v4(ip), "{}", ip);
    }

    #[test]
    fn the_table_agrees_for_the_long_addresses_too(bits in any::<u128>(), shape in 0_u8..6) {
        let ip = match shape {
            0 => Ipv6Addr::from_bits(bits),
            1 => Ipv6Addr::from_bits((bits >> 3) | (1 << 125)),
            2 => Ipv6Addr::from_bits((bits & (u128::MAX >> 16)) | (0x2001 << 112)),
            3 => Ipv6Addr::from_bits((bits & (u128::MAX >> 16)) | (0x3fff << 112)),
            4 => Ipv6Addr::from_bits((bits & 0xffff_ffff) | (0x2600 << 112) | (0x5efe << 32)),
            _ => Ipv6Addr::from_bits((bits & 0xffff_ffff) | (0xffff << 32)),
        };
        prop_assert_eq!(public(ip.into()), !inside_v6(ip), "{}", ip);
    }
}
