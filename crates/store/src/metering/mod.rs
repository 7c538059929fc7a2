//! Tables of metering.

pub mod usage_records;
