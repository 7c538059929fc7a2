//! The one binary: reads configuration, puts the rooms together, runs a command.
//!
//! *What is not here.* Anything a command does beyond wiring: that is in the rooms below.
#![forbid(unsafe_code)]

mod agreement_files;
mod audit;
mod bench;
mod config;
mod config_orders;
mod config_sellers;
mod debug;
mod demo;
mod doctor;
mod ending;
mod ledger;
mod log;
mod mail_sink;
mod routes;
mod seller;
mod serve;
mod sign;
mod system;
mod wiring;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Souk, the cloud marketplace that anyone can host.
#[derive(Parser)]
#[command(
    name = "souk",
    version,
    about,
    max_term_width = 100,
    after_help = "Examples:\n  \
    souk serve                                 a marketplace on embedded storage in ./souk-data\n  \
    souk serve --config /etc/souk.toml         with a configuration file\n  \
    souk demo                                  the same with sellers, products and customers in it\n  \
    souk seller --key-file seller.key          a seller's system to try it with\n  \
    souk debug ADDRESS --key-file seller.key   is a seller's system in order?\n  \
    souk doctor                                is everything in order?\n\n\
    Exit codes: 0 done, 1 failed, 2 wrong usage, 5 not reachable."
)]
struct Arguments {
    /// The configuration file (TOML). Without it, everything has its default.
    #[arg(long, global = true, env = "SOUK_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the marketplace: pages, API and jobs.
    Serve(serve::ServeArguments),
    /// Run only jobs, beside other nodes.
    Worker,
    /// Bring the tables up to date and stop.
    Migrate,
    /// Say whether key, disk space, tables, clock, parked jobs, the audit chain, mail and addresses are in order. Makes and
    /// migrates nothing. Beside a running server on embedded storage it asks that server instead of its tables.
    Doctor,
    /// Walk over the audit chain and say whether anything was changed.
    AuditVerify,
    /// Compute every balance of the ledger anew and say whether it fits.
    LedgerVerify,
    /// Take mails over SMTP and show them on a page, for demos and tests.
    MailSink(mail_sink::MailSinkArguments),
    /// Run the reference seller: a real production system, honest or lying.
    Seller(seller::SellerArguments),
    /// Try a seller's address as a marketplace calls it, and say what is wrong.
    Debug(debug::DebugArguments),
    /// Sign a call of a seller's server to a marketplace, and show every step.
    Sign(sign::SignArguments),
    /// List every route: who may use it and what its path names.
    Routes(routes::RoutesArguments),
    /// Show a marketplace full of invented sellers, products and customers.
    Demo(demo::DemoArguments),
    /// Measure what this machine does per second.
    Bench(bench::BenchArguments),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // They need no marketplace, so they read none's configuration.
    let command = match arguments.command {
        Command::Debug(arguments) => return debug::start(arguments),
        Command::Sign(arguments) => return sign::start(&arguments),
        other => other,
    };
    let config = match config::Config::read(arguments.config.as_deref()) {
        Ok(config) => config,
        Err(error) => {
            eprintln!("souk: {error:#}");
            return ExitCode::from(2);
        }
    };
    let config = match command {
        Command::Demo(_) => demo::quieter(config),
        _ => config,
    };
    log::start(&config.log);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("souk: no runtime: {error}");
            return ExitCode::FAILURE;
        }
    };
    let done = runtime.block_on(async {
        match command {
            Command::Serve(arguments) => serve::serve(&config, arguments).await,
            Command::Worker => serve::work(&config).await,
            Command::Migrate => serve::migrate(&config).await,
            Command::Doctor => doctor::run(&config).await,
            Command::AuditVerify => audit::verify(&config).await,
            Command::LedgerVerify => ledger::verify(&config).await,
            Command::MailSink(arguments) => mail_sink::run(arguments).await,
            Command::Seller(arguments) => seller::run(arguments).await,
            Command::Debug(_) | Command::Sign(_) => Ok(()),
            Command::Routes(arguments) => routes::run(&arguments),
            Command::Demo(arguments) => demo::run(arguments, config).await,
            Command::Bench(arguments) => bench::run(arguments).await,
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("souk: {error:#}");
            ExitCode::FAILURE
        }
    }
}
