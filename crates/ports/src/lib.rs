//! What the product needs from the world, as object-safe traits. The promise of each method is its doc comment.
#![forbid(unsafe_code)]
