//! From stated pools to pools at work: who states the same, who contradicts whom, what lies in what.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;

use crate::block::{self, Block};
use crate::domain::Node;
use crate::finding::{Disagreement, Finding};
use crate::input::{Family, Instance, Kind, Pool, PoolSource};
use crate::labels::{GATEWAY, Labels, Stated, aggregate_name, is_system};
use crate::nesting;
use crate::outcome::{Holder, Owner, PoolRef, Role};
use crate::range::AddrRange;
use crate::request::is_mapped;
use crate::supply::{Identity, Limits, StatedGateway, Supply};
use crate::world::{Place, PoolId, World};

/// A stated pool with its index in the input.
type Entry<'a> = (usize, &'a Pool);

/// Shorter prefixes first, so that parents are there before their children.
type Subnet<'a> = (&'a Instance, Family, Reverse<u8>, u128);

/// Puts all stated pools to work. Returns them with what is wrong about them.
pub(crate) fn settle<'a>(pools: &'a [Pool], world: &mut World<'a>) -> (Vec<PoolId>, Vec<Finding>) {
    let mut entries: Vec<Entry<'a>> = pools.iter().enumerate().collect();
    entries.sort_by_key(|(_, pool)| *pool);
    let rank: HashMap<usize, usize> = entries.iter().enumerate().map(|(rank, (index, _))| (*index, rank)).collect();

    let mut findings = Vec::new();
    let mut subnets: BTreeMap<Subnet<'a>, Vec<Entry<'a>>> = BTreeMap::new();
    for entry in entries {
        check_alone(entry, &mut findings);
        if !is_mapped(&entry.1.prefix) {
            subnets.entry(subnet(entry.1)).or_default().push(entry);
        }
    }
    let mut ids = Vec::with_capacity(subnets.len());
    for ((instance, family, Reverse(order), start), stated) in subnets {
        let place = (world.instance(instance), family);
        let block = Block { start, order };
        let counting = counting(stated);
        let Some(&first) = counting.first() else {
            continue;
        };
        check_agreement(first, &counting, &mut findings);
        check_nesting(first, block, world[place].covering(block), &mut findings);

        let supply = supply(first, &counting, place, block);
        let holder = supply.id.holder;
        let id = world.add_pool(supply);
        world.plant(place, Node::new(block, first.1.kind, holder, Some(id)));
        ids.push(id);
    }
    findings.sort_by_key(|finding| rank.get(&finding.pool()).copied());
    (ids, findings)
}

fn subnet(pool: &Pool) -> Subnet<'_> {
    let block = Block::of(&pool.prefix);
    let family = Family::of(&pool.prefix);
    (&pool.instance, family, Reverse(block.order), block.start)
}

/// Those that count of all who state a prefix: where there is an IPPrefix, only IPPrefixes.
fn counting(stated: Vec<Entry<'_>>) -> Vec<Entry<'_>> {
    let is_prefix = |(_, pool): &Entry<'_>| pool.source == PoolSource::IpPrefix;
    if stated.iter().any(is_prefix) { stated.into_iter().filter(is_prefix).collect() } else { stated }
}

/// What is wrong with a pool whatever else there is.
fn check_alone((index, pool): Entry<'_>, findings: &mut Vec<Finding>) {
    if is_mapped(&pool.prefix) {
        findings.push(Finding::MappedIpv4 { pool: index });
        return;
    }
    let names_gateway = pool.source == PoolSource::IpPrefix && pool.kind == Kind::Network;
    if !names_gateway && pool.prefix != pool.prefix.trunc() {
        findings.push(Finding::HostBits { pool: index });
    }
    let block = Block::of(&pool.prefix);
    if let StatedGateway::Named(address) = stated_gateway(pool)
        && block.order > 1
        && address == block.last()
        && Family::of(&pool.prefix) == Family::V4
    {
        findings.push(Finding::GatewayIsBroadcast { pool: index, address: pool.prefix.addr() });
    }
    let is_outside = |range: &&AddrRange| {
        Family::of_addr(&range.first()) != Family::of(&pool.prefix)
            || block::bits(range.first()) < block.start
            || block::bits(range.last()) > block.last()
    };
    let exclusions = pool.exclude.iter().filter(is_outside);
    findings.extend(exclusions.map(|&range| Finding::ExclusionOutside { pool: index, range }));
    let ranges = pool.range.iter().filter(is_outside);
    findings.extend(ranges.map(|&range| Finding::RangeOutside { pool: index, range }));
}

/// Whether all who state a prefix agree. IPPrefixes must in everything, blueprints' copies of Networks in the kind.
fn check_agreement((first, a): Entry<'_>, all: &[Entry<'_>], findings: &mut Vec<Finding>) {
    for &(second, b) in all.iter().skip(1) {
        let mut disagree = |what| {
            findings.push(Finding::Disagree { first, second, what });
        };
        if a.kind != b.kind {
            disagree(Disagreement::Kind);
        }
        if a.source != PoolSource::IpPrefix {
            continue;
        }
        let (gateway_a, gateway_b) = (gateway_address(a), gateway_address(b));
        if a.kind == b.kind && gateway_a != gateway_b {
            disagree(Disagreement::Gateway { first: gateway_a, second: gateway_b });
        }
        let keys = differing_labels(a, b);
        if !keys.is_empty() {
            disagree(Disagreement::Labels { keys });
        }
    }
}

fn differing_labels(a: &Pool, b: &Pool) -> Vec<String> {
    let keys: BTreeSet<&String> = a.labels.keys().chain(b.labels.keys()).collect();
    keys.into_iter().filter(|key| !is_system(key) && a.labels.get(*key) != b.labels.get(*key)).cloned().collect()
}

fn check_nesting((child, pool): Entry<'_>, block: Block, around: Option<&Node>, findings: &mut Vec<Finding>) {
    if let Some(around) = around
        && let Owner::Pool(parent) = around.holder.owner
        && !nesting::allowed(pool.kind, block, around.kind)
    {
        findings.push(Finding::Nesting { child, parent });
    }
}

fn gateway_address(pool: &Pool) -> Option<IpAddr> {
    let address = stated_gateway(pool).address()?;
    Some(block::addr(Family::of(&pool.prefix), address))
}

/// The gateway that an object states. Only a network IPPrefix does; a pair or a single address only with the label.
fn stated_gateway(pool: &Pool) -> StatedGateway {
    if pool.source != PoolSource::IpPrefix || pool.kind != Kind::Network {
        return StatedGateway::None;
    }
    let label = pool.labels.get(GATEWAY).map(String::as_str);
    let block = Block::of(&pool.prefix);
    let written = block::bits(pool.prefix.addr());
    match label {
        Some("false") => StatedGateway::None,
        Some("true") if block.order <= 1 => StatedGateway::Named(written),
        _ if block.order <= 1 => StatedGateway::None,
        _ if written == block.start => StatedGateway::Default(block.first_usable()),
        _ => StatedGateway::Named(written),
    }
}

fn supply<'a>((first, pool): Entry<'a>, all: &[Entry<'a>], (instance, family): Place, block: Block) -> Supply<'a> {
    let stated: Vec<Stated<'a>> = all
        .iter()
        .map(|(_, pool)| Stated {
            key: &pool.key,
            labels: &pool.labels,
            alias: (pool.source != PoolSource::IpPrefix).then(|| aggregate_name(&pool.prefix, &pool.instance)),
        })
        .collect();
    let id = Identity {
        reference: PoolRef::Pool(first),
        holder: Holder { owner: Owner::Pool(first), role: Role::Prefix },
        instance,
        family,
        block,
        kind: pool.kind,
        labels: Labels::of(&stated, family, pool.kind, block, false),
        deleting: false,
    };
    // Address notation in one of the objects names the router for all.
    let gateway = all
        .iter()
        .map(|(_, pool)| stated_gateway(pool))
        .find(|gateway| matches!(gateway, StatedGateway::Named(_)))
        .unwrap_or_else(|| stated_gateway(pool));
    let limits = Limits {
        exclude: all.iter().flat_map(|(_, pool)| pool.exclude.iter().copied()).collect(),
        ranges: all.iter().filter_map(|(_, pool)| pool.range).collect(),
    };
    Supply::new(id, gateway, limits)
}
