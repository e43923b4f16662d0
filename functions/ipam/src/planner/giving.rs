//! What claims without a place are given: blocks, then gateways, then addresses.

use super::{Draft, Placement, Planner, address_prefix, held, holder};
use crate::ask::Ask;
use crate::block::Block;
use crate::failure::Failure;
use crate::outcome::{ExistingGateway, Holder, Role};
use crate::request::{Request, Want};
use crate::supply::Supply;
use crate::world::PoolId;

impl<'a> Planner<'a> {
    /// Blocks, larger first. A labelled one is a pool from that moment.
    pub(super) fn give_blocks(&mut self, requests: &[Request<'a>]) {
        let mut blocks: Vec<(u8, &Request<'a>)> = requests
            .iter()
            .filter(|request| self.is_open(request))
            .filter_map(|request| match request.want {
                Want::Block(length) => Some((length, request)),
                _ => None,
            })
            .collect();
        blocks.sort_by_key(|(length, _)| *length);
        for (length, request) in blocks {
            let by = self.world.settings.order;
            let found = self.find(request, |supply| {
                let order = supply.id.family.bits().checked_sub(length)?;
                supply.next_block(order, by)
            });
            let Some((pool, block)) = found else {
                self.settle(request.index, Draft::Unmet);
                continue;
            };
            let family = self.world[pool].id.family;
            self.place(request, pool, block.net(family));
            if let Some(opened) = self.plant(request, (request.instance, family), block, Role::New) {
                self.open(opened);
            }
        }
    }

    /// Gateway claims: each takes the default gateway address of its first candidate subnet without a gateway.
    pub(super) fn give_gateways(&mut self, requests: &[Request<'a>]) {
        for request in requests {
            if request.want != Want::Address || !request.is_gateway || !self.is_open(request) {
                continue;
            }
            let found = self.find(request, |supply| {
                let is_vacant = supply.fixed_gateway().is_none();
                is_vacant.then(|| supply.id.block.first_usable())
            });
            match found {
                Some((pool, address)) => self.give_gateway(request, pool, address),
                None => self.refuse_gateway(request),
            }
        }
    }

    fn give_gateway(&mut self, request: &Request<'a>, pool: PoolId, address: u128) {
        let id = &self.world[pool].id;
        let place = (request.instance, id.family);
        let prefix = address_prefix(request.claim.kind, id, address);
        if let Some(holder) = self.in_the_way(request, pool, address) {
            let failure = Failure::GatewayTaken { address: prefix.addr(), pool: id.reference, holder };
            self.settle(request.index, failure.into());
            return;
        }
        self.world[pool].set_gateway(address, holder(request, Role::New));
        self.world.hold(place, address, held(request, Role::New));
        self.place(request, pool, prefix);
    }

    /// Who holds an address of the pool, itself or with what lies around it.
    fn in_the_way(&self, request: &Request<'a>, pool: PoolId, address: u128) -> Option<Holder> {
        let place = (request.instance, self.world[pool].id.family);
        let nested = || {
            let node = self.world[place].covering(Block::addr(address))?;
            (node.pool != Some(pool)).then_some(node.holder)
        };
        self.world.other_holder(place, address, request.index).or_else(nested)
    }

    fn refuse_gateway(&mut self, request: &Request<'a>) {
        let list = self.catalog.list(Ask::of(request), &self.world);
        let existing: Vec<ExistingGateway> = list.pools().filter_map(|pool| self.world[pool].fixed_gateway()).collect();
        let draft = if existing.is_empty() { Draft::Unmet } else { Failure::GatewayExists(existing).into() };
        self.settle(request.index, draft);
    }

    /// Addresses.
    pub(super) fn give_addresses(&mut self, requests: &[Request<'a>]) {
        for request in requests {
            if request.want != Want::Address || !self.is_open(request) {
                continue;
            }
            let kind = request.claim.kind;
            let by = self.world.settings.order;
            match self.find(request, |supply| supply.next_address(kind, by)) {
                Some((pool, address)) => {
                    // Nobody looks for a holder any more: enough that the pool does not give it again.
                    self.world[pool].claim(Block::addr(address));
                    let prefix = address_prefix(kind, &self.world[pool].id, address);
                    self.place(request, pool, prefix);
                }
                None => self.settle(request.index, Draft::Unmet),
            }
        }
    }

    /// `action: get`: the first candidate pool; nothing is taken.
    pub(super) fn answer_gets(&mut self, requests: &[Request<'a>]) {
        for request in requests.iter().filter(|r| r.want == Want::Get) {
            let stated = request.claim.status.map(|status| status.prefix);
            let let_go = stated.filter(|prefix| !self.is_answer(request, prefix));
            let list = self.catalog.list(Ask::of(request), &self.world);
            let draft = match list.pools().next() {
                Some(pool) => Draft::Got { pool, let_go },
                None if request.claim.status.is_some() => Draft::Unserved,
                None => Draft::Unmet,
            };
            self.settle(request.index, draft);
        }
    }

    /// The first candidate pool that has what is asked for. Full ones are not asked again.
    fn find<T>(
        &mut self,
        request: &Request<'a>,
        mut probe: impl FnMut(&mut Supply<'a>) -> Option<T>,
    ) -> Option<(PoolId, T)> {
        let list = self.catalog.list(Ask::of(request), &self.world);
        while let Some(pool) = list.current() {
            if let Some(found) = probe(&mut self.world[pool]) {
                return Some((pool, found));
            }
            list.skip();
        }
        None
    }

    fn place(&mut self, request: &Request<'_>, pool: PoolId, prefix: ipnet::IpNet) {
        let placement = Placement { pool, prefix, as_written: false };
        self.settle(request.index, Draft::Placed(placement));
    }
}
