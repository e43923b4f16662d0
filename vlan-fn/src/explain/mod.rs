//! What is said about a plan: what was found, what was expected, what to do.

mod failure;
mod words;

use std::collections::BTreeMap;

use krm::{Field, Finding, ItemId, ResourceList};

use crate::codes;
use crate::near;
use crate::plan::{Claim, Clash, Failure, Holder, Index, Outcome, Plan, Verdict, Warning, why_unusable};
use crate::read::Tree;
use words::{asking, changed, field_of, shared_name};

/// How many infos are shown one by one; more become a count per index.
const SHOWN: usize = 20;

/// Puts a plan into words, in the order of the claims' keys.
pub(crate) fn findings(list: &ResourceList, tree: &Tree, plan: &Plan) -> Vec<Finding> {
    let claims = || tree.input.claims.iter().zip(&plan.outcomes);
    let pending = claims().filter(|(_, outcome)| outcome.verdict == Verdict::Pending).map(|(claim, _)| &claim.index);
    let near = near::Indices::of(&tree.input);
    let missing = near.missing(pending.collect());
    let explainer = Explainer { list, tree, near, missing };
    let mut order: Vec<(usize, &Claim, &Outcome)> =
        claims().enumerate().map(|(n, (claim, outcome))| (n, claim, outcome)).collect();
    order.sort_by(|(_, a, _), (_, b, _)| a.key.cmp(&b.key));

    let mut findings: Vec<Finding> = plan.clashes.iter().filter_map(|clash| explainer.clash(*clash)).collect();
    findings.extend(explainer.failures(&order));
    findings.extend(order.iter().filter_map(|(number, claim, outcome)| explainer.warning(*number, claim, outcome)));
    findings.extend(explainer.infos(&order));
    findings
}

/// Claims with what became of them, in the order of their keys, each with its position in the input.
type Ordered<'p> = [(usize, &'p Claim, &'p Outcome)];

struct Explainer<'p> {
    list: &'p ResourceList,
    tree: &'p Tree,
    near: near::Indices<'p>,
    /// What to say to pending claims.
    missing: BTreeMap<&'p Index, String>,
}

impl Explainer<'_> {
    fn on_claim(&self, number: usize, finding: Finding) -> Finding {
        match self.tree.claims.get(number) {
            Some(id) => self.list.about(finding, *id),
            None => finding,
        }
    }

    /// An object as another one's message names it: `VLANClaim upf/n3 (n3.yaml)`.
    fn name(&self, id: Option<&ItemId>) -> String {
        let Some(item) = id.and_then(|id| self.list.get(*id)) else { return "another object".to_owned() };
        let namespace = Some(item.namespace()).filter(|namespace| !namespace.is_empty());
        let name = namespace.map_or_else(|| item.name().to_owned(), |namespace| format!("{namespace}/{}", item.name()));
        match self.tree.packages.file_of(item) {
            Some(file) => format!("{} {name} ({file})", item.kind()),
            None => format!("{} {name}", item.kind()),
        }
    }

    fn claim_name(&self, number: usize) -> String {
        self.name(self.tree.claims.get(number))
    }

    fn clash(&self, Clash { vlan, other, id }: Clash) -> Option<Finding> {
        let index = &self.tree.input.vlans.get(vlan)?.index;
        let message = format!(
            "VLAN ID {id} of VLANIndex {index} is registered by {} too: one ID has one owner, so remove it from one of the two",
            self.name(self.tree.vlans.get(other))
        );
        let finding =
            Finding::error(codes::VLAN_ID_CONFLICT, message).field(Field::new("spec.vlanID").current(id.to_string()));
        Some(self.list.about(finding, *self.tree.vlans.get(vlan)?))
    }

    fn warning(&self, number: usize, claim: &Claim, outcome: &Outcome) -> Option<Finding> {
        let index = &claim.index;
        let finding = match (outcome.verdict, outcome.warning) {
            (Verdict::Pending, _) => {
                let message = self.missing.get(index).cloned().unwrap_or_default();
                Finding::warning(codes::NO_VLAN_INDEX, message)
                    .field(Field::new("spec.vlanIndex.name").current(index.name.as_str()))
            }
            (Verdict::KeptWithoutIndex(answer), _) => {
                let elsewhere = self.near.elsewhere(index)?;
                let message = format!(
                    "{answer} is kept as it stands, but this tree has no VLANIndex {index}, only {elsewhere}: set \
                     spec.vlanIndex.namespace to {}, or move that VLANIndex",
                    elsewhere.namespace
                );
                Finding::warning(codes::NOT_IN_A_VLAN_INDEX, message).field("spec.vlanIndex.namespace")
            }
            (Verdict::Rewritten { from, to }, _) => {
                let message = format!("spec.vlanID beats the status: from {from} to {to}; what it held is free again");
                Finding::warning(codes::VLAN_ID_REWRITTEN, message).field(changed(from, to))
            }
            (Verdict::Moved { from, to, why }, _) => {
                let message = format!("from {from} to {to}: {} (conflict: Reallocate)", self.why_moved(claim, why));
                Finding::warning(codes::VLAN_ID_MOVED, message).field(changed(from, to))
            }
            (Verdict::Kept(answer), Some(Warning::OutsideRange(range))) => {
                let message = format!(
                    "{answer} is kept, but spec.range asks for one of {range}: clear the status to have one of these given"
                );
                Finding::warning(codes::KEPT_OUTSIDE_RANGE, message).field(field_of(answer))
            }
            (_, Some(Warning::OtherSize(size))) => {
                let answer = outcome.verdict.answer()?;
                let message = format!(
                    "{answer} stay as they are, but spec.range asks for {size} IDs: clear the status to have as many given"
                );
                Finding::warning(codes::KEPT_OTHER_SIZE, message).field(field_of(answer))
            }
            _ => return None,
        };
        Some(self.on_claim(number, finding))
    }

    fn why_moved(&self, claim: &Claim, why: Failure) -> String {
        match why {
            Failure::Held { id, holder: Holder::Claim(other), .. } => {
                format!("{} holds {id}", self.claim_name(other))
            }
            Failure::Held { id, holder: Holder::Vlan(vlan), .. } => {
                format!("{} registers {id}", self.name(self.tree.vlans.get(vlan)))
            }
            Failure::SharersState { other, .. } => {
                format!("{} shares {} with it", self.claim_name(other), shared_name(claim))
            }
            Failure::Unusable { id, .. } => why_unusable(id).to_owned(),
            _ => format!("the claim asks for {}", asking(claim)),
        }
    }

    /// What was given, and what is kept on trust.
    fn infos(&self, order: &Ordered<'_>) -> Vec<Finding> {
        let mut given = Vec::new();
        let mut trusted = Vec::new();
        for (number, claim, outcome) in order {
            match outcome.verdict {
                Verdict::Allocated(answer) => {
                    let shared = claim.share.as_ref().map(|name| format!(", shared as {name}")).unwrap_or_default();
                    let message = format!("{}: {answer} from VLANIndex {}{shared}", claim.key.name, claim.index);
                    given.push((*claim, self.on_claim(*number, Finding::info(codes::ALLOCATED, message))));
                }
                Verdict::KeptWithoutIndex(answer) if self.near.elsewhere(&claim.index).is_none() => {
                    let message = format!("{answer} is kept as it stands: this tree has no VLANIndex {}", claim.index);
                    let finding = Finding::info(codes::KEPT_WITHOUT_VLAN_INDEX, message).field(field_of(answer));
                    trusted.push((*claim, self.on_claim(*number, finding)));
                }
                _ => {}
            }
        }
        let mut findings = counted(given, |n, index| format!("VLANIndex {index}: answers given to {n} claims"));
        findings.extend(counted(trusted, |n, index| {
            format!("this tree has no VLANIndex {index}: the statuses of {n} claims are kept as they stand")
        }));
        findings
    }
}

/// Infos of one code: each, or of many a count per index.
fn counted(infos: Vec<(&Claim, Finding)>, text: impl Fn(usize, &Index) -> String) -> Vec<Finding> {
    let Some(code) = infos.first().map(|(_, finding)| finding.code) else { return Vec::new() };
    if infos.len() <= SHOWN {
        return infos.into_iter().map(|(_, finding)| finding).collect();
    }
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    for (claim, _) in &infos {
        *counts.entry(&claim.index).or_default() += 1;
    }
    counts.into_iter().map(|(index, count)| Finding::info(code, text(count, index))).collect()
}
