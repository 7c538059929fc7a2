//! `souk seller`: the reference production system as a command. What it does is in `conformance::seller`.
//!
//! *What is not here.* Anything of the marketplace: a seller's system knows only the protocol and its key.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use conformance::seller::{KeyRing, Plan, Seller, SellerConfig, SystemWorld, behaviours};

use crate::ending::{self, Ending};

/// How to play the seller.
#[derive(clap::Args)]
#[command(
    about = "Run the reference seller: a real production system, honest or lying",
    long_about = "Play a seller's production system (KooGallery protocol 2.0), as a process of its own: it takes signed calls, \
                  sets accounts up, and lets their owners sign in at the front-end URL. It can also be slow, down, wrong \
                  or lying, to see how a marketplace takes it.",
    after_help = "Examples:\n  \
      souk seller --key-file seller.key                          an honest seller on 127.0.0.1:9000\n  \
      souk seller --key-file seller.key --behaviour async        accounts are ready after the third query\n  \
      souk seller --key-file seller.key --behaviour 'newInstance:status-503*2, slow'\n                                                             \
      twice 503 for newInstance, then slow\n  \
      souk seller --list-behaviours                              every way to answer\n\n\
      The key file has one key on a line: [PATH] KEY [PRODUCT NAME]. A line without a path is for every path that has \
      no line of its own. The file is read again before every call; it may be empty or missing at first.\n\n\
      Exit codes: 0 done, 1 failed (address in use, state file unreadable), 2 wrong usage."
)]
pub struct SellerArguments {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9000")]
    listen: SocketAddr,
    /// The file with the access key that the marketplace's seller console shows; read again when it changes.
    #[arg(long, value_name = "FILE", required_unless_present = "list_behaviours")]
    key_file: Option<PathBuf>,
    /// How to answer: one behaviour, or rules `[activity:]behaviour[*times]` separated by commas.
    #[arg(long, value_name = "RULES", default_value = "honest")]
    behaviour: Plan,
    /// A file that says how to answer from the next call on, in the same words; empty means --behaviour.
    #[arg(long, value_name = "FILE")]
    behaviour_file: Option<PathBuf>,
    /// Where accounts are kept; calls heard go to FILE.calls. Without it a restart forgets everything.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// What customers put in front of /app/…; without it http:// and the listening address.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// The product's name on its pages, where the key file gives none.
    #[arg(long, value_name = "NAME", default_value = "Granary")]
    product: String,
    /// Print every behaviour with what it does, and end.
    #[arg(long)]
    list_behaviours: bool,
    #[command(flatten)]
    ending: Ending,
}

/// Runs until the process is asked to stop.
pub async fn run(arguments: SellerArguments) -> anyhow::Result<()> {
    if arguments.list_behaviours {
        list();
        return Ok(());
    }
    let config = SellerConfig {
        listen: arguments.listen,
        keys: KeyRing::default(),
        key_file: arguments.key_file,
        plan: arguments.behaviour,
        behaviour_file: arguments.behaviour_file,
        state_file: arguments.state,
        public_url: arguments.public_url,
        product_name: arguments.product,
        world: Arc::new(SystemWorld),
    };
    let seller = Seller::bind(config).await?;
    println!("The seller's system takes signed calls at {}", seller.production_url());
    println!("Its own page is http://{}", seller.address());
    seller.run(ending::wait(arguments.ending)).await.context("the seller's system stopped")
}

fn list() {
    let text =
        behaviours().into_iter().fold(String::new(), |text, (name, about)| text + &format!("{name:<20} {about}\n"));
    print!("{text}");
}
