//! A seller's server, as far as it signs calls to the marketplace.

use domain::time::Timestamp;
use koogallery::AccessKey;
use koogallery::gateway::{self, ApiRequest};
use koogallery::open_api::query_pairs;
use koogallery::usage_push;

use crate::{Person, World};

/// The host that calls are signed for.
pub const HOST: &str = "market.example";

/// An access key with its secret.
#[derive(Clone, Debug)]
pub struct Signer {
    /// The public half.
    pub access_key: String,
    /// The secret half.
    pub secret: String,
}

/// Headers of one call.
pub type Headers = Vec<(String, String)>;

impl World {
    /// A new access key of this administrator, to sign with.
    pub async fn signer(&self, person: &Person) -> Signer {
        let again = self.sign_in(&person.email).await.expect("everybody has the same password");
        let made = app::identity::api_keys::make(&self.app, &again.actor, "production").await;
        let made = made.expect("an administrator may");
        Signer { access_key: made.key.access_key.to_string(), secret: made.secret.reveal().to_owned() }
    }
}

impl Signer {
    /// The headers of a call signed at that time, `host` among them.
    pub fn headers(&self, method: &str, path_and_query: &str, body: &str, at: Timestamp) -> Headers {
        let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        let date = at.strftime("%Y%m%dT%H%M%SZ").to_string();
        let signed = [("host", HOST), ("content-type", "application/json"), ("x-sdk-date", date.as_str())];
        let mut headers = signed.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let query = query_pairs(query);
        let request = ApiRequest { method, path, query: &query, headers: &headers, body: body.as_bytes() };
        let signature = gateway::sign(&self.access_key, &self.secret, &request).expect("host and date are there");
        headers.push(("authorization".to_owned(), signature.to_value()));
        headers
    }
}

/// The headers of a usage push signed with the key of an interface address.
pub fn push_headers(key: &str, body: &str, nonce: &str, at: Timestamp) -> Headers {
    let key = AccessKey::parse(key).expect("a key without blanks");
    let ts = at.as_millisecond().to_string();
    let signature = usage_push::signature(&key, &ts, nonce, body);
    let headers = [
        ("host", HOST),
        ("content-type", "application/json"),
        ("ts", &ts),
        ("nonce", nonce),
        ("signature", &signature),
    ];
    headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
}
