//! The calls of version 1.0: which parameters each takes, the signed address, and the seller's check (seller-protocol 6.1 to 6.6).
//!
//! Values stay text, as they travel. Sensitive ones (`mobilePhone`, `email`) are given encrypted, see [`super::field_cipher`].

use std::collections::BTreeMap;
use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use subtle::ConstantTimeEq;

use super::auth_token::{string_to_sign, token_of};
use crate::key::AccessKey;
use crate::text::{UtcSecond, ValueProblem, check_text};
use crate::v2::request::{host_and_target, shell_quoted};
use crate::v2::{AddressError, Presence, ProductionAddress};

/// What stays as it is in a query string.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// One parameter of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The name on the wire.
    pub name: &'static str,
    /// Mandatory or optional.
    pub presence: Presence,
    /// Characters allowed.
    pub limit: usize,
}

const fn must(name: &'static str, limit: usize) -> Parameter {
    Parameter { name, presence: Presence::Mandatory, limit }
}

const fn may(name: &'static str, limit: usize) -> Parameter {
    Parameter { name, presence: Presence::Optional, limit }
}

macro_rules! calls {
    ($( $(#[$doc:meta])* $name:ident = $wire:literal [ $( $parameter:expr ),* $(,)? ]; )*) => {
        /// The name of a V1.0 call: the parameter `activity`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum CallName { $( $(#[$doc])* $name, )* }

        impl CallName {
            /// Every call.
            pub const ALL: &[CallName] = &[$( CallName::$name, )*];

            /// The name on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $( CallName::$name => $wire, )* }
            }

            /// Reads the name on the wire.
            pub fn parse(text: &str) -> Option<CallName> {
                match text { $( $wire => Some(CallName::$name), )* _ => None }
            }

            /// Its parameters besides `activity`, `timeStamp` and `authToken`, in the order in which they are sent.
            pub fn parameters(self) -> &'static [Parameter] {
                match self { $( CallName::$name => const { &[$( $parameter ),*] }, )* }
            }
        }
    };
}

calls! {
    /// Create what was bought, or ask again for its access data.
    NewInstance = "newInstance" [
        must("customerId", 100), may("customerName", 64), may("userId", 64), may("userName", 64),
        may("mobilePhone", 256), may("email", 256), must("businessId", 64), must("orderId", 64), must("skuCode", 64),
        must("productId", 64), may("testFlag", 2), may("trialFlag", 1), may("expireTime", 20), may("chargingMode", 3),
        may("saasExtendParams", 2048), may("amount", 4), may("diskSize", 4), may("bandWidth", 4), may("periodType", 10),
        may("periodNumber", 2), may("provisionType", 2), may("acceptanceTime", 20), may("orderAmount", 20),
    ];
    /// Change the term.
    RefreshInstance = "refreshInstance" [
        must("orderId", 64), must("instanceId", 64), may("productId", 64), must("expireTime", 20), may("trialToFormal", 2),
        may("periodType", 10), may("periodNumber", 2), may("orderAmount", 20), may("testFlag", 2),
    ];
    /// The term ended.
    ExpireInstance = "expireInstance" [must("instanceId", 64), must("orderId", 64), may("testFlag", 2)];
    /// Delete for good.
    ReleaseInstance = "releaseInstance" [
        must("instanceId", 64), must("orderId", 64), may("orderAmount", 20), may("testFlag", 2),
    ];
    /// Change specification or quantity.
    Upgrade = "upgrade" [
        must("instanceId", 64), must("orderId", 64), must("skuCode", 64), must("productId", 64), may("amount", 4),
        may("diskSize", 4), may("bandWidth", 4), may("testFlag", 2),
    ];
    /// Freeze or unfreeze.
    InstanceStatus = "instanceStatus" [must("instanceId", 64), must("instanceStatus", 32), may("testFlag", 2)];
    /// Ask for access data and usage of up to 100 instances.
    QueryInstance = "queryInstance" [must("instanceId", 6500), may("testFlag", 2)];
    /// Ask for an offline licence.
    GetLicense = "getLicense" [
        must("customerId", 100), may("customerName", 64), must("businessId", 64), must("orderId", 64), must("productId", 64),
        may("skuCode", 64), may("expireTime", 20), may("periodType", 10), may("amount", 4), may("testFlag", 2),
    ];
    /// Withdraw an offline licence.
    ReleaseLicense = "releaseLicense" [must("orderId", 64), must("instanceId", 64), may("testFlag", 2)];
}

impl fmt::Display for CallName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A parameter that cannot be used, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{parameter} {problem}")]
pub struct CallProblem {
    /// The name on the wire.
    pub parameter: String,
    /// What is wrong with it.
    pub problem: ValueProblem,
}

/// A call whose parameters are known, present and short enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    name: CallName,
    values: BTreeMap<&'static str, String>,
}

impl Call {
    /// Takes parameters by name. Blank ones count as absent; unknown ones are refused, for the marketplace sends none.
    pub fn from_values(name: CallName, values: &BTreeMap<String, String>) -> Result<Call, Vec<CallProblem>> {
        let mut problems = Vec::new();
        let mut kept = BTreeMap::new();
        for parameter in name.parameters() {
            let value = values.get(parameter.name).map(|value| value.trim()).filter(|value| !value.is_empty());
            match value.map(|value| check_text(value, parameter.limit).map(|()| value)) {
                Some(Ok(value)) => {
                    kept.insert(parameter.name, value.to_owned());
                }
                Some(Err(problem)) => problems.push(CallProblem { parameter: parameter.name.into(), problem }),
                None if parameter.presence == Presence::Mandatory => {
                    problems.push(CallProblem { parameter: parameter.name.into(), problem: ValueProblem::Missing });
                }
                None => {}
            }
        }
        let known = |given: &String| name.parameters().iter().any(|parameter| parameter.name == given);
        for unknown in values.keys().filter(|given| !known(given)) {
            let allowed = name.parameters().iter().map(|parameter| parameter.name).collect::<Vec<_>>().join(", ");
            problems.push(CallProblem { parameter: unknown.clone(), problem: ValueProblem::NotAllowed { allowed } });
        }
        if problems.is_empty() { Ok(Call { name, values: kept }) } else { Err(problems) }
    }

    /// Which call it is.
    pub fn name(&self) -> CallName {
        self.name
    }

    /// One of its parameters.
    pub fn get(&self, parameter: &str) -> Option<&str> {
        self.values.get(parameter).map(String::as_str)
    }

    /// Every parameter that is signed, in the order in which it is sent.
    fn pairs<'c>(&'c self, time_stamp: &'c str) -> Vec<(&'c str, &'c str)> {
        let said =
            self.name.parameters().iter().filter_map(|parameter| Some((parameter.name, self.get(parameter.name)?)));
        [("activity", self.name.as_str())].into_iter().chain(said).chain([("timeStamp", time_stamp)]).collect()
    }
}

/// What a marketplace of ours sends beside `Host`. The protocol names no header for this version.
const HEADERS: [(&str, &str); 1] = [("Accept", "application/json")];

/// A call, signed and ready to be sent with GET.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCall {
    /// The call that was signed.
    pub call: Call,
    /// The address with every parameter and `authToken`.
    pub url: String,
    /// What was signed.
    pub string_to_sign: String,
    /// The token, not URL-encoded.
    pub auth_token: String,
}

impl SignedCall {
    /// Always `GET`.
    pub fn method(&self) -> &'static str {
        "GET"
    }

    /// The headers to send, besides `Host`.
    pub fn headers(&self) -> &'static [(&'static str, &'static str)] {
        &HEADERS
    }

    /// A command that sends the same bytes from a POSIX shell.
    pub fn curl(&self) -> String {
        let headers: String = HEADERS
            .iter()
            .map(|(name, value)| format!(" \\\n  -H {}", shell_quoted(&format!("{name}: {value}"))))
            .collect();
        format!("curl -sS -i {}{headers}", shell_quoted(&self.url))
    }

    /// The request as it stands on the wire, for showing.
    pub fn wire_text(&self) -> String {
        let (host, target) = host_and_target(&self.url);
        let headers: String = HEADERS.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n")
    }
}

/// A value as it stands in a query string.
pub fn encoded(value: &str) -> String {
    utf8_percent_encode(value, QUERY).to_string()
}

/// `timeStamp` of an instant: `yyyyMMddHHmmssSSS`, UTC. `None` outside the years 0 to 9999.
///
/// ```
/// assert_eq!(koogallery::v1::time_stamp(1_768_469_400_123).as_deref(), Some("20260115093000123"));
/// ```
pub fn time_stamp(unix_ms: i64) -> Option<String> {
    UtcSecond::from_unix_ms(unix_ms).map(|second| format!("{second}{:03}", unix_ms.rem_euclid(1000)))
}

/// An address whose own query already says what a call says cannot be called: a reader could take either.
pub fn check_address(address: &ProductionAddress) -> Result<(), AddressError> {
    let taken = |name: &str| {
        matches!(name, "activity" | "authToken" | "timeStamp")
            || CallName::ALL.iter().any(|call| call.parameters().iter().any(|parameter| parameter.name == name))
    };
    if own_query(address).iter().any(|(name, _)| taken(name)) { Err(AddressError::TakenParameter) } else { Ok(()) }
}

/// The parameters that stand in the address itself, decoded. They travel with every call, so they are signed with it.
fn own_query(address: &ProductionAddress) -> Vec<(String, String)> {
    sent_parameters(address.as_str().split_once('?').map_or("", |(_, query)| query))
}

/// Signs a call. `time_stamp` is `yyyyMMddHHmmssSSS`, UTC. What the address itself says in its query is signed, too.
pub fn sign(call: &Call, address: &ProductionAddress, key: &AccessKey, time_stamp: &str) -> SignedCall {
    let pairs = call.pairs(time_stamp);
    let own = own_query(address);
    let own = own.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let string_to_sign = string_to_sign(pairs.iter().copied().chain(own));
    let auth_token = token_of(key, time_stamp, &string_to_sign);
    let pairs = pairs.iter().copied().chain([("authToken", auth_token.as_str())]);
    let query: Vec<_> = pairs.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    let joint = if address.as_str().contains('?') { '&' } else { '?' };
    let url = format!("{}{joint}{}", address.as_str(), query.join("&"));
    SignedCall { call: call.clone(), url, string_to_sign, auth_token }
}

/// What stands in the address of a request that was sent: every parameter with its value decoded, in the order sent. To show how a
/// call that was kept came to its token.
pub fn sent_parameters(query: &str) -> Vec<(String, String)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

/// As the servers of sellers read it: a `+` that is not encoded is a blank (seller-protocol 6.2).
fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// Why a V1 call is not obeyed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum V1Refusal {
    /// No `authToken` or `timeStamp`.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A parameter stands twice, so two readers could see two calls.
    #[error("{0} is given twice")]
    Twice(String),
    /// The token is not the one of these parameters under this key.
    #[error("authToken differs")]
    TokenDiffers,
    /// No call that we know.
    #[error("the activity {0:?} is not known")]
    UnknownActivity(String),
    /// Parameters are missing or wrong.
    #[error("{} of the parameters cannot be used", .0.len())]
    Parameters(Vec<CallProblem>),
}

impl V1Refusal {
    /// The result code to answer with.
    pub fn result_code(&self) -> crate::ResultCode {
        match self {
            V1Refusal::Missing(_) | V1Refusal::TokenDiffers => crate::ResultCode::AuthenticationFailed,
            V1Refusal::Twice(_) | V1Refusal::UnknownActivity(_) | V1Refusal::Parameters(_) => {
                crate::ResultCode::InvalidParameter
            }
        }
    }
}

/// Checks and reads a call from the part of the address after `?`. No time window is prescribed for V1; a careful seller looks at
/// `timeStamp` itself. Parameters that we do not know are signed with the others and then left aside.
pub fn verify_call(key: &AccessKey, query: &str) -> Result<Call, V1Refusal> {
    let mut values = BTreeMap::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if values.insert(name.to_owned(), decoded(value)).is_some() {
            return Err(V1Refusal::Twice(name.chars().take(64).collect()));
        }
    }
    // A token whose '+' was not encoded arrives with a blank in its place.
    let token = values.remove("authToken").ok_or(V1Refusal::Missing("authToken"))?.replace(' ', "+");
    let time_stamp = values.get("timeStamp").cloned().ok_or(V1Refusal::Missing("timeStamp"))?;
    let text = string_to_sign(values.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    if !bool::from(token.as_bytes().ct_eq(token_of(key, &time_stamp, &text).as_bytes())) {
        return Err(V1Refusal::TokenDiffers);
    }
    let activity = values.remove("activity").unwrap_or_default();
    let name =
        CallName::parse(&activity).ok_or_else(|| V1Refusal::UnknownActivity(activity.chars().take(64).collect()))?;
    values.retain(|given, _| name.parameters().iter().any(|parameter| parameter.name == given));
    Call::from_values(name, &values).map_err(V1Refusal::Parameters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_address_says_itself_is_signed_with_the_call() {
        let key = AccessKey::parse("kg-test-access-key-0001").expect("valid");
        let given = [("instanceId", "i 1"), ("orderId", "CS1")].map(|(k, v)| (k.to_owned(), v.to_owned()));
        let call = Call::from_values(CallName::ExpireInstance, &given.into()).expect("both are said");
        let address = ProductionAddress::parse("https://saas.example.com/produce?tenant=a%20b").expect("valid");
        let signed = sign(&call, &address, &key, "20260115093000123");
        assert!(
            signed.string_to_sign.ends_with("&tenant=a b&timeStamp=20260115093000123"),
            "{}",
            signed.string_to_sign
        );
        let (_, query) = signed.url.split_once('?').expect("there is a query");
        assert_eq!(verify_call(&key, query).as_ref(), Ok(&call));
        assert!(
            signed.wire_text().starts_with("GET /produce?tenant=a%20b&activity=expireInstance&"),
            "{}",
            signed.wire_text()
        );
        assert!(signed.wire_text().ends_with("Host: saas.example.com\r\nAccept: application/json\r\n\r\n"));
        assert!(signed.curl().starts_with("curl -sS -i 'https://saas.example.com/produce?tenant"), "{}", signed.curl());
        // A server reads a bare plus as a blank, so both spellings are signed alike.
        let address = ProductionAddress::parse("https://saas.example.com/produce?tenant=a+b").expect("valid");
        let spelt = sign(&call, &address, &key, "20260115093000123");
        assert_eq!(spelt.string_to_sign, signed.string_to_sign);
        assert_eq!(spelt.auth_token, signed.auth_token);
    }

    #[test]
    fn an_address_must_not_say_what_a_call_says() {
        let check = |text: &str| check_address(&ProductionAddress::parse(text).expect("valid"));
        assert_eq!(check("https://saas.example.com/produce?tenant=7"), Ok(()));
        for name in ["activity", "authToken", "timeStamp", "orderId", "instanceStatus"] {
            let address = format!("https://saas.example.com/produce?a=1&{name}=x");
            assert_eq!(check(&address), Err(AddressError::TakenParameter), "{name}");
        }
    }

    #[test]
    fn an_amount_has_four_digits() {
        let given = |amount: &str| {
            let said =
                [("instanceId", "i"), ("orderId", "CS1"), ("skuCode", "s"), ("productId", "p"), ("amount", amount)];
            Call::from_values(CallName::Upgrade, &said.map(|(name, value)| (name.to_owned(), value.to_owned())).into())
        };
        assert!(given("9999").is_ok());
        let problems = given("10000").expect_err("seller-protocol 6.3: Int 4");
        assert_eq!(problems[0].problem, ValueProblem::TooLong { length: 5, limit: 4 });
    }

    #[test]
    fn missing_unknown_and_long_parameters_are_named() {
        let given = [("instanceId", "x".repeat(65)), ("colour", "red".into())].map(|(k, v)| (k.to_owned(), v));
        let problems = Call::from_values(CallName::ExpireInstance, &given.into()).expect_err("three problems");
        let named: Vec<_> = problems.iter().map(|problem| problem.parameter.as_str()).collect();
        assert_eq!(named, ["instanceId", "orderId", "colour"]);
    }

    #[test]
    fn a_parameter_said_twice_is_refused_before_anything_is_compared() {
        let key = AccessKey::parse("k").expect("valid");
        assert_eq!(verify_call(&key, "a=1&a=2&authToken=x&timeStamp=1"), Err(V1Refusal::Twice("a".into())));
        assert_eq!(verify_call(&key, "a=1"), Err(V1Refusal::Missing("authToken")));
    }
}
