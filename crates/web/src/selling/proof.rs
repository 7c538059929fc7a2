//! Proof of the domain on the page of an address: the file, its text, whether it was found, and the button that looks.

use app::App;
use app::selling::prove_domain::{ProofView, domain_proof};
use askama::Template;
use askama::filters::HtmlSafe;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::identity::Actor;
use domain::ids::InterfaceAddressId;
use domain::selling::DomainProofRule;
use http_kit::{At, Failure, SignedIn, Visit};
use language::Words;

use super::address;
use super::dial_tests::May;
use crate::form::Form;
use crate::frame::PageFrame;
use crate::parts::{Copy, Notice, Status, Tone};
use crate::render;

/// The section of the address page.
#[derive(Clone, Debug, Template)]
#[template(path = "selling/domain.html")]
pub struct DomainSection {
    words: &'static Words,
    /// The address.
    id: String,
    /// Proven or not.
    status: Status,
    /// What is proven, and since when.
    origin: String,
    since: Option<String>,
    /// Whether it matters here.
    lead: &'static str,
    /// What is left to do, while nothing is proven.
    task: Option<Task>,
    /// Whether the person may have it looked at.
    runs: bool,
}

/// The file that is to be put there.
#[derive(Clone, Debug)]
struct Task {
    url: String,
    file_name: String,
    text: String,
    problem: Option<Notice>,
}

impl HtmlSafe for DomainSection {}

impl DomainSection {
    fn new(words: &'static Words, id: InterfaceAddressId, view: &ProofView, may: May) -> DomainSection {
        let proof = &view.proof;
        let status = match proof.proven_at {
            Some(_) => Status::good(words.proof_proven()),
            None => Status::warn(words.proof_unproven()),
        };
        let problem = proof.last_failure.map(|(failure, at)| {
            let said = words.by_code("proof-failure", failure.code(), &[]).unwrap_or_default();
            Notice::new(Tone::Bad, words.proof_failed(words.date_time(at))).detail(said)
        });
        let task = Task { url: view.url(), file_name: view.file_name.clone(), text: view.text.clone(), problem };
        DomainSection {
            words,
            id: id.to_string(),
            status,
            origin: proof.origin.clone(),
            since: proof.proven_at.map(|at| words.proof_proven_at(words.date(at))),
            lead: match view.rule {
                DomainProofRule::Asked => words.proof_lead(),
                DomainProofRule::NotAsked => words.proof_lead_not_asked(),
            },
            task: proof.proven_at.is_none().then_some(task),
            runs: may == May::Run,
        }
    }

    fn copy(&self, text: &str) -> Copy {
        Copy::new(text, self.words.proof_copy())
    }
}

/// The section for a person who looks at the address; none when the address may not be called any more.
pub(super) async fn section(
    app: &App,
    actor: &Actor,
    words: &'static Words,
    id: InterfaceAddressId,
) -> Result<Option<DomainSection>, Failure> {
    match domain_proof(app, actor, id).await {
        Ok(view) => Ok(Some(DomainSection::new(words, id, &view, May::of(actor)))),
        Err(app::AppError::Refused(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// `POST /seller/addresses/{id}/prove`.
pub(super) async fn prove(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    At(id): At<InterfaceAddressId>,
) -> Result<Response, Failure> {
    match app.prove_domain(&actor, id).await {
        Ok(view) => {
            let said = if view.proof.proven_at.is_some() { "proven" } else { "unproven" };
            Ok(render::see_other(&format!("/seller/addresses/{id}?said={said}#domain")))
        }
        Err(error) => {
            let frame = PageFrame::of(&visit);
            let form = Form::new(frame.words);
            address::again(&app, &actor, frame, id, form, error).await
        }
    }
}

/// `GET /seller/addresses/{id}/proof-file`: the file, to be put at the root of the site.
pub(super) async fn file(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(id): At<InterfaceAddressId>,
) -> Result<Response, Failure> {
    let view = domain_proof(&app, &actor, id).await?;
    let mut response = format!("{}\n", view.text).into_response();
    let disposition = format!("attachment; filename=\"{}\"", view.file_name);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.extend(HeaderValue::from_str(&disposition).ok().map(|value| (header::CONTENT_DISPOSITION, value)));
    Ok(response)
}

#[cfg(test)]
pub(super) fn sample_sections(words: &'static Words) -> Vec<Option<DomainSection>> {
    use domain::ids::{Id as _, OrganisationId};
    use domain::selling::{DomainProof, ProofFailure};
    use domain::time::Timestamp;
    let at = Timestamp::UNIX_EPOCH;
    let view = |proven_at, last_failure, rule| ProofView {
        proof: DomainProof {
            seller: OrganisationId::from_u128(1),
            origin: "https://saas.example.com".to_owned(),
            proven_at,
            last_failure,
        },
        rule,
        file_name: "souk-verification-0a1b.txt".to_owned(),
        text: "0a1b".to_owned(),
    };
    let id = InterfaceAddressId::from_u128(1);
    let failed = view(None, Some((ProofFailure::Differs, at)), DomainProofRule::Asked);
    vec![
        Some(DomainSection::new(words, id, &failed, May::Run)),
        Some(DomainSection::new(words, id, &view(Some(at), None, DomainProofRule::NotAsked), May::Look)),
    ]
}
