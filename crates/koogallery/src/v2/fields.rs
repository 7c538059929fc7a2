//! Reading the members of an answer, noting every problem with the place where it stands. Which members matter for which call is
//! decided in [`super::examine`].

use super::answer::{AppInfo, InstanceInfo, UsageAmount, UsageInfo};
use crate::check::{Check, CheckCode, Outcome};
use crate::json::Json;
use crate::key::AccessKey;
use crate::text::{InstanceId, UtcSecond, ValueProblem, WebAddress, check_lines, check_text};
use crate::v1::field_cipher::{EncryptType, decrypt};

/// Collects findings while members are read.
pub(crate) struct Reading<'a> {
    pub(crate) checks: Vec<Check>,
    pub(crate) key: &'a AccessKey,
    /// Set when `userName` and `password` travel encrypted.
    pub(crate) encryption: Option<EncryptType>,
    /// How they may be encrypted where the answer does not say so: tried, and not asked for.
    pub(crate) presumed_encryption: Option<EncryptType>,
    /// The instance that a creation named well, though something later in the answer cannot be used.
    pub(crate) named: Option<InstanceId>,
}

impl Reading<'_> {
    pub(crate) fn note<const N: usize>(&mut self, code: CheckCode, args: [(&'static str, String); N]) {
        self.checks.push(Check::new(code, args));
    }

    pub(crate) fn has_failed(&self) -> bool {
        self.checks.iter().any(|check| check.outcome() == Outcome::Fail)
    }

    /// A problem of one member, as a finding.
    pub(crate) fn blame(&mut self, member: &str, problem: ValueProblem) {
        let place = ("member", member.to_owned());
        match problem {
            ValueProblem::Missing => self.note(CheckCode::MemberMissing, [place]),
            ValueProblem::WrongType { expected, found } => {
                self.note(CheckCode::MemberWrongType, [place, ("expected", expected.into()), ("found", found.into())]);
            }
            ValueProblem::TooLong { length, limit } => {
                self.note(
                    CheckCode::MemberTooLong,
                    [place, ("length", length.to_string()), ("limit", limit.to_string())],
                );
            }
            ValueProblem::BadCharacter { character } => {
                let shown = format!("U+{:04X}", u32::from(character));
                self.note(CheckCode::MemberBadCharacter, [place, ("character", shown)]);
            }
            ValueProblem::NotAllowed { allowed } => {
                self.note(CheckCode::MemberNotAllowed, [place, ("allowed", allowed)])
            }
            ValueProblem::NotATime { expected } => {
                self.note(CheckCode::TimeWrong, [place, ("expected", expected.into())])
            }
            ValueProblem::NotAnAmount => self.note(CheckCode::UsageAmountWrong, [place]),
            ValueProblem::NotAWebAddress => self.note(CheckCode::WebAddressRefused, [place]),
            ValueProblem::TooMany { count, limit } => {
                self.note(
                    CheckCode::TooManyEntries,
                    [place, ("count", count.to_string()), ("limit", limit.to_string())],
                );
            }
        }
    }

    /// A text member; absent, null and empty are `None`.
    fn text<'j>(&mut self, path: &str, value: Option<&'j Json>) -> Option<&'j str> {
        match value {
            None | Some(Json::Null) => None,
            Some(Json::Text(text)) if text.is_empty() => None,
            Some(Json::Text(text)) => Some(text),
            Some(other) => {
                self.blame(path, ValueProblem::WrongType { expected: "string", found: other.kind() });
                None
            }
        }
    }

    /// A text member read by `parse`; `None` when it is absent or wrong.
    fn optional<T>(
        &mut self,
        path: &str,
        value: Option<&Json>,
        parse: impl FnOnce(&str) -> Result<T, ValueProblem>,
    ) -> Option<T> {
        let text = self.text(path, value)?;
        parse(text).map_err(|problem| self.blame(path, problem)).ok()
    }

    /// As `optional`, but absence is a problem, too.
    fn mandatory<T>(
        &mut self,
        path: &str,
        value: Option<&Json>,
        parse: impl FnOnce(&str) -> Result<T, ValueProblem>,
    ) -> Option<T> {
        let before = self.checks.len();
        let read = self.optional(path, value, parse);
        if read.is_none() && self.checks.len() == before {
            self.blame(path, ValueProblem::Missing);
        }
        read
    }

    pub(crate) fn result_message(&mut self, body: &Json) -> String {
        self.optional("resultMsg", body.get("resultMsg"), |text| check_lines(text, 255).map(|()| text.to_owned()))
            .unwrap_or_default()
    }

    pub(crate) fn encryption(&mut self, body: &Json) {
        let parse =
            |text: &str| EncryptType::parse(text).ok_or_else(|| ValueProblem::NotAllowed { allowed: "1, 2".into() });
        self.encryption = self.optional("encryptType", body.get("encryptType"), parse);
    }

    pub(crate) fn instance_id(&mut self, path: &str, value: Option<&Json>) -> Option<InstanceId> {
        self.optional(path, value, InstanceId::parse)
    }

    pub(crate) fn instance_info(&mut self, path: &str, entry: &Json) -> Option<InstanceInfo> {
        if !matches!(entry, Json::Object(_)) {
            self.blame(path, ValueProblem::WrongType { expected: "object", found: entry.kind() });
            return None;
        }
        let instance_id = self.mandatory(&format!("{path}.instanceId"), entry.get("instanceId"), InstanceId::parse);
        let app = match entry.get("appInfo") {
            None | Some(Json::Null) => {
                self.note(CheckCode::AccessDataAbsent, [("member", path.to_owned())]);
                None
            }
            Some(app) => self.app_info(&format!("{path}.appInfo"), app),
        };
        let usage = match (entry.get("usageInfo"), entry.get("usageInfos")) {
            (Some(usage), _) | (None, Some(usage)) => self.usage(&format!("{path}.usageInfo"), usage),
            (None, None) => Vec::new(),
        };
        Some(InstanceInfo { instance_id: instance_id?, app, usage })
    }

    pub(crate) fn app_info(&mut self, path: &str, app: &Json) -> Option<AppInfo> {
        if !matches!(app, Json::Object(_)) {
            self.blame(path, ValueProblem::WrongType { expected: "object", found: app.kind() });
            return None;
        }
        let at = |name: &str| format!("{path}.{name}");
        let front_end_url = self.mandatory(&at("frontEndUrl"), app.get("frontEndUrl"), WebAddress::parse);
        self.warn_of_address(&at("frontEndUrl"), front_end_url.as_ref());
        let admin_url = self.optional(&at("adminUrl"), app.get("adminUrl"), WebAddress::parse);
        self.warn_of_address(&at("adminUrl"), admin_url.as_ref());
        let user_name = self.secret(&at("userName"), app.get("userName"));
        let password = self.secret(&at("password"), app.get("password"));
        let memo =
            self.optional(&at("memo"), app.get("memo"), |text| check_lines(text, 1024).map(|()| text.to_owned()));
        Some(AppInfo { front_end_url: front_end_url?, admin_url, user_name, password, memo })
    }

    /// Warns when an address that was read goes without TLS or into a private network.
    fn warn_of_address(&mut self, path: &str, address: Option<&WebAddress>) {
        if address.is_some_and(|address| !address.uses_tls()) {
            self.note(CheckCode::WebAddressWithoutTls, [("member", path.to_owned())]);
        }
        if address.is_some_and(WebAddress::leads_into_private_network) {
            self.note(CheckCode::WebAddressInside, [("member", path.to_owned())]);
        }
    }

    /// User name or password. The limit of 128 counts what travels, encrypted or not.
    fn secret(&mut self, path: &str, value: Option<&Json>) -> Option<String> {
        let sent = self.optional(path, value, |text| check_text(text, 128).map(|()| text.to_owned()))?;
        let decrypted = |kind| decrypt(self.key, kind, &sent).ok().filter(|plain| check_text(plain, 128).is_ok());
        let Some(kind) = self.encryption else {
            return self.presumed_encryption.and_then(decrypted).or(Some(sent));
        };
        let plain = decrypted(kind);
        if plain.is_none() {
            self.note(CheckCode::SecretUnreadable, [("member", path.to_owned())]);
        }
        plain
    }

    fn usage(&mut self, path: &str, value: &Json) -> Vec<UsageInfo> {
        match value {
            Json::Null => Vec::new(),
            Json::List(items) => {
                let read =
                    items.iter().enumerate().map(|(index, item)| self.usage_entry(&format!("{path}[{index}]"), item));
                read.collect::<Vec<_>>().into_iter().flatten().collect()
            }
            other @ (Json::Bool(_) | Json::Number(_) | Json::Text(_) | Json::Object(_)) => {
                self.blame(path, ValueProblem::WrongType { expected: "array", found: other.kind() });
                Vec::new()
            }
        }
    }

    fn usage_entry(&mut self, path: &str, entry: &Json) -> Option<UsageInfo> {
        if !matches!(entry, Json::Object(_)) {
            self.blame(path, ValueProblem::WrongType { expected: "object", found: entry.kind() });
            return None;
        }
        let at = |name: &str| format!("{path}.{name}");
        let related_instance_id = self.instance_id(&at("relatedInstanceId"), entry.get("relatedInstanceId"));
        // A number is accepted like a numeric string; both go through their decimal text.
        let number = entry.get("usageValue").map(|value| match value {
            Json::Number(number) => Json::Text(number.to_string()),
            other => other.clone(),
        });
        let amount = self.mandatory(&at("usageValue"), number.as_ref(), UsageAmount::parse);
        let counted_at = self.mandatory(&at("statisticalTime"), entry.get("statisticalTime"), UtcSecond::parse);
        let dashboard_url = self.optional(&at("dashboardUrl"), entry.get("dashboardUrl"), WebAddress::parse);
        self.warn_of_address(&at("dashboardUrl"), dashboard_url.as_ref());
        Some(UsageInfo { related_instance_id, amount: amount?, counted_at: counted_at?, dashboard_url })
    }
}
