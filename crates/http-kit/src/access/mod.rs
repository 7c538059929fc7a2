//! The authorisation table: one row for each method and path, deny by default.
//!
//! The rows stand in one file per slice. They are read at compile time by [`crate::route!`], at run time by the check
//! before each handler, and by the matrix test, which walks all of them with every kind of actor.

pub mod catalog;
pub mod identity;
pub mod open_apis;
pub mod operations;
pub mod ordering;
pub mod ordering_api;
pub mod selling;
pub mod site;

use domain::identity::Permission;

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Everybody, signed in or not.
    Anyone,
    /// Everybody signed in whose organisation and role grant this.
    May(Permission),
    /// A seller's server, which signs each call as seller-protocol 8 says. The use case verifies, because the body is signed
    /// too; a session or bearer token opens nothing here.
    Signed,
}

/// What the path names, for the matrix test: a foreign object must look like a missing one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Object {
    /// Nothing that belongs to somebody.
    Nothing,
    /// Something public, such as a listed product.
    Public,
    /// Something of the actor's organisation, of this sort. Foreign ones answer 404.
    Own(&'static str),
    /// Something of anybody, for operators, of this sort.
    Any(&'static str),
}

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// GET, POST, PUT, PATCH or DELETE.
    pub method: &'static str,
    /// The path as the router spells it: `/my/apps/{id}`.
    pub path: &'static str,
    /// Who may.
    pub who: Who,
    /// What the path names.
    pub object: Object,
}

/// One row, as the table's files write it.
pub const fn row(method: &'static str, path: &'static str, who: Who, object: Object) -> Row {
    Row { method, path, who, object }
}

/// The whole table, by slice.
pub const TABLE: &[&[Row]] = &[
    site::ROWS,
    identity::ROWS,
    selling::ROWS,
    catalog::ROWS,
    ordering::ROWS,
    ordering_api::ROWS,
    open_apis::ROWS,
    operations::ROWS,
];

/// Every row.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    TABLE.iter().flat_map(|rows| rows.iter())
}

/// The row of a route. Evaluated at compile time; a missing row is a compile error.
#[expect(clippy::panic, reason = "runs at compile time only: it is how a missing row fails the build")]
pub const fn find(method: &str, path: &str) -> &'static Row {
    let mut table = 0;
    while table < TABLE.len() {
        let rows = TABLE[table];
        let mut index = 0;
        while index < rows.len() {
            if same(rows[index].method, method) && same(rows[index].path, path) {
                return &rows[index];
            }
            index += 1;
        }
        table += 1;
    }
    panic!("this route has no row in the authorisation table (http-kit/src/access)")
}

const fn same(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len() != right.len() {
        return false;
    }
    // From the end, where paths differ first.
    let mut index = left.len();
    while index > 0 {
        index -= 1;
        if left[index] != right[index] {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_route_has_two_rows() {
        let mut seen = BTreeSet::new();
        for row in rows() {
            assert!(seen.insert((row.method, row.path)), "{} {}", row.method, row.path);
        }
    }

    #[test]
    fn a_path_with_an_id_says_what_it_names() {
        for row in rows().filter(|row| row.path.contains('{')) {
            assert_ne!(row.object, Object::Nothing, "{} {}", row.method, row.path);
        }
    }

    #[test]
    fn what_belongs_to_somebody_is_never_for_everybody() {
        for row in rows().filter(|row| matches!(row.object, Object::Own(_) | Object::Any(_))) {
            assert_ne!(row.who, Who::Anyone, "{} {}", row.method, row.path);
        }
    }
}
