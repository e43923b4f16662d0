//! All address spaces with their pools, and what may be put where.

use std::collections::HashMap;
use std::ops::{Index, IndexMut};

use crate::block::{self, Block};
use crate::domain::{Domain, Held, Node};
use crate::failure::Failure;
use crate::input::{Family, Instance, Kind, Settings};
use crate::nesting;
use crate::outcome::{Holder, Owner};
use crate::request::Request;
use crate::supply::Supply;

/// A pool in the order in which it was added. Only [`World::add_pool`] makes one, and pools are never removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct PoolId(usize);

/// A network instance. Only [`World::instance`] makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct InstanceId(usize);

/// The space of one network instance, per family.
#[derive(Debug, Default)]
struct Domains {
    v4: Domain,
    v6: Domain,
}

/// All address spaces with their pools.
#[derive(Debug)]
pub(crate) struct World<'a> {
    pub(crate) settings: Settings,
    instances: HashMap<&'a Instance, InstanceId>,
    domains: Vec<Domains>,
    pools: Vec<Supply<'a>>,
}

impl<'a> Index<PoolId> for World<'a> {
    type Output = Supply<'a>;

    fn index(&self, id: PoolId) -> &Supply<'a> {
        &self.pools[id.0]
    }
}

impl IndexMut<PoolId> for World<'_> {
    fn index_mut(&mut self, id: PoolId) -> &mut Self::Output {
        &mut self.pools[id.0]
    }
}

/// A family's space of a network instance.
pub(crate) type Place = (InstanceId, Family);

impl Index<Place> for World<'_> {
    type Output = Domain;

    fn index(&self, (instance, family): Place) -> &Domain {
        let domains = &self.domains[instance.0];
        match family {
            Family::V4 => &domains.v4,
            Family::V6 => &domains.v6,
        }
    }
}

impl IndexMut<Place> for World<'_> {
    fn index_mut(&mut self, (instance, family): Place) -> &mut Domain {
        let domains = &mut self.domains[instance.0];
        match family {
            Family::V4 => &mut domains.v4,
            Family::V6 => &mut domains.v6,
        }
    }
}

impl<'a> World<'a> {
    pub(crate) fn new(settings: Settings) -> Self {
        Self { settings, instances: HashMap::new(), domains: Vec::new(), pools: Vec::new() }
    }

    /// All network instances that were asked for, in no particular order.
    pub(crate) fn instances(&self) -> impl Iterator<Item = (&'a Instance, InstanceId)> {
        self.instances.iter().map(|(instance, id)| (*instance, *id))
    }

    /// All pools in the order in which they were added.
    pub(crate) fn pools(&self) -> impl Iterator<Item = &Supply<'a>> {
        self.pools.iter()
    }

    /// The number of a network instance, new or known.
    pub(crate) fn instance(&mut self, instance: &'a Instance) -> InstanceId {
        *self.instances.entry(instance).or_insert_with(|| {
            self.domains.push(Domains::default());
            InstanceId(self.domains.len().saturating_sub(1))
        })
    }

    pub(crate) fn add_pool(&mut self, supply: Supply<'a>) -> PoolId {
        self.pools.push(supply);
        PoolId(self.pools.len().saturating_sub(1))
    }

    /// Puts a pool or block into the tree: taken from the one around it; what already lies inside is taken from it.
    pub(crate) fn plant(&mut self, place: Place, node: Node) {
        if !self[place].insert(node) {
            return;
        }
        let around = self[place].covering(node.block).and_then(|own| {
            let parent = self[place].parent(own)?;
            parent.pool
        });
        if let Some(parent) = around {
            self.take_node(parent, &node);
        }
        let Some(own) = node.pool else { return };
        let children: Vec<Node> = self[place].inside(node.block).copied().collect();
        for child in &children {
            self.take_node(own, child);
        }
        let held: Vec<u128> = self[place].held_directly(node.block).map(|(address, _)| address).collect();
        for address in held {
            self[own].claim(Block::addr(address));
        }
    }

    fn take_node(&mut self, from: PoolId, node: &Node) {
        match node.holder.owner {
            Owner::Pool(_) => self[from].nest(node.block),
            Owner::Claim(_) => self[from].claim(node.block),
        }
    }

    /// Takes a held address from the pool that it lies in, if any.
    pub(crate) fn take_address(&mut self, place: Place, address: u128) {
        let address = Block::addr(address);
        let pool = self[place].covering(address).and_then(|node| node.pool);
        if let Some(pool) = pool {
            self[pool].claim(address);
        }
    }

    /// Notes who holds an address and takes it from its pool.
    pub(crate) fn hold(&mut self, place: Place, address: u128, held: Held) {
        self[place].hold(address, held);
        self.take_address(place, address);
    }

    /// Who else than `claim` holds an address by stating it.
    pub(crate) fn other_holder(&self, place: Place, address: u128, claim: usize) -> Option<Holder> {
        self[place].holder(address).filter(|holder| holder.owner != Owner::Claim(claim))
    }

    /// The pool that serves an address which a claim states, `None` when no pool in sight does; or why nobody may hold
    /// that address as this claim would. Says nothing about who else holds it.
    pub(crate) fn serving_address(
        &self,
        place: Place,
        address: u128,
        request: &Request<'_>,
    ) -> Result<Option<PoolId>, Failure> {
        let Some(node) = self[place].covering(Block::addr(address)) else {
            return Ok(None);
        };
        let shown = block::addr(place.1, address);
        let Some(id) = node.pool else {
            return Err(Failure::InForeignBlock {
                address: shown,
                block: node.block.net(place.1),
                holder: node.holder,
            });
        };
        let supply = &self[id];
        let kind = request.claim.kind;
        let own_kind = supply.id.kind == kind;
        if !own_kind && supply.id.kind == Kind::Aggregate && !request.takes_from_aggregate(self.settings.from_aggregate)
        {
            return Ok(None);
        }
        if !own_kind && supply.id.kind != Kind::Aggregate {
            return Err(Failure::OtherKind { address: shown, pool: supply.id.reference, found: supply.id.kind });
        }
        if supply.is_pending {
            return Ok(None);
        }
        match supply.refuses(address, kind, request.is_gateway) {
            Some(failure) => Err(failure),
            None => Ok(Some(id)),
        }
    }

    /// Why a block that a claim states cannot lie where it is stated. What the claim itself holds is not in its way.
    pub(crate) fn refuses_block(&self, place: Place, stated: Block, request: &Request<'_>) -> Option<Failure> {
        self.refuses_block_beside(place, stated, request, |_| false)
    }

    /// [`World::refuses_block`] as if what `passed_over` owners hold were not there.
    pub(crate) fn refuses_block_beside(
        &self,
        place: Place,
        stated: Block,
        request: &Request<'_>,
        passed_over: impl Fn(Owner) -> bool,
    ) -> Option<Failure> {
        let (_, family) = place;
        let kind = request.claim.kind;
        let is_own = |holder: Holder| holder.owner == Owner::Claim(request.index) || passed_over(holder.owner);
        let conflict =
            |with: Block, holder| Failure::BlockConflict { block: stated.net(family), with: with.net(family), holder };
        if let Some(around) = self[place].around(stated).find(|node| !is_own(node.holder)) {
            let Some(pool) = around.pool.filter(|_| around.block != stated) else {
                return Some(conflict(around.block, around.holder));
            };
            if !nesting::allowed(kind, stated, around.kind) {
                return Some(Failure::Nesting {
                    block: stated.net(family),
                    pool: self[pool].id.reference,
                    parent: around.kind,
                });
            }
        }
        let may_hold = |node: &Node| is_own(node.holder) || has_room_for(request, node);
        if let Some(child) = self[place].inside(stated).find(|node| !may_hold(node)) {
            return Some(conflict(child.block, child.holder));
        }
        // Addresses of a pool's own kind are at home in it, and an aggregate is never another kind's.
        let is_pool = becomes_pool(request);
        let is_home = |held: &Held| is_own(held.holder) || is_pool && (held.kind == kind || kind == Kind::Aggregate);
        let stranger = self[place].held_directly(stated).find(|(_, held)| !is_home(held));
        // Exclusions come last: of a claim that goes they do not matter, what it collides with does.
        let barred = || self[self.serving_block(place, stated)?].bars(stated);
        stranger.map(|(address, held)| conflict(Block::addr(address), held.holder)).or_else(barred)
    }

    /// The owners of all blocks inside of one that a claim states which cannot lie in it.
    pub(crate) fn in_the_way_inside(
        &self,
        place: Place,
        stated: Block,
        request: &Request<'_>,
    ) -> impl Iterator<Item = Owner> {
        self[place].inside(stated).filter(|node| !has_room_for(request, node)).map(|node| node.holder.owner)
    }

    /// The pool from which a block that lies in the tree comes.
    pub(crate) fn serving_block(&self, place: Place, block: Block) -> Option<PoolId> {
        let around = self[place].around(block).filter(|node| node.block != block);
        around.filter_map(|node| node.pool).find(|pool| !self[*pool].is_pending)
    }
}

/// A block with labels is a pool and has room for others; one without is held space.
fn becomes_pool(request: &Request<'_>) -> bool {
    !request.claim.labels.is_empty()
}

/// Whether a pool or block may lie in the block of a claim.
fn has_room_for(request: &Request<'_>, node: &Node) -> bool {
    becomes_pool(request) && nesting::allowed(node.kind, node.block, request.claim.kind)
}
