//! What Porch's function runner asks of standard output, over every golden ResourceList.
//!
//! The runner reads it with the Go SDK, which is stricter than kpt: one document, a ResourceList, `items` a list of objects,
//! and results of a fixed shape in which the values of a field are strings. A number there fails the whole render, though
//! kpt takes it. That the image's entrypoint needs no arguments, and no user in particular, is in the test `images`.

mod support;

use std::collections::BTreeMap;

use anyhow::{Context, ensure};
use libtest_mimic::{Arguments, Trial};
use serde::Deserialize;
use serde_json::Value;

use support::case::{Case, Kind, cases};
use support::{testdata, trial};

fn main() -> anyhow::Result<()> {
    let mut trials = harness::trials();
    trials.push(trial("the golden outputs hold results of every shape", some_output_has_each_part));
    for (name, case) in cases(&testdata())? {
        if matches!(case.kind, Kind::Function(_)) {
            trials.push(trial(name, move || accepts_output(&case)));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit()
}

/// A function that succeeds prints a list, and one that fails a list or nothing. kpt takes an empty output with exit code 0
/// for an empty package.
fn accepts_output(case: &Case) -> anyhow::Result<()> {
    let success = case.text("output.txt")?.starts_with("exit 0\n");
    ensure!(case.has("out.yaml") || !success, "exit 0 without a ResourceList");
    if case.has("out.yaml") {
        let list = parse(&case.text("out.yaml")?)?;
        let errors = list.results.iter().filter(|result| result.severity == Severity::Error).count();
        ensure!(
            success == (errors == 0),
            "{errors} results are errors, and it is {success} that the function succeeds"
        );
    }
    Ok(())
}

/// So that the other trials prove something.
fn some_output_has_each_part() -> anyhow::Result<()> {
    let mut results = Vec::new();
    for (_, case) in cases(&testdata())? {
        if matches!(case.kind, Kind::Function(_)) && case.has("out.yaml") {
            results.extend(parse(&case.text("out.yaml")?)?.results);
        }
    }
    let fields = || results.iter().filter_map(|result| result.field.as_ref());
    let numeric = |value: &Option<String>| value.as_ref().is_some_and(|value| value.parse::<u32>().is_ok());
    ensure!(fields().any(|field| numeric(&field.current_value)), "no current value looks like a number");
    ensure!(fields().any(|field| numeric(&field.proposed_value)), "no proposed value looks like a number");
    ensure!(results.iter().any(|result| result.resource_ref.is_some()), "no result names a resource");
    ensure!(results.iter().any(|result| result.file.is_some()), "no result names a file");
    Ok(())
}

/// The document, as strictly as the SDK and more so: a key that is not of the format is an error.
fn parse(text: &str) -> anyhow::Result<ResourceList> {
    let mut documents = serde_yaml::Deserializer::from_str(text);
    let document = documents.next().context("no document")?;
    // By way of JSON, as in Go: there a number is no string.
    let json = serde_json::to_value(serde_yaml::Value::deserialize(document)?)?;
    let list: ResourceList = serde_json::from_value(json)?;
    ensure!(documents.next().is_none(), "more than one document");
    ensure!(list.api_version == "config.kubernetes.io/v1", "apiVersion {}", list.api_version);
    ensure!(list.kind == "ResourceList", "kind {}", list.kind);
    let items = list.items.as_array().context("items is no list")?;
    ensure!(items.iter().all(Value::is_object), "an item is no object");
    ensure!(list.function_config.as_ref().is_none_or(Value::is_object), "functionConfig is there, but no object");
    Ok(list)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ResourceList {
    api_version: String,
    kind: String,
    items: Value,
    #[serde(default, deserialize_with = "present")]
    function_config: Option<Value>,
    #[serde(default)]
    results: Vec<Result>,
}

/// A key that is there, be its value null.
fn present<'de, D: serde::Deserializer<'de>>(value: D) -> std::result::Result<Option<Value>, D::Error> {
    Value::deserialize(value).map(Some)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Result {
    #[serde(rename = "message")]
    _message: String,
    severity: Severity,
    resource_ref: Option<ResourceRef>,
    field: Option<Field>,
    file: Option<File>,
    #[serde(rename = "tags", default)]
    _tags: BTreeMap<String, String>,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Severity {
    Error,
    Warning,
    Info,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ResourceRef {
    #[serde(rename = "apiVersion")]
    _api_version: String,
    #[serde(rename = "kind")]
    _kind: String,
    #[serde(rename = "name")]
    _name: String,
    #[serde(rename = "namespace")]
    _namespace: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Field {
    #[serde(rename = "path")]
    _path: String,
    current_value: Option<String>,
    proposed_value: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    #[serde(rename = "path")]
    _path: String,
    #[serde(rename = "index")]
    _index: Option<u32>,
}

/// Tests of this harness.
mod harness {
    use super::*;

    const LIST: &str = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n";

    pub(super) fn trials() -> Vec<Trial> {
        vec![
            trial("harness: a list of the right shape is accepted", || {
                for rest in ["items: []\n", "items:\n- kind: A\nresults:\n- {message: m, severity: info}\n"] {
                    parse(&format!("{LIST}{rest}")).with_context(|| rest.to_owned())?;
                }
                Ok(())
            }),
            trial("harness: a list of another shape is refused", || {
                let result = |rest: &str| format!("items: []\nresults:\n- {{message: m, severity: error, {rest}}}\n");
                for rest in [
                    String::new(),
                    "items:\n".to_owned(),
                    "items: [text]\n".to_owned(),
                    "items: []\nfunctionConfig:\n".to_owned(),
                    "items: []\nextra: 1\n".to_owned(),
                    "items: []\n---\nkind: ConfigMap\n".to_owned(),
                    "items: []\nresults: {}\n".to_owned(),
                    "items: []\nresults:\n- message: without a severity\n".to_owned(),
                    result("field: {path: a, currentValue: 7}"),
                    result("field: {path: a, proposedValue: true}"),
                    result("field: {path: [a]}"),
                    result("file: {path: a, index: first}"),
                    result("tags: {a: 1}"),
                    result("resourceRef: {kind: A}"),
                    result("code: c"),
                ] {
                    ensure!(parse(&format!("{LIST}{rest}")).is_err(), "accepted:\n{rest}");
                }
                Ok(())
            }),
        ]
    }
}
