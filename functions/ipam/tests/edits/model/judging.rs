//! "Keeping what is there": what speaks against an address or a block that a claim states, rule by rule.

use std::collections::BTreeSet;
use std::net::IpAddr;

use ipam::{Claim, Input, Kind};
use ipnet::IpNet;

use super::addresses::{addresses, inside, overlap};
use super::asks::has_labelled_block;
use super::gateway::{has_named_gateway, is_gateway_claim, is_reserved, is_stated_gateway};
use super::pools::{Pool, may_nest};

/// The pools and what the claims hold, at one moment of a run.
pub(crate) struct Tree<'a> {
    pub(crate) input: &'a Input,
    pub(crate) pools: Vec<Pool>,
    pub(crate) held: Vec<Held>,
}

/// Something that a claim states.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held {
    /// Index of the claim.
    pub(crate) by: usize,
    /// The block, or the address with its full length.
    pub(crate) prefix: IpNet,
    pub(crate) block: bool,
    /// It makes the claim the gateway of this pool.
    pub(crate) gateway_of: Option<usize>,
    /// The claim is in error itself.
    pub(crate) doubtful: bool,
}

/// What speaks against an address or block, as codes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Objections {
    pub(crate) sure: BTreeSet<&'static str>,
    /// Collisions with what claims state that are in error themselves: the specification does not say which of several
    /// errors are told.
    pub(crate) doubtful: BTreeSet<&'static str>,
}

impl Objections {
    fn collision(&mut self, code: &'static str, held: &Held) {
        if held.doubtful {
            self.doubtful.insert(code)
        } else {
            self.sure.insert(code)
        };
    }
}

impl Tree<'_> {
    fn claim(&self, index: usize) -> &Claim {
        &self.input.claims[index]
    }

    /// What other claims of the same network instance hold.
    fn held_by_others(&self, index: usize) -> impl Iterator<Item = &Held> {
        let instance = &self.claim(index).instance;
        self.held.iter().filter(move |held| held.by != index && self.claim(held.by).instance == *instance)
    }

    /// The pools of a claim's network instance, its own block aside.
    fn pools_for(&self, index: usize) -> impl Iterator<Item = (usize, &Pool)> {
        let instance = &self.claim(index).instance;
        let own = move |pool: &Pool| pool.block.as_ref().is_some_and(|block| block.claim == index);
        self.pools.iter().enumerate().filter(move |(_, pool)| pool.instance == *instance && !own(pool))
    }

    /// The serving pool of an address: the most specific of the claim's kind, else with fromAggregate an aggregate.
    pub(crate) fn serving_address(&self, index: usize, address: IpAddr) -> Option<usize> {
        let kind = self.claim(index).kind;
        let most_specific = |kind: Kind| {
            self.pools_for(index)
                .filter(|(_, pool)| pool.kind == kind && pool.prefix.contains(&address))
                .max_by_key(|(_, pool)| pool.prefix.prefix_len())
                .map(|(pool, _)| pool)
        };
        let may = self.input.settings.from_aggregate && !is_gateway_claim(self.claim(index));
        let aggregate = || may.then(|| most_specific(Kind::Aggregate)).flatten();
        most_specific(kind).or_else(aggregate).filter(|pool| !self.waits_for_block(index, address, *pool))
    }

    /// The address lies in a labelled block inside of the pool that is no pool yet: it will serve, not the pool around.
    fn waits_for_block(&self, index: usize, address: IpAddr, pool: usize) -> bool {
        self.held_by_others(index).any(|held| {
            let kinds = [self.claim(index).kind, Kind::Aggregate];
            held.block
                && !held.doubtful
                && has_labelled_block(self.claim(held.by))
                && kinds.contains(&self.claim(held.by).kind)
                && held.prefix.contains(&address)
                && inside(&held.prefix, &self.pools[pool].prefix)
        })
    }

    /// The serving pool of a block: the most specific parent that the nesting table allows.
    pub(crate) fn serving_block(&self, index: usize, block: &IpNet) -> Option<usize> {
        self.pools_for(index)
            .filter(|(_, pool)| inside(block, &pool.prefix) && may_nest(self.claim(index).kind, block, pool.kind))
            .max_by_key(|(_, pool)| pool.prefix.prefix_len())
            .map(|(pool, _)| pool)
    }

    /// Whether another gateway claim holds an address of that pool.
    pub(crate) fn has_gateway_claim(&self, index: usize, pool: usize) -> bool {
        self.held_by_others(index).any(|held| held.gateway_of == Some(pool) && !held.doubtful)
    }

    /// The gateway that claims of a pool are told.
    pub(crate) fn gateway(&self, pool: usize) -> Option<IpAddr> {
        let of_claim = self
            .held
            .iter()
            .find(|held| held.gateway_of == Some(pool) && !held.doubtful)
            .map(|held| held.prefix.addr());
        of_claim.or(self.pools[pool].gateway.address())
    }

    /// What speaks against an address that a claim states.
    pub(crate) fn against_address(&self, index: usize, address: IpAddr) -> Objections {
        let claim = self.claim(index);
        let serving = self.serving_address(index, address);
        let mut against = Objections::default();
        for held in self.held_by_others(index).filter(|held| held.prefix.contains(&address)) {
            let holder = self.claim(held.by);
            // An aggregate is never a foreign block, nor another kind's pool.
            let at_home = has_labelled_block(holder) && [claim.kind, Kind::Aggregate].contains(&holder.kind);
            let around_serving = serving.is_some_and(|pool| held.prefix.contains(&self.pools[pool].prefix));
            if !held.block {
                against.collision("address-conflict", held);
            } else if !around_serving && !at_home {
                against.collision("in-foreign-block", held);
                against.collision("other-kind", held);
            }
        }
        let in_other_kind = self.pools_for(index).any(|(_, pool)| {
            pool.block.is_none()
                && pool.prefix.contains(&address)
                && ![claim.kind, Kind::Aggregate].contains(&pool.kind)
                && serving.is_none_or(|serving| inside(&pool.prefix, &self.pools[serving].prefix))
        });
        if in_other_kind {
            against.sure.insert("other-kind");
        }
        if let Some(serving) = serving {
            against.sure.extend(self.against_address_in(index, address, serving));
            let beside = |held: &&Held| is_gateway_claim(claim) && held.gateway_of == Some(serving);
            for held in self.held_by_others(index).filter(beside) {
                against.collision("gateway-exists", held);
            }
        }
        against
    }

    fn against_address_in(&self, index: usize, address: IpAddr, serving: usize) -> BTreeSet<&'static str> {
        let (claim, pool) = (self.claim(index), &self.pools[serving]);
        let mut codes = BTreeSet::new();
        if is_reserved(claim, pool, address) {
            codes.insert("address-reserved");
        }
        if is_gateway_claim(claim) {
            // A gateway may lie outside of what ordinary claims get.
            if has_named_gateway(pool) {
                codes.insert("gateway-exists");
            }
            return codes;
        }
        if is_stated_gateway(pool, address) {
            codes.insert("address-is-gateway");
        }
        if pool.excludes(address) {
            codes.insert("address-excluded");
        }
        if pool.out_of_range(address) {
            codes.insert("address-out-of-range");
        }
        codes
    }

    /// What speaks against a block that a claim states.
    pub(crate) fn against_block(&self, index: usize, block: &IpNet) -> Objections {
        let claim = self.claim(index);
        let mut against = Objections { sure: self.against_block_of_pools(index, block), ..Objections::default() };
        for held in self.held_by_others(index).filter(|held| overlap(&held.prefix, block)) {
            let holder = self.claim(held.by);
            let serves = |parent: &Claim, parent_prefix: &IpNet, child: &Claim, child_prefix: &IpNet| {
                has_labelled_block(parent)
                    && inside(child_prefix, parent_prefix)
                    && may_nest(child.kind, child_prefix, parent.kind)
            };
            let fine = if held.block {
                serves(holder, &held.prefix, claim, block) || serves(claim, block, holder, &held.prefix)
            } else {
                let at_home = has_labelled_block(claim) && [holder.kind, Kind::Aggregate].contains(&claim.kind);
                at_home || self.lies_deeper(index, held.prefix.addr(), block)
            };
            if !fine {
                against.collision("block-conflict", held);
                against.collision("block-nesting", held);
            }
        }
        if let Some(serving) = self.serving_block(index, block) {
            let pool = &self.pools[serving];
            if addresses(block).iter().any(|address| pool.excludes(*address)) {
                against.sure.insert("address-excluded");
            }
            if addresses(block).iter().any(|address| pool.out_of_range(*address)) {
                against.sure.insert("address-out-of-range");
            }
        }
        against
    }

    /// The address lies in a pool or block inside of this one: that one is asked whether it may.
    fn lies_deeper(&self, index: usize, address: IpAddr, block: &IpNet) -> bool {
        let deeper = |prefix: &IpNet| inside(prefix, block) && prefix.contains(&address);
        self.pools_for(index).any(|(_, pool)| deeper(&pool.prefix))
            || self.held_by_others(index).any(|held| held.block && !held.doubtful && deeper(&held.prefix))
    }

    /// What pools in the tree, blocks of claims aside, have against a block.
    pub(crate) fn against_block_of_pools(&self, index: usize, block: &IpNet) -> BTreeSet<&'static str> {
        let claim = self.claim(index);
        let mut codes = BTreeSet::new();
        for (_, pool) in self.pools_for(index).filter(|(_, pool)| pool.block.is_none()) {
            if inside(block, &pool.prefix) && !may_nest(claim.kind, block, pool.kind) {
                codes.insert("block-nesting");
            }
            let may_hold = has_labelled_block(claim)
                && inside(&pool.prefix, block)
                && may_nest(pool.kind, &pool.prefix, claim.kind);
            if block.contains(&pool.prefix) && !may_hold {
                codes.insert("block-conflict");
            }
        }
        codes
    }

    /// The addresses of a pool that are not free for a new claim.
    pub(crate) fn taken(&self, index: usize, pool: usize, asks_block: bool) -> BTreeSet<IpAddr> {
        let claim = self.claim(index);
        let serving = &self.pools[pool];
        let nested = |address: IpAddr| {
            self.pools_for(index).any(|(_, p)| inside(&p.prefix, &serving.prefix) && p.prefix.contains(&address))
        };
        let held = |address: IpAddr| {
            self.held_by_others(index)
                .any(|held| held.prefix.contains(&address) && !(held.block && held.prefix.contains(&serving.prefix)))
        };
        addresses(&serving.prefix)
            .into_iter()
            .filter(|address| {
                serving.excludes(*address)
                    || serving.out_of_range(*address)
                    || nested(*address)
                    || held(*address)
                    || (!asks_block && (is_reserved(claim, serving, *address) || is_stated_gateway(serving, *address)))
            })
            .collect()
    }
}
