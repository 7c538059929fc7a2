//! Tables of the selling context: applications, addresses, debugging cases and runs.

pub mod addresses;
pub mod applications;
pub mod cases;
pub mod dial_tests;
pub mod failed_orders;
pub mod keys;
pub mod licences;
pub mod proofs;
pub mod runs;
