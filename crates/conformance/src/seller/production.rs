//! The production address: hears a call, has it decided and written down, and sends the answer in the way the behaviour wants.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use koogallery::v2::{Activity, ActivityName, Refusal, SellerAnswer, SignedQuery, verify_request};
use koogallery::{Json, ResultCode};

use super::accounts::{Account, Deed, Effect, Setting};
use super::behaviour::Behaviour;
use super::distort::{Props, Reply, Way, denial, distort, honest, unsigned};
use super::journal::HeardCall;
use super::keys::{KeyKind, KeyLine};
use super::line::Cut;
use super::world::SellerWorld;
use super::{Inside, Shop, Spoken, version_one};

/// No call is longer.
const BODY_LIMIT: usize = 64 * 1024;

/// Answers a request to any address that is no page.
pub(crate) async fn hear(
    State(shop): State<Arc<Shop>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request,
) -> Response {
    let sync = super::sync::Place::of(request.uri().path(), shop.spoken);
    if request.method() != Method::POST || (shop.spoken == Spoken::V1 && sync.is_none()) {
        return super::pages::no_such_page(&shop, request.headers());
    }
    let headers = request.headers().clone();
    let query = SignedQuery::from_query_string(request.uri().query().unwrap_or(""));
    let path = request.uri().path().to_owned();
    let Ok(body) = axum::body::to_bytes(request.into_body(), BODY_LIMIT).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let world = Arc::clone(&shop.world);
    answered(cut, world, move || match sync {
        Some(place) => super::sync::decide(&shop, &place, &headers, &body),
        None => decide(&shop, &path, &query, &body),
    })
    .await
}

/// A call of version 1.0 to any address, also to one where a page stands; everything else goes on.
pub(crate) async fn hear_version_one(
    State(shop): State<Arc<Shop>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request,
    next: Next,
) -> Response {
    let query = request.uri().query().unwrap_or("");
    let is_call = query.split('&').any(|pair| pair.starts_with("activity=") || pair.starts_with("authToken="));
    if request.method() != Method::GET || !is_call || shop.spoken == Spoken::V2 {
        return next.run(request).await;
    }
    let (path, query) = (request.uri().path().to_owned(), query.to_owned());
    let world = Arc::clone(&shop.world);
    answered(cut, world, move || version_one::decide(&shop, &path, &query)).await
}

/// Decides and sends. Deciding waits for the disk, so it does not happen on a thread that serves others.
async fn answered(cut: Cut, world: Arc<dyn SellerWorld>, decide: impl FnOnce() -> Reply + Send + 'static) -> Response {
    match tokio::task::spawn_blocking(decide).await {
        Ok(reply) => send(reply, &cut, world).await,
        Err(error) => {
            tracing::error!(error = %error, "A call could not be decided: {error}");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn decide(shop: &Shop, path: &str, query: &SignedQuery, body: &[u8]) -> Reply {
    shop.reread_plan();
    shop.reread_keys();
    let now_ms = shop.world.now_ms();
    let mut inside = shop.inside();
    let nonce = query.nonce.clone().unwrap_or_default();
    let name = Json::parse(body).ok().and_then(|body| Some(body.get("activity")?.as_text()?.to_owned()));
    let kind = name.as_deref().and_then(KeyKind::of_activity);
    let Some(line) = inside.keys.find(path, kind).cloned() else {
        tracing::warn!(path, "A call to {path} cannot be checked: there is no key for it");
        return keyless();
    };
    let heard = verify_request(&line.key, query, body, now_ms, &mut inside.nonces);
    let (activity, payload, behaviour, deed, reply) = match heard {
        Ok(call) => {
            let behaviour = inside.plan.take(call.name());
            let deed = obey_or_not(shop, &line, &mut inside, &call, &behaviour);
            let json = deed.answer.clone().into_json();
            let reply = distorted(shop, &line, &inside, (call.name(), &behaviour), &deed, &json);
            (call.name().as_str(), call.payload(), behaviour.name(), deed, reply)
        }
        Err(refusal) => {
            let deed = refused(&refusal);
            let reply = honest(&deed.answer.clone().into_json(), &line.key);
            ("", String::new(), Behaviour::Honest.name(), deed, reply)
        }
    };
    let heard = Told { activity, payload, nonce, behaviour };
    note(&mut inside, now_ms, heard, deed);
    reply
}

/// What a call told, for the log.
pub(super) struct Told<'a> {
    pub(super) activity: &'a str,
    pub(super) payload: String,
    pub(super) nonce: String,
    pub(super) behaviour: String,
}

/// Writes a call into the log.
pub(super) fn note(inside: &mut Inside, now_ms: i64, told: Told<'_>, deed: Deed) {
    let Told { activity, payload, nonce, behaviour } = told;
    let result_code = code_of(&deed.answer);
    tracing::info!(activity, behaviour, result_code, effect = ?deed.effect, "Heard {activity}, answered {result_code} ({behaviour})");
    let call = HeardCall {
        at_ms: now_ms,
        activity: activity.to_owned(),
        payload,
        nonce,
        behaviour,
        effect: deed.effect,
        instance_id: deed.instance_id,
        result_code,
    };
    if let Err(error) = inside.journal.note(call) {
        tracing::warn!(error = %error, "The call log cannot be written: {error}");
    }
}

/// Without a key nothing can be checked and nothing can be signed.
pub(super) fn keyless() -> Reply {
    let answer = SellerAnswer::refusal(ResultCode::AuthenticationFailed, "This address has no access key yet.");
    unsigned(&answer)
}

/// A refusal says why, so that whoever debugs the other side learns something. The key is not in any of these words.
fn refused(refusal: &Refusal) -> Deed {
    Deed::refused(refusal.result_code(), &refusal.to_string())
}

fn code_of(answer: &SellerAnswer) -> String {
    let json = answer.clone().into_json();
    json.get("resultCode").and_then(koogallery::Json::as_text).unwrap_or_default().to_owned()
}

/// What the seller does about a call under this behaviour.
pub(super) fn obey_or_not(
    shop: &Shop,
    line: &KeyLine,
    inside: &mut Inside,
    call: &Activity,
    behaviour: &Behaviour,
) -> Deed {
    if denies(inside, call.name(), behaviour) {
        let (code, message) = denial();
        Deed::refused(code, message)
    } else if behaviour.works() {
        let heard_before = *behaviour == Behaviour::RefusesRepeat && heard_before(inside, call);
        let deed = obey(shop, line, inside, call, behaviour);
        if heard_before {
            Deed::refused(ResultCode::AlreadyPurchased, "This order has been delivered already.")
        } else {
            deed
        }
    } else {
        Deed::refused(ResultCode::InternalError, "Nothing was done.")
    }
}

/// Was this order line created before? Debugging calls leave no account behind, so the log is asked as well.
fn heard_before(inside: &Inside, call: &Activity) -> bool {
    let Activity::NewInstance(new) = call else { return false };
    let line = format!("\"orderLineId\":{}", Json::text(new.order_line_id.as_str()).to_compact());
    let rehearsed = |call: &HeardCall| call.effect == Effect::Rehearsed && call.payload.contains(&line);
    let logged = inside.journal.calls().iter().any(rehearsed);
    let same = |account: &Account| {
        account.order_id == new.order_id.as_str() && account.order_line_id == new.order_line_id.as_str()
    };
    logged || inside.accounts.iter().any(same)
}

/// What the behaviour makes of the honest answer `json`.
pub(super) fn distorted(
    shop: &Shop,
    line: &KeyLine,
    inside: &Inside,
    (name, behaviour): (ActivityName, &Behaviour),
    deed: &Deed,
    json: &Json,
) -> Reply {
    let mine = deed.instance_id.as_deref();
    let others = inside.accounts.iter().map(|account| account.instance_id.as_str()).find(|id| Some(*id) != mine);
    let mut fresh = [0; 12];
    shop.world.fill_random(&mut fresh);
    let props = Props {
        key: &line.key,
        others_instance: others.unwrap_or("instance-of-somebody-else").to_owned(),
        fresh_instance: format!("ins-{}", hex::encode(fresh)),
    };
    distort(behaviour, name, json, &props)
}

fn denies(inside: &Inside, name: ActivityName, behaviour: &Behaviour) -> bool {
    let queries =
        || inside.journal.calls().iter().filter(|call| call.activity == ActivityName::QueryInstance.as_str()).count();
    match behaviour {
        Behaviour::Denying => name != ActivityName::NewInstance,
        Behaviour::Flickering => name == ActivityName::QueryInstance && queries() % 2 == 1,
        _ => false,
    }
}

/// What the honest deed depends on.
pub(super) fn setting<'a>(shop: &'a Shop, line: &'a KeyLine, behaviour: &Behaviour) -> Setting<'a> {
    Setting {
        world: shop.world.as_ref(),
        public_url: &shop.public_url,
        product_name: line.product_name.as_deref().unwrap_or(&shop.product_name),
        queries_until_ready: behaviour.queries_until_ready(),
    }
}

/// Obeys and writes down. What could not be written is tried again with the next call, and is not answered as done.
fn obey(shop: &Shop, line: &KeyLine, inside: &mut Inside, call: &Activity, behaviour: &Behaviour) -> Deed {
    let setting = setting(shop, line, behaviour);
    let deed = inside.accounts.obey(call, &setting);
    written(inside, deed)
}

/// Writes down what a deed changed.
pub(super) fn written(inside: &mut Inside, deed: Deed) -> Deed {
    inside.unwritten.extend(deed.touched.iter().cloned());
    let touched = inside.unwritten.iter().filter_map(|id| inside.accounts.find(id));
    match inside.journal.keep(touched) {
        Ok(()) => {
            inside.unwritten.clear();
            deed
        }
        Err(error) => {
            tracing::error!(error = %error, "The state file cannot be written: {error}");
            Deed {
                effect: Effect::Refused,
                ..Deed::refused(ResultCode::InternalError, "The system cannot write at the moment.")
            }
        }
    }
}

async fn send(reply: Reply, cut: &Cut, world: Arc<dyn SellerWorld>) -> Response {
    let length = reply.body.len();
    let body = match reply.way {
        Way::Whole => Body::from(reply.body),
        Way::After(ms) => {
            world.pause(ms).await;
            Body::from(reply.body)
        }
        Way::Never => std::future::pending().await,
        Way::Cut => {
            cut.now();
            Body::empty()
        }
        Way::HeadersOnly => Body::from_stream(stream::pending::<Result<Bytes, Infallible>>()),
        Way::Half => half(reply.body, cut.clone(), Arc::clone(&world)),
        Way::Drip => drip(reply.body, world),
        Way::Endless => {
            Body::from_stream(stream::repeat_with(|| Ok::<_, Infallible>(Bytes::from_static(&[b' '; 1024]))))
        }
    };
    let mut response = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    if matches!(reply.way, Way::HeadersOnly | Way::Half | Way::Drip) {
        response = response.header(header::CONTENT_LENGTH, length);
    }
    response.body(body).unwrap_or_else(|error| {
        tracing::error!(error = %error, "An answer could not be built: {error}");
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    })
}

/// The first half, then the connection is cut.
fn half(mut body: Vec<u8>, cut: Cut, world: Arc<dyn SellerWorld>) -> Body {
    body.truncate(body.len() / 2);
    let first = Bytes::from(body);
    Body::from_stream(stream::unfold(Some(first), move |left| {
        let (cut, world) = (cut.clone(), Arc::clone(&world));
        async move {
            match left {
                Some(bytes) => Some((Ok::<_, std::io::Error>(bytes), None)),
                None => {
                    // Time for the first half to be written.
                    world.pause(50).await;
                    cut.now();
                    Some((Err(std::io::ErrorKind::ConnectionReset.into()), None))
                }
            }
        }
    }))
}

fn drip(body: Vec<u8>, world: Arc<dyn SellerWorld>) -> Body {
    Body::from_stream(stream::unfold(body.into_iter(), move |mut left| {
        let world = Arc::clone(&world);
        async move {
            let byte = left.next()?;
            world.pause(1_000).await;
            Some((Ok::<_, Infallible>(Bytes::from(vec![byte])), left))
        }
    }))
}
