//! The pages of the reference seller's product: sign in with the user name and first password, see the space, sign out. No script;
//! English and Chinese, as the browser asks.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use koogallery::{Language, UtcSecond};
use serde::Deserialize;
use subtle::ConstantTimeEq;

use super::Shop;
use super::accounts::{Account, REHEARSAL, Standing, rehearsal_account};

const COOKIE: &str = "seller_session";

/// The pages stand under `/app`; everything else is the production address.
pub(crate) fn routes() -> Router<Arc<Shop>> {
    Router::new()
        .route("/", get(front).post(super::production::hear))
        .route("/app/look.css", get(look))
        .route("/app/mark.svg", get(mark))
        .route("/app/{id}", get(show).post(sign_in))
        .route("/app/{id}/admin", get(show).post(sign_in))
        .route("/app/{id}/sign-out", post(sign_out))
}

/// What the person typed.
#[derive(Deserialize)]
struct Credentials {
    #[serde(default)]
    user_name: String,
    #[serde(default)]
    password: String,
}

#[derive(Template)]
#[template(path = "front.html")]
struct Front<'a> {
    t: Words,
    product: &'a str,
    production_url: String,
    accounts: usize,
    calls: usize,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn<'a> {
    t: Words,
    product: &'a str,
    instance: &'a str,
    frozen: bool,
    wrong: bool,
    user_name: &'a str,
    rehearsal: bool,
}

#[derive(Template)]
#[template(path = "space.html")]
struct Space<'a> {
    t: Words,
    product: &'a str,
    account: &'a Account,
    frozen: bool,
    created: String,
    term: Option<String>,
    history: Vec<(String, &'a str)>,
    sign_out: String,
}

#[derive(Template)]
#[template(path = "message.html")]
struct Message<'a> {
    t: Words,
    product: &'a str,
    title: &'static str,
    text: &'static str,
}

fn page(status: StatusCode, template: &impl Template) -> Response {
    let html = match template.render() {
        Ok(html) => html,
        Err(error) => {
            tracing::error!(error = %error, "A page could not be written: {error}");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let headers = [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (header::VARY, "accept-language, cookie"),
    ];
    (status, headers, Html(html)).into_response()
}

async fn look() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../../templates/look.css")).into_response()
}

async fn mark() -> Response {
    ([(header::CONTENT_TYPE, "image/svg+xml")], include_str!("../../templates/mark.svg")).into_response()
}

async fn front(State(shop): State<Arc<Shop>>, headers: HeaderMap) -> Response {
    let inside = shop.inside();
    let front = Front {
        t: Words::asked_for(&headers),
        product: &shop.product_name,
        production_url: format!("{}/produce", shop.public_url),
        accounts: inside.accounts.iter().filter(|account| account.standing != Standing::Released).count(),
        calls: inside.journal.calls().len(),
    };
    page(StatusCode::OK, &front)
}

/// The account, or the page that says why there is none.
fn account(shop: &Shop, id: &str, headers: &HeaderMap) -> Result<Account, Box<Response>> {
    let found = match shop.inside().accounts.find(id).cloned() {
        None if id == REHEARSAL => Some(rehearsal_account(REHEARSAL)),
        found => found,
    };
    let t = Words::asked_for(headers);
    let product = found.as_ref().map_or(shop.product_name.as_str(), |account| product_of(shop, account)).to_owned();
    let product = product.as_str();
    match found {
        Some(account) if account.standing == Standing::Released => {
            Err(Box::new(page(StatusCode::GONE, &Message { title: t.released, text: t.released_text, t, product })))
        }
        Some(account) if matches!(account.standing, Standing::Preparing { .. }) => {
            Err(Box::new(page(StatusCode::OK, &Message { title: t.preparing, text: t.preparing_text, t, product })))
        }
        Some(account) => Ok(account),
        None => {
            Err(Box::new(page(StatusCode::NOT_FOUND, &Message { title: t.unknown, text: t.unknown_text, t, product })))
        }
    }
}

pub(crate) fn no_such_page(shop: &Shop, headers: &HeaderMap) -> Response {
    let t = Words::asked_for(headers);
    page(StatusCode::NOT_FOUND, &Message { title: t.no_page, text: t.no_page_text, t, product: &shop.product_name })
}

async fn show(State(shop): State<Arc<Shop>>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let account = match account(&shop, &id, &headers) {
        Ok(account) => account,
        Err(response) => return *response,
    };
    let signed_in =
        session(&headers).is_some_and(|token| shop.inside().sessions.get(&token) == Some(&account.instance_id));
    let frozen = account.standing == Standing::Frozen;
    if signed_in && !frozen {
        return page(StatusCode::OK, &space(&shop, &account, &headers));
    }
    page(StatusCode::OK, &sign_in_page(&shop, &account, &headers))
}

fn sign_in_page<'a>(shop: &'a Shop, account: &'a Account, headers: &HeaderMap) -> SignIn<'a> {
    SignIn {
        t: Words::asked_for(headers),
        product: product_of(shop, account),
        instance: &account.instance_id,
        frozen: account.standing == Standing::Frozen,
        wrong: false,
        user_name: "",
        rehearsal: account.instance_id == REHEARSAL,
    }
}

/// The name on an account's pages.
fn product_of<'a>(shop: &'a Shop, account: &'a Account) -> &'a str {
    if account.product_name.is_empty() { &shop.product_name } else { &account.product_name }
}

fn space<'a>(shop: &'a Shop, account: &'a Account, headers: &HeaderMap) -> Space<'a> {
    let t = Words::asked_for(headers);
    let at = |ms: i64| UtcSecond::from_unix_ms(ms).map_or_else(String::new, |at| t.moment(&at.to_string()));
    Space {
        product: product_of(shop, account),
        frozen: account.standing == Standing::Frozen,
        created: at(account.created_at_ms),
        term: account.expire_time.as_deref().map(|digits| t.moment(digits)),
        history: account.history.iter().rev().map(|line| (at(line.at_ms), line.what.as_str())).collect(),
        sign_out: format!("/app/{}/sign-out", account.instance_id.replace('/', "%2F")),
        account,
        t,
    }
}

async fn sign_in(
    State(shop): State<Arc<Shop>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(typed): Form<Credentials>,
) -> Response {
    let account = match account(&shop, &id, &headers) {
        Ok(account) => account,
        Err(response) => return *response,
    };
    let frozen = account.standing == Standing::Frozen;
    let right = typed.user_name.trim().as_bytes().ct_eq(account.user_name.as_bytes())
        & typed.password.trim().as_bytes().ct_eq(account.password.as_bytes());
    if frozen || !bool::from(right) {
        let again = SignIn { wrong: !frozen, user_name: &typed.user_name, ..sign_in_page(&shop, &account, &headers) };
        return page(if frozen { StatusCode::FORBIDDEN } else { StatusCode::UNPROCESSABLE_ENTITY }, &again);
    }
    let mut bytes = [0; 24];
    shop.world.fill_random(&mut bytes);
    let token = hex::encode(bytes);
    remember(&shop, token.clone(), &account.instance_id);
    let secure = if shop.public_url.starts_with("https:") { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={token}; Path=/app; HttpOnly; SameSite=Lax{secure}");
    see_other(&account.instance_id, &cookie)
}

/// Sessions live in memory only. So that they cannot fill it, all are forgotten when there are too many.
fn remember(shop: &Shop, token: String, instance_id: &str) {
    let mut inside = shop.inside();
    if inside.sessions.len() >= 10_000 {
        inside.sessions.clear();
    }
    inside.sessions.insert(token, instance_id.to_owned());
}

async fn sign_out(State(shop): State<Arc<Shop>>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    if let Some(token) = session(&headers) {
        shop.inside().sessions.remove(&token);
    }
    see_other(&id, &format!("{COOKIE}=; Path=/app; Max-Age=0"))
}

fn see_other(id: &str, cookie: &str) -> Response {
    let path = format!("/app/{}", id.replace('/', "%2F"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, path), (header::SET_COOKIE, cookie.to_owned())]).into_response()
}

fn session(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
    let found = cookies.split(';').filter_map(|pair| pair.trim().split_once('=')).find(|(name, _)| *name == COOKIE);
    found.map(|(_, token)| token.to_owned())
}

macro_rules! words {
    ($( $name:ident: $english:literal, $chinese:literal; )*) => {
        /// Every text of these pages in one language.
        #[derive(Clone, Copy)]
        struct Words { language: Language, $( $name: &'static str, )* }

        const ENGLISH: Words = Words { language: Language::English, $( $name: $english, )* };
        const CHINESE: Words = Words { language: Language::Chinese, $( $name: $chinese, )* };
    };
}

words! {
    tag: "en", "zh-CN";
    sign_in: "Sign in", "登录";
    sign_in_to: "Sign in to", "登录";
    sign_in_hint: "Use the user name and the first password that the marketplace shows you.", "请使用应用市场中显示的用户名和初始密码。";
    user_name: "User name", "用户名";
    password: "Password", "密码";
    wrong: "The user name or the password is not right. Copy both from the marketplace once more.", "用户名或密码不正确，请从应用市场重新复制。";
    frozen: "This space is frozen", "该空间已冻结";
    frozen_text: "Your data is kept. Renew in the marketplace, and the door opens again.", "您的数据已保留。在应用市场续费后即可恢复使用。";
    active: "Active", "使用中";
    you_are_in: "You are in", "您已登录";
    you_are_in_text: "This is your space. It was set up when your order was paid.", "这是您的空间，订单支付后已自动开通。";
    space: "Space", "空间";
    order: "Order", "订单";
    order_line: "Order line", "订单行";
    created: "Set up", "开通时间";
    term: "Until", "到期时间";
    term_open: "As your order says", "以订单为准";
    history: "What happened", "记录";
    sign_out: "Sign out", "退出登录";
    released: "This space is gone", "该空间已删除";
    released_text: "The subscription ended and its data was deleted.", "订阅已结束，数据已删除。";
    preparing: "This space is being set up", "空间正在开通";
    preparing_text: "It takes a moment. Load this page again soon.", "请稍候，稍后刷新本页。";
    unknown: "There is no such space", "没有这个空间";
    unknown_text: "Open it from “My apps” in the marketplace.", "请从应用市场“我的应用”中打开。";
    no_page: "There is no such page", "没有这个页面";
    no_page_text: "Signed calls come to this address with POST.", "该地址接收以POST方式发送的签名调用。";
    front_text: "The reference production system: it takes signed calls, sets up spaces, and lets their owners in.", "参考生产系统：接收签名调用，开通空间，供客户登录使用。";
    production_address: "Production address", "生产地址";
    spaces: "Spaces", "空间数";
    calls: "Calls heard since the start", "启动后收到的调用";
    rehearsal: "Debugging calls lead here. Sign in as “debugging” with “Debugging-1”.", "调试调用会指向此页。用户名debugging，密码Debugging-1。";
    skip: "Skip to the content", "跳到正文";
}

impl Words {
    /// English, unless the browser names Chinese before it.
    fn asked_for(headers: &HeaderMap) -> Words {
        let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
        let mut ranked: Vec<(u32, &str)> = wanted.split(',').map(ranked).collect();
        ranked.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        let known = ranked.into_iter().map(|(_, tag)| tag.trim().to_ascii_lowercase());
        let first = known.into_iter().find(|tag| tag.starts_with("en") || tag.starts_with("zh"));
        if first.is_some_and(|tag| tag.starts_with("zh")) { CHINESE } else { ENGLISH }
    }

    /// `20260115093000` as people write it, in UTC.
    fn moment(&self, digits: &str) -> String {
        const MONTHS: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let part =
            |from: usize, to: usize| digits.get(from..to).and_then(|text| text.parse::<usize>().ok()).unwrap_or(0);
        let (year, month, day, hour, minute) = (part(0, 4), part(4, 6), part(6, 8), part(8, 10), part(10, 12));
        match self.language {
            Language::English => {
                let name = month.checked_sub(1).and_then(|index| MONTHS.get(index)).copied().unwrap_or("");
                format!("{day} {name} {year}, {hour:02}:{minute:02} UTC")
            }
            Language::Chinese => format!("{year}年{month}月{day}日 {hour:02}:{minute:02}（UTC）"),
        }
    }
}

/// A language range and its weight in thousandths: `zh;q=0.8` is 800.
fn ranked(range: &str) -> (u32, &str) {
    let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
    let weight = parameters.trim().strip_prefix("q=").map_or(1000, |text| {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let thousandths: String = format!("{decimals}000").chars().take(3).collect();
        whole.parse::<u32>().unwrap_or(0).saturating_mul(1000) + thousandths.parse::<u32>().unwrap_or(0)
    });
    (weight, tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_one_the_browser_wants_more() {
        let ask = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, value.parse().expect("a header value"));
            Words::asked_for(&headers).tag
        };
        assert_eq!(ask("zh-CN,zh;q=0.9,en;q=0.8"), "zh-CN");
        assert_eq!(ask("en;q=0.5, zh;q=0.8"), "zh-CN");
        assert_eq!(ask("fr, en;q=0.9, zh;q=0.8"), "en");
        assert_eq!(ask("de"), "en");
    }

    #[test]
    fn moments_read_as_people_write_them() {
        assert_eq!(ENGLISH.moment("20260115093000"), "15 January 2026, 09:30 UTC");
        assert_eq!(CHINESE.moment("20260115093000"), "2026年1月15日 09:30（UTC）");
    }
}
