//! The codes of what vlan-fn reports. Codes are stable: users write rules on them.

pub(crate) use krm::codes::{FIELD_MALFORMED, KPTFILE_MALFORMED};

// Pending: an input has not arrived yet. `strict` makes these errors.

/// The index of a claim is not in sight, so the claim waits.
pub(crate) const NO_VLAN_INDEX: &str = "no-vlan-index";
/// A status is kept although its index is not in sight, and one of the same name is, in another namespace.
pub(crate) const NOT_IN_A_VLAN_INDEX: &str = "not-in-a-vlan-index";

// Wrong: the inputs contradict each other.

/// One claim stands in a package twice.
pub(crate) const CLAIM_DOUBLED: &str = "claim-doubled";
/// An object that is no claim stands in a package twice.
pub(crate) const OBJECT_DOUBLED: &str = "object-doubled";
/// `spec.vlanID` lies outside of `spec.range`.
pub(crate) const VLAN_ID_AND_RANGE_DISAGREE: &str = "vlan-id-and-range-disagree";
/// `spec.vlanID` asks for one ID, `spec.range` for several.
pub(crate) const VLAN_ID_AND_SIZE: &str = "vlan-id-and-size";
/// One ID has two owners.
pub(crate) const VLAN_ID_CONFLICT: &str = "vlan-id-conflict";
/// An ID that no frame can carry.
pub(crate) const VLAN_ID_OUT_OF_RANGE: &str = "vlan-id-out-of-range";
/// Nothing that a claim asks for is free.
pub(crate) const VLAN_INDEX_EXHAUSTED: &str = "vlan-index-exhausted";
/// A claim or VLAN names no index.
pub(crate) const VLAN_INDEX_UNNAMED: &str = "vlan-index-unnamed";
/// A range cannot be read.
pub(crate) const VLAN_RANGE_MALFORMED: &str = "vlan-range-malformed";
/// Claims that share state or ask for different things.
pub(crate) const VLAN_SHARERS_DISAGREE: &str = "vlan-sharers-disagree";
/// A status states both an ID and a range.
pub(crate) const VLAN_STATUS_AMBIGUOUS: &str = "vlan-status-ambiguous";
/// A status states a block where the claim asks for one ID, or the reverse.
pub(crate) const VLAN_STATUS_MISFIT: &str = "vlan-status-misfit";

// To look at, and for the record.

/// A claim was given an ID or a block.
pub(crate) const ALLOCATED: &str = "allocated";
/// A kept block has another size than the claim asks for.
pub(crate) const KEPT_OTHER_SIZE: &str = "kept-other-size";
/// A kept ID lies outside of the range that the claim asks for.
pub(crate) const KEPT_OUTSIDE_RANGE: &str = "kept-outside-range";
/// A status is kept although its index is not in sight.
pub(crate) const KEPT_WITHOUT_VLAN_INDEX: &str = "kept-without-vlan-index";
/// `conflict: Reallocate` gave a claim another ID.
pub(crate) const VLAN_ID_MOVED: &str = "vlan-id-moved";
/// `spec.vlanID` has replaced the status.
pub(crate) const VLAN_ID_REWRITTEN: &str = "vlan-id-rewritten";
/// A VLAN keeps no ID from being given.
pub(crate) const VLAN_WITHOUT_IDS: &str = "vlan-without-ids";

/// Every code that a result of vlan-fn can carry beside those of the harness (`krm::codes::CODES`).
pub const CODES: &[&str] = &[
    ALLOCATED,
    CLAIM_DOUBLED,
    KEPT_OTHER_SIZE,
    KEPT_OUTSIDE_RANGE,
    KEPT_WITHOUT_VLAN_INDEX,
    NO_VLAN_INDEX,
    NOT_IN_A_VLAN_INDEX,
    OBJECT_DOUBLED,
    VLAN_ID_AND_RANGE_DISAGREE,
    VLAN_ID_AND_SIZE,
    VLAN_ID_CONFLICT,
    VLAN_ID_MOVED,
    VLAN_ID_OUT_OF_RANGE,
    VLAN_ID_REWRITTEN,
    VLAN_INDEX_EXHAUSTED,
    VLAN_INDEX_UNNAMED,
    VLAN_RANGE_MALFORMED,
    VLAN_SHARERS_DISAGREE,
    VLAN_STATUS_AMBIGUOUS,
    VLAN_STATUS_MISFIT,
    VLAN_WITHOUT_IDS,
];

/// The codes that tell what a run changes.
pub(crate) const CHANGES: &[&str] = &[ALLOCATED, VLAN_ID_MOVED, VLAN_ID_REWRITTEN];

/// Whether a code is about something that may still arrive.
pub(crate) fn is_pending(code: &str) -> bool {
    [NO_VLAN_INDEX, NOT_IN_A_VLAN_INDEX].contains(&code)
}
