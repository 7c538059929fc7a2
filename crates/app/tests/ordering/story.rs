//! What the tests of this folder share: a market with a buyer, a seller and an operator, and sellers' systems.

use app::fulfilment::CallDetails;
use app::ledger::TopUp;
use app::ordering::OrderDetails;
use domain::fulfilment::Step;
use domain::ids::{OrganisationId, SubscriptionId};
use domain::money::Money;
use domain::ordering::{Order, OrderState, SubscriptionState};
use domain::selling::ProtocolVersion;
use ports::{LinkFailure, OutgoingCall, SellerAnswer};
use serde_json::{Value, json};
use testkit::{Offering, Person, ScriptedSeller, World};

/// Kestrel buys, Brightwell sells, and somebody operates.
pub struct Market {
    pub world: World,
    pub buyer: Person,
    pub seller: Person,
    pub operator: Person,
    pub offering: Offering,
}

impl Market {
    /// A market where the buyer has `balance` cents.
    pub async fn open(world: World, balance: i64) -> Market {
        Market::open_speaking(world, balance, ProtocolVersion::V2).await
    }

    /// The same, with a seller whose system speaks this version of the protocol.
    pub async fn open_speaking(world: World, balance: i64, protocol: ProtocolVersion) -> Market {
        let operator = world.operator().await;
        let seller = world.seller_named("Brightwell").await;
        let buyer = world.customer("Kestrel").await;
        let offering = world.on_sale_speaking(&seller, protocol).await;
        let market = Market { world, buyer, seller, operator, offering };
        if balance > 0 {
            market.top_up(market.buyer.actor.organisation, balance, "first").await;
        }
        market
    }

    pub async fn top_up(&self, organisation: OrganisationId, minor: i64, key: &str) {
        let amount = testkit::usd(minor).to_decimal().to_string();
        let ask = TopUp { organisation, amount, note: "Bank transfer".to_owned(), key: key.to_owned() };
        ask.run(&self.world.app, &self.operator.actor).await.expect("an operator may top up");
    }

    /// The buyer orders one month of one piece: USD 19.00.
    pub async fn order(&self, key: &str) -> Order {
        let (_, sealed) = self.world.quoted(&self.offering, 1);
        let form = self.world.order_form(&self.offering, sealed, key);
        form.run(&self.world.app, &self.buyer.actor).await.expect("a good order is placed").0
    }

    pub async fn details(&self, order: &Order) -> OrderDetails {
        let found = app::ordering::my_order(&self.world.app, &self.buyer.actor, &order.number).await;
        found.expect("the buyer sees its order")
    }

    pub async fn state(&self, order: &Order) -> OrderState {
        self.details(order).await.order.state
    }

    pub async fn subscription(&self, order: &Order) -> (SubscriptionId, SubscriptionState) {
        let subscription = self.details(order).await.subscription.expect("a paid order has a subscription");
        (subscription.id, subscription.state)
    }

    pub async fn balance(&self) -> Money {
        app::ledger::balance(&self.world.app, &self.buyer.actor).await.expect("the buyer sees its balance")
    }

    /// The call that creates an order's instance, with its attempts.
    pub async fn creation(&self, order: &Order) -> CallDetails {
        self.call(order, Step::Create).await
    }

    /// The call of an order for this purpose, with its attempts.
    pub async fn call(&self, order: &Order, step: Step) -> CallDetails {
        let calls = self.details(order).await.calls;
        let call = calls.iter().find(|call| call.step == step).expect("there is one").id;
        app::fulfilment::own_call(&self.world.app, &self.seller.actor, call).await.expect("the seller sees its call")
    }

    /// Every transfer balances and every balance is the sum of its lines; `held` is what all held accounts hold.
    pub async fn ledger_balances(&self, held: i64) {
        let report = app::ledger::check(&self.world.app).await.expect("the ledger can be read");
        assert_eq!(report.findings, []);
        let sum = |kind: &str| -> i64 {
            report.totals.iter().filter(|total| total.kind == kind).map(|total| total.amount.minor()).sum()
        };
        assert_eq!(sum("held"), held, "held for orders");
        assert_eq!(sum("cash") + sum("held") + sum("customer"), 0);
    }

    /// The names of the notices that a person has.
    pub async fn told(&self, person: &Person) -> Vec<String> {
        let list = app::notices::list(&self.world.app, &person.actor, domain::text::Language::English, None, 100).await;
        let mut kinds: Vec<String> = list.expect("notices can be read").into_iter().map(|notice| notice.kind).collect();
        kinds.sort();
        kinds
    }
}

/// The body of a call, read.
pub fn body(call: &OutgoingCall) -> Value {
    serde_json::from_slice(&call.body).expect("calls carry JSON")
}

/// The activities that a seller was asked, in order.
pub fn asked(world: &World) -> Vec<String> {
    let calls = world.seller.calls();
    calls.iter().map(|call| body(call)["activity"].as_str().unwrap_or("?").to_owned()).collect()
}

pub type Answer = Result<SellerAnswer, LinkFailure>;

/// `000000` with an instance.
pub fn created(instance: &str) -> Answer {
    Ok(ScriptedSeller::json(
        200,
        &json!({"resultCode": "000000", "resultMsg": "ok", "instanceId": instance}).to_string(),
    ))
}

/// `000004` with an instance.
pub fn being_created(instance: &str) -> Answer {
    Ok(ScriptedSeller::json(
        200,
        &json!({"resultCode": "000004", "resultMsg": "soon", "instanceId": instance}).to_string(),
    ))
}

/// A bare result code.
pub fn result(code: &str) -> Answer {
    Ok(ScriptedSeller::json(200, &json!({"resultCode": code, "resultMsg": "said so"}).to_string()))
}

/// The instance described, with a first password.
pub fn described(instance: &str) -> Answer {
    let app = json!({
        "frontEndUrl": "https://kestrel.granary.example/", "adminUrl": "https://kestrel.granary.example/admin",
        "userName": "lin.yao@kestrel.example", "password": "Init-Pass-1", "memo": "Add 203.0.113.0/28 to your firewall.",
    });
    let body = json!({"resultCode": "000000", "resultMsg": "ok", "info": [{"instanceId": instance, "appInfo": app}]});
    Ok(ScriptedSeller::json(200, &body.to_string()))
}

/// A fine answer that describes nothing yet.
pub fn not_yet() -> Answer {
    Ok(ScriptedSeller::json(200, &json!({"resultCode": "000000", "resultMsg": "ok", "info": []}).to_string()))
}

/// An honest seller: one instance per order, named after it, described at once.
pub fn honest(call: &OutgoingCall) -> Answer {
    let asked = body(call);
    match asked["activity"].as_str() {
        Some("newInstance") => created(&format!("i-{}", asked["orderId"].as_str().unwrap_or("?"))),
        Some("queryInstance") => described(asked["instanceId"].as_str().unwrap_or("?")),
        _ => result("000000"),
    }
}
