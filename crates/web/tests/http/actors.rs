//! One person of each kind, for tests that walk the whole table.

use domain::identity::Role;
use testkit::{Person, World};

use crate::door::Proof;

/// Everybody who has rights of their own.
pub struct Actors {
    pub customer: Person,
    pub viewer: Person,
    pub seller: Person,
    pub operator: Person,
}

impl Actors {
    pub async fn gather(world: &World) -> Actors {
        let customer = world.customer("Kestrel").await;
        Actors {
            viewer: world.colleague(&customer, Role::Viewer).await,
            seller: world.seller_named("Brightwell").await,
            operator: world.operator().await,
            customer,
        }
    }

    /// Each with a name, for messages.
    pub fn people(&self) -> [(&'static str, &Person); 4] {
        [("customer", &self.customer), ("viewer", &self.viewer), ("seller", &self.seller), ("operator", &self.operator)]
    }

    /// How each one proves who asks; nobody first.
    pub fn proofs(&self, https: bool) -> Vec<(&'static str, Proof)> {
        let proof = |person: &Person| {
            if https { Proof::HostSession(person.token.clone()) } else { Proof::Session(person.token.clone()) }
        };
        let people = self.people().into_iter().map(|(name, person)| (name, proof(person)));
        std::iter::once(("nobody", Proof::Nobody)).chain(people).collect()
    }
}

/// The path with this text in the place of every parameter.
pub fn path_with(path: &str, thing: &str) -> String {
    let piece = |piece: &str| if piece.starts_with('{') { thing.to_owned() } else { piece.to_owned() };
    path.split('/').map(piece).collect::<Vec<_>>().join("/")
}
