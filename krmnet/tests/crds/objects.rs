//! The objects of `example/` and `testdata/` before the definitions: those of cases that succeed are accepted, and what is
//! refused is written down in `refused.txt`, for a human to read.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use crate::server::Server;
use crate::{repository, text, updates_golden_files};

/// An object of a file below `example/` or `testdata/`.
pub(crate) struct Found {
    /// The file, from the root of the repository on.
    pub(crate) file: String,
    /// The golden case that the file belongs to, if any.
    pub(crate) case: Option<String>,
    /// Whether that case ends in an error.
    pub(crate) fails: bool,
    pub(crate) object: Value,
}

impl Found {
    /// The case, or the file where there is none, with kind and name.
    pub(crate) fn shown(&self) -> String {
        let place = self.case.as_ref().unwrap_or(&self.file);
        format!("{place}: {} {}", text(&self.object, "/kind"), text(&self.object, "/metadata/name"))
    }
}

/// Every object of `example/` and `testdata/`, of whatever kind: inputs, outputs and configurations.
pub(crate) fn all() -> Vec<Found> {
    let mut paths = Vec::new();
    files(&repository().join("example"), &mut paths);
    files(&repository().join("testdata"), &mut paths);
    paths.sort();
    paths.iter().flat_map(|path| in_file(path)).collect()
}

fn in_file(path: &Path) -> Vec<Found> {
    let relative = |path: &Path| path.strip_prefix(repository()).unwrap().display().to_string();
    let case = path.ancestors().find(|dir| dir.join("output.txt").is_file());
    let output = case.map(|dir| fs::read_to_string(dir.join("output.txt")).unwrap()).unwrap_or_default();
    objects(&fs::read_to_string(path).unwrap_or_default())
        .into_iter()
        .map(|object| Found {
            file: relative(path),
            case: case.map(relative),
            fails: output.starts_with("exit 1"),
            object,
        })
        .collect()
}

/// Every object of a YAML file; a ResourceList stands for its items. A file that is no YAML holds none.
pub(crate) fn objects(text: &str) -> Vec<Value> {
    let mut found = Vec::new();
    for document in serde_yaml::Deserializer::from_str(text) {
        let Ok(value) = Value::deserialize(document) else { break };
        match value.get("items").and_then(Value::as_array) {
            Some(items) => found.extend(items.iter().cloned().chain(value.get("functionConfig").cloned())),
            None => found.push(value),
        }
    }
    found
}

fn files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
            found.push(path);
        }
    }
}

/// Cases whose functions exit 0 although an object of theirs is not what its definition asks for, and why.
const PASSED_OVER: &[(&str, &str)] = &[];

#[test]
fn the_objects_of_the_examples_and_of_every_case_that_succeeds_are_accepted() {
    let server = Server::new();
    let (mut seen, mut faults, mut passed_over) = (0, Vec::new(), BTreeSet::new());
    for found in all().iter().filter(|found| !found.fails) {
        let Some(kind) = server.kind(&found.object) else { continue };
        seen += 1;
        for refusal in kind.refusals(&found.object) {
            match PASSED_OVER.iter().find(|(case, _)| found.case.as_deref() == Some(case)) {
                Some((case, _)) => _ = passed_over.insert(*case),
                None => faults.push(format!("{}: {}", found.shown(), refusal.shown)),
            }
        }
    }
    assert!(seen > 1500, "only {seen} objects were looked at");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let all: BTreeSet<_> = PASSED_OVER.iter().map(|(case, _)| *case).collect();
    assert_eq!(passed_over, all, "a case of PASSED_OVER has nothing that is refused");
}

#[test]
fn what_is_refused_of_the_cases_is_what_was_read() {
    let server = Server::new();
    let mut lines = BTreeSet::new();
    for found in all() {
        for refusal in server.kind(&found.object).map(|kind| kind.refusals(&found.object)).unwrap_or_default() {
            lines.insert(format!("{}: {}", found.shown(), refusal.shown));
        }
    }
    let lines = lines.iter().fold(String::new(), |mut text, line| {
        writeln!(text, "{line}").unwrap();
        text
    });
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/crds/refused.txt");
    if updates_golden_files() {
        fs::write(&path, &lines).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        lines == expected,
        "krmnet/tests/crds/refused.txt is not what the definitions refuse: run `make crds` and read the diff",
    );
}
