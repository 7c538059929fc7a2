//! `souk sign`: signs one call of a seller's server to a marketplace's open APIs, shows what was signed step by step, and prints
//! the curl command that sends it. It reads no configuration, needs no marketplace and sends nothing itself.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use conformance::seller::{SellerWorld as _, SystemWorld};
use koogallery::gateway::{self, ApiRequest};
use koogallery::open_api::query_pairs;
use koogallery::{AccessKey, usage_push};
use url::Url;

/// What to sign, and with what.
#[derive(clap::Args)]
#[command(
    about = "Sign a call to a marketplace's open APIs, and show every step",
    long_about = "Sign a call as a seller's server does: with an access key and its secret (order query, licences, the old usage \
                  push), with the key of an interface address (the new usage push), or with both. What was signed is shown \
                  step by step, to be compared with your own code, and then the curl command that sends it. A signature is \
                  good for 15 minutes, a nonce for one call. Works for any marketplace that speaks KooGallery's open APIs.",
    after_help = "Examples:\n  \
      souk sign GET 'https://market.example/api/mkp-openapi-public/global/v1/order/query?orderId=MOCKONDEMAND' \\\n    \
        --access-key SKAAAAAAAAAAAAAAAAAA --secret-file secret.txt\n  \
      souk sign POST https://market.example/api/mkp-openapi-public/global/v1/isv/usage-data \\\n    \
        --key-file key.txt --body records.json --curl | sh\n\n\
      Exit codes: 0 signed, 2 wrong usage."
)]
pub struct SignArguments {
    /// GET or POST.
    #[arg(value_name = "METHOD", value_parser = ["GET", "POST"])]
    method: String,
    /// The whole address, with its query.
    #[arg(value_name = "ADDRESS")]
    address: String,
    /// The access key of your organisation.
    #[arg(long, value_name = "KEY", requires = "secret_file")]
    access_key: Option<String>,
    /// The file that holds the access key's secret on one line.
    #[arg(long, value_name = "FILE", requires = "access_key")]
    secret_file: Option<PathBuf>,
    /// The file that holds the key of the interface address on one line.
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// The file with the body, sent as it is; the curl command reads it again. `-` takes it from the standard input and writes
    /// it into the command, which a shell takes up to 128 KiB. Without it the body is empty.
    #[arg(long, value_name = "FILE")]
    body: Option<PathBuf>,
    /// Print nothing but the curl command.
    #[arg(long)]
    curl: bool,
}

/// Runs the whole command.
pub fn start(arguments: &SignArguments) -> ExitCode {
    let mut random = [0_u8; 16];
    SystemWorld.fill_random(&mut random);
    let nonce = hex::encode(random);
    match read(arguments).and_then(|call| signed(&call, SystemWorld.now_ms(), &nonce)) {
        Ok(signed) => {
            let steps = if arguments.curl { "" } else { signed.steps.as_str() };
            let mut out = std::io::stdout().lock();
            // A reader that went away, such as `head`, is no failure.
            drop(writeln!(out, "{steps}{}", signed.curl).and_then(|()| out.flush()));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("souk sign: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// A call to sign.
struct Call {
    method: String,
    url: Url,
    body: String,
    /// The file that the body was read from, as curl is told it.
    body_file: Option<String>,
    access: Option<(String, String)>,
    interface_key: Option<AccessKey>,
}

/// What is printed.
struct Signed {
    steps: String,
    curl: String,
}

fn read(arguments: &SignArguments) -> anyhow::Result<Call> {
    let url = Url::parse(&arguments.address).with_context(|| format!("{} is no address", arguments.address))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        bail!("{} must start with https:// and name a host", arguments.address);
    }
    let access = match (&arguments.access_key, &arguments.secret_file) {
        (Some(key), Some(file)) => Some((key.clone(), one_line(file, "--secret-file")?)),
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => bail!("--access-key and --secret-file go together"),
    };
    let interface_key = match &arguments.key_file {
        Some(file) => Some(AccessKey::parse(&one_line(file, "--key-file")?).context("--key-file")?),
        None => None,
    };
    if access.is_none() && interface_key.is_none() {
        bail!("nothing to sign with: give --access-key with --secret-file, or --key-file");
    }
    let (body, body_file) = match &arguments.body {
        None => (String::new(), None),
        Some(path) if path.as_os_str() == "-" => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).context("the standard input is no text")?;
            (text, None)
        }
        Some(path) => {
            let name = path.to_str().with_context(|| format!("--body {} is no text", path.display()))?;
            let text = std::fs::read_to_string(path).with_context(|| format!("--body {name} cannot be read"))?;
            (text, Some(name.to_owned()))
        }
    };
    Ok(Call { method: arguments.method.clone(), url, body, body_file, access, interface_key })
}

fn one_line(path: &Path, argument: &str) -> anyhow::Result<String> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("{argument} {} cannot be read", path.display()))?;
    let mut lines = text.trim_start_matches('\u{feff}').lines().map(str::trim).filter(|line| !line.is_empty());
    match (lines.next(), lines.next()) {
        (Some(line), None) => Ok(line.to_owned()),
        (None, _) | (Some(_), Some(_)) => {
            bail!("{argument} {} must hold one line, and nothing else", path.display())
        }
    }
}

fn signed(call: &Call, now_ms: i64, nonce: &str) -> anyhow::Result<Signed> {
    let (mut steps, mut sent) = (String::new(), vec![("Content-Type".to_owned(), "application/json".to_owned())]);
    if let Some((access_key, secret)) = &call.access {
        let date = jiff::Timestamp::from_millisecond(now_ms)?.strftime("%Y%m%dT%H%M%SZ").to_string();
        sent.push(("X-Sdk-Date".to_owned(), date.clone()));
        let host = call.url.host_str().unwrap_or_default();
        let host = call.url.port().map_or(host.to_owned(), |port| format!("{host}:{port}"));
        let mut headers = sent.clone();
        headers.push(("Host".to_owned(), host));
        let query = query_pairs(call.url.query().unwrap_or_default());
        let request = ApiRequest {
            method: &call.method,
            path: call.url.path(),
            query: &query,
            headers: &headers,
            body: call.body.as_bytes(),
        };
        let authorization = gateway::sign(access_key, secret, &request)?;
        let canonical = gateway::canonical_request(&request, &authorization.signed_headers);
        let canonical = canonical.context("the headers are there once each")?;
        steps += &step("Canonical request", &canonical);
        steps += &step("String to sign", &gateway::string_to_sign(&date, &canonical));
        steps += &step("Signature: HMAC-SHA256 of it under the secret, hexadecimal", &authorization.signature);
        sent.push(("Authorization".to_owned(), authorization.to_value()));
    }
    if let Some(key) = &call.interface_key {
        let ts = now_ms.to_string();
        let signature = usage_push::signature(key, &ts, nonce, &call.body);
        steps += &step("String to sign with the interface key", &format!("ts={ts}&nonce={nonce}&body={}", call.body));
        steps += &step("Signature: HMAC-SHA256 of it under that key, base64", &signature);
        sent.extend(
            [("ts", ts.as_str()), ("nonce", nonce), ("signature", &signature)]
                .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
    }
    let headers: String =
        sent.iter().map(|(name, value)| format!(" \\\n  -H {}", quoted(&format!("{name}: {value}")))).collect();
    // A shell's argument ends at 128 KiB, and a body may begin with the sign by which curl knows a file.
    let body = match (call.method.as_str(), call.body.as_str(), &call.body_file) {
        ("GET", "", _) => String::new(),
        (_, _, Some(file)) => format!(" \\\n  --data-binary {}", quoted(&format!("@{file}"))),
        (_, body, None) => format!(" \\\n  --data-raw {}", quoted(body)),
    };
    let curl = format!("curl -sS -i -X {} {}{headers}{body}", call.method, quoted(call.url.as_str()));
    Ok(Signed { steps, curl })
}

fn step(title: &str, text: &str) -> String {
    let lines: String = text.lines().map(|line| format!("    {line}\n")).collect();
    format!("{title}:\n{lines}\n")
}

/// One word for a POSIX shell, whatever is in it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(method: &str, url: &str, body: &str) -> Call {
        Call {
            method: method.to_owned(),
            url: Url::parse(url).expect("an address"),
            body: body.to_owned(),
            body_file: None,
            access: None,
            interface_key: None,
        }
    }

    #[test]
    fn an_order_query_is_signed_as_in_the_published_vector() {
        let url = "https://mkt-intl.example.org/api/mkp-openapi-public/global/v1/order/query?orderId=CS2601150930ABCDE&orderLineId=CS2601150930ABCDE-000001";
        let keys = ("KGTESTAK000000000001".to_owned(), "kgTestSecretKey0000000000000000000000001".to_owned());
        let call = Call { access: Some(keys), ..call("GET", url, "") };
        let signed = signed(&call, 1_768_469_400_000, "n-1").expect("it can be signed");
        let signature = "3d0353523e09f630bb34c191b702ac59169819e1c5e13391da0a1bc70cab0b8b";
        assert!(
            signed.steps.contains("    20260115T093000Z\n") && signed.steps.contains(signature),
            "{}",
            signed.steps
        );
        assert!(signed.curl.starts_with(&format!("curl -sS -i -X GET '{url}'")), "{}", signed.curl);
        assert!(signed.curl.contains("SignedHeaders=content-type;host;x-sdk-date, Signature=3d03"), "{}", signed.curl);
        assert!(!signed.curl.contains("nonce") && !signed.steps.contains("kgTestSecretKey"), "the secret is not shown");
    }

    #[test]
    fn a_push_is_signed_as_in_the_published_vector_and_quotes_survive_the_shell() {
        let body = r#"{"usage_records":[{"begin_time":"20260115T090000Z","end_time":"20260115T095959Z","instance_id":"6f1c2d7e-0b35-4a57-9c43-8f0f5b1f7a10","metering_sn":"9d7f1c52b8f94d6b8a0a5c3c9e1d4f77","record_time":"20260115T100500Z","usage_value":"12.5000"}]}"#;
        let url = "http://127.0.0.1:8080/api/mkp-openapi-public/global/v1/isv/usage-data";
        let key = || AccessKey::parse("kg-test-access-key-0001").ok();
        let push = Call { interface_key: key(), ..call("POST", url, body) };
        let made = signed(&push, 1_768_471_500_000, "837796e4519718df49aa64ff41018307").expect("it can be signed");
        assert!(made.curl.contains("'signature: r7hmMhuYZDEaFAdliGrPIg6+FcYTCPNh00LTXQELk/o='"), "{}", made.curl);
        assert!(made.curl.ends_with(&format!("--data-raw '{body}'")) && !made.curl.contains("Authorization"));
        let quote = Call { interface_key: key(), ..call("POST", url, "it's") };
        let made = signed(&quote, 0, "n").expect("it can be signed");
        assert!(made.curl.ends_with(r"--data-raw 'it'\''s'"), "{}", made.curl);
    }

    #[test]
    fn curl_reads_a_large_body_from_its_file_and_takes_no_body_for_a_file() {
        let url = "http://127.0.0.1:8080/api/mkp-openapi-public/global/v1/isv/usage-data";
        let key = || AccessKey::parse("kg-test-access-key-0001").ok();
        let large = "x".repeat(200 * 1024);
        let file = Some("it's records.json".to_owned());
        let call_of = Call { interface_key: key(), body_file: file, ..call("POST", url, &large) };
        let made = signed(&call_of, 0, "n").expect("it can be signed");
        assert!(made.curl.ends_with(r"--data-binary '@it'\''s records.json'") && made.curl.len() < 1_000);
        let call_of = Call { interface_key: key(), ..call("POST", url, "@/etc/passwd") };
        let made = signed(&call_of, 0, "n").expect("it can be signed");
        assert!(made.curl.ends_with("--data-raw '@/etc/passwd'"), "{}", made.curl);
    }
}
