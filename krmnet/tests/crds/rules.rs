//! The rules (CEL) of the definitions: each is broken by some object, and by it alone; and they are within the budget of
//! a server.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::server::Server;
use crate::{definitions, schema, text};

/// A server reckons what a rule may cost at worst: a text that a rule looks into has to have a bound.
#[test]
fn every_pattern_comes_with_a_bound() {
    let mut faults = Vec::new();
    for (file, crd) in definitions() {
        for (at, part) in schema::all(schema::of(&crd)) {
            if part.get("pattern").is_some() && part.get("maxLength").is_none() {
                faults.push(format!("{file}{at}"));
            }
        }
    }
    assert!(faults.is_empty(), "no maxLength: {faults:?}");
    for (file, crd) in definitions() {
        for (_, part) in schema::all(schema::of(&crd)) {
            for (rule, _) in schema::rules(part) {
                assert!(!rule.contains("string("), "{file}: string() makes a text without a bound: {rule}");
            }
        }
    }
}

/// For each rule the specs that break it and nothing else: the kind, the message of the rule, the specs. What the claims
/// all need, `networkInstance`, is put in by [`claim`].
pub(crate) fn broken() -> Vec<(&'static str, &'static str, Vec<Value>)> {
    vec![
        (
            "IPClaim",
            "createPrefix without prefix needs prefixLength: the length of the block",
            vec![json!({"createPrefix": true}), json!({"kind": "pool", "createPrefix": true})],
        ),
        (
            "IPClaim",
            "prefixLength without prefix needs createPrefix: true: an address has its pool's length",
            vec![
                json!({"prefixLength": 24}),
                json!({"prefixLength": 24, "createPrefix": false}),
                json!({"prefixLength": 24, "createPrefix": null}),
            ],
        ),
        (
            "IPClaim",
            "prefixLength must be the length of prefix",
            vec![
                json!({"prefix": "10.0.0.0/24", "prefixLength": 25}),
                json!({"prefix": "2001:db8::/32", "prefixLength": 3}),
            ],
        ),
        ("IPClaim", "prefix and index exclude each other", vec![json!({"prefix": "10.0.0.0/24", "index": 0})]),
        (
            "IPClaim",
            "kind aggregate needs prefix",
            vec![json!({"kind": "aggregate"}), json!({"kind": "aggregate", "prefix": null})],
        ),
        (
            "IPClaim",
            "kind pool needs createPrefix: true",
            vec![json!({"kind": "pool"}), json!({"kind": "pool", "createPrefix": false, "prefix": "10.0.0.0/24"})],
        ),
    ]
}

/// Specs of an IPClaim that come near to breaking a rule.
pub(crate) fn held() -> Vec<Value> {
    vec![
        json!({"kind": "network"}),
        json!({"kind": null, "prefix": null, "prefixLength": null, "createPrefix": null, "index": null}),
        json!({"kind": "network", "createPrefix": false}),
        json!({"kind": "pool", "createPrefix": true, "prefixLength": 24}),
        json!({"kind": "aggregate", "prefix": "10.0.0.0/8"}),
        json!({"kind": "network", "prefix": "10.0.0.2/24", "prefixLength": 24}),
        json!({"createPrefix": true, "prefix": "10.0.0.0/24"}),
        json!({"createPrefix": true, "prefixLength": 24, "index": 3}),
    ]
}

pub(crate) fn claim(mut spec: Value) -> Value {
    spec["networkInstance"] = json!({"name": "vpc"});
    json!({"apiVersion": "ipam.resource.nephio.org/v1alpha1", "kind": "IPClaim", "metadata": {"name": "n3"}, "spec": spec})
}

#[test]
fn every_rule_is_broken_by_some_object_and_that_breaks_no_other() {
    let server = Server::new();
    for (kind, message, specs) in broken() {
        for spec in specs {
            let object = claim(spec);
            let refusals = server.kind(&object).unwrap().refusals(&object);
            let found: Vec<_> = refusals.iter().map(|refusal| refusal.keyword.as_str()).collect();
            assert_eq!(found, [message], "{kind}: {object}");
        }
    }
    for spec in held() {
        let object = claim(spec);
        assert_eq!(server.kind(&object).unwrap().refusals(&object), [], "{object}");
    }
}

#[test]
fn every_rule_has_an_object_that_breaks_it() {
    let rows: BTreeSet<_> = broken().iter().map(|(kind, message, _)| format!("{kind}: {message}")).collect();
    let mut rules = BTreeSet::new();
    for (_, crd) in definitions() {
        for (_, part) in schema::all(schema::of(&crd)) {
            rules.extend(
                schema::rules(part).map(|(_, message)| format!("{}: {message}", text(&crd, "/spec/names/kind"))),
            );
        }
    }
    assert_eq!(rows, rules);
}
