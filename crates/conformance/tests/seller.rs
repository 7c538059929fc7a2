//! The reference seller, met over real sockets by a marketplace that examines every answer with `koogallery`.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test that cannot be set up must stop; it speaks to itself on loopback"
)]

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use conformance::seller::{
    Behaviour, Effect, KeyRing, Plan, Seller, SellerConfig, SellerHandle, SellerWorld, Standing,
};
use koogallery::v2::{
    Activity, Answer, AppInfo, BodyEnd, BodySignPolicy, Examination, Examined, InstanceIds, Limits, NewInstance,
    ProductionAddress, Progress, QueryInstance, RefreshInstance, ReleaseInstance, Reply, Scene, StatusChange, TestFlag,
    TransportFailure, UpdateInstanceStatus, examine, sign,
};
use koogallery::{AccessKey, Advice, CheckCode, Id, Nonce, Outcome, UtcSecond};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A clock that stands and chance that counts.
#[derive(Default)]
struct StillWorld {
    now_ms: AtomicI64,
    drawn: AtomicU64,
}

impl SellerWorld for StillWorld {
    fn now_ms(&self) -> i64 {
        self.now_ms.load(Ordering::Relaxed)
    }
    fn fill_random(&self, bytes: &mut [u8]) {
        let seed = self.drawn.fetch_add(1, Ordering::Relaxed);
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::try_from((seed * 31 + u64::try_from(index).unwrap() * 7) % 251).unwrap();
        }
    }
    fn pause(&self, _: u64) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::task::yield_now())
    }
}

/// A running seller and the marketplace that calls it.
struct Market {
    handle: SellerHandle,
    world: Arc<StillWorld>,
    nonces: AtomicU64,
    address: std::net::SocketAddr,
    _stop: tokio::sync::oneshot::Sender<()>,
    policy: BodySignPolicy,
}

fn key() -> AccessKey {
    AccessKey::parse("kg-test-access-key-0001").unwrap()
}

fn id(text: &str) -> Id {
    Id::parse(text).unwrap()
}

impl Market {
    async fn open(plan: &str) -> Market {
        Market::open_with(plan, None).await
    }

    async fn open_with(plan: &str, state_file: Option<PathBuf>) -> Market {
        let world = Arc::new(StillWorld::default());
        world.now_ms.store(1_768_469_400_000, Ordering::Relaxed);
        let config = SellerConfig {
            plan: plan.parse().unwrap(),
            state_file,
            world: Arc::<StillWorld>::clone(&world),
            ..SellerConfig::honest(key())
        };
        let seller = Seller::bind(config).await.unwrap();
        let (handle, address) = (seller.handle(), seller.address());
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        tokio::spawn(seller.run(async {
            let _closed = stopped.await;
        }));
        let policy = BodySignPolicy::Required;
        Market { handle, world, nonces: AtomicU64::new(0), address, _stop: stop, policy }
    }

    /// The bytes of one signed call.
    fn request(&self, call: &Activity) -> Vec<u8> {
        let mut nonce = [0; 32];
        nonce[..8].copy_from_slice(&self.nonces.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        let address = ProductionAddress::parse(&format!("http://{}/produce", self.address)).unwrap();
        let signed = sign(call.clone(), &address, &key(), &Nonce::from_random(nonce), self.world.now_ms());
        signed.wire_text().replacen("\r\nHost", "\r\nConnection: close\r\nHost", 1).into_bytes()
    }

    async fn call(&self, call: impl Into<Activity>) -> Examined {
        let call = call.into();
        let reply = exchange(self.address, &self.request(&call)).await;
        let asked = Examination {
            activity: &call,
            key: &key(),
            body_sign: self.policy,
            limits: Limits::default(),
            known_instance: None,
        };
        examine(&asked, &reply)
    }

    async fn page(&self, method: &str, path: &str, extra: &str, body: &str) -> (u16, String) {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: app\r\nConnection: close\r\n{extra}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        match exchange(self.address, request.as_bytes()).await {
            Reply::Heard { status, headers, body, .. } => {
                let heads: String = headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
                (status, heads + &String::from_utf8(body).unwrap())
            }
            Reply::Failed(failure) => (0, format!("{failure:?}")),
        }
    }
}

/// Sends bytes and reads at most the limit, as a careful client does.
async fn exchange(address: std::net::SocketAddr, request: &[u8]) -> Reply {
    let limit = Limits::default().body_bytes;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let mut received = Vec::new();
    let mut broken = stream.write_all(request).await.is_err();
    let mut chunk = [0; 16 * 1024];
    while !broken && received.len() < 2 * limit {
        match stream.read(&mut chunk).await {
            Ok(0) => break,
            Ok(count) => received.extend_from_slice(&chunk[..count]),
            Err(_) => broken = true,
        }
    }
    let Some(end) = received.windows(4).position(|window| window == b"\r\n\r\n") else {
        return Reply::Failed(TransportFailure::ConnectionBroken);
    };
    let head = String::from_utf8(received[..end].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers: Vec<(String, String)> =
        lines.map(|line| line.split_once(": ").map(|(n, v)| (n.to_owned(), v.to_owned())).unwrap()).collect();
    let mut body = received[end + 4..].to_vec();
    let announced =
        headers.iter().find(|(name, _)| name == "content-length").map(|(_, value)| value.parse::<usize>().unwrap());
    let body_end = match announced {
        _ if body.len() > limit => BodyEnd::CutAtLimit,
        Some(length) if body.len() < length => BodyEnd::Broken,
        _ if broken => BodyEnd::Broken,
        _ => BodyEnd::Complete,
    };
    body.truncate(limit);
    Reply::Heard { status, headers, body, body_end, elapsed_ms: 12 }
}

fn new_instance(order: &str, business: &str) -> NewInstance {
    NewInstance {
        order_id: id(order),
        order_line_id: id(&format!("{order}-000001")),
        business_id: id(business),
        test_flag: TestFlag::Production,
    }
}

fn query(instance: &str) -> QueryInstance {
    QueryInstance { instance_id: InstanceIds::one(id(instance)), test_flag: TestFlag::Production }
}

fn status(instance: &str, status: StatusChange) -> UpdateInstanceStatus {
    UpdateInstanceStatus { instance_id: id(instance), status, test_flag: TestFlag::Production }
}

fn access_data(examined: Examined) -> AppInfo {
    match examined.answer {
        Some(Answer::Described(mut info)) => info.remove(0).app.unwrap(),
        other => unreachable!("{other:?} {:?}", examined.checks),
    }
}

/// The instance of an answer that was accepted.
fn created(examined: &Examined) -> &str {
    match &examined.answer {
        Some(Answer::Created(created)) => created.instance_id.as_str(),
        other => unreachable!("{other:?} {:?}", examined.checks),
    }
}

fn failed(examined: &Examined) -> Vec<CheckCode> {
    examined.of(Outcome::Fail).map(koogallery::Check::code).collect()
}

#[tokio::test]
async fn an_order_becomes_one_account_however_often_it_is_told() {
    let market = Market::open("honest").await;
    let first = market.call(new_instance("CS1", "b-1")).await;
    let again = market.call(new_instance("CS1", "b-2")).await;
    assert_eq!((created(&first), created(&again)), ("b-1", "b-1"), "the first business id names the instance");
    assert_eq!(market.handle.accounts().len(), 1);
    let effects: Vec<_> = market.handle.calls().iter().map(|call| call.effect).collect();
    assert_eq!(effects, [Effect::Created, Effect::Repeated]);
    let other_line = NewInstance { order_line_id: id("CS1-000002"), ..new_instance("CS1", "b-1") };
    assert_ne!(created(&market.call(other_line).await), "b-1", "another line is another instance");
}

#[tokio::test]
async fn a_customer_signs_in_with_what_the_query_returned_and_is_kept_out_while_frozen() {
    let market = Market::open("").await;
    market.call(new_instance("CS1", "b-1")).await;
    let access = access_data(market.call(query("b-1")).await);
    let path = access.front_end_url.as_str().split_once("/app/").unwrap().1;
    let path = format!("/app/{path}");
    let (user, password) = (access.user_name.unwrap(), access.password.unwrap());

    let (code, page) = market.page("GET", &path, "Accept-Language: zh-CN\r\n", "").await;
    assert!(code == 200 && page.contains("初始密码") && page.contains("lang=\"zh-CN\""), "{page}");
    let (code, page) = market.page("POST", &path, "", &format!("user_name={user}&password=wrong")).await;
    assert!(code == 422 && page.contains("is not right") && page.contains(&format!("value=\"{user}\"")), "{page}");
    let typed = format!("user_name={user}&password={password}");
    let (code, page) = market.page("POST", &path, "", &typed).await;
    assert_eq!(code, 303);
    let cookie = page.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap().split(';').next().unwrap();
    let cookie = format!("Cookie: {cookie}\r\n");
    let (_, page) = market.page("GET", &path, &cookie, "").await;
    assert!(page.contains("You are in") && page.contains("CS1-000001"), "{page}");
    assert!(!page.contains(&password), "the password is not shown again");

    assert_eq!(market.call(status("b-1", StatusChange::Freeze)).await.answer, Some(Answer::Done));
    let (_, page) = market.page("GET", &path, &cookie, "").await;
    assert!(page.contains("This space is frozen") && !page.contains("You are in"), "{page}");
    assert_eq!(market.page("POST", &path, "", &typed).await.0, 403);

    market.call(status("b-1", StatusChange::Unfreeze)).await;
    let (_, page) = market.page("GET", &path, &cookie, "").await;
    assert!(page.contains("You are in"), "{page}");
    market.page("POST", &format!("{path}/sign-out"), &cookie, "").await;
    let (_, page) = market.page("GET", &path, &cookie, "").await;
    assert!(!page.contains("You are in"), "{page}");
}

#[tokio::test]
async fn a_term_moves_once_per_order_and_a_release_is_final() {
    let market = Market::open("").await;
    market.call(new_instance("CS1", "b-1")).await;
    let renewal = |order: &str, term: &str| RefreshInstance {
        scene: Scene::Renewal,
        order_id: id(order),
        order_line_id: id(order),
        instance_id: id("b-1"),
        product_id: None,
        expire_time: UtcSecond::parse(term).unwrap(),
        test_flag: TestFlag::Production,
    };
    market.call(renewal("CS2", "20270115155959")).await;
    market.call(renewal("CS2", "20280115155959")).await;
    let account = market.handle.accounts().remove(0);
    assert_eq!(account.expire_time.as_deref(), Some("20270115155959"), "the repeat of an order changes nothing");

    let release = || ReleaseInstance {
        instance_id: id("b-1"),
        order_id: None,
        order_line_id: None,
        test_flag: TestFlag::Production,
    };
    assert_eq!(market.call(release()).await.answer, Some(Answer::Done));
    assert_eq!(market.call(release()).await.answer, Some(Answer::Done), "a repeated release succeeds");
    assert_eq!(market.call(query("b-1")).await.result.unwrap().as_str(), "000003");
    assert_eq!(market.call(renewal("CS3", "20290115155959")).await.result.unwrap().as_str(), "000003");
    assert_eq!(market.page("GET", "/app/b-1", "", "").await.0, 410);
}

#[tokio::test]
async fn debugging_calls_succeed_in_any_order_and_leave_nothing() {
    let market = Market::open("").await;
    let flagged = |call: Activity| call.with_test_flag(TestFlag::Debugging);
    for _ in 0..2 {
        let calls = [
            flagged(status("123456789", StatusChange::Freeze).into()),
            flagged(query("123456789").into()),
            flagged(new_instance("1", "2").into()),
        ];
        for call in calls {
            assert!(market.call(call).await.answer.is_some());
        }
    }
    assert!(market.handle.accounts().is_empty());
    let (_, page) = market.page("GET", "/app/debugging", "", "").await;
    assert!(page.contains("Debugging-1"), "{page}");
}

#[tokio::test]
async fn a_call_that_is_stale_forged_or_played_again_changes_nothing() {
    let market = Market::open("").await;
    let request = market.request(&new_instance("CS1", "b-1").into());
    let text = String::from_utf8(request.clone()).unwrap();
    let forged = text.replace("CS1-000001", "CS1-000002");
    assert!(
        matches!(exchange(market.address, forged.as_bytes()).await, Reply::Heard { body, .. } if body.starts_with(b"{\"resultCode\":\"000001\""))
    );
    market.world.now_ms.fetch_add(60_001, Ordering::Relaxed);
    assert!(
        matches!(exchange(market.address, &request).await, Reply::Heard { body, .. } if body.starts_with(b"{\"resultCode\":\"000002\""))
    );
    market.world.now_ms.fetch_sub(60_001, Ordering::Relaxed);
    assert!(market.handle.accounts().is_empty());
    assert!(
        matches!(exchange(market.address, &request).await, Reply::Heard { body, .. } if body.starts_with(b"{\"resultCode\":\"000000\""))
    );
    assert!(
        matches!(exchange(market.address, &request).await, Reply::Heard { body, .. } if body.starts_with(b"{\"resultCode\":\"000001\""))
    );
    assert_eq!(market.handle.accounts().len(), 1);
}

#[tokio::test]
async fn accounts_survive_a_restart_and_a_torn_last_line() {
    let folder = std::env::temp_dir().join(format!("souk-seller-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let state = folder.join("accounts.jsonl");
    let _absent = std::fs::remove_file(&state);
    let before = {
        let market = Market::open_with("", Some(state.clone())).await;
        market.call(new_instance("CS1", "b-1")).await;
        market.call(status("b-1", StatusChange::Freeze)).await;
        market.handle.accounts()
    };
    let mut torn = std::fs::read(&state).unwrap();
    torn.extend_from_slice(b"{\"instanceId\":\"half");
    std::fs::write(&state, torn).unwrap();
    let market = Market::open_with("", Some(state.clone())).await;
    assert_eq!(market.handle.accounts(), before);
    assert_eq!(created(&market.call(new_instance("CS1", "b-9")).await), "b-1");
    assert_eq!(std::fs::read_to_string(state.with_extension("jsonl.calls")).unwrap().lines().count(), 3);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn asynchronous_creation_ends_with_the_third_query() {
    let market = Market::open("async").await;
    let made = market.call(new_instance("CS1", "b-1")).await;
    assert!(
        matches!(made.answer, Some(Answer::Created(ref c)) if c.progress == Progress::InProgress),
        "{:?}",
        made.checks
    );
    assert_eq!(failed(&market.call(query("b-1")).await), [CheckCode::ResultPending]);
    assert_eq!(failed(&market.call(query("b-1")).await), [CheckCode::ResultPending]);
    assert!(access_data(market.call(query("b-1")).await).password.is_some());
    assert_eq!(market.handle.accounts()[0].standing, Standing::Active);
}

/// Every lie about newInstance, with the finding that catches it and what to do.
#[tokio::test]
async fn no_lie_about_a_creation_is_believed() {
    use Advice::{Alarm, AskFirst, Retry, Stop};
    let lies = [
        ("down", CheckCode::ConnectionBroken, AskFirst),
        ("lost-answer", CheckCode::ConnectionBroken, AskFirst),
        ("broken-body", CheckCode::ConnectionBroken, AskFirst),
        ("status-500", CheckCode::StatusNotOk, Retry),
        ("status-502", CheckCode::StatusNotOk, Retry),
        ("status-503", CheckCode::StatusNotOk, Retry),
        ("status-504", CheckCode::StatusNotOk, Retry),
        ("status-429", CheckCode::StatusNotOk, Retry),
        ("status-408", CheckCode::StatusNotOk, Retry),
        ("status-401", CheckCode::StatusRefusal, Stop),
        ("status-403", CheckCode::StatusRefusal, Stop),
        ("status-404", CheckCode::StatusRefusal, Stop),
        ("redirect", CheckCode::Redirected, Stop),
        ("redirect-inside", CheckCode::Redirected, Stop),
        ("html", CheckCode::ContentTypeWrong, Retry),
        ("empty", CheckCode::BodyEmpty, Retry),
        ("text-plain", CheckCode::ContentTypeWrong, Retry),
        ("wrong-json", CheckCode::BodyNotJson, Retry),
        ("not-utf8", CheckCode::BodyNotUtf8, Retry),
        ("array-body", CheckCode::BodyNotObject, Retry),
        ("huge-body", CheckCode::BodyTooLong, Stop),
        ("endless-body", CheckCode::BodyTooLong, Stop),
        ("deep-json", CheckCode::BodyTooDeep, Stop),
        ("duplicate-member", CheckCode::MemberTwice, Stop),
        ("nan", CheckCode::BodyNoNumber, Stop),
        ("unsigned", CheckCode::BodySignMissing, Alarm),
        ("wrong-signature", CheckCode::BodySignWrong, Alarm),
        ("other-signature", CheckCode::BodySignWrong, Alarm),
        ("malformed-signature", CheckCode::BodySignMalformed, Alarm),
        ("no-result-code", CheckCode::ResultMissing, Retry),
        ("number-result-code", CheckCode::ResultMalformed, Retry),
        ("refuse-000100", CheckCode::ResultRefused, Retry),
        ("refuse-abc123", CheckCode::ResultRefused, Retry),
        ("refuse-000001", CheckCode::ResultNotAuthenticated, Retry),
        ("too-long", CheckCode::MemberTooLong, Stop),
        ("no-instance-id", CheckCode::InstanceIdMissing, Stop),
        ("async-without-id", CheckCode::InstanceIdMissing, Stop),
        ("long-instance-id", CheckCode::MemberTooLong, Stop),
        ("markup-instance-id", CheckCode::MemberBadCharacter, Stop),
        ("bidi-instance-id", CheckCode::MemberBadCharacter, Stop),
    ];
    let market = Market::open("").await;
    for (index, (name, code, advice)) in lies.into_iter().enumerate() {
        market.handle.behave(Plan::always(Behaviour::parse(name).unwrap()));
        let examined = market.call(new_instance(&format!("CS{index}"), &format!("b-{index}"))).await;
        assert_eq!(examined.answer, None, "{name}");
        assert!(failed(&examined).contains(&code), "{name}: {:?}", examined.checks);
        assert_eq!(examined.advice(), advice, "{name}: {:?}", examined.checks);
    }
}

#[tokio::test]
async fn no_lie_about_access_data_is_believed() {
    let lies = [
        ("no-front-end-url", CheckCode::MemberMissing),
        ("javascript-url", CheckCode::WebAddressRefused),
        ("data-url", CheckCode::WebAddressRefused),
        ("other-instance", CheckCode::InfoForOthersOnly),
        ("too-long", CheckCode::MemberTooLong),
        ("denying", CheckCode::ResultRefused),
    ];
    let market = Market::open("").await;
    market.call(new_instance("CS1", "b-1")).await;
    market.call(new_instance("CS2", "b-2")).await;
    for (name, code) in lies {
        market.handle.behave(Plan::always(Behaviour::parse(name).unwrap()));
        let examined = market.call(query("b-1")).await;
        assert_eq!(
            (examined.answer.is_none(), failed(&examined).contains(&code)),
            (true, true),
            "{name}: {:?}",
            examined.checks
        );
    }
    market.handle.behave(Plan::always(Behaviour::EmptyInfo));
    let empty = market.call(query("b-1")).await;
    assert_eq!(
        (empty.answer, empty.checks.iter().any(|c| c.code() == CheckCode::InfoAbsent)),
        (Some(Answer::Described(vec![])), true)
    );
}

#[tokio::test]
async fn an_instance_of_another_order_or_a_changed_one_is_recognised() {
    let market = Market::open("").await;
    market.call(new_instance("CS1", "b-1")).await;
    for name in ["other-instance", "changed-instance"] {
        market.handle.behave(Plan::always(Behaviour::parse(name).unwrap()));
        let call = Activity::from(new_instance("CS2", "b-2"));
        let reply = exchange(market.address, &market.request(&call)).await;
        let known = koogallery::InstanceId::parse("b-2").unwrap();
        let key = key();
        let asked = Examination {
            activity: &call,
            key: &key,
            body_sign: BodySignPolicy::Required,
            limits: Limits::default(),
            known_instance: Some(&known),
        };
        let examined = examine(&asked, &reply);
        assert_eq!(
            (failed(&examined), examined.advice()),
            (vec![CheckCode::InstanceIdChanged], Advice::Alarm),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_call_that_is_never_answered_holds_up_nobody_else() {
    let market = Market::open("never*1").await;
    let request = market.request(&new_instance("CS1", "b-1").into());
    let mut silent = TcpStream::connect(market.address).await.unwrap();
    silent.write_all(&request).await.unwrap();
    while market.handle.calls().is_empty() {
        tokio::task::yield_now().await;
    }
    assert!(market.call(new_instance("CS2", "b-2")).await.answer.is_some());
    let mut byte = [0];
    let nothing = std::pin::pin!(silent.read(&mut byte));
    assert!(futures_util::poll!(nothing).is_pending());
    assert_eq!(market.handle.accounts().len(), 1);
}

#[tokio::test]
async fn the_behaviour_file_is_read_before_every_call() {
    let file = std::env::temp_dir().join(format!("souk-behaviour-{}", std::process::id()));
    std::fs::write(&file, "newInstance:status-500*1").unwrap();
    let config = SellerConfig { behaviour_file: Some(file.clone()), ..SellerConfig::honest(key()) };
    let seller = Seller::bind(config).await.unwrap();
    let handle = seller.handle();
    let address = seller.address();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    tokio::spawn(seller.run(async {
        let _closed = stopped.await;
    }));
    let bad =
        exchange(address, b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}").await;
    assert!(matches!(bad, Reply::Heard { status: 200, .. }), "a call that cannot be read uses up no rule: {bad:?}");
    std::fs::write(&file, "down").unwrap();
    let down = exchange(address, b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    assert_eq!(down, Reply::Failed(TransportFailure::ConnectionBroken));
    std::fs::write(&file, "").unwrap();
    let up = exchange(address, b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    assert!(matches!(up, Reply::Heard { status: 200, .. }), "{up:?}");
    assert_eq!(handle.calls().len(), 1);
    std::fs::remove_file(&file).unwrap();
    drop(stop);
}

#[tokio::test]
async fn a_seller_waits_for_its_key_and_then_has_one_for_each_of_its_addresses() {
    let file = std::env::temp_dir().join(format!("souk-keys-{}", std::process::id()));
    std::fs::write(&file, "").unwrap();
    let config = SellerConfig { keys: KeyRing::default(), key_file: Some(file.clone()), ..SellerConfig::honest(key()) };
    let seller = Seller::bind(config).await.unwrap();
    let (handle, address) = (seller.handle(), seller.address());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    tokio::spawn(seller.run(async {
        let _closed = stopped.await;
    }));
    let drawn = AtomicU64::new(0);
    let call = async |path: &str, key: &str, order: &str| {
        let mut nonce = [7; 32];
        nonce[..8].copy_from_slice(&drawn.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        let target = ProductionAddress::parse(&format!("http://{address}{path}")).unwrap();
        let now_ms = conformance::seller::SystemWorld.now_ms();
        let signed = sign(
            new_instance(order, order).into(),
            &target,
            &AccessKey::parse(key).unwrap(),
            &Nonce::from_random(nonce),
            now_ms,
        );
        let wire = signed.wire_text().replacen("\r\nHost", "\r\nConnection: close\r\nHost", 1);
        match exchange(address, wire.as_bytes()).await {
            Reply::Heard { body, .. } => String::from_utf8(body).unwrap(),
            Reply::Failed(failure) => format!("{failure:?}"),
        }
    };
    assert!(call("/produce/granary", "key-of-granary", "order-1").await.contains("000001"), "no key yet");
    std::fs::write(&file, "/produce/granary key-of-granary Granary Backup\nkey-of-all").unwrap();
    assert!(call("/produce/granary", "key-of-granary", "order-1").await.contains("000000"));
    assert!(call("/produce/granary", "key-of-all", "order-2").await.contains("000001"), "another address's key");
    assert!(call("/produce/abacus", "key-of-all", "order-3").await.contains("000000"));
    let names: Vec<String> = handle.accounts().into_iter().map(|account| account.product_name).collect();
    assert!(names.contains(&"Granary Backup".to_owned()), "{names:?}");
    std::fs::remove_file(&file).unwrap();
    drop(stop);
}
