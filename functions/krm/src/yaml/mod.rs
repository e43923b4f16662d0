//! One YAML text: where its nodes stand, what they say, how to write values, and how to edit without a round trip.
//!
//! A `Tree` knows where the nodes of a text stand; [`read`] answers what the text says; `edit` turns "the text should
//! say this instead" into the smallest replacement of bytes, and `confirm` checks it.

#[cfg(test)]
mod draw;
mod edit;
mod emit;
mod error;
mod events;
mod nodes;
mod scalar;
mod simple;
mod tree;
mod typed;
mod value;

pub use edit::EditError;
pub(crate) use edit::{Lines, after_blank_lines, confirm, confirm_field, edit, edit_field};
pub use emit::{Indent, block, flow, json};
pub(crate) use error::line_break;
pub use error::{Position, YamlError};
pub(crate) use nodes::{Form, Nodes, Style};
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use simple::readers_agree;
pub(crate) use tree::{Entry, Node, Tree};
pub(crate) use typed::typed;
pub use value::read;
