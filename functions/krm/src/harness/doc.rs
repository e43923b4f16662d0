//! What `--doc` says, as JSON. The names of the fields are those of kpt's Go SDK and of the metadata.yaml of kpt's catalog,
//! where they have them.

use serde_json::{Map, Value, json};

use super::{Function, help, usage};
use crate::config::{API_VERSION, Key, KeyKind};

/// Where the source of each function lies, in a folder named like it.
const SOURCE: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/tree/main");

/// The documentation of a function, one line of JSON.
pub(super) fn json(function: &Function) -> String {
    let keys: Vec<Value> = function.keys.iter().map(key).collect();
    let packages: Vec<String> = function.packages.iter().map(|folder| format!("{SOURCE}/{folder}")).collect();
    let doc = json!({
        "name": function.name,
        "version": env!("CARGO_PKG_VERSION"),
        "short": function.about,
        "long": function.long.trim(),
        "examples": help::examples(function),
        "usage": { "imperative": usage::imperative(function), "declarative": usage::declarative(function) },
        "image": usage::image(function.name),
        "description": function.about,
        "tags": ["mutator"],
        "sourceURL": format!("{SOURCE}/{}", function.name),
        "examplePackageURLs": packages,
        "license": env!("CARGO_PKG_LICENSE"),
        "hidden": false,
        "functionConfig": {
            "apiVersion": API_VERSION,
            "kind": function.config_kind,
            "keys": keys,
            "examples": [help::config_map(function), help::own_kind(function)],
        },
    });
    format!("{doc}\n")
}

fn key(key: &Key) -> Value {
    let mut shape = Map::new();
    shape.insert("name".into(), key.name.into());
    shape.insert("about".into(), key.about.into());
    if let KeyKind::Flag | KeyKind::OneOf(_) = key.kind {
        shape.insert("values".into(), json!(key.words()));
    }
    shape.insert("example".into(), key.example().into());
    if let Some(default) = key.default {
        shape.insert("default".into(), default.into());
    }
    shape.into()
}
