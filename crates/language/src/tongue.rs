//! Which language a browser asks for, and how a switch names the languages. Not here: the texts.

use domain::text::Language;

/// The name of the language in itself, for a switch.
pub fn own_name(language: Language) -> &'static str {
    match language {
        Language::English => "English",
        Language::Chinese => "中文",
    }
}

/// Reads a tag such as `en-GB`, `zh`, `zh-Hans-CN`. Any kind of Chinese is answered in Simplified Chinese.
pub fn from_tag(tag: &str) -> Option<Language> {
    tag.split(['-', '_']).next().unwrap_or_default().trim().to_ascii_lowercase().parse().ok()
}

/// Chooses from an `Accept-Language` header: the spoken language with the highest weight, English when there is none.
pub fn from_accept_language(header: &str) -> Language {
    let mut best: Option<(u32, Language)> = None;
    for part in header.split(',') {
        let mut pieces = part.split(';');
        let Some(language) = from_tag(pieces.next().unwrap_or_default()) else { continue };
        let weight = pieces.find_map(|piece| piece.trim().strip_prefix("q=")).map_or(1000, thousandths);
        if weight > 0 && best.is_none_or(|(known, _)| weight > known) {
            best = Some((weight, language));
        }
    }
    best.map_or(Language::English, |(_, language)| language)
}

/// Reads a weight of RFC 9110 12.4.2 (`0.8`) as thousandths, without floats.
fn thousandths(weight: &str) -> u32 {
    let (whole, part) = weight.trim().split_once('.').unwrap_or((weight.trim(), ""));
    if whole == "1" {
        return 1000;
    }
    let digits: String = part.chars().chain("000".chars()).take(3).collect();
    digits.parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_of_a_browser_picks_the_language_with_the_highest_weight() {
        for (header, language) in [
            ("zh-CN,zh;q=0.9,en;q=0.8", Language::Chinese),
            ("de,en;q=0.7,zh;q=0.3", Language::English),
            ("en;q=0.2, zh-TW;q=0.9", Language::Chinese),
            ("zh;q=0, fr", Language::English),
            ("", Language::English),
            ("zh;q=rubbish,en;q=0.1", Language::English),
        ] {
            assert_eq!(from_accept_language(header), language, "{header}");
        }
    }

    #[test]
    fn tags_read_back_as_the_language_that_wrote_them() {
        for language in Language::ALL {
            assert_eq!(from_tag(language.tag()), Some(language));
        }
        assert_eq!(from_tag("fr"), None);
    }
}
