//! The JSON API with OpenAPI, for programs.
#![forbid(unsafe_code)]
