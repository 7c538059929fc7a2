//! What the engine wants of a seller, in the words of the version that its address speaks.
//!
//! The engine knows three wants: create, describe, release. Version 2.0 has a call for each. Version 1.0 creates and describes
//! in one answer, and describes again when the same creation is sent again (seller-protocol 1.5, 6.3); sellers who are paid by
//! period or once need not answer its `queryInstance` (6.5), so that is asked only when the name of an instance is guessed.
//!
//! *What is not here.* What an answer means (`reply`), bytes (`selling::wire`).

use std::collections::BTreeMap;

use domain::fulfilment::{Activity, SellerCall};
use domain::ids::AttemptId;
use domain::ordering::{Order, OrderType};
use domain::quantity::Period;
use domain::selling::{InterfaceAddress, ProtocolVersion};
use koogallery::v2::{
    self, InstanceIds, NewInstance, OrderNotify, QueryInstance, ReleaseInstance, SaidTestFlag, TestFlag,
};
use koogallery::{Id, v1};
use store::Tx;

use crate::open_apis::{PaidOrder, buyer, decimal, runs_until, second};
use crate::selling::{Wire, encrypted, live_keys};
use crate::vault::Vault;
use crate::{App, AppError};

/// A call in words, and which activity it is on the wire: attempts are kept under that.
pub(super) struct Worded {
    /// The words.
    pub wire: Wire,
    /// What is asked, as the seller hears it.
    pub activity: Activity,
}

/// Everything that a call may have to say.
pub(super) struct Matter<'a> {
    /// The call.
    pub call: &'a SellerCall,
    /// Its order.
    pub order: &'a Order,
    /// What the seller may hear of the order and its buyer; there when the version says it in its calls.
    pub told: Option<&'a PaidOrder>,
}

/// Reads what the version of this address says of orders in its calls; version 2.0 leaves that to the order query.
pub(super) async fn read_told(
    tx: &mut Tx,
    vault: &Vault,
    order: &Order,
    address: Option<&InterfaceAddress>,
) -> Result<Option<PaidOrder>, AppError> {
    match address.map(|address| address.protocol) {
        Some(ProtocolVersion::V1) => PaidOrder::read(tx, vault, order.clone()).await,
        Some(ProtocolVersion::V2) | None => Ok(None),
    }
}

/// What is said now. The attempt's id is the businessId.
pub(super) fn words(
    app: &App,
    matter: &Matter<'_>,
    address: &InterfaceAddress,
    (want, attempt): (Activity, AttemptId),
) -> Result<Worded, AppError> {
    match address.protocol {
        ProtocolVersion::V1 => version_one(app, matter, address, (want, attempt)),
        ProtocolVersion::V2 => Ok(Worded { wire: Wire::V2(version_two(matter, (want, attempt))?), activity: want }),
    }
}

fn fault(call: &SellerCall, what: &str) -> AppError {
    AppError::Internal(format!("call {}: {what} cannot be sent", call.id))
}

fn version_two(
    Matter { call, order, .. }: &Matter<'_>,
    (want, attempt): (Activity, AttemptId),
) -> Result<v2::Activity, AppError> {
    let id = |text: &str| Id::parse(text).map_err(|_| fault(call, text));
    let instance = || {
        let known = call.asked_for().ok_or_else(|| fault(call, "an instance nobody named"))?;
        id(known.as_str())
    };
    let test_flag = TestFlag::Production;
    Ok(match want {
        Activity::NewInstance => NewInstance {
            order_id: id(order.number.as_str())?,
            order_line_id: id(order.line_number().as_str())?,
            business_id: id(&attempt.to_string())?,
            test_flag,
        }
        .into(),
        Activity::QueryInstance => QueryInstance { instance_id: InstanceIds::one(instance()?), test_flag }.into(),
        Activity::ReleaseInstance => {
            ReleaseInstance { instance_id: instance()?, order_id: None, order_line_id: None, test_flag }.into()
        }
        Activity::OrderNotify => OrderNotify {
            order_id: id(order.number.as_str())?,
            order_line_id: id(order.line_number().as_str())?,
            test_flag: SaidTestFlag(test_flag),
        }
        .into(),
    })
}

fn version_one(
    app: &App,
    matter: &Matter<'_>,
    address: &InterfaceAddress,
    (want, attempt): (Activity, AttemptId),
) -> Result<Worded, AppError> {
    let (call, order) = (matter.call, matter.order);
    let instance = || call.asked_for().ok_or_else(|| fault(call, "an instance nobody named")).map(ToString::to_string);
    let (name, activity, values) = match want {
        Activity::QueryInstance if call.in_search() => {
            (v1::CallName::QueryInstance, Activity::QueryInstance, vec![("instanceId", instance()?)])
        }
        Activity::NewInstance | Activity::QueryInstance => {
            (v1::CallName::NewInstance, Activity::NewInstance, creation(app, matter, address, attempt)?)
        }
        Activity::ReleaseInstance => {
            let values = vec![("instanceId", instance()?), ("orderId", order.number.to_string())];
            (v1::CallName::ReleaseInstance, Activity::ReleaseInstance, values)
        }
        // The general interface has one form, whatever the version of the rest.
        Activity::OrderNotify => {
            return Ok(Worded { wire: Wire::V2(version_two(matter, (want, attempt))?), activity: want });
        }
    };
    let values = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Ok(Worded { wire: Wire::V1(usable(call, name, values)?), activity })
}

/// What a seller can do without: who the buyer is. The order's own facts are sent or the call is not.
const SPARED: [&str; 5] = ["customerName", "userId", "userName", "mobilePhone", "email"];

/// The call, without what it can do without where the protocol does not take its value, such as a name of a buyer with
/// characters that lie about their direction.
fn usable(call: &SellerCall, name: v1::CallName, mut values: BTreeMap<String, String>) -> Result<v1::Call, AppError> {
    let problems = match v1::Call::from_values(name, &values) {
        Ok(call) => return Ok(call),
        Err(problems) => problems,
    };
    for problem in &problems {
        if SPARED.contains(&problem.parameter.as_str()) {
            values.remove(&problem.parameter);
        }
    }
    v1::Call::from_values(name, &values).map_err(|problems| {
        let first = problems.first().map_or_else(String::new, ToString::to_string);
        fault(call, &first)
    })
}

/// Everything that version 1.0 says of a purchase in the call itself (seller-protocol 6.3), as far as the order knows it. The
/// same facts as in the order query, under the same consent.
fn creation(
    app: &App,
    matter: &Matter<'_>,
    address: &InterfaceAddress,
    attempt: AttemptId,
) -> Result<Vec<(&'static str, String)>, AppError> {
    let (call, order) = (matter.call, matter.order);
    let told = matter.told.ok_or_else(|| fault(call, "an order that is not paid"))?;
    let (line, buyer) = (&order.line, buyer(app, told));
    let mut values = vec![
        ("customerId", buyer.customer_id),
        ("customerName", shortened(&buyer.customer_name)),
        ("businessId", attempt.to_string()),
        ("orderId", order.number.to_string()),
        ("skuCode", line.specification.to_string()),
        ("productId", line.product.to_string()),
        ("amount", line.count.to_string()),
        ("orderAmount", decimal(order.total)),
    ];
    values.extend(buyer.user_id.map(|id| ("userId", id)));
    values.extend(buyer.user_name.map(|name| ("userName", shortened(&name))));
    let key = live_keys(app, address)?.present;
    let sealed = |plain: &str| {
        Some(plain).filter(|plain| !plain.is_empty()).and_then(|plain| encrypted(app, address, &key, plain))
    };
    values.extend(sealed(&buyer.email).map(|email| ("email", email)));
    values.extend(sealed(&buyer.mobile_phone).map(|phone| ("mobilePhone", phone)));
    let by_period = match (order.order_type, line.period) {
        // A trial has no month and no year to name: it is said to be one, and when it ends.
        (OrderType::Trial { .. }, _) => {
            values.push(("trialFlag", "1".to_owned()));
            true
        }
        (OrderType::New, period @ (Period::Month | Period::Year)) => {
            values.push(("periodType", period.code().to_owned()));
            values.push(("periodNumber", line.periods.to_string()));
            true
        }
        (OrderType::New, Period::Once) => false,
    };
    // 1: by period, 3: once (seller-protocol 6.3).
    values.push(("chargingMode", if by_period { "1" } else { "3" }.to_owned()));
    if let Some(until) = runs_until(told)?.filter(|_| by_period) {
        values.push(("expireTime", second(until)?.to_string()));
    }
    Ok(values)
}

/// Names are cut to what the protocol takes: 64 characters.
fn shortened(name: &str) -> String {
    name.chars().take(64).collect()
}
