//! JSON as the protocol needs it: members keep the order in which they came, a member said twice is refused, and the
//! depth is limited before anything is built. It is no general JSON library; reading and quoting are `serde_json`'s.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

/// A JSON value with its members in the order in which they were said.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(serde_json::Number),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object. Names are unique.
    Object(Vec<(String, Json)>),
}

/// Why bytes are not acceptable JSON.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// Nothing but white space.
    #[error("the body is empty")]
    Empty,
    /// Not UTF-8.
    #[error("the body is not UTF-8 from byte {at} on")]
    NotUtf8 {
        /// Offset of the first wrong byte, from 0.
        at: usize,
    },
    /// Arrays and objects stand inside each other more often than allowed.
    #[error("the body nests deeper than {limit} levels")]
    TooDeep {
        /// Levels allowed.
        limit: usize,
    },
    /// One object names a member twice, so two readers could see two different answers.
    #[error("the member {member:?} is given twice")]
    Duplicate {
        /// The name, cut to 64 characters.
        member: String,
    },
    /// Anything else: syntax, `NaN`, a number that is too large, text after the end.
    #[error("the body is not JSON: line {line}, column {column}: {reason}")]
    Syntax {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// The parser's words, in English.
        reason: String,
    },
}

/// How deep a body may nest. The deepest documented answer needs 4 levels.
pub const DEPTH_LIMIT: usize = 32;

impl Json {
    /// Reads strict JSON, at most [`DEPTH_LIMIT`] deep, with no member said twice.
    pub fn parse(bytes: &[u8]) -> Result<Json, JsonError> {
        let text = std::str::from_utf8(bytes).map_err(|e| JsonError::NotUtf8 { at: e.valid_up_to() })?;
        if text.trim().is_empty() {
            return Err(JsonError::Empty);
        }
        if depth(bytes) > DEPTH_LIMIT {
            return Err(JsonError::TooDeep { limit: DEPTH_LIMIT });
        }
        let twice = RefCell::new(None);
        let mut reader = serde_json::Deserializer::from_str(text);
        let read = Reader { twice: &twice }.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
        read.map_err(|e| match twice.take() {
            Some(member) => JsonError::Duplicate { member },
            None => JsonError::Syntax { line: e.line(), column: e.column(), reason: words_of(&e) },
        })
    }

    /// A string value.
    pub fn text(value: impl Into<String>) -> Json {
        Json::Text(value.into())
    }

    /// The member of that name, if this is an object that has it.
    pub fn get(&self, name: &str) -> Option<&Json> {
        match self {
            Json::Object(members) => members.iter().find(|(known, _)| known == name).map(|(_, value)| value),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) | Json::List(_) => None,
        }
    }

    /// The text, if this is a string.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::List(_) | Json::Object(_) => None,
        }
    }

    /// The items, if this is an array.
    pub fn as_list(&self) -> Option<&[Json]> {
        match self {
            Json::List(items) => Some(items),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) | Json::Object(_) => None,
        }
    }

    /// `null`, `boolean`, `number`, `string`, `array` or `object`.
    pub fn kind(&self) -> &'static str {
        match self {
            Json::Null => "null",
            Json::Bool(_) => "boolean",
            Json::Number(_) => "number",
            Json::Text(_) => "string",
            Json::List(_) => "array",
            Json::Object(_) => "object",
        }
    }

    /// Compact text: no blanks, members in the order held, non-ASCII and `/` not escaped.
    pub fn to_compact(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    /// The signed form of a body (seller-protocol 2.3, steps 1 and 2): null members left out and names ascending in
    /// the outermost object only; inner objects stay as they are.
    pub fn sorted_outermost(self) -> Json {
        match self {
            Json::Object(mut members) => {
                members.retain(|(_, value)| *value != Json::Null);
                members.sort_by(|a, b| a.0.encode_utf16().cmp(b.0.encode_utf16()));
                Json::Object(members)
            }
            other @ (Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) | Json::List(_)) => other,
        }
    }

    /// Names ascending in every object, at every depth (the reading of "sorted naturally" in seller-protocol 8.4).
    pub fn sorted_throughout(self) -> Json {
        match self {
            Json::Object(members) => {
                let inner = members.into_iter().map(|(name, value)| (name, value.sorted_throughout())).collect();
                Json::Object(inner).sorted_outermost()
            }
            Json::List(items) => Json::List(items.into_iter().map(Json::sorted_throughout).collect()),
            other @ (Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_)) => other,
        }
    }

    fn write(&self, out: &mut String) {
        match self {
            Json::Null => out.push_str("null"),
            Json::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Json::Number(value) => out.push_str(&value.to_string()),
            Json::Text(text) => out.push_str(&quoted(text)),
            Json::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Json::Object(members) => {
                out.push('{');
                for (index, (name, value)) in members.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    out.push_str(&quoted(name));
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a string always has a JSON form")
}

/// The parser's message without the position, which is reported apart.
fn words_of(error: &serde_json::Error) -> String {
    let whole = error.to_string();
    whole.split(" at line ").next().unwrap_or(&whole).to_owned()
}

/// The deepest level of brackets outside strings. Runs before parsing so that no recursion meets hostile depth.
fn depth(bytes: &[u8]) -> usize {
    let (mut level, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => {
                level += 1;
                deepest = deepest.max(level);
            }
            b'}' | b']' if !quoted => level = level.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// Builds a [`Json`] and notes the first name that comes twice.
#[derive(Clone, Copy)]
struct Reader<'a> {
    twice: &'a RefCell<Option<String>>,
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Json;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Json, E> {
        serde_json::Number::from_f64(value).map(Json::Number).ok_or_else(|| E::custom("number is not finite"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut members: Vec<(String, Json)> = Vec::new();
        let mut names = std::collections::HashSet::new();
        while let Some(name) = map.next_key::<String>()? {
            if !names.insert(name.clone()) {
                self.twice.replace(Some(name.chars().take(64).collect()));
                return Err(A::Error::custom("a member is given twice"));
            }
            members.push((name, map.next_value_seed(self)?));
        }
        Ok(Json::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_said_twice_is_refused_at_any_depth() {
        let error = Json::parse(br#"{"a":{"b":1,"b":2}}"#).expect_err("b comes twice");
        assert_eq!(error, JsonError::Duplicate { member: "b".into() });
    }

    #[test]
    fn a_member_said_twice_by_an_escape_is_refused() {
        let error = Json::parse(br#"{"a":1,"\u0061":2}"#).expect_err("a comes twice");
        assert_eq!(error, JsonError::Duplicate { member: "a".into() });
    }

    #[test]
    fn depth_is_refused_before_parsing() {
        let deep = "[".repeat(100_000);
        assert_eq!(Json::parse(deep.as_bytes()), Err(JsonError::TooDeep { limit: DEPTH_LIMIT }));
        let brackets_in_text = format!("\"{}\\\"[\"", "[".repeat(1_000));
        assert!(Json::parse(brackets_in_text.as_bytes()).is_ok());
    }

    #[test]
    fn nan_infinity_comments_and_rests_are_no_json() {
        for text in
            ["NaN", "{\"a\":NaN}", "{\"a\":-Infinity}", "{}//", "{} {}", "{\"a\":1,}", "{'a':1}", "1e999", "\u{feff}{}"]
        {
            assert!(matches!(Json::parse(text.as_bytes()), Err(JsonError::Syntax { .. })), "{text}");
        }
        assert_eq!(Json::parse(b" \n"), Err(JsonError::Empty));
        assert_eq!(Json::parse(b"{\"a\":\"\xff\"}"), Err(JsonError::NotUtf8 { at: 6 }));
    }

    #[test]
    fn names_sort_by_utf16_code_units_like_java() {
        // U+1F600 is a surrogate pair (D83D…) and stands before U+FF5E there, but after it in UTF-8.
        let body =
            Json::parse("{\"\u{ff5e}\":1,\"\u{1f600}\":2,\"B\":3,\"a\":4,\"n\":null}".as_bytes()).expect("valid");
        assert_eq!(body.sorted_outermost().to_compact(), "{\"B\":3,\"a\":4,\"\u{1f600}\":2,\"\u{ff5e}\":1}");
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_reads_back(text in ".{0,40}", number in proptest::num::i64::ANY) {
            let value = Json::Object(vec![
                (text.clone(), Json::List(vec![Json::Text(text), Json::Number(number.into()), Json::Null])),
            ]);
            proptest::prop_assert_eq!(Json::parse(value.to_compact().as_bytes()), Ok(value));
        }

        #[test]
        fn no_bytes_make_the_reader_fall_over(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = Json::parse(&bytes);
        }
    }
}
