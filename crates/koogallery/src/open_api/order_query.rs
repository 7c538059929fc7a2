//! The order query (seller-protocol 8.2): what is asked, and the answer with its members in the order of the example.

use crate::json::Json;
use crate::text::{Id, UtcSecond};

use super::code::{OpenApiCode, OpenApiRefusal};

/// The pairs of a query string, decoded as forms are: `+` is a blank.
///
/// ```
/// use koogallery::open_api::query_pairs;
/// assert_eq!(query_pairs("orderId=CS%201&x="), [("orderId".into(), "CS 1".into()), ("x".into(), String::new())]);
/// ```
pub fn query_pairs(query: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// Which order a seller asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderQuery {
    /// The order.
    pub order_id: Id,
    /// One line of it.
    pub order_line_id: Option<Id>,
}

impl OrderQuery {
    /// Where it is asked.
    pub const PATH: &'static str = "/api/mkp-openapi-public/global/v1/order/query";

    /// Reads the pairs of the query string. Refuses a parameter that is missing, too long, given twice or unknown.
    pub fn parse(pairs: &[(String, String)]) -> Result<OrderQuery, OpenApiRefusal> {
        let refusal = |detail: String| OpenApiRefusal::new(OpenApiCode::InvalidParameter, detail);
        let (mut order_id, mut order_line_id) = (None, None);
        for (name, value) in pairs {
            let place = match name.as_str() {
                "orderId" => &mut order_id,
                "orderLineId" => &mut order_line_id,
                other => {
                    let shown: String = other.chars().take(64).collect();
                    return Err(refusal(format!("there is no parameter {shown:?}, only orderId and orderLineId")));
                }
            };
            let id = Id::parse(value).map_err(|problem| refusal(format!("{name} {problem}")))?;
            if place.replace(id).is_some() {
                return Err(refusal(format!("{name} is given twice")));
            }
        }
        let order_id = order_id.ok_or_else(|| refusal("orderId is missing".to_owned()))?;
        Ok(OrderQuery { order_id, order_line_id })
    }

    /// Refuses a line that is not the order's.
    pub fn require_line(&self, line: &str) -> Result<(), OpenApiRefusal> {
        match &self.order_line_id {
            Some(asked) if asked.as_str() != line => {
                let detail = format!("orderLineId is no line of the order; its line is {line}");
                Err(OpenApiRefusal::new(OpenApiCode::InvalidParameter, detail))
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// What sort of order it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderType {
    /// A purchase.
    New,
    /// A free trial.
    Trial,
    /// A trial that is bought.
    TrialToFormal,
    /// An unsubscription.
    Unsubscribe,
    /// A renewal.
    Renew,
    /// Another specification or amount.
    Change,
}

impl OrderType {
    /// The word on the wire.
    pub fn code(self) -> &'static str {
        match self {
            OrderType::New => "NEW",
            OrderType::Trial => "TRIAL",
            OrderType::TrialToFormal => "TRIAL_TO_FORMAL",
            OrderType::Unsubscribe => "UNSUBSCRIBE",
            OrderType::Renew => "RENEW",
            OrderType::Change => "CHANGE",
        }
    }
}

/// How a line is charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChargingMode {
    /// By what is used.
    OnDemand,
    /// Once, for good.
    OneTime,
    /// By month, year or day.
    Period,
    /// By what is used, from a package bought beforehand.
    OnDemandPackage,
}

impl ChargingMode {
    /// The word on the wire.
    pub fn code(self) -> &'static str {
        match self {
            ChargingMode::OnDemand => "ON_DEMAND",
            ChargingMode::OneTime => "ONE_TIME",
            ChargingMode::Period => "PERIOD",
            ChargingMode::OnDemandPackage => "ON_DEMAND_PKG",
        }
    }
}

/// What one period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodType {
    /// A year.
    Year,
    /// A month.
    Month,
    /// A day.
    Day,
}

impl PeriodType {
    /// The word on the wire.
    pub fn code(self) -> &'static str {
        match self {
            PeriodType::Year => "year",
            PeriodType::Month => "month",
            PeriodType::Day => "day",
        }
    }
}

/// How long a line runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeriodLength {
    /// One period.
    pub unit: PeriodType,
    /// How many.
    pub number: u32,
}

/// What a buyer filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameValue {
    /// The field.
    pub name: String,
    /// What stands in it.
    pub value: String,
}

/// What is bought on a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductInfo {
    /// The product.
    pub product_id: String,
    /// The specification.
    pub sku_code: String,
    /// How many.
    pub linear_value: Option<u32>,
    /// Product and specification, for people.
    pub product_name: String,
}

/// What a line costs, as plain decimals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amounts {
    /// By the list.
    pub listed: String,
    /// What is paid.
    pub after_discount: String,
}

/// One line of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderLine {
    /// The line.
    pub order_line_id: String,
    /// How it is charged.
    pub charging_mode: ChargingMode,
    /// For how long; only what is charged by period.
    pub period: Option<PeriodLength>,
    /// Until when, roughly; only what is charged by period.
    pub expires_at: Option<UtcSecond>,
    /// What is bought.
    pub products: Vec<ProductInfo>,
    /// What it costs.
    pub amounts: Option<Amounts>,
    /// What the buyer filled in.
    pub extend_params: Vec<NameValue>,
}

/// Who buys. Types and lengths are not documented; the members are those of a mock answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuyerInfo {
    /// The customer.
    pub customer_id: String,
    /// What it is called.
    pub customer_name: String,
    /// Its verified name.
    pub customer_real_name: Option<String>,
    /// The person who ordered.
    pub user_id: Option<String>,
    /// How the person is called.
    pub user_name: Option<String>,
    /// Empty when it is not handed over.
    pub mobile_phone: String,
    /// Empty when it is not handed over.
    pub email: String,
}

/// One order, as a seller reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderInfo {
    /// The order.
    pub order_id: String,
    /// What sort of order.
    pub order_type: OrderType,
    /// When it was placed; not when it takes effect.
    pub created_at: UtcSecond,
    /// Its lines.
    pub lines: Vec<OrderLine>,
    /// Who buys.
    pub buyer: Option<BuyerInfo>,
    /// What the buyer filled in.
    pub extend_params: Vec<NameValue>,
}

/// An object under construction, in the order of its members.
struct Members(Vec<(String, Json)>);

impl Members {
    fn new() -> Members {
        Members(Vec::new())
    }

    fn with(mut self, name: &str, value: Json) -> Members {
        self.0.push((name.to_owned(), value));
        self
    }

    fn text(self, name: &str, value: &str) -> Members {
        self.with(name, Json::text(value))
    }

    fn number(self, name: &str, value: u32) -> Members {
        self.with(name, Json::Number(value.into()))
    }

    fn optional_text(self, name: &str, value: Option<&str>) -> Members {
        match value {
            Some(value) => self.text(name, value),
            None => self,
        }
    }

    fn object(self) -> Json {
        Json::Object(self.0)
    }
}

fn pairs(pairs: &[NameValue]) -> Json {
    let pair = |pair: &NameValue| Members::new().text("name", &pair.name).text("value", &pair.value).object();
    Json::List(pairs.iter().map(pair).collect())
}

impl ProductInfo {
    fn to_json(&self) -> Json {
        let members = Members::new().text("productId", &self.product_id).text("skuCode", &self.sku_code);
        let members = match self.linear_value {
            Some(value) => members.number("linearValue", value),
            None => members,
        };
        members.text("productName", &self.product_name).object()
    }
}

impl OrderLine {
    fn to_json(&self) -> Json {
        let members =
            Members::new().text("orderLineId", &self.order_line_id).text("chargingMode", self.charging_mode.code());
        let members = match self.period {
            Some(period) => members.text("periodType", period.unit.code()).number("periodNumber", period.number),
            None => members,
        };
        let expires_at = self.expires_at.as_ref().map(ToString::to_string);
        members
            .optional_text("expireTime", expires_at.as_deref())
            .with("productInfo", Json::List(self.products.iter().map(ProductInfo::to_json).collect()))
            .optional_text("currency", self.amounts.as_ref().map(|amounts| amounts.listed.as_str()))
            .optional_text(
                "currencyAfterDiscount",
                self.amounts.as_ref().map(|amounts| amounts.after_discount.as_str()),
            )
            .with("extendParams", pairs(&self.extend_params))
            .object()
    }
}

impl BuyerInfo {
    fn to_json(&self) -> Json {
        Members::new()
            .text("customerId", &self.customer_id)
            .text("customerName", &self.customer_name)
            .optional_text("customerRealName", self.customer_real_name.as_deref())
            .number("customerType", 0)
            .optional_text("userId", self.user_id.as_deref())
            .optional_text("userName", self.user_name.as_deref())
            .text("mobilePhone", &self.mobile_phone)
            .text("email", &self.email)
            .object()
    }
}

impl OrderInfo {
    /// The whole answer with `MKT.0000`.
    pub fn to_body(&self) -> String {
        let order = Members::new()
            .text("orderId", &self.order_id)
            .text("orderType", self.order_type.code())
            .text("createTime", &self.created_at.to_string())
            .with("orderLine", Json::List(self.lines.iter().map(OrderLine::to_json).collect()));
        let order = match &self.buyer {
            Some(buyer) => order.with("buyerInfo", buyer.to_json()),
            None => order,
        };
        Members::new()
            .text("resultCode", OpenApiCode::Success.code())
            .text("resultMsg", OpenApiCode::Success.meaning())
            .with("orderInfo", order.with("extendParams", pairs(&self.extend_params)).object())
            .object()
            .to_compact()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(text: &str) -> UtcSecond {
        UtcSecond::parse(text).expect("a point of time")
    }

    #[test]
    fn the_example_of_the_protocol_is_written_to_the_byte() {
        let order = OrderInfo {
            order_id: "CS2601150930ABCDE".to_owned(),
            order_type: OrderType::New,
            created_at: second("20260115092955"),
            lines: vec![OrderLine {
                order_line_id: "CS2601150930ABCDE-000001".to_owned(),
                charging_mode: ChargingMode::Period,
                period: Some(PeriodLength { unit: PeriodType::Year, number: 1 }),
                expires_at: Some(second("20270115155959")),
                products: vec![ProductInfo {
                    product_id: "OFFI123456789012345678".to_owned(),
                    sku_code: "d0abcd12-1234-5678-ab90-11ab012aaaa1".to_owned(),
                    linear_value: Some(10),
                    product_name: "Example SaaS, Basic".to_owned(),
                }],
                amounts: Some(Amounts { listed: "100".to_owned(), after_discount: "90".to_owned() }),
                extend_params: Vec::new(),
            }],
            buyer: Some(BuyerInfo {
                customer_id: "0123456789abcdef0123456789abcdef".to_owned(),
                customer_name: "acme".to_owned(),
                email: "buyer@example.org".to_owned(),
                ..BuyerInfo::default()
            }),
            extend_params: vec![NameValue { name: "emailDomainName".to_owned(), value: "acme.example.org".to_owned() }],
        };
        let example = r#"{"resultCode":"MKT.0000","resultMsg":"Success","orderInfo":{"orderId":"CS2601150930ABCDE","orderType":"NEW","createTime":"20260115092955","orderLine":[{"orderLineId":"CS2601150930ABCDE-000001","chargingMode":"PERIOD","periodType":"year","periodNumber":1,"expireTime":"20270115155959","productInfo":[{"productId":"OFFI123456789012345678","skuCode":"d0abcd12-1234-5678-ab90-11ab012aaaa1","linearValue":10,"productName":"Example SaaS, Basic"}],"currency":"100","currencyAfterDiscount":"90","extendParams":[]}],"buyerInfo":{"customerId":"0123456789abcdef0123456789abcdef","customerName":"acme","customerType":0,"mobilePhone":"","email":"buyer@example.org"},"extendParams":[{"name":"emailDomainName","value":"acme.example.org"}]}}"#;
        assert_eq!(order.to_body(), example);
    }

    #[test]
    fn surplus_missing_doubled_and_overlong_parameters_are_refused_by_name() {
        let long = format!("orderId={}", "x".repeat(65));
        for (query, said) in [
            ("", "orderId is missing"),
            ("orderLineId=a", "orderId is missing"),
            ("orderId=", "orderId is missing"),
            ("orderId=a&orderId=b", "orderId is given twice"),
            ("orderId=a&productId=b", "there is no parameter \"productId\""),
            (long.as_str(), "orderId has 65 characters, at most 64"),
        ] {
            let refusal = OrderQuery::parse(&query_pairs(query)).expect_err("it is refused");
            assert_eq!(refusal.code, OpenApiCode::InvalidParameter, "{query}");
            assert!(refusal.detail.starts_with(said), "{query}: {}", refusal.detail);
        }
        let good = OrderQuery::parse(&query_pairs("orderLineId=a-000001&orderId=a")).expect("the order is free");
        assert_eq!(good.require_line("a-000001"), Ok(()));
        assert!(good.require_line("a-000002").is_err());
    }
}
