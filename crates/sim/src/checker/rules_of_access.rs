//! I13, I14, and what no rule of the API explains: secrets stay sealed, foreign things stay unseen, nothing breaks.

use std::collections::HashMap;

use super::Verdict;
use super::evidence::Evidence;
use crate::journal::Fact;

/// I13: no secret of the run in any text of any table, and in no log.
pub fn no_secret_in_plain(evidence: &Evidence) -> Verdict {
    let mut verdict = Verdict::new("I13", "no password, key or token in plain, in tables or logs");
    let sought = Sought::new(&evidence.secrets);
    verdict.look(!sought.stands_in(&evidence.logs), || "a secret stands in the log".to_owned());
    for table in evidence.stored.tables() {
        for row in evidence.stored.rows(table) {
            for (column, text) in row.texts() {
                verdict.look(!sought.stands_in(text), || format!("{table}.{column} holds a secret in plain"));
            }
        }
    }
    verdict
}

/// How many bytes of a secret find its candidates; shorter secrets would be found by accident.
const START: usize = 8;

/// Many texts looked for at once, found by how they start.
struct Sought<'a>(HashMap<&'a [u8], Vec<&'a [u8]>>);

impl<'a> Sought<'a> {
    fn new(secrets: &'a [String]) -> Sought<'a> {
        let mut by_start: HashMap<_, Vec<_>> = HashMap::new();
        for secret in secrets.iter().map(String::as_bytes) {
            if let Some(start) = secret.get(..START) {
                by_start.entry(start).or_default().push(secret);
            }
        }
        Sought(by_start)
    }

    fn stands_in(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        bytes.windows(START).enumerate().any(|(place, start)| {
            let candidates = self.0.get(start).map_or(&[][..], Vec::as_slice);
            candidates.iter().any(|secret| bytes[place..].starts_with(secret))
        })
    }
}

/// I14: somebody else's objects look like missing ones.
pub fn nothing_foreign(evidence: &Evidence) -> Verdict {
    let mut verdict = Verdict::new("I14", "foreign objects look like missing ones");
    for fact in &evidence.facts {
        if let Fact::Foreign { request, status } = fact {
            verdict.look(*status == 404, || format!("a stranger asked {request} and got {status}"));
        }
    }
    verdict
}

/// Every answer was one that the API promises.
pub fn no_surprise(evidence: &Evidence) -> Verdict {
    let mut verdict = Verdict::new("API", "every answer is one that the API promises");
    for fact in &evidence.facts {
        if let Fact::Surprise { request, status, body } = fact {
            verdict.look(false, || format!("{request} answered {status}: {body}"));
        } else {
            verdict.looked += 1;
        }
    }
    verdict
}
