//! The contents of a product that may be sold: checked, typed, complete. Made by the checklist from a draft, or by the
//! operator's import. It is what an application carries and what the storefront shows.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ids::{ImageId, InterfaceAddressId, SpecificationId};
use crate::pricing::{BillingMode, Prices, TrialDays};
use crate::text::{Language, Localised};

use super::{Category, DeliveryMethod, PersonalField, Supervision, SupportContact, Visibility};

/// A product's version, as `V4.2`: a capital V, a number from 1, a point, a number (functions.md 3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReleaseVersion {
    major: u16,
    minor: u16,
}

impl FromStr for ReleaseVersion {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let number = |digits: &str| {
            let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            let plain = plain && (digits == "0" || !digits.starts_with('0'));
            plain.then(|| digits.parse::<u16>().ok()).flatten().ok_or(())
        };
        let (major, minor) = text.strip_prefix('V').and_then(|rest| rest.split_once('.')).ok_or(())?;
        let version = ReleaseVersion { major: number(major)?, minor: number(minor)? };
        if version.major == 0 { Err(()) } else { Ok(version) }
    }
}

impl fmt::Display for ReleaseVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "V{}.{}", self.major, self.minor)
    }
}

impl Serialize for ReleaseVersion {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ReleaseVersion {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|()| serde::de::Error::custom("not a version of the form V1.0"))
    }
}

/// Short lines in one or both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalisedList {
    /// English.
    #[serde(default)]
    pub en: Vec<String>,
    /// Simplified Chinese.
    #[serde(default)]
    pub zh: Vec<String>,
}

impl LocalisedList {
    /// The lines in `language`, else in the other one, and which language they really are.
    pub fn in_language(&self, language: Language) -> (&[String], Language) {
        let other = match language {
            Language::English => Language::Chinese,
            Language::Chinese => Language::English,
        };
        let of = |language| match language {
            Language::English => self.en.as_slice(),
            Language::Chinese => self.zh.as_slice(),
        };
        if of(language).is_empty() && !of(other).is_empty() { (of(other), other) } else { (of(language), language) }
    }
}

/// One thing a buyer chooses between.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Specification {
    /// The id; also the `skuCode` that the seller's system sees.
    pub id: SpecificationId,
    /// What it is called.
    pub name: Localised,
    /// What it holds, in a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<Localised>,
    /// What is counted: `database`, `person`. Without one, instances are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Localised>,
    /// What it costs.
    pub prices: Prices,
    /// The free trial, where there is one. It never changes after release (functions.md 4.4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial: Option<TrialDays>,
    /// Shown, or reached by its purchase link only: a test specification is hidden (functions.md 3.4).
    pub visibility: Visibility,
}

/// Everything about a product that a buyer may see or that an order needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// What the product is called.
    pub name: Localised,
    /// Its version.
    pub version: ReleaseVersion,
    /// What it is about.
    pub category: Category,
    /// The short summary.
    pub overview: Localised,
    /// What speaks for it, in lines.
    pub highlights: LocalisedList,
    /// The seller's picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<ImageId>,
    /// The description, in Markdown. It is made safe when it is shown.
    pub description: Localised,
    /// How to start after buying, in Markdown.
    pub guide: Localised,
    /// How it reaches its buyer.
    pub delivery: DeliveryMethod,
    /// Whether an order needs the seller's people.
    pub supervision: Supervision,
    /// Where the seller's system is called; SaaS has one, unless it is an entry that cannot be bought yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interface_address: Option<InterfaceAddressId>,
    /// What of the buyer's data the seller gets.
    #[serde(default)]
    pub handed_over: Vec<PersonalField>,
    /// What can be bought. Entries that only inform may have none.
    pub specifications: Vec<Specification>,
    /// The service agreement.
    pub agreement: Localised,
    /// Where a buyer gets help.
    pub support: SupportContact,
    /// Shown, or reached by address only.
    pub visibility: Visibility,
    /// Where a conversation starts, for what is not traded here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_link: Option<String>,
    /// The title for other search engines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search_title: Option<String>,
    /// The description for other search engines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search_description: Option<String>,
}

impl Release {
    /// The specification with the id.
    pub fn specification(&self, id: SpecificationId) -> Option<&Specification> {
        self.specifications.iter().find(|specification| specification.id == id)
    }

    /// The specifications that everybody sees.
    pub fn shown_specifications(&self) -> impl Iterator<Item = &Specification> {
        self.specifications.iter().filter(|specification| specification.visibility == Visibility::Public)
    }

    /// Whether orders can be placed at all.
    pub fn purchasable(&self) -> bool {
        self.delivery.purchasable() && self.interface_address.is_some() && !self.specifications.is_empty()
    }

    /// The billing modes of the shown specifications.
    pub fn billing_modes(&self) -> Vec<BillingMode> {
        let used = |mode: &BillingMode| self.shown_specifications().any(|one| one.prices.billing_mode() == *mode);
        BillingMode::ALL.into_iter().filter(used).collect()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::ids::Id as _;
    use crate::money::{Currency, Money};

    /// A complete release that tests change.
    pub(in crate::catalog) fn a_release() -> Release {
        let both = |en: &str, zh: &str| Localised { en: Some(en.to_owned()), zh: Some(zh.to_owned()) };
        let prices = Prices::new(Some(Money::new(900, Currency::USD)), Some(Money::new(9_000, Currency::USD)), None);
        Release {
            name: both("Granary Backup", "粮仓备份"),
            version: "V4.2".parse().expect("a version"),
            category: Category::Backup,
            overview: both("Hourly database backups that are opened and checked.", "每小时备份并验证的数据库备份。"),
            highlights: LocalisedList { en: vec!["Weekly restore test".to_owned()], zh: Vec::new() },
            logo: None,
            description: both("A backup that was never opened is a hope.", "没有打开过的备份只是希望。"),
            guide: both("Open the app.", "打开应用。"),
            delivery: DeliveryMethod::Saas,
            supervision: Supervision::None,
            interface_address: Some(InterfaceAddressId::from_u128(7)),
            handed_over: vec![PersonalField::Email],
            specifications: vec![Specification {
                id: SpecificationId::from_u128(11),
                name: both("Starter", "入门版"),
                summary: None,
                unit: Some(both("database", "个数据库")),
                prices: prices.expect("two prices of one currency"),
                trial: TrialDays::new(14),
                visibility: Visibility::Public,
            }],
            agreement: both("We keep copies for 30 days after you leave.", "退订后我们保留备份30天。"),
            support: SupportContact {
                email: Some("help@granary.example".to_owned()),
                phone: Some("+65 6123 4567".to_owned()),
                hours: Some(both("Monday to Friday, 08:00 to 20:00", "周一至周五 08:00 至 20:00")),
            },
            visibility: Visibility::Public,
            contact_link: None,
            search_title: None,
            search_description: None,
        }
    }

    #[test]
    fn versions_are_a_capital_v_and_two_numbers_from_one() {
        for good in ["V1.0", "V4.2", "V10.12"] {
            assert_eq!(good.parse::<ReleaseVersion>().map(|version| version.to_string()).as_deref(), Ok(good));
        }
        for bad in ["v1.0", "V0.1", "V1", "1.0", "V1.0.0", "V1.", "V.1", "V01.0", "V1.+1", "first", "V70000.0", ""] {
            assert_eq!(bad.parse::<ReleaseVersion>(), Err(()), "{bad}");
        }
    }

    #[test]
    fn a_release_reads_back_and_a_wrong_one_is_refused() {
        let text = serde_json::to_string(&a_release()).expect("plain data");
        assert_eq!(serde_json::from_str::<Release>(&text).ok(), Some(a_release()));
        for (part, wrong) in [
            ("\"V4.2\"", "\"latest\""),
            ("\"backup\"", "\"bakup\""),
            ("\"saas\"", "\"fax\""),
            ("\"trial\":14", "\"trial\":2"),
            ("\"minor\":900", "\"minor\":-900"),
            ("\"public\"", "\"secret\""),
        ] {
            assert!(text.contains(part), "the test changes nothing: {part}");
            assert!(serde_json::from_str::<Release>(&text.replace(part, wrong)).is_err(), "{wrong}");
        }
    }
}
