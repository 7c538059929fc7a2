//! From what was typed to a tantivy query.

use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, FuzzyTermQuery, Occur, Query, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Score, Searcher, Term};

use crate::tokens::{Piece, pieces, stem};

/// The fields that words are looked for in, with how much a match in each counts.
#[derive(Clone, Copy)]
pub(crate) struct Fields {
    /// The name.
    pub(crate) name: Field,
    /// Summary, seller, category, highlights.
    pub(crate) brief: Field,
    /// The rest.
    pub(crate) body: Field,
}

impl Fields {
    fn weighted(self) -> [(Field, Score); 3] {
        [(self.name, 5.0), (self.brief, 2.0), (self.body, 1.0)]
    }
}

/// Words that people type for others. The left side is looked for as well as the right one.
const SYNONYMS: &[(&str, &str)] = &[
    ("k8s", "kubernetes"),
    ("postgres", "postgresql"),
    ("pg", "postgresql"),
    ("db", "database"),
    ("auth", "login"),
    ("sso", "login"),
    ("mfa", "login"),
    ("crm", "customer"),
    ("erp", "accounting"),
    ("bi", "analytics"),
    ("hr", "people"),
    ("vm", "server"),
];

/// Words from this length on forgive one slip.
const FORGIVING: usize = 5;

/// One clause for each word, run or pair.
pub(crate) fn clauses(searcher: &Searcher, fields: Fields, typed: &str) -> Vec<Box<dyn Query>> {
    let pieces = pieces(typed);
    let last = pieces.len().saturating_sub(1);
    let unfinished = !typed.ends_with(char::is_whitespace);
    let clause = |(index, piece): (usize, &Piece)| match piece {
        Piece::Word(word) if index == last && unfinished => word_clause(searcher, fields, word, Ending::Open),
        Piece::Word(word) => word_clause(searcher, fields, word, Ending::Closed),
        Piece::Run(run) => run_clause(fields, run),
    };
    // Twenty words are enough for a search and keep a hostile one cheap.
    pieces.iter().enumerate().take(20).map(clause).collect()
}

/// Every clause must hold, or at least one.
pub(crate) fn all_of(clauses: Vec<Box<dyn Query>>) -> BooleanQuery {
    BooleanQuery::intersection(clauses)
}

/// At least one clause must hold; more score more.
pub(crate) fn some_of(clauses: Vec<Box<dyn Query>>) -> BooleanQuery {
    BooleanQuery::union(clauses)
}

/// Whether a word may go on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Open,
    Closed,
}

fn exact(fields: Fields, term: &str) -> Vec<Box<dyn Query>> {
    let one = |(field, weight): (Field, Score)| -> Box<dyn Query> {
        let query = TermQuery::new(Term::from_field_text(field, term), IndexRecordOption::WithFreqs);
        Box::new(BoostQuery::new(Box::new(query), weight))
    };
    fields.weighted().into_iter().map(one).collect()
}

fn word_clause(searcher: &Searcher, fields: Fields, word: &str, ending: Ending) -> Box<dyn Query> {
    let term = stem(word);
    let mut ways = exact(fields, term);
    for (_, other) in SYNONYMS.iter().filter(|(typed, _)| *typed == word) {
        ways.extend(exact(fields, stem(other)));
    }
    let constant = |query: FuzzyTermQuery, weight: Score| -> Box<dyn Query> {
        Box::new(ConstScoreQuery::new(Box::new(query), weight))
    };
    if ending == Ending::Open && word.chars().count() >= 2 {
        for (field, weight) in fields.weighted() {
            ways.push(constant(FuzzyTermQuery::new_prefix(Term::from_field_text(field, word), 0, true), weight));
        }
    }
    let unknown = fields.weighted().iter().all(|(field, _)| {
        let known = searcher.doc_freq(&Term::from_field_text(*field, term));
        known.is_ok_and(|count| count == 0)
    });
    if unknown && word.chars().count() >= FORGIVING {
        for (field, weight) in fields.weighted() {
            ways.push(constant(FuzzyTermQuery::new(Term::from_field_text(field, term), 1, true), weight));
        }
    }
    Box::new(DisjunctionMaxQuery::with_tie_breaker(ways, 0.1))
}

/// A run is found where most of its pairs are: people write 数据库备份软件 and mean 数据库 备份.
fn run_clause(fields: Fields, run: &[char]) -> Box<dyn Query> {
    let way =
        |term: String| -> Box<dyn Query> { Box::new(DisjunctionMaxQuery::with_tie_breaker(exact(fields, &term), 0.1)) };
    let [_, _, ..] = run else {
        return way(run.iter().collect());
    };
    let pairs: Vec<_> = run.windows(2).map(|pair| (Occur::Should, way(pair.iter().collect()))).collect();
    let wanted = if pairs.len() <= 2 { pairs.len() } else { (pairs.len() * 3).div_ceil(5) };
    Box::new(BooleanQuery::with_minimum_required_clauses(pairs, wanted))
}
