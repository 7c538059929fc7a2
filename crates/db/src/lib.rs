//! The storage engine: one API and one SQL text over SQLite and PostgreSQL. Knows no business.
#![forbid(unsafe_code)]
