//! What a page is made of: tags and attributes as a browser would read them. Small on purpose: our own pages only.

use std::collections::BTreeSet;

/// Tags with their attributes' names, and every place that a link, form or source leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Skeleton {
    /// `tag` and `tag[attribute]`, each once.
    pub shape: BTreeSet<String>,
    /// The values of `href`, `src`, `action`, `formaction` and htmx's addresses, unescaped.
    pub links: Vec<String>,
}

const LEADING: [&str; 8] = ["href", "src", "action", "formaction", "hx-get", "hx-post", "hx-put", "hx-delete"];

/// Reads a page.
pub fn skeleton(html: &str) -> Skeleton {
    let mut found = Skeleton::default();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let opens = rest.starts_with(|letter: char| letter.is_ascii_alphabetic());
        if opens {
            rest = tag(rest, &mut found);
        }
    }
    found
}

/// Reads one opening tag; answers what follows it.
fn tag<'h>(text: &'h str, found: &mut Skeleton) -> &'h str {
    let end =
        text.find(|letter: char| letter.is_ascii_whitespace() || letter == '>' || letter == '/').unwrap_or(text.len());
    let name = text[..end].to_ascii_lowercase();
    found.shape.insert(name.clone());
    let mut rest = &text[end..];
    loop {
        rest = rest.trim_start_matches(|letter: char| letter.is_ascii_whitespace() || letter == '/');
        if rest.is_empty() {
            return rest;
        }
        if let Some(after) = rest.strip_prefix('>') {
            return after;
        }
        let end = rest
            .find(|letter: char| letter.is_ascii_whitespace() || "=>/".contains(letter))
            .unwrap_or(rest.len())
            .max(1);
        let attribute = rest.get(..end).unwrap_or(rest).to_ascii_lowercase();
        rest = rest.get(end..).unwrap_or("").trim_start();
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            (value, rest) = match after.chars().next() {
                Some(quote @ ('"' | '\'')) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
                _ => after.split_at(
                    after.find(|letter: char| letter.is_ascii_whitespace() || letter == '>').unwrap_or(after.len()),
                ),
            };
        }
        if LEADING.contains(&attribute.as_str()) {
            found.links.push(unescaped(value));
        }
        found.shape.insert(format!("{name}[{attribute}]"));
    }
}

fn unescaped(text: &str) -> String {
    let named = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#38;", "&"),
        ("&amp;", "&"),
    ];
    named.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

#[test]
fn a_skeleton_sees_what_a_browser_would_run() {
    let plain = skeleton("<p class=\"a\">Plain</p><a href='/x'>y</a>");
    assert_eq!(plain.links, ["/x"]);
    for bad in [
        "<p class=\"a\"><script>alert(1)</script></p><a href='/x'>y</a>",
        "<p class=\"a\" onclick=x>Plain</p><a href='/x'>y</a>",
        "<p class=\"a\"><img/src=x/onerror=y></p><a href='/x'>y</a>",
    ] {
        assert_ne!(skeleton(bad).shape, plain.shape, "{bad}");
    }
    assert_eq!(skeleton("<p class=\"a\">&lt;script&gt;</p><a href=\"javascript:x\">y</a>").links, ["javascript:x"]);
    assert_eq!(skeleton("<p class=\"a\">&lt;script&gt; a < b</p><a href='/x'>y</a>"), plain);
}
