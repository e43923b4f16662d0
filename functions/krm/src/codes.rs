//! The codes of what every function can report, whatever its job. Codes are stable: users write rules on them.
//! `docs/diagnostics.md` has a heading for each.

/// An edit that the object's layout has no place for.
pub const CANNOT_EDIT: &str = "cannot-edit";
/// A value of the functionConfig that its key does not take.
pub const CONFIG_BAD_VALUE: &str = "config-bad-value";
/// The functionConfig is neither a ConfigMap nor the function's own kind, or is not shaped like it.
pub const CONFIG_KIND: &str = "config-kind";
/// A key of the functionConfig that the function does not know.
pub const CONFIG_UNKNOWN_KEY: &str = "config-unknown-key";
/// A field is missing, empty or of the wrong type.
pub const FIELD_MALFORMED: &str = "field-malformed";
/// The program cannot write what it meant to; a fault of the program.
pub const INTERNAL_ERROR: &str = "internal-error";
/// The conditions of a Kptfile cannot be read.
pub const KPTFILE_MALFORMED: &str = "kptfile-malformed";
/// The list has no items, so there was nothing to do.
pub const NO_RESOURCES: &str = "no-resources";
/// A kind that is known, in a version that is not.
pub const UNKNOWN_VERSION: &str = "unknown-version";
/// An item whose text cannot be read, so that it could state anything.
pub const UNREADABLE_ITEM: &str = "unreadable-item";

/// All of them, sorted.
pub const CODES: &[&str] = &[
    CANNOT_EDIT,
    CONFIG_BAD_VALUE,
    CONFIG_KIND,
    CONFIG_UNKNOWN_KEY,
    FIELD_MALFORMED,
    INTERNAL_ERROR,
    KPTFILE_MALFORMED,
    NO_RESOURCES,
    UNKNOWN_VERSION,
    UNREADABLE_ITEM,
];
