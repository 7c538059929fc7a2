//! The product index behind the SearchIndex port: words and CJK bigrams on tantivy.
#![forbid(unsafe_code)]
