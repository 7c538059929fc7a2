//! A run as text for a terminal, as JSON for programs, and every code as a reference page. Pure.

use koogallery::{CheckCode, Language};
use serde::Serialize;

use super::words::{self, Verdict, mark};
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

/// [`text_in`] English.
pub fn text(run: &Run) -> String {
    text_in(run, Language::English)
}

/// The run for a person: every case with every check and its reason; under what went wrong how to mend it, what was sent and what
/// came back; a sum at the end.
pub fn text_in(run: &Run, language: Language) -> String {
    let mut out = words::head(&run.setup, language);
    let mut rest = run.cases.as_slice();
    while let Some((case, _)) = rest.split_first() {
        let alike = rest.iter().take_while(|other| skipped_alike(case, other)).count();
        if alike > 1 {
            out.push_str(&skips_text(&rest[..alike], language));
        } else {
            out.push_str(&case_text(case, language));
        }
        rest = &rest[alike.max(1)..];
    }
    out.push('\n');
    out.push_str(&sum(run, language));
    out
}

/// Were both not tried, for the same reason?
fn skipped_alike(one: &Case, other: &Case) -> bool {
    other.outcome() == Outcome::Skip && one.findings == other.findings
}

fn name(case: &Case, language: Language) -> String {
    words::case(&case.activity, case.trial.title(language), language)
}

/// Cases that were not tried for the same reason, as one.
fn skips_text(cases: &[Case], language: Language) -> String {
    let (Some(first), Some(last)) = (cases.first(), cases.last()) else { return String::new() };
    let several = words::several(cases.len(), &name(first, language), &name(last, language), language);
    let head = format!("\n{} {several}\n", mark(Outcome::Skip, language));
    first.findings.iter().fold(head, |out, finding| out + &finding_text(finding, language))
}

fn case_text(case: &Case, language: Language) -> String {
    let took = if case.sent.is_empty() { String::new() } else { words::took(case.elapsed_ms, language) };
    let mut out = format!("\n{} {}{took}\n", mark(case.outcome(), language), name(case, language));
    for finding in &case.findings {
        out.push_str(&finding_text(finding, language));
    }
    if case.outcome() == Outcome::Fail {
        let [sent, received, no_answer] = words::exchange(language);
        out.push_str(&block(sent, &case.sent));
        let answer = if case.received.is_empty() { no_answer } else { &case.received };
        out.push_str(&block(received, if case.sent.is_empty() { "" } else { answer }));
    }
    out
}

fn finding_text(finding: &Finding, language: Language) -> String {
    let (mark, message) = (mark(finding.outcome(), language), plain(&finding.message(language)));
    let mut out = format!("     {mark} {message}  [{}]\n", finding.code());
    let remedy = finding.remedy(language);
    if !remedy.is_empty() {
        out.push_str(&format!("          {}{}\n", words::mend(language), plain(&remedy)));
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
    let mut out = format!("          {title}{}\n", plain(first));
    for line in lines {
        out.push_str(&format!("                    {}\n", plain(line)));
    }
    out
}

fn sum(run: &Run, language: Language) -> String {
    let counts = [Outcome::Pass, Outcome::Warn, Outcome::Fail, Outcome::Skip].map(|outcome| run.count(outcome));
    let verdict = match (run.reached, run.passed()) {
        (Reached::No, _) => Verdict::NotReached,
        (Reached::Yes, true) if run.count(Outcome::Warn) > 0 => Verdict::PassedWithWarnings,
        (Reached::Yes, true) => Verdict::Passed,
        (Reached::Yes, false) if run.count(Outcome::Fail) == 0 => Verdict::Unfinished,
        (Reached::Yes, false) => Verdict::Failed,
    };
    let (counts, verdict) = (words::counts(counts, language), words::verdict(verdict, language));
    format!("{counts}\n{}{verdict}\n", to_mend(run, language))
}

/// Every failed check once more, by case: where to begin.
fn to_mend(run: &Run, language: Language) -> String {
    let failed = run.cases.iter().filter(|case| case.outcome() == Outcome::Fail).map(|case| {
        let codes = case.findings.iter().filter(|finding| finding.outcome() == Outcome::Fail).map(Finding::code);
        let codes = codes.collect::<Vec<_>>().join(", ");
        let (activity, trial) = (&case.activity, case.trial.title(language));
        match language {
            Language::English => format!("  {activity}, {trial}: {codes}\n"),
            Language::Chinese => format!("  {activity}，{trial}：{codes}\n"),
        }
    });
    let lines: String = failed.collect();
    if lines.is_empty() { lines } else { format!("{}{lines}", words::to_mend(language)) }
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
