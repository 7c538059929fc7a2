//! One SQL text for two engines: translating a statement, once per text.
//!
//! Statements are written for PostgreSQL with `$1` placeholders. What only PostgreSQL may read stands between `/*pg` and `pg*/`; SQLite
//! sees a comment there. Text in quotes is left alone. Nothing else is translated: what the engines do not share is not said in `store`.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

/// Text that only PostgreSQL reads: the selected rows stay ours until the transaction ends. SQLite has one writer at a time anyway.
#[macro_export]
macro_rules! for_update {
    () => {
        " /*pg FOR UPDATE pg*/ "
    };
}

/// As [`for_update!`], but rows that another transaction holds are left out: for workers that share a queue.
#[macro_export]
macro_rules! skip_locked {
    () => {
        " /*pg FOR UPDATE SKIP LOCKED pg*/ "
    };
}

/// Translations by text. Statements are `'static`, so there are as many as the program has and none is ever forgotten.
#[derive(Default)]
pub(crate) struct Dialect {
    translated: RwLock<HashMap<&'static str, &'static str>>,
}

impl Dialect {
    pub(crate) fn translate(&self, sql: &'static str, by: fn(&str) -> String) -> &'static str {
        if let Some(known) = self.translated.read().unwrap_or_else(PoisonError::into_inner).get(sql) {
            return known;
        }
        let translation: &'static str = Box::leak(by(sql).into_boxed_str());
        self.translated.write().unwrap_or_else(PoisonError::into_inner).entry(sql).or_insert(translation)
    }
}

/// The text that PostgreSQL gets: what stands between the marks comes alive.
pub(crate) fn for_postgres(sql: &str) -> String {
    outside_quotes(sql, |rest| (rest.starts_with("/*pg") || rest.starts_with("pg*/")).then_some((4, "")))
}

/// The text that SQLite gets: numbered placeholders are spelled `?1` there, `$1` would be a name.
pub(crate) fn for_sqlite(sql: &str) -> String {
    outside_quotes(sql, |rest| {
        let mut characters = rest.chars();
        let placeholder =
            characters.next() == Some('$') && characters.next().is_some_and(|digit| digit.is_ascii_digit());
        placeholder.then_some((1, "?"))
    })
}

/// Where the copy stands.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Code,
    Quoted(char),
    LineComment,
    BlockComment,
}

/// Copies the text; outside quotes and comments, `replace` may swap a prefix of what is left for something else.
fn outside_quotes(sql: &str, replace: impl Fn(&str) -> Option<(usize, &'static str)>) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut place = Place::Code;
    let mut rest = sql;
    while let Some(character) = rest.chars().next() {
        if place == Place::Code
            && let Some((length, replacement)) = replace(rest)
        {
            out.push_str(replacement);
            rest = &rest[length..];
            continue;
        }
        place = match place {
            Place::Code if matches!(character, '\'' | '"') => Place::Quoted(character),
            Place::Code if rest.starts_with("--") => Place::LineComment,
            Place::Code if rest.starts_with("/*") && !rest.starts_with("/*pg") => Place::BlockComment,
            Place::Quoted(open) if open == character => Place::Code,
            Place::LineComment if character == '\n' => Place::Code,
            Place::BlockComment if out.ends_with('*') && character == '/' => Place::Code,
            unchanged => unchanged,
        };
        out.push(character);
        rest = &rest[character.len_utf8()..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postgres_reads_what_stands_between_the_marks() {
        let sql = concat!("SELECT a FROM t WHERE b = $1", for_update!());
        assert_eq!(for_postgres(sql), "SELECT a FROM t WHERE b = $1  FOR UPDATE  ");
        assert_eq!(for_sqlite(sql), "SELECT a FROM t WHERE b = ?1 /*pg FOR UPDATE pg*/ ");
    }

    #[test]
    fn quoted_text_is_left_alone() {
        assert_eq!(for_sqlite("SELECT '$1', \"$2\", $3"), "SELECT '$1', \"$2\", ?3");
        assert_eq!(for_postgres("SELECT '/*pg it''s pg*/'"), "SELECT '/*pg it''s pg*/'");
    }

    #[test]
    fn an_apostrophe_in_a_comment_is_no_quote() {
        assert_eq!(for_sqlite("SELECT 1 -- the seller's\n, $1"), "SELECT 1 -- the seller's\n, ?1");
        assert_eq!(for_sqlite("SELECT /* the seller's */ $1"), "SELECT /* the seller's */ ?1");
        assert_eq!(
            for_postgres("-- the seller's\nSELECT 1 /*pg FOR UPDATE pg*/"),
            "-- the seller's\nSELECT 1  FOR UPDATE "
        );
    }

    #[test]
    fn a_translation_is_remembered_by_text_not_by_address() {
        let dialect = Dialect::default();
        let first: &'static str = Box::leak("SELECT $1".to_owned().into_boxed_str());
        let second: &'static str = Box::leak("SELECT $1".to_owned().into_boxed_str());
        assert_eq!(dialect.translate(first, for_sqlite).as_ptr(), dialect.translate(second, for_sqlite).as_ptr());
    }
}
