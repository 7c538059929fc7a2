//! The open APIs that a marketplace offers to sellers (seller-protocol 8 and 3.9): what a call may say, and every answer
//! with its codes, to the byte. Signing and checking such calls are [`crate::gateway`] and [`crate::usage_push`].
//!
//! | Call | Read with | Answered with |
//! |---|---|---|
//! | `GET …/global/v1/order/query` | [`OrderQuery::parse`] | [`OrderInfo::to_body`], [`mock_order`] |
//! | `POST …/global/v1/isv/usage-data` | [`PushedRecord::parse_batch`] | [`OpenApiRefusal`], [`usage_success`] |
//! | `POST /rest/marketplace/v1/isv/usage-data` | the same, [`PushForm::Old`] | the same |
//! | `POST …/global/v1/license/activate`, `…/heartbeat` | [`LicenceCall::parse`] | [`LicenceAnswer`] |
//!
//! What is signed, and what comes back, from a seller's side:
//!
//! ```
//! use koogallery::gateway::{self, ApiRequest};
//! use koogallery::open_api::{OrderQuery, mock_order, query_pairs};
//!
//! let query = query_pairs("orderId=MOCKPERIODYEARNEW&orderLineId=MOCKPERIODYEARNEW-000001");
//! let headers = [("Host", "market.example"), ("X-Sdk-Date", "20260115T093000Z"), ("Content-Type", "application/json")];
//! let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
//! let request = ApiRequest { method: "GET", path: OrderQuery::PATH, query: &query, headers: &headers, body: b"" };
//! let authorization = gateway::sign("SKAAAAAAAAAAAAAAAAAA", "the secret", &request).expect("host and date are there");
//! assert!(authorization.to_value().starts_with("SDK-HMAC-SHA256 Access=SKAAAAAAAAAAAAAAAAAA, SignedHeaders="));
//!
//! let asked = OrderQuery::parse(&query).expect("a good query");
//! let order = mock_order(&asked).expect("the line is the order's").expect("one of the nine");
//! assert!(order.to_body().starts_with(r#"{"resultCode":"MKT.0000","resultMsg":"Success","orderInfo":{"orderId":"MOCK"#));
//! ```

mod code;
mod licence;
mod mock_orders;
mod order_query;
mod usage;

pub use code::{AnswerShape, OpenApiCode, OpenApiRefusal};
pub use licence::{LicenceAnswer, LicenceCall};
pub use mock_orders::mock_order;
pub use order_query::{
    Amounts, BuyerInfo, ChargingMode, NameValue, OrderInfo, OrderLine, OrderQuery, OrderType, PeriodLength, PeriodType,
    ProductInfo, query_pairs,
};
pub use usage::{PushForm, PushedRecord, RecordMark, usage_success, usage_time_ms};
