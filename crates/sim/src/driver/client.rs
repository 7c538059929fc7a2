//! One client: a customer that buys, asks again, tops up through the operator, reads, and pries.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use serde_json::{Value, json};

use super::market::{Market, Party, sign_up};
use crate::chance::Chance;
use crate::ground::Ground;
use crate::http::{Answer, Ask, Client, Proof};
use crate::journal::{Fact, Journal};
use crate::life::wait;

/// How long a client waits before it asks a marketplace again that did not answer.
const AGAIN: Duration = Duration::from_millis(50);
/// How long before it asks again about a key that is said to be still at work.
const STILL_RUNNING: Duration = Duration::from_millis(500);
/// How many of its own orders a client remembers.
const REMEMBERED: usize = 50;

/// Every order number that anybody was told, with whose it is.
pub type Told = Arc<Mutex<Vec<(u32, String)>>>;

/// An order as it was asked for, to be asked for again.
#[derive(Clone)]
struct Asked {
    key: String,
    body: Value,
    number: String,
}

/// One client of the driver.
pub struct Buyer {
    number: u32,
    chance: Chance,
    client: Client,
    journal: Journal,
    market: Market,
    me: Party,
    told: Told,
    stop: PathBuf,
    mine: Vec<Asked>,
    count: u32,
}

impl Buyer {
    /// The client of this number.
    pub fn new(ground: &Ground, market: &Market, told: &Told, number: u32) -> Result<Buyer> {
        let me = market.customers.get(usize::try_from(number)?).cloned();
        Ok(Buyer {
            number,
            chance: Chance::new(ground.seed, 1_000 + u64::from(number)),
            client: Client::new(ground.port, 100 + number),
            journal: Journal::open(&ground.journals().join(format!("client-{number}.jsonl")))?,
            market: market.clone(),
            me: me.ok_or_else(|| anyhow::anyhow!("there is no customer {number}"))?,
            told: Arc::clone(told),
            stop: ground.stop(),
            mine: Vec::new(),
            count: 0,
        })
    }

    /// Keeps the marketplace busy until the stop file is there.
    pub async fn run(mut self) -> Result<()> {
        while !self.stop.exists() {
            match self.chance.below(100) {
                0..50 => self.order().await?,
                50..62 => self.order_again().await?,
                62..67 => self.reuse_a_key().await?,
                67..75 => self.top_up().await?,
                75..85 => self.read_own().await?,
                85..91 => self.read_foreign().await?,
                91..97 => self.look_around().await?,
                _ => self.sign_somebody_up().await?,
            }
        }
        Ok(())
    }

    fn next(&mut self, kind: &str) -> String {
        self.count += 1;
        format!("{kind}-{}-{}", self.number, self.count)
    }

    /// Asks until there is an answer. A kill takes the answer away, not the question.
    async fn insist(&mut self, ask: &Ask<'_>) -> Result<Answer> {
        loop {
            match self.client.ask(ask).await {
                Ok(answer) if answer.status == 503 => wait(AGAIN).await,
                Ok(answer) if answer.status == 409 && answer.text.contains("still_running") => {
                    wait(STILL_RUNNING).await
                }
                Ok(answer) => return Ok(answer),
                Err(_) => {
                    self.journal.note(&Fact::Broken { request: ask.name() })?;
                    wait(AGAIN).await;
                }
            }
        }
    }

    fn surprise(&mut self, ask: &Ask<'_>, answer: &Answer) -> Result<()> {
        let body = answer.text.chars().take(300).collect();
        self.journal.note(&Fact::Surprise { request: ask.name(), status: answer.status, body })
    }

    /// A quote and an order.
    async fn order(&mut self) -> Result<()> {
        let proof = self.me.key();
        let Some(offer) = self.chance.pick(&self.market.offers).cloned() else { return Ok(()) };
        let wanted = json!({"specification": offer.specification, "period": "month"});
        let ask = Ask::post("/api/v1/quotes", &proof, wanted);
        let answer = self.insist(&ask).await?;
        if answer.status != 201 {
            return self.surprise(&ask, &answer);
        }
        let quote = answer.text_at("/quote")?;
        let body = json!({"quote": quote, "agreement": offer.agreement, "hand_over_data": true});
        let key = self.next("order");
        self.place(Asked { key, body, number: String::new() }).await
    }

    /// The same order under the same key: the same answer.
    async fn order_again(&mut self) -> Result<()> {
        match self.chance.pick(&self.mine).cloned() {
            Some(asked) => self.place(asked).await,
            None => Ok(()),
        }
    }

    async fn place(&mut self, asked: Asked) -> Result<()> {
        let proof = self.me.key();
        let ask = Ask { key: Some(&asked.key), ..Ask::post("/api/v1/orders", &proof, asked.body.clone()) };
        self.journal.note(&Fact::Asked { kind: "order".to_owned(), key: asked.key.clone() })?;
        let answer = self.insist(&ask).await?;
        if !matches!(answer.status, 200 | 201) {
            return self.surprise(&ask, &answer);
        }
        let number = answer.text_at("/number")?;
        let total = answer.body.pointer("/total/minor").and_then(Value::as_i64).unwrap_or(-1);
        self.journal.keep(&Fact::Ordered {
            buyer: self.me.organisation.clone(),
            key: asked.key.clone(),
            number: number.clone(),
            total_minor: total,
        })?;
        if asked.number.is_empty() {
            self.told.lock().unwrap_or_else(PoisonError::into_inner).push((self.number, number.clone()));
            if self.mine.len() >= REMEMBERED {
                self.mine.remove(0);
            }
            self.mine.push(Asked { number, ..asked });
        }
        Ok(())
    }

    /// A used key for something else is refused.
    async fn reuse_a_key(&mut self) -> Result<()> {
        let Some(asked) = self.chance.pick(&self.mine).cloned() else { return Ok(()) };
        let (proof, mut body) = (self.me.key(), asked.body);
        body["hand_over_data"] = json!(false);
        let ask = Ask { key: Some(&asked.key), ..Ask::post("/api/v1/orders", &proof, body) };
        let status = self.insist(&ask).await?.status;
        self.journal.note(&Fact::KeyReused { request: ask.name(), status })
    }

    /// The operator adds to this customer's balance.
    async fn top_up(&mut self) -> Result<()> {
        let key = self.next("top-up");
        let minor = i64::try_from(1 + self.chance.below(50_000))?;
        let (proof, organisation) = (self.market.operator.key(), self.me.organisation.clone());
        let body = json!({"amount": format!("{}.{:02}", minor / 100, minor % 100), "note": "simulation"});
        let path = format!("/api/v1/operator/customers/{organisation}/top-ups");
        let ask = Ask { key: Some(&key), ..Ask::post(path, &proof, body) };
        self.journal.note(&Fact::Asked { kind: "top_up".to_owned(), key: key.clone() })?;
        let answer = self.insist(&ask).await?;
        if !matches!(answer.status, 200 | 201) {
            return self.surprise(&ask, &answer);
        }
        self.journal.keep(&Fact::ToppedUp { organisation, key: key.clone(), amount_minor: minor })
    }

    /// What was acknowledged can be read.
    async fn read_own(&mut self) -> Result<()> {
        let Some(asked) = self.chance.pick(&self.mine).cloned() else { return Ok(()) };
        let proof = self.me.key();
        let ask = Ask::get(format!("/api/v1/orders/{}", asked.number), &proof);
        let status = self.insist(&ask).await?.status;
        self.journal.note(&Fact::ReadAgain { request: ask.name(), status })
    }

    /// What belongs to others looks like nothing.
    async fn read_foreign(&mut self) -> Result<()> {
        let foreign = {
            let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            let others: Vec<&String> =
                told.iter().filter(|(whose, _)| *whose != self.number).map(|(_, number)| number).collect();
            self.chance.pick(&others).map(|number| (*number).clone())
        };
        let Some(number) = foreign else { return Ok(()) };
        let proof = self.me.key();
        let ask = Ask::get(format!("/api/v1/orders/{number}"), &proof);
        let status = self.insist(&ask).await?.status;
        self.journal.note(&Fact::Foreign { request: ask.name(), status })
    }

    async fn look_around(&mut self) -> Result<()> {
        const PATHS: [&str; 5] =
            ["/api/v1/orders", "/api/v1/apps", "/api/v1/balance", "/api/v1/notices", "/api/v1/products?q=backup"];
        let path = self.chance.pick(&PATHS).copied().unwrap_or_default();
        let proof = self.me.key();
        let ask = Ask::get(path, &proof);
        let answer = self.insist(&ask).await?;
        if answer.status == 200 { Ok(()) } else { self.surprise(&ask, &answer) }
    }

    /// A new account. When the answer was lost, the second try finds the address taken; that is an answer, too.
    async fn sign_somebody_up(&mut self) -> Result<()> {
        let name = self.next("newcomer");
        let password = format!("otter-{}", self.chance.word());
        let ask = Ask::post("/api/v1/sign-ups", &Proof::None, sign_up(&name, &password));
        let answer = self.insist(&ask).await?;
        match answer.status {
            201 => {
                let (email, user) = (format!("{name}@example.com"), answer.text_at("/user")?);
                self.journal.keep(&Fact::SignedUp { email, user })
            }
            422 | 429 => Ok(()),
            _ => self.surprise(&ask, &answer),
        }
    }
}
