//! Version 1.0 of the seller protocol, deprecated but still spoken (seller-protocol 4 and 6): calls by GET with an `authToken`, some
//! fields encrypted. The answers' `Body-Sign` is the one of [`crate::body_sign`], and mandatory here.

mod auth_token;
mod call;
mod diagnose;
mod examine;
pub mod field_cipher;

pub use auth_token::{auth_token, body_token, string_to_sign, verify_body_token};
pub use call::{
    Call, CallName, CallProblem, Parameter, SignedCall, V1Refusal, check_address, encoded, sent_parameters, sign,
    time_stamp, verify_call,
};
pub use diagnose::{TokenMistake, known_wrong};
pub use examine::{Examination, examine};
