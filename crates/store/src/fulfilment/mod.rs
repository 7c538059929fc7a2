//! Tables of the fulfilment context.

pub mod attempts;
pub mod breakers;
pub mod calls;
