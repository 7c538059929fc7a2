//! The market before the load: an operator, customers with money and access keys, a seller with one product on sale, all
//! made through the JSON API as people would.

use std::io::Write as _;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::chance::Chance;
use crate::ground::Ground;
use crate::http::{Ask, Client, Proof};

/// Somebody with an account and an access key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Party {
    /// The organisation's id.
    pub organisation: String,
    /// The session's token.
    pub token: String,
    /// The access key.
    pub access_key: String,
    /// Its secret.
    pub secret: String,
}

impl Party {
    /// Proves itself by session.
    pub fn session(&self) -> Proof {
        Proof::Session(self.token.clone())
    }

    /// Proves itself by access key.
    pub fn key(&self) -> Proof {
        Proof::Key(self.access_key.clone(), self.secret.clone())
    }
}

/// Who and what there is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Market {
    /// The operator, who tops balances up.
    pub operator: Party,
    /// One customer per client of the driver.
    pub customers: Vec<Party>,
}

impl Market {
    /// Reads what [`Market::set_up`] wrote.
    pub fn read(ground: &Ground) -> Result<Market> {
        let path = ground.market();
        let text = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(serde_json::from_slice(&text)?)
    }

    /// Makes everything on an empty marketplace. `said` is what the marketplace printed at its start: the first
    /// operator's link is in it.
    pub async fn set_up(ground: &Ground, said: &str) -> Result<Market> {
        let mut setting = Setting {
            chance: Chance::new(ground.seed, 1),
            client: Client::new(ground.port, 1),
            secrets: std::fs::File::create(ground.secrets())?,
        };
        let token = said.split("?token=").nth(1).and_then(|rest| rest.split_whitespace().next());
        let token = token.context("the marketplace printed no link for the first operator")?;
        let operator = setting.party("operator", Some(token)).await?;
        let mut customers = Vec::new();
        for number in 0..ground.clients {
            setting.client = Client::new(ground.port, 100 + number);
            customers.push(setting.party(&format!("customer{number}"), None).await?);
        }
        let market = Market { operator, customers };
        std::fs::write(ground.market(), serde_json::to_vec_pretty(&market)?)?;
        Ok(market)
    }
}

struct Setting {
    chance: Chance,
    client: Client,
    secrets: std::fs::File,
}

impl Setting {
    fn secret(&mut self, secret: &str) -> Result<()> {
        Ok(writeln!(self.secrets, "{secret}")?)
    }

    /// Signs somebody up and makes an access key.
    async fn party(&mut self, name: &str, operator_token: Option<&str>) -> Result<Party> {
        let password = format!("heron-{}", self.chance.word());
        self.secret(&password)?;
        let (mut body, path) =
            (sign_up(name, &password), operator_token.map_or("/api/v1/sign-ups", |_| "/api/v1/first-operator"));
        if let Some(token) = operator_token {
            body["token"] = json!(token);
        }
        let opened = self.client.ask(&Ask::post(path, &Proof::None, body)).await?.fine(path)?;
        let token = opened.text_at("/token")?;
        self.secret(&token)?;
        let proof = Proof::Session(token.clone());
        let path = "/api/v1/api-keys";
        let made = self.client.ask(&Ask::post(path, &proof, json!({"name": "simulation"}))).await?.fine(path)?;
        let (access_key, secret) = (made.text_at("/key/access_key")?, made.text_at("/secret")?);
        self.secret(&secret)?;
        let path = "/api/v1/me";
        let organisation = self.client.ask(&Ask::get(path, &proof)).await?.fine(path)?.text_at("/organisation/id")?;
        Ok(Party { organisation, token, access_key, secret })
    }
}

/// The body of a sign-up. Names that are not words, so that no name is mistaken for a secret.
pub fn sign_up(name: &str, password: &str) -> serde_json::Value {
    json!({
        "organisation_name": format!("{name} Trading"),
        "name": format!("Person {name}"),
        "email": format!("{name}@example.com"),
        "password": password,
    })
}
