//! One item: its text, what it says, where it is filed, and how it is edited.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use thiserror::Error;

use crate::codes::FIELD_MALFORMED;
use crate::finding::FileRef;
use crate::finding::{Field, Finding};
use crate::hint::{self, Hint};
use crate::origin::{ID_ANNOTATIONS, Origin};
use crate::yaml::{self, EditError, Tree, YamlError};

/// How an item's text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `- key: ..` lines of a list.
    Element,
    /// `{..}` inside a flow list.
    Flow,
    /// A document of its own: a file, or a part of one between `---` lines.
    Document,
}

/// Why an item cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ItemError {
    /// Its text is not YAML that is read here.
    #[error(transparent)]
    Yaml(#[from] YamlError),
    /// An edit of it went wrong.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// It is not a map.
    #[error("an item is a map with apiVersion, kind and metadata; this one is not a map")]
    NotAMap,
    /// A field is not of the expected type.
    #[error("{field}: {message}")]
    Field {
        /// The path of the field, as `spec.networkInstance.name`.
        field: String,
        /// What was found and what was expected.
        message: String,
    },
}

impl ItemError {
    /// The error as a finding with the code `field-malformed`, in words for whoever wrote the item. The message does not
    /// repeat the field, which stands beside it.
    #[must_use]
    pub fn to_finding(&self) -> Finding {
        let Self::Field { field, message } = self else {
            return Finding::error(FIELD_MALFORMED, self.to_string());
        };
        if let Some(missing) = message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
            let field =
                if field.is_empty() || field == "." { missing.to_owned() } else { format!("{field}.{missing}") };
            return Finding::error(FIELD_MALFORMED, "the field is missing: add it").field(field);
        }
        let message = message
            .replace("unknown variant", "unknown value")
            .replace("expected u8", "expected a whole number from 0 to 255, without quotes")
            .replace("expected u16", "expected a whole number from 0 to 65535, without quotes")
            .replace("expected u32", "expected a whole number from 0 to 4294967295, without quotes");
        let quotes = message.starts_with("invalid type: ") && message.ends_with("expected a string");
        let hint = if quotes { ": put it in quotes" } else { "" };
        Finding::error(FIELD_MALFORMED, format!("{message}{hint}")).field(Field::new(field.as_str()))
    }
}

#[derive(Debug, Clone)]
enum Text {
    Source(Arc<str>, Range<usize>),
    Own(Arc<str>),
}

/// An item of a ResourceList or a document of a package's file.
///
/// Nothing is parsed before it is asked for. An edit changes the bytes of what differs and no others.
#[derive(Debug, Clone)]
pub struct Item {
    text: Text,
    shape: Shape,
    filed: Option<Origin>,
    tree: OnceLock<Result<Tree, YamlError>>,
    value: OnceLock<Result<Value, ItemError>>,
    /// Whether the text of an edited item was read again and says what was meant.
    sound: OnceLock<bool>,
    read_origin: OnceLock<Origin>,
    hint: OnceLock<Hint>,
    pub(crate) changed: bool,
    pub(crate) removed: bool,
    pub(crate) new: bool,
}

impl Item {
    pub(crate) fn of_source(source: &Arc<str>, range: Range<usize>, shape: Shape) -> Item {
        Item::with(Text::Source(Arc::clone(source), range), shape, None)
    }

    /// A document of a file, filed at `origin`.
    #[must_use]
    pub fn document(text: &str, origin: Origin) -> Item {
        Item::with(Text::Own(text.into()), Shape::Document, Some(origin))
    }

    /// [`Item::document`] that is a part of a longer text, which is shared and not copied.
    #[must_use]
    pub fn document_in(source: &Arc<str>, range: Range<usize>, origin: Origin) -> Item {
        Item::with(Text::Source(Arc::clone(source), range), Shape::Document, Some(origin))
    }

    /// A new item, to be filed at `origin`.
    pub(crate) fn new(value: Value, origin: Origin) -> Item {
        let indent = yaml::Indent { column: 0, wide_lists: origin.wide_lists.unwrap_or(false) };
        let mut item = Item::document(&yaml::block(&value, indent, "\n"), origin);
        item.new = true;
        item
    }

    fn with(text: Text, shape: Shape, filed: Option<Origin>) -> Item {
        Item {
            text,
            shape,
            filed,
            tree: OnceLock::new(),
            value: OnceLock::new(),
            sound: OnceLock::new(),
            read_origin: OnceLock::new(),
            hint: OnceLock::new(),
            changed: false,
            removed: false,
            new: false,
        }
    }

    /// The text as it is now.
    #[must_use]
    pub fn text(&self) -> &str {
        match &self.text {
            Text::Source(source, range) => source.get(range.clone()).unwrap_or_default(),
            Text::Own(text) => text,
        }
    }

    /// How the text is written.
    #[must_use]
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Whether the text differs from the input's.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.changed
    }

    /// Whether the item was added.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.new
    }

    /// Whether the item was removed.
    #[must_use]
    pub fn is_removed(&self) -> bool {
        self.removed
    }

    fn tree(&self) -> Result<&Tree, YamlError> {
        self.tree.get_or_init(|| Tree::parse(self.text())).as_ref().map_err(Clone::clone)
    }

    /// What the item says.
    ///
    /// # Errors
    /// [`ItemError`] where its text cannot be read.
    pub fn value(&self) -> Result<&Value, ItemError> {
        let read = || {
            let tree = self.tree()?;
            let node = match self.shape {
                Shape::Element => tree.root.items().first().ok_or(ItemError::NotAMap)?,
                Shape::Flow | Shape::Document => &tree.root,
            };
            let value = tree.value_of(self.text(), node)?;
            if value.is_object() { Ok(value) } else { Err(ItemError::NotAMap) }
        };
        self.value.get_or_init(read).as_ref().map_err(Clone::clone)
    }

    /// Whether an edited item's text, read again, says what was meant. Nothing may be written before this is known.
    pub(crate) fn is_sound(&self) -> bool {
        let check = || match self.value() {
            Ok(value) => match yaml::confirm(self.text(), self.shape == Shape::Element, value) {
                Ok(tree) => {
                    let _ = self.tree.set(Ok(tree));
                    true
                }
                Err(_) => false,
            },
            Err(_) => false,
        };
        !self.changed || *self.sound.get_or_init(check)
    }

    /// The item as a type of its kind.
    ///
    /// # Errors
    /// [`ItemError`], which names the field that does not fit.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, ItemError> {
        // Keeping track of the path costs as much as the reading; it is only wanted for the message.
        if let Ok(typed) = T::deserialize(self.value()?) {
            return Ok(typed);
        }
        serde_path_to_error::deserialize(self.value()?)
            .map_err(|error| ItemError::Field { field: error.path().to_string(), message: error.inner().to_string() })
    }

    fn field(&self, path: &[&str]) -> Option<&Value> {
        let mut value = self.value().ok()?;
        for key in path {
            value = value.get(key)?;
        }
        Some(value)
    }

    fn text_field(&self, path: &[&str]) -> &str {
        self.field(path).and_then(Value::as_str).unwrap_or_default()
    }

    /// `apiVersion`, or nothing.
    #[must_use]
    pub fn api_version(&self) -> &str {
        self.text_field(&["apiVersion"])
    }

    /// `kind`, or nothing.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.text_field(&["kind"])
    }

    /// `metadata.name`, or nothing.
    #[must_use]
    pub fn name(&self) -> &str {
        self.text_field(&["metadata", "name"])
    }

    /// `metadata.namespace`, or nothing.
    #[must_use]
    pub fn namespace(&self) -> &str {
        self.text_field(&["metadata", "namespace"])
    }

    /// An annotation that is text.
    #[must_use]
    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.field(&["metadata", "annotations"])?.get(key)?.as_str()
    }

    /// Where the item is filed.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        if let Some(origin) = &self.filed {
            return origin;
        }
        self.read_origin.get_or_init(|| {
            let annotations = self.field(&["metadata", "annotations"]).and_then(Value::as_object);
            annotations.map(Origin::of_annotations).unwrap_or_default()
        })
    }

    /// Whether the item was given its place apart from its text, and not by annotations.
    pub(crate) fn is_filed(&self) -> bool {
        self.filed.is_some()
    }

    /// The file as a message names it: for a document of a file from the root that was read, else as kpt's path
    /// annotation says.
    #[must_use]
    pub fn file(&self) -> Option<FileRef> {
        let origin = self.origin();
        let path = if self.is_filed() { origin.full_path()? } else { origin.path.clone()? };
        Some(FileRef { path, index: origin.index })
    }

    /// Whether the item's kind can be `kind`: `false` only where its text shows another one.
    pub(crate) fn may_be(&self, kind: &str) -> bool {
        match self.hint.get_or_init(|| hint::kind_of(self.text(), self.shape)) {
            Hint::Unknown => true,
            Hint::Kind(range) => self.text().get(range.clone()) == Some(kind),
        }
    }

    /// The paths at which the text may say that the item is filed, without a parse.
    pub(crate) fn stated_paths(&self) -> Vec<&str> {
        match &self.filed {
            Some(origin) => origin.path.as_deref().into_iter().collect(),
            None => hint::paths(self.text()),
        }
    }

    /// The same for the package.
    pub(crate) fn stated_packages(&self) -> Vec<&str> {
        match &self.filed {
            Some(origin) => origin.package.as_deref().into_iter().collect(),
            None => hint::packages(self.text()),
        }
    }

    /// Makes the item say `target`; answers whether anything changed.
    ///
    /// Where list elements move or a node changes its kind, kpt's `id` annotations go from the item: with them kpt
    /// would put its copies of comments on other elements, or fail.
    ///
    /// # Errors
    /// [`EditError`]; the item is then as it was.
    pub fn set(&mut self, mut target: Value) -> Result<bool, EditError> {
        match self.value() {
            Ok(value) if *value == target => return Ok(false),
            Ok(_) if self.is_sound() => {}
            Ok(_) => return Err(EditError::Mismatch),
            Err(ItemError::Yaml(error)) => return Err(EditError::Yaml(error)),
            Err(_) => return Err(EditError::Layout),
        }
        let element = self.shape == Shape::Element;
        let wide = self.origin().wide_lists.unwrap_or(false);
        let mut edited = yaml::edit(self.text(), self.tree()?, element, &target, wide)?;
        if edited.structural && drop_ids(&mut target) {
            edited = yaml::edit(self.text(), self.tree()?, element, &target, wide)?;
        }
        self.text = Text::Own(edited.text.into());
        self.tree = OnceLock::new();
        self.value = OnceLock::from(Ok(target));
        self.sound = OnceLock::new();
        self.hint = OnceLock::new();
        self.changed = true;
        Ok(true)
    }

    /// [`Item::set`] by changing a copy of what the item says.
    ///
    /// # Errors
    /// As [`Item::set`].
    pub fn edit(&mut self, change: impl FnOnce(&mut Value)) -> Result<bool, EditError> {
        let mut value = match self.value() {
            Ok(value) => value.clone(),
            Err(ItemError::Yaml(error)) => return Err(EditError::Yaml(error)),
            Err(_) => return Err(EditError::Layout),
        };
        change(&mut value);
        self.set(value)
    }

    /// The item as an element of a ResourceList: its value with the annotations that say where it is filed.
    pub(crate) fn filed_value(&self) -> Result<Value, ItemError> {
        let mut value = self.value()?.clone();
        if let (Some(origin), Some(object)) = (&self.filed, value.as_object_mut()) {
            let metadata = object.entry("metadata").or_insert_with(|| Value::Object(Map::new()));
            if let Some(metadata) = metadata.as_object_mut() {
                let annotations = metadata.entry("annotations").or_insert_with(|| Value::Object(Map::new()));
                if annotations.is_null() {
                    *annotations = Value::Object(Map::new());
                }
                if let Some(annotations) = annotations.as_object_mut() {
                    origin.annotate(annotations);
                }
            }
        }
        Ok(value)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_error_becomes_words() {
        let shown = |field: &str, message: &str| {
            let finding = ItemError::Field { field: field.into(), message: message.into() }.to_finding();
            (finding.message, finding.field.map(|field| field.path).unwrap_or_default())
        };
        for (field, message, expected, path) in [
            ("spec", "missing field `prefix`", "the field is missing: add it", "spec.prefix"),
            (".", "missing field `metadata`", "the field is missing: add it", "metadata"),
            (
                "spec.prefixLength",
                "invalid type: string \"24\", expected u8",
                "invalid type: string \"24\", expected a whole number from 0 to 255, without quotes",
                "spec.prefixLength",
            ),
            (
                "spec.labels.a",
                "invalid type: integer `1`, expected a string",
                "invalid type: integer `1`, expected a string: put it in quotes",
                "spec.labels.a",
            ),
            (
                "spec.kind",
                "unknown variant `x`, expected one of `a`, `b`",
                "unknown value `x`, expected one of `a`, `b`",
                "spec.kind",
            ),
        ] {
            assert_eq!(shown(field, message), (expected.to_owned(), path.to_owned()));
        }
    }
}
