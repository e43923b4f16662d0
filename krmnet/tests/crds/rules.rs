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

/// For each rule the specs that break it and nothing else: the kind, the message of the rule, the specs. What a spec of
/// the kind needs besides is put in.
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
        (
            "IPClaim",
            "a loopback address stands alone: prefix must end in /32 (IPv6: /128), or be a block by createPrefix: true",
            vec![
                json!({"kind": "loopback", "prefix": "10.9.0.7/24"}),
                json!({"kind": "loopback", "prefix": "2001:db8::7/32", "createPrefix": false}),
            ],
        ),
        (
            "IPClaim",
            "addressFamily must be the family of prefix",
            vec![
                json!({"addressFamily": "ipv6", "prefix": "10.0.0.2/24"}),
                json!({"addressFamily": "ipv4", "prefix": "2001:db8::2/64"}),
            ],
        ),
        (
            "IPClaim",
            "a block of addressFamily ipv4 has a prefixLength of at most 32",
            vec![json!({"addressFamily": "ipv4", "createPrefix": true, "prefixLength": 33})],
        ),
        (
            "IPClaim",
            "the label nephio.org/address-family of selector.matchLabels must be ipv4 or ipv6",
            vec![family_label("IPv4"), family_label("")],
        ),
        (
            "IPClaim",
            "addressFamily and the label nephio.org/address-family of selector.matchLabels must agree",
            vec![with(family_label("ipv4"), "addressFamily", json!("ipv6"))],
        ),
        (
            "IPClaim",
            "the label nephio.org/address-family of selector.matchLabels must be the family of prefix",
            vec![
                with(family_label("ipv6"), "prefix", json!("10.0.0.2/24")),
                with(family_label("ipv4"), "prefix", json!("2001:db8::2/64")),
            ],
        ),
        (
            "IPClaim",
            "a block of the family ipv4 by the label of selector.matchLabels has a prefixLength of at most 32",
            vec![with(with(family_label("ipv4"), "createPrefix", json!(true)), "prefixLength", json!(33))],
        ),
        ("IPClaim", GATEWAY, vec![json!({"labels": {"nephio.org/gateway": "yes"}})]),
        ("IPPrefix", GATEWAY, vec![json!({"labels": {"nephio.org/gateway": ""}})]),
        (
            "NetworkInstance",
            PREFIX_KIND,
            vec![json!({"prefixes": [{"prefix": "10.0.0.0/8", "labels": {"nephio.org/prefix-kind": "subnet"}}]})],
        ),
        (
            "Network",
            PREFIX_KIND,
            vec![json!({"routingTables": [{"name": "vpc", "prefixes": [
                {"prefix": "10.0.0.0/8", "labels": {"nephio.org/prefix-kind": "Pool"}},
            ]}]})],
        ),
        ("IPClaim", EXPRESSION, bad_expressions()),
        ("VLANClaim", ORDER, vec![json!({"range": "199:100"}), json!({"range": "1000:200"})]),
        ("VLAN", ORDER, vec![json!({"range": "3:2"})]),
        (
            "VLANClaim",
            "vlanID asks for one ID, a range of one number for so many in a row: remove one of the two",
            vec![json!({"vlanID": 5, "range": "10"})],
        ),
        (
            "VLANClaim",
            "vlanID must lie in range",
            vec![json!({"vlanID": 99, "range": "100:199"}), json!({"vlanID": 200, "range": "100:199"})],
        ),
    ]
}

const GATEWAY: &str = "the label nephio.org/gateway must be \"true\" or \"false\"";
const PREFIX_KIND: &str = "the label nephio.org/prefix-kind must be network, loopback, pool or aggregate";
const EXPRESSION: &str = "of selector.matchExpressions, In and NotIn need values, Exists and DoesNotExist take none";
const ORDER: &str = "range must not end before it starts";

fn family_label(family: &str) -> Value {
    json!({"selector": {"matchLabels": {"nephio.org/address-family": family}}})
}

fn bad_expressions() -> Vec<Value> {
    [
        json!({"key": "a", "operator": "In"}),
        json!({"key": "a", "operator": "In", "values": null}),
        json!({"key": "a", "operator": "NotIn", "values": []}),
        json!({"key": "a", "operator": "Exists", "values": ["b"]}),
        json!({"key": "a", "operator": "DoesNotExist", "values": ["b"]}),
    ]
    .map(|expression| json!({"selector": {"matchExpressions": [expression]}}))
    .into()
}

fn with(mut spec: Value, key: &str, value: Value) -> Value {
    spec[key] = value;
    spec
}

/// Specs that come near to breaking a rule.
pub(crate) fn held() -> Vec<(&'static str, Value)> {
    let claims = [
        json!({"kind": "network"}),
        json!({"kind": null, "prefix": null, "prefixLength": null, "createPrefix": null, "index": null}),
        json!({"kind": "network", "createPrefix": false}),
        json!({"kind": "pool", "createPrefix": true, "prefixLength": 24}),
        json!({"kind": "aggregate", "prefix": "10.0.0.0/8"}),
        json!({"kind": "network", "prefix": "10.0.0.2/24", "prefixLength": 24}),
        json!({"createPrefix": true, "prefix": "10.0.0.0/24"}),
        json!({"createPrefix": true, "prefixLength": 24, "index": 3}),
        json!({"kind": "loopback", "prefix": "10.9.0.7/32"}),
        json!({"kind": "loopback", "prefix": "2001:db8::7/128"}),
        json!({"kind": "loopback", "prefix": "10.9.0.0/24", "createPrefix": true}),
        json!({"addressFamily": "ipv4", "prefix": "10.0.0.2/24"}),
        json!({"addressFamily": "ipv6", "prefix": "::2/64"}),
        json!({"addressFamily": "", "prefix": "::2/64"}),
        json!({"addressFamily": null, "prefix": "10.0.0.2/24"}),
        json!({"addressFamily": "ipv4", "createPrefix": true, "prefixLength": 32}),
        json!({"addressFamily": "ipv6", "createPrefix": true, "prefixLength": 33}),
        json!({"selector": null}),
        json!({"selector": {"matchLabels": null, "matchExpressions": null}}),
        with(family_label("ipv6"), "addressFamily", json!("ipv6")),
        with(family_label("ipv6"), "addressFamily", json!("")),
        with(family_label("ipv6"), "addressFamily", Value::Null),
        with(family_label("ipv6"), "prefix", json!("2001:db8::2/64")),
        with(family_label("ipv4"), "prefix", json!("10.0.0.2/24")),
        with(with(family_label("ipv6"), "createPrefix", json!(true)), "prefixLength", json!(33)),
        json!({"labels": {"nephio.org/gateway": "true"}}),
        json!({"labels": {"gateway": "yes"}}),
        json!({"labels": null}),
        json!({"selector": {"matchExpressions": [
            {"key": "a", "operator": "In", "values": ["b"]},
            {"key": "a", "operator": "Exists"},
            {"key": "a", "operator": "DoesNotExist", "values": []},
            {"key": "a", "operator": "Exists", "values": null},
        ]}}),
    ];
    let others = [
        ("IPPrefix", json!({"labels": {"nephio.org/gateway": "false"}})),
        (
            "NetworkInstance",
            json!({"prefixes": [{"prefix": "10.0.0.0/8", "labels": {"nephio.org/prefix-kind": "pool"}}]}),
        ),
        ("NetworkInstance", json!({"prefixes": [{"prefix": "10.0.0.0/8", "labels": {"nephio.org/prefix-kind": ""}}]})),
        ("NetworkInstance", json!({"prefixes": [{"prefix": "10.0.0.0/8", "labels": null}]})),
        ("VLANClaim", json!({"vlanID": 100, "range": "100:199"})),
        ("VLANClaim", json!({"vlanID": 199, "range": "100:199"})),
        ("VLANClaim", json!({"vlanID": 5, "range": ""})),
        ("VLANClaim", json!({"vlanID": null, "range": "4093"})),
        ("VLANClaim", json!({"vlanID": 2, "range": null})),
        ("VLANClaim", json!({"range": "2:4094"})),
        ("VLANClaim", json!({"range": "7:7"})),
        ("VLAN", json!({"vlanID": 5, "range": "10:19"})),
        ("VLAN", json!({"range": "0"})),
    ];
    claims.map(|spec| ("IPClaim", spec)).into_iter().chain(others).collect()
}

/// An object of the kind, with what its spec needs and does not say.
pub(crate) fn object(kind: &str, mut spec: Value) -> Value {
    let (group, needs) = match kind {
        "IPPrefix" => ("ipam.resource", json!({"networkInstance": {"name": "vpc"}, "prefix": "10.0.0.1/24"})),
        "IPClaim" => ("ipam.resource", json!({"networkInstance": {"name": "vpc"}})),
        "NetworkInstance" => ("ipam.resource", json!({})),
        "Network" => ("infra", json!({})),
        _ => ("vlan.resource", json!({"vlanIndex": {"name": "edge01"}})),
    };
    for (key, value) in needs.as_object().unwrap() {
        if spec.get(key).is_none() {
            spec[key] = value.clone();
        }
    }
    json!({"apiVersion": format!("{group}.nephio.org/v1alpha1"), "kind": kind, "metadata": {"name": "n3"}, "spec": spec})
}

#[test]
fn every_rule_is_broken_by_some_object_and_that_breaks_no_other() {
    let server = Server::new();
    for (kind, message, specs) in broken() {
        for spec in specs {
            let object = object(kind, spec);
            let refusals = server.kind(&object).unwrap().refusals(&object);
            let found: Vec<_> = refusals.iter().map(|refusal| refusal.keyword.as_str()).collect();
            assert_eq!(found, [message], "{kind}: {object}");
        }
    }
    for (kind, spec) in held() {
        let object = object(kind, spec);
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
