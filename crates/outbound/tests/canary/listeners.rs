//! The canary: listeners on addresses that no call may reach, all on the same two ports, which count who comes. And a listener
//! in the place of a public seller, where the network is ours alone.
//!
//! *What is not here.* The network: 169.254.169.254 and the public address exist on this machine only when `cargo xtask test` made a
//! network for the tests. Elsewhere they are left out, and that is said.

use std::fs::File;
use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Set to `whole` by `cargo xtask test` where it made a network: then nothing may be left out.
const WHOLE: &str = "SOUK_TEST_CANARY";

/// Where cloud machines are told their secrets.
pub const CLOUD_SECRETS: IpAddr = IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254));

/// Addresses inside, which no call may reach.
pub const INSIDE: [IpAddr; 3] = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST), CLOUD_SECRETS];

/// A public address, which the network of the tests lends to this machine.
pub const PUBLIC: Ipv4Addr = Ipv4Addr::new(8, 8, 8, 8);

/// The port of every call by name.
const HTTPS: u16 = 443;

/// Kept while one test listens: ports are the machine's, and tests run side by side, in processes too.
pub fn alone() -> File {
    let path = concat!(env!("CARGO_TARGET_TMPDIR"), "/canary.lock");
    let file = File::create(path).expect("cargo gave tests a folder");
    file.lock().expect("a lock is waited for");
    file
}

fn whole() -> bool {
    std::env::var_os(WHOLE).is_some_and(|value| value == "whole")
}

/// Containers often have none: then there is nothing at `::1` that a call could reach.
fn has_ipv6() -> bool {
    std::fs::read_to_string("/proc/net/if_inet6").is_ok_and(|addresses| addresses.contains(&format!("{:031}1", 0)))
}

/// Listeners on every inside address.
pub struct Canary {
    listeners: Vec<(SocketAddr, TcpListener)>,
    /// The port on which all of them listen beside 443.
    pub port: u16,
}

impl Canary {
    /// Listens on every inside address there is, on port 443 where this user may, and on another.
    pub fn listen() -> Canary {
        let free = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
        for _ in 0..100 {
            let port = free().expect("loopback can be bound").port();
            if let Some(canary) = Canary::listen_on(port) {
                return canary;
            }
        }
        unreachable!("no port is free on every address, a hundred times")
    }

    fn listen_on(port: u16) -> Option<Canary> {
        let mut listeners = Vec::new();
        for address in INSIDE {
            for port in [HTTPS, port] {
                let endpoint = SocketAddr::new(address, port);
                match TcpListener::bind(endpoint) {
                    Ok(listener) => {
                        listener.set_nonblocking(true).expect("a listener can be asked without waiting");
                        listeners.push((endpoint, listener));
                    }
                    Err(_) if address.is_ipv6() && !has_ipv6() => {
                        println!("left out: {endpoint}, because this machine has no IPv6");
                    }
                    Err(error) if whole() => {
                        unreachable!("{endpoint} cannot be watched in a network of our own: {error}")
                    }
                    Err(error) if error.kind() == ErrorKind::AddrNotAvailable && address == CLOUD_SECRETS => {
                        println!(
                            "left out: {endpoint} is no address of this machine (`cargo xtask test` makes it one)"
                        );
                    }
                    Err(error) if port == HTTPS => println!("left out: {endpoint} cannot be watched here: {error}"),
                    Err(_) => return None,
                }
            }
        }
        Some(Canary { listeners, port })
    }

    /// Every endpoint that is watched.
    pub fn endpoints(&self) -> Vec<SocketAddr> {
        self.listeners.iter().map(|(endpoint, _)| *endpoint).collect()
    }

    /// Who was reached since the last time this was asked, once for each connection.
    pub fn reached(&self) -> Vec<SocketAddr> {
        let mut reached = Vec::new();
        for (endpoint, listener) in &self.listeners {
            while listener.accept().is_ok() {
                reached.push(*endpoint);
            }
        }
        reached
    }
}

/// A server at a public address that hangs up on everyone and counts them.
pub struct PublicSeller(Arc<AtomicUsize>);

impl PublicSeller {
    /// Listens at the public address if this machine has it. Elsewhere there is none, and nothing may be sent to it.
    pub fn listen() -> Option<PublicSeller> {
        let listener = match TcpListener::bind((PUBLIC, HTTPS)) {
            Ok(listener) => listener,
            Err(error) if whole() => unreachable!("{PUBLIC} cannot be listened at in a network of our own: {error}"),
            Err(_) => {
                println!("left out: calls that a public seller receives ({PUBLIC} is not ours here)");
                return None;
            }
        };
        let count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        // It ends with the process: nothing is kept that would have to be closed.
        thread::spawn(move || {
            for connection in listener.incoming() {
                counted.fetch_add(1, Ordering::SeqCst);
                drop(connection);
            }
        });
        Some(PublicSeller(count))
    }

    /// How many came.
    pub fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}
