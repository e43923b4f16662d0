//! What Kubernetes asks of a definition, so that a server takes it: see "structural schemas" in its documentation.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::server::Server;
use crate::{definitions, schema, text};

/// The keywords that a schema may have. Left out is what a structural schema must not have (`$ref`, `definitions`,
/// `patternProperties`, `uniqueItems`, `title`d names of our types) and what these have no need of (`oneOf`, `not`).
const KEYWORDS: [&str; 20] = [
    "additionalProperties",
    "default",
    "description",
    "enum",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minLength",
    "minimum",
    "nullable",
    "pattern",
    "properties",
    "required",
    "type",
    "x-kubernetes-int-or-string",
    "x-kubernetes-preserve-unknown-fields",
    "x-kubernetes-validations",
];

/// What is wrong with one schema, without its parts.
fn faults(part: &Value) -> Vec<String> {
    let map = part.as_object().unwrap();
    let mut faults: Vec<_> =
        map.keys().filter(|key| !KEYWORDS.contains(&key.as_str())).map(|key| format!("has {key}")).collect();
    let kind = text(part, "/type");
    let mut ask = |holds: bool, fault: &str| {
        if !holds {
            faults.push(fault.to_owned())
        }
    };

    let untyped = schema::is_open(part) || part.get("x-kubernetes-int-or-string") == Some(&json!(true));
    ask(untyped || !kind.is_empty(), "has no type");
    ask(["", "array", "boolean", "integer", "number", "object", "string"].contains(&kind), "has an unknown type");
    for flag in ["x-kubernetes-preserve-unknown-fields", "x-kubernetes-int-or-string"] {
        ask(part.get(flag).is_none_or(|flag| flag == true), "says a flag that is not true");
    }
    ask(!(map.contains_key("properties") && map.contains_key("additionalProperties")), "has both kinds of properties");
    ask(part.get("additionalProperties").is_none_or(Value::is_object), "has additionalProperties that are no schema");
    ask((kind == "array") == part.get("items").is_some_and(Value::is_object), "is an array or has items, not both");
    let of_objects = ["properties", "additionalProperties", "required"].iter().any(|key| map.contains_key(*key));
    ask(!of_objects || kind == "object", "has properties and is no object");
    for name in part.get("required").and_then(Value::as_array).into_iter().flatten() {
        let known = part.get("properties").is_some_and(|properties| properties.get(name.as_str().unwrap()).is_some());
        ask(known, "requires what it does not describe");
    }

    if let Some(values) = part.get("enum").and_then(Value::as_array) {
        let distinct: BTreeSet<_> = values.iter().map(Value::to_string).collect();
        ask(!values.is_empty() && distinct.len() == values.len(), "has an enum that is empty or repeats");
        // A server never finds null among the values; in a field that is not nullable it drops one.
        ask(!values.contains(&Value::Null) && part.get("nullable").is_none(), "has an enum that may be null");
        let of_type = |value: &Value| match kind {
            "string" => value.is_string(),
            "" => true,
            _ => false,
        };
        ask(values.iter().all(of_type), "has an enum of another type");
    }
    for rule in part.get("x-kubernetes-validations").and_then(Value::as_array).into_iter().flatten() {
        let message = text(rule, "/message");
        ask(!message.is_empty() && message.len() <= 2048 && !message.contains('\n'), "has a rule without a message");
    }
    if let Some(default) = part.get("default") {
        let mut bare = part.clone();
        bare.as_object_mut().unwrap().remove("default");
        let accepted = jsonschema::draft202012::new(&schema::plain(bare)).unwrap().is_valid(default);
        ask(accepted && !default.is_null(), "has a default that it refuses");
    }
    faults
}

#[test]
fn the_schemas_are_structural() {
    let mut found = Vec::new();
    for (file, crd) in definitions() {
        let root = schema::of(&crd);
        if text(root, "/type") != "object" || root.get("default").is_some() || root.get("nullable").is_some() {
            found.push(format!("{file}: the root is not just an object"));
        }
        // A schema may ask nothing of metadata but its name.
        if root.pointer("/properties/metadata").is_some() {
            found.push(format!("{file}: describes metadata"));
        }
        for (at, part) in schema::all(root) {
            found.extend(faults(part).iter().map(|fault| format!("{file}{at} {fault}")));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Bad schemas, and what is said of each: the check above can fail.
#[test]
fn what_is_not_structural_is_seen() {
    for (bad, fault) in [
        (json!({}), "has no type"),
        (json!({"type": "text"}), "has an unknown type"),
        (json!({"type": "object", "title": "T"}), "has title"),
        (json!({"type": "object", "$ref": "#"}), "has $ref"),
        (json!({"type": "object", "x-kubernetes-preserve-unknown-fields": false}), "says a flag that is not true"),
        (json!({"type": "object", "properties": {}, "additionalProperties": {}}), "has both kinds of properties"),
        (json!({"type": "object", "additionalProperties": false}), "has additionalProperties that are no schema"),
        (json!({"type": "array"}), "is an array or has items, not both"),
        (json!({"type": "string", "items": {}}), "is an array or has items, not both"),
        (json!({"type": "string", "properties": {}}), "has properties and is no object"),
        (json!({"type": "object", "required": ["a"]}), "requires what it does not describe"),
        (json!({"type": "string", "enum": []}), "has an enum that is empty or repeats"),
        (json!({"type": "string", "enum": ["a", "a"]}), "has an enum that is empty or repeats"),
        (json!({"type": "string", "enum": ["a"], "nullable": true}), "has an enum that may be null"),
        (json!({"x-kubernetes-preserve-unknown-fields": true, "enum": ["a", null]}), "has an enum that may be null"),
        (json!({"type": "string", "enum": [1]}), "has an enum of another type"),
        (json!({"type": "object", "x-kubernetes-validations": [{"rule": "true"}]}), "has a rule without a message"),
        (json!({"type": "string", "enum": ["a"], "default": "b"}), "has a default that it refuses"),
    ] {
        assert_eq!(faults(&bad), [fault], "{bad}");
    }
}

#[test]
fn the_names_belong_together() {
    let names: BTreeSet<_> = definitions().iter().map(|(_, crd)| text(crd, "/metadata/name").to_owned()).collect();
    assert_eq!(names.len(), definitions().len());
    for (file, crd) in definitions() {
        let (group, plural, kind) =
            (text(&crd, "/spec/group"), text(&crd, "/spec/names/plural"), text(&crd, "/spec/names/kind"));
        assert_eq!(text(&crd, "/metadata/name"), format!("{plural}.{group}"), "{file}");
        assert_eq!(text(&crd, "/spec/names/singular"), kind.to_lowercase(), "{file}");
        assert_eq!(crd.pointer("/spec/versions").unwrap().as_array().unwrap().len(), 1, "{file}");
        for flag in ["served", "storage"] {
            assert_eq!(crd.pointer("/spec/versions/0").unwrap()[flag], json!(true), "{file}: {flag}");
        }
    }
}

/// `kubectl get` prints an empty column where a path leads nowhere.
#[test]
fn the_printed_columns_show_fields() {
    for (file, crd) in definitions() {
        let columns = crd.pointer("/spec/versions/0/additionalPrinterColumns").and_then(Value::as_array);
        for column in columns.into_iter().flatten() {
            let path = text(column, "/jsonPath");
            let steps = path.replace("[", ".[");
            let found = steps.split('.').skip(1).try_fold(schema::of(&crd), |part, step| {
                if step.starts_with('[') { part.get("items") } else { part.get("properties")?.get(step) }
            });
            assert!(path.starts_with(".metadata.") || found.is_some(), "{file}: {path} leads nowhere");
        }
    }
}

/// A default is what a server fills in: a bare claim is one of kind network.
#[test]
fn defaults_are_set_before_anything_is_asked() {
    let server = Server::new();
    let claim = json!({
        "apiVersion": "ipam.resource.nephio.org/v1alpha1", "kind": "IPClaim",
        "spec": {"networkInstance": {"name": "vpc"}, "kind": null},
    });
    assert_eq!(server.kind(&claim).unwrap().refusals(&claim), []);
}
