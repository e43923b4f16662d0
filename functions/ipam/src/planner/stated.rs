//! What claims state already: spec.prefix and status.prefix.

use std::cmp::Reverse;

use ipnet::IpNet;

use super::{Displaced, Draft, Placement, Planner, StatedBlock, address_prefix, held};
use crate::block::{self, Block};
use crate::failure::Failure;
use crate::input::{Family, Kind};
use crate::outcome::{Owner, PoolRef, Role, Warning};
use crate::request::{Request, Want, is_mapped};
use crate::world::{InstanceId, PoolId};

impl<'a> Planner<'a> {
    /// Claims that are about to leave the tree: what they state stays held, also where nobody may have it.
    pub(super) fn hold_deleting(&mut self, requests: &[Request<'a>]) {
        let mut stated = Vec::new();
        for request in requests.iter().filter(|request| request.claim.delete) {
            self.settle(request.index, Draft::Deleting);
            let claim = request.claim;
            let status = claim.status.map(|status| (status.prefix, Role::Status));
            let fixed = claim.prefix.map(|prefix| (prefix, Role::Static));
            let answered =
                |(prefix, role): &(IpNet, Role)| claim.get && *role == Role::Status && self.is_answer(request, prefix);
            let held = status.into_iter().chain(fixed).filter(|held| !answered(held) && !is_mapped(&held.0));
            stated.extend(held.map(|(prefix, role)| (request, prefix, role)));
        }
        // Larger ones first: what lies inside them is held with them. An address is a single one, however it is written.
        stated.sort_by_key(|(request, prefix, _)| {
            let is_block = request.claim.is_block();
            (Reverse(if is_block { Block::of(prefix).order } else { 0 }), !is_block)
        });
        for (request, prefix, role) in stated {
            if request.claim.is_block() {
                self.hold_block(request, &prefix, role);
            } else if let Err(failure) = self.place_address(request, &prefix, role) {
                if is_shared(&failure, &prefix) {
                    self.share(request, role, failure);
                }
                self.hold_address(request, &prefix, role);
            }
        }
    }

    /// Whether a status is what `action: get` answers with, a pool's prefix, and not an address in one.
    pub(super) fn is_answer(&self, request: &Request<'_>, prefix: &IpNet) -> bool {
        let is_single = prefix.prefix_len() == prefix.max_prefix_len();
        *prefix == prefix.trunc() && (!is_single || self.single_pools.contains(&(request.instance, *prefix)))
    }

    /// Notes the pools of a single address, which look like an address.
    pub(super) fn note_single_pools(&mut self, pools: &[PoolId], requests: &[Request<'a>]) {
        let stated = pools.iter().map(|pool| {
            let id = &self.world[*pool].id;
            (id.instance, id.block.net(id.family))
        });
        let blocks = requests.iter().filter(|request| request.claim.is_block() && !request.claim.labels.is_empty());
        let blocks = blocks.flat_map(|request| {
            let prefixes = request.claim.prefix.into_iter().chain(request.claim.status.map(|status| status.prefix));
            prefixes.map(|prefix| (request.instance, prefix))
        });
        let is_single = |(_, prefix): &(InstanceId, IpNet)| prefix.prefix_len() == prefix.max_prefix_len();
        self.single_pools = stated.chain(blocks).filter(is_single).collect();
    }

    /// Claims that only look take nothing, but an address that one of them states, because it was an ordinary claim
    /// before, stays held in this run.
    pub(super) fn hold_gets(&mut self, requests: &[Request<'a>]) {
        for request in requests.iter().filter(|request| request.want == Want::Get && !request.claim.is_block()) {
            let claim = request.claim;
            let status = claim.status.map(|status| status.prefix).filter(|prefix| !self.is_answer(request, prefix));
            let fixed = claim.prefix.map(|prefix| (prefix, Role::Static));
            for (prefix, role) in status.map(|prefix| (prefix, Role::Status)).into_iter().chain(fixed) {
                self.hold_address(request, &prefix, role);
            }
        }
    }

    /// A block that overlaps what it must not is an error even if its claim goes, unless the other goes as well. What its
    /// pool excludes does not matter any more.
    fn hold_block(&mut self, request: &Request<'a>, prefix: &IpNet, role: Role) {
        let place = (request.instance, Family::of(prefix));
        let block = Block::of(prefix);
        // What collides with one that goes as well must not hide what collides with one that stays.
        let stays = self.world.refuses_block_beside(place, block, request, |owner| self.is_deleting(owner));
        let collides = |failure: &Failure| matches!(failure, Failure::BlockConflict { .. } | Failure::Nesting { .. });
        if let Some(failure) = stays.filter(collides) {
            return self.settle(request.index, failure.into());
        }
        match self.world.refuses_block(place, block, request).filter(collides) {
            Some(shared) => self.share(request, role, shared),
            None => {
                if let Some(pool) = self.plant(request, place, block, role) {
                    // Only what it was given is a pool.
                    if role == Role::Static {
                        self.world[pool].is_pending = true;
                    } else {
                        self.catalog.add(pool, &self.world);
                    }
                }
            }
        }
    }

    /// A claim that goes states what is somebody else's as well.
    fn share(&mut self, request: &Request<'_>, role: Role, why: Failure) {
        self.shared.entry(request.index).or_default().push(Warning::HeldTwice { role, why: Box::new(why) });
    }

    fn is_deleting(&self, owner: Owner) -> bool {
        matches!(owner, Owner::Claim(index) if matches!(self.drafts.get(index), Some(Draft::Deleting)))
    }

    fn hold_address(&mut self, request: &Request<'_>, prefix: &IpNet, role: Role) {
        let place = (request.instance, Family::of(prefix));
        let address = block::bits(prefix.addr());
        if self.world[place].holder(address).is_none() {
            self.world.hold(place, address, held(request, role));
        }
    }

    /// Static blocks go into the tree before all else that claims state.
    pub(super) fn state_static_blocks(&mut self, requests: &[Request<'a>]) -> Vec<StatedBlock<'a>> {
        let mut blocks = Vec::new();
        for request in requests {
            let Want::StaticBlock(prefix) = request.want else {
                continue;
            };
            match self.place_block(request, &prefix, Role::Static) {
                Ok(pool) => blocks.push(StatedBlock { request: *request, prefix, pool }),
                Err(failure) => self.settle(request.index, failure.into()),
            }
        }
        blocks
    }

    /// Static addresses are noted before any status, so that a status in their way is what collides. Which pools serve
    /// them is seen once all blocks are in the tree.
    pub(super) fn state_static_addresses(&mut self, requests: &[Request<'a>]) {
        for request in requests {
            let Want::StaticAddress(prefix) = request.want else {
                continue;
            };
            let place = (request.instance, Family::of(&prefix));
            let address = block::bits(prefix.addr());
            match self.world.other_holder(place, address, request.index) {
                Some(holder) => {
                    let failure = Failure::AddressConflict { address: prefix.addr(), holder };
                    self.settle(request.index, failure.into());
                }
                None => self.world[place].hold(address, held(request, Role::Static)),
            }
        }
    }

    /// Dynamic blocks that have a status stay where they are.
    pub(super) fn keep_blocks(&mut self, requests: &[Request<'a>], displaced: &Displaced) -> Vec<StatedBlock<'a>> {
        let mut blocks = Vec::new();
        for request in requests {
            let (Want::Block(_), Some(status)) = (request.want, request.claim.status) else {
                continue;
            };
            if let Some(why) = displaced.get(&request.index) {
                self.collide(request, why.clone());
                continue;
            }
            match self.place_block(request, &status.prefix, Role::Status) {
                Ok(pool) => {
                    self.kept_blocks.insert(request.index, status.prefix);
                    blocks.push(StatedBlock { request: *request, prefix: status.prefix, pool });
                }
                Err(failure) => self.collide(request, failure),
            }
        }
        blocks
    }

    /// With all stated blocks in the tree, sees which pool each comes from; those that are resolved become pools.
    pub(super) fn serve_blocks(&mut self, mut blocks: Vec<StatedBlock<'a>>) {
        // Whether the one around is resolved is to be known first.
        blocks.sort_by_key(|stated| Reverse(Block::of(&stated.prefix).order));
        for StatedBlock { request, prefix, pool } in blocks {
            let place = (request.instance, Family::of(&prefix));
            let serving = self.world.serving_block(place, Block::of(&prefix));
            let stands = request.claim.status.is_some_and(|s| s.prefix == prefix);
            let draft = match serving {
                Some(pool) => Draft::Placed(Placement { pool, prefix, as_written: stands }),
                None if stands => Draft::Unserved,
                None => Draft::StaticUnserved,
            };
            let is_resolved = !matches!(draft, Draft::StaticUnserved);
            self.settle(request.index, draft);
            match pool {
                Some(pool) if is_resolved => self.open(pool),
                Some(pool) => self.world[pool].is_pending = true,
                None => {}
            }
        }
    }

    /// Static addresses, once all blocks are in the tree.
    pub(super) fn serve_static_addresses(&mut self, requests: &[Request<'a>]) {
        for request in requests {
            let Want::StaticAddress(prefix) = request.want else {
                continue;
            };
            if !self.is_open(request) {
                continue;
            }
            let stands = request.claim.status.is_some_and(|status| status.prefix.addr() == prefix.addr());
            let draft = match self.place_address(request, &prefix, Role::Static) {
                Ok(Some(pool)) => {
                    let id = &self.world[pool].id;
                    let expected = address_prefix(request.claim.kind, id, block::bits(prefix.addr()));
                    if expected == prefix {
                        Draft::Placed(Placement { pool, prefix, as_written: stands && id.kind == Kind::Aggregate })
                    } else {
                        Draft::from(Failure::WrongLength {
                            found: prefix,
                            expected: expected.prefix_len(),
                            pool: id.reference,
                        })
                    }
                }
                Ok(None) if stands => Draft::Unserved,
                Ok(None) => Draft::StaticUnserved,
                Err(failure) => failure.into(),
            };
            self.settle(request.index, draft);
        }
    }

    /// Dynamic addresses that have a status keep it.
    pub(super) fn keep_addresses(&mut self, requests: &[Request<'a>]) {
        for request in requests {
            let (Want::Address, Some(status)) = (request.want, request.claim.status) else {
                continue;
            };
            match self.place_address(request, &status.prefix, Role::Status) {
                Ok(Some(pool)) => {
                    let id = &self.world[pool].id;
                    let address = block::bits(status.prefix.addr());
                    let placement = Placement {
                        pool,
                        prefix: address_prefix(request.claim.kind, id, address),
                        as_written: id.kind == Kind::Aggregate,
                    };
                    self.settle(request.index, Draft::Placed(placement));
                }
                Ok(None) => self.settle(request.index, Draft::Unserved),
                Err(failure) => self.collide(request, failure),
            }
        }
    }

    /// The status of a static or indexed claim that waits for its pool still stands in the tree: it is held.
    pub(super) fn hold_overruled(&mut self, requests: &[Request<'a>]) {
        for request in requests {
            let is_static = matches!(self.drafts.get(request.index), Some(Draft::StaticUnserved));
            let waits = is_static || (request.is_indexed() && self.is_open(request));
            let Some(status) = request.claim.status.filter(|_| waits) else {
                continue;
            };
            let held = if request.claim.is_block() {
                self.place_block(request, &status.prefix, Role::Status).map(|pool| {
                    if let Some(pool) = pool {
                        self.world[pool].is_pending = true;
                    }
                })
            } else {
                self.place_address(request, &status.prefix, Role::Status).map(|_| ())
            };
            if let Err(failure) = held {
                self.settle(request.index, failure.into());
            }
        }
    }

    /// Indexed claims that no pool could answer keep a status that no pool serves: their pools are somewhere else.
    pub(super) fn keep_indexed(&mut self, requests: &[Request<'a>]) {
        for request in requests.iter().filter(|request| request.is_indexed()) {
            let Some(status) = request.claim.status.filter(|_| self.is_open(request)) else {
                continue;
            };
            let place = (request.instance, Family::of(&status.prefix));
            let block = Block::of(&status.prefix);
            if request.claim.is_block() {
                if self.world.serving_block(place, block).is_none() {
                    self.settle(request.index, Draft::Unserved);
                    let node = self.world[place].covering(block).filter(|node| node.block == block);
                    if let Some(pool) = node.and_then(|node| node.pool) {
                        self.world[pool].is_pending = false;
                        self.open(pool);
                    }
                }
            } else {
                let address = block::bits(status.prefix.addr());
                if let Ok(None) = self.world.serving_address(place, address, request) {
                    self.settle(request.index, Draft::Unserved);
                }
            }
        }
    }
}

/// Whether an address that a claim cannot have is somebody's, and not just kept from everybody.
fn is_shared(failure: &Failure, prefix: &IpNet) -> bool {
    match failure {
        Failure::AddressConflict { .. } | Failure::InForeignBlock { .. } | Failure::IsGateway { .. } => true,
        Failure::OtherKind { pool, .. } => matches!(pool, PoolRef::Block(_)),
        Failure::GatewayExists(gateways) => gateways.iter().any(|gateway| gateway.address == prefix.addr()),
        _ => false,
    }
}
