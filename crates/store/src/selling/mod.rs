//! Tables of the selling context.
