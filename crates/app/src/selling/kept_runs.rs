//! What is kept of a run of the debugger whose `authToken` has no end: the token lies sealed, apart from the text that
//! shows it. Who may see the seller's key reads the whole; everybody else reads everything but the token.

use domain::identity::{Actor, Permission};
use domain::selling::{DebugRun, SentRequest, Signing};
use koogallery::joint_operations::TOKEN_HEADER;
use store::Place;

use super::wire::{STRUCK, STRUCK_HEADER, without_token};
use crate::App;

/// The run as it is stored.
pub(super) fn to_be_kept(app: &App, run: &DebugRun) -> DebugRun {
    let mut kept = run.clone();
    let id = kept.id.to_string();
    let request = &mut kept.exchange.request;
    if let Signing::Token(steps) = &mut request.signing {
        steps.auth_token = app.vault.seal(place(&id), &steps.auth_token);
        strike(request);
    }
    kept
}

/// The stored run as `actor` may read it.
pub(super) fn opened(app: &App, actor: &Actor, mut run: DebugRun) -> DebugRun {
    let id = run.id.to_string();
    let request = &mut run.exchange.request;
    if let Signing::Token(steps) = &mut request.signing {
        let token = app.vault.open(place(&id), &steps.auth_token).ok();
        match token.filter(|_| actor.may(Permission::ManageInterfaces)) {
            Some(token) => {
                let sent = token.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
                steps.auth_token = token.clone();
                for text in texts(request) {
                    *text = text.replacen(STRUCK, &format!("authToken={sent}"), 1);
                    *text = text.replacen(STRUCK_HEADER, &format!("authToken: {token}"), 1);
                }
                headers(request).for_each(|value| value.clone_from(&token));
            }
            None => {
                steps.auth_token = "••••••".to_owned();
                strike(request);
            }
        }
    }
    run
}

fn strike(request: &mut SentRequest) {
    for text in texts(request) {
        *text = without_token(text);
    }
    headers(request).for_each(|value| *value = "••••••".to_owned());
}

/// Where the token is a header, as in the joint-operations calls.
fn headers(request: &mut SentRequest) -> impl Iterator<Item = &mut String> {
    request.headers.iter_mut().filter(|(name, _)| name == TOKEN_HEADER).map(|(_, value)| value)
}

/// Where the token stands, as it travels.
fn texts(request: &mut SentRequest) -> [&mut String; 3] {
    [&mut request.url, &mut request.wire_text, &mut request.curl]
}

fn place(row: &str) -> Place<'_> {
    Place { table: "debug_runs", column: "exchange", row }
}
