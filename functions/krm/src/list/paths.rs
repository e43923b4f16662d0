//! The paths that are in use, so that new items get others.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::item::Item;

/// The bytes of a file's name without its extension: file systems allow 255 with it.
const MAX_STEM: usize = 250;
/// The same with room for a number.
const MAX_NUMBERED_STEM: usize = 229;

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
        for stem in [stem, long_stem].map(|stem| shortened(stem, MAX_STEM)) {
            let path = path(stem);
            if self.taken.insert(place(package, &path)) {
                return path;
            }
        }
        let long_stem = shortened(long_stem, MAX_NUMBERED_STEM);
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

/// The file names of a new object, without an ending: by kind and name, and with the namespace where that is taken.
pub(super) fn stems(object: &Value) -> (String, String) {
    let text = |path: &str| object.pointer(path).and_then(Value::as_str).unwrap_or_default();
    let (kind, name, namespace) = (text("/kind").to_lowercase(), text("/metadata/name"), text("/metadata/namespace"));
    let short = format!("{kind}_{name}");
    let long = if namespace.is_empty() { short.clone() } else { format!("{kind}_{namespace}_{name}") };
    (short, long)
}

/// A stem cut to so many bytes: names in Kubernetes may be as long as the names of files by themselves.
fn shortened(stem: &str, most: usize) -> &str {
    stem.get(..stem.floor_char_boundary(most)).unwrap_or_default()
}

/// A path with its package as text; paths of one package never equal those of another.
pub(super) fn place(package: Option<&str>, path: &str) -> String {
    format!("{}\u{0}{path}", package.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn files_are_named_like_the_object() {
        let object = json!({"kind": "IPClaim", "metadata": {"name": "n3", "namespace": "upf"}});
        assert_eq!(stems(&object), ("ipclaim_n3".to_owned(), "ipclaim_upf_n3".to_owned()));
        let object = json!({"kind": "VLANClaim", "metadata": {"name": "n3"}});
        assert_eq!(stems(&object), ("vlanclaim_n3".to_owned(), "vlanclaim_n3".to_owned()));
    }
}
