//! Use cases of ordering.

use crate::jobs::Handler;

/// What an operator chooses about ordering.
#[derive(Clone, Debug, Default)]
pub struct OrderingSettings {}

pub(crate) fn handlers() -> Vec<Box<dyn Handler>> {
    Vec::new()
}
