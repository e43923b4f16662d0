//! The custom resource definitions of `crds/`: they are what the types say, a server takes them, they accept the objects
//! of `example/` and `testdata/` whole, and they refuse what the functions refuse.
//!
//! `UPDATE_GOLDEN=1` (or `make crds`) writes `crds/` and `refused.txt` anew.

#![allow(clippy::unwrap_used)] // clippy.toml covers test functions, not their helpers.

mod constraints;
mod definitions;
mod functions;
mod objects;
mod prefixes;
mod pruning;
mod rules;
mod schema;
mod server;
mod shapes;
mod structure;

use std::path::{Path, PathBuf};

use serde_json::Value;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every definition, each with the name of its file.
fn definitions() -> Vec<(String, Value)> {
    api::crd::definitions().unwrap()
}

/// The text at a JSON pointer.
fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn updates_golden_files() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1")
}
