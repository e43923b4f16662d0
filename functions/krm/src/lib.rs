//! ResourceList in and out, without loss: items, edits, results, conditions, packages, the function harness.
//!
//! The input text is kept; an item is a byte range of it, parsed when it is asked for; an edit replaces the bytes that
//! differ; the output is the input with the edits spliced in. So what a function does not mean to change cannot change.

pub mod codes;
pub mod config;
mod doubled;
pub mod files;
mod finding;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
pub mod harness;
mod hint;
mod item;
pub mod kptfile;
pub mod limits;
mod list;
mod near;
mod origin;
mod package;
mod parallel;
mod place;
mod reader;
pub mod yaml;

pub use finding::{Finding, Severity, in_order, printable};
pub use item::{Item, ItemError, Shape};
pub use list::{ItemId, ListError, ResourceList};
pub use near::nearest;
pub use origin::Origin;
pub use package::{Package, PackageId, Packages};
pub use place::{Field, FileRef, ObjectRef, Source, qualified};
pub use reader::{Placed, Reader, by_package};
