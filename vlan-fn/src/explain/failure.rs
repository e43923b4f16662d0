//! Contradictions: who is at fault, with whom, and what to do.

use std::collections::BTreeMap;

use krm::{Field, Finding};

use super::words::{asking, block_size, counts, field_of, shared_name, stated_in, stating};
use super::{Explainer, Ordered};
use crate::codes;
use crate::plan::{Answer, Claim, Failure, Holder, Ids, Request, Verdict, why_unusable};

impl Explainer<'_> {
    /// Errors. Claims that ask the same of a full index make one, not thousands.
    pub(super) fn failures(&self, order: &Ordered<'_>) -> Vec<Finding> {
        let mut alike: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        let mut failures: Vec<(usize, &Claim, Failure)> = Vec::new();
        for (number, claim, outcome) in order {
            let Verdict::Failed(failure) = outcome.verdict else { continue };
            if let Failure::Full { usage } = failure {
                let same = alike.entry((&claim.index, usage.within, block_size(claim.request))).or_default();
                same.push(*number);
                if same.len() > 1 {
                    continue;
                }
            }
            failures.push((*number, *claim, failure));
        }
        let findings = failures.into_iter().map(|(number, claim, failure)| {
            let others = match failure {
                Failure::Full { usage } => alike.get(&(&claim.index, usage.within, block_size(claim.request))),
                _ => None,
            };
            let others = others.and_then(|same| same.get(1..)).unwrap_or_default();
            self.failure(number, claim, failure, others)
        });
        findings.collect()
    }

    fn failure(&self, number: usize, claim: &Claim, failure: Failure, alike: &[usize]) -> Finding {
        let index = &claim.index;
        let (code, field, message) = match failure {
            Failure::Unusable { stated, id } => (
                codes::VLAN_ID_OUT_OF_RANGE,
                field_of(stated),
                format!(
                    "{}, which is not within 2 to 4094: {}. Clear the status to have a free one given",
                    stating(stated),
                    why_unusable(id)
                ),
            ),
            Failure::Misfit { stated } => (
                codes::VLAN_STATUS_MISFIT,
                field_of(stated),
                format!(
                    "{}, but the claim asks for {}. Clear the status to have it given",
                    stating(stated),
                    asking(claim)
                ),
            ),
            Failure::Held { stated, id, holder } => {
                (codes::VLAN_ID_CONFLICT, stated_in(claim, stated), self.conflict(claim, stated, id, holder))
            }
            Failure::SharersState { own, other, others } => (
                codes::VLAN_SHARERS_DISAGREE,
                stated_in(claim, own),
                format!(
                    "{own}, but {}, with which it shares ({}), has {others}: claims that share have one answer. {}",
                    self.claim_name(other),
                    shared_name(claim),
                    match claim.request {
                        Request::Exactly(_) => "State the same in both, or take the name from one of them",
                        _ => "Clear the status of the one that may change, or take the name from it",
                    }
                ),
            ),
            Failure::SharersAsk { other } => (
                codes::VLAN_SHARERS_DISAGREE,
                Field::new("spec.range"),
                format!(
                    "the claim asks for {}, but {}, with which it shares ({}), for {}: claims that share have one answer. \
                     State the same in both, or take the name from one of them",
                    asking(claim),
                    self.claim_name(other),
                    shared_name(claim),
                    self.tree.input.claims.get(other).map(asking).unwrap_or_default()
                ),
            ),
            Failure::SharersRange { other, others } => (
                codes::VLAN_SHARERS_DISAGREE,
                Field::new("spec.range"),
                format!(
                    "the claim asks for {}, but {}, with which it shares ({}), has {others}: claims that share have one \
                     answer. Remove spec.range here, or take the name from one of them",
                    asking(claim),
                    self.claim_name(other),
                    shared_name(claim)
                ),
            ),
            Failure::Full { usage } => (
                codes::VLAN_INDEX_EXHAUSTED,
                Field::new("spec.vlanIndex.name").current(index.name.as_str()),
                format!(
                    "VLANIndex {index} has nothing left: the claim asks for {}; {}{}. Remove claims that are not needed any \
                     more, {}",
                    asking(claim),
                    counts(usage),
                    self.others(alike),
                    match claim.request {
                        Request::Block(_) => "or ask for fewer IDs",
                        Request::One(ids) if ids != Ids::ALL => "or widen spec.range",
                        _ => "or use a further VLANIndex",
                    }
                ),
            ),
            Failure::CannotMove { stated, usage } => (
                codes::VLAN_INDEX_EXHAUSTED,
                field_of(stated),
                format!(
                    "{} and cannot be kept, but VLANIndex {index} has nothing to give in its place: the claim asks for {}; \
                     {}. The status stays as it is",
                    stating(stated),
                    asking(claim),
                    counts(usage)
                ),
            ),
        };
        self.on_claim(number, Finding::error(code, message).field(field))
    }

    fn conflict(&self, claim: &Claim, stated: Answer, id: u16, holder: Holder) -> String {
        let index = &claim.index;
        let which = match stated {
            Answer::Id(_) => format!("VLAN ID {id} of VLANIndex {index}"),
            Answer::Block(ids) => format!("VLAN ID {id}, one of {ids} of VLANIndex {index},"),
        };
        match (holder, claim.request) {
            (Holder::Vlan(vlan), Request::Exactly(_)) => format!(
                "{which} is registered by {}: choose another one, or remove spec.vlanID to have a free one given",
                self.name(self.tree.vlans.get(vlan))
            ),
            (Holder::Vlan(vlan), _) => format!(
                "{which} is registered by {}: clear the status to have a free one given, or remove that VLAN",
                self.name(self.tree.vlans.get(vlan))
            ),
            (Holder::Claim(other), request) => format!(
                "{which} is held by {} too, and the two do not share it: one ID has one owner. {}. If both belong to one \
                 network, give both the same annotation {}. If neither is in Git yet, run vlan-fn only in the package that \
                 holds the VLANIndex",
                self.claim_name(other),
                match request {
                    Request::Exactly(_) => "Choose another one, or remove spec.vlanID to have a free one given",
                    _ => {
                        "Clear the status of the one that may change, to have a free one given; krmnet render --reallocate, \
                         or conflict: Reallocate in the functionConfig, does so for the later of the two"
                    }
                },
                api::annotations::VLAN_CLAIM_NAME
            ),
        }
    }

    fn others(&self, alike: &[usize]) -> String {
        match alike {
            [] => String::new(),
            [one] => format!("; {} asks for the same", self.claim_name(*one)),
            [one, more @ ..] => format!("; {} and {} more ask for the same", self.claim_name(*one), more.len()),
        }
    }
}
