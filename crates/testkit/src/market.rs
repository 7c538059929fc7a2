//! Something to buy, for tests that are not about how it came to be on sale: a listed product with an interface address and
//! a sealed quote, written straight into the tables.

use app::AppError;
use domain::catalog::{
    Category, DeliveryMethod, LocalisedList, PersonalField, Product, ProductState, Release, Specification, Supervision,
    SupportContact, Visibility,
};
use domain::ids::{InterfaceAddressId, ProductId, QuoteId, SpecificationId};
use domain::money::{Currency, Money};
use domain::ordering::PersonalData;
use domain::pricing::{Prices, Purchase, Quote, QuoteRequest, TrialDays, quote};
use domain::quantity::{Count, Period};
use domain::selling::{EncryptType, InterfaceAddress, KeyHint, OrderNotices, ProductInfoForm, ProtocolVersion};
use domain::text::Localised;

use app::ordering::PlaceOrder;

use crate::World;
use crate::people::Person;

/// A product on sale for USD 19.00 a month, USD 190.00 a year, with a trial of 14 days.
#[derive(Clone, Debug)]
pub struct Offering {
    /// What is bought.
    pub specification: SpecificationId,
    /// Of which product.
    pub product: Product,
    /// What it costs.
    pub prices: Prices,
    /// Where the seller's system answers.
    pub address: InterfaceAddressId,
    /// The version of the agreement that a buyer accepts.
    pub agreement: String,
}

/// The access key of every offering's address.
pub const ACCESS_KEY: &str = "kg-test-access-key-0001";

fn said(en: &str, zh: &str) -> Localised {
    Localised { en: Some(en.to_owned()), zh: Some(zh.to_owned()) }
}

/// US dollars, in cents.
pub fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn release(specification: SpecificationId, prices: Prices, address: InterfaceAddressId) -> Release {
    Release {
        name: said("Granary Backup", "谷仓备份"),
        version: "V1.0".parse().expect("a version"),
        category: Category::ALL[0],
        overview: said("Backs up databases.", "备份数据库。"),
        highlights: LocalisedList::default(),
        logo: None,
        description: said("It backs up databases.", "它备份数据库。"),
        guide: said("Open it.", "打开即可。"),
        delivery: DeliveryMethod::Saas,
        supervision: Supervision::None,
        interface_address: Some(address),
        handed_over: vec![PersonalField::Email],
        specifications: vec![Specification {
            id: specification,
            name: said("Team", "团队版"),
            summary: None,
            unit: None,
            prices,
            trial: TrialDays::new(14),
            visibility: Visibility::Public,
        }],
        agreement: said("Be kind.", "请友善。"),
        support: SupportContact {
            email: Some("help@brightwell.example".to_owned()),
            phone: None,
            hours: Some(said("Mondays to Fridays, 9 to 18", "周一至周五 9:00–18:00")),
        },
        visibility: Visibility::Public,
        contact_link: None,
        search_title: None,
        search_description: None,
    }
}

impl World {
    /// A product of this seller, listed.
    pub async fn on_sale(&self, seller: &Person) -> Offering {
        self.on_sale_speaking(seller, ProtocolVersion::V2).await
    }

    /// The same, of a system that speaks this version of the protocol.
    pub async fn on_sale_speaking(&self, seller: &Person, protocol: ProtocolVersion) -> Offering {
        let now = self.app.now();
        let (product, specification, address): (ProductId, SpecificationId, InterfaceAddressId) =
            (self.app.id(), self.app.id(), self.app.id());
        let prices = Prices::new(Some(usd(1_900)), Some(usd(19_000)), None).expect("two prices");
        let release = release(specification, prices, address);
        let agreement = domain::catalog::Agreement { text: release.agreement.clone() }.version_hash();
        let interface = InterfaceAddress {
            id: address,
            seller: seller.actor.organisation,
            url: format!("https://saas.example.com/{product}"),
            sealed_key: app::selling::seal_key(&self.app, address, ACCESS_KEY),
            key_hint: KeyHint::of_key(ACCESS_KEY),
            protocol,
            body_sign: protocol.default_body_sign(),
            created_at: now,
            key_set_at: now,
            retiring: None,
            notice_key: None,
            licence_key: None,
            joint_key: None,
            order_notices: OrderNotices::Off,
            encrypt_type: EncryptType::default(),
            product_info: ProductInfoForm::default(),
        };
        let product = Product {
            slug: Some(format!("granary-{}", &product.to_string()[30..])),
            state: ProductState::Listed { listed_at: now, visibility: Visibility::Public },
            release: Some(release.clone()),
            ..Product::begin(product, seller.actor.organisation, DeliveryMethod::Saas, now)
        };
        self.app
            .store
            .write::<_, _, AppError, _>((interface, product.clone(), release), |tx, (interface, product, release)| {
                Box::pin(async move {
                    store::selling::addresses::insert(tx, &interface).await?;
                    store::catalog::products::insert(tx, &product).await?;
                    store::catalog::specifications::replace(tx, product.id, &release, product.created_at).await?;
                    Ok(())
                })
            })
            .await
            .expect("an empty marketplace takes a product");
        Offering { specification, product, prices, address, agreement }
    }

    /// Another price from now on, as if a changed release had been approved.
    pub async fn reprice(&self, offering: &Offering, prices: Prices) {
        let mut release = offering.product.release.clone().expect("it is listed");
        release.specifications.iter_mut().for_each(|specification| specification.prices = prices);
        let input = (offering.product.id, release, self.app.now());
        self.app
            .store
            .write::<_, _, AppError, _>(input, |tx, (product, release, now)| {
                Box::pin(async move { Ok(store::catalog::specifications::replace(tx, product, &release, now).await?) })
            })
            .await
            .expect("specifications can be changed");
    }

    /// The sealed price of one month of `count` pieces, kept from now on.
    pub fn quoted(&self, offering: &Offering, count: u32) -> (Quote, String) {
        self.sealed(offering, (Period::Month, count), Purchase::Paid)
    }

    /// The sealed price of `count` pieces for good.
    pub fn quoted_once(&self, offering: &Offering, count: u32) -> (Quote, String) {
        self.sealed(offering, (Period::Once, count), Purchase::Paid)
    }

    /// The sealed trial.
    pub fn quoted_trial(&self, offering: &Offering) -> (Quote, String) {
        let days = TrialDays::new(14).expect("14 days are allowed");
        self.sealed(offering, (Period::Month, 1), Purchase::Trial { days })
    }

    fn sealed(&self, offering: &Offering, (period, count): (Period, u32), purchase: Purchase) -> (Quote, String) {
        let request = QuoteRequest {
            specification: offering.specification,
            period,
            count: Count::new(count).expect("the test stays in range"),
            periods: 1,
            purchase,
        };
        let made = quote(self.app.id::<QuoteId>(), request, &offering.prices, self.app.now()).expect("a price");
        let text = serde_json::to_string(&made).expect("a quote is plain data");
        (made, self.app.vault.sign("quote", &text))
    }

    /// What a buyer sends to order a sealed quote, with everything agreed to.
    pub fn order_form(&self, offering: &Offering, sealed: String, client_key: &str) -> PlaceOrder {
        PlaceOrder {
            client_key: client_key.to_owned(),
            quote: sealed,
            agreement: Some(offering.agreement.clone()),
            personal_data: PersonalData::Agreed,
        }
    }
}
