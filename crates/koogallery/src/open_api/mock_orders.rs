//! The nine orders by which sellers try the order query (seller-protocol 7.4). They are answered for any seller, with fixed
//! invented content; ids and names are those of the protocol.

use crate::text::UtcSecond;

use super::code::OpenApiRefusal;
use super::order_query::{
    Amounts, BuyerInfo, ChargingMode, NameValue, OrderInfo, OrderLine, OrderQuery, OrderType, PeriodLength, PeriodType,
    ProductInfo,
};

type Mock = (&'static str, OrderType, ChargingMode, Option<(PeriodType, u32, &'static str)>);

const MOCKS: [Mock; 9] = {
    use ChargingMode::{OnDemand, OnDemandPackage, OneTime, Period};
    use PeriodType::{Day, Month, Year};
    [
        ("MOCKPERIODYEARNEW", OrderType::New, Period, Some((Year, 1, "20270115155959"))),
        ("MOCKONETIMENEW", OrderType::New, OneTime, None),
        ("MOCKONDEMAND", OrderType::New, OnDemand, None),
        ("MOCKONDEMANDPKG", OrderType::New, OnDemandPackage, None),
        ("MOCKPERIODDAYTRIAL", OrderType::Trial, Period, Some((Day, 15, "20260130155959"))),
        // Spelled so.
        ("MOCKMONTYTRIALTOFORMAL", OrderType::TrialToFormal, Period, Some((Month, 1, "20260215155959"))),
        ("MOCKMONTYUNSUBSCRIBE", OrderType::Unsubscribe, Period, Some((Month, 1, "20260215155959"))),
        ("MOCKMONTYRENEW", OrderType::Renew, Period, Some((Month, 1, "20260215155959"))),
        ("MOCKMONTYCHANGE", OrderType::Change, Period, Some((Month, 1, "20260215155959"))),
    ]
};

fn second(text: &str) -> UtcSecond {
    UtcSecond::parse(text).expect("the points of time above were read by a test")
}

/// The mock order that is asked for, or `None` when it is another order. Refuses a line that is not its own.
pub fn mock_order(query: &OrderQuery) -> Result<Option<OrderInfo>, OpenApiRefusal> {
    let asked = query.order_id.as_str();
    let Some((id, order_type, charging_mode, period)) = MOCKS.iter().find(|(id, ..)| *id == asked) else {
        return Ok(None);
    };
    let line = format!("{id}-000001");
    query.require_line(&line)?;
    let free = *order_type == OrderType::Trial;
    Ok(Some(OrderInfo {
        order_id: (*id).to_owned(),
        order_type: *order_type,
        created_at: second("20260115092955"),
        lines: vec![OrderLine {
            order_line_id: line,
            charging_mode: *charging_mode,
            period: period.map(|(unit, number, _)| PeriodLength { unit, number }),
            expires_at: period.map(|(_, _, until)| second(until)),
            products: vec![ProductInfo {
                product_id: "OFFI123456789012345678".to_owned(),
                sku_code: "d0abcd12-1234-5678-ab90-11ab012aaaa1".to_owned(),
                linear_value: Some(10),
                product_name: "Example SaaS, Basic".to_owned(),
            }],
            amounts: Some(Amounts {
                listed: "100".to_owned(),
                after_discount: if free { "0" } else { "90" }.to_owned(),
            }),
            extend_params: Vec::new(),
        }],
        buyer: Some(BuyerInfo {
            customer_id: "0123456789abcdef0123456789abcdef".to_owned(),
            customer_name: "acme".to_owned(),
            customer_real_name: Some("Acme Ltd.".to_owned()),
            user_id: Some("fedcba9876543210fedcba9876543210".to_owned()),
            user_name: Some("acme-user".to_owned()),
            mobile_phone: String::new(),
            email: "buyer@example.org".to_owned(),
        }),
        extend_params: vec![NameValue { name: "emailDomainName".to_owned(), value: "acme.example.org".to_owned() }],
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::open_api::query_pairs;

    fn asked(query: &str) -> Result<Option<OrderInfo>, OpenApiRefusal> {
        mock_order(&OrderQuery::parse(&query_pairs(query)).expect("a good query"))
    }

    #[test]
    fn all_nine_are_answered_with_one_line_named_as_the_protocol_says() {
        let said = MOCKS.map(|(id, ..)| {
            let order = asked(&format!("orderId={id}")).expect("no line is asked for").expect("it is a mock order");
            assert_eq!(order.lines[0].order_line_id, format!("{id}-000001"));
            assert_eq!(order.lines[0].period.is_some(), order.lines[0].charging_mode == ChargingMode::Period);
            assert!(order.to_body().contains(id));
            format!("{} {}", order.order_type.code(), order.lines[0].charging_mode.code())
        });
        assert_eq!(
            said,
            [
                "NEW PERIOD",
                "NEW ONE_TIME",
                "NEW ON_DEMAND",
                "NEW ON_DEMAND_PKG",
                "TRIAL PERIOD",
                "TRIAL_TO_FORMAL PERIOD",
                "UNSUBSCRIBE PERIOD",
                "RENEW PERIOD",
                "CHANGE PERIOD"
            ]
        );
    }

    #[test]
    fn other_orders_are_none_of_them_and_other_lines_are_refused() {
        assert_eq!(asked("orderId=CS2601150930ABCDE"), Ok(None));
        assert_eq!(asked("orderId=mockonetimenew"), Ok(None));
        assert!(asked("orderId=MOCKONETIMENEW&orderLineId=MOCKONETIMENEW-000001").is_ok());
        assert!(asked("orderId=MOCKONETIMENEW&orderLineId=MOCKONETIMENEW-000002").is_err());
    }
}
