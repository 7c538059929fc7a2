//! The product index. A slot: the catalogue fills in the queries and answers.

/// Finds products by words and facets.
pub trait SearchIndex: Send + Sync {}
