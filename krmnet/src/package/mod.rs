//! A tree of kpt packages: read from disk, lent to functions, compared with what was read.

mod change;
mod discover;
mod documents;
mod error;
mod file;
mod ignore;
mod read;
mod subtree;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use krm::Item;

pub(crate) use change::Change;
pub(crate) use error::ReadError;

use file::PackageFile;

/// The packages below a directory, outer ones before inner ones, and those inside one next to each other.
#[derive(Debug)]
pub(crate) struct PackageTree {
    /// The directory, canonical.
    root: PathBuf,
    packages: Vec<Package>,
    by_dir: HashMap<String, usize>,
}

/// One package.
#[derive(Debug)]
pub(crate) struct Package {
    /// Its directory from the root, empty for the root itself.
    pub(crate) dir: String,
    /// The text of its Kptfile, whether or not `.krmignore` leaves that out.
    pub(crate) kptfile: Arc<str>,
    /// One past the last package inside this one.
    pub(crate) end: usize,
    files: Vec<PackageFile>,
    /// The resources, those of the files first, in the order of the files' documents. Empty while lent.
    items: Vec<Option<Item>>,
    /// Paths that a new resource must not be written over.
    reserved: Vec<String>,
}

impl Package {
    /// A path of the package, from the root.
    pub(crate) fn path(&self, path: &str) -> String {
        discover::join(&self.dir, path)
    }
}

impl PackageTree {
    /// The directory, canonical.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The packages, outer ones before inner ones. Their positions are their numbers.
    pub(crate) fn packages(&self) -> &[Package] {
        &self.packages
    }

    /// The resources as they are now, removed ones left out.
    pub(crate) fn items(&self) -> impl Iterator<Item = &Item> {
        self.packages.iter().flat_map(|package| package.items.iter().flatten()).filter(|item| !item.is_removed())
    }

    /// The resources of one file of one package, removed ones left out.
    pub(crate) fn items_of_file(&self, package: usize, path: &str) -> impl Iterator<Item = &Item> {
        let items = self.packages.get(package).into_iter().flat_map(|package| package.items.iter().flatten());
        items.filter(move |item| !item.is_removed() && item.origin().path.as_deref() == Some(path))
    }
}

#[cfg(test)]
pub(crate) mod tests;
