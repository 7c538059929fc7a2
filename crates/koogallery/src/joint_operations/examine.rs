//! The marketplace's side of the joint-operations calls: what came back from a seller. The answer has nothing but the common members
//! (seller-protocol 3.10); what is asked of every answer is in [`crate::v2::examine`].

use crate::key::AccessKey;
use crate::v2::examine::{Later, Terms, VersionWords, examine_with, members_fit, progress};
use crate::v2::{Answer, BodySignPolicy, Examined, Limits, Reply};

/// What an answer is examined against, in either version.
#[derive(Clone, Copy, Debug)]
pub struct Examination<'a> {
    /// The key the call was signed with.
    pub key: &'a AccessKey,
    /// Must the answer be signed?
    pub body_sign: BodySignPolicy,
    /// Time and size.
    pub limits: Limits,
}

/// Examines what came back.
pub fn examine(asked: &Examination<'_>, reply: &Reply) -> Examined {
    let terms = Terms { key: asked.key, body_sign: asked.body_sign, limits: asked.limits };
    examine_with(terms, reply, |reading, code, message, _| {
        let before = reading.checks.len();
        progress(reading, code, message, Later::NotAllowed, VersionWords::SYNC)?;
        members_fit(reading, before);
        Some(Answer::Done)
    })
}
