//! `souk bench`: what this machine does per second. Figures are printed, never asserted.

pub mod storage;
