//! The one binary: configuration, wiring, commands.
#![forbid(unsafe_code)]

mod demo;

fn main() {}
