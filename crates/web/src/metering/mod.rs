//! `/seller/usage`: the usage records that a seller's systems pushed, and why some do not count.

use app::App;
use app::metering::UsagePage as Found;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::ids::UsageRecordId;
use domain::metering::{UsageMark, UsageRecord, UsageState, UsageStateCode};
use http_kit::{Failure, Routes, SignedIn, Visit, route};
use language::Words;
use serde::Deserialize;

use crate::frame::PageFrame;
use crate::ordering::ListPage;
use crate::parts::{Cell, Column, Empty, Paging, Status, Tab, Table, Tabs};
use crate::render;

const BASE: &str = "/seller/usage";

/// The routes of this slice.
pub(crate) fn routes() -> Routes {
    Routes::new().with(route!(GET "/seller/usage" => list))
}

/// Which part of the list is asked for.
#[derive(Default, Deserialize)]
struct Place {
    state: Option<String>,
    before: Option<String>,
}

async fn list(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    Query(place): Query<Place>,
) -> Result<Response, Failure> {
    let state: Option<UsageStateCode> = place.state.as_deref().and_then(|code| code.parse().ok());
    let before: Option<UsageRecordId> = place.before.as_deref().and_then(|id| id.parse().ok());
    let found = app::metering::usage_records(&app, &actor, state, before).await?;
    Ok(render::page(&page(PageFrame::of(&visit), &found, state)))
}

fn page(frame: PageFrame, found: &Found, state: Option<UsageStateCode>) -> ListPage {
    let words = frame.words;
    let empty = match state {
        None => Empty::new(words.usage_empty_title(), words.usage_empty_text()),
        Some(_) => Empty::filtered(words.usage_filtered_title(), words.usage_filtered_text())
            .action(words.usage_show_all(), BASE),
    };
    let filter = state.map(|state| format!("state={}&", state.code())).unwrap_or_default();
    ListPage {
        lead: words.usage_lead().to_owned(),
        facts: None,
        search: None,
        tabs: Some(tabs(words, state)),
        table: table(words, found),
        empty,
        paging: Paging { words, newer: None, older: found.older.map(|id| format!("{BASE}?{filter}before={id}")) },
        page: frame.titled(words.usage_title()),
    }
}

fn tabs(words: &Words, current: Option<UsageStateCode>) -> Tabs {
    let tab = |label: &str, state: Option<UsageStateCode>| Tab {
        label: label.to_owned(),
        href: state.map_or(BASE.to_owned(), |state| format!("{BASE}?state={}", state.code())),
        current: state == current,
        count: 0,
    };
    let states = UsageStateCode::ALL.iter().map(|state| tab(name(words, *state), Some(*state)));
    let tabs = std::iter::once(tab(words.usage_all(), None)).chain(states).collect();
    Tabs { label: words.usage_state().to_owned(), tabs }
}

fn name(words: &Words, state: UsageStateCode) -> &'static str {
    match state {
        UsageStateCode::Received => words.usage_state_received(),
        UsageStateCode::Accepted => words.usage_state_accepted(),
        UsageStateCode::Rejected => words.usage_state_rejected(),
    }
}

fn table(words: &Words, found: &Found) -> Table {
    let columns = vec![
        Column::new(words.usage_instance()),
        Column::new(words.usage_span()),
        Column::numeric(words.usage_amount()),
        Column::new(words.usage_state()),
        Column::new(words.usage_reason()),
    ];
    found.records.iter().fold(Table::new(words.usage_title(), columns), |table, record| table.row(row(words, record)))
}

/// Texts of the push stand as they were sent: that is what the seller looks for in its own log.
fn row(words: &Words, record: &UsageRecord) -> Vec<Cell> {
    let pushed = &record.pushed;
    let mark = match &pushed.mark {
        UsageMark::MeteringSn(mark) | UsageMark::Product(mark) => mark.clone(),
    };
    let received = words.usage_received(words.date_time(record.received_at));
    let label = name(words, record.state.code());
    let (status, reason) = match &record.state {
        UsageState::Received => (Status::info(label), String::from("–")),
        UsageState::Accepted { .. } => (Status::good(label), String::from("–")),
        UsageState::Rejected { fault, .. } => {
            let reason = words.by_code("usage-fault", fault.code(), &[]);
            (Status::bad(label), reason.unwrap_or_else(|| fault.code().to_owned()))
        }
    };
    vec![
        Cell::Pair(pushed.instance.clone(), mark),
        Cell::Pair(format!("{} – {}", pushed.begin, pushed.end), received),
        Cell::number(&pushed.value),
        Cell::Status(status),
        Cell::text(reason),
    ]
}

#[cfg(test)]
mod tests {
    use askama::Template as _;
    use domain::ids::{Id as _, OrganisationId, UsageBatchId};
    use domain::metering::{PushedUsage, UsageFault};
    use domain::text::Language;

    use super::*;

    fn record(fault: UsageFault) -> UsageRecord {
        let at = "2026-05-14T13:28:00Z".parse().expect("an instant");
        UsageRecord {
            id: UsageRecordId::from_u128(1),
            batch: UsageBatchId::from_u128(1),
            seller: OrganisationId::from_u128(1),
            pushed: PushedUsage {
                instance: "i-<script>".to_owned(),
                recorded: "20260514T132800Z".to_owned(),
                begin: "20260514T120000Z".to_owned(),
                end: "20260514T125959Z".to_owned(),
                value: "1.00001".to_owned(),
                mark: UsageMark::MeteringSn("sn-1".to_owned()),
                package: None,
            },
            received_at: at,
            state: UsageState::Rejected { at, fault },
        }
    }

    #[test]
    fn every_reason_is_a_sentence_in_both_languages() {
        for language in Language::ALL {
            for fault in UsageFault::ALL {
                let found = Found { records: vec![record(fault)], older: Some(UsageRecordId::from_u128(1)) };
                let page = page(PageFrame::new(language, BASE), &found, Some(UsageStateCode::Rejected));
                let html = page.render().expect("the page can be drawn");
                assert!(!html.contains(fault.code()), "{fault:?} has no sentence in {language:?}");
                assert!(html.contains("1.00001") && !html.contains("i-<script>"));
                assert!(
                    html.contains("/seller/usage?state=rejected&#38;before=usg_")
                        || html.contains("state=rejected&amp;before=usg_")
                );
            }
        }
    }
}
