//! What a seller answers: read and trusted on the marketplace's side ([`Answer`]), made on the seller's side ([`SellerAnswer`]). The
//! checks between the two are in [`super::examine`].

use std::fmt;

use crate::ResultCode;
use crate::json::Json;
use crate::text::{InstanceId, UtcSecond, ValueProblem, WebAddress};

/// An answer that passed every check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// To `newInstance`.
    Created(Created),
    /// To `newInstance` of version 1.0: ready, and how the customer gets in, in one answer (seller-protocol 6.3).
    Delivered(InstanceInfo),
    /// To `queryInstance`: the instances asked for that the seller described. May be empty.
    Described(Vec<InstanceInfo>),
    /// To every other call: done.
    Done,
}

/// The seller took the order on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// The seller's name for what it delivers.
    pub instance_id: InstanceId,
    /// Ready, or to be asked for.
    pub progress: Progress,
}

/// How far the seller is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Progress {
    /// `000000`.
    Ready,
    /// `000004`: go on with `queryInstance`.
    InProgress,
}

/// What a seller says of one instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceInfo {
    /// Which instance.
    pub instance_id: InstanceId,
    /// How the customer gets in.
    pub app: Option<AppInfo>,
    /// What was used; for pay-per-use and packages.
    pub usage: Vec<UsageInfo>,
}

/// How the customer gets in. `Debug` shows neither user name nor password.
#[derive(Clone, PartialEq, Eq)]
pub struct AppInfo {
    /// Address for the user.
    pub front_end_url: WebAddress,
    /// Address for the administrator.
    pub admin_url: Option<WebAddress>,
    /// Administrator account, in plain text.
    pub user_name: Option<String>,
    /// Initial password, in plain text.
    pub password: Option<String>,
    /// Remarks.
    pub memo: Option<String>,
}

impl fmt::Debug for AppInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let masked = |value: &Option<String>| value.as_ref().map(|_| "••••");
        f.debug_struct("AppInfo")
            .field("front_end_url", &self.front_end_url)
            .field("admin_url", &self.admin_url)
            .field("user_name", &masked(&self.user_name))
            .field("password", &masked(&self.password))
            .field("memo", &self.memo)
            .finish()
    }
}

/// One amount used, as the seller counts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageInfo {
    /// The pay-per-use instance a package belongs to.
    pub related_instance_id: Option<InstanceId>,
    /// How much.
    pub amount: UsageAmount,
    /// Until when it is counted.
    pub counted_at: UtcSecond,
    /// Where the customer sees more.
    pub dashboard_url: Option<WebAddress>,
}

/// An amount of at most 12 digits, 4 of them decimals, as plain decimal text without spare zeros. Never a float.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UsageAmount(String);

impl UsageAmount {
    /// Reads `12.5`, `12`, `0012.5000`; refuses signs, exponents, blanks.
    ///
    /// ```
    /// use koogallery::v2::UsageAmount;
    /// assert_eq!(UsageAmount::parse("0012.5000").map(|a| a.to_string()), Ok("12.5".into()));
    /// assert!(UsageAmount::parse("-1").is_err() && UsageAmount::parse("0.00001").is_err() && UsageAmount::parse("1e3").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<UsageAmount, ValueProblem> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str| !part.is_empty() && part.len() <= 20 && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(decimals) {
            return Err(ValueProblem::NotAnAmount);
        }
        let (whole, decimals) = (whole.trim_start_matches('0'), decimals.trim_end_matches('0'));
        if decimals.len() > 4 || whole.len() > 8 {
            return Err(ValueProblem::NotAnAmount);
        }
        let whole = if whole.is_empty() { "0" } else { whole };
        Ok(UsageAmount(if decimals.is_empty() { whole.to_owned() } else { format!("{whole}.{decimals}") }))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UsageAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An answer as a seller makes it.
///
/// ```
/// use koogallery::v2::SellerAnswer;
/// use koogallery::{AccessKey, ResultCode, body_sign};
///
/// let body = SellerAnswer::success().with_instance("6f1c2d7e-0b35-4a57-9c43-8f0f5b1f7a10").to_body();
/// assert_eq!(body, r#"{"resultCode":"000000","resultMsg":"success.","instanceId":"6f1c2d7e-0b35-4a57-9c43-8f0f5b1f7a10"}"#);
/// let header = body_sign::header_value(&AccessKey::parse("kg-test-access-key-0001").expect("valid"), body.as_bytes());
/// assert!(header.ends_with(r#"signature="Nu6Or/qzGGlSo2IW5upUHdPEPecX52KiEB3lH572EGM=""#));
///
/// assert_eq!(SellerAnswer::refusal(ResultCode::NoSuchInstance, "gone").to_body(), r#"{"resultCode":"000003","resultMsg":"gone"}"#);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SellerAnswer(Vec<(String, Json)>);

impl SellerAnswer {
    /// `000000`.
    pub fn success() -> SellerAnswer {
        SellerAnswer::refusal(ResultCode::Success, "success.")
    }

    /// `000004`: accepted, finished later.
    pub fn in_progress() -> SellerAnswer {
        SellerAnswer::refusal(ResultCode::InProgress, "in progress.")
    }

    /// Any code with a message for people. A message longer than 255 characters is cut.
    pub fn refusal(code: ResultCode, message: &str) -> SellerAnswer {
        let message: String = message.chars().take(255).collect();
        SellerAnswer(vec![("resultCode".into(), Json::text(code.as_str())), ("resultMsg".into(), Json::Text(message))])
    }

    /// Adds `instanceId`.
    pub fn with_instance(mut self, instance_id: &str) -> SellerAnswer {
        self.0.push(("instanceId".into(), Json::text(instance_id)));
        self
    }

    /// Adds `info`, the answer to `queryInstance`.
    pub fn with_info(mut self, info: &[InstanceInfo]) -> SellerAnswer {
        self.0.push(("info".into(), Json::List(info.iter().map(InstanceInfo::to_json).collect())));
        self
    }

    /// The members, for tests that spoil one of them.
    pub fn into_json(self) -> Json {
        Json::Object(self.0)
    }

    /// The body to send.
    pub fn to_body(&self) -> String {
        Json::Object(self.0.clone()).to_compact()
    }
}

/// Members that are there.
fn said<const N: usize>(members: [(&str, Option<Json>); N]) -> Json {
    Json::Object(members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
}

impl InstanceInfo {
    fn to_json(&self) -> Json {
        let usage = (!self.usage.is_empty()).then(|| Json::List(self.usage.iter().map(UsageInfo::to_json).collect()));
        said([
            ("instanceId", Some(Json::text(self.instance_id.as_str()))),
            ("appInfo", self.app.as_ref().map(AppInfo::to_json)),
            ("usageInfo", usage),
        ])
    }
}

impl AppInfo {
    /// As it stands in an answer, the secrets in plain text.
    pub fn to_json(&self) -> Json {
        let text = |value: &Option<String>| value.clone().map(Json::Text);
        said([
            ("frontEndUrl", Some(Json::text(self.front_end_url.as_str()))),
            ("adminUrl", self.admin_url.as_ref().map(|url| Json::text(url.as_str()))),
            ("userName", text(&self.user_name)),
            ("password", text(&self.password)),
            ("memo", text(&self.memo)),
        ])
    }
}

impl UsageInfo {
    fn to_json(&self) -> Json {
        said([
            ("relatedInstanceId", self.related_instance_id.as_ref().map(|id| Json::text(id.as_str()))),
            ("usageValue", Some(Json::text(self.amount.as_str()))),
            ("statisticalTime", Some(Json::Text(format!("{}000", self.counted_at)))),
            ("dashboardUrl", self.dashboard_url.as_ref().map(|url| Json::text(url.as_str()))),
        ])
    }
}
