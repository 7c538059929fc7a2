//! Tables of licensing.

pub mod licences;
