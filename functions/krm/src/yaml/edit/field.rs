//! Edits of one outermost field, such as `status`: the rest of the object is neither built nor compared with a value.

use serde_json::Value;

use super::block::{Behind, Place};
use super::{EditError, Edited, Editor, editable, unreadable};
use crate::yaml::nodes::Form;
use crate::yaml::tree::Tree;

/// [`edit`](super::edit) where only the outermost field `key` is to say something else. `None` where the layout asks for
/// a look at the whole.
///
/// # Errors
/// As [`edit`](super::edit).
pub(crate) fn edit_field(
    tree: &Tree<'_>,
    element: bool,
    key: &str,
    target: &Value,
    wide_lists: bool,
) -> Result<Option<Edited>, EditError> {
    let object = editable(tree, element)?;
    if object.form() != (Form::Mapping { flow: false }) {
        return Ok(None);
    }
    let mut editor = Editor::of(object, wide_lists);
    if object.is_empty() {
        return Ok(None);
    }
    let column = editor.lines.column_of_keys(object).ok_or(EditError::Layout)?;
    match object.entries().find(|entry| entry.key.scalar() == Some(key)) {
        Some(entry) => {
            let after = editor.lines.after_colon(entry.key).ok_or(EditError::Layout)?;
            editor.value(Place { behind: Behind::Colon, after, column }, entry.value, target)?;
        }
        None => {
            let Some(last) = object.entries().last() else { return Ok(None) };
            editor.append(last, column, [(key, target)])?;
        }
    }
    editor.edited().map(Some)
}

/// Reads a text again after the edit of an outermost field: that field says `target`, and every other node is what it was.
///
/// # Errors
/// [`EditError::Mismatch`] where this is not so; [`EditError::Yaml`] where the text is beyond a limit.
pub(crate) fn confirm_field(
    before: &Tree<'_>,
    text: &str,
    element: bool,
    key: &str,
    target: &Value,
) -> Result<(), EditError> {
    let after = Tree::parse(text).map_err(unreadable)?;
    let objects = (editable(before, element), editable(&after, element));
    let (Ok(before), Ok(after)) = objects else { return Err(EditError::Mismatch) };
    let is_map = before.form() == after.form() && matches!(after.form(), Form::Mapping { .. });
    let mut old = before.entries();
    let mut said = false;
    let sound = after.entries().all(|entry| {
        let is_field = entry.key.scalar() == Some(key);
        match old.next() {
            Some(was) if !was.key.is_written_as(entry.key) => false,
            Some(was) if !is_field => was.value.is_written_as(entry.value),
            None if !is_field => false,
            _ => !std::mem::replace(&mut said, true) && entry.value.says(target),
        }
    });
    if is_map && sound && said && old.next().is_none() { Ok(()) } else { Err(EditError::Mismatch) }
}
