//! Products for tests, from an empty draft to the market, made by the real use cases.

use std::sync::atomic::{AtomicU32, Ordering};

use app::catalog::{
    Listing, ListingSpecification, add_specification, begin_draft, import_listing, save_fields, submit_release,
};
use app::selling::addresses::AddAddress;
use app::selling::debugger::{self, SaveCase, SendSample};
use domain::catalog::{
    Category, DeliveryMethod, Field, LocalisedList, PersonalField, SpecificationField, Supervision, SupportContact,
};
use domain::identity::OrganisationKind;
use domain::ids::{InterfaceAddressId, ProductId, ReleaseApplicationId, SpecificationId};
use domain::money::Money;
use domain::pricing::{Prices, TrialDays};
use domain::selling::{BillingMode, DomainProof, ProtocolVersion, required_activities};
use domain::text::Localised;

use crate::things::honest;
use crate::{Person, ScriptedSeller, World};

/// A product in the market.
#[derive(Clone, Debug)]
pub struct ListedProduct {
    /// The product.
    pub id: ProductId,
    /// Its part of the page address.
    pub slug: String,
    /// Its one specification: USD 9.00 a month, 90.00 a year, 14 days of trial.
    pub specification: SpecificationId,
}

/// A number that no other thing of this process has.
fn next() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Words enough for a description.
pub fn long_text() -> String {
    "A backup that was never opened is a hope, not a backup. ".repeat(9)
}

impl World {
    /// Every seller's system does everything right from now on.
    pub fn sellers_are_honest(&self) {
        self.seller.will(|call| Ok(ScriptedSeller::json(200, &honest(call))));
    }

    /// The person, freshly signed in, when the organisation sells; else the first of a new one that does.
    pub async fn selling(&self, person: &Person) -> Person {
        match person.actor.kind {
            OrganisationKind::Seller => self.sign_in(&person.email).await.expect("everybody has the same password"),
            OrganisationKind::Customer | OrganisationKind::Operator => {
                self.seller_named(&format!("Stand-in {}", next())).await
            }
        }
    }

    /// The domain of an address is the seller's own, as if the file had been found.
    pub async fn prove_domain(&self, seller: &Person, address: InterfaceAddressId) {
        let view = app::selling::prove_domain::domain_proof(&self.app, &seller.actor, address).await;
        let proof = DomainProof {
            proven_at: Some(self.app.now()),
            last_failure: None,
            ..view.expect("the address may be called").proof
        };
        self.app
            .store
            .write::<_, _, app::AppError, _>(proof, |tx, proof| {
                Box::pin(async move { Ok(store::selling::proofs::save(tx, &proof).await?) })
            })
            .await
            .expect("the row can be written");
    }

    /// An interface address of a proven domain with a saved case of every required activity.
    pub async fn debugged_address(&self, seller: &Person) -> InterfaceAddressId {
        self.sellers_are_honest();
        let seller = self.sign_in(&seller.email).await.expect("everybody has the same password");
        let ask = AddAddress {
            url: format!("https://saas.example.com/produce/{}", next()),
            access_key: "kg-test-access-key-0001".to_owned(),
            ..AddAddress::default()
        };
        let address = self.app.add_interface_address(&seller.actor, ask).await.expect("a good address");
        self.prove_domain(&seller, address.id).await;
        for activity in required_activities(ProtocolVersion::V2, BillingMode::Period).iter().copied() {
            let bench = debugger::bench(&self.app, &seller.actor, address.id).await.expect("there");
            let values = debugger::invented(&self.app, &bench, activity);
            let save = SaveCase::Named(activity.code().to_owned());
            let ask = SendSample { address: address.id, activity, values, save };
            let sent = self.app.send_debug_sample(&seller.actor, ask).await.expect("it is sent");
            assert!(sent.saved.is_some(), "an honest answer to {} passes", activity.code());
        }
        address.id
    }

    /// A draft that lacks nothing, with one specification.
    pub async fn full_draft(&self, seller: &Person, name: &str) -> ProductId {
        let address = self.debugged_address(seller).await;
        let product = begin_draft(&self.app, &seller.actor, DeliveryMethod::Saas).await.expect("sellers begin drafts");
        let description = long_text();
        let fields = [
            (Field::NameEn, name),
            (Field::NameZh, "谷仓备份"),
            (Field::Version, "V4.2"),
            (Field::Category, Category::Backup.code()),
            (Field::OverviewEn, "Hourly database backups that are opened and checked."),
            (Field::OverviewZh, "每小时备份数据库，并每周演练恢复。"),
            (Field::HighlightsEn, "Weekly restore test\nYour own key"),
            (Field::DescriptionEn, &description),
            (Field::GuideEn, "Open the app from My apps and sign in."),
            (Field::Supervision, Supervision::None.code()),
            (Field::InterfaceAddress, &address.to_string()),
            (Field::HandedOver, PersonalField::Email.code()),
            (Field::AgreementEn, "We keep copies for 30 days after you leave."),
            (Field::SupportEmail, "help@granary.example"),
            (Field::SupportPhone, "+65 6123 4567"),
            (Field::SupportHoursEn, "Monday to Friday, 08:00 to 20:00"),
            (Field::Visibility, "public"),
        ];
        let fields = fields.map(|(field, text)| (field, text.to_owned())).to_vec();
        save_fields(&self.app, &seller.actor, product, fields).await.expect("a draft may be saved");
        let fields = [
            (SpecificationField::NameEn, "Starter"),
            (SpecificationField::Month, "9"),
            (SpecificationField::Year, "90"),
            (SpecificationField::TrialDays, "14"),
        ];
        let fields = fields.map(|(field, text)| (field, text.to_owned())).to_vec();
        add_specification(&self.app, &seller.actor, product, fields).await.expect("a draft takes one");
        product
    }

    /// A product that waits for the operator.
    pub async fn submitted(&self, seller: &Person, name: &str) -> ReleaseApplicationId {
        let seller = self.selling(seller).await;
        let product = self.full_draft(&seller, name).await;
        submit_release(&self.app, &seller.actor, product).await.expect("the draft lacks nothing")
    }

    /// A product in the market, without the way there.
    pub async fn listed(&self, seller: &Person, name: &str) -> ListedProduct {
        let address = self.debugged_address(seller).await;
        let both = |en: &str, zh: &str| Localised { en: Some(en.to_owned()), zh: Some(zh.to_owned()) };
        let currency = self.app.settings.site.currency;
        let prices = Prices::new(Some(Money::new(900, currency)), Some(Money::new(9_000, currency)), None);
        let slug = domain::catalog::slug_of(name).expect("tests use Latin names");
        let listing = Listing {
            seller: seller.actor.organisation,
            slug: slug.clone(),
            delivery: DeliveryMethod::Saas,
            name: both(name, "谷仓备份"),
            version: "V4.2".parse().expect("a version"),
            category: Category::Backup,
            overview: both("Hourly database backups that are opened and checked.", "每小时备份数据库。"),
            highlights: LocalisedList::default(),
            description: both(&long_text(), "备份"),
            guide: both("Open the app from My apps.", "在“我的应用”中打开。"),
            supervision: Supervision::None,
            interface_address: Some(address),
            handed_over: vec![PersonalField::Email],
            specifications: vec![ListingSpecification {
                name: both("Starter", "入门版"),
                summary: None,
                unit: Some(both("per database", "每个数据库")),
                prices: prices.expect("one currency"),
                trial: TrialDays::new(14),
            }],
            agreement: both("We keep copies for 30 days after you leave.", "退订后保留备份30天。"),
            support: SupportContact::default(),
            contact_link: None,
            logo: None,
        };
        let id = import_listing(&self.app, listing).await.expect("a good listing");
        let view = app::catalog::show_product_by_id(&self.app, id, domain::text::Language::English).await;
        let view = view.expect("it was just listed");
        let specification = view.plans.first().expect("it has one").specification.id;
        ListedProduct { id, slug: view.slug.expect("listed products have one"), specification }
    }
}
