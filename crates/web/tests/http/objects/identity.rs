//! Sessions, users, invitations, access keys.

use app::identity::api_keys;
use app::identity::people::Invite;
use domain::identity::Role;
use domain::text::Language;
use testkit::{Person, World};

use super::Thing;

pub async fn make(world: &World, sort: &str, owner: &Person) -> Option<Thing> {
    match sort {
        "session" => {
            let other = world.sign_in(&owner.email).await.expect("everybody has the same password");
            Some(Thing::named(other.actor.session().expect("a person")))
        }
        "user" => {
            let owner = first(world, owner).await;
            Some(Thing::named(world.colleague(&owner, Role::Member).await.actor.user))
        }
        "invitation" => {
            let owner = first(world, owner).await;
            let email = format!("i{}@invited.example", world.app.id::<domain::ids::NoticeId>()).replace('_', "-");
            let form = Invite { name: "Wei".to_owned(), email, role: Role::Viewer, language: Language::English };
            let link = form.run(&world.app, &owner.actor).await.expect("an administrator may invite");
            Some(Thing::named(link.invitation.id))
        }
        "api_key" => {
            let owner = first(world, owner).await;
            let made = api_keys::make(&world.app, &owner.actor, "matrix").await.expect("an administrator may");
            Some(Thing::named(made.key.id))
        }
        "customer" => {
            let name = format!("Customer {}", world.app.id::<domain::ids::NoticeId>());
            Some(Thing::named(world.customer(&name.replace('_', "-")).await.actor.organisation))
        }
        _ => None,
    }
}

/// The owner with a fresh password.
async fn first(world: &World, owner: &Person) -> Person {
    world.sign_in(&owner.email).await.expect("everybody has the same password")
}

pub fn body(method: &str, path: &str) -> Option<&'static str> {
    match (method, path) {
        ("POST", "/account/members/{id}/role") => Some("role=viewer"),
        ("PATCH", "/api/v1/users/{id}") => Some(r#"{"role":"viewer"}"#),
        _ => None,
    }
}
