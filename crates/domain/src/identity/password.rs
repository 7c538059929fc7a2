//! Which passwords are taken (security.md S-17): length and guessability, no composition rules.

use crate::outcome::FieldProblem;

/// Why a password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Fewer than 8 characters.
    #[error("shorter than 8 characters")]
    TooShort,
    /// More than 128 characters, so that hashing stays bounded.
    #[error("longer than 128 characters")]
    TooLong,
    /// On the list of common passwords, or one character or a short run repeated.
    #[error("among the first that an attacker tries")]
    Common,
    /// Contains the marketplace's, the organisation's or the person's name, or the e-mail address.
    #[error("made from a name that an attacker knows")]
    Context,
}

impl WeakPassword {
    /// The problem of the form's field.
    pub fn problem(self, field: &'static str) -> FieldProblem {
        match self {
            WeakPassword::TooShort => FieldProblem::new(field, "password_too_short").with("least", PasswordRule::LEAST),
            WeakPassword::TooLong => FieldProblem::new(field, "password_too_long").with("most", PasswordRule::MOST),
            WeakPassword::Common => FieldProblem::new(field, "password_common"),
            WeakPassword::Context => FieldProblem::new(field, "password_context"),
        }
    }
}

/// Judges new passwords. `common` is the list to refuse, lower case and sorted.
#[derive(Clone, Copy, Debug)]
pub struct PasswordRule<'a> {
    common: &'a [&'a str],
}

impl<'a> PasswordRule<'a> {
    /// The shortest, in characters.
    pub const LEAST: usize = 8;
    /// The longest, in characters.
    pub const MOST: usize = 128;

    /// A rule that refuses what is on the sorted, lower-case list.
    pub fn new(common: &'a [&'a str]) -> PasswordRule<'a> {
        PasswordRule { common }
    }

    /// Takes the password or says why not. `context` holds names and addresses that must not be its core.
    pub fn judge(&self, password: &str, context: &[&str]) -> Result<(), WeakPassword> {
        let count = password.chars().count();
        if count < PasswordRule::LEAST {
            return Err(WeakPassword::TooShort);
        }
        if count > PasswordRule::MOST {
            return Err(WeakPassword::TooLong);
        }
        let lower = password.to_lowercase();
        if self.common.binary_search(&lower.as_str()).is_ok() || repeats(&lower) {
            return Err(WeakPassword::Common);
        }
        let known =
            context.iter().flat_map(|word| word.split(['@', ' ', '.', '-', '_'])).filter(|word| word.len() >= 4);
        for word in known.chain(context.iter().copied().filter(|word| word.len() >= 4)) {
            let rest = lower.replace(&word.to_lowercase(), "");
            if rest.len() < lower.len() && rest.chars().count() < PasswordRule::LEAST / 2 {
                return Err(WeakPassword::Context);
            }
        }
        Ok(())
    }
}

/// One character, or a run of at most three, all the way.
fn repeats(text: &str) -> bool {
    let characters: Vec<char> = text.chars().collect();
    (1..=3).any(|run| characters.iter().zip(characters.iter().skip(run)).all(|(a, b)| a == b))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: PasswordRule<'_> = PasswordRule { common: &["password1", "qwertyuiop"] };

    #[test]
    fn passwords_are_judged_by_length_and_guessability_only() {
        assert_eq!(RULE.judge("korrekt pferd", &[]), Ok(()));
        assert_eq!(RULE.judge("只有八个汉字密码", &[]), Ok(()));
        assert_eq!(RULE.judge("short7!", &[]), Err(WeakPassword::TooShort));
        assert_eq!(RULE.judge(&"ab c".repeat(40), &[]), Err(WeakPassword::TooLong));
        assert_eq!(RULE.judge("PassWord1", &[]), Err(WeakPassword::Common));
        assert_eq!(RULE.judge("abcabcabcabc", &[]), Err(WeakPassword::Common));
        assert_eq!(RULE.judge("kestrel123", &["Kestrel Freight", "lin@kestrel.example"]), Err(WeakPassword::Context));
        assert_eq!(RULE.judge("kestrel over the moor", &["Kestrel Freight"]), Ok(()));
    }
}
