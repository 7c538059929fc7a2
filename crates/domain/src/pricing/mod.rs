//! What a specification costs, and what one purchase of it comes to.
//!
//! *What is not here.* Which specification a product has (`catalog`), who signs a quote (`app::pricing`), what is booked
//! when it is paid (`ledger`).

mod price;
mod quote;

pub use price::{BillingMode, PriceError, Prices};
pub use quote::{NextCharge, Purchase, Quote, QuoteError, QuoteRequest, TrialDays, end_of_periods, quote};
