//! The definitions and the functions are of one mind: what a definition refuses a function refuses, and what stands at the
//! edge of a definition (each value of an enum, a null, the least and the greatest number) both take.

use std::collections::BTreeSet;
use std::io;

use krm::harness::{Function, execute};
use serde_json::{Value, json};

use crate::server::Server;
use crate::{constraints, definitions, rules, schema, text};

const FUNCTIONS: [&Function; 4] = [&interface_fn::FUNCTION, &ipam_fn::FUNCTION, &nad_fn::FUNCTION, &vlan_fn::FUNCTION];

/// Constraints that no function asks for: the kind, the keyword, and why the definition does.
const STRICTER: &[(&str, &str, &str)] = &[(
    "NadFn",
    "/properties/spec/properties/masterInterface/type",
    "the function reads a number as the text that it shows; a definition has one type a field",
)];

/// Values that a definition takes and a function refuses: the kind, the field, the value, and why.
const LAXER: &[(&str, &str, &str, &str)] = &[
    ("VLAN", "/properties/status/properties/vlanID", "0", OF_A_STATUS),
    ("VLAN", "/properties/status/properties/vlanID", "65535", OF_A_STATUS),
];

const OF_A_STATUS: &str = "the type of the status is that of a claim, where `conflict: Reallocate` mends such an ID";

/// What the functions say that refuse an object: as the only one of its package, or as their configuration.
pub(crate) fn refused_by(object: &Value) -> Vec<String> {
    let is_config = text(object, "/apiVersion").starts_with("fn.krmnet.dev/");
    let kptfile = json!({
        "apiVersion": "kpt.dev/v1", "kind": "Kptfile",
        "metadata": {"name": "upf", "annotations": {"internal.config.kubernetes.io/path": "Kptfile"}},
    });
    let mut list = json!({"apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList", "items": [kptfile]});
    if is_config {
        list["functionConfig"] = object.clone();
    } else {
        list["items"].as_array_mut().unwrap().push(object.clone());
    }
    let concerned = |function: &&&Function| !is_config || function.config_kind == text(object, "/kind");
    let run = |function: &&Function| {
        let mut messages = Vec::new();
        let code = execute(function, [], list.to_string().as_bytes(), io::sink(), &mut messages);
        (code != 0).then(|| String::from_utf8_lossy(&messages).into_owned())
    };
    FUNCTIONS.iter().filter(concerned).filter_map(run).collect()
}

#[test]
fn what_a_schema_refuses_a_function_refuses() {
    let mut stricter = BTreeSet::new();
    for (_, crd) in definitions() {
        for object in constraints::complete(&crd) {
            assert_eq!(refused_by(&object), Vec::<String>::new(), "{object}");
        }
        for (constraint, object) in constraints::all_broken(&crd) {
            if object.is_some_and(|object| refused_by(&object).is_empty()) {
                stricter.insert((text(&crd, "/spec/names/kind").to_owned(), constraint.place()));
            }
        }
    }
    let expected = STRICTER.iter().map(|(kind, keyword, _)| ((*kind).to_owned(), (*keyword).to_owned())).collect();
    assert_eq!(stricter, expected);
}

#[test]
fn what_a_rule_refuses_a_function_refuses_and_else_not() {
    for (kind, message, specs) in rules::broken() {
        for spec in specs {
            let object = rules::object(kind, spec);
            assert_ne!(refused_by(&object), Vec::<String>::new(), "{message}: {object}");
        }
    }
    for (kind, spec) in rules::held() {
        let object = rules::object(kind, spec);
        assert_eq!(refused_by(&object), Vec::<String>::new(), "{object}");
    }
}

/// The values at the edge of what a schema takes.
fn edges(part: &Value) -> Vec<Value> {
    let mut edges = part.get("enum").and_then(Value::as_array).cloned().unwrap_or_default();
    if part.get("nullable") == Some(&json!(true)) {
        edges.push(Value::Null);
    }
    let bounds = ["minimum", "maximum"].into_iter().filter_map(|bound| part.get(bound)?.as_f64());
    edges.extend(bounds.map(|bound| json!(bound as i64)));
    edges
}

#[test]
fn what_a_schema_just_takes_the_functions_take() {
    let server = Server::new();
    let (mut seen, mut laxer) = (0, BTreeSet::new());
    for (_, crd) in definitions() {
        for (at, part) in schema::all(schema::of(&crd)) {
            for edge in edges(part) {
                seen += 1;
                // A value may be at odds with the other fields of one complete object and not with those of another.
                let taken = constraints::complete(&crd).into_iter().any(|mut object| {
                    let place = constraints::place(&object, &at);
                    let Some(value) = place.and_then(|place| object.pointer_mut(&place)) else { return false };
                    *value = edge.clone();
                    server.kind(&object).unwrap().refusals(&object).is_empty() && refused_by(&object).is_empty()
                });
                if !taken {
                    laxer.insert((text(&crd, "/spec/names/kind").to_owned(), at.clone(), edge.to_string()));
                }
            }
        }
    }
    assert!(seen > 100, "only {seen} values were seen");
    let row = |(kind, at, edge, _): &(&str, &str, &str, _)| ((*kind).to_owned(), (*at).to_owned(), (*edge).to_owned());
    assert_eq!(laxer, LAXER.iter().map(row).collect());
}
