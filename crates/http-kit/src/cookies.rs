//! The cookies: one for the session, two for preferences. Nothing else is ever set.

use app::settings::Site;
use axum::http::{HeaderMap, HeaderValue, header};

/// `__Host-souk` where people come over TLS, so that no other host can set it; `souk` on a plain development address.
fn session_name(site: &Site) -> &'static str {
    if site.https() { "__Host-souk" } else { "souk" }
}

/// The session token that the browser sent.
pub fn session_token(site: &Site, headers: &HeaderMap) -> Option<String> {
    read(headers, session_name(site)).filter(|token| !token.is_empty()).map(str::to_owned)
}

/// Sets the session cookie; it ends with the browser session or with ours.
pub fn session_cookie(site: &Site, token: &str) -> HeaderValue {
    let secure = if site.https() { "; Secure" } else { "" };
    value(format!("{}={token}; Path=/; HttpOnly; SameSite=Lax{secure}", session_name(site)))
}

/// Takes the session cookie away.
pub fn clear_session_cookie(site: &Site) -> HeaderValue {
    let secure = if site.https() { "; Secure" } else { "" };
    value(format!("{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure}", session_name(site)))
}

/// Sets a preference (`language`, `theme`) for a year.
pub fn preference_cookie(site: &Site, name: &'static str, chosen: &'static str) -> HeaderValue {
    let (prefix, secure) = if site.https() { (HOST_PREFIX, "; Secure") } else { ("", "") };
    value(format!("{prefix}{name}={chosen}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000{secure}"))
}

/// A preference that the browser sent.
pub(crate) fn preference<'h>(site: &Site, headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    if site.https() { read(headers, &format!("{HOST_PREFIX}{name}")) } else { read(headers, name) }
}

/// Browsers take a cookie with this prefix only from the host itself, over TLS, for every path (security.md S-10).
const HOST_PREFIX: &str = "__Host-";

/// The value of one cookie.
fn read<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

fn value(text: String) -> HeaderValue {
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}
