//! What every operation may refuse, added to the description: the statuses follow from the authorisation table and from
//! what an operation takes, so that no handler has to repeat them.

use http_kit::access::{Row, Who, rows};
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{Content, OpenApi, PathItem, Ref, RefOr, Required, Response};
use utoipa::{PartialSchema as _, ToSchema};

/// A refused request (RFC 9457, `application/problem+json`).
#[derive(ToSchema)]
#[expect(dead_code, reason = "only described here; http-kit writes it")]
pub(crate) struct Problem {
    /// Where the code is explained: `/api#problem-<code>`.
    r#type: String,
    /// The status in words.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What was refused; codes never change.
    code: String,
    /// The sentence for people, in the language of the request.
    detail: String,
    /// What the operator's log calls this request.
    request_id: String,
    /// What is wrong with which member, for `invalid_input`.
    errors: Option<Vec<MemberProblem>>,
}

/// What is wrong with one member of a body.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only described here; http-kit writes it")]
pub(crate) struct MemberProblem {
    /// The member, as a JSON Pointer in a fragment: `#/specifications/0/price`.
    pointer: String,
    /// What is wrong; codes never change.
    code: String,
    /// The sentence for people.
    detail: String,
}

const JSON: &str = "application/problem+json";

/// Adds the schema of problems, and to every operation what it may refuse.
pub(crate) fn document(whole: &mut OpenApi) {
    let components = whole.components.get_or_insert_with(Default::default);
    components.schemas.insert("Problem".to_owned(), Problem::schema());
    components.schemas.insert("MemberProblem".to_owned(), MemberProblem::schema());
    for (path, item) in &mut whole.paths.paths {
        for (method, operation) in operations(item) {
            let row = rows().find(|row| row.path == path && row.method == method);
            for (status, words) in refusals(row, operation) {
                add(operation, status, words);
            }
            finish(operation);
            if row.is_some_and(|row| row.who == Who::Anyone) {
                operation.security = Some(vec![SecurityRequirement::default()]);
            }
        }
    }
}

/// The operations of a path with their methods.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let all = [
        ("GET", item.get.as_mut()),
        ("POST", item.post.as_mut()),
        ("PUT", item.put.as_mut()),
        ("PATCH", item.patch.as_mut()),
        ("DELETE", item.delete.as_mut()),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation?)))
}

/// The statuses that follow from the row and from what the operation takes.
fn refusals(row: Option<&'static Row>, operation: &Operation) -> Vec<(u16, &'static str)> {
    let mut refusals = vec![(429, "Too often: `Retry-After` says when to come back.")];
    if let Some(Row { who: Who::May(_), .. }) = row {
        refusals.push((401, "Nobody is signed in, or the session or key is not valid any more."));
        refusals.push((403, "The role or the kind of organisation does not allow it, or the password is not fresh."));
    }
    if row.is_some_and(|row| row.path.contains('{')) {
        refusals.push((404, "There is no such thing, or it is not yours to see."));
    }
    if needs_key(operation) {
        refusals.push((
            400,
            "The header `Idempotency-Key` is missing (`idempotency_key_missing`), or the body is not JSON.",
        ));
    }
    if operation.request_body.is_some() {
        refusals.push((400, "The body is not JSON."));
        refusals.push((413, "The body is too large."));
        refusals.push((415, "The body is of another type."));
        refusals.push((422, "Members are unknown, missing or wrong, or a rule forbids it."));
    }
    let takes_parameters = operation.parameters.as_ref().is_some_and(|parameters| !parameters.is_empty());
    if takes_parameters && !refusals.iter().any(|(status, _)| *status == 422) {
        refusals.push((422, "A parameter is wrong, or a rule forbids it."));
    }
    refusals
}

/// Whether the operation cannot be sent without a key of the caller's own.
fn needs_key(operation: &Operation) -> bool {
    let mut parameters = operation.parameters.iter().flatten();
    parameters.any(|parameter| match parameter {
        RefOr::T(parameter) => parameter.name == "Idempotency-Key" && matches!(parameter.required, Required::True),
        RefOr::Ref(_) => false,
    })
}

/// What a handler named by its status alone gets words and the schema here.
fn finish(operation: &mut Operation) {
    let named: Vec<u16> = operation.responses.responses.keys().filter_map(|status| status.parse().ok()).collect();
    for status in named.into_iter().filter(|status| *status >= 400) {
        let words = match status {
            404 => "There is no such thing, or it is not yours to see.",
            409 => "The state of the thing does not allow it; `code` says why.",
            422 => "Members are unknown, missing or wrong, or a rule forbids it.",
            502 => "The seller's system did not answer as it should.",
            503 => "Not possible just now: `Retry-After` says when to try again.",
            _ => "Refused; `code` says why.",
        };
        add(operation, status, words);
    }
}

fn add(operation: &mut Operation, status: u16, words: &str) {
    let status = status.to_string();
    let described = operation.responses.responses.entry(status).or_insert_with(|| RefOr::T(Response::new(words)));
    if let RefOr::T(response) = described {
        if response.description.is_empty() {
            words.clone_into(&mut response.description);
        }
        let content = Content::new(Some(RefOr::Ref(Ref::from_schema_name("Problem"))));
        response.content.entry(JSON.to_owned()).or_insert_with(|| RefOr::T(content));
    }
}
