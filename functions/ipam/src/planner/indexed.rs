//! Claims for the n-th address or block of their first candidate pool.

use std::collections::HashMap;

use ipnet::IpNet;

use super::{Draft, Placement, Planner, address_prefix, holder};
use crate::block::{self, Block};
use crate::catalog::Ask;
use crate::failure::Failure;
use crate::input::{Family, Kind};
use crate::labels::Labels;
use crate::nesting;
use crate::outcome::{Holder, Owner, Role};
use crate::request::{Request, Want};
use crate::selector::Operator;
use crate::world::{InstanceId, PoolId};

/// Indexed claims that no pool serves yet, found by the labels that their selectors name: a labelled block that is given
/// in this run may be what they wait for.
#[derive(Debug, Default)]
pub(super) struct Waiting<'a> {
    requests: Vec<Request<'a>>,
    by_label: HashMap<(InstanceId, &'a str, &'a str), Vec<usize>>,
}

impl<'a> Waiting<'a> {
    fn push(&mut self, request: Request<'a>) {
        let position = self.requests.len();
        self.requests.push(request);
        let named = request.claim.selector.conditions();
        for condition in named.filter(|condition| condition.operator == Operator::In) {
            for value in condition.values {
                let label = (request.instance, condition.key, value.as_str());
                self.by_label.entry(label).or_default().push(position);
            }
        }
    }

    /// Those that name a label of the pool, in the processing order.
    fn naming(&self, instance: InstanceId, labels: &Labels<'_>) -> Vec<Request<'a>> {
        let mut positions: Vec<usize> = labels
            .pairs()
            .filter_map(|(key, value)| self.by_label.get(&(instance, key.as_ref(), value.as_ref())))
            .flatten()
            .copied()
            .collect();
        positions.sort_unstable();
        positions.dedup();
        positions.into_iter().filter_map(|position| self.requests.get(position).copied()).collect()
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
    /// Indexed claims: larger blocks first, since they may be the pools of others; then addresses.
    pub(super) fn answer_indexed(&mut self, requests: &[Request<'a>]) {
        let mut indexed: Vec<&Request<'a>> =
            requests.iter().filter(|request| indexed_length(request).is_some()).collect();
        indexed.sort_by_key(|request| indexed_length(request));
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
            let id = &self.world[pool].id;
            for request in self.waiting.naming(id.instance, &id.labels) {
                if self.is_open(&request)
                    && let Some(Some(next)) = self.answer_index(&request)
                {
                    opened.push(next);
                }
            }
        }
    }

    /// Answers an indexed claim, unless no pool that could serve is there. Returns the pool that its block becomes.
    fn answer_index(&mut self, request: &Request<'a>) -> Option<Option<PoolId>> {
        let (draft, opened) = match self.target(request) {
            Target::Nowhere => return None,
            Target::Beyond(failure) => (failure.into(), None),
            Target::Prefix(prefix) => match self.place_indexed(request, &prefix) {
                Ok(placed) => placed,
                Err(failure) if self.displaces(request, &failure) => return Some(None),
                Err(failure) => (failure.into(), None),
            },
        };
        self.settle(request.index, draft);
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

    /// Whether nothing but a kept block is in the way of an indexed one. Once blocks are given it is too late for that.
    fn displaces(&mut self, request: &Request<'a>, failure: &Failure) -> bool {
        let Failure::BlockConflict { block, with, holder: Holder { owner: Owner::Claim(other), role: Role::Status } } =
            *failure
        else {
            return false;
        };
        let is_kept = matches!(self.drafts.get(other), Some(Draft::Placed(_) | Draft::Unserved));
        let why = Failure::BlockConflict { block: with, with: block, holder: holder(request, Role::Index) };
        is_kept && self.displaced.insert(other, why).is_none()
    }

    fn target(&mut self, request: &Request<'a>) -> Target {
        if let Some(prefix) = self.standing_index(request) {
            return Target::Prefix(prefix);
        }
        let list = self.catalog.list(Ask::of(request), &self.world);
        let Some(&pool) = list.pools.first() else {
            return Target::Nowhere;
        };
        let id = &self.world[pool].id;
        let (index, order) = match request.want {
            Want::IndexedAddress(index) => (index, 0),
            Want::IndexedBlock { index, length } => (index, id.family.bits().saturating_sub(length)),
            _ => return Target::Nowhere,
        };
        match id.block.nth(u128::from(index), order) {
            Some(block) if request.claim.is_block() => Target::Prefix(block.net(id.family)),
            Some(block) => Target::Prefix(address_prefix(request.claim.kind, id, block.start)),
            None => Target::Beyond(Failure::IndexOutOfPool { index, count: id.block.count(order), pool: id.reference }),
        }
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
        let from_aggregate = self.world.settings.from_aggregate;
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

/// Length of what an indexed claim asks for, an address last of all.
fn indexed_length(request: &Request<'_>) -> Option<u8> {
    match request.want {
        Want::IndexedBlock { length, .. } => Some(length),
        Want::IndexedAddress(_) => Some(u8::MAX),
        _ => None,
    }
}
