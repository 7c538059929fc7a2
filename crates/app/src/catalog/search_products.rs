//! Customers search: the index answers, nothing is read from the tables.

use domain::text::Language;
use ports::{SearchAnswer, SearchRequest, Suggestion};

use crate::{App, AppError};

/// The most results of one page.
const MOST: usize = 100;

/// Finds products. Words beyond 200 characters are not looked at.
pub fn search_products(app: &App, mut request: SearchRequest) -> Result<SearchAnswer, AppError> {
    request.most = request.most.min(MOST);
    request.words = request.words.chars().take(200).collect();
    Ok(app.search.search(&request)?)
}

/// Names that go on as was typed.
pub fn suggest_products(app: &App, typed: &str, language: Language) -> Vec<Suggestion> {
    let typed: String = typed.chars().take(80).collect();
    app.search.suggest(&typed, language, 8)
}

/// How many products there are.
pub fn market_size(app: &App) -> u64 {
    app.search.search(&SearchRequest::default()).map_or(0, |answer| answer.indexed)
}
