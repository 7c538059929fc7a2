//! Pushed usage records (seller-protocol 8.4): the batch as it may arrive, each member with its length.
//!
//! A batch whose shape is right is taken as it is; whether a time is a time and a value a value is judged record by record
//! afterwards (8.5), so that one bad record does not hold up the others. So members stay texts here.

use crate::json::Json;
use crate::text::{Id, Text, ValueProblem};

use super::code::{AnswerShape, OpenApiCode, OpenApiRefusal, body};

/// In which of the two forms records are pushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushForm {
    /// With `metering_sn`.
    New,
    /// With `product_id`.
    Old,
}

impl PushForm {
    /// Where it is pushed.
    pub fn path(self) -> &'static str {
        match self {
            PushForm::New => "/api/mkp-openapi-public/global/v1/isv/usage-data",
            PushForm::Old => "/rest/marketplace/v1/isv/usage-data",
        }
    }

    fn mark(self) -> &'static str {
        match self {
            PushForm::New => "metering_sn",
            PushForm::Old => "product_id",
        }
    }
}

/// By what a record can be told from others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordMark {
    /// Unique per record, random.
    MeteringSn(Id),
    /// The product, which is not unique.
    ProductId(Id),
}

/// One record as it was pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushedRecord {
    /// The pay-per-use instance, never the package's.
    pub instance_id: Id,
    /// When the record was made.
    pub record_time: Text<17>,
    /// The beginning of the metered span.
    pub begin_time: Text<17>,
    /// Its end.
    pub end_time: Text<17>,
    /// How much, as it was written; of a JSON number its shortest decimal form.
    pub usage_value: Text<20>,
    /// What tells it from others.
    pub mark: RecordMark,
    /// The package that it is deducted from.
    pub relate_pkg_instance: Option<Id>,
}

impl PushedRecord {
    /// How many records one push takes.
    pub const MOST: usize = 1_000;

    /// Reads a body `{"usage_records":[…]}`. Refuses the whole batch when it is no such JSON, when it is empty or too long,
    /// and when a member is missing, unknown, of another type or too long.
    ///
    /// ```
    /// use koogallery::open_api::{OpenApiCode, PushForm, PushedRecord};
    /// let body = br#"{"usage_records":[{"begin_time":"20260115T090000Z","end_time":"20260115T095959Z","instance_id":"i-1",
    ///     "metering_sn":"9d7f1c52","record_time":"20260115T100500Z","usage_value":12.5}]}"#;
    /// let records = PushedRecord::parse_batch(body, PushForm::New).expect("a good batch");
    /// assert_eq!(records[0].usage_value.as_str(), "12.5");
    /// let refusal = PushedRecord::parse_batch(body, PushForm::Old).expect_err("the old form names the product");
    /// assert_eq!((refusal.code, refusal.detail.as_str()),
    ///     (OpenApiCode::InvalidParameter, "usage_records[0].metering_sn is not a member of a record"));
    /// ```
    pub fn parse_batch(bytes: &[u8], form: PushForm) -> Result<Vec<PushedRecord>, OpenApiRefusal> {
        let json = Json::parse(bytes).map_err(|error| refusal(error.to_string()))?;
        let Json::Object(members) = &json else {
            return Err(refusal(format!("the body is of type {}, expected object", json.kind())));
        };
        if let Some((name, _)) = members.iter().find(|(name, _)| name != "usage_records") {
            return Err(refusal(format!("{} is not a member of a push", shown(name))));
        }
        let list = json.get("usage_records").ok_or_else(|| refusal("usage_records is missing".to_owned()))?;
        let Some(list) = list.as_list() else {
            return Err(refusal(format!("usage_records is of type {}, expected array", list.kind())));
        };
        if list.is_empty() {
            return Err(refusal("usage_records is empty".to_owned()));
        }
        if list.len() > PushedRecord::MOST {
            let detail = format!("{} records, at most {} are allowed in one push", list.len(), PushedRecord::MOST);
            return Err(OpenApiRefusal::new(OpenApiCode::TooManyUsageRecords, detail));
        }
        list.iter().enumerate().map(|(index, item)| read(index, item, form)).collect()
    }
}

fn refusal(detail: String) -> OpenApiRefusal {
    OpenApiRefusal::new(OpenApiCode::InvalidParameter, detail)
}

fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(64).collect()
}

const SHARED: [&str; 6] =
    ["instance_id", "record_time", "begin_time", "end_time", "usage_value", "relate_pkg_instance"];

fn read(index: usize, item: &Json, form: PushForm) -> Result<PushedRecord, OpenApiRefusal> {
    let Json::Object(members) = item else {
        return Err(refusal(format!("usage_records[{index}] is of type {}, expected object", item.kind())));
    };
    let known = |name: &str| SHARED.contains(&name) || name == form.mark();
    if let Some((name, _)) = members.iter().find(|(name, _)| !known(name)) {
        return Err(refusal(format!("usage_records[{index}].{} is not a member of a record", shown(name))));
    }
    let at = |name: &str, problem: ValueProblem| refusal(format!("usage_records[{index}].{name} {problem}"));
    let id =
        |name: &str| text_of(item.get(name)).and_then(|text| Id::parse(&text)).map_err(|problem| at(name, problem));
    let time = |name: &str| {
        text_of(item.get(name)).and_then(|text| Text::<17>::parse(&text)).map_err(|problem| at(name, problem))
    };
    let value = amount_of(item.get("usage_value")).and_then(|text| Text::<20>::parse(&text));
    let package = match item.get("relate_pkg_instance") {
        None | Some(Json::Null) => None,
        Some(Json::Text(text)) if text.is_empty() => None,
        Some(_) => Some(id("relate_pkg_instance")?),
    };
    Ok(PushedRecord {
        instance_id: id("instance_id")?,
        record_time: time("record_time")?,
        begin_time: time("begin_time")?,
        end_time: time("end_time")?,
        usage_value: value.map_err(|problem| at("usage_value", problem))?,
        mark: match form {
            PushForm::New => RecordMark::MeteringSn(id("metering_sn")?),
            PushForm::Old => RecordMark::ProductId(id("product_id")?),
        },
        relate_pkg_instance: package,
    })
}

fn text_of(value: Option<&Json>) -> Result<String, ValueProblem> {
    match value {
        None | Some(Json::Null) => Err(ValueProblem::Missing),
        Some(Json::Text(text)) => Ok(text.clone()),
        Some(other @ (Json::Bool(_) | Json::Number(_) | Json::List(_) | Json::Object(_))) => {
            Err(ValueProblem::WrongType { expected: "string", found: other.kind() })
        }
    }
}

/// A value is a number or a string. `100.0` is how a floating number says 100: the part without a meaning is left out.
fn amount_of(value: Option<&Json>) -> Result<String, ValueProblem> {
    match value {
        Some(Json::Number(number)) => {
            let text = number.to_string();
            Ok(text.strip_suffix(".0").map_or(text.clone(), str::to_owned))
        }
        None | Some(Json::Null | Json::Text(_) | Json::Bool(_) | Json::List(_) | Json::Object(_)) => text_of(value),
    }
}

/// The Unix milliseconds of `yyyyMMdd'T'HHmmss'Z'`, or `None` for anything else.
///
/// ```
/// use koogallery::open_api::usage_time_ms;
/// assert_eq!(usage_time_ms("20260115T093000Z"), Some(1_768_469_400_000));
/// assert_eq!(usage_time_ms("20260115T093000"), None);
/// assert_eq!(usage_time_ms("20260230T093000Z"), None);
/// ```
pub fn usage_time_ms(text: &str) -> Option<i64> {
    let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    let shaped = match text.as_bytes() {
        [date @ .., b'T', h1, h2, m1, m2, s1, s2, b'Z'] => {
            date.len() == 8 && digits(date) && digits(&[*h1, *h2, *m1, *m2, *s1, *s2])
        }
        _ => false,
    };
    let at = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", text).ok().filter(|_| shaped)?;
    jiff::tz::TimeZone::UTC.to_timestamp(at).ok().map(|at| at.as_millisecond())
}

/// What a taken push is answered.
pub fn usage_success() -> String {
    body(AnswerShape::Error, OpenApiCode::Success.code(), "Success.", None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(change: &str) -> String {
        let whole = r#"{"begin_time":"20260115T090000Z","end_time":"20260115T095959Z","instance_id":"i-1","metering_sn":"sn-1","record_time":"20260115T100500Z","usage_value":"12.5000"}"#;
        whole.replace(r#""instance_id":"i-1""#, change)
    }

    fn parsed(records: &str) -> Result<Vec<PushedRecord>, OpenApiRefusal> {
        PushedRecord::parse_batch(format!(r#"{{"usage_records":[{records}]}}"#).as_bytes(), PushForm::New)
    }

    #[test]
    fn what_does_not_have_the_shape_is_refused_with_its_place() {
        let long = format!(r#""instance_id":"{}""#, "x".repeat(65));
        for (change, said) in [
            (r#""x":1"#, "usage_records[0].x is not a member of a record"),
            (r#""instance_id":"""#, "usage_records[0].instance_id is missing"),
            (r#""instance_id":null"#, "usage_records[0].instance_id is missing"),
            (r#""instance_id":7"#, "usage_records[0].instance_id is of type number, expected string"),
            (
                r#""instance_id":"a\u0000b""#,
                "usage_records[0].instance_id holds the character U+0000, which is not allowed",
            ),
            (long.as_str(), "usage_records[0].instance_id has 65 characters, at most 64 are allowed"),
            (r#""instance_id":"a","product_id":"b""#, "usage_records[0].product_id is not a member of a record"),
            (r#""instance_id":"a","instance_id":"b""#, "the member \"instance_id\" is given twice"),
        ] {
            let refusal = parsed(&record(change)).expect_err("it is refused");
            assert_eq!((refusal.code, refusal.detail.as_str()), (OpenApiCode::InvalidParameter, said));
        }
        for (body, said) in [
            ("", "the body is empty"),
            ("[]", "the body is of type array, expected object"),
            ("{}", "usage_records is missing"),
            (r#"{"usage_records":{}}"#, "usage_records is of type object, expected array"),
            (r#"{"usage_records":[]}"#, "usage_records is empty"),
            (r#"{"usage_records":[],"x":1}"#, "x is not a member of a push"),
            (r#"{"usage_records":["a"]}"#, "usage_records[0] is of type string, expected object"),
        ] {
            let refusal = PushedRecord::parse_batch(body.as_bytes(), PushForm::New).expect_err("it is refused");
            assert_eq!((refusal.code, refusal.detail.as_str()), (OpenApiCode::InvalidParameter, said), "{body}");
        }
    }

    #[test]
    fn a_thousand_records_are_taken_and_one_more_is_too_many() {
        let many = |count: usize| vec![record(r#""instance_id":"i-1""#); count].join(",");
        assert_eq!(parsed(&many(1_000)).map(|records| records.len()), Ok(1_000));
        assert_eq!(parsed(&many(1_001)).map_err(|refusal| refusal.code), Err(OpenApiCode::TooManyUsageRecords));
    }

    #[test]
    fn values_may_be_numbers_or_strings_and_keep_every_digit() {
        for (sent, kept) in [
            ("12.5", "12.5"),
            ("\"12.5000\"", "12.5000"),
            ("100.0", "100"),
            ("3", "3"),
            ("12345678.1234", "12345678.1234"),
            ("99999999.9999", "99999999.9999"),
            ("0.0001", "0.0001"),
            ("0.00001", "0.00001"),
            ("0.0000001", "1e-7"),
            ("-1", "-1"),
        ] {
            let record = record(r#""instance_id":"i-1""#).replace("\"12.5000\"", sent);
            assert_eq!(parsed(&record).expect("a batch")[0].usage_value.as_str(), kept, "{sent}");
        }
    }

    #[test]
    fn a_taken_push_is_answered_to_the_byte() {
        assert_eq!(usage_success(), r#"{"error_code":"MKT.0000","error_msg":"Success."}"#);
    }
}
