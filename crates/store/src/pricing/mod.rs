//! Tables of the pricing context.
