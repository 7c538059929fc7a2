//! A seller's usage records.

use app::metering::{UsagePage, usage_records};
use app::{App, AppError};
use axum::Json;
use axum::extract::{Query, State};
use domain::ids::UsageRecordId;
use domain::metering::{UsageMark, UsageRecord, UsageState, UsageStateCode};
use domain::outcome::{FieldProblem, Problems};
use http_kit::{Failure, Routes, SignedIn, route};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

/// What this slice adds to the description.
#[derive(OpenApi)]
#[openapi(paths(list))]
pub(crate) struct Description;

/// The routes of this slice.
pub(crate) fn routes() -> Routes {
    Routes::new().with(route!(GET "/api/v1/seller/usage-records" => list))
}

/// One record as it was pushed, and what came of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct UsageRecordBody {
    /// `usg_…`
    id: String,
    instance_id: String,
    record_time: String,
    begin_time: String,
    end_time: String,
    usage_value: String,
    /// Of the new form.
    metering_sn: Option<String>,
    /// Of the old form.
    product_id: Option<String>,
    relate_pkg_instance: Option<String>,
    /// When it came, RFC 3339.
    received_at: String,
    /// `received`, `accepted` or `rejected`.
    state: &'static str,
    /// When it was judged.
    judged_at: Option<String>,
    /// Why it is rejected: a stable code, such as `too_old`.
    fault: Option<&'static str>,
}

impl From<UsageRecord> for UsageRecordBody {
    fn from(record: UsageRecord) -> UsageRecordBody {
        let (judged_at, fault) = match &record.state {
            UsageState::Received => (None, None),
            UsageState::Accepted { at, .. } => (Some(*at), None),
            UsageState::Rejected { at, fault } => (Some(*at), Some(fault.code())),
        };
        let (metering_sn, product_id) = match record.pushed.mark {
            UsageMark::MeteringSn(number) => (Some(number), None),
            UsageMark::Product(product) => (None, Some(product)),
        };
        UsageRecordBody {
            id: record.id.to_string(),
            instance_id: record.pushed.instance,
            record_time: record.pushed.recorded,
            begin_time: record.pushed.begin,
            end_time: record.pushed.end,
            usage_value: record.pushed.value,
            metering_sn,
            product_id,
            relate_pkg_instance: record.pushed.package,
            received_at: record.received_at.to_string(),
            state: record.state.code().code(),
            judged_at: judged_at.map(|at| at.to_string()),
            fault,
        }
    }
}

/// Records, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct UsageRecords {
    /// At most 50.
    items: Vec<UsageRecordBody>,
    /// Give this as `before` to go on; absent on the last page.
    next: Option<String>,
}

impl From<UsagePage> for UsageRecords {
    fn from(page: UsagePage) -> UsageRecords {
        UsageRecords {
            items: page.records.into_iter().map(UsageRecordBody::from).collect(),
            next: page.older.map(|id| id.to_string()),
        }
    }
}

/// Which records.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// Only records in this state.
    state: Option<String>,
    /// Only older ones than this: the `next` of the page before.
    before: Option<String>,
}

impl Asked {
    fn read(&self) -> Result<(Option<UsageStateCode>, Option<UsageRecordId>), AppError> {
        let mut problems = Problems::new();
        let state = self.state.as_deref().map(str::parse).transpose();
        let state = problems.take(state.map_err(|()| FieldProblem::new("state", "not_in_list")));
        let before = self.before.as_deref().map(str::parse).transpose();
        let before = problems.take(before.map_err(|_| FieldProblem::new("before", "cursor")));
        Ok(problems.or(state.zip(before))?)
    }
}

/// What the organisation's own systems pushed as used. They push to KooGallery's addresses, which are not part of this
/// description; the documentation for sellers has them.
#[utoipa::path(get, path = "/api/v1/seller/usage-records", tag = "selling", params(Asked),
    responses((status = 200, body = UsageRecords), (status = 401), (status = 403), (status = 422)))]
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Json<UsageRecords>, Failure> {
    let (state, before) = asked.read()?;
    Ok(Json(usage_records(&app, &actor, state, before).await?.into()))
}
