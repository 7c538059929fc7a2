//! The product's part of its page address: lower-case ASCII, made from the name once, when the product is first listed,
//! and never changed, so that links stay good.

/// The most letters of a slug before a suffix.
const MOST: usize = 60;

/// `Granary Backup (Team)` becomes `granary-backup-team`. A name without ASCII letters or digits gives `None`.
pub fn slug_of(name: &str) -> Option<String> {
    let mut slug = String::new();
    for c in name.chars() {
        if slug.len() >= MOST {
            break;
        }
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-').to_owned();
    (!slug.is_empty()).then_some(slug)
}

/// The `attempt`th choice when others are taken: the slug, then `slug-2`, `slug-3`.
pub fn with_suffix(slug: &str, attempt: u32) -> String {
    if attempt <= 1 { slug.to_owned() } else { format!("{slug}-{attempt}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_short_plain_addresses() {
        assert_eq!(slug_of("Granary Backup (Team)").as_deref(), Some("granary-backup-team"));
        assert_eq!(slug_of("  C++ & more!  ").as_deref(), Some("c-more"));
        assert_eq!(slug_of("磐石备份"), None);
        assert_eq!(slug_of(&"a b".repeat(60)).map(|slug| slug.len() <= MOST), Some(true));
        assert_eq!((with_suffix("x", 1).as_str(), with_suffix("x", 3).as_str()), ("x", "x-3"));
    }
}
