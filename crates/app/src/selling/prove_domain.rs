//! A seller proves that it owns the domain of an address: we fetch a file from the root of its site, by the guarded client
//! and its rules, without following redirects, and compare its text with ours in constant time.

use domain::identity::{Actor, Permission};
use domain::ids::{InterfaceAddressId, OrganisationId};
use domain::selling::{DomainProof, DomainProofRule, InterfaceUrl, ProofFailure, UrlRules, bare_text, judge_status};
use ports::{FailureClass, LinkFailure, Method, OutgoingCall, SellerAnswer};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use store::Tx;
use store::selling::{addresses, proofs};
use subtle::ConstantTimeEq as _;

use crate::{App, AppError};

/// The file is fetched within this, in milliseconds.
const DEADLINE_MS: u64 = 10_000;
/// A longer answer is not the file.
const MOST_BYTES: usize = 1_024;

/// The file that proves a domain, and whether it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofView {
    /// How it stands.
    pub proof: DomainProof,
    /// Whether this marketplace asks for it.
    pub rule: DomainProofRule,
    /// The name of the file.
    pub file_name: String,
    /// Its text.
    pub text: String,
}

impl ProofView {
    /// Where the file is looked for.
    pub fn url(&self) -> String {
        format!("{}/{}", self.proof.origin, self.file_name)
    }
}

/// The origin of a production address; none when its spelling is not one that may be called any more.
pub(crate) fn origin_of(url: &str, rules: &UrlRules) -> Option<String> {
    let url = InterfaceUrl::parse(url, rules).ok()?;
    Some(url.url().origin().ascii_serialization())
}

/// Nothing that a seller could guess of another, and the same each time it is asked for.
fn text_of(app: &App, seller: OrganisationId, origin: &str) -> String {
    app.vault.blind_index("domain proof", &format!("{seller} {origin}"))
}

/// Says nothing of the text.
fn file_name_of(text: &str) -> String {
    let digest = hex::encode(Sha256::digest(format!("file name {text}")));
    format!("souk-verification-{}.txt", &digest[..16])
}

/// The proof of an address of the own organisation.
pub async fn domain_proof(app: &App, actor: &Actor, id: InterfaceAddressId) -> Result<ProofView, AppError> {
    actor.require(Permission::SeeSelling)?;
    let seller = actor.organisation;
    let rules = app.settings.selling.url_rules();
    let proof = app
        .store
        .read::<_, _, AppError, _>((seller, id, rules), |tx, (seller, id, rules)| {
            Box::pin(async move {
                let address =
                    addresses::find_of(tx, seller, id).await?.ok_or(AppError::NotFound("interface_address"))?;
                let origin =
                    origin_of(&address.url, &rules).ok_or_else(|| AppError::rule("address_not_allowed_now"))?;
                let found = proofs::find(tx, seller, &origin).await?;
                Ok(found.unwrap_or(DomainProof { seller, origin, proven_at: None, last_failure: None }))
            })
        })
        .await?;
    let text = text_of(app, seller, &proof.origin);
    let rule = app.settings.selling.domain_proof;
    Ok(ProofView { rule, file_name: file_name_of(&text), text, proof })
}

/// Whether products of the seller may use an address with this URL.
pub(crate) async fn proven(
    tx: &mut Tx,
    seller: OrganisationId,
    url: &str,
    (rule, rules): (DomainProofRule, &UrlRules),
) -> Result<bool, AppError> {
    if rule == DomainProofRule::NotAsked {
        return Ok(true);
    }
    let Some(origin) = origin_of(url, rules) else { return Ok(false) };
    Ok(proofs::find(tx, seller, &origin).await?.is_some_and(|proof| proof.proven_at.is_some()))
}

impl App {
    /// Looks for the file now, and keeps what came of it. A domain that is proven is not looked at again. Counts against the
    /// calls per hour of the debugger.
    pub async fn prove_domain(&self, actor: &Actor, id: InterfaceAddressId) -> Result<ProofView, AppError> {
        actor.require(Permission::ManageInterfaces)?;
        let mut view = domain_proof(self, actor, id).await?;
        if view.proof.proven_at.is_some() {
            return Ok(view);
        }
        self.count_debug_calls(actor.organisation, 1).await?;
        let call = OutgoingCall {
            method: Method::Get,
            url: view.url(),
            headers: vec![("Accept".to_owned(), "text/plain".to_owned())],
            body: Vec::new(),
            deadline_ms: DEADLINE_MS,
        };
        let looked = judge(self.seller_link.send(call).await, &view.text);
        let moment = self.moment(actor);
        match looked {
            Ok(()) => (view.proof.proven_at, view.proof.last_failure) = (Some(moment.now), None),
            Err(failure) => view.proof.last_failure = Some((failure, moment.now)),
        }
        self.store
            .write::<_, _, AppError, _>((moment, view.proof.clone(), id), |tx, (moment, proof, id)| {
                Box::pin(async move {
                    proofs::save(tx, &proof).await?;
                    let kind = if proof.proven_at.is_some() { "domain_proven" } else { "domain_not_proven" };
                    let failure = proof.last_failure.map(|(failure, _)| failure.code());
                    let facts = json!({ "origin": proof.origin, "failure": failure });
                    moment.record(tx, kind, Some(proof.seller), id, facts).await?;
                    Ok(())
                })
            })
            .await?;
        domain_proof(self, actor, id).await
    }
}

fn judge(answer: Result<SellerAnswer, LinkFailure>, text: &str) -> Result<(), ProofFailure> {
    let answer = answer.map_err(|failure| match failure.class {
        FailureClass::RefusedByPolicy => ProofFailure::Refused,
        FailureClass::NameNotResolved => ProofFailure::NameNotFound,
        FailureClass::ConnectFailed | FailureClass::ConnectTimedOut | FailureClass::Broken => {
            ProofFailure::NoConnection
        }
        FailureClass::TlsFailed => ProofFailure::Tls,
        FailureClass::TimedOut => ProofFailure::TimedOut,
        FailureClass::TooLarge => ProofFailure::TooLong,
        FailureClass::Redirected | FailureClass::RedirectedInside => ProofFailure::Redirected,
    })?;
    judge_status(answer.status)?;
    if answer.body.len() > MOST_BYTES {
        return Err(ProofFailure::TooLong);
    }
    let same = bool::from(bare_text(&answer.body).ct_eq(text.as_bytes()));
    if same { Ok(()) } else { Err(ProofFailure::Differs) }
}
