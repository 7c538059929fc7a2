//! What a seller agrees to: the wordings, each with its version. Version 1 comes with the program; an operator adds its own as
//! later versions. Every version stays readable, because consents name it.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::selling::SellerAgreement;
use domain::text::Language;

/// Every wording of every agreement, in Markdown.
#[derive(Clone, Debug)]
pub struct Agreements(Arc<BTreeMap<(SellerAgreement, u32), Wording>>);

/// One version of an agreement in both languages, in Markdown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// In English.
    pub english: String,
    /// In Simplified Chinese.
    pub chinese: String,
}

impl Wording {
    /// The text in one language.
    pub fn say(&self, language: Language) -> &str {
        match language {
            Language::English => &self.english,
            Language::Chinese => &self.chinese,
        }
    }
}

impl Default for Agreements {
    fn default() -> Agreements {
        let ours = |agreement: SellerAgreement| Wording {
            english: language::agreement(agreement, Language::English).to_owned(),
            chinese: language::agreement(agreement, Language::Chinese).to_owned(),
        };
        Agreements(Arc::new(SellerAgreement::ALL.map(|agreement| ((agreement, 1), ours(agreement))).into()))
    }
}

impl Agreements {
    /// The same with more versions; the highest one of an agreement is in force.
    pub fn with(&self, more: impl IntoIterator<Item = ((SellerAgreement, u32), Wording)>) -> Agreements {
        let mut all = (*self.0).clone();
        all.extend(more);
        Agreements(Arc::new(all))
    }

    /// The version in force, stored with a consent.
    pub fn in_force(&self, agreement: SellerAgreement) -> u32 {
        let versions = self.0.keys().filter(|(known, _)| *known == agreement).map(|(_, version)| *version);
        versions.max().unwrap_or(1)
    }

    /// One wording.
    pub fn find(&self, agreement: SellerAgreement, version: u32) -> Option<&Wording> {
        self.0.get(&(agreement, version))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operators_wording_is_in_force_and_the_one_before_stays_readable() {
        let ours = Agreements::default();
        let own = Wording { english: "# Ours".to_owned(), chinese: "# 我们的".to_owned() };
        let all = ours.with([((SellerAgreement::SellerTerms, 2), own.clone())]);
        assert_eq!(all.in_force(SellerAgreement::SellerTerms), 2);
        assert_eq!(all.in_force(SellerAgreement::PrivacyStatement), 1);
        assert_eq!(all.find(SellerAgreement::SellerTerms, 2), Some(&own));
        assert_eq!(all.find(SellerAgreement::SellerTerms, 1), ours.find(SellerAgreement::SellerTerms, 1));
        assert_eq!(all.find(SellerAgreement::SellerTerms, 3), None);
    }

    #[test]
    fn every_agreement_has_a_text_in_each_language() {
        for agreement in SellerAgreement::ALL {
            let wording = Agreements::default();
            let wording = wording.find(agreement, 1).expect("version 1 comes with the program");
            assert!(wording.english.split_whitespace().count() > 100, "{agreement:?}");
            assert!(wording.chinese.chars().filter(|sign| *sign > '\u{4e00}').count() > 150, "{agreement:?}");
        }
    }
}
