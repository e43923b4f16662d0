//! One item: its text, what it says, and where it is filed.

mod change;
mod header;

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use thiserror::Error;

use header::Header;
pub(crate) use header::Said;

use crate::codes::FIELD_MALFORMED;
use crate::finding::Finding;
use crate::hint::{self, Hint};
use crate::origin::Origin;
use crate::place::{Field, FileRef, ObjectRef};
use crate::yaml::{self, EditError, Node, Nodes, Tree, YamlError, line_break};

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
    fn field(error: serde_path_to_error::Error<serde_json::Error>) -> ItemError {
        ItemError::Field { field: error.path().to_string(), message: error.inner().to_string() }
    }

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
        let message = match message.strip_suffix("expected a boolean") {
            Some(found) => format!("{found}expected true or false, without quotes"),
            None => message,
        };
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
/// Nothing is parsed before it is asked for, and little is kept: a fleet has many items, and its text is read faster than
/// so much memory is had. An edit changes the bytes of what differs and no others.
#[derive(Debug, Clone)]
pub struct Item {
    text: Text,
    shape: Shape,
    filed: Option<Box<Origin>>,
    hint: OnceLock<Hint>,
    /// Nodes that were not to be had quickly.
    nodes: OnceLock<Arc<Nodes>>,
    /// Where the input's annotations say that it is filed.
    stated_origin: OnceLock<Box<Origin>>,
    header: OnceLock<Result<Box<Header>, Box<ItemError>>>,
    value: OnceLock<Result<Box<Value>, Box<ItemError>>>,
    /// Whether the text of an edited item was read again and says what was meant.
    sound: OnceLock<bool>,
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
        Item::with(Text::Source(Arc::clone(source), range), Shape::Document, Some(origin)).with_disputes()
    }

    /// A new item, to be filed at `origin`.
    pub(crate) fn new(value: &Value, origin: Origin) -> Item {
        let indent = yaml::Indent { column: 0, wide_lists: origin.wide_lists.unwrap_or(false) };
        let mut item = Item::document(&yaml::block(value, indent, "\n"), origin);
        item.new = true;
        item
    }

    /// Looks for characters that end a line to some readers only: what the item is depends on the reader then.
    pub(crate) fn with_disputes(mut self) -> Item {
        if line_break(self.text()).is_some() {
            self.hint = OnceLock::from(Hint::Disputed);
        }
        self
    }

    fn with(text: Text, shape: Shape, filed: Option<Origin>) -> Item {
        Item {
            text,
            shape,
            filed: filed.map(Box::new),
            hint: OnceLock::new(),
            nodes: OnceLock::new(),
            stated_origin: OnceLock::new(),
            header: OnceLock::new(),
            value: OnceLock::new(),
            sound: OnceLock::new(),
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

    /// Reads the text and hands on the node of what the item says.
    fn look<R>(&self, look: impl FnOnce(Node<'_>) -> R) -> Result<R, ItemError> {
        let tree = self.tree()?;
        Ok(look(self.object(&tree)?))
    }

    /// The text and its nodes.
    fn tree(&self) -> Result<Tree<'_>, YamlError> {
        if let Some(nodes) = self.nodes.get() {
            return Ok(Tree::again(self.text(), nodes));
        }
        if !matches!(self.header.get(), Some(Ok(_))) {
            YamlError::check_line_breaks(self.text())?;
        }
        let tree = Tree::parse(self.text())?;
        if let Some(nodes) = tree.worth_keeping() {
            _ = self.nodes.set(nodes);
        }
        Ok(tree)
    }

    /// The node of what the item says, which is a map without faults.
    fn object<'t>(&self, tree: &'t Tree<'t>) -> Result<Node<'t>, ItemError> {
        let object = match self.shape {
            Shape::Element => tree.root().items().next().ok_or(ItemError::NotAMap)?,
            Shape::Flow | Shape::Document => tree.root(),
        };
        if !matches!(self.header.get(), Some(Ok(_))) {
            object.check()?;
        }
        if object.is_map() { Ok(object) } else { Err(ItemError::NotAMap) }
    }

    /// What the item says. It is remembered: [`Item::read`] takes less time, and memory only for what it answers.
    ///
    /// # Errors
    /// [`ItemError`] where its text cannot be read.
    pub fn value(&self) -> Result<&Value, ItemError> {
        let read = || self.look(|object| object.checked_value()).map(Box::new).map_err(Box::new);
        self.value.get_or_init(read).as_deref().map_err(|error| (**error).clone())
    }

    /// What the item says, which is not remembered.
    fn fresh_value(&self) -> Result<Value, ItemError> {
        match self.value.get() {
            Some(Ok(value)) => Ok((**value).clone()),
            Some(Err(error)) => Err((**error).clone()),
            None => self.look(|object| object.checked_value()),
        }
    }

    /// The item as a type of its kind.
    ///
    /// # Errors
    /// [`ItemError`], which names the field that does not fit.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, ItemError> {
        let fits = match self.value.get() {
            Some(Ok(value)) => T::deserialize(&**value).ok(),
            Some(Err(error)) => return Err((**error).clone()),
            None => self.look(yaml::typed)?,
        };
        // Keeping track of the path costs more than the reading; it is only wanted for the message.
        fits.map_or_else(|| serde_path_to_error::deserialize(&self.fresh_value()?).map_err(ItemError::field), Ok)
    }

    /// What the item says of itself, read once.
    pub(crate) fn header(&self) -> Result<&Header, ItemError> {
        let read = |item: Said<'_>| {
            _ = self.stated_origin.set(Box::new(Origin::stated_by(item)));
            Box::new(Header::of(item))
        };
        let header = self.header.get_or_init(|| match self.value.get() {
            Some(Ok(value)) => Ok(read(Said::Value(value))),
            Some(Err(error)) => Err(error.clone()),
            None => self.look(|node| read(Said::Node(node))).map_err(Box::new),
        });
        header.as_deref().map_err(|error| (**error).clone())
    }

    /// `apiVersion`, or nothing.
    #[must_use]
    pub fn api_version(&self) -> &str {
        self.header().map_or("", |header| &header.api_version)
    }

    /// `kind`, or nothing.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.header().map_or("", |header| &header.kind)
    }

    /// `metadata.name`, or nothing.
    #[must_use]
    pub fn name(&self) -> &str {
        self.header().map_or("", |header| &header.name)
    }

    /// `metadata.namespace`, or nothing.
    #[must_use]
    pub fn namespace(&self) -> &str {
        self.header().map_or("", |header| &header.namespace)
    }

    /// An annotation that is text.
    #[must_use]
    pub fn annotation(&self, key: &str) -> Option<&str> {
        if self.value.get().is_none() {
            let look = |object: Node<'_>| {
                let annotation = object.field("metadata")?.field("annotations")?.field(key)?;
                annotation.text().map(|_| annotation.bare())
            };
            if let Some(bytes) = self.look(look).ok()?? {
                return self.text().get(bytes);
            }
        }
        // With escapes or an alias, its text is not among the item's bytes.
        self.value().ok()?.get("metadata")?.get("annotations")?.get(key)?.as_str()
    }

    /// Whether the item says `value`.
    pub(crate) fn says(&self, value: &Value) -> bool {
        self.look(|object| object.is(value)).unwrap_or(false)
    }

    /// Where the item is filed. An edit of the annotations that say so does not move it.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        if let Some(origin) = &self.filed {
            return origin;
        }
        if self.stated_origin.get().is_none() {
            _ = self.header();
        }
        self.stated_origin.get_or_init(Box::default)
    }

    /// Whether the item was given its place apart from its text, and not by annotations.
    pub(crate) fn is_filed(&self) -> bool {
        self.filed.is_some()
    }

    /// The object as a message names it.
    #[must_use]
    pub fn object_ref(&self) -> ObjectRef {
        let namespace = Some(self.namespace()).filter(|namespace| !namespace.is_empty());
        ObjectRef {
            api_version: self.api_version().to_owned(),
            kind: self.kind().to_owned(),
            namespace: namespace.map(str::to_owned),
            name: self.name().to_owned(),
        }
    }

    /// The file as a message names it: for a document of a file from the root that was read, else as kpt's path
    /// annotation says.
    #[must_use]
    pub fn file(&self) -> Option<FileRef> {
        let origin = self.origin();
        let path = if self.is_filed() { origin.full_path()? } else { origin.path.clone()? };
        Some(FileRef { path, index: origin.index })
    }

    /// Whether the item can be of a kind: `false` only where its text shows another one or, to readers that see other
    /// lines in it, names neither the group nor the kind.
    pub(crate) fn may_be(&self, group: &str, kind: &str) -> bool {
        match self.hint.get_or_init(|| hint::kind_of(self.text(), self.shape)) {
            Hint::Unknown => true,
            Hint::Disputed => self.text().contains(group) && self.text().contains(kind),
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

    /// The item as an element of a ResourceList: its value with the annotations that say where it is filed.
    pub(crate) fn filed_value(&self) -> Result<Value, ItemError> {
        let mut value = self.fresh_value()?;
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

#[cfg(test)]
mod tests;
