//! The schemas of the definitions, and the walk along them.

use serde_json::{Value, json};

/// The schema of a definition's one version.
pub(crate) fn of(crd: &Value) -> &Value {
    crd.pointer("/spec/versions/0/schema/openAPIV3Schema").unwrap()
}

/// The JSON pointer of each schema in a schema, itself first, and that schema.
pub(crate) fn all(root: &Value) -> Vec<(String, &Value)> {
    let mut found = vec![(String::new(), root)];
    let mut next = 0;
    while let Some((at, schema)) = found.get(next).cloned() {
        for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            found.push((format!("{at}/properties/{name}"), property));
        }
        for part in ["items", "additionalProperties"] {
            if let Some(part_schema) = schema.get(part) {
                found.push((format!("{at}/{part}"), part_schema));
            }
        }
        next += 1;
    }
    found
}

/// The schemas of the parts of a value, with the keys or indices of those parts.
pub(crate) fn parts<'a>(schema: &'a Value, value: &'a Value) -> Vec<(String, &'a Value, &'a Value)> {
    match value {
        Value::Object(map) => map
            .iter()
            .filter_map(|(key, part)| {
                let of_key = schema.get("properties").and_then(|properties| properties.get(key));
                Some((key.clone(), of_key.or_else(|| schema.get("additionalProperties"))?, part))
            })
            .collect(),
        Value::Array(list) => {
            let items = schema.get("items").into_iter();
            items.flat_map(|items| list.iter().enumerate().map(move |(i, part)| (i.to_string(), items, part))).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether a schema keeps what it does not describe.
pub(crate) fn is_open(schema: &Value) -> bool {
    schema.get("x-kubernetes-preserve-unknown-fields") == Some(&json!(true))
}

/// The rules (CEL) at a schema, each with its message.
pub(crate) fn rules(schema: &Value) -> impl Iterator<Item = (&str, &str)> {
    let rules = schema.get("x-kubernetes-validations").and_then(Value::as_array);
    rules.into_iter().flatten().map(|rule| (rule["rule"].as_str().unwrap(), rule["message"].as_str().unwrap()))
}

/// OpenAPI's `nullable` in JSON Schema's words.
pub(crate) fn plain(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(map) => {
            map.values_mut().for_each(|part| *part = plain(part.take()));
            if map.get("nullable") == Some(&json!(true))
                && let Some(kind) = map.remove("type")
            {
                map.insert("type".into(), json!([kind, "null"]));
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|part| *part = plain(part.take())),
        _ => {}
    }
    schema
}
