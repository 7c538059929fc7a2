//! `GET /`, filled with what is on the market.

use app::catalog::search_products;
use app::{App, ProductCard, SearchRequest, Sort};
use axum::extract::State;
use axum::response::Response;
use domain::catalog::DeliveryMethod;
use http_kit::{Failure, Visit};

use super::cards::{logo_url, price_of};
use crate::frame::PageFrame;
use crate::home::{Home, Kind, Stall};
use crate::parts::spoken;
use crate::render;

pub(super) async fn show(State(app): State<App>, visit: Visit) -> Result<Response, Failure> {
    let frame = Home::frame(PageFrame::of(&visit));
    let (words, language) = (frame.words, frame.language());
    let answer = search_products(&app, SearchRequest { sort: Sort::Newest, most: 24, ..SearchRequest::default() })?;
    let stall = |card: &ProductCard| Stall {
        href: format!("/products/{}", card.slug),
        logo: logo_url(card.logo_hash.as_deref()),
        name: spoken(&card.name, language),
        sentence: spoken(&card.overview, language),
        price: price_of(words, card.price_from.as_ref()),
    };
    let count = |wanted: DeliveryMethod| {
        answer.counts.deliveries.iter().find(|(one, _)| *one == wanted).map_or(0, |(_, count)| *count)
    };
    let kind = |icon, delivery: DeliveryMethod, title: &str, note: &str| Kind {
        icon,
        title: title.to_owned(),
        note: note.to_owned(),
        count: count(delivery),
        href: format!("/search?delivery={}", delivery.code()),
    };
    let kinds = vec![
        kind("cloud", DeliveryMethod::Saas, words.home_kind_saas(), words.home_kind_saas_note()),
        kind("server", DeliveryMethod::Image, words.home_kind_image(), words.home_kind_image_note()),
        kind("key-round", DeliveryMethod::Licence, words.home_kind_licence(), words.home_kind_licence_note()),
        kind("wrench", DeliveryMethod::ProfessionalService, words.home_kind_service(), words.home_kind_service_note()),
    ];
    let mut categories = answer.counts.categories.clone();
    categories.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let searches =
        categories.iter().filter(|(_, count)| *count > 0).take(4).map(|(one, _)| one.name(language).to_owned());
    let arcade: Vec<String> = (answer.cards.iter().filter(|card| card.logo_hash.is_some()).take(6))
        .map(|card| logo_url(card.logo_hash.as_deref()))
        .collect();
    let home = Home {
        product_count: answer.indexed,
        searches: searches.collect(),
        arcade: if arcade.len() == 6 { arcade } else { Vec::new() },
        fresh: answer.cards.iter().take(8).map(stall).collect(),
        kinds: if answer.indexed == 0 { Vec::new() } else { kinds },
        refund_window: words.duration(10_800),
        page: frame,
    };
    Ok(render::page(&home))
}
