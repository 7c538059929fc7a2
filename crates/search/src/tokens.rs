//! From text to what is indexed: lower-case words with a light English stem, and pairs of CJK characters.
//!
//! Chinese is written without spaces. Indexing each character and each pair of neighbours, and asking for pairs, finds
//! words of two characters and more without a dictionary.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// One piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// A word of an alphabet, lower case, not stemmed.
    Word(String),
    /// Neighbouring CJK characters.
    Run(Vec<char>),
}

/// Cuts a text into words and runs of CJK characters.
pub(crate) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut open = false; // whether the last piece may still grow
    for c in text.chars().map(narrow).flat_map(char::to_lowercase) {
        if cjk(c) {
            match pieces.last_mut() {
                Some(Piece::Run(run)) if open => run.push(c),
                Some(_) | None => pieces.push(Piece::Run(vec![c])),
            }
            open = true;
        } else if c.is_alphanumeric() {
            match pieces.last_mut() {
                Some(Piece::Word(word)) if open => word.push(c),
                Some(_) | None => pieces.push(Piece::Word(c.to_string())),
            }
            open = true;
        } else if c != '\'' && c != '’' {
            open = false;
        }
    }
    pieces
}

/// Full-width letters and digits as their plain ones.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

fn cjk(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}')
}

/// A light stem (after Harman's S stemmer): the plural goes, nothing else.
pub(crate) fn stem(word: &str) -> &str {
    if !word.is_ascii() || word.len() < 4 {
        return word;
    }
    if let Some(rest) = word.strip_suffix("ies") {
        // "queries" is found with "query" by its first letters and one slip; the stem is what both share.
        return if rest.ends_with(['a', 'e']) { word } else { &word[..word.len() - 3] };
    }
    match word.strip_suffix('s') {
        Some(rest) if !rest.ends_with(['s', 'u', 'i']) => rest
            .strip_suffix("e")
            .filter(|rest| ["x", "ss", "ch", "sh"].iter().any(|end| rest.ends_with(end)))
            .unwrap_or(rest),
        Some(_) => word,
        None => match word.strip_suffix('y') {
            Some(rest) if !rest.ends_with(['a', 'e', 'o', 'u']) => rest,
            Some(_) | None => word,
        },
    }
}

/// The terms of a text as they stand in the index.
pub(crate) fn indexed_terms(text: &str) -> Vec<String> {
    let mut terms = Vec::new();
    for piece in pieces(text) {
        match piece {
            Piece::Word(word) => terms.push(stem(&word).to_owned()),
            Piece::Run(run) => {
                terms.extend(run.iter().map(char::to_string));
                terms.extend(run.windows(2).map(|pair| pair.iter().collect::<String>()));
            }
        }
    }
    terms
}

/// The same for tantivy.
#[derive(Clone, Default)]
pub(crate) struct Words;

pub(crate) struct Terms {
    terms: Vec<String>,
    next: usize,
    token: Token,
}

impl Tokenizer for Words {
    type TokenStream<'a> = Terms;
    fn token_stream<'a>(&'a mut self, text: &'a str) -> Terms {
        Terms { terms: indexed_terms(text), next: 0, token: Token::default() }
    }
}

impl TokenStream for Terms {
    fn advance(&mut self) -> bool {
        let Some(term) = self.terms.get_mut(self.next) else { return false };
        self.token =
            Token { position: self.next, text: std::mem::take(term), position_length: 1, offset_from: 0, offset_to: 0 };
        self.next += 1;
        true
    }
    fn token(&self) -> &Token {
        &self.token
    }
    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mixed_texts_are_cut_where_the_writing_changes() {
        let run = |text: &str| Piece::Run(text.chars().collect());
        let word = |text: &str| Piece::Word(text.to_owned());
        assert_eq!(pieces("MySQL数据库备份 ＡＢＣ-9"), [word("mysql"), run("数据库备份"), word("abc"), word("9")]);
        assert_eq!(pieces("the seller's"), [word("the"), word("sellers")]);
        assert_eq!(pieces(" ,.!"), []);
    }

    #[test]
    fn plural_and_singular_share_a_stem() {
        for (many, one) in
            [("backups", "backup"), ("databases", "database"), ("queries", "query"), ("boxes", "box"), ("keys", "key")]
        {
            assert_eq!(stem(many), stem(one), "{many}");
        }
        for word in ["business", "analysis", "status", "gas", "as", "备份们"] {
            assert_eq!(stem(word), word);
        }
    }

    #[test]
    fn chinese_is_indexed_by_character_and_by_pair() {
        assert_eq!(indexed_terms("备份 OK"), ["备", "份", "备份", "ok"]);
    }
}
