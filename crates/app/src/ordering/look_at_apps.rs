//! The apps of a buyer: the list by state, and one with how to get in.

use domain::fulfilment::{SellerCall, Step};
use domain::identity::{Actor, Permission};
use domain::ids::SubscriptionId;
use domain::ordering::{Order, Standing, Subscription};
use domain::time::Timestamp;
use store::ordering::subscriptions::SealedAccess;

use super::access::{self, AccessView};
use super::look_at_orders::logo_hash;
use super::timeline::{self, TimelineEntry};
use crate::{App, AppError};

/// One app in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppRow {
    /// The subscription.
    pub subscription: Subscription,
    /// The order that brought it.
    pub order: Order,
    /// In which group it stands.
    pub standing: Standing,
    /// Where it opens, once the seller has said.
    pub front_end_url: Option<String>,
}

/// One app with everything that its page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppDetails {
    /// The subscription.
    pub subscription: Subscription,
    /// The order that brought it.
    pub order: Order,
    /// The content hash of the product's picture, as it was when it was bought; its address.
    pub logo_hash: Option<String>,
    /// In which group it stands.
    pub standing: Standing,
    /// How to get in, but for the first password.
    pub access: Option<AccessView>,
    /// Who saw the first password last, and when.
    pub last_revealed: Option<(Option<String>, Timestamp)>,
    /// The step that delivers it.
    pub creation: Option<SellerCall>,
    /// The last time the buyer asked for fresh access data.
    pub refresh: Option<SellerCall>,
    /// Whether the page is to ask for fresh access data by itself: the copy is old, and the actor may ask.
    pub asks_by_itself: bool,
    /// What happened.
    pub timeline: Vec<TimelineEntry>,
}

/// The apps of the actor's organisation, newest first, and the id to ask older ones with.
pub async fn my_apps(
    app: &App,
    actor: &Actor,
    before: Option<SubscriptionId>,
    most: u32,
) -> Result<(Vec<AppRow>, Option<SubscriptionId>), AppError> {
    actor.require(Permission::SeePurchases)?;
    let most = most.clamp(1, 100);
    type Rows = Vec<(Subscription, Order, Option<SealedAccess>)>;
    let rows: Rows = app
        .store
        .read((actor.organisation, before, most), |tx, (buyer, before, most)| {
            Box::pin(async move {
                let mut rows = Vec::new();
                for subscription in store::ordering::subscriptions::of_buyer(tx, buyer, before, most + 1).await? {
                    let order = store::ordering::orders::find(tx, subscription.order).await?;
                    let order = order.ok_or(AppError::NotFound("order"))?;
                    let sealed = store::ordering::subscriptions::access(tx, subscription.id).await?;
                    rows.push((subscription, order, sealed));
                }
                Ok::<_, AppError>(rows)
            })
        })
        .await?;
    let now = app.now();
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let more = rows.len() > most;
    let mut list = Vec::with_capacity(rows.len());
    for (subscription, order, sealed) in rows.into_iter().take(most) {
        let view = sealed.map(|sealed| access::view(app, subscription.id, &sealed)).transpose()?;
        let standing = subscription.standing(now);
        list.push(AppRow { subscription, order, standing, front_end_url: view.map(|view| view.front_end_url) });
    }
    let older = list.last().filter(|_| more).map(|row| row.subscription.id);
    Ok((list, older))
}

/// One of the apps of the actor's organisation.
pub async fn my_app(app: &App, actor: &Actor, id: SubscriptionId) -> Result<AppDetails, AppError> {
    actor.require(Permission::SeePurchases)?;
    let (mut details, sealed): (AppDetails, Option<SealedAccess>) = app
        .store
        .read((id, actor.organisation, app.now(), app.vault.clone()), |tx, (id, buyer, now, vault)| {
            Box::pin(async move {
                let found = store::ordering::subscriptions::find(tx, id).await?;
                let subscription =
                    found.filter(|found| found.buyer == buyer).ok_or(AppError::NotFound("subscription"))?;
                let order = store::ordering::orders::find(tx, subscription.order).await?;
                let order = order.ok_or(AppError::NotFound("order"))?;
                let logo_hash = logo_hash(tx, &order).await?;
                let sealed = store::ordering::subscriptions::access(tx, id).await?;
                let creation = store::fulfilment::calls::last_of_subscription(tx, id, Step::Create).await?;
                let refresh = store::fulfilment::calls::last_of_subscription(tx, id, Step::Refresh).await?;
                let timeline = timeline::read(tx, &vault, &order, Some(&subscription), buyer).await?;
                let revealed = timeline.iter().find(|entry| entry.kind == "access_revealed");
                let last_revealed = revealed.map(|entry| (entry.person.clone(), entry.at));
                let standing = subscription.standing(now);
                let details = AppDetails {
                    subscription,
                    order,
                    logo_hash,
                    standing,
                    access: None,
                    last_revealed,
                    creation,
                    refresh,
                    asks_by_itself: false,
                    timeline,
                };
                Ok::<_, AppError>((details, sealed))
            })
        })
        .await?;
    details.asks_by_itself = actor.may(Permission::UseApps)
        && crate::fulfilment::asks_by_itself(
            &details.subscription,
            sealed.as_ref().map(|sealed| sealed.at),
            details.refresh.as_ref(),
            app.now(),
            app.settings.fulfilment.access_fresh_for,
        );
    details.access = sealed.map(|sealed| access::view(app, id, &sealed)).transpose()?;
    Ok(details)
}
