//! What a render changes on disk.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use krm::codes::INTERNAL_ERROR;
use krm::files::documents;
use krm::{FileRef, Finding, Item};
use thiserror::Error;

use super::file::{Outcome, text_of};
use super::{Package, PackageTree};
use crate::codes;

/// A file that is written, made or removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    /// From the root.
    pub(crate) path: String,
    /// The file to write or to remove. For a link that is to be written it is what the link leads to.
    pub(crate) disk: PathBuf,
    /// What was read. None for a new file.
    pub(crate) before: Option<Arc<str>>,
    /// What is to be there. None for a file to remove.
    pub(crate) after: Option<String>,
}

/// Why the files cannot be written as they should be; a fault of the program, or of two links.
#[derive(Debug, Error)]
pub(crate) enum ChangeError {
    /// The new text of a file does not hold the documents that it should hold.
    #[error("{path}: the new text would hold {found} documents instead of {expected}; nothing was written")]
    Documents {
        /// From the root.
        path: String,
        /// How many.
        expected: usize,
        /// How many.
        found: usize,
    },
    /// Two paths lead to one file, and what is to be written there differs.
    #[error("{one} and {other} are links to one file, and both were edited; make one of them a file of its own")]
    SameFile {
        /// From the root.
        one: String,
        /// From the root.
        other: String,
    },
}

impl From<&ChangeError> for Finding {
    fn from(error: &ChangeError) -> Self {
        match error {
            ChangeError::Documents { path, .. } => {
                Finding::error(INTERNAL_ERROR, error.to_string()).file(FileRef::new(path.as_str()))
            }
            ChangeError::SameFile { one, .. } => {
                Finding::error(codes::LINKS_TO_ONE_FILE, error.to_string()).file(FileRef::new(one.as_str()))
            }
        }
    }
}

impl PackageTree {
    /// What differs from what was read: in the order of the packages, and of the paths in each.
    pub(crate) fn changes(&self) -> Result<Vec<Change>, ChangeError> {
        let mut changes = Vec::new();
        for package in &self.packages {
            let mut of_package = self.changes_of(package)?;
            of_package.sort_by(|a, b| a.path.cmp(&b.path));
            changes.append(&mut of_package);
        }
        one_change_a_file(changes)
    }

    fn changes_of(&self, package: &Package) -> Result<Vec<Change>, ChangeError> {
        let mut items = package.items.iter().flatten();
        let mut added: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
        for item in package.items.iter().flatten().filter(|item| item.is_new() && !item.is_removed()) {
            added.entry(item.origin().path.as_deref().unwrap_or_default()).or_default().push(item);
        }
        let mut changes = Vec::new();
        for file in &package.files {
            let count = file.documents.iter().filter(|document| document.is_item).count();
            let of_file: Vec<&Item> = items.by_ref().take(count).collect();
            let new = added.remove(file.path.as_str()).unwrap_or_default();
            let removed = of_file.iter().filter(|item| item.is_removed()).count();
            let expected = file.documents.len() + new.len() - removed;
            let after = match file.outcome(of_file, &new) {
                Outcome::Same => continue,
                Outcome::Gone => None,
                Outcome::Text(text) => Some(text),
            };
            let path = package.path(&file.path);
            if let Some(text) = &after {
                verify(&path, text, expected)?;
            }
            // A link that loses its resource goes; what it led to stays.
            let disk = if after.is_some() { file.disk.clone() } else { self.root.join(&path) };
            changes.push(Change { path, disk, before: Some(Arc::clone(&file.source)), after });
        }
        for (path, items) in added {
            let path = package.path(path);
            let text = text_of(&items);
            verify(&path, &text, items.len())?;
            changes.push(Change { disk: self.root.join(&path), path, before: None, after: Some(text) });
        }
        Ok(changes)
    }
}

/// A document too few would be a resource lost.
fn verify(path: &str, text: &str, expected: usize) -> Result<(), ChangeError> {
    let found = documents(text).map_or(0, |found| found.len());
    if found == expected { Ok(()) } else { Err(ChangeError::Documents { path: path.to_owned(), expected, found }) }
}

/// Where two paths lead to one file, what is to become of it must agree; it is written once then.
fn one_change_a_file(changes: Vec<Change>) -> Result<Vec<Change>, ChangeError> {
    let mut by_disk: HashMap<PathBuf, usize> = HashMap::new();
    let mut kept: Vec<Change> = Vec::with_capacity(changes.len());
    for change in changes {
        match by_disk.get(&change.disk).and_then(|at| kept.get(*at)) {
            Some(same) if same.after == change.after => {}
            Some(other) => return Err(ChangeError::SameFile { one: other.path.clone(), other: change.path }),
            None => {
                by_disk.insert(change.disk.clone(), kept.len());
                kept.push(change);
            }
        }
    }
    Ok(kept)
}
