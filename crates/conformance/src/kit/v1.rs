//! The calls of a run in version 1.0, in order. As [`super::v2`], with what this version has in the place of nonce and body: an
//! `authToken` over the parameters of the address.

use std::collections::BTreeMap;

use koogallery::v1::{Call, CallName, Examination, auth_token, examine, known_wrong, string_to_sign};
use koogallery::v2::{BodySignPolicy, Examined, Limits, Reply};
use koogallery::{InstanceId, Language, ResultCode};
use ports::Method;

use super::caller::{Caller, Request};
use super::orders::Orders;
use super::script::{
    Refusal, Script, answered_for_nobody, instance_of, obeyed, said, say_of_other_order, say_of_repeat,
};
use super::{Billing, Finding, KitCode, Setup, Trial};

const YEAR_MS: i64 = 365 * 24 * 60 * 60 * 1000;
const STALE_MS: i64 = 120_000;
const FUTURE_MS: i64 = 600_000;
const EXTRA_PARAMETER: &str = "soukDebugExtra";
const CHINESE: &str = "测试客户（北京）";
const NO_ACTIVITY: &str = "soukDebugNoSuchActivity";

/// Makes every call.
pub(super) async fn play(script: &mut Script<'_>) {
    let names: Vec<CallName> = script.caller.setup.selected().into_iter().filter_map(CallName::parse).collect();
    let mut orders = Orders::invented(&script.caller);
    if names.contains(&CallName::NewInstance) {
        create(script, &mut orders).await;
    } else {
        prepare(script, &mut orders).await;
    }
    for name in names.iter().filter(|name| !matches!(name, CallName::NewInstance | CallName::ReleaseInstance)) {
        twice(script, *name, &orders).await;
    }
    for name in &names {
        must_check_token(script, *name, &orders).await;
    }
    if let Some(base) = names.first() {
        must_refuse(script, *base, &names, &orders).await;
        must_take(script, *base, &orders).await;
    }
    if names.contains(&CallName::ReleaseInstance) {
        twice(script, CallName::ReleaseInstance, &orders).await;
    }
}

/// A value that fits this run, for the parameters that are sent.
fn value(script: &Script<'_>, name: CallName, parameter: &str, orders: &Orders) -> Option<String> {
    let billing = script.caller.setup.billing;
    let expire = || Caller::second(script.caller.now_ms() + YEAR_MS);
    let by_billing = |period: &str, once: &str, used: &str| {
        Some(match billing {
            Billing::Period => period.to_owned(),
            Billing::OneTime => once.to_owned(),
            Billing::PayPerUse => used.to_owned(),
        })
    };
    let period_only = |text: String| (billing == Billing::Period).then_some(text);
    match parameter {
        "instanceId" => Some(orders.instance.as_ref().map_or("123456789", InstanceId::as_str).to_owned()),
        "orderId" => Some(orders.order.clone()),
        "businessId" => Some(script.caller.word(32).to_lowercase()),
        "customerId" => Some("9a1b6c2f8d7e4f30a5c4b3d2e1f00917".to_owned()),
        "customerName" => Some("kestrel-clinics".to_owned()),
        "productId" => Some("OFFI123456789012345678".to_owned()),
        "skuCode" => Some("d0abcd12-1234-5678-ab90-11ab012aaaa1".to_owned()),
        "instanceStatus" => Some("FREEZE".to_owned()),
        "testFlag" => Some("1".to_owned()),
        "chargingMode" if name == CallName::NewInstance => by_billing("1", "3", "0"),
        "expireTime" if name == CallName::RefreshInstance => Some(expire()),
        "expireTime" => period_only(expire()),
        "periodType" => period_only("year".to_owned()),
        "periodNumber" => period_only("1".to_owned()),
        "amount" => Some("1".to_owned()),
        _ => None,
    }
}

/// A call with values that fit this run; `other` parameters are put over them, an empty one takes a parameter away.
fn call(script: &Script<'_>, name: CallName, orders: &Orders, other: &[(&str, &str)]) -> Option<Call> {
    let values =
        name.parameters().iter().filter_map(|p| Some((p.name.to_owned(), value(script, name, p.name, orders)?)));
    let mut values: BTreeMap<String, String> = values.collect();
    values.extend(other.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    Call::from_values(name, &values).ok()
}

/// The parameters of a call in the order in which they are sent, without the token.
type Parameters = Vec<(String, String)>;

fn parameters(call: &Call, time_stamp: &str) -> Parameters {
    let own = call.name().parameters().iter().filter_map(|p| Some((p.name.to_owned(), call.get(p.name)?.to_owned())));
    let activity = ("activity".to_owned(), call.name().as_str().to_owned());
    [activity].into_iter().chain(own).chain([("timeStamp".to_owned(), time_stamp.to_owned())]).collect()
}

/// `yyyyMMddHHmmssSSS`, UTC.
fn time_stamp(at_ms: i64) -> String {
    format!("{}{:03}", Caller::second(at_ms), at_ms.rem_euclid(1000))
}

fn borrowed(parameters: &Parameters) -> Vec<(&str, &str)> {
    parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// Everything that is signed, in the order of the address. What the address says itself travels with every call and is signed with it.
fn signed(setup: &Setup, parameters: &Parameters) -> Parameters {
    let own = koogallery::v1::sent_parameters(setup.address.split_once('?').map_or("", |(_, query)| query));
    own.into_iter().chain(parameters.iter().cloned()).collect()
}

fn right_token(setup: &Setup, parameters: &Parameters) -> String {
    let time_stamp = parameters.iter().find(|(name, _)| name == "timeStamp").map_or("", |(_, value)| value);
    auth_token(&setup.key, time_stamp, borrowed(&signed(setup, parameters)))
}

/// Any parameters with any token; none leaves it out.
fn request(setup: &Setup, parameters: &Parameters, token: Option<&str>) -> Request {
    let mut url = match url::Url::parse(&setup.address) {
        Ok(url) => url,
        // The address was judged before the run began.
        Err(_) => {
            return Request {
                method: Method::Get,
                url: setup.address.clone(),
                headers: Vec::new(),
                body: String::new(),
            };
        }
    };
    let encode = |text: &str| koogallery::v1::encoded(text);
    let token = token.map(|token| ("authToken".to_owned(), token.to_owned()));
    let said: Vec<String> =
        parameters.iter().chain(&token).map(|(name, value)| format!("{name}={}", encode(value))).collect();
    let before = url.query().map(|query| format!("{query}&")).unwrap_or_default();
    url.set_query(Some(&format!("{before}{}", said.join("&"))));
    let headers = vec![("Accept".to_owned(), "application/json".to_owned())];
    Request { method: Method::Get, url: url.into(), headers, body: String::new() }
}

fn rightly(setup: &Setup, parameters: &Parameters) -> Request {
    request(setup, parameters, Some(&right_token(setup, parameters)))
}

/// Examines answers to this call. In this version every answer must be signed.
fn examiner<'e>(setup: &'e Setup, call: &'e Call, known: Option<&'e InstanceId>) -> impl Fn(&Reply) -> Examined + 'e {
    let (key, body_sign) = (&setup.key, BodySignPolicy::Required);
    let limits = Limits { time_ms: setup.limits.call_ms, advised_ms: setup.limits.advised_ms, ..Limits::default() };
    move |reply| examine(&Examination { call, key, body_sign, limits, known_instance: known }, reply)
}

async fn good(script: &mut Script<'_>, call: &Call, trial: Trial, known: Option<&InstanceId>) -> Option<Examined> {
    let setup = script.caller.setup;
    let asked = rightly(setup, &parameters(call, &time_stamp(script.caller.now_ms())));
    script.good(call.name().as_str(), trial, asked, examiner(setup, call, known)).await
}

/// The first order, the same again, and another one.
async fn create(script: &mut Script<'_>, orders: &mut Orders) {
    let name = CallName::NewInstance;
    let Some(first) = call(script, name, orders, &[]) else { return };
    let examined = good(script, &first, Trial::Plain, None).await;
    explain(script, &first, examined.as_ref()).await;
    orders.instance = instance_of(examined.as_ref());
    let Some(again) = call(script, name, orders, &[]) else { return };
    let repeated = good(script, &again, Trial::Again, orders.instance.as_ref()).await;
    say_of_repeat(script, examined.as_ref(), repeated.as_ref(), KitCode::InstanceUnchanged);
    let Some(other_order) = &orders.other else {
        return script.skip(name.as_str(), Trial::OtherOrder, said(KitCode::SkippedNoOtherOrder));
    };
    let Some(other) = call(script, name, orders, &[("orderId", other_order)]) else { return };
    let other = good(script, &other, Trial::OtherOrder, None).await;
    say_of_other_order(script, orders.instance.as_ref(), other.as_ref());
}

/// An instance for the other calls, when creating one is not among the calls that are tried.
async fn prepare(script: &mut Script<'_>, orders: &mut Orders) {
    let Some(first) = call(script, CallName::NewInstance, orders, &[]) else { return };
    let setup = script.caller.setup;
    let asked = rightly(setup, &parameters(&first, &time_stamp(script.caller.now_ms())));
    if let Some(heard) = script.ask(asked).await {
        orders.instance = instance_of(Some(&examiner(setup, &first, None)(&heard.reply)));
    }
}

async fn twice(script: &mut Script<'_>, name: CallName, orders: &Orders) {
    let Some(activity) = call(script, name, orders, &[]) else { return };
    let first = good(script, &activity, Trial::Plain, None).await;
    explain(script, &activity, first.as_ref()).await;
    let repeated = good(script, &activity, Trial::Again, None).await;
    say_of_repeat(script, first.as_ref(), repeated.as_ref(), KitCode::RepeatTaken);
    if name == CallName::InstanceStatus
        && let Some(thaw) = call(script, name, orders, &[("instanceStatus", "NORMAL")])
    {
        good(script, &thaw, Trial::Thaw, None).await;
    }
}

/// After a refused token: the slip that the system makes, found by trying each that we know.
async fn explain(script: &mut Script<'_>, call: &Call, examined: Option<&Examined>) {
    if examined.and_then(|examined| examined.result.as_ref()) != Some(&ResultCode::AuthenticationFailed) {
        return;
    }
    let finding = slip(script, call, &[]).await;
    script.add(finding);
    script.stop(KitCode::SkippedSignature);
}

/// The slip that explains why this call was refused, with what was sent beyond it.
async fn slip(script: &mut Script<'_>, call: &Call, more: &[(String, String)]) -> Finding {
    let setup = script.caller.setup;
    let mut tried = 0;
    loop {
        let time_stamp = time_stamp(script.caller.now_ms());
        let mut parameters = parameters(call, &time_stamp);
        parameters.extend_from_slice(more);
        let signed = signed(setup, &parameters);
        let (text, token) = (string_to_sign(borrowed(&signed)), right_token(setup, &parameters));
        let known = known_wrong(&setup.key, &time_stamp, &borrowed(&signed));
        let Some((mistake, wrong)) = known.get(tried) else {
            let args = [
                ("tried", tried.to_string()),
                ("key_end", setup.key.masked()),
                ("text", text),
                ("timestamp", time_stamp),
                ("token", token),
            ];
            return Finding::kit(KitCode::TokenSlipUnknown, args);
        };
        let heard = script.ask(request(setup, &parameters, Some(wrong))).await;
        let result = heard.and_then(|heard| examiner(setup, call, None)(&heard.reply).result);
        if result.is_some_and(|code| obeyed(&code)) {
            let args = [
                ("mistake", mistake.message(Language::English).to_owned()),
                ("mistake_chinese", mistake.message(Language::Chinese).to_owned()),
                ("text", text),
                ("token", token),
            ];
            return Finding::kit(KitCode::TokenSlip, args);
        }
        tried += 1;
    }
}

/// A wrong token and none. Every activity is tried: systems exist that check in one place and forget another.
async fn must_check_token(script: &mut Script<'_>, name: CallName, orders: &Orders) {
    let setup = script.caller.setup;
    let Some(activity) = call(script, name, orders, &[]) else { return };
    let at = |at_ms: i64| parameters(&activity, &time_stamp(at_ms));
    let codes = || vec![ResultCode::AuthenticationFailed];
    let now = at(script.caller.now_ms());
    let forged = {
        let other = koogallery::AccessKey::parse("not-the-key-of-this-address").expect("the text has no blanks");
        right_token(&Setup { key: other, ..setup.clone() }, &now)
    };
    let (refused, taken) = (KitCode::WrongSignatureRefused, KitCode::WrongSignatureTaken);
    let asked = request(setup, &now, Some(&forged));
    refuse(script, Trial::WrongSignature, &activity, asked, (codes(), refused, taken)).await;

    let (refused, taken) = (KitCode::MissingSignatureRefused, KitCode::MissingSignatureTaken);
    let asked = request(setup, &at(script.caller.now_ms()), None);
    refuse(script, Trial::MissingSignature, &activity, asked, (codes(), refused, taken)).await;
}

/// Calls that a good system refuses, whatever their activity.
async fn must_refuse(script: &mut Script<'_>, base: CallName, names: &[CallName], orders: &Orders) {
    let setup = script.caller.setup;
    let Some(activity) = call(script, base, orders, &[]) else { return };
    let at = |at_ms: i64| parameters(&activity, &time_stamp(at_ms));
    let codes = || vec![ResultCode::InvalidParameter, ResultCode::AuthenticationFailed];
    let (refused, taken) = (KitCode::StaleRefused, KitCode::StaleTakenV1);
    let asked = rightly(setup, &at(script.caller.now_ms() - STALE_MS));
    refuse(script, Trial::Stale, &activity, asked, (codes(), refused, taken)).await;

    let (refused, taken) = (KitCode::FutureRefused, KitCode::FutureTaken);
    let asked = rightly(setup, &at(script.caller.now_ms() + FUTURE_MS));
    refuse(script, Trial::Future, &activity, asked, (codes(), refused, taken)).await;

    unknown_activity(script, &activity).await;
    if names.contains(&CallName::QueryInstance) {
        unknown_instance(script, orders).await;
    }
}

async fn refuse(
    script: &mut Script<'_>,
    trial: Trial,
    call: &Call,
    request: Request,
    (codes, refused, taken): (Vec<ResultCode>, KitCode, KitCode),
) {
    let examine = examiner(script.caller.setup, call, None);
    let refusal = Refusal { codes, refused, taken: &|_| said(taken) };
    script.hostile(call.name().as_str(), trial, request, examine, refusal).await;
}

async fn unknown_activity(script: &mut Script<'_>, base: &Call) {
    let setup = script.caller.setup;
    let mut said_parameters = parameters(base, &time_stamp(script.caller.now_ms()));
    for (name, value) in &mut said_parameters {
        if name == "activity" {
            NO_ACTIVITY.clone_into(value);
        }
    }
    let taken = |_: &Examined| Finding::kit(KitCode::UnknownActivityTaken, [("activity", NO_ACTIVITY.to_owned())]);
    let refusal =
        Refusal { codes: vec![ResultCode::InvalidParameter], refused: KitCode::UnknownActivityRefused, taken: &taken };
    let examine = examiner(setup, base, None);
    script.hostile(NO_ACTIVITY, Trial::UnknownActivity, rightly(setup, &said_parameters), examine, refusal).await;
}

/// A query as in production, because a debugging call may speak of anything. It only reads; no call that changes something is sent so.
async fn unknown_instance(script: &mut Script<'_>, orders: &Orders) {
    let setup = script.caller.setup;
    let nowhere = format!("souk-debug-{}", script.caller.word(16).to_lowercase());
    let other = [("instanceId", nowhere.as_str()), ("testFlag", "")];
    let Some(query) = call(script, CallName::QueryInstance, orders, &other) else { return };
    let asked = rightly(setup, &parameters(&query, &time_stamp(script.caller.now_ms())));
    let codes = vec![ResultCode::NoSuchInstance, ResultCode::InvalidParameter];
    let refusal = Refusal { codes, refused: KitCode::UnknownInstanceRefused, taken: &answered_for_nobody };
    let examine = examiner(setup, &query, None);
    script.hostile(query.name().as_str(), Trial::UnknownInstance, asked, examine, refusal).await;
}

/// Calls that a good system obeys although they are unusual: a parameter that it does not know, and Chinese text.
async fn must_take(script: &mut Script<'_>, base: CallName, orders: &Orders) {
    let setup = script.caller.setup;
    let Some(activity) = call(script, base, orders, &[]) else { return };
    let name = base.as_str();
    let mut extra = parameters(&activity, &time_stamp(script.caller.now_ms()));
    extra.push((EXTRA_PARAMETER.to_owned(), "x".to_owned()));
    let refused = |found: String| {
        Finding::kit(KitCode::ExtraMembersRefused, [("found", found), ("member", EXTRA_PARAMETER.to_owned())])
    };
    let codes = (KitCode::ExtraMembersTaken, &refused as &dyn Fn(String) -> Finding);
    let taken =
        script.unusual(name, Trial::ExtraMember, rightly(setup, &extra), examiner(setup, &activity, None), codes);
    let extra_refused = taken.await.is_some();
    // The name of a customer may be Chinese; where a call names none, the text travels in a member more.
    let chinese_call = call(script, base, orders, &[("customerName", CHINESE)]);
    let more = match &chinese_call {
        Some(_) => Vec::new(),
        None => vec![(EXTRA_PARAMETER.to_owned(), CHINESE.to_owned())],
    };
    let asked = match &chinese_call {
        Some(call) => parameters(call, &time_stamp(script.caller.now_ms())),
        None if extra_refused => return script.skip(name, Trial::ChineseText, said(KitCode::SkippedNoExtraMembers)),
        None => {
            let mut chinese = parameters(&activity, &time_stamp(script.caller.now_ms()));
            chinese.extend_from_slice(&more);
            chinese
        }
    };
    let refused =
        |found: String| Finding::kit(KitCode::ChineseRefused, [("found", found), ("text", CHINESE.to_owned())]);
    let codes = (KitCode::ChineseTaken, &refused as &dyn Fn(String) -> Finding);
    let examined = chinese_call.as_ref().unwrap_or(&activity);
    let asked = rightly(setup, &asked);
    let code = script.unusual(name, Trial::ChineseText, asked, examiner(setup, examined, None), codes).await;
    if code == Some(ResultCode::AuthenticationFailed) {
        let finding = slip(script, examined, &more).await;
        script.add(finding);
    }
}
