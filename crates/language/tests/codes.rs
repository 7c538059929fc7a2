//! Every stable problem code that the sources use has a sentence in both languages.
//!
//! The sources are read as text: calls of `AppError::rule`, `AppError::conflict`, `Refusal::new` and `FieldProblem::new`
//! with a code written out, and the arms of `impl From<…> for Refusal`. Tests inside the sources are left out.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use language::{Language, Words};

/// Codes that `AppError` and the doors give without any of those calls.
const GIVEN: [&str; 9] = [
    "invalid_input",
    "not_found",
    "sign_in_needed",
    "too_often",
    "try_again",
    "internal",
    "given_twice",
    "unknown_member",
    "wrong_type",
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path);
        }
    }
}

/// The source without comments and without its tests.
fn shipped(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let without_comment =
        |line: &str| if line.trim_start().starts_with("//") { String::new() } else { line.to_owned() };
    text.lines().map(without_comment).collect::<Vec<_>>().join("\n")
}

/// The arguments of a call whose opening bracket has just been passed, split at its own commas.
fn arguments(text: &str) -> Vec<&str> {
    let (mut depth, mut quoted, mut escaped, mut from, mut found) = (0_i32, false, false, 0, Vec::new());
    for (at, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => {
                found.push(text[from..at].trim());
                return found;
            }
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push(text[from..at].trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    found
}

fn literal(argument: &str) -> Option<&str> {
    let code = argument.strip_prefix('"')?.strip_suffix('"')?;
    is_code(code).then_some(code)
}

fn is_code(text: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    !text.is_empty() && text.bytes().all(good) && !text.starts_with('_')
}

/// The codes in one source.
fn codes(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (call, place) in
        [("AppError::rule(", 0), ("AppError::conflict(", 0), ("Refusal::new(", 1), ("FieldProblem::new(", 1)]
    {
        for (at, _) in text.match_indices(call) {
            let arguments = arguments(&text[at + call.len()..]);
            found.extend(arguments.get(place).copied().and_then(literal).map(str::to_owned));
        }
    }
    for (at, _) in text.match_indices(" for Refusal {") {
        let block = text[at..].split("\n}").next().unwrap_or_default();
        // What stands in `.with("…"` is the name of an argument.
        let pieces: Vec<&str> = block.split('"').collect();
        let texts = pieces.chunks(2).filter(|pair| pair.len() == 2 && !pair[0].trim_end().ends_with(".with("));
        found.extend(texts.map(|pair| pair[1]).filter(|text| is_code(text)).map(str::to_owned));
    }
    found
}

/// Every code with the files that use it.
fn all_codes() -> BTreeMap<String, Vec<String>> {
    let rooms = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for room in fs::read_dir(&rooms).expect("the rooms are beside this one").filter_map(Result::ok) {
        sources(&room.path().join("src"), &mut files);
    }
    let mut all = BTreeMap::<String, Vec<String>>::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("a source is text");
        let name = file.strip_prefix(&rooms).unwrap_or(&file).display().to_string();
        for code in codes(&shipped(&text)) {
            all.entry(code).or_default().push(name.clone());
        }
    }
    for code in GIVEN {
        all.entry(code.to_owned()).or_default().push("app::AppError and the doors".to_owned());
    }
    all
}

#[test]
fn every_code_in_the_sources_has_a_sentence_in_both_languages() {
    let all = all_codes();
    assert!(all.len() > 100, "only {} codes were found", all.len());
    let mut missing = Vec::new();
    for (code, files) in &all {
        for language in Language::ALL {
            if Words::of(language).problem(code, &[]).is_none() {
                missing.push(format!("problem-{} in {}: {}", code.replace('_', "-"), language.tag(), files.join(", ")));
            }
        }
    }
    assert!(missing.is_empty(), "{} sentences are missing:\n{}", missing.len(), missing.join("\n"));
}

#[test]
fn the_reader_of_sources_finds_what_it_should() {
    let text = r#"
        return Err(AppError::rule("one"));
        Refusal::new(RefusalKind::Conflict, "two").with("most", 3)
        FieldProblem::new(format!("a.{}", name(x, "no")), "three").with("least", 1)
        FieldProblem::new("field", code)
impl From<Why> for Refusal {
        Why::A => "four",
        Why::B { most } => return Refusal::new(kind, "five").with("most", most),
}
"#;
    let mut found = codes(text);
    found.sort();
    found.dedup();
    assert_eq!(found, ["five", "four", "one", "three", "two"]);
    assert_eq!(
        codes(&shipped("a\n// AppError::rule(\"no\")\n#[cfg(test)]\nmod tests { AppError::rule(\"no\") }")),
        [""; 0]
    );
}

/// Words that a person reads mean one thing: whoever sells is called the same on every page.
#[test]
fn a_seller_and_a_way_of_billing_have_one_chinese_word_each() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("texts/zh");
    let mut read = 0;
    for entry in fs::read_dir(folder).expect("the texts are there") {
        let path = entry.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("a text");
        read += 1;
        for word in ["卖家", "商家", "卖方"] {
            assert!(!text.contains(word), "{} says {word}; a seller is 服务商", path.display());
        }
        for line in text.lines().filter(|line| line.contains("-billing-period = ")) {
            assert!(line.ends_with("包月或包年"), "{}: {line}", path.display());
        }
    }
    assert!(read > 5, "{read}");
}
