//! The seller protocol of Huawei Cloud KooGallery (云商店), pure: no input or output, no clock, no randomness.
//!
//! A marketplace sells a seller's software as a service. When an order is paid, it calls the seller's **production address** with signed
//! messages: create, query, extend, freeze, release. This crate makes and checks both halves of that conversation, so a marketplace and a
//! seller written with it understand each other and everybody else who speaks the protocol.
//!
//! # The conversation in one minute
//!
//! | Marketplace says | when | Seller answers |
//! |---|---|---|
//! | [`newInstance`](v2::NewInstance) | an order is paid | `000000` and an `instanceId`, or `000004`: wait |
//! | [`queryInstance`](v2::QueryInstance) | until ready, and whenever the customer looks | address, user name, first password |
//! | [`refreshInstance`](v2::RefreshInstance) | renewed, trial bought, renewal undone | `000000` |
//! | [`updateInstanceStatus`](v2::UpdateInstanceStatus) | expired or violated; renewed | `000000` |
//! | [`upgradeInstance`](v2::UpgradeInstance) | a bigger plan was bought | `000000` |
//! | [`releaseInstance`](v2::ReleaseInstance) | unsubscribed, or the freeze period is over | `000000` |
//!
//! Every call is a POST of compact JSON whose members stand in ascending order. Its query string carries `signature`, `timestamp`
//! and `nonce`; the signature is two HMACs under the access key that both sides share:
//!
//! ```text
//! inner     = lowercase_hex(HMAC_SHA256(key, body))
//! signature = hex(HMAC_SHA256(key, key ++ nonce ++ timestamp ++ inner))
//! ```
//!
//! # You are a seller
//!
//! Three steps: check the call, do the work, answer. Answer repeats of the same `orderId` and `orderLineId` with the same instance.
//!
//! ```
//! use koogallery::v2::{Activity, RecentNonces, SellerAnswer, SignedQuery, verify_request};
//! use koogallery::{AccessKey, ResultCode, body_sign};
//!
//! /// What your web framework's handler does: the query string and the bytes in, the body and one header out.
//! fn produce(key: &AccessKey, query: &str, body: &[u8], now_ms: i64, nonces: &mut RecentNonces) -> (String, String) {
//!     let answer = match verify_request(key, &SignedQuery::from_query_string(query), body, now_ms, nonces) {
//!         Ok(Activity::NewInstance(order)) => SellerAnswer::success().with_instance(order.business_id.as_str()),
//!         Ok(_) => SellerAnswer::refusal(ResultCode::InternalError, "not built yet"),
//!         Err(refusal) => SellerAnswer::refusal(refusal.result_code(), &refusal.to_string()),
//!     };
//!     let body = answer.to_body();
//!     let signature = body_sign::header_value(key, body.as_bytes()); // send it as the header `Body-Sign`
//!     (body, signature)
//! }
//! # let key = AccessKey::parse("kg-test-access-key-0001").expect("valid");
//! # let query = "signature=AD3C0033C82ECEAA9A87A5E4E11A6EBDD9A633CAB19211F86B48893F1240D486&timestamp=1768469400000\
//! #     &nonce=A7463EA64083E5A138E34EECB1A65474B719092FE0BFF22BF150805C413F6FA0".replace(' ', "");
//! # let sent = r#"{"activity":"newInstance","businessId":"6f1c2d7e-0b35-4a57-9c43-8f0f5b1f7a10","orderId":"CS2601150930ABCDE","orderLineId":"CS2601150930ABCDE-000001","testFlag":"1"}"#;
//! # let (body, _) = produce(&key, &query, sent.as_bytes(), 1_768_469_400_000, &mut RecentNonces::default());
//! # assert!(body.starts_with(r#"{"resultCode":"000000""#), "{body}");
//! ```
//!
//! Your signature differs from the marketplace's? [`v2::diagnose`] knows the usual slips by their results and names yours.
//!
//! # You are a marketplace
//!
//! [`v2::sign`] gives address, headers, bytes, a `curl` command, and the signature in three steps to show. [`v2::examine`] takes whatever came
//! back, which may be anything, and gives findings with a stable code, a sentence and a cure in English and Chinese, and a
//! typed answer only if nothing failed. A seller that refuses a right signature can be asked which slip is in it: [`v2::known_wrong`] and
//! [`v1::known_wrong`] sign as each known one would.
//!
//! # What else is here
//!
//! [`body_sign`] signs and checks answers. [`v1`] is the deprecated version 1.0, both sides of it. [`joint_operations`] signs and checks the
//! tenant, application, user and department sync.
//! [`gateway`] and [`usage_push`] sign what sellers send to the marketplace; [`open_api`] is what they say there and hear, code by code.
//! [`debugging`] knows which cases a product must pass.
#![forbid(unsafe_code)]

pub mod body_sign;
mod check;
pub mod debugging;
pub mod gateway;
pub mod joint_operations;
mod json;
mod key;
mod language;
pub mod open_api;
mod result_code;
mod text;
pub mod usage_push;
pub mod v1;
pub mod v2;

pub use check::{Advice, Check, CheckCode, Outcome};
pub use json::{DEPTH_LIMIT, Json, JsonError};
pub use key::{AccessKey, AccessKeyError, Nonce};
pub use language::Language;
pub use result_code::ResultCode;
pub use text::{Id, InstanceId, Text, UtcSecond, ValueProblem, WebAddress};
