//! The numbers and names that an operator chooses, with the reference values of functions.md 13 as defaults.
//!
//! One struct per concern; each slice adds its own. `souk` reads them from one TOML file, the environment and flags.

use domain::money::Currency;
use domain::time::SignedDuration;

/// Everything that can be set.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Who runs this marketplace and where it is reached.
    pub site: Site,
    /// How jobs are run.
    pub jobs: Jobs,
    /// Sign-in and sessions.
    pub identity: crate::identity::IdentitySettings,
    /// Seller applications and the debugger.
    pub selling: crate::selling::SellingSettings,
    /// Products, review, quotes.
    pub catalog: crate::catalog::CatalogSettings,
    /// Orders and payment.
    pub ordering: crate::ordering::OrderingSettings,
    /// Calls to sellers.
    pub fulfilment: crate::fulfilment::FulfilmentSettings,
}

/// Who runs this marketplace and where it is reached.
#[derive(Clone, Debug)]
pub struct Site {
    /// The marketplace's name in the footer and in e-mails.
    pub name: String,
    /// The address that people type, without a slash at the end; https decides about cookies.
    pub public_url: String,
    /// Prices, balances and settlement are in this currency.
    pub currency: Currency,
    /// The sender of e-mails.
    pub mail_from: String,
    /// Where people write for help.
    pub support_email: String,
}

impl Site {
    /// Whether people reach the marketplace over TLS; decides about `Secure` cookies and HSTS.
    pub fn https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

impl Default for Site {
    fn default() -> Site {
        Site {
            name: "Souk".to_owned(),
            public_url: "http://127.0.0.1:8080".to_owned(),
            currency: Currency::USD,
            mail_from: "souk@localhost.localdomain".to_owned(),
            support_email: "help@localhost.localdomain".to_owned(),
        }
    }
}

/// How jobs are run (reliability.md, "Numbers for the call engine").
#[derive(Clone, Debug)]
pub struct Jobs {
    /// How long a worker may be silent before another takes over.
    pub lease: SignedDuration,
    /// How many jobs run at once in one process.
    pub at_once: u32,
    /// How many jobs of one lane run at once: one seller cannot take all workers.
    pub per_lane: u32,
    /// How many jobs of one crowd run at once: tests of sellers' systems, however many are down, leave workers for orders.
    pub per_crowd: u32,
    /// After so many crashed attempts in a row a job is set aside for a person.
    pub crashes_before_parking: u32,
    /// How often the tables are asked when nothing rings.
    pub poll_every: SignedDuration,
}

impl Default for Jobs {
    fn default() -> Jobs {
        Jobs {
            lease: SignedDuration::from_secs(30),
            at_once: 32,
            per_lane: 4,
            per_crowd: 8,
            crashes_before_parking: 5,
            poll_every: SignedDuration::from_millis(500),
        }
    }
}
