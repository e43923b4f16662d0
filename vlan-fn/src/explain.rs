//! What is said about a plan: what was found, what was expected, what to do.

use std::collections::BTreeMap;

use krm::{Field, Finding, ItemId, ResourceList};

use crate::near;
use crate::plan::{
    Answer, Claim, Clash, Failure, Holder, Ids, Index, Outcome, Plan, Request, Usage, Verdict, Warning, why_unusable,
};
use crate::read::Tree;

/// Code: the index of a claim is not in sight, so the claim waits.
pub(crate) const NO_INDEX: &str = "no-vlan-index";
/// Code: a status is kept although its index is not in sight, and one of the same name is, in another namespace.
pub(crate) const NOT_IN_AN_INDEX: &str = "not-in-a-vlan-index";

/// How many infos are shown one by one; more become a count per index.
const SHOWN: usize = 20;

/// The findings of a plan, in the order of the claims' keys. Where there is an error nothing is written, so what would
/// have been given is not told.
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
    let failed = findings.iter().any(Finding::is_error);
    for (number, claim, outcome) in &order {
        findings.extend(explainer.warning(*number, claim, outcome));
    }
    if !failed {
        findings.extend(explainer.infos(&order));
    }
    findings
}

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
            Finding::error("vlan-id-conflict", message).field(Field::new("spec.vlanID").current(id.to_string()));
        Some(self.list.about(finding, *self.tree.vlans.get(vlan)?))
    }

    /// Errors. Claims that ask the same of a full index make one, not thousands.
    fn failures(&self, order: &Ordered<'_>) -> Vec<Finding> {
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
                "vlan-id-out-of-range",
                field_of(stated),
                format!(
                    "{}: {}; VLAN IDs are 2 to 4094. Clear the status to have a free one given",
                    stating(stated),
                    why_unusable(id)
                ),
            ),
            Failure::Misfit { stated } => (
                "vlan-status-misfit",
                field_of(stated),
                format!(
                    "{}, but the claim asks for {}. Clear the status to have it given",
                    stating(stated),
                    asking(claim)
                ),
            ),
            Failure::Held { stated, id, holder } => {
                ("vlan-id-conflict", stated_in(claim, stated), self.conflict(claim, stated, id, holder))
            }
            Failure::SharersState { own, other, others } => (
                "vlan-sharers-disagree",
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
                "vlan-sharers-disagree",
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
                "vlan-sharers-disagree",
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
                "vlan-index-exhausted",
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
                "vlan-index-exhausted",
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
                    _ => "Clear the status of the one that may change, to have a free one given",
                },
                api::annotations::VLAN_CLAIM_NAME
            ),
        }
    }

    fn others(&self, alike: &[usize]) -> String {
        match alike {
            [] => String::new(),
            [one] => format!("; {} asks for the same", self.claim_name(*one)),
            [one, more @ ..] => format!("; {} and {} more claims ask for the same", self.claim_name(*one), more.len()),
        }
    }

    fn warning(&self, number: usize, claim: &Claim, outcome: &Outcome) -> Option<Finding> {
        let index = &claim.index;
        let finding = match (outcome.verdict, outcome.warning) {
            (Verdict::Pending, _) => {
                let message = self.missing.get(index).cloned().unwrap_or_default();
                Finding::warning(NO_INDEX, message).field("spec.vlanIndex.name")
            }
            (Verdict::KeptWithoutIndex(answer), _) => {
                let elsewhere = self.near.elsewhere(index)?;
                let message = format!(
                    "{answer} is kept as it stands, but this tree has no VLANIndex {index}, only {elsewhere}: set \
                     spec.vlanIndex.namespace to {}, or move that VLANIndex",
                    elsewhere.namespace
                );
                Finding::warning(NOT_IN_AN_INDEX, message).field("spec.vlanIndex.namespace")
            }
            (Verdict::Rewritten { from, to }, _) => {
                let message = format!("spec.vlanID beats the status: from {from} to {to}; what it held is free again");
                Finding::warning("vlan-id-rewritten", message).field(changed(from, to))
            }
            (Verdict::Moved { from, to, why }, _) => {
                let message = format!("from {from} to {to}: {} (conflict: Reallocate)", self.why_moved(claim, why));
                Finding::warning("vlan-id-moved", message).field(changed(from, to))
            }
            (Verdict::Kept(answer), Some(Warning::OutsideRange(range))) => {
                let message = format!(
                    "{answer} is kept, but spec.range asks for one of {range}: clear the status to have one of these given"
                );
                Finding::warning("kept-outside-range", message).field(field_of(answer))
            }
            (_, Some(Warning::OtherSize(size))) => {
                let answer = outcome.verdict.answer()?;
                let message = format!(
                    "{answer} stay as they are, but spec.range asks for {size} IDs: clear the status to have as many given"
                );
                Finding::warning("kept-other-size", message).field(field_of(answer))
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
                    given.push((*claim, self.on_claim(*number, Finding::info("allocated", message))));
                }
                Verdict::KeptWithoutIndex(answer) if self.near.elsewhere(&claim.index).is_none() => {
                    let message = format!("{answer} is kept as it stands: this tree has no VLANIndex {}", claim.index);
                    let finding = Finding::info("kept-without-vlan-index", message).field(field_of(answer));
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

fn block_size(request: Request) -> Option<u16> {
    match request {
        Request::Block(size) => Some(size),
        Request::Exactly(_) | Request::One(_) => None,
    }
}

/// The request as a noun.
fn asking(claim: &Claim) -> String {
    match claim.request {
        Request::Exactly(id) => format!("VLAN ID {id}"),
        Request::One(ids) if ids == Ids::ALL => "one VLAN ID".to_owned(),
        Request::One(ids) => format!("one VLAN ID of {ids}"),
        Request::Block(size) => format!("{size} VLAN IDs in a row"),
    }
}

fn counts(Usage { within, vlans, claims, largest }: Usage) -> String {
    let free = usize::try_from(within.len()).unwrap_or(usize::MAX).saturating_sub(vlans).saturating_sub(claims);
    let row = if free == 0 { String::new() } else { format!(", at most {largest} of them in a row") };
    format!("of the {} IDs {within}, claims hold {claims}, VLANs {vlans}, and {free} are free{row}", within.len())
}

fn shared_name(claim: &Claim) -> String {
    format!("{} {}", api::annotations::VLAN_CLAIM_NAME, claim.share.as_deref().unwrap_or_default())
}

fn stating(stated: Answer) -> String {
    match stated {
        Answer::Id(id) => format!("the status states VLAN ID {id}"),
        Answer::Block(ids) => format!("the status states the VLAN IDs {ids}"),
    }
}

fn value(answer: Answer) -> String {
    match answer {
        Answer::Id(id) => id.to_string(),
        Answer::Block(ids) => ids.to_string(),
    }
}

fn field_of(answer: Answer) -> Field {
    let path = match answer {
        Answer::Id(_) => "status.vlanID",
        Answer::Block(_) => "status.vlanRange",
    };
    Field::new(path).current(value(answer))
}

/// The field in which a claim states an answer.
fn stated_in(claim: &Claim, stated: Answer) -> Field {
    match claim.request {
        Request::Exactly(id) => Field::new("spec.vlanID").current(id.to_string()),
        Request::One(_) | Request::Block(_) => field_of(stated),
    }
}

fn changed(from: Answer, to: Answer) -> Field {
    field_of(from).proposed(value(to))
}
