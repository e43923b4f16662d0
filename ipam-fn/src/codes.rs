//! The codes of what ipam-fn itself reports; those of decisions are the allocation core's. Codes are stable: users write
//! rules on them.

pub(crate) use krm::codes::{FIELD_MALFORMED, KPTFILE_MALFORMED};

/// An annotation that is only read elsewhere.
pub(crate) const ANNOTATION_WITHOUT_EFFECT: &str = "annotation-without-effect";
/// One claim stands in a package twice.
pub(crate) const CLAIM_DOUBLED: &str = "claim-doubled";
/// A condition is about a claim that is not there.
pub(crate) const CLAIM_MISSING: &str = "claim-missing";
/// A gateway cannot be read.
pub(crate) const GATEWAY_MALFORMED: &str = "gateway-malformed";
/// An IPv4 address is written as an IPv6 one.
pub(crate) const IPV4_MAPPED: &str = "ipv4-mapped";
/// An object names no network instance.
pub(crate) const NO_NETWORK_INSTANCE: &str = "no-network-instance";
/// An object that is no claim stands in a package twice.
pub(crate) const OBJECT_DOUBLED: &str = "object-doubled";
/// A prefix cannot be read.
pub(crate) const PREFIX_MALFORMED: &str = "prefix-malformed";
/// A range of addresses cannot be read.
pub(crate) const RANGE_MALFORMED: &str = "range-malformed";

/// Every code that a result of ipam-fn can carry beside those of the allocation core (`ipam::CODES`) and of the harness
/// (`krm::codes::CODES`).
pub const CODES: &[&str] = &[
    ANNOTATION_WITHOUT_EFFECT,
    CLAIM_DOUBLED,
    CLAIM_MISSING,
    GATEWAY_MALFORMED,
    IPV4_MAPPED,
    NO_NETWORK_INSTANCE,
    OBJECT_DOUBLED,
    PREFIX_MALFORMED,
    RANGE_MALFORMED,
];

/// The codes of the allocation core that tell what a run changes.
pub(crate) const CHANGES: &[&str] = &["address-moved", "allocated", "status-mended", "status-rewritten"];

/// Whether a code is about something that may still arrive.
pub(crate) fn is_pending(code: &str) -> bool {
    ["no-pool", "no-matching-pool", "static-without-pool", "not-in-a-pool", CLAIM_MISSING].contains(&code)
}
