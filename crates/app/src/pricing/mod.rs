//! Prices that the marketplace keeps for some minutes.

mod quotes;

pub use quotes::{RenewedQuote, SealedQuote, make_quote, open_quote, renew_quote};
