//! What Whereabouts hands out (v0.9), replayed from its options.
//!
//! Its choices that surprise: a start or end beyond the usable addresses is ignored without a word; all but the first
//! and last address of the subnet count as usable, the gateway included; in IPv6 the last address is skipped too.

use super::address_set::{AddressSet, next, previous};
use super::range::{Allocator, DynamicRange, RangeError, RangeFault};
use super::sloppy;
use crate::json::Node;
use ipnet::IpNet;
use std::net::IpAddr;

/// The ranges in the order in which a pod gets its addresses: the top-level one, then those of `ipRanges`.
pub(super) fn ranges(ipam: &Node<'_>) -> Vec<Result<DynamicRange, RangeError>> {
    let gateway = ipam.text("gateway").and_then(sloppy::ip);
    let sliced = ipam.text("node_slice_size").is_some();
    let mut entries = ipam.list("ipRanges");
    if ipam.text("range").is_some() {
        entries.insert(0, ipam.clone());
    }
    if sliced {
        // Fast IPAM serves the first range only.
        entries.truncate(1);
    }
    entries.iter().map(|entry| range(entry, sliced, gateway)).collect()
}

fn range(entry: &Node<'_>, sliced: bool, gateway: Option<IpAddr>) -> Result<DynamicRange, RangeError> {
    let (subnet, start, end) = bounds(entry)?;
    let too_small = || RangeError::at(entry, "range", RangeFault::TooSmall);
    if subnet.prefix_len() >= subnet.max_prefix_len().saturating_sub(1) {
        return Err(too_small());
    }
    let first_usable = next(subnet.network()).ok_or_else(too_small)?;
    let last_usable = previous(subnet.broadcast()).ok_or_else(too_small)?;
    let usable = |ip: &IpAddr| (first_usable..=last_usable).contains(ip);
    // Fast IPAM gives each node a slice of the whole subnet, and drops the bounds and exclusions.
    let narrowing = |bound: Option<IpAddr>| bound.filter(|ip| !sliced && usable(ip));
    let first = narrowing(start).unwrap_or(first_usable);
    let last = narrowing(end).filter(|end| *end >= first).unwrap_or(last_usable);
    let mut addresses = AddressSet::span(first, last);
    for net in exclusions(entry)? {
        if !sliced {
            addresses.remove(&net);
        }
    }
    Ok(DynamicRange {
        path: entry.path(),
        allocator: Allocator::Whereabouts,
        subnet: subnet.trunc(),
        addresses,
        gateway,
    })
}

/// The subnet, and the start and end where they are given. `start-end/length` overrides `range_start` and `range_end`.
fn bounds(entry: &Node<'_>) -> Result<(IpNet, Option<IpAddr>, Option<IpAddr>), RangeError> {
    let text = entry.text("range").unwrap_or_default();
    let cidr =
        |text: &str| sloppy::interface_address(text).ok_or_else(|| RangeError::at(entry, "range", RangeFault::Cidr));
    let Some((start, end)) = text.split_once('-') else {
        let bound = |key| entry.text(key).and_then(sloppy::ip);
        return Ok((cidr(text)?, bound("range_start"), bound("range_end")));
    };
    let start = sloppy::ip(start).ok_or_else(|| RangeError::at(entry, "range", RangeFault::Start))?;
    let subnet = cidr(end)?;
    if !subnet.contains(&start) {
        return Err(RangeError::at(entry, "range", RangeFault::StartOutside));
    }
    Ok((subnet, Some(start), Some(subnet.addr())))
}

/// `exclude`: blocks, host bits ignored, and single addresses.
fn exclusions(entry: &Node<'_>) -> Result<Vec<IpNet>, RangeError> {
    entry
        .list("exclude")
        .iter()
        .map(|item| {
            let text = item.value.as_str().unwrap_or_default();
            let net =
                if text.contains('/') { sloppy::interface_address(text) } else { sloppy::ip(text).map(IpNet::from) };
            net.ok_or_else(|| RangeError { path: item.path(), found: item.found(), fault: RangeFault::Exclude })
        })
        .collect()
}
