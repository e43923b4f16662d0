//! Claims for the n-th address or block of their first candidate pool.

use std::collections::HashMap;

use ipnet::IpNet;

use super::{Draft, Placement, Planner, address_prefix, holder};
use crate::ask::Ask;
use crate::block::{self, Block};
use crate::failure::{Failure, FormError};
use crate::input::{Family, Kind};
use crate::labels::Labels;
use crate::nesting;
use crate::outcome::{Holder, Owner, PoolRef, Role};
use crate::request::{Request, Want, is_mapped};
use crate::selector::Operator;
use crate::world::{InstanceId, PoolId};

/// Indexed claims that no pool serves yet, found by the labels that their selectors name: a labelled block that is given
/// in this run may be what they wait for.
#[derive(Debug, Default)]
pub(super) struct Waiting<'a> {
    /// How many have come to wait, which is their order.
    count: usize,
    /// Claims that ask the same wait together.
    asks: Vec<(Ask<'a>, Vec<(usize, Request<'a>)>)>,
    known: HashMap<Ask<'a>, usize>,
    by_label: HashMap<(InstanceId, &'a str, &'a str), Vec<usize>>,
}

impl<'a> Waiting<'a> {
    fn push(&mut self, request: Request<'a>) {
        let ask = Ask::of(&request);
        let next = self.asks.len();
        let position = *self.known.entry(ask).or_insert(next);
        if position == next {
            self.asks.push((ask, Vec::new()));
            let named = ask.selector.conditions().filter(|condition| condition.operator == Operator::In);
            for (key, value) in
                named.flat_map(|condition| condition.values.iter().map(move |value| (condition.key, value)))
            {
                self.by_label.entry((ask.instance, key, value.as_str())).or_default().push(position);
            }
        }
        if let Some((_, requests)) = self.asks.get_mut(position) {
            requests.push((self.count, request));
            self.count = self.count.saturating_add(1);
        }
    }

    /// What is asked for by those that name a label of the pool.
    fn naming(&self, instance: InstanceId, labels: &Labels<'_>) -> Vec<usize> {
        let mut positions: Vec<usize> = labels
            .pairs()
            .filter_map(|(key, value)| self.by_label.get(&(instance, key.as_ref(), value.as_ref())))
            .flatten()
            .copied()
            .collect();
        positions.sort_unstable();
        positions.dedup();
        positions
    }
}

/// Where an indexed claim points to.
enum Target {
    /// No pool that could serve is there.
    Nowhere,
    Prefix(IpNet),
    Beyond(Failure),
}

impl<'a> Planner<'a> {
    /// Indexed blocks, larger ones first, since they may be the pools of others.
    pub(super) fn answer_indexed_blocks(&mut self, requests: &[Request<'a>]) {
        let length = |request: &Request<'a>| match request.want {
            Want::IndexedBlock { length, .. } => Some(length),
            _ => None,
        };
        let mut blocks: Vec<&Request<'a>> = requests.iter().filter(|request| length(request).is_some()).collect();
        blocks.sort_by_key(|request| length(request));
        self.answer_all(blocks);
    }

    /// Indexed addresses.
    pub(super) fn answer_indexed_addresses(&mut self, requests: &[Request<'a>]) {
        self.answer_all(requests.iter().filter(|request| matches!(request.want, Want::IndexedAddress(_))));
    }

    fn answer_all<'r>(&mut self, indexed: impl IntoIterator<Item = &'r Request<'a>>)
    where
        'a: 'r,
    {
        for request in indexed {
            match self.answer_index(request) {
                Some(Some(pool)) => self.open(pool),
                Some(None) => {}
                None => self.waiting.push(*request),
            }
        }
    }

    /// A pool gives from now on. Indexed claims that wait for it are answered, and so on.
    pub(super) fn open(&mut self, pool: PoolId) {
        let mut opened = vec![pool];
        while let Some(pool) = opened.pop() {
            self.catalog.add(pool, &self.world);
            for request in self.wake(pool) {
                if let Some(Some(next)) = self.answer_index(&request) {
                    opened.push(next);
                }
            }
        }
    }

    /// Indexed claims that waited for this pool, in the processing order.
    fn wake(&mut self, pool: PoolId) -> Vec<Request<'a>> {
        let id = &self.world[pool].id;
        let mut woken = Vec::new();
        for position in self.waiting.naming(id.instance, &id.labels) {
            let Some((ask, requests)) = self.waiting.asks.get_mut(position) else { continue };
            if !requests.is_empty() && self.catalog.list(*ask, &self.world).pools().next().is_some() {
                woken.append(requests);
            }
        }
        woken.sort_by_key(|(order, _)| *order);
        woken.into_iter().map(|(_, request)| request).collect()
    }

    /// Answers an indexed claim, unless no pool that could serve is there. Returns the pool that its block becomes.
    fn answer_index(&mut self, request: &Request<'a>) -> Option<Option<PoolId>> {
        let (draft, opened) = match self.target(request) {
            Target::Nowhere => return None,
            Target::Beyond(failure) => (failure.into(), None),
            Target::Prefix(prefix) => match self.place_indexed(request, &prefix) {
                Ok(placed) => placed,
                Err(failure) if self.displaces(request, &prefix, &failure) => return Some(None),
                Err(failure) => (failure.into(), None),
            },
        };
        // One that goes holds its place if it can, and is none the worse if it cannot.
        if !request.claim.delete {
            self.settle(request.index, draft);
        }
        Some(opened)
    }

    fn place_indexed(&mut self, request: &Request<'a>, prefix: &IpNet) -> Result<(Draft, Option<PoolId>), Failure> {
        let kind = request.claim.kind;
        let (serving, opened) = if request.claim.is_block() {
            let opened = self.place_block(request, prefix, Role::Index)?;
            let place = (request.instance, Family::of(prefix));
            let serving = self.world.serving_block(place, Block::of(prefix));
            (serving, opened)
        } else {
            (self.place_address(request, prefix, Role::Index)?, None)
        };
        let draft = serving.map_or(Draft::StaticUnserved, |pool| {
            let id = &self.world[pool].id;
            let stands = request.claim.status.is_some_and(|s| s.prefix == *prefix);
            let prefix =
                if request.claim.is_block() { *prefix } else { address_prefix(kind, id, block::bits(prefix.addr())) };
            let is_exempt = request.claim.is_block() || id.kind == Kind::Aggregate;
            Draft::Placed(Placement { pool, prefix, as_written: stands && is_exempt })
        });
        Ok((draft, opened))
    }

    /// Whether nothing but kept blocks is in the way of an indexed claim; they are to be displaced.
    fn displaces(&mut self, request: &Request<'a>, target: &IpNet, failure: &Failure) -> bool {
        let first = match *failure {
            Failure::BlockConflict { holder: Holder { owner, role: Role::Status }, .. }
            | Failure::InForeignBlock { holder: Holder { owner, role: Role::Status }, .. } => owner,
            Failure::OtherKind { pool: PoolRef::Block(other), .. }
            | Failure::Nesting { pool: PoolRef::Block(other), .. } => Owner::Claim(other),
            _ => return false,
        };
        let mut in_the_way = vec![first];
        if request.claim.is_block() {
            let (place, block) = ((request.instance, Family::of(target)), Block::of(target));
            let is_kept = |owner| matches!(owner, Owner::Claim(other) if self.kept_blocks.contains_key(&other));
            // Nobody makes room for a block that cannot lie there anyway.
            if self.world.refuses_block_beside(place, block, request, is_kept).is_some() {
                return false;
            }
            // All at once: each of them begins everything anew.
            in_the_way.extend(self.world.in_the_way_inside(place, block, request));
        }
        let with = if request.claim.is_block() { *target } else { target.addr().into() };
        let mut more = false;
        for owner in in_the_way {
            let Owner::Claim(other) = owner else { continue };
            let Some(kept) = self.kept_blocks.get(&other) else { continue };
            let why = Failure::BlockConflict { block: kept.trunc(), with, holder: holder(request, Role::Index) };
            more |= self.displaced.insert(other, why).is_none();
        }
        more
    }

    fn target(&mut self, request: &Request<'a>) -> Target {
        if let Some(prefix) = self.standing_index(request) {
            return Target::Prefix(prefix);
        }
        if self.is_elsewhere(request) {
            return Target::Nowhere;
        }
        let list = self.catalog.list(Ask::of(request), &self.world);
        let Some(pool) = list.pools().next() else {
            return Target::Nowhere;
        };
        let id = &self.world[pool].id;
        let (index, order) = match request.want {
            Want::IndexedAddress(index) => (index, 0),
            Want::IndexedBlock { index, length } => (index, id.family.bits().saturating_sub(length)),
            _ => return Target::Nowhere,
        };
        match id.block.nth(u128::from(index), order) {
            Some(block) if is_mapped(&block.net(id.family)) => {
                Target::Beyond(Failure::Form(FormError::MappedIpv4(block.net(id.family))))
            }
            Some(block) if request.claim.is_block() => Target::Prefix(block.net(id.family)),
            Some(block) => Target::Prefix(address_prefix(request.claim.kind, id, block.start)),
            None => Target::Beyond(Failure::IndexOutOfPool { index, count: id.block.count(order), pool: id.reference }),
        }
    }

    /// Whether the claim has a status that no pool in sight serves: its pool is somewhere else, and so is what it points
    /// to.
    fn is_elsewhere(&self, request: &Request<'a>) -> bool {
        let Some(status) = request.claim.status else { return false };
        let place = (request.instance, Family::of(&status.prefix));
        if request.claim.is_block() {
            return self.world.serving_block(place, Block::of(&status.prefix)).is_none();
        }
        let address = block::bits(status.prefix.addr());
        matches!(self.world.serving_address(place, address, request), Ok(None))
    }

    /// The claim's status, where it has the index already in any pool that could serve it by its kind.
    fn standing_index(&self, request: &Request<'a>) -> Option<IpNet> {
        let claim = request.claim;
        let prefix = claim.status?.prefix;
        let place = (request.instance, Family::of(&prefix));
        let (index, stated) = match request.want {
            Want::IndexedAddress(index) => (index, Block::addr(block::bits(prefix.addr()))),
            Want::IndexedBlock { index, length } if prefix.prefix_len() == length => (index, Block::of(&prefix)),
            _ => return None,
        };
        let from_aggregate = request.takes_from_aggregate(self.world.settings.from_aggregate);
        let serves = |kind: Kind, parent: Block| match request.want {
            Want::IndexedBlock { .. } => parent != stated && nesting::allowed(claim.kind, stated, kind),
            _ => kind == claim.kind || (from_aggregate && kind == Kind::Aggregate),
        };
        let stands = self.world[place].around(stated).any(|node| {
            node.pool.is_some()
                && serves(node.kind, node.block)
                && node.block.nth(u128::from(index), stated.order) == Some(stated)
        });
        stands.then_some(prefix)
    }
}
