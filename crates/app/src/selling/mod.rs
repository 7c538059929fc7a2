//! Use cases of selling.

use crate::jobs::Handler;

/// What an operator chooses about selling.
#[derive(Clone, Debug, Default)]
pub struct SellingSettings {}

pub(crate) fn handlers() -> Vec<Box<dyn Handler>> {
    Vec::new()
}
