//! The wordings of what sellers agree to, version 1, in Markdown. Later versions are an operator's own files.

use domain::selling::SellerAgreement;

use crate::Language;

/// Version 1 of an agreement.
pub fn agreement(agreement: SellerAgreement, language: Language) -> &'static str {
    match (agreement, language) {
        (SellerAgreement::SellerTerms, Language::English) => include_str!("../agreements/en/seller_terms.md"),
        (SellerAgreement::SellerTerms, Language::Chinese) => include_str!("../agreements/zh/seller_terms.md"),
        (SellerAgreement::CooperationRules, Language::English) => include_str!("../agreements/en/cooperation_rules.md"),
        (SellerAgreement::CooperationRules, Language::Chinese) => include_str!("../agreements/zh/cooperation_rules.md"),
        (SellerAgreement::PrivacyStatement, Language::English) => include_str!("../agreements/en/privacy_statement.md"),
        (SellerAgreement::PrivacyStatement, Language::Chinese) => include_str!("../agreements/zh/privacy_statement.md"),
    }
}
