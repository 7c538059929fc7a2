//! People for tests: organisations that signed up and persons who are signed in, made by the real use cases.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicU32, Ordering};

use app::identity::people::Invite;
use app::identity::{AcceptInvitation, Caller, Password, SignIn, SignUp, SignedIn, authenticate, first_operator};
use app::{App, AppError};
use domain::identity::{Actor, OrganisationKind, Role};
use domain::selling::{ApplicationForm, ApplicationState, SellerApplication};
use domain::text::Language;

use crate::World;

/// The password of everybody in a test world.
pub const PASSWORD: &str = "tall grey herons at dusk";

/// A signed-in person.
#[derive(Clone, Debug)]
pub struct Person {
    /// For use cases.
    pub actor: Actor,
    /// For requests: the session's token.
    pub token: String,
    /// The address that the person signs in with.
    pub email: String,
}

/// A caller whose network address nobody else in this process has, so that tests do not use up each other's tries.
pub fn caller() -> Caller {
    static NEXT: AtomicU32 = AtomicU32::new(0x0a00_0001);
    let address = IpAddr::V4(Ipv4Addr::from(NEXT.fetch_add(1, Ordering::Relaxed)));
    Caller { address, device: "Test browser".to_owned() }
}

async fn arrived(app: &App, signed_in: SignedIn, email: &str) -> Person {
    let token = signed_in.token.reveal().to_owned();
    let actor = authenticate::by_session_token(app, &token).await.expect("sessions can be read");
    Person { actor: actor.expect("a new session is alive"), token, email: email.to_owned() }
}

fn form(name: &str) -> (SignUp, String) {
    let email = format!("first@{}.example", name.to_lowercase().replace(' ', "-"));
    let form = SignUp {
        organisation_name: name.to_owned(),
        name: format!("First of {name}"),
        email: email.clone(),
        password: Password::new(PASSWORD),
        language: Language::English,
    };
    (form, email)
}

impl World {
    /// The administrator of a new customer organisation with this name; the address is `first@<name>.example`.
    pub async fn customer(&self, name: &str) -> Person {
        let (form, email) = form(name);
        let signed_in = form.run(&self.app, &caller()).await.expect("a good form signs up");
        arrived(&self.app, signed_in, &email).await
    }

    /// The administrator of a new organisation that may sell.
    pub async fn seller_named(&self, name: &str) -> Person {
        let person = self.customer(name).await;
        self.app
            .store
            .write::<_, _, AppError, _>(person.actor.organisation, |tx, id| {
                Box::pin(async move {
                    store::identity::organisations::set_kind(tx, id, OrganisationKind::Seller).await?;
                    Ok(())
                })
            })
            .await
            .expect("the organisation can be written");
        self.again(person).await
    }

    /// The seller's application as an operator approved it, with this address for its customers.
    pub async fn customer_service(&self, seller: &Person, email: &str) {
        let form = ApplicationForm {
            company_name: "Brightwell Software".to_owned(),
            support_email: email.to_owned(),
            ..ApplicationForm::default()
        };
        let now = self.app.now();
        let begun = SellerApplication::begin(self.app.id(), seller.actor.organisation, form, now);
        let state = ApplicationState::Approved { submitted_at: now, decided_at: now, decided_by: seller.actor.user };
        let input = (SellerApplication { state, ..begun }, self.app.vault.clone());
        let written = self.app.store.write::<_, _, AppError, _>(input, |tx, (application, vault)| {
            Box::pin(async move { Ok(store::selling::applications::insert(tx, &vault, &application).await?) })
        });
        written.await.expect("the seller has no application yet");
    }

    /// The administrator of the operator, who signs up by the first link. Once in a world.
    pub async fn operator(&self) -> Person {
        let token = first_operator::make_token(&self.app).await.expect("the link can be written");
        let token = token.expect("the world has no operator yet");
        let (form, email) = form("Harbour Market");
        let signed_in = first_operator::sign_up(&self.app, token.reveal(), form, &caller()).await;
        arrived(&self.app, signed_in.expect("the first link signs up"), &email).await
    }

    /// Another person in the organisation of this administrator, who came by invitation.
    pub async fn colleague(&self, administrator: &Person, role: Role) -> Person {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let email = format!("{}{number}@colleagues.example", role.code());
        let invite =
            Invite { name: format!("A {}", role.code()), email: email.clone(), role, language: Language::English };
        let link = invite.run(&self.app, &administrator.actor).await.expect("an administrator may invite");
        let accept = AcceptInvitation {
            token: link.token.reveal().to_owned(),
            name: format!("A {}", role.code()),
            password: Password::new(PASSWORD),
            language: Language::English,
        };
        let signed_in = accept.run(&self.app, &caller()).await.expect("a fresh invitation is good");
        arrived(&self.app, signed_in, &email).await
    }

    /// The same person as the world sees them now: after a change of role or kind, or of the clock.
    pub async fn again(&self, person: Person) -> Person {
        let actor = authenticate::by_session_token(&self.app, &person.token).await.expect("sessions can be read");
        Person { actor: actor.expect("the session is alive"), ..person }
    }

    /// A new session of a person who signs in with [`PASSWORD`].
    pub async fn sign_in(&self, email: &str) -> Result<Person, AppError> {
        let form = SignIn { email: email.to_owned(), password: Password::new(PASSWORD), replaces: None };
        let signed_in = form.run(&self.app, &caller()).await?;
        Ok(arrived(&self.app, signed_in, email).await)
    }
}
