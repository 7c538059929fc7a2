//! Every route × every kind of actor × own, foreign and missing thing, generated from the authorisation table
//! (security.md, "Tenant isolation").
//!
//! What is expected stands in the rows: whoever is not granted the row's permission is sent away before anything is
//! looked up; whoever is granted it reaches their own things; a foreign thing answers 404 exactly like a missing one.

use std::collections::{BTreeMap, BTreeSet};

use app::identity::{api_keys, authenticate};
use axum::Router;
use axum::http::StatusCode;
use domain::identity::{Actor, Role, grants};
use domain::time::SignedDuration;
use http_kit::access::{Object, Row, Who, rows};
use testkit::{Person, World, on_every_world};

use crate::door::{Answer, Proof, routes, send, service};
use crate::objects::{self, Thing};

on_every_world![every_route_answers_every_actor_as_its_row_says];

#[test]
fn every_row_of_the_table_has_a_route_and_every_route_a_row() {
    let table: BTreeSet<(&str, &str)> = rows().map(|row| (row.method, row.path)).collect();
    let routes = routes();
    let routed: BTreeSet<(&str, &str)> = routes.rows().iter().map(|row| (row.method, row.path)).collect();
    let missing: Vec<_> = table.difference(&routed).filter(|(_, path)| *path != "/api").collect();
    assert!(missing.is_empty(), "rows without a route: {missing:?}");
    assert!(routed.is_subset(&table));
}

/// One kind of actor.
struct Kind {
    name: &'static str,
    person: Option<Person>,
    /// By an access key of the person's.
    by_key: bool,
    /// Signed in once, but not any more.
    expired: bool,
    /// Whose things are foreign to this actor.
    stranger: &'static str,
}

struct Cast {
    kinds: Vec<Kind>,
}

impl Cast {
    async fn gather(world: &World) -> Cast {
        let gone = world.customer("Gone").await;
        world.clock.advance(SignedDuration::from_hours(13));
        let customer_a = world.customer("Customer A").await;
        let customer_b = world.customer("Customer B").await;
        let viewer = world.colleague(&customer_a, Role::Viewer).await;
        let seller_a = world.seller_named("Seller A").await;
        let seller_b = world.seller_named("Seller B").await;
        let operator = world.operator().await;
        let finance = world.colleague(&operator, Role::Finance).await;
        let kind = |name, person: &Person, stranger| Kind {
            name,
            person: Some(person.clone()),
            by_key: false,
            expired: false,
            stranger,
        };
        let kinds = vec![
            Kind { name: "nobody", person: None, by_key: false, expired: false, stranger: "customer A" },
            Kind { expired: true, ..kind("expired session", &gone, "customer A") },
            kind("customer A", &customer_a, "customer B"),
            kind("customer B", &customer_b, "customer A"),
            kind("viewer of A", &viewer, "customer B"),
            Kind { by_key: true, ..kind("access key of A", &customer_a, "customer B") },
            kind("seller A", &seller_a, "seller B"),
            kind("seller B", &seller_b, "seller A"),
            kind("operator", &operator, "customer A"),
            kind("operator's finance", &finance, "customer A"),
        ];
        Cast { kinds }
    }

    fn person(&self, name: &str) -> &Person {
        let kind = self.kinds.iter().find(|kind| kind.name == name);
        kind.and_then(|kind| kind.person.as_ref()).expect("the cast has this person")
    }
}

/// A living proof of who the actor is: acts before this one may have ended the session or revoked the key.
async fn proof(world: &World, kind: &Kind, kept: &mut BTreeMap<&'static str, Proof>) -> (Proof, Option<Actor>) {
    let Some(person) = &kind.person else { return (Proof::Nobody, None) };
    if kind.expired {
        return (Proof::Session(person.token.clone()), None);
    }
    let living = match kept.get(kind.name) {
        Some(Proof::Session(token)) => authenticate::by_session_token(&world.app, token).await,
        Some(Proof::Key(key, secret)) => authenticate::by_api_key(&world.app, key, secret).await,
        Some(Proof::Nobody | Proof::HostSession(_)) | None => Ok(None),
    };
    if let (Some(actor), Some(proof)) = (living.expect("readable"), kept.get(kind.name)) {
        // Making things moves the clock; what needs a fresh password shall not stand in the way here. A key is never fresh.
        if kind.by_key || actor.require_fresh(world.app.now(), SignedDuration::from_secs(30)).is_ok() {
            return (proof.clone(), Some(actor));
        }
    }
    let person = world.sign_in(&person.email).await.expect("everybody has the same password");
    let (proof, actor) = if kind.by_key {
        let made = api_keys::make(&world.app, &person.actor, "matrix").await.expect("an administrator may");
        let (key, secret) = (made.key.access_key.to_string(), made.secret.reveal().to_owned());
        let actor = authenticate::by_api_key(&world.app, &key, &secret).await.expect("readable").expect("works");
        (Proof::Key(key, secret), actor)
    } else {
        (Proof::Session(person.token.clone()), person.actor)
    };
    kept.insert(kind.name, proof.clone());
    (proof, Some(actor))
}

/// The path with the thing in the place of its parameters.
pub fn path_to(row: &Row, thing: &Thing) -> String {
    let mut path = String::new();
    let mut first = true;
    for piece in row.path.split('/').skip(1) {
        path.push('/');
        match piece.strip_prefix('{').and_then(|piece| piece.strip_suffix('}')) {
            None => path.push_str(piece),
            Some(_) if first => {
                path.push_str(&thing.id);
                first = false;
            }
            Some(name) => {
                let more = thing.more.iter().find(|(known, _)| *known == name);
                path.push_str(more.map_or("any", |(_, value)| value));
            }
        }
    }
    path
}

/// Something of the same form that does not exist.
fn missing(like: &Thing) -> Thing {
    let id = match like.id.split_once('_') {
        Some((prefix, digits)) if digits.len() == 32 => format!("{prefix}_{:032x}", 1),
        Some(_) | None => format!("{}ZZZZ", like.id.get(..like.id.len().saturating_sub(4)).unwrap_or_default()),
    };
    Thing { id, more: like.more.clone() }
}

/// The body without what names the request.
fn bare(answer: &Answer, thing: &Thing) -> String {
    let body = answer.body.replace(&thing.id, "THING");
    let mut pieces = body.split("req_");
    let mut bare = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        bare.push_str("REQUEST");
        bare.push_str(piece.get(32..).unwrap_or_default());
    }
    bare
}

fn sent_to_sign_in(answer: &Answer) -> bool {
    // A form with something typed in it comes back on the sign-in page itself.
    let kept = answer.status == StatusCode::UNAUTHORIZED && answer.body.contains("name=\"kept_path\"");
    kept || answer.status == StatusCode::SEE_OTHER && answer.location().starts_with("/sign-in?return=")
}

/// Whether only a person may do this, not a key: the one refusal that the row cannot know.
fn person_needed(kind: &Kind, answer: &Answer) -> bool {
    kind.by_key && answer.status == StatusCode::FORBIDDEN && answer.body.contains("person_needed")
}

/// What is wrong with the answer for somebody who was let through.
fn let_through(kind: &Kind, answer: &Answer) -> Option<String> {
    let refused = answer.status == StatusCode::UNAUTHORIZED
        || (answer.status == StatusCode::FORBIDDEN && !person_needed(kind, answer))
        || sent_to_sign_in(answer);
    let broken = answer.status.is_server_error() || answer.status == StatusCode::METHOD_NOT_ALLOWED;
    (refused || broken).then(|| format!("{} {}", answer.status, answer.location()))
}

async fn every_route_answers_every_actor_as_its_row_says(world: World) {
    let cast = Cast::gather(&world).await;
    let service = service(&world);
    let mut kept = BTreeMap::new();
    let mut faults = Vec::new();
    let mut asked = 0_u32;
    for row in routes().rows() {
        for kind in &cast.kinds {
            let (proof, actor) = proof(&world, kind, &mut kept).await;
            let case = Case { world: &world, service: &service, cast: &cast, row, kind, proof, actor };
            let (count, found) = case.check().await;
            asked += count;
            faults.extend(found.map(|fault| format!("{} {} by {}: {fault}", row.method, row.path, kind.name)));
        }
    }
    println!("{asked} requests");
    assert!(faults.is_empty(), "{} of {asked} answers are wrong:\n{}", faults.len(), faults.join("\n"));
}

struct Case<'c> {
    world: &'c World,
    service: &'c Router,
    cast: &'c Cast,
    row: &'static Row,
    kind: &'c Kind,
    proof: Proof,
    actor: Option<Actor>,
}

impl Case<'_> {
    async fn ask(&self, thing: &Thing) -> Answer {
        let body = objects::body(self.row.method, self.row.path);
        send(self.service, self.row.method, &path_to(self.row, thing), &self.proof, body).await
    }

    /// How many requests were sent, and what is wrong.
    async fn check(&self) -> (u32, Option<String>) {
        let api = self.row.path.starts_with("/api/");
        if self.kind.expired && api {
            let answer = self.ask(&Thing::named("any")).await;
            let wrong = answer.status != StatusCode::UNAUTHORIZED;
            return (1, wrong.then(|| format!("{} for a dead token", answer.status)));
        }
        let permission = match self.row.who {
            Who::May(permission) => permission,
            Who::Anyone => {
                let answer = self.ask(&Thing::named("any")).await;
                return (1, let_through(self.kind, &answer));
            }
            Who::Signed => return self.unsigned().await,
        };
        let Some(actor) = &self.actor else {
            let answer = self.ask(&Thing::named("any")).await;
            let good = if api { answer.status == StatusCode::UNAUTHORIZED } else { sent_to_sign_in(&answer) };
            return (1, (!good).then(|| format!("{} {} for nobody", answer.status, answer.location())));
        };
        let by_person = !self.kind.by_key || !permission.needs_person();
        if !(by_person && grants(actor.kind, actor.role, permission)) {
            let answer = self.ask(&Thing::named("any")).await;
            let good = answer.status == StatusCode::FORBIDDEN && answer.body.contains("not_allowed");
            return (1, (!good).then(|| format!("{} without the permission", answer.status)));
        }
        match self.row.object {
            Object::Nothing | Object::Public => {
                let answer = self.ask(&Thing::named("any")).await;
                (1, let_through(self.kind, &answer))
            }
            Object::Own(sort) => self.own(sort).await,
            Object::Any(sort) => self.any(sort).await,
        }
    }

    /// Whoever is signed in, and by whatever key: without a signature over the call nobody is let through.
    async fn unsigned(&self) -> (u32, Option<String>) {
        let answer = self.ask(&Thing::named("any")).await;
        // The new push says which of its own headers is missing; whoever shows another proof hears that it is none.
        let new_push = self.row.path == "/api/mkp-openapi-public/global/v1/isv/usage-data";
        let refusal = match (&self.proof, self.row.path) {
            (Proof::Nobody, _) if new_push => "the header signature is missing",
            (Proof::Nobody, _) => "the header Authorization is missing",
            // Pages know a session by its cookie.
            (Proof::Session(_) | Proof::HostSession(_), path) if !path.starts_with("/api/") => {
                "the header Authorization is missing"
            }
            (Proof::Session(_) | Proof::HostSession(_) | Proof::Key(..), _) => "Authorization is no SDK-HMAC-SHA256",
        };
        let code = if self.row.path.contains("/license/") {
            "92020001"
        } else if refusal.contains("signature is missing") {
            "MKT.0101"
        } else {
            "MKT.0154"
        };
        let good = answer.status.is_client_error() && answer.body.contains(code) && answer.body.contains(refusal);
        (1, (!good).then(|| format!("{} without a signature: {}", answer.status, answer.body)))
    }

    async fn own(&self, sort: &'static str) -> (u32, Option<String>) {
        let me = self.kind.person.as_ref().expect("whoever is granted something is somebody");
        // What only an administrator or member can make is made by the first of the organisation.
        let owner = if sort == "session" || sort == "notice" { me } else { self.maker(me) };
        let foreign = objects::make(self.world, sort, self.cast.person(self.kind.stranger)).await;
        let to_foreign = self.ask(&foreign).await;
        let missing = missing(&foreign);
        let to_missing = self.ask(&missing).await;
        let own = objects::make(self.world, sort, owner).await;
        let to_own = self.ask(&own).await;
        if person_needed(self.kind, &to_own) {
            let same = person_needed(self.kind, &to_foreign) && person_needed(self.kind, &to_missing);
            return (3, (!same).then(|| "a key is told more of foreign things".to_owned()));
        }
        let fault = if to_missing.status != StatusCode::NOT_FOUND {
            Some(format!("{} for a missing {sort}", to_missing.status))
        } else if to_foreign.status != StatusCode::NOT_FOUND {
            Some(format!("{} for a foreign {sort}: {}", to_foreign.status, to_foreign.body))
        } else if bare(&to_foreign, &foreign) != bare(&to_missing, &missing) {
            Some(format!("a foreign {sort} reads unlike a missing one"))
        } else if to_own.status == StatusCode::NOT_FOUND {
            Some(format!("404 for one's own {sort}"))
        } else {
            let_through(self.kind, &to_own).map(|fault| format!("own {sort}: {fault}"))
        };
        (3, fault)
    }

    async fn any(&self, sort: &'static str) -> (u32, Option<String>) {
        let existing = objects::make(self.world, sort, self.cast.person("seller A")).await;
        let to_existing = self.ask(&existing).await;
        let to_missing = self.ask(&missing(&existing)).await;
        let fault = if to_missing.status != StatusCode::NOT_FOUND {
            Some(format!("{} for a missing {sort}", to_missing.status))
        } else if to_existing.status == StatusCode::NOT_FOUND {
            Some(format!("404 for a {sort} that exists"))
        } else {
            let_through(self.kind, &to_existing)
        };
        (2, fault)
    }

    /// The administrator of the actor's organisation.
    fn maker<'p>(&'p self, me: &'p Person) -> &'p Person {
        let first = self.cast.kinds.iter().filter_map(|kind| kind.person.as_ref());
        let mut administrators = first.filter(|person| {
            person.actor.organisation == me.actor.organisation && person.actor.role == Role::Administrator
        });
        administrators.next().unwrap_or(me)
    }
}
