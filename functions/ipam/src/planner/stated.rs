//! What claims state already: spec.prefix and status.prefix.

use ipnet::IpNet;

use super::{Draft, Placement, Planner, StatedBlock, address_prefix, held};
use crate::block::{self, Block};
use crate::failure::Failure;
use crate::input::{Family, Kind};
use crate::outcome::Role;
use crate::request::{Request, Want, is_mapped};
use crate::world::PoolId;

impl<'a> Planner<'a> {
    /// Claims that are about to leave the tree: what they state stays held, whatever is wrong with it.
    pub(super) fn hold_deleting(&mut self, requests: &[Request<'a>]) {
        for request in requests.iter().filter(|r| r.want == Want::Nothing) {
            self.settle(request.index, Draft::Deleting);
            let claim = request.claim;
            let stated = [(claim.prefix, Role::Static), (claim.status.map(|status| status.prefix), Role::Status)];
            for (prefix, role) in stated {
                let Some(prefix) = prefix.filter(|prefix| !is_mapped(prefix) && !claim.get) else {
                    continue;
                };
                if claim.is_block() {
                    if let Some(pool) = self.hold_block(request, &prefix, role) {
                        self.catalog.add(pool, &self.world);
                    }
                } else if self.place_address(request, &prefix, role).is_err() {
                    self.hold_address(request, &prefix, role);
                }
            }
        }
    }

    /// Holds a block without asking whether it may lie there. Where it has labels it is a pool for what lies inside.
    fn hold_block(&mut self, request: &Request<'a>, prefix: &IpNet, role: Role) -> Option<PoolId> {
        let place = (request.instance, Family::of(prefix));
        let block = Block::of(prefix);
        let around = self.world[place].covering(block);
        if around.is_some_and(|node| node.block == block) {
            return None;
        }
        self.plant(request, place, block, role)
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
                Err(failure) => self.settle(request.index, Draft::Failed(failure)),
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
                    self.settle(request.index, Draft::Failed(failure));
                }
                None => self.world[place].hold(address, held(request, Role::Static)),
            }
        }
    }

    /// Dynamic blocks that have a status stay where they are.
    pub(super) fn keep_blocks(&mut self, requests: &[Request<'a>]) -> Vec<StatedBlock<'a>> {
        let mut blocks = Vec::new();
        for request in requests {
            let (Want::Block(_), Some(status)) = (request.want, request.claim.status) else {
                continue;
            };
            match self.place_block(request, &status.prefix, Role::Status) {
                Ok(pool) => blocks.push(StatedBlock { request: *request, prefix: status.prefix, pool }),
                Err(failure) => self.collide(request, failure),
            }
        }
        blocks
    }

    /// With all stated blocks in the tree, sees which pool each comes from; those that are resolved become pools.
    pub(super) fn serve_blocks(&mut self, blocks: Vec<StatedBlock<'a>>) {
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
            if let Some(pool) = pool.filter(|_| is_resolved) {
                self.open(pool);
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
            let stands = request.claim.status.is_some_and(|s| s.prefix == prefix);
            let draft = match self.place_address(request, &prefix, Role::Static) {
                Ok(Some(pool)) => {
                    let id = &self.world[pool].id;
                    let expected = address_prefix(request.claim.kind, id, block::bits(prefix.addr()));
                    if expected == prefix {
                        Draft::Placed(Placement { pool, prefix, as_written: stands && id.kind == Kind::Aggregate })
                    } else {
                        Draft::Failed(Failure::WrongLength {
                            found: prefix,
                            expected: expected.prefix_len(),
                            pool: id.reference,
                        })
                    }
                }
                Ok(None) if stands => Draft::Unserved,
                Ok(None) => Draft::StaticUnserved,
                Err(failure) => Draft::Failed(failure),
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
            let waits = match self.drafts.get(request.index) {
                Some(Draft::StaticUnserved) => true,
                Some(Draft::Open) => matches!(request.want, Want::IndexedAddress(_) | Want::IndexedBlock { .. }),
                _ => false,
            };
            let Some(status) = request.claim.status.filter(|_| waits) else {
                continue;
            };
            if request.claim.is_block() {
                self.hold_block(request, &status.prefix, Role::Status);
                continue;
            }
            let place = (request.instance, Family::of(&status.prefix));
            let address = block::bits(status.prefix.addr());
            if let Some(holder) = self.world.other_holder(place, address, request.index) {
                let failure = Failure::AddressConflict { address: status.prefix.addr(), holder };
                self.settle(request.index, Draft::Failed(failure));
            } else {
                self.hold_address(request, &status.prefix, Role::Status);
            }
        }
    }
}
