//! The configuration: one TOML file, then the environment. Every key has a default, an unknown key is refused.
//!
//! Secrets come from files or the environment, never from flags, so that no process list shows them.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use domain::money::Currency;
use domain::selling::UrlRules;
use serde::Deserialize;

pub use crate::config_orders::Orders;
pub use crate::config_sellers::Sellers;

/// Everything that can be configured.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Who runs the marketplace and how people reach it.
    pub site: Site,
    /// Where the marketplace listens.
    pub listen: Listen,
    /// Where everything is kept.
    pub storage: Storage,
    /// How mail leaves.
    pub mail: Mail,
    /// Calls to sellers' systems.
    pub outbound: Outbound,
    /// Orders and how sellers' systems are called.
    pub orders: Orders,
    /// What sellers' interfaces must keep.
    pub sellers: Sellers,
    /// How often somebody may ask.
    pub limits: Limits,
    /// What is logged and how.
    pub log: Log,
}

/// Who runs the marketplace and how people reach it.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Site {
    /// The marketplace's name.
    pub name: String,
    /// The address that people type; `https://…` in production.
    pub public_url: String,
    /// ISO 4217 code of the currency of prices and balances.
    pub currency: String,
    /// The sender of e-mails.
    pub mail_from: String,
    /// Where people write for help.
    pub support_email: String,
}

impl Default for Site {
    fn default() -> Site {
        let site = app::settings::Site::default();
        Site {
            name: site.name,
            public_url: String::new(),
            currency: site.currency.code().to_owned(),
            mail_from: site.mail_from,
            support_email: site.support_email,
        }
    }
}

/// Where the marketplace listens.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Listen {
    /// Pages and API.
    pub address: SocketAddr,
    /// Metrics for Prometheus, on an address of its own that visitors cannot reach. Off when absent.
    pub metrics: Option<SocketAddr>,
    /// Our own proxies, as addresses or ranges: `["127.0.0.1", "10.0.0.0/8"]`. What they say in `X-Forwarded-For` is
    /// believed; without them every visitor behind a proxy counts as one address.
    #[serde(deserialize_with = "proxies")]
    pub proxies: Vec<http_kit::Proxy>,
}

impl Default for Listen {
    fn default() -> Listen {
        Listen { address: SocketAddr::from(([127, 0, 0, 1], 8080)), metrics: None, proxies: Vec::new() }
    }
}

/// Where everything is kept.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Storage {
    /// The folder of the embedded database and the master key.
    pub folder: PathBuf,
    /// A PostgreSQL server instead of the embedded database: `postgres://user:password@host/database`.
    pub postgres_url: Option<String>,
    /// Connections of this node to PostgreSQL.
    pub postgres_pool: usize,
    /// Certificates in PEM of the authorities that PostgreSQL's certificate may come from, when they are not the machine's.
    pub postgres_ca_file: Option<PathBuf>,
    /// The search path on PostgreSQL, when several marketplaces share one database.
    pub postgres_schema: Option<String>,
    /// The file with the master key: 64 hexadecimal digits. Made on first start when absent.
    pub master_key_file: Option<PathBuf>,
}

impl Default for Storage {
    fn default() -> Storage {
        Storage {
            folder: PathBuf::from("souk-data"),
            postgres_url: None,
            postgres_pool: 16,
            postgres_ca_file: None,
            postgres_schema: None,
            master_key_file: None,
        }
    }
}

/// How mail leaves.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    /// `smtp://host:port` or `smtps://user:password@host`. Without it mail waits in the table and is tried for a day.
    pub server: Option<String>,
}

/// Calls to sellers' systems.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Outbound {
    /// The ports of sellers' addresses. They are called over https whichever it is.
    pub ports: Vec<u16>,
    /// Exact addresses with port inside our own network that sellers may use, for development and demos:
    /// `["127.0.0.1:9090"]`. No other rule is switched off by it.
    pub allow: Vec<SocketAddr>,
    /// Ranges that must not be called although they are public, such as our own public addresses: `["203.0.113.0/24"]`.
    #[serde(deserialize_with = "ranges")]
    pub refuse: Vec<outbound::Block>,
}

impl Default for Outbound {
    fn default() -> Outbound {
        Outbound { ports: UrlRules::default().ports, allow: Vec::new(), refuse: Vec::new() }
    }
}

fn ranges<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<outbound::Block>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    texts.iter().map(|text| text.parse().map_err(serde::de::Error::custom)).collect()
}

fn proxies<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<http_kit::Proxy>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    texts.iter().map(|text| text.parse().map_err(serde::de::Error::custom)).collect()
}

/// How often somebody may ask, in requests a second.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// One visitor or signed-in person.
    pub visitor_per_second: NonZeroU32,
    /// One access key.
    pub key_per_second: NonZeroU32,
    /// One key with which a seller's server signs its calls.
    pub signed_per_second: NonZeroU32,
    /// One seller's pushes of usage, whichever of its keys signed them.
    pub push_per_second: NonZeroU32,
}

impl Default for Limits {
    fn default() -> Limits {
        let number = |value| NonZeroU32::new(value).unwrap_or(NonZeroU32::MIN);
        Limits {
            visitor_per_second: number(30),
            key_per_second: number(20),
            signed_per_second: number(20),
            push_per_second: number(10),
        }
    }
}

impl Limits {
    /// As the doors want them.
    pub fn rates(&self) -> http_kit::Rates {
        http_kit::Rates {
            visitors: self.visitor_per_second,
            programs: self.key_per_second,
            signed: self.signed_per_second,
            pushes: self.push_per_second,
        }
    }
}

/// What is logged and how.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// `pretty` for people, `json` for machines.
    pub format: LogFormat,
    /// A filter of tracing: `info`, `info,souk=debug`.
    pub filter: String,
}

impl Default for Log {
    fn default() -> Log {
        Log { format: LogFormat::Pretty, filter: "info".to_owned() }
    }
}

/// How a log line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// One JSON object a line.
    Json,
}

impl Config {
    /// Reads the file, if one is named, and then the environment: `SOUK_LISTEN`, `SOUK_METRICS`, `SOUK_PUBLIC_URL`,
    /// `SOUK_STORAGE`, `SOUK_POSTGRES_URL`, `SOUK_MAIL_SERVER`, `SOUK_OUTBOUND_ALLOW`, `SOUK_LOG`.
    pub fn read(file: Option<&Path>) -> anyhow::Result<Config> {
        let mut config = match file {
            None => Config::default(),
            Some(path) => {
                let text =
                    std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
                let read: Result<Config, toml::de::Error> = toml::from_str(&text);
                read.map_err(|refusal| match crate::config_orders::moved(&refusal.to_string()) {
                    Some(place) => anyhow::Error::from(refusal).context(place),
                    None => refusal.into(),
                })
                .with_context(|| format!("{} is not a configuration", path.display()))?
            }
        };
        #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
        config.overlay(|name| std::env::var(name).ok())?;
        if config.site.public_url.is_empty() {
            config.site.public_url = format!("http://{}", config.listen.address);
        }
        config.check()?;
        Ok(config)
    }

    fn overlay(&mut self, variable: impl Fn(&str) -> Option<String>) -> anyhow::Result<()> {
        if let Some(text) = variable("SOUK_LISTEN") {
            self.listen.address = text.parse().context("SOUK_LISTEN is not an address with port")?;
        }
        if let Some(text) = variable("SOUK_METRICS") {
            self.listen.metrics = Some(text.parse().context("SOUK_METRICS is not an address with port")?);
        }
        if let Some(text) = variable("SOUK_PUBLIC_URL") {
            self.site.public_url = text;
        }
        if let Some(text) = variable("SOUK_STORAGE") {
            self.storage.folder = PathBuf::from(text);
        }
        if let Some(text) = variable("SOUK_POSTGRES_URL") {
            self.storage.postgres_url = Some(text);
        }
        if let Some(text) = variable("SOUK_MAIL_SERVER") {
            self.mail.server = Some(text);
        }
        if let Some(text) = variable("SOUK_OUTBOUND_ALLOW") {
            let addresses = text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::parse);
            self.outbound.allow =
                addresses.collect::<Result<_, _>>().context("SOUK_OUTBOUND_ALLOW lists no addresses with port")?;
        }
        if let Some(text) = variable("SOUK_LOG") {
            self.log.filter = text;
        }
        Ok(())
    }

    fn check(&self) -> anyhow::Result<()> {
        let url = &self.site.public_url;
        if !(url.starts_with("http://") || url.starts_with("https://")) || url.ends_with('/') {
            bail!("site.public_url must start with http:// or https:// and have no slash at the end; it is {url}");
        }
        self.currency()?;
        if self.outbound.ports.is_empty() || self.outbound.ports.contains(&0) {
            bail!("outbound.ports must name at least one port, such as [443]; 0 is none");
        }
        self.orders.check()?;
        self.sellers.check()
    }

    fn currency(&self) -> anyhow::Result<Currency> {
        let code = &self.site.currency;
        code.parse().with_context(|| format!("site.currency must be a code of ISO 4217 such as USD; it is {code}"))
    }

    /// What the use cases need of it.
    pub fn settings(&self) -> anyhow::Result<app::Settings> {
        let site = app::settings::Site {
            name: self.site.name.clone(),
            public_url: self.site.public_url.clone(),
            currency: self.currency()?,
            mail_from: self.site.mail_from.clone(),
            support_email: self.site.support_email.clone(),
        };
        let selling = app::selling::SellingSettings {
            open_endpoints: self.open_endpoints(),
            ports: self.outbound.ports.clone(),
            ..self.sellers.selling()?
        };
        let (ordering, fulfilment) = (self.orders.ordering(), self.orders.fulfilment());
        let catalog = app::catalog::CatalogSettings {
            report_fresh_days: self.sellers.report_fresh_days,
            ..app::catalog::CatalogSettings::default()
        };
        Ok(app::Settings { site, catalog, selling, ordering, fulfilment, ..app::Settings::default() })
    }

    /// The endpoints of `outbound.allow`, as those who judge addresses want them.
    pub fn open_endpoints(&self) -> Vec<domain::selling::OpenEndpoint> {
        self.outbound.allow.iter().map(|at| domain::selling::OpenEndpoint::new(at.ip(), at.port())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_refused_with_its_name() {
        let error = toml::from_str::<Config>("[listen]\nadress = \"127.0.0.1:1\"").expect_err("the key is misspelt");
        assert!(error.to_string().contains("adress"), "{error}");
    }

    /// The keys of the page, with those that have no default and so stand in comments: `# metrics = "…"`.
    fn page() -> (String, String) {
        let page = include_str!("../../../docs/reference/configuration.md");
        let (_, rest) = page.split_once("```toml\n").expect("the page shows the file");
        let (file, _) = rest.split_once("```").expect("the file ends");
        let every = file.lines().map(|line| line.strip_prefix("# ").unwrap_or(line)).collect::<Vec<_>>().join("\n");
        (file.to_owned(), every)
    }

    #[test]
    fn the_page_on_configuration_shows_every_default() {
        let (file, every) = page();
        let shown: Config = toml::from_str(&file).expect("the page shows a configuration");
        let mut default = Config::default();
        default.site.public_url = "http://127.0.0.1:8080".to_owned();
        assert_eq!(format!("{shown:#?}"), format!("{default:#?}"));
        toml::from_str::<Config>(&every).expect("and so do its comments");
    }

    #[test]
    fn the_page_on_configuration_names_every_key() {
        let (_, every) = page();
        // Every field of every part, as the program prints it.
        for line in format!("{:#?}", Config::default()).lines().filter(|line| line.starts_with("    ")) {
            let Some((name, _)) = line.trim().split_once([':', ' ']) else { continue };
            if name.chars().all(|sign| sign.is_ascii_lowercase() || sign == '_') && !name.is_empty() {
                assert!(
                    every.contains(&format!("{name} = "))
                        || every.contains(&format!("[{name}]"))
                        || every.contains(&format!(".{name}]"))
                        || every.contains(&format!(".{name}.")),
                    "{name} is missing"
                );
            }
        }
    }

    #[test]
    fn a_proxy_that_is_no_address_is_refused_with_what_is_allowed() {
        let config: Config = toml::from_str("[listen]\nproxies = [\"127.0.0.1\", \"fd00::/8\"]").expect("proxies");
        assert_eq!(config.listen.proxies.len(), 2);
        let error = toml::from_str::<Config>("[listen]\nproxies = [\"nginx\"]").expect_err("a name");
        assert!(error.to_string().contains("nginx is not an address such as 127.0.0.1"), "{error}");
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let mut config: Config = toml::from_str("[listen]\naddress = \"127.0.0.1:1\"").expect("a configuration");
        config.overlay(|name| (name == "SOUK_LISTEN").then(|| "127.0.0.1:2".to_owned())).expect("an address");
        assert_eq!(config.listen.address.port(), 2);
    }

    #[test]
    fn ports_of_sellers_reach_those_who_judge_addresses_and_none_is_refused() {
        let mut config: Config = toml::from_str("[outbound]\nports = [443, 8443]").expect("ports");
        config.site.public_url = "https://souk.example".to_owned();
        config.check().expect("two ports");
        assert_eq!(config.settings().expect("fine").selling.url_rules().ports, [443, 8443]);
        for ports in ["[]", "[0]"] {
            config.outbound = toml::from_str(&format!("ports = {ports}")).expect("it reads");
            assert!(config.check().expect_err(ports).to_string().contains("outbound.ports"), "{ports}");
        }
    }

    #[test]
    fn every_default_can_be_used() {
        let config = Config::read(None).expect("defaults");
        assert!(config.settings().is_ok());
        assert_eq!(config.site.public_url, "http://127.0.0.1:8080");
    }
}
