//! What is true in a marketplace and who may say so: types, states and rules, with no input or output.
#![forbid(unsafe_code)]
