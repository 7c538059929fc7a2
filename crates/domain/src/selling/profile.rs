//! What an applicant says about the company (functions.md 1.3): the form as typed, and the profile read from it.
//!
//! Parse at the door: a [`SellerProfile`] exists only when every field holds. The files beside it are [`Papers`](super::Papers).

use serde::{Deserialize, Serialize};

use crate::outcome::{FieldProblem, Problems};
use crate::text::{self, Lines};

macro_rules! form {
    ($( $(#[$doc:meta])* $field:ident, )*) => {
        /// Every field as it was typed. Empty text where nothing was typed; unknown fields are refused.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct ApplicationForm {
            $( $(#[$doc])* pub $field: String, )*
            /// The agreements whose boxes are ticked, by code.
            pub agreed: Vec<String>,
        }

        impl ApplicationForm {
            /// The text fields in the order of the form.
            pub const FIELDS: &[&str] = &[$( stringify!($field), )*];

            /// The text of a field by its name.
            pub fn value(&self, field: &str) -> &str {
                match field {
                    $( stringify!($field) => &self.$field, )*
                    _ => "",
                }
            }
        }
    };
}

form! {
    /// The company's name, as on its licence.
    company_name,
    /// The company's web site; not a login address.
    website,
    /// Years in business, a code of [`YearsInBusiness`].
    years_in_business,
    /// Number of employees, a code of [`Employees`].
    employees,
    /// Registered capital with its currency, e.g. `CNY 5,000,000`.
    registered_capital,
    /// Number of the business licence.
    licence_number,
    /// The contact person's name.
    contact_name,
    /// The contact person's mobile number.
    contact_mobile,
    /// The contact person's e-mail address.
    contact_email,
    /// Country or region.
    country,
    /// State or province.
    province,
    /// City.
    city,
    /// Street and number.
    street,
    /// Postcode.
    postcode,
    /// Customer service phone, shown on the product page.
    support_phone,
    /// Customer service e-mail address, shown on the product page.
    support_email,
    /// The company's introduction, shown with its products; no external links.
    introduction,
}

/// How long the company has been in business. At least one year is wanted (functions.md 1.2), which the form asks by
/// offering nothing less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum YearsInBusiness {
    /// One to three years.
    OneToThree,
    /// Three to five years.
    ThreeToFive,
    /// Five to ten years.
    FiveToTen,
    /// Longer.
    OverTen,
}

impl YearsInBusiness {
    /// Every choice, in the order of the list.
    pub const ALL: [YearsInBusiness; 4] = [
        YearsInBusiness::OneToThree,
        YearsInBusiness::ThreeToFive,
        YearsInBusiness::FiveToTen,
        YearsInBusiness::OverTen,
    ];

    /// The value in forms and JSON.
    pub fn code(self) -> &'static str {
        match self {
            YearsInBusiness::OneToThree => "1-3",
            YearsInBusiness::ThreeToFive => "3-5",
            YearsInBusiness::FiveToTen => "5-10",
            YearsInBusiness::OverTen => "10+",
        }
    }
}

/// How many people work there. At least five technical or support staff are wanted (functions.md 1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Employees {
    /// 5 to 49.
    UpTo49,
    /// 50 to 199.
    UpTo199,
    /// 200 to 999.
    UpTo999,
    /// 1,000 or more.
    Over999,
}

impl Employees {
    /// Every choice, in the order of the list.
    pub const ALL: [Employees; 4] = [Employees::UpTo49, Employees::UpTo199, Employees::UpTo999, Employees::Over999];

    /// The value in forms and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Employees::UpTo49 => "5-49",
            Employees::UpTo199 => "50-199",
            Employees::UpTo999 => "200-999",
            Employees::Over999 => "1000+",
        }
    }
}

/// A text that a seller agrees to. The wordings, each with its version, are `app::selling::agreements`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SellerAgreement {
    /// What seller and operator owe each other.
    SellerTerms,
    /// How the cooperation is run, and what breaks it.
    CooperationRules,
    /// What happens with the applicant's data.
    PrivacyStatement,
}

impl SellerAgreement {
    /// Every agreement. All are mandatory.
    pub const ALL: [SellerAgreement; 3] =
        [SellerAgreement::SellerTerms, SellerAgreement::CooperationRules, SellerAgreement::PrivacyStatement];

    /// The word in forms, columns and JSON.
    pub fn code(self) -> &'static str {
        match self {
            SellerAgreement::SellerTerms => "seller_terms",
            SellerAgreement::CooperationRules => "cooperation_rules",
            SellerAgreement::PrivacyStatement => "privacy_statement",
        }
    }
}

impl std::str::FromStr for SellerAgreement {
    type Err = ();
    fn from_str(code: &str) -> Result<SellerAgreement, ()> {
        SellerAgreement::ALL.into_iter().find(|agreement| agreement.code() == code).ok_or(())
    }
}

/// What a submitted application says. Every field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SellerProfile {
    /// The company's name, 2 to 120 characters.
    pub company_name: String,
    /// The company's web site.
    pub website: String,
    /// Years in business.
    pub years_in_business: YearsInBusiness,
    /// Number of employees.
    pub employees: Employees,
    /// Registered capital, as written, 1 to 40 characters with at least one digit.
    pub registered_capital: String,
    /// Number of the business licence, 4 to 40 characters.
    pub licence_number: String,
    /// The contact person's name.
    pub contact_name: String,
    /// The contact person's mobile number.
    pub contact_mobile: String,
    /// The contact person's e-mail address.
    pub contact_email: String,
    /// Where the company is.
    pub address: PostalAddress,
    /// Customer service phone.
    pub support_phone: String,
    /// Customer service e-mail address.
    pub support_email: String,
    /// 20 to 2,000 characters without external links.
    pub introduction: String,
}

/// A postal address as on the business licence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostalAddress {
    /// Country or region.
    pub country: String,
    /// State or province; some countries have none.
    pub province: Option<String>,
    /// City.
    pub city: String,
    /// Street and number.
    pub street: String,
    /// Postcode; some countries have none.
    pub postcode: Option<String>,
}

impl ApplicationForm {
    /// The number of characters that a draft may hold in one field; longer input is refused and not kept.
    pub const MOST_CHARACTERS: usize = 4_000;

    /// Whether the box of an agreement is ticked.
    pub fn agrees(&self, agreement: SellerAgreement) -> bool {
        self.agreed.iter().any(|code| code == agreement.code())
    }

    /// Refuses what is too long to be kept even as a draft, and agreements that do not exist.
    pub fn judge_draft(&self) -> Result<(), Problems> {
        let mut problems = Problems::new();
        for field in ApplicationForm::FIELDS {
            let count = self.value(field).chars().count();
            if count > ApplicationForm::MOST_CHARACTERS {
                problems.add(
                    FieldProblem::new(*field, "too_long")
                        .with("most", ApplicationForm::MOST_CHARACTERS)
                        .with("count", count),
                );
            }
        }
        let known = |code: &String| SellerAgreement::ALL.iter().any(|agreement| agreement.code() == code);
        if self.agreed.len() > SellerAgreement::ALL.len() || !self.agreed.iter().all(known) {
            problems.add(FieldProblem::new("agreed", "not_a_choice"));
        }
        problems.or(Some(()))
    }

    /// Reads the whole form, with every problem in the order of the fields.
    pub fn read(&self) -> Result<SellerProfile, Problems> {
        let mut problems = Problems::new();
        let one = Lines::One;
        let company_name = problems.take(text::text("company_name", &self.company_name, one, 2, 120));
        let website = problems.take(text::web_address("website", &self.website, 200));
        let years = choice("years_in_business", &self.years_in_business, YearsInBusiness::ALL, YearsInBusiness::code);
        let years_in_business = problems.take(years);
        let employees = problems.take(choice("employees", &self.employees, Employees::ALL, Employees::code));
        let registered_capital = problems.take(capital(&self.registered_capital));
        let licence_number = problems.take(text::text("licence_number", &self.licence_number, one, 4, 40));
        let contact_name = problems.take(text::text("contact_name", &self.contact_name, one, 1, 80));
        let contact_mobile = problems.take(text::phone("contact_mobile", &self.contact_mobile));
        let contact_email = problems.take(text::email("contact_email", &self.contact_email));
        let address = self.read_address(&mut problems);
        let support_phone = problems.take(text::phone("support_phone", &self.support_phone));
        let support_email = problems.take(text::email("support_email", &self.support_email));
        let introduction = problems.take(introduction(&self.introduction));
        for agreement in SellerAgreement::ALL.into_iter().filter(|agreement| !self.agrees(*agreement)) {
            problems.add(FieldProblem::new(format!("agreed.{}", agreement.code()), "must_agree"));
        }
        let profile = (|| {
            Some(SellerProfile {
                company_name: company_name?,
                website: website?,
                years_in_business: years_in_business?,
                employees: employees?,
                registered_capital: registered_capital?,
                licence_number: licence_number?,
                contact_name: contact_name?,
                contact_mobile: contact_mobile?,
                contact_email: contact_email?,
                address: address?,
                support_phone: support_phone?,
                support_email: support_email?,
                introduction: introduction?,
            })
        })();
        problems.or(profile)
    }

    fn read_address(&self, problems: &mut Problems) -> Option<PostalAddress> {
        let country = problems.take(text::text("country", &self.country, Lines::One, 2, 60));
        let province = problems.take(text::optional_text("province", &self.province, Lines::One, 60));
        let city = problems.take(text::text("city", &self.city, Lines::One, 1, 60));
        let street = problems.take(text::text("street", &self.street, Lines::One, 2, 200));
        let postcode = problems.take(text::optional_text("postcode", &self.postcode, Lines::One, 16));
        Some(PostalAddress {
            country: country?,
            province: province?,
            city: city?,
            street: street?,
            postcode: postcode?,
        })
    }
}

fn choice<T: Copy, const N: usize>(
    field: &'static str,
    input: &str,
    all: [T; N],
    code: fn(T) -> &'static str,
) -> Result<T, FieldProblem> {
    if input.trim().is_empty() {
        return Err(FieldProblem::new(field, "required"));
    }
    all.into_iter().find(|value| code(*value) == input.trim()).ok_or_else(|| FieldProblem::new(field, "not_a_choice"))
}

fn capital(input: &str) -> Result<String, FieldProblem> {
    let capital = text::text("registered_capital", input, Lines::One, 1, 40)?;
    let has_digit = capital.chars().any(|c| c.is_ascii_digit());
    if has_digit { Ok(capital) } else { Err(FieldProblem::new("registered_capital", "capital")) }
}

fn introduction(input: &str) -> Result<String, FieldProblem> {
    let introduction = text::text("introduction", input, Lines::Many, 20, 2_000)?;
    match external_link(&introduction) {
        Some(link) => Err(FieldProblem::new("introduction", "external_link").with("link", link)),
        None => Ok(introduction),
    }
}

/// The first word that looks like a link to somewhere else.
fn external_link(text: &str) -> Option<&str> {
    text.split_whitespace().find(|word| {
        let word = word.to_ascii_lowercase();
        word.contains("://") || word.contains("www.") || word.contains("href=") || word.contains("mailto:")
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn filled() -> ApplicationForm {
        let text = str::to_owned;
        ApplicationForm {
            company_name: text("Kestrel Freight Software"),
            website: text("https://kestrel.example"),
            years_in_business: text("3-5"),
            employees: text("5-49"),
            registered_capital: text("CNY 5,000,000"),
            licence_number: text("91310000MA1K00000X"),
            contact_name: text("Lin Wei"),
            contact_mobile: text("+86 138 0000 0000"),
            contact_email: text("lin@kestrel.example"),
            country: text("China"),
            province: text("Shanghai"),
            city: text("Shanghai"),
            street: text("8 Century Avenue"),
            postcode: text("200120"),
            support_phone: text("+86 21 0000 0000"),
            support_email: text("help@kestrel.example"),
            introduction: text("We plan the routes of small freight companies, and have done so since 2021."),
            agreed: SellerAgreement::ALL.map(|agreement| text(agreement.code())).to_vec(),
        }
    }

    fn codes(form: &ApplicationForm) -> Vec<(String, &'static str)> {
        let problems = form.read().expect_err("something is wrong");
        problems.iter().map(|problem| (problem.field.to_string(), problem.code)).collect()
    }

    #[test]
    fn a_filled_form_reads_as_a_profile() {
        let profile = filled().read().expect("every field holds");
        assert_eq!(profile.years_in_business, YearsInBusiness::ThreeToFive);
        assert_eq!(profile.address.postcode.as_deref(), Some("200120"));
    }

    #[test]
    fn an_empty_form_names_every_mandatory_field_at_once() {
        let found = codes(&ApplicationForm::default());
        let optional = ["province", "postcode"];
        let mandatory: Vec<_> = ApplicationForm::FIELDS.iter().filter(|field| !optional.contains(field)).collect();
        for field in mandatory {
            assert!(found.contains(&((*field).to_owned(), "required")), "{field}: {found:?}");
        }
        assert_eq!(found.iter().filter(|(_, code)| *code == "must_agree").count(), 3);
    }

    #[test]
    fn links_in_the_introduction_are_refused() {
        for link in ["https://elsewhere.example", "WWW.elsewhere.example", "(http://x)"] {
            let form = ApplicationForm {
                introduction: format!("We are a company of some size. See {link} for more."),
                ..filled()
            };
            assert_eq!(codes(&form), [("introduction".to_owned(), "external_link")]);
        }
    }

    #[test]
    fn each_agreement_is_ticked_by_itself() {
        let form = ApplicationForm { agreed: vec!["seller_terms".to_owned()], ..filled() };
        assert_eq!(
            codes(&form),
            [
                ("agreed.cooperation_rules".to_owned(), "must_agree"),
                ("agreed.privacy_statement".to_owned(), "must_agree")
            ]
        );
        assert!(ApplicationForm { agreed: vec!["everything".to_owned()], ..filled() }.judge_draft().is_err());
    }
}
