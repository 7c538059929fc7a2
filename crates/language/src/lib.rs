//! Every sentence the marketplace says, in English and Simplified Chinese, and how dates, numbers and money are written.
//!
//! Texts stand in `texts/en/*.ftl` and `texts/zh/*.ftl`, one pair of files per slice. Each message becomes a method of
//! [`Words`]: `order-paid` is `words.order_paid(amount)`. A key or argument that only one language has fails the build.
//!
//! Not here: who reads which language (identity), and where the sentences stand on a page (web).
#![forbid(unsafe_code)]

mod agreements;
mod format;
mod report;
mod tongue;
mod words;

pub use agreements::agreement;
pub use domain::text::Language;
pub use tongue::{from_accept_language, from_tag, own_name};
pub use words::{Argument, KEYS, Words};
