//! `souk seller`: the reference production system as a process of its own, honest or lying. All of it is in `conformance::seller`; here
//! are its options.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context as _;
use conformance::seller::{Plan, SellerConfig, behaviours, serve};
use koogallery::AccessKey;

/// How the reference seller is run.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    souk seller --key-file key.txt                              an honest seller on 127.0.0.1:9000\n  \
    souk seller --key-file key.txt --behaviour status-503       refuse every call\n  \
    souk seller --key-file key.txt --behaviour 'newInstance:lost-answer*2'\n  \
    souk seller --list-behaviours                               every way to be bad")]
pub struct SellerArguments {
    /// Where to listen. Plain HTTP; put a proxy with TLS in front for anything but loopback.
    #[arg(long, default_value = "127.0.0.1:9000", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// A file with the access key of the production address.
    #[arg(long, value_name = "FILE", required_unless_present = "list_behaviours")]
    key_file: Option<PathBuf>,
    /// How to answer: rules `[activity:]behaviour[*times]`, separated by commas; the first that fits counts.
    #[arg(long, default_value = "honest", value_name = "RULES")]
    behaviour: Plan,
    /// A file whose text replaces `--behaviour` while the seller runs; read before every call.
    #[arg(long, value_name = "FILE")]
    behaviour_file: Option<PathBuf>,
    /// Where accounts are kept; the calls heard go to FILE.calls. Without it a restart forgets everything.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// What customers put in front of /app/…; by default http:// and the address listened on.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// The product's name on its pages.
    #[arg(long, default_value = "Granary", value_name = "NAME")]
    product: String,
    /// List every behaviour and stop.
    #[arg(long)]
    list_behaviours: bool,
}

/// Runs the seller until a signal.
pub async fn run(arguments: SellerArguments) -> anyhow::Result<()> {
    if arguments.list_behaviours {
        let lines = behaviours().into_iter().fold(String::new(), |mut text, (name, about)| {
            // Writing to a String cannot fail.
            let _done = writeln!(text, "{name:<20} {about}");
            text
        });
        print!("{lines}");
        return Ok(());
    }
    let path = arguments.key_file.context("--key-file is needed")?;
    let text =
        std::fs::read_to_string(&path).with_context(|| format!("cannot read the key file {}", path.display()))?;
    let key = AccessKey::parse(text.trim()).with_context(|| format!("the key file {} holds no key", path.display()))?;
    let config = SellerConfig {
        listen: arguments.listen,
        plan: arguments.behaviour,
        behaviour_file: arguments.behaviour_file,
        state_file: arguments.state,
        public_url: arguments.public_url,
        product_name: arguments.product,
        ..SellerConfig::honest(key)
    };
    serve(config, crate::serve::signal()).await?;
    Ok(())
}
