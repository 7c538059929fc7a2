//! `cargo xtask layers`: reads what each package really depends on and fails with the arrow that is wrong.
//!
//! What is allowed is in [`crate::arrows`]. The judging is a pure function over [`Arrow`]s, so that the tests can feed
//! it arrows that must not be; only [`run`] asks cargo.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, PackageId};

use crate::arrows::{CHANCE_CRATES, FOR_TESTS, PURE_ROOMS, ROOMS, Room, Shipped, Uses, WORLDLY_CRATES};
use crate::contexts;

/// Where a dependency was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `[dependencies]` or `[build-dependencies]`.
    Product,
    /// `[dev-dependencies]`.
    Tests,
}

/// One room of ours that names another.
#[derive(Clone, Debug)]
pub struct Arrow {
    from: String,
    to: String,
    kind: Kind,
}

/// Checks the whole workspace and prints what it looked at.
pub fn run() -> Result<()> {
    let metadata =
        MetadataCommand::new().other_options(only_our_platform()).exec().context("cargo metadata did not answer")?;
    let arrows = arrows_of(&metadata);
    let mut wrong = rooms_without_a_row(&metadata);
    wrong.extend(wrong_arrows(&arrows));
    for room in PURE_ROOMS {
        wrong.extend(worldly_reach(room, &product_reach(&metadata, room)?));
        wrong.extend(chance_named(room, &product_names(&metadata, room)));
    }
    let domain = metadata.workspace_root.join("crates/domain/src");
    let uses = contexts::uses_in(domain.as_std_path())?;
    wrong.extend(contexts::wrong_uses(&uses));
    if !wrong.is_empty() {
        bail!("{} wrong arrows:\n  {}", wrong.len(), wrong.join("\n  "));
    }
    println!(
        "layers: {} packages, {} arrows between rooms, {} uses between contexts, none wrong",
        metadata.workspace_packages().len(),
        arrows.len(),
        uses.len()
    );
    Ok(())
}

/// What only a browser or another system would link is not in reach.
fn only_our_platform() -> Vec<String> {
    vec!["--filter-platform".to_owned(), "x86_64-unknown-linux-gnu".to_owned()]
}

/// Names every arrow that the table does not allow, with what would be allowed.
pub fn wrong_arrows(arrows: &[Arrow]) -> Vec<String> {
    arrows.iter().filter_map(wrong_arrow).collect()
}

fn wrong_arrow(arrow: &Arrow) -> Option<String> {
    let (Some(from), Some(to)) = (room(&arrow.from), room(&arrow.to)) else {
        return None; // a package without a row is reported by `rooms_without_a_row`
    };
    let Arrow { from: from_name, to: to_name, kind } = arrow;
    let for_tests = to.name == "testkit" || FOR_TESTS.contains(&(from.name, to.name));
    if *kind == Kind::Tests && for_tests {
        return None;
    }
    if from.shipped == Shipped::Yes && to.shipped == Shipped::No {
        return Some(format!("{from_name} -> {to_name}: {to_name} is for tests and may not be shipped"));
    }
    match &from.uses {
        Uses::Anything => None,
        Uses::Only(allowed) if allowed.contains(&to.name) => None,
        Uses::Only([]) => Some(format!("{from_name} -> {to_name}: {from_name} may use no other room")),
        Uses::Only(allowed) => {
            Some(format!("{from_name} -> {to_name}: {from_name} may use only {}", allowed.join(", ")))
        }
    }
}

/// Names the crates within reach of a pure room that speak to the world.
fn worldly_reach(room: &str, reached: &BTreeSet<String>) -> Vec<String> {
    WORLDLY_CRATES
        .iter()
        .filter(|name| reached.contains(**name))
        .map(|name| format!("{room} -> … -> {name}: {room} is pure, nothing asynchronous and no input or output"))
        .collect()
}

/// Names the crates that a pure room asks for chance or for talk.
fn chance_named(room: &str, named: &BTreeSet<String>) -> Vec<String> {
    CHANCE_CRATES
        .iter()
        .filter(|name| named.contains(**name))
        .map(|name| format!("{room} -> {name}: {room} is handed its ids and randomness, and does not log"))
        .collect()
}

fn room(name: &str) -> Option<&'static Room> {
    ROOMS.iter().find(|room| room.name == name)
}

fn rooms_without_a_row(metadata: &Metadata) -> Vec<String> {
    let packages = metadata.workspace_packages();
    let unknown = packages.iter().filter(|package| room(package.name.as_str()).is_none());
    unknown.map(|package| format!("{}: has no row in xtask/src/arrows.rs", package.name)).collect()
}

fn arrows_of(metadata: &Metadata) -> Vec<Arrow> {
    let mut arrows = Vec::new();
    for package in metadata.workspace_packages() {
        for dependency in package.dependencies.iter().filter(|dependency| dependency.path.is_some()) {
            let kind = if dependency.kind == DependencyKind::Development { Kind::Tests } else { Kind::Product };
            arrows.push(Arrow { from: package.name.to_string(), to: dependency.name.clone(), kind });
        }
    }
    arrows
}

fn product_names(metadata: &Metadata, room: &str) -> BTreeSet<String> {
    let packages = metadata.workspace_packages();
    let dependencies = packages.iter().filter(|package| package.name.as_str() == room).flat_map(|p| &p.dependencies);
    dependencies.filter(|d| d.kind != DependencyKind::Development).map(|d| d.name.clone()).collect()
}

/// The names of all crates that a room's product code reaches.
fn product_reach(metadata: &Metadata, room: &str) -> Result<BTreeSet<String>> {
    let graph = metadata.resolve.as_ref().context("cargo metadata gave no dependency graph")?;
    let edges: BTreeMap<&PackageId, Vec<&PackageId>> = graph
        .nodes
        .iter()
        .map(|node| {
            let product = node.deps.iter().filter(|d| d.dep_kinds.iter().any(|k| k.kind == DependencyKind::Normal));
            (&node.id, product.map(|dependency| &dependency.pkg).collect())
        })
        .collect();
    let packages = metadata.workspace_packages();
    let start = packages.iter().find(|package| package.name.as_str() == room);
    let mut open: Vec<&PackageId> = start.iter().map(|package| &package.id).collect();
    let mut seen: BTreeSet<&PackageId> = BTreeSet::new();
    while let Some(id) = open.pop() {
        if seen.insert(id) {
            open.extend(edges.get(id).into_iter().flatten());
        }
    }
    Ok(seen.into_iter().map(|id| metadata[id].name.to_string()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrow(from: &str, to: &str, kind: Kind) -> Arrow {
        Arrow { from: from.into(), to: to.into(), kind }
    }

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn every_arrow_of_the_architecture_is_allowed() {
        let allowed = [
            ("souk", "store"),
            ("web", "app"),
            ("web", "http-kit"),
            ("api", "domain"),
            ("http-kit", "language"),
            ("app", "store"),
            ("app", "koogallery"),
            ("outbound", "ports"),
            ("conformance", "outbound"),
            ("search", "ports"),
            ("store", "db"),
            ("ports", "domain"),
            ("language", "domain"),
            ("sim", "db"),
        ];
        for (from, to) in allowed {
            assert_eq!(wrong_arrows(&[arrow(from, to, Kind::Product)]), Vec::<String>::new(), "{from} -> {to}");
        }
    }

    #[test]
    fn a_wrong_arrow_is_named_with_what_would_be_allowed() {
        assert_eq!(
            wrong_arrows(&[arrow("web", "store", Kind::Product)]),
            ["web -> store: web may use only app, http-kit, domain, language"]
        );
        assert_eq!(
            wrong_arrows(&[arrow("domain", "ports", Kind::Product)]),
            ["domain -> ports: domain may use no other room"]
        );
    }

    #[test]
    fn every_arrow_that_the_architecture_forbids_is_refused() {
        let forbidden = [
            ("api", "db"),
            ("web", "outbound"),
            ("http-kit", "store"),
            ("store", "app"),
            ("outbound", "search"),
            ("search", "outbound"),
            ("outbound", "db"),
            ("app", "outbound"),
            ("app", "db"),
            ("koogallery", "domain"),
            ("db", "domain"),
            ("conformance", "app"),
            ("xtask", "souk"),
        ];
        for (from, to) in forbidden {
            assert_eq!(wrong_arrows(&[arrow(from, to, Kind::Product)]).len(), 1, "{from} -> {to}");
        }
    }

    #[test]
    fn a_room_for_tests_may_be_named_by_tests_only() {
        assert_eq!(
            wrong_arrows(&[arrow("souk", "testkit", Kind::Product)]),
            ["souk -> testkit: testkit is for tests and may not be shipped"]
        );
        assert!(wrong_arrows(&[arrow("app", "testkit", Kind::Tests)]).is_empty());
        assert_eq!(wrong_arrows(&[arrow("app", "sim", Kind::Tests)]).len(), 1);
    }

    #[test]
    fn tests_follow_the_same_arrows_as_the_product() {
        assert_eq!(wrong_arrows(&[arrow("web", "store", Kind::Tests)]).len(), 1);
    }

    #[test]
    fn a_pure_room_that_reaches_an_async_crate_through_another_is_refused() {
        let wrong = worldly_reach("domain", &names(&["serde", "tokio"]));
        assert_eq!(wrong, ["domain -> … -> tokio: domain is pure, nothing asynchronous and no input or output"]);
    }

    #[test]
    fn a_pure_room_that_names_a_source_of_chance_is_refused() {
        assert_eq!(chance_named("domain", &names(&["getrandom", "jiff"])).len(), 1);
        assert!(chance_named("domain", &names(&["jiff"])).is_empty());
    }
}
