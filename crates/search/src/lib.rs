//! The product index behind the SearchIndex port: words and CJK bigrams on tantivy, facets in memory.
//!
//! *How it works.* tantivy answers which products match the words, and how well, as slots. A slot leads to the card
//! and the facets of a product, which are kept in memory ([`shelf`]); counting and sorting happen there, in one pass.
//! Without words tantivy is not asked at all.
//!
//! *What is not here.* Where products come from (`app::catalog` feeds the index) and how results look.
#![forbid(unsafe_code)]

mod index;
mod query;
mod shelf;
mod tokens;

pub use index::ProductIndex;

/// An empty index in memory.
pub fn index() -> Result<ProductIndex, ports::SearchFailure> {
    ProductIndex::in_memory()
}
