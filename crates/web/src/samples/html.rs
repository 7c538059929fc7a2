//! What is wrong with a page's HTML, found without a browser: nesting, ids, labels, headings, strict content policy.
//! It reads only what our own templates write. Not here: colour contrast and the like (the browser test with axe).

use std::collections::{BTreeMap, BTreeSet};

/// One opening tag, or a closing one.
struct Tag {
    name: String,
    closing: bool,
    attributes: BTreeMap<String, String>,
}

const VOID: [&str; 9] = ["meta", "link", "input", "br", "img", "hr", "use", "path", "image"];

/// Every fault of one page, in words.
pub fn faults(html: &str, language: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let tags = match tags(html) {
        Ok(tags) => tags,
        Err(fault) => return vec![fault],
    };
    if !html.starts_with("<!doctype html>") {
        faults.push("does not begin with its doctype".to_owned());
    }
    nesting(&tags, &mut faults);
    document(&tags, html, language, &mut faults);
    policy(&tags, &mut faults);
    references(&tags, &mut faults);
    fields(&tags, &mut faults);
    tables(&tags, &mut faults);
    faults
}

fn tags(html: &str) -> Result<Vec<Tag>, String> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        if rest.starts_with("!doctype") || rest.starts_with("!--") {
            rest = &rest[rest.find('>').ok_or("an unclosed declaration")? + 1..];
            continue;
        }
        let end = closing_bracket(rest).ok_or_else(|| format!("an unclosed tag: {}", &rest[..rest.len().min(40)]))?;
        tags.push(tag(&rest[..end])?);
        rest = &rest[end + 1..];
    }
    Ok(tags)
}

fn closing_bracket(text: &str) -> Option<usize> {
    let mut quoted = false;
    for (place, letter) in text.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            '>' if !quoted => return Some(place),
            _ => {}
        }
    }
    None
}

fn tag(text: &str) -> Result<Tag, String> {
    let closing = text.starts_with('/');
    let text = text.trim_start_matches('/').trim_end_matches('/');
    let (name, mut rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    if !name.chars().all(|letter| letter.is_ascii_alphanumeric()) || name.is_empty() {
        return Err(format!("a stray bracket before “{name}”"));
    }
    let mut attributes = BTreeMap::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            break;
        }
        let end = rest.find(|letter: char| letter == '=' || letter.is_whitespace()).unwrap_or(rest.len());
        let key = rest[..end].to_owned();
        rest = &rest[end..];
        let value = match rest.strip_prefix("=\"") {
            Some(quoted) => {
                let (value, after) = quoted.split_once('"').ok_or_else(|| format!("an unquoted value of {key}"))?;
                rest = after;
                value.to_owned()
            }
            None if rest.starts_with('=') => return Err(format!("an unquoted value of {key} in <{name}>")),
            None => String::new(),
        };
        if attributes.insert(key.clone(), value).is_some() {
            return Err(format!("{key} stands twice in <{name}>"));
        }
    }
    Ok(Tag { name: name.to_owned(), closing, attributes })
}

fn nesting(tags: &[Tag], faults: &mut Vec<String>) {
    let mut open: Vec<&str> = Vec::new();
    for tag in tags {
        if VOID.contains(&tag.name.as_str()) || (tag.name == "circle" && !tag.closing) {
            continue;
        }
        if !tag.closing {
            if matches!(tag.name.as_str(), "div" | "p" | "ul" | "h2" | "section" | "form") && open.last() == Some(&"p")
            {
                faults.push(format!("<{}> inside <p>", tag.name));
            }
            if tag.name == "form" && open.contains(&"form") {
                faults.push("a form inside a form".to_owned());
            }
            open.push(&tag.name);
        } else if open.last() == Some(&tag.name.as_str()) {
            open.pop();
        } else {
            faults.push(format!("</{}> closes <{}>", tag.name, open.last().unwrap_or(&"nothing")));
            return;
        }
    }
    if !open.is_empty() {
        faults.push(format!("never closed: {open:?}"));
    }
}

fn document(tags: &[Tag], html: &str, language: &str, faults: &mut Vec<String>) {
    let opened = |name: &str| tags.iter().filter(|tag| tag.name == name && !tag.closing).count();
    for name in ["h1", "main", "title", "html"] {
        if opened(name) != 1 {
            faults.push(format!("has {} <{name}>", opened(name)));
        }
    }
    let spoken = tags.iter().find(|tag| tag.name == "html").and_then(|tag| tag.attributes.get("lang"));
    if spoken.map(String::as_str) != Some(language) {
        faults.push(format!("lang is {spoken:?}, not {language}"));
    }
    let title = html.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next()).unwrap_or_default();
    if title.trim().is_empty() || title.starts_with(" –") {
        faults.push("has no title; call titled()".to_owned());
    }
    let mut level = 0;
    for tag in tags.iter().filter(|tag| !tag.closing) {
        let Some(next) = tag.name.strip_prefix('h').and_then(|rest| rest.parse::<u32>().ok()) else { continue };
        if level > 0 && next > level + 1 {
            faults.push(format!("h{next} follows h{level}"));
        }
        level = next;
    }
    for bad in ["{$", "{{", "{%", "undefined"] {
        if html.contains(bad) {
            faults.push(format!("shows “{bad}”"));
        }
    }
}

fn policy(tags: &[Tag], faults: &mut Vec<String>) {
    for tag in tags.iter().filter(|tag| !tag.closing) {
        if tag.name == "style" || (tag.name == "script" && !tag.attributes.contains_key("src")) {
            faults.push(format!("an inline <{}>", tag.name));
        }
        for (key, value) in &tag.attributes {
            if key == "style" || key.starts_with("on") || value.trim_start().starts_with("javascript:") {
                faults.push(format!("{key} in <{}>", tag.name));
            }
            if matches!(key.as_str(), "href" | "src" | "action") && (value.is_empty() || value == "#") {
                faults.push(format!("an empty {key} in <{}>", tag.name));
            }
        }
        let has = |key: &str| tag.attributes.contains_key(key);
        if tag.name == "img" && !(has("alt") && has("width") && has("height")) {
            faults.push("an image without alt, width or height".to_owned());
        }
        if tag.name == "button" && !has("type") {
            faults.push("a button without type".to_owned());
        }
    }
}

/// Data tables become cards in narrow windows; there they stay tables for screen readers only if each part names its role.
fn tables(tags: &[Tag], faults: &mut Vec<String>) {
    let mut cards = false;
    for tag in tags {
        let has = |key: &str| tag.attributes.contains_key(key);
        if tag.name == "table" {
            let class = tag.attributes.get("class").map(String::as_str).unwrap_or_default();
            cards = !tag.closing && class.split(' ').any(|one| one == "sk-cards");
            if !tag.closing && !cards && class.split(' ').any(|one| one == "table") {
                faults.push("a data table that does not become cards".to_owned());
            }
        }
        let part = matches!(tag.name.as_str(), "table" | "thead" | "tbody" | "tr" | "th" | "td");
        if cards && part && !tag.closing && !has("role") {
            faults.push(format!("<{}> of a table of cards without role", tag.name));
        }
    }
}

fn references(tags: &[Tag], faults: &mut Vec<String>) {
    let mut ids = BTreeSet::new();
    for id in tags.iter().filter_map(|tag| tag.attributes.get("id")) {
        if !ids.insert(id.as_str()) {
            faults.push(format!("the id {id} stands twice"));
        }
    }
    for tag in tags {
        for key in
            ["for", "aria-labelledby", "aria-describedby", "aria-controls", "popovertarget", "data-dialog", "list"]
        {
            let Some(value) = tag.attributes.get(key) else { continue };
            for id in value.split_whitespace().filter(|id| !ids.contains(id)) {
                faults.push(format!("{key} names {id}, which is not there"));
            }
        }
        let target = tag.attributes.get("href").and_then(|href| href.strip_prefix('#'));
        if let Some(id) = target.filter(|id| !ids.contains(id)) {
            faults.push(format!("a link leads to #{id}, which is not there"));
        }
    }
}

fn fields(tags: &[Tag], faults: &mut Vec<String>) {
    let labelled: BTreeSet<&str> = tags
        .iter()
        .filter(|tag| tag.name == "label")
        .filter_map(|tag| tag.attributes.get("for"))
        .map(String::as_str)
        .collect();
    for tag in tags.iter().filter(|tag| !tag.closing && matches!(tag.name.as_str(), "input" | "select" | "textarea")) {
        let has = |key: &str| tag.attributes.contains_key(key);
        if tag.attributes.get("type").is_some_and(|kind| kind == "hidden") {
            continue;
        }
        let id = tag.attributes.get("id").map(String::as_str).unwrap_or_default();
        if !(labelled.contains(id) || has("aria-label") || has("aria-labelledby")) {
            faults.push(format!("a field without label: {:?}", tag.attributes));
        }
        if has("maxlength") {
            faults.push("maxlength cuts off what is typed; say the limit instead".to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::faults;

    fn page(body: &str) -> String {
        format!(
            "<!doctype html><html lang=\"en\"><head><title>A page</title></head><body><main><h1>A</h1>{body}</main></body></html>"
        )
    }

    #[test]
    fn a_good_page_has_no_faults() {
        let body = "<p>a &lt; b</p><label for=\"x\">X</label><input id=\"x\" type=\"text\"><a href=\"#x\">x</a>";
        assert_eq!(faults(&page(body), "en"), [""; 0]);
    }

    #[test]
    fn each_fault_is_found() {
        for (body, fault) in [
            ("<script>alert(1)</script>", "inline <script>"),
            ("<p style=\"color:red\">x</p>", "style in <p>"),
            ("<a href=\"/\" onclick=\"x()\">x</a>", "onclick in <a>"),
            ("<input id=\"x\" type=\"text\">", "without label"),
            ("<h1>B</h1>", "has 2 <h1>"),
            ("<h3>B</h3>", "h3 follows h1"),
            ("<div><p>x</div>", "</div> closes <p>"),
            ("<p id=\"a\"></p><p id=\"a\"></p>", "stands twice"),
            ("<a href=\"#gone\">x</a>", "leads to #gone"),
            ("<img src=\"/x.png\">", "without alt"),
            ("<button>x</button>", "without type"),
            ("<table class=\"table\"></table>", "does not become cards"),
            (
                "<table class=\"table sk-cards\" role=\"table\"><tr></tr></table>",
                "<tr> of a table of cards without role",
            ),
            ("<p>{{ x }}</p>", "shows “{{”"),
        ] {
            let found = faults(&page(body), "en");
            assert!(found.iter().any(|known| known.contains(fault)), "{body}: {found:?}");
        }
        assert!(faults(&page(""), "zh-CN").iter().any(|known| known.contains("lang")));
    }
}
