//! Which room may use which: the one table, and nothing else. ARCHITECTURE.md draws the same arrows; when the two
//! differ, this table is what the build obeys. Reading the real dependencies is in [`crate::layers`].

/// What a room may use.
pub enum Uses {
    /// Only these rooms.
    Only(&'static [&'static str]),
    /// Every room: the binary at the top, and the rooms that are never shipped.
    Anything,
}

/// Whether a room is in the binary that people run.
#[derive(PartialEq, Eq)]
pub enum Shipped {
    /// In the binary.
    Yes,
    /// For tests only; a shipped room may name it under `[dev-dependencies]` alone.
    No,
}

/// One room and what it may use.
pub struct Room {
    /// The package name.
    pub name: &'static str,
    /// What it may use under `[dependencies]`; its tests may use the same, `testkit`, and what [`FOR_TESTS`] says.
    pub uses: Uses,
    /// Whether it is in the binary.
    pub shipped: Shipped,
}

const fn shipped(name: &'static str, uses: &'static [&'static str]) -> Room {
    Room { name, uses: Uses::Only(uses), shipped: Shipped::Yes }
}

/// Every room, inner rings first.
pub const ROOMS: &[Room] = &[
    shipped("domain", &[]),
    shipped("koogallery", &[]),
    shipped("db", &[]),
    shipped("language", &["domain"]),
    shipped("ports", &["domain"]),
    shipped("store", &["db", "domain"]),
    shipped("app", &["store", "ports", "domain", "koogallery", "language"]),
    shipped("outbound", &["ports", "koogallery", "domain"]),
    shipped("search", &["ports", "domain", "language"]),
    shipped("conformance", &["koogallery", "outbound", "ports", "domain"]),
    shipped("http-kit", &["app", "domain", "language"]),
    shipped("api", &["app", "http-kit", "domain", "language"]),
    shipped("web", &["app", "http-kit", "domain", "language"]),
    Room { name: "souk", uses: Uses::Anything, shipped: Shipped::Yes },
    Room { name: "testkit", uses: Uses::Anything, shipped: Shipped::No },
    Room { name: "sim", uses: Uses::Anything, shipped: Shipped::No },
    Room { name: "xtask", uses: Uses::Only(&[]), shipped: Shipped::No },
];

/// What tests of a room may use beyond the room's own arrows and `testkit`, and why.
pub const FOR_TESTS: &[(&str, &str)] = &[
    ("app", "conformance"), // the debugger and the call engine meet the reference seller
    ("app", "outbound"),    // … through the guarded client, as in production
    ("web", "api"),         // the matrix of routes and actors walks both doors
];

/// Rooms that may reach nothing asynchronous and nothing that reads or writes the world, however indirectly.
pub const PURE_ROOMS: &[&str] = &["domain", "koogallery"];

/// Crates that a pure room may not reach, even through another crate.
pub const WORLDLY_CRATES: &[&str] = &[
    "async-std",
    "async-trait",
    "axum",
    "deadpool-postgres",
    "futures",
    "futures-util",
    "hyper",
    "mio",
    "reqwest",
    "rusqlite",
    "smol",
    "socket2",
    "sqlx",
    "tokio",
    "tokio-postgres",
    "tower",
    "ureq",
];

/// Crates that a pure room may not name itself: they are sources of chance or of talk, which are handed in.
pub const CHANCE_CRATES: &[&str] = &["fastrand", "getrandom", "log", "rand", "tracing"];

/// The modules of `domain` that every context may use.
pub const KERNEL: &[&str] = &["ids", "money", "quantity", "time", "text", "outcome"];

/// Every context of `domain` and the contexts it may use.
pub const CONTEXTS: &[(&str, &[&str])] = &[
    ("identity", &[]),
    ("selling", &[]),
    ("catalog", &["pricing"]), // a specification has prices
    ("pricing", &[]),
    ("ordering", &["catalog", "pricing"]),
    ("fulfilment", &[]),
    ("metering", &[]),
    ("licensing", &[]),
    ("ledger", &[]),
    // Who did it is an actor of identity.
    ("audit", &["identity"]),
];
