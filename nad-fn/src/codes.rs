//! The codes of what nad-fn reports. Codes are stable: users write rules on them. Those of the CNI rules are the
//! [`cni`] crate's.

use krm::Finding;
pub(crate) use krm::codes::{FIELD_MALFORMED, KPTFILE_MALFORMED};

// Pending: an input that has not arrived yet.

/// There is no WorkloadCluster.
pub(crate) const CLUSTER_MISSING: &str = "cluster-missing";
/// There are several.
pub(crate) const CLUSTER_DOUBLED: &str = "cluster-doubled";
/// There is one, but it lacks a field or is a blueprint's placeholder.
pub(crate) const CLUSTER_INCOMPLETE: &str = "cluster-incomplete";
/// The cluster lacks the CNI plugin that an Interface asks for.
pub(crate) const CNI_NOT_IN_CLUSTER: &str = "cni-not-in-cluster";
/// A condition waits for an Interface that is not there.
pub(crate) const INTERFACE_MISSING: &str = "interface-missing";
/// Nobody says in which namespace a NetworkAttachmentDefinition belongs.
pub(crate) const NAMESPACE_MISSING: &str = "namespace-missing";
/// A claim of an Interface is not there.
pub(crate) const CLAIM_MISSING: &str = "claim-missing";
/// A claim of an Interface is there, but has no answer yet.
pub(crate) const CLAIM_UNRESOLVED: &str = "claim-unresolved";
/// Nobody says which interface of the hosts an attachment sits on.
pub(crate) const MASTER_UNKNOWN: &str = "master-unknown";
/// Nobody says which bridge an attachment is a port of.
pub(crate) const BRIDGE_UNKNOWN: &str = "bridge-unknown";

// Wrong: the inputs contradict each other.

/// There is no Kptfile around an Interface.
pub(crate) const KPTFILE_MISSING: &str = "kptfile-missing";
/// An Interface names no network instance.
pub(crate) const NO_NETWORK_INSTANCE: &str = "no-network-instance";
/// Two Interfaces ask for one NetworkAttachmentDefinition.
pub(crate) const CHILD_NAME_TAKEN: &str = "child-name-taken";
/// The NetworkAttachmentDefinition of an Interface stands in its package twice.
pub(crate) const OBJECT_DOUBLED: &str = "object-doubled";
/// A prefix cannot be read.
pub(crate) const PREFIX_MALFORMED: &str = "prefix-malformed";
/// A gateway cannot be read.
pub(crate) const GATEWAY_MALFORMED: &str = "gateway-malformed";
/// The annotation `krmnet.dev/mtu` cannot be read.
pub(crate) const MTU_MALFORMED: &str = "mtu-malformed";
/// The annotation `krmnet.dev/routes` cannot be read.
pub(crate) const ROUTES_MALFORMED: &str = "routes-malformed";

// Trouble ahead: warnings about what works today.

/// A NetworkAttachmentDefinition was removed, since it stated an address that its Interface no longer has.
pub(crate) const NAD_REMOVED: &str = "nad-removed";
/// An sriov attachment names no device plugin resource.
pub(crate) const RESOURCE_NAME_MISSING: &str = "resource-name-missing";
/// A host-device attachment takes an interface that other attachments sit on.
pub(crate) const DEVICE_SHARED: &str = "device-shared";
/// A range that is handed out at run time holds an address or gateway that is in use.
pub(crate) const DYNAMIC_RANGE: &str = "dynamic-range";
/// Two attachments to one segment state the same address.
pub(crate) const ADDRESS_TWICE: &str = "address-twice";
/// A workload attaches several pods with one address.
pub(crate) const ADDRESS_SHARED: &str = "address-shared";

/// Every code that a result of nad-fn can carry beside those of the harness (`krm::codes::CODES`) and of the CNI rules
/// (`cni::CODES`).
pub const CODES: &[&str] = &[
    ADDRESS_SHARED,
    ADDRESS_TWICE,
    BRIDGE_UNKNOWN,
    CHILD_NAME_TAKEN,
    CLAIM_MISSING,
    CLAIM_UNRESOLVED,
    CLUSTER_DOUBLED,
    CLUSTER_INCOMPLETE,
    CLUSTER_MISSING,
    CNI_NOT_IN_CLUSTER,
    DEVICE_SHARED,
    DYNAMIC_RANGE,
    GATEWAY_MALFORMED,
    INTERFACE_MISSING,
    KPTFILE_MISSING,
    MASTER_UNKNOWN,
    MTU_MALFORMED,
    NAD_REMOVED,
    NAMESPACE_MISSING,
    NO_NETWORK_INSTANCE,
    OBJECT_DOUBLED,
    PREFIX_MALFORMED,
    RESOURCE_NAME_MISSING,
    ROUTES_MALFORMED,
];

const PENDING: [&str; 10] = [
    CLUSTER_MISSING,
    CLUSTER_DOUBLED,
    CLUSTER_INCOMPLETE,
    CNI_NOT_IN_CLUSTER,
    INTERFACE_MISSING,
    NAMESPACE_MISSING,
    CLAIM_MISSING,
    CLAIM_UNRESOLVED,
    MASTER_UNKNOWN,
    BRIDGE_UNKNOWN,
];

/// The codes that tell what a run changes.
pub(crate) const CHANGES: &[&str] = &[NAD_REMOVED];

/// Whether a finding is about something that may still arrive, which `strict` makes an error.
pub(crate) fn is_pending(finding: &Finding) -> bool {
    PENDING.contains(&finding.code)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn pending_is_what_the_page_says() {
        let page = include_str!("../../docs/diagnostics.md");
        let sections = page.split("\n## ").skip(1).filter_map(|section| section.split_once("\n\n"));
        let pending = sections.filter(|(_, rest)| {
            let line = rest.lines().next().unwrap_or_default();
            line.starts_with("pending ") && line.contains("nad-fn")
        });
        let listed: BTreeSet<&str> = pending.map(|(code, _)| code).collect();
        assert_eq!(listed, BTreeSet::from(PENDING));
    }
}
