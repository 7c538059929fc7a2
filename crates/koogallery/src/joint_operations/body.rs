//! The bodies of the joint-operations calls: which members each has, and whether a body keeps to it (seller-protocol 3.10). One table is
//! read by both sides: the marketplace checks what it is about to sign, the seller what it heard.

use crate::json::Json;
use crate::text::{UtcSecond, ValueProblem, check_text};
use crate::v2::Presence;

/// How many users one `authSync` may carry.
pub const USER_LIMIT: usize = 500;

/// What a member holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncKind {
    /// A string of at most so many characters.
    Text(usize),
    /// A string, one of these.
    Word(&'static [&'static str]),
    /// An integer, one of these.
    Integer(&'static [i64]),
    /// `yyyyMMddHHmmssSSS`, in UTC+8.
    Moment,
    /// `yyyy-MM-dd`.
    Day,
    /// At most [`USER_LIMIT`] users.
    Users,
    /// Departments, any number.
    Departments,
}

/// One member of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyncMember {
    /// The name on the wire.
    pub name: &'static str,
    /// Mandatory or optional.
    pub presence: Presence,
    /// What it holds.
    pub kind: SyncKind,
}

const fn must(name: &'static str, kind: SyncKind) -> SyncMember {
    SyncMember { name, presence: Presence::Mandatory, kind }
}

const fn may(name: &'static str, kind: SyncKind) -> SyncMember {
    SyncMember { name, presence: Presence::Optional, kind }
}

const TEST_FLAG: SyncMember = must("testFlag", SyncKind::Integer(&[0, 1]));
const TIME_STAMP: SyncMember = must("timeStamp", SyncKind::Moment);

macro_rules! syncs {
    ($( $(#[$doc:meta])* $name:ident = $path:literal [ $( $field:expr ),* $(,)? ]; )*) => {
        /// One of the five calls.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum SyncName { $( $(#[$doc])* $name, )* }

        impl SyncName {
            /// Every call.
            pub const ALL: &[SyncName] = &[$( SyncName::$name, )*];

            /// The last part of the path, such as `tenantSync`.
            pub fn as_str(self) -> &'static str {
                match self { $( SyncName::$name => $path, )* }
            }

            /// Its members, in the order of the documentation.
            pub fn members(self) -> &'static [SyncMember] {
                match self { $( SyncName::$name => const { &[$( $field ),*] }, )* }
            }
        }
    };
}

syncs! {
    /// A company was created or deleted. Order and instance are empty while the seller applies for a credential.
    Tenant = "tenantSync" [
        may("instanceId", SyncKind::Text(64)), may("orderId", SyncKind::Text(64)), must("tenantId", SyncKind::Text(64)),
        must("tenantCode", SyncKind::Text(64)), must("name", SyncKind::Text(255)), must("domainName", SyncKind::Text(255)),
        must("flag", SyncKind::Integer(&[0, 1])), TEST_FLAG, TIME_STAMP,
    ];
    /// The company's credential for single sign-on.
    Application = "applicationSync" [
        must("instanceId", SyncKind::Text(64)), must("tenantId", SyncKind::Text(64)), must("appId", SyncKind::Text(64)),
        // RSA of 3072 bits and more, OAEP, in Base64.
        must("clientId", SyncKind::Text(64)), must("clientSecret", SyncKind::Text(2048)), must("flag", SyncKind::Integer(&[0, 1, 2])),
        TEST_FLAG, TIME_STAMP,
    ];
    /// Who may use the application.
    Authorisation = "authSync" [
        must("instanceId", SyncKind::Text(64)), must("tenantId", SyncKind::Text(64)), must("appId", SyncKind::Text(64)),
        must("userList", SyncKind::Users), must("currentSyncTime", SyncKind::Moment), must("flag", SyncKind::Integer(&[0, 1, 2, 3])),
        TEST_FLAG, TIME_STAMP,
    ];
    /// One department.
    Department = "singleOrgSync" [
        must("instanceId", SyncKind::Text(64)), must("tenantId", SyncKind::Text(64)), must("orgCode", SyncKind::Text(64)),
        must("orgName", SyncKind::Text(128)), may("parentCode", SyncKind::Text(64)), must("flag", SyncKind::Integer(&[0, 1, 2])),
        TEST_FLAG, TIME_STAMP,
    ];
    /// Every department at once.
    AllDepartments = "allOrgSync" [
        must("instanceId", SyncKind::Text(64)), must("tenantId", SyncKind::Text(64)), must("orgInfoList", SyncKind::Departments),
        TEST_FLAG, TIME_STAMP,
    ];
}

const USER: &[SyncMember] = &[
    must("userName", SyncKind::Text(64)),
    must("name", SyncKind::Text(64)),
    must("orgCode", SyncKind::Text(64)),
    may("position", SyncKind::Text(64)),
    may("employeeCode", SyncKind::Text(64)),
    may("employeeType", SyncKind::Integer(&[1, 2, 3, 4])),
    must("role", SyncKind::Word(&["user", "admin"])),
    must("enable", SyncKind::Word(&["true", "false"])),
    may("mobile", SyncKind::Text(32)),
    may("email", SyncKind::Text(128)),
    may("workPlace", SyncKind::Text(255)),
    may("entryDate", SyncKind::Day),
];

const DEPARTMENT: &[SyncMember] =
    &[must("orgCode", SyncKind::Text(64)), must("orgName", SyncKind::Text(128)), may("parentCode", SyncKind::Text(64))];

/// A member that breaks a rule, with the place where it stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{member} {problem}")]
pub struct SyncProblem {
    /// Such as `userList[3].role`.
    pub member: String,
    /// What is wrong with it.
    pub problem: ValueProblem,
}

impl SyncName {
    /// Reads the name from the end of a path, in either version.
    pub fn of_path(path: &str) -> Option<SyncName> {
        let last = path.rsplit('/').next()?;
        SyncName::ALL.iter().copied().find(|name| name.as_str() == last)
    }

    /// What is appended to a production address in version 2.
    pub fn sub_path(self) -> String {
        format!("/produceAPI/v2/{}", self.as_str())
    }

    /// What is appended to a production address in version 1.
    pub fn sub_path_v1(self) -> String {
        format!("/produceAPI/{}", self.as_str())
    }

    /// Every problem of a body. Members that no page documents are not among them: newer versions may add some.
    ///
    /// ```
    /// use koogallery::Json;
    /// use koogallery::joint_operations::SyncName;
    ///
    /// let body = br#"{"instanceId":"i-1","tenantId":"t-1","orgCode":"1001","orgName":"R&D","flag":7,"testFlag":1}"#;
    /// let problems = SyncName::Department.check(&Json::parse(body)?);
    /// let said: Vec<_> = problems.iter().map(ToString::to_string).collect();
    /// assert_eq!(said, ["flag must be one of: 0, 1, 2", "timeStamp is missing"]);
    /// # Ok::<(), koogallery::JsonError>(())
    /// ```
    pub fn check(self, body: &Json) -> Vec<SyncProblem> {
        let mut problems = Vec::new();
        check_object(self.members(), body, "", &mut problems);
        problems
    }

    /// A body whose lists may be JSON text, as they travel in version 1, with lists in their place. What cannot be read stays a text,
    /// and [`SyncName::check`] will say so.
    ///
    /// ```
    /// use koogallery::Json;
    /// use koogallery::joint_operations::SyncName;
    ///
    /// let body = br#"{"instanceId":"i","tenantId":"t","orgInfoList":"[{\"orgCode\":\"1\"}]","testFlag":1,"timeStamp":"20260115173002000"}"#;
    /// let problems = SyncName::AllDepartments.check(&SyncName::AllDepartments.lists_read(&Json::parse(body)?));
    /// assert_eq!(problems[0].to_string(), "orgInfoList[0].orgName is missing");
    /// # Ok::<(), koogallery::JsonError>(())
    /// ```
    pub fn lists_read(self, body: &Json) -> Json {
        self.with_lists(body, |value| value.as_text().and_then(|text| Json::parse(text.as_bytes()).ok()))
    }

    /// A body with its lists as JSON text, as version 1 sends it.
    pub(super) fn lists_written(self, body: &Json) -> Json {
        self.with_lists(body, |value| value.as_list().map(|_| Json::Text(value.to_compact())))
    }

    fn with_lists(self, body: &Json, change: impl Fn(&Json) -> Option<Json>) -> Json {
        let Json::Object(members) = body else { return body.clone() };
        let is_list = |name: &str| {
            let holds = |member: &SyncMember| matches!(member.kind, SyncKind::Users | SyncKind::Departments);
            self.members().iter().any(|member| member.name == name && holds(member))
        };
        let changed = members.iter().map(|(name, value)| {
            let other = is_list(name).then(|| change(value)).flatten();
            (name.clone(), other.unwrap_or_else(|| value.clone()))
        });
        Json::Object(changed.collect())
    }

    /// The members of a body as version 1 signs them: numbers as text, lists as the JSON text they travel as. Blank ones are kept;
    /// [`crate::v1::body_token`] leaves them out.
    pub fn members_v1(self, body: &Json) -> Vec<(String, String)> {
        let Json::Object(members) = body else { return Vec::new() };
        let text = |value: &Json| value.as_text().map_or_else(|| value.to_compact(), str::to_owned);
        members
            .iter()
            .filter(|(_, value)| *value != Json::Null)
            .map(|(name, value)| (name.clone(), text(value)))
            .collect()
    }
}

fn check_object(fields: &[SyncMember], object: &Json, path: &str, problems: &mut Vec<SyncProblem>) {
    if !matches!(object, Json::Object(_)) {
        let problem = ValueProblem::WrongType { expected: "object", found: object.kind() };
        return problems.push(SyncProblem { member: if path.is_empty() { "body" } else { path }.to_owned(), problem });
    }
    for field in fields {
        let member = if path.is_empty() { field.name.to_owned() } else { format!("{path}.{}", field.name) };
        let blank = |value: &&Json| **value == Json::Null || value.as_text().is_some_and(str::is_empty);
        match object.get(field.name).filter(|value| !blank(value)) {
            None if field.presence == Presence::Mandatory => {
                problems.push(SyncProblem { member, problem: ValueProblem::Missing });
            }
            None => {}
            Some(value) => check_value(field.kind, value, member, problems),
        }
    }
}

fn check_value(kind: SyncKind, value: &Json, member: String, problems: &mut Vec<SyncProblem>) {
    let (fields, limit) = match kind {
        SyncKind::Users => (USER, USER_LIMIT),
        SyncKind::Departments => (DEPARTMENT, usize::MAX),
        SyncKind::Text(_) | SyncKind::Word(_) | SyncKind::Integer(_) | SyncKind::Moment | SyncKind::Day => {
            if let Err(problem) = check_scalar(kind, value) {
                problems.push(SyncProblem { member, problem });
            }
            return;
        }
    };
    let Some(items) = value.as_list() else {
        let problem = ValueProblem::WrongType { expected: "array", found: value.kind() };
        return problems.push(SyncProblem { member, problem });
    };
    if items.len() > limit {
        let problem = ValueProblem::TooMany { count: items.len(), limit };
        return problems.push(SyncProblem { member, problem });
    }
    for (index, item) in items.iter().enumerate() {
        check_object(fields, item, &format!("{member}[{index}]"), problems);
    }
}

fn check_scalar(kind: SyncKind, value: &Json) -> Result<(), ValueProblem> {
    let text = || value.as_text().ok_or(ValueProblem::WrongType { expected: "string", found: value.kind() });
    match kind {
        SyncKind::Text(limit) => check_text(text()?, limit),
        SyncKind::Word(allowed) if allowed.contains(&text()?) => Ok(()),
        SyncKind::Word(allowed) => Err(ValueProblem::NotAllowed { allowed: allowed.join(", ") }),
        SyncKind::Integer(allowed) => match value {
            Json::Number(number) if number.as_i64().is_some_and(|number| allowed.contains(&number)) => Ok(()),
            Json::Number(_) => {
                let allowed = allowed.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                Err(ValueProblem::NotAllowed { allowed })
            }
            other => Err(ValueProblem::WrongType { expected: "number", found: other.kind() }),
        },
        SyncKind::Moment => {
            let text = text()?;
            let whole = text.len() == 17 && UtcSecond::parse(text).is_ok();
            if whole { Ok(()) } else { Err(ValueProblem::NotATime { expected: "yyyyMMddHHmmssSSS" }) }
        }
        SyncKind::Day => {
            let read = jiff::civil::Date::strptime("%Y-%m-%d", text()?);
            read.map(|_| ()).map_err(|_| ValueProblem::NotATime { expected: "yyyy-MM-dd" })
        }
        SyncKind::Users | SyncKind::Departments => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(name: SyncName, body: &str) -> Vec<String> {
        name.check(&Json::parse(body.as_bytes()).expect("JSON")).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let body = r#"{"instanceId":"i","tenantId":"t","appId":"a","currentSyncTime":"20260115173002000","flag":"1","testFlag":1,
            "timeStamp":"20260115173002","userList":[{"userName":"u","name":"赵敏","orgCode":"1","role":"user","enable":"true"},
            {"userName":"v","name":"x","orgCode":"1","role":"boss","enable":true,"entryDate":"2026-02-30"},"nobody"]}"#;
        let expected = [
            "userList[1].role must be one of: user, admin",
            "userList[1].enable is of type boolean, expected string",
            "userList[1].entryDate is no point of time; expected yyyy-MM-dd",
            "userList[2] is of type string, expected object",
            "flag is of type string, expected number",
            "timeStamp is no point of time; expected yyyyMMddHHmmssSSS",
        ];
        assert_eq!(said(SyncName::Authorisation, body), expected);
        assert_eq!(said(SyncName::Tenant, "[]"), ["body is of type array, expected object"]);
    }

    #[test]
    fn five_hundred_users_are_taken_and_one_more_is_not() {
        let user =
            Json::parse(br#"{"userName":"u","name":"n","orgCode":"1","role":"user","enable":"true"}"#).expect("JSON");
        for (count, fits) in [(500, true), (501, false)] {
            let list = Json::List(vec![user.clone(); count]);
            let mut problems = Vec::new();
            check_value(SyncKind::Users, &list, "userList".into(), &mut problems);
            assert_eq!(problems.is_empty(), fits, "{count}");
        }
    }

    #[test]
    fn every_path_is_found_in_both_versions() {
        for name in SyncName::ALL {
            assert_eq!(SyncName::of_path(&name.sub_path()), Some(*name));
            assert_eq!(SyncName::of_path(&name.sub_path_v1()), Some(*name));
            assert!(super::super::SUB_PATHS.contains(&name.sub_path().as_str()));
        }
        assert_eq!(SyncName::of_path("/produceAPI/v2/otherSync"), None);
    }
}
