//! The lies that are told before a request is heard (reliability.md L-01 to L-12): nobody there, no name, no trust. Each through the real
//! guarded client and the call engine.
#![allow(clippy::disallowed_methods, reason = "servers of this test live beside it and end with it")]

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use app::{App, Parts};
use async_trait::async_trait;
use conformance::seller::{Seller, SellerConfig, TlsIdentity};
use domain::ordering::OrderState;
use domain::time::SignedDuration;
use koogallery::AccessKey;
use outbound::{GuardPolicy, GuardedClient, Limits, Resolve, ResolveFailure};
use ports::{LinkFailure, OutgoingCall, SellerAnswer, SellerLink};
use rcgen::{BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use testkit::{ACCESS_KEY, World, on_every_world};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::behaviours::{alarms, last_outcome, numbers};
use crate::story::Market;

on_every_world![a_seller_that_is_not_reached_or_not_trusted_is_classified_as_tabled];

/// One way not to be reached, with its number among the forty and the word that the attempt is kept under.
pub struct Connection {
    /// Which lie.
    pub lie: u8,
    way: Way,
    outcome: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Refused,
    NoSuchName,
    NameServersSilent,
    NeverConnected,
    Expired,
    OtherHost,
    SelfSigned,
    AlertFromOldTls,
    OldTlsOnly,
}

const fn connection(lie: u8, way: Way, outcome: &'static str) -> Connection {
    Connection { lie, way, outcome }
}

/// What the reference seller cannot play.
pub const CONNECTIONS: &[Connection] = &[
    connection(1, Way::Refused, "retry"),
    connection(2, Way::NoSuchName, "retry"),
    connection(3, Way::NameServersSilent, "retry"),
    connection(4, Way::NeverConnected, "retry"),
    connection(9, Way::Expired, "alarm"),
    connection(10, Way::OtherHost, "alarm"),
    connection(11, Way::SelfSigned, "alarm"),
    connection(12, Way::AlertFromOldTls, "alarm"),
    connection(12, Way::OldTlsOnly, "alarm"),
];

/// Leads calls wherever the row says.
#[derive(Default)]
struct Switch(Mutex<Option<(Arc<GuardedClient>, String)>>);

impl Switch {
    fn lead_to(&self, client: GuardedClient, url: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((Arc::new(client), url));
    }
}

#[async_trait]
impl SellerLink for Switch {
    async fn send(&self, call: OutgoingCall) -> Result<SellerAnswer, LinkFailure> {
        let lead = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (client, url) = lead.expect("every row leads somewhere");
        let query = call.url.split_once('?').map_or("", |(_, query)| query);
        client.send(OutgoingCall { url: format!("{url}?{query}"), ..call }).await
    }
}

/// Name servers that know nothing, or say nothing.
struct Names(ResolveFailure);

#[async_trait]
impl Resolve for Names {
    async fn addresses(&self, _: &str) -> Result<Vec<IpAddr>, ResolveFailure> {
        Err(self.0)
    }
}

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
        let key = KeyPair::generate().expect("a key");
        let pem = params.self_signed(&key).expect("a certificate").pem();
        Authority { pem, issuer: Issuer::new(params, key) }
    }

    fn certifies(&self, name: &str, until: i32) -> TlsIdentity {
        let mut params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        TlsIdentity::from_pem(certificate.pem().as_bytes(), key.serialize_pem().as_bytes()).expect("they fit")
    }
}

/// A certificate that vouches for itself.
fn self_signed() -> TlsIdentity {
    let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).expect("a name");
    let key = KeyPair::generate().expect("a key");
    let certificate = params.self_signed(&key).expect("a certificate");
    TlsIdentity::from_pem(certificate.pem().as_bytes(), key.serialize_pem().as_bytes()).expect("they fit")
}

/// A fatal alert that refuses the version of the hello, in a record of TLS 1.1.
const ALERT: [u8; 7] = [0x15, 0x03, 0x02, 0x00, 0x02, 0x02, 0x46];

/// A ServerHello that settles on TLS 1.1 with AES-128-CBC.
fn server_hello() -> Vec<u8> {
    let mut hello = vec![0x16, 0x03, 0x02, 0x00, 0x2a, 0x02, 0x00, 0x00, 0x26, 0x03, 0x02];
    hello.extend([0x5a; 32]);
    hello.extend([0x00, 0x00, 0x2f, 0x00]);
    hello
}

/// A server that answers every hello with these bytes.
async fn answers_hello(bytes: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut hello = [0; 1024];
            let _ = stream.read(&mut hello).await;
            let _ = stream.write_all(&bytes).await;
            let _ = stream.read(&mut hello).await;
        }
    });
    address.to_string()
}

/// A seller behind TLS with this identity; it serves until the test ends.
async fn over_tls(identity: TlsIdentity) -> String {
    let honest = SellerConfig::honest(AccessKey::parse(ACCESS_KEY).expect("a key"));
    let seller = Seller::bind(SellerConfig { tls: Some(identity), ..honest }).await.expect("a port is free");
    let address = seller.address();
    tokio::spawn(seller.run(std::future::pending()));
    address.to_string()
}

/// A port whose queue of connections is full: nobody answers there. What fills it comes with it. A queue of length 0 takes one
/// connection, and is full when the machine counts it as waiting.
async fn full() -> (String, TcpStream, TcpListener) {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind("127.0.0.1:0".parse().expect("an address")).expect("a port is free");
    let listener = socket.listen(0).expect("it listens");
    let address = listener.local_addr().expect("it is bound");
    let waiting = TcpStream::connect(address).await.expect("the first is taken");
    while waiting_at(address.port()) == 0 {
        tokio::task::yield_now().await;
    }
    (address.to_string(), waiting, listener)
}

/// How many connections wait to be accepted at a port that is listened at: the last number of `tx_queue:rx_queue` in Linux's table.
fn waiting_at(port: u16) -> u32 {
    let table = std::fs::read_to_string("/proc/net/tcp").expect("Linux has the table");
    let listening = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()).find(|row| {
        row.get(1).is_some_and(|local| local.ends_with(&format!(":{port:04X}"))) && row.get(3) == Some(&"0A")
    });
    let queues = listening.expect("somebody listens")[4];
    u32::from_str_radix(queues.split(':').nth(1).expect("two numbers"), 16).expect("a number")
}

fn client(open: &str, names: ResolveFailure, authority: Option<&Authority>) -> GuardedClient {
    let open = open.parse().map(|endpoint| vec![endpoint]).unwrap_or_default();
    let policy = GuardPolicy::opening(open);
    let limits = Limits { connect: Duration::from_millis(500), ..Limits::default() };
    let resolver = Arc::new(Names(names));
    match authority {
        Some(authority) => {
            GuardedClient::with_authorities(policy, limits, resolver, authority.pem.as_bytes()).expect("a client")
        }
        None => GuardedClient::new(policy, limits, resolver).expect("a client"),
    }
}

async fn a_seller_that_is_not_reached_or_not_trusted_is_classified_as_tabled(mut world: World) {
    let switch = Arc::new(Switch::default());
    let app = &world.app;
    world.app = App::new(Parts {
        store: app.store.clone(),
        clock: app.clock.clone(),
        chance: app.chance.clone(),
        vault: app.vault.clone(),
        seller_link: switch.clone(),
        reports: app.reports.clone(),
        mailer: app.mailer.clone(),
        search: app.search.clone(),
        settings: numbers(&world),
        job_bell: app.job_bell.clone(),
        password_pool: app.password_pool.clone(),
    });
    let market = Market::open(world, 1_000_000).await;
    let authority = Authority::new();
    let (full, waiting, listener) = full().await;
    let closed = TcpListener::bind("127.0.0.1:0").await.expect("a port is free").local_addr().expect("it is bound");
    for row in CONNECTIONS {
        let address = match row.way {
            Way::Refused => closed.to_string(),
            Way::NoSuchName | Way::NameServersSilent => "saas.example.com".to_owned(),
            Way::NeverConnected => full.clone(),
            Way::Expired => over_tls(authority.certifies("127.0.0.1", 2021)).await,
            Way::OtherHost => over_tls(authority.certifies("saas.example.com", 4000)).await,
            Way::SelfSigned => over_tls(self_signed()).await,
            Way::AlertFromOldTls => answers_hello(ALERT.to_vec()).await,
            Way::OldTlsOnly => answers_hello(server_hello()).await,
        };
        let names = match row.way {
            Way::NameServersSilent => ResolveFailure::NoAnswer,
            _ => ResolveFailure::NoAddress,
        };
        switch.lead_to(client(&address, names, Some(&authority)), format!("https://{address}/produce"));
        let before = alarms(&market).await;
        let order = market.order(&format!("{:?}", row.way)).await;
        market.world.settle().await;
        assert_eq!(last_outcome(&market, &order).await, row.outcome, "{:?}", row.way);
        market.world.live_through(SignedDuration::from_mins(200)).await;
        let details = market.creation(&order).await;
        assert!(matches!(market.state(&order).await, OrderState::Failed { .. }), "{:?}", row.way);
        assert_eq!(details.attempts.len(), 4, "{:?}: once an hour for three hours", row.way);
        assert_eq!(alarms(&market).await > before, row.outcome == "alarm", "{:?}", row.way);
        let answered = details.attempts.iter().filter_map(|kept| kept.attempt.finished.as_ref()?.answer.as_ref());
        assert_eq!(answered.count(), 0, "{:?}: nobody was heard", row.way);
    }
    market.ledger_balances(0).await;
    drop((waiting, listener));
}
