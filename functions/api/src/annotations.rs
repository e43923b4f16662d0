//! Annotation keys.

/// On a child: the object that asked for it, as a [`Gvkn`](crate::Gvkn) text.
pub const OWNER: &str = "specializer.nephio.org/owner";
/// On a child: the root of its chain of owners. Its last dot-piece prefixes the names of further children.
pub const FOR: &str = "specializer.nephio.org/for";
/// On an Interface: the namespace of its NetworkAttachmentDefinition.
pub const NAMESPACE: &str = "specializer.nephio.org/namespace";
/// On a VLANClaim: the name under which claims share one VLAN ID.
pub const VLAN_CLAIM_NAME: &str = "specializer.nephio.org/vlanClaimName";
/// On a child that its owner no longer wants. Whatever the value, the presence counts.
pub const DELETE: &str = "specializer.nephio.org/delete";
/// Asks Nephio's functions for logs. Nothing here reads it; kept so that no one takes it for a typing error.
pub const DEBUG: &str = "specializer.nephio.org/debug";

/// On an Interface: becomes the selector label of the same name on its claims.
pub const NETWORK_NAME: &str = "nephio.org/network-name";
/// On a claim: with any value, the claim only asks what it would get.
pub const ACTION: &str = "nephio.org/action";

/// On any object: kpt keeps it in the package and does not send it to a cluster.
pub const LOCAL_CONFIG: &str = "config.kubernetes.io/local-config";

/// On an Interface: the address to have, with its length. Two, comma-separated, for dual stack.
pub const ADDRESS: &str = "krmnet.dev/address";
/// On an Interface: the host's interface that the attachment sits on.
pub const MASTER: &str = "krmnet.dev/master";
/// On an Interface: the MTU of the attachment.
pub const MTU: &str = "krmnet.dev/mtu";
/// On an Interface: the CNI plugin's mode.
pub const MODE: &str = "krmnet.dev/mode";
/// On an Interface: routes beside those of the Networks.
pub const ROUTES: &str = "krmnet.dev/routes";
/// On an IPPrefix: addresses, ranges and prefixes that are never given.
pub const EXCLUDE: &str = "krmnet.dev/exclude";
/// On an IPPrefix: the one range from which addresses are given.
pub const RANGE: &str = "krmnet.dev/range";

/// On a workload's pod template: the NetworkAttachmentDefinitions to attach.
pub const NETWORKS: &str = "k8s.v1.cni.cncf.io/networks";
/// On a NetworkAttachmentDefinition (and an Interface that states it): the device plugin's resource.
pub const RESOURCE_NAME: &str = "k8s.v1.cni.cncf.io/resourceName";
