//! Packages: which items lie in which, and which package encloses which.
//!
//! A package is the directory of the nearest enclosing Kptfile. In `kpt fn render` the paths of a subpackage's files
//! are relative to that subpackage and only `package-path` tells them apart; in `kpt fn eval` and `kpt fn source` paths
//! are relative to the root.

use std::collections::HashMap;

use crate::item::Item;
use crate::list::{ItemId, ResourceList};

/// One of the packages of a [`Packages`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PackageId(usize);

/// A package.
#[derive(Debug, Clone)]
pub struct Package {
    /// Its directory, relative to the outermost package; empty for that one.
    pub directory: String,
    /// Its Kptfile, if it is among the items.
    pub kptfile: Option<ItemId>,
    /// The package that encloses it.
    pub parent: Option<PackageId>,
}

/// The packages of a list, outer ones before inner ones.
#[derive(Debug, Clone, Default)]
pub struct Packages {
    root: String,
    packages: Vec<Package>,
    by_directory: HashMap<String, PackageId>,
}

impl Packages {
    /// The packages that the list's Kptfiles, and kpt's package-path annotations of `items`, make.
    ///
    /// There is always the outermost one, also without any Kptfile.
    #[must_use]
    pub fn of(list: &ResourceList, kptfiles: &[ItemId], items: &[ItemId]) -> Packages {
        let mut found: HashMap<String, Option<ItemId>> = HashMap::new();
        let mut from_the_top = false;
        for id in items.iter().chain(kptfiles) {
            match list.get(*id).map(|item| item.origin().package.as_deref()) {
                Some(Some(package)) => {
                    found.entry(clean(package)).or_default();
                }
                Some(None) => from_the_top = true,
                None => {}
            }
        }
        for id in kptfiles {
            let Some(item) = list.get(*id) else { continue };
            // The first one counts where two claim to be the Kptfile of one directory.
            found.entry(kptfile_directory(item)).or_default().get_or_insert(*id);
        }
        let mut directories: Vec<(String, Option<ItemId>)> = found.into_iter().collect();
        directories.sort_unstable_by(|a, b| components(&a.0).cmp(components(&b.0)));
        // Without one package around all others, the outermost is the directory from which paths start.
        let outermost = directories.first().map(|(directory, _)| directory.clone()).unwrap_or_default();
        let around_all = !from_the_top && directories.iter().all(|(directory, _)| is_inside(directory, &outermost));
        let root = if around_all { outermost } else { String::new() };
        let mut packages = Packages { root: root.clone(), ..Packages::default() };
        if directories.first().is_none_or(|(directory, _)| *directory != root) {
            packages.push(root.clone(), None);
        }
        for (directory, kptfile) in directories {
            packages.push(directory, kptfile);
        }
        packages
    }

    fn push(&mut self, directory: String, kptfile: Option<ItemId>) {
        let parent = self.enclosing(parent_directory(&directory));
        let shown = relative(&directory, &self.root).to_owned();
        let id = PackageId(self.packages.len());
        self.packages.push(Package { directory: shown, kptfile, parent });
        self.by_directory.insert(directory, id);
    }

    /// The package of a directory or the nearest one above it.
    fn enclosing(&self, directory: Option<&str>) -> Option<PackageId> {
        let mut directory = directory;
        while let Some(here) = directory {
            if let Some(id) = self.by_directory.get(here) {
                return Some(*id);
            }
            directory = parent_directory(here);
        }
        None
    }

    /// The package that an item lies in.
    #[must_use]
    pub fn of_item(&self, item: &Item) -> PackageId {
        let origin = item.origin();
        let directory = match &origin.package {
            Some(package) => clean(package),
            None => clean(origin.directory()),
        };
        self.enclosing(Some(&directory)).unwrap_or(PackageId(0))
    }

    /// A package by its id.
    #[must_use]
    pub fn get(&self, id: PackageId) -> Option<&Package> {
        self.packages.get(id.0)
    }

    /// Its directory, for sorting and for messages; empty for the outermost package.
    #[must_use]
    pub fn directory(&self, id: PackageId) -> &str {
        self.get(id).map_or("", |package| &package.directory)
    }

    /// The package and those around it, from the inside out.
    pub fn outwards(&self, id: PackageId) -> impl Iterator<Item = PackageId> {
        std::iter::successors(Some(id), |id| self.get(*id)?.parent)
    }

    /// The nearest package, from `id` outwards, that has a Kptfile among the items.
    #[must_use]
    pub fn kptfile(&self, id: PackageId) -> Option<ItemId> {
        self.outwards(id).find_map(|id| self.get(id)?.kptfile)
    }

    /// The nearest package around an item that has a Kptfile among the items.
    #[must_use]
    pub fn with_kptfile_around(&self, item: &Item) -> Option<PackageId> {
        self.outwards(self.of_item(item)).find(|id| self.get(*id).is_some_and(|package| package.kptfile.is_some()))
    }

    /// All packages that have a Kptfile, with it, outer ones before inner ones.
    pub fn with_kptfiles(&self) -> impl Iterator<Item = (PackageId, ItemId)> {
        self.iter().filter_map(|(id, package)| Some((id, package.kptfile?)))
    }

    /// All packages, outer ones before inner ones.
    pub fn iter(&self) -> impl Iterator<Item = (PackageId, &Package)> {
        self.packages.iter().enumerate().map(|(i, package)| (PackageId(i), package))
    }

    /// The file of an item, relative to the outermost package; of a document that was read from a file, relative to the
    /// root that was read.
    #[must_use]
    pub fn file_of(&self, item: &Item) -> Option<String> {
        let path = item.origin().full_path()?;
        if item.is_filed() {
            return Some(path);
        }
        Some(relative(&path, &self.root).to_owned())
    }
}

fn kptfile_directory(item: &Item) -> String {
    let origin = item.origin();
    match &origin.package {
        Some(package) => clean(package),
        None => clean(origin.directory()),
    }
}

/// A directory without its last slash or leading `./`.
fn clean(directory: &str) -> String {
    let directory = directory.trim_end_matches('/');
    directory.strip_prefix("./").unwrap_or(if directory == "." { "" } else { directory }).to_owned()
}

fn components(directory: &str) -> impl Iterator<Item = &str> {
    directory.split('/').filter(|component| !component.is_empty())
}

fn parent_directory(directory: &str) -> Option<&str> {
    match directory.rsplit_once('/') {
        Some((parent, _)) => Some(parent),
        None if directory.is_empty() => None,
        None => Some(""),
    }
}

fn is_inside(directory: &str, root: &str) -> bool {
    root.is_empty() || directory == root || directory.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'))
}

fn relative<'p>(path: &'p str, root: &str) -> &'p str {
    if root.is_empty() {
        return path;
    }
    match path.strip_prefix(root) {
        Some("") => "",
        Some(rest) => rest.strip_prefix('/').unwrap_or(path),
        None => path,
    }
}
