//! Use cases: one act, one file, one transaction; and the jobs that speak to the world afterwards.
//!
//! A use case asks the actor first, decides with `domain`, writes rows, events and jobs in one transaction, and
//! answers with domain types. Nothing leaves before commit: mail and calls to sellers are jobs. Pages, API, commands
//! and jobs all come through here, so that an act exists once.
//!
//! *What is not here.* SQL (`store`), HTTP (`http-kit`, `api`, `web`), sentences (`language`).
#![forbid(unsafe_code)]

mod error;
pub mod events;
pub mod idempotency;
pub mod jobs;
pub mod notices;
pub mod open_apis;
pub mod operations;
mod pictures;
pub mod settings;
pub mod vault;

pub mod audit;
pub mod catalog;
pub mod fulfilment;
pub mod identity;
pub mod ledger;
pub mod licensing;
pub mod metering;
pub mod ordering;
pub mod pricing;
pub mod selling;

use std::ops::Deref;
use std::sync::Arc;

use domain::ids::Id;
use domain::time::{Timestamp, whole_millisecond};
use ports::{Chance, Clock, Mailer, ReportReader, SearchIndex, SellerLink};
use store::Store;

pub use error::AppError;
pub use ports::{
    FacetCounts, Matching, PriceBand, PriceFrom, ProductCard, SearchAnswer, SearchRequest, Sort, Suggestion,
    TrialFilter,
};
pub use settings::Settings;
pub use vault::Vault;

/// What a marketplace is made of: its tables, its clock and chance, its ways to the world, its settings.
pub struct Parts {
    /// The tables.
    pub store: Store,
    /// What time it is here; a sandbox has its own.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub chance: Arc<dyn Chance>,
    /// Seals what must not lie open.
    pub vault: Vault,
    /// Calls to sellers' systems.
    pub seller_link: Arc<dyn SellerLink>,
    /// Reports of the debugging kit.
    pub reports: Arc<dyn ReportReader>,
    /// E-mail.
    pub mailer: Arc<dyn Mailer>,
    /// The product index.
    pub search: Arc<dyn SearchIndex>,
    /// The numbers and names that an operator chooses.
    pub settings: Settings,
    /// Wakes the job runner of this process after a commit.
    pub job_bell: jobs::Bell,
    /// Argon2 work, bounded.
    pub password_pool: identity::PasswordPool,
}

/// One marketplace, as its use cases see it. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> App {
        App(Arc::new(parts))
    }

    /// The present instant, in whole milliseconds.
    pub fn now(&self) -> Timestamp {
        whole_millisecond(self.clock.now())
    }

    /// A new id.
    pub fn id<T: Id>(&self) -> T {
        T::make(self.now(), self.random())
    }

    /// `N` random bytes.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.chance.fill(&mut bytes);
        bytes
    }
}
