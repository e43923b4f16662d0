//! A file's text as documents, and which of them are resources.
//!
//! A resource has apiVersion, kind and metadata.name. What is none (a chart's values, a template, a kustomization) is left
//! alone; kpt would fail. Where it could hold an address of ours, leaving it alone would be dangerous, and is an error.

mod nature;

use std::ops::Range;
use std::sync::Arc;

use krm::files::documents;
use krm::{Item, Origin};

use super::error::ReadError;
use nature::Nature;

/// One document of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Document {
    /// Its bytes in the file.
    pub(super) range: Range<usize>,
    /// Whether it is a resource, and so among the items.
    pub(super) is_item: bool,
}

/// The documents of a file, and an item for each that is a resource.
#[derive(Debug, Default)]
pub(super) struct Documents {
    pub(super) documents: Vec<Document>,
    pub(super) items: Vec<Item>,
}

/// Reads a file. `package` is the package's directory, `path` the file in it.
pub(super) fn read(package: &str, path: &str, source: &Arc<str>) -> Result<Documents, ReadError> {
    let shown = || super::discover::join(package, path);
    let found = match documents(source) {
        Ok(found) => found,
        Err(_) if !nature::may_name_ours(source) => return Ok(Documents::default()),
        Err(error) => return Err(ReadError::Documents { path: shown(), error }),
    };
    let mut read = Documents::default();
    for (index, document) in (0..).zip(found) {
        let origin = Origin {
            package: Some(package.to_owned()),
            path: Some(path.to_owned()),
            index: Some(index),
            wide_lists: writes_lists_wide(document.text),
        };
        let item = Item::document_in(source, document.range.clone(), origin);
        let is_item = match nature::of(&item) {
            Nature::Resource => true,
            Nature::Other => false,
            Nature::Unreadable(error) => {
                return Err(ReadError::Yaml { path: shown(), error: error.below(document.line.saturating_sub(1)) });
            }
            Nature::Unfit(problem) => {
                return Err(ReadError::NotAResource { path: shown(), line: document.line, problem });
            }
        };
        if is_item {
            read.items.push(item);
        }
        read.documents.push(Document { range: document.range, is_item });
    }
    Ok(read)
}

/// Whether bytes that are not UTF-8 could hold a resource of ours.
pub(super) fn may_name_ours(bytes: &[u8]) -> bool {
    nature::may_name_ours(&String::from_utf8_lossy(bytes))
}

/// Whether the elements of lists stand deeper than their key (kpt's `seqindent`), as the first list shows it.
fn writes_lists_wide(text: &str) -> Option<bool> {
    let mut key_column = None;
    for line in text.lines() {
        let content = line.trim_start_matches(' ');
        let column = line.len() - content.len();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        if let (Some(key), true) = (key_column, content.starts_with("- ")) {
            return Some(column > key);
        }
        let opens = content.trim_end().ends_with(':') && !content.starts_with('-');
        key_column = opens.then_some(column);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Documents, ReadError> {
        read("sub", "dir/a.yaml", &text.into())
    }

    #[test]
    fn every_document_gets_its_place_and_keeps_its_bytes() {
        let text = "# licence\n---\napiVersion: v1\nkind: A\nmetadata:\n  name: a # one\n---\nplain: values\n---\n\
                    apiVersion: v1\nkind: B\nmetadata: {name: b}\n";
        let read = read_text(text).unwrap();
        assert_eq!(read.documents.iter().map(|document| document.is_item).collect::<Vec<_>>(), [true, false, true]);
        let texts: Vec<&str> = read.items.iter().map(Item::text).collect();
        assert_eq!(
            texts,
            ["apiVersion: v1\nkind: A\nmetadata:\n  name: a # one\n", "apiVersion: v1\nkind: B\nmetadata: {name: b}\n"]
        );
        let indices: Vec<_> = read.items.iter().map(|item| item.origin().index).collect();
        assert_eq!(indices, [Some(0), Some(2)]);
        assert_eq!(read.items[0].origin().full_path().as_deref(), Some("sub/dir/a.yaml"));
    }

    #[test]
    fn documents_that_cannot_be_told_apart_matter_only_if_one_may_be_ours() {
        assert!(read_text("%YAML 1.2\n---\nkind: ConfigMap\n").unwrap().documents.is_empty());
        let error = read_text(
            "%YAML 1.2\n---\napiVersion: ipam.resource.nephio.org/v1alpha1\nkind: IPClaim\nmetadata: {name: a}\n",
        )
        .unwrap_err();
        assert!(error.to_string().starts_with("sub/dir/a.yaml: line 1: "), "{error}");
    }

    #[test]
    fn errors_name_the_line_of_the_file() {
        let text = "a: 1\n---\n{{ if x }}\napiVersion: ipam.resource.nephio.org/v1alpha1\nkind: IPClaim\n";
        let error = read_text(text).unwrap_err().to_string();
        assert!(error.starts_with("sub/dir/a.yaml: line ") && !error.contains("line 1,"), "{error}");
    }

    #[test]
    fn the_first_list_shows_how_lists_are_written() {
        assert_eq!(writes_lists_wide("a:\n  # c\n  - 1\nb:\n- 2\n"), Some(true));
        assert_eq!(writes_lists_wide("x: 1\na:\n- 1\n"), Some(false));
        assert_eq!(writes_lists_wide("a:\n  b:\n  - 1\n"), Some(false));
        assert_eq!(writes_lists_wide("a:\n  b: [1]\n"), None);
        assert_eq!(writes_lists_wide("a: |\n  - text\n"), None);
    }
}
