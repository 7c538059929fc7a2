//! Becoming a seller, addresses, the debugger and the replay of cases, on both engines.
#![expect(clippy::panic, reason = "a test that meets another state than it made has failed")]

mod addresses;
mod applications;
mod debugger;
mod dial_tests;
mod failed_orders;
mod keys;
mod proofs;
mod real_seller;
mod rows;

use app::AppError;
use domain::selling::{ApplicationForm, SellerAgreement};

/// The stable code of an answer, `fine` for none; of wrong fields the first one's code.
fn code<T>(answer: Result<T, AppError>) -> &'static str {
    match answer {
        Ok(_) => "fine",
        Err(AppError::Invalid(problems)) => problems.iter().next().map_or("invalid", |problem| problem.code),
        Err(error) => error.code(),
    }
}

/// A form that holds.
fn filled(company: &str) -> ApplicationForm {
    let text = str::to_owned;
    ApplicationForm {
        company_name: text(company),
        website: text("https://kestrel.example"),
        years_in_business: text("3-5"),
        employees: text("5-49"),
        registered_capital: text("CNY 5,000,000"),
        licence_number: text("91310000MA1K00000X"),
        contact_name: text("Lin Wei"),
        contact_mobile: text("+86 138 0000 0000"),
        contact_email: text("lin@kestrel.example"),
        country: text("China"),
        province: text("Shanghai"),
        city: text("Shanghai"),
        street: text("8 Century Avenue"),
        postcode: text("200120"),
        support_phone: text("+86 21 0000 0000"),
        support_email: text("help@kestrel.example"),
        introduction: text("We plan the routes of small freight companies, and have done so since 2021."),
        agreed: SellerAgreement::ALL.map(|agreement| text(agreement.code())).to_vec(),
    }
}
