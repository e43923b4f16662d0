//! "Keeping what is there": what the decisions mean for the statuses, once all gateways are known.

use std::collections::BTreeSet;

use ipam::{Family, Kind, Selector, Status};
use ipnet::IpNet;

use super::asks::{asks_block, is_static, wants};
use super::candidates::{NoCandidate, candidates};
use super::gateway::is_gateway_claim;
use super::keeping::{Decision, Run};
use super::{Answer, Class};

impl Run<'_> {
    pub(super) fn written(&self, index: usize) -> Answer {
        let claim = self.claim(index);
        let mut warnings = BTreeSet::new();
        let class = match &self.decisions[&index] {
            Decision::Has { prefix, pool } => {
                // A labelled block that was stated later may have come between a block and its pool.
                let pool = if asks_block(claim) { self.serving(index, *prefix).unwrap_or(*pool) } else { *pool };
                warnings = self.warnings(index, *prefix, pool);
                self.placed(index, *prefix, pool)
            }
            Decision::Unserved => {
                let status = claim.status.expect("only a status is kept");
                Class::KeptUnserved { pools_in_sight: self.pools_in_sight(index, status) }
            }
            Decision::Get => {
                let class = self.got(index);
                // What it stated as an ordinary claim is free from now on.
                let let_go =
                    matches!(class, Class::Got(..)) && claim.status.is_some_and(|s| !self.is_answer(index, &s.prefix));
                warnings.extend(let_go.then_some("status-rewritten"));
                class
            }
            Decision::NoCandidate if self.moving.contains(&index) => Class::Failed(BTreeSet::from(["cannot-move"])),
            Decision::NoCandidate => self.unmatched(index),
            Decision::Deleting => {
                warnings.extend(self.is_held_twice(index).then_some("held-twice"));
                Class::Deleting
            }
            Decision::Waits => Class::Pending("static-without-pool"),
            Decision::Failed(codes) => Class::Failed(codes.clone()),
        };
        let doubtful = self.doubtful.contains(&index) || self.leans_on_failed(index);
        Answer { class, warnings, doubtful }
    }

    /// What a kept status or spec.prefix does not fit. Without a selector there is nothing to hold against spec.prefix.
    fn warnings(&self, index: usize, prefix: IpNet, pool: usize) -> BTreeSet<&'static str> {
        let claim = self.claim(index);
        let mut warnings = BTreeSet::new();
        if self.moving.contains(&index) || (claim.status.is_none() && !is_static(claim)) {
            return warnings;
        }
        let silent = claim.prefix.is_some() && claim.selector == Selector::default();
        if !silent && !wants(claim, &self.tree.pools[pool], self.input.settings.strict_selectors) {
            warnings.insert("selector-mismatch");
        }
        if !is_static(claim) && claim.prefix_length.is_some_and(|length| length != prefix.prefix_len()) {
            warnings.insert("length-differs");
        }
        warnings
    }

    /// What a claim that goes states is somebody else's as well.
    fn is_held_twice(&self, index: usize) -> bool {
        let shared = ["address-conflict", "in-foreign-block", "address-is-gateway", "gateway-exists", "block-conflict"];
        let own = self.tree.held.iter().filter(|held| held.by == index);
        own.flat_map(|held| {
            let against = match held.block {
                true => self.tree.against_block(index, &held.prefix),
                false => self.tree.against_address(index, held.prefix.addr()),
            };
            against.sure.into_iter().chain(against.doubtful)
        })
        .any(|code| shared.contains(&code))
    }

    fn placed(&self, index: usize, prefix: IpNet, pool: usize) -> Class {
        let claim = self.claim(index);
        let serving = &self.tree.pools[pool];
        let block = asks_block(claim);
        let status = if block || claim.kind != Kind::Network {
            Status { prefix, gateway: None }
        } else {
            let prefix = IpNet::new(prefix.addr(), serving.prefix.prefix_len()).expect("a pool's length");
            let gateway = if is_gateway_claim(claim) { None } else { self.tree.gateway(pool) };
            Status { prefix, gateway }
        };
        // Never against an aggregate.
        let is_mended = !block && serving.kind == claim.kind;
        match claim.status {
            None => Class::Allocated(status, serving.prefix),
            Some(_) if self.moving.contains(&index) => Class::Moved(status, serving.prefix),
            Some(found) if is_static(claim) && !self.same(index, found.prefix, prefix) => {
                Class::Rewritten(status, serving.prefix)
            }
            Some(found) if is_mended && found != status => Class::Mended(status, serving.prefix),
            Some(_) => Class::Kept(serving.prefix),
        }
    }

    /// `action: get`: the first candidate pool, and its gateway for kind network.
    fn got(&self, index: usize) -> Class {
        let claim = self.claim(index);
        match (candidates(claim, &self.tree.pools, &self.input.settings), claim.status) {
            (Ok(pools), _) => {
                let prefix = self.tree.pools[pools[0]].prefix;
                let gateway = if claim.kind == Kind::Network { self.tree.gateway(pools[0]) } else { None };
                Class::Got(Status { prefix, gateway }, prefix)
            }
            (Err(_), Some(status)) => Class::KeptUnserved { pools_in_sight: self.pools_in_sight(index, status) },
            (Err(_), None) => self.unmatched(index),
        }
    }

    /// What is said of a claim that no pool serves, of all that are there at the end.
    fn unmatched(&self, index: usize) -> Class {
        match candidates(self.claim(index), &self.tree.pools, &self.input.settings) {
            Err(NoCandidate::NoPool) => Class::Pending("no-pool"),
            Err(NoCandidate::TooShort) => Class::Failed(BTreeSet::from(["prefix-length-too-short"])),
            Err(NoCandidate::NoMatch) | Ok(_) => Class::Pending("no-matching-pool"),
        }
    }

    /// The tree shows a pool other than aggregates for that network instance and family.
    fn pools_in_sight(&self, index: usize, status: Status) -> bool {
        self.tree.pools.iter().filter(|pool| pool.block.is_none()).any(|pool| {
            pool.instance == self.claim(index).instance
                && pool.family() == Family::of(&status.prefix)
                && pool.kind != Kind::Aggregate
        })
    }
}
