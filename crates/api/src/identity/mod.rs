//! Accounts, for programs: sign-up, sessions, the own account, people and invitations, access keys, the first operator.
//!
//! Answers that hold a secret (a token, a link, a key's secret) are given once; these writes take no
//! `Idempotency-Key`, because keeping the answer would keep the secret.

mod api_keys;
mod arrivals;
mod invitations;
mod me;
mod sessions;
mod users;

use http_kit::{Routes, route};
use utoipa::OpenApi;

/// What this slice adds to the description.
#[derive(OpenApi)]
#[openapi(paths(
    arrivals::sign_up,
    arrivals::first_operator,
    arrivals::accept_invitation,
    sessions::open,
    sessions::list,
    sessions::end,
    sessions::end_one,
    me::show,
    me::change,
    me::change_password,
    me::prove,
    users::list,
    users::change,
    invitations::list,
    invitations::make,
    invitations::renew,
    invitations::withdraw,
    api_keys::list,
    api_keys::make,
    api_keys::revoke
))]
pub(crate) struct Description;

/// The routes of this slice.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .with(route!(POST "/api/v1/sign-ups" => arrivals::sign_up))
        .with(route!(POST "/api/v1/first-operator" => arrivals::first_operator))
        .with(route!(POST "/api/v1/invitation-acceptances" => arrivals::accept_invitation))
        .with(route!(POST "/api/v1/sessions" => sessions::open))
        .with(route!(GET "/api/v1/sessions" => sessions::list))
        .with(route!(DELETE "/api/v1/sessions" => sessions::end))
        .with(route!(DELETE "/api/v1/sessions/{id}" => sessions::end_one))
        .with(route!(GET "/api/v1/me" => me::show))
        .with(route!(PATCH "/api/v1/me" => me::change))
        .with(route!(PUT "/api/v1/me/password" => me::change_password))
        .with(route!(POST "/api/v1/me/proofs" => me::prove))
        .with(route!(GET "/api/v1/users" => users::list))
        .with(route!(PATCH "/api/v1/users/{id}" => users::change))
        .with(route!(GET "/api/v1/invitations" => invitations::list))
        .with(route!(POST "/api/v1/invitations" => invitations::make))
        .with(route!(POST "/api/v1/invitations/{id}/links" => invitations::renew))
        .with(route!(DELETE "/api/v1/invitations/{id}" => invitations::withdraw))
        .with(route!(GET "/api/v1/api-keys" => api_keys::list))
        .with(route!(POST "/api/v1/api-keys" => api_keys::make))
        .with(route!(DELETE "/api/v1/api-keys/{id}" => api_keys::revoke))
}
