//! `souk debug` and `souk seller` as processes: exit codes, what is printed where, the report's key, pipes that close.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test that cannot be set up must stop; it speaks to its own processes on loopback"
)]

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

const KEY: &str = "kg-test-access-key-0001";

/// A folder that goes when the test does.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("souk-debug-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        std::fs::write(path.join("key.txt"), format!("{KEY}\n")).unwrap();
        Folder(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn debug(&self, arguments: &[&str]) -> Output {
        let mut command = souk();
        command.arg("debug").args(arguments).current_dir(&self.0);
        command.env("HOME", &self.0).env_remove("SOUK_REPORT_KEY");
        command.env_remove("LC_ALL").env_remove("LC_MESSAGES").env_remove("LANG");
        command.output().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn souk() -> Command {
    Command::new(env!("CARGO_BIN_EXE_souk"))
}

struct Seller {
    child: Child,
    url: String,
}

impl Seller {
    fn start(folder: &Path, arguments: &[&str]) -> Seller {
        let mut command = souk();
        command.args(["seller", "--listen", "127.0.0.1:0", "--key-file", "key.txt"]).args(arguments);
        command.current_dir(folder).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let url = line.split_whitespace().last().unwrap().to_owned();
        Seller { child, url }
    }
}

impl Drop for Seller {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn a_good_seller_ends_with_0_in_both_versions_and_every_billing_mode() {
    let folder = Folder::new("good");
    let seller = Seller::start(&folder.0, &["--state", "accounts.jsonl"]);
    for protocol in ["v2", "v1"] {
        for billing in ["period", "one-time", "pay-per-use"] {
            let arguments =
                ["--key-file", "key.txt", "--allow-loopback", "--json", "--protocol", protocol, "--billing", billing];
            let out = folder.debug(&[&[seller.url.as_str()], arguments.as_slice()].concat());
            assert_eq!(out.status.code(), Some(0), "{}", text(&out.stdout));
            let json: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
            assert_eq!((&json["passed"], &json["protocol"]), (&true.into(), &protocol.into()));
            assert_eq!(json["billing"], billing);
            assert!(text(&out.stdout).starts_with("{\n  \"address\""), "members stand in the documented order");
        }
    }
}

#[test]
fn a_bad_seller_ends_with_1_and_says_how_to_mend_it() {
    let folder = Folder::new("bad");
    let seller = Seller::start(&folder.0, &["--behaviour", "wrong-signature"]);
    let out = folder.debug(&[&seller.url, "--key-file", "key.txt", "--allow-loopback"]);
    assert_eq!(out.status.code(), Some(1));
    let said = text(&out.stdout);
    for part in ["body_sign_wrong", "mend: Sign the body byte for byte", "we sent:", "we got:", "FAILED."] {
        assert!(said.contains(part), "{part} is missing from\n{said}");
    }
    assert!(!said.contains(KEY) && out.stderr.is_empty());
}

#[test]
fn the_text_is_in_the_language_asked_for_and_json_is_not() {
    let folder = Folder::new("language");
    let seller = Seller::start(&folder.0, &[]);
    let arguments = ["--key-file", "key.txt", "--allow-loopback", "--activity", "queryInstance"];
    let run = |more: &[&str], environment: Option<&str>| {
        let mut command = souk();
        command.arg("debug").arg(&seller.url).args(arguments).args(more).current_dir(&folder.0);
        command.env("HOME", &folder.0).env_remove("SOUK_REPORT_KEY");
        command.env_remove("LC_ALL").env_remove("LC_MESSAGES").env_remove("LANG");
        if let Some(value) = environment {
            command.env("LANG", value);
        }
        let out = command.output().unwrap();
        assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
        text(&out.stdout)
    };
    assert!(run(&[], None).contains("PASSED"));
    assert!(run(&[], Some("zh_CN.UTF-8")).contains("通过。"));
    assert!(run(&["--language", "en"], Some("zh_CN.UTF-8")).contains("PASSED"));
    let chinese = run(&["--language", "zh", "--report", "report.json"], None);
    assert!(chinese.contains("已签名的报告：report.json") && chinese.contains("[tls_absent]"), "{chinese}");
    let json = run(&["--language", "zh", "--json"], None);
    assert!(json.contains("The address may be called.") && !json.contains("通过"), "{json}");
    let out = folder.debug(&[&seller.url, "--key-file", "key.txt", "--language", "de"]);
    assert_eq!(out.status.code(), Some(2));
    assert!(text(&out.stderr).contains("possible values: en, zh"), "{}", text(&out.stderr));
}

#[test]
fn an_address_where_nobody_listens_ends_with_5() {
    let folder = Folder::new("nobody");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let out = folder.debug(&[&url, "--key-file", "key.txt", "--allow-loopback", "--json"]);
    assert_eq!(out.status.code(), Some(5));
    let json: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(json["cases"][0]["checks"][0]["code"], "connection_refused");
}

#[test]
fn wrong_usage_ends_with_2_and_says_what_to_type() {
    let folder = Folder::new("usage");
    std::fs::write(folder.file("two.txt"), "one\ntwo\n").unwrap();
    std::fs::write(folder.file("none.pem"), "no certificate\n").unwrap();
    let good = "https://saas.example.com/produce";
    for (arguments, part) in [
        (vec![], "<ADDRESS>"),
        (vec![good], "--key-file"),
        (vec![good, "--key-file", "missing.txt"], "missing.txt"),
        (vec![good, "--key-file", "two.txt"], "one line"),
        (vec!["http://127.0.0.1:9/", "--key-file", "key.txt"], "--allow-loopback"),
        (vec!["http://saas.example.com/", "--key-file", "key.txt"], "https://"),
        (vec![good, "--key-file", "key.txt", "--protocol", "v3"], "v2 or v1"),
        (vec![good, "--key-file", "key.txt", "--billing", "yearly"], "pay-per-use"),
        (vec![good, "--key-file", "key.txt", "--activity", "makeInstance"], "newInstance"),
        (vec![good, "--key-file", "key.txt", "--ca-file", "none.pem"], "certificate"),
        (vec![good, "--key-file", "key.txt", "--order", "CS 1"], "without blanks"),
        (vec![good, "--key-file", "key.txt", "--order", "CS1", "--order", "CS1"], "another"),
        (vec![good, "--key-file", "key.txt", "--order", "A", "--order", "B", "--order", "C"], "at most two"),
    ] {
        let out = folder.debug(&arguments);
        let said = text(&out.stderr);
        assert_eq!(out.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(part), "{arguments:?}: {part} is missing from\n{said}");
        assert!(out.stdout.is_empty());
    }
}

#[test]
fn the_key_of_reports_is_made_once_and_readable_for_its_owner_only() {
    let folder = Folder::new("report");
    let seller = Seller::start(&folder.0, &[]);
    let mut keys = Vec::new();
    for name in ["one.json", "two.json"] {
        let arguments = ["--key-file", "key.txt", "--allow-loopback", "--activity", "queryInstance", "--report", name];
        let out = folder.debug(&[&[seller.url.as_str()], arguments.as_slice()].concat());
        assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
        let file = std::fs::read_to_string(folder.file(name)).unwrap();
        let read = conformance::kit::report::verify(&file).unwrap();
        assert!(read.passed && !file.contains(KEY));
        keys.push(read.public_key);
    }
    assert_eq!(keys[0], keys[1]);
    let key = folder.file(".config/souk/report.key");
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&key).unwrap().permissions()) & 0o777, 0o600);
    std::fs::write(&key, "not a key").unwrap();
    let out = folder.debug(&[&seller.url, "--key-file", "key.txt", "--allow-loopback", "--report", "three.json"]);
    assert_eq!(out.status.code(), Some(1));
    assert!(text(&out.stderr).contains("64 hexadecimal digits"));
    assert_eq!(std::fs::read_to_string(&key).unwrap(), "not a key", "it is not written over");
}

#[test]
fn a_reader_that_goes_away_is_no_panic() {
    let folder = Folder::new("pipe");
    for arguments in [vec!["seller", "--list-behaviours"], vec!["debug", "--list-checks"]] {
        let mut command = souk();
        command.args(&arguments).current_dir(&folder.0).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        drop(child.stdout.take());
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert!(child.wait().unwrap().success(), "{arguments:?}: {said}");
        assert_eq!(said, "", "{arguments:?}");
    }
}
