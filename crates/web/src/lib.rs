//! The pages, for people: one struct per page, templates, components, styles.
#![forbid(unsafe_code)]
