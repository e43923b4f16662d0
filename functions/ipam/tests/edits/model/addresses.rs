//! Lists of addresses.

use std::net::IpAddr;

use ipnet::IpNet;

/// Every address of a prefix.
pub(crate) fn addresses(prefix: &IpNet) -> Vec<IpAddr> {
    blocks(prefix, prefix.max_prefix_len()).iter().map(IpNet::addr).collect()
}

/// Every aligned block of that length in a prefix.
pub(crate) fn blocks(prefix: &IpNet, length: u8) -> Vec<IpNet> {
    prefix.trunc().subnets(length).map(Iterator::collect).unwrap_or_default()
}

/// A single address as a prefix.
pub(crate) fn single(address: IpAddr) -> IpNet {
    IpNet::from(address)
}

/// Whether two prefixes have an address in common.
pub(crate) fn overlap(a: &IpNet, b: &IpNet) -> bool {
    a.contains(b) || b.contains(a)
}

/// Whether a prefix lies in another that is strictly shorter.
pub(crate) fn inside(child: &IpNet, parent: &IpNet) -> bool {
    parent.contains(child) && parent.prefix_len() < child.prefix_len()
}

/// /31, /32, /127 and /128: every address is usable.
pub(crate) fn all_usable(prefix: &IpNet) -> bool {
    prefix.prefix_len() + 1 >= prefix.max_prefix_len()
}

/// The first address that a host may have.
pub(crate) fn first_usable(prefix: &IpNet) -> IpAddr {
    let first = prefix.network();
    if all_usable(prefix) {
        return first;
    }
    addresses(prefix).into_iter().find(|address| *address != first).expect("more than two addresses")
}
