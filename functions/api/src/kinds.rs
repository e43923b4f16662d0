//! The kinds that the functions know, each with the one version that they read.

use std::fmt;

/// An `apiVersion` and a `kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Gvk {
    /// Group and version as they stand in an object, such as `req.nephio.org/v1alpha1`.
    pub api_version: &'static str,
    /// The kind, such as `Interface`.
    pub kind: &'static str,
}

impl Gvk {
    /// Whether an object with this `apiVersion` and `kind` is of this kind.
    pub fn matches(&self, api_version: &str, kind: &str) -> bool {
        self.kind == kind && self.api_version == api_version
    }
}

impl fmt::Display for Gvk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.api_version, self.kind)
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $api_version:literal $kind:literal;)*) => {
        $($(#[$doc])* pub const $name: Gvk = Gvk { api_version: $api_version, kind: $kind };)*
    };
}

kinds! {
    /// A request for one network attachment of a workload.
    INTERFACE = "req.nephio.org/v1alpha1" "Interface";
    /// The network function that Nephio's Interfaces belong to. Read only as an owner.
    NF_DEPLOYMENT = "workload.nephio.org/v1alpha1" "NFDeployment";
    /// The cluster that a package is deployed to.
    WORKLOAD_CLUSTER = "infra.nephio.org/v1alpha1" "WorkloadCluster";
    /// Routing tables with their prefixes, shared by the attachments of a network.
    NETWORK = "infra.nephio.org/v1alpha1" "Network";
    /// A request for an address or a block of addresses.
    IP_CLAIM = "ipam.resource.nephio.org/v1alpha1" "IPClaim";
    /// A prefix that is registered in a network instance: a pool.
    IP_PREFIX = "ipam.resource.nephio.org/v1alpha1" "IPPrefix";
    /// One domain of addresses that do not overlap (a VRF).
    NETWORK_INSTANCE = "ipam.resource.nephio.org/v1alpha1" "NetworkInstance";
    /// A request for a VLAN ID.
    VLAN_CLAIM = "vlan.resource.nephio.org/v1alpha1" "VLANClaim";
    /// One domain of VLAN IDs.
    VLAN_INDEX = "vlan.resource.nephio.org/v1alpha1" "VLANIndex";
    /// A VLAN ID that is registered in an index.
    VLAN = "vlan.resource.nephio.org/v1alpha1" "VLAN";
    /// What Multus reads to attach a pod to a further network.
    NAD = "k8s.cni.cncf.io/v1" "NetworkAttachmentDefinition";
    /// A kpt package's own file.
    KPTFILE = "kpt.dev/v1" "Kptfile";
    /// What a KRM function reads and writes.
    RESOURCE_LIST = "config.kubernetes.io/v1" "ResourceList";
}
