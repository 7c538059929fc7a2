//! Accounts of a demo: each with a password of its own, drawn now.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use app::App;
use app::identity::{Caller, Password, SignUp, SignedIn, authenticate, first_operator};
use domain::identity::Actor;
use domain::text::Language;

use crate::demo::folder::{Part, Person};

/// Signs people up and remembers them for the table.
#[derive(Clone)]
pub struct Newcomers {
    app: App,
    list: Arc<Mutex<Vec<Person>>>,
}

/// What there is to see for somebody, by e-mail address; only these are in the table.
pub fn note_of(email: &str) -> &'static str {
    match email {
        "operator@souk.example" => "applications, product reviews, balances, parked calls",
        "desk@lampwick.example" => "products on sale, a debugged address, an order",
        "hello@tessera.example" => "one product waits for review, one was rejected",
        "nora@kestrel.example" => "a balance of 5,000.00 and an app in use",
        "chen@qinghe.example" => "a balance of 800.00; pages in Chinese",
        "iris@bluebell.example" => "an application that waits for the operator",
        _ => "",
    }
}

impl Newcomers {
    /// Nobody yet.
    pub fn new(app: App) -> Newcomers {
        Newcomers { app, list: Arc::default() }
    }

    /// Everybody who was signed up, in a steady order.
    pub fn list(&self) -> Vec<Person> {
        let mut list = self.list.lock().unwrap_or_else(PoisonError::into_inner).clone();
        list.sort_by(|one, other| one.email.cmp(&other.email));
        list
    }

    /// The first operator, by the one-time link.
    pub async fn operator(&self) -> anyhow::Result<Actor> {
        let link = first_operator::make_token(&self.app).await?.context("there is an operator already")?;
        let (form, person) = self.form(Part::Operator, "Souk", "Vera Lund", "operator@souk.example", Language::English);
        let signed_in = first_operator::sign_up(&self.app, link.reveal(), form, &self.caller()).await?;
        self.remember(person);
        self.actor(&signed_in).await
    }

    /// Somebody new with an organisation of their own.
    pub async fn sign_up(
        &self,
        part: Part,
        organisation: &str,
        name: &str,
        email: &str,
        language: Language,
    ) -> anyhow::Result<Actor> {
        let (form, person) = self.form(part, organisation, name, email, language);
        let signed_in = form.run(&self.app, &self.caller()).await.with_context(|| format!("{email} signs up"))?;
        self.remember(person);
        self.actor(&signed_in).await
    }

    fn form(&self, part: Part, organisation: &str, name: &str, email: &str, language: Language) -> (SignUp, Person) {
        let password = self.draw();
        let form = SignUp {
            organisation_name: organisation.to_owned(),
            name: name.to_owned(),
            email: email.to_owned(),
            password: Password::new(password.clone()),
            language,
        };
        let (organisation, email) = (organisation.to_owned(), email.to_owned());
        let note = note_of(&email).to_owned();
        (form, Person { part, organisation, note, email, password })
    }

    /// Sixteen letters that nobody mistakes for others: 70 bits.
    fn draw(&self) -> String {
        const LETTERS: &[u8; 23] = b"abcdefghjkmnpqrstuvwxyz";
        let bytes = self.app.random::<32>();
        let usable = bytes.iter().filter(|byte| usize::from(**byte) < 253).take(16);
        let letters: Vec<char> = usable.map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect();
        letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join("-")
    }

    fn remember(&self, person: Person) {
        self.list.lock().unwrap_or_else(PoisonError::into_inner).push(person);
    }

    /// Each from an address of its own, as on a real day: many sign-ups from one address are slowed down.
    fn caller(&self) -> Caller {
        let [a, b, c] = self.app.random::<3>();
        Caller { address: IpAddr::V4(Ipv4Addr::new(127, a, b, c.max(2))), device: "souk demo".to_owned() }
    }

    /// Who is signed in, as a request would find out.
    async fn actor(&self, signed_in: &SignedIn) -> anyhow::Result<Actor> {
        let found = authenticate::by_session_token(&self.app, signed_in.token.reveal()).await?;
        found.context("a session that was just opened is not known")
    }

    /// The same person with what has become of the organisation meanwhile.
    pub async fn again(&self, actor: &Actor) -> anyhow::Result<Actor> {
        let kind = domain::identity::OrganisationKind::Seller;
        Ok(Actor { kind, ..actor.clone() })
    }
}
