//! The resource types that the functions read and write, with the names, labels and texts that go with them.
//!
//! The types are views for *reading*: they are filled from the JSON form of an item, know only the fields that some
//! function looks at and ignore the rest. What is written back are edits of single fields, never a whole object.
//!
//! Rules of all types:
//! - field names are those of the custom resource definitions that Nephio publishes;
//! - an absent map or list, and one that is `null`, is empty;
//! - a value of the wrong type is an error, never a guess: `prefixLength: "24"` is not 24;
//! - prefixes and addresses stay text, so that whoever parses them can name the field in its message.
//!
//! | module | what it holds |
//! |---|---|
//! | [`meta`] | object metadata, references, label selectors, the [`Resource`] root |
//! | [`req`] | `Interface` |
//! | [`infra`] | `WorkloadCluster`, `Network` |
//! | [`ipam`] | `IPClaim`, `IPPrefix`, `NetworkInstance` |
//! | [`vlan`] | `VLANClaim`, `VLANIndex`, `VLAN` |
//! | [`nad`] | `NetworkAttachmentDefinition` |
//! | [`kptfile`] | the part of a `Kptfile` that functions report through |
//! | [`kinds`], [`annotations`], [`labels`] | constants |
//! | [`gvkn`] | the `group/version.Kind.name` text in conditions and owner annotations |
//! | [`names`] | what the children of an Interface are called |
//! | [`conditions`] | the messages of Kptfile conditions that controllers read |
//! | `crd` | the custom resource definitions of these kinds (feature `crd` only) |
//! | [`advice`] | what several functions say about one thing, in the same words |

pub mod advice;
pub mod annotations;
pub mod conditions;
#[cfg(feature = "crd")]
pub mod crd;
mod de;
pub mod gvkn;
pub mod infra;
pub mod ipam;
pub mod kinds;
pub mod kptfile;
pub mod labels;
pub mod meta;
pub mod nad;
pub mod names;
pub mod req;
pub mod vlan;

pub use gvkn::Gvkn;
pub use infra::{Network, WorkloadCluster};
pub use ipam::{AddressFamily, IpClaim, IpPrefix, NetworkInstance, PrefixKind};
pub use kinds::Gvk;
pub use kptfile::Kptfile;
pub use meta::{LabelSelector, ObjectMeta, ObjectReference, Resource};
pub use nad::NetworkAttachmentDefinition;
pub use req::{Interface, IpFamilyPolicy};
pub use vlan::{Vlan, VlanClaim, VlanIndex};
