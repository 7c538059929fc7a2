//! Joint-operations calls (seller-protocol 3.10) of both versions, heard at their own paths beneath the production address. They are
//! checked by their own rules; accounts, log and behaviours are those of all calls.

use axum::http::HeaderMap;
use koogallery::ResultCode;
use koogallery::joint_operations::{
    Refusal, SyncCall, SyncHeaders, SyncName, TOKEN_HEADER, made_at_ms, verify_request, verify_request_v1,
};
use koogallery::v2::{ActivityName, WINDOW_MS};

use super::accounts::Deed;
use super::behaviour::Behaviour;
use super::distort::{Reply, denial, honest};
use super::keys::{KeyKind, KeyLine};
use super::production::{Told, distorted, keyless, note, setting, written};
use super::{Inside, Shop, Spoken};

/// Where a call came in.
pub(super) struct Place {
    /// The production address that it is beneath.
    base: String,
    name: SyncName,
    version: Version,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    One,
    Two,
}

impl Place {
    /// Reads a path; none when it is no place of these calls, or of a version that is not understood.
    pub(super) fn of(path: &str, spoken: Spoken) -> Option<Place> {
        let name = SyncName::of_path(path)?;
        let two = path.strip_suffix(&name.sub_path()).map(|base| (base, Version::Two));
        let (base, version) = two.or_else(|| Some((path.strip_suffix(&name.sub_path_v1())?, Version::One)))?;
        let understood = match version {
            Version::One => spoken != Spoken::V2,
            Version::Two => spoken != Spoken::V1,
        };
        let base = if base.is_empty() { "/" } else { base };
        understood.then(|| Place { base: base.to_owned(), name, version })
    }
}

/// Decides about a call.
pub(super) fn decide(shop: &Shop, place: &Place, headers: &HeaderMap, body: &[u8]) -> Reply {
    shop.reread_plan();
    shop.reread_keys();
    let now_ms = shop.world.now_ms();
    let mut inside = shop.inside();
    let Some(line) = inside.keys.find(&place.base, Some(KeyKind::JointOperations)).cloned() else {
        tracing::warn!(path = place.base, "A call to {} cannot be checked: there is no key for it", place.base);
        return keyless();
    };
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let heard = match place.version {
        Version::One => hear_one(&line, place.name, text(TOKEN_HEADER).as_deref(), body, now_ms),
        Version::Two => {
            let pairs = headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
            let signed = SyncHeaders::from_headers(pairs);
            let heard = verify_request(&line.key, place.name, &signed, body, now_ms, &mut inside.nonces);
            heard.map_err(|refusal| refused(&refusal))
        }
    };
    let nonce = text("x-nonce").or_else(|| text(TOKEN_HEADER)).unwrap_or_default();
    let (told, deed, reply) = match heard {
        Ok(call) => {
            let behaviour = inside.plan.take_for_any();
            let deed = obey_or_not(shop, &line, &mut inside, &call, &behaviour);
            let json = deed.answer.clone().into_json();
            // Of what an answer holds there are only the common members, as for a notice of an order.
            let reply = distorted(shop, &line, &inside, (ActivityName::OrderNotify, &behaviour), &deed, &json);
            let told =
                Told { activity: call.name().as_str(), payload: call.payload(), nonce, behaviour: behaviour.name() };
            (told, deed, reply)
        }
        Err(deed) => {
            let reply = honest(&deed.answer.clone().into_json(), &line.key);
            let behaviour = Behaviour::Honest.name();
            (Told { activity: "", payload: String::new(), nonce, behaviour }, deed, reply)
        }
    };
    note(&mut inside, now_ms, told, deed);
    reply
}

fn refused(refusal: &Refusal) -> Deed {
    Deed::refused(refusal.result_code(), &refusal.to_string())
}

/// Version 1.0 prescribes no window; a careful seller keeps the one of version 2.0.
fn hear_one(
    line: &KeyLine,
    name: SyncName,
    auth_token: Option<&str>,
    body: &[u8],
    now_ms: i64,
) -> Result<SyncCall, Deed> {
    let call = verify_request_v1(&line.key, name, auth_token, body).map_err(|refusal| refused(&refusal))?;
    let made = call.get("timeStamp").and_then(made_at_ms).unwrap_or(i64::MIN);
    if now_ms.saturating_sub(made).saturating_abs() <= WINDOW_MS {
        return Ok(call);
    }
    let message = format!("timeStamp is not within {WINDOW_MS} ms of our clock; it is said in UTC+8");
    Err(Deed::refused(ResultCode::InvalidParameter, &message))
}

fn obey_or_not(shop: &Shop, line: &KeyLine, inside: &mut Inside, call: &SyncCall, behaviour: &Behaviour) -> Deed {
    if *behaviour == Behaviour::Denying {
        let (code, message) = denial();
        return Deed::refused(code, message);
    }
    if !behaviour.works() {
        return Deed::refused(ResultCode::InternalError, "Nothing was done.");
    }
    let setting = setting(shop, line, behaviour);
    let deed = inside.accounts.sync(call, &setting);
    written(inside, deed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_told_by_its_path_and_the_version_by_that_too() {
        let found = |path: &str, spoken| {
            Place::of(path, spoken).map(|place| (place.base, place.name, place.version == Version::Two))
        };
        let both = Spoken::Both;
        assert_eq!(found("/produce/produceAPI/v2/tenantSync", both), Some(("/produce".into(), SyncName::Tenant, true)));
        assert_eq!(found("/produceAPI/allOrgSync", both), Some(("/".into(), SyncName::AllDepartments, false)));
        assert_eq!(found("/produceAPI/v2/allOrgSync", Spoken::V1), None);
        assert_eq!(found("/produceAPI/allOrgSync", Spoken::V2), None);
        assert_eq!(found("/produce/tenantSync", both), None);
    }
}
