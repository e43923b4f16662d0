//! What has to become of a package: from its Interfaces and what an earlier run left to the children that are wanted,
//! the edits of those that are there, the conditions and each Interface's status.
//!
//! Pure: no YAML, no files. An object is known by a number that its caller chose.
//!
//! | module | question |
//! |---|---|
//! | [`want`] | which children does an Interface ask for? |
//! | [`kin`] | which objects are children of which Interface, and which are nobody's any more? |
//! | [`child`] | what has to change in a child so that it asks for the right thing? |
//! | [`progress`] | what do the conditions say then? |
//! | [`status`] | what does the Interface's status say then? |
//! | [`pending`] | what is still missing, and what can a user do about it? |

mod address;
mod child;
mod kin;
mod pending;
mod progress;
mod status;
mod want;

use api::{Interface, IpClaim, ObjectMeta, VlanClaim, kinds};
use krm::kptfile::Conditions;
use krm::{Finding, Placed, Source};
use serde_json::Value;

use child::Diff;
use kin::Kin;
use progress::Progress;
use want::{Verdict, Want};

/// One package: a directory with a Kptfile.
#[derive(Debug, Clone, Default)]
pub(crate) struct Package {
    pub(crate) interfaces: Vec<Placed<Interface>>,
    pub(crate) ip_claims: Vec<Placed<IpClaim>>,
    pub(crate) vlan_claims: Vec<Placed<VlanClaim>>,
    pub(crate) nads: Vec<Placed<ObjectMeta>>,
    pub(crate) cluster: Cluster,
}

/// The cluster that a package is for: of the package itself, else of the nearest one around it.
pub(crate) type Cluster = api::infra::Cluster<Source>;

/// What has to become of a package, beside its conditions.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Plan {
    /// Items to take out.
    pub(crate) remove: Vec<usize>,
    /// Items to change, each once.
    pub(crate) edits: Vec<(usize, Vec<Edit>)>,
    /// Claims to add.
    pub(crate) create: Vec<NewChild>,
    /// What users should know. With an error among them the rest is void.
    pub(crate) findings: Vec<Finding>,
}

/// A change of one field. Maps on the way are made where they are absent or null.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Edit {
    /// The field has this value.
    Set(Vec<String>, Value),
    /// The field is not there.
    Remove(Vec<String>),
}

impl Edit {
    pub(crate) fn set(path: &[&str], value: impl Into<Value>) -> Self {
        Self::Set(path.iter().map(|&key| key.to_owned()).collect(), value.into())
    }

    pub(crate) fn remove(path: &[&str]) -> Self {
        Self::Remove(path.iter().map(|&key| key.to_owned()).collect())
    }
}

/// A claim to add.
#[derive(Debug, PartialEq)]
pub(crate) struct NewChild {
    /// The item of the Interface that asks for it.
    pub(crate) asker: usize,
    /// The object.
    pub(crate) value: Value,
}

/// An Interface and what it asks for.
#[derive(Debug)]
pub(crate) struct Asker<'p> {
    pub(crate) interface: &'p Placed<Interface>,
    pub(crate) verdict: Verdict,
}

impl<'p> Asker<'p> {
    pub(crate) fn metadata(&self) -> &'p ObjectMeta {
        &self.interface.object.metadata
    }

    pub(crate) fn name(&self) -> &'p str {
        &self.metadata().name
    }

    /// The Interface as the owner annotation of its children, the reason of their conditions and the type of its own
    /// condition name it.
    pub(crate) fn gvkn(&self) -> String {
        kinds::INTERFACE.condition_type(self.name())
    }

    pub(crate) fn wants(&self) -> &[Want] {
        &self.verdict.wants
    }
}

/// Works out what has to become of a package. `conditions` are those of its Kptfile.
pub(crate) fn plan(package: &Package, conditions: &mut Conditions) -> Plan {
    let mut plan = Plan::default();
    let Some(askers) = askers(package, &mut plan.findings) else { return plan };
    plan.findings.extend(pending::findings(&askers, &package.cluster));
    let kin = Kin::of(package, &askers, conditions);
    let mut progress = Progress::of(&askers, &kin, conditions);
    progress.report_pending(&askers);
    progress.drop_unwanted(&askers, &kin);
    for (at, asker) in askers.iter().enumerate().filter(|(_, asker)| asker.verdict.pending.is_none()) {
        match diffs(at, asker, &kin) {
            Ok(diffs) => advance(asker, &diffs, &mut progress, &mut plan),
            Err(finding) => plan.findings.push(finding),
        }
    }
    progress.report_ready(&askers);
    plan.findings.extend(kin.findings());
    plan.remove = kin.unwanted();
    plan
}

/// The Interfaces by namespace and name, with what each asks for. `None` where some ask for what cannot be.
fn askers<'p>(package: &'p Package, findings: &mut Vec<Finding>) -> Option<Vec<Asker<'p>>> {
    let mut askers = Vec::with_capacity(package.interfaces.len());
    for interface in &package.interfaces {
        match want::decide(interface, &package.cluster) {
            Ok(verdict) => askers.push(Asker { interface, verdict }),
            Err(finding) => findings.push(interface.source.on(finding)),
        }
    }
    askers.sort_by_key(|asker| (asker.metadata().namespace().unwrap_or_default(), asker.name()));
    findings.extend(want::asked_twice(&askers));
    findings.is_empty().then_some(askers)
}

/// What has to be done about each child of an Interface that is not pending.
fn diffs(at: usize, asker: &Asker<'_>, kin: &Kin<'_>) -> Result<Vec<Diff>, Finding> {
    let diff = |(number, want): (usize, &Want)| {
        let child = kin.child(at, number);
        let diff = child::diff(asker, want, child)?;
        match kin.occupant(want).filter(|_| diff.create.is_some()) {
            Some(occupant) => Err(want::occupied(asker, want, occupant)),
            None => Ok(diff),
        }
    };
    asker.wants().iter().enumerate().map(diff).collect()
}

/// One Interface whose children are known: their edits, their conditions, and its own condition and status.
fn advance(asker: &Asker<'_>, diffs: &[Diff], progress: &mut Progress<'_>, plan: &mut Plan) {
    for diff in diffs {
        plan.edits.extend(diff.edits.clone());
        plan.create.extend(diff.create.clone().map(|value| NewChild { asker: asker.interface.item, value }));
        plan.findings.extend(diff.findings.iter().cloned());
    }
    plan.findings.extend(pending::vlan(asker, diffs));
    let ready = progress.advance(asker, diffs);
    let edits = status::edits(asker.interface.object.status.as_ref(), diffs, ready);
    if !edits.is_empty() {
        plan.edits.push((asker.interface.item, edits));
    }
}

#[cfg(test)]
mod tests;
