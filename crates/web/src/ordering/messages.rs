//! `/seller/messages`: every call to the seller's system for real orders, with filters in the address so that they can be shared.

use app::fulfilment::{CallSearch, Course};
use askama::Template;
use domain::fulfilment::{Activity, CallStateCode};
use domain::ids::SellerCallId;
use domain::outcome::{FieldProblem, Problems};
use domain::time::{SignedDuration, Timestamp};
use language::Words;
use serde::Deserialize;

use crate::form::{Choice, Field, Form, Summary};
use crate::frame::PageFrame;
use crate::parts::{Empty, Paging, Tab, Table, Tabs};

const BASE: &str = "/seller/messages";

/// What the address asks for.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Asked {
    state: Option<String>,
    before: Option<String>,
    order: Option<String>,
    activity: Option<String>,
    failures: Option<String>,
    from: Option<String>,
    to: Option<String>,
}

/// The first instant of a day, UTC, as a date field sends it.
fn day(text: &str) -> Option<Timestamp> {
    (text.len() == 10).then(|| format!("{text}T00:00:00Z").parse().ok()).flatten()
}

/// A value that was given and is not blank.
fn given(value: &Option<String>) -> Option<&str> {
    value.as_deref().map(str::trim).filter(|value| !value.is_empty())
}

impl Asked {
    /// The filters beside the state, as they stand in the address and the form.
    fn filters(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("order", &self.order),
            ("activity", &self.activity),
            ("failures", &self.failures),
            ("from", &self.from),
            ("to", &self.to),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name, given(value)?))).collect()
    }

    fn state(&self) -> Option<CallStateCode> {
        given(&self.state)?.parse().ok()
    }

    /// The query of a link that keeps the filters.
    fn query(&self, more: &[(&str, &str)]) -> String {
        let mut pairs = url_pairs(&self.filters());
        pairs.extend(url_pairs(more));
        if pairs.is_empty() { BASE.to_owned() } else { format!("{BASE}?{}", pairs.join("&")) }
    }

    /// What to look for, and the form with what is wrong in it. A day that is none does not filter.
    pub(super) fn read(&self, words: &'static Words) -> (CallSearch, Form) {
        let form = self.filters().into_iter().fold(Form::new(words), |form, (name, value)| form.with(name, value));
        let mut problems = Problems::new();
        let mut date = |name: &'static str, value: &Option<String>| {
            let text = given(value)?;
            let found = day(text);
            if found.is_none() {
                problems.add(FieldProblem::new(name, "day"));
            }
            found
        };
        let (from, to) = (date("from", &self.from), date("to", &self.to));
        let search = CallSearch {
            state: self.state(),
            step: None,
            before: given(&self.before).and_then(|id| id.parse::<SellerCallId>().ok()),
            order_number: given(&self.order).map(str::to_uppercase),
            activity: given(&self.activity).and_then(|code| code.parse().ok()),
            course: if given(&self.failures).is_some() { Course::Troubled } else { Course::Any },
            from,
            until: to.and_then(|day| day.checked_add(SignedDuration::from_hours(24)).ok()),
        };
        (search, form.with_problems(&problems))
    }
}

fn url_pairs(pairs: &[(&str, &str)]) -> Vec<String> {
    let encoded = |text: &str| -> String {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
    };
    pairs.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect()
}

/// `GET /seller/messages`.
#[derive(Clone, Debug, Template)]
#[template(path = "ordering/messages.html")]
pub struct MessagesPage {
    /// Around it.
    pub page: PageFrame,
    /// What is wrong with a filter.
    pub summary: Summary,
    /// The filters.
    pub fields: Vec<Field>,
    /// The state, which the tabs choose and the form keeps.
    pub state: String,
    /// Whether something is filtered beside the state: then the form stands open.
    pub filtered: bool,
    /// The states.
    pub tabs: Tabs,
    /// The calls.
    pub table: Table,
    /// What is said instead of an empty table.
    pub empty: Empty,
    /// Older calls.
    pub paging: Paging,
}

impl MessagesPage {
    pub(super) fn new(
        page: PageFrame,
        asked: &Asked,
        form: Form,
        table: Table,
        older: Option<SellerCallId>,
    ) -> MessagesPage {
        let words = page.words;
        let state = asked.state();
        let filtered = !asked.filters().is_empty();
        let code = state.map(CallStateCode::code).unwrap_or_default();
        let kept = if code.is_empty() { Vec::new() } else { vec![("state", code)] };
        let older = older.map(|id| {
            let id = id.to_string();
            let mut more = kept.clone();
            more.push(("before", &id));
            asked.query(&more)
        });
        let any = Choice::new("", words.messages_filter_any());
        let named = Activity::ALL.iter().map(|activity| Choice::new(activity.code(), activity.code()));
        let activities: Vec<Choice> = std::iter::once(any).chain(named).collect();
        let empty = if filtered || state.is_some() {
            Empty::filtered(words.messages_filtered_title(), words.messages_filtered_text())
                .action(words.messages_show_all(), BASE)
        } else {
            Empty::new(words.messages_empty_title(), words.messages_empty_text())
        };
        MessagesPage {
            summary: form.summary(),
            fields: vec![
                form.text("order", words.messages_order()).monospace().medium().optional(),
                form.select("activity", words.messages_filter_activity(), &activities),
                form.text("from", words.messages_filter_from()).date().optional(),
                form.text("to", words.messages_filter_to()).date().optional(),
                form.checkbox("failures", words.messages_filter_failures()),
            ],
            state: code.to_owned(),
            filtered,
            tabs: tabs(words, asked, state),
            table,
            empty,
            paging: Paging { words, newer: None, older },
            page: page.titled(words.messages_title()).with_form(&form),
        }
    }
}

fn tabs(words: &Words, asked: &Asked, current: Option<CallStateCode>) -> Tabs {
    let tab = |label: String, state: Option<CallStateCode>| Tab {
        label,
        href: state.map_or_else(|| asked.query(&[]), |state| asked.query(&[("state", state.code())])),
        current: state == current,
        count: 0,
    };
    let name = |state: CallStateCode| words.by_code("call-state", state.code(), &[]).unwrap_or_default();
    let states = CallStateCode::ALL.iter().map(|state| tab(name(*state), Some(*state)));
    let tabs = std::iter::once(tab(words.orders_all().to_owned(), None)).chain(states).collect();
    Tabs { label: words.orders_state().to_owned(), tabs }
}

#[cfg(test)]
impl crate::samples::Samples for MessagesPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        use crate::parts::{Cell, Column};
        let words = page.words;
        let nothing = Table::new(words.messages_title(), vec![Column::new(words.messages_call())]);
        let full = nothing.clone().row(vec![Cell::link("<script>", "/seller/messages/cal_1")]);
        let bare = Asked::default();
        let asked = Asked {
            order: Some("CS26<script>".to_owned()),
            from: Some("yesterday".to_owned()),
            failures: Some("on".to_owned()),
            ..Asked::default()
        };
        let form = |asked: &Asked| asked.read(words).1;
        let older = <SellerCallId as domain::ids::Id>::from_u128(7);
        vec![
            MessagesPage::new(page.clone(), &bare, form(&bare), nothing, None),
            MessagesPage::new(page, &asked, form(&asked), full, Some(older)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_keep_the_filters_and_nothing_slips_out_of_its_place() {
        let asked = Asked { order: Some(" CS1&state=done ".to_owned()), ..Asked::default() };
        assert_eq!(asked.query(&[("state", "parked")]), "/seller/messages?order=CS1%26state%3Ddone&state=parked");
        assert_eq!(Asked::default().query(&[]), "/seller/messages");
    }

    #[test]
    fn a_day_is_whole_and_what_is_none_is_told() {
        let words = Words::of(domain::text::Language::English);
        let asked = Asked { from: Some("2026-05-14".into()), to: Some("2026-05-14".into()), ..Asked::default() };
        let (search, _) = asked.read(words);
        let (from, until) = search.from.zip(search.until).expect("both are days");
        assert_eq!(until.duration_since(from).as_hours(), 24);
        let (search, form) = Asked { to: Some("2026-02-30".into()), ..Asked::default() }.read(words);
        assert_eq!((search.until, form.problem("to").is_some()), (None, true));
    }
}
