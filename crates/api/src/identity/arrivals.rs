//! The three ways to arrive: sign up, take up an invitation, be the first operator. Each answers a session.

use app::App;
use app::identity::{AcceptInvitation, Password, SignUp, first_operator};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::text::Language;
use http_kit::{CalledFrom, Failure, JsonBody};
use serde::Deserialize;
use utoipa::ToSchema;

use super::sessions::{OpenedSession, language};

/// A new organisation that buys, and its first user.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAccount {
    /// 2 to 100 characters.
    organisation_name: String,
    /// The person's name, 1 to 80 characters.
    name: String,
    /// The address to sign in with; nobody else may have it.
    email: String,
    /// 8 to 128 characters, not one that everybody tries first.
    password: String,
    /// `en` or `zh`; `en` without.
    language: Option<String>,
}

impl NewAccount {
    fn form(self) -> Result<SignUp, Failure> {
        Ok(SignUp {
            language: language(self.language.as_deref())?.unwrap_or(Language::English),
            organisation_name: self.organisation_name,
            name: self.name,
            email: self.email,
            password: Password::new(self.password),
        })
    }
}

/// Makes an account and signs in.
#[utoipa::path(post, path = "/api/v1/sign-ups", request_body = NewAccount,
    responses((status = 201, body = OpenedSession)), security(()), tag = "accounts")]
pub(crate) async fn sign_up(
    State(app): State<App>,
    CalledFrom(caller): CalledFrom,
    JsonBody(body): JsonBody<NewAccount>,
) -> Result<(StatusCode, Json<OpenedSession>), Failure> {
    let opened = body.form()?.run(&app, &caller).await?;
    Ok((StatusCode::CREATED, Json(OpenedSession::of(opened))))
}

/// The operator's organisation and first user.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FirstOperator {
    /// From the link that the server prints at its start.
    token: String,
    /// 2 to 100 characters.
    organisation_name: String,
    /// The person's name, 1 to 80 characters.
    name: String,
    /// The address to sign in with; nobody else may have it.
    email: String,
    /// 8 to 128 characters, not one that everybody tries first.
    password: String,
    /// `en` or `zh`; `en` without.
    language: Option<String>,
}

/// Sets the market up, once, and signs in.
#[utoipa::path(post, path = "/api/v1/first-operator", request_body = FirstOperator,
    responses((status = 201, body = OpenedSession)), security(()), tag = "accounts")]
pub(crate) async fn first_operator(
    State(app): State<App>,
    CalledFrom(caller): CalledFrom,
    JsonBody(body): JsonBody<FirstOperator>,
) -> Result<(StatusCode, Json<OpenedSession>), Failure> {
    let account = NewAccount {
        organisation_name: body.organisation_name,
        name: body.name,
        email: body.email,
        password: body.password,
        language: body.language,
    };
    let opened = first_operator::sign_up(&app, &body.token, account.form()?, &caller).await?;
    Ok((StatusCode::CREATED, Json(OpenedSession::of(opened))))
}

/// A person who takes up an invitation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Acceptance {
    /// From the invitation's link.
    token: String,
    /// The person's name, 1 to 80 characters.
    name: String,
    /// 8 to 128 characters, not one that everybody tries first.
    password: String,
    /// `en` or `zh`; `en` without.
    language: Option<String>,
}

/// Joins the organisation and signs in. The link works once.
#[utoipa::path(post, path = "/api/v1/invitation-acceptances", request_body = Acceptance,
    responses((status = 201, body = OpenedSession)), security(()), tag = "accounts")]
pub(crate) async fn accept_invitation(
    State(app): State<App>,
    CalledFrom(caller): CalledFrom,
    JsonBody(body): JsonBody<Acceptance>,
) -> Result<(StatusCode, Json<OpenedSession>), Failure> {
    let form = AcceptInvitation {
        language: language(body.language.as_deref())?.unwrap_or(Language::English),
        token: body.token,
        name: body.name,
        password: Password::new(body.password),
    };
    let opened = form.run(&app, &caller).await?;
    Ok((StatusCode::CREATED, Json(OpenedSession::of(opened))))
}
