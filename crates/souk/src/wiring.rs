//! From configuration to a marketplace: opens the tables, reads the master key, builds the adapters.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use app::jobs::Bell;
use app::{App, Parts, Vault};
use async_trait::async_trait;
use domain::selling::UrlRules;
use outbound::{GuardPolicy, GuardedClient, Limits, SystemResolver};
use ports::{Chance, Mail, MailFailure, Mailer, SellerLink};
use store::{DbSettings, EngineSettings, Store};
use tracing::error;

use crate::config::Config;
use crate::system::{SystemChance, SystemClock};

/// Opens everything. Tables are brought up to date.
pub async fn open(config: &Config) -> anyhow::Result<App> {
    let store = Store::open(&database(config)?).await.context("the tables cannot be opened")?;
    assemble(config, store)
}

/// Opens the tables as they are, for `souk doctor`: nothing is migrated. The file of an embedded database must exist.
pub async fn open_tables_as_they_are(config: &Config) -> anyhow::Result<Store> {
    Store::open_as_it_is(&database(config)?).await.context("the tables cannot be opened")
}

/// A marketplace over tables that are open. Makes the master key if there is none.
pub fn assemble(config: &Config, store: Store) -> anyhow::Result<App> {
    let chance: Arc<dyn Chance> = Arc::new(SystemChance);
    let vault = Vault::new(&master_key(config, chance.as_ref())?, chance.clone());
    Ok(App::new(Parts {
        store,
        clock: Arc::new(SystemClock),
        chance,
        vault,
        seller_link: seller_link(config)?,
        reports: Arc::new(conformance::kit::KitReports),
        mailer: mailer(config)?,
        search: Arc::new(search::index().context("the product index cannot be made")?),
        settings: config.settings()?,
        job_bell: Bell::new(),
        password_pool: app::identity::PasswordPool::new(app::identity::PasswordCost::STRONG),
    }))
}

fn database(config: &Config) -> anyhow::Result<DbSettings> {
    let settings = match &config.storage.postgres_url {
        Some(url) => {
            let mut settings = DbSettings::postgres(url.clone());
            if let EngineSettings::Postgres(server) = &mut settings.engine {
                server.pool_size = config.storage.postgres_pool;
                server.schema = config.storage.postgres_schema.clone();
                server.ca_file = config.storage.postgres_ca_file.clone();
            }
            settings
        }
        None => {
            make_folder(&config.storage.folder)?;
            DbSettings::sqlite(database_file(config))
        }
    };
    let settings = settings.on_failure(|reason| {
        // What was acknowledged is on the disk; what was not must not be. Another node or a restart takes over.
        error!(reason, "The disk failed; this process stops");
        #[expect(clippy::disallowed_methods, reason = "nothing may be closed in order when the disk has failed")]
        std::process::exit(1);
    });
    Ok(settings)
}

/// The file of the embedded database.
pub fn database_file(config: &Config) -> PathBuf {
    config.storage.folder.join("souk.db")
}

fn make_folder(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("the folder {} cannot be made", folder.display()))
}

/// Where the master key is kept: as configured, else beside the embedded database.
pub fn master_key_file(config: &Config) -> PathBuf {
    config.storage.master_key_file.clone().unwrap_or_else(|| config.storage.folder.join("master.key"))
}

/// Reads the master key, or makes it at the first start. A file that does not read as a key is never overwritten:
/// without the old key nothing sealed opens again.
fn master_key(config: &Config, chance: &dyn Chance) -> anyhow::Result<[u8; 32]> {
    let path = master_key_file(config);
    if !path.exists() {
        make_key(&path, chance)?;
    }
    read_key(&path)
}

/// Reads a master key that is there.
pub fn read_key(path: &Path) -> anyhow::Result<[u8; 32]> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let Some(key) = hex::decode(text.trim()).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok()) else {
        bail!("{} must hold 64 hexadecimal digits", path.display());
    };
    Ok(key)
}

fn make_key(path: &Path, chance: &dyn Chance) -> anyhow::Result<()> {
    let mut key = [0_u8; 32];
    chance.fill(&mut key);
    make_secret_file(path, &key).context("the master key cannot be written")
}

/// Writes 32 secret bytes into a new file, as hexadecimal digits, readable for its owner only.
pub fn make_secret_file(path: &Path, secret: &[u8; 32]) -> anyhow::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        make_folder(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).with_context(|| format!("{} cannot be made", path.display()))?;
    writeln!(file, "{}", hex::encode(secret))
        .and_then(|()| file.sync_all())
        .with_context(|| format!("{} cannot be written", path.display()))
}

fn mailer(config: &Config) -> anyhow::Result<Arc<dyn Mailer>> {
    match &config.mail.server {
        Some(server) => Ok(Arc::new(outbound::SmtpMailer::new(server, &config.site.mail_from)?)),
        None => Ok(Arc::new(NoMailServer)),
    }
}

/// What stands in while no mail server is configured: mails wait, notices are there.
struct NoMailServer;

#[async_trait]
impl Mailer for NoMailServer {
    async fn send(&self, _: &Mail) -> Result<(), MailFailure> {
        Err(MailFailure::Temporary("no mail.server is configured".to_owned()))
    }
}

/// The guarded client: the only way to addresses that sellers chose.
fn seller_link(config: &Config) -> anyhow::Result<Arc<dyn SellerLink>> {
    let rules = UrlRules { open: config.open_endpoints(), ports: config.outbound.ports.clone() };
    let policy = GuardPolicy { rules, closed: config.outbound.refuse.clone() };
    let resolver = Arc::new(SystemResolver::new());
    let client =
        GuardedClient::new(policy, Limits::default(), resolver).context("the client for sellers cannot be made")?;
    Ok(Arc::new(client))
}
