//! One marketplace for one test.

use std::sync::Arc;

use app::jobs::{Bell, Runner};
use app::{App, Parts, Settings, Vault};
use domain::time::SignedDuration;
use ports::{Chance, Clock as _};
use store::Store;

use crate::stores::Fresh;
use crate::{Mailbox, ScriptedSeller, SeededChance, TestClock};

/// A marketplace with a clock that stands still, and a seller and a mail server that do as the test says.
pub struct World {
    /// The use cases.
    pub app: App,
    /// The clock.
    pub clock: Arc<TestClock>,
    /// Chance, which may be arranged.
    pub chance: Arc<SeededChance>,
    /// The mail server.
    pub mail: Arc<Mailbox>,
    /// Every seller's system.
    pub seller: Arc<ScriptedSeller>,
    fresh: Fresh,
}

impl World {
    /// A world over a fresh database, with the settings of the reference.
    pub async fn over(fresh: Fresh) -> World {
        World::with(fresh, Settings::default()).await
    }

    /// A world with other settings.
    pub async fn with(fresh: Fresh, settings: Settings) -> World {
        let store = Store::over(fresh.db.clone()).await.expect("the migrations run on an empty database");
        let clock = Arc::new(TestClock::new());
        let seeded = Arc::new(SeededChance::new(1));
        let chance: Arc<dyn Chance> = seeded.clone();
        let mail = Arc::new(Mailbox::default());
        let seller = Arc::new(ScriptedSeller::default());
        let app = App::new(Parts {
            store,
            clock: clock.clone(),
            vault: Vault::new(&[7; 32], chance.clone()),
            chance,
            seller_link: seller.clone(),
            reports: Arc::new(conformance::kit::KitReports),
            mailer: mail.clone(),
            search: Arc::new(search::index().expect("an index in memory can be made")),
            settings,
            job_bell: Bell::new(),
            password_pool: app::identity::PasswordPool::new(app::identity::PasswordCost::LEAST_FOR_TESTS),
        });
        World { app, clock, chance: seeded, mail, seller, fresh }
    }

    /// The database underneath, for tests that look at rows or break things.
    pub fn database(&self) -> &Fresh {
        &self.fresh
    }

    /// Runs jobs until none is due at the present instant; says how many ran.
    pub async fn settle(&self) -> u32 {
        Runner::new(self.app.clone()).settle().await.expect("jobs can be leased")
    }

    /// Moves the clock, then runs what has become due.
    pub async fn advance(&self, by: SignedDuration) -> u32 {
        self.clock.advance(by);
        self.settle().await
    }

    /// Runs jobs, moving the clock from one due time to the next, until nothing is due within `within`; the clock
    /// stands at the end of that span afterwards.
    pub async fn live_through(&self, within: SignedDuration) -> u32 {
        let end = self.clock.now() + within;
        let runner = Runner::new(self.app.clone());
        let mut ran = 0;
        loop {
            ran += runner.settle().await.expect("jobs can be leased");
            match runner.next_due().await.expect("jobs can be read") {
                Some(due) if due <= end => self.clock.move_to(due),
                Some(_) | None => break,
            }
        }
        self.clock.move_to(end);
        ran
    }
}
