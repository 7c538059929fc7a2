//! The seller's accounts: what exists, and what an honest seller does about a call. No I/O; the caller writes down what changed.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use koogallery::joint_operations::SyncCall;
use koogallery::v2::{Activity, AppInfo, InstanceInfo, SellerAnswer, StatusChange, TestFlag};
use koogallery::{Id, InstanceId, ResultCode, WebAddress};
use serde::{Deserialize, Serialize};

use super::world::SellerWorld;

/// How an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Being made; so many queries until it is ready.
    Preparing {
        /// Queries still to come.
        queries_left: u32,
    },
    /// In use.
    Active,
    /// Closed to the customer, data kept.
    Frozen,
    /// Gone.
    Released,
}

/// One delivered instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// The seller's name for it.
    pub instance_id: String,
    /// The order it was made for.
    pub order_id: String,
    /// The line of that order.
    pub order_line_id: String,
    /// What was bought, as the pages of this account say it; empty where the system has one name for all.
    #[serde(default)]
    pub product_name: String,
    /// Sign-in name.
    pub user_name: String,
    /// First password. A real seller keeps a hash after the first sign-in.
    pub password: String,
    /// How it stands.
    pub standing: Standing,
    /// End of the term, if the marketplace said one.
    pub expire_time: Option<String>,
    /// When it was made, Unix milliseconds.
    pub created_at_ms: i64,
    /// Orders already applied to it, so that a repeat changes nothing.
    pub applied_orders: BTreeSet<String>,
    /// What the marketplace told about it, oldest first.
    pub history: Vec<HistoryLine>,
}

/// One line of an account's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HistoryLine {
    /// Unix milliseconds.
    pub at_ms: i64,
    /// The call and what it said, e.g. `refreshInstance RENEWAL 20280120155959`.
    pub what: String,
}

/// What a call did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// A new account.
    Created,
    /// An account was changed.
    Changed,
    /// The same call had been obeyed before.
    Repeated,
    /// Only looked at.
    Read,
    /// A debugging call: nothing real.
    Rehearsed,
    /// Not obeyed.
    Refused,
}

/// What an honest seller does and says.
pub(crate) struct Deed {
    pub(crate) answer: SellerAnswer,
    pub(crate) effect: Effect,
    /// Accounts to write down before the answer leaves.
    pub(crate) touched: Vec<String>,
    pub(crate) instance_id: Option<String>,
}

impl Deed {
    fn said(answer: SellerAnswer, effect: Effect) -> Deed {
        Deed { answer, effect, touched: Vec::new(), instance_id: None }
    }

    pub(crate) fn refused(code: ResultCode, message: &str) -> Deed {
        Deed::said(SellerAnswer::refusal(code, message), Effect::Refused)
    }

    fn about(mut self, account: &Account) -> Deed {
        self.instance_id = Some(account.instance_id.clone());
        if matches!(self.effect, Effect::Created | Effect::Changed) {
            self.touched.push(account.instance_id.clone());
        }
        self
    }
}

/// What the honest deed depends on besides the call.
pub(crate) struct Setting<'a> {
    pub(crate) world: &'a dyn SellerWorld,
    pub(crate) public_url: &'a str,
    pub(crate) product_name: &'a str,
    /// Queries until a new account is ready; 0 makes it ready at once.
    pub(crate) queries_until_ready: u32,
}

/// Every account. Found by instance, and by order and order line.
#[derive(Debug, Default)]
pub(crate) struct Accounts {
    by_instance: BTreeMap<String, Account>,
    by_order_line: BTreeMap<(String, String), String>,
}

impl Accounts {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Account> {
        self.by_instance.values()
    }

    pub(crate) fn find(&self, instance_id: &str) -> Option<&Account> {
        self.by_instance.get(instance_id)
    }

    /// Puts an account in, over an earlier version of it.
    pub(crate) fn put(&mut self, account: Account) {
        let line = (account.order_id.clone(), account.order_line_id.clone());
        self.by_order_line.insert(line, account.instance_id.clone());
        self.by_instance.insert(account.instance_id.clone(), account);
    }

    /// Does what an honest seller does about a call.
    pub(crate) fn obey(&mut self, call: &Activity, setting: &Setting<'_>) -> Deed {
        if call.test_flag() == TestFlag::Debugging {
            return rehearse(call, setting);
        }
        match call {
            Activity::NewInstance(new) => self.create([&new.order_id, &new.order_line_id, &new.business_id], setting),
            Activity::QueryInstance(query) => self.describe(query.instance_id.iter(), setting),
            Activity::RefreshInstance(refresh) => {
                let what = format!("{} {}", refresh.scene.as_str(), refresh.expire_time);
                let term = refresh.expire_time.to_string();
                self.change(call, &refresh.instance_id, Some(&refresh.order_id), &what, setting, |account| {
                    account.expire_time = Some(term);
                })
            }
            Activity::UpdateInstanceStatus(update) => {
                let standing = match update.status {
                    StatusChange::Freeze => Standing::Frozen,
                    StatusChange::Unfreeze => Standing::Active,
                };
                self.change(call, &update.instance_id, None, update.status.as_str(), setting, |account| {
                    account.standing = standing;
                })
            }
            Activity::ReleaseInstance(release) => self.release(call, &release.instance_id, setting),
            Activity::UpgradeInstance(upgrade) => self.change(
                call,
                &upgrade.instance_id,
                Some(&upgrade.order_id),
                upgrade.order_id.as_str(),
                setting,
                |_| {},
            ),
            Activity::ChangeInstanceCheck(check) => match self.live(&check.instance_id) {
                Some(account) => Deed::said(SellerAnswer::success(), Effect::Read).about(account),
                None => no_such_instance(),
            },
            Activity::OrderNotify(_) => Deed::said(SellerAnswer::success(), Effect::Read),
            Activity::GetLicenseAsync(ask) => match self.live(&ask.instance_id) {
                Some(account) => Deed::said(SellerAnswer::success(), Effect::Read).about(account),
                None => no_such_instance(),
            },
            Activity::RefreshLicenseCode(_)
            | Activity::UpdateLicenseCodeStatus(_)
            | Activity::ReleaseLicenseCode(_) => {
                Deed::refused(ResultCode::NoSuchInstance, "There is no such licence code.")
            }
        }
    }

    /// Does what an honest seller does about a joint-operations call. What was told is kept with the account; said twice, it is told
    /// once, and what is taken away need not be there (seller-protocol 1.4).
    pub(crate) fn sync(&mut self, call: &SyncCall, setting: &Setting<'_>) -> Deed {
        if call.is_rehearsal() {
            return Deed::said(SellerAnswer::success(), Effect::Rehearsed);
        }
        let Some(id) = call.get("instanceId").filter(|id| !id.is_empty()) else {
            // The seller applies for a credential: there is no order yet.
            return Deed::said(SellerAnswer::success(), Effect::Read);
        };
        let known = self.by_instance.get_mut(id).filter(|account| account.standing != Standing::Released);
        let Some(account) = known else {
            let gone = Deed::said(SellerAnswer::success(), Effect::Repeated);
            return if call.is_removal() { gone } else { no_such_instance() };
        };
        let what = format!("{} {}", call.name().as_str(), call.payload());
        if account.history.last().is_some_and(|line| line.what == what) {
            return Deed::said(SellerAnswer::success(), Effect::Repeated).about(account);
        }
        account.history.push(HistoryLine { at_ms: setting.world.now_ms(), what });
        Deed::said(SellerAnswer::success(), Effect::Changed).about(account)
    }

    fn live(&self, id: &Id) -> Option<&Account> {
        self.by_instance.get(id.as_str()).filter(|account| account.standing != Standing::Released)
    }

    fn create(&mut self, [order_id, order_line_id, business_id]: [&Id; 3], setting: &Setting<'_>) -> Deed {
        let line = (order_id.to_string(), order_line_id.to_string());
        if let Some(account) = self.by_order_line.get(&line).and_then(|id| self.by_instance.get(id)) {
            let answer = created(account);
            return Deed::said(answer, Effect::Repeated).about(account);
        }
        let now_ms = setting.world.now_ms();
        let account = Account {
            instance_id: self.free_instance_id(business_id, setting.world),
            order_id: line.0,
            order_line_id: line.1,
            product_name: setting.product_name.to_owned(),
            user_name: format!("owner-{}", word(setting.world, 6)),
            password: format!("{}-{}-{}", word(setting.world, 4), word(setting.world, 4), word(setting.world, 4)),
            standing: match setting.queries_until_ready {
                0 => Standing::Active,
                queries_left => Standing::Preparing { queries_left },
            },
            expire_time: None,
            created_at_ms: now_ms,
            applied_orders: BTreeSet::new(),
            history: vec![HistoryLine { at_ms: now_ms, what: "newInstance".into() }],
        };
        let deed = Deed::said(created(&account), Effect::Created).about(&account);
        self.put(account);
        deed
    }

    /// The first business id of an order makes a good instance id; where it cannot be one, a random one.
    fn free_instance_id(&self, business_id: &Id, world: &dyn SellerWorld) -> String {
        let usable =
            InstanceId::parse(business_id.as_str()).is_ok() && !self.by_instance.contains_key(business_id.as_str());
        if usable { business_id.to_string() } else { format!("ins-{}", word(world, 24)) }
    }

    fn describe<'i>(&mut self, ids: impl Iterator<Item = &'i Id>, setting: &Setting<'_>) -> Deed {
        let mut info = Vec::new();
        let mut deed = Deed::said(SellerAnswer::success(), Effect::Read);
        for id in ids {
            let Some(account) = self.by_instance.get_mut(id.as_str()) else { return no_such_instance() };
            deed.instance_id = Some(account.instance_id.clone());
            match account.standing {
                Standing::Released => return no_such_instance(),
                Standing::Preparing { queries_left } if queries_left > 1 => {
                    let queries_left = if queries_left == u32::MAX { queries_left } else { queries_left - 1 };
                    account.standing = Standing::Preparing { queries_left };
                    deed.answer = SellerAnswer::in_progress();
                    deed.effect = Effect::Changed;
                    deed.touched.push(account.instance_id.clone());
                    return deed;
                }
                Standing::Preparing { .. } => {
                    account.standing = Standing::Active;
                    deed.effect = Effect::Changed;
                    deed.touched.push(account.instance_id.clone());
                }
                Standing::Active | Standing::Frozen => {}
            }
            info.extend(access(account, setting));
        }
        deed.answer = SellerAnswer::success().with_info(&info);
        deed
    }

    fn change(
        &mut self,
        call: &Activity,
        id: &Id,
        order: Option<&Id>,
        what: &str,
        setting: &Setting<'_>,
        apply: impl FnOnce(&mut Account),
    ) -> Deed {
        let known = self.by_instance.get_mut(id.as_str()).filter(|account| account.standing != Standing::Released);
        let Some(account) = known else { return no_such_instance() };
        let before = account.clone();
        let repeated = order.is_some_and(|order| !account.applied_orders.insert(order.to_string()));
        if !repeated {
            apply(account);
        }
        if *account == before {
            return Deed::said(SellerAnswer::success(), Effect::Repeated).about(account);
        }
        account.history.push(HistoryLine { at_ms: setting.world.now_ms(), what: format!("{} {what}", call.name()) });
        Deed::said(SellerAnswer::success(), Effect::Changed).about(account)
    }

    fn release(&mut self, call: &Activity, id: &Id, setting: &Setting<'_>) -> Deed {
        match self.by_instance.get(id.as_str()) {
            Some(account) if account.standing == Standing::Released => {
                Deed::said(SellerAnswer::success(), Effect::Repeated).about(account)
            }
            Some(_) => self.change(call, id, None, "", setting, |account| {
                account.standing = Standing::Released;
                account.password = String::new();
            }),
            None => no_such_instance(),
        }
    }
}

fn no_such_instance() -> Deed {
    Deed::refused(ResultCode::NoSuchInstance, "There is no such instance.")
}

fn created(account: &Account) -> SellerAnswer {
    let answer = match account.standing {
        Standing::Preparing { .. } => SellerAnswer::in_progress(),
        Standing::Active | Standing::Frozen | Standing::Released => SellerAnswer::success(),
    };
    answer.with_instance(&account.instance_id)
}

pub(crate) fn access(account: &Account, setting: &Setting<'_>) -> Option<InstanceInfo> {
    let instance_id = InstanceId::parse(&account.instance_id).ok()?;
    let path = percent_path(&account.instance_id);
    let app = AppInfo {
        front_end_url: WebAddress::parse(&format!("{}/app/{path}", setting.public_url)).ok()?,
        admin_url: WebAddress::parse(&format!("{}/app/{path}/admin", setting.public_url)).ok(),
        user_name: Some(account.user_name.clone()),
        password: Some(account.password.clone()),
        memo: Some(format!(
            "{}: change the first password after signing in. 首次登录后请修改密码。",
            setting.product_name
        )),
    };
    Some(InstanceInfo { instance_id, app: Some(app), usage: Vec::new() })
}

/// An instance id as one segment of a path. Of its characters only `/`, `+` and `~`-like ones need care.
fn percent_path(id: &str) -> String {
    id.replace('/', "%2F").replace('+', "%2B")
}

/// The instance behind debugging calls; it always exists and is nobody's.
pub(crate) const REHEARSAL: &str = "debugging";

/// The account that debugging calls describe.
pub(crate) fn rehearsal_account(instance_id: &str) -> Account {
    Account {
        instance_id: instance_id.to_owned(),
        order_id: "debugging".into(),
        order_line_id: "debugging".into(),
        product_name: String::new(),
        user_name: "debugging".into(),
        password: "Debugging-1".into(),
        standing: Standing::Active,
        expire_time: None,
        created_at_ms: 0,
        applied_orders: BTreeSet::new(),
        history: Vec::new(),
    }
}

/// The instance of a debugging order. Nothing is kept, and yet the same order line is answered with the same instance (seller-protocol 1.4):
/// it is computed from the two.
fn rehearsed_instance(order_id: &Id, order_line_id: &Id) -> String {
    let mut hasher = DefaultHasher::new();
    (order_id.as_str(), order_line_id.as_str()).hash(&mut hasher);
    format!("{REHEARSAL}-{:016x}", hasher.finish())
}

/// Debugging calls succeed in any order, any number of times, and leave nothing behind (seller-protocol 7.1). A system that never
/// gets its accounts ready does not get this one ready either.
fn rehearse(call: &Activity, setting: &Setting<'_>) -> Deed {
    let never_ready = setting.queries_until_ready == u32::MAX;
    let answer = match call {
        Activity::NewInstance(new) => {
            let answer =
                if setting.queries_until_ready > 0 { SellerAnswer::in_progress() } else { SellerAnswer::success() };
            answer.with_instance(&rehearsed_instance(&new.order_id, &new.order_line_id))
        }
        Activity::QueryInstance(_) if never_ready => SellerAnswer::in_progress(),
        Activity::QueryInstance(query) => {
            let info: Vec<_> = query.instance_id.iter().filter_map(|id| rehearsed_access(id, setting)).collect();
            SellerAnswer::success().with_info(&info)
        }
        Activity::RefreshInstance(_)
        | Activity::UpdateInstanceStatus(_)
        | Activity::ReleaseInstance(_)
        | Activity::UpgradeInstance(_)
        | Activity::ChangeInstanceCheck(_)
        | Activity::OrderNotify(_)
        | Activity::GetLicenseAsync(_)
        | Activity::RefreshLicenseCode(_)
        | Activity::UpdateLicenseCodeStatus(_)
        | Activity::ReleaseLicenseCode(_) => SellerAnswer::success(),
    };
    Deed { instance_id: call.instance_id().map(ToString::to_string), ..Deed::said(answer, Effect::Rehearsed) }
}

fn rehearsed_access(id: &Id, setting: &Setting<'_>) -> Option<InstanceInfo> {
    let described = access(&rehearsal_account(REHEARSAL), setting)?;
    Some(InstanceInfo { instance_id: InstanceId::parse(id.as_str()).ok()?, ..described })
}

/// Letters and digits that nobody mistakes for another, as random as the world.
fn word(world: &dyn SellerWorld, length: usize) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789A";
    let mut bytes = vec![0; length];
    world.fill_random(&mut bytes);
    bytes.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect()
}
