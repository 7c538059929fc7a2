//! An operator's own wordings of what sellers agree to: one Markdown file for each agreement, version and language in one folder.
//!
//! *What is not here.* Version 1, which comes with the program; which version is in force (`app::selling::agreements`).

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use app::selling::agreements::Wording;
use domain::selling::SellerAgreement;
use domain::text::Language;

/// The most that a wording may be long, in bytes.
const MOST_BYTES: usize = 200_000;

/// Reads every wording of a folder. A file with another name, an empty one, a version that comes with the program, and a version in one
/// language only are refused: nobody should find that out from a seller.
pub fn read(folder: &Path) -> Result<Vec<((SellerAgreement, u32), Wording)>> {
    let mut found: BTreeMap<(SellerAgreement, u32), (Option<String>, Option<String>)> = BTreeMap::new();
    let entries = std::fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let (agreement, version, language) = parse(name).with_context(|| {
            format!("{} is not named like seller_terms.2.en.md or privacy_statement.3.zh.md", path.display())
        })?;
        let text = std::fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        if text.trim().is_empty() || text.len() > MOST_BYTES {
            bail!("{} must hold 1 to {MOST_BYTES} bytes of text", path.display());
        }
        let (english, chinese) = found.entry((agreement, version)).or_default();
        match language {
            Language::English => *english = Some(text),
            Language::Chinese => *chinese = Some(text),
        }
    }
    let mut wordings = Vec::new();
    for ((agreement, version), texts) in found {
        let (Some(english), Some(chinese)) = texts else {
            bail!("{}.{version} is there in one language only; it needs .en.md and .zh.md", agreement.code());
        };
        wordings.push(((agreement, version), Wording { english, chinese }));
    }
    Ok(wordings)
}

fn parse(name: &str) -> Option<(SellerAgreement, u32, Language)> {
    let mut parts = name.strip_suffix(".md")?.split('.');
    let (agreement, version, language) = (parts.next()?, parts.next()?, parts.next()?);
    let version: u32 = version.parse().ok().filter(|version| *version >= 2)?;
    let known = (agreement.parse().ok()?, version, language.parse().ok()?);
    parts.next().is_none().then_some(known)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("souk-agreements-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        for (name, text) in files {
            std::fs::write(folder.join(name), text).expect("a file");
        }
        folder
    }

    #[test]
    fn a_folder_of_wordings_is_read_and_half_a_version_is_refused() {
        let whole = folder("whole", &[("seller_terms.2.en.md", "# Ours"), ("seller_terms.2.zh.md", "# 我们的")]);
        let wordings = read(&whole).expect("both languages are there");
        std::fs::remove_dir_all(whole).expect("it was made just now");
        let own = Wording { english: "# Ours".to_owned(), chinese: "# 我们的".to_owned() };
        assert_eq!(wordings, [((SellerAgreement::SellerTerms, 2), own)]);
        for (number, (files, reason)) in [
            (&[("seller_terms.2.en.md", "# Ours")][..], "in one language only"),
            (&[("seller_terms.1.en.md", "# Ours")][..], "is not named like"),
            (&[("notes.txt", "x")][..], "is not named like"),
            (&[("seller_terms.2.fr.md", "x")][..], "is not named like"),
            (&[("seller_terms.2.en.md", " ")][..], "must hold"),
        ]
        .into_iter()
        .enumerate()
        {
            let half = folder(&number.to_string(), files);
            let error = read(&half).expect_err("it is not whole");
            std::fs::remove_dir_all(half).expect("it was made just now");
            assert!(error.to_string().contains(reason), "{error}");
        }
    }
}
