//! What the demo market is filled with: invented sellers and products in two languages, and logos drawn by program.
//!
//! Not here: putting them into a market. That goes through the same use cases that people use.
#![expect(dead_code, reason = "the command that fills a demo market is not wired yet")]

pub mod catalogue;
pub mod logo;
