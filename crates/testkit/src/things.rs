//! Things for tests that name a thing without caring how it came about: addresses, cases, products, applications. Where
//! the use case is short it is used; where it needs a whole journey, the row that it would leave is written.

use app::AppError;
use app::catalog::{Listing, ListingSpecification, add_specification, begin_draft, import_listing};
use app::selling::addresses::AddAddress;
use app::selling::applications::SaveDraft;
use app::selling::debugger::{self, SaveCase, SendSample, Sent};
use domain::catalog::{
    ApplicationKind, ApplicationState, Category, DeliveryMethod, LocalisedList, ReleaseApplication, Supervision,
    SupportContact,
};
use domain::ids::{
    DebugCaseId, DebugRunId, Id as _, InterfaceAddressId, NoticeId, ProductId, ReleaseApplicationId,
    SellerApplicationId, SpecificationId,
};
use domain::money::{Currency, Money};
use domain::pricing::Prices;
use domain::selling::{Activity, ApplicationForm, SellerAgreement};
use domain::text::Localised;
use domain::time::SignedDuration;
use ports::OutgoingCall;

use crate::{Person, ScriptedSeller, World};

fn both(text: &str) -> Localised {
    Localised { en: Some(text.to_owned()), zh: Some(text.to_owned()) }
}

/// A seller's system that opens every instance at once.
pub fn honest(call: &OutgoingCall) -> String {
    let body: serde_json::Value = serde_json::from_slice(&call.body).unwrap_or_default();
    let said = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let mut answer = serde_json::json!({ "resultCode": "000000", "resultMsg": "success." });
    match said("activity").as_str() {
        "newInstance" => answer["instanceId"] = said("businessId").into(),
        "queryInstance" => {
            answer["info"] = serde_json::json!([{ "instanceId": said("instanceId"), "appInfo": {
                "frontEndUrl": "https://app.example.com/", "userName": "admin", "password": "Init-Pass-1" } }]);
        }
        _ => {}
    }
    answer.to_string()
}

impl World {
    /// A word that was not used before.
    fn unique(&self) -> String {
        self.app.id::<NoticeId>().to_string().replace("ntc_", "x")
    }

    /// A production address of this seller.
    pub async fn interface_address(&self, seller: &Person) -> InterfaceAddressId {
        let ask = AddAddress {
            url: format!("https://{}.example.com/produce", self.unique()),
            access_key: "kg-test-access-key-0001".to_owned(),
            ..AddAddress::default()
        };
        self.app.add_interface_address(&seller.actor, ask).await.expect("a good address").id
    }

    async fn debugged(&self, seller: &Person) -> Sent {
        // A seller sends so many calls an hour.
        self.clock.advance(SignedDuration::from_mins(3));
        self.seller.will(|call| Ok(ScriptedSeller::json(200, &honest(call))));
        let address = self.interface_address(seller).await;
        let bench = debugger::bench(&self.app, &seller.actor, address).await.expect("it was just made");
        let activity = Activity::NewInstance;
        let values = debugger::invented(&self.app, &bench, activity);
        let ask = SendSample { address, activity, values, save: SaveCase::Named("a case".to_owned()) };
        self.app.send_debug_sample(&seller.actor, ask).await.expect("the seller's system answers")
    }

    /// A saved debugging case of this seller.
    pub async fn debug_case(&self, seller: &Person) -> DebugCaseId {
        self.debugged(seller).await.saved.expect("every check passed")
    }

    /// A run of the debugger of this seller.
    pub async fn debug_run(&self, seller: &Person) -> DebugRunId {
        self.debugged(seller).await.run.id
    }

    /// A submitted application of a new customer.
    pub async fn seller_application(&self) -> SellerApplicationId {
        let applicant = self.customer(&self.unique()).await;
        self.papers(&applicant).await;
        let ask = SaveDraft { form: application_form(), known_revision: None };
        self.app.submit_seller_application(&applicant.actor, ask).await.expect("the form holds").id
    }

    /// A draft of this seller, with one specification.
    pub async fn draft(&self, seller: &Person) -> (ProductId, SpecificationId) {
        let id = begin_draft(&self.app, &seller.actor, DeliveryMethod::Saas).await.expect("a seller may");
        let added = add_specification(&self.app, &seller.actor, id, Vec::new()).await;
        (id, added.expect("a new draft has room"))
    }

    /// A signed report beside the product's draft.
    pub async fn report(&self, seller: &Person, product: ProductId) {
        let file = crate::signed_report("https://saas.example.com/produce", self.app.now(), 1);
        app::catalog::attach_report(&self.app, &seller.actor, product, file).await.expect("a good report");
    }

    /// A product of this seller that is on sale.
    pub async fn listed_product(&self, seller: &Person) -> ProductId {
        let address = self.interface_address(seller).await;
        let price = Some(Money::new(900, Currency::USD));
        let specification = ListingSpecification {
            name: both("Team"),
            summary: None,
            unit: None,
            prices: Prices::new(price, None, None).expect("one price is enough"),
            trial: None,
        };
        let listing = Listing {
            seller: seller.actor.organisation,
            slug: format!("granary-{}", self.unique()),
            delivery: DeliveryMethod::Saas,
            name: both("Granary Backup"),
            version: "V1.0".parse().expect("a version"),
            category: Category::ALL.first().copied().expect("there are categories"),
            overview: both("Backups that are tried."),
            highlights: LocalisedList { en: vec!["Tried daily".to_owned()], zh: vec!["每日演练".to_owned()] },
            description: both("Backups of databases, and a restore drill every day."),
            guide: both("Open the page and add a database."),
            supervision: Supervision::None,
            interface_address: Some(address),
            handed_over: Vec::new(),
            specifications: vec![specification],
            agreement: both("Fair use."),
            support: SupportContact { email: Some("help@granary.example".to_owned()), phone: None, hours: None },
            contact_link: None,
            logo: None,
        };
        import_listing(&self.app, listing).await.expect("a good listing")
    }

    /// A change of a listed product of this seller that waits for the operator.
    pub async fn submitted_release(&self, seller: &Person) -> ReleaseApplicationId {
        let product = self.listed_product(seller).await;
        self.report(seller, product).await;
        let (actor, now) = (seller.actor.clone(), self.app.now());
        let id = ReleaseApplicationId::make(now, self.app.random());
        self.app
            .store
            .write::<_, _, AppError, _>((id, product, actor, now), |tx, (id, product, actor, now)| {
                Box::pin(async move {
                    let there = store::catalog::products::find(tx, product).await?.expect("it was just listed");
                    let application = ReleaseApplication {
                        id,
                        product,
                        seller: actor.organisation,
                        kind: ApplicationKind::Modify,
                        release: there.release.expect("it is on sale"),
                        cases_replayed: 0,
                        submitted_by: actor.user,
                        submitted_at: now,
                        due_at: now + SignedDuration::from_hours(72),
                        state: ApplicationState::Pending { claim: None },
                    };
                    store::catalog::release_applications::insert(tx, &application).await?;
                    store::catalog::debug_reports::carry(tx, id, product).await?;
                    Ok(())
                })
            })
            .await
            .expect("the row can be written");
        id
    }
}

/// A form that holds.
pub fn application_form() -> ApplicationForm {
    let text = str::to_owned;
    ApplicationForm {
        company_name: text("Kestrel Freight"),
        website: text("https://kestrel.example"),
        years_in_business: text("3-5"),
        employees: text("5-49"),
        registered_capital: text("CNY 5,000,000"),
        licence_number: text("91310000MA1K00000X"),
        contact_name: text("Lin Wei"),
        contact_mobile: text("+86 138 0000 0000"),
        contact_email: text("lin@kestrel.example"),
        country: text("China"),
        province: text("Shanghai"),
        city: text("Shanghai"),
        street: text("8 Century Avenue"),
        postcode: text("200120"),
        support_phone: text("+86 21 0000 0000"),
        support_email: text("help@kestrel.example"),
        introduction: text("We plan the routes of small freight companies, and have done so since 2021."),
        agreed: SellerAgreement::ALL.map(|agreement| text(agreement.code())).to_vec(),
    }
}
