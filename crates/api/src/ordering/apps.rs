//! What was bought: the apps of an organisation, and how to get into them.

use app::fulfilment::{RefreshAccess, Wish};
use app::ordering::{self as ordering, AccessView, AppDetails, AppRow, RevealPassword};
use app::{App, AppError};
use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use domain::ids::SubscriptionId;
use domain::ordering::{Order, Standing, Subscription, SubscriptionState};
use domain::outcome::FieldProblem;
use http_kit::{At, Failure, SignedIn};
use serde::Serialize;
use utoipa::ToSchema;

use super::{PAGE, Page, TimelineBody};
use crate::catalog::Text;

/// An app.
#[derive(Serialize, ToSchema)]
pub(crate) struct AppBody {
    /// `sub_…`
    id: String,
    product: Text,
    specification: Text,
    seller: String,
    /// `setting_up`, `expiring_soon`, `active` or `ended`.
    standing: &'static str,
    /// The order that brought it.
    order: String,
    /// When its time is over; a one-time purchase has no end.
    until: Option<String>,
}

fn body(subscription: &Subscription, order: &Order, standing: Standing) -> AppBody {
    let until = match &subscription.state {
        SubscriptionState::Active { until, .. } => until.map(|at| at.to_string()),
        SubscriptionState::SettingUp { .. } | SubscriptionState::NotDelivered { .. } => None,
    };
    AppBody {
        id: subscription.id.to_string(),
        product: (&order.line.product_name).into(),
        specification: (&order.line.specification_name).into(),
        seller: order.line.seller_name.clone(),
        standing: standing.code(),
        order: order.number.to_string(),
        until,
    }
}

impl From<&AppRow> for AppBody {
    fn from(row: &AppRow) -> AppBody {
        body(&row.subscription, &row.order, row.standing)
    }
}

/// Apps, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct Apps {
    items: Vec<AppBody>,
    /// Give this as `before` to go on; absent on the last page.
    next: Option<String>,
}

/// The apps of your organisation.
#[utoipa::path(get, path = "/api/v1/apps", tag = "apps", params(Page), responses((status = 200, body = Apps)))]
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Query(page): Query<Page>,
) -> Result<Json<Apps>, Failure> {
    let before = page.before.map(|text| text.parse::<SubscriptionId>()).transpose();
    let before = before.map_err(|_| AppError::field(FieldProblem::new("before", "cursor")))?;
    let (rows, next) = ordering::my_apps(&app, &actor, before, PAGE).await?;
    Ok(Json(Apps { items: rows.iter().map(AppBody::from).collect(), next: next.map(|id| id.to_string()) }))
}

/// How to get in, but for the first password.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccessBody {
    front_end_url: String,
    admin_url: Option<String>,
    user_name: Option<String>,
    /// What the seller remarks.
    memo: Option<String>,
    /// Whether there is a first password to reveal.
    password_known: bool,
}

impl From<AccessView> for AccessBody {
    fn from(view: AccessView) -> AccessBody {
        AccessBody {
            front_end_url: view.front_end_url,
            admin_url: view.admin_url,
            user_name: view.user_name,
            memo: view.memo,
            password_known: view.password_known,
        }
    }
}

/// An app with everything that is known about it.
#[derive(Serialize, ToSchema)]
pub(crate) struct AppDetailsBody {
    #[serde(flatten)]
    app: AppBody,
    /// Absent until the seller delivered.
    access: Option<AccessBody>,
    /// The newest first.
    timeline: Vec<TimelineBody>,
}

impl From<AppDetails> for AppDetailsBody {
    fn from(found: AppDetails) -> AppDetailsBody {
        AppDetailsBody {
            app: body(&found.subscription, &found.order, found.standing),
            access: found.access.map(AccessBody::from),
            timeline: found.timeline.iter().map(TimelineBody::from).collect(),
        }
    }
}

/// One app of your organisation.
#[utoipa::path(get, path = "/api/v1/apps/{id}", tag = "apps", params(("id" = String, Path)),
    responses((status = 200, body = AppDetailsBody), (status = 404)))]
pub(crate) async fn show(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(subscription): At<SubscriptionId>,
) -> Result<Json<AppDetailsBody>, Failure> {
    Ok(Json(ordering::my_app(&app, &actor, subscription).await?.into()))
}

/// A first password in clear.
#[derive(Serialize, ToSchema)]
pub(crate) struct ClearPassword {
    /// Keep it out of logs, and change it after signing in.
    password: String,
}

/// Shows the first password. The own password must have been given in the last five minutes; everybody of the organisation is told.
#[utoipa::path(post, path = "/api/v1/apps/{id}/reveal-password", tag = "apps", params(("id" = String, Path)),
    responses((status = 200, body = ClearPassword), (status = 403), (status = 404), (status = 409)))]
pub(crate) async fn reveal_password(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(subscription): At<SubscriptionId>,
) -> Result<Json<ClearPassword>, Failure> {
    let password = RevealPassword { subscription }.run(&app, &actor).await?;
    Ok(Json(ClearPassword { password: password.as_str().to_owned() }))
}

/// Asks the seller's system for the access data once more, if they were changed there. The answer shows in the timeline.
#[utoipa::path(post, path = "/api/v1/apps/{id}/refresh-access", tag = "apps", params(("id" = String, Path)),
    responses((status = 202), (status = 404), (status = 409)))]
pub(crate) async fn refresh_access(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(subscription): At<SubscriptionId>,
) -> Result<StatusCode, Failure> {
    RefreshAccess { subscription, wish: Wish::Pressed }.run(&app, &actor).await?;
    Ok(StatusCode::ACCEPTED)
}
