//! What is kept of an answer: everything but passwords.

use serde_json::Value;

const MASK: &str = "••••••••";

/// The body as it may be kept. Passwords are masked where they stand; a body whose passwords cannot be masked in place
/// (because the seller spelled the name with escapes) is kept in our own spelling.
pub(super) fn redact(body: &str) -> String {
    let masked = mask_in_place(body);
    let Ok(mut value) = serde_json::from_str::<Value>(&masked) else { return masked };
    if mask_members(&mut value) { value.to_string() } else { masked }
}

/// Replaces the text after every `"password":`, up to the closing quote. Works on broken JSON too.
fn mask_in_place(body: &str) -> String {
    let mut out = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(found) = find_name(rest) {
        let after_name = found + NAME.len();
        let gap =
            rest[after_name..].find(|c: char| !c.is_ascii_whitespace() && c != ':').unwrap_or(rest.len() - after_name);
        let value_at = after_name + gap;
        out.push_str(&rest[..value_at]);
        rest = &rest[value_at..];
        if let Some(text) = rest.strip_prefix('"') {
            out.push('"');
            out.push_str(MASK);
            rest = &text[end_of_text(text)..];
        }
    }
    out.push_str(rest);
    out
}

const NAME: &str = "\"password\"";

fn find_name(text: &str) -> Option<usize> {
    text.as_bytes().windows(NAME.len()).position(|window| window.eq_ignore_ascii_case(NAME.as_bytes()))
}

/// Where the closing quote of a JSON text stands, or the end.
fn end_of_text(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' if !escaped => return at,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

/// Masks what is left, and says whether there was something.
fn mask_members(value: &mut Value) -> bool {
    match value {
        Value::Object(members) => {
            let mut found = false;
            for (name, value) in members {
                let secret = name.eq_ignore_ascii_case("password") && *value != Value::from(MASK) && !value.is_null();
                if secret {
                    *value = Value::from(MASK);
                }
                found |= secret | mask_members(value);
            }
            found
        }
        Value::Array(values) => values.iter_mut().fold(false, |found, value| found | mask_members(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_never_stay_however_they_are_spelled() {
        for body in [
            r#"{"info":[{"appInfo":{"userName":"a","password":"Init-Pass-1"}}]}"#,
            r#"{"password" : "Init-Pass-1", "password":"Init-Pass-1"}"#,
            r#"{"Password":"Init-Pass-1"}"#,
            r#"{"passw\u006frd":"Init-Pass-1"}"#,
            r#"{"password":"quote \" Init-Pass-1"}"#,
            r#"{"password":["Init-Pass-1"]}"#,
            r#"{"resultCode":"000000","password":"Init-Pass-1"#,
        ] {
            let kept = redact(body);
            assert!(!kept.contains("Init-Pass-1"), "{body} became {kept}");
        }
    }

    #[test]
    fn everything_else_stays_byte_for_byte() {
        for body in [
            "",
            "<html>no json</html>",
            r#"{ "resultCode" : "000000",  "memo":"the password is in your mail" }"#,
            r#"{"password":null}"#,
        ] {
            assert_eq!(redact(body), body);
        }
    }
}
