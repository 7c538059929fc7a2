//! Version 1.0 of the seller protocol, deprecated but still spoken (seller-protocol 4 and 6).

pub mod field_cipher;
