//! What is true in a marketplace, and who may say so.
//!
//! Ring 1: synchronous, no input or output, no clock, no randomness, no floats. Time comes in as an argument, chance
//! as bytes. The kernel modules (`ids`, `money`, `quantity`, `time`, `text`, `outcome`) belong to nobody and are used
//! by every context; between the contexts only the arrows of `ARCHITECTURE.md` are allowed.
//!
//! *What is not here.* SQL (`store`), acts of a user (`app`), what goes over the wire to sellers (`koogallery`).
#![forbid(unsafe_code)]

pub mod ids;
pub mod mention;
pub mod money;
pub mod outcome;
pub mod quantity;
pub mod text;
pub mod time;

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
