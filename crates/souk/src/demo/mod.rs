//! `souk demo`: a marketplace with invented sellers, products and customers, a seller's system and a mail sink beside it.
//!
//! *What is promised.* What can be bought and opened came about through the use cases that people use: debugged, submitted,
//! reviewed. The products of delivery methods that are not sold yet are listed by an import, which has no page. The seller's system
//! and the mail sink are processes of their own and end with it. Passwords are drawn for each demo folder and printed.
//!
//! *What is not here.* A way to fill a marketplace that is not a demo: the command never opens storage other than its own.

pub mod catalogue;
mod children;
mod folder;
pub mod logo;
mod seed;
mod table;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::Context as _;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::{serve, wiring};
use children::Children;
use folder::{DemoFolder, Ports};

/// How to show the marketplace.
#[derive(clap::Args)]
#[command(
    long_about = "A marketplace to look around in: believable sellers and products in English and Chinese, a seller's system that \
                  answers signed calls, and a page that shows every mail. The first start fills the folder; later starts find it as it was left.",
    after_help = "Examples:\n  \
      souk demo                          in ./souk-demo, on port 8080 or the next free one\n  \
      souk demo --folder /tmp/market     somewhere else\n  \
      souk demo --fresh                  forget everything and fill it anew\n  \
      souk demo --port 9999              on a port of your choice\n\n\
      Stop it with Ctrl-C. Exit codes: 0 stopped, 1 failed, 2 wrong usage."
)]
pub struct DemoArguments {
    /// Where the demo keeps its data and its passwords.
    #[arg(long, value_name = "FOLDER", default_value = "souk-demo")]
    folder: PathBuf,
    /// The port of the marketplace; 8080, or a free one when that is taken.
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
    /// Throw away what the folder holds and begin anew.
    #[arg(long)]
    fresh: bool,
}

/// Fills the folder if that was not done yet, and serves it until the process is asked to stop.
pub async fn run(arguments: DemoArguments, logging: Config) -> anyhow::Result<()> {
    let mut folder = DemoFolder::open(&arguments.folder, arguments.fresh, arguments.port)?;
    let children = Children::start(&folder).await?;
    let config = config(&folder, logging);
    let app = wiring::open(&config).await?;
    if !folder.state.seeded {
        println!("Filling the marketplace in {} …", folder.path.display());
        let began = Instant::now();
        serve::prepare(&app).await?;
        let stop = CancellationToken::new();
        let jobs = serve::start_jobs(&app, stop.clone()).await?;
        let seeded = seed::seed(&app, &mut folder).await;
        stop.cancel();
        jobs.await.context("the jobs of the demo ended badly")?;
        seeded.context("the demo could not be filled")?;
        println!("Filled in {:.1} s.", began.elapsed().as_secs_f32());
    }
    let welcome = table::welcome(&folder);
    let served = serve::run(app, &config, serve::Role::All, welcome).await;
    children.stop().await;
    served
}

/// The demo's configuration: embedded storage in its folder, the mail sink, and the one address of its seller.
fn config(folder: &DemoFolder, logging: Config) -> Config {
    let Ports { web, seller, smtp, .. } = folder.state.ports;
    let mut config = Config { log: logging.log, ..Config::default() };
    config.listen.address = local(web);
    config.site.public_url = format!("http://{}", local(web));
    config.site.support_email = "help@souk.example".to_owned();
    config.site.mail_from = "souk@souk.example".to_owned();
    config.storage.folder = folder.data();
    config.mail.server = Some(format!("smtp://{}", local(smtp)));
    config.outbound.allow = vec![local(seller)];
    config
}

/// A port of this machine that nobody else reaches.
fn local(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

/// Only warnings, unless somebody asked for more: the table is what the terminal is for.
pub fn quieter(mut config: Config) -> Config {
    if config.log.filter == crate::config::Log::default().filter {
        config.log.filter = "warn".to_owned();
    }
    config
}
