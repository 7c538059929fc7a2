//! The calls of a run in version 2.0, in order: the required ones twice each, those that must be refused, those that are unusual, and
//! the release at the end.

use std::collections::BTreeMap;

use koogallery::debugging::sample_value;
use koogallery::v2::{
    Activity, ActivityName, BodySignPolicy, Examination, Examined, Limits, Reply, TestFlag, examine, known_wrong,
    signature,
};
use koogallery::{InstanceId, Json, Language, ResultCode};
use ports::Method;

use super::caller::{Caller, Request};
use super::orders::Orders;
use super::script::{
    Refusal, Script, answered_for_nobody, instance_of, obeyed, said, say_of_other_order, say_of_repeat,
};
use super::{Finding, KitCode, Setup, Trial};

/// How often a new instance is asked for while the answer is "being processed".
const QUERIES: u32 = 5;

/// A year, in milliseconds.
const YEAR_MS: i64 = 365 * 24 * 60 * 60 * 1000;

/// The member that no page documents, and the Chinese text in another.
const EXTRA_MEMBER: &str = "soukDebugExtra";
const CHINESE: &str = "中文备注：测试订单";

/// An activity that no version knows.
const NO_ACTIVITY: &str = "soukDebugNoSuchActivity";

/// Makes every call.
pub(super) async fn play(script: &mut Script<'_>) {
    let names: Vec<ActivityName> = script.caller.setup.selected().into_iter().filter_map(ActivityName::parse).collect();
    let mut orders = Orders::documented(script.caller.setup);
    if names.contains(&ActivityName::NewInstance) {
        create(script, &mut orders).await;
    } else {
        prepare(script, &mut orders).await;
    }
    for name in names.iter().filter(|name| !matches!(name, ActivityName::NewInstance | ActivityName::ReleaseInstance)) {
        twice(script, *name, &orders).await;
    }
    for name in &names {
        must_check_signature(script, *name, &orders).await;
    }
    if let Some(base) = names.first() {
        must_refuse(script, *base, &names, &orders).await;
        must_take(script, *base, &orders).await;
    }
    if names.contains(&ActivityName::ReleaseInstance) {
        twice(script, ActivityName::ReleaseInstance, &orders).await;
    }
}

/// A call with values that fit this run.
fn call(script: &Script<'_>, name: ActivityName, orders: &Orders) -> Option<Activity> {
    call_about(script, name, orders, orders.behind(name))
}

/// A call with values that fit this run, about this order.
fn call_about(script: &Script<'_>, name: ActivityName, orders: &Orders, order: &str) -> Option<Activity> {
    let instance = orders.instance.as_ref().map_or("123456789", InstanceId::as_str);
    let expire = Caller::second(script.caller.now_ms() + YEAR_MS);
    let business = script.caller.word(32).to_lowercase();
    let value = |member: &koogallery::v2::Member| {
        let sample = sample_value(name, member.name, member.kind)?;
        Some(match member.name {
            "orderId" => order.to_owned(),
            "orderLineId" => format!("{order}-000001"),
            "businessId" => business.clone(),
            "instanceId" => instance.to_owned(),
            "expireTime" => expire.clone(),
            _ => sample.to_owned(),
        })
    };
    let values: BTreeMap<String, String> =
        name.members().iter().filter_map(|member| Some((member.name.to_owned(), value(member)?))).collect();
    let made = Activity::from_form(name, &values).ok()?;
    Some(made.with_test_flag(TestFlag::Debugging))
}

/// How a call is signed.
struct Signing {
    /// As it stands in the address.
    timestamp: String,
    nonce: String,
    /// `None` leaves it out of the address.
    signature: Option<String>,
}

impl Signing {
    fn right(script: &Script<'_>, payload: &str, at_ms: i64) -> Signing {
        let (timestamp, nonce) = (at_ms.to_string(), script.caller.nonce().as_str().to_owned());
        let signature = Some(signature(&script.caller.setup.key, &nonce, &timestamp, payload.as_bytes()));
        Signing { timestamp, nonce, signature }
    }
}

/// Any payload with any signing.
fn request(script: &Script<'_>, payload: &str, signing: &Signing) -> Request {
    let address = &script.caller.setup.address;
    let joint = if address.contains('?') { '&' } else { '?' };
    let signature = match &signing.signature {
        Some(text) => format!("signature={}&", text.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")),
        None => String::new(),
    };
    let url = format!("{address}{joint}{signature}timestamp={}&nonce={}", signing.timestamp, signing.nonce);
    let headers = [("Accept", "application/json"), ("Content-Type", "application/json;charset=utf8")];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    Request { method: Method::Post, url, headers, body: payload.to_owned() }
}

/// The payload, rightly signed at this moment.
fn rightly(script: &Script<'_>, payload: &str) -> Request {
    request(script, payload, &Signing::right(script, payload, script.caller.now_ms()))
}

/// Examines answers to this call. A signature that is there must be right; in this version it may be absent (seller-protocol 2.5).
fn examiner<'e>(
    setup: &'e Setup,
    activity: &'e Activity,
    known: Option<&'e InstanceId>,
) -> impl Fn(&Reply) -> Examined + 'e {
    let (key, body_sign) = (&setup.key, BodySignPolicy::IfPresent);
    let limits = Limits { time_ms: setup.limits.call_ms, advised_ms: setup.limits.advised_ms, ..Limits::default() };
    move |reply| examine(&Examination { activity, key, body_sign, limits, known_instance: known }, reply)
}

async fn good(
    script: &mut Script<'_>,
    activity: &Activity,
    trial: Trial,
    known: Option<&InstanceId>,
) -> Option<Examined> {
    let request = rightly(script, &activity.payload());
    let examine = examiner(script.caller.setup, activity, known);
    script.good(activity.name().as_str(), trial, request, examine).await
}

/// The first order, the same again, and another one.
async fn create(script: &mut Script<'_>, orders: &mut Orders) {
    let name = ActivityName::NewInstance;
    let Some(first) = call(script, name, orders) else { return };
    let examined = good(script, &first, Trial::Plain, None).await;
    explain(script, &first, examined.as_ref()).await;
    orders.instance = instance_of(examined.as_ref());
    // The same order line; the business id differs in every request.
    let Some(again) = call(script, name, orders) else { return };
    let repeated = good(script, &again, Trial::Again, orders.instance.as_ref()).await;
    say_of_repeat(script, examined.as_ref(), repeated.as_ref(), KitCode::InstanceUnchanged);
    let Some(other_order) = &orders.other else {
        return script.skip(name.as_str(), Trial::OtherOrder, said(KitCode::SkippedNoOtherOrder));
    };
    let Some(other) = call_about(script, name, orders, other_order) else { return };
    let other = good(script, &other, Trial::OtherOrder, None).await;
    say_of_other_order(script, orders.instance.as_ref(), other.as_ref());
}

/// An instance for the other calls, when creating one is not among the calls that are tried. Without one an invented id has to do.
async fn prepare(script: &mut Script<'_>, orders: &mut Orders) {
    let Some(first) = call(script, ActivityName::NewInstance, orders) else { return };
    let request = rightly(script, &first.payload());
    if let Some(heard) = script.ask(request).await {
        let examined = examiner(script.caller.setup, &first, None)(&heard.reply);
        orders.instance = instance_of(Some(&examined));
    }
}

/// One activity, the same again, and what undoes it.
async fn twice(script: &mut Script<'_>, name: ActivityName, orders: &Orders) {
    let Some(activity) = call(script, name, orders) else { return };
    let mut first = good(script, &activity, Trial::Plain, None).await;
    explain(script, &activity, first.as_ref()).await;
    // An order that was answered with "being processed" takes a moment.
    let mut left = QUERIES;
    while name == ActivityName::QueryInstance && pending(first.as_ref()) && left > 1 {
        script.caller.pause().await;
        first = good(script, &activity, Trial::Again, None).await;
        left -= 1;
    }
    let repeated = good(script, &activity, Trial::Again, None).await;
    say_of_repeat(script, first.as_ref(), repeated.as_ref(), KitCode::RepeatTaken);
    if name == ActivityName::UpdateInstanceStatus
        && let Some(thaw) = unfreeze(orders.instance.as_ref())
    {
        good(script, &thaw, Trial::Thaw, None).await;
    }
}

fn pending(examined: Option<&Examined>) -> bool {
    examined.is_some_and(|examined| examined.result == Some(ResultCode::InProgress))
}

fn unfreeze(instance: Option<&InstanceId>) -> Option<Activity> {
    let instance = instance.map_or("123456789", InstanceId::as_str);
    let values = [("instanceId", instance), ("status", "UNFREEZE")];
    let values = values.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let made = Activity::from_form(ActivityName::UpdateInstanceStatus, &values).ok()?;
    Some(made.with_test_flag(TestFlag::Debugging))
}

/// After a refused first call: which slip would make the system refuse it? Each that we know is tried; the one that is obeyed is named.
/// Nothing more is tried afterwards: a system that refuses every signature refuses wrong ones, too.
async fn explain(script: &mut Script<'_>, activity: &Activity, examined: Option<&Examined>) {
    let Some(code) = examined.and_then(|examined| examined.result.clone()) else { return };
    let finding = match code {
        ResultCode::AuthenticationFailed => Some(slip(script, &activity.payload()).await),
        // Some systems refuse a signature or a time with another code; then only what is certain is said.
        ResultCode::InvalidParameter if reads_seconds(script, activity).await => {
            Some(said(KitCode::TimestampInSecondsWanted))
        }
        ResultCode::InvalidParameter | ResultCode::InternalError | ResultCode::Other(_) => {
            let named = slip(script, &activity.payload()).await;
            Some(named).filter(|finding| finding.code() == KitCode::SignatureSlip.as_str())
        }
        _ => None,
    };
    if let Some(finding) = finding {
        script.add(finding);
        script.stop(KitCode::SkippedSignature);
    }
}

/// Does the system take a timestamp in seconds?
async fn reads_seconds(script: &mut Script<'_>, activity: &Activity) -> bool {
    let payload = activity.payload();
    let seconds = (script.caller.now_ms() / 1000).to_string();
    let nonce = script.caller.nonce().as_str().to_owned();
    let signature = Some(signature(&script.caller.setup.key, &nonce, &seconds, payload.as_bytes()));
    let asked = request(script, &payload, &Signing { timestamp: seconds, nonce, signature });
    taken(script, activity, asked).await
}

/// Was this call obeyed? Any other refusal than before is not enough: a system may stumble over the form of a wrong signature.
async fn taken(script: &mut Script<'_>, activity: &Activity, asked: Request) -> bool {
    let Some(heard) = script.ask(asked).await else { return false };
    examiner(script.caller.setup, activity, None)(&heard.reply).result.is_some_and(|code| obeyed(&code))
}

/// Names the slip for this payload.
async fn slip(script: &mut Script<'_>, payload: &str) -> Finding {
    let key = script.caller.setup.key.clone();
    let Ok(parsed) = Json::parse(payload.as_bytes()) else { return said(KitCode::SkippedSignature) };
    let Ok(activity) = Activity::parse(&parsed) else { return said(KitCode::SkippedSignature) };
    let mut tried = 0;
    loop {
        // A fresh time and nonce each, or the answer would be about those.
        let right = Signing::right(script, payload, script.caller.now_ms());
        let inner = koogallery::v2::inner(&key, payload.as_bytes());
        let known = known_wrong(&key, &right.timestamp, &right.nonce, payload.as_bytes());
        let Some((mistake, wrong)) = known.get(tried) else {
            let args = [
                ("tried", tried.to_string()),
                ("key_end", key.masked()),
                ("payload", payload.to_owned()),
                ("inner", inner),
                ("nonce", right.nonce),
                ("timestamp", right.timestamp),
                ("signature", right.signature.unwrap_or_default()),
            ];
            return Finding::kit(KitCode::SignatureSlipUnknown, args);
        };
        let Signing { timestamp, nonce, signature: right } = right;
        let asked = request(script, payload, &Signing { timestamp, nonce, signature: Some(wrong.clone()) });
        if taken(script, &activity, asked).await {
            let args = [
                ("mistake", mistake.message(Language::English).to_owned()),
                ("mistake_chinese", mistake.message(Language::Chinese).to_owned()),
                ("payload", payload.to_owned()),
                ("inner", inner),
                ("signature", right.unwrap_or_default()),
            ];
            return Finding::kit(KitCode::SignatureSlip, args);
        }
        tried += 1;
    }
}

/// A wrong, a missing and an old signature. Every activity is tried: systems exist that check in one place and forget another.
async fn must_check_signature(script: &mut Script<'_>, name: ActivityName, orders: &Orders) {
    let Some(activity) = call(script, name, orders) else { return };
    let payload = activity.payload();
    let now_ms = script.caller.now_ms();
    let forged = {
        let right = Signing::right(script, &payload, now_ms);
        let other = koogallery::AccessKey::parse("not-the-key-of-this-address").expect("the text has no blanks");
        let wrong = signature(&other, &right.nonce, &right.timestamp, payload.as_bytes());
        request(script, &payload, &Signing { signature: Some(wrong), ..right })
    };
    let codes = || vec![ResultCode::AuthenticationFailed];
    let (refused, taken) = (KitCode::WrongSignatureRefused, KitCode::WrongSignatureTaken);
    refuse(script, Trial::WrongSignature, &activity, forged, (codes(), refused, taken)).await;

    let bare = Signing { signature: None, ..Signing::right(script, &payload, script.caller.now_ms()) };
    let bare = request(script, &payload, &bare);
    let (refused, taken) = (KitCode::MissingSignatureRefused, KitCode::MissingSignatureTaken);
    refuse(script, Trial::MissingSignature, &activity, bare, (codes(), refused, taken)).await;

    let codes = || vec![ResultCode::InvalidParameter, ResultCode::AuthenticationFailed];
    let stale = request(script, &payload, &Signing::right(script, &payload, script.caller.now_ms() - STALE_MS));
    let (refused, taken) = (KitCode::StaleRefused, KitCode::StaleTaken);
    refuse(script, Trial::Stale, &activity, stale, (codes(), refused, taken)).await;
}

/// Calls that a good system refuses, whatever their activity. They speak of the orders of this run, so that a system that obeys makes
/// nothing more.
async fn must_refuse(script: &mut Script<'_>, base: ActivityName, names: &[ActivityName], orders: &Orders) {
    let Some(activity) = call(script, base, orders) else { return };
    let payload = activity.payload();
    let codes = || vec![ResultCode::InvalidParameter, ResultCode::AuthenticationFailed];
    let future = request(script, &payload, &Signing::right(script, &payload, script.caller.now_ms() + FUTURE_MS));
    let (refused, taken) = (KitCode::FutureRefused, KitCode::FutureTaken);
    refuse(script, Trial::Future, &activity, future, (codes(), refused, taken)).await;

    replay(script, &activity).await;
    unknown_activity(script).await;
    if names.contains(&ActivityName::QueryInstance) {
        unknown_instance(script, orders).await;
    }
}

/// How old a stale call is, and how far ahead one from the future. The window is 60 s; clocks may differ a little.
const STALE_MS: i64 = 120_000;
const FUTURE_MS: i64 = 600_000;

async fn refuse(
    script: &mut Script<'_>,
    trial: Trial,
    activity: &Activity,
    request: Request,
    (codes, refused, taken): (Vec<ResultCode>, KitCode, KitCode),
) {
    let examine = examiner(script.caller.setup, activity, None);
    let refusal = Refusal { codes, refused, taken: &|_| said(taken) };
    script.hostile(activity.name().as_str(), trial, request, examine, refusal).await;
}

/// The same bytes twice. The first of them is a good call like any other, and only its repeat is judged.
async fn replay(script: &mut Script<'_>, activity: &Activity) {
    let payload = activity.payload();
    let signing = Signing::right(script, &payload, script.caller.now_ms());
    let first = request(script, &payload, &signing);
    script.ask(first).await;
    let second = request(script, &payload, &signing);
    let codes = vec![ResultCode::AuthenticationFailed, ResultCode::InvalidParameter];
    let kinds = (codes, KitCode::ReplayRefused, KitCode::ReplayTaken);
    refuse(script, Trial::Replay, activity, second, kinds).await;
}

async fn unknown_activity(script: &mut Script<'_>) {
    let members = [("activity", NO_ACTIVITY), ("instanceId", "123456789"), ("testFlag", "1")];
    let payload = Json::Object(members.map(|(name, value)| (name.to_owned(), Json::text(value))).into()).to_compact();
    let asked = rightly(script, &payload);
    // Its answer is examined like that of any call that is simply done.
    let Some(like) = unfreeze(None) else { return };
    let examine = examiner(script.caller.setup, &like, None);
    let taken = |_: &Examined| Finding::kit(KitCode::UnknownActivityTaken, [("activity", NO_ACTIVITY.to_owned())]);
    let refusal =
        Refusal { codes: vec![ResultCode::InvalidParameter], refused: KitCode::UnknownActivityRefused, taken: &taken };
    script.hostile(NO_ACTIVITY, Trial::UnknownActivity, asked, examine, refusal).await;
}

/// A query as in production, because a debugging call may speak of anything. It only reads.
async fn unknown_instance(script: &mut Script<'_>, orders: &Orders) {
    let nowhere = InstanceId::parse(&format!("souk-debug-{}", script.caller.word(16).to_lowercase())).ok();
    let orders = Orders { order: orders.order.clone(), other: None, instance: nowhere };
    let Some(query) = call(script, ActivityName::QueryInstance, &orders) else { return };
    let query = query.with_test_flag(TestFlag::Production);
    let asked = rightly(script, &query.payload());
    let examine = examiner(script.caller.setup, &query, None);
    let codes = vec![ResultCode::NoSuchInstance, ResultCode::InvalidParameter];
    let refusal = Refusal { codes, refused: KitCode::UnknownInstanceRefused, taken: &answered_for_nobody };
    script.hostile(query.name().as_str(), Trial::UnknownInstance, asked, examine, refusal).await;
}

/// Calls that a good system obeys although they are unusual: a member that it does not know, and one with Chinese text.
async fn must_take(script: &mut Script<'_>, base: ActivityName, orders: &Orders) {
    let with_member = |activity: &Activity, value: &str| {
        let Json::Object(mut members) = activity.in_documented_order() else { return activity.payload() };
        members.push((EXTRA_MEMBER.to_owned(), Json::text(value)));
        Json::Object(members).sorted_outermost().to_compact()
    };
    let Some(activity) = call(script, base, orders) else { return };
    let name = base.as_str();
    let extra = rightly(script, &with_member(&activity, "x"));
    let refused = |found: String| {
        Finding::kit(KitCode::ExtraMembersRefused, [("found", found), ("member", EXTRA_MEMBER.to_owned())])
    };
    let examine = examiner(script.caller.setup, &activity, None);
    let codes = (KitCode::ExtraMembersTaken, &refused as &dyn Fn(String) -> Finding);
    if script.unusual(name, Trial::ExtraMember, extra, &examine, codes).await.is_some() {
        return script.skip(name, Trial::ChineseText, said(KitCode::SkippedNoExtraMembers));
    }
    let payload = with_member(&activity, CHINESE);
    let chinese = rightly(script, &payload);
    let refused =
        |found: String| Finding::kit(KitCode::ChineseRefused, [("found", found), ("text", CHINESE.to_owned())]);
    let codes = (KitCode::ChineseTaken, &refused as &dyn Fn(String) -> Finding);
    let code = script.unusual(name, Trial::ChineseText, chinese, &examine, codes).await;
    if code == Some(ResultCode::AuthenticationFailed) {
        let finding = slip(script, &payload).await;
        script.add(finding);
    }
}
