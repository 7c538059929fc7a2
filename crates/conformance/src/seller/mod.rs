//! The reference production system (seller-protocol 3), as a real seller would run it, and as a bad one would.
//!
//! *Who is who.* [`Seller`] owns the listening socket. A [`SellerHandle`] looks in from outside: which accounts exist, which calls were
//! heard, how to behave from now on. A [`Behaviour`] is one way to answer, honest or not; a [`Plan`] says which one when.
//!
//! *What is promised.* An answer leaves only after what it says is in the state file. A call repeated with the same order
//! and order line creates nothing new, also after a restart.
//!
//! *What is not here.* The upload of online licences, whose address no page tells; single sign-on of joint operations.

mod accounts;
mod behaviour;
mod distort;
mod journal;
mod keys;
mod line;
mod pages;
mod production;
mod site;
mod sync;
mod tls;
mod version_one;
mod world;

use std::collections::{BTreeSet, HashMap};
use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use koogallery::AccessKey;
use koogallery::v1::field_cipher::EncryptType;
use koogallery::v2::RecentNonces;

pub use accounts::{Account, Effect, Standing};
pub use behaviour::{Behaviour, Plan, PlanError, Rule, behaviours};
pub use journal::HeardCall;
pub use keys::{KeyRing, KeyRingError};
pub use tls::{TlsError, TlsIdentity};
pub use world::{SellerWorld, SystemWorld};

use accounts::Accounts;
use journal::Journal;
use line::LineListener;

/// Which versions of the protocol a seller understands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spoken {
    /// 1.0, by GET.
    V1,
    /// 2.0, by POST.
    V2,
    /// Both, told apart by the method.
    #[default]
    Both,
}

impl std::str::FromStr for Spoken {
    type Err = UnknownSpoken;
    fn from_str(text: &str) -> Result<Spoken, UnknownSpoken> {
        match text {
            "v1" => Ok(Spoken::V1),
            "v2" => Ok(Spoken::V2),
            "both" => Ok(Spoken::Both),
            _ => Err(UnknownSpoken),
        }
    }
}

/// A word that names no version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("use v1, v2 or both")]
pub struct UnknownSpoken;

/// How a reference seller is set up.
pub struct SellerConfig {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Which versions of the protocol it understands.
    pub spoken: Spoken,
    /// With which size of key it encrypts and expects to be encrypted for, in version 1.0.
    pub encrypt_type: EncryptType,
    /// Certificate and key for TLS; without them it speaks plain HTTP.
    pub tls: Option<TlsIdentity>,
    /// The keys bound to the production addresses.
    pub keys: KeyRing,
    /// A file whose text replaces `keys` while the seller runs; read again before every call. Absent or empty: `keys` holds.
    pub key_file: Option<PathBuf>,
    /// How to behave.
    pub plan: Plan,
    /// A file whose text replaces the plan while the seller runs; read again before every call. Absent or empty: `plan` holds.
    pub behaviour_file: Option<PathBuf>,
    /// Where accounts are kept; the calls heard go to the same name with `.calls` added. Without it a restart forgets everything.
    pub state_file: Option<PathBuf>,
    /// Where files for the root of the site lie, such as a marketplace's proof of the domain; read at each request.
    pub site_folder: Option<PathBuf>,
    /// What customers put in front of `/app/…`, e.g. `https://apps.example.com`. Without it: the bound address.
    pub public_url: Option<String>,
    /// The product's name on its pages.
    pub product_name: String,
    /// Time and chance.
    pub world: Arc<dyn SellerWorld>,
}

impl SellerConfig {
    /// An honest seller on a free loopback port that forgets everything.
    pub fn honest(key: AccessKey) -> SellerConfig {
        SellerConfig {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            spoken: Spoken::Both,
            encrypt_type: EncryptType::default(),
            tls: None,
            keys: KeyRing::of(key),
            key_file: None,
            plan: Plan::default(),
            behaviour_file: None,
            state_file: None,
            site_folder: None,
            public_url: None,
            product_name: "Granary".into(),
            world: Arc::new(SystemWorld),
        }
    }
}

/// Why a seller cannot start or go on.
#[derive(Debug, thiserror::Error)]
pub enum SellerError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The state file cannot be read or written.
    #[error("cannot use the state file {}: {source}", path.display())]
    State {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The server stopped.
    #[error("the server stopped: {0}")]
    Serve(std::io::Error),
}

/// What every call and page works with.
pub(crate) struct Shop {
    pub(crate) public_url: String,
    pub(crate) product_name: String,
    pub(crate) world: Arc<dyn SellerWorld>,
    pub(crate) spoken: Spoken,
    pub(crate) encrypt_type: EncryptType,
    key_file: Option<PathBuf>,
    pub(crate) site_folder: Option<PathBuf>,
    behaviour_file: Option<PathBuf>,
    inside: Mutex<Inside>,
}

/// What changes, all under one lock: a call is decided and written down before the next is heard.
pub(crate) struct Inside {
    pub(crate) accounts: Accounts,
    pub(crate) journal: Journal,
    pub(crate) nonces: RecentNonces,
    pub(crate) plan: Plan,
    pub(crate) keys: KeyRing,
    /// Accounts that changed but could not be written yet.
    pub(crate) unwritten: BTreeSet<String>,
    /// Who is signed in on the pages: session to instance.
    pub(crate) sessions: HashMap<String, String>,
    /// The plan of the configuration, which holds while the behaviour file is empty.
    configured: Plan,
    file_text: Option<String>,
    /// The keys of the configuration, which hold while the key file is empty.
    configured_keys: KeyRing,
    key_text: Option<String>,
}

impl Shop {
    /// The lock. A panic while it was held cannot leave half a change: accounts are changed by whole values.
    pub(crate) fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes over what the behaviour file says, if it says something new.
    pub(crate) fn reread_plan(&self) {
        let Some(path) = &self.behaviour_file else { return };
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let mut inside = self.inside();
        if inside.file_text.as_deref() == Some(text.as_str()) {
            return;
        }
        inside.plan = if text.trim().is_empty() {
            inside.configured.clone()
        } else {
            Plan::parse(&text).unwrap_or_else(|error| {
                tracing::warn!(error = %error, "The behaviour file cannot be read; behaving as before: {error}");
                inside.plan.clone()
            })
        };
        inside.file_text = Some(text);
    }

    /// Takes over what the key file says, if it says something new. A file that cannot be read as keys changes nothing:
    /// it may be half written.
    pub(crate) fn reread_keys(&self) {
        let Some(path) = &self.key_file else { return };
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let mut inside = self.inside();
        if inside.key_text.as_deref() == Some(text.as_str()) {
            return;
        }
        match KeyRing::parse(&text) {
            Ok(keys) if keys.is_empty() => inside.keys = inside.configured_keys.clone(),
            Ok(keys) => inside.keys = keys,
            Err(error) => {
                tracing::warn!(error = %error, "The key file cannot be read; the keys stay as before: {error}")
            }
        }
        inside.key_text = Some(text);
    }
}

/// A reference seller that listens, but does not answer yet.
pub struct Seller {
    listener: LineListener,
    address: SocketAddr,
    scheme: &'static str,
    shop: Arc<Shop>,
}

/// A look into a running seller. Cheap to clone.
#[derive(Clone)]
pub struct SellerHandle {
    address: SocketAddr,
    scheme: &'static str,
    shop: Arc<Shop>,
}

impl Seller {
    /// Reads the state file and binds the address.
    pub async fn bind(config: SellerConfig) -> Result<Seller, SellerError> {
        let (journal, accounts) = Journal::open(config.state_file.as_deref())?;
        let listener = tokio::net::TcpListener::bind(config.listen).await;
        let bound = listener.and_then(|listener| listener.local_addr().map(|address| (listener, address)));
        let (listener, address) = bound.map_err(|source| SellerError::Listen { address: config.listen, source })?;
        let scheme = if config.tls.is_some() { "https" } else { "http" };
        let public_url = config.public_url.unwrap_or_else(|| format!("{scheme}://{address}"));
        let inside = Inside {
            accounts,
            journal,
            nonces: RecentNonces::default(),
            plan: config.plan.clone(),
            configured: config.plan,
            file_text: None,
            keys: config.keys.clone(),
            configured_keys: config.keys,
            key_text: None,
            unwritten: BTreeSet::new(),
            sessions: HashMap::new(),
        };
        let shop = Arc::new(Shop {
            public_url: public_url.trim_end_matches('/').to_owned(),
            product_name: config.product_name,
            world: config.world,
            spoken: config.spoken,
            encrypt_type: config.encrypt_type,
            key_file: config.key_file,
            site_folder: config.site_folder,
            behaviour_file: config.behaviour_file,
            inside: Mutex::new(inside),
        });
        let acceptor = config.tls.map(TlsIdentity::into_acceptor);
        Ok(Seller { listener: LineListener::new(listener, acceptor, Arc::clone(&shop)), address, scheme, shop })
    }

    /// The address that is listened on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A production address for this seller. Any other path would do.
    pub fn production_url(&self) -> String {
        format!("{}://{}/produce", self.scheme, self.address)
    }

    /// A look inside, for tests and for changing the behaviour.
    pub fn handle(&self) -> SellerHandle {
        SellerHandle { address: self.address, scheme: self.scheme, shop: Arc::clone(&self.shop) }
    }

    /// Answers until `shutdown` is done, then gives open calls a second.
    pub async fn run(self, shutdown: impl Future<Output = ()> + Send + 'static) -> Result<(), SellerError> {
        let world = Arc::clone(&self.shop.world);
        let first = axum::middleware::from_fn_with_state(Arc::clone(&self.shop), production::hear_version_one);
        let site = axum::middleware::from_fn_with_state(Arc::clone(&self.shop), site::serve);
        let routes: Router = pages::routes().fallback(production::hear).layer(first).layer(site).with_state(self.shop);
        let service = routes.into_make_service_with_connect_info::<line::Cut>();
        let (stop, stopped) = tokio::sync::watch::channel(());
        let mut again = stopped.clone();
        let graceful = async move {
            shutdown.await;
            drop(stop);
        };
        let server = axum::serve(self.listener, service).with_graceful_shutdown(graceful);
        // A call that is never answered must not keep the process alive.
        let cut_off = async move {
            let _closed = again.changed().await;
            world.pause(1_000).await;
        };
        tokio::select! {
            ended = async { server.await } => ended.map_err(SellerError::Serve),
            () = cut_off => Ok(()),
        }
    }
}

impl SellerHandle {
    /// A production address for this seller. Any other path would do.
    pub fn production_url(&self) -> String {
        format!("{}://{}/produce", self.scheme, self.address)
    }

    /// Behaves otherwise from the next call on.
    pub fn behave(&self, plan: Plan) {
        self.shop.inside().plan = plan;
    }

    /// Every call heard since the start, refused ones as well, in order.
    pub fn calls(&self) -> Vec<HeardCall> {
        self.shop.inside().journal.calls().to_vec()
    }

    /// Every account, by instance id.
    pub fn accounts(&self) -> Vec<Account> {
        self.shop.inside().accounts.iter().cloned().collect()
    }
}

/// Binds and answers until `shutdown` is done: the whole of `souk seller`.
pub async fn serve(
    config: SellerConfig,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), SellerError> {
    let seller = Seller::bind(config).await?;
    tracing::info!(address = %seller.address, "The reference seller listens; its production address is {}", seller.production_url());
    seller.run(shutdown).await
}
