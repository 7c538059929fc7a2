//! How personal text is kept: sealed on its way into a row, opened on its way out, found again by a blind index.
//!
//! *What is not here.* The keys and the cipher: the vault of `app` has them. Which columns are sealed, and why, stands
//! in docs/explanation/what-is-sealed.md.

/// Where a sealed value lives. It opens nowhere else.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// The row's id.
    pub row: &'a str,
}

/// Seals and opens what must not lie open in the tables.
pub trait Safe: Send + Sync {
    /// Seals a text for one place.
    fn seal(&self, place: Place<'_>, plain: &str) -> String;

    /// Opens what was sealed for this place, or `None` for anything else.
    fn open(&self, place: Place<'_>, sealed: &str) -> Option<String>;

    /// The value by which a sealed e-mail address (lower case) is found again, and by which it is unique.
    fn email_index(&self, email: &str) -> String;
}
