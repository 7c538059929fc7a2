//! From a seller's Markdown to HTML that is safe in our pages.
//!
//! Raw HTML in the Markdown is dropped before the sanitiser sees it; the sanitiser then allows text markup, lists,
//! tables, code and links to http, https and mailto. No images (they would call foreign hosts from our pages), no
//! classes, ids, styles or scripts. Headings begin at level 3, below those of the page.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// Text as HTML, safe to be written into a page as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered(String);

impl Rendered {
    /// The HTML.
    pub fn html(&self) -> &str {
        &self.0
    }
}

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from([
            "p",
            "br",
            "h3",
            "h4",
            "h5",
            "strong",
            "em",
            "del",
            "ul",
            "ol",
            "li",
            "blockquote",
            "code",
            "pre",
            "hr",
            "a",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
        ]))
        .clean_content_tags(HashSet::from(["script", "style"]))
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"])), ("ol", HashSet::from(["start"]))]))
        .generic_attributes(HashSet::new())
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("nofollow noopener noreferrer ugc"));
    builder
});

/// Renders and cleans.
pub fn render_markdown(markdown: &str) -> Rendered {
    let mut options = Options::empty();
    options.insert(Options::ENABLE_TABLES);
    options.insert(Options::ENABLE_STRIKETHROUGH);
    let events = Parser::new_ext(markdown, options).filter_map(|event| match event {
        Event::Html(_) | Event::InlineHtml(_) => None,
        Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => None,
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None, // the alternative text stays
        Event::Start(Tag::Heading { level, .. }) => Some(Event::Start(Tag::Heading {
            level: below_page(level),
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        })),
        Event::End(TagEnd::Heading(level)) => Some(Event::End(TagEnd::Heading(below_page(level)))),
        other => Some(other),
    });
    let mut dirty = String::with_capacity(markdown.len() * 5 / 4);
    html::push_html(&mut dirty, events);
    Rendered(SANITISER.clean(&dirty).to_string())
}

/// Whether something of the text does not reach the page: raw HTML or pictures. For the reviewer.
pub(super) fn something_removed(markdown: &str) -> bool {
    Parser::new_ext(markdown, Options::ENABLE_TABLES)
        .any(|event| matches!(event, Event::Html(_) | Event::InlineHtml(_) | Event::Start(Tag::Image { .. })))
}

/// The words alone, for the search index.
pub(super) fn plain_words(markdown: &str) -> String {
    let mut words = String::with_capacity(markdown.len());
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Text(text) | Event::Code(text) => words.push_str(&text),
            Event::SoftBreak | Event::HardBreak | Event::End(_) => words.push(' '),
            _ => {}
        }
    }
    words
}

fn below_page(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H3,
        HeadingLevel::H2 => HeadingLevel::H4,
        HeadingLevel::H3 | HeadingLevel::H4 | HeadingLevel::H5 | HeadingLevel::H6 => HeadingLevel::H5,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What attackers try (after the public cheat sheets), as Markdown.
    const CORPUS: &[&str] = &[
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "[click](javascript:alert(1))",
        "[click](JaVaScRiPt:alert(1))",
        "[click](java\nscript:alert(1))",
        "[click](&#106;avascript:alert(1))",
        "[click](data:text/html;base64,PHNjcmlwdD4=)",
        "[click](vbscript:msgbox(1))",
        "[click](//evil.example)",
        "![x](https://evil.example/track.png)",
        "![x](x\"onerror=\"alert(1))",
        "[a](https://a.example \"x\" onmouseover=alert(1)\")",
        "<a href=\"https://a.example\" onclick=\"alert(1)\">x</a>",
        "<iframe src=https://evil.example></iframe>",
        "<form action=https://evil.example><input name=password></form>",
        "<style>body{display:none}</style>",
        "<div style=\"position:fixed;inset:0\">x</div>",
        "<meta http-equiv=refresh content=0;url=https://evil.example>",
        "<base href=https://evil.example>",
        "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "```\n</code></pre><script>alert(1)</script>\n```",
        "`</code><script>alert(1)</script>`",
        "<!--><img src=x onerror=alert(1)>-->",
        "<![CDATA[<script>alert(1)</script>]]>",
        "# <script>alert(1)</script>",
        "| <script>alert(1)</script> | b |\n|---|---|\n| <img src=x onerror=alert(1)> | d |",
        "<https://a.example/\"onmouseover=\"alert(1)>",
        "<a href=\"https://a.example\" target=_blank id=main class=btn>x</a>",
    ];

    fn tags(html: &str) -> Vec<String> {
        html.split('<').skip(1).map(|rest| rest.split('>').next().unwrap_or_default().to_owned()).collect()
    }

    /// Only allowed tags, only `href` to a known scheme, `rel` and `start`.
    fn harmless(html: &str) -> bool {
        let known = [
            "p",
            "br",
            "h3",
            "h4",
            "h5",
            "strong",
            "em",
            "del",
            "ul",
            "ol",
            "li",
            "blockquote",
            "code",
            "pre",
            "hr",
            "a",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
        ];
        tags(html).iter().all(|tag| {
            let tag = tag.trim_start_matches('/');
            let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
            let safe = match name {
                "a" => {
                    let address = attributes.strip_prefix("href=\"").unwrap_or_default();
                    attributes == "rel=\"nofollow noopener noreferrer ugc\""
                        || attributes.is_empty()
                        || ["http://", "https://", "mailto:"]
                            .iter()
                            .any(|scheme| address.to_lowercase().starts_with(scheme))
                }
                "ol" => attributes.is_empty() || attributes.starts_with("start=\""),
                _ => attributes.is_empty(),
            };
            known.contains(&name) && safe
        })
    }

    #[test]
    fn nothing_that_attackers_try_reaches_the_page() {
        for attack in CORPUS {
            let html = render_markdown(attack).0;
            assert!(harmless(&html), "{attack}\n{html}");
        }
    }

    #[test]
    fn what_sellers_write_is_kept() {
        let html =
            render_markdown("# One\n\n**bold** and [link](https://a.example)\n\n- a\n- b\n\n|x|y|\n|-|-|\n|1|2|\n").0;
        assert!(
            html.contains("<h3>One</h3>") && html.contains("<strong>bold</strong>") && html.contains("<td>2</td>"),
            "{html}"
        );
        assert!(html.contains("href=\"https://a.example\" rel=\"nofollow noopener noreferrer ugc\""), "{html}");
        assert_eq!(render_markdown("a < b & c").0, "<p>a &lt; b &amp; c</p>\n");
    }

    #[test]
    fn the_reviewer_is_told_when_something_is_taken_out() {
        assert!(something_removed("x <iframe src=y></iframe>") && something_removed("![a](b)"));
        assert!(!something_removed("**x** [a](https://b.example)"));
        assert_eq!(plain_words("# A\n\n**b** <i>c</i>").split_whitespace().collect::<Vec<_>>(), ["A", "b", "c"]);
    }

    proptest! {
        #[test]
        fn no_mixture_of_pieces_becomes_harmful(pieces in proptest::collection::vec(0_usize..CORPUS.len(), 1..4), cut in 0_usize..60) {
            let text: String = pieces.iter().map(|index| CORPUS[*index]).collect();
            let cut: String = text.chars().skip(cut).collect();
            let html = render_markdown(&cut).0;
            prop_assert!(harmless(&html), "{}\n{}", cut, html);
        }
    }
}
