//! Which IP addresses are public: global unicast and nothing else (security.md, rule 4). Everything not allowed here is
//! refused, also ranges that nobody has thought of. The one list: of calls that leave, and of addresses that are shown.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// IPv4 ranges that are not public, as network and prefix length.
const CLOSED_V4: [([u8; 4], u32); 16] = [
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    // Looks public, but answers as a cloud's host service from inside its machines.
    ([168, 63, 129, 16], 32),
    ([224, 0, 0, 0], 4),
    ([240, 0, 0, 0], 4),
];

/// IPv6 ranges inside 2000::/3 that are not public.
const CLOSED_V6: [([u16; 8], u32); 4] = [
    // Protocol assignments; Teredo (2001::/32), which embeds an IPv4 address, is among them.
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 23),
    ([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32),
    // 6to4 embeds an IPv4 address.
    ([0x2002, 0, 0, 0, 0, 0, 0, 0], 16),
    ([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20),
];

/// Whether an address is global unicast.
pub fn public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => public_v4(ip),
        IpAddr::V6(ip) => public_v6(ip),
    }
}

fn public_v4(ip: Ipv4Addr) -> bool {
    !CLOSED_V4.iter().any(|(network, prefix)| same_network_v4(ip, Ipv4Addr::from(*network), *prefix))
}

fn public_v6(ip: Ipv6Addr) -> bool {
    // Outside 2000::/3 lie loopback, link-local, unique-local, multicast, the mapped and compatible forms of IPv4, and NAT64.
    let global = same_network_v6(ip, Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);
    let closed = CLOSED_V6.iter().any(|(network, prefix)| same_network_v6(ip, Ipv6Addr::from(*network), *prefix));
    global && !closed && embedded_by_isatap(ip).is_none_or(public_v4)
}

/// The IPv4 address inside an ISATAP interface identifier (`…:0:5efe:a.b.c.d` or `…:200:5efe:a.b.c.d`).
fn embedded_by_isatap(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let pieces = ip.segments();
    if !matches!((pieces[4], pieces[5]), (0 | 0x0200, 0x5efe)) {
        return None;
    }
    let ([a, b], [c, d]) = (pieces[6].to_be_bytes(), pieces[7].to_be_bytes());
    Some(Ipv4Addr::new(a, b, c, d))
}

/// Whether two addresses have their first `prefix` bits in common.
pub fn same_network_v4(left: Ipv4Addr, right: Ipv4Addr, prefix: u32) -> bool {
    let mask = u32::MAX.checked_shl(32_u32.saturating_sub(prefix)).unwrap_or(0);
    left.to_bits() & mask == right.to_bits() & mask
}

/// Whether two addresses have their first `prefix` bits in common.
pub fn same_network_v6(left: Ipv6Addr, right: Ipv6Addr, prefix: u32) -> bool {
    let mask = u128::MAX.checked_shl(128_u32.saturating_sub(prefix)).unwrap_or(0);
    left.to_bits() & mask == right.to_bits() & mask
}
