//! What pages and API share: request ids, sessions, the authorisation table, problems, headers, limits.
#![forbid(unsafe_code)]
