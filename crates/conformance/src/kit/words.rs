//! The sentences around what a run found, in two languages. What was found has its own: [`super::code`] and `koogallery`'s checks.

use koogallery::Language;

use super::{Outcome, Setup};

/// Against what, and how: the first line.
pub(super) fn head(setup: &Setup, language: Language) -> String {
    let Setup { address, key, protocol, billing, .. } = setup;
    let key = key.masked();
    match language {
        Language::English => {
            format!("{address} as a marketplace calls it: protocol {protocol}, billing {billing}, key {key}\n")
        }
        Language::Chinese => format!("{address}，按云商店的方式调用：协议{protocol}，计费方式{billing}，密钥{key}\n"),
    }
}

/// How a case or a check ended, of one width in each language.
pub(super) fn mark(outcome: Outcome, language: Language) -> &'static str {
    match (outcome, language) {
        (Outcome::Pass, Language::English) => "ok  ",
        (Outcome::Warn, Language::English) => "WARN",
        (Outcome::Fail, Language::English) => "FAIL",
        (Outcome::Skip, Language::English) => "skip",
        (Outcome::Pass, Language::Chinese) => "通过",
        (Outcome::Warn, Language::Chinese) => "警告",
        (Outcome::Fail, Language::Chinese) => "失败",
        (Outcome::Skip, Language::Chinese) => "跳过",
    }
}

/// A case: which call, and what was tried.
pub(super) fn case(activity: &str, trial: &str, language: Language) -> String {
    match language {
        Language::English => format!("{activity}: {trial}"),
        Language::Chinese => format!("{activity}：{trial}"),
    }
}

/// How long a case took.
pub(super) fn took(elapsed_ms: u64, language: Language) -> String {
    match language {
        Language::English => format!("  ({elapsed_ms} ms)"),
        Language::Chinese => format!("（{elapsed_ms}毫秒）"),
    }
}

/// So many cases in a row, by the first and the last of them.
pub(super) fn several(count: usize, first: &str, last: &str, language: Language) -> String {
    match language {
        Language::English => format!("{count} cases, “{first}” to “{last}”"),
        Language::Chinese => format!("{count}个用例，“{first}”至“{last}”"),
    }
}

/// Before a cure.
pub(super) fn mend(language: Language) -> &'static str {
    match language {
        Language::English => "mend: ",
        Language::Chinese => "处理：",
    }
}

/// Before what was sent, before what came back, and in place of an answer that did not come.
pub(super) fn exchange(language: Language) -> [&'static str; 3] {
    match language {
        Language::English => ["we sent:  ", "we got:  ", "no answer"],
        Language::Chinese => ["发送：", "收到：", "无应答"],
    }
}

/// Above the failed cases, once more.
pub(super) fn to_mend(language: Language) -> &'static str {
    match language {
        Language::English => "To mend, beginning with the first:\n",
        Language::Chinese => "需要处理，请从第一项开始：\n",
    }
}

/// How many cases ended how.
pub(super) fn counts([pass, warn, fail, skip]: [usize; 4], language: Language) -> String {
    match language {
        Language::English => format!("{pass} ok, {warn} with a warning, {fail} failed, {skip} not tried"),
        Language::Chinese => format!("通过{pass}，警告{warn}，失败{fail}，未执行{skip}"),
    }
}

/// What a whole run came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nobody was there.
    NotReached,
    /// Nothing failed, and something warns.
    PassedWithWarnings,
    /// Nothing failed.
    Passed,
    /// Something failed.
    Failed,
    /// Nothing failed, and not everything was tried.
    Unfinished,
}

/// The last line.
pub(super) fn verdict(verdict: Verdict, language: Language) -> &'static str {
    match (verdict, language) {
        (Verdict::NotReached, Language::English) => "NOT REACHED: the address could not be called.",
        (Verdict::NotReached, Language::Chinese) => "未连接：无法调用该地址。",
        (Verdict::PassedWithWarnings, Language::English) => {
            "PASSED. Look at the warnings before you release; docs/reference/debug-checks.md explains each code."
        }
        (Verdict::PassedWithWarnings, Language::Chinese) => {
            "通过。发布前请查看警告；docs/reference/debug-checks.md对每个代码都有说明。"
        }
        (Verdict::Passed, Language::English) => "PASSED.",
        (Verdict::Passed, Language::Chinese) => "通过。",
        (Verdict::Failed, Language::English) => "FAILED. docs/reference/debug-checks.md explains each code.",
        (Verdict::Unfinished, Language::English) => {
            "NOT FINISHED: nothing failed, but the time ran out before everything was tried. Answer faster, or try a few calls at a time with --activity."
        }
        (Verdict::Unfinished, Language::Chinese) => {
            "未完成：没有失败项，但时间用尽，部分用例未执行。请缩短应答时间，或用--activity分批执行。"
        }
        (Verdict::Failed, Language::Chinese) => "未通过。docs/reference/debug-checks.md对每个代码都有说明。",
    }
}
