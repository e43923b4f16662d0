//! "Keeping what is there": the processing order.

use std::collections::{BTreeMap, BTreeSet};

use ipam::{Claim, Input, Kind};
use ipnet::IpNet;

use super::Answer;
use super::addresses::single;
use super::asks::{asks_block, form_errors, has_labelled_block, is_static};
use super::gateway::is_gateway_claim;
use super::judging::{Held, Tree};
use super::natural::natural;
use super::pools::{block_pool, is_mapped, pools};

/// What is decided of a claim; what to write follows at the end, when all gateways are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Decision {
    /// It has this address (with its full length) or block, from this pool.
    Has {
        prefix: IpNet,
        pool: usize,
    },
    /// It keeps its status, which no pool serves.
    Unserved,
    Deleting,
    /// `action: get`.
    Get,
    /// A static claim that no pool serves.
    Waits,
    /// There is no candidate; why is said at the end, when all pools are known.
    NoCandidate,
    Failed(BTreeSet<&'static str>),
}

/// One pass over all claims, which are known by their indices.
pub(super) struct Run<'a> {
    pub(super) input: &'a Input,
    pub(super) tree: Tree<'a>,
    /// The claims in processing order.
    order: Vec<usize>,
    pub(super) decisions: BTreeMap<usize, Decision>,
    /// Dynamic claims in conflict that look for another place.
    pub(super) moving: BTreeSet<usize>,
    /// Claims that collide only with claims in error.
    pub(super) doubtful: BTreeSet<usize>,
}

/// A claim to be deleted that states nothing but an index.
fn points_only(claim: &Claim) -> bool {
    claim.delete
        && !claim.get
        && claim.index.is_some()
        && claim.prefix.is_none()
        && claim.status.is_none()
        && form_errors(claim).is_empty()
}

/// What becomes of each claim.
pub(crate) fn answer_claims(input: &Input) -> Vec<Answer> {
    // Every labelled block is taken for a pool at first. One that turns out not to stay where it was is none: start
    // again without it.
    let mut unfit = BTreeSet::new();
    loop {
        let run = Run::new(input, &unfit).finish();
        let stays = |claim: usize, prefix: &IpNet| match &run.decisions[&claim] {
            Decision::Has { prefix: has, .. } => has == prefix,
            Decision::Unserved | Decision::Deleting => true,
            Decision::Get | Decision::Waits | Decision::NoCandidate | Decision::Failed(_) => false,
        };
        let blocks =
            run.tree.pools.iter().filter_map(|pool| pool.block.as_ref().map(|block| (block.claim, pool.prefix)));
        let gone: BTreeSet<usize> =
            blocks.filter(|(claim, prefix)| !stays(*claim, prefix)).map(|(claim, _)| claim).collect();
        if gone.is_subset(&unfit) {
            return (0..input.claims.len()).map(|index| run.written(index)).collect();
        }
        unfit.extend(gone);
    }
}

impl<'a> Run<'a> {
    fn new(input: &'a Input, unfit: &BTreeSet<usize>) -> Self {
        let mut order: Vec<usize> = (0..input.claims.len()).collect();
        order.sort_by_key(|index| natural(&input.claims[*index].key));
        let mut pools = pools(&input.pools);
        for (index, claim) in input.claims.iter().enumerate() {
            let status = claim.status.map(|status| status.prefix).filter(|_| claim.delete || claim.index.is_none());
            let stated = if claim.delete { status } else { claim.prefix.or(status) };
            if let Some(prefix) = stated
                && has_labelled_block(claim)
                && (claim.delete || form_errors(claim).is_empty())
                && !claim.get
                && !unfit.contains(&index)
            {
                pools.push(block_pool(index, claim, prefix));
            }
        }
        let tree = Tree { input, pools, held: Vec::new() };
        Self { input, tree, order, decisions: BTreeMap::new(), moving: BTreeSet::new(), doubtful: BTreeSet::new() }
    }

    pub(super) fn claim(&self, index: usize) -> &'a Claim {
        &self.input.claims[index]
    }

    pub(super) fn decide(&mut self, index: usize, decision: Decision) {
        self.decisions.insert(index, decision);
    }

    /// Notes that a claim states an address or block.
    pub(super) fn hold(&mut self, by: usize, prefix: IpNet) {
        let block = asks_block(self.claim(by));
        let prefix = if block { prefix.trunc() } else { single(prefix.addr()) };
        let gateway = is_gateway_claim(self.claim(by)) && self.tree.against_address(by, prefix.addr()).sure.is_empty();
        let is_subnet = |pool: &usize| self.tree.pools[*pool].kind == Kind::Network;
        let gateway_of = if gateway { self.serving(by, prefix).filter(is_subnet) } else { None };
        let doubtful = matches!(self.decisions.get(&by), Some(Decision::Failed(_)));
        self.tree.held.push(Held { by, prefix, block, gateway_of, doubtful });
    }

    pub(super) fn hold_status(&mut self, by: usize) {
        if let Some(status) = self.claim(by).status {
            self.hold(by, status.prefix);
        }
    }

    /// A labelled block is a pool from now on.
    pub(super) fn serve(&mut self, index: usize, prefix: IpNet) {
        if has_labelled_block(self.claim(index)) {
            self.tree.pools.push(block_pool(index, self.claim(index), prefix));
        }
    }

    /// The serving pool of what a claim states.
    pub(super) fn serving(&self, index: usize, prefix: IpNet) -> Option<usize> {
        if asks_block(self.claim(index)) {
            self.tree.serving_block(index, &prefix.trunc())
        } else {
            self.tree.serving_address(index, prefix.addr())
        }
    }

    /// Whether two prefixes state the same address, or the same block.
    pub(super) fn same(&self, index: usize, a: IpNet, b: IpNet) -> bool {
        if asks_block(self.claim(index)) { a == b } else { a.addr() == b.addr() }
    }

    /// The claims that are not decided yet and for which `test` holds, in processing order. One that goes is decided, but
    /// while it only points to a place it may still come to hold it.
    pub(super) fn open(&self, test: impl Fn(&Claim) -> bool) -> Vec<usize> {
        let points =
            |index: usize| points_only(self.claim(index)) && !self.tree.held.iter().any(|held| held.by == index);
        let open = |index: &usize| {
            let decided = self.decisions.get(index);
            (decided.is_none() || (decided == Some(&Decision::Deleting) && points(*index))) && test(self.claim(*index))
        };
        self.order.iter().copied().filter(open).collect()
    }

    /// Those of them that ask for blocks, larger ones first.
    fn open_blocks(&self, test: impl Fn(&Claim) -> bool) -> Vec<usize> {
        let mut blocks = self.open(|claim| asks_block(claim) && test(claim));
        blocks.sort_by_key(|index| self.claim(*index).prefix_length);
        blocks
    }

    fn finish(mut self) -> Self {
        self.hold_deleting();
        self.set_aside();
        self.state();
        self.keep();
        for index in self.open_blocks(|claim| !is_static(claim)) {
            self.give_block(index);
            self.decide_waiting();
        }
        for index in self.open(is_static) {
            self.give_up_waiting(index);
        }
        for index in self.open(|claim| is_gateway_claim(claim) && !claim.delete) {
            self.give_gateway(index);
        }
        for index in self.open(|claim| !claim.delete) {
            self.give_address(index);
        }
        self
    }

    /// Step 1: static blocks, then static and indexed addresses.
    fn state(&mut self) {
        for index in self.open(|claim| claim.prefix.is_some() && asks_block(claim)) {
            self.decide_static(index);
        }
        // What is stated outright is held before what an index means.
        for index in self.open(|claim| claim.prefix.is_some()) {
            self.hold_static_address(index);
        }
        for index in self.open_blocks(|claim| claim.index.is_some()) {
            self.decide_static(index);
        }
        for index in self.open(|claim| claim.prefix.is_some()) {
            self.decide_static(index);
        }
        for index in self.open(|claim| claim.index.is_some() && !asks_block(claim)) {
            self.decide_static(index);
        }
    }

    /// Step 2: claims with a status keep it, blocks first.
    fn keep(&mut self) {
        for index in self.open(|claim| !is_static(claim) && asks_block(claim)) {
            self.decide_status(index);
        }
        for index in self.open(|claim| !is_static(claim)) {
            self.decide_status(index);
        }
        for index in self.order.clone() {
            self.hold_overruled(index);
        }
    }

    /// What claims to be deleted state is held. It is not looked at where it lies, except that their blocks must not
    /// collide with pools.
    fn hold_deleting(&mut self) {
        for index in self.open(|claim| claim.delete) {
            let claim = self.claim(index);
            let ours = |prefix: &IpNet| !claim.get || !self.is_answer(index, prefix);
            let status = claim.status.map(|status| status.prefix).filter(ours);
            let stated: Vec<IpNet> =
                [claim.prefix, status].into_iter().flatten().filter(|prefix| !is_mapped(prefix)).collect();
            let block_errors = |prefix: &IpNet| self.tree.against_block_of_pools(index, &prefix.trunc());
            let errors: BTreeSet<&'static str> =
                if asks_block(claim) { stated.iter().flat_map(block_errors).collect() } else { BTreeSet::new() };
            // Beside one that is in error itself: which of the two is told is open.
            let beside: BTreeSet<&'static str> = if asks_block(claim) {
                stated.iter().flat_map(|prefix| self.tree.against_block(index, &prefix.trunc()).doubtful).collect()
            } else {
                BTreeSet::new()
            };
            if !beside.is_empty() {
                self.doubtful.insert(index);
            }
            let errors: BTreeSet<&'static str> =
                if errors.is_empty() { errors } else { errors.union(&beside).copied().collect() };
            let decision = if errors.is_empty() { Decision::Deleting } else { Decision::Failed(errors) };
            self.decide(index, decision);
            stated.into_iter().for_each(|prefix| self.hold(index, prefix));
        }
    }

    /// Claims that take part in nothing: malformed, or only asking.
    fn set_aside(&mut self) {
        for index in self.open(|claim| !claim.delete) {
            let claim = self.claim(index);
            let errors = form_errors(claim);
            if !errors.is_empty() {
                self.decide(index, Decision::Failed(errors));
            } else if claim.get {
                self.decide(index, Decision::Get);
                self.hold_what_a_get_stated(index);
            }
        }
    }

    /// What `action: get` answers with: a pool's prefix, and not an address in it. A pool of one address looks like one.
    pub(super) fn is_answer(&self, index: usize, prefix: &IpNet) -> bool {
        let instance = &self.claim(index).instance;
        let is_pool =
            || pools(&self.input.pools).iter().any(|pool| pool.instance == *instance && pool.prefix == *prefix);
        let is_block = || {
            self.input.claims.iter().filter(|claim| claim.instance == *instance && has_labelled_block(claim)).any(
                |claim| {
                    [claim.prefix, claim.status.map(|status| status.prefix)].into_iter().flatten().any(|p| p == *prefix)
                },
            )
        };
        let is_single = prefix.prefix_len() == prefix.max_prefix_len();
        prefix.addr() == prefix.network() && (!is_single || is_pool() || is_block())
    }

    /// A claim that only asks takes nothing, but an address that it stated before it had the annotation is held once more.
    fn hold_what_a_get_stated(&mut self, by: usize) {
        let claim = self.claim(by);
        if asks_block(claim) {
            return;
        }
        let status = claim.status.map(|status| status.prefix).filter(|prefix| !self.is_answer(by, prefix));
        for prefix in [claim.prefix, status].into_iter().flatten() {
            let prefix = single(prefix.addr());
            self.tree.held.push(Held { by, prefix, block: false, gateway_of: None, doubtful: false });
        }
    }
}
