//! The paths that are in use, so that new items get others.

use std::collections::{HashMap, HashSet};

use crate::item::Item;

/// The paths that are in use, each with its package. Without a package the same path counts for all of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Paths {
    taken: HashSet<String>,
    /// By the path of a stem, the number that was given to it last.
    numbers: HashMap<String, usize>,
}

impl Paths {
    /// The reserved ones, and those of items as far as their text shows.
    pub(super) fn of(items: &[Item], reserved: &HashSet<String>) -> Paths {
        let mut taken = reserved.clone();
        for item in items.iter().filter(|item| !item.is_removed()) {
            let packages = item.stated_packages();
            taken.extend(item.stated_paths().into_iter().map(|path| place(packages.first().copied(), path)));
        }
        Paths { taken, numbers: HashMap::new() }
    }

    /// A path in a directory (empty, or with a slash at its end) that is not in use, and is from now on: `<stem>.yaml`,
    /// else `<long_stem>.yaml`, else that with a number.
    pub(super) fn take(&mut self, package: Option<&str>, directory: &str, stem: &str, long_stem: &str) -> String {
        let path = |stem: &str| format!("{directory}{}.yaml", stem.replace(['/', '\\'], "-").replace("..", "-"));
        for stem in [stem, long_stem] {
            let path = path(stem);
            if self.taken.insert(place(package, &path)) {
                return path;
            }
        }
        let number = self.numbers.entry(place(package, &path(long_stem))).or_insert(1);
        loop {
            *number = number.saturating_add(1);
            let path = path(&format!("{long_stem}-{number}"));
            if self.taken.insert(place(package, &path)) {
                return path;
            }
        }
    }
}

/// A path with its package as text; paths of one package never equal those of another.
pub(super) fn place(package: Option<&str>, path: &str) -> String {
    format!("{}\u{0}{path}", package.unwrap_or_default())
}
