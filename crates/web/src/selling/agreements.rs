//! `/agreements/{code}/{version}`: what a seller agrees to, for everybody to read before and after.

use app::catalog::render_markdown;
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::selling::SellerAgreement;
use http_kit::{Failure, Visit};
use language::Words;

use crate::frame::PageFrame;
use crate::render;
use crate::storefront::SafeHtml;

/// `GET /agreements/{code}/{version}`.
#[derive(Clone, Debug, Template)]
#[template(path = "selling/agreement.html")]
pub struct AgreementPage {
    /// Around it.
    pub page: PageFrame,
    /// The version.
    pub version: String,
    /// The wording.
    pub text: SafeHtml,
}

impl AgreementPage {
    fn new(frame: PageFrame, agreement: SellerAgreement, version: u32, markdown: &str) -> AgreementPage {
        let words = frame.words;
        AgreementPage {
            page: frame.titled(name(words, agreement)),
            version: words.selling_agreement_version(version.to_string()),
            text: render_markdown(markdown).into(),
        }
    }
}

/// What an agreement is called.
pub(super) fn name(words: &Words, agreement: SellerAgreement) -> &'static str {
    match agreement {
        SellerAgreement::SellerTerms => words.selling_agreement_name_seller_terms(),
        SellerAgreement::CooperationRules => words.selling_agreement_name_cooperation_rules(),
        SellerAgreement::PrivacyStatement => words.selling_agreement_name_privacy_statement(),
    }
}

/// Where one version of an agreement is read.
pub(super) fn path(agreement: SellerAgreement, version: impl std::fmt::Display) -> String {
    format!("/agreements/{}/{version}", agreement.code())
}

pub(super) async fn show(
    State(app): State<App>,
    visit: Visit,
    Path((code, version)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let missing = || AppError::NotFound("agreement");
    let agreement: SellerAgreement = code.parse().map_err(|()| missing())?;
    let version: u32 = version.parse().map_err(|_| missing())?;
    let wording = app.settings.selling.agreements.find(agreement, version).ok_or_else(missing)?;
    let frame = PageFrame::of(&visit);
    let markdown = wording.say(visit.language);
    Ok(render::page(&AgreementPage::new(frame, agreement, version, markdown)))
}

#[cfg(test)]
impl crate::samples::Samples for AgreementPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        let ours = language::agreement(SellerAgreement::SellerTerms, page.language());
        vec![
            AgreementPage::new(page.clone(), SellerAgreement::SellerTerms, 1, ours),
            AgreementPage::new(page, SellerAgreement::PrivacyStatement, 2, "# A <script>\n\n<script>alert(1)</script>"),
        ]
    }
}
