//! Attachments that share a wire: ranges that are handed out at run time over an address in use, and one address twice.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::IpAddr;

use cni::{Allocator, DynamicRange, Segment};
use krm::Finding;

use super::{Seen, some};
use crate::codes;

/// A segment of a cluster.
type Wire<'n> = (Option<&'n str>, &'n Segment);

pub(super) fn findings(nads: &[Seen]) -> Vec<Finding> {
    let mut findings = handed_out(nads);
    findings.extend(stated_twice(nads));
    findings
}

fn wires(nad: &Seen) -> impl Iterator<Item = Wire<'_>> {
    nad.segments.iter().map(|segment| (nad.cluster.as_deref(), segment))
}

/// The addresses and gateways that a configuration states, each with what it is.
fn in_use(nad: &Seen) -> Vec<(IpAddr, &'static str)> {
    let stated = nad.view.addresses().into_iter().flat_map(|stated| {
        let address = stated.address.map(|net| (net.addr(), "of"));
        [address, stated.gateway.map(|gateway| (gateway, "gateway of"))]
    });
    stated.flatten().collect()
}

/// Ranges of Whereabouts and host-local that hold an address or gateway of ours.
fn handed_out(nads: &[Seen]) -> Vec<Finding> {
    let ranges: Vec<(usize, DynamicRange)> = nads
        .iter()
        .enumerate()
        .flat_map(|(at, nad)| nad.view.ranges().into_iter().flatten().map(move |range| (at, range)))
        .collect();
    let mut by_wire: HashMap<Wire<'_>, Vec<usize>> = HashMap::new();
    for (number, (at, _)) in ranges.iter().enumerate() {
        for wire in nads.get(*at).into_iter().flat_map(wires) {
            by_wire.entry(wire).or_default().push(number);
        }
    }
    let mut hits: BTreeMap<usize, BTreeMap<IpAddr, String>> = BTreeMap::new();
    for nad in nads.iter().filter(|nad| nad.ours) {
        let near: HashSet<usize> = wires(nad).filter_map(|wire| by_wire.get(&wire)).flatten().copied().collect();
        if near.is_empty() {
            continue;
        }
        for (address, what) in in_use(nad) {
            for number in &near {
                if ranges.get(*number).is_some_and(|(_, range)| range.addresses.contains(address)) {
                    let text = || format!("{address} ({what} {})", nad.name.shown());
                    hits.entry(*number).or_default().entry(address).or_insert_with(text);
                }
            }
        }
    }
    let found = hits.into_iter().filter_map(|(number, hits)| {
        let (at, range) = ranges.get(number)?;
        Some(range_finding(nads.get(*at)?, range, &hits.into_values().collect::<Vec<_>>()))
    });
    found.collect()
}

fn range_finding(nad: &Seen, range: &DynamicRange, hits: &[String]) -> Finding {
    let remedy = match range.allocator {
        Allocator::Whereabouts => "exclude them with `exclude`",
        Allocator::HostLocal => "exclude them with `rangeStart` and `rangeEnd`",
    };
    let message = format!(
        "{} hands out addresses of {} at run time, and may hand out what is in use on the same segment, which nothing \
         would notice: {}; {remedy}",
        range.allocator,
        range.subnet,
        some(hits),
    );
    nad.source.on(Finding::warning(codes::DYNAMIC_RANGE, message).field(format!("spec.config: {}", range.path)))
}

/// Attachments of one segment that state the same address, one of them ours.
fn stated_twice(nads: &[Seen]) -> Vec<Finding> {
    let mut first: HashMap<(Wire<'_>, IpAddr), usize> = HashMap::new();
    let mut pairs: HashSet<(usize, usize)> = HashSet::new();
    let mut findings = Vec::new();
    for (at, nad) in nads.iter().enumerate() {
        let addresses: Vec<IpAddr> =
            nad.view.addresses().into_iter().filter_map(|stated| Some(stated.address?.addr())).collect();
        for wire in wires(nad) {
            for &address in &addresses {
                let other = *first.entry((wire, address)).or_insert(at);
                let Some(earlier) = nads.get(other).filter(|earlier| other != at && (earlier.ours || nad.ours)) else {
                    continue;
                };
                if pairs.insert((other, at)) {
                    // What no Interface asks for is what a user has to change.
                    let (fault, with) = if earlier.ours { (nad, earlier) } else { (earlier, nad) };
                    findings.push(twice_finding(fault, with, address, wire.1));
                }
            }
        }
    }
    findings
}

fn twice_finding(nad: &Seen, other: &Seen, address: IpAddr, segment: &Segment) -> Finding {
    let message = format!(
        "states {address}, which {} states on the same segment ({segment}) too: pods of both would have one address; give \
         one of them another address, VLAN or master",
        other.source
    );
    nad.source.on(Finding::warning(codes::ADDRESS_TWICE, message).field("spec.config"))
}
