//! Every spelling of an inside address is refused before a connection is made, and the table of addresses agrees with one
//! written another way.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use domain::selling::InterfaceUrl;
use ports::{FailureClass, SellerLink as _};
use proptest::prelude::*;

use super::{call, client};
use crate::guard::address::public;
use crate::guard::{GuardPolicy, GuardedClient, Limits, Resolve, ResolveFailure};

/// Spellings that lead inside, or are no address at all. `{p}` is the port of a listener that must never be reached.
const REFUSED: &[&str] = &[
    // schemes
    "http://shop.example/",
    "http://shop.example:443/",
    "ftp://shop.example/",
    "file:///etc/passwd",
    "gopher://shop.example/",
    "dict://shop.example/",
    "ldap://shop.example/",
    "ws://shop.example/",
    "wss://shop.example/",
    "data:text/plain,x",
    "javascript:alert(1)",
    "blob:https://shop.example/x",
    "unix:/var/run/docker.sock",
    "jar:https://shop.example!/",
    "about:blank",
    // no address
    "",
    " ",
    "shop.example",
    "//shop.example/",
    "/produce",
    "https://",
    "https:///",
    "https://?x",
    "https://#x",
    "https://:443/",
    "https://%00/",
    "https://a b/",
    "https://shop_.example..com/",
    "https://-shop.example/",
    "https://shop-.example/",
    "https://[::1/",
    "https://[x]/",
    "https://shop.example:99999/",
    "https://shop.example:port/",
    "https://*.example/",
    "https://<shop>.example/",
    // user information
    "https://a@shop.example/",
    "https://a:b@shop.example/",
    "https://:b@shop.example/",
    "https://shop.example@127.0.0.1:{p}/",
    "https://127.0.0.1:{p}@shop.example/",
    "https://shop.example%40127.0.0.1/",
    "https://a%3Ab@shop.example/",
    // ports
    "https://shop.example:{p}/",
    "https://shop.example:80/",
    "https://shop.example:22/",
    "https://shop.example:0/",
    "https://shop.example:8443/",
    // fragment
    "https://shop.example/#a",
    // names that mean something only inside
    "https://localhost/",
    "https://localhost./",
    "https://LOCALHOST/",
    "https://LocalHost:{p}/",
    "https://a.localhost/",
    "https://localhost.localdomain/",
    "https://shop/",
    "https://intranet/",
    "https://db/",
    "https://metadata/",
    "https://metadata.google.internal/",
    "https://metadata.google.internal./",
    "https://a.internal/",
    "https://printer.local/",
    "https://PRINTER.LOCAL/",
    "https://router.home.arpa/",
    "https://nas.lan/",
    "https://x.corp/",
    "https://x.home/",
    "https://x.intranet/",
    "https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/",
    "https://ｌｏｃａｌｈｏｓｔ/",
    "https://loc%61lhost/",
    "https://localhost%2e/",
    // IPv4 in every spelling
    "https://127.0.0.1/",
    "https://127.0.0.1:{p}/",
    "http://127.0.0.1:{p}/",
    "https://127.0.0.1./",
    "https://127.1/",
    "https://127.0.1/",
    "https://127.000.000.001/",
    "https://0177.0.0.1/",
    "https://0177.1/",
    "https://017700000001/",
    "https://0x7f.0.0.1/",
    "https://0x7f.1/",
    "https://0x7f000001/",
    "https://0X7F000001/",
    "https://0x7f.0x0.0x0.0x1/",
    "https://2130706433/",
    "https://2130706433./",
    "https://0/",
    "https://0.0.0.0/",
    "https://0.0.0.0:{p}/",
    "https://00/",
    "https://0x0/",
    "https://127.0.0.1%00.shop.example/",
    "https://127。0。0。1/",
    "https://127．0．0．1/",
    "https://①②⑦.⓪.⓪.①/",
    "https://１２７.０.０.１:{p}/",
    "https://%31%32%37.0.0.1/",
    "https://127.0.0.1%2f@shop.example/",
    "https://127.127.127.127/",
    "https://127.255.255.254/",
    "https://10.0.0.1/",
    "https://10.1/",
    "https://012.0.0.1/",
    "https://0xa.0.0.1/",
    "https://167772161/",
    "https://172.16.0.1/",
    "https://172.31.255.255/",
    "https://192.168.0.1/",
    "https://192.168.1/",
    "https://0xc0a80001/",
    "https://3232235521/",
    "https://169.254.169.254/",
    "https://169.254.169.254./",
    "http://169.254.169.254/latest/meta-data/",
    "https://2852039166/",
    "https://0xa9fea9fe/",
    "https://0251.0376.0251.0376/",
    "https://169.254.43518/",
    "https://100.64.0.1/",
    "https://100.100.100.200/",
    "https://168.63.129.16/",
    "https://192.0.0.192/",
    "https://198.18.0.1/",
    "https://224.0.0.1/",
    "https://239.255.255.255/",
    "https://240.0.0.1/",
    "https://255.255.255.255/",
    "https://4294967295/",
    "https://8.8.8.8/",
    "https://1.1.1.1/",
    "https://134744072/",
    "https://256.256.256.256/",
    "https://1.2.3.4.5/",
    "https://0x100000000/",
    // IPv6 in every spelling
    "https://[::1]/",
    "https://[::1]:{p}/",
    "http://[::1]:{p}/",
    "https://[0:0:0:0:0:0:0:1]/",
    "https://[0000:0000:0000:0000:0000:0000:0000:0001]/",
    "https://[::]/",
    "https://[::]:{p}/",
    "https://[::0.0.0.1]/",
    "https://[::127.0.0.1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:127.0.0.1]:{p}/",
    "https://[::ffff:7f00:1]/",
    "https://[::FFFF:7F00:0001]/",
    "https://[0:0:0:0:0:ffff:127.0.0.1]/",
    "https://[64:ff9b::127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b:1::a00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[2002:a9fe:a9fe::1]/",
    "https://[2001:0:7f00:1::]/",
    "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/",
    "https://[febf::1]/",
    "https://[fc00::1]/",
    "https://[fd00::1]/",
    "https://[fd00:ec2::254]/",
    "https://[ff02::1]/",
    "https://[ff0e::1]/",
    "https://[2001:db8::1]/",
    "https://[3fff::1]/",
    "https://[100::1]/",
    "https://[5f00::1]/",
    "https://[2606:4700:4700::1111]/",
    "https://[2001:4860:4860::8888]/",
    "https://[fec0::1]/",
    "https://[2001:db8::5efe:127.0.0.1]/",
    // well-formed public names: the resolver of this test leads all of them to 127.0.0.1
    "https://shop.example/",
    "https://shop.example:443/",
    "HTTPS://SHOP.EXAMPLE/",
    "https://shop.example./",
    "https://127.0.0.1.nip.example/",
    "https://xn--fsqu00a.example/",
    "https://例子.example/",
    "https://a.b.c.d.e.example/produce?x=1",
    "https:shop.example/",
    "https:\\\\shop.example\\",
    "https:/shop.example/",
    " https://shop.example/ ",
    "https://shop.example\t/",
    "https://localhost.shop.example/",
];

#[tokio::test]
async fn no_spelling_of_an_inside_address_reaches_anything() {
    let canaries = ["127.0.0.1:0", "[::1]:0"].map(|address| TcpListener::bind(address).expect("loopback can be bound"));
    for canary in &canaries {
        canary.set_nonblocking(true).expect("a listener can be asked without waiting");
    }
    let client = client(Vec::new(), Ok(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]));
    assert!(REFUSED.len() >= 150, "{} spellings", REFUSED.len());
    for canary in &canaries {
        let port = canary.local_addr().expect("a bound listener has an address").port().to_string();
        for spelling in REFUSED {
            let url = spelling.replace("{p}", &port);
            let failure = client.send(call(&url)).await.expect_err(&url);
            assert_eq!(failure.class, FailureClass::RefusedByPolicy, "{url}: {failure}");
            assert!(!failure.detail.contains("127."), "{failure}");
        }
    }
    for canary in &canaries {
        assert!(canary.accept().is_err(), "somebody connected");
    }
}

#[tokio::test]
async fn a_name_is_refused_when_one_of_its_addresses_is() {
    let url = InterfaceUrl::parse("https://shop.example/", &[]).expect("a good address");
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

/// A name server that changes its mind with every question.
struct Rebinding(AtomicUsize);

#[async_trait]
impl Resolve for Rebinding {
    async fn addresses(&self, _: &str) -> Result<Vec<IpAddr>, ResolveFailure> {
        let good: IpAddr = "8.8.8.8".parse().expect("an address");
        Ok(if self.0.fetch_add(1, Ordering::Relaxed).is_multiple_of(2) {
            vec![good]
        } else {
            vec![Ipv4Addr::LOCALHOST.into()]
        })
    }
}

#[tokio::test]
async fn a_name_that_changes_its_mind_is_judged_at_each_call() {
    let url = InterfaceUrl::parse("https://shop.example/", &[]).expect("a good address");
    let resolver = Arc::new(Rebinding(AtomicUsize::new(0)));
    let client = GuardedClient::new(GuardPolicy::default(), Limits::default(), resolver.clone()).expect("a client");
    for question in 0..1_000 {
        let endpoints = client.endpoints(&url).await;
        assert_eq!(endpoints.is_ok(), question % 2 == 0, "{endpoints:?}");
        assert!(endpoints.into_iter().flatten().all(|endpoint| public(endpoint.ip())));
    }
    assert_eq!(resolver.0.load(Ordering::Relaxed), 1_000, "asked once for each call, never twice");
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

#[test]
fn an_open_endpoint_opens_nothing_beside_it_and_a_closed_range_closes() {
    let policy = GuardPolicy {
        open: vec!["127.0.0.1:9000".parse().expect("an endpoint")],
        closed: vec!["8.8.8.0/24".parse().expect("a range"), "2606:4700::/32".parse().expect("a range")],
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
