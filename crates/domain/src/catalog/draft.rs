//! What a seller typed so far: kept as typed, so that nothing is lost and a draft may be wrong for a while.
//!
//! Each field is known by name, belongs to one section of the release form, and has a hard limit above which it is not
//! even kept. Whether the words are good enough to be released is the checklist's matter.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ids::{ImageId, SpecificationId};
use crate::outcome::{FieldProblem, Problems};
use crate::text::{Lines, hidden_direction};

/// One page of the release form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// Name, version, category, overview, highlights, logo.
    Basics,
    /// Description and user guide.
    Details,
    /// Supervision, interface address, what is handed over.
    Delivery,
    /// Specifications and prices.
    Specifications,
    /// Service agreement and support.
    Agreement,
    /// Public or hidden, texts for search engines.
    Visibility,
}

impl Section {
    /// Every section, in the order of the task list.
    pub const ALL: [Section; 6] = [
        Section::Basics,
        Section::Details,
        Section::Delivery,
        Section::Specifications,
        Section::Agreement,
        Section::Visibility,
    ];

    /// The word in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Section::Basics => "basics",
            Section::Details => "details",
            Section::Delivery => "delivery",
            Section::Specifications => "specifications",
            Section::Agreement => "agreement",
            Section::Visibility => "visibility",
        }
    }
}

impl FromStr for Section {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Section::ALL.into_iter().find(|section| section.code() == code).ok_or(())
    }
}

macro_rules! fields {
    ($(#[$meta:meta])* $kind:ident { $($name:ident $code:literal $section:ident $lines:ident $most:literal;)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $kind {
            $(#[doc = $code] $name,)*
        }

        impl $kind {
            /// Every field, in the order of the form.
            pub const ALL: &[$kind] = &[$($kind::$name),*];

            /// The name in forms and JSON.
            pub fn code(self) -> &'static str {
                match self { $($kind::$name => $code,)* }
            }

            /// Where the form asks for it.
            pub fn section(self) -> Section {
                match self { $($kind::$name => Section::$section,)* }
            }

            /// Whether line breaks are kept.
            pub fn lines(self) -> Lines {
                match self { $($kind::$name => Lines::$lines,)* }
            }

            /// The most characters that a draft keeps.
            pub fn most(self) -> usize {
                match self { $($kind::$name => $most,)* }
            }
        }

        impl FromStr for $kind {
            type Err = ();
            fn from_str(code: &str) -> Result<Self, ()> {
                $kind::ALL.iter().copied().find(|field| field.code() == code).ok_or(())
            }
        }

        impl Serialize for $kind {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }

        impl<'de> Deserialize<'de> for $kind {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let code = String::deserialize(deserializer)?;
                code.parse().map_err(|()| serde::de::Error::custom("not a field of the release form"))
            }
        }
    };
}

fields! {
    /// One field of the release form, other than those of a specification.
    Field {
        NameEn "name_en" Basics One 200;
        NameZh "name_zh" Basics One 200;
        Version "version" Basics One 40;
        Category "category" Basics One 40;
        OverviewEn "overview_en" Basics Many 1000;
        OverviewZh "overview_zh" Basics Many 1000;
        HighlightsEn "highlights_en" Basics Many 3000;
        HighlightsZh "highlights_zh" Basics Many 3000;
        DescriptionEn "description_en" Details Many 40000;
        DescriptionZh "description_zh" Details Many 40000;
        GuideEn "guide_en" Details Many 40000;
        GuideZh "guide_zh" Details Many 40000;
        Supervision "supervision" Delivery One 40;
        InterfaceAddress "interface_address" Delivery One 80;
        HandedOver "handed_over" Delivery One 200;
        AgreementEn "agreement_en" Agreement Many 60000;
        AgreementZh "agreement_zh" Agreement Many 60000;
        SupportEmail "support_email" Agreement One 254;
        SupportPhone "support_phone" Agreement One 40;
        SupportHoursEn "support_hours_en" Agreement One 300;
        SupportHoursZh "support_hours_zh" Agreement One 300;
        Visibility "visibility" Visibility One 20;
        SearchTitle "search_title" Visibility One 200;
        SearchDescription "search_description" Visibility One 500;
    }
}

fields! {
    /// One field of one specification.
    SpecificationField {
        NameEn "name_en" Specifications One 120;
        NameZh "name_zh" Specifications One 120;
        SummaryEn "summary_en" Specifications One 300;
        SummaryZh "summary_zh" Specifications One 300;
        UnitEn "unit_en" Specifications One 60;
        UnitZh "unit_zh" Specifications One 60;
        Month "month" Specifications One 24;
        Year "year" Specifications One 24;
        Once "once" Specifications One 24;
        TrialDays "trial_days" Specifications One 8;
        Visibility "visibility" Specifications One 20;
    }
}

/// One specification as typed so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpecificationDraft {
    /// Its id, from the first moment on: an order will name it.
    pub id: SpecificationId,
    /// What was typed; a missing field was never touched.
    #[serde(default)]
    pub fields: BTreeMap<SpecificationField, String>,
}

impl SpecificationDraft {
    /// An empty one.
    pub fn new(id: SpecificationId) -> SpecificationDraft {
        SpecificationDraft { id, fields: BTreeMap::new() }
    }

    /// What was typed into `field`, or nothing.
    pub fn get(&self, field: SpecificationField) -> &str {
        self.fields.get(&field).map_or("", String::as_str)
    }

    /// Keeps what was typed, unless it is too long or holds characters that nobody types.
    pub fn set(&mut self, field: SpecificationField, input: &str) -> Result<(), FieldProblem> {
        let input = keepable(field.code(), input, field.lines(), field.most())?;
        self.fields.insert(field, input);
        Ok(())
    }
}

/// Everything that was typed so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// What was typed; a missing field was never touched.
    #[serde(default)]
    pub fields: BTreeMap<Field, String>,
    /// The picture that was uploaded and re-encoded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<ImageId>,
    /// The specifications, in the order of the page.
    #[serde(default)]
    pub specifications: Vec<SpecificationDraft>,
    /// How often each part was saved: a section by its code, a specification by its id. Two windows on one part notice
    /// each other; two windows on two parts do not disturb each other.
    #[serde(default)]
    pub versions: BTreeMap<String, i64>,
}

/// Somebody saved the same part in the meantime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the draft was changed elsewhere")]
pub struct ChangedElsewhere;

impl Draft {
    /// The most specifications of one product.
    pub const MOST_SPECIFICATIONS: usize = 12;

    /// How often a part was saved.
    pub fn version_of(&self, part: &str) -> i64 {
        self.versions.get(part).copied().unwrap_or(0)
    }

    /// Counts one more saving of a part, unless it was saved since the caller looked at version `seen`. Who saw nothing
    /// asks nothing.
    pub fn count_saving(&mut self, part: &str, seen: Option<i64>) -> Result<i64, ChangedElsewhere> {
        let version = self.version_of(part);
        if seen.is_some_and(|seen| seen != version) {
            return Err(ChangedElsewhere);
        }
        self.versions.insert(part.to_owned(), version + 1);
        Ok(version + 1)
    }

    /// What was typed into `field`, or nothing.
    pub fn get(&self, field: Field) -> &str {
        self.fields.get(&field).map_or("", String::as_str)
    }

    /// Whether anything was typed in `section`.
    pub fn touched(&self, section: Section) -> bool {
        let typed = self.fields.iter().any(|(field, text)| field.section() == section && !text.trim().is_empty());
        typed
            || (section == Section::Basics && self.logo.is_some())
            || (section == Section::Specifications && !self.specifications.is_empty())
    }

    /// Keeps what was typed into fields of `section`. All of it or, with one bad field, nothing.
    pub fn set(&mut self, section: Section, inputs: &[(Field, String)]) -> Result<(), Problems> {
        let mut problems = Problems::new();
        let mut kept = Vec::with_capacity(inputs.len());
        for (field, input) in inputs {
            if field.section() != section {
                problems.add(FieldProblem::new(field.code(), "not_in_section").with("section", section.code()));
                continue;
            }
            let text = problems.take(keepable(field.code(), input, field.lines(), field.most()));
            kept.extend(text.map(|text| (*field, text)));
        }
        if !problems.none() {
            return Err(problems);
        }
        self.fields.extend(kept);
        Ok(())
    }

    /// The specification with the id.
    pub fn specification_mut(&mut self, id: SpecificationId) -> Option<&mut SpecificationDraft> {
        self.specifications.iter_mut().find(|specification| specification.id == id)
    }
}

/// What a draft keeps: as typed, with `\n` line ends; hard limits only.
fn keepable(field: &'static str, input: &str, lines: Lines, most: usize) -> Result<String, FieldProblem> {
    let text = input.replace("\r\n", "\n");
    let count = text.chars().count();
    if count > most {
        return Err(FieldProblem::new(field, "too_long").with("most", most).with("count", count));
    }
    let unwanted = |c: char| match c {
        '\n' | '\t' => lines == Lines::One,
        _ => c.is_control() || hidden_direction(c),
    };
    if text.chars().any(unwanted) {
        return Err(FieldProblem::new(field, "control_characters"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id as _;

    #[test]
    fn what_was_typed_is_kept_as_typed_even_when_it_is_wrong() {
        let mut draft = Draft::default();
        draft.set(Section::Basics, &[(Field::Version, " v0 ".to_owned())]).expect("a draft may be wrong");
        assert_eq!(draft.get(Field::Version), " v0 ");
        assert!(draft.touched(Section::Basics) && !draft.touched(Section::Details));
    }

    #[test]
    fn one_bad_field_keeps_the_whole_section_as_it_was() {
        let mut draft = Draft::default();
        let inputs =
            [(Field::NameEn, "fine".to_owned()), (Field::NameZh, "x".repeat(201)), (Field::GuideEn, "x".into())];
        let problems = draft.set(Section::Basics, &inputs).expect_err("two of three are bad");
        let codes: Vec<_> = problems.iter().map(|problem| (problem.field.as_ref(), problem.code)).collect();
        assert_eq!(codes, [("name_zh", "too_long"), ("guide_en", "not_in_section")]);
        assert_eq!(draft, Draft::default());
    }

    #[test]
    fn two_windows_on_one_section_notice_each_other_and_on_two_sections_do_not() {
        let mut draft = Draft::default();
        assert_eq!(draft.count_saving("basics", Some(0)), Ok(1));
        assert_eq!(draft.count_saving("details", Some(0)), Ok(1));
        assert_eq!(draft.count_saving("basics", Some(0)), Err(ChangedElsewhere));
        assert_eq!(draft.count_saving("basics", Some(1)), Ok(2));
        assert_eq!(draft.count_saving("basics", None), Ok(3));
    }

    #[test]
    fn a_draft_reads_back_and_unknown_fields_are_refused() {
        let mut draft = Draft::default();
        draft.specifications.push(SpecificationDraft::new(SpecificationId::from_u128(1)));
        draft.set(Section::Details, &[(Field::DescriptionZh, "备份".to_owned())]).expect("fine");
        let text = serde_json::to_string(&draft).expect("plain data");
        assert_eq!(serde_json::from_str::<Draft>(&text).ok(), Some(draft));
        assert!(serde_json::from_str::<Draft>(r#"{"fields":{"colour":"red"}}"#).is_err());
    }
}
