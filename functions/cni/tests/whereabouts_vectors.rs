//! The recorded answers of Whereabouts (v0.9.4) against the sets that [`cni::ConfigView::ranges`] reads from the same options.
//!
//! Each line of `data/whereabouts.jsonl` is a range, the addresses already taken, and what `n` pods in a row were given.

#![allow(clippy::unwrap_used)] // clippy.toml covers test functions, not their helpers.

use cni::{ConfigView, DynamicRange, RangeError, RangeFault};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::net::IpAddr;

const VECTORS: &str = include_str!("data/whereabouts.jsonl");

fn read(vector: &Value) -> Result<DynamicRange, RangeError> {
    let ipam = json!({
        "type": "whereabouts",
        "range": vector["range"],
        "range_start": vector["start"],
        "range_end": vector["end"],
        "exclude": vector["exclude"],
    });
    let config = json!({"cniVersion": "0.3.1", "type": "macvlan", "master": "eth1", "ipam": ipam});
    let mut ranges = ConfigView::parse(&config.to_string()).unwrap().ranges();
    assert_eq!(ranges.len(), 1);
    ranges.remove(0)
}

fn next(ip: IpAddr) -> Option<IpAddr> {
    match ip {
        IpAddr::V4(ip) => u32::from(ip).checked_add(1).map(|n| IpAddr::V4(n.into())),
        IpAddr::V6(ip) => u128::from(ip).checked_add(1).map(|n| IpAddr::V6(n.into())),
    }
}

/// The addresses of the set, ascending.
fn members(range: &DynamicRange) -> impl Iterator<Item = IpAddr> {
    range
        .addresses
        .spans()
        .flat_map(|(first, last)| std::iter::successors(Some(first), move |ip| next(*ip).filter(|ip| *ip <= last)))
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().map(|item| item.as_str().unwrap()).collect()
}

fn fault(error: &str) -> Option<RangeFault> {
    match error {
        "too-small" => Some(RangeFault::TooSmall),
        "bad-exclude" => Some(RangeFault::Exclude),
        "bad-cidr" => Some(RangeFault::Cidr),
        "bad-range-start" => Some(RangeFault::Start),
        "start-outside-cidr" => Some(RangeFault::StartOutside),
        other => {
            assert_eq!(other, "exhausted");
            None
        }
    }
}

#[test]
fn the_lowest_free_addresses_of_the_set_are_what_whereabouts_gave() {
    let mut count = 0;
    for line in VECTORS.lines() {
        let vector: Value = serde_json::from_str(line).unwrap();
        count += 1;
        if let Some(expected) = vector["error"].as_str().and_then(fault) {
            assert_eq!(read(&vector).unwrap_err().fault, expected, "{line}");
            continue;
        }
        let range = read(&vector).unwrap();
        let reserved: BTreeSet<IpAddr> = texts(&vector["reserved"]).iter().map(|ip| ip.parse().unwrap()).collect();
        let wanted = usize::try_from(vector["n"].as_u64().unwrap()).unwrap();
        let given: Vec<_> = members(&range)
            .filter(|ip| !reserved.contains(ip))
            .take(wanted)
            .map(|ip| format!("{ip}/{}", range.subnet.prefix_len()))
            .collect();
        assert_eq!(given, texts(&vector["expect"]), "{line}");
        assert_eq!(given.len() < wanted, vector["error"] == "exhausted", "{line}");
    }
    assert_eq!(count, 482);
}
