//! Edits: from "the text should say this" to the fewest bytes that have to change.
//!
//! The wanted value is compared with the nodes of the text. Where both agree nothing is touched, so comments, quotes,
//! key order and number spelling of everything else stay as they are. [`confirm`] then reads the new text and compares
//! it with what was wanted: an edit that would say anything else is an error, never an output.

mod block;
mod field;
mod flow;
mod layout;
mod list;

use std::ops::Range;

use serde_json::Value;
use thiserror::Error;

use super::error::YamlError;
use super::nodes::Form;
use super::tree::{Node, Tree};
pub(crate) use field::{confirm_field, edit_field};
pub(crate) use layout::{Lines, after_blank_lines};

/// A text after an edit.
#[derive(Debug, Clone)]
pub(crate) struct Edited {
    /// The new text.
    pub(crate) text: String,
    /// Whether list elements were added or removed other than at the end, or a node changed its kind: then kpt would
    /// attach its copies of comments to the wrong elements, or fail, unless the item drops its `id` annotations.
    pub(crate) structural: bool,
}

/// An edit that cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EditError {
    /// The text uses anchors and aliases.
    #[error("the object uses YAML anchors or aliases; write the values out, so that it can be edited")]
    Anchors,
    /// The text is laid out in a way that has no place for the edit.
    #[error("the object is laid out in a way that cannot be edited; write it in plain block style")]
    Layout,
    /// The edited text would not say what was meant.
    #[error("internal error: the edited object would not say what was meant; please report it with the object")]
    Mismatch,
    /// The text, or the edited text, cannot be read.
    #[error(transparent)]
    Yaml(#[from] YamlError),
}

/// Makes the text of one object say `target`. Whether it does is for [`confirm`] to say, before the text is used.
///
/// With `element`, the text is a list of one element (`- key: ..`), and the object is that element. `wide_lists` is
/// the style for lists where the object has none of its own.
///
/// # Errors
/// [`EditError`]; the text is then unchanged.
pub(crate) fn edit(tree: &Tree<'_>, element: bool, target: &Value, wide_lists: bool) -> Result<Edited, EditError> {
    let object = editable(tree, element)?;
    let mut editor = Editor::of(object, wide_lists);
    match editor.children(object, target)? {
        Outcome::Done => editor.edited(),
        Outcome::Whole => Err(EditError::Layout),
    }
}

/// Reads an edited text again and compares it with what was meant.
///
/// # Errors
/// [`EditError::Mismatch`] where the text cannot be read or says anything else; [`EditError::Yaml`] where it is beyond a
/// limit.
pub(crate) fn confirm(text: &str, element: bool, target: &Value) -> Result<(), EditError> {
    let tree = Tree::parse(text).map_err(unreadable)?;
    let object = editable(&tree, element).map_err(|_| EditError::Mismatch)?;
    if object.says(target) { Ok(()) } else { Err(EditError::Mismatch) }
}

/// Why an edited text cannot be read: an edit can make it too long, and nothing else that is no fault of ours.
fn unreadable(error: YamlError) -> EditError {
    if error.is_limit() { EditError::Yaml(error) } else { EditError::Mismatch }
}

/// The object of a text that can be edited.
fn editable<'t>(tree: &'t Tree<'t>, element: bool) -> Result<Node<'t>, EditError> {
    if tree.has_anchors() {
        return Err(EditError::Anchors);
    }
    tree.object(element).ok_or(EditError::Layout)
}

/// What became of a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Its differences are among the splices.
    Done,
    /// It has to be written anew as a whole.
    Whole,
}

struct Splice {
    range: Range<usize>,
    text: String,
}

struct Editor<'t> {
    lines: Lines<'t>,
    wide: bool,
    splices: Vec<Splice>,
    structural: bool,
}

impl<'t> Editor<'t> {
    fn of(object: Node<'t>, wide_lists: bool) -> Self {
        let lines = Lines::of(object.source());
        let wide = lines.list_style(object).unwrap_or(wide_lists);
        Editor { lines, wide, splices: Vec::new(), structural: false }
    }

    fn splice(&mut self, range: Range<usize>, text: String) {
        self.splices.push(Splice { range, text });
    }

    /// The differences inside a collection, if both sides are non-empty collections of one kind.
    fn children(&mut self, node: Node<'_>, target: &Value) -> Result<Outcome, EditError> {
        let mark = self.splices.len();
        let structural = self.structural;
        let outcome = match (node.form(), target) {
            (Form::Mapping { flow: true }, Value::Object(map)) => self.flow_map(node, map),
            (Form::Mapping { flow: false }, Value::Object(map)) => self.block_map(node, map)?,
            (Form::Sequence { flow: true }, Value::Array(values)) => self.flow_list(node, values),
            (Form::Sequence { flow: false }, Value::Array(values)) => self.block_list(node, values)?,
            _ => Outcome::Whole,
        };
        if outcome == Outcome::Whole {
            self.splices.truncate(mark);
            self.structural = structural;
        }
        Ok(outcome)
    }

    /// The text with the splices made.
    fn edited(mut self) -> Result<Edited, EditError> {
        // Stable: what was pushed first at one place stands first.
        self.splices.sort_by_key(|splice| (splice.range.start, splice.range.end));
        let text = self.spliced().ok_or(EditError::Mismatch)?;
        Ok(Edited { text, structural: self.structural })
    }

    /// `None` if a splice does not lie in the text.
    fn spliced(&self) -> Option<String> {
        let Lines { source, eol, .. } = self.lines;
        let added: usize = self.splices.iter().map(|splice| splice.text.len()).sum();
        let mut out = String::with_capacity(source.len() + added);
        let mut done = 0;
        for Splice { range, text } in &self.splices {
            // Two cuts may share a line ending; whatever else overlaps says something else and is found by reading it.
            out.push_str(source.get(done..range.start.max(done))?);
            match text.strip_prefix(eol) {
                // Lines that were to come behind one that was cut, together with its line ending.
                Some(lines) if range.start < done => out.extend([lines, eol]),
                _ => out.push_str(text),
            }
            done = range.end.max(done);
        }
        out.push_str(source.get(done..)?);
        Some(out)
    }
}

#[cfg(test)]
mod tests;
