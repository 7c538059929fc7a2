//! The ways in which a seller can answer, each with a name and one line about it, and plans of when to use which. What each does to an
//! answer is in `distort`.

use koogallery::ResultCode;
use koogallery::v2::ActivityName;

macro_rules! behaviours {
    ($( $name:ident = $wire:literal, $about:literal; )*) => {
        /// One way to answer. The names are stable; most are the lies L-05 to L-40 of the reliability design.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum Behaviour {
            $( #[doc = $about] $name, )*
            /// Refuses with this result code. `refuse-000100` and the like.
            Refuse(ResultCode),
        }

        impl Behaviour {
            /// Every behaviour but `refuse-…`.
            pub const NAMED: &[Behaviour] = &[$( Behaviour::$name, )*];

            /// Reads a name; `refuse-` and six letters or digits gives [`Behaviour::Refuse`].
            pub fn parse(text: &str) -> Option<Behaviour> {
                match text {
                    $( $wire => Some(Behaviour::$name), )*
                    other => other.strip_prefix("refuse-").and_then(ResultCode::parse).map(Behaviour::Refuse),
                }
            }

            /// Its name.
            pub fn name(&self) -> String {
                match self {
                    $( Behaviour::$name => $wire.to_owned(), )*
                    Behaviour::Refuse(code) => format!("refuse-{code}"),
                }
            }

            /// What it does, in one line.
            pub fn about(&self) -> &'static str {
                match self {
                    $( Behaviour::$name => $about, )*
                    Behaviour::Refuse(_) => "Does nothing and answers this result code.",
                }
            }
        }
    };
}

behaviours! {
    Honest = "honest", "Answers truly and signs its answers.";
    // ---- Not reaching it ----
    Down = "down", "Takes the connection and closes it before reading anything.";
    Silent = "silent", "Takes the connection and never reads or writes.";
    Never = "never", "Reads the call and never answers; nothing is done.";
    LostAnswer = "lost-answer", "Does the work, then closes the connection without an answer.";
    Slow = "slow", "Does the work and answers after 6 seconds: later than advised, before the cut-off.";
    Late = "late", "Does the work at once and answers after 25 seconds: after the cut-off.";
    Drip = "drip", "Does the work and answers with one byte a second.";
    HeadersOnly = "headers-only", "Does the work, sends status and headers, and never a body.";
    BrokenBody = "broken-body", "Does the work, announces a body, sends half of it and closes the connection.";
    // ---- HTTP status ----
    Status500 = "status-500", "Does nothing and answers 500.";
    Status502 = "status-502", "Does nothing and answers 502, as a proxy in front does.";
    Status503 = "status-503", "Does nothing and answers 503 with Retry-After: 30.";
    Status504 = "status-504", "Does the work and answers 504, as an impatient proxy in front does.";
    Status429 = "status-429", "Does nothing and answers 429.";
    Status408 = "status-408", "Does nothing and answers 408.";
    Status401 = "status-401", "Does nothing and answers 401.";
    Status403 = "status-403", "Does nothing and answers 403.";
    Status404 = "status-404", "Does nothing and answers 404.";
    Redirect = "redirect", "Answers 301 to another path of its own, which would answer truly.";
    RedirectInside = "redirect-inside", "Answers 307 to 169.254.169.254, where clouds keep secrets.";
    // ---- Content ----
    Html = "html", "Does the work and answers with a page of HTML.";
    Empty = "empty", "Does the work and answers with no body.";
    TextPlain = "text-plain", "Does the work and calls its JSON text/plain.";
    WrongJson = "wrong-json", "Does the work and answers with JSON that stops in the middle.";
    NotUtf8 = "not-utf8", "Does the work and answers in another encoding.";
    ArrayBody = "array-body", "Does the work and answers with an array.";
    HugeBody = "huge-body", "Does the work and answers with 70,000 bytes of valid JSON.";
    EndlessBody = "endless-body", "Does the work and answers with a body that never ends.";
    DeepJson = "deep-json", "Does the work and answers with JSON nested 10,000 deep.";
    DuplicateMember = "duplicate-member", "Does the work and gives resultCode twice, first a failure, then success.";
    NanNumber = "nan", "Does the work and answers with the number NaN.";
    // ---- Signature ----
    Unsigned = "unsigned", "Does the work and leaves Body-Sign out.";
    WrongSignature = "wrong-signature", "Does the work and signs with another key.";
    OtherSignature = "other-signature", "Does the work and sends the right signature of another body.";
    MalformedSignature = "malformed-signature", "Does the work and sends Body-Sign without its quotes.";
    // ---- Members ----
    NoResultCode = "no-result-code", "Does the work and leaves resultCode out.";
    NumberResultCode = "number-result-code", "Does the work and answers resultCode as the number 0.";
    TooLong = "too-long", "Does the work and answers with a resultMsg of 300 characters and a userName of 200.";
    NoInstanceId = "no-instance-id", "Does the work and answers newInstance without instanceId.";
    NoFrontEndUrl = "no-front-end-url", "Does the work and answers queryInstance without frontEndUrl.";
    OtherInstance = "other-instance", "Answers newInstance and queryInstance with the instance of another order.";
    ChangedInstance = "changed-instance", "Answers every newInstance with a new instanceId, also for the same order.";
    LongInstanceId = "long-instance-id", "Answers newInstance with an instanceId of 10,000 characters.";
    MarkupInstanceId = "markup-instance-id", "Answers newInstance with HTML and SQL as instanceId.";
    BidiInstanceId = "bidi-instance-id", "Answers newInstance with an instanceId that holds a right-to-left mark.";
    JavascriptUrl = "javascript-url", "Answers queryInstance with a javascript: address.";
    DataUrl = "data-url", "Answers queryInstance with a data: address.";
    InsideUrl = "inside-url", "Answers queryInstance with an address inside a private network.";
    // ---- Over time ----
    Asynchronous = "async", "Answers newInstance with 000004; the third queryInstance finds the instance ready.";
    AsynchronousForever = "async-forever", "Answers newInstance and every queryInstance with 000004.";
    AsynchronousNameless = "async-without-id", "Answers newInstance with 000004 and no instanceId.";
    Flickering = "flickering", "Answers every second queryInstance with 000003, as if the instance were gone.";
    Denying = "denying", "Creates truly; later calls answer 000003, as if the instance had never been.";
    RefusesRepeat = "refuses-repeat", "Creates truly; refuses the same order with 000103 and without a name when it comes again.";
    EmptyInfo = "empty-info", "Answers queryInstance with success and no info.";
}

/// Every behaviour with its name and one line about it, for `--help` and documentation.
pub fn behaviours() -> Vec<(String, &'static str)> {
    let refuse = ("refuse-XXXXXX".to_owned(), "Does nothing and answers this result code, e.g. refuse-000100.");
    Behaviour::NAMED.iter().map(|behaviour| (behaviour.name(), behaviour.about())).chain([refuse]).collect()
}

/// One line of a plan: `[activity:]behaviour[*times]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Only for this call; none means every call.
    pub activity: Option<ActivityName>,
    /// How to answer.
    pub behaviour: Behaviour,
    /// For so many calls; none means from now on.
    pub times_left: Option<u32>,
}

/// How to behave when. The first rule that fits a call counts; where none fits, the seller is honest.
///
/// ```
/// use conformance::seller::{Behaviour, Plan};
/// use koogallery::v2::ActivityName;
///
/// let mut plan: Plan = "newInstance:status-503*2, queryInstance:flickering".parse().expect("known names");
/// assert_eq!(plan.take(ActivityName::NewInstance), Behaviour::Status503);
/// assert_eq!(plan.take(ActivityName::NewInstance), Behaviour::Status503);
/// assert_eq!(plan.take(ActivityName::NewInstance), Behaviour::Honest);
/// assert_eq!(plan.take(ActivityName::QueryInstance), Behaviour::Flickering);
/// assert!("newInstance:grumpy".parse::<Plan>().is_err());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan(Vec<Rule>);

/// Why a text is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// No such behaviour.
    #[error("there is no behaviour {0:?}; `souk seller --list-behaviours` names them all")]
    UnknownBehaviour(String),
    /// No such call.
    #[error("there is no activity {0:?}")]
    UnknownActivity(String),
    /// Not a number after `*`.
    #[error("{0:?} is no number of times")]
    NotANumber(String),
}

impl Plan {
    /// The same behaviour for every call.
    pub fn always(behaviour: Behaviour) -> Plan {
        Plan(vec![Rule { activity: None, behaviour, times_left: None }])
    }

    /// Reads rules separated by commas, blanks or line breaks.
    pub fn parse(text: &str) -> Result<Plan, PlanError> {
        let words = text.split([',', ' ', '\n', '\r', '\t']).filter(|word| !word.is_empty());
        words.map(Rule::parse).collect::<Result<_, _>>().map(Plan)
    }

    /// The behaviour for this call, counting it.
    pub fn take(&mut self, activity: ActivityName) -> Behaviour {
        self.take_where(|rule| rule.activity.is_none_or(|only| only == activity))
    }

    /// The behaviour for a call that no rule can name, counting it: only rules for every call hold.
    pub(crate) fn take_for_any(&mut self) -> Behaviour {
        self.take_where(|rule| rule.activity.is_none())
    }

    /// The behaviour for a connection, before anything is known about the call; only `down` and `silent` act so early.
    pub(crate) fn take_for_connection(&mut self) -> Option<Behaviour> {
        let early =
            |rule: &Rule| rule.activity.is_none() && matches!(rule.behaviour, Behaviour::Down | Behaviour::Silent);
        let fits = self.0.iter().find(|rule| rule.times_left != Some(0)).is_some_and(early);
        fits.then(|| self.take_where(early))
    }

    fn take_where(&mut self, fits: impl Fn(&Rule) -> bool) -> Behaviour {
        let Some(rule) = self.0.iter_mut().find(|rule| rule.times_left != Some(0) && fits(rule)) else {
            return Behaviour::Honest;
        };
        rule.times_left = rule.times_left.map(|left| left.saturating_sub(1));
        rule.behaviour.clone()
    }
}

impl std::str::FromStr for Plan {
    type Err = PlanError;
    fn from_str(text: &str) -> Result<Plan, PlanError> {
        Plan::parse(text)
    }
}

impl Rule {
    fn parse(word: &str) -> Result<Rule, PlanError> {
        let (activity, rest) = match word.split_once(':') {
            Some((name, rest)) => {
                let known = ActivityName::parse(name).ok_or_else(|| PlanError::UnknownActivity(name.to_owned()))?;
                (Some(known), rest)
            }
            None => (None, word),
        };
        let (name, times) = match rest.split_once('*') {
            Some((name, times)) => (name, Some(times.parse().map_err(|_| PlanError::NotANumber(times.to_owned()))?)),
            None => (rest, None),
        };
        let behaviour = Behaviour::parse(name).ok_or_else(|| PlanError::UnknownBehaviour(name.to_owned()))?;
        Ok(Rule { activity, behaviour, times_left: times })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_behaviour_is_found_by_its_name_and_says_what_it_does() {
        for behaviour in Behaviour::NAMED {
            assert_eq!(Behaviour::parse(&behaviour.name()).as_ref(), Some(behaviour));
            assert!(behaviour.about().ends_with('.'), "{}", behaviour.name());
        }
        assert_eq!(Behaviour::parse("refuse-000106"), Some(Behaviour::Refuse(ResultCode::SoldOut)));
        assert_eq!(Behaviour::parse("refuse-1"), None);
    }

    #[test]
    fn a_refused_connection_is_counted_once() {
        let mut plan = Plan::parse("down*1 status-500*1").expect("known names");
        assert_eq!(plan.take_for_connection(), Some(Behaviour::Down));
        assert_eq!(plan.take_for_connection(), None);
        assert_eq!(plan.take(ActivityName::NewInstance), Behaviour::Status500);
        assert_eq!(plan.take(ActivityName::NewInstance), Behaviour::Honest);
    }

    #[test]
    fn what_is_wrong_with_a_plan_is_named() {
        assert_eq!(Plan::parse("grumpy"), Err(PlanError::UnknownBehaviour("grumpy".into())));
        assert_eq!(Plan::parse("make:honest"), Err(PlanError::UnknownActivity("make".into())));
        assert_eq!(Plan::parse("slow*x"), Err(PlanError::NotANumber("x".into())));
    }
}
