//! `GET /`, filled with what is on the market.

use app::catalog::search_products;
use app::{App, FacetCounts, ProductCard, SearchRequest, Sort};
use axum::extract::State;
use axum::response::Response;
use domain::catalog::{Category, DeliveryMethod};
use domain::text::Language;
use http_kit::{Failure, Visit};
use language::Words;

use super::cards::{category_icon, delivery_icon, delivery_name, logo_url, price_of};
use crate::frame::PageFrame;
use crate::home::{Home, Kind, Stall};
use crate::parts::spoken;
use crate::render;

/// How many of the newest products stand here: two rows of a wide window.
const SHOWN: usize = 8;

/// How many make a row of a wide window.
const ROW: usize = 4;

pub(super) async fn show(State(app): State<App>, visit: Visit) -> Result<Response, Failure> {
    let frame = Home::frame(PageFrame::of(&visit));
    let (words, language) = (frame.words, frame.language());
    let answer = search_products(&app, SearchRequest { sort: Sort::Newest, most: 24, ..SearchRequest::default() })?;
    let stall = |card: &ProductCard| Stall {
        href: format!("/products/{}", card.slug),
        logo: logo_url(card.logo_hash.as_deref(), card.id),
        name: spoken(&card.name, language),
        seller: card.seller_name.clone(),
        delivery: (delivery_icon(card.delivery), delivery_name(words, card.delivery)),
        sentence: spoken(&card.overview, language),
        price: price_of(words, card.price_from.as_ref()),
    };
    let fresh: Vec<Stall> = answer.cards.iter().take(SHOWN).map(stall).collect();
    let home = Home {
        product_count: answer.indexed,
        arcade: Home::arcade(answer.cards.iter().map(|card| logo_url(card.logo_hash.as_deref(), card.id))),
        more: answer.found > fresh.len() as u64,
        room: fresh.len() < ROW,
        fresh,
        categories: categories(&answer.counts, language),
        kinds: kinds(&answer.counts, words),
        refund_window: words.duration(10_800),
        page: frame,
    };
    Ok(render::page(&home))
}

/// The categories with something in them, the fullest first; none where there is nothing to choose from.
fn categories(counts: &FacetCounts, language: Language) -> Vec<Kind> {
    let mut filled: Vec<(Category, u64)> = counts.categories.iter().copied().filter(|(_, count)| *count > 0).collect();
    filled.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let kind = |(category, count): (Category, u64)| Kind {
        icon: category_icon(category),
        title: category.name(language).to_owned(),
        note: String::new(),
        count,
        href: format!("/search?category={}", category.code()),
    };
    if filled.len() < 2 { Vec::new() } else { filled.into_iter().map(kind).collect() }
}

/// The ways of delivery with something in them; none where there is nothing to choose from.
fn kinds(counts: &FacetCounts, words: &'static Words) -> Vec<Kind> {
    let kind = |(delivery, count): &(DeliveryMethod, u64)| {
        let (title, note) = match delivery {
            DeliveryMethod::Saas => (words.home_kind_saas(), words.home_kind_saas_note()),
            DeliveryMethod::Image => (words.home_kind_image(), words.home_kind_image_note()),
            DeliveryMethod::Licence => (words.home_kind_licence(), words.home_kind_licence_note()),
            DeliveryMethod::ProfessionalService => (words.home_kind_service(), words.home_kind_service_note()),
            DeliveryMethod::Consulting => (words.home_kind_consulting(), words.home_kind_consulting_note()),
        };
        Kind {
            icon: delivery_icon(*delivery),
            title: title.to_owned(),
            note: note.to_owned(),
            count: *count,
            href: format!("/search?delivery={}", delivery.code()),
        }
    };
    let kinds: Vec<Kind> = counts.deliveries.iter().filter(|(_, count)| *count > 0).map(kind).collect();
    if kinds.len() < 2 { Vec::new() } else { kinds }
}
