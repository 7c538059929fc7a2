//! The test world: frozen clock, seeded chance, fake seller and mail, both engines in turn.
#![forbid(unsafe_code)]

pub mod stores;
