//! "Keeping what is there", steps 3 to 5: what claims without a place are given.

use std::collections::BTreeSet;

use ipnet::IpNet;

use super::addresses::{first_usable, single};
use super::asks::asks_block;
use super::candidates::{candidates, choose};
use super::gateway::has_named_gateway;
use super::keeping::{Decision, Run};

impl Run<'_> {
    /// Step 3: the first free block; labelled, it is a pool from that moment.
    pub(super) fn give_block(&mut self, index: usize) {
        self.give_first_free(index);
        if let Some(Decision::Has { prefix, .. }) = self.decisions.get(&index) {
            self.serve(index, *prefix);
        }
    }

    /// Step 4: the default gateway address of the first candidate subnet without a gateway.
    pub(super) fn give_gateway(&mut self, index: usize) {
        let Some(candidates) = self.candidates_or_decide(index) else { return };
        let vacant =
            |pool: &usize| !has_named_gateway(&self.tree.pools[*pool]) && !self.tree.has_gateway_claim(index, *pool);
        let Some(pool) = candidates.into_iter().find(vacant) else {
            return self.fail(index, BTreeSet::from(["gateway-exists"]));
        };
        let address = first_usable(&self.tree.pools[pool].prefix);
        let mut codes = self.tree.against_address(index, address).sure;
        if codes.is_empty() {
            return self.give(index, single(address), pool);
        }
        if codes.remove("address-conflict") || codes.remove("in-foreign-block") {
            codes.insert("gateway-taken");
        }
        self.fail(index, codes);
    }

    /// Step 5: the first free address.
    pub(super) fn give_address(&mut self, index: usize) {
        self.give_first_free(index);
    }

    fn give_first_free(&mut self, index: usize) {
        let claim = self.claim(index);
        let Some(candidates) = self.candidates_or_decide(index) else { return };
        for pool in candidates {
            let prefix = self.tree.pools[pool].prefix;
            let taken = self.tree.taken(index, pool, asks_block(claim));
            let length = claim.prefix_length.unwrap_or(prefix.max_prefix_len());
            if let Some(chosen) = choose(&prefix, length, self.input.settings.order, &taken) {
                return self.give(index, chosen, pool);
            }
        }
        self.fail(index, BTreeSet::from(["pool-exhausted"]));
    }

    /// The candidates for a claim that gets something new. Why there is none is said at the end.
    fn candidates_or_decide(&mut self, index: usize) -> Option<Vec<usize>> {
        let candidates = candidates(self.claim(index), &self.tree.pools, &self.input.settings).ok();
        if candidates.is_none() {
            self.decide(index, Decision::NoCandidate);
        }
        candidates
    }

    fn give(&mut self, index: usize, prefix: IpNet, pool: usize) {
        self.hold(index, prefix);
        self.decide(index, Decision::Has { prefix, pool });
    }

    fn fail(&mut self, index: usize, codes: BTreeSet<&'static str>) {
        let codes = if self.moving.contains(&index) { BTreeSet::from(["cannot-move"]) } else { codes };
        self.decide(index, Decision::Failed(codes));
    }
}
