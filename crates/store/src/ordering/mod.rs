//! Tables of the ordering context.
