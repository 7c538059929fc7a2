//! The texts at run time: [`Words`] of one language, its generated methods, and look-up by code.
//!
//! Not here: reading and checking the files (`build.rs`); dates, money and numbers (`format.rs`).

use std::borrow::Cow;
use std::sync::LazyLock;

use domain::mention::Mention;
use domain::outcome::{FieldProblem, Refusal};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::Language;

include!(concat!(env!("OUT_DIR"), "/generated.rs"));

/// What is put into a text: words as they are, or a number that plural forms look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument<'a> {
    /// Words, put in as they are. Money and dates come already written.
    Text(Cow<'a, str>),
    /// A whole number, written with thousands separators; decides plural forms.
    Number(i64),
}

macro_rules! argument_from_text {
    ($($kind:ty),*) => { $(
        impl<'a> From<$kind> for Argument<'a> {
            fn from(text: $kind) -> Self { Argument::Text(Cow::Borrowed(text)) }
        }
    )* };
}
argument_from_text!(&'a str, &'a String, &'a &str, &'a &String);

macro_rules! argument_from_number {
    ($($kind:ty),*) => { $(
        impl<'a> From<$kind> for Argument<'a> {
            fn from(number: $kind) -> Self { Argument::Number(i64::try_from(number).unwrap_or(i64::MAX)) }
        }
        impl<'a> From<&'a $kind> for Argument<'a> {
            fn from(number: &'a $kind) -> Self { Argument::from(*number) }
        }
    )* };
}
argument_from_number!(i64, u64, usize, i32, u32, u16, u8);

impl From<String> for Argument<'_> {
    fn from(text: String) -> Self {
        Argument::Text(Cow::Owned(text))
    }
}

impl<'a> From<Cow<'a, str>> for Argument<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Argument::Text(text)
    }
}

impl<'a> From<&'a Argument<'a>> for Argument<'a> {
    fn from(argument: &'a Argument<'a>) -> Self {
        argument.clone()
    }
}

impl<'a> From<Argument<'a>> for FluentValue<'a> {
    fn from(argument: Argument<'a>) -> Self {
        match argument {
            Argument::Text(text) => FluentValue::String(text),
            Argument::Number(number) => FluentValue::from(number),
        }
    }
}

/// Everything that can be said in one language.
pub struct Words {
    pub(crate) language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Words({})", self.language.tag())
    }
}

impl Words {
    /// The words of a language. They are read once and live as long as the program.
    pub fn of(language: Language) -> &'static Words {
        static WORDS: [LazyLock<Words>; 2] = [
            LazyLock::new(|| Words::read(Language::English, ENGLISH)),
            LazyLock::new(|| Words::read(Language::Chinese, CHINESE)),
        ];
        match language {
            Language::English => &WORDS[0],
            Language::Chinese => &WORDS[1],
        }
    }

    /// The same as [`Words::of`].
    pub fn for_language(language: Language) -> &'static Words {
        Words::of(language)
    }

    /// The language of these words.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The sentence for a code known only at run time: `by_code("problem", "plan_withdrawn", …)` is the message
    /// `problem-plan-withdrawn`. `None` when there is no such message.
    pub fn by_code(&self, group: &str, code: &str, arguments: &[(&str, Argument<'_>)]) -> Option<String> {
        let key = format!("{group}-{}", code.replace(['_', '.'], "-"));
        self.bundle.has_message(&key).then(|| self.format(&key, arguments))
    }

    /// As [`Words::by_code`], with what problems, refusals and notices mention.
    pub fn say<Name: AsRef<str>>(&self, group: &str, code: &str, mentions: &[(Name, Mention)]) -> Option<String> {
        let arguments: Vec<(&str, Argument<'_>)> =
            mentions.iter().map(|(name, mention)| (name.as_ref(), self.argument(mention))).collect();
        self.by_code(group, code, &arguments)
    }

    /// A value as this language writes it.
    fn argument<'a>(&self, mention: &'a Mention) -> Argument<'a> {
        match mention {
            Mention::Text(text) => text.into(),
            Mention::Number(number) => number.into(),
            Mention::Amount(amount) => {
                let currency = amount.currency();
                self.money(currency.code(), amount.minor(), currency.decimals()).into()
            }
            Mention::Named(name) => name.say(self.language).into(),
            // Opened before by whoever may; a reader of the tables alone sees that there are words.
            Mention::Sealed { .. } => "…".into(),
        }
    }

    /// The sentence for a stable problem code, `problem-<code>`.
    pub fn problem(&self, code: &str, arguments: &[(&str, Argument<'_>)]) -> Option<String> {
        self.by_code("problem", code, arguments)
    }

    /// The sentence for a refusal, and for a code that has none a sentence that still names the code.
    pub fn refusal(&self, refusal: &Refusal) -> String {
        let said = self.say("problem", refusal.code, &refusal.arguments);
        said.unwrap_or_else(|| self.problem_without_text(refusal.code))
    }

    /// The sentence to show beside a field: `problem-<field>-<code>` where a field has words of its own (of
    /// `specifications.0.price` the last part counts), else `problem-<code>`.
    pub fn field_problem(&self, problem: &FieldProblem) -> String {
        let field = problem.field.rsplit('.').next().unwrap_or_default();
        self.say("problem", &format!("{field}_{}", problem.code), &problem.arguments)
            .or_else(|| self.say("problem", problem.code, &problem.arguments))
            .unwrap_or_else(|| self.problem_without_text(problem.code))
    }

    fn read(language: Language, sources: &[&str]) -> Words {
        let tag: LanguageIdentifier = language.tag().parse().expect("our own tags are well formed");
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        // Isolation marks are invisible characters; they would stand in copied text, e-mails and API answers.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(|value, _| match value {
            FluentValue::Number(number) => number.as_string().parse::<i64>().ok().map(crate::format::integer),
            _ => None,
        }));
        for source in sources {
            let resource = FluentResource::try_new((*source).to_owned()).expect("the build has parsed this text");
            bundle.add_resource(resource).expect("the build has refused double keys");
        }
        Words { language, bundle }
    }

    fn format(&self, key: &str, arguments: &[(&str, Argument<'_>)]) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let mut values = FluentArgs::with_capacity(arguments.len());
        for (name, argument) in arguments {
            values.set((*name).to_owned(), FluentValue::from(argument.clone()));
        }
        // What can go wrong here (a missing argument of a text found by its code) leaves its name in braces.
        self.bundle.format_pattern(pattern, Some(&values), &mut Vec::new()).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_says_something_in_both_languages_and_leaves_no_argument_unfilled() {
        for language in Language::ALL {
            for (key, names) in KEYS {
                let arguments: Vec<(&str, Argument<'_>)> = names.iter().map(|name| (*name, "◊".into())).collect();
                let text = Words::of(language).format(key, &arguments);
                assert!(!text.trim().is_empty(), "{key} is empty in {language:?}");
                assert!(!text.contains("{$") && !text.contains('\u{2068}'), "{key} in {language:?}: {text}");
            }
        }
    }

    #[test]
    fn chinese_texts_are_chinese_unless_the_word_is_the_same_everywhere() {
        for (key, names) in KEYS {
            let arguments: Vec<(&str, Argument<'_>)> = names.iter().map(|name| (*name, "◊".into())).collect();
            let [english, chinese] = Language::ALL.map(|language| Words::of(language).format(key, &arguments));
            let has_han = chinese.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
            let spoken = english.split_whitespace().filter(|piece| piece.chars().any(char::is_alphabetic)).count();
            assert!(has_han || spoken < 2, "{key} looks untranslated: {chinese}");
        }
    }

    #[test]
    fn a_number_chooses_the_plural_form_and_gets_its_thousands() {
        let words = Words::of(Language::English);
        assert_eq!(words.common_products_count(1), "1 product");
        assert_eq!(words.common_products_count(1284), "1,284 products");
        assert_eq!(Words::of(Language::Chinese).common_products_count(1284), "1,284件商品");
    }

    #[test]
    fn a_field_may_have_words_of_its_own_for_a_code() {
        let words = Words::of(Language::English);
        let email = FieldProblem::new("contact.email", "required");
        assert_eq!(words.field_problem(&email), "Enter an e-mail address.");
        assert_eq!(words.field_problem(&FieldProblem::new("thing", "required")), "Fill this in.");
        let long = FieldProblem::new("thing", "too_long").with("most", 20).with("count", 31);
        assert_eq!(words.field_problem(&long), "Use at most 20 characters. You entered 31.");
        assert_eq!(words.field_problem(&FieldProblem::new("thing", "nova")), "This needs another look (nova).");
    }

    #[test]
    fn what_a_sentence_mentions_is_written_in_the_language_of_its_reader() {
        use domain::money::{Currency, Money};
        use domain::outcome::RefusalKind;
        use domain::text::Localised;

        let dollars = |minor| Money::new(minor, Currency::USD);
        let refusal = Refusal::new(RefusalKind::Conflict, "price_changed");
        let refusal = refusal.with("from", dollars(500_000)).with("to", dollars(1_234_567));
        let said = Words::of(Language::English).refusal(&refusal);
        assert!(said.contains("from USD 5,000.00 to USD 12,345.67"), "{said}");
        let name = Localised { en: Some("Granary".to_owned()), zh: Some("谷仓".to_owned()) };
        let about = [("product", Mention::from(name)), ("version", "V1.0".into())];
        let [english, chinese] =
            Language::ALL.map(|language| Words::of(language).say("notice", "release_approved_subject", &about));
        assert_eq!(english.as_deref(), Some("Granary is on sale"));
        assert!(chinese.is_some_and(|said| said.contains("谷仓")));
    }

    #[test]
    fn a_code_finds_its_sentence_and_an_unknown_code_finds_none() {
        let words = Words::of(Language::English);
        assert!(words.problem("not_found", &[]).is_some());
        assert_eq!(words.problem("no_such_code", &[]), None);
    }
}
