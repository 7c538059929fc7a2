//! A run as text for a terminal, as JSON for programs, and every code as a reference page. Pure.

use koogallery::{CheckCode, Language};
use serde::Serialize;

use super::{Case, Finding, KitCode, Outcome, Reached, Run};

/// The documented JSON of a run, members in the documented order. Messages are English, each with its cure.
#[derive(Serialize)]
pub struct RunJson<'r> {
    address: &'r str,
    protocol: &'static str,
    billing: &'static str,
    passed: bool,
    cases: Vec<CaseJson<'r>>,
}

#[derive(Serialize)]
struct CaseJson<'r> {
    activity: &'r str,
    outcome: &'static str,
    elapsed_ms: u64,
    checks: Vec<CheckJson>,
}

#[derive(Serialize)]
struct CheckJson {
    code: &'static str,
    outcome: &'static str,
    message: String,
}

/// A run for programs.
pub fn json(run: &Run) -> RunJson<'_> {
    RunJson {
        address: &run.setup.address,
        protocol: run.setup.protocol.as_str(),
        billing: run.setup.billing.as_str(),
        passed: run.passed(),
        cases: run.cases.iter().map(case_json).collect(),
    }
}

fn case_json(case: &Case) -> CaseJson<'_> {
    let checks = case.findings.iter().map(|finding| {
        let message = [finding.message(Language::English), finding.remedy(Language::English)].join(" ");
        CheckJson { code: finding.code(), outcome: finding.outcome().as_str(), message: message.trim_end().to_owned() }
    });
    CaseJson {
        activity: &case.activity,
        outcome: case.outcome().as_str(),
        elapsed_ms: case.elapsed_ms,
        checks: checks.collect(),
    }
}

/// The run for a person: every case with every check and its reason; under what went wrong how to mend it, what was sent and what
/// came back; a sum at the end.
pub fn text(run: &Run) -> String {
    let setup = &run.setup;
    let mut out = format!(
        "{} as a marketplace calls it: protocol {}, billing {}, key {}\n",
        setup.address,
        setup.protocol,
        setup.billing,
        setup.key.masked()
    );
    let mut rest = run.cases.as_slice();
    while let Some((case, _)) = rest.split_first() {
        let alike = rest.iter().take_while(|other| skipped_alike(case, other)).count();
        if alike > 1 {
            out.push_str(&skips_text(&rest[..alike]));
        } else {
            out.push_str(&case_text(case));
        }
        rest = &rest[alike.max(1)..];
    }
    out.push('\n');
    out.push_str(&sum(run));
    out
}

/// Were both not tried, for the same reason?
fn skipped_alike(one: &Case, other: &Case) -> bool {
    other.outcome() == Outcome::Skip && one.findings == other.findings
}

/// Cases that were not tried for the same reason, as one.
fn skips_text(cases: &[Case]) -> String {
    let name = |case: &Case| format!("{}: {}", case.activity, case.trial.title(Language::English));
    let (Some(first), Some(last)) = (cases.first(), cases.last()) else { return String::new() };
    let count = cases.len();
    let head = format!("\n{} {count} cases, “{}” to “{}”\n", mark(Outcome::Skip), name(first), name(last));
    first.findings.iter().fold(head, |out, finding| out + &finding_text(finding))
}

fn mark(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "ok  ",
        Outcome::Warn => "WARN",
        Outcome::Fail => "FAIL",
        Outcome::Skip => "skip",
    }
}

fn case_text(case: &Case) -> String {
    let took = if case.sent.is_empty() { String::new() } else { format!("  ({} ms)", case.elapsed_ms) };
    let mut out =
        format!("\n{} {}: {}{took}\n", mark(case.outcome()), case.activity, case.trial.title(Language::English));
    for finding in &case.findings {
        out.push_str(&finding_text(finding));
    }
    if case.outcome() == Outcome::Fail {
        out.push_str(&block("we sent", &case.sent));
        let received = if case.received.is_empty() { "no answer" } else { &case.received };
        out.push_str(&block("we got", if case.sent.is_empty() { "" } else { received }));
    }
    out
}

fn finding_text(finding: &Finding) -> String {
    let mut out = format!(
        "     {} {}  [{}]\n",
        mark(finding.outcome()),
        plain(&finding.message(Language::English)),
        finding.code()
    );
    let remedy = finding.remedy(Language::English);
    if !remedy.is_empty() {
        out.push_str(&format!("          mend: {}\n", plain(&remedy)));
    }
    out
}

/// Text that may come from a stranger, on one line and without anything that a terminal obeys.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

fn block(title: &str, text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default();
    let mut out = format!("          {title}:  {}\n", plain(first));
    for line in lines {
        out.push_str(&format!("                    {}\n", plain(line)));
    }
    out
}

fn sum(run: &Run) -> String {
    let count = |outcome| run.count(outcome);
    let counts = format!(
        "{} ok, {} with a warning, {} failed, {} not tried",
        count(Outcome::Pass),
        count(Outcome::Warn),
        count(Outcome::Fail),
        count(Outcome::Skip)
    );
    let verdict = match (run.reached, run.passed()) {
        (Reached::No, _) => "NOT REACHED: the address could not be called.",
        (Reached::Yes, true) if count(Outcome::Warn) > 0 => {
            "PASSED. Look at the warnings before you release; docs/reference/debug-checks.md explains each code."
        }
        (Reached::Yes, true) => "PASSED.",
        (Reached::Yes, false) => "FAILED. docs/reference/debug-checks.md explains each code.",
    };
    format!("{counts}\n{}{verdict}\n", to_mend(run))
}

/// Every failed check once more, by case: where to begin.
fn to_mend(run: &Run) -> String {
    let failed = run.cases.iter().filter(|case| case.outcome() == Outcome::Fail).map(|case| {
        let codes = case.findings.iter().filter(|finding| finding.outcome() == Outcome::Fail).map(Finding::code);
        let codes = codes.collect::<Vec<_>>().join(", ");
        format!("  {}, {}: {codes}\n", case.activity, case.trial.title(Language::English))
    });
    let lines: String = failed.collect();
    if lines.is_empty() { lines } else { format!("To mend, beginning with the first:\n{lines}") }
}

/// The reference page of all codes, in Markdown.
pub fn reference_page() -> String {
    let mut out = String::from(PAGE_HEAD);
    out.push_str("\n## What several calls show together, and the connection\n");
    for code in KitCode::ALL {
        let [english, chinese] = [Language::English, Language::Chinese].map(|language| code.template(language));
        out.push_str(&section(code.as_str(), code.outcome(), code.rule(), english, chinese));
    }
    out.push_str("\n## A single answer\n");
    for code in CheckCode::ALL {
        let [english, chinese] = [Language::English, Language::Chinese].map(|language| code.template(language));
        out.push_str(&section(code.as_str(), code.outcome().into(), code.rule(), english, chinese));
    }
    out
}

const PAGE_HEAD: &str = "# The checks of souk debug

Every code that `souk debug` and the debugging page can show, with what it means and how to mend it. Words in braces stand for what
was found. A `fail` fails the run, a `warn` does not; `skip` was not tried. The sections named are those of the seller protocol.

This page is written by the code itself (`souk debug --list-checks`), and a test keeps the two equal.
";

fn section(
    code: &str,
    outcome: Outcome,
    rule: &str,
    (english, english_cure): (&str, &str),
    (chinese, chinese_cure): (&str, &str),
) -> String {
    let rule = if rule.is_empty() { String::new() } else { format!(" · seller protocol {rule}") };
    let cure =
        |title: &str, text: &str| if text.is_empty() { String::new() } else { format!("\n**{title}** {text}\n") };
    format!(
        "\n### {code}\n\n`{}`{rule}\n\n{english}\n{}\n{chinese}\n{}",
        outcome.as_str(),
        cure("How to mend it:", english_cure),
        cure("处理方法：", chinese_cure),
    )
}
