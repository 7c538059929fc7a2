//! The one place where the versions of the seller protocol part: a call in the words of one of them becomes exact bytes,
//! and what came back is examined by its rules. Before it there are calls, behind it bytes.
//!
//! *What is not here.* Which call is made and what it says (`fulfilment::wording` for orders, `exchange` for debugging);
//! algorithms (`koogallery`).

use domain::selling::{
    BodySignPolicy, EncryptType, HeaderSteps, InterfaceAddress, ProtocolVersion, SentRequest, Signing, SigningSteps,
    TokenSteps,
};
use koogallery::joint_operations::{self, SyncCall, SyncRequest, SyncSigning};
use koogallery::v1::field_cipher::{self, encrypt};
use koogallery::v2::{self, BodySignPolicy as WirePolicy, Examined, Limits, ProductionAddress, Reply, SignedRequest};
use koogallery::{AccessKey, CheckCode, InstanceId, Nonce, v1};
use ports::{Method, OutgoingCall};

use super::{LiveKeys, keys, live_keys, notice_key};
use crate::{App, AppError};

/// A call in the words of one version.
pub(crate) enum Wire {
    /// Version 1.0.
    V1(v1::Call),
    /// Version 2.0.
    V2(v2::Activity),
    /// Joint operations, in the version of the address.
    Sync(SyncCall),
}

/// A call, signed and ready to be sent. `Debug` would show the keys, so there is none.
pub(crate) struct SignedWire {
    request: Request,
    key: AccessKey,
    /// What else the answer may be signed with.
    retiring: Option<AccessKey>,
    body_sign: WirePolicy,
}

enum Request {
    V1(v1::SignedCall),
    V2(Box<SignedRequest>),
    Sync(Box<SyncRequest>),
}

/// For how long whoever sees a signed request could send it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Worth {
    /// A minute: the signature holds its time.
    AMinute,
    /// For ever, at sellers that do not look at the time, which the version does not ask them to.
    ForEver,
}

impl SignedWire {
    /// Signs with the present key, the present instant and, where the version has one, a new nonce.
    pub(crate) fn new(app: &App, address: &InterfaceAddress, call: Wire) -> Result<SignedWire, AppError> {
        let fault = |what: &str| AppError::Internal(format!("a call to {} cannot be signed: {what}", address.id));
        let LiveKeys { present: key, retiring } = keys_of(app, address, &call)?;
        let production = ProductionAddress::parse(&address.url).map_err(|error| fault(&error.to_string()))?;
        let now_ms = app.now().as_millisecond();
        let request = match call {
            Wire::V1(call) => {
                let time_stamp = v1::time_stamp(now_ms).ok_or_else(|| fault("the clock"))?;
                Request::V1(v1::sign(&call, &production, &key, &time_stamp))
            }
            Wire::V2(activity) => {
                let nonce = Nonce::from_random(app.random());
                Request::V2(Box::new(v2::sign(activity, &production, &key, &nonce, now_ms)))
            }
            Wire::Sync(call) => Request::Sync(Box::new(match address.protocol {
                ProtocolVersion::V1 => joint_operations::sign_call_v1(&call, &production, &key),
                ProtocolVersion::V2 => {
                    let nonce = Nonce::from_random(app.random());
                    joint_operations::sign_call(&call, &production, &key, &nonce, now_ms)
                }
            })),
        };
        let body_sign = match address.body_sign {
            BodySignPolicy::Off => WirePolicy::Off,
            BodySignPolicy::IfPresent => WirePolicy::IfPresent,
            BodySignPolicy::Required => WirePolicy::Required,
        };
        Ok(SignedWire { request, key, retiring, body_sign })
    }

    /// What to send.
    pub(crate) fn outgoing(&self, deadline_ms: u64) -> OutgoingCall {
        let (method, url, headers, body) = match &self.request {
            Request::V1(call) => (Method::Get, call.url.as_str(), owned(call.headers()), Vec::new()),
            Request::V2(request) => (Method::Post, request.url(), owned(request.headers()), request.body().to_vec()),
            Request::Sync(request) => {
                (Method::Post, request.url(), with_own_names(request.headers()), request.body().to_vec())
            }
        };
        OutgoingCall { method, url: url.to_owned(), headers, body, deadline_ms }
    }

    /// The request as it stands on the wire. It holds no key.
    pub(crate) fn wire_text(&self) -> String {
        match &self.request {
            Request::V1(call) => call.wire_text(),
            Request::V2(request) => request.wire_text(),
            Request::Sync(request) => request.wire_text(),
        }
    }

    /// For how long the request is worth something to whoever sees it.
    pub(crate) fn worth(&self) -> Worth {
        match &self.request {
            Request::V1(_) => Worth::ForEver,
            Request::V2(_) => Worth::AMinute,
            Request::Sync(request) => match request.signing() {
                SyncSigning::Headers { .. } => Worth::AMinute,
                SyncSigning::Token { .. } => Worth::ForEver,
            },
        }
    }

    /// For showing: the key is masked.
    pub(crate) fn shown(&self) -> SentRequest {
        let wire_text = self.wire_text();
        match &self.request {
            Request::V1(call) => SentRequest {
                method: call.method().to_owned(),
                url: call.url.clone(),
                headers: owned(call.headers()),
                body: String::new(),
                wire_text,
                curl: call.curl(),
                signing: token_steps(&self.key, sent_query(&call.url)),
            },
            Request::V2(request) => {
                let explanation = request.explanation();
                let [masked_key, nonce, timestamp, inner] = explanation.canonical.clone();
                let signature = explanation.signature.clone();
                SentRequest {
                    method: request.method().to_owned(),
                    url: request.url().to_owned(),
                    headers: owned(request.headers()),
                    body: String::from_utf8_lossy(request.body()).into_owned(),
                    wire_text,
                    curl: request.curl(),
                    signing: Signing::Steps(SigningSteps { inner, masked_key, nonce, timestamp, signature }),
                }
            }
            Request::Sync(request) => SentRequest {
                method: request.method().to_owned(),
                url: request.url().to_owned(),
                headers: with_own_names(request.headers()),
                body: String::from_utf8_lossy(request.body()).into_owned(),
                wire_text,
                curl: request.curl(),
                signing: sync_steps(&self.key, request.signing()),
            },
        }
    }

    /// Examines what came back. When it does not fit the key of the call, the key before is tried: a seller may not have
    /// changed yet.
    pub(crate) fn examine(&self, reply: &Reply, limits: Limits, known_instance: Option<&InstanceId>) -> Examined {
        let by = |key: &AccessKey| {
            let body_sign = self.body_sign;
            match &self.request {
                Request::V1(sent) => {
                    v1::examine(&v1::Examination { call: &sent.call, key, body_sign, limits, known_instance }, reply)
                }
                Request::V2(sent) => {
                    let activity = sent.activity();
                    v2::examine(&v2::Examination { activity, key, body_sign, limits, known_instance }, reply)
                }
                Request::Sync(_) => {
                    joint_operations::examine(&joint_operations::Examination { key, body_sign, limits }, reply)
                }
            }
        };
        let wrong = |one: &Examined| {
            let other_key = |code| matches!(code, CheckCode::BodySignWrong | CheckCode::SecretUnreadable);
            one.checks.iter().any(|check| other_key(check.code()))
        };
        let first = by(&self.key);
        match self.retiring.as_ref().filter(|_| wrong(&first)) {
            Some(key) => Some(by(key)).filter(|other| !wrong(other)).unwrap_or(first),
            None => first,
        }
    }
}

/// Order notices have a key of their own and are never signed with the basic one (seller-protocol 2.1). So is what is said
/// about licence codes, and to the joint-operations kit.
fn keys_of(app: &App, address: &InterfaceAddress, call: &Wire) -> Result<LiveKeys, AppError> {
    match call {
        Wire::V2(v2::Activity::OrderNotify(_)) => match notice_key(app, address)? {
            Some(present) => Ok(LiveKeys { present, retiring: None }),
            None => Err(AppError::rule("no_key_bound")),
        },
        Wire::V2(
            v2::Activity::RefreshLicenseCode(_)
            | v2::Activity::UpdateLicenseCodeStatus(_)
            | v2::Activity::ReleaseLicenseCode(_),
        ) => {
            let present = keys::licence_key(app, address)?.ok_or_else(|| AppError::rule("no_key_bound"))?;
            Ok(LiveKeys { present, retiring: None })
        }
        Wire::Sync(_) => {
            let present = keys::joint_key(app, address)?.ok_or_else(|| AppError::rule("no_key_bound"))?;
            Ok(LiveKeys { present, retiring: None })
        }
        Wire::V1(_) | Wire::V2(_) => live_keys(app, address),
    }
}

fn owned(headers: &[(&str, &str)]) -> Vec<(String, String)> {
    headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn with_own_names(headers: &[(&str, String)]) -> Vec<(String, String)> {
    headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

/// How a joint-operations call came to its signature.
fn sync_steps(key: &AccessKey, signing: &SyncSigning) -> Signing {
    match signing.clone() {
        SyncSigning::Headers { nonce, timestamp, x_sign } => {
            Signing::Headers(HeaderSteps { masked_key: key.masked(), nonce, timestamp, x_sign })
        }
        SyncSigning::Token { string_to_sign, time_stamp, auth_token } => {
            Signing::Token(TokenSteps { string_to_sign, masked_key: key.masked(), time_stamp, auth_token })
        }
    }
}

fn sent_query(url: &str) -> &str {
    url.split_once('?').map_or("", |(_, query)| query)
}

/// How the parameters of a V1.0 address came to their token.
fn token_steps(key: &AccessKey, query: &str) -> Signing {
    let sent = v1::sent_parameters(query);
    let pairs = || sent.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let time_stamp = pairs().find(|(name, _)| *name == "timeStamp").map_or("", |(_, value)| value);
    Signing::Token(TokenSteps {
        string_to_sign: v1::string_to_sign(pairs()),
        masked_key: key.masked(),
        time_stamp: time_stamp.to_owned(),
        auth_token: v1::auth_token(key, time_stamp, pairs()),
    })
}

/// How a request as it is kept came to its signature by this key; none when it was signed with another.
pub(crate) fn signing_of(key: &AccessKey, kept: &str) -> Option<Signing> {
    let (head, body) = kept.split_once("\r\n\r\n")?;
    let mut first = head.lines().next()?.split(' ');
    let (method, target) = (first.next()?, first.next()?);
    let (_, query) = target.split_once('?')?;
    let value =
        |name: &str| v1::sent_parameters(query).into_iter().find(|(said, _)| said == name).map(|(_, value)| value);
    if method == "GET" {
        let signing = token_steps(key, query);
        let token = value("authToken")?;
        return matches!(&signing, Signing::Token(steps) if steps.auth_token == token).then_some(signing);
    }
    let (nonce, timestamp, signature) = (value("nonce")?, value("timestamp")?, value("signature")?);
    let expected = v2::signature(key, &nonce, &timestamp, body.as_bytes());
    expected.eq_ignore_ascii_case(&signature).then(|| {
        let inner = v2::inner(key, body.as_bytes());
        Signing::Steps(SigningSteps { inner, masked_key: key.masked(), nonce, timestamp, signature })
    })
}

/// What a request as it is kept said, by name, `activity` among it.
pub(crate) fn said_in(kept: &str) -> Option<Vec<(String, String)>> {
    let (head, body) = kept.split_once("\r\n\r\n")?;
    let mut first = head.lines().next()?.split(' ');
    let (method, target) = (first.next()?, first.next()?);
    if method == "GET" {
        return Some(v1::sent_parameters(sent_query(target)));
    }
    let body: serde_json::Map<String, serde_json::Value> = serde_json::from_str(body).ok()?;
    let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Some(body.iter().map(|(name, value)| (name.clone(), text(value))).collect())
}

/// What stands in the place of a token.
pub(super) const STRUCK: &str = "authToken=••••••";

/// What stands in the place of a token that is a header.
pub(super) const STRUCK_HEADER: &str = "authToken: ••••••";

/// A request as it is kept without what lets its reader send it again, for those who do not hold the seller's key.
pub(crate) fn without_token(kept: &str) -> String {
    // In an address a blank after a colon cannot stand, so this is a header.
    if let Some((before, after)) = kept.split_once("authToken: ") {
        let rest = after.find(['\r', '\'']).map_or("", |end| &after[end..]);
        return format!("{before}{STRUCK_HEADER}{rest}");
    }
    let Some((before, after)) = kept.split_once("authToken=") else { return kept.to_owned() };
    // It ends with the parameter, the address, or the quotes around that in a command.
    let rest = after.find(['&', ' ', '\'']).map_or("", |end| &after[end..]);
    format!("{before}{STRUCK}{rest}")
}

/// A mobile number or e-mail address as it travels to a V1.0 seller (seller-protocol 4). Sellers choose the size of the key
/// when they publish.
pub(crate) fn encrypted(app: &App, address: &InterfaceAddress, key: &AccessKey, plain: &str) -> Option<String> {
    let iv = hex::encode(app.random::<8>());
    let kind = match address.encrypt_type {
        EncryptType::Aes256 => field_cipher::EncryptType::Aes256,
        EncryptType::Aes128 => field_cipher::EncryptType::Aes128,
    };
    encrypt(key, kind, &iv, plain)
}

/// Parameters of V1.0 that travel encrypted.
pub(crate) const ENCRYPTED: [&str; 2] = ["mobilePhone", "email"];

#[cfg(test)]
mod tests {
    use super::*;

    const KEPT: &str = "GET /produce?activity=releaseInstance&instanceId=i%201&orderId=CS1&timeStamp=20260115093000123&authToken=abc%3D HTTP/1.1\r\nHost: saas.example.com\r\n\r\n";

    #[test]
    fn a_kept_address_is_read_again_and_shown_to_others_without_its_token() {
        let said = said_in(KEPT).expect("it was kept by us");
        assert!(said.contains(&("instanceId".to_owned(), "i 1".to_owned())), "{said:?}");
        let bare = without_token(KEPT);
        assert!(bare.contains("&authToken=•••••• HTTP/1.1") && !bare.contains("abc"), "{bare}");
        let header = "POST / HTTP/1.1\r\nauthToken: abc=\r\nAccept: x\r\n\r\n{}";
        assert_eq!(without_token(header), header.replace("abc=", "••••••"));
        assert_eq!(without_token("curl -H 'authToken: a/b=' -d '{}'"), "curl -H 'authToken: ••••••' -d '{}'");
        assert_eq!(without_token("POST / HTTP/1.1\r\n\r\n{}"), "POST / HTTP/1.1\r\n\r\n{}");
    }

    #[test]
    fn the_way_to_a_token_is_shown_only_by_the_key_that_made_it() {
        let key = |text| AccessKey::parse(text).expect("a key");
        assert_eq!(signing_of(&key("kg-test-access-key-0001"), KEPT), None, "the token is invented");
        let parameters = [("activity", "x"), ("timeStamp", "20260115093000123")];
        let token = v1::auth_token(&key("kg-test-access-key-0001"), "20260115093000123", parameters);
        let kept = format!(
            "GET /produce?activity=x&timeStamp=20260115093000123&authToken={} HTTP/1.1\r\n\r\n",
            v1::encoded(&token)
        );
        let Some(Signing::Token(steps)) = signing_of(&key("kg-test-access-key-0001"), &kept) else {
            unreachable!("the key made it")
        };
        assert_eq!((steps.auth_token, steps.masked_key.as_str()), (token, "••••••••••0001"));
        assert_eq!(steps.string_to_sign, "activity=x&timeStamp=20260115093000123");
        assert_eq!(signing_of(&key("another-access-key-0002"), &kept), None);
    }
}
