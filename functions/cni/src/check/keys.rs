//! Keys and the JSON types of their values.

use super::report::Report;
use crate::json::Node;
use crate::schema::{Kind, Schema, one_of};
use crate::violation::Rule;
use serde_json::Value;

/// Keys that only the runtime writes.
const RESERVED: [&str; 3] = ["runtimeConfig", "args", "prevResult"];
const RESERVED_PREFIX: &str = "cni.dev/";

/// Checks the keys of `object` against the schemas that together describe it. Where it is no object, says so and
/// returns false.
pub(super) fn check(object: &Node<'_>, schemas: &[Schema], report: &mut Report) -> bool {
    if !object.value.is_object() {
        report.add(Rule::ValueType, object, "an object");
        return false;
    }
    for (key, node) in object.entries() {
        if is_reserved(key) {
            report.add(Rule::ReservedKey, &node, "no such key");
            continue;
        }
        let known = schemas.iter().copied().flatten();
        let Some((name, kind)) = known.clone().find(|(name, _)| name.eq_ignore_ascii_case(key)) else {
            let names: Vec<_> = known.map(|(name, _)| *name).collect();
            let expected = if names.is_empty() { "no key here".to_owned() } else { one_of(&names) };
            report.add(Rule::UnknownKey, &node, expected);
            continue;
        };
        if *name != key {
            report.add(Rule::UnknownKey, &node, format!("the key spelled {name}"));
        }
        if !fits(*kind, node.value) {
            report.add(Rule::ValueType, &node, words(*kind));
        }
    }
    true
}

fn is_reserved(key: &str) -> bool {
    RESERVED.iter().any(|name| name.eq_ignore_ascii_case(key))
        || key.get(..RESERVED_PREFIX.len()).is_some_and(|prefix| prefix.eq_ignore_ascii_case(RESERVED_PREFIX))
}

/// Whether Go decodes the value into such a field. Null leaves the field as it is.
fn fits(kind: Kind, value: &Value) -> bool {
    value.is_null()
        || match kind {
            Kind::Text => value.is_string(),
            Kind::Integer => value.is_i64(),
            Kind::Flag => value.is_boolean(),
            Kind::Object => value.is_object(),
            Kind::List => value.is_array(),
        }
}

const fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "a string",
        Kind::Integer => "an integer",
        Kind::Flag => "true or false",
        Kind::Object => "an object",
        Kind::List => "a list",
    }
}
