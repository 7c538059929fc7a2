//! Seeded lives of a whole marketplace under kill -9, with an independent auditor.
#![forbid(unsafe_code)]
