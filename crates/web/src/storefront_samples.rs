//! A product for samples of pages. Not shipped.

use app::catalog::{PlanView, ProductView, render_markdown};
use domain::catalog::{
    Category, DeliveryMethod, LocalisedList, PersonalField, Release, Specification, Supervision, SupportContact,
    Visibility,
};
use domain::ids::{Id as _, InterfaceAddressId, ProductId, SpecificationId};
use domain::money::{Currency, Money};
use domain::pricing::{Prices, TrialDays};
use domain::text::{Language, Localised};
use domain::time::Timestamp;

fn both(en: &str, zh: &str) -> Localised {
    Localised { en: Some(en.to_owned()), zh: Some(zh.to_owned()) }
}

/// A complete release; strangers' words hold markup.
pub(crate) fn release() -> Release {
    let usd = |minor| Some(Money::new(minor, Currency::USD));
    let plan = |id, name: &str, prices: Prices, trial| Specification {
        id: SpecificationId::from_u128(id),
        name: both(name, "团队版"),
        summary: Some(both("Hourly copies, kept 35 days <script>", "每小时备份")),
        unit: Some(both("per database", "每个数据库")),
        prices,
        trial: TrialDays::new(trial),
        visibility: Visibility::Public,
    };
    let prices = |month, year, once| Prices::new(month, year, once).expect("the sample's prices are fine");
    Release {
        name: both("Granary <script>", "粮仓备份"),
        version: "V4.2".parse().expect("a version"),
        category: Category::Backup,
        overview: Localised { en: Some("Hourly database backups.".to_owned()), zh: None },
        highlights: LocalisedList { en: vec!["Weekly restore test <b>".to_owned()], zh: Vec::new() },
        logo: None,
        description: both("# What\n\nA **backup** <script>alert(1)</script>", "备份"),
        guide: both("Open the app.", "打开应用。"),
        delivery: DeliveryMethod::Saas,
        supervision: Supervision::None,
        interface_address: Some(InterfaceAddressId::from_u128(7)),
        handed_over: vec![PersonalField::Email],
        specifications: vec![
            plan(1, "Starter", prices(usd(900), usd(9_000), None), 14),
            plan(2, "For ever", prices(None, None, usd(90_000)), 0),
        ],
        agreement: both("We keep copies for 30 days.", "保留备份30天。"),
        support: SupportContact {
            email: Some("help@granary.example".to_owned()),
            phone: Some("+65 6123 4567".to_owned()),
            hours: Some(both("Monday to Friday", "周一至周五")),
        },
        visibility: Visibility::Public,
        contact_link: None,
        search_title: None,
        search_description: None,
    }
}

/// The same as a product page shows it.
pub(crate) fn product_view(language: Language) -> ProductView {
    let release = release();
    let rendered = |text: &Localised| (render_markdown(text.say(language)), language);
    let plan = |one: &Specification| PlanView { first: one.prices.first(), specification: one.clone() };
    ProductView {
        id: ProductId::from_u128(1),
        slug: Some("granary-backup".to_owned()),
        plans: release.specifications.iter().map(plan).collect(),
        description: rendered(&release.description),
        guide: rendered(&release.guide),
        agreement: rendered(&release.agreement),
        seller_name: "Brightwell <script>".to_owned(),
        seller_since: Timestamp::UNIX_EPOCH,
        seller_products: 3,
        logo_hash: None,
        reviewed_at: Some(Timestamp::UNIX_EPOCH),
        changed_at: Timestamp::UNIX_EPOCH,
        purchasable: true,
        shown: true,
        release,
    }
}
