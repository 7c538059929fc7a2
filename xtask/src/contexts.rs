//! The arrows between the contexts inside `domain`: contexts are folders, not packages, so cargo cannot say who uses
//! whom. This reads the paths that the files name (`crate::catalog`, `super::super::catalog`, `crate::{catalog, …}`).
//!
//! It reads words, not Rust: comments are cut, macros are not expanded. That is enough for a house rule, and fast.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::arrows::{CONTEXTS, KERNEL};

/// One context that names another, or a kernel module that names a context.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    from: String,
    to: String,
    /// The file that says so, relative to the source folder.
    file: String,
}

/// Reads every file of `domain` and lists which context names which.
pub fn uses_in(source: &Path) -> Result<Vec<Use>> {
    let mut uses = BTreeSet::new();
    for path in rust_files(source)? {
        let relative = path.strip_prefix(source).unwrap_or(&path);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        uses.extend(uses_of_file(relative, &text));
    }
    Ok(uses.into_iter().collect())
}

/// Names every use that the table does not allow.
pub fn wrong_uses(uses: &[Use]) -> Vec<String> {
    let wrong = uses.iter().filter(|found| !is_allowed(&found.from, &found.to));
    wrong.map(|found| format!("domain::{} -> domain::{} in {}", found.from, found.to, found.file)).collect()
}

fn is_allowed(from: &str, to: &str) -> bool {
    if KERNEL.contains(&from) {
        return KERNEL.contains(&to);
    }
    CONTEXTS.iter().any(|(name, allowed)| *name == from && allowed.contains(&to))
}

fn is_context(name: &str) -> bool {
    CONTEXTS.iter().any(|(context, _)| *context == name)
}

/// The contexts that one file names, other than its own.
fn uses_of_file(relative: &Path, text: &str) -> Vec<Use> {
    let module = module_path(relative);
    let Some(from) = module.first().cloned() else {
        return Vec::new(); // lib.rs lists the modules; it uses none
    };
    let code: String =
        text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let mut named = BTreeSet::new();
    for (start, _) in code.match_indices("crate::") {
        named.extend(heads(&code[start + "crate::".len()..]));
    }
    // A `tests.rs` is named by `#[path]` from inside another module, so its depth is not its path's.
    let is_test_file = module.last().is_some_and(|name| name == "tests");
    let out_of_context = "super::".repeat(module.len());
    for (start, _) in code.match_indices(&out_of_context).filter(|_| !is_test_file) {
        named.extend(heads(&code[start + out_of_context.len()..]));
    }
    let file = relative.display().to_string();
    let foreign = named.into_iter().filter(|to| *to != from && is_context(to));
    foreign.map(|to| Use { from: from.clone(), to, file: file.clone() }).collect()
}

/// The module names of a file: `ordering/order.rs` is `["ordering", "order"]`, `lib.rs` is empty.
fn module_path(relative: &Path) -> Vec<String> {
    let mut parts: Vec<String> =
        relative.with_extension("").components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    if parts.last().is_some_and(|last| last == "mod" || last == "lib") {
        parts.pop();
    }
    parts
}

/// The first names of a path or of a braced list of paths.
fn heads(rest: &str) -> Vec<String> {
    let Some(list) = rest.strip_prefix('{') else {
        return vec![leading_name(rest)];
    };
    let mut found = Vec::new();
    let (mut depth, mut item) = (0_usize, String::new());
    for letter in list.chars() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => found.push(leading_name(std::mem::take(&mut item).trim())),
            other => item.push(other),
        }
    }
    found.push(leading_name(item.trim()));
    found
}

fn leading_name(path: &str) -> String {
    path.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect()
}

fn rust_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(file: &str, text: &str) -> Vec<String> {
        wrong_uses(&uses_of_file(Path::new(file), text))
    }

    #[test]
    fn an_order_may_look_at_prices() {
        assert!(wrong("ordering/order.rs", "use crate::pricing::Quote;\nuse crate::money::Money;").is_empty());
    }

    #[test]
    fn the_ledger_may_look_at_no_other_context() {
        assert_eq!(
            wrong("ledger/account.rs", "use crate::ordering::Order;"),
            ["domain::ledger -> domain::ordering in ledger/account.rs"]
        );
    }

    #[test]
    fn a_braced_list_is_read_item_by_item() {
        let text = "use crate::{money::{Money, Currency}, ordering::Order, time};";
        assert_eq!(wrong("ledger/account.rs", text), ["domain::ledger -> domain::ordering in ledger/account.rs"]);
    }

    #[test]
    fn a_path_through_super_is_found_too() {
        assert_eq!(wrong("pricing/quote.rs", "super::super::ordering::Order").len(), 1);
        assert_eq!(wrong("pricing.rs", "use super::ordering::Order;").len(), 1);
        assert!(wrong("ordering/order.rs", "use super::quote;").is_empty());
    }

    #[test]
    fn a_path_in_the_middle_of_code_counts() {
        assert_eq!(wrong("catalog/product.rs", "fn f(o: &crate::ordering::Order) {}").len(), 1);
    }

    #[test]
    fn the_kernel_may_not_know_a_context() {
        assert_eq!(wrong("money.rs", "use crate::ledger::Posting;").len(), 1);
    }

    #[test]
    fn comments_do_not_count() {
        assert!(wrong("ledger/account.rs", "// see crate::ordering::Order\n/// [`crate::ordering`]").is_empty());
    }
}
