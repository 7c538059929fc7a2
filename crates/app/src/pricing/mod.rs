//! Prices that the marketplace keeps for some minutes.

mod quotes;

pub use quotes::{SealedQuote, make_quote, open_quote};
