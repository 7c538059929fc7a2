//! Use cases of catalog.

use crate::jobs::Handler;

/// What an operator chooses about catalog.
#[derive(Clone, Debug, Default)]
pub struct CatalogSettings {}

pub(crate) fn handlers() -> Vec<Box<dyn Handler>> {
    Vec::new()
}
