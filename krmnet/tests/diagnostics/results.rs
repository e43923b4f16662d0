//! Results in golden files.

use std::fs;
use std::path::{Path, PathBuf};

use krm::{Field, FileRef, Finding, ObjectRef, Severity};
use serde::Deserialize;

use crate::{codes, repository};

/// One result, and where it was found.
#[derive(Debug, Clone)]
pub(crate) struct Reported {
    pub(crate) code: String,
    pub(crate) severity: Severity,
    /// As on a terminal.
    pub(crate) text: String,
    /// The function, where it is known.
    pub(crate) function: String,
    pub(crate) place: String,
}

/// A result as a ResourceList, or the JSON report of krmnet, has it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Result {
    message: String,
    severity: String,
    resource_ref: Option<Reference>,
    field: Option<Place>,
    file: Option<File>,
    tags: Tags,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reference {
    api_version: String,
    kind: String,
    namespace: Option<String>,
    name: String,
}

#[derive(Debug, Deserialize)]
struct Place {
    path: String,
}

#[derive(Debug, Deserialize)]
struct File {
    path: String,
    index: Option<u32>,
}

#[derive(Debug, Deserialize)]
struct Tags {
    code: String,
}

#[derive(Debug, Deserialize)]
struct Output {
    #[serde(default)]
    results: Vec<Result>,
}

/// The results of a ResourceList or of a JSON report.
pub(crate) fn parse(output: &str, function: &str, place: &str) -> Vec<Reported> {
    let output: Output = serde_yaml::from_str(output).unwrap_or_else(|error| panic!("{place}: {error}\n{output}"));
    output.results.into_iter().map(|result| reported(result, function, place)).collect()
}

fn reported(result: Result, function: &str, place: &str) -> Reported {
    let severities = [Severity::Error, Severity::Warning, Severity::Info];
    let severity = severities.into_iter().find(|severity| severity.as_str() == result.severity);
    let severity = severity.unwrap_or_else(|| panic!("{place}: severity {}", result.severity));
    let code = result.tags.code;
    let known = codes().into_keys().find(|known| *known == code);
    let known = known.unwrap_or_else(|| panic!("{place}: {code} is in no list of codes"));
    let message = result.message.strip_suffix(&format!(" [{code}]"));
    let message =
        message.unwrap_or_else(|| panic!("{place}: the message does not end with the code: {}", result.message));
    let object = result.resource_ref.map(|object| ObjectRef {
        api_version: object.api_version,
        kind: object.kind,
        namespace: object.namespace,
        name: object.name,
    });
    let file = result.file.map(|file| FileRef { path: file.path, index: file.index });
    let mut finding = Finding::new(severity, known, message).object(object).file(file);
    if let Some(field) = result.field {
        finding = finding.field(Field::new(field.path));
    }
    Reported { code, severity, text: finding.to_text(), function: function.to_owned(), place: place.to_owned() }
}

/// All results of the golden cases of single functions.
pub(crate) fn golden() -> Vec<Reported> {
    let mut all = Vec::new();
    for path in files("out.yaml") {
        let text = fs::read_to_string(&path).unwrap();
        // The items may be anything; the results of a block are the end of the list.
        let results = text.find("\nresults:").map_or(text.as_str(), |start| text.get(start..).unwrap());
        let function = fs::read_to_string(path.with_file_name("fn")).unwrap_or_default();
        all.extend(parse(results, function.trim(), &path.display().to_string()));
    }
    all
}

/// The codes at the ends of lines of all golden outputs, with the file.
pub(crate) fn codes_in_outputs() -> Vec<(String, String)> {
    let mut shown = Vec::new();
    for path in files("output.txt") {
        let text = fs::read_to_string(&path).unwrap();
        let codes = text.lines().filter_map(trailing_code);
        shown.extend(codes.map(|code| (path.display().to_string(), code.to_owned())));
    }
    shown
}

/// The code of `... [code]` and of `... [code] (file)`.
fn trailing_code(line: &str) -> Option<&str> {
    let line = match line.rsplit_once("] (") {
        Some((before, file)) if file.ends_with(')') => before,
        _ => line.strip_suffix(']')?,
    };
    let (_, code) = line.rsplit_once('[')?;
    let is_code = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (!code.is_empty() && code.chars().all(is_code)).then_some(code)
}

fn files(name: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    visit(&repository().join("testdata"), name, &mut found);
    found.sort();
    found
}

fn visit(dir: &Path, name: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            visit(&path, name, found);
        } else if path.ends_with(name) {
            found.push(path);
        }
    }
}

#[test]
fn codes_are_found_at_the_ends_of_lines() {
    assert_eq!(trailing_code("[error] a b: c [pool-nesting] (a/pools.yaml)"), Some("pool-nesting"));
    assert_eq!(trailing_code("  [info] n3: 10.1.3.2/24 [allocated]"), Some("allocated"));
    assert_eq!(trailing_code("exit 0"), None);
    assert_eq!(trailing_code("cnis [macvlan ipvlan]"), None);
}
