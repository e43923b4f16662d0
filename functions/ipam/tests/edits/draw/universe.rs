//! The little world that everything is drawn from: 10.0.0.0/24 and fd00::/120, a few names, a few labels.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipam::{Family, Instance, Key, Operator, Requirement, Selector};
use ipnet::IpNet;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;

pub(crate) fn family() -> impl Strategy<Value = Family> {
    prop_oneof![3 => Just(Family::V4), 1 => Just(Family::V6)]
}

/// The `n`-th address of the universe.
pub(crate) fn address(family: Family, n: u8) -> IpAddr {
    match family {
        Family::V4 => Ipv4Addr::new(10, 0, 0, n).into(),
        Family::V6 => Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, u16::from(n)).into(),
    }
}

/// A prefix in the universe whose length leaves `bits` bits to hosts; host bits are kept.
pub(crate) fn prefix(family: Family, n: u8, bits: u8) -> IpNet {
    IpNet::new(address(family, n), family.bits() - bits.min(family.bits())).expect("a length of the family")
}

pub(crate) fn instance() -> impl Strategy<Value = Instance> {
    prop_oneof![
        24 => Just(Instance::new("default", "vpc-a")),
        2 => Just(Instance::new("default", "vpc-b")),
        1 => Just(Instance::new("other", "vpc-a")),
    ]
}

pub(crate) fn key(prefix: &'static str, names: u8) -> impl Strategy<Value = Key> {
    let package = prop_oneof![4 => Just(""), 1 => select(vec!["a", "a/b", "site-2", "site-10"])];
    let namespace = prop_oneof![3 => Just("ns"), 1 => Just("other")];
    (package, namespace, 0..names)
        .prop_map(move |(package, namespace, n)| Key::new(package, namespace, format!("{prefix}{n}")))
}

const CLUSTER: &str = "nephio.org/cluster-name";
const SITE: &str = "nephio.org/site-name";
const PURPOSE: &str = "purpose";

fn label_key() -> impl Strategy<Value = &'static str> {
    prop_oneof![2 => Just(CLUSTER), 1 => Just(SITE), 3 => Just(PURPOSE)]
}

fn label_value() -> impl Strategy<Value = &'static str> {
    prop_oneof![3 => Just("a"), 1 => Just("b")]
}

pub(crate) fn labels() -> impl Strategy<Value = BTreeMap<String, String>> {
    btree_map(label_key().prop_map(str::to_owned), label_value().prop_map(str::to_owned), 1..3)
}

pub(crate) fn few_labels() -> impl Strategy<Value = BTreeMap<String, String>> {
    prop_oneof![5 => Just(BTreeMap::new()), 2 => labels()]
}

fn system_label() -> impl Strategy<Value = (&'static str, &'static str)> {
    select(vec![
        ("nephio.org/address-family", "ipv4"),
        ("nephio.org/address-family", "ipv6"),
        ("nephio.org/prefix-kind", "network"),
        ("nephio.org/prefix-kind", "aggregate"),
        ("nephio.org/subnet", "10.0.0.0-28"),
        ("nephio.org/subnet", "fd00---124"),
        ("nephio.org/nsn-name", "p1"),
        ("nephio.org/nsn-name", "p2"),
        ("nephio.org/nsn-namespace", "ns"),
    ])
}

fn requirement() -> impl Strategy<Value = Requirement> {
    let operator = select(vec![Operator::In, Operator::NotIn, Operator::Exists, Operator::DoesNotExist]);
    let plain = (label_key(), operator, vec(label_value(), 1..3)).prop_map(|(key, operator, values)| {
        let with_values = matches!(operator, Operator::In | Operator::NotIn);
        let values = if with_values { values.into_iter().map(str::to_owned).collect() } else { Vec::new() };
        Requirement { key: key.to_owned(), operator, values }
    });
    let system = system_label().prop_map(|(key, value)| Requirement {
        key: key.to_owned(),
        operator: Operator::In,
        values: vec![value.to_owned()],
    });
    prop_oneof![6 => plain, 1 => system]
}

pub(crate) fn selector() -> impl Strategy<Value = Selector> {
    let by_labels = labels().prop_map(|match_labels| Selector { match_labels, ..Selector::default() });
    let by_system = system_label().prop_map(|(key, value)| Selector {
        match_labels: [(key.to_owned(), value.to_owned())].into(),
        ..Selector::default()
    });
    let by_expressions = (few_labels(), vec(requirement(), 1..3))
        .prop_map(|(match_labels, match_expressions)| Selector { match_labels, match_expressions });
    prop_oneof![12 => Just(Selector::default()), 4 => by_labels, 1 => by_system, 1 => by_expressions]
}
