//! Rows of the identity slice: accounts, sessions, people, access keys, the first operator.

use super::{Object, Row, Who, row};
use domain::identity::Permission;

const OWN: Who = Who::May(Permission::OwnAccount);
const PEOPLE: Who = Who::May(Permission::ManageUsers);
const KEYS: Who = Who::May(Permission::ManageApiKeys);

/// The rows.
pub const ROWS: &[Row] = &[
    row("GET", "/sign-up", Who::Anyone, Object::Nothing),
    row("POST", "/sign-up", Who::Anyone, Object::Nothing),
    row("GET", "/sign-in", Who::Anyone, Object::Nothing),
    row("POST", "/sign-in", Who::Anyone, Object::Nothing),
    row("POST", "/sign-out", Who::Anyone, Object::Nothing),
    row("GET", "/invitation", Who::Anyone, Object::Nothing),
    row("POST", "/invitation", Who::Anyone, Object::Nothing),
    row("GET", "/operator/first", Who::Anyone, Object::Nothing),
    row("POST", "/operator/first", Who::Anyone, Object::Nothing),
    row("GET", "/account", OWN, Object::Nothing),
    row("POST", "/account", OWN, Object::Nothing),
    row("GET", "/account/confirm", OWN, Object::Nothing),
    row("POST", "/account/confirm", OWN, Object::Nothing),
    row("GET", "/account/password", OWN, Object::Nothing),
    row("POST", "/account/password", OWN, Object::Nothing),
    row("GET", "/account/sessions", OWN, Object::Nothing),
    row("POST", "/account/sessions/end-others", OWN, Object::Nothing),
    row("POST", "/account/sessions/{id}/end", OWN, Object::Own("session")),
    row("GET", "/account/members", PEOPLE, Object::Nothing),
    row("POST", "/account/members/invitations", PEOPLE, Object::Nothing),
    row("POST", "/account/members/invitations/{id}/renew", PEOPLE, Object::Own("invitation")),
    row("POST", "/account/members/invitations/{id}/withdraw", PEOPLE, Object::Own("invitation")),
    row("POST", "/account/members/{id}/role", PEOPLE, Object::Own("user")),
    row("POST", "/account/members/{id}/disable", PEOPLE, Object::Own("user")),
    row("POST", "/account/members/{id}/enable", PEOPLE, Object::Own("user")),
    row("GET", "/account/keys", KEYS, Object::Nothing),
    row("POST", "/account/keys", KEYS, Object::Nothing),
    row("POST", "/account/keys/{id}/revoke", KEYS, Object::Own("api_key")),
    row("POST", "/api/v1/sign-ups", Who::Anyone, Object::Nothing),
    row("POST", "/api/v1/first-operator", Who::Anyone, Object::Nothing),
    row("POST", "/api/v1/invitation-acceptances", Who::Anyone, Object::Nothing),
    row("POST", "/api/v1/sessions", Who::Anyone, Object::Nothing),
    row("GET", "/api/v1/sessions", OWN, Object::Nothing),
    row("DELETE", "/api/v1/sessions", OWN, Object::Nothing),
    row("DELETE", "/api/v1/sessions/{id}", OWN, Object::Own("session")),
    row("GET", "/api/v1/me", OWN, Object::Nothing),
    row("PATCH", "/api/v1/me", OWN, Object::Nothing),
    row("PUT", "/api/v1/me/password", OWN, Object::Nothing),
    row("POST", "/api/v1/me/proofs", OWN, Object::Nothing),
    row("GET", "/api/v1/users", PEOPLE, Object::Nothing),
    row("PATCH", "/api/v1/users/{id}", PEOPLE, Object::Own("user")),
    row("GET", "/api/v1/invitations", PEOPLE, Object::Nothing),
    row("POST", "/api/v1/invitations", PEOPLE, Object::Nothing),
    row("POST", "/api/v1/invitations/{id}/links", PEOPLE, Object::Own("invitation")),
    row("DELETE", "/api/v1/invitations/{id}", PEOPLE, Object::Own("invitation")),
    row("GET", "/api/v1/api-keys", KEYS, Object::Nothing),
    row("POST", "/api/v1/api-keys", KEYS, Object::Nothing),
    row("DELETE", "/api/v1/api-keys/{id}", KEYS, Object::Own("api_key")),
];
