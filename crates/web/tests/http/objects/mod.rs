//! How to make the things that the rows of the table name, and what to send to routes that want a body. One file a
//! slice; a row whose thing nobody can make fails the matrix test.

mod identity;
mod selling;
mod site;

use testkit::{Person, World};

/// Makes a thing of this sort that belongs to the person or their organisation; answers what stands in the path.
pub async fn make(world: &World, sort: &str, owner: &Person) -> String {
    if let Some(id) = identity::make(world, sort, owner).await {
        return id;
    }
    if let Some(id) = selling::make(world, sort, owner).await {
        return id;
    }
    if let Some(id) = site::make(world, sort, owner).await {
        return id;
    }
    unreachable!("nobody can make a thing of the sort {sort:?}: add it to crates/web/tests/http/objects")
}

/// What to send so that the route looks for its thing at all; `None` sends an empty form or `{}`.
pub fn body(method: &str, path: &str) -> Option<&'static str> {
    identity::body(method, path).or_else(|| selling::body(method, path))
}
