//! The market before the load: an operator, customers with money and access keys, a seller with one product on sale, all
//! made through the JSON API as people would.

use std::io::Write as _;

use anyhow::{Context, Result, ensure};
use hyper::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::chance::Chance;
use crate::ground::Ground;
use crate::http::{Answer, Ask, Client, Proof};

/// What the seller shows of its company.
const LOGO: &[u8] = include_bytes!("../../../testkit/files/company-logo.png");
const LICENCE: &[u8] = include_bytes!("../../../testkit/files/business-licence.pdf");

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
    /// What is on sale, each of another seller.
    pub offers: Vec<Offer>,
}

/// A specification that is sold by the month.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Offer {
    /// Its id.
    pub specification: String,
    /// The version of the seller's agreement.
    pub agreement: Value,
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
        let mut specifications = Vec::new();
        for number in 0..ground.sellers {
            setting.client = Client::new(ground.port, 10 + number);
            specifications.push(setting.seller(ground, &operator, number).await?);
        }
        let mut customers = Vec::new();
        for number in 0..ground.clients {
            setting.client = Client::new(ground.port, 100 + number);
            customers.push(setting.party(&format!("customer{number}"), None).await?);
        }
        for customer in &customers {
            setting.top_up(&operator, customer).await?;
        }
        let mut offers = Vec::new();
        for specification in specifications {
            let agreement = setting.agreement(&specification, &customers).await?;
            offers.push(Offer { specification, agreement });
        }
        let market = Market { operator, customers, offers };
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
        self.secret(&format!("{name}@example.com"))?;
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

impl Setting {
    async fn get(&mut self, path: &str, proof: &Proof) -> Result<Answer> {
        self.client.ask(&Ask::get(path, proof)).await?.fine(path)
    }

    async fn write(&mut self, method: Method, path: &str, proof: &Proof, body: Value) -> Result<Answer> {
        self.client.ask(&Ask { method, ..Ask::post(path, proof, body) }).await?.fine(path)
    }

    async fn post(&mut self, path: &str, proof: &Proof, body: Value) -> Result<Answer> {
        self.write(Method::POST, path, proof, body).await
    }

    /// A seller with one product on sale; answers its specification.
    async fn seller(&mut self, ground: &Ground, operator: &Party, number: u32) -> Result<String> {
        let seller = self.party(&format!("seller{number}"), None).await?;
        self.approve_seller(operator, &seller, number).await?;
        let address = self.address(ground, &seller).await?;
        let product = self.list_product(operator, &seller, (&address, number)).await?;
        let path = format!("/api/v1/products/{product}");
        self.get(&path, &Proof::None).await?.text_at("/specifications/0/id")
    }

    /// The seller applies, the operator approves.
    async fn approve_seller(&mut self, operator: &Party, seller: &Party, number: u32) -> Result<()> {
        let path = "/api/v1/seller-application";
        self.write(Method::PUT, path, &seller.session(), json!({"form": application(number)})).await?;
        for (paper, file) in [("logo", LOGO), ("licence", LICENCE)] {
            let proof = seller.session();
            let ask = Ask::post(format!("{path}/{paper}"), &proof, Value::Null);
            self.client.ask(&Ask { method: Method::PUT, file: Some(file), ..ask }).await?.fine(paper)?;
        }
        let submitted = self.post("/api/v1/seller-application/submit", &seller.session(), json!({})).await?;
        let path = format!("/api/v1/seller-applications/{}/approve", submitted.text_at("/id")?);
        self.post(&path, &operator.session(), json!({})).await?;
        Ok(())
    }

    /// The seller adds its production address, and debugs every call until it passes.
    async fn address(&mut self, ground: &Ground, seller: &Party) -> Result<String> {
        let proof = seller.session();
        let key = std::fs::read_to_string(ground.seller_key())?.trim().to_owned();
        self.secret(&key)?;
        let url = format!("http://127.0.0.1:{}/produce", ground.seller_port);
        let added = self.post("/api/v1/interface-addresses", &proof, json!({"url": url, "access_key": key})).await?;
        let id = added.text_at("/id")?;
        for activity in CASES {
            let path = format!("/api/v1/interface-addresses/{id}/sample?activity={activity}");
            let values = self.get(&path, &proof).await?.body["values"].clone();
            let body = json!({"activity": activity, "values": values, "save_as": activity});
            let run = self.post(&format!("/api/v1/interface-addresses/{id}/debug-runs"), &proof, body).await?;
            ensure!(run.text_at("/result")? == "passed", "debugging {activity} did not pass: {}", run.text);
        }
        Ok(id)
    }

    /// The seller releases a product, the operator approves it; answers its id.
    async fn list_product(
        &mut self,
        operator: &Party,
        seller: &Party,
        (address, number): (&str, u32),
    ) -> Result<String> {
        let proof = seller.session();
        let begun = self.post("/api/v1/seller/products", &proof, json!({"delivery": "saas"})).await?;
        let product = begun.text_at("/id")?;
        let path = format!("/api/v1/seller/products/{product}");
        self.write(Method::PATCH, &path, &proof, json!({"fields": release(address, number)})).await?;
        let fields = json!({"name_en": "Starter", "unit_en": "per database", "month": "9.00"});
        self.post(&format!("{path}/specifications"), &proof, json!({"fields": fields})).await?;
        let release = self.post(&format!("{path}/submit"), &proof, json!({})).await?.text_at("/id")?;
        for step in ["claim", "approve"] {
            let path = format!("/api/v1/operator/releases/{release}/{step}");
            self.post(&path, &operator.session(), json!({})).await?;
        }
        Ok(product)
    }
}

impl Setting {
    async fn top_up(&mut self, operator: &Party, customer: &Party) -> Result<()> {
        let path = format!("/api/v1/operator/customers/{}/top-ups", customer.organisation);
        let (proof, body) = (operator.key(), json!({"amount": "100000.00", "note": "to begin with"}));
        let key = format!("first-{}", customer.organisation);
        let ask = Ask { key: Some(&key), ..Ask::post(path.as_str(), &proof, body) };
        self.client.ask(&ask).await?.fine(&path)?;
        Ok(())
    }

    async fn agreement(&mut self, specification: &str, customers: &[Party]) -> Result<Value> {
        let proof = customers.first().context("there are no customers")?.key();
        let quoted =
            self.post("/api/v1/quotes", &proof, json!({"specification": specification, "period": "month"})).await?;
        let quote = quoted.text_at("/quote")?;
        let found = self.post("/api/v1/checkout", &proof, json!({"quote": quote})).await?;
        Ok(found.body["agreement"].clone())
    }
}

/// The calls that a product billed by the month needs a saved case of (functions.md 3.3).
const CASES: [&str; 5] = ["newInstance", "queryInstance", "refreshInstance", "updateInstanceStatus", "releaseInstance"];

fn application(number: u32) -> Value {
    json!({
        "company_name": format!("Kestrel Freight Software {number}"),
        "website": "https://kestrel.example",
        "years_in_business": "3-5",
        "employees": "5-49",
        "registered_capital": "CNY 5,000,000",
        "licence_number": format!("91310000MA1K{number:05}X"),
        "contact_name": "Lin Wei",
        "contact_mobile": "+86 138 0000 0000",
        "contact_email": "lin@kestrel.example",
        "country": "China",
        "province": "Shanghai",
        "city": "Shanghai",
        "street": "8 Century Avenue",
        "postcode": "200120",
        "support_phone": "+86 21 0000 0000",
        "support_email": "help@kestrel.example",
        "introduction": "We plan the routes of small freight companies, and have done so since 2021.",
        "agreed": ["seller_terms", "cooperation_rules", "privacy_statement"],
    })
}

fn release(address: &str, number: u32) -> Value {
    let description =
        "A backup that was never opened is a hope. Granary copies databases and opens a copy every week. ";
    json!({
        "name_en": format!("Granary Backup {number}"),
        "version": "V1.0",
        "category": "backup",
        "overview_en": "Backups that are opened every week, so that you know they open.",
        "highlights_en": "Opened every week\nEncrypted with your own key",
        "description_en": description.repeat(6),
        "guide_en": "Open the address, sign in, choose a database.",
        "supervision": "none",
        "interface_address": address,
        "agreement_en": "The service is provided as described, month by month.",
        "support_email": "help@kestrel.example",
        "support_phone": "+86 21 0000 0000",
        "support_hours_en": "Monday to Friday, 9 to 18",
        "visibility": "public",
    })
}

/// The body of a sign-up. Names that are not words, so that no name is mistaken for a secret.
pub fn sign_up(name: &str, password: &str) -> Value {
    json!({
        "organisation_name": format!("{name} Trading"),
        "name": format!("Person {name}"),
        "email": format!("{name}@example.com"),
        "password": password,
    })
}
