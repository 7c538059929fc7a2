//! The pages, for people: one struct per page, templates, components, styles.
//!
//! `README.md` of this room says how to add a page. A page is a struct of plain values with a [`frame::PageFrame`]; it is
//! filled by a handler that called one use case. Nothing here reads the database or decides anything.
#![forbid(unsafe_code)]

pub mod assets;
pub mod form;
pub mod frame;
pub mod navigation;
pub mod parts;
pub mod render;
mod routes;
mod theme;

pub mod catalog;
pub mod developers;
pub mod errors;
pub mod help;
pub mod home;
pub mod identity;
mod metering;
pub mod notices;
pub mod operations;
pub mod ordering;
mod preferences;
pub mod selling;
pub mod storefront;

pub use routes::{problem_page, routes};
pub use theme::Theme;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod storefront_samples;
