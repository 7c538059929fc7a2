//! From where a request comes, as far as sign-in needs to know.

use std::net::IpAddr;

use domain::identity::{Session, address_key};

/// The network side of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The address of the browser or program, after trusted proxies.
    pub address: IpAddr,
    /// What it calls itself (`User-Agent`), unchecked.
    pub device: String,
}

impl Caller {
    /// What tries are counted by.
    pub(super) fn key(&self) -> String {
        address_key(self.address)
    }

    /// What the list of sessions shows.
    pub(super) fn device_hint(&self) -> String {
        Session::device_hint(&self.device)
    }
}
