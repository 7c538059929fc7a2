//! Text that people type, parsed once at the door: trimmed, length-checked in characters, free of control characters.
//!
//! The functions answer a [`FieldProblem`] that names the field and what is allowed. Markup is not judged here: pages
//! escape everything they print.

use std::fmt;
use std::str::FromStr;

use crate::outcome::{FieldProblem, Problems};

/// A language the marketplace speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[serde(rename = "en")]
    English,
    /// Simplified Chinese.
    #[serde(rename = "zh")]
    Chinese,
}

impl Language {
    /// Every language, English first.
    pub const ALL: [Language; 2] = [Language::English, Language::Chinese];

    /// `en` or `zh`: in addresses, cookies, columns.
    pub fn code(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Chinese => "zh",
        }
    }

    /// The value of an HTML `lang` attribute: `en` or `zh-CN`.
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Chinese => "zh-CN",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Language {
    type Err = ();
    fn from_str(code: &str) -> Result<Language, ()> {
        match code {
            "en" => Ok(Language::English),
            "zh" => Ok(Language::Chinese),
            _ => Err(()),
        }
    }
}

/// A text in one or both languages. At least one is there; the other falls back to it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Localised {
    /// English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
    /// Simplified Chinese.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zh: Option<String>,
}

impl Localised {
    /// The text in `language`, else in the other one, and which language it really is (for the `lang` attribute).
    pub fn in_language(&self, language: Language) -> (&str, Language) {
        let (first, second) = match language {
            Language::English => ((&self.en, Language::English), (&self.zh, Language::Chinese)),
            Language::Chinese => ((&self.zh, Language::Chinese), (&self.en, Language::English)),
        };
        match (first, second) {
            ((Some(text), language), _) => (text, language),
            ((None, _), (Some(text), language)) => (text, language),
            ((None, language), (None, _)) => ("", language),
        }
    }

    /// The text in `language` or the other one.
    pub fn say(&self, language: Language) -> &str {
        self.in_language(language).0
    }

    /// Whether no language has a text.
    pub fn empty(&self) -> bool {
        self.en.is_none() && self.zh.is_none()
    }
}

/// How many lines a text may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// Line breaks are refused.
    One,
    /// Line breaks are kept, as `\n`.
    Many,
}

/// Text of `least..=most` characters after trimming; an empty one is `required` when `least` is over 0.
pub fn text(field: &'static str, input: &str, lines: Lines, least: usize, most: usize) -> Result<String, FieldProblem> {
    let text = input.trim().replace("\r\n", "\n");
    let count = text.chars().count();
    if count == 0 && least > 0 {
        return Err(FieldProblem::new(field, "required"));
    }
    if count < least {
        return Err(FieldProblem::new(field, "too_short").with("least", least).with("count", count));
    }
    if count > most {
        return Err(FieldProblem::new(field, "too_long").with("most", most).with("count", count));
    }
    let unwanted = |c: char| match c {
        '\n' | '\t' => lines == Lines::One,
        _ => c.is_control() || hidden_direction(c),
    };
    if text.chars().any(unwanted) {
        return Err(FieldProblem::new(field, "control_characters"));
    }
    Ok(text)
}

/// As [`text`], with an empty text read as `None`.
pub fn optional_text(
    field: &'static str,
    input: &str,
    lines: Lines,
    most: usize,
) -> Result<Option<String>, FieldProblem> {
    if input.trim().is_empty() { Ok(None) } else { text(field, input, lines, 1, most).map(Some) }
}

/// Characters that turn the reading direction and can make a text lie about itself.
pub fn hidden_direction(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{061C}')
}

/// An e-mail address: one `@`, a dot in the domain, no spaces, at most 254 characters. Whether it exists is found out
/// by writing to it.
pub fn email(field: &'static str, input: &str) -> Result<String, FieldProblem> {
    let email = text(field, input, Lines::One, 1, 254)?;
    let good = email.split_once('@').is_some_and(|(local, domain)| {
        let local_good = !local.is_empty() && local.len() <= 64;
        let domain_good = domain.contains('.')
            && !domain.contains('@')
            && domain.split('.').all(|label| {
                !label.is_empty()
                    && !label.starts_with('-')
                    && !label.ends_with('-')
                    && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            });
        local_good
            && domain_good
            && !email.chars().any(|c| c.is_whitespace() || matches!(c, '<' | '>' | '"' | ',' | ';'))
    });
    if good { Ok(email) } else { Err(FieldProblem::new(field, "email")) }
}

/// A web address that may be written into a page: `http` or `https`, with a host, without user name or password.
pub fn web_address(field: &'static str, input: &str, most: usize) -> Result<String, FieldProblem> {
    let input = text(field, input, Lines::One, 1, most)?;
    let good = url::Url::parse(&input).is_ok_and(|address| {
        matches!(address.scheme(), "http" | "https")
            && address.host_str().is_some_and(|host| !host.is_empty())
            && address.username().is_empty()
            && address.password().is_none()
    });
    if good { Ok(input) } else { Err(FieldProblem::new(field, "web_address")) }
}

/// A phone number: digits, spaces, `+`, `-`, `(`, `)`; 5 to 32 characters with at least 5 digits.
pub fn phone(field: &'static str, input: &str) -> Result<String, FieldProblem> {
    let phone = text(field, input, Lines::One, 1, 32)?;
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    let good = digits >= 5 && phone.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '+' | '-' | '(' | ')'));
    if good { Ok(phone) } else { Err(FieldProblem::new(field, "phone")) }
}

/// A whole number in `least..=most`, as typed into a form.
pub fn whole_number(field: &'static str, input: &str, least: i64, most: i64) -> Result<i64, FieldProblem> {
    let wrong = || FieldProblem::new(field, "whole_number").with("least", least).with("most", most);
    let input = input.trim();
    if input.is_empty() {
        return Err(FieldProblem::new(field, "required"));
    }
    let number: i64 = input.parse().map_err(|_| wrong().with("entered", input))?;
    if (least..=most).contains(&number) { Ok(number) } else { Err(wrong().with("entered", number)) }
}

/// A text in both languages: English and Chinese fields are `<field>_en` and `<field>_zh`; one of them may be empty,
/// not both. Names are given whole, because a problem's field is a fixed name.
pub fn localised(
    problems: &mut Problems,
    (field_en, input_en): (&'static str, &str),
    (field_zh, input_zh): (&'static str, &str),
    lines: Lines,
    (least, most): (usize, usize),
) -> Option<Localised> {
    if least > 0 && input_en.trim().is_empty() && input_zh.trim().is_empty() {
        problems.add(FieldProblem::new(field_en, "required_in_one_language"));
        return None;
    }
    let mut one = |field, input: &str| {
        if input.trim().is_empty() {
            Some(None)
        } else {
            problems.take(text(field, input, lines, least, most)).map(Some)
        }
    };
    let (en, zh) = (one(field_en, input_en), one(field_zh, input_zh));
    Some(Localised { en: en?, zh: zh? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code<T>(result: Result<T, FieldProblem>) -> &'static str {
        result.map_or_else(|problem| problem.code, |_| "fine")
    }

    #[test]
    fn text_is_trimmed_counted_in_characters_and_free_of_controls() {
        assert_eq!(text("name", "  备份  ", Lines::One, 1, 2), Ok("备份".to_owned()));
        assert_eq!(code(text("name", "   ", Lines::One, 1, 9)), "required");
        assert_eq!(code(text("name", "a", Lines::One, 2, 9)), "too_short");
        assert_eq!(code(text("name", "abc", Lines::One, 1, 2)), "too_long");
        assert_eq!(code(text("name", "a\nb", Lines::One, 1, 9)), "control_characters");
        assert_eq!(text("name", "a\r\nb", Lines::Many, 1, 9), Ok("a\nb".to_owned()));
        assert_eq!(code(text("name", "a\u{202e}b", Lines::Many, 1, 9)), "control_characters");
        assert_eq!(code(text("name", "a\0b", Lines::Many, 1, 9)), "control_characters");
    }

    #[test]
    fn addresses_that_would_run_as_script_are_refused() {
        for bad in
            ["javascript:alert(1)", "data:text/html,x", "http://", "ftp://a.example", "https://u:p@a.example", "a b"]
        {
            assert_eq!(code(web_address("website", bad, 200)), "web_address", "{bad}");
        }
        assert_eq!(code(web_address("website", "https://a.example/x?y=1", 200)), "fine");
    }

    #[test]
    fn email_addresses_need_a_name_and_a_domain_with_a_dot() {
        for good in ["a@b.example", "first.last+tag@mail.example.org", "张三@例子.example"] {
            assert_eq!(code(email("email", good)), "fine", "{good}");
        }
        for bad in [
            "a",
            "a@",
            "@b.example",
            "a@b",
            "a@b..example",
            "a b@c.example",
            "a@b@c.example",
            "a@-b.example",
            "<a@b.example>",
        ] {
            assert_eq!(code(email("email", bad)), "email", "{bad}");
        }
    }

    #[test]
    fn a_missing_language_falls_back_to_the_other_one() {
        let mut problems = Problems::new();
        let name = localised(&mut problems, ("name_en", "Backup"), ("name_zh", ""), Lines::One, (1, 20));
        let name = name.expect("one language is enough");
        assert_eq!(name.in_language(Language::Chinese), ("Backup", Language::English));
        assert!(localised(&mut problems, ("name_en", ""), ("name_zh", " "), Lines::One, (1, 20)).is_none());
        assert_eq!(problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["required_in_one_language"]);
    }
}
