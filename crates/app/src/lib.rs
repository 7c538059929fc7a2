//! Use cases: one act, one file, one transaction; and the jobs that speak to the world afterwards.
#![forbid(unsafe_code)]
