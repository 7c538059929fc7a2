//! What is measured on: a storage with sellers, and as many paid orders as wanted, written as a sale leaves them.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use app::jobs::Runner;
use app::ordering::PlaceOrder;
use app::pricing::make_quote;
use app::settings::Jobs;
use app::{App, AppError, Parts};
use async_trait::async_trait;
use domain::audit::Doer;
use domain::catalog::Agreement;
use domain::fulfilment::{Activity, CallState, SellerCall, Step};
use domain::identity::{Organisation, OrganisationKind};
use domain::ids::{InterfaceAddressId, OrderId, OrganisationId, SellerCallId, SubscriptionId};
use domain::ordering::{Order, OrderNumber, OrderState, PersonalData, Subscription, SubscriptionState};
use domain::pricing::{Purchase, QuoteRequest};
use domain::quantity::{Count, Period};
use domain::time::SignedDuration;
use ports::{Mail, MailFailure, Mailer};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::super::market::{self, Wanted};
use super::super::server::{Place, Schema, Server, free_address};

/// The key of every production address.
pub const KEY: &str = "benchmark-access-key-0001";
/// How many orders are written in one transaction.
const BATCH: u64 = 500;

/// Who sells, and where its system is.
#[derive(Clone, Copy, Debug)]
pub struct Seller {
    /// The organisation.
    pub id: OrganisationId,
    /// Its production address.
    pub address: InterfaceAddressId,
}

/// An open marketplace.
pub struct Stage {
    /// Its use cases.
    pub app: App,
    template: Order,
    written: u64,
    schema: Option<Schema>,
    system: Option<Server>,
    /// Where the fast seller's system is.
    pub fast: SocketAddr,
}

impl Stage {
    /// Opens an empty marketplace in `folder`, where sellers may have systems at `others` beside the fast one.
    pub async fn open(name: &str, (folder, postgres): (&Path, Option<&str>), others: &[SocketAddr]) -> Result<Stage> {
        let folder = folder.join(format!("{name}-{}", if postgres.is_some() { "postgresql" } else { "sqlite" }));
        let schema =
            postgres.map(|url| Schema { url: url.to_owned(), name: format!("souk_bench_{}", name.replace('-', "_")) });
        if let Some(schema) = &schema {
            schema.remove().await?;
            schema.make().await?;
        }
        let fast = free_address()?;
        let mut place = Place::make(&folder, schema.as_ref(), Some(fast))?;
        place.config.outbound.allow.extend(others);
        let app = market::open(&place.config).await?;
        let app = with_jobs(&app, app.settings.jobs.clone());
        let key_file = folder.join("seller.key");
        std::fs::write(&key_file, format!("{KEY}\n"))?;
        let mut system = Server::seller(fast, &key_file)?;
        system.listens().await?;
        market::fill(&app, Wanted { products: 1, seller: Some((fast, KEY)) }).await?;
        let template = template(&app).await?;
        Ok(Stage { app, template, written: 0, schema, system: Some(system), fast })
    }

    /// So many sellers whose system is at `system`.
    pub async fn sellers(&self, count: usize, system: SocketAddr) -> Result<Vec<Seller>> {
        let mut sellers = Vec::with_capacity(count);
        for number in 0..count {
            let organisation = Organisation {
                id: self.app.id::<OrganisationId>(),
                kind: OrganisationKind::Seller,
                name: format!("Seller {number}"),
                created_at: self.app.now(),
            };
            let address = market::address(&self.app, organisation.id, system, KEY);
            sellers.push(Seller { id: organisation.id, address: address.id });
            self.app
                .store
                .write::<_, _, AppError, _>((organisation, address), |tx, (organisation, address)| {
                    Box::pin(async move {
                        store::identity::organisations::insert(tx, &organisation).await?;
                        Ok(store::selling::addresses::insert(tx, &address).await?)
                    })
                })
                .await?;
        }
        Ok(sellers)
    }

    /// Writes so many paid orders, of each seller in turn, whose calls are due now.
    pub async fn sell(&mut self, sellers: &[Seller], count: u64) -> Result<()> {
        let end = self.written + count;
        while self.written < end {
            let first = self.written;
            let last = end.min(first + BATCH);
            let orders = (first..last).map(|number| self.sold(sellers, number)).collect::<Result<Vec<_>>>()?;
            let moment = self.app.moment(Doer::System);
            self.app
                .store
                .write::<_, _, AppError, _>((orders, moment), |tx, (orders, moment)| {
                    Box::pin(async move {
                        for (order, subscription, call) in &orders {
                            store::ordering::orders::insert(tx, order).await?;
                            store::ordering::subscriptions::insert(tx, subscription)?;
                            app::fulfilment::open_call(tx, &moment, call).await?;
                        }
                        Ok(())
                    })
                })
                .await?;
            self.written = last;
        }
        self.app.job_bell.ring();
        Ok(())
    }

    fn sold(&self, sellers: &[Seller], number: u64) -> Result<(Order, Subscription, SellerCall)> {
        let place = usize::try_from(number)? % sellers.len().max(1);
        let seller = sellers.get(place).context("there are no sellers")?;
        let (app, now) = (&self.app, self.app.now());
        let mut order = self.template.clone();
        order.id = app.id::<OrderId>();
        order.number = OrderNumber::make(now, number.to_be_bytes());
        order.client_key = format!("bench-{number}");
        (order.line.seller, order.line.interface_address) = (seller.id, seller.address);
        (order.placed_at, order.state) = (now, OrderState::Processing { paid_at: now });
        let subscription = Subscription {
            id: app.id::<SubscriptionId>(),
            order: order.id,
            buyer: order.buyer,
            seller: seller.id,
            created_at: now,
            state: SubscriptionState::SettingUp { instance: None },
        };
        let call = SellerCall {
            id: app.id::<SellerCallId>(),
            step: Step::Create,
            order: order.id,
            subscription: subscription.id,
            seller: seller.id,
            address: seller.address,
            instance: None,
            presumed: Vec::new(),
            doubt: None,
            opened_at: now,
            closes_at: Some(now + SignedDuration::from_hours(3)),
            state: CallState::Waiting { activity: Activity::NewInstance, due_at: now, failures: 0, strikes: 0 },
        };
        Ok((order, subscription, call))
    }

    /// One number out of the tables.
    pub async fn count(&self, sql: &'static str) -> Result<u64> {
        let counted = self.app.store.read::<_, _, AppError, _>((), move |tx, ()| {
            Box::pin(async move { Ok(tx.query_one(sql, Vec::new()).await?.get::<i64>("number")?) })
        });
        Ok(u64::try_from(counted.await?)?)
    }

    /// Numbers out of the tables, one a row.
    pub async fn numbers(&self, sql: &'static str, from: i64) -> Result<Vec<u64>> {
        let read = self.app.store.read::<_, _, AppError, _>(from, move |tx, from| {
            Box::pin(async move {
                let rows = tx.query(sql, vec![from.into()]).await?;
                rows.iter().map(|row| Ok(row.get::<i64>("number")?)).collect::<Result<Vec<i64>, AppError>>()
            })
        });
        Ok(read.await?.into_iter().map(|number| u64::try_from(number).unwrap_or(0)).collect())
    }

    /// Closes everything and removes what lies elsewhere.
    pub async fn close(mut self) -> Result<()> {
        self.app.store.close().await;
        if let Some(system) = self.system.take() {
            system.stop().await?;
        }
        if let Some(schema) = &self.schema {
            schema.remove().await?;
        }
        Ok(())
    }
}

/// One order that was really placed and paid: what the others are copied from. Its own call is left alone.
async fn template(app: &App) -> Result<Order> {
    let buyer = market::buyer(app).await?;
    let offer = market::first_offer(app).await?;
    let request = QuoteRequest {
        specification: offer.specification,
        period: Period::Month,
        count: Count::ONE,
        periods: 1,
        purchase: Purchase::Paid,
    };
    let quote = make_quote(app, request).await?.sealed;
    let agreement = offer.agreement.as_ref().map(Agreement::version_hash);
    let place = PlaceOrder { client_key: "template".to_owned(), quote, agreement, personal_data: PersonalData::Agreed };
    Ok(place.run(app, &buyer).await?.0)
}

/// A mail server that takes everything at once: what is measured are calls.
struct TakesAll;

#[async_trait]
impl Mailer for TakesAll {
    async fn send(&self, _: &Mail) -> Result<(), MailFailure> {
        Ok(())
    }
}

/// The same marketplace with other numbers for jobs, and with a mail server.
pub fn with_jobs(app: &App, jobs: Jobs) -> App {
    App::new(Parts {
        store: app.store.clone(),
        clock: app.clock.clone(),
        chance: app.chance.clone(),
        vault: app.vault.clone(),
        seller_link: app.seller_link.clone(),
        reports: Arc::new(conformance::kit::KitReports),
        mailer: Arc::new(TakesAll),
        search: app.search.clone(),
        settings: app::Settings { jobs, ..app.settings.clone() },
        job_bell: app.job_bell.clone(),
        password_pool: app.password_pool.clone(),
    })
}

/// The job runner at work.
pub struct Working {
    stop: CancellationToken,
    task: JoinHandle<()>,
    /// When it began.
    pub since: Instant,
}

impl Working {
    /// Starts it.
    #[expect(clippy::disallowed_methods, reason = "the job runner is a task of this process, as in `souk serve`")]
    pub fn start(app: &App) -> Working {
        let stop = CancellationToken::new();
        let task = tokio::spawn(Arc::new(Runner::new(app.clone())).work(stop.clone()));
        Working { stop, task, since: Instant::now() }
    }

    /// Stops it and waits for what it has begun; says how long it worked.
    pub async fn stop(self) -> Result<Duration> {
        self.stop.cancel();
        self.task.await?;
        Ok(self.since.elapsed())
    }

    /// Ends it in the middle, as a crash would.
    pub fn abandon(self) {
        self.task.abort();
    }
}
