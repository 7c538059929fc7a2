//! The workshop: what a developer and the build server run.
#![forbid(unsafe_code)]
fn main() {}
