//! What the tests of the kit stand on: a reference seller whose waits are shortened, and runs against it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use conformance::kit::{self, Billing, KitLimits, Loopback, Protocol, Run, Setup, Target};
use conformance::seller::{Seller, SellerConfig, SellerHandle, SellerWorld, SystemWorld};
use koogallery::AccessKey;
use outbound::{GuardedClient, Limits, SystemResolver};

/// The key that both sides share.
pub const KEY: &str = "kg-test-access-key-0001";

/// As the machine, but every wait is a quarter.
pub struct HastyWorld;

impl SellerWorld for HastyWorld {
    fn now_ms(&self) -> i64 {
        SystemWorld.now_ms()
    }
    fn fill_random(&self, bytes: &mut [u8]) {
        SystemWorld.fill_random(bytes);
    }
    fn pause(&self, ms: u64) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(Duration::from_millis(ms / 4)))
    }
}

/// Limits that fit the shortened waits: `slow` answers after 1.5 s, `late` after 6.25 s.
pub const HASTY: KitLimits = KitLimits { call_ms: 4_000, advised_ms: 1_000, total_ms: 60_000, query_pause_ms: 100 };

/// A running seller and how it is to be tried.
pub struct Bench {
    pub handle: SellerHandle,
    setup: Setup,
    authority: Option<String>,
    _stop: tokio::sync::oneshot::Sender<()>,
}

impl Bench {
    /// A seller with this plan.
    pub async fn open(plan: &str) -> Bench {
        let config = SellerConfig {
            plan: plan.parse().unwrap(),
            world: Arc::new(HastyWorld),
            ..SellerConfig::honest(AccessKey::parse(KEY).unwrap())
        };
        Bench::of(config).await
    }

    /// A seller set up so.
    pub async fn of(config: SellerConfig) -> Bench {
        let seller = Seller::bind(config).await.unwrap();
        let handle = seller.handle();
        let setup = setup(&seller.production_url());
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        tokio::spawn(async move {
            seller
                .run(async move {
                    let _ended = stopped.await;
                })
                .await
        });
        Bench { handle, setup, authority: None, _stop: stop }
    }

    pub fn billing(mut self, billing: Billing) -> Bench {
        self.setup.billing = billing;
        self
    }

    pub fn protocol(mut self, protocol: Protocol) -> Bench {
        self.setup.protocol = protocol;
        self
    }

    pub fn only(mut self, activity: &str) -> Bench {
        self.setup.activities = vec![activity.to_owned()];
        self
    }

    pub fn orders(mut self, orders: &[&str]) -> Bench {
        self.setup.orders = orders.iter().map(|order| (*order).to_owned()).collect();
        self
    }

    pub fn total_ms(mut self, total_ms: u64) -> Bench {
        self.setup.limits.total_ms = total_ms;
        self
    }

    pub async fn run(&self) -> Run {
        let target = Target::parse(&self.setup.address, Loopback::Allowed).unwrap();
        let (policy, limits, resolver) = (target.policy(), Limits::default(), Arc::new(SystemResolver::new()));
        let client = match &self.authority {
            None => GuardedClient::new(policy, limits, resolver).unwrap(),
            Some(pem) => GuardedClient::with_authorities(policy, limits, resolver, pem.as_bytes()).unwrap(),
        };
        kit::run(&self.setup, &client, &HastyWorld).await
    }

    /// Trusts this authority beside the machine's.
    pub fn trusting(mut self, pem: String) -> Bench {
        self.authority = Some(pem);
        self
    }
}

fn setup(address: &str) -> Setup {
    Setup {
        address: address.to_owned(),
        key: AccessKey::parse(KEY).unwrap(),
        protocol: Protocol::V2,
        billing: Billing::Period,
        activities: Vec::new(),
        orders: Vec::new(),
        limits: HASTY,
    }
}

/// A run against any address on this machine.
pub async fn run_against(address: &str, change: impl FnOnce(&mut Setup)) -> Run {
    let target = Target::parse(address, Loopback::Allowed).unwrap();
    let mut setup = setup(target.address());
    change(&mut setup);
    let client = GuardedClient::new(target.policy(), Limits::default(), Arc::new(SystemResolver::new())).unwrap();
    kit::run(&setup, &client, &HastyWorld).await
}
