//! Plays the marketplace towards a seller, and plays the seller: the reference production system and the lying one.
#![forbid(unsafe_code)]
