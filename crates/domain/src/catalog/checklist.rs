//! The one function that says what a draft lacks, and makes the release when it lacks nothing. The checklist beside the
//! form and the submission are the same call, so they cannot disagree (ux.md U-34).

use std::borrow::Cow;

use crate::ids::InterfaceAddressId;
use crate::money::{Currency, Money, MoneyError};
use crate::outcome::{FieldProblem, Problems};
use crate::pricing::{BillingMode, PriceError, Prices, TrialDays};
use crate::text::{self, Lines, Localised};

use super::{
    Category, DeliveryMethod, Draft, Field, LocalisedList, PersonalField, Release, ReleaseVersion, Section,
    Specification, SpecificationDraft, SpecificationField, Supervision, SupportContact, Visibility,
};

/// What the checklist must know that does not stand in the draft.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// How the product reaches its buyer.
    pub delivery: DeliveryMethod,
    /// The currency of every price in this marketplace.
    pub currency: Currency,
    /// The seller's interface addresses that may be chosen.
    pub addresses: &'a [AddressFacts],
    /// What is on sale, when the draft is a change of it: some things are fixed after release.
    pub live: Option<&'a Release>,
}

/// One interface address of the seller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressFacts {
    /// The address.
    pub id: InterfaceAddressId,
    /// The protocol activities that have a saved case, as the protocol spells them.
    pub saved_activities: Vec<String>,
    /// Which of them a product needs, by the protocol that the address speaks.
    pub needs: CaseNeeds,
    /// Whether the seller has proven that the domain is its own, or nobody asks.
    pub domain_proven: bool,
}

/// The activities that need a saved case before a product is submitted, as the protocol spells them (functions.md 3.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseNeeds {
    /// For a product that is paid once.
    pub one_time: Vec<&'static str>,
    /// For one that is paid by period.
    pub period: Vec<&'static str>,
}

/// Whether a requirement is met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequirementState {
    /// It is.
    Met,
    /// It is not, and why.
    NotMet(FieldProblem),
    /// It may stay so, but better not.
    Advice(FieldProblem),
}

/// One line of the checklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// Where the form asks for it.
    pub section: Section,
    /// The field it links to: a field's name, or `specifications.<id>.<field>`.
    pub field: Cow<'static, str>,
    /// Whether it is met.
    pub state: RequirementState,
}

/// How far a section is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing typed yet.
    NotStarted,
    /// Something typed, something required is still empty.
    InProgress,
    /// Something typed is wrong.
    HasError,
    /// Every requirement is met.
    Done,
}

/// The whole list, and the release when nothing is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checklist {
    /// Every requirement, in the order of the form.
    pub requirements: Vec<Requirement>,
    /// The checked contents; there when every requirement is met.
    pub release: Option<Release>,
}

impl Checklist {
    /// How many requirements are met, and how many there are. Advice counts as met.
    pub fn met(&self) -> (usize, usize) {
        let unmet = self.unmet().count();
        (self.requirements.len() - unmet, self.requirements.len())
    }

    /// The requirements that are not met.
    pub fn unmet(&self) -> impl Iterator<Item = (&Requirement, &FieldProblem)> {
        self.requirements.iter().filter_map(|requirement| match &requirement.state {
            RequirementState::NotMet(problem) => Some((requirement, problem)),
            RequirementState::Met | RequirementState::Advice(_) => None,
        })
    }

    /// What is missing, as the problems of one big form.
    pub fn problems(&self) -> Problems {
        let mut problems = Problems::new();
        for (_, problem) in self.unmet() {
            problems.add(problem.clone());
        }
        problems
    }

    /// How far `section` of `draft` is.
    pub fn standing(&self, draft: &Draft, section: Section) -> Standing {
        let mut unmet = self.unmet().filter(|(requirement, _)| requirement.section == section).peekable();
        if unmet.peek().is_none() {
            return Standing::Done;
        }
        if !draft.touched(section) {
            return Standing::NotStarted;
        }
        let missing = ["required", "required_in_one_language", "specification_missing", "price_missing"];
        if unmet.all(|(_, problem)| missing.contains(&problem.code)) {
            Standing::InProgress
        } else {
            Standing::HasError
        }
    }
}

/// Checks the draft against every rule of a release.
pub fn check(draft: &Draft, facts: Facts<'_>) -> Checklist {
    let mut list = List { draft, requirements: Vec::new() };
    let name = list.name();
    let version = list.one(Field::Version, |field, input| {
        let text = text::text(field, input, Lines::One, 1, 40)?;
        text.parse::<ReleaseVersion>().map_err(|()| FieldProblem::new(field, "version_pattern"))
    });
    let category = list.one(Field::Category, chosen::<Category>);
    let overview = list.both(Field::OverviewEn, Field::OverviewZh, Lines::Many, (10, 200));
    let highlights = list.highlights();
    list.logo();
    let description = list.description();
    let guide = list.both(Field::GuideEn, Field::GuideZh, Lines::Many, (20, 40_000));
    let supervision = list.supervision(facts.live);
    let specifications = list.specifications(facts);
    let interface_address = list.interface_address(facts, specifications.as_deref());
    let handed_over = list.handed_over();
    let agreement = list.both(Field::AgreementEn, Field::AgreementZh, Lines::Many, (20, 60_000));
    let email = list.one(Field::SupportEmail, text::email);
    let phone = list.one(Field::SupportPhone, text::phone);
    let hours = list.both(Field::SupportHoursEn, Field::SupportHoursZh, Lines::One, (3, 300));
    let visibility = list.one(Field::Visibility, chosen::<Visibility>);
    let search_title = list.optional(Field::SearchTitle, 70);
    let search_description = list.optional(Field::SearchDescription, 160);
    list.requirements.sort_by_key(|requirement| requirement.section); // stable: the form's order inside a section
    let release = (|| {
        Some(Release {
            name: name?,
            version: version?,
            category: category?,
            overview: overview?,
            highlights: highlights?,
            logo: draft.logo,
            description: description?,
            guide: guide?,
            delivery: facts.delivery,
            supervision: supervision?,
            interface_address: interface_address?,
            handed_over: handed_over?,
            specifications: specifications?,
            agreement: agreement?,
            support: SupportContact { email: Some(email?), phone: Some(phone?), hours: Some(hours?) },
            visibility: visibility?,
            contact_link: None,
            search_title: search_title?,
            search_description: search_description?,
        })
    })();
    let list = Checklist { requirements: list.requirements, release: None };
    let release = release.filter(|_| list.unmet().next().is_none());
    Checklist { release, ..list }
}

/// A word of a fixed list.
fn chosen<T: std::str::FromStr>(field: &'static str, input: &str) -> Result<T, FieldProblem> {
    if input.trim().is_empty() {
        return Err(FieldProblem::new(field, "required"));
    }
    input.trim().parse().map_err(|_| FieldProblem::new(field, "not_in_list"))
}

struct List<'a> {
    draft: &'a Draft,
    requirements: Vec<Requirement>,
}

impl List<'_> {
    fn note(&mut self, section: Section, field: impl Into<Cow<'static, str>>, problem: Option<FieldProblem>) {
        let state = problem.map_or(RequirementState::Met, RequirementState::NotMet);
        self.requirements.push(Requirement { section, field: field.into(), state });
    }

    fn one<T>(&mut self, field: Field, parse: impl FnOnce(&'static str, &str) -> Result<T, FieldProblem>) -> Option<T> {
        let parsed = parse(field.code(), self.draft.get(field));
        let (value, problem) = match parsed {
            Ok(value) => (Some(value), None),
            Err(problem) => (None, Some(problem)),
        };
        self.note(field.section(), field.code(), problem);
        value
    }

    /// A text in one language or both: one line of the list.
    fn both(&mut self, en: Field, zh: Field, lines: Lines, limits: (usize, usize)) -> Option<Localised> {
        let mut problems = Problems::new();
        let inputs = ((en.code(), self.draft.get(en)), (zh.code(), self.draft.get(zh)));
        let text = text::localised(&mut problems, inputs.0, inputs.1, lines, limits);
        let first = problems.iter().next().cloned();
        self.note(
            en.section(),
            first.as_ref().map_or(Cow::Borrowed(en.code()), |problem| problem.field.clone()),
            first,
        );
        text.filter(|_| problems.none())
    }

    /// Optional texts make a line of the list only when they are wrong.
    fn optional(&mut self, field: Field, most: usize) -> Option<Option<String>> {
        match text::optional_text(field.code(), self.draft.get(field), field.lines(), most) {
            Ok(text) => Some(text),
            Err(problem) => {
                self.note(field.section(), field.code(), Some(problem));
                None
            }
        }
    }

    fn name(&mut self) -> Option<Localised> {
        let name = self.both(Field::NameEn, Field::NameZh, Lines::One, (2, 60))?;
        let telling = [(&name.en, Field::NameEn), (&name.zh, Field::NameZh)].into_iter().find_map(|(text, field)| {
            let text = text.as_deref()?;
            name_says_too_much(text).then(|| FieldProblem::new(field.code(), "name_says_too_much"))
        });
        match (telling, self.requirements.last_mut()) {
            (Some(problem), Some(line)) => {
                line.field = problem.field.clone();
                line.state = RequirementState::NotMet(problem);
                None
            }
            (None, Some(line)) if name.en.is_none() || name.zh.is_none() => {
                line.state = RequirementState::Advice(FieldProblem::new(line.field.clone(), "one_language_only"));
                Some(name)
            }
            (Some(_) | None, _) => Some(name),
        }
    }

    fn highlights(&mut self) -> Option<LocalisedList> {
        let lines = |field: Field| {
            let lines = self.draft.get(field).lines().map(str::trim).filter(|line| !line.is_empty());
            let lines: Vec<String> =
                lines.map(|line| line.trim_start_matches(['-', '*', '•']).trim().to_owned()).collect();
            if lines.len() > 8 {
                return Err(FieldProblem::new(field.code(), "too_many_lines").with("most", 8));
            }
            match lines.iter().find(|line| line.chars().count() > 120) {
                Some(line) => {
                    let count = line.chars().count();
                    Err(FieldProblem::new(field.code(), "line_too_long").with("most", 120).with("count", count))
                }
                None => Ok(lines),
            }
        };
        let list = lines(Field::HighlightsEn).and_then(|en| Ok(LocalisedList { en, zh: lines(Field::HighlightsZh)? }));
        let list = list.and_then(|list| {
            let none = list.en.is_empty() && list.zh.is_empty();
            let missing = || FieldProblem::new(Field::HighlightsEn.code(), "required_in_one_language");
            if none { Err(missing()) } else { Ok(list) }
        });
        self.note(Section::Basics, "highlights_en", list.as_ref().err().cloned());
        list.ok()
    }

    fn logo(&mut self) {
        let state = match self.draft.logo {
            Some(_) => RequirementState::Met,
            None => RequirementState::Advice(FieldProblem::new("logo", "logo_missing")),
        };
        self.requirements.push(Requirement { section: Section::Basics, field: Cow::Borrowed("logo"), state });
    }

    /// At least 400 characters of words in one language, markup not counted (functions.md 3.2).
    fn description(&mut self) -> Option<Localised> {
        let description = self.both(Field::DescriptionEn, Field::DescriptionZh, Lines::Many, (1, 40_000))?;
        let words = [&description.en, &description.zh];
        let longest = words.into_iter().flatten().map(|text| count_of_words(text)).max().unwrap_or(0);
        if longest >= Release::LEAST_DESCRIPTION {
            return Some(description);
        }
        let field = if description.en.is_some() { Field::DescriptionEn } else { Field::DescriptionZh };
        let problem = FieldProblem::new(field.code(), "description_too_short")
            .with("least", Release::LEAST_DESCRIPTION)
            .with("count", longest)
            .with("more", Release::LEAST_DESCRIPTION - longest);
        if let Some(line) = self.requirements.last_mut() {
            line.field = Cow::Borrowed(field.code());
            line.state = RequirementState::NotMet(problem);
        }
        None
    }

    /// Fixed after the first release (functions.md 3.4). Service supervision (functions.md 8) is not built: no order would
    /// wait for the buyer's acceptance, so nothing new is released with that promise. The draft keeps what was chosen.
    fn supervision(&mut self, live: Option<&Release>) -> Option<Supervision> {
        self.one(Field::Supervision, |field, input| {
            let supervision = chosen::<Supervision>(field, input)?;
            match (live, supervision) {
                (Some(live), _) if live.supervision != supervision => {
                    Err(FieldProblem::new(field, "fixed_after_release"))
                }
                (Some(_), _) | (None, Supervision::None) => Ok(supervision),
                (None, Supervision::Supervised) => Err(FieldProblem::new(field, "supervision_not_offered")),
            }
        })
    }

    fn handed_over(&mut self) -> Option<Vec<PersonalField>> {
        let parsed: Result<Vec<PersonalField>, FieldProblem> = (self.draft.get(Field::HandedOver).split([',', ' ']))
            .filter(|word| !word.is_empty())
            .map(|word| {
                let known = PersonalField::OFFERED.into_iter().find(|field| field.code() == word);
                known.ok_or_else(|| FieldProblem::new(Field::HandedOver.code(), "not_in_list"))
            })
            .collect();
        match parsed {
            Ok(mut fields) => {
                fields.sort();
                fields.dedup();
                Some(fields)
            }
            Err(problem) => {
                self.note(Section::Delivery, Field::HandedOver.code(), Some(problem));
                None
            }
        }
    }

    /// The address, and a saved case for each activity that the billing modes need.
    fn interface_address(
        &mut self,
        facts: Facts<'_>,
        specifications: Option<&[Specification]>,
    ) -> Option<Option<InterfaceAddressId>> {
        if !facts.delivery.purchasable() {
            return Some(None);
        }
        let field = Field::InterfaceAddress;
        let address = self.one(field, |field, input| {
            let id: InterfaceAddressId = chosen(field, input)?;
            facts.addresses.iter().find(|address| address.id == id).ok_or(FieldProblem::new(field, "not_in_list"))
        })?;
        if !address.domain_proven {
            let problem = FieldProblem::new(field.code(), "domain_not_proven");
            self.note(Section::Delivery, "domain", Some(problem));
        }
        let period_billing = specifications.is_none_or(|specifications| {
            specifications.iter().any(|one| one.prices.billing_mode() == BillingMode::Period)
        });
        let needed = if period_billing { &address.needs.period } else { &address.needs.one_time };
        for activity in needed {
            let saved = address.saved_activities.iter().any(|saved| saved == activity);
            let problem = FieldProblem::new(field.code(), "case_missing").with("activity", *activity);
            self.note(Section::Delivery, format!("case.{activity}"), (!saved).then_some(problem));
        }
        Some(Some(address.id))
    }

    fn specifications(&mut self, facts: Facts<'_>) -> Option<Vec<Specification>> {
        let drafts = &self.draft.specifications;
        if drafts.is_empty() {
            self.note(
                Section::Specifications,
                "specifications",
                Some(FieldProblem::new("specifications", "specification_missing")),
            );
            return None;
        }
        let mut specifications = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let before = facts.live.and_then(|live| live.specification(draft.id));
            let mut problems = Problems::new();
            let checked = specification(&mut problems, draft, facts.currency, before);
            let prefix = format!("specifications.{}", draft.id);
            let mut prefixed = Problems::new();
            prefixed.absorb(&prefix, problems);
            match prefixed.iter().next().cloned() {
                Some(problem) => self.note(Section::Specifications, problem.field.clone(), Some(problem)),
                None => self.note(Section::Specifications, format!("{prefix}.name_en"), None),
            }
            specifications.extend(checked);
        }
        (specifications.len() == drafts.len()).then_some(specifications)
    }
}

/// One specification, with every problem of it.
fn specification(
    problems: &mut Problems,
    draft: &SpecificationDraft,
    currency: Currency,
    before: Option<&Specification>,
) -> Option<Specification> {
    use SpecificationField as F;
    let pair = |en: F, zh: F| ((en.code(), draft.get(en)), (zh.code(), draft.get(zh)));
    let (en, zh) = pair(F::NameEn, F::NameZh);
    let name = text::localised(problems, en, zh, Lines::One, (1, 60));
    let (en, zh) = pair(F::SummaryEn, F::SummaryZh);
    let summary = text::localised(problems, en, zh, Lines::One, (0, 160));
    let (en, zh) = pair(F::UnitEn, F::UnitZh);
    let unit = text::localised(problems, en, zh, Lines::One, (0, 30));
    let visibility = match draft.get(F::Visibility) {
        "" => Some(Visibility::Public),
        input => problems.take(chosen::<Visibility>(F::Visibility.code(), input)),
    };
    let prices = prices(problems, draft, currency, before);
    let trial = trial(problems, draft, prices.as_ref(), before);
    if let (Some(prices), Some(Visibility::Public)) = (&prices, visibility)
        && prices.free()
    {
        problems.add(FieldProblem::new(F::Visibility.code(), "zero_price_only_hidden"));
    }
    if !problems.none() {
        return None;
    }
    let some = |text: Option<Localised>| text.filter(|text| !text.empty());
    Some(Specification {
        id: draft.id,
        name: name?,
        summary: some(summary),
        unit: some(unit),
        prices: prices?,
        trial: trial?,
        visibility: visibility?,
    })
}

fn prices(
    problems: &mut Problems,
    draft: &SpecificationDraft,
    currency: Currency,
    before: Option<&Specification>,
) -> Option<Prices> {
    use SpecificationField as F;
    let mut amount = |field: F| {
        let input = draft.get(field).trim();
        if input.is_empty() { Some(None) } else { problems.take(money(field.code(), input, currency)).map(Some) }
    };
    let (month, year, once) = (amount(F::Month), amount(F::Year), amount(F::Once));
    let (month, year, once) = (month?, year?, once?);
    let problem = match Prices::new(month, year, once) {
        Ok(prices) => match before {
            Some(before) if before.prices.billing_mode() != prices.billing_mode() => {
                FieldProblem::new(F::Once.code(), "fixed_after_release")
            }
            Some(_) | None => return Some(prices),
        },
        Err(PriceError::Missing) => FieldProblem::new(F::Month.code(), "price_missing"),
        Err(PriceError::TwoModes) => FieldProblem::new(F::Once.code(), "price_two_modes"),
        Err(PriceError::Negative | PriceError::TwoCurrencies) => FieldProblem::new(F::Month.code(), "amount"),
    };
    problems.add(problem);
    None
}

/// The largest price of one unit: far above any product, far below overflow when it is multiplied.
const MOST_MINOR: i64 = 100_000_000_000;

fn money(field: &'static str, input: &str, currency: Currency) -> Result<Money, FieldProblem> {
    let problem = |code| FieldProblem::new(field, code).with("entered", input);
    let amount = Money::parse(input, currency).map_err(|error| match error {
        MoneyError::TooManyDecimals => problem("amount_decimals").with("decimals", currency.decimals()),
        MoneyError::NotANumber
        | MoneyError::OutOfRange
        | MoneyError::CurrencyMismatch
        | MoneyError::UnknownCurrency => problem("amount"),
    })?;
    if (0..=MOST_MINOR).contains(&amount.minor()) { Ok(amount) } else { Err(problem("amount")) }
}

fn trial(
    problems: &mut Problems,
    draft: &SpecificationDraft,
    prices: Option<&Prices>,
    before: Option<&Specification>,
) -> Option<Option<TrialDays>> {
    let field = SpecificationField::TrialDays.code();
    let input = draft.get(SpecificationField::TrialDays).trim();
    let trial = if input.is_empty() {
        None
    } else {
        let range = || {
            FieldProblem::new(field, "trial_days")
                .with("least", TrialDays::LEAST)
                .with("most", TrialDays::MOST)
                .with("entered", input)
        };
        Some(problems.take(input.parse().ok().and_then(TrialDays::new).ok_or_else(range))?)
    };
    if trial.is_some() && prices.is_some_and(|prices| prices.billing_mode() == BillingMode::Once) {
        problems.add(FieldProblem::new(field, "trial_only_by_period"));
        return None;
    }
    if before.is_some_and(|before| before.trial != trial) {
        problems.add(FieldProblem::new(field, "fixed_after_release"));
        return None;
    }
    Some(trial)
}

impl Release {
    /// The fewest characters of words in a description (functions.md 3.2).
    pub const LEAST_DESCRIPTION: usize = 400;
}

/// Characters without white space and without the signs of Markdown.
fn count_of_words(markdown: &str) -> usize {
    markdown
        .split_whitespace()
        .map(|word| word.chars().filter(|c| !matches!(c, '#' | '*' | '_' | '`' | '>' | '|')).count())
        .sum::<usize>()
        + markdown.split_whitespace().count().saturating_sub(1)
}

/// A name says what it is: no version, no telephone number, no price (functions.md 3.2).
fn name_says_too_much(name: &str) -> bool {
    let digits = name.chars().filter(char::is_ascii_digit).count();
    let version = name
        .split_whitespace()
        .any(|word| word.parse::<ReleaseVersion>().is_ok() || word.to_uppercase().parse::<ReleaseVersion>().is_ok());
    let price = name.chars().any(|c| matches!(c, '$' | '¥' | '€' | '￥'));
    version || price || digits >= 7
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::release::tests::a_release;
    use crate::ids::{Id as _, SpecificationId};

    fn needs() -> CaseNeeds {
        let period = vec!["newInstance", "refreshInstance", "releaseInstance"];
        CaseNeeds { one_time: vec!["newInstance", "releaseInstance"], period }
    }

    fn address() -> AddressFacts {
        let saved = needs().period.iter().map(|activity| (*activity).to_owned()).collect();
        AddressFacts {
            id: InterfaceAddressId::from_u128(7),
            saved_activities: saved,
            needs: needs(),
            domain_proven: true,
        }
    }

    fn full_draft() -> Draft {
        let mut draft = Draft::default();
        let description = "A backup that was never opened is a hope, not a backup. ".repeat(9);
        for (field, input) in [
            (Field::NameEn, "Granary Backup"),
            (Field::NameZh, "粮仓备份"),
            (Field::Version, "V4.2"),
            (Field::Category, "backup"),
            (Field::OverviewEn, "Hourly database backups."),
            (Field::HighlightsEn, "- Weekly restore test\n- Your own key"),
            (Field::DescriptionEn, description.as_str()),
            (Field::GuideEn, "Open the app from My apps and sign in."),
            (Field::Supervision, "none"),
            (Field::InterfaceAddress, &InterfaceAddressId::from_u128(7).to_string()),
            (Field::HandedOver, "user_name,email"),
            (Field::AgreementEn, "We keep copies for 30 days after you leave."),
            (Field::SupportEmail, "help@granary.example"),
            (Field::SupportPhone, "+65 6123 4567"),
            (Field::SupportHoursEn, "Monday to Friday"),
            (Field::Visibility, "public"),
        ] {
            draft.set(field.section(), &[(field, input.to_owned())]).expect("the test's draft is fine");
        }
        let mut specification = SpecificationDraft::new(SpecificationId::from_u128(11));
        for (field, input) in [
            (SpecificationField::NameEn, "Starter"),
            (SpecificationField::Month, "9"),
            (SpecificationField::Year, "90.00"),
            (SpecificationField::TrialDays, "14"),
        ] {
            specification.set(field, input).expect("fine");
        }
        draft.specifications.push(specification);
        draft
    }

    fn facts(addresses: &[AddressFacts]) -> Facts<'_> {
        Facts { delivery: DeliveryMethod::Saas, currency: Currency::USD, addresses, live: None }
    }

    fn missing(draft: &Draft, facts: Facts<'_>) -> Vec<(String, &'static str)> {
        let list = check(draft, facts);
        assert_eq!(
            list.release.is_none(),
            list.unmet().next().is_some(),
            "a release is there just when nothing is missing"
        );
        list.unmet().map(|(_, problem)| (problem.field.to_string(), problem.code)).collect()
    }

    #[test]
    fn a_full_draft_becomes_a_release() {
        let addresses = [address()];
        let draft = full_draft();
        let list = check(&draft, facts(&addresses));
        let release = list.release.clone().expect("nothing is missing");
        assert_eq!(release.highlights.en, ["Weekly restore test", "Your own key"]);
        assert_eq!(release.handed_over, [PersonalField::Email, PersonalField::UserName]);
        assert!(Section::ALL.iter().all(|section| list.standing(&draft, *section) == Standing::Done));
        let advice = list.requirements.iter().filter(|one| matches!(one.state, RequirementState::Advice(_)));
        assert_eq!(advice.map(|one| one.field.as_ref()).collect::<Vec<_>>(), ["logo"]);
    }

    #[test]
    fn an_address_of_a_domain_that_is_not_proven_is_all_that_is_missing() {
        let unproven = [AddressFacts { domain_proven: false, ..address() }];
        assert_eq!(missing(&full_draft(), facts(&unproven)), [("interface_address".to_owned(), "domain_not_proven")]);
    }

    #[test]
    fn an_empty_draft_says_everything_at_once() {
        let draft = Draft::default();
        let list = check(&draft, facts(&[]));
        let fields: Vec<_> = list.unmet().map(|(requirement, _)| requirement.field.to_string()).collect();
        assert_eq!(
            fields,
            [
                "name_en",
                "version",
                "category",
                "overview_en",
                "highlights_en",
                "description_en",
                "guide_en",
                "supervision",
                "interface_address",
                "specifications",
                "agreement_en",
                "support_email",
                "support_phone",
                "support_hours_en",
                "visibility"
            ]
        );
        assert!(Section::ALL.iter().all(|section| list.standing(&draft, *section) == Standing::NotStarted));
    }

    #[test]
    fn each_wrong_field_is_named_with_its_rule() {
        let addresses = [address()];
        let table = [
            (Field::Version, "v4.2", "version", "version_pattern"),
            (Field::Category, "bakup", "category", "not_in_list"),
            (Field::NameEn, "Backup V2.0", "name_en", "name_says_too_much"),
            (Field::NameEn, "Backup, call 6123 4567", "name_en", "name_says_too_much"),
            (Field::OverviewEn, "short", "overview_en", "too_short"),
            (Field::DescriptionEn, "Short.", "description_en", "description_too_short"),
            (Field::Supervision, "maybe", "supervision", "not_in_list"),
            (Field::Supervision, "supervised", "supervision", "supervision_not_offered"),
            (Field::HandedOver, "shoe_size", "handed_over", "not_in_list"),
            (Field::HandedOver, "email,mobile_phone", "handed_over", "not_in_list"),
            (
                Field::InterfaceAddress,
                &InterfaceAddressId::from_u128(8).to_string(),
                "interface_address",
                "not_in_list",
            ),
            (Field::SupportEmail, "help", "support_email", "email"),
            (Field::SupportPhone, "call us", "support_phone", "phone"),
            (Field::SearchTitle, &"x".repeat(71), "search_title", "too_long"),
        ];
        for (field, input, at, code) in table {
            let mut draft = full_draft();
            draft.set(field.section(), &[(field, input.to_owned())]).expect("a draft may be wrong");
            assert_eq!(missing(&draft, facts(&addresses)), [(at.to_owned(), code)], "{input}");
        }
    }

    #[test]
    fn each_wrong_specification_field_is_named_with_its_rule() {
        use SpecificationField as F;
        let addresses = [address()];
        /// What is typed, the field that is wrong, and the code it gets.
        type Line<'a> = (&'a [(F, &'a str)], F, &'a str);
        let table: &[Line<'_>] = &[
            (&[(F::NameEn, "")], F::NameEn, "required_in_one_language"),
            (&[(F::TrialDays, "2")], F::TrialDays, "trial_days"),
            (&[(F::TrialDays, "181")], F::TrialDays, "trial_days"),
            (&[(F::TrialDays, "some")], F::TrialDays, "trial_days"),
            (&[(F::Month, ""), (F::Year, "")], F::Month, "price_missing"),
            (&[(F::Month, "9.999")], F::Month, "amount_decimals"),
            (&[(F::Month, "-1")], F::Month, "amount"),
            (&[(F::Month, "1e9")], F::Month, "amount"),
            (&[(F::Month, "99999999999")], F::Month, "amount"),
            (&[(F::Once, "100")], F::Once, "price_two_modes"),
            (&[(F::Month, ""), (F::Year, ""), (F::Once, "100")], F::TrialDays, "trial_only_by_period"),
            (&[(F::Month, "0"), (F::Year, "")], F::Visibility, "zero_price_only_hidden"),
        ];
        for (inputs, at, code) in table {
            let mut draft = full_draft();
            for (field, input) in *inputs {
                draft.specifications[0].set(*field, input).expect("a draft may be wrong");
            }
            let field = format!("specifications.{}.{}", draft.specifications[0].id, at.code());
            assert_eq!(missing(&draft, facts(&addresses)), [(field, *code)], "{inputs:?}");
        }
        let mut test = full_draft();
        for (field, input) in [(F::Month, "0"), (F::Year, ""), (F::Visibility, "hidden"), (F::TrialDays, "3")] {
            test.specifications[0].set(field, input).expect("fine");
        }
        assert_eq!(missing(&test, facts(&addresses)), [], "a hidden test specification may cost nothing");
    }

    #[test]
    fn every_required_activity_needs_a_saved_case_and_one_time_products_need_fewer() {
        for (index, activity) in needs().period.iter().enumerate() {
            let mut address = address();
            address.saved_activities.remove(index);
            let list = check(&full_draft(), facts(std::slice::from_ref(&address)));
            let unmet: Vec<_> = list.unmet().map(|(requirement, _)| requirement.field.to_string()).collect();
            assert_eq!(unmet, [format!("case.{activity}")]);
        }
        let once: Vec<String> = needs().one_time.iter().map(|activity| (*activity).to_owned()).collect();
        let few = AddressFacts { saved_activities: once, ..address() };
        let list = check(&full_draft(), facts(std::slice::from_ref(&few)));
        assert_eq!(list.unmet().count(), 1, "the draft is paid by period");
    }

    #[test]
    fn what_is_fixed_after_release_cannot_be_changed_by_a_new_application() {
        let addresses = [address()];
        let live = Release {
            specifications: check(&full_draft(), facts(&addresses)).release.expect("full").specifications,
            ..a_release()
        };
        let changing = Facts { live: Some(&live), ..facts(&addresses) };
        assert_eq!(missing(&full_draft(), changing), []);
        let mut draft = full_draft();
        draft.set(Section::Delivery, &[(Field::Supervision, "supervised".to_owned())]).expect("fine");
        draft.specifications[0].set(SpecificationField::TrialDays, "30").expect("fine");
        let id = draft.specifications[0].id;
        let fixed = "fixed_after_release";
        let expected = [("supervision".to_owned(), fixed), (format!("specifications.{id}.trial_days"), fixed)];
        assert_eq!(missing(&draft, changing), expected);
    }
}
