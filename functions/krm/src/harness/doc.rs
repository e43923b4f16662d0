//! What `--doc` says, as JSON. The names of the fields are those of kpt's Go SDK where it has them.

use serde_json::{Map, Value, json};

use super::Function;
use crate::config::{API_VERSION, Key, KeyKind};

/// The documentation of a function, one line of JSON.
pub(super) fn json(function: &Function) -> String {
    let keys: Vec<Value> = function.keys.iter().map(key).collect();
    let doc = json!({
        "name": function.name,
        "version": env!("CARGO_PKG_VERSION"),
        "short": function.about,
        "long": function.long.trim(),
        "examples": function.examples.trim_matches('\n'),
        "description": function.about,
        "tags": ["mutator"],
        "license": "Apache-2.0",
        "functionConfig": { "apiVersion": API_VERSION, "kind": function.config_kind, "keys": keys },
    });
    format!("{doc}\n")
}

fn key(key: &Key) -> Value {
    let (field, value) = match key.kind {
        KeyKind::Flag | KeyKind::OneOf(_) => ("values", json!(key.words())),
        KeyKind::Text { example } => ("example", json!(example)),
    };
    let mut shape = Map::new();
    shape.insert("name".into(), key.name.into());
    shape.insert("about".into(), key.about.into());
    shape.insert(field.into(), value);
    if let Some(default) = key.default {
        shape.insert("default".into(), default.into());
    }
    shape.into()
}
