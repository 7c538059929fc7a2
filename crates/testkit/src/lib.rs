//! The test world: frozen clock, seeded chance, fake seller and mail, both engines in turn.
//!
//! Tests of use cases are written once as `async fn name(world: World)` and listed in [`on_every_world!`].
#![forbid(unsafe_code)]

mod chance;
mod clock;
pub mod dump;
mod mailbox;
mod market;
mod papers;
pub mod people;
mod products;
mod reports;
mod seller;
pub mod signer;
pub mod stores;
pub mod things;
mod world;

/// The storage engine, for tests that look at rows.
pub use db;

pub use chance::SeededChance;
pub use clock::TestClock;
pub use mailbox::Mailbox;
pub use market::{ACCESS_KEY, Offering, usd};
pub use papers::{LICENCE_PDF, LICENCE_PNG, LOGO_PNG};
pub use people::Person;
pub use products::{ListedProduct, long_text};
pub use reports::signed_report;
pub use seller::ScriptedSeller;
pub use things::honest;
pub use world::World;

/// Runs each test twice, in a [`World`] on SQLite and in one on PostgreSQL: `on_every_world![an_order_is_paid];` for
/// `async fn an_order_is_paid(world: World)`. Once per module.
#[macro_export]
macro_rules! on_every_world {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $test() {
                    super::$test($crate::World::over($crate::stores::fresh_sqlite().await).await).await;
                }
            )+
        }
        mod postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $test() {
                    super::$test($crate::World::over($crate::stores::fresh_postgres().await).await).await;
                }
            )+
        }
    };
}
