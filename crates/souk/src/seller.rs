//! `souk seller`: the reference production system as a command. What it does is in `conformance::seller`.
//!
//! *What is not here.* Anything of the marketplace: a seller's system knows only the protocol and its key.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use conformance::seller::{KeyRing, Plan, Seller, SellerConfig, Spoken, SystemWorld, TlsIdentity, behaviours};

use koogallery::v1::field_cipher::EncryptType;

use crate::ending::{self, Ending};

/// How to play the seller.
#[derive(clap::Args)]
#[command(
    about = "Run the reference seller: a real production system, honest or lying",
    long_about = "Play a seller's production system (KooGallery protocol 2.0 and 1.0), as a process of its own: it takes signed calls, \
                  sets accounts up, and lets their owners sign in at the front-end URL. It can also be slow, down, wrong \
                  or lying, to see how a marketplace takes it.",
    after_help = "Examples:\n  \
      souk seller --key-file seller.key                          an honest seller on 127.0.0.1:9000\n  \
      souk seller --key-file seller.key --behaviour async        accounts are ready after the third query\n  \
      souk seller --key-file seller.key --behaviour 'newInstance:status-503*2, slow'\n                                                             \
      twice 503 for newInstance, then slow\n  \
      souk seller --key-file seller.key --tls-cert chain.pem --tls-key key.pem --listen 127.0.0.1:9443\n                                                             \
      over TLS\n  \
      souk seller --list-behaviours                              every way to answer\n\n\
      The key file has one key on a line: [TYPE] [PATH] KEY [PRODUCT NAME]. A line without a path is for every path that \
      has no line of its own; TYPE is order-notice:, licence-code: or joint-operations:, for calls with a key of \
      their own. The file is read again before every call; it may be empty or missing at first.\n\n\
      Exit codes: 0 done, 1 failed (address in use, state file unreadable), 2 wrong usage."
)]
pub struct SellerArguments {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9000")]
    listen: SocketAddr,
    /// The file with the access key that the marketplace's seller console shows; read again when it changes.
    #[arg(long, value_name = "FILE", required_unless_present = "list_behaviours")]
    key_file: Option<PathBuf>,
    /// Which version of the protocol to understand: v2, v1 or both, told apart by POST and GET.
    #[arg(long, value_name = "VERSION", default_value = "both")]
    protocol: Spoken,
    /// With which size of key it encrypts in version 1.0, and expects mail addresses and phone numbers to be: 1 (AES-256) or 2
    /// (AES-128). The address in the seller console says the same.
    #[arg(long, value_name = "TYPE", default_value = "1", value_parser = encrypt_type)]
    encrypt_type: EncryptType,
    /// The certificate chain (PEM), the server's own first: speak TLS 1.2 and 1.3.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The private key of the certificate (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// How to answer: one behaviour, or rules `[activity:]behaviour[*times]` separated by commas.
    #[arg(long, value_name = "RULES", default_value = "honest")]
    behaviour: Plan,
    /// A file that says how to answer from the next call on, in the same words; empty means --behaviour.
    #[arg(long, value_name = "FILE")]
    behaviour_file: Option<PathBuf>,
    /// Where accounts are kept; calls heard go to FILE.calls. Without it a restart forgets everything.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// A folder for files at the root of the site: put a marketplace's souk-verification-….txt there to prove the domain.
    #[arg(long, value_name = "FOLDER")]
    site_folder: Option<PathBuf>,
    /// What customers put in front of /app/…; without it the listening address.
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
        return say(&list());
    }
    let tls = match (&arguments.tls_cert, &arguments.tls_key) {
        (Some(chain), Some(key)) => Some(identity(chain, key)?),
        (None, _) | (_, None) => None,
    };
    let config = SellerConfig {
        listen: arguments.listen,
        spoken: arguments.protocol,
        encrypt_type: arguments.encrypt_type,
        tls,
        keys: KeyRing::default(),
        key_file: arguments.key_file,
        plan: arguments.behaviour,
        behaviour_file: arguments.behaviour_file,
        state_file: arguments.state,
        site_folder: arguments.site_folder,
        public_url: arguments.public_url,
        product_name: arguments.product,
        world: Arc::new(SystemWorld),
    };
    let seller = Seller::bind(config).await?;
    let production_url = seller.production_url();
    let page = production_url.trim_end_matches("/produce");
    say(&format!("The seller's system takes signed calls at {production_url}\nIts own page is {page}\n"))?;
    seller.run(ending::wait(arguments.ending)).await.context("the seller's system stopped")
}

fn encrypt_type(text: &str) -> Result<EncryptType, &'static str> {
    EncryptType::parse(text).ok_or("use 1 or 2")
}

fn identity(chain: &Path, key: &Path) -> anyhow::Result<TlsIdentity> {
    let read = |path: &Path| std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()));
    TlsIdentity::from_pem(&read(chain)?, &read(key)?)
        .with_context(|| format!("no TLS with {} and {}", chain.display(), key.display()))
}

fn list() -> String {
    behaviours().into_iter().fold(String::new(), |text, (name, about)| text + &format!("{name:<20} {about}\n"))
}

/// Prints. A reader that went away, such as `head`, is no failure.
fn say(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(error).context("the output cannot be written")
        }
        Ok(()) | Err(_) => Ok(()),
    }
}
