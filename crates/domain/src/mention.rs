//! What a sentence mentions, kept as what it is until somebody reads it.
//!
//! A refusal or a notice is written once and read by people of two languages: an amount stays money, a name keeps both
//! languages, a number decides plural forms. Not here: how they are written (`language`).

use serde::{Deserialize, Serialize};

use crate::money::{Currency, Money};
use crate::text::Localised;

/// One value of a sentence. In stored JSON it is the bare value: the kinds cannot be taken for each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Mention {
    /// Words that are the same for every reader: an order's number, what somebody typed.
    Text(String),
    /// A whole number, written with thousands separators; decides plural forms.
    Number(i64),
    /// An amount, written with its currency and thousands separators.
    Amount(Money),
    /// Words about a person, sealed where they are kept; whoever may read the sentence has them opened before.
    Sealed {
        /// The sealed text.
        sealed: String,
    },
    /// A name that each reader gets in their own language where there is one.
    Named(Localised),
}

macro_rules! mention_from {
    ($($kind:ty => |$value:ident| $mention:expr),* $(,)?) => { $(
        impl From<$kind> for Mention {
            fn from($value: $kind) -> Mention { $mention }
        }
    )* };
}
mention_from![
    String => |text| Mention::Text(text),
    &str => |text| Mention::Text(text.to_owned()),
    &String => |text| Mention::Text(text.clone()),
    Currency => |currency| Mention::Text(currency.code().to_owned()),
    i64 => |number| Mention::Number(number),
    i32 => |number| Mention::Number(i64::from(number)),
    u32 => |number| Mention::Number(i64::from(number)),
    u64 => |number| Mention::Number(i64::try_from(number).unwrap_or(i64::MAX)),
    usize => |number| Mention::Number(i64::try_from(number).unwrap_or(i64::MAX)),
    Money => |amount| Mention::Amount(amount),
    Localised => |name| Mention::Named(name),
    &Localised => |name| Mention::Named(name.clone()),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_reads_back_as_what_it_was() {
        let name = Localised { en: Some("Granary".to_owned()), zh: Some("谷仓".to_owned()) };
        let sealed = Mention::Sealed { sealed: "AbCd".to_owned() };
        let all: [Mention; 6] =
            ["USD 5".into(), 5_000.into(), Money::new(500_000, Currency::USD).into(), name.into(), "".into(), sealed];
        for mention in all {
            let text = serde_json::to_string(&mention).expect("plain data");
            assert_eq!(serde_json::from_str::<Mention>(&text).ok(), Some(mention), "{text}");
        }
    }
}
