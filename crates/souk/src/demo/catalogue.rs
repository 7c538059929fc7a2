//! The sellers and products of the demo market, read from `demo/*.toml` at compile time.
//!
//! A product's file holds what is particular to it. What happens after buying depends on the delivery method and is
//! written once there; who the seller is, once at the seller. [`Catalogue::description`] puts the three together.

use anyhow::{Context, Result};
use domain::catalog::DeliveryMethod;
use domain::text::{Language, Localised};
use serde::Deserialize;

const SELLERS: &str = include_str!("../../demo/sellers.toml");
const PRODUCTS: [&str; 3] = [
    include_str!("../../demo/saas-1.toml"),
    include_str!("../../demo/saas-2.toml"),
    include_str!("../../demo/others.toml"),
];

/// The whole demo market.
#[derive(Debug)]
pub struct Catalogue {
    /// The categories, in the order that pages show them.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "the rules know the categories; here they are compared with the products")
    )]
    pub categories: Vec<Category>,
    /// The sellers.
    pub sellers: Vec<Seller>,
    /// The products, in the order in which they are released.
    pub products: Vec<Product>,
    methods: Vec<Method>,
    agreement: Both,
}

/// A text in both languages; the demo market leaves none out.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Both {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

/// Several short texts in both languages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BothLists {
    /// English.
    pub en: Vec<String>,
    /// Simplified Chinese.
    pub zh: Vec<String>,
}

/// A category of products.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "the rules know the categories; here they are compared with the products")
)]
pub struct Category {
    /// The word in addresses.
    pub slug: String,
    /// Its name.
    pub name: Both,
}

/// An organisation that sells.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seller {
    /// The word in addresses and logins.
    pub slug: String,
    /// Its name.
    pub name: Both,
    /// Where buyers write to.
    pub email: String,
    /// Where buyers call.
    pub phone: String,
    /// Two sentences about it.
    pub about: Both,
    /// When support answers.
    pub support: Both,
}

/// A product with its plans.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// The word in addresses, and the seed of its logo.
    pub slug: String,
    /// The slug of its seller.
    pub seller: String,
    /// The slug of its category.
    pub category: String,
    /// How it reaches its buyer.
    pub method: DeliveryMethod,
    /// `V` and a number (functions.md 3.2).
    pub version: String,
    /// Its name.
    pub name: Both,
    /// What it is good for, in one sentence.
    pub value: Both,
    /// What is particular to it; a part of the description.
    pub about: Both,
    /// Three selling points.
    pub highlights: BothLists,
    /// How many calendar days delivery takes, for work done by people.
    #[expect(dead_code, reason = "work done by people is bought in a later piece")]
    pub delivery_days: Option<u32>,
    /// Where the conversation starts, for consulting.
    pub link: Option<String>,
    /// What can be bought of it, the smallest first; empty for consulting.
    #[serde(default, rename = "plan")]
    pub plans: Vec<Plan>,
}

/// One specification of a product. Prices are in minor units of the market's currency.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Its name.
    pub name: Both,
    /// What is in it.
    pub about: Both,
    /// What one unit is: "per database".
    pub unit: Both,
    /// The price of one unit for a month.
    pub monthly: Option<i64>,
    /// The price of one unit for a year.
    pub yearly: Option<i64>,
    /// The price of one unit for good.
    pub one_time: Option<i64>,
    /// Length of the free trial (3 to 180 days, functions.md 4.4).
    pub trial_days: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Method {
    slug: DeliveryMethod,
    after: Both,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SellersFile {
    category: Vec<Category>,
    method: Vec<Method>,
    seller: Vec<Seller>,
    eula: Both,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProductsFile {
    product: Vec<Product>,
}

impl Both {
    /// The text in one language.
    pub fn say(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::Chinese => &self.zh,
        }
    }

    /// The same, as the domain holds it.
    pub fn localised(&self) -> Localised {
        Localised { en: Some(self.en.clone()), zh: Some(self.zh.clone()) }
    }
}

impl BothLists {
    /// The texts in one language.
    #[cfg(test)]
    pub fn say(&self, language: Language) -> &[String] {
        match language {
            Language::English => &self.en,
            Language::Chinese => &self.zh,
        }
    }
}

impl Catalogue {
    /// Reads the files that were compiled in.
    pub fn read() -> Result<Catalogue> {
        let SellersFile { category, method, seller, eula } =
            toml::from_str(SELLERS).context("demo/sellers.toml cannot be read")?;
        let mut products = Vec::new();
        for text in PRODUCTS {
            let file: ProductsFile = toml::from_str(text).context("a product file under demo/ cannot be read")?;
            products.extend(file.product);
        }
        Ok(Catalogue { categories: category, sellers: seller, products, methods: method, agreement: eula })
    }

    /// The seller of a product.
    pub fn seller_of(&self, product: &Product) -> Option<&Seller> {
        self.sellers.iter().find(|seller| seller.slug == product.seller)
    }

    /// The whole description: what it is, what happens after buying, who sells it. Paragraphs are parted by an empty
    /// line.
    pub fn description(&self, product: &Product) -> Both {
        let of = |language| {
            let after = self.methods.iter().find(|method| method.slug == product.method);
            let after = after.map(|method| method.after.say(language));
            let seller = self.seller_of(product).map(|seller| seller.about.say(language));
            let parts = [Some(product.about.say(language)), after, seller];
            parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
        };
        Both { en: of(Language::English), zh: of(Language::Chinese) }
    }

    /// The agreement that a buyer of a product accepts, with the names filled in.
    pub fn agreement(&self, product: &Product) -> Both {
        let of = |language| {
            let seller = self.seller_of(product).map_or("", |seller| seller.name.say(language));
            let text = self.agreement.say(language);
            text.replace("{seller}", seller).replace("{product}", product.name.say(language))
        };
        Both { en: of(Language::English), zh: of(Language::Chinese) }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const LANGUAGES: [Language; 2] = [Language::English, Language::Chinese];
    /// Advertising law refuses these in a listing (functions.md 3.2).
    const SUPERLATIVES: [&str; 15] = [
        "最好",
        "最佳",
        "最强",
        "最大",
        "最低",
        "首选",
        "顶级",
        "国家级",
        "独家",
        "best",
        "leading",
        "cheapest",
        "fastest",
        "!",
        "！",
    ];

    fn catalogue() -> Catalogue {
        Catalogue::read().expect("the demo files are part of the program")
    }

    #[test]
    fn the_market_is_large_and_mixed_enough_to_be_believed() {
        let Catalogue { products, sellers, .. } = catalogue();
        assert!(products.len() >= 44, "{} products", products.len());
        assert!(sellers.len() >= 12, "{} sellers", sellers.len());
        let selling: BTreeSet<&str> = products.iter().map(|product| product.seller.as_str()).collect();
        assert_eq!(selling.len(), sellers.len(), "a seller without a product");
        for method in DeliveryMethod::ALL {
            assert!(products.iter().filter(|product| product.method == method).count() >= 3, "{}", method.code());
        }
    }

    #[test]
    fn every_product_names_a_seller_and_a_category_that_exist_and_a_slug_of_its_own() {
        let catalogue = catalogue();
        let mut slugs = BTreeSet::new();
        for product in &catalogue.products {
            assert!(catalogue.seller_of(product).is_some(), "{}", product.slug);
            let category = catalogue.categories.iter().find(|category| category.slug == product.category);
            assert!(category.is_some_and(|category| !category.name.en.is_empty()), "{}", product.slug);
            assert!(slugs.insert(&product.slug), "{} twice", product.slug);
        }
    }

    #[test]
    fn every_description_is_long_enough_to_be_released_in_both_languages() {
        let catalogue = catalogue();
        for product in &catalogue.products {
            let description = catalogue.description(product);
            for language in LANGUAGES {
                let count = description.say(language).chars().count();
                assert!((400..=4000).contains(&count), "{}: {count} characters", product.slug);
                assert_eq!(product.highlights.say(language).len(), 3, "{}", product.slug);
            }
        }
    }

    #[test]
    fn nothing_boasts_and_nothing_is_left_to_fill_in() {
        let catalogue = catalogue();
        for product in &catalogue.products {
            let (description, agreement) = (catalogue.description(product), catalogue.agreement(product));
            for language in LANGUAGES {
                let texts = [description.say(language), agreement.say(language), product.value.say(language)];
                let text = texts.join("\n").to_lowercase();
                for word in SUPERLATIVES {
                    assert!(!text.contains(word), "{}: {word}", product.slug);
                }
                for word in ["lorem", "todo", "{", "}"] {
                    assert!(!text.contains(word), "{}: {word}", product.slug);
                }
            }
        }
    }

    #[test]
    fn every_product_but_consulting_has_a_price_and_consulting_has_an_address() {
        for product in catalogue().products {
            let consulting = product.method == DeliveryMethod::Consulting;
            assert_eq!(product.plans.is_empty(), consulting, "{}", product.slug);
            assert_eq!(product.link.is_some(), consulting, "{}", product.slug);
            for plan in product.plans {
                let prices = [plan.monthly, plan.yearly, plan.one_time];
                assert!(prices.iter().flatten().count() > 0, "{}", product.slug);
                assert!(prices.iter().flatten().all(|minor| (0..=10_000_000).contains(minor)), "{}", product.slug);
                assert!(plan.trial_days.is_none_or(|days| (3..=180).contains(&days)), "{}", product.slug);
                assert!(plan.one_time.is_none() || plan.trial_days.is_none(), "{}", product.slug);
            }
        }
    }
}
