//! The kit over TLS, with certificates made here: good, ended, ending soon, for another name, from an authority that is not trusted.

use conformance::kit::{self, Outcome, Protocol, Reached, Run};
use conformance::seller::{SellerConfig, TlsIdentity};
use koogallery::AccessKey;
use rcgen::{BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, date_time_ymd};

use super::bench::{Bench, KEY};

/// An authority of our own.
struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Authority {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "An authority for one test");
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Authority { pem, issuer: Issuer::new(params, key) }
    }

    /// A certificate for this name that ends on this day.
    fn certifies(&self, name: &str, until: (i32, u8, u8)) -> TlsIdentity {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(until.0, until.1, until.2);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        TlsIdentity::from_pem(certificate.pem().as_bytes(), key.serialize_pem().as_bytes()).unwrap()
    }
}

async fn seller(identity: TlsIdentity) -> Bench {
    let honest = SellerConfig::honest(AccessKey::parse(KEY).unwrap());
    Bench::of(SellerConfig { tls: Some(identity), ..honest }).await
}

fn connection(run: &Run) -> Vec<&'static str> {
    run.cases.first().unwrap().findings.iter().map(kit::Finding::code).collect()
}

const FAR: (i32, u8, u8) = (4000, 1, 1);

#[tokio::test]
async fn a_good_certificate_of_an_own_authority_passes_with_a_warning() {
    let authority = Authority::new();
    for protocol in [Protocol::V2, Protocol::V1] {
        let bench = seller(authority.certifies("127.0.0.1", FAR)).await;
        assert!(bench.handle.production_url().starts_with("https://127.0.0.1:"));
        let run = bench.protocol(protocol).trusting(authority.pem.clone()).run().await;
        assert!(run.passed(), "{}", kit::text(&run));
        assert_eq!(connection(&run), ["address_open", "tls_good", "certificate_of_own_authority"]);
    }
}

#[tokio::test]
async fn bad_certificates_are_refused_and_nothing_is_sent() {
    let authority = Authority::new();
    for (identity, trusted, reason) in [
        (authority.certifies("127.0.0.1", (2021, 1, 1)), true, "expired"),
        (authority.certifies("saas.example.com", FAR), true, "another name"),
        (authority.certifies("127.0.0.1", FAR), false, "authority"),
    ] {
        let mut bench = seller(identity).await;
        if trusted {
            bench = bench.trusting(authority.pem.clone());
        }
        let run = bench.run().await;
        assert_eq!(connection(&run), ["tls_failed"]);
        let said = run.cases[0].findings[0].message(koogallery::Language::English);
        assert!(said.contains(reason), "{reason}: {said}");
        assert!(!run.passed());
        assert_eq!(run.reached, Reached::Yes, "it was reached, and not trusted");
        assert!(bench.handle.calls().is_empty(), "nothing is sent to a system that is not trusted");
        assert!(run.cases.iter().skip(1).all(|case| case.outcome() == Outcome::Skip));
    }
}

#[tokio::test]
async fn a_certificate_that_ends_within_two_weeks_is_a_warning() {
    let authority = Authority::new();
    let soon = jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date() + jiff::Span::new().days(5);
    let until = (i32::from(soon.year()), soon.month().unsigned_abs(), soon.day().unsigned_abs());
    let run = seller(authority.certifies("127.0.0.1", until)).await.trusting(authority.pem.clone()).run().await;
    assert!(run.passed(), "{}", kit::text(&run));
    assert!(connection(&run).contains(&"certificate_ends_soon"), "{:?}", connection(&run));
}

#[tokio::test]
async fn a_plain_server_behind_an_https_address_is_told() {
    let bench = Bench::open("honest").await;
    let url = bench.handle.production_url().replace("http://", "https://");
    let run = super::bench::run_against(&url, |_| {}).await;
    assert_eq!(connection(&run), ["tls_failed"], "{}", kit::text(&run));
}

#[tokio::test]
async fn lies_are_found_over_tls_as_without() {
    let authority = Authority::new();
    for (behaviour, code) in
        [("broken-body", "connection_broken"), ("lost-answer", "connection_broken"), ("html", "content_type_wrong")]
    {
        let honest = SellerConfig::honest(AccessKey::parse(KEY).unwrap());
        let config = SellerConfig {
            tls: Some(authority.certifies("127.0.0.1", FAR)),
            plan: behaviour.parse().unwrap(),
            ..honest
        };
        let run = Bench::of(config).await.trusting(authority.pem.clone()).run().await;
        let failed = run.cases.iter().flat_map(|case| &case.findings).any(|finding| finding.code() == code);
        assert!(failed && !run.passed(), "{behaviour}: {}", kit::text(&run));
    }
}
