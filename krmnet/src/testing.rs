//! What the unit tests share: directories on disk, and functions that do simple things.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use krm::config::{Key, KeyKind, Settings};
use krm::harness::{Function, Usage};
use krm::{Finding, ItemId, ResourceList};
use serde_json::{Value, json};

use crate::package::PackageTree;

/// A directory that goes away with the value.
pub(crate) struct Dir(tempfile::TempDir);

impl Dir {
    /// A directory with these files.
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let dir = Self(tempfile::tempdir().unwrap());
        for (path, text) in files {
            dir.write(path, text);
        }
        dir
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn join(&self, path: &str) -> PathBuf {
        self.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn text(&self, path: &str) -> String {
        fs::read_to_string(self.join(path)).unwrap()
    }

    /// Every file with its bytes, links followed.
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        let mut open = vec![self.path().to_path_buf()];
        while let Some(directory) = open.pop() {
            for entry in fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    let name = path.strip_prefix(self.path()).unwrap().to_str().unwrap().to_owned();
                    files.insert(name, fs::read(path).unwrap());
                }
            }
        }
        files
    }

    pub(crate) fn tree(&self) -> PackageTree {
        PackageTree::read(self.path()).unwrap()
    }

    /// The messages of what keeps the directory from being read.
    pub(crate) fn errors(&self) -> Vec<String> {
        PackageTree::read(self.path()).unwrap_err().iter().map(ToString::to_string).collect()
    }
}

/// A Kptfile with these lines in `mutators`.
pub(crate) fn kptfile(mutators: &str) -> String {
    format!("apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: package\npipeline:\n  mutators:\n{mutators}")
}

/// A ConfigMap.
pub(crate) fn config_map(name: &str) -> String {
    format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name} # name\ndata:\n  a: '1'\n")
}

const KEYS: &[Key] =
    &[Key { name: "value", about: "A value", default: Some("default"), kind: KeyKind::Text { example: "x" } }];

const fn function(name: &'static str, run: fn(&mut ResourceList, &Settings)) -> Function {
    Function {
        name,
        about: "",
        long: "",
        config_kind: "Test",
        keys: KEYS,
        changes: &["seen"],
        usage: Usage { arguments: "", pipeline: &[], config_map: &[] },
        packages: &[],
        run,
    }
}

/// Functions that do simple things to ConfigMaps.
pub(crate) const FUNCTIONS: [Function; 5] = [
    function("mark-fn", mark),
    function("copy-fn", copy),
    function("drop-fn", remove),
    function("check-fn", check),
    function("warn-fn", warn),
];

fn each(list: &mut ResourceList, mut job: impl FnMut(&mut ResourceList, ItemId, &str)) {
    for id in list.select("v1", "ConfigMap") {
        let name = list.get(id).unwrap().name().to_owned();
        job(list, id, &name);
    }
}

/// Appends the value and a dot to `data.seen` of every ConfigMap.
fn mark(list: &mut ResourceList, settings: &Settings) {
    each(list, |list, id, _| {
        let mark = format!("{}.", settings.text("value").unwrap());
        let edit = |value: &mut Value| {
            let seen = value["data"]["seen"].as_str().unwrap_or_default().to_owned();
            value["data"]["seen"] = (seen + &mark).into();
        };
        list.get_mut(id).unwrap().edit(edit).unwrap();
    });
}

/// Gives every ConfigMap that is no copy, and has none, a copy beside it.
fn copy(list: &mut ResourceList, _: &Settings) {
    let mut names = HashSet::new();
    each(list, |_, _, name| _ = names.insert(name.to_owned()));
    each(list, |list, id, name| {
        let copy = format!("{name}-copy");
        if !name.ends_with("-copy") && !names.contains(&copy) {
            let value = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": copy}});
            list.add(value, id, &copy, &format!("configmap-{copy}"));
        }
    });
}

/// Removes every ConfigMap whose name starts with `gone`.
fn remove(list: &mut ResourceList, _: &Settings) {
    each(list, |list, id, name| {
        if name.starts_with("gone") {
            list.remove(id);
        }
    });
}

/// Finds a ConfigMap named `bad` bad.
fn check(list: &mut ResourceList, _: &Settings) {
    each(list, |list, id, name| {
        if name == "bad" {
            let finding = list.about(Finding::error("bad-name", "the name is bad").field("metadata.name"), id);
            list.report(finding);
        }
    });
}

/// Warns of ConfigMaps without `data.seen`, and tells of those that have it.
fn warn(list: &mut ResourceList, _: &Settings) {
    each(list, |list, id, _| {
        let finding = match list.get(id).unwrap().value().unwrap()["data"]["seen"].as_str() {
            Some(seen) => Finding::info("seen", format!("seen by {seen}")),
            None => Finding::warning("unseen", "not seen yet"),
        };
        let finding = list.about(finding, id);
        list.report(finding);
    });
}
