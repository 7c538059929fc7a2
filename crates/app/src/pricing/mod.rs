//! Use cases of pricing.
