//! Products from the first draft to the market and back, quotes, and the search index that follows, on both engines.
#![expect(clippy::panic, reason = "a test that meets another state than it made has failed")]

mod drafts;
mod listing;
mod quotes;
mod reports;
mod review;
mod rows;

use app::AppError;
use app::catalog::search_products;
use ports::SearchRequest;
use testkit::World;

/// The stable code of an answer, `fine` for none; of wrong fields the first one's code.
fn code<T>(answer: Result<T, AppError>) -> &'static str {
    match answer {
        Ok(_) => "fine",
        Err(AppError::Invalid(problems)) => problems.iter().next().map_or("invalid", |problem| problem.code),
        Err(error) => error.code(),
    }
}

/// The addresses of what a search finds.
fn found(world: &World, words: &str) -> Vec<String> {
    let request = SearchRequest { words: words.to_owned(), most: 50, ..SearchRequest::default() };
    let answer = search_products(&world.app, request).expect("the index answers");
    answer.cards.into_iter().map(|card| card.slug).collect()
}
