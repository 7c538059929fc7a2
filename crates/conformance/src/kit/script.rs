//! What the scripts of both versions have in common: a case for each call, when to go on, what counts as refused. Which calls are made is
//! in [`super::v2`] and [`super::v1`].

use koogallery::v2::{Answer, Examined, Reply, TransportFailure};
use koogallery::{Check, CheckCode, InstanceId, ResultCode};
use outbound::{Authority, Expiry};

use super::caller::{Caller, Heard, Request, failed};
use super::{Case, Finding, KitCode, Outcome, Reached, Trial, unreached};

/// A clock further off than this is worth a word, in seconds.
const CLOCK_TOLERANCE_S: u64 = 10;

/// A run in the making.
pub(super) struct Script<'a> {
    pub(super) caller: Caller<'a>,
    cases: Vec<Case>,
    /// Why nothing more is tried.
    stop: Option<Finding>,
    /// Was the address reached? Decided by the first connection and the first call.
    pub(super) reached: Reached,
    called: bool,
    /// Has a good call ever been answered with a result code?
    result_heard: bool,
    clock_said: bool,
}

/// What a call that must be refused is refused with, and what is said of it.
pub(super) struct Refusal<'f> {
    /// Documented codes, the best first.
    pub(super) codes: Vec<ResultCode>,
    /// Said when it was refused.
    pub(super) refused: KitCode,
    /// Said when it was obeyed.
    pub(super) taken: &'f dyn Fn(&Examined) -> Finding,
}

impl<'a> Script<'a> {
    pub(super) fn new(caller: Caller<'a>) -> Script<'a> {
        let (reached, called, result_heard, clock_said) = (Reached::No, false, false, false);
        Script { caller, cases: Vec::new(), stop: None, reached, called, result_heard, clock_said }
    }

    pub(super) fn into_cases(self) -> Vec<Case> {
        self.cases
    }

    /// Nothing more is tried, for this reason.
    pub(super) fn stop(&mut self, reason: KitCode) {
        self.stop.get_or_insert_with(|| Finding::kit(reason, []));
    }

    /// Adds to the last case.
    pub(super) fn add(&mut self, finding: Finding) {
        if let Some(case) = self.cases.last_mut() {
            case.findings.push(finding);
        }
    }

    /// Connects once, looks at TLS and certificate, and hangs up.
    pub(super) async fn connect(&mut self) {
        let looked = self.caller.client.look_at_tls(&self.caller.setup.address).await;
        let (reached, findings) = match looked {
            Ok(None) => (Reached::Yes, vec![said(KitCode::AddressOpen), said(KitCode::TlsAbsent)]),
            Ok(Some(facts)) => {
                let version = ("version", facts.version.to_owned());
                let mut findings = vec![said(KitCode::AddressOpen), Finding::kit(KitCode::TlsGood, [version])];
                findings.extend((facts.expiry == Expiry::Soon).then(|| said(KitCode::CertificateEndsSoon)));
                let own = facts.authority == Authority::GivenByHand;
                findings.extend(own.then(|| said(KitCode::CertificateOfOwnAuthority)));
                (Reached::Yes, findings)
            }
            Err(failure) => {
                self.stop(KitCode::SkippedNotReached);
                let reached = if unreached(failure.class) { Reached::No } else { Reached::Yes };
                (reached, vec![Finding::Answer(check_of(&failed(&failure)))])
            }
        };
        let (activity, trial) = ("connection".to_owned(), Trial::Connection);
        let (sent, received) = (String::new(), String::new());
        self.cases.push(Case { activity, trial, elapsed_ms: 0, findings, sent, received });
        self.reached = reached;
    }

    /// A call that must succeed. `None` if it was not tried.
    pub(super) async fn good(
        &mut self,
        activity: &str,
        trial: Trial,
        request: Request,
        examine: impl Fn(&Reply) -> Examined,
    ) -> Option<Examined> {
        let heard = self.send(activity, trial, request).await?;
        let examined = examine(&heard.reply);
        self.result_heard |= examined.result.is_some();
        let mut findings = all(&heard, &examined);
        if let Some(difference) = heard.clock_difference_s.filter(|_| !self.clock_said) {
            self.clock_said = true;
            let agrees = difference.unsigned_abs() <= CLOCK_TOLERANCE_S;
            let code = if agrees { KitCode::ClocksAgree } else { KitCode::ClocksDiffer };
            findings.push(Finding::kit(code, [("difference_s", difference.to_string())]));
        }
        self.push(activity, trial, heard, findings);
        Some(examined)
    }

    /// A call that must be refused.
    pub(super) async fn hostile(
        &mut self,
        activity: &str,
        trial: Trial,
        request: Request,
        examine: impl Fn(&Reply) -> Examined,
        refusal: Refusal<'_>,
    ) {
        if let Some(heard) = self.send_unusual(activity, trial, request).await {
            let findings = judge_refusal(&heard, &examine(&heard.reply), &refusal);
            self.push(activity, trial, heard, findings);
        }
    }

    /// A call that is unusual and must be obeyed all the same. The code it was refused with, if it was.
    pub(super) async fn unusual(
        &mut self,
        activity: &str,
        trial: Trial,
        request: Request,
        examine: impl Fn(&Reply) -> Examined,
        (taken, refused): (KitCode, &dyn Fn(String) -> Finding),
    ) -> Option<ResultCode> {
        let heard = self.send_unusual(activity, trial, request).await?;
        let examined = examine(&heard.reply);
        let (findings, code) = match examined.result.clone() {
            Some(code) if obeyed(&code) => (with(all(&heard, &examined), said(taken)), None),
            Some(code) => (with(without_result(&heard, &examined), refused(code.to_string())), Some(code)),
            None => (all(&heard, &examined), None),
        };
        self.push(activity, trial, heard, findings);
        code
    }

    /// Sends a question that is no case of its own. `None` if it was not tried.
    pub(super) async fn ask(&mut self, request: Request) -> Option<Heard> {
        if self.stop.is_some() {
            return None;
        }
        self.caller.send(request).await.ok()
    }

    /// Notes a case that is not tried.
    pub(super) fn skip(&mut self, activity: &str, trial: Trial, finding: Finding) {
        let (sent, received) = (String::new(), String::new());
        let activity = activity.to_owned();
        self.cases.push(Case { activity, trial, elapsed_ms: 0, findings: vec![finding], sent, received });
    }

    async fn send(&mut self, activity: &str, trial: Trial, request: Request) -> Option<Heard> {
        if let Some(stop) = self.stop.clone() {
            self.skip(activity, trial, stop);
            return None;
        }
        match self.caller.send(request).await {
            Ok(heard) => Some(heard),
            Err(skipped) => {
                self.skip(activity, trial, skipped);
                None
            }
        }
    }

    /// As `send`, unless good calls are not even answered: then a refusal would tell nothing.
    async fn send_unusual(&mut self, activity: &str, trial: Trial, request: Request) -> Option<Heard> {
        if self.stop.is_none() && !self.result_heard {
            self.skip(activity, trial, said(KitCode::SkippedNoResult));
            return None;
        }
        self.send(activity, trial, request).await
    }

    fn push(&mut self, activity: &str, trial: Trial, heard: Heard, findings: Vec<Finding>) {
        if heard.unreached {
            self.stop(KitCode::SkippedNotReached);
            // A server that takes a connection and drops it unread is as good as none.
            if !self.called {
                self.reached = Reached::No;
            }
        }
        self.called = true;
        let Heard { elapsed_ms, sent, received, .. } = heard;
        self.cases.push(Case { activity: activity.to_owned(), trial, elapsed_ms, findings, sent, received });
    }
}

/// The instance that an order was answered with, also by an answer in which something else is wrong: the other calls are about it.
pub(super) fn instance_of(examined: Option<&Examined>) -> Option<InstanceId> {
    let named = examined?.checks.iter().find(|check| check.code() == CheckCode::InstanceIdPresent)?;
    InstanceId::parse(named.args().get("found")?).ok()
}

/// What the second of two equal calls shows.
pub(super) fn say_of_repeat(
    script: &mut Script<'_>,
    first: Option<&Examined>,
    second: Option<&Examined>,
    well: KitCode,
) {
    if !succeeded(first) || second.is_none() {
        return;
    }
    let refused = second.and_then(|examined| examined.result.as_ref()).is_some_and(|code| !obeyed(code));
    if succeeded(second) {
        script.add(said(well));
    } else if refused {
        script.add(said(KitCode::RepeatRefused));
    }
}

/// What the instances of two orders show. One for both is a failure also in debugging (seller-protocol 3.1): nothing else that the kit
/// sends would show it.
pub(super) fn say_of_other_order(script: &mut Script<'_>, first: Option<&InstanceId>, other: Option<&Examined>) {
    match (first, instance_of(other)) {
        (Some(first), Some(second)) if *first == second => {
            let found = ("found", second.to_string());
            script.add(Finding::Answer(Check::new(CheckCode::InstanceIdTaken, [found])));
        }
        (Some(_), Some(_)) => script.add(said(KitCode::InstancesDiffer)),
        (None, _) | (_, None) => {}
    }
}

/// What a success says about a query for an instance that does not exist.
pub(super) fn answered_for_nobody(examined: &Examined) -> Finding {
    match &examined.answer {
        Some(Answer::Described(entries)) if entries.is_empty() => said(KitCode::UnknownInstanceEmpty),
        Some(Answer::Described(_) | Answer::Created(_) | Answer::Delivered(_) | Answer::Done) | None => {
            said(KitCode::UnknownInstanceTaken)
        }
    }
}

pub(super) fn said(code: KitCode) -> Finding {
    Finding::kit(code, [])
}

fn with(mut findings: Vec<Finding>, one_more: Finding) -> Vec<Finding> {
    findings.push(one_more);
    findings
}

/// Does this code say that the call was obeyed?
pub(super) fn obeyed(code: &ResultCode) -> bool {
    matches!(code, ResultCode::Success | ResultCode::InProgress)
}

/// Every check of an answer. Of a redirect the client keeps only that it was one.
fn all(heard: &Heard, examined: &Examined) -> Vec<Finding> {
    let redirected = || Check::new(CheckCode::Redirected, [("status", "3xx".to_owned())]);
    let checks = examined.checks.iter().map(|check| match check.code() {
        CheckCode::Redirected if heard.redirected => redirected(),
        _ => check.clone(),
    });
    checks.map(Finding::Answer).collect()
}

/// The checks of an answer but those about its result, which is judged otherwise here.
fn without_result(heard: &Heard, examined: &Examined) -> Vec<Finding> {
    let about_result = |code: CheckCode| {
        matches!(
            code,
            CheckCode::ResultRefused
                | CheckCode::ResultNotAuthenticated
                | CheckCode::ResultTokenRefused
                | CheckCode::ResultPending
                | CheckCode::ResultSuccess
                | CheckCode::ResultInProgress
                | CheckCode::ResultInProgressAgain
        )
    };
    let kept = |finding: &Finding| !matches!(finding, Finding::Answer(check) if about_result(check.code()));
    all(heard, examined).into_iter().filter(kept).collect()
}

fn judge_refusal(heard: &Heard, examined: &Examined, refusal: &Refusal<'_>) -> Vec<Finding> {
    let expected = refusal.codes.first().map(ResultCode::to_string).unwrap_or_default();
    match &examined.result {
        Some(code) if obeyed(code) => with(without_result(heard, examined), (refusal.taken)(examined)),
        Some(code) => {
            let mut findings = with(without_result(heard, examined), said(refusal.refused));
            if !refusal.codes.contains(code) {
                let args = [("found", code.to_string()), ("expected", expected)];
                findings.push(Finding::kit(KitCode::OtherCode, args));
            }
            findings
        }
        None => match &heard.reply {
            Reply::Heard { status: status @ 400..=499, .. } => {
                let args = [("status", status.to_string()), ("expected", expected)];
                vec![said(refusal.refused), Finding::kit(KitCode::RefusedByStatus, args)]
            }
            Reply::Heard { .. } | Reply::Failed(_) => {
                with(all(heard, examined), Finding::kit(KitCode::RefusalBroken, [("expected", expected)]))
            }
        },
    }
}

/// The one finding about a connection that did not come about.
fn check_of(reply: &Reply) -> Check {
    match reply {
        Reply::Failed(TransportFailure::NameNotFound) => Check::new(CheckCode::NameNotFound, []),
        Reply::Failed(TransportFailure::Tls { reason }) => {
            Check::new(CheckCode::TlsFailed, [("reason", reason.clone())])
        }
        Reply::Failed(TransportFailure::AddressRefused) => Check::new(CheckCode::AddressRefused, []),
        Reply::Failed(TransportFailure::ConnectTimedOut { limit_ms }) => {
            Check::new(CheckCode::ConnectTimedOut, [("limit_ms", limit_ms.to_string())])
        }
        Reply::Failed(
            TransportFailure::ConnectionRefused | TransportFailure::TimedOut | TransportFailure::ConnectionBroken,
        )
        | Reply::Heard { .. } => Check::new(CheckCode::ConnectionRefused, []),
    }
}

/// Did the call succeed, with every check of its answer?
pub(super) fn succeeded(examined: Option<&Examined>) -> bool {
    examined.is_some_and(|examined| Outcome::from(examined.outcome()) != Outcome::Fail)
}
