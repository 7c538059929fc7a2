//! Striking passwords out of an answer before it is stored or shown. The access key never is in an answer.

use serde_json::Value;

/// What stands in the place of a password.
const STRUCK: &str = "••••••";

/// The members whose values are struck out, wherever they stand.
const SECRET: [&str; 1] = ["password"];

/// The body with passwords struck out. Everything else stays byte for byte, so that a seller can compare; only a body that
/// hides a password behind an escaped name is written anew.
pub(crate) fn body(text: &str) -> String {
    let struck = SECRET.iter().fold(text.to_owned(), |text, name| strike(&text, name));
    let Ok(mut value) = serde_json::from_str::<Value>(&struck) else { return struck };
    if cover(&mut value) { value.to_string() } else { struck }
}

/// Replaces the string after each `"name":`.
fn strike(text: &str, name: &str) -> String {
    let needle = format!("\"{name}\"");
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(&needle) {
        let (before, after) = rest.split_at(at + needle.len());
        out.push_str(before);
        rest = after;
        let lead = after.len() - after.trim_start().len();
        let Some(value) = after.trim_start().strip_prefix(':') else { continue };
        let blank = value.len() - value.trim_start().len();
        let Some(inside) = value.trim_start().strip_prefix('"') else { continue };
        let end = end_of_string(inside);
        out.push_str(&after[..lead + 1 + blank + 1]);
        out.push_str(STRUCK);
        rest = &inside[end..];
    }
    out.push_str(rest);
    out
}

/// Where the closing quote of a JSON string stands; the end of the text when there is none.
fn end_of_string(inside: &str) -> usize {
    let mut escaped = false;
    for (at, c) in inside.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at,
            _ => {}
        }
    }
    inside.len()
}

/// Covers every secret member that is not struck yet; says whether there was one.
fn cover(value: &mut Value) -> bool {
    match value {
        Value::Object(members) => {
            let mut found = false;
            for (name, member) in members.iter_mut() {
                let open = SECRET.contains(&name.as_str()) && !member.is_null() && *member != STRUCK;
                if open {
                    *member = Value::from(STRUCK);
                }
                found |= open || cover(member);
            }
            found
        }
        Value::Array(items) => items.iter_mut().fold(false, |found, item| cover(item) | found),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_is_struck_out_and_every_other_byte_stays() {
        let text = r#"{"resultCode":"000000",  "info":[{"appInfo":{"userName":"a","password" : "Init\"Pass-1","memo":"password"}}]}"#;
        let wanted = r#"{"resultCode":"000000",  "info":[{"appInfo":{"userName":"a","password" : "••••••","memo":"password"}}]}"#;
        assert_eq!(body(text), wanted);
    }

    #[test]
    fn no_spelling_of_the_member_and_no_broken_json_keeps_a_password() {
        for text in [
            r#"{"p\u0061ssword":"Init-Pass-1"}"#,
            r#"{"password":["Init-Pass-1"]}"#,
            r#"{"password":{"value":"Init-Pass-1"}}"#,
            r#"{"password":"Init-Pass-1"#,
            r#"{"password":"x\\","password":"Init-Pass-1"}"#,
            r#"[{"a":{"password":"Init-Pass-1"}}]"#,
        ] {
            assert!(!body(text).contains("Init-Pass-1"), "{text} -> {}", body(text));
        }
        assert_eq!(body("no json at all"), "no json at all");
    }
}
