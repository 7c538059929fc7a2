//! A quote: computed here, sealed, shown to the buyer, and opened when it comes back with an order (ux.md U-19).
//!
//! Nothing is stored: the sealed text is the quote. Whoever changes a letter of it has no quote.

use domain::catalog::Offer;
use domain::ids::{QuoteId, SpecificationId};
use domain::outcome::{FieldProblem, Refusal, RefusalKind};
use domain::pricing::{Prices, Purchase, Quote, QuoteError, QuoteRequest, quote};
use domain::quantity::Period;

use crate::{App, AppError};

const PURPOSE: &str = "quote";

impl From<QuoteError> for AppError {
    fn from(error: QuoteError) -> AppError {
        Refusal::from(error).into()
    }
}

/// A quote with the text that carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedQuote {
    /// What it says.
    pub quote: Quote,
    /// What goes into forms and comes back.
    pub sealed: String,
}

/// Computes the price of one purchase as it stands now. Anybody may ask.
pub async fn make_quote(app: &App, request: QuoteRequest) -> Result<SealedQuote, AppError> {
    let offer = offer(app, request.specification).await?;
    if !offer.state.on_sale() {
        return Err(AppError::conflict("not_for_sale"));
    }
    if let Purchase::Trial { days } = request.purchase
        && offer.trial_days != Some(days.get())
    {
        return Err(QuoteError::TrialNotOffered.into());
    }
    let prices = prices_of(&offer)?;
    let quote = quote(app.id::<QuoteId>(), request, &prices, app.now())?;
    let text = serde_json::to_string(&quote).map_err(|error| AppError::Internal(error.to_string()))?;
    let sealed = app.vault.sign(PURPOSE, &text);
    Ok(SealedQuote { quote, sealed })
}

async fn offer(app: &App, specification: SpecificationId) -> Result<Offer, AppError> {
    let offer = app
        .store
        .read::<_, _, AppError, _>(specification, |tx, id| {
            Box::pin(async move { Ok(store::catalog::offer(tx, id).await?) })
        })
        .await?;
    offer.ok_or(AppError::NotFound("specification"))
}

/// The offer's prices as checked prices.
fn prices_of(offer: &Offer) -> Result<Prices, AppError> {
    let of = |period: Period| offer.price(period);
    Prices::new(of(Period::Month), of(Period::Year), of(Period::Once))
        .map_err(|error| AppError::Internal(format!("prices of {}: {error}", offer.specification)))
}

/// What a sealed text says, when we sealed it and its time is not over. Whether the price still is the one on sale is
/// asked by the order, in its transaction (`Quote::require_same_price`).
pub fn open_quote(app: &App, sealed: &str) -> Result<Quote, AppError> {
    let forged = || Refusal::new(RefusalKind::Rule, "quote_forged");
    let text = app.vault.verify(PURPOSE, sealed).ok_or_else(forged)?;
    let quote: Quote =
        serde_json::from_str(&text).map_err(|_| AppError::field(FieldProblem::new("quote", "quote_forged")))?;
    quote.require_valid(app.now())?;
    Ok(quote)
}
