//! What host-local hands out (containernetworking/plugins, `plugins/ipam/host-local`), replayed from its options.

use super::address_set::{AddressSet, next, previous};
use super::range::{Allocator, DynamicRange, RangeError, RangeFault};
use super::sloppy;
use crate::json::Node;
use ipnet::IpNet;
use std::net::IpAddr;

/// The ranges: the old top-level one, then every range of every set in `ranges`.
pub(super) fn ranges(ipam: &Node<'_>) -> Vec<Result<DynamicRange, RangeError>> {
    let mut entries: Vec<_> = ipam.list("ranges").iter().flat_map(Node::items).collect();
    if ipam.text("subnet").is_some() {
        entries.insert(0, ipam.clone());
    }
    entries.iter().map(range).collect()
}

fn range(entry: &Node<'_>) -> Result<DynamicRange, RangeError> {
    let subnet = entry
        .text("subnet")
        .and_then(sloppy::interface_address)
        .ok_or_else(|| RangeError::at(entry, "subnet", RangeFault::Cidr))?;
    let too_small = || RangeError::at(entry, "subnet", RangeFault::TooSmall);
    if subnet.prefix_len() >= subnet.max_prefix_len().saturating_sub(1) {
        return Err(too_small());
    }
    if subnet != subnet.trunc() {
        return Err(RangeError::at(entry, "subnet", RangeFault::HostBits));
    }
    let first_usable = next(subnet.network()).ok_or_else(too_small)?;
    // IPv6 has no broadcast address to keep free.
    let last_usable = match subnet.broadcast() {
        last @ IpAddr::V6(_) => last,
        last @ IpAddr::V4(_) => previous(last).ok_or_else(too_small)?,
    };
    let first = match entry.text("rangeStart") {
        Some(text) => sloppy::ip(text).ok_or_else(|| RangeError::at(entry, "rangeStart", RangeFault::Start))?,
        None => first_usable,
    };
    if !subnet.contains(&first) {
        return Err(RangeError::at(entry, "rangeStart", RangeFault::StartOutside));
    }
    let last = match entry.text("rangeEnd") {
        Some(text) => sloppy::ip(text)
            .filter(|last| subnet.contains(last) && *last >= first)
            .ok_or_else(|| RangeError::at(entry, "rangeEnd", RangeFault::End))?,
        None => last_usable,
    };
    let gateway = entry.text("gateway").and_then(sloppy::ip);
    let mut addresses = AddressSet::span(first, last);
    // Without a gateway the first usable address is taken for it.
    addresses.remove(&IpNet::from(gateway.unwrap_or(first_usable)));
    Ok(DynamicRange { path: entry.path(), allocator: Allocator::HostLocal, subnet, addresses, gateway })
}
