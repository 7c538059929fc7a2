//! Two texts side by side with the changed words marked. Strike and underline say it, colour only helps.

use askama::Template;
use askama::filters::HtmlSafe;
use language::Words;

/// Texts with more pieces than this on either side are shown as a whole: the comparison takes their product in time.
const MOST_PIECES: usize = 1500;

/// A run of words and whether it stands on this side only.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Run {
    text: String,
    changed: bool,
}

/// What a field was and what it shall be.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/diff.html")]
pub struct Diff {
    words: &'static Words,
    before: Vec<Run>,
    after: Vec<Run>,
}

impl Diff {
    /// Compares word by word; Chinese, which has no blanks, character by character.
    pub fn new(words: &'static Words, before: &str, after: &str) -> Diff {
        let (old, new) = (pieces(before), pieces(after));
        let (kept_old, kept_new) = common(&old, &new);
        Diff { words, before: runs(&old, &kept_old), after: runs(&new, &kept_new) }
    }
}

/// Words, blanks and single Han characters.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut last = None;
    for (place, letter) in text.char_indices() {
        let kind = kind(letter);
        if last.is_some_and(|known| known != kind || kind == Kind::Alone) {
            pieces.push(&text[start..place]);
            start = place;
        }
        last = Some(kind);
    }
    if start < text.len() {
        pieces.push(&text[start..]);
    }
    pieces
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Blank,
    Alone,
}

fn kind(letter: char) -> Kind {
    if letter.is_whitespace() {
        Kind::Blank
    } else if letter.is_alphanumeric() && !('\u{2e80}'..='\u{ffef}').contains(&letter) {
        Kind::Word
    } else {
        Kind::Alone
    }
}

/// Which pieces of each side belong to the longest common subsequence.
fn common(old: &[&str], new: &[&str]) -> (Vec<bool>, Vec<bool>) {
    let (mut kept_old, mut kept_new) = (vec![false; old.len()], vec![false; new.len()]);
    if old.len() > MOST_PIECES || new.len() > MOST_PIECES {
        return (kept_old, kept_new);
    }
    let width = new.len() + 1;
    let mut length = vec![0_u16; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            length[i * width + j] = if old[i] == new[j] {
                length[(i + 1) * width + j + 1] + 1
            } else {
                length[(i + 1) * width + j].max(length[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            (kept_old[i], kept_new[j]) = (true, true);
            (i, j) = (i + 1, j + 1);
        } else if length[(i + 1) * width + j] >= length[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    (kept_old, kept_new)
}

/// Joins neighbouring pieces of the same kind; a blank between two changed words is part of the change.
fn runs(pieces: &[&str], kept: &[bool]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (place, piece) in pieces.iter().enumerate() {
        let between =
            piece.trim().is_empty() && place > 0 && !kept[place - 1] && kept.get(place + 1).is_some_and(|kept| !kept);
        let changed = !kept[place] || between;
        match runs.last_mut() {
            Some(run) if run.changed == changed => run.text.push_str(piece),
            Some(_) | None => runs.push(Run { text: (*piece).to_owned(), changed }),
        }
    }
    runs
}

impl HtmlSafe for Diff {}

#[cfg(test)]
mod tests {
    use domain::text::Language;

    use super::*;

    fn shown(before: &str, after: &str) -> (String, String) {
        let diff = Diff::new(Words::of(Language::English), before, after);
        let side = |runs: &[Run]| {
            let mark = |run: &Run| if run.changed { format!("[{}]", run.text) } else { run.text.clone() };
            runs.iter().map(mark).collect::<String>()
        };
        (side(&diff.before), side(&diff.after))
    }

    #[test]
    fn only_the_changed_words_are_marked() {
        assert_eq!(
            shown("Backups every day, kept 30 days.", "Backups every hour, kept 30 days."),
            ("Backups every [day], kept 30 days.".into(), "Backups every [hour], kept 30 days.".into())
        );
        assert_eq!(shown("每天备份", "每小时备份"), ("每[天]备份".into(), "每[小时]备份".into()));
        assert_eq!(shown("", "new text"), (String::new(), "[new text]".into()));
        assert_eq!(shown("same", "same"), ("same".into(), "same".into()));
    }

    #[test]
    fn a_very_long_text_is_shown_as_wholly_changed_instead_of_taking_long() {
        let long = "word ".repeat(MOST_PIECES);
        let (before, _) = shown(&long, &long);
        assert!(before.starts_with('[') && before.ends_with(']'));
    }
}
