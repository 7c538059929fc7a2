//! What a run came to: cases, each with its checks. Pure; making them is [`super::v2`]'s and [`super::v1`]'s business, showing them
//! [`super::show`]'s.

use std::collections::BTreeMap;

use koogallery::{Check, Language};

use super::{KitCode, Setup};

/// How a check or a case ended. The worst of its checks decides for a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// Not tried.
    Skip,
    /// As it must be.
    Pass,
    /// Accepted, but worth a look.
    Warn,
    /// Not as the protocol wants it.
    Fail,
}

impl Outcome {
    /// The word in JSON and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Skip => "skip",
            Outcome::Pass => "pass",
            Outcome::Warn => "warn",
            Outcome::Fail => "fail",
        }
    }
}

impl From<koogallery::Outcome> for Outcome {
    fn from(outcome: koogallery::Outcome) -> Outcome {
        match outcome {
            koogallery::Outcome::Pass => Outcome::Pass,
            koogallery::Outcome::Warn => Outcome::Warn,
            koogallery::Outcome::Fail => Outcome::Fail,
        }
    }
}

/// One check: of the answer by the protocol crate, or of what several answers show together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// About one answer.
    Answer(Check),
    /// About more than one answer, or about the connection.
    Kit(KitCode, BTreeMap<&'static str, String>),
}

impl Finding {
    /// A finding of the kit with the values its sentence speaks of.
    pub(crate) fn kit<const N: usize>(code: KitCode, args: [(&'static str, String); N]) -> Finding {
        Finding::Kit(code, args.into())
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Finding::Answer(check) => check.code().as_str(),
            Finding::Kit(code, _) => code.as_str(),
        }
    }

    /// Pass, warn, fail or skip.
    pub fn outcome(&self) -> Outcome {
        match self {
            Finding::Answer(check) => check.outcome().into(),
            Finding::Kit(code, _) => code.outcome(),
        }
    }

    /// What was found.
    pub fn message(&self, language: Language) -> String {
        match self {
            Finding::Answer(check) => check.message(language),
            Finding::Kit(code, args) => filled(code.template(language).0, args, language),
        }
    }

    /// What to do about it; empty where nothing is to be done.
    pub fn remedy(&self, language: Language) -> String {
        match self {
            Finding::Answer(check) => check.remedy(language),
            Finding::Kit(code, args) => filled(code.template(language).1, args, language),
        }
    }
}

/// The template with its `{names}` replaced, in one pass, so that a value cannot be taken for a name.
///
/// Most values are the same in every language; a value that is a sentence has its Chinese form beside it, as `name_chinese`.
fn filled(template: &str, args: &BTreeMap<&'static str, String>, language: Language) -> String {
    let value = |name: &str| match language {
        Language::English => args.get(name),
        Language::Chinese => args.get(format!("{name}_chinese").as_str()).or_else(|| args.get(name)),
    };
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, later) = after.split_once('}').unwrap_or((after, ""));
        out.push_str(before);
        out.push_str(value(name).map_or("", String::as_str));
        rest = later;
    }
    out.push_str(rest);
    out.trim_end().to_owned()
}

macro_rules! trials {
    ($( $name:ident = $english:literal, $chinese:literal; )*) => {
        /// What a case tries.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Trial { $( #[doc = $english] $name, )* }

        impl Trial {
            /// For people.
            pub fn title(self, language: Language) -> &'static str {
                match (self, language) {
                    $(
                        (Trial::$name, Language::English) => $english,
                        (Trial::$name, Language::Chinese) => $chinese,
                    )*
                }
            }
        }
    };
}

trials! {
    Connection = "reaching the address, TLS and certificate", "连接地址、TLS和证书";
    Plain = "a good call", "正常调用";
    Again = "the same call again", "重复同一调用";
    OtherOrder = "another order", "另一个订单";
    Thaw = "unfreeze", "解冻";
    WrongSignature = "a wrong signature", "签名错误";
    MissingSignature = "no signature", "没有签名";
    Stale = "two minutes old", "过期两分钟";
    Future = "ten minutes in the future", "未来十分钟";
    Replay = "the same bytes twice", "重放同一请求";
    UnknownInstance = "an instance that does not exist", "实例不存在";
    UnknownActivity = "an activity that does not exist", "接口不存在";
    ExtraMember = "one member more than documented", "额外的成员";
    ChineseText = "Chinese text", "中文内容";
}

/// One case: a call or two, and what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The activity that was called; `connection` for the case about the address itself.
    pub activity: String,
    /// What was tried.
    pub trial: Trial,
    /// From the first byte sent to the last byte read; 0 if nothing was sent.
    pub elapsed_ms: u64,
    /// What was found, in order. Never empty.
    pub findings: Vec<Finding>,
    /// What was sent, as text without the key; empty if nothing was.
    pub sent: String,
    /// What came back, as text, cut; empty if nothing did.
    pub received: String,
}

impl Case {
    /// The worst of its checks.
    pub fn outcome(&self) -> Outcome {
        self.findings.iter().map(Finding::outcome).max().unwrap_or(Outcome::Skip)
    }
}

/// Was the address reached at all?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached {
    /// It took the connection.
    Yes,
    /// No such name, nobody listens, or an address that a marketplace never calls.
    No,
}

/// A whole run.
#[derive(Clone, Debug)]
pub struct Run {
    /// Against what, and how.
    pub setup: Setup,
    /// Every case, in order.
    pub cases: Vec<Case>,
    /// Was the address reached?
    pub reached: Reached,
}

impl Run {
    /// Nothing failed, something was tried, and nothing was left out for lack of time.
    pub fn passed(&self) -> bool {
        let time_over = |finding: &Finding| finding.code() == KitCode::SkippedTimeOver.as_str();
        self.reached == Reached::Yes
            && !self.cases.iter().flat_map(|case| &case.findings).any(time_over)
            && self.cases.iter().all(|case| case.outcome() != Outcome::Fail)
            && self.cases.iter().any(|case| case.outcome() != Outcome::Skip && case.trial != Trial::Connection)
    }

    /// How many cases ended so.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.cases.iter().filter(|case| case.outcome() == outcome).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_speak_of_the_same_values_and_failures_have_a_cure() {
        let names = |text: &str| {
            let mut names: Vec<_> =
                text.split('{').skip(1).filter_map(|part| part.split('}').next()).map(str::to_owned).collect();
            names.sort();
            names.dedup();
            names
        };
        for code in KitCode::ALL {
            let (english, english_cure) = code.template(Language::English);
            let (chinese, chinese_cure) = code.template(Language::Chinese);
            assert_eq!(names(english), names(chinese), "{}", code.as_str());
            assert_eq!(names(english_cure), names(chinese_cure), "{}", code.as_str());
            let needs_cure = matches!(code.outcome(), Outcome::Warn | Outcome::Fail);
            assert_eq!(needs_cure, !english_cure.is_empty(), "{}", code.as_str());
            assert_eq!(koogallery::CheckCode::parse(code.as_str()), None, "{}: one code, one meaning", code.as_str());
        }
    }
}
