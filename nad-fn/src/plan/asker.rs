//! The Interfaces of a package, each with the NetworkAttachmentDefinition that it asks for.

use std::collections::HashMap;

use api::{Interface, ObjectMeta, advice, kinds, names};
use krm::{Finding, Placed, qualified};

use super::Package;
use crate::codes;

/// An Interface and what its NetworkAttachmentDefinition is called.
#[derive(Debug)]
pub(crate) struct Asker<'p> {
    pub(crate) interface: &'p Placed<Interface>,
    pub(crate) nad: NadName,
}

/// The identity of a NetworkAttachmentDefinition within its package.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct NadName {
    pub(crate) namespace: Option<String>,
    pub(crate) name: String,
}

impl NadName {
    /// As users write it.
    pub(crate) fn shown(&self) -> String {
        qualified(self.namespace.as_deref(), &self.name)
    }

    /// The type of its condition, which has no namespace.
    pub(super) fn condition_type(&self) -> String {
        kinds::NAD.condition_type(&self.name)
    }
}

impl<'p> Asker<'p> {
    pub(super) fn metadata(&self) -> &'p ObjectMeta {
        &self.interface.object.metadata
    }

    pub(super) fn name(&self) -> &'p str {
        &self.metadata().name
    }

    /// As users write it.
    pub(super) fn shown(&self) -> String {
        qualified(self.metadata().namespace(), self.name())
    }

    /// The Interface as owner annotations and the reasons of conditions name it.
    pub(super) fn gvkn(&self) -> String {
        kinds::INTERFACE.condition_type(self.name())
    }

    /// Whether the Interface belongs to a network function, as in Nephio, and its children are named after that.
    pub(super) fn has_owner(&self) -> bool {
        names::for_name(self.metadata()).is_some()
    }

    /// Whether an object in `namespace` can be the Interface's child.
    pub(super) fn takes_from(&self, namespace: Option<&str>) -> bool {
        let own = self.metadata().namespace();
        self.has_owner() || own.is_none() || own == namespace
    }

    /// Whether the Interface asks for an attachment: a loopback does not, nor does one of the pod network.
    pub(super) fn asks(&self) -> bool {
        let spec = &self.interface.object.spec;
        !spec.is_pod_network() && spec.cni_type().is_some()
    }
}

/// The Interfaces by namespace and name. An error is one that no later input can mend.
pub(super) fn askers(package: &Package) -> Result<Vec<Asker<'_>>, Vec<Finding>> {
    let mut askers: Vec<Asker<'_>> = package.interfaces.iter().map(asker).collect();
    askers.sort_by_key(|asker| (asker.metadata().namespace().unwrap_or_default(), asker.name()));
    let mut findings: Vec<Finding> = askers.iter().filter_map(unusable).collect();
    findings.extend(asked_twice(&askers));
    if findings.is_empty() { Ok(askers) } else { Err(findings) }
}

fn asker(interface: &Placed<Interface>) -> Asker<'_> {
    let metadata = &interface.object.metadata;
    let namespace = names::nad_namespace(metadata).map(str::to_owned);
    Asker { interface, nad: NadName { namespace, name: names::nad(metadata) } }
}

fn unusable(asker: &Asker<'_>) -> Option<Finding> {
    let Placed { source, object, .. } = asker.interface;
    if asker.name().is_empty() {
        let message = "metadata.name is empty: an Interface needs a name, from which that of its attachment is made";
        return Some(source.on(Finding::error(codes::FIELD_MALFORMED, message).field("metadata.name")));
    }
    if object.spec.network_instance_name().is_none() {
        let finding = Finding::error(codes::NO_NETWORK_INSTANCE, advice::no_network_instance());
        return Some(source.on(finding.field("spec.networkInstance")));
    }
    None
}

/// Interfaces that ask for one and the same NetworkAttachmentDefinition.
fn asked_twice(askers: &[Asker<'_>]) -> Vec<Finding> {
    let mut first: HashMap<&NadName, &Asker<'_>> = HashMap::new();
    let mut findings = Vec::new();
    for asker in askers.iter().filter(|asker| asker.asks()) {
        let other = *first.entry(&asker.nad).or_insert(asker);
        if std::ptr::eq(other, asker) {
            continue;
        }
        let message = format!(
            "{} and {} both ask for {} {}: rename one of them, or give them different owners or namespaces",
            other.interface.source,
            asker.interface.source,
            kinds::NAD.kind,
            asker.nad.shown(),
        );
        let finding = Finding::error(codes::CHILD_NAME_TAKEN, message).field("metadata.name");
        findings.push(asker.interface.source.on(finding));
    }
    findings
}
