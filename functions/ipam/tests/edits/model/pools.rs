//! "Pools in the tree".

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use ipam::{AddrRange, Claim, Family, Instance, Key, Kind, Pool as Stated, PoolSource};
use ipnet::IpNet;

use super::addresses::{all_usable, first_usable, inside};
use super::{PoolName, PoolProblem};

/// Keys that a pool may leave out to serve everyone in that dimension.
pub(crate) const TOPOLOGY: [&str; 5] = [
    "nephio.org/cluster-name",
    "nephio.org/site-name",
    "nephio.org/region",
    "nephio.org/availability-zone",
    "nephio.org/network-name",
];

pub(crate) const GATEWAY_LABEL: &str = "nephio.org/gateway";

/// A prefix that serves: one or more stated pools, or the labelled block of a claim.
#[derive(Debug, Clone)]
pub(crate) struct Pool {
    pub(crate) instance: Instance,
    pub(crate) prefix: IpNet,
    pub(crate) kind: Kind,
    /// With the system labels; several values where several objects state the pool.
    pub(crate) labels: BTreeMap<String, BTreeSet<String>>,
    /// Topology keys that one of the stating entries does not carry: there it serves everyone.
    pub(crate) open: BTreeSet<String>,
    pub(crate) gateway: StatedGateway,
    pub(crate) exclude: Vec<AddrRange>,
    pub(crate) ranges: Vec<AddrRange>,
    pub(crate) block: Option<Block>,
}

/// What makes a pool of a claim.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    /// Index of the claim.
    pub(crate) claim: usize,
    /// Its spec.labels: a selector must name one of them.
    pub(crate) own: BTreeMap<String, String>,
    /// The claim is annotated for deletion: nothing new is given from it.
    pub(crate) deleting: bool,
}

/// What an IPPrefix says about the gateway of its subnet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StatedGateway {
    None,
    /// Prefix notation: the first usable address.
    Default(IpAddr),
    /// Address notation: the router's address.
    Named(IpAddr),
}

impl StatedGateway {
    pub(crate) fn address(self) -> Option<IpAddr> {
        match self {
            Self::None => None,
            Self::Default(address) | Self::Named(address) => Some(address),
        }
    }
}

impl Pool {
    pub(crate) fn family(&self) -> Family {
        Family::of(&self.prefix)
    }

    /// `krmnet.dev/exclude`.
    pub(crate) fn excludes(&self, address: IpAddr) -> bool {
        self.exclude.iter().any(|range| in_range(range, address))
    }

    /// `krmnet.dev/range`.
    pub(crate) fn out_of_range(&self, address: IpAddr) -> bool {
        !self.ranges.iter().all(|range| in_range(range, address))
    }
}

fn in_range(range: &AddrRange, address: IpAddr) -> bool {
    range.first() <= address && address <= range.last()
}

/// Child in parent: what the nesting table allows.
pub(crate) fn may_nest(child: Kind, child_prefix: &IpNet, parent: Kind) -> bool {
    match (child, parent) {
        (_, Kind::Aggregate) | (Kind::Pool, Kind::Pool) => true,
        (Kind::Loopback, Kind::Loopback) => child_prefix.prefix_len() == child_prefix.max_prefix_len(),
        _ => false,
    }
}

/// IPv4-mapped IPv6.
pub(crate) fn is_mapped(prefix: &IpNet) -> bool {
    match prefix {
        IpNet::V4(_) => false,
        IpNet::V6(v6) => v6.prefix_len() >= 96 && v6.network().to_ipv4_mapped().is_some(),
    }
}

fn has_host_bits(prefix: &IpNet) -> bool {
    prefix.addr() != prefix.network()
}

/// The gateway that an IPPrefix states.
fn stated_gateway(pool: &Stated) -> StatedGateway {
    if pool.source != PoolSource::IpPrefix || pool.kind != Kind::Network {
        return StatedGateway::None;
    }
    let label = pool.labels.get(GATEWAY_LABEL).map(String::as_str);
    let named = has_host_bits(&pool.prefix);
    if label == Some("false") {
        StatedGateway::None
    } else if all_usable(&pool.prefix) {
        // Where every address is usable, the first one is as much an address as the second.
        if label == Some("true") { StatedGateway::Named(pool.prefix.addr()) } else { StatedGateway::None }
    } else if named {
        StatedGateway::Named(pool.prefix.addr())
    } else {
        StatedGateway::Default(first_usable(&pool.prefix))
    }
}

/// The stated pools that count, in the order of their keys, grouped by network instance and prefix.
fn groups(stated: &[Stated]) -> Vec<Vec<&Stated>> {
    let mut sorted: Vec<&Stated> = stated.iter().filter(|pool| !is_mapped(&pool.prefix)).collect();
    sorted.sort();
    let mut groups: Vec<Vec<&Stated>> = Vec::new();
    for pool in sorted {
        let same = |group: &&mut Vec<&Stated>| {
            group.iter().any(|other| other.instance == pool.instance && other.prefix.trunc() == pool.prefix.trunc())
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(pool),
            None => groups.push(vec![pool]),
        }
    }
    // An IPPrefix wins over Network and NetworkInstance entries.
    for group in &mut groups {
        if group.iter().any(|pool| pool.source == PoolSource::IpPrefix) {
            group.retain(|pool| pool.source == PoolSource::IpPrefix);
        }
    }
    groups
}

/// The pools that serve.
pub(crate) fn pools(stated: &[Stated]) -> Vec<Pool> {
    groups(stated).iter().map(|group| merged(group)).collect()
}

fn merged(group: &[&Stated]) -> Pool {
    let first = group[0];
    let ip_prefix = first.source == PoolSource::IpPrefix;
    let mut labels: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for pool in group {
        for (key, value) in with_system_labels(&pool.labels, &pool.key, &pool.prefix, pool.kind) {
            // IPPrefixes must agree, so the labels of the first are the labels of all, their names aside.
            if !ip_prefix || *pool == first || key.starts_with("nephio.org/nsn-") {
                labels.entry(key).or_default().insert(value);
            }
        }
    }
    let open = TOPOLOGY
        .into_iter()
        .filter(|key| !ip_prefix && group.iter().any(|pool| !pool.labels.contains_key(*key)))
        .map(str::to_owned)
        .collect();
    // Two notations of the same gateway: one of them names it.
    let named = group
        .iter()
        .map(|pool| stated_gateway(pool))
        .find(|g| matches!(g, StatedGateway::Named(address) if Some(*address) == stated_gateway(first).address()));
    Pool {
        instance: first.instance.clone(),
        prefix: first.prefix.trunc(),
        kind: first.kind,
        labels,
        open,
        gateway: named.unwrap_or(stated_gateway(first)),
        exclude: group.iter().flat_map(|pool| pool.exclude.clone()).collect(),
        ranges: group.iter().filter_map(|pool| pool.range).collect(),
        block: None,
    }
}

/// The labelled block of a claim as a pool.
pub(crate) fn block_pool(index: usize, claim: &Claim, prefix: IpNet) -> Pool {
    let labels = with_system_labels(&claim.labels, &claim.key, &prefix, claim.kind);
    Pool {
        instance: claim.instance.clone(),
        prefix: prefix.trunc(),
        kind: claim.kind,
        labels: labels.into_iter().map(|(key, value)| (key, BTreeSet::from([value]))).collect(),
        open: BTreeSet::new(),
        gateway: StatedGateway::None,
        exclude: Vec::new(),
        ranges: Vec::new(),
        block: Some(Block { claim: index, own: claim.labels.clone(), deleting: claim.delete }),
    }
}

fn with_system_labels(
    own: &BTreeMap<String, String>,
    key: &Key,
    prefix: &IpNet,
    kind: Kind,
) -> BTreeMap<String, String> {
    let mut labels = own.clone();
    let subnet = format!("{}-{}", prefix.network().to_string().replace(':', "-"), prefix.prefix_len());
    for (label, value) in [
        ("nephio.org/address-family", Family::of(prefix).as_str().to_owned()),
        ("nephio.org/prefix-kind", kind.as_str().to_owned()),
        ("nephio.org/subnet", subnet),
        ("nephio.org/nsn-name", key.name.clone()),
        ("nephio.org/nsn-namespace", key.namespace.clone()),
    ] {
        labels.insert(label.to_owned(), value);
    }
    labels
}

/// What is wrong or useless about the stated pools.
pub(crate) fn problems(stated: &[Stated]) -> BTreeSet<PoolProblem> {
    let mut problems = BTreeSet::new();
    for pool in stated {
        problems.extend(own_problems(pool).into_iter().map(|code| (code, name(pool), None)));
    }
    let groups = groups(stated);
    for group in &groups {
        let first = group[0];
        for second in &group[1..] {
            if disagree(first, second) {
                problems.insert(("pool-disagrees", name(second), Some(name(first))));
            }
        }
    }
    for child in &groups {
        for parent in &groups {
            let (child, parent) = (child[0], parent[0]);
            let nested = child.instance == parent.instance && inside(&child.prefix.trunc(), &parent.prefix.trunc());
            if nested && !may_nest(child.kind, &child.prefix, parent.kind) {
                problems.insert(("pool-nesting", name(child), Some(name(parent))));
            }
        }
    }
    problems
}

pub(crate) fn name(pool: &Stated) -> PoolName {
    (pool.key.clone(), pool.prefix)
}

fn own_problems(pool: &Stated) -> Vec<&'static str> {
    if is_mapped(&pool.prefix) {
        return vec!["ipv4-mapped"];
    }
    let mut problems = Vec::new();
    let names_gateway = pool.source == PoolSource::IpPrefix && pool.kind == Kind::Network;
    if has_host_bits(&pool.prefix) && !names_gateway {
        problems.push("host-bits");
    }
    let broadcast = pool.prefix.addr().is_ipv4() && pool.prefix.addr() == pool.prefix.broadcast();
    if matches!(stated_gateway(pool), StatedGateway::Named(_)) && broadcast && !all_usable(&pool.prefix) {
        problems.push("gateway-is-broadcast");
    }
    let outside = |range: &AddrRange| !pool.prefix.contains(&range.first()) || !pool.prefix.contains(&range.last());
    if pool.exclude.iter().any(outside) {
        problems.push("exclusion-outside-pool");
    }
    if pool.range.iter().any(outside) {
        problems.push("range-outside-pool");
    }
    problems
}

/// Two IPPrefixes must agree in kind, gateway and labels; entries of other objects in kind.
fn disagree(first: &Stated, second: &Stated) -> bool {
    if first.kind != second.kind {
        return true;
    }
    if first.source != PoolSource::IpPrefix {
        return false;
    }
    let labels = |pool: &Stated| with_system_labels(&pool.labels, &first.key, &pool.prefix, pool.kind);
    stated_gateway(first).address() != stated_gateway(second).address() || labels(first) != labels(second)
}
