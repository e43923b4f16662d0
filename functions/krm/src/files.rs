//! Files in place of a ResourceList: what a function reads when it is given paths on its command line.
//!
//! Every document of every file becomes an item. Its text is kept, only indented, and gets the annotations that kpt would
//! set: the path as given, and the position among the file's documents. There is no functionConfig then.

mod documents;

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde_json::{Map, Value};
use thiserror::Error;

pub use documents::{Document, DocumentsError, documents};

use crate::item::Item;
use crate::limits::MAX_BYTES;
use crate::list::{ListError, ResourceList};
use crate::origin::Origin;
use crate::yaml::{self, EditError, Form, Node, Style, Tree, YamlError};

/// Why files do not make a ResourceList. Every message starts with the path.
#[derive(Debug, Error)]
pub enum FilesError {
    /// The file system refuses.
    #[error("{path}: {error}")]
    Unreadable {
        /// The file.
        path: String,
        /// What the operating system says.
        error: io::Error,
    },
    /// A directory where a file is expected.
    #[error(
        "{path} is a directory, expected files; for a whole package pipe `kpt fn source {path}` into this function"
    )]
    Directory {
        /// The directory.
        path: String,
    },
    /// The path itself is not UTF-8, so no annotation can state it.
    #[error("{path}: the file's name is not UTF-8; rename it")]
    Name {
        /// The file, as far as it can be shown.
        path: String,
    },
    /// The same file twice: its resources would be there twice.
    #[error("{path} is given twice; give it once")]
    Twice {
        /// The file.
        path: String,
    },
    /// Not UTF-8.
    #[error("{path}: line {line} is not UTF-8; save the file as UTF-8")]
    NotUtf8 {
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
    },
    /// Its documents cannot be told apart.
    #[error("{path}: {error}")]
    Documents {
        /// The file.
        path: String,
        /// What is wrong with it.
        error: DocumentsError,
    },
    /// A document is not YAML that is read here.
    #[error("{path}: {error}")]
    Yaml {
        /// The file.
        path: String,
        /// What is wrong, with the line in the file.
        error: YamlError,
    },
    /// A document is not a resource.
    #[error("{path}: line {line}: {problem}")]
    NotAResource {
        /// The file.
        path: String,
        /// The document's first line, from 1.
        line: usize,
        /// What was found and what was expected.
        problem: &'static str,
    },
    /// Indenting a document would change what it says.
    #[error(
        "{path}: line {line}: the document is laid out so that it cannot become an item of a ResourceList unchanged; \
         write it in block style"
    )]
    Layout {
        /// The file.
        path: String,
        /// The document's first line, from 1.
        line: usize,
    },
    /// The file ends inside a block scalar: readers disagree whether that scalar ends with a line end.
    #[error("{path}: the last line has no line end; add one")]
    NoFinalNewline {
        /// The file.
        path: String,
    },
    /// A document has no place for the annotations.
    #[error("{path}: line {line}: {error}")]
    Annotations {
        /// The file.
        path: String,
        /// The document's first line, from 1.
        line: usize,
        /// What is in the way.
        error: EditError,
    },
    /// More bytes than [`MAX_BYTES`], alone or with the files before it.
    #[error("{path}: with this file there are more than {MAX_BYTES} bytes, the limit; give fewer or smaller files")]
    TooLarge {
        /// The file.
        path: String,
    },
    /// The files together are no ResourceList.
    #[error("the files together: {0}")]
    List(#[from] ListError),
}

/// The ResourceList that the documents of some files make, in the order of the paths.
///
/// # Errors
/// [`FilesError`] for the first file or document that does not fit.
pub fn resource_list<P: AsRef<Path>>(paths: &[P]) -> Result<String, FilesError> {
    let mut given = HashSet::new();
    let mut resources = Vec::new();
    let mut left = MAX_BYTES;
    for path in paths {
        let path = path_text(path.as_ref())?;
        if !given.insert(path.clone()) {
            return Err(FilesError::Twice { path });
        }
        let text = read(&path, left)?;
        left = left.saturating_sub(text.len());
        resources.append(&mut resources_of(&path, &text)?);
    }
    assemble(&resources)
}

/// The ResourceList of items that were read from files, or are to be filed there: their text, with the annotations that
/// say where from the root each is filed. Items that cannot be read, or have no place, are left out.
///
/// # Errors
/// [`FilesError::Layout`] for an item whose text cannot become an element of a list.
pub fn list_of<'i>(items: impl IntoIterator<Item = &'i Item>) -> Result<String, FilesError> {
    let resource = |item: &Item| {
        Some(Resource {
            path: item.origin().full_path()?,
            index: item.origin().index.unwrap_or_default(),
            line: 1,
            text: item.text().to_owned(),
            value: item.value().ok()?.clone(),
        })
    };
    assemble(&items.into_iter().filter_map(resource).collect::<Vec<_>>())
}

/// One document, checked to be a resource.
struct Resource {
    path: String,
    /// Among the documents of its file, from 0.
    index: u32,
    /// The document's first line, from 1.
    line: usize,
    text: String,
    value: Value,
}

impl Resource {
    fn annotate(&self, value: &mut Value) {
        let Some(object) = value.as_object_mut() else { return };
        let origin = Origin { path: Some(self.path.clone()), index: Some(self.index), ..Origin::default() };
        if let Some(annotations) = map_in(object, "metadata").and_then(|metadata| map_in(metadata, "annotations")) {
            origin.annotate(annotations);
        }
    }

    fn layout_error(&self) -> FilesError {
        FilesError::Layout { path: self.path.clone(), line: self.line }
    }
}

/// The path as the annotations state it.
fn path_text(path: &Path) -> Result<String, FilesError> {
    let Some(text) = path.to_str() else {
        return Err(FilesError::Name { path: path.to_string_lossy().into_owned() });
    };
    let mut text = text;
    while let Some(rest) = text.strip_prefix("./") {
        text = rest.trim_start_matches('/');
    }
    Ok(text.to_owned())
}

/// The text of a file that has no more than so many bytes.
fn read(path: &str, most: usize) -> Result<String, FilesError> {
    if Path::new(path).is_dir() {
        return Err(FilesError::Directory { path: path.to_owned() });
    }
    let unreadable = |error| FilesError::Unreadable { path: path.to_owned(), error };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(most as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() > most {
        return Err(FilesError::TooLarge { path: path.to_owned() });
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let breaks = error.as_bytes().iter().take(valid).filter(|byte| **byte == b'\n').count();
        FilesError::NotUtf8 { path: path.to_owned(), line: breaks.saturating_add(1) }
    })
}

fn resources_of(path: &str, text: &str) -> Result<Vec<Resource>, FilesError> {
    let documents = documents(text).map_err(|error| FilesError::Documents { path: path.to_owned(), error })?;
    let mut resources = Vec::with_capacity(documents.len());
    for (index, document) in (0..).zip(&documents) {
        let value = value_of(document).map_err(|error| FilesError::Yaml { path: path.to_owned(), error })?;
        if let Some(problem) = problem_of(&value) {
            return Err(FilesError::NotAResource { path: path.to_owned(), line: document.line, problem });
        }
        if !document.text.ends_with('\n') && ends_in_block_scalar(document.text) {
            return Err(FilesError::NoFinalNewline { path: path.to_owned() });
        }
        let text = document.text.to_owned();
        resources.push(Resource { path: path.to_owned(), index, line: document.line, text, value });
    }
    Ok(resources)
}

/// What a document says. An error states the place in the file.
fn value_of(document: &Document<'_>) -> Result<Value, YamlError> {
    yaml::read(document.text).map_err(|error| error.below(document.line.saturating_sub(1)))
}

fn ends_in_block_scalar(document: &str) -> bool {
    fn last(node: Node<'_>) -> Option<Node<'_>> {
        node.items().last().or_else(|| node.entries().last().map(|entry| entry.value))
    }
    let Ok(tree) = Tree::parse(document) else { return false };
    let leaf = std::iter::successors(Some(tree.root()), |node| last(*node)).last();
    leaf.is_some_and(|leaf| leaf.form() == Form::Scalar(Style::Block))
}

fn problem_of(value: &Value) -> Option<&'static str> {
    let Some(object) = value.as_object() else {
        return Some("the document is not a mapping; expected a resource with apiVersion and kind");
    };
    let states = |key: &str| object.get(key).and_then(Value::as_str).is_some_and(|text| !text.is_empty());
    let is_map = |value: Option<&Value>| matches!(value, None | Some(Value::Null | Value::Object(_)));
    let metadata = object.get("metadata");
    if !states("apiVersion") {
        Some("the document has no apiVersion; expected a resource with apiVersion and kind")
    } else if !states("kind") {
        Some("the document has no kind; expected a resource with apiVersion and kind")
    } else if object.get("kind").and_then(Value::as_str) == Some("ResourceList") {
        Some("the document is a ResourceList; give it on standard input instead, without any file arguments")
    } else if !is_map(metadata) || !is_map(metadata.and_then(|metadata| metadata.get("annotations"))) {
        Some("metadata and metadata.annotations must be mappings")
    } else {
        None
    }
}

/// A map inside a map, made where it is absent or null.
fn map_in<'m>(parent: &'m mut Map<String, Value>, key: &str) -> Option<&'m mut Map<String, Value>> {
    let child = parent.entry(key).or_insert(Value::Null);
    if child.is_null() {
        *child = Value::Object(Map::new());
    }
    child.as_object_mut()
}

/// The ResourceList of all resources, annotated. No item says anything else than its document did.
fn assemble(resources: &[Resource]) -> Result<String, FilesError> {
    let mut text = String::from("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:");
    text.push_str(if resources.is_empty() { " []\n" } else { "\n" });
    for resource in resources {
        push_item(&resource.text, &mut text);
    }
    let mut list = ResourceList::parse(text)?;
    let ids: Vec<_> = list.iter().map(|(id, _)| id).collect();
    if ids.len() != resources.len() {
        let last = resources.last().map(Resource::layout_error);
        return Err(last.unwrap_or_else(|| ListError::Layout.into()));
    }
    for (id, resource) in ids.into_iter().zip(resources) {
        let item = list.get_mut(id).filter(|item| item.says(&resource.value));
        let item = item.ok_or_else(|| resource.layout_error())?;
        item.edit(|value| resource.annotate(value)).map_err(|error| FilesError::Annotations {
            path: resource.path.clone(),
            line: resource.line,
            error,
        })?;
    }
    list.render().map_err(|_| ListError::Layout.into())
}

/// Appends a document as an element of a block list. Empty lines stay empty: they may belong to a block scalar.
fn push_item(document: &str, out: &mut String) {
    for (number, line) in document.split_inclusive('\n').enumerate() {
        let empty = line.trim_end_matches(['\r', '\n']).is_empty();
        let indent = match (number, empty) {
            (0, true) => "-",
            (0, false) => "- ",
            (_, true) => "",
            (_, false) => "  ",
        };
        out.push_str(indent);
        out.push_str(line);
    }
    if !out.ends_with('\n') {
        out.push('\n');
    }
}

#[cfg(test)]
mod tests;
