//! Accounts, from sign-up to access keys, on both engines.

mod keys;
mod operator;
mod passwords;
mod people;
mod sealed;
mod sessions;
mod throttling;

use app::AppError;

/// The stable code of an answer, `fine` for none; of wrong fields the first one's code.
fn code<T>(answer: Result<T, AppError>) -> &'static str {
    match answer {
        Ok(_) => "fine",
        Err(AppError::Invalid(problems)) => problems.iter().next().map_or("invalid", |problem| problem.code),
        Err(error) => error.code(),
    }
}

/// The codes that this slice answers with.
const CODES: &[&str] = &[
    "email_taken",
    "sign_in_failed",
    "account_disabled",
    "sign_up_closed",
    "person_needed",
    "password_wrong",
    "password_unchanged",
    "last_administrator",
    "already_in_organisation",
    "already_invited",
    "too_many_people",
    "too_many_api_keys",
    "invitation_spent",
    "invitation_expired",
    "operator_link_spent",
    "role",
    "language",
    "user_state",
    "role_or_state",
    "password_too_short",
    "password_too_long",
    "password_common",
    "password_context",
    "fresh_sign_in_needed",
    "not_allowed",
];

#[test]
fn every_code_has_a_sentence_in_both_languages() {
    for language in domain::text::Language::ALL {
        let words = language::Words::of(language);
        for code in CODES {
            let sentence = words.problem(code, &[("most", 5.into()), ("least", 5.into())]);
            assert!(sentence.is_some_and(|sentence| !sentence.contains("{$")), "{code} in {language}");
        }
        for kind in ["password_changed", "api_key_made", "role_changed"] {
            for part in ["subject", "body"] {
                assert!(words.by_code("notice", &format!("{kind}_{part}"), &[]).is_some(), "{kind} {part}");
            }
        }
    }
}
