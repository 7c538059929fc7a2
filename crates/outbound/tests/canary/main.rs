//! No call reaches an address inside, whatever a seller typed and whatever its name server says: listeners on 127.0.0.1, ::1 and
//! 169.254.169.254 count who comes, and nobody does (security.md, "Calls to seller-supplied URLs"). The resolver is the one of
//! production, asking a name server that lies.
//!
//! *Where.* `cargo xtask test` runs this in a network of its own, in which 169.254.169.254 and a public address are this machine's.
//! Run by `cargo test` alone, both are left out and named; nothing is sent to a network that is not ours.

mod listeners;
mod name_server;
mod spellings;

use std::net::{IpAddr, SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::selling::OpenEndpoint;
use listeners::{Canary, PUBLIC, PublicSeller};
use name_server::{MINDS, NameServer, Outcome};
use outbound::guard::{GuardPolicy, GuardedClient, Limits, Resolve, ResolveFailure, SystemResolver};
use ports::{FailureClass, LinkFailure, Method, OutgoingCall, SellerAnswer, SellerLink as _};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Calls to names that changed their mind.
const CALLS: usize = 1_000;
/// Calls under way at once.
const AT_ONCE: usize = 128;

/// The resolver of production that has never been asked before, at each call: the thirty seconds for which it remembers a name
/// would hide nearly every change of mind.
struct Forgetful(SocketAddr);

#[async_trait]
impl Resolve for Forgetful {
    async fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, ResolveFailure> {
        SystemResolver::asking(self.0).addresses(name).await
    }
}

fn client(open: Vec<OpenEndpoint>, resolver: impl Resolve + 'static) -> GuardedClient {
    let limits = Limits { connect: Duration::from_millis(500), ..Limits::default() };
    let policy = GuardPolicy::opening(open);
    GuardedClient::new(policy, limits, Arc::new(resolver)).expect("ring knows TLS 1.2 and 1.3")
}

async fn called(client: &GuardedClient, url: &str) -> Result<SellerAnswer, LinkFailure> {
    let body = br#"{"activity":"queryInstance"}"#.to_vec();
    client
        .send(OutgoingCall {
            method: Method::Post,
            url: url.to_owned(),
            headers: Vec::new(),
            body,
            deadline_ms: 10_000,
        })
        .await
}

#[tokio::test]
async fn no_spelling_of_an_inside_address_reaches_anything() {
    let _alone = listeners::alone();
    let (canary, server) = (Canary::listen(), NameServer::start());
    let client = client(Vec::new(), SystemResolver::asking(server.address));
    assert!(spellings::REFUSED.len() >= 150, "{} spellings", spellings::REFUSED.len());
    for spelling in spellings::REFUSED {
        let url = spelling.replace("{p}", &canary.port.to_string());
        let failure = called(&client, &url).await.expect_err(&url);
        assert_eq!(failure.class, FailureClass::RefusedByPolicy, "{url}: {failure}");
        assert!(!failure.detail.contains("127.") && !failure.detail.contains("169."), "{failure}");
    }
    assert_eq!(canary.reached(), [], "somebody connected");
    println!("{} spellings, 0 connections to {:?}", spellings::REFUSED.len(), canary.endpoints());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_changes_its_mind_reaches_nothing_in_a_thousand_calls() {
    let _alone = listeners::alone();
    let (canary, server, public) = (Canary::listen(), NameServer::start(), PublicSeller::listen());
    let client = Arc::new(client(Vec::new(), Forgetful(server.address)));
    let (places, mut calls) = (Arc::new(Semaphore::new(AT_ONCE)), JoinSet::new());
    for number in 0..CALLS {
        let (client, places, address) = (Arc::clone(&client), Arc::clone(&places), server.address);
        let first = public.is_some();
        calls.spawn(async move {
            let _place = places.acquire().await.expect("nobody closes it");
            let mind = &MINDS[number % MINDS.len()];
            let name = format!("{}.n{number}.changes.example", mind.0);
            let url = format!("https://{name}/produce");
            if first {
                let failure = called(&client, &url).await.expect_err("the public seller hangs up");
                use FailureClass::{ConnectFailed, ConnectTimedOut, TlsFailed};
                let reached = matches!(failure.class, TlsFailed | ConnectFailed | ConnectTimedOut);
                assert!(reached, "{name} was public when it was first asked for: {failure:?}");
            } else {
                let found = Forgetful(address).addresses(&name).await;
                assert_eq!(found, Ok(vec![PUBLIC.into()]), "{name} was public when it was first asked for");
            }
            let failure = called(&client, &url).await.expect_err(&name);
            let refused = failure.class == FailureClass::RefusedByPolicy;
            let unresolved = failure.class == FailureClass::NameNotResolved;
            assert!(refused || (unresolved && mind.2 == Outcome::RefusedOrUnresolved), "{name}: {failure:?}");
            (name, mind.2)
        });
    }
    while let Some(done) = calls.join_next().await {
        let (name, outcome) = done.expect("every call was refused");
        if outcome == Outcome::Refused {
            assert_eq!(
                server.asked(&name),
                (2, 2),
                "{name} is asked for once in each call, never again after it was judged"
            );
        }
    }
    assert_eq!(canary.reached(), [], "somebody connected");
    if let Some(public) = public {
        assert_eq!(public.count(), CALLS, "the calls before the change of mind arrived, each once");
    }
    println!("{CALLS} calls to names that changed their mind, 0 connections to {:?}", canary.endpoints());
}

#[tokio::test]
async fn a_name_without_a_time_to_live_is_asked_for_once_in_thirty_seconds() {
    let server = NameServer::start();
    let resolver = SystemResolver::asking(server.address);
    let name = "loopback.remembered.changes.example";
    for _ in 0..CALLS {
        assert_eq!(resolver.addresses(name).await, Ok(vec![PUBLIC.into()]), "its mind of thirty seconds ago");
    }
    // That a name has no address of the other family is not remembered: the server named no time for it.
    assert_eq!(server.asked(name).0, 1);
}

/// The control: the canary sees what comes, from anyone, from this client, and by way of that name server.
#[tokio::test]
async fn the_canary_counts_whoever_is_let_through() {
    let _alone = listeners::alone();
    let (canary, server) = (Canary::listen(), NameServer::start());
    for endpoint in canary.endpoints() {
        #[expect(clippy::disallowed_methods, reason = "not a call of the product: it shows that the canary counts")]
        let stream = TcpStream::connect(endpoint).expect("somebody listens");
        drop(stream);
        assert_eq!(canary.reached(), [endpoint]);
    }
    let open = canary.endpoints().iter().map(|endpoint| OpenEndpoint::new(endpoint.ip(), endpoint.port())).collect();
    let client = client(open, SystemResolver::asking(server.address));
    for endpoint in canary.endpoints() {
        called(&client, &format!("https://{endpoint}/")).await.expect_err("the canary says nothing");
        assert_eq!(canary.reached(), [endpoint], "an open endpoint is called");
    }
    for endpoint in canary.endpoints().into_iter().filter(|endpoint| endpoint.port() == 443) {
        let name = match endpoint.ip() {
            IpAddr::V6(_) => "only-loopback-v6.example",
            IpAddr::V4(ip) if ip.is_loopback() => "only-loopback.example",
            IpAddr::V4(_) => "only-secrets.example",
        };
        called(&client, &format!("https://{name}/")).await.expect_err("the canary says nothing");
        assert_eq!(canary.reached(), [endpoint], "{name} is called where it leads");
    }
}
