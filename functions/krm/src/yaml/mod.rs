//! One YAML text: where its nodes stand, what they say, how to write values, and how to edit without a round trip.
//!
//! A [`Tree`] holds byte ranges into the text that it was parsed from; [`Tree::value`] is what the text says;
//! [`edit`] turns "the text should say this instead" into the smallest replacement of bytes, and [`confirm`] checks it.

mod edit;
mod emit;
mod error;
mod events;
mod scalar;
mod simple;
mod tree;
mod value;

pub(crate) use edit::Lines;
pub use edit::{EditError, Edited, confirm, edit};
pub use emit::{Indent, block, flow, json};
pub use error::{Position, YamlError};
pub use tree::{Content, Entry, Node, Style, Tree};

/// How many bytes a text may have: more than any package, and less than what would exhaust a machine.
pub const MAX_BYTES: usize = 256 << 20;
