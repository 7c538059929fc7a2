//! Turns `texts/en/*.ftl` and `texts/zh/*.ftl` into one method per message, and fails the build, naming file and key,
//! when the two languages do not hold the same keys with the same arguments.
//!
//! A message without arguments becomes a `&'static str` and costs nothing; one with arguments is formatted by Fluent.
//! Not here: formatting at run time (`src/words.rs`).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use fluent_syntax::ast;

/// One message as both languages must agree on it.
struct Message {
    file: String,
    /// In the order in which the text first names them: a method takes its arguments as its sentence reads.
    arguments: Vec<String>,
    /// The text itself, when nothing in it depends on an argument.
    plain: Option<String>,
    /// The text as it stands in the file, for the doc comment.
    shown: String,
}

/// All messages of one language by key, and the terms (`-name`) by name.
#[derive(Default)]
struct Texts {
    messages: BTreeMap<String, Message>,
    terms: BTreeSet<String>,
    files: BTreeSet<String>,
    sources: Vec<PathBuf>,
}

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=texts");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("texts");
    let mut faults = Vec::new();
    let english = read(&root, "en", &mut faults);
    let chinese = read(&root, "zh", &mut faults);
    compare(&english, &chinese, &mut faults);
    if !faults.is_empty() {
        for fault in &faults {
            println!("cargo::error={fault}");
        }
        return ExitCode::FAILURE;
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    fs::write(out.join("generated.rs"), generate(&english, &chinese)).expect("OUT_DIR is writable");
    ExitCode::SUCCESS
}

/// Reads every file of one language.
fn read(root: &Path, tag: &str, faults: &mut Vec<String>) -> Texts {
    let mut texts = Texts::default();
    let folder = root.join(tag);
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder)
        .expect("the folder of texts exists")
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "ftl"))
        .collect();
    paths.sort();
    for path in paths {
        println!("cargo::rerun-if-changed={}", path.display());
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let file = format!("texts/{tag}/{name}");
        let text = fs::read_to_string(&path).expect("a listed file can be read");
        match fluent_syntax::parser::parse(text.as_str()) {
            Ok(resource) => collect(&resource, &file, &mut texts, faults),
            Err((_, errors)) => faults.extend(errors.iter().map(|error| {
                let line = text.get(..error.pos.start).unwrap_or_default().matches('\n').count() + 1;
                format!("{file}:{line}: {error}")
            })),
        }
        texts.files.insert(name);
        texts.sources.push(path);
    }
    texts
}

/// Takes the messages of one parsed file over.
fn collect(resource: &ast::Resource<&str>, file: &str, texts: &mut Texts, faults: &mut Vec<String>) {
    for entry in &resource.body {
        match entry {
            ast::Entry::Message(message) => {
                let key = message.id.name.to_owned();
                let Some(pattern) = &message.value else {
                    faults.push(format!("{file}:{key}: a message needs a text"));
                    continue;
                };
                if !message.attributes.is_empty() {
                    faults.push(format!("{file}:{key}: attributes are not used here, write a message of its own"));
                }
                let mut arguments = Vec::new();
                walk(pattern, &mut arguments, &mut |what| faults.push(format!("{file}:{key}: {what}")));
                let new = Message { file: file.to_owned(), arguments, plain: plain(pattern), shown: shown(pattern) };
                if let Some(old) = texts.messages.insert(key.clone(), new) {
                    faults.push(format!("{file}:{key}: the key is already in {}", old.file));
                }
            }
            ast::Entry::Term(term) => {
                texts.terms.insert(term.id.name.to_owned());
            }
            ast::Entry::Junk { content } => faults.push(format!("{file}: cannot be read: {content}")),
            ast::Entry::Comment(_) | ast::Entry::GroupComment(_) | ast::Entry::ResourceComment(_) => {}
        }
    }
}

/// Collects the arguments that a pattern uses, its variants included.
fn walk(pattern: &ast::Pattern<&str>, arguments: &mut Vec<String>, fault: &mut dyn FnMut(&str)) {
    for element in &pattern.elements {
        if let ast::PatternElement::Placeable { expression } = element {
            walk_expression(expression, arguments, fault);
        }
    }
}

fn walk_expression(expression: &ast::Expression<&str>, arguments: &mut Vec<String>, fault: &mut dyn FnMut(&str)) {
    let (inline, variants) = match expression {
        ast::Expression::Inline(inline) => (inline, &[][..]),
        ast::Expression::Select { selector, variants } => (selector, variants.as_slice()),
    };
    match inline {
        ast::InlineExpression::VariableReference { id } => {
            if !arguments.iter().any(|known| known == id.name) {
                arguments.push(id.name.to_owned());
            }
        }
        ast::InlineExpression::MessageReference { id, .. } => {
            fault(&format!("refers to the message {}; use a term (-name) instead", id.name));
        }
        ast::InlineExpression::FunctionReference { id, .. } => {
            fault(&format!("calls {}; format the value in code and pass text", id.name));
        }
        ast::InlineExpression::Placeable { expression } => walk_expression(expression, arguments, fault),
        ast::InlineExpression::StringLiteral { .. }
        | ast::InlineExpression::NumberLiteral { .. }
        | ast::InlineExpression::TermReference { .. } => {}
    }
    for variant in variants {
        walk(&variant.value, arguments, fault);
    }
}

/// The text of a pattern that holds nothing but text.
fn plain(pattern: &ast::Pattern<&str>) -> Option<String> {
    let mut text = String::new();
    for element in &pattern.elements {
        match element {
            ast::PatternElement::TextElement { value } => text.push_str(value),
            ast::PatternElement::Placeable { .. } => return None,
        }
    }
    Some(text)
}

/// The text of a pattern as a reader of the documentation wants it.
fn shown(pattern: &ast::Pattern<&str>) -> String {
    let mut text = String::new();
    for element in &pattern.elements {
        match element {
            ast::PatternElement::TextElement { value } => text.push_str(value),
            ast::PatternElement::Placeable {
                expression: ast::Expression::Inline(ast::InlineExpression::VariableReference { id }),
            } => {
                let _ = write!(text, "{{{}}}", id.name);
            }
            ast::PatternElement::Placeable { .. } => text.push_str("{…}"),
        }
    }
    text
}

/// Says where the two languages differ.
fn compare(english: &Texts, chinese: &Texts, faults: &mut Vec<String>) {
    for name in english.files.symmetric_difference(&chinese.files) {
        faults.push(format!("texts/{{en,zh}}/{name}: the file stands in one language only"));
    }
    for name in english.terms.symmetric_difference(&chinese.terms) {
        faults.push(format!("-{name}: the term stands in one language only"));
    }
    for (key, message) in &english.messages {
        match chinese.messages.get(key) {
            None => faults.push(format!("{}:{key}: has no Chinese text", message.file)),
            Some(other) if sorted(&other.arguments) != sorted(&message.arguments) => faults.push(format!(
                "{}:{key}: uses {:?}, but {} uses {:?}",
                message.file, message.arguments, other.file, other.arguments
            )),
            Some(_) => {}
        }
    }
    for (key, message) in &chinese.messages {
        if !english.messages.contains_key(key) {
            faults.push(format!("{}:{key}: has no English text", message.file));
        }
    }
}

/// A Chinese sentence may name the same things in another order.
fn sorted(arguments: &[String]) -> BTreeSet<&String> {
    arguments.iter().collect()
}

/// Writes the methods, the embedded sources and the list of keys.
fn generate(english: &Texts, chinese: &Texts) -> String {
    let mut code = String::from("impl Words {\n");
    for (key, message) in &english.messages {
        let other = &chinese.messages[key];
        let name = key.replace('-', "_");
        let doc = message.shown.replace('\n', " ");
        let _ = writeln!(code, "    #[doc = {doc:?}]");
        if let (Some(english), Some(chinese)) = (&message.plain, &other.plain) {
            let _ = writeln!(
                code,
                "    pub fn {name}(&self) -> &'static str {{ match self.language {{ \
                 Language::English => {english:?}, Language::Chinese => {chinese:?} }} }}"
            );
            continue;
        }
        let parameters: String = message
            .arguments
            .iter()
            .map(|argument| format!(", {}: impl Into<Argument<'a>>", argument.replace('-', "_")))
            .collect();
        let pairs: String = message
            .arguments
            .iter()
            .map(|argument| format!("({argument:?}, {}.into()), ", argument.replace('-', "_")))
            .collect();
        let lifetime = if message.arguments.is_empty() { "" } else { "<'a>" };
        let _ = writeln!(
            code,
            "    pub fn {name}{lifetime}(&self{parameters}) -> String {{ self.format({key:?}, &[{pairs}]) }}"
        );
    }
    code.push_str("}\n\n");
    for (name, texts) in [("ENGLISH", english), ("CHINESE", chinese)] {
        let _ = writeln!(code, "const {name}: &[&str] = &[");
        for path in &texts.sources {
            let _ = writeln!(code, "    include_str!({:?}),", path.display().to_string());
        }
        code.push_str("];\n");
    }
    let _ = writeln!(code, "/// Every key with the names of its arguments.");
    let _ = writeln!(code, "pub const KEYS: &[(&str, &[&str])] = &[");
    for (key, message) in &english.messages {
        let _ = writeln!(code, "    ({key:?}, &{:?}),", message.arguments);
    }
    code.push_str("];\n");
    code
}
