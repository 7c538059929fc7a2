//! The first page: what this market is, what is new, and the ways in. Not here: searching (its own pages).

use askama::Template;

use crate::frame::PageFrame;
use crate::parts::{Price, Spoken};

/// How many arches the arcade has.
pub const ARCHES: usize = 6;

/// `GET /`.
#[derive(Clone, Debug, Template)]
#[template(path = "home/show.html")]
pub struct Home {
    /// Around it.
    pub page: PageFrame,
    /// How many products are listed.
    pub product_count: u64,
    /// The six arches of the arcade, each with the address of a product's logo or still empty.
    pub arcade: [Option<String>; ARCHES],
    /// New on the market.
    pub fresh: Vec<Stall>,
    /// Whether there are more products than stand here.
    pub more: bool,
    /// Whether there is room for a card that asks sellers in.
    pub room: bool,
    /// The categories with something in them, the fullest first.
    pub categories: Vec<Kind>,
    /// The ways of delivery with something in them.
    pub kinds: Vec<Kind>,
    /// After how long a silent seller's order is refunded, already written: “3 hours”.
    pub refund_window: String,
}

/// A product on a card.
#[derive(Clone, Debug)]
pub struct Stall {
    /// The product page.
    pub href: String,
    /// The address of its logo.
    pub logo: String,
    /// Its name.
    pub name: Spoken,
    /// Who sells it.
    pub seller: String,
    /// How it comes: a name of the sprite, and in words.
    pub delivery: (&'static str, &'static str),
    /// One sentence.
    pub sentence: Spoken,
    /// Its lowest price.
    pub price: Price,
}

/// One category or way of delivery, and how many products it holds.
#[derive(Clone, Debug)]
pub struct Kind {
    /// A name of the sprite.
    pub icon: &'static str,
    /// The category, or what the buyer gets.
    pub title: String,
    /// In one line; empty where the title says it all.
    pub note: String,
    /// How many.
    pub count: u64,
    /// The search that shows them.
    pub href: String,
}

impl Home {
    /// Names the page; the rest is as given.
    pub fn frame(page: PageFrame) -> PageFrame {
        let title = page.words.home_title();
        page.titled(title)
    }

    /// Puts logos under the arches, from the middle outwards, so that few stand in the light.
    pub fn arcade(logos: impl IntoIterator<Item = String>) -> [Option<String>; ARCHES] {
        let mut arches = [const { None }; ARCHES];
        for (place, logo) in [2, 3, 1, 4, 0, 5].into_iter().zip(logos) {
            arches[place] = Some(logo);
        }
        arches
    }

    /// Whether the arch at this place of the arcade is lit.
    fn lit(index: &usize) -> bool {
        index % 3 == 1
    }
}

#[cfg(test)]
impl crate::samples::Samples for Home {
    #[expect(clippy::too_many_lines, reason = "samples: data, not steps")]
    fn samples(page: PageFrame) -> Vec<Self> {
        use domain::catalog::Category;
        use domain::text::Localised;

        use crate::storefront::category_icon;

        let words = page.words;
        let language = page.language();
        let both = |en: &str, zh: &str| {
            crate::parts::spoken(&Localised { en: Some(en.to_owned()), zh: Some(zh.to_owned()) }, language)
        };
        let stall = |name: &str, en: &str, zh: &str, amount: i64, unit: &str| Stall {
            href: "/products/prd_1".to_owned(),
            logo: format!("/logos/{}.svg", name.to_ascii_lowercase().replace(' ', "-")),
            name: both(name, name),
            seller: "Brightwell <script>".to_owned(),
            delivery: ("cloud", words.catalog_delivery_saas()),
            sentence: both(en, zh),
            price: Price::new("USD", words.amount(amount, 2), unit),
        };
        let kind = |icon, title: &str, note: &str, count| Kind {
            icon,
            title: title.to_owned(),
            note: note.to_owned(),
            count,
            href: "/search?delivery=saas".to_owned(),
        };
        let full = Home {
            page: Home::frame(page.clone()),
            product_count: 1284,
            arcade: Home::arcade(
                ["tidewatch", "granary-backup", "lantern", "abacus", "snapkeep", "bedrock-backup"]
                    .map(|name| format!("/logos/{name}.svg")),
            ),
            more: true,
            room: false,
            categories: Category::ALL
                .iter()
                .zip(1..)
                .map(|(one, count)| kind(category_icon(*one), one.name(language), "", count))
                .collect(),
            fresh: vec![
                stall(
                    "Harbour SSO",
                    "One sign-in for forty internal tools, with passkeys and a break-glass account.",
                    "一次登录四十个内部系统，支持通行密钥和应急账号。",
                    250,
                    words.common_per_month(),
                ),
                stall(
                    "Ledgerline",
                    "Month-end close for groups with several companies and currencies.",
                    "面向多公司、多币种集团的月末结账。",
                    24_000,
                    words.common_per_month(),
                ),
                stall(
                    "Quillforms",
                    "Accessible public forms in two languages. Answers stay in your region.",
                    "无障碍双语表单，答卷数据留在您所在的区域。",
                    19_900,
                    words.common_per_year(),
                ),
                stall(
                    "Restore drill",
                    "Two engineers restore your backups for real and write down what broke.",
                    "两位工程师真实恢复您的备份，并记录发现的问题。",
                    240_000,
                    words.common_one_time(),
                ),
            ],
            kinds: vec![
                kind("cloud", words.home_kind_saas(), words.home_kind_saas_note(), 612),
                kind("server", words.home_kind_image(), words.home_kind_image_note(), 308),
                kind("key-round", words.home_kind_licence(), words.home_kind_licence_note(), 141),
                kind("wrench", words.home_kind_service(), words.home_kind_service_note(), 223),
            ],
            refund_window: words.duration(10_800),
        };
        let one = Home {
            product_count: 1,
            arcade: Home::arcade(["/logos/lantern.svg".to_owned()]),
            more: false,
            room: true,
            fresh: full.fresh.iter().take(1).cloned().collect(),
            categories: vec![],
            kinds: vec![],
            ..full.clone()
        };
        let mut none = Home { product_count: 0, arcade: Home::arcade([]), fresh: vec![], ..one.clone() };
        none.page.said = Some("<script>".to_owned());
        vec![full, one, none]
    }
}
