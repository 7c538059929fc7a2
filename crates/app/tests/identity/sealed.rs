//! What lies in the tables of people: nothing that can be read without the master key.

use app::identity::people::{Invite, list};
use domain::identity::Role;
use domain::text::Language;
use testkit::dump::places_of;
use testkit::{World, on_every_world};

use super::code;

on_every_world![
    names_and_addresses_of_people_are_not_in_the_tables,
    an_address_is_unique_whatever_its_case_and_signs_in_in_any,
];

fn invite(name: &str, email: &str) -> Invite {
    Invite { name: name.to_owned(), email: email.to_owned(), role: Role::Member, language: Language::English }
}

async fn names_and_addresses_of_people_are_not_in_the_tables(world: World) {
    let lin = world.customer("Kestrel").await;
    let asked = invite("Quetzalcoatl Yupanqui", "quetzal@tenochtitlan.example").run(&world.app, &lin.actor).await;
    asked.expect("an administrator may invite");
    let dump = world.dump().await;
    for text in [lin.email.as_str(), "First of Kestrel", "quetzal", "yupanqui", "tenochtitlan"] {
        assert_eq!(places_of(&dump, text), Vec::<String>::new(), "{text}");
    }
    assert_eq!(places_of(&dump, "Kestrel"), ["organisations.name"], "the search finds what is there");
    let people = list(&world.app, &lin.actor).await.expect("an administrator may look");
    assert_eq!(people.users[0].name, "First of Kestrel");
    assert_eq!(people.users[0].email, lin.email);
    assert_eq!(people.invitations[0].name, "Quetzalcoatl Yupanqui");
    assert_eq!(people.invitations[0].email, "quetzal@tenochtitlan.example");
}

async fn an_address_is_unique_whatever_its_case_and_signs_in_in_any(world: World) {
    let lin = world.customer("Kestrel").await;
    let again = |email: &str| invite("Lin", email).run(&world.app, &lin.actor);
    assert_eq!(code(again(&lin.email.to_uppercase()).await), "already_in_organisation");
    assert_eq!(code(again("Wei@Kestrel.example").await), "fine");
    assert_eq!(code(again("wei@kestrel.EXAMPLE").await), "already_invited");
    assert!(world.sign_in(&format!(" {} ", lin.email.to_uppercase())).await.is_ok());
}
