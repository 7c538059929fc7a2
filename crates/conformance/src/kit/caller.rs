//! Sends one call after another and keeps the time: no call longer than its limit, no run longer than its own.

use std::time::Instant;

use koogallery::v2::{BodyEnd, Reply, TransportFailure};
use koogallery::{Nonce, UtcSecond};
use outbound::GuardedClient;
use ports::{CONNECT_LIMIT_MS, FailureClass, LinkFailure, Method, OutgoingCall, SellerAnswer, SellerLink as _};

use super::{Finding, KitCode, Setup, unreached};
use crate::seller::SellerWorld;

/// So many calls in a row without an answer in time, and nobody is waited for any more.
const SILENT_LIMIT: u32 = 2;

/// So much of an answer is shown, in characters.
const SHOWN: usize = 600;

/// Speaks to the address.
pub(super) struct Caller<'a> {
    pub(super) setup: &'a Setup,
    pub(super) client: &'a GuardedClient,
    world: &'a dyn SellerWorld,
    started: Instant,
    silent: u32,
}

/// A call to be sent.
pub(super) struct Request {
    pub(super) method: Method,
    pub(super) url: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

/// What came of it.
pub(super) struct Heard {
    pub(super) reply: Reply,
    /// A redirect was seen; the client does not say to where.
    pub(super) redirected: bool,
    pub(super) unreached: bool,
    pub(super) elapsed_ms: u64,
    pub(super) sent: String,
    pub(super) received: String,
    /// Our clock less the one in the header `Date`, in seconds.
    pub(super) clock_difference_s: Option<i64>,
}

impl<'a> Caller<'a> {
    pub(super) fn new(setup: &'a Setup, client: &'a GuardedClient, world: &'a dyn SellerWorld) -> Caller<'a> {
        Caller { setup, client, world, started: Instant::now(), silent: 0 }
    }

    pub(super) fn now_ms(&self) -> i64 {
        self.world.now_ms()
    }

    /// `yyyyMMddHHmmss` of a time.
    pub(super) fn second(at_ms: i64) -> String {
        UtcSecond::from_unix_ms(at_ms).map(|second| second.to_string()).unwrap_or_default()
    }

    pub(super) fn nonce(&self) -> Nonce {
        let mut bytes = [0; 32];
        self.world.fill_random(&mut bytes);
        Nonce::from_random(bytes)
    }

    /// Upper-case letters and digits that nobody used before.
    pub(super) fn word(&self, length: usize) -> String {
        self.nonce().as_str().chars().take(length).collect()
    }

    /// Waits between two queries, unless the run's time is over.
    pub(super) async fn pause(&self) {
        if self.left_ms() > self.setup.limits.query_pause_ms {
            self.world.pause(self.setup.limits.query_pause_ms).await;
        }
    }

    fn left_ms(&self) -> u64 {
        let passed = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.setup.limits.total_ms.saturating_sub(passed)
    }

    /// Sends a call, or says why it is not tried any more.
    pub(super) async fn send(&mut self, request: Request) -> Result<Heard, Finding> {
        if self.silent >= SILENT_LIMIT {
            return Err(Finding::kit(KitCode::SkippedNoAnswer, []));
        }
        let limit = (self.setup.limits.total_ms / 1000).to_string();
        let time_over = || Finding::kit(KitCode::SkippedTimeOver, [("limit_s", limit)]);
        let deadline_ms = self.setup.limits.call_ms.min(self.left_ms());
        if deadline_ms == 0 {
            return Err(time_over());
        }
        let sent = sent_text(&request);
        let Request { method, url, headers, body } = request;
        let call = OutgoingCall { method, url, headers, body: body.into_bytes(), deadline_ms };
        let answer = self.client.send(call).await;
        let silent = matches!(&answer, Err(failure) if failure.class == FailureClass::TimedOut);
        // Not the system's fault: it was not given its whole time.
        if silent && deadline_ms < self.setup.limits.call_ms {
            return Err(time_over());
        }
        self.silent = if silent { self.silent + 1 } else { 0 };
        Ok(self.heard(sent, answer))
    }

    fn heard(&self, sent: String, answer: Result<SellerAnswer, LinkFailure>) -> Heard {
        match answer {
            Ok(answer) => Heard {
                received: received_text(&answer),
                clock_difference_s: self.clock_difference_s(&answer),
                redirected: false,
                unreached: false,
                elapsed_ms: answer.elapsed_ms,
                sent,
                reply: Reply::Heard {
                    status: answer.status,
                    headers: answer.headers,
                    body: answer.body,
                    body_end: BodyEnd::Complete,
                    elapsed_ms: answer.elapsed_ms,
                },
            },
            Err(failure) => Heard {
                reply: failed(&failure),
                redirected: matches!(failure.class, FailureClass::Redirected | FailureClass::RedirectedInside),
                unreached: unreached(failure.class),
                elapsed_ms: failure.elapsed_ms,
                sent,
                received: String::new(),
                clock_difference_s: None,
            },
        }
    }

    fn clock_difference_s(&self, answer: &SellerAnswer) -> Option<i64> {
        let (_, date) = answer.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("date"))?;
        let theirs = jiff::fmt::rfc2822::parse(date).ok()?.timestamp().as_second();
        Some(self.world.now_ms() / 1000 - theirs)
    }
}

/// What `koogallery` examines of a call without a whole answer.
pub(super) fn failed(failure: &LinkFailure) -> Reply {
    Reply::Failed(match failure.class {
        FailureClass::RefusedByPolicy => TransportFailure::AddressRefused,
        FailureClass::NameNotResolved => TransportFailure::NameNotFound,
        FailureClass::ConnectFailed => TransportFailure::ConnectionRefused,
        FailureClass::ConnectTimedOut => TransportFailure::ConnectTimedOut { limit_ms: CONNECT_LIMIT_MS },
        FailureClass::TlsFailed => TransportFailure::Tls { reason: failure.detail.clone() },
        FailureClass::TimedOut => TransportFailure::TimedOut,
        FailureClass::Broken => TransportFailure::ConnectionBroken,
        FailureClass::TooLarge | FailureClass::Redirected | FailureClass::RedirectedInside => {
            return Reply::Heard {
                status: if failure.class == FailureClass::TooLarge { 200 } else { 302 },
                headers: vec![("content-type".to_owned(), "application/json".to_owned())],
                body: Vec::new(),
                body_end: if failure.class == FailureClass::TooLarge { BodyEnd::CutAtLimit } else { BodyEnd::Complete },
                elapsed_ms: failure.elapsed_ms,
            };
        }
    })
}

fn sent_text(request: &Request) -> String {
    match request.method {
        Method::Get => format!("GET {}", request.url),
        Method::Post => format!("POST {}\n{}", request.url, request.body),
    }
}

/// Status, kind and the beginning of the body, on a terminal's terms and without passwords.
fn received_text(answer: &SellerAnswer) -> String {
    let kind = answer.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let kind = kind.map_or("no Content-Type", |(_, value)| value.as_str());
    let body = String::from_utf8_lossy(&answer.body);
    let text = format!("HTTP {}, {kind}\n{}", answer.status, without_passwords(&body));
    let mut shown: String =
        text.chars().take(SHOWN).map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push_str(" …");
    }
    shown.trim_end().to_owned()
}

/// The values of members called `password` are nobody's business, also those of debugging accounts.
fn without_passwords(body: &str) -> String {
    let mut out = String::new();
    let mut rest = body;
    while let Some((before, after)) = rest.split_once("\"password\"") {
        out.push_str(before);
        out.push_str("\"password\"");
        let Some((space, value)) = after.split_once('"') else {
            rest = after;
            continue;
        };
        if space.chars().any(|c| !c.is_whitespace() && c != ':') {
            rest = after;
            continue;
        }
        out.push_str(space);
        out.push_str("\"••••\"");
        let mut escaped = false;
        let end = value.char_indices().find(|(_, c)| {
            let ends = *c == '"' && !escaped;
            escaped = *c == '\\' && !escaped;
            ends
        });
        rest = end.map_or("", |(at, _)| value.split_at(at + 1).1);
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_shown_whatever_is_in_them() {
        let shown = without_passwords(r#"{"password" : "a\"b\\","userName":"u","x":{"password":"c"},"y":"password"}"#);
        assert_eq!(shown, r#"{"password" : "••••","userName":"u","x":{"password":"••••"},"y":"password"}"#);
        assert_eq!(without_passwords(r#"{"password":"cut"#), r#"{"password":"••••""#);
        assert_eq!(without_passwords(r#"{"password":null,"a":"b"}"#), r#"{"password":null,"a":"b"}"#);
    }
}
