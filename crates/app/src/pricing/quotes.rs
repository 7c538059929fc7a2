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
        .ask::<_, _, AppError, _>(specification, |tx, id| {
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
    let quote = unseal(app, sealed)?;
    quote.require_valid(app.now())?;
    Ok(quote)
}

/// What a sealed text has become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenewedQuote {
    /// The price as it stands: the very quote that was given, or a new one for the same purchase when its time is over
    /// or its price changed.
    pub now: SealedQuote,
    /// What was held before, when the price is another one now.
    pub before: Option<Quote>,
}

/// The price of the purchase that a sealed text describes, as it stands now. Only what we sealed is priced anew.
pub async fn renew_quote(app: &App, sealed: &str) -> Result<RenewedQuote, AppError> {
    let held = unseal(app, sealed)?;
    let prices = prices_of(&offer(app, held.specification).await?)?;
    match held.require_same_price(&prices).and_then(|()| held.require_valid(app.now())) {
        Ok(()) => Ok(RenewedQuote { now: SealedQuote { quote: held, sealed: sealed.to_owned() }, before: None }),
        Err(QuoteError::Expired | QuoteError::Changed { .. }) => {
            let now = make_quote(app, held.request().ok_or(QuoteError::OutOfRange)?).await?;
            let before = (held.unit_price != now.quote.unit_price).then_some(held);
            Ok(RenewedQuote { now, before })
        }
        Err(error) => Err(error.into()),
    }
}

fn unseal(app: &App, sealed: &str) -> Result<Quote, AppError> {
    let forged = || Refusal::new(RefusalKind::Rule, "quote_forged");
    let text = app.vault.verify(PURPOSE, sealed).ok_or_else(forged)?;
    serde_json::from_str(&text).map_err(|_| AppError::field(FieldProblem::new("quote", "quote_forged")))
}
