//! Calls of version 1.0, heard by the same system: checked by their own rules, then obeyed as the calls of version 2.0 that mean the same.
//! The accounts, the log and the behaviours are shared; only what travels is different.

use std::collections::BTreeMap;

use koogallery::v1::field_cipher::{EncryptType, decrypt, encrypt};
use koogallery::v1::{Call, CallName, V1Refusal, verify_call};
use koogallery::v2::{
    Activity, ActivityName, InstanceIds, QueryInstance, Scene, SellerAnswer, StatusChange, TestFlag, WINDOW_MS,
};
use koogallery::{AccessKey, Id, Json, ResultCode, UtcSecond};

use super::accounts::{Account, Deed, Setting, Standing, access, rehearsal_account};
use super::behaviour::Behaviour;
use super::distort::{Reply, honest, in_access_data, set};
use super::keys::KeyLine;
use super::production::{Told, distorted, keyless, note, obey_or_not, setting};
use super::world::SellerWorld;
use super::{Inside, Shop};

/// Decides about the part of the address after `?`.
pub(super) fn decide(shop: &Shop, path: &str, query: &str) -> Reply {
    shop.reread_plan();
    shop.reread_keys();
    let now_ms = shop.world.now_ms();
    let mut inside = shop.inside();
    let Some(line) = inside.keys.find(path, None).cloned() else {
        tracing::warn!(path, "A call to {path} cannot be checked: there is no key for it");
        return keyless();
    };
    let heard = verify_call(&line.key, query).map_err(|refusal| refused(&refusal));
    let heard = heard.and_then(|call| fresh(query, now_ms).map(|()| call));
    let heard = heard.and_then(|call| readable(&call, &line.key, shop.encrypt_type).map(|()| call));
    let heard = heard.and_then(|call| means(&call).map(|activity| (call, activity)));
    let (told, deed, reply) = match heard {
        Ok((call, activity)) => {
            let behaviour = inside.plan.take(activity.name());
            let (deed, reply) = answer(shop, &line, &mut inside, (&call, &activity), &behaviour);
            let (nonce, payload) = (parameter(query, "authToken"), without_token(query));
            (Told { activity: call.name().as_str(), payload, nonce, behaviour: behaviour.name() }, deed, reply)
        }
        Err(deed) => {
            let reply = honest(&deed.answer.clone().into_json(), &line.key);
            let behaviour = Behaviour::Honest.name();
            (Told { activity: "", payload: String::new(), nonce: String::new(), behaviour }, deed, reply)
        }
    };
    note(&mut inside, now_ms, told, deed);
    reply
}

fn refused(refusal: &V1Refusal) -> Deed {
    Deed::refused(refusal.result_code(), &refusal.to_string())
}

/// One parameter as it stands in the query, not decoded.
fn parameter(query: &str, name: &str) -> String {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.into_iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_owned()).unwrap_or_default()
}

fn without_token(query: &str) -> String {
    query.split('&').filter(|pair| !pair.starts_with("authToken=")).collect::<Vec<_>>().join("&")
}

/// This version prescribes no window; a careful seller keeps the one of version 2.0.
fn fresh(query: &str, now_ms: i64) -> Result<(), Deed> {
    let stamp = parameter(query, "timeStamp");
    let malformed = || Deed::refused(ResultCode::InvalidParameter, "timeStamp is no yyyyMMddHHmmssSSS");
    let (seconds, millis) = stamp.split_at_checked(14).ok_or_else(malformed)?;
    let millis: i64 = if millis.is_empty() { 0 } else { millis.parse().map_err(|_| malformed())? };
    let at_ms = UtcSecond::parse(seconds).map_err(|_| malformed())?.unix_ms() + millis;
    let difference_ms = now_ms.saturating_sub(at_ms);
    if difference_ms.saturating_abs() <= WINDOW_MS {
        return Ok(());
    }
    let message = format!("timeStamp differs from our clock by {difference_ms} ms, at most {WINDOW_MS} ms are allowed");
    Err(Deed::refused(ResultCode::InvalidParameter, &message))
}

/// What is encrypted carries no mark of how: it is opened with the size of key that this seller chose (seller-protocol 4).
fn readable(call: &Call, key: &AccessKey, kind: EncryptType) -> Result<(), Deed> {
    let sealed = ["mobilePhone", "email"].into_iter().filter_map(|name| Some((name, call.get(name)?)));
    let unreadable = sealed.into_iter().find(|(_, value)| decrypt(key, kind, value).is_err());
    unreadable.map_or(Ok(()), |(name, _)| {
        let said = format!("{name} cannot be decrypted with encryptType {}", kind.as_str());
        Err(Deed::refused(ResultCode::InvalidParameter, &said))
    })
}

/// The call of version 2.0 that means the same.
fn means(call: &Call) -> Result<Activity, Deed> {
    let order = call.get("orderId").unwrap_or_default();
    // For pay-per-use one order has a call for each product (seller-protocol 1.4).
    let line = match call.get("chargingMode") {
        Some("0") => call.get("productId").unwrap_or(order),
        Some(_) | None => order,
    };
    let status = |text: &str| match text {
        "FREEZE" => StatusChange::Freeze.as_str(),
        "NORMAL" => StatusChange::Unfreeze.as_str(),
        _ => "",
    };
    let (name, others): (_, Vec<(&str, &str)>) = match call.name() {
        CallName::NewInstance | CallName::GetLicense => (ActivityName::NewInstance, vec![("orderLineId", line)]),
        CallName::QueryInstance => (ActivityName::QueryInstance, Vec::new()),
        CallName::RefreshInstance => {
            (ActivityName::RefreshInstance, vec![("orderLineId", order), ("scene", scene(call).as_str())])
        }
        CallName::ExpireInstance => {
            (ActivityName::UpdateInstanceStatus, vec![("status", StatusChange::Freeze.as_str())])
        }
        CallName::InstanceStatus => {
            let said = call.get("instanceStatus").unwrap_or_default();
            (ActivityName::UpdateInstanceStatus, vec![("status", status(said))])
        }
        CallName::Upgrade => (ActivityName::UpgradeInstance, vec![("orderLineId", order)]),
        CallName::ReleaseInstance | CallName::ReleaseLicense => (ActivityName::ReleaseInstance, vec![("orderId", "")]),
    };
    let known = name.members().iter().filter_map(|member| Some((member.name, call.get(member.name)?)));
    let mut values: BTreeMap<String, String> = known.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    values.extend(others.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())));
    Activity::from_form(name, &values).map_err(|problems| {
        let said = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        Deed::refused(ResultCode::InvalidParameter, &said)
    })
}

fn scene(call: &Call) -> Scene {
    match (call.get("trialToFormal"), call.get("orderAmount")) {
        (Some("1"), _) => Scene::TrialToFormal,
        (_, Some(amount)) if amount.starts_with('-') => Scene::UnsubscribeRenewalPeriod,
        (_, _) => Scene::Renewal,
    }
}

fn answer(
    shop: &Shop,
    line: &KeyLine,
    inside: &mut Inside,
    (call, activity): (&Call, &Activity),
    behaviour: &Behaviour,
) -> (Deed, Reply) {
    if let Some(query) = asks_again(inside, call, activity) {
        obey_or_not(shop, line, inside, &query, behaviour);
    }
    let deed = obey_or_not(shop, line, inside, activity, behaviour);
    let setting = setting(shop, line, behaviour);
    let json = as_version_one(inside, (&setting, shop.encrypt_type), &line.key, call.name(), &deed.answer);
    let reply = distorted(shop, line, inside, (activity.name(), behaviour), &deed, &json);
    (deed, reply)
}

/// In this version the same creation again is the question whether the instance is ready: it counts as a query.
fn asks_again(inside: &Inside, call: &Call, activity: &Activity) -> Option<Activity> {
    let Activity::NewInstance(new) = activity else { return None };
    if call.name() != CallName::NewInstance || new.test_flag == TestFlag::Debugging {
        return None;
    }
    let preparing = |account: &&Account| matches!(account.standing, Standing::Preparing { .. });
    let same = |account: &&Account| {
        account.order_id == new.order_id.as_str() && account.order_line_id == new.order_line_id.as_str()
    };
    let account = inside.accounts.iter().filter(preparing).find(same)?;
    let instance_id = Id::parse(&account.instance_id).ok()?;
    Some(QueryInstance { instance_id: InstanceIds::one(instance_id), test_flag: TestFlag::Production }.into())
}

/// The answer with what this version adds: access data in the answer to `newInstance`, a licence, and user name and password encrypted.
fn as_version_one(
    inside: &Inside,
    (setting, kind): (&Setting<'_>, EncryptType),
    key: &AccessKey,
    name: CallName,
    answer: &SellerAnswer,
) -> Json {
    let mut json = answer.clone().into_json();
    let instance = json.get("instanceId").and_then(Json::as_text).map(str::to_owned);
    let success = json.get("resultCode").and_then(Json::as_text) == Some(ResultCode::Success.as_str());
    match (name, instance) {
        (CallName::NewInstance, Some(instance)) if success => {
            let account = inside.accounts.find(&instance).cloned().unwrap_or_else(|| rehearsal_account(&instance));
            if let Some(app) = access(&account, setting).and_then(|info| info.app) {
                set(&mut json, "appInfo", app.to_json());
            }
        }
        (CallName::GetLicense, Some(instance)) if success => {
            set(&mut json, "license", Json::Text(format!("LICENCE-{instance}")));
        }
        (_, _) => {}
    }
    let mut encrypted = false;
    in_access_data(&mut json, |app| {
        for name in ["userName", "password"] {
            let plain = app.get(name).and_then(Json::as_text).map(str::to_owned);
            if let Some(sealed) = plain.and_then(|plain| encrypt(key, kind, &iv(setting.world), &plain)) {
                set(app, name, Json::Text(sealed));
                encrypted = true;
            }
        }
    });
    if encrypted {
        set(&mut json, "encryptType", Json::text(kind.as_str()));
    }
    json
}

/// 16 random letters and digits.
fn iv(world: &dyn SellerWorld) -> String {
    let mut bytes = [0; 8];
    world.fill_random(&mut bytes);
    hex::encode(bytes)
}
