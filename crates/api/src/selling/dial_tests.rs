//! Dial tests of a seller's addresses, and the operator's list of products whose interfaces fail.

use app::App;
use app::selling::dial_tests::{address_tests, failing_addresses, stopped_products};
use app::selling::failing::raised_products;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::ids::{InterfaceAddressId, ProductId};
use domain::selling::{DialTest, FailedOrdersDecision, FailingCase};
use http_kit::{At, Failure, SignedIn};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::catalog::Body;

/// A case that did not pass.
#[derive(Serialize, ToSchema)]
struct FailingCaseBody {
    /// The call, by its name on the wire.
    activity: String,
    /// The saved case; absent when a required one is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<String>,
    /// How the seller calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// What failed and what to do about it, in English.
    reason_en: String,
    /// The same in Simplified Chinese.
    reason_zh: String,
}

/// One dial test.
#[derive(Serialize, ToSchema)]
pub(crate) struct DialTestBody {
    /// `dia_…`
    id: String,
    /// The day in the marketplace's time zone.
    day: String,
    /// `morning`, `afternoon` or `asked`.
    occasion: &'static str,
    /// `passed` or `failed`.
    result: &'static str,
    /// How many cases were run or are missing.
    cases: u32,
    /// Those that did not pass.
    failing: Vec<FailingCaseBody>,
    /// RFC 3339
    tested_at: String,
}

fn body(test: &DialTest) -> DialTestBody {
    let failing = |case: &FailingCase| FailingCaseBody {
        activity: case.activity.clone(),
        case: case.case.clone(),
        name: case.name.clone(),
        reason_en: case.reason.say(domain::text::Language::English).to_owned(),
        reason_zh: case.reason.say(domain::text::Language::Chinese).to_owned(),
    };
    DialTestBody {
        id: test.id.to_string(),
        day: test.slot.day.to_string(),
        occasion: test.slot.occasion.code(),
        result: test.result().code(),
        cases: test.cases,
        failing: test.failing.iter().map(failing).collect(),
        tested_at: test.tested_at.to_string(),
    }
}

/// The dial tests of an address.
#[derive(Serialize, ToSchema)]
pub(crate) struct DialTests {
    /// The latest first.
    items: Vec<DialTestBody>,
    /// Failed days in a row.
    failed_days: u32,
    /// After so many trade is stopped; 0 never.
    freeze_after_days: u32,
    /// When the next begins by itself; absent when nothing is sold with the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_at: Option<String>,
    /// Since when a test that was asked for is under way; absent when none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    running_since: Option<String>,
}

/// A dial test that was asked for.
#[derive(Serialize, ToSchema)]
pub(crate) struct DialTestAsked {
    /// When. The test is the first of the list once `running_since` is absent there.
    running_since: String,
}

/// The last dial tests of an address.
#[utoipa::path(get, path = "/api/v1/interface-addresses/{id}/dial-tests", tag = "seller", params(("id" = String, Path)),
    responses((status = 200, body = DialTests), (status = 404)))]
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(id): At<InterfaceAddressId>,
) -> Result<Json<DialTests>, Failure> {
    let tests = address_tests(&app, &actor, id).await?;
    Ok(Json(DialTests {
        items: tests.tests.iter().map(body).collect(),
        failed_days: tests.days,
        freeze_after_days: tests.freeze_after_days,
        next_at: tests.next_at.map(|at| at.to_string()),
        running_since: tests.running_since.map(|at| at.to_string()),
    }))
}

/// Asks for the dial test of an address now: every saved case once. It is made soon after the answer. A failure does not count towards
/// the failed days. Refused while another one that was asked for is under way.
#[utoipa::path(post, path = "/api/v1/interface-addresses/{id}/dial-tests", tag = "seller", params(("id" = String, Path)),
    responses((status = 202, body = DialTestAsked), (status = 404), (status = 409), (status = 422), (status = 429)))]
pub(crate) async fn run(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(id): At<InterfaceAddressId>,
) -> Result<(StatusCode, Json<DialTestAsked>), Failure> {
    let running_since = app.ask_dial_test(&actor, id).await?.to_string();
    Ok((StatusCode::ACCEPTED, Json(DialTestAsked { running_since })))
}

/// Why a product stands before the operator.
#[derive(Serialize, ToSchema)]
struct FailingProductBody {
    /// `prd_…`
    product: String,
    /// The seller's name.
    seller: String,
    /// `failed_orders`, `stopped` or `failing`.
    because: &'static str,
    /// Failed orders of the month.
    #[serde(skip_serializing_if = "Option::is_none")]
    failed_orders: Option<u32>,
    /// The month, such as `2026-05`.
    #[serde(skip_serializing_if = "Option::is_none")]
    month: Option<String>,
    /// When the seller's own dial test passed since trade was stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    mended_at: Option<String>,
    /// The last dial test.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_test: Option<DialTestBody>,
}

/// Products whose interfaces fail.
#[derive(Serialize, ToSchema)]
pub(crate) struct FailingProducts {
    /// Too many failed orders, stopped by dial tests, failing now; each the longest waiting first.
    items: Vec<FailingProductBody>,
}

/// Products whose interfaces fail.
#[utoipa::path(get, path = "/api/v1/operator/failing-products", tag = "operator", responses((status = 200, body = FailingProducts)))]
pub(crate) async fn failing(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
) -> Result<Json<FailingProducts>, Failure> {
    let bare = |product: ProductId, seller: &str, because| FailingProductBody {
        product: product.to_string(),
        seller: seller.to_owned(),
        because,
        failed_orders: None,
        month: None,
        mended_at: None,
        last_test: None,
    };
    let mut items = Vec::new();
    for one in raised_products(&app, &actor).await? {
        let (failed_orders, month) = (Some(one.orders.failed), Some(one.orders.month.to_string()));
        items.push(FailingProductBody {
            failed_orders,
            month,
            ..bare(one.product.id, &one.seller_name, "failed_orders")
        });
    }
    for one in stopped_products(&app, &actor).await? {
        let (mended_at, last_test) = (one.mended_at.map(|at| at.to_string()), one.last.as_ref().map(body));
        items.push(FailingProductBody { mended_at, last_test, ..bare(one.product.id, &one.seller_name, "stopped") });
    }
    for one in failing_addresses(&app, &actor).await? {
        for product in &one.products {
            let last_test = Some(body(&one.last));
            items.push(FailingProductBody { last_test, ..bare(product.id, &one.seller_name, "failing") });
        }
    }
    Ok(Json(FailingProducts { items }))
}

/// Why it is decided so.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Because {
    /// 10 to 2,000 characters.
    reason: String,
}

/// Keeps a product on sale in spite of its failed orders.
#[utoipa::path(post, path = "/api/v1/operator/products/{id}/keep", tag = "operator", params(("id" = String, Path)),
    request_body = Because, responses((status = 204), (status = 404), (status = 422)))]
pub(crate) async fn keep(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(product): At<ProductId>,
    Body(because): Body<Because>,
) -> Result<StatusCode, Failure> {
    app.decide_failing_product(&actor, product, FailedOrdersDecision::Keep, &because.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a product from sale for good. What was bought goes on.
#[utoipa::path(post, path = "/api/v1/operator/products/{id}/remove", tag = "operator", params(("id" = String, Path)),
    request_body = Because, responses((status = 204), (status = 404), (status = 409), (status = 422)))]
pub(crate) async fn remove(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(product): At<ProductId>,
    Body(because): Body<Because>,
) -> Result<StatusCode, Failure> {
    app.decide_failing_product(&actor, product, FailedOrdersDecision::Remove, &because.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
