//! The definitions of the functions' own configuration kinds say what the functions' keys say: names, values, defaults and
//! descriptions.

#![allow(clippy::unwrap_used)] // clippy.toml covers test functions, not their helpers.

use krm::config::{API_VERSION, Key, KeyKind, Settings};
use krm::harness::Function;
use serde_json::{Map, Value, json};

const FUNCTIONS: [Function; 4] = [interface_fn::FUNCTION, vlan_fn::FUNCTION, ipam_fn::FUNCTION, nad_fn::FUNCTION];

/// The properties of the spec of a configuration kind.
fn properties(kind: &str) -> Map<String, Value> {
    let definitions = api::crd::definitions().unwrap();
    let (_, crd) = definitions.iter().find(|(_, crd)| crd["spec"]["names"]["kind"] == kind).unwrap();
    let version = &crd["spec"]["versions"][0];
    assert_eq!(
        format!("{}/{}", crd["spec"]["group"].as_str().unwrap(), version["name"].as_str().unwrap()),
        API_VERSION
    );
    version["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"].as_object().unwrap().clone()
}

/// What the schema of a key has to be. The spellings of a flag are judged by `a_flag_is_spelt_as_it_is_read`.
fn property(key: &Key, stands: &Value) -> Value {
    let mut schema = match key.kind {
        KeyKind::Flag => json!({"x-kubernetes-preserve-unknown-fields": true, "enum": stands["enum"]}),
        KeyKind::OneOf(words) => {
            let values: Vec<Value> = words.iter().map(|word| json!(word)).chain([json!("")]).collect();
            json!({"type": "string", "enum": values})
        }
        KeyKind::Text { .. } => json!({"type": "string", "nullable": true}),
    };
    schema["description"] = json!(key.about);
    if let Some(default) = key.default {
        let is_flag = key.kind == KeyKind::Flag;
        schema["default"] = if is_flag { json!(default == "true") } else { json!(default) };
    }
    schema
}

#[test]
fn the_properties_are_the_keys() {
    for function in &FUNCTIONS {
        let found = properties(function.config_kind);
        let stands = |key: &Key| found.get(key.name).cloned().unwrap_or_default();
        let expected: Map<String, Value> =
            function.keys.iter().map(|key| (key.name.to_owned(), property(key, &stands(key)))).collect();
        assert_eq!(Value::from(found.clone()), Value::from(expected), "{}", function.config_kind);
    }
}

#[test]
fn a_flag_is_spelt_as_it_is_read() {
    for function in &FUNCTIONS {
        let (kind, found) = (function.config_kind, properties(function.config_kind));
        for key in function.keys.iter().filter(|key| key.kind == KeyKind::Flag) {
            let values = found[key.name]["enum"].as_array().unwrap();
            for value in values {
                let config = json!({"apiVersion": API_VERSION, "kind": kind, "spec": {key.name: value}});
                let settings = Settings::read(Some(&config), kind, function.keys);
                assert!(settings.is_ok(), "{kind} {}: {value}", key.name);
            }
            for value in [json!(true), json!(false), json!("yes"), json!("off"), json!("True"), json!("")] {
                assert!(values.contains(&value), "{kind} {}: {value}", key.name);
            }
        }
    }
}
