//! Opening a sealed quote.

use domain::pricing::Quote;

use crate::{App, AppError};

pub(super) fn open_quote(app: &App, sealed: &str) -> Result<Quote, AppError> {
    let text = app.vault.verify("quote", sealed).ok_or_else(|| AppError::rule("quote_invalid"))?;
    serde_json::from_str(&text).map_err(|_| AppError::rule("quote_invalid"))
}
