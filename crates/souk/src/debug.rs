//! `souk debug`: plays the marketplace against a seller's address and says what is wrong. What it does is in `conformance::kit`; here are
//! arguments, files and exit codes. It reads no configuration and needs no marketplace.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use conformance::kit::report::{self, ReportKey};
use conformance::kit::{
    self, Billing, KitLimits, Loopback, MOST_ORDER_CHARACTERS, Protocol, Reached, Run, Setup, Target,
};
use conformance::seller::{SellerWorld as _, SystemWorld};
use koogallery::{AccessKey, Id, Language};
use outbound::{GuardPolicy, GuardedClient, Limits, SystemResolver};

/// What to try, and how to tell.
#[derive(clap::Args)]
#[command(
    about = "Try a seller's address as a marketplace calls it, and say what is wrong",
    long_about = "Call a seller's production address as a marketplace does: every required call, each twice; every one of them with \
                  a wrong, a missing and an old signature, which must be refused; calls that are unusual and must be taken. Every \
                  check comes with its reason and how to mend it. It needs no marketplace, no account and no network beyond the \
                  address. Calls carry testFlag 1, but one: the query for an instance that does not exist, which only reads. The \
                  orders of version 2.0 are those that every marketplace's order query answers, MOCKPERIODYEARNEW and so on. A run \
                  makes about 35 calls and ends within four minutes, whatever the other side does.",
    after_help = "Examples:\n  \
      souk debug https://saas.example.com/produce --key-file key.txt\n  \
      souk debug http://127.0.0.1:9000/produce --key-file key.txt --allow-loopback\n  \
      souk debug http://127.0.0.1:9000/produce --key-file key.txt --allow-loopback --billing one-time --json\n  \
      souk debug https://127.0.0.1:9443/produce --key-file key.txt --allow-loopback --ca-file ca.pem --report report.json\n\n\
      Exit codes: 0 every required check passed (there may be warnings), 1 a check failed, 2 wrong usage,\n\
      5 the address was not reached."
)]
pub struct DebugArguments {
    /// The production address, with https://.
    #[arg(value_name = "ADDRESS", required_unless_present = "list_checks")]
    address: Option<String>,
    /// The file that holds the access key on one line.
    #[arg(long, value_name = "FILE", required_unless_present = "list_checks")]
    key_file: Option<PathBuf>,
    /// The version of the protocol: v2 or v1.
    #[arg(long, value_name = "VERSION", default_value = "v2")]
    protocol: Protocol,
    /// How the product is charged: period, one-time or pay-per-use. It decides which calls are required.
    #[arg(long, value_name = "MODE", default_value = "period")]
    billing: Billing,
    /// Only this call; may be given several times. Calls beyond the required ones can be named, too.
    #[arg(long, value_name = "NAME")]
    activity: Vec<String>,
    /// Ask new instances for this order, when your system fetches orders where only your own are found; given twice, with two
    /// orders, the second is the other order. Renewals and changes are about MOCKMONTYRENEW and MOCKMONTYCHANGE all the same.
    #[arg(long, value_name = "ID")]
    order: Vec<String>,
    /// Allow an address on this machine, by http or https and with any port.
    #[arg(long)]
    allow_loopback: bool,
    /// Allow this port of a public name beside 443, as a marketplace may; may be given several times.
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    allow_port: Vec<u16>,
    /// Certificates (PEM) of authorities to trust beside those of this machine.
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// The language of the text: en or zh. Without it Chinese where LC_ALL, LC_MESSAGES or LANG says zh, else English. Codes, JSON,
    /// reports and what is wrong with the arguments are the same in both.
    #[arg(long, value_name = "LANGUAGE", value_parser = ["en", "zh"])]
    language: Option<String>,
    /// Print JSON instead of text.
    #[arg(long)]
    json: bool,
    /// Write a signed report there, for a reviewer. The signing key is made on first use.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Where the key that signs reports is kept; without it in .config/souk/report.key of the home folder.
    #[arg(long, value_name = "FILE", env = "SOUK_REPORT_KEY", hide = true)]
    report_key: Option<PathBuf>,
    /// Print every check with its meaning (Markdown), and end.
    #[arg(long)]
    list_checks: bool,
}

const WRONG_USAGE: u8 = 2;
const NOT_REACHED: u8 = 5;

/// Runs the whole command.
pub fn start(arguments: DebugArguments) -> ExitCode {
    if arguments.list_checks {
        return print(&kit::reference_page(), ExitCode::SUCCESS);
    }
    let (setup, client) = match prepare(&arguments) {
        Ok(prepared) => prepared,
        Err(error) => return complain(&error, ExitCode::from(WRONG_USAGE)),
    };
    let language = language(arguments.language.as_deref(), of_terminal);
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return complain(&anyhow::Error::new(error).context("no runtime"), ExitCode::FAILURE),
    };
    let run = runtime.block_on(kit::run(&setup, &client, &SystemWorld));
    // What the run found is printed also when the report cannot be written.
    let written =
        arguments.report.as_deref().map(|path| write_report(path, arguments.report_key.as_deref(), &run, language));
    let mut text = if arguments.json {
        serde_json::to_string_pretty(&kit::json(&run)).unwrap_or_default() + "\n"
    } else {
        kit::text_in(&run, language)
    };
    let code = match (run.reached, run.passed()) {
        (Reached::No, _) => ExitCode::from(NOT_REACHED),
        (Reached::Yes, true) => ExitCode::SUCCESS,
        (Reached::Yes, false) => ExitCode::FAILURE,
    };
    match written {
        None => print(&text, code),
        Some(Ok(said)) => {
            if !arguments.json {
                text.push_str(&said);
            }
            print(&text, code)
        }
        Some(Err(error)) => {
            print(&text, code);
            complain(&error, ExitCode::FAILURE)
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the terminal's language is no setting of a marketplace; this command reads no configuration"
)]
fn of_terminal(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The language that was asked for, or else the one of the terminal: the first of the three variables that says anything decides.
fn language(asked: Option<&str>, variable: impl Fn(&str) -> Option<String>) -> Language {
    let of_terminal =
        || ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(&variable).find(|said| !said.is_empty());
    let code = asked.map(str::to_owned).or_else(of_terminal).unwrap_or_default();
    match code.split(['_', '.', '-', '@']).next() {
        Some("zh") => Language::Chinese,
        Some(_) | None => Language::English,
    }
}

/// Everything that can be wrong with the arguments is found before the first call.
fn prepare(arguments: &DebugArguments) -> anyhow::Result<(Setup, GuardedClient)> {
    let (Some(address), Some(key_file)) = (&arguments.address, &arguments.key_file) else {
        bail!("an address and --key-file are needed");
    };
    let loopback = if arguments.allow_loopback { Loopback::Allowed } else { Loopback::Refused };
    let target = Target::parse_with_ports(address, loopback, &arguments.allow_port)?;
    let known = arguments.protocol.activities();
    for name in &arguments.activity {
        if !known.contains(&name.as_str()) {
            let protocol = arguments.protocol;
            bail!("--activity {name}: protocol {protocol} has no such call; it has {}", known.join(", "));
        }
    }
    check_orders(&arguments.order)?;
    let key = read_key(key_file)?;
    let client = client(&target, arguments.ca_file.as_deref())?;
    let setup = Setup {
        address: target.address().to_owned(),
        key,
        protocol: arguments.protocol,
        billing: arguments.billing,
        activities: arguments.activity.clone(),
        orders: arguments.order.clone(),
        limits: KitLimits::default(),
    };
    Ok((setup, client))
}

fn check_orders(orders: &[String]) -> anyhow::Result<()> {
    for order in orders {
        let short = order.chars().count() <= MOST_ORDER_CHARACTERS;
        if !short || order.contains(char::is_whitespace) || Id::parse(order).is_err() {
            bail!("--order {order:?} is no order: 1 to {MOST_ORDER_CHARACTERS} characters without blanks are");
        }
    }
    match orders {
        [] | [_] => Ok(()),
        [one, other] if one != other => Ok(()),
        [_, _] => bail!("--order is given twice with one order; the second must be another"),
        _ => bail!("--order is given {} times; at most two orders can be tried", orders.len()),
    }
}

fn read_key(path: &Path) -> anyhow::Result<AccessKey> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("--key-file {} cannot be read", path.display()))?;
    let mut lines = text.trim_start_matches('\u{feff}').lines().map(str::trim).filter(|line| !line.is_empty());
    let (Some(line), None) = (lines.next(), lines.next()) else {
        bail!("--key-file {} must hold the access key on one line, and nothing else", path.display());
    };
    AccessKey::parse(line).with_context(|| format!("--key-file {} holds no access key", path.display()))
}

fn client(target: &Target, ca_file: Option<&Path>) -> anyhow::Result<GuardedClient> {
    let policy: GuardPolicy = target.policy();
    let resolver = Arc::new(SystemResolver::new());
    match ca_file {
        None => GuardedClient::new(policy, Limits::default(), resolver).context("the client cannot be made"),
        Some(path) => {
            let pem = std::fs::read(path).with_context(|| format!("--ca-file {} cannot be read", path.display()))?;
            GuardedClient::with_authorities(policy, Limits::default(), resolver, &pem)
                .with_context(|| format!("--ca-file {}", path.display()))
        }
    }
}

/// Writes the report and says with which key.
fn write_report(path: &Path, key_file: Option<&Path>, run: &Run, language: Language) -> anyhow::Result<String> {
    let key_file = match key_file {
        Some(path) => path.to_owned(),
        None => std::env::home_dir()
            .context("there is no home folder for the report's key; name a file in SOUK_REPORT_KEY")?
            .join(".config/souk/report.key"),
    };
    let key = report_key(&key_file)?;
    let tool = concat!("souk ", env!("CARGO_PKG_VERSION"));
    let text = report::signed(run, &key, tool, SystemWorld.now_ms());
    std::fs::write(path, text).with_context(|| format!("the report {} cannot be written", path.display()))?;
    let fingerprint = key.fingerprint();
    let (path, key_file) = (path.display(), key_file.display());
    Ok(match language {
        Language::English => format!("\nThe signed report is {path}; your key {fingerprint} is in {key_file}.\n"),
        Language::Chinese => format!("\n已签名的报告：{path}；您的密钥{fingerprint}保存在{key_file}。\n"),
    })
}

/// Reads the key, or makes it. A file that does not read as a key is never written over.
fn report_key(path: &Path) -> anyhow::Result<ReportKey> {
    if !path.exists() {
        let mut seed = [0_u8; 32];
        SystemWorld.fill_random(&mut seed);
        crate::wiring::make_secret_file(path, &seed)?;
    }
    let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let seed = hex::decode(text.trim()).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let seed = seed.with_context(|| format!("{} must hold 64 hexadecimal digits", path.display()))?;
    Ok(ReportKey::from_seed(&seed))
}

/// A reader that went away, such as `head`, is no failure of the run.
fn print(text: &str, code: ExitCode) -> ExitCode {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => code,
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => code,
        Err(error) => complain(&anyhow::Error::new(error).context("the output cannot be written"), ExitCode::FAILURE),
    }
}

fn complain(error: &anyhow::Error, code: ExitCode) -> ExitCode {
    eprintln!("souk debug: {error:#}");
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_one_asked_for_or_else_the_terminals() {
        for (asked, variables, expected) in [
            (None, &[][..], Language::English),
            (None, &[("LANG", "zh_CN.UTF-8")], Language::Chinese),
            (None, &[("LANG", "zh")], Language::Chinese),
            (None, &[("LANG", "de_DE.UTF-8")], Language::English),
            (None, &[("LANG", "C.UTF-8")], Language::English),
            (None, &[("LANG", "zhuang")], Language::English),
            (None, &[("LC_ALL", "en_GB.UTF-8"), ("LANG", "zh_CN.UTF-8")], Language::English),
            (None, &[("LC_ALL", ""), ("LC_MESSAGES", "zh_CN"), ("LANG", "en_GB")], Language::Chinese),
            (Some("en"), &[("LC_ALL", "zh_CN.UTF-8")], Language::English),
            (Some("zh"), &[("LC_ALL", "en_GB.UTF-8")], Language::Chinese),
        ] {
            let variable =
                |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
            assert_eq!(language(asked, variable), expected, "{asked:?} {variables:?}");
        }
    }
}
