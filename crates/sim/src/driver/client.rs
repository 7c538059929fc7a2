//! One client: a customer that buys, asks again, tops up through the operator, reads, and pries.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;

use super::market::{Market, Party, sign_up};
use crate::chance::Chance;
use crate::ground::Ground;
use crate::http::{Answer, Ask, Client, Proof};
use crate::journal::{Fact, Journal};
use crate::life::wait;

/// How long a client waits before it asks a marketplace again that did not answer.
const AGAIN: Duration = Duration::from_millis(50);

/// One client of the driver.
pub struct Buyer {
    number: u32,
    chance: Chance,
    client: Client,
    journal: Journal,
    me: Party,
    stop: PathBuf,
    newcomers: u32,
}

impl Buyer {
    /// The client of this number.
    pub fn new(ground: &Ground, market: &Market, number: u32) -> Result<Buyer> {
        let place = usize::try_from(number)?;
        let me = market.customers.get(place).cloned();
        Ok(Buyer {
            number,
            chance: Chance::new(ground.seed, 1_000 + u64::from(number)),
            client: Client::new(ground.port, 100 + number),
            journal: Journal::open(&ground.journals().join(format!("client-{number}.jsonl")))?,
            me: me.ok_or_else(|| anyhow::anyhow!("there is no customer {number}"))?,
            stop: ground.stop(),
            newcomers: 0,
        })
    }

    /// Keeps the marketplace busy until the stop file is there.
    pub async fn run(mut self) -> Result<()> {
        while !self.stop.exists() {
            match self.chance.below(100) {
                0..10 => self.sign_somebody_up().await?,
                _ => self.read().await?,
            }
        }
        Ok(())
    }

    /// Asks until there is an answer. Only for what may be sent again: reads, and writes that are found out by asking.
    async fn insist(&mut self, ask: &Ask<'_>) -> Result<Answer> {
        loop {
            match self.client.ask(ask).await {
                Ok(answer) if answer.status != 503 => return Ok(answer),
                Ok(_) => {}
                Err(_) => self.journal.note(&Fact::Broken { request: ask.name() })?,
            }
            wait(AGAIN).await;
        }
    }

    fn surprise(&mut self, ask: &Ask<'_>, answer: &Answer) -> Result<()> {
        let body = answer.text.chars().take(300).collect();
        self.journal.note(&Fact::Surprise { request: ask.name(), status: answer.status, body })
    }

    /// A new account. When the answer is lost, signing up again says that the address is taken, or makes it.
    async fn sign_somebody_up(&mut self) -> Result<()> {
        let name = format!("newcomer{}-{}", self.number, self.newcomers);
        self.newcomers += 1;
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

    async fn read(&mut self) -> Result<()> {
        let proof = self.me.key();
        let ask = Ask::get("/api/v1/notices", &proof);
        let answer = self.insist(&ask).await?;
        if answer.status == 200 { Ok(()) } else { self.surprise(&ask, &answer) }
    }
}
