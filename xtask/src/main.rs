//! The workshop: what a developer and the build server run. `cargo xtask --help` lists it.
//!
//! Nothing here is part of the product, and nothing of the product is linked here: a command that needs the marketplace
//! builds the `souk` binary and starts it, as a person would.
#![forbid(unsafe_code)]

mod arrows;
mod assets;
mod canary;
mod contexts;
mod counts;
mod gate;
mod layers;
mod packages;
mod postgres;
mod process;
mod product;
mod sellers;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The workshop of Souk.
#[derive(Parser)]
#[command(name = "cargo xtask", version, about, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

/// One thing that the workshop can do.
#[derive(Subcommand)]
enum Task {
    /// Set up what is missing, build, and start a marketplace with demo data, a seller and a mail sink beside it.
    Demo {
        /// Handed to `souk demo` as they are.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Set up what is missing and run everything that the build server runs.
    Test,
    /// The quick half of `test`: format, lints, layers, licences.
    Check,
    /// Fail when one room uses another against the arrows of ARCHITECTURE.md.
    Layers,
    /// Judge the documentation's sellers with a built `souk debug`, and execute their tutorial.
    Sellers,
    /// Make calls that must reach nothing, in a network of their own that has the addresses they must not reach.
    Canary,
    /// Fetch the front-end packages and write the hashed files that the binary embeds.
    Assets,
    /// Run the benchmarks of an optimised build.
    Bench {
        /// Handed to `souk bench` as they are.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Kill a marketplace under load again and again, and check what is left with a black-box checker.
    Sim {
        /// Handed to the simulation as they are.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Demo { rest } => product::demo(&rest),
        Task::Test => return gate::test(),
        Task::Check => return gate::check(),
        Task::Layers => layers::run(),
        Task::Sellers => gate::one_stage("sellers of the docs", sellers::run),
        Task::Canary => gate::one_stage("calls that reach nothing", canary::run),
        Task::Assets => assets::run(),
        Task::Bench { rest } => product::bench(&rest),
        Task::Sim { rest } => product::sim(&rest),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
