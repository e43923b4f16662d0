//! The codes of what interface-fn reports. Codes are stable: users write rules on them.

pub(crate) use krm::codes::{FIELD_MALFORMED, KPTFILE_MALFORMED};

// Pending: an input has not arrived yet. `strict` makes these errors.

/// There is no WorkloadCluster.
pub(crate) const CLUSTER_MISSING: &str = "cluster-missing";
/// There are several.
pub(crate) const CLUSTER_DOUBLED: &str = "cluster-doubled";
/// There is one, but it lacks a field or is a blueprint's placeholder.
pub(crate) const CLUSTER_INCOMPLETE: &str = "cluster-incomplete";
/// The cluster lacks the CNI plugin that an Interface asks for.
pub(crate) const CNI_NOT_IN_CLUSTER: &str = "cni-not-in-cluster";

/// The codes that tell what a run changes.
pub(crate) const CHANGES: &[&str] = &[CHILD_REMOVED, CLAIM_CHANGED];

/// Whether a code is about something that may still arrive.
pub(crate) fn is_pending(code: &str) -> bool {
    [CLUSTER_MISSING, CLUSTER_DOUBLED, CLUSTER_INCOMPLETE, CNI_NOT_IN_CLUSTER].contains(&code)
}

// Wrong: the inputs contradict each other.

/// An Interface lies in no package.
pub(crate) const KPTFILE_MISSING: &str = "kptfile-missing";
/// An Interface names no network instance.
pub(crate) const NO_NETWORK_INSTANCE: &str = "no-network-instance";
/// One Interface stands twice.
pub(crate) const INTERFACE_DOUBLED: &str = "interface-doubled";
/// Two Interfaces ask for one child.
pub(crate) const CHILD_NAME_TAKEN: &str = "child-name-taken";
/// A pinned address cannot be read.
pub(crate) const ADDRESS_MALFORMED: &str = "address-malformed";
/// A pinned address is of a family that the Interface does not ask for.
pub(crate) const ADDRESS_FAMILY: &str = "address-family";
/// A claim that a user wrote asks for something else than the Interface that uses it.
pub(crate) const CLAIM_CONTRADICTS: &str = "claim-contradicts";

// To look at, and for the record.

/// An attachmentType that nobody knows.
pub(crate) const ATTACHMENT_TYPE_UNKNOWN: &str = "attachment-type-unknown";
/// A child that nobody asks for any more was removed.
pub(crate) const CHILD_REMOVED: &str = "child-removed";
/// A child of an Interface that, for all that the package shows, never was in it.
pub(crate) const CHILD_STRAY: &str = "child-stray";
/// A claim asks for something else than before, and what it was given is free.
pub(crate) const CLAIM_CHANGED: &str = "claim-changed";
/// An owner annotation names an object that is not there.
pub(crate) const OWNER_NOT_FOUND: &str = "owner-not-found";

/// Every code that a result of interface-fn can carry beside those of the harness (`krm::codes::CODES`).
pub const CODES: &[&str] = &[
    ADDRESS_FAMILY,
    ADDRESS_MALFORMED,
    ATTACHMENT_TYPE_UNKNOWN,
    CHILD_NAME_TAKEN,
    CHILD_REMOVED,
    CHILD_STRAY,
    CLAIM_CHANGED,
    CLAIM_CONTRADICTS,
    CLUSTER_DOUBLED,
    CLUSTER_INCOMPLETE,
    CLUSTER_MISSING,
    CNI_NOT_IN_CLUSTER,
    INTERFACE_DOUBLED,
    KPTFILE_MISSING,
    NO_NETWORK_INSTANCE,
    OWNER_NOT_FOUND,
];
