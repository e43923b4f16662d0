//! The phases of a plan, in the order that makes its answer independent of the order of its input.

mod finish;
mod giving;
mod indexed;
mod stated;

use std::collections::{HashMap, HashSet};

use ipnet::IpNet;

use crate::block::{self, Block};
use crate::catalog::Catalog;
use crate::domain::{Held, Node};
use crate::failure::Failure;
use crate::input::{Claim, Family, Input, Kind};
use crate::labels::{Labels, Stated};
use crate::merge;
use crate::outcome::{Holder, Owner, Plan, PoolRef, Role, Warning};
use crate::request::{self, Request};
use crate::supply::{Identity, Limits, StatedGateway, Supply};
use crate::world::{InstanceId, Place, PoolId, World};

use self::indexed::Waiting;

/// What is decided about a claim so far.
#[derive(Debug)]
enum Draft {
    /// Nothing yet.
    Open,
    /// It has its place.
    Placed(Placement),
    /// Its status is kept although no pool serves it.
    Unserved,
    /// It is static, and no pool serves it.
    StaticUnserved,
    /// No matching pool, or none with anything left: which of the two is seen at the end.
    Unmet,
    /// `action: get`, and the address that the claim had before.
    Got { pool: PoolId, let_go: Option<IpNet> },
    /// Annotated for deletion.
    Deleting,
    /// Wrong.
    Failed(Box<Failure>),
}

/// Where a claim has its place.
#[derive(Debug, Clone, Copy)]
struct Placement {
    pool: PoolId,
    prefix: IpNet,
    /// The status stands as it is written, whatever its form.
    as_written: bool,
}

/// A block that a claim states and that lies in the tree.
#[derive(Debug, Clone, Copy)]
struct StatedBlock<'a> {
    request: Request<'a>,
    prefix: IpNet,
    pool: Option<PoolId>,
}

impl From<Failure> for Draft {
    fn from(failure: Failure) -> Self {
        Self::Failed(Box::new(failure))
    }
}

/// Claims that cannot keep their block, and why.
type Displaced = HashMap<usize, Failure>;

/// A plan in the making.
#[derive(Debug)]
struct Planner<'a> {
    world: World<'a>,
    catalog: Catalog<'a>,
    /// One for each claim of the input.
    drafts: Vec<Draft>,
    /// Why claims whose status could not stay are given a new place.
    evicted: HashMap<usize, Failure>,
    /// What claims that go share with others.
    shared: HashMap<usize, Vec<Warning>>,
    /// Blocks that dynamic claims keep.
    kept_blocks: HashMap<usize, IpNet>,
    /// Of these, those that are in the way of indexed claims.
    displaced: Displaced,
    /// Pools of a single address.
    single_pools: HashSet<(InstanceId, IpNet)>,
    waiting: Waiting<'a>,
}

/// Decides what becomes of every claim of the input.
pub(crate) fn plan(input: &Input) -> Plan {
    // Indexed claims come before kept blocks, but may lie in them: where their places are is known only with all kept
    // blocks in the tree. So a kept block that turns out to be in the way is displaced, and all begins again.
    let mut displaced = HashMap::new();
    loop {
        let (plan, more) = attempt(input, &displaced);
        if more.is_empty() {
            return plan;
        }
        displaced.extend(more);
    }
}

/// Plans with some kept blocks displaced from the start. Returns those that are to be displaced as well.
fn attempt(input: &Input, displaced: &Displaced) -> (Plan, Displaced) {
    let mut world = World::new(input.settings);
    let (pools, findings) = merge::settle(&input.pools, &mut world);
    let mut planner = Planner {
        world,
        catalog: Catalog::default(),
        drafts: input.claims.iter().map(|_| Draft::Open).collect(),
        evicted: HashMap::new(),
        shared: HashMap::new(),
        kept_blocks: HashMap::new(),
        displaced: HashMap::new(),
        single_pools: HashSet::new(),
        waiting: Waiting::default(),
    };
    for pool in &pools {
        planner.catalog.add(*pool, &planner.world);
    }
    let requests = planner.read(&input.claims);
    planner.note_single_pools(&pools, &requests);

    planner.hold_deleting(&requests);
    planner.hold_gets(&requests);
    let mut blocks = planner.state_static_blocks(&requests);
    planner.state_static_addresses(&requests);
    blocks.extend(planner.keep_blocks(&requests, displaced));
    planner.serve_blocks(blocks);
    planner.answer_indexed_blocks(&requests);
    planner.serve_static_addresses(&requests);
    planner.answer_indexed_addresses(&requests);
    if !planner.displaced.is_empty() {
        return (Plan::default(), planner.displaced);
    }
    planner.keep_addresses(&requests);
    planner.hold_overruled(&requests);

    planner.give_blocks(&requests);
    planner.keep_indexed(&requests);
    planner.give_gateways(&requests);
    planner.give_addresses(&requests);
    planner.answer_gets(&requests);

    let more = std::mem::take(&mut planner.displaced);
    (Plan { outcomes: planner.finish(&input.claims, &requests), findings }, more)
}

impl<'a> Planner<'a> {
    /// All claims whose fields agree, in the processing order.
    fn read(&mut self, claims: &'a [Claim]) -> Vec<Request<'a>> {
        let mut requests = Vec::with_capacity(claims.len());
        for (index, claim) in claims.iter().enumerate() {
            let instance = self.world.instance(&claim.instance);
            match request::read(index, claim, instance) {
                Ok(request) => requests.push(request),
                Err(form) => self.settle(index, Failure::Form(form).into()),
            }
        }
        // A claim's order is that of its key first.
        requests.sort_by(|a, b| a.claim.cmp(b.claim));
        requests
    }

    fn settle(&mut self, index: usize, draft: Draft) {
        if let Some(slot) = self.drafts.get_mut(index) {
            *slot = draft;
        }
    }

    fn is_open(&self, request: &Request<'_>) -> bool {
        matches!(self.drafts.get(request.index), Some(Draft::Open))
    }

    /// The claim's status collides: an error, or under `conflict: Reallocate` a reason to look for a new place.
    fn collide(&mut self, request: &Request<'_>, failure: Failure) {
        // A second gateway would find its subnet's gateway in its way wherever it went.
        let may_move = self.world.settings.reallocate && !matches!(failure, Failure::GatewayExists(_));
        if may_move {
            self.evicted.insert(request.index, failure);
        } else {
            self.settle(request.index, failure.into());
        }
    }

    /// Gives an address that a claim states to it. Returns the pool that serves it, if any in sight does.
    fn place_address(&mut self, request: &Request<'_>, prefix: &IpNet, role: Role) -> Result<Option<PoolId>, Failure> {
        let place = (request.instance, Family::of(prefix));
        let address = block::bits(prefix.addr());
        let holder = holder(request, role);
        let serving = self.world.serving_address(place, address, request)?;
        if let Some(other) = self.world.other_holder(place, address, request.index) {
            return Err(Failure::AddressConflict { address: prefix.addr(), holder: other });
        }
        let is_subnet = |pool: &PoolId| self.world[*pool].id.kind == Kind::Network;
        if let Some(pool) = serving.filter(|pool| request.is_gateway && is_subnet(pool)) {
            let other = self.world[pool].fixed_gateway().filter(|existing| existing.holder.owner != holder.owner);
            if let Some(existing) = other {
                return Err(Failure::GatewayExists(vec![existing]));
            }
            self.world[pool].set_gateway(address, holder);
        }
        self.world.hold(place, address, held(request, role));
        Ok(serving)
    }

    /// Gives a block that a claim states to it. Returns the pool that it becomes, if it has labels.
    fn place_block(&mut self, request: &Request<'a>, prefix: &IpNet, role: Role) -> Result<Option<PoolId>, Failure> {
        let place = (request.instance, Family::of(prefix));
        let block = Block::of(prefix);
        match self.world.refuses_block(place, block, request) {
            Some(failure) => Err(failure),
            None => Ok(self.plant(request, place, block, role)),
        }
    }

    /// Puts a claim's block into the tree; with labels, as a pool that does not give yet.
    fn plant(&mut self, request: &Request<'a>, place: Place, block: Block, role: Role) -> Option<PoolId> {
        let claim = request.claim;
        let holder = holder(request, role);
        let pool = (!claim.labels.is_empty()).then(|| {
            let supply = block_supply(request, place, block, holder);
            self.world.add_pool(supply)
        });
        self.world.plant(place, Node::new(block, claim.kind, holder, pool));
        pool
    }
}

fn holder(request: &Request<'_>, role: Role) -> Holder {
    Holder { owner: Owner::Claim(request.index), role }
}

fn held(request: &Request<'_>, role: Role) -> Held {
    Held { holder: holder(request, role), kind: request.claim.kind }
}

/// A claim's labelled block as a pool.
fn block_supply<'a>(request: &Request<'a>, (instance, family): Place, block: Block, holder: Holder) -> Supply<'a> {
    let claim = request.claim;
    let stated = Stated { key: &claim.key, labels: &claim.labels, alias: None };
    let id = Identity {
        reference: PoolRef::Block(request.index),
        holder,
        instance,
        family,
        block,
        kind: claim.kind,
        labels: Labels::of(&[stated], family, claim.kind, block, true),
        deleting: claim.delete,
    };
    Supply::new(id, StatedGateway::None, Limits::default())
}

/// An address as a claim of `kind` writes it: with the pool's length, a loopback alone.
fn address_prefix(kind: Kind, pool: &Identity<'_>, address: u128) -> IpNet {
    let len = match kind {
        Kind::Network => pool.block.len(pool.family),
        _ => pool.family.bits(),
    };
    block::net(pool.family, address, len)
}
