//! What the definitions say: the files are what the types say, and every property is described.

use std::fs;
use std::process::Command;

use serde::Deserialize;
use serde_json::Value;

use crate::{definitions, repository, schema, updates_golden_files};

#[test]
fn the_files_are_what_the_types_say() {
    for (file, crd) in definitions() {
        let path = repository().join("crds").join(&file);
        let expected = serde_yaml::to_string(&crd).unwrap();
        if updates_golden_files() {
            fs::write(&path, &expected).unwrap();
        }
        let found = fs::read_to_string(&path).unwrap_or_default();
        assert!(found == expected, "crds/{file} is not what the types say: run `make crds` and look at the diff");
    }
    let files = fs::read_dir(repository().join("crds")).unwrap().count();
    assert_eq!(files, definitions().len(), "crds/ holds a file that no type stands for");
}

#[test]
fn krmnet_prints_every_file() {
    let output = Command::new(env!("CARGO_BIN_EXE_krmnet")).arg("crds").output().unwrap();
    assert!(output.status.success());
    let found: Vec<Value> = serde_yaml::Deserializer::from_slice(&output.stdout)
        .map(|document| Value::deserialize(document).unwrap())
        .collect();
    assert_eq!(found.len(), definitions().len());
    for (file, crd) in definitions() {
        assert!(found.contains(&crd), "{file}");
    }
}

/// Every property says what it is, in words of the YAML and not of the Rust source.
fn described(at: &str, schema: &Value, faults: &mut Vec<String>) {
    match schema.get("description").and_then(Value::as_str).unwrap_or_default() {
        "" => faults.push(format!("{at} has no description")),
        text if text.contains("[`") || text.contains("::") => faults.push(format!("{at}: {text}")),
        _ => {}
    }
    if let Some(title) = schema.get("title") {
        faults.push(format!("{at} has the title {title}"));
    }
    for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        described(&format!("{at}.{name}"), property, faults);
    }
    if let Some(items) = schema.get("items").filter(|items| items.get("properties").is_some()) {
        described(&format!("{at}[]"), items, faults);
    }
}

#[test]
fn every_property_is_described() {
    let mut faults = Vec::new();
    for (file, crd) in definitions() {
        described(&file, schema::of(&crd), &mut faults);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
