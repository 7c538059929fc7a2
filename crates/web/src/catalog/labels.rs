//! What fields and states are called.

use app::catalog::ProductRow;
use domain::catalog::{ApplicationKind, ApplicationState, Category, Product, ProductState, Section, Visibility};
use language::Words;

use crate::parts::Status;
use crate::storefront::money;

/// A section of the release form.
pub(super) fn section(words: &'static Words, section: Section) -> (&'static str, &'static str) {
    match section {
        Section::Basics => (words.catalog_section_basics(), words.catalog_section_basics_note()),
        Section::Details => (words.catalog_section_details(), words.catalog_section_details_note()),
        Section::Delivery => (words.catalog_section_delivery(), words.catalog_section_delivery_note()),
        Section::Specifications => {
            (words.catalog_section_specifications(), words.catalog_section_specifications_note())
        }
        Section::Agreement => (words.catalog_section_agreement(), words.catalog_section_agreement_note()),
        Section::Visibility => (words.catalog_section_visibility(), words.catalog_section_visibility_note()),
    }
}

/// A field of the release form, of a specification or of a difference: `name_en`, `case.newInstance`,
/// `specifications.<id>.month`.
pub(super) fn field(words: &'static Words, field: &str) -> String {
    if let Some(activity) = field.strip_prefix("case.") {
        return words.catalog_field_case(activity);
    }
    let (group, name) = match field.strip_prefix("specifications.").and_then(|rest| rest.split_once('.')) {
        Some((_, name)) => ("catalog-specification", name),
        None => ("catalog-field", field),
    };
    words.by_code(group, name, &[]).unwrap_or_else(|| name.to_owned())
}

/// A value of such a field as people read it: what is chosen from a list by its name, amounts as everywhere. Nothing
/// for what is read as it was typed.
pub(super) fn value(words: &'static Words, field: &str, text: &str) -> Option<String> {
    let group = if field.starts_with("specifications.") { "catalog-specification" } else { "catalog-field" };
    match field.rsplit('.').next().unwrap_or_default() {
        "category" => Some(text.parse::<Category>().ok()?.name(words.language()).to_owned()),
        "month" | "year" | "once" => Some(money(words, text.parse().ok()?)),
        name @ ("visibility" | "supervision") => words.by_code(group, &format!("{name}_{text}"), &[]),
        "handed_over" => {
            let names: Option<Vec<String>> =
                text.split(", ").map(|code| words.by_code("catalog-personal", code, &[])).collect();
            Some(names?.join(" · "))
        }
        _ => None,
    }
}

/// What the seller typed as the name.
pub(super) fn name(words: &'static Words, product: &Product) -> String {
    use domain::catalog::Field;
    let typed = match words.language() {
        domain::text::Language::English => [Field::NameEn, Field::NameZh],
        domain::text::Language::Chinese => [Field::NameZh, Field::NameEn],
    };
    let typed = typed.into_iter().map(|field| product.draft.get(field).trim()).find(|name| !name.is_empty());
    typed.unwrap_or(words.catalog_products_unnamed()).to_owned()
}

/// Where a product stands, for its seller.
pub(super) fn state(words: &'static Words, row: &ProductRow) -> Vec<Status> {
    let application = row.application.as_ref().map(|application| &application.state);
    let pending = matches!(application, Some(ApplicationState::Pending { .. }));
    let rejected = matches!(application, Some(ApplicationState::Rejected { .. }));
    let mut states = match &row.product.state {
        ProductState::Draft if rejected => vec![Status::bad(words.catalog_state_rejected())],
        ProductState::Draft => vec![Status::plain(words.catalog_state_draft()).with_icon("pencil")],
        ProductState::InReview => vec![Status::info(words.catalog_state_in_review())],
        ProductState::Listed { visibility: Visibility::Public, .. } => vec![Status::good(words.catalog_state_listed())],
        ProductState::Listed { visibility: Visibility::Hidden, .. } => vec![Status::good(words.catalog_state_hidden())],
        ProductState::Frozen { .. } => vec![Status::warn(words.catalog_state_frozen())],
        ProductState::Discontinued { .. } => vec![Status::plain(words.catalog_state_discontinued())],
    };
    if matches!(row.product.state, ProductState::Listed { .. }) {
        if pending {
            states.push(Status::info(words.catalog_state_change_pending()));
        }
        if rejected {
            states.push(Status::bad(words.catalog_state_rejected()));
        }
    }
    states
}

/// First release or change.
pub(super) fn kind(words: &'static Words, kind: ApplicationKind) -> &'static str {
    match kind {
        ApplicationKind::Release => words.review_kind_release(),
        ApplicationKind::Modify => words.review_kind_modify(),
    }
}
