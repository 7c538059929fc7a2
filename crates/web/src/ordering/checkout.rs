//! `/checkout`: the one page between a price and an order.

use app::App;
use app::ordering::{Checkout, PlaceOrder};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::catalog::{Agreement, PersonalField};
use domain::identity::Actor;
use domain::ids::OrderId;
use domain::money::Money;
use domain::ordering::PersonalData;
use domain::pricing::Purchase;
use http_kit::{Failure, ProblemView, SignedIn, Visit};
use language::Words;
use serde::Deserialize;

use super::words;
use crate::form::Form;
use crate::frame::PageFrame;
use crate::parts::{Line, Notice, Spoken, Sum, Tone, spoken};
use crate::render;

/// The sealed price that the product page made.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    quote: String,
}

/// `GET /checkout`.
#[derive(Clone, Debug, Template)]
#[template(path = "ordering/checkout.html")]
pub struct CheckoutPage {
    /// Around it.
    pub page: PageFrame,
    /// Where it is posted to.
    pub path: String,
    /// Back to the product.
    pub back: String,
    /// The form.
    pub form: Form,
    /// The sealed price.
    pub quote: String,
    /// The buyer's own name for this order: a double click is one order.
    pub key: String,
    /// The product.
    pub product: Spoken,
    /// The plan, in words.
    pub plan: String,
    /// The seller.
    pub seller: String,
    /// How the amount comes about.
    pub sum: Sum,
    /// Until when the price is held, in words.
    pub held: String,
    /// That the price is another one now, that the balance does not suffice, or that nothing is charged.
    pub notes: Vec<Notice>,
    /// What personal data is handed over, in words.
    pub data: Vec<String>,
    /// The seller's agreement, and its version.
    pub agreement: Option<(Spoken, String)>,
    /// Names the obligation and the amount.
    pub button: String,
    /// What happens next.
    pub next: String,
}

impl CheckoutPage {
    fn of(app: &App, frame: PageFrame, checkout: &Checkout, form: Form) -> CheckoutPage {
        let words = frame.words;
        let (quote, offer) = (&checkout.quote, &checkout.offer);
        let hours = app.settings.fulfilment.policy.retries.create.horizon.as_hours();
        let name = offer.product_name.say(words.language()).to_owned();
        let trial = matches!(quote.purchase, Purchase::Trial { .. });
        let total = words::money(words, quote.total_today);
        let short = checkout.afterwards.minor() < 0;
        let button = match (trial, short) {
            (true, _) => words.checkout_button_trial().to_owned(),
            (false, true) => words.checkout_button_wait(&total),
            (false, false) => words.checkout_button_pay(&total),
        };
        CheckoutPage {
            path: "/checkout".to_owned(),
            back: format!("/products/{}", offer.product_slug),
            quote: checkout.sealed_quote.clone(),
            // Whatever is sent from this page is an order of its own; sent twice it is one.
            key: app.id::<OrderId>().to_string(),
            product: spoken(&offer.product_name, words.language()),
            plan: plan(words, checkout),
            seller: offer.seller_name.clone(),
            sum: sum(words, checkout),
            held: words.checkout_held_until(words.time_of_day(quote.expires_at)),
            notes: notes(words, checkout, app.settings.ordering.pending_for.as_hours()),
            data: offer.handed_over.iter().map(|field| field_name(words, *field).to_owned()).collect(),
            agreement: offer.agreement.as_ref().map(|found| agreement(found, words)),
            button,
            next: words.checkout_next_text(&offer.seller_name, hours),
            page: frame.titled(words.checkout_title(name)).with_form(&form),
            form,
        }
    }
}

fn plan(words: &Words, checkout: &Checkout) -> String {
    let (quote, offer) = (&checkout.quote, &checkout.offer);
    let name = offer.specification_name.say(words.language());
    match quote.purchase {
        Purchase::Trial { days } => words.common_pair(name, words.order_trial_days(days.get())),
        Purchase::Paid => {
            let periods = words::periods(words, quote.period, quote.periods);
            words.common_pair(
                name,
                words.checkout_amount_line(quote.count, words::money(words, quote.unit_price), periods),
            )
        }
    }
}

fn sum(words: &Words, checkout: &Checkout) -> Sum {
    let quote = &checkout.quote;
    let money = |amount: Money| words::money(words, amount);
    let mut next = vec![Line::new(words.checkout_balance(), money(checkout.balance))];
    if checkout.afterwards.minor() >= 0 {
        next.push(Line::new(words.checkout_afterwards(), money(checkout.afterwards)));
    }
    if let Some(charge) = &quote.next_charge {
        next.push(Line::new(words.product_next_charge_on(words.date(charge.at)), money(charge.amount)));
    }
    let before = checkout.before.as_ref().map(|before| Line::new(words.checkout_before(), money(before.subtotal)));
    let subtotal = Line::new(words.checkout_subtotal(), money(quote.subtotal));
    Sum {
        caption: words.checkout_price().to_owned(),
        lines: before.into_iter().chain([subtotal]).collect(),
        total: Some(Line::new(words.common_total_today(), money(quote.total_today))),
        next,
    }
}

fn notes(words: &Words, checkout: &Checkout, hours: i64) -> Vec<Notice> {
    let money = |amount: Money| words::money(words, amount);
    let changed = checkout.before.as_ref().map(|before| {
        let said = words.checkout_changed(money(before.unit_price), money(checkout.quote.unit_price));
        Notice::new(Tone::Warn, said).detail(words.checkout_changed_accept())
    });
    let missing = checkout.afterwards.checked_neg().ok().filter(|missing| missing.minor() > 0);
    let pays = match checkout.quote.purchase {
        Purchase::Trial { .. } => Some(Notice::new(Tone::Info, words.checkout_trial_note())),
        Purchase::Paid => missing.map(|missing| Notice::new(Tone::Warn, words.checkout_missing(money(missing), hours))),
    };
    changed.into_iter().chain(pays).collect()
}

fn field_name(words: &Words, field: PersonalField) -> &'static str {
    match field {
        PersonalField::Email => words.checkout_data_email(),
        PersonalField::MobilePhone => words.checkout_data_mobile_phone(),
        PersonalField::UserName => words.checkout_data_user_name(),
    }
}

fn agreement(agreement: &Agreement, words: &Words) -> (Spoken, String) {
    (spoken(&agreement.text, words.language()), agreement.version_hash())
}

pub(super) async fn show(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let frame = PageFrame::of(&visit);
    let form = Form::new(frame.words);
    let checkout = app::ordering::checkout(&app, &actor, &asked.quote).await?;
    Ok(render::page(&CheckoutPage::of(&app, frame, &checkout, form)))
}

pub(super) async fn act(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    axum::Form(pairs): axum::Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let frame = PageFrame::of(&visit);
    let form = Form::typed(frame.words, pairs);
    let ticked = |name: &str| !form.value(name).is_empty();
    let agreement = form.value("agreement").to_owned();
    let ask = PlaceOrder {
        client_key: form.value("key").to_owned(),
        quote: form.value("quote").to_owned(),
        agreement: (ticked("accept") && !agreement.is_empty()).then_some(agreement),
        personal_data: if ticked("consent") { PersonalData::Agreed } else { PersonalData::NotAgreed },
    };
    match ask.run(&app, &actor).await {
        Ok((order, _)) => Ok(render::see_other(&format!("/my/orders/{}", order.number))),
        Err(error) => refused(&app, &actor, frame, form, error).await,
    }
}

/// The page as it was left, with what is missing beside its box. Where the price is over or another one now, the page
/// holds the new one, and pressing the same button accepts it. What we never sealed has no page to come back to.
async fn refused(
    app: &App,
    actor: &Actor,
    frame: PageFrame,
    form: Form,
    error: app::AppError,
) -> Result<Response, Failure> {
    let words = frame.words;
    let problem = ProblemView::of(&error, words);
    let field = match error.code() {
        "consent_missing" => "consent",
        "agreement_not_accepted" | "agreement_changed" => "accept",
        _ => "",
    };
    match app::ordering::checkout(app, actor, form.value("quote")).await {
        Ok(checkout) if problem.status.is_client_error() => {
            let form = form.with_problem(field, &problem.detail);
            Ok(render::page_with(problem.status, &CheckoutPage::of(app, frame, &checkout, form)))
        }
        Ok(_) | Err(_) => Err(error.into()),
    }
}

#[cfg(test)]
impl crate::samples::Samples for CheckoutPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        let words = page.words;
        let name = domain::text::Localised { en: Some("Granary <script>".to_owned()), zh: None };
        let sum = Sum {
            caption: words.checkout_price().to_owned(),
            lines: vec![Line::new(words.checkout_subtotal(), "USD 140.28")],
            total: Some(Line::new(words.common_total_today(), "USD 140.28")),
            next: vec![Line::new(words.checkout_balance(), "USD 1,204.50")],
        };
        let form = Form::new(words);
        let bare = CheckoutPage {
            page: page.titled(words.checkout_title("Granary")),
            path: "/checkout".to_owned(),
            back: "/products/granary".to_owned(),
            form: form.clone(),
            quote: "sealed".to_owned(),
            key: "ord_1".to_owned(),
            product: spoken(&name, words.language()),
            plan: "Team <script>".to_owned(),
            seller: "Brightwell <script>".to_owned(),
            sum,
            held: words.checkout_held_until("16:35:00 UTC"),
            notes: Vec::new(),
            data: Vec::new(),
            agreement: None,
            button: words.checkout_button_pay("USD 140.28"),
            next: words.checkout_next_text("Brightwell", 3),
        };
        let wrong = form
            .with_problem("consent", words.problem_consent_missing())
            .with_problem("accept", words.problem_agreement_not_accepted());
        let full = CheckoutPage {
            page: bare.page.clone().with_form(&wrong),
            form: wrong,
            notes: vec![
                Notice::new(Tone::Warn, words.checkout_changed("USD 130.00", "USD 140.28"))
                    .detail(words.checkout_changed_accept()),
                Notice::new(Tone::Warn, words.checkout_missing("USD 1.00", 24)),
            ],
            data: vec![words.checkout_data_email().to_owned()],
            agreement: Some((spoken(&name, words.language()), "00".repeat(32))),
            ..bare.clone()
        };
        vec![bare, full]
    }
}
