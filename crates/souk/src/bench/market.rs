//! What a benchmark measures on: a market put into an empty storage through the same use cases that people use, before
//! the process that is measured starts.
//!
//! *The catalogue* is the demo's, multiplied: each product for many trades and regions, so that ten thousand products
//! have names, texts and prices like real ones, and words that are common and rare.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use app::catalog::{Listing, ListingSpecification, import_listing};
use app::identity::{Caller, Password, SignUp, api_keys, authenticate, first_operator};
use app::ledger::TopUp;
use app::{App, Parts};
use domain::catalog::{LocalisedList, Offer, Supervision, SupportContact};
use domain::identity::{Actor, Organisation, OrganisationKind};
use domain::ids::{InterfaceAddressId, OrganisationId};
use domain::money::{Currency, Money};
use domain::pricing::Prices;
use domain::selling::{
    BodySignPolicy, EncryptType, InterfaceAddress, KeyHint, OrderNotices, ProductInfoForm, ProtocolVersion,
};
use domain::text::{Language, Localised};
use ports::{IndexChange, SearchAnswer, SearchFailure, SearchIndex, SearchRequest, Suggestion};
use tokio::task::JoinSet;

use super::client::Credentials;
use crate::config::Config;
use crate::demo::catalogue::{Both, Catalogue, Product};
use crate::wiring;

/// For whom a product is made, in both languages.
const TRADES: [(&str, &str); 20] = [
    ("Logistics", "物流"),
    ("Retail", "零售"),
    ("Hospitals", "医院"),
    ("Schools", "学校"),
    ("Banks", "银行"),
    ("Law Firms", "律所"),
    ("Bakeries", "烘焙"),
    ("Shipyards", "船厂"),
    ("Farms", "农场"),
    ("Museums", "博物馆"),
    ("Hotels", "酒店"),
    ("Airports", "机场"),
    ("Game Studios", "游戏工作室"),
    ("Printers", "印刷"),
    ("Pharmacies", "药店"),
    ("City Councils", "市政"),
    ("Insurers", "保险"),
    ("Power Plants", "电厂"),
    ("Publishers", "出版"),
    ("Laboratories", "实验室"),
];

/// Where it is run.
const REGIONS: [(&str, &str); 15] = [
    ("Nordic", "北欧"),
    ("Baltic", "波罗的海"),
    ("Alpine", "阿尔卑斯"),
    ("Iberian", "伊比利亚"),
    ("Levant", "黎凡特"),
    ("Andean", "安第斯"),
    ("Pacific", "太平洋"),
    ("Yangtze", "长江"),
    ("Pearl River", "珠江"),
    ("Danube", "多瑙河"),
    ("Sahel", "萨赫勒"),
    ("Caspian", "里海"),
    ("Great Lakes", "五大湖"),
    ("Gulf", "海湾"),
    ("Highland", "高地"),
];

/// What a market is to hold.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// How many products.
    pub products: u32,
    /// The seller's system that delivers them, with the key of its address.
    pub seller: Option<(SocketAddr, &'a str)>,
}

/// Opens the storage of a configuration without an index: it is thrown away before anybody searches.
pub async fn open(config: &Config) -> Result<App> {
    let app = wiring::open(config).await?;
    Ok(App::new(Parts {
        store: app.store.clone(),
        clock: app.clock.clone(),
        chance: app.chance.clone(),
        vault: app.vault.clone(),
        seller_link: app.seller_link.clone(),
        reports: Arc::new(conformance::kit::KitReports),
        mailer: app.mailer.clone(),
        search: Arc::new(Unindexed),
        settings: app.settings.clone(),
        job_bell: app.job_bell.clone(),
        password_pool: app.password_pool.clone(),
    }))
}

/// Lists the wanted products; answers their seller.
pub async fn fill(app: &App, wanted: Wanted<'_>) -> Result<OrganisationId> {
    let catalogue = Catalogue::read()?;
    let seller = Organisation {
        id: app.id::<OrganisationId>(),
        kind: OrganisationKind::Seller,
        name: "Brightwell Systems".to_owned(),
        created_at: app.now(),
    };
    let id = seller.id;
    let address = wanted.seller.map(|(system, key)| address(app, id, system, key));
    let address_id = address.as_ref().map(|address| address.id);
    app.store
        .write::<_, _, app::AppError, _>((seller, address), |tx, (seller, address)| {
            Box::pin(async move {
                store::identity::organisations::insert(tx, &seller).await?;
                if let Some(address) = address {
                    store::selling::addresses::insert(tx, &address).await?;
                }
                Ok(())
            })
        })
        .await?;
    let mut running = JoinSet::new();
    for number in 0..wanted.products {
        let listing = listing(&catalogue, id, address_id, number)?;
        let app = app.clone();
        running.spawn(async move { import_listing(&app, listing).await });
        // As many at once as one durable commit takes on.
        if running.len() >= 64 {
            running.join_next().await.context("an import")???;
        }
    }
    while let Some(done) = running.join_next().await {
        done??;
    }
    Ok(id)
}

/// The production address of a seller whose system is at `system`.
pub fn address(app: &App, seller: OrganisationId, system: SocketAddr, key: &str) -> InterfaceAddress {
    let id = app.id::<InterfaceAddressId>();
    InterfaceAddress {
        id,
        seller,
        url: format!("http://{system}/produce"),
        sealed_key: app::selling::seal_key(app, id, key),
        retiring: None,
        notice_key: None,
        licence_key: None,
        joint_key: None,
        order_notices: OrderNotices::Off,
        encrypt_type: EncryptType::default(),
        product_info: ProductInfoForm::default(),
        key_hint: KeyHint::of_key(key),
        protocol: ProtocolVersion::V2,
        body_sign: BodySignPolicy::IfPresent,
        created_at: app.now(),
        key_set_at: app.now(),
    }
}

/// The product of this number: the demo's catalogue, for another trade and region each time.
fn listing(
    catalogue: &Catalogue,
    seller: OrganisationId,
    interface_address: Option<InterfaceAddressId>,
    number: u32,
) -> Result<Listing> {
    let place = usize::try_from(number)?;
    let sold: Vec<&Product> = catalogue.products.iter().filter(|product| !product.plans.is_empty()).collect();
    let product = sold.get(place % sold.len()).context("the demo's catalogue is empty")?;
    let round = place / sold.len();
    let (trade, region) = (TRADES[round % TRADES.len()], REGIONS[round / TRADES.len() % REGIONS.len()]);
    let with = |both: &Both, en: String, zh: String| Localised {
        en: Some(format!("{}{en}", both.en)),
        zh: Some(format!("{}{zh}", both.zh)),
    };
    let same = |both: &Both| with(both, String::new(), String::new());
    let price = |minor: Option<i64>| minor.map(|minor| Money::new(minor + i64::from(number % 50) * 10, Currency::USD));
    let mut specifications = Vec::new();
    for plan in &product.plans {
        specifications.push(ListingSpecification {
            name: same(&plan.name),
            summary: Some(same(&plan.about)),
            unit: Some(same(&plan.unit)),
            prices: Prices::new(price(plan.monthly), price(plan.yearly), price(plan.one_time))
                .map_err(|error| anyhow!("{}: {error}", product.slug))?,
            trial: None,
        });
    }
    Ok(Listing {
        seller,
        slug: format!("{}-{number}", product.slug),
        delivery: if interface_address.is_some() { domain::catalog::DeliveryMethod::Saas } else { product.method },
        name: with(&product.name, format!(" for {}, {}", trade.0, region.0), format!("{}版·{}", trade.1, region.1)),
        version: product.version.parse().map_err(|_| anyhow!("{} is no version", product.version))?,
        category: product.category.parse().map_err(|_| anyhow!("{} is no category", product.category))?,
        overview: same(&product.value),
        highlights: LocalisedList { en: product.highlights.en.clone(), zh: product.highlights.zh.clone() },
        description: with(&product.about, format!(" Made for {}.", trade.0), format!("专为{}打造。", trade.1)),
        guide: same(&product.value),
        supervision: Supervision::None,
        interface_address,
        handed_over: Vec::new(),
        specifications,
        agreement: same(&product.value),
        support: SupportContact { email: Some("help@example.com".to_owned()), phone: None, hours: None },
        contact_link: None,
        logo: None,
    })
}

/// An operator, and one customer with a full purse.
pub async fn buyer(app: &App) -> Result<Actor> {
    let token = first_operator::make_token(app).await?.context("there is an operator already")?;
    let opened = first_operator::sign_up(app, token.reveal(), form(0), &caller(0)).await?;
    let operator = actor(app, opened.token.reveal()).await?;
    let opened = form(1).run(app, &caller(1)).await?;
    let buyer = actor(app, opened.token.reveal()).await?;
    fill_purse(app, &operator, &buyer).await?;
    Ok(buyer)
}

async fn fill_purse(app: &App, operator: &Actor, customer: &Actor) -> Result<()> {
    let top_up = TopUp {
        organisation: customer.organisation,
        amount: "9000000.00".to_owned(),
        note: "for a benchmark".to_owned(),
        key: "benchmark".to_owned(),
    };
    top_up.run(app, operator).await?;
    Ok(())
}

/// An operator, and customers with a full purse and an access key each.
pub async fn customers(app: &App, count: u32) -> Result<Vec<Credentials>> {
    let token = first_operator::make_token(app).await?.context("there is an operator already")?;
    let operator = form(0);
    let opened = first_operator::sign_up(app, token.reveal(), operator, &caller(0)).await?;
    let operator = actor(app, opened.token.reveal()).await?;
    let mut all = Vec::new();
    for number in 1..=count {
        let opened = form(number).run(app, &caller(number)).await?;
        let customer = actor(app, opened.token.reveal()).await?;
        let made = api_keys::make(app, &customer, "benchmark").await?;
        all.push(Credentials::new(&made.key.access_key.to_string(), made.secret.reveal()));
        fill_purse(app, &operator, &customer).await?;
    }
    Ok(all)
}

/// What is on sale first.
pub async fn first_offer(app: &App) -> Result<Offer> {
    let offer = app
        .store
        .read::<_, _, app::AppError, _>((), |tx, ()| {
            Box::pin(async move {
                let row = tx.query_one("SELECT id FROM specifications ORDER BY id LIMIT 1", Vec::new()).await?;
                let id: String = row.get("id")?;
                let id = id.parse().map_err(|_| app::AppError::Internal("an odd id".to_owned()))?;
                Ok(store::catalog::offer(tx, id).await?)
            })
        })
        .await?;
    offer.context("nothing is on sale")
}

/// How many orders were delivered, on a storage that nobody else has open.
pub async fn delivered(config: &Config) -> Result<u64> {
    let app = open(config).await?;
    let count = app
        .store
        .read::<_, _, app::AppError, _>((), |tx, ()| {
            Box::pin(async move {
                let sql = "SELECT COUNT(*) AS delivered FROM orders WHERE state = 'completed'";
                Ok(tx.query_one(sql, Vec::new()).await?.get::<i64>("delivered")?)
            })
        })
        .await?;
    app.store.close().await;
    Ok(u64::try_from(count)?)
}

fn form(number: u32) -> SignUp {
    SignUp {
        organisation_name: format!("Customer {number}"),
        name: format!("Person {number}"),
        email: format!("person{number}@example.com"),
        password: Password::new("tall grey herons at dusk"),
        language: Language::English,
    }
}

fn caller(number: u32) -> Caller {
    Caller { address: from_address(number), device: "benchmark".to_owned() }
}

async fn actor(app: &App, token: &str) -> Result<Actor> {
    authenticate::by_session_token(app, token).await?.context("a session that was just opened")
}

/// Where a customer of a benchmark comes from: each from an address of its own.
fn from_address(number: u32) -> IpAddr {
    let [.., high, low] = number.to_be_bytes();
    IpAddr::V4(Ipv4Addr::new(127, 2, high, low))
}

/// No index: the market is filled first and indexed by the process that is measured.
struct Unindexed;

impl SearchIndex for Unindexed {
    fn apply(&self, _: Vec<IndexChange>) -> Result<(), SearchFailure> {
        Ok(())
    }

    fn search(&self, _: &SearchRequest) -> Result<SearchAnswer, SearchFailure> {
        Err(SearchFailure("nobody searches while a market is filled".to_owned()))
    }

    fn suggest(&self, _: &str, _: Language, _: usize) -> Vec<Suggestion> {
        Vec::new()
    }
}
