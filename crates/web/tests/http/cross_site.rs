//! Other sites cannot write in a person's name, and looking changes nothing (security.md S-12, "Browser side").

use std::collections::BTreeSet;

use axum::http::StatusCode;
use domain::identity::grants;
use http_kit::access::{Object, Who, rows};
use testkit::dump::Dump;
use testkit::{World, on_every_world};

use crate::actors::{Actors, path_with};
use crate::door::{Proof, Sent, send, service};
use crate::matrix::path_to;
use crate::objects;

on_every_world![no_write_comes_from_another_site, looking_changes_nothing];

async fn no_write_comes_from_another_site(world: World) {
    let service = service(&world);
    let actors = Actors::gather(&world).await;
    let before = world.dump().await;
    let mut asked = 0;
    for row in rows().filter(|row| row.method != "GET") {
        let path = path_with(row.path, "nothing");
        for (name, person) in actors.people() {
            let cookie = format!("souk={}", person.token);
            let sent = || Sent::new(row.method, &path).header("cookie", &cookie).form("name=Mallory&password=x");
            for (how, request) in [
                ("a foreign origin", sent().header("origin", "https://evil.example")),
                ("a null origin", sent().header("origin", "null")),
                ("an origin that begins like ours", sent().header("origin", "https://localhost.evil.example")),
                ("fetched across sites", sent().header("sec-fetch-site", "cross-site")),
                ("fetched from a neighbour", sent().header("sec-fetch-site", "same-site")),
                ("neither header", sent()),
            ] {
                let answer = request.to(&service).await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{} {path} by {name}, {how}", row.method);
                assert!(answer.body.contains("cross_site"), "{} {path}, {how}: the code is said", row.method);
                asked += 1;
            }
        }
    }
    assert!(asked > 500, "only {asked} requests");
    assert_eq!(differences(&before, &world.dump().await), BTreeSet::new(), "a refused write wrote");
}

/// Columns that looking may change: `sessions.seen_at` and `api_keys.used_at` are when somebody was last here (at most
/// once a minute).
const MARKS: [&str; 2] = ["sessions.seen_at", "api_keys.used_at"];

/// What differs, as `table.column`; a row more or less differs in `table` itself.
fn differences(before: &Dump, after: &Dump) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (table, rows) in before {
        let others = &after[table];
        if rows.len() != others.len() {
            found.insert(format!("{table}: {} rows, {} before", others.len(), rows.len()));
            continue;
        }
        for (row, other) in rows.iter().zip(others) {
            let changed = row.iter().filter(|(column, value)| other.get(*column) != Some(*value));
            found.extend(changed.map(|(column, _)| format!("{table}.{column}")));
        }
    }
    found
}

async fn looking_changes_nothing(world: World) {
    let service = service(&world);
    let actors = Actors::gather(&world).await;
    let mut looked = 0;
    for (name, person) in actors.people() {
        let mut paths = Vec::new();
        for row in rows().filter(|row| row.method == "GET") {
            paths.push(path_with(row.path, "nothing"));
            let Who::May(permission) = row.who else { continue };
            if let Object::Own(sort) = row.object
                && grants(person.actor.kind, person.actor.role, permission)
            {
                // What a viewer may see, the administrator of the same organisation has made.
                let personal = matches!(sort, "session" | "notice");
                let owner = if name == "viewer" && !personal { &actors.customer } else { person };
                paths.push(path_to(row, &objects::make(&world, sort, owner).await));
            }
        }
        let before = world.dump().await;
        for path in &paths {
            for query in ["", "?lang=zh&delete=1&_method=DELETE&state=disabled"] {
                let proof = Proof::Session(person.token.clone());
                let answer = send(&service, "GET", &format!("{path}{query}"), &proof, None).await;
                assert!(!answer.status.is_server_error(), "GET {path} by {name}: {}", answer.status);
                looked += 1;
            }
        }
        let mut changed = differences(&before, &world.dump().await);
        changed.retain(|column| !MARKS.contains(&column.as_str()));
        assert_eq!(changed, BTreeSet::new(), "looking as {name} changed something");
    }
    assert!(looked > 200, "only {looked} looks");
}
