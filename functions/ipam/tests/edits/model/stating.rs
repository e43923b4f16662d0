//! "Keeping what is there": claims that state an address or block, by spec.prefix, spec.index or status.

use std::collections::BTreeSet;

use ipam::Kind;
use ipnet::IpNet;

use super::addresses::{inside, single};
use super::asks::{asks_block, form_errors, has_labelled_block, is_static};
use super::candidates::{candidates, nth};
use super::gateway::is_gateway_claim;
use super::keeping::{Decision, Run};
use super::pools::{Pool, may_nest};

/// Where an index points to.
enum Target {
    Prefix(IpNet),
    /// The first candidate has no such address or block.
    Beyond,
    /// There is no candidate yet.
    Nowhere,
}

impl Run<'_> {
    /// Of two static claims for one address the second is wrong.
    pub(super) fn hold_static_address(&mut self, index: usize) {
        let Some(prefix) = self.claim(index).prefix else { return };
        if self.tree.against_address(index, prefix.addr()).sure.contains("address-conflict") {
            self.decide(index, Decision::Failed(BTreeSet::from(["address-conflict"])));
        }
        self.hold(index, prefix);
    }

    /// spec.prefix or spec.index says which.
    pub(super) fn decide_static(&mut self, index: usize) {
        let claim = self.claim(index);
        if claim.delete {
            return self.hold_pointed_at(index);
        }
        let prefix = match claim.prefix.map_or_else(|| self.indexed(index), Target::Prefix) {
            Target::Prefix(prefix) => prefix,
            Target::Nowhere => return,
            Target::Beyond => {
                self.decide(index, Decision::Failed(BTreeSet::from(["index-out-of-pool"])));
                return self.hold_status(index);
            }
        };
        let decision = self.judge_static(index, prefix).unwrap_or(Decision::Waits);
        let has = matches!(decision, Decision::Has { .. });
        self.tree.held.retain(|held| held.by != index);
        self.decide(index, decision);
        self.hold(index, prefix);
        if has && claim.index.is_some() {
            self.serve(index, prefix);
        }
    }

    /// The address or block of an index: where the status has it in any pool of its kind, else in the first candidate.
    fn indexed(&self, index: usize) -> Target {
        let claim = self.claim(index);
        let n = claim.index.unwrap_or_default();
        if let Some(status) = claim.status {
            let stated = if asks_block(claim) { status.prefix } else { single(status.prefix.addr()) };
            let from_aggregate = self.input.settings.from_aggregate && !is_gateway_claim(claim);
            let of_kind = |kind: Kind| match asks_block(claim) {
                true => may_nest(claim.kind, &stated, kind),
                false => kind == claim.kind || (from_aggregate && kind == Kind::Aggregate),
            };
            let has = |pool: &Pool| {
                pool.instance == claim.instance
                    && of_kind(pool.kind)
                    && (!asks_block(claim) || inside(&stated, &pool.prefix))
                    && nth(pool, n, claim.prefix_length) == Some(stated)
            };
            if self.tree.pools.iter().any(has) {
                return Target::Prefix(stated);
            }
            // It was given from a pool that is somewhere else, and so is what the index means.
            if self.is_elsewhere(index, status.prefix) {
                return Target::Nowhere;
            }
        }
        match candidates(claim, &self.tree.pools, &self.input.settings) {
            Ok(pools) => nth(&self.tree.pools[pools[0]], n, claim.prefix_length).map_or(Target::Beyond, Target::Prefix),
            Err(_) => Target::Nowhere,
        }
    }

    /// What a status states lies in no pool in sight that could serve it, nor in one that cannot.
    fn is_elsewhere(&self, index: usize, prefix: IpNet) -> bool {
        let in_others = if asks_block(self.claim(index)) {
            self.tree
                .pools
                .iter()
                .any(|pool| pool.instance == self.claim(index).instance && inside(&prefix.trunc(), &pool.prefix))
        } else {
            let against = self.tree.against_address(index, prefix.addr()).sure;
            against.contains("other-kind") || self.in_a_block_of_others(index, prefix)
        };
        self.serving(index, prefix).is_none() && !in_others
    }

    /// Another claim states a block around the address that can never serve it.
    fn in_a_block_of_others(&self, index: usize, prefix: IpNet) -> bool {
        let claim = self.claim(index);
        self.input.claims.iter().enumerate().any(|(other, holder)| {
            let may_serve = has_labelled_block(holder) && [claim.kind, Kind::Aggregate].contains(&holder.kind);
            // What spec.prefix overrules is looked at later.
            let status = holder.status.map(|status| status.prefix).filter(|_| holder.delete || holder.prefix.is_none());
            // A dynamic one that cannot stay is not there.
            let kept = status.filter(|_| !holder.delete && !is_static(holder));
            let stays = |prefix: IpNet| self.tree.against_block(other, &prefix.trunc()).sure.is_empty();
            other != index
                && holder.instance == claim.instance
                && asks_block(holder)
                && !holder.get
                && !may_serve
                // Where an indexed block goes is not known before its own index is looked at.
                && (holder.index.is_none() || holder.delete)
                && (holder.delete || form_errors(holder).is_empty())
                && [holder.prefix, status].iter().flatten().any(|block| block.contains(&prefix.addr()))
                && kept.is_none_or(stays)
        })
    }

    /// What becomes of a status, and what an index means, may hang on whether it lies in the block of another claim, and
    /// one in error, or in doubt beside one, has none, or has it all the same.
    pub(super) fn leans_on_failed(&self, index: usize) -> bool {
        let claim = self.claim(index);
        let Some(status) = claim.status else { return false };
        self.input.claims.iter().enumerate().any(|(other, holder)| {
            let stated = [holder.prefix, holder.status.map(|status| status.prefix)];
            other != index
                && holder.instance == claim.instance
                && asks_block(holder)
                && (self.doubtful.contains(&other) || matches!(self.decisions.get(&other), Some(Decision::Failed(_))))
                && stated.iter().flatten().any(|block| block.contains(&status.prefix.addr()))
        })
    }

    /// A claim to be deleted that states no more than its index holds what that means, where it could have it.
    fn hold_pointed_at(&mut self, index: usize) {
        let Target::Prefix(prefix) = self.indexed(index) else { return };
        if matches!(self.judge_static(index, prefix), Some(Decision::Has { .. })) {
            self.hold(index, prefix);
            self.serve(index, prefix);
        }
    }

    /// Whether spec.prefix or what spec.index means is right; `None` where no pool serves it.
    fn judge_static(&mut self, index: usize, prefix: IpNet) -> Option<Decision> {
        let claim = self.claim(index);
        let serving = self.serving(index, prefix).map(|pool| self.tree.pools[pool].prefix.prefix_len());
        let address = claim.kind == Kind::Network && !asks_block(claim) && claim.prefix.is_some();
        let wrong_length = address && serving.is_some_and(|length| length != prefix.prefix_len());
        match self.judge(index, prefix) {
            Some(Decision::Failed(mut codes)) => {
                codes.extend(wrong_length.then_some("wrong-length"));
                Some(Decision::Failed(codes))
            }
            Some(_) if wrong_length => Some(Decision::Failed(BTreeSet::from(["wrong-length"]))),
            other => other,
        }
    }

    /// Whether what a claim states is right; `None` where nothing speaks against it, but no pool serves it either.
    fn judge(&mut self, index: usize, prefix: IpNet) -> Option<Decision> {
        let claim = self.claim(index);
        let (has, mut against) = if asks_block(claim) {
            (prefix.trunc(), self.tree.against_block(index, &prefix.trunc()))
        } else {
            (single(prefix.addr()), self.tree.against_address(index, prefix.addr()))
        };
        if !against.sure.is_empty() {
            // Whether it may move may hang on what it collides with.
            if !against.doubtful.is_empty() && self.input.settings.reallocate {
                self.doubtful.insert(index);
            }
            against.sure.extend(against.doubtful);
            return Some(Decision::Failed(against.sure));
        }
        if !against.doubtful.is_empty() {
            self.doubtful.insert(index);
        }
        self.serving(index, prefix).map(|pool| Decision::Has { prefix: has, pool })
    }

    /// What stands in a status is kept.
    pub(super) fn decide_status(&mut self, index: usize) {
        let Some(status) = self.claim(index).status else { return };
        let decision = self.judge(index, status.prefix).unwrap_or(Decision::Unserved);
        // A second gateway is in the wrong wherever it goes.
        let may_move = |codes: &BTreeSet<&str>| codes.iter().any(|code| *code != "gateway-exists");
        if matches!(&decision, Decision::Failed(codes) if may_move(codes)) && self.input.settings.reallocate {
            self.moving.insert(index);
        } else {
            self.decide(index, decision);
            self.hold_status(index);
        }
    }

    /// The status of a static or indexed claim that waits for its pool still stands in the tree.
    pub(super) fn hold_overruled(&mut self, index: usize) {
        let claim = self.claim(index);
        let waits = match self.decisions.get(&index) {
            None => claim.index.is_some(),
            Some(decision) => *decision == Decision::Waits,
        };
        let Some(status) = claim.status.filter(|_| waits) else { return };
        if claim.prefix.is_some_and(|prefix| self.same(index, status.prefix, prefix)) {
            self.decide(index, Decision::Unserved);
        } else if let Some(failed @ Decision::Failed(_)) = self.judge(index, status.prefix) {
            self.decide(index, failed);
        }
        self.hold_status(index);
    }

    /// Indexed claims that only a new block can serve.
    pub(super) fn decide_waiting(&mut self) {
        loop {
            let before = (self.decisions.len(), self.tree.held.len());
            for index in self.open(is_static) {
                self.decide_static(index);
            }
            if (self.decisions.len(), self.tree.held.len()) == before {
                return;
            }
        }
    }

    /// Indexed claims without a candidate: they keep a status that no pool serves.
    pub(super) fn give_up_waiting(&mut self, index: usize) {
        if self.decisions.contains_key(&index) || self.claim(index).delete {
            return;
        }
        let unserved = self.claim(index).status.filter(|status| self.serving(index, status.prefix).is_none());
        let Some(status) = unserved else { return self.decide(index, Decision::NoCandidate) };
        self.decide(index, Decision::Unserved);
        self.serve(index, status.prefix);
        self.decide_waiting();
    }
}
