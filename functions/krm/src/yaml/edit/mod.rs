//! Edits: from "the text should say this" to the fewest bytes that have to change.
//!
//! The wanted value is compared with the nodes of the text. Where both agree nothing is touched, so comments, quotes,
//! key order and number spelling of everything else stay as they are. [`confirm`] then reads the new text and compares
//! it with what was wanted: an edit that would say anything else is an error, never an output.

mod block;
mod flow;
mod layout;
mod list;

use std::ops::Range;

use serde_json::Value;
use thiserror::Error;

use super::error::YamlError;
use super::tree::{Content, Node, Tree};
use super::value::says;
pub(crate) use layout::Lines;

/// A text after an edit.
#[derive(Debug, Clone)]
pub struct Edited {
    /// The new text.
    pub text: String,
    /// Whether list elements were added or removed other than at the end, or a node changed its kind: then kpt would
    /// attach its copies of comments to the wrong elements, or fail, unless the item drops its `id` annotations.
    pub structural: bool,
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
pub fn edit(source: &str, tree: &Tree, element: bool, target: &Value, wide_lists: bool) -> Result<Edited, EditError> {
    if tree.has_anchors {
        return Err(EditError::Anchors);
    }
    let node = object(tree, element).ok_or(EditError::Layout)?;
    let lines = Lines::of(source);
    let wide = lines.list_style(node).unwrap_or(wide_lists);
    let mut editor = Editor { lines, wide, splices: Vec::new(), structural: false };
    match editor.children(node, target)? {
        Outcome::Done => {}
        Outcome::Whole => return Err(EditError::Layout),
    }
    let structural = editor.structural;
    let text = apply(source, editor.splices).ok_or(EditError::Mismatch)?;
    Ok(Edited { text, structural })
}

/// Reads an edited text again and answers its nodes, if they say what was meant.
///
/// # Errors
/// [`EditError::Mismatch`] where the text cannot be read or says anything else.
pub fn confirm(text: &str, element: bool, target: &Value) -> Result<Tree, EditError> {
    let tree = Tree::parse(text).map_err(|_| EditError::Mismatch)?;
    let sound = object(&tree, element).is_some_and(|node| !tree.has_anchors && says(text, node, target));
    if sound { Ok(tree) } else { Err(EditError::Mismatch) }
}

/// The object's node: the root, or the only element of the root.
fn object(tree: &Tree, element: bool) -> Option<&Node> {
    match (&tree.root.content, element) {
        (Content::Sequence { items, .. }, true) if items.len() == 1 => items.first(),
        (_, true) => None,
        (_, false) => Some(&tree.root),
    }
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

impl Editor<'_> {
    fn splice(&mut self, range: Range<usize>, text: String) {
        self.splices.push(Splice { range, text });
    }

    /// The differences inside a collection, if both sides are non-empty collections of one kind.
    fn children(&mut self, node: &Node, target: &Value) -> Result<Outcome, EditError> {
        let mark = self.splices.len();
        let structural = self.structural;
        let outcome = match (&node.content, target) {
            (Content::Mapping { flow: true, .. }, Value::Object(map)) => self.flow_map(node, map),
            (Content::Mapping { flow: false, .. }, Value::Object(map)) => self.block_map(node, map)?,
            (Content::Sequence { flow: true, items }, Value::Array(values)) => self.flow_list(items, values),
            (Content::Sequence { flow: false, items }, Value::Array(values)) => self.block_list(items, values)?,
            _ => Outcome::Whole,
        };
        if outcome == Outcome::Whole {
            self.splices.truncate(mark);
            self.structural = structural;
        }
        Ok(outcome)
    }

    fn says(&self, node: &Node, target: &Value) -> bool {
        says(self.lines.source, node, target)
    }
}

/// The text with the splices made; `None` if one of them does not lie in the text.
fn apply(source: &str, mut splices: Vec<Splice>) -> Option<String> {
    // Stable: what was pushed first at one place stands first.
    splices.sort_by_key(|splice| (splice.range.start, splice.range.end));
    let added: usize = splices.iter().map(|splice| splice.text.len()).sum();
    let mut out = String::with_capacity(source.len() + added);
    let mut done = 0;
    for splice in splices {
        // Two cuts may share a line ending; whatever else overlaps says something else and is found by reading it.
        out.push_str(source.get(done..splice.range.start.max(done))?);
        out.push_str(&splice.text);
        done = splice.range.end.max(done);
    }
    out.push_str(source.get(done..)?);
    Some(out)
}

#[cfg(test)]
mod tests;
