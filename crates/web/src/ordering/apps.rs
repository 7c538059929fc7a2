//! `/my/apps`: the apps of a buyer, and one with the way in. The first password is shown once, after a fresh sign-in.

use app::App;
use app::fulfilment::{RefreshAccess, Wish};
use app::ordering::{AccessView, AppDetails, AppRow, RevealPassword};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::fulfilment::{CallStateCode, SellerCall};
use domain::ids::SubscriptionId;
use domain::ordering::{Standing, SubscriptionState};
use domain::time::Timestamp;
use http_kit::{At, Failure, SignedIn, Visit};
use language::Words;

use super::list::ListPage;
use super::orders::Place;
use super::words::{self, Reader};
use crate::frame::PageFrame;
use crate::parts::{Cell, Column, Empty, Facts, Notice, Paging, Status, Tab, Table, Tabs, Timeline, Tone};
use crate::render;
use crate::storefront::logo_url;

pub(super) async fn list(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    Query(place): Query<Place>,
) -> Result<Response, Failure> {
    let before = place.before.as_deref().and_then(|id| id.parse::<SubscriptionId>().ok());
    let wanted = place.state.as_deref().and_then(|code| Standing::ALL.into_iter().find(|group| group.code() == code));
    let (rows, older) = app::ordering::my_apps(&app, &actor, before, 100).await?;
    let page = PageFrame::of(&visit);
    let words = page.words;
    let shown: Vec<&AppRow> = rows.iter().filter(|row| wanted.is_none_or(|group| row.standing == group)).collect();
    let columns = vec![
        Column::new(words.apps_app()),
        Column::new(words.orders_state()),
        Column::new(words.apps_until()),
        Column::new(words.apps_open()),
    ];
    let table =
        shown.into_iter().fold(Table::new(words.apps_title(), columns), |table, row| table.row(cells(words, row)));
    let empty = match wanted {
        None => Empty::new(words.apps_empty_title(), words.apps_empty_text()).action(words.orders_empty_action(), "/"),
        Some(_) => Empty::filtered(words.orders_filtered_title(), words.orders_filtered_text())
            .action(words.orders_show_all(), "/my/apps"),
    };
    let list = ListPage {
        lead: words.apps_lead().to_owned(),
        facts: None,
        search: None,
        tabs: Some(tabs(words, &rows, wanted)),
        table,
        empty,
        paging: Paging { words, newer: None, older: older.map(|id| format!("/my/apps?before={id}")) },
        page: page.titled(words.apps_title()),
    };
    Ok(render::page(&list))
}

fn tabs(words: &Words, rows: &[AppRow], wanted: Option<Standing>) -> Tabs {
    let count = |group| u32::try_from(rows.iter().filter(|row| row.standing == group).count()).unwrap_or(u32::MAX);
    let all = Tab {
        label: words.orders_all().to_owned(),
        href: "/my/apps".to_owned(),
        current: wanted.is_none(),
        count: u32::try_from(rows.len()).unwrap_or(u32::MAX),
    };
    let group = |group: Standing| Tab {
        label: words.by_code("apps-standing", group.code(), &[]).unwrap_or_default(),
        href: format!("/my/apps?state={}", group.code()),
        current: wanted == Some(group),
        count: count(group),
    };
    let tabs = std::iter::once(all).chain(Standing::ALL.into_iter().map(group)).collect();
    Tabs { label: words.orders_state().to_owned(), tabs }
}

fn cells(words: &Words, row: &AppRow) -> Vec<Cell> {
    let name = row.order.line.product_name.say(words.language()).to_owned();
    let plan = words::plan(words, &row.order.line, row.order.order_type);
    let until = match &row.subscription.state {
        SubscriptionState::Active { until: Some(until), .. } => words::moment(words, *until),
        SubscriptionState::Active { until: None, .. } => Cell::text(words.apps_no_end()),
        SubscriptionState::SettingUp { .. } | SubscriptionState::NotDelivered { .. } => Cell::text("–"),
    };
    let open = match &row.front_end_url {
        Some(url) if row.standing != Standing::Ended => Cell::link(words.apps_open_what(&name), url),
        Some(_) | None => Cell::text("–"),
    };
    vec![
        Cell::LinkPair(name, format!("/my/apps/{}", row.subscription.id), plan),
        Cell::Status(words::standing(words, row.standing)),
        until,
        open,
    ]
}

/// `GET /my/apps/{id}`.
#[derive(Clone, Debug, Template)]
#[template(path = "ordering/app.html")]
pub struct AppPage {
    /// Around it.
    pub page: PageFrame,
    /// The path of this page.
    pub path: String,
    /// The address of the product's picture.
    pub logo: String,
    /// The plan.
    pub plan: String,
    /// In which group it stands.
    pub status: Status,
    /// How long it still runs.
    pub left: Option<String>,
    /// News about getting in: not ready yet, not delivered, stored copy.
    pub news: Option<Notice>,
    /// Where the app opens.
    pub front_end_url: Option<String>,
    /// Whether the part is asked for again from here, because it is being set up or asked for.
    pub live: bool,
    /// Addresses, user name, note.
    pub access: Option<Facts>,
    /// When the seller said so.
    pub as_of: Option<String>,
    /// Whether fresh access data can be asked for.
    pub refreshable: bool,
    /// Whether the page asks for it by itself once it is there. Never over a password that is being shown.
    pub asks: bool,
    /// The first password.
    pub password: PasswordPart,
    /// The order.
    pub order: Facts,
    /// Where help is.
    pub support: Option<Facts>,
    /// What happened.
    pub timeline: Timeline,
}

/// What the page shows of the first password.
#[derive(Clone, PartialEq, Eq)]
pub enum PasswordPart {
    /// There is none.
    None,
    /// Masked; the sentence says who saw it last.
    Masked(Option<String>),
    /// In clear, for a minute.
    Shown(String),
}

impl std::fmt::Debug for PasswordPart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordPart(••••)")
    }
}

impl AppPage {
    fn of(page: PageFrame, details: &AppDetails, shown: Option<String>, now: Timestamp) -> AppPage {
        let words = page.words;
        let order = &details.order;
        let name = order.line.product_name.say(words.language()).to_owned();
        let ended = details.standing == Standing::Ended;
        let refreshing = details.refresh.as_ref().is_some_and(|call| call.state.code() == CallStateCode::Waiting);
        // One that waits for a seller that is left alone can be hurried.
        let at_work = details
            .refresh
            .as_ref()
            .filter(|_| refreshing)
            .and_then(SellerCall::due_at)
            .is_some_and(|due_at| due_at <= now);
        let asks = details.asks_by_itself && shown.is_none();
        let password = match (&details.access, shown) {
            (_, Some(shown)) => PasswordPart::Shown(shown),
            (Some(access), None) if access.password_known => PasswordPart::Masked(last_shown(words, details)),
            (Some(_) | None, None) => PasswordPart::None,
        };
        AppPage {
            path: format!("/my/apps/{}", details.subscription.id),
            logo: logo_url(details.logo_hash.as_deref(), order.line.product),
            plan: words::plan(words, &order.line, order.order_type),
            status: words::standing(words, details.standing),
            left: left(words, details, now),
            news: news(words, details),
            front_end_url: details.access.as_ref().filter(|_| !ended).map(|access| access.front_end_url.clone()),
            live: details.standing == Standing::SettingUp || refreshing,
            access: details.access.as_ref().map(|access| access_facts(words, access)),
            as_of: details.access.as_ref().map(|access| words.app_as_of(words.date_time(access.at))),
            refreshable: matches!(details.subscription.state, SubscriptionState::Active { .. }) && !at_work,
            asks,
            password,
            order: order_facts(words, details),
            support: support(words, details),
            timeline: words::timeline(words, &details.timeline, Reader::Buyer, now),
            page: page.below(words.apps_title(), "/my/apps").titled(name),
        }
    }
}

fn last_shown(words: &Words, details: &AppDetails) -> Option<String> {
    let (person, at) = details.last_revealed.as_ref()?;
    let when = words.date_time(*at);
    Some(match person {
        Some(person) => words.app_password_last(person, &when),
        None => words.app_password_last_nobody(&when),
    })
}

fn left(words: &Words, details: &AppDetails, now: Timestamp) -> Option<String> {
    let SubscriptionState::Active { until: Some(until), .. } = details.subscription.state else { return None };
    let days = until.duration_since(now).as_hours().max(0) / 24;
    Some(words.common_pair(words.date(until), words.app_days_left(days)))
}

fn news(words: &'static Words, details: &AppDetails) -> Option<Notice> {
    match (&details.subscription.state, &details.refresh) {
        (SubscriptionState::SettingUp { .. }, _) => {
            let notice = Notice::new(Tone::Info, words.order_news_processing());
            Some(
                notice
                    .detail(words.app_not_ready())
                    .link(words.order_title(details.order.number.as_str()), order_path(details)),
            )
        }
        (SubscriptionState::NotDelivered { .. }, _) => Some(Notice::new(Tone::Bad, words.app_not_delivered())),
        (SubscriptionState::Active { .. }, Some(call)) => match call.state {
            domain::fulfilment::CallState::GivenUp { at, .. } => {
                Some(Notice::new(Tone::Warn, words.app_stored_copy(words.date_time(at))))
            }
            domain::fulfilment::CallState::Waiting { .. } => Some(Notice::new(Tone::Info, words.app_refresh_asked())),
            domain::fulfilment::CallState::Parked { .. } | domain::fulfilment::CallState::Done { .. } => None,
        },
        (SubscriptionState::Active { .. }, None) if details.access.is_none() => {
            Some(Notice::new(Tone::Warn, words.app_no_access(&details.order.line.seller_name)))
        }
        (SubscriptionState::Active { .. }, None) => None,
    }
}

fn order_path(details: &AppDetails) -> String {
    format!("/my/orders/{}", details.order.number)
}

fn access_facts(words: &Words, access: &AccessView) -> Facts {
    let copied = |what: &str, value: &str| Cell::Exact(value.to_owned(), words.app_copy(what));
    let mut facts = Facts::new().fact(words.app_address(), copied(words.app_address(), &access.front_end_url));
    if let Some(url) = &access.admin_url {
        facts = facts.fact(words.app_administration(), copied(words.app_administration(), url));
    }
    if let Some(name) = &access.user_name {
        facts = facts.fact(words.app_user_name(), copied(words.app_user_name(), name));
    }
    if let Some(memo) = &access.memo {
        facts = facts.fact(words.app_note(), Cell::text(memo));
    }
    facts
}

fn order_facts(words: &Words, details: &AppDetails) -> Facts {
    let order = &details.order;
    let facts = Facts::narrow()
        .fact(words.app_order(), Cell::link(&order.number, order_path(details)))
        .fact(words.order_plan(), Cell::text(order.line.specification_name.say(words.language())))
        .fact(words.orders_total(), Cell::number(words::money(words, order.total)))
        .fact(words.orders_seller(), Cell::text(&order.line.seller_name));
    match details.subscription.state {
        SubscriptionState::Active { since, until, .. } => {
            let facts = facts.fact(words.app_started(), words::moment(words, since));
            match until {
                Some(until) => facts.fact(words.app_until(), words::moment(words, until)),
                None => facts.fact(words.app_until(), Cell::text(words.apps_no_end())),
            }
        }
        SubscriptionState::SettingUp { .. } | SubscriptionState::NotDelivered { .. } => facts,
    }
}

fn support(words: &Words, details: &AppDetails) -> Option<Facts> {
    let contact = &details.order.line.support;
    let mut facts = Facts::narrow();
    if let Some(email) = &contact.email {
        facts = facts.fact(words.app_support_email(), Cell::link(email, format!("mailto:{email}")));
    }
    if let Some(phone) = &contact.phone {
        facts = facts.fact(words.app_support_phone(), Cell::text(phone));
    }
    if let Some(hours) = &contact.hours {
        facts = facts.fact(words.app_support_hours(), Cell::text(hours.say(words.language())));
    }
    (contact.email.is_some() || contact.phone.is_some() || contact.hours.is_some()).then_some(facts)
}

pub(super) async fn show(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    At(subscription): At<SubscriptionId>,
) -> Result<Response, Failure> {
    let details = app::ordering::my_app(&app, &actor, subscription).await?;
    Ok(render::page(&AppPage::of(PageFrame::of(&visit), &details, None, app.now())))
}

/// After the password of the account was given again, a person comes back here: to the page with the button.
pub(super) async fn back(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(subscription): At<SubscriptionId>,
) -> Result<Response, Failure> {
    let details = app::ordering::my_app(&app, &actor, subscription).await?;
    Ok(render::see_other(&format!("/my/apps/{}", details.subscription.id)))
}

/// Shows the first password on the page, for a minute. Neither browser nor proxy may keep the answer.
pub(super) async fn reveal(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    At(subscription): At<SubscriptionId>,
) -> Result<Response, Failure> {
    let password = RevealPassword { subscription }.run(&app, &actor).await?;
    let details = app::ordering::my_app(&app, &actor, subscription).await?;
    let page = AppPage::of(PageFrame::of(&visit), &details, Some(password.as_str().to_owned()), app.now());
    Ok(render::secret_page(&page, &format!("/my/apps/{subscription}")))
}

/// What a page says of itself when it asks.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Because {
    /// `opened` when nobody pressed anything.
    because: Option<String>,
}

/// Asks for fresh access data: a person who presses the button, or the page itself once it is there. A page that is
/// opened by `GET` changes nothing.
pub(super) async fn refresh(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(subscription): At<SubscriptionId>,
    Query(because): Query<Because>,
) -> Result<Response, Failure> {
    let wish = if because.because.as_deref() == Some("opened") { Wish::Opened } else { Wish::Pressed };
    RefreshAccess { subscription, wish }.run(&app, &actor).await?;
    Ok(render::see_other(&format!("/my/apps/{subscription}")))
}

#[cfg(test)]
impl crate::samples::Samples for AppPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        let words = page.words;
        let bare = AppPage {
            page: page.titled("Granary Backup <script>"),
            path: "/my/apps/sub_1".to_owned(),
            logo: "/images/prd_1.svg".to_owned(),
            plan: "Team".to_owned(),
            status: words::standing(words, Standing::SettingUp),
            left: None,
            news: Some(Notice::new(Tone::Info, words.order_news_processing()).detail(words.app_not_ready())),
            front_end_url: None,
            live: true,
            access: None,
            as_of: None,
            refreshable: false,
            asks: false,
            password: PasswordPart::None,
            order: Facts::narrow()
                .fact(words.app_order(), Cell::link("CS2605141328QWERT", "/my/orders/CS2605141328QWERT")),
            support: None,
            timeline: Timeline { entries: Vec::new() },
        };
        let full = AppPage {
            status: words::standing(words, Standing::Active),
            left: Some(words.app_days_left(31)),
            news: None,
            front_end_url: Some("https://kestrel.granary.example/".to_owned()),
            live: false,
            access: Some(Facts::new().fact(
                words.app_user_name(),
                Cell::Exact("<script>alert(1)</script>".to_owned(), words.app_copy(words.app_user_name())),
            )),
            as_of: Some(words.app_as_of("14 May 2026, 13:28 UTC")),
            refreshable: true,
            asks: true,
            password: PasswordPart::Masked(Some(words.app_password_last("Lin <script>", "14 May 2026"))),
            support: Some(
                Facts::narrow().fact(words.app_support_email(), Cell::link("a@b.example", "mailto:a@b.example")),
            ),
            ..bare.clone()
        };
        let shown =
            AppPage { asks: false, password: PasswordPart::Shown("Init-<script>-1".to_owned()), ..full.clone() };
        vec![bare, full, shown]
    }
}
