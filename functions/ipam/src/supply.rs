//! A pool at work: what of it is free, what is never given, and who its gateway is.

use std::net::IpAddr;

use crate::block::{self, Block, blocks_between};
use crate::explain::Usage;
use crate::failure::{Failure, Reserved};
use crate::input::{Family, Kind, Order};
use crate::labels::Labels;
use crate::outcome::{ExistingGateway, Holder, PoolRef, Role};
use crate::range::AddrRange;
use crate::space::Space;
use crate::world::InstanceId;

/// What identifies a pool and never changes.
#[derive(Debug)]
pub(crate) struct Identity<'a> {
    pub(crate) reference: PoolRef,
    pub(crate) holder: Holder,
    pub(crate) instance: InstanceId,
    pub(crate) family: Family,
    pub(crate) block: Block,
    pub(crate) kind: Kind,
    pub(crate) labels: Labels<'a>,
    /// It is a block whose claim is annotated for deletion: keeps what it gave, gives nothing.
    pub(crate) deleting: bool,
}

/// The gateway that the pool itself states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StatedGateway {
    /// None, or only through a claim.
    None,
    /// Address notation: the router's address, which no claim replaces.
    Named(u128),
    /// Prefix notation: the first usable address, until a claim replaces it. It stays reserved.
    Default(u128),
}

impl StatedGateway {
    pub(crate) fn address(self) -> Option<u128> {
        match self {
            Self::None => None,
            Self::Named(address) | Self::Default(address) => Some(address),
        }
    }
}

/// What the pool's object never gives.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    /// Exclusions as written, only those parts that lie inside count.
    pub(crate) exclude: Vec<AddrRange>,
    /// Ranges as written: only what lies in all of them is given.
    pub(crate) ranges: Vec<AddrRange>,
}

/// How many addresses went where.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    reserved: u128,
    excluded: u128,
    nested: u128,
    claimed: u128,
}

/// A pool at work.
#[derive(Debug)]
pub(crate) struct Supply<'a> {
    pub(crate) id: Identity<'a>,
    /// It is the block of a static claim that no pool serves: held, but no pool yet.
    pub(crate) is_pending: bool,
    gateway: StatedGateway,
    /// A claim that is the gateway.
    claimed_gateway: Option<(u128, Holder)>,
    limits: Limits,
    /// What is never given by exclusion or range: sorted and disjoint.
    barred: Vec<(u128, u128)>,
    space: Space,
    /// An aggregate's space as claims of kind network see it: without its first and last address.
    hosts: Option<Space>,
    tally: Tally,
}

impl<'a> Supply<'a> {
    pub(crate) fn new(id: Identity<'a>, gateway: StatedGateway, limits: Limits) -> Self {
        let barred = barred(&id, &limits);
        let mut supply = Self {
            space: Space::new(id.block),
            id,
            is_pending: false,
            gateway,
            claimed_gateway: None,
            limits,
            barred,
            hosts: None,
            tally: Tally::default(),
        };
        if supply.id.kind == Kind::Network {
            for address in edges(&supply.id).chain(gateway.address()) {
                supply.tally.reserved += supply.space.take(Block::addr(address));
            }
        }
        if let Some(mapped) = mapped_part(&supply.id) {
            let fresh = supply.space.take(mapped);
            supply.tally.reserved = supply.tally.reserved.saturating_add(fresh);
        }
        let barred = std::mem::take(&mut supply.barred);
        for &(first, last) in &barred {
            for block in blocks_between(first, last) {
                let fresh = supply.space.take(block);
                supply.tally.excluded = supply.tally.excluded.saturating_add(fresh);
            }
        }
        supply.barred = barred;
        supply
    }

    /// A claim holds this address or block.
    pub(crate) fn claim(&mut self, block: Block) {
        let fresh = self.take(block);
        self.tally.claimed = self.tally.claimed.saturating_add(fresh);
    }

    /// A child pool lies here.
    pub(crate) fn nest(&mut self, block: Block) {
        let fresh = self.take(block);
        self.tally.nested = self.tally.nested.saturating_add(fresh);
    }

    fn take(&mut self, block: Block) -> u128 {
        if let Some(hosts) = &mut self.hosts {
            hosts.take(block);
        }
        self.space.take(block)
    }

    /// The next free block of `order`. Takes nothing.
    pub(crate) fn next_block(&self, order: u8, by: Order) -> Option<Block> {
        next(&self.space, order, by)
    }

    /// The next free address for a claim of `kind`. Takes nothing.
    pub(crate) fn next_address(&mut self, kind: Kind, by: Order) -> Option<u128> {
        let space = if self.reserves_edges_only_for_hosts(kind) {
            let Self { hosts, space, id, .. } = self;
            hosts.get_or_insert_with(|| {
                let mut hosts = space.clone();
                for address in edges(id) {
                    hosts.take(Block::addr(address));
                }
                hosts
            })
        } else {
            &self.space
        };
        next(space, 0, by).map(|block| block.start)
    }

    fn reserves_edges_only_for_hosts(&self, kind: Kind) -> bool {
        kind == Kind::Network && self.id.kind == Kind::Aggregate
    }

    /// Why an address inside the pool may not be held by a claim of `kind`, whoever else holds it.
    ///
    /// A gateway claim names the router, which is not given from the pool: exclusions and ranges do not bind it, nor does
    /// the default gateway address, which is meant for it.
    pub(crate) fn refuses(&self, address: u128, kind: Kind, is_gateway: bool) -> Option<Failure> {
        let pool = self.id.reference;
        let shown = block::addr(self.id.family, address);
        if kind == Kind::Network && edges(&self.id).any(|edge| edge == address) {
            let what = if address == self.id.block.start { Reserved::First } else { Reserved::Last };
            return Some(Failure::Reserved { address: shown, pool, what });
        }
        if is_gateway {
            return None;
        }
        if self.gateway.address() == Some(address) {
            return Some(Failure::IsGateway { address: shown, pool, holder: self.stated_gateway_holder() });
        }
        self.bars(Block::addr(address))
    }

    /// Whether an exclusion or range takes out a part of the block, and which.
    pub(crate) fn bars(&self, block: Block) -> Option<Failure> {
        let after = self.barred.partition_point(|&(_, last)| last < block.start);
        let &(first, _) = self.barred.get(after)?;
        if first > block.last() {
            return None;
        }
        let prefix = block.net(self.id.family);
        let pool = self.id.reference;
        let touching = |range: &&AddrRange| {
            inside(&self.id, range).is_some_and(|(first, last)| first <= block.last() && last >= block.start)
        };
        match self.limits.exclude.iter().find(touching) {
            Some(&range) => Some(Failure::Excluded { prefix, pool, range }),
            None => {
                let leaves_out = |range: &&AddrRange| {
                    inside(&self.id, range).is_none_or(|(first, last)| first > block.start || last < block.last())
                };
                let range = self.limits.ranges.iter().find(leaves_out)?;
                Some(Failure::OutOfRange { prefix, pool, range: *range })
            }
        }
    }

    /// The gateway that claims of this subnet get.
    pub(crate) fn gateway(&self) -> Option<IpAddr> {
        let address = match (self.gateway, self.claimed_gateway) {
            (StatedGateway::Named(address), _) | (_, Some((address, _))) => Some(address),
            (stated, None) => stated.address(),
        };
        address.map(|address| block::addr(self.id.family, address))
    }

    /// The gateway that keeps a claim from becoming it: one in address notation, or another claim.
    pub(crate) fn fixed_gateway(&self) -> Option<ExistingGateway> {
        let (address, holder) = match (self.gateway, self.claimed_gateway) {
            (StatedGateway::Named(address), _) => (address, self.stated_gateway_holder()),
            (_, Some(claimed)) => claimed,
            _ => return None,
        };
        Some(ExistingGateway { pool: self.id.reference, address: block::addr(self.id.family, address), holder })
    }

    /// A claim becomes the gateway.
    pub(crate) fn set_gateway(&mut self, address: u128, holder: Holder) {
        self.claimed_gateway = Some((address, holder));
    }

    fn stated_gateway_holder(&self) -> Holder {
        Holder { role: Role::Gateway, ..self.id.holder }
    }

    pub(crate) fn usage(&self) -> Usage {
        let size = self.id.block.size();
        let Tally { reserved, excluded, nested, claimed } = self.tally;
        let used = [reserved, excluded, nested, claimed].into_iter().fold(0, u128::saturating_add);
        Usage {
            pool: self.id.reference,
            prefix: self.id.block.net(self.id.family),
            size,
            reserved,
            excluded,
            nested,
            claimed,
            free: size.saturating_sub(used),
            largest_free: self.space.largest().map(|order| self.id.family.bits().saturating_sub(order)),
        }
    }
}

fn next(space: &Space, order: u8, by: Order) -> Option<Block> {
    match by {
        Order::Lowest => space.lowest(order),
        Order::BestFit => space.best_fit(order),
    }
}

/// Addresses that a claim of kind network never gets: the first (IPv4 network address, RFC 4291 2.6.1 subnet-router
/// anycast) and, in IPv4 and in aggregates, the last; none in a pair (RFC 3021, RFC 6164) or a single address.
fn edges(id: &Identity<'_>) -> impl Iterator<Item = u128> + use<> {
    let has_edges = id.block.order > 1;
    let has_last = has_edges && (id.family == Family::V4 || id.kind == Kind::Aggregate);
    let first = has_edges.then_some(id.block.start);
    let last = has_last.then_some(id.block.last());
    first.into_iter().chain(last)
}

/// The IPv4-mapped part of an IPv6 pool (RFC 4291 2.5.5.2): such an address would be taken for the IPv4 one.
fn mapped_part(id: &Identity<'_>) -> Option<Block> {
    let mapped = Block { start: 0xffff << 32, order: 32 };
    (id.family == Family::V6 && id.block.contains(mapped)).then_some(mapped)
}

/// The part of a range that lies inside the pool.
fn inside(id: &Identity<'_>, range: &AddrRange) -> Option<(u128, u128)> {
    let first = block::bits(range.first()).max(id.block.start);
    let last = block::bits(range.last()).min(id.block.last());
    (Family::of_addr(&range.first()) == id.family && first <= last).then_some((first, last))
}

/// All that exclusions and ranges take out, sorted and merged.
fn barred(id: &Identity<'_>, limits: &Limits) -> Vec<(u128, u128)> {
    let mut parts: Vec<(u128, u128)> = limits.exclude.iter().filter_map(|range| inside(id, range)).collect();
    for range in &limits.ranges {
        let Some((first, last)) = inside(id, range) else {
            // A range somewhere else leaves nothing to give.
            parts.push((id.block.start, id.block.last()));
            continue;
        };
        if let Some(below) = first.checked_sub(1).filter(|&below| below >= id.block.start) {
            parts.push((id.block.start, below));
        }
        if let Some(above) = last.checked_add(1).filter(|&above| above <= id.block.last()) {
            parts.push((above, id.block.last()));
        }
    }
    parts.sort_unstable();
    let mut merged: Vec<(u128, u128)> = Vec::with_capacity(parts.len());
    for (first, last) in parts {
        match merged.last_mut() {
            Some(previous) if first <= previous.1.saturating_add(1) => {
                previous.1 = previous.1.max(last);
            }
            _ => merged.push((first, last)),
        }
    }
    merged
}
