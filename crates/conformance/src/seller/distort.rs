//! What each behaviour makes of an honest answer: status, headers, bytes, and the way they are sent. Pure; sending is `production`'s.

use koogallery::v2::{ActivityName, SellerAnswer};
use koogallery::{AccessKey, Json, ResultCode, body_sign};

use super::behaviour::Behaviour;

/// How the bytes are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// All at once.
    Whole,
    /// All at once, after so many milliseconds.
    After(u64),
    /// One byte a second.
    Drip,
    /// Status and headers, then nothing.
    HeadersOnly,
    /// Half of them, then the connection is cut.
    Half,
    /// Again and again, without end.
    Endless,
    /// The connection is cut.
    Cut,
    /// Nothing ever happens.
    Never,
}

/// An answer, ready to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) way: Way,
}

/// What the distortion may draw on besides the honest answer.
pub(crate) struct Props<'a> {
    pub(crate) key: &'a AccessKey,
    /// An instance of another order.
    pub(crate) others_instance: String,
    /// An instance id never used.
    pub(crate) fresh_instance: String,
}

impl Behaviour {
    /// Does the seller obey the call before it answers?
    pub(crate) fn works(&self) -> bool {
        use Behaviour as B;
        !matches!(
            self,
            B::Down
                | B::Silent
                | B::Never
                | B::Status500
                | B::Status502
                | B::Status503
                | B::Status429
                | B::Status408
                | B::Status401
                | B::Status403
                | B::Status404
                | B::Redirect
                | B::RedirectInside
                | B::Refuse(_)
        )
    }

    /// Queries after which a new account is ready; 0 if at once.
    pub(crate) fn queries_until_ready(&self) -> u32 {
        match self {
            Behaviour::Asynchronous | Behaviour::AsynchronousNameless => 3,
            Behaviour::AsynchronousForever => u32::MAX,
            _ => 0,
        }
    }
}

/// The honest answer, signed.
pub(crate) fn honest(answer: &Json, key: &AccessKey) -> Reply {
    signed(answer.to_compact().into_bytes(), key)
}

/// The honest answer without a signature.
pub(crate) fn unsigned(answer: &SellerAnswer) -> Reply {
    let headers = vec![("content-type", "application/json".to_owned())];
    Reply { status: 200, headers, body: answer.to_body().into_bytes(), way: Way::Whole }
}

fn signed(body: Vec<u8>, key: &AccessKey) -> Reply {
    let signature = body_sign::header_value(key, &body);
    let headers = vec![("content-type", "application/json".to_owned()), ("body-sign", signature)];
    Reply { status: 200, headers, body, way: Way::Whole }
}

/// What the behaviour makes of it.
#[expect(clippy::too_many_lines, reason = "one row for each behaviour")]
pub(crate) fn distort(behaviour: &Behaviour, name: ActivityName, answer: &Json, props: &Props<'_>) -> Reply {
    use Behaviour as B;
    let whole = honest(answer, props.key);
    match behaviour {
        B::Honest | B::Asynchronous | B::AsynchronousForever | B::Flickering | B::Denying | B::RefusesRepeat => whole,
        B::Down | B::LostAnswer => Reply { way: Way::Cut, ..whole },
        B::Silent | B::Never => Reply { way: Way::Never, ..whole },
        B::Slow => Reply { way: Way::After(6_000), ..whole },
        B::Late => Reply { way: Way::After(25_000), ..whole },
        B::Drip => Reply { way: Way::Drip, ..whole },
        B::HeadersOnly => Reply { way: Way::HeadersOnly, ..whole },
        B::BrokenBody => Reply { way: Way::Half, ..whole },
        B::EndlessBody => Reply { way: Way::Endless, ..whole },
        B::Status500
        | B::Status502
        | B::Status504
        | B::Status429
        | B::Status408
        | B::Status401
        | B::Status403
        | B::Status404 => Reply { status: status_of(behaviour), ..whole },
        B::Status503 => Reply { status: 503, ..with_header(whole, "retry-after", "30".into()) },
        B::Redirect => Reply { status: 301, ..with_header(whole, "location", "/moved".into()) },
        B::RedirectInside => {
            Reply { status: 307, ..with_header(whole, "location", "http://169.254.169.254/latest/meta-data/".into()) }
        }
        B::Refuse(code) => {
            let refusal = SellerAnswer::refusal(code.clone(), code.meaning(koogallery::Language::English));
            honest(&refusal.into_json(), props.key)
        }
        B::Html
        | B::Empty
        | B::TextPlain
        | B::WrongJson
        | B::NotUtf8
        | B::ArrayBody
        | B::HugeBody
        | B::DeepJson
        | B::DuplicateMember
        | B::NanNumber => content(behaviour, whole, answer, props.key),
        B::Unsigned => with_signature(whole, None),
        B::WrongSignature => {
            let forged = body_sign::signature(&other_key(), &whole.body);
            with_signature(whole, Some(format!("sign_type=\"HMAC-SHA256\", signature=\"{forged}\"")))
        }
        B::OtherSignature => {
            let other = body_sign::header_value(props.key, b"{\"resultCode\":\"000005\"}");
            with_signature(whole, Some(other))
        }
        B::MalformedSignature => {
            let bare = body_sign::signature(props.key, &whole.body);
            with_signature(whole, Some(format!("sign_type=HMAC-SHA256,signature={bare}")))
        }
        B::NoResultCode
        | B::NumberResultCode
        | B::TooLong
        | B::NoInstanceId
        | B::NoFrontEndUrl
        | B::OtherInstance
        | B::ChangedInstance
        | B::LongInstanceId
        | B::MarkupInstanceId
        | B::BidiInstanceId
        | B::JavascriptUrl
        | B::DataUrl
        | B::InsideUrl
        | B::AsynchronousNameless
        | B::EmptyInfo => {
            let mut json = answer.clone();
            members(behaviour, name, &mut json, props);
            signed(json.to_compact().into_bytes(), props.key)
        }
    }
}

fn status_of(behaviour: &Behaviour) -> u16 {
    behaviour.name().strip_prefix("status-").and_then(|digits| digits.parse().ok()).unwrap_or(500)
}

fn other_key() -> AccessKey {
    AccessKey::parse("not-the-key-of-this-address").expect("the text has no blanks")
}

fn with_header(mut reply: Reply, name: &'static str, value: String) -> Reply {
    reply.headers.retain(|(known, _)| *known != name);
    reply.headers.push((name, value));
    reply
}

fn with_signature(mut reply: Reply, value: Option<String>) -> Reply {
    reply.headers.retain(|(name, _)| *name != "body-sign");
    reply.headers.extend(value.map(|value| ("body-sign", value)));
    reply
}

/// Lies about the bytes and their type. They are signed, so that only one thing is wrong.
fn content(behaviour: &Behaviour, whole: Reply, answer: &Json, key: &AccessKey) -> Reply {
    use Behaviour as B;
    let text = answer.to_compact();
    let inner = text.strip_prefix('{').unwrap_or(&text).to_owned();
    match behaviour {
        B::Html => with_header(
            signed(b"<!doctype html><title>Sign in</title><p>Sign in first.".to_vec(), key),
            "content-type",
            "text/html".into(),
        ),
        B::Empty => signed(Vec::new(), key),
        B::TextPlain => with_header(whole, "content-type", "text/plain".into()),
        B::WrongJson => signed(text.as_bytes().split_at(text.len() / 2).0.to_vec(), key),
        B::NotUtf8 => signed([b"{\"resultMsg\":\"\xb3\xc9\xb9\xa6\",".as_slice(), inner.as_bytes()].concat(), key),
        B::ArrayBody => signed(format!("[{text}]").into_bytes(), key),
        B::HugeBody => signed(format!("{{\"padding\":\"{}\",{inner}", "x".repeat(70_000)).into_bytes(), key),
        B::DeepJson => {
            signed(format!("{{\"deep\":{}{},{inner}", "[".repeat(10_000), "]".repeat(10_000)).into_bytes(), key)
        }
        B::DuplicateMember => signed(format!("{{\"resultCode\":\"000005\",{inner}").into_bytes(), key),
        B::NanNumber => signed(format!("{{\"usage\":NaN,{inner}").into_bytes(), key),
        _ => whole,
    }
}

/// Lies about single members.
fn members(behaviour: &Behaviour, name: ActivityName, json: &mut Json, props: &Props<'_>) {
    use Behaviour as B;
    let creating = name == ActivityName::NewInstance;
    match behaviour {
        B::NoResultCode => remove(json, "resultCode"),
        B::NumberResultCode => set(json, "resultCode", Json::Number(0.into())),
        B::TooLong => {
            set(json, "resultMsg", Json::Text("very ".repeat(60)));
            in_access_data(json, |app| set(app, "userName", Json::Text("u".repeat(200))));
        }
        B::NoInstanceId | B::AsynchronousNameless if creating => remove(json, "instanceId"),
        B::OtherInstance if creating => set(json, "instanceId", Json::text(props.others_instance.as_str())),
        B::OtherInstance => {
            in_entries(json, |entry| set(entry, "instanceId", Json::text(props.others_instance.as_str())))
        }
        B::ChangedInstance if creating => set(json, "instanceId", Json::text(props.fresh_instance.as_str())),
        B::LongInstanceId if creating => set(json, "instanceId", Json::Text("x".repeat(10_000))),
        B::MarkupInstanceId if creating => set(json, "instanceId", Json::text("<b>'; DROP TABLE orders; --</b>")),
        B::BidiInstanceId if creating => set(json, "instanceId", Json::text("abc\u{202e}fed")),
        B::NoFrontEndUrl => in_access_data(json, |app| remove(app, "frontEndUrl")),
        B::JavascriptUrl => {
            in_access_data(json, |app| set(app, "frontEndUrl", Json::text("javascript:alert(document.domain)")))
        }
        B::DataUrl => in_access_data(json, |app| set(app, "frontEndUrl", Json::text("data:text/html,<h1>hello"))),
        B::InsideUrl => in_access_data(json, |app| set(app, "frontEndUrl", Json::text("http://192.168.0.10/console"))),
        B::EmptyInfo => remove(json, "info"),
        _ => {}
    }
}

pub(super) fn set(object: &mut Json, name: &str, value: Json) {
    if let Json::Object(members) = object {
        match members.iter_mut().find(|(known, _)| known == name) {
            Some((_, place)) => *place = value,
            None => members.push((name.to_owned(), value)),
        }
    }
}

fn remove(object: &mut Json, name: &str) {
    if let Json::Object(members) = object {
        members.retain(|(known, _)| known != name);
    }
}

fn in_entries(answer: &mut Json, mut change: impl FnMut(&mut Json)) {
    if let Json::Object(members) = answer {
        for (name, value) in members {
            if let ("info", Json::List(entries)) = (name.as_str(), value) {
                entries.iter_mut().for_each(&mut change);
            }
        }
    }
}

/// In version 2.0 it stands in the entries of `info`, in version 1.0 also in the answer itself.
pub(super) fn in_access_data(answer: &mut Json, mut change: impl FnMut(&mut Json)) {
    if let Json::Object(members) = answer {
        members.iter_mut().filter(|(name, _)| name == "appInfo").for_each(|(_, app)| change(app));
    }
    in_entries(answer, |entry| {
        if let Json::Object(members) = entry {
            members.iter_mut().filter(|(name, _)| name == "appInfo").for_each(|(_, app)| change(app));
        }
    });
}

/// The refusal that some behaviours put in the place of obeying.
pub(crate) fn denial() -> (ResultCode, &'static str) {
    (ResultCode::NoSuchInstance, "There is no such instance.")
}
