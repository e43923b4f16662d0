//! How an item is edited.

use std::sync::OnceLock;

use serde_json::Value;

use super::{Item, ItemError, Shape, Text};
use crate::origin::ID_ANNOTATIONS;
use crate::yaml::{self, EditError, Node, Tree};

/// The text of an item after an edit that was confirmed.
#[derive(Debug)]
pub(crate) struct NewText(String);

impl Item {
    /// Makes the item say `target`; answers whether anything changed.
    ///
    /// Where list elements move or a node changes its kind, kpt's `id` annotations go from the item: with them kpt
    /// would put its copies of comments on other elements, or fail.
    ///
    /// # Errors
    /// [`EditError`]; the item is then as it was.
    pub fn set(&mut self, target: Value) -> Result<bool, EditError> {
        self.change(|_| target)
    }

    /// [`Item::set`] by changing a copy of what the item says.
    ///
    /// # Errors
    /// As [`Item::set`].
    pub fn edit(&mut self, change: impl FnOnce(&mut Value)) -> Result<bool, EditError> {
        self.change(|object| {
            let mut value = object.checked_value();
            change(&mut value);
            value
        })
    }

    fn change(&mut self, target: impl FnOnce(Node<'_>) -> Value) -> Result<bool, EditError> {
        let tree = self.editable_tree()?;
        let object = self.object(&tree).map_err(edit_error)?;
        let mut target = target(object);
        if object.is(&target) {
            return Ok(false);
        }
        let text = self.edited(&tree, &mut target)?;
        self.take(text);
        self.value = OnceLock::from(Ok(Box::new(target)));
        Ok(true)
    }

    /// The text with which one outermost field says what `change` makes of its value, which is null where the field is
    /// absent. `None` if nothing changes.
    ///
    /// The text is confirmed: it was read again, and says what was meant.
    ///
    /// # Errors
    /// [`EditError`].
    pub(crate) fn with_field(&self, key: &str, change: impl FnOnce(&mut Value)) -> Result<Option<NewText>, EditError> {
        let tree = self.editable_tree()?;
        let object = self.object(&tree).map_err(edit_error)?;
        let before = object.field(key).map(Node::checked_value).unwrap_or_default();
        let mut field = before.clone();
        change(&mut field);
        if field == before {
            return Ok(None);
        }
        let edited = yaml::edit_field(&tree, self.is_element(), key, &field, self.wide_lists())?;
        if let Some(edited) = edited.filter(|edited| !edited.structural) {
            yaml::confirm_field(&tree, &edited.text, self.is_element(), key, &field)?;
            return Ok(Some(NewText(edited.text)));
        }
        let mut target = object.checked_value();
        if let Some(target) = target.as_object_mut() {
            target.insert(key.to_owned(), field);
        }
        let text = self.edited(&tree, &mut target)?;
        yaml::confirm(&text, self.is_element(), &target)?;
        Ok(Some(NewText(text)))
    }

    /// Takes a confirmed text over.
    pub(crate) fn accept(&mut self, text: NewText) {
        self.take(text.0);
        self.sound = OnceLock::from(true);
    }

    /// The nodes of the text, if an edit before this one said what was meant.
    fn editable_tree(&self) -> Result<Tree<'_>, EditError> {
        if self.is_sound() { Ok(self.tree()?) } else { Err(EditError::Mismatch) }
    }

    /// The text with which the item says `target`, from which kpt's ids are removed where they would be wrong.
    fn edited(&self, tree: &Tree<'_>, target: &mut Value) -> Result<String, EditError> {
        let mut edited = yaml::edit(tree, self.is_element(), target, self.wide_lists())?;
        if edited.structural && drop_ids(target) {
            edited = yaml::edit(tree, self.is_element(), target, self.wide_lists())?;
        }
        Ok(edited.text)
    }

    /// Takes a text over. The item stays filed where it was.
    fn take(&mut self, text: String) {
        self.text = Text::Own(text.into());
        self.hint.take();
        self.nodes.take();
        self.header.take();
        self.value.take();
        self.sound.take();
        self.changed = true;
    }

    /// Whether an edited item's text, read again, says what was meant. Nothing may be written before this is known.
    pub(crate) fn is_sound(&self) -> bool {
        !self.changed || *self.sound.get_or_init(|| self.confirm().is_ok())
    }

    /// Reads the text again and compares it with what was meant.
    ///
    /// # Errors
    /// [`EditError`] where the edit made something else of it.
    pub(crate) fn confirm(&self) -> Result<(), EditError> {
        let meant = self.value().map_err(edit_error)?;
        yaml::confirm(self.text(), self.is_element(), meant)
    }

    /// Forgets what an edit meant, once it is known that the text says it.
    pub(crate) fn forget_value(&mut self) {
        if self.is_sound() {
            self.value.take();
        }
    }

    fn wide_lists(&self) -> bool {
        self.origin().wide_lists.unwrap_or(false)
    }

    fn is_element(&self) -> bool {
        self.shape == Shape::Element
    }
}

/// Why an item that cannot be read cannot be edited.
fn edit_error(error: ItemError) -> EditError {
    match error {
        ItemError::Yaml(error) => EditError::Yaml(error),
        ItemError::Edit(error) => error,
        ItemError::NotAMap | ItemError::Field { .. } => EditError::Layout,
    }
}

/// Removes kpt's `id` annotations; answers whether there were any.
fn drop_ids(value: &mut Value) -> bool {
    let annotations = value.get_mut("metadata").and_then(|m| m.get_mut("annotations")).and_then(Value::as_object_mut);
    let Some(annotations) = annotations else { return false };
    let before = annotations.len();
    annotations.retain(|key, _| !ID_ANNOTATIONS.contains(&key.as_str()));
    annotations.len() != before
}
