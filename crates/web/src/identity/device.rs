//! What a browser is called, from what it says of itself: `Firefox 142 on Windows`.
//!
//! Browsers pretend to be each other, so the more particular name is looked for first. What is not known is shown as it
//! was sent: better a long word than a wrong one. For people only; nothing is decided by it.

use language::Words;

/// The mark before a version, and the name. Every browser that builds on another's engine stands before it.
const BROWSERS: [(&str, &str); 14] = [
    ("MicroMessenger/", "WeChat"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("UCBrowser/", "UC Browser"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("HeadlessChrome/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Version/", "Safari"),
];

/// A mark and the system that has it. iPhones say “like Mac OS X” and Android says “Linux”.
const SYSTEMS: [(&str, &str); 8] = [
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("Windows NT", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// What to call it.
pub(super) fn named(words: &Words, user_agent: &str) -> String {
    if user_agent.is_empty() {
        return words.identity_sessions_unknown_device().to_owned();
    }
    let system = SYSTEMS.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name);
    match (browser(user_agent), system) {
        (Some(browser), Some(system)) => words.identity_sessions_browser_on(browser, system),
        (Some(browser), None) => browser,
        (None, _) => user_agent.to_owned(),
    }
}

fn browser(user_agent: &str) -> Option<String> {
    let found = |(mark, name): &(&str, &str)| {
        let (_, after) = user_agent.split_once(mark)?;
        let version: String = after.chars().take_while(char::is_ascii_digit).collect();
        let itself = *name != "Safari" || user_agent.contains("Safari/");
        (itself && !version.is_empty()).then(|| format!("{name} {version}"))
    };
    BROWSERS.iter().find_map(found)
}

#[cfg(test)]
mod tests {
    use domain::text::Language;

    use super::*;

    #[test]
    fn browsers_are_told_apart_although_they_pretend_to_be_each_other() {
        let chrome =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 \
                    Safari/537.36 Edg/141.0.0.0";
        let safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                      Version/18.5 Mobile/15E148 Safari/604.1";
        let table = [
            (chrome, "Chrome 156 on Linux"),
            (&chrome.replace("Chrome/", "HeadlessChrome/"), "Chrome 156 on Linux"),
            (edge, "Edge 141 on Windows"),
            (safari, "Safari 18 on iOS"),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:142.0) Gecko/20100101 Firefox/142.0",
                "Firefox 142 on macOS",
            ),
            ("Mozilla/5.0 (Linux; Android 15) Chrome/139.0 Mobile Safari/537.36", "Chrome 139 on Android"),
            ("curl/8.14.1", "curl/8.14.1"),
            ("Chrome/<script>", "Chrome/<script>"),
            ("", "Unknown"),
        ];
        for (user_agent, name) in table {
            assert_eq!(named(Words::of(Language::English), user_agent), name, "{user_agent}");
        }
        assert_eq!(named(Words::of(Language::Chinese), edge), "Windows上的Edge 141");
    }
}
