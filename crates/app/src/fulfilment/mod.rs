//! Use cases of fulfilment.

use crate::jobs::Handler;

/// What an operator chooses about fulfilment.
#[derive(Clone, Debug, Default)]
pub struct FulfilmentSettings {}

pub(crate) fn handlers() -> Vec<Box<dyn Handler>> {
    Vec::new()
}
