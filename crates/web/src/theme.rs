//! Light, dark, or as the system says: the switch in the footer. Not here: the colours (`assets/tokens.css`).

use language::Words;

/// Light, dark, or what the person's system says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Theme {
    /// Follow the system.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// Every theme, in the order of the switch.
    pub const ALL: [Theme; 3] = [Theme::System, Theme::Light, Theme::Dark];

    /// The word in the cookie and the form.
    pub fn code(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// Reads the word of the cookie or the form; anything else follows the system.
    pub fn from_code(code: &str) -> Theme {
        Theme::ALL.into_iter().find(|theme| theme.code() == code).unwrap_or_default()
    }

    /// The icon in the switch.
    pub fn icon(self) -> &'static str {
        match self {
            Theme::System => "monitor",
            Theme::Light => "sun",
            Theme::Dark => "moon",
        }
    }

    /// The name in the switch.
    pub fn name(self, words: &Words) -> &'static str {
        match self {
            Theme::System => words.common_theme_system(),
            Theme::Light => words.common_theme_light(),
            Theme::Dark => words.common_theme_dark(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_theme_follows_the_system() {
        assert_eq!(Theme::from_code("dark"), Theme::Dark);
        assert_eq!(Theme::from_code("\"><script>"), Theme::System);
    }
}
