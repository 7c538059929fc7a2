//! The calls of version 1.0: which parameters each takes, the signed address, and the seller's check (seller-protocol 6.1 to 6.6).
//!
//! Values stay text, as they travel. Sensitive ones (`mobilePhone`, `email`) are given encrypted, see [`super::field_cipher`].

use std::collections::BTreeMap;
use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use subtle::ConstantTimeEq;

use super::auth_token::{string_to_sign, token_of};
use crate::key::AccessKey;
use crate::text::{ValueProblem, check_text};
use crate::v2::{Presence, ProductionAddress};

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

/// A call, signed and ready to be sent with GET.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCall {
    /// The address with every parameter and `authToken`.
    pub url: String,
    /// What was signed.
    pub string_to_sign: String,
    /// The token, not URL-encoded.
    pub auth_token: String,
}

/// A value as it stands in a query string.
pub fn encoded(value: &str) -> String {
    utf8_percent_encode(value, QUERY).to_string()
}

/// Signs a call. `time_stamp` is `yyyyMMddHHmmssSSS`, UTC.
pub fn sign(call: &Call, address: &ProductionAddress, key: &AccessKey, time_stamp: &str) -> SignedCall {
    let pairs = call.pairs(time_stamp);
    let string_to_sign = string_to_sign(pairs.iter().copied());
    let auth_token = token_of(key, time_stamp, &string_to_sign);
    let pairs = pairs.iter().copied().chain([("authToken", auth_token.as_str())]);
    let query: Vec<_> = pairs.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    let joint = if address.as_str().contains('?') { '&' } else { '?' };
    SignedCall { url: format!("{}{joint}{}", address.as_str(), query.join("&")), string_to_sign, auth_token }
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
        let value = percent_decode_str(value).decode_utf8_lossy().into_owned();
        if values.insert(name.to_owned(), value).is_some() {
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
