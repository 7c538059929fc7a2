//! The fulfilment context.
