//! More than five orders failed in a month because the seller's system did not deliver: the operator is asked.

use app::ledger::TopUp;
use app::selling::failing::{count_waiting, product_interface, raised_products};
use domain::catalog::ProductState;
use domain::ordering::OrderState;
use domain::outcome::Outcome;
use domain::selling::FailedOrdersDecision;
use domain::time::SignedDuration;
use ports::FailureClass;
use testkit::{Offering, Person, World, on_every_world};

use crate::code;

on_every_world![
    the_sixth_failed_order_of_a_month_is_put_before_the_operator_once,
    a_product_that_stays_is_not_asked_about_again_until_the_next_month,
    a_removed_product_is_sold_to_nobody_and_its_seller_reads_why,
];

struct Market {
    world: World,
    mei: Person,
    lin: Person,
    ada: Person,
    offering: Offering,
    placed: u32,
}

impl Market {
    async fn open(world: World) -> Market {
        let (ada, mei) = (world.operator().await, world.seller_named("Brightwell").await);
        let lin = world.customer("Kestrel").await;
        let offering = world.on_sale(&mei).await;
        let organisation = lin.actor.organisation;
        let (amount, note) = ("5000".to_owned(), "Bank transfer".to_owned());
        let ask = TopUp { organisation, amount, note, key: "one".to_owned() };
        ask.run(&world.app, &ada.actor).await.expect("an operator may");
        Market { world, mei, lin, ada, offering, placed: 0 }
    }

    /// So many orders that nobody delivers, until they have failed.
    async fn fail(&mut self, count: u32) {
        self.world.seller.will_fail(FailureClass::ConnectFailed);
        for _ in 0..count {
            self.placed += 1;
            let (_, sealed) = self.world.quoted(&self.offering, 1);
            let form = self.world.order_form(&self.offering, sealed, &format!("order {}", self.placed));
            form.run(&self.world.app, &self.lin.actor).await.expect("it is on sale");
        }
        self.world.live_through(SignedDuration::from_hours(4)).await;
    }

    fn asked(&self) -> usize {
        let mails = self.world.mail.mails_to(&self.ada.email);
        mails.iter().filter(|mail| mail.subject.contains("failed orders in")).count()
    }

    async fn waiting(&self) -> usize {
        raised_products(&self.world.app, &self.ada.actor).await.expect("an operator sees it").len()
    }

    async fn decide(&self, decision: FailedOrdersDecision, reason: &str) -> Result<Outcome<()>, app::AppError> {
        let product = self.offering.product.id;
        self.world.app.decide_failing_product(&self.ada.actor, product, decision, reason).await
    }
}

async fn the_sixth_failed_order_of_a_month_is_put_before_the_operator_once(world: World) {
    let mut market = Market::open(world).await;
    market.fail(5).await;
    assert_eq!((market.waiting().await, market.asked()), (0, 0), "five may fail");
    market.fail(3).await;
    assert_eq!((market.waiting().await, market.asked()), (1, 1), "asked once, at the sixth");
    let id = market.offering.product.id;
    let view = product_interface(&market.world.app, &market.ada.actor, id).await.expect("seen");
    let month = view.raised().expect("it waits");
    assert_eq!((month.failed, month.month.to_string().as_str()), (8, "2026-05"));
    assert_eq!(view.orders.len(), 8);
    assert!(view.orders.iter().all(|order| matches!(order.state, OrderState::Failed { .. })));
    assert!(matches!(view.product.state, ProductState::Listed { .. }), "no machine removes it");
    assert_eq!(count_waiting(&market.world.app, &market.ada.actor).await.expect("counted"), 1);
    assert_eq!(code(product_interface(&market.world.app, &market.mei.actor, id).await), "not_allowed");
    assert_eq!(code(raised_products(&market.world.app, &market.lin.actor).await), "not_allowed");
}

async fn a_product_that_stays_is_not_asked_about_again_until_the_next_month(world: World) {
    let mut market = Market::open(world).await;
    market.fail(6).await;
    assert_eq!(code(market.decide(FailedOrdersDecision::Keep, "short").await), "too_short");
    let kept = market.decide(FailedOrdersDecision::Keep, "It was our own network, not theirs.").await;
    assert_eq!(kept.ok(), Some(Outcome::Applied(())));
    let again = market.decide(FailedOrdersDecision::Keep, "It was our own network, not theirs.").await;
    assert_eq!(again.ok(), Some(Outcome::AlreadyApplied));
    assert_eq!(market.waiting().await, 0);
    market.fail(2).await;
    assert_eq!((market.waiting().await, market.asked()), (0, 1), "decided for May");
    market.world.clock.move_to("2026-06-03T08:00:00Z".parse().expect("an instant"));
    market.fail(6).await;
    assert_eq!((market.waiting().await, market.asked()), (1, 2), "June is another month");
    let id = market.offering.product.id;
    let view = product_interface(&market.world.app, &market.ada.actor, id).await.expect("seen");
    let months: Vec<_> = view.months.iter().map(|month| (month.month.to_string(), month.failed)).collect();
    assert_eq!(months, [("2026-06".to_owned(), 6), ("2026-05".to_owned(), 8)]);
    let (decision, _, by, reason) = view.months[1].decided.as_ref().expect("decided");
    assert_eq!((*decision, *by), (FailedOrdersDecision::Keep, market.ada.actor.user));
    assert_eq!(reason, "It was our own network, not theirs.");
}

async fn a_removed_product_is_sold_to_nobody_and_its_seller_reads_why(world: World) {
    let mut market = Market::open(world).await;
    market.fail(6).await;
    assert_eq!(
        code(
            market
                .world
                .app
                .decide_failing_product(
                    &market.mei.actor,
                    market.offering.product.id,
                    FailedOrdersDecision::Keep,
                    "We promise to do better."
                )
                .await
        ),
        "not_allowed"
    );
    let gone = market.decide(FailedOrdersDecision::Remove, "Eight buyers waited for nothing.").await;
    assert_eq!(gone.ok(), Some(Outcome::Applied(())));
    market.world.settle().await;
    assert_eq!(market.waiting().await, 0);
    let mails = market.world.mail.mails_to(&market.mei.email);
    let told = mails.iter().any(|mail| mail.text.contains("Eight buyers waited for nothing."));
    assert!(told, "the seller reads the reason");
    let (_, sealed) = market.world.quoted(&market.offering, 1);
    let late =
        market.world.order_form(&market.offering, sealed, "late").run(&market.world.app, &market.lin.actor).await;
    assert_eq!(code(late), "not_on_sale");
    let again = market.decide(FailedOrdersDecision::Remove, "Eight buyers waited for nothing.").await;
    assert_eq!(again.ok(), Some(Outcome::AlreadyApplied));
}
