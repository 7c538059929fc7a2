//! How to make the things that the rows of the table name, and what to send to routes that want a body. One file a
//! slice; a row whose thing nobody can make fails the matrix test.

mod catalog;
mod identity;
mod ordering;
mod selling;
mod site;

use testkit::{Person, World};

/// A thing as a path names it.
#[derive(Clone, Debug)]
pub struct Thing {
    /// What stands in the place of the first parameter.
    pub id: String,
    /// What stands in the place of the others, by name.
    pub more: Vec<(&'static str, String)>,
}

impl Thing {
    /// A thing whose path has one parameter.
    pub fn named(id: impl ToString) -> Thing {
        Thing { id: id.to_string(), more: Vec::new() }
    }

    /// The same with the value of one more parameter.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Thing {
        self.more.push((name, value.to_string()));
        self
    }
}

/// Makes a thing of this sort that belongs to the person or their organisation.
pub async fn make(world: &World, sort: &str, owner: &Person) -> Thing {
    let made = [
        identity::make(world, sort, owner).await,
        site::make(world, sort, owner).await,
        selling::make(world, sort, owner).await,
        catalog::make(world, sort, owner).await,
        ordering::make(world, sort, owner).await,
    ];
    if let Some(thing) = made.into_iter().flatten().next() {
        return thing;
    }
    unreachable!("nobody can make a thing of the sort {sort:?}: add it to crates/web/tests/http/objects")
}

/// What to send so that the route looks for its thing at all; `None` sends an empty form or `{}`.
pub fn body(method: &str, path: &str) -> Option<&'static str> {
    identity::body(method, path)
        .or_else(|| selling::body(method, path))
        .or_else(|| catalog::body(method, path))
        .or_else(|| ordering::body(method, path))
}
