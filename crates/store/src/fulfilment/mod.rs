//! Tables of the fulfilment context.
