//! A small seller written after the documentation alone, as Huawei's sample does it, with switches for what it forgets. It shares no code
//! with the reference seller; only the slips are looked up in `koogallery`, whose names they are, and the order
//! query of a marketplace is played by its documented orders.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use koogallery::AccessKey;
use koogallery::open_api::{OrderQuery, OrderType, mock_order};
use koogallery::v2::{Mistake, known_wrong, signature};
use serde_json::{Map, Value, json};

/// Is a call to this activity looked at?
pub type Checks = fn(&str) -> bool;

/// Which orders its marketplace's order query finds.
#[derive(Clone, Copy)]
pub enum Finds {
    /// It does not ask.
    Unasked,
    /// The documented ones, as a marketplace answers them.
    Documented,
    /// These purchases, and every renewal.
    These(&'static [&'static str]),
}

/// What this seller looks at, and what it forgets.
#[derive(Clone, Copy)]
pub struct Rules {
    pub key: &'static str,
    /// Does it look at signature and time of a call to this activity?
    pub checks: Checks,
    /// Does it fetch the order during the call, as seller-protocol 1.5 says?
    pub finds: Finds,
    /// Does it answer every debugging call about an order with one instance?
    pub one_instance: bool,
    pub wants_signature: bool,
    pub checks_signature: bool,
    pub checks_time: bool,
    pub knows_activities: bool,
    pub takes_extra_members: bool,
    pub keeps_orders: bool,
    pub refuses_by_status: bool,
    pub crashes_on_refusal: bool,
    pub reads_seconds: bool,
    pub stumbles_over_base64: bool,
    pub refuses_with: Option<&'static str>,
    pub date: Option<&'static str>,
    pub mistake: Option<Mistake>,
}

impl Rules {
    /// As Huawei's sample: no memory of nonces, a future timestamp passes, an unknown instance is an empty list.
    pub fn sample() -> Rules {
        Rules {
            key: super::bench::KEY,
            checks: |_| true,
            finds: Finds::Unasked,
            one_instance: false,
            wants_signature: true,
            checks_signature: true,
            checks_time: true,
            knows_activities: true,
            takes_extra_members: true,
            keeps_orders: true,
            refuses_by_status: false,
            crashes_on_refusal: false,
            reads_seconds: false,
            stumbles_over_base64: false,
            refuses_with: None,
            date: None,
            mistake: None,
        }
    }
}

pub struct OtherSeller {
    pub url: String,
}

type Orders = Arc<Mutex<BTreeMap<String, String>>>;

impl OtherSeller {
    pub async fn open(rules: Rules) -> OtherSeller {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/any/path", listener.local_addr().unwrap());
        let router = Router::new().fallback(hear).with_state((rules, Orders::default()));
        tokio::spawn(async move { axum::serve(listener, router).await });
        OtherSeller { url }
    }
}

async fn hear(State((rules, orders)): State<(Rules, Orders)>, RawQuery(query): RawQuery, body: String) -> Response {
    let query = query.unwrap_or_default();
    let said = |name: &str| {
        let pair = query.split('&').filter_map(|pair| pair.split_once('=')).find(|(known, _)| *known == name);
        pair.map(|(_, value)| value.replace("%2B", "+").replace("%2F", "/").replace("%3D", "="))
    };
    let members: Map<String, Value> = serde_json::from_str(&body).unwrap();
    let answer = match refusal(rules, said, &body, &members).or_else(|| unknown_order(rules, &members)) {
        Some((_, code)) if rules.refuses_by_status => {
            let status = if code == "000001" { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
            return status.into_response();
        }
        Some(_) if rules.crashes_on_refusal => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Some((message, code)) => json!({ "resultCode": code, "resultMsg": message }),
        None => obey(rules, &members, &orders),
    };
    let date = rules.date.map(|date| ("date", date.to_owned()));
    let headers = [("content-type", "application/json".to_owned())].into_iter().chain(date);
    let mut response = answer.to_string().into_response();
    for (name, value) in headers {
        response.headers_mut().insert(name, value.parse().unwrap());
    }
    response
}

fn refusal(
    rules: Rules,
    said: impl Fn(&str) -> Option<String>,
    body: &str,
    members: &Map<String, Value>,
) -> Option<(&'static str, &'static str)> {
    if !(rules.checks)(members.get("activity").and_then(Value::as_str).unwrap_or_default()) {
        return None;
    }
    let now_ms = conformance::seller::SellerWorld::now_ms(&conformance::seller::SystemWorld);
    let (Some(timestamp), Some(nonce)) = (said("timestamp"), said("nonce")) else { return Some(("missing", "000002")) };
    let at: i64 = timestamp.parse().unwrap();
    let at_ms = if rules.reads_seconds { at.saturating_mul(1000) } else { at };
    if rules.checks_time && (now_ms - at_ms > 60_000 || (rules.reads_seconds && at_ms - now_ms > 60_000)) {
        return Some(("too old", "000002"));
    }
    let Some(found) = said("signature") else {
        return rules.wants_signature.then_some(("signature is missing", "000001"));
    };
    let key = AccessKey::parse(rules.key).unwrap();
    let right = signature(&key, &nonce, &timestamp, body.as_bytes());
    let expected = rules.mistake.and_then(|mistake| {
        let known = known_wrong(&key, &timestamp, &nonce, body.as_bytes());
        known.into_iter().find(|(known, _)| *known == mistake).map(|(_, signature)| signature)
    });
    let exact = matches!(rules.mistake, Some(Mistake::Base64 | Mistake::ComparedWithCase));
    let fits = match &expected {
        Some(expected) if exact => *expected == found,
        Some(expected) => expected.eq_ignore_ascii_case(&found),
        None => right.eq_ignore_ascii_case(&found),
    };
    if rules.stumbles_over_base64 && found.contains('=') {
        return Some(("no hexadecimal", "000005"));
    }
    if rules.checks_signature && !fits {
        return Some(("signature differs", rules.refuses_with.unwrap_or("000001")));
    }
    let extra = members.keys().any(|name| name.starts_with("soukDebug"));
    (extra && !rules.takes_extra_members).then_some(("unknown member", "000002"))
}

/// Asks its marketplace for the order behind the call. MKT.0150 there is a refusal here, and so is an order of another kind.
fn unknown_order(rules: Rules, members: &Map<String, Value>) -> Option<(&'static str, &'static str)> {
    let text = |name: &str| members.get(name).and_then(Value::as_str).unwrap_or_default();
    let kinds: &[OrderType] = match text("activity") {
        "newInstance" => &[OrderType::New, OrderType::Trial],
        "refreshInstance" => &[OrderType::Renew],
        "upgradeInstance" => &[OrderType::Change],
        _ => return None,
    };
    let found = match rules.finds {
        Finds::Unasked => true,
        Finds::These(known) => text("activity") != "newInstance" || known.contains(&text("orderId")),
        Finds::Documented => {
            let asked = ["orderId", "orderLineId"].map(|name| (name.to_owned(), text(name).to_owned()));
            let order = mock_order(&OrderQuery::parse(&asked).unwrap()).ok().flatten();
            order.is_some_and(|order| kinds.contains(&order.order_type))
        }
    };
    (!found).then_some(("MKT.0150", "000002"))
}

fn obey(rules: Rules, members: &Map<String, Value>, orders: &Orders) -> Value {
    let text = |name: &str| members.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut orders = orders.lock().unwrap();
    let success = json!({ "resultCode": "000000", "resultMsg": "success." });
    match text("activity").as_str() {
        "newInstance" => {
            let line = format!("{} {}", text("orderId"), text("orderLineId"));
            let new = if rules.one_instance { "the-test-instance".to_owned() } else { text("businessId") };
            let kept = orders.entry(line).or_insert(new).clone();
            let instance = if rules.keeps_orders { kept } else { text("businessId") };
            json!({ "resultCode": "000000", "resultMsg": "success.", "instanceId": instance })
        }
        "queryInstance" => {
            let wanted = text("instanceId");
            let known = orders.values().any(|instance| *instance == wanted);
            let app = json!({ "frontEndUrl": "https://app.example.com/", "userName": "u", "password": "p" });
            let info = if known { json!([{ "instanceId": wanted, "appInfo": app }]) } else { json!([]) };
            json!({ "resultCode": "000000", "resultMsg": "success.", "info": info })
        }
        "refreshInstance" | "updateInstanceStatus" | "upgradeInstance" | "releaseInstance" => success,
        _ if rules.knows_activities => json!({ "resultCode": "000002", "resultMsg": "unknown activity" }),
        _ => success,
    }
}
