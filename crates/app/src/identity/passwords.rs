//! Passwords on their way through: never printed, wiped when dropped; and the judgement of new ones.

use std::fmt;
use std::sync::LazyLock;

use domain::identity::{PasswordRule, WeakPassword};
use domain::outcome::FieldProblem;
use zeroize::Zeroizing;

/// A password as somebody typed it.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes what was typed, spaces and all.
    pub fn new(typed: impl Into<String>) -> Password {
        Password(Zeroizing::new(typed.into()))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Whether it is too long to be anybody's: such a one is not hashed.
    pub(super) fn absurd(&self) -> bool {
        self.0.len() > PasswordRule::MOST * 4
    }

    /// Refuses a new password that an attacker would try first. `context` holds the names and addresses around it.
    pub(super) fn judge(&self, field: &'static str, context: &[&str]) -> Result<(), FieldProblem> {
        if self.0.is_empty() {
            return Err(FieldProblem::new(field, "required"));
        }
        PasswordRule::new(&COMMON).judge(&self.0, context).map_err(|weak: WeakPassword| weak.problem(field))
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// The 3,000 most common passwords of at least 8 characters in the published frequency list of the zxcvbn project (MIT),
/// and some that are common in China and around servers. Lower case, sorted by bytes, one a line.
static COMMON: LazyLock<Vec<&'static str>> = LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

#[cfg(test)]
mod tests {
    use super::*;

    fn code(password: &str) -> Option<&'static str> {
        Password::new(password).judge("password", &["Souk"]).err().map(|problem| problem.code)
    }

    #[test]
    fn the_list_is_sorted_lower_case_and_long_enough() {
        assert!(COMMON.len() >= 3000);
        assert!(COMMON.windows(2).all(|pair| pair[0] < pair[1]), "binary search needs order");
        assert!(COMMON.iter().all(|word| word.to_lowercase() == **word && word.chars().count() >= PasswordRule::LEAST));
    }

    #[test]
    fn what_everybody_tries_first_is_refused() {
        for common in ["password", "12345678", "Qwertyuiop", "iloveyou1", "woaini1314", "huawei@123", "aaaaaaaaaa"] {
            assert_eq!(code(common), Some("password_common"), "{common}");
        }
        assert_eq!(code(""), Some("required"));
        assert_eq!(code("tall grey herons at dusk"), None);
    }

    #[test]
    fn a_password_is_not_printed_by_accident() {
        assert_eq!(format!("{:?}", Password::new("tall grey herons")), "Password(…)");
    }
}
