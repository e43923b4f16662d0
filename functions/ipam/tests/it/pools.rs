//! Pools in the tree: sources, the same prefix stated twice, labels, nesting.

use std::net::IpAddr;

use ipam::{Disagreement, Finding, Kind, PoolSource, Severity};

use crate::build::*;

const KINDS: [Kind; 4] = [Kind::Aggregate, Kind::Network, Kind::Loopback, Kind::Pool];

#[test]
fn the_nesting_table() {
    let allowed =
        |child: Kind, parent: Kind| parent == Kind::Aggregate || (child == Kind::Pool && parent == Kind::Pool);
    for parent in KINDS {
        for child in KINDS {
            let tree = Tree::default().with(prefix(parent, "10.1.0.0/24")).with(prefix(child, "10.1.0.16/28"));
            let expected: &[&str] = if allowed(child, parent) { &[] } else { &["pool-nesting"] };
            assert_eq!(tree.finds(), expected, "{child} in {parent}");
            let findings = tree.plan().findings;
            if let Some(finding) = findings.first() {
                assert_eq!(*finding, Finding::Nesting { child: 1, parent: 0 });
                assert_eq!(finding.severity(), Severity::Error);
            }
        }
    }
}

#[test]
fn a_loopback_32_or_128_nests_in_a_loopback() {
    let in_loopback = |parent: &str, child: &str| Tree::default().with(loopback(parent)).with(loopback(child)).finds();
    assert!(in_loopback("10.1.0.0/24", "10.1.0.7/32").is_empty());
    assert!(in_loopback("fd00::/64", "fd00::7/128").is_empty());
    assert_eq!(in_loopback("10.1.0.0/24", "10.1.0.6/31"), ["pool-nesting"]);
    let in_network = Tree::default().with(network("10.1.0.0/24")).with(loopback("10.1.0.7/32"));
    assert_eq!(in_network.finds(), ["pool-nesting"]);
}

#[test]
fn every_child_is_checked_not_the_first() {
    let tree = Tree::default()
        .with(network("10.0.0.0/16"))
        .with(pool("10.0.1.0/24"))
        .with(network("10.0.2.0/24"))
        .with(loopback("10.0.3.0/24"));
    assert_eq!(tree.finds(), ["pool-nesting"; 3]);
}

#[test]
fn nesting_is_against_the_closest_parent() {
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/8"))
        .with(aggregate("10.0.0.0/16"))
        .with(pool("10.0.0.0/20"))
        .with(pool("10.0.0.0/24"))
        .with(network("10.0.1.0/24"));
    assert_eq!(tree.finds(), ["pool-nesting"]);
}

#[test]
fn an_ipprefix_needs_no_aggregate() {
    let tree = Tree::default().with(network("10.0.0.0/24")).and(claim("a"));
    assert!(tree.finds().is_empty());
}

#[test]
fn pools_of_other_network_instances_and_families_do_not_nest() {
    let tree = Tree::default()
        .with(network("10.0.0.0/16"))
        .with(network("10.0.1.0/24").of(ipam::Instance::new("default", "other")))
        .with(network("::/96"));
    assert!(tree.finds().is_empty());
}

#[test]
fn ipv4_mapped_prefixes_are_errors() {
    let tree =
        Tree::default().with(aggregate("::ffff:10.0.0.0/104")).with(aggregate("10.0.0.0/8")).and(claim("a").block(24));
    assert_eq!(tree.finds(), ["ipv4-mapped"]);
    assert_eq!(tree.says(), ["new 10.0.0.0/24"], "the IPv4 pool is untouched");
}

#[test]
fn two_ipprefixes_that_agree_are_one_pool() {
    let tree = Tree::default()
        .with(network("10.0.0.1/24").named("a").label("tier", "gold").exclude("10.0.0.2"))
        .with(network("10.0.0.1/24").named("b").label("tier", "gold").exclude("10.0.0.3"))
        .and(claim("a").select("nephio.org/nsn-name", "b"));
    assert!(tree.finds().is_empty());
    assert_eq!(tree.says(), ["new 10.0.0.4/24 via 10.0.0.1"], "what one excludes is excluded");
}

#[test]
fn ipprefixes_may_name_the_gateway_in_either_notation() {
    let tree = Tree::default()
        .with(network("10.0.0.0/24").named("a"))
        .with(network("10.0.0.1/24").named("b"))
        .and(claim("router").gateway());
    assert!(tree.finds().is_empty());
    assert_eq!(tree.says(), ["error gateway-exists"], "one of them is address notation");
}

#[test]
fn two_ipprefixes_must_agree_in_kind_gateway_and_labels() {
    let first = || network("10.0.0.1/24").named("a").label("tier", "gold");
    let find = |second: ipam::Pool| Tree::default().with(second.named("b")).with(first()).plan().findings;
    let disagree = |what| vec![Finding::Disagree { first: 1, second: 0, what }];
    let gateway = |text: &str| Some(text.parse::<IpAddr>().unwrap());
    assert_eq!(find(loopback("10.0.0.0/24").label("tier", "gold")), disagree(Disagreement::Kind));
    assert_eq!(
        find(network("10.0.0.2/24").label("tier", "gold")),
        disagree(Disagreement::Gateway { first: gateway("10.0.0.1"), second: gateway("10.0.0.2") })
    );
    assert_eq!(
        find(network("10.0.0.1/24").label("tier", "silver").label("more", "x")),
        disagree(Disagreement::Labels { keys: vec!["more".into(), "tier".into()] })
    );
    assert_eq!(find(first().label("nephio.org/nsn-name", "whatever")), [], "system labels aside");
}

#[test]
fn an_ipprefix_wins_over_networks_and_network_instances() {
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/24").named("a").by(PoolSource::Network).label("tier", "gold"))
        .with(aggregate("10.0.0.0/24").named("b").by(PoolSource::NetworkInstance))
        .with(network("10.0.0.1/24").named("c"))
        .and(claim("n3"))
        .and(claim("n4").select("tier", "gold"));
    assert!(tree.finds().is_empty());
    assert_eq!(tree.says(), ["new 10.0.0.2/24 via 10.0.0.1", "pending no-matching-pool"]);
}

#[test]
fn networks_and_network_instances_must_agree_in_kind() {
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/24").named("a").by(PoolSource::NetworkInstance))
        .with(network("10.0.0.0/24").named("b").by(PoolSource::Network));
    assert_eq!(tree.plan().findings, [Finding::Disagree { first: 0, second: 1, what: Disagreement::Kind }]);
}

#[test]
fn copies_of_a_network_serve_the_union_of_their_labels() {
    let entry = |name: &str| network("10.0.0.0/24").named(name).by(PoolSource::Network);
    let cluster = "nephio.org/cluster-name";
    let tree = Tree::default()
        .with(entry("a").label("tier", "gold").label(cluster, "edge01"))
        .with(entry("b").label("tier", "silver").label(cluster, "edge02"))
        .and(claim("1").select("tier", "gold").select(cluster, "edge02"))
        .and(claim("2").select("tier", "silver").select(cluster, "edge01"))
        .and(claim("3").select("tier", "bronze").select(cluster, "edge01"))
        .and(claim("4").select(cluster, "edge03"))
        .and(claim("5"));
    assert!(tree.finds().is_empty());
    let unserved = "pending no-matching-pool";
    assert_eq!(tree.says(), ["new 10.0.0.1/24", "new 10.0.0.2/24", unserved, unserved, unserved]);

    let open = tree.with(entry("c"));
    assert_eq!(
        open.says()[3..],
        ["new 10.0.0.3/24", "new 10.0.0.4/24"],
        "an entry without the topology key serves everyone"
    );
}

#[test]
fn network_entries_are_selected_by_the_peers_aggregate_name_too() {
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/8").named("vpc").by(PoolSource::NetworkInstance))
        .and(claim("a").block(24).select("nephio.org/nsn-name", "10.0.0.0-8-vpc-aggregate"))
        .and(claim("b").block(24).select("nephio.org/nsn-name", "vpc").select("nephio.org/nsn-namespace", "ns"));
    assert_eq!(tree.says(), ["new 10.0.0.0/24", "new 10.0.1.0/24"]);
}

#[test]
fn system_labels_can_be_selected() {
    let pool = network("10.0.0.1/24").named("userplane");
    for (key, value) in [
        ("nephio.org/address-family", "ipv4"),
        ("nephio.org/prefix-kind", "network"),
        ("nephio.org/subnet", "10.0.0.0-24"),
        ("nephio.org/nsn-name", "userplane"),
        ("nephio.org/nsn-namespace", "ns"),
    ] {
        let tree = Tree::default().with(pool.clone()).and(claim("a").select(key, value));
        assert_eq!(tree.says(), ["new 10.0.0.2/24 via 10.0.0.1"], "{key}");
        let other = Tree::default().with(pool.clone()).and(claim("a").select(key, "other"));
        assert_ne!(other.says(), ["new 10.0.0.2/24 via 10.0.0.1"], "{key}");
    }
    let six = Tree::default().with(network("2000::/64")).and(claim("a").select("nephio.org/subnet", "2000---64"));
    assert_eq!(six.says(), ["new 2000::2/64 via 2000::1"]);
}

#[test]
fn host_bits_name_a_gateway_only_in_a_network_ipprefix() {
    for kind in [Kind::Aggregate, Kind::Loopback, Kind::Pool] {
        assert_eq!(Tree::default().with(prefix(kind, "10.0.0.1/24")).finds(), ["host-bits"]);
    }
    for source in [PoolSource::Network, PoolSource::NetworkInstance] {
        assert_eq!(Tree::default().with(network("10.0.0.1/24").by(source)).finds(), ["host-bits"]);
    }
    assert!(Tree::default().with(network("10.0.0.1/24")).finds().is_empty());
}

#[test]
fn an_exclusion_or_range_outside_its_pool_is_a_warning() {
    let find = |pool: ipam::Pool| {
        let findings = Tree::default().with(pool).plan().findings;
        assert!(findings.iter().all(|finding| finding.severity() == Severity::Warning));
        findings.iter().map(Finding::code).collect::<Vec<_>>()
    };
    let pool = || network("10.1.3.0/24");
    assert_eq!(find(pool().exclude("10.1.4.7")), ["exclusion-outside-pool"]);
    assert_eq!(find(pool().exclude("10.1.3.250-10.1.4.7")), ["exclusion-outside-pool"]);
    assert_eq!(find(pool().exclude("10.1.3.7,fd00::")), ["exclusion-outside-pool"]);
    assert_eq!(find(pool().range("10.1.2.0-10.1.2.9")), ["range-outside-pool"]);
    assert!(find(pool().range("10.1.3.0-10.1.3.255").exclude("10.1.3.0/24")).is_empty());
}

#[test]
fn a_range_outside_its_pool_leaves_nothing_to_give() {
    let tree = Tree::default().with(network("10.1.3.0/24").range("10.1.2.0-10.1.2.9")).and(claim("a"));
    assert_eq!(tree.says(), ["error pool-exhausted"]);
}

#[test]
fn findings_follow_the_order_of_keys() {
    let tree = Tree::default()
        .with(loopback("10.9.0.1/24").named("p-10"))
        .with(aggregate("10.0.0.1/24").named("p-2"))
        .with(pool("10.5.0.1/24").named("p-1"));
    let pools: Vec<usize> = tree.plan().findings.iter().map(Finding::pool).collect();
    assert_eq!(pools, [2, 1, 0]);
}

#[test]
fn an_exclusion_narrows_only_the_pool_that_carries_it() {
    let by_hand =
        || Tree::default().with(aggregate("10.0.0.0/16").exclude("10.0.1.0/24").range("10.0.0.0-10.0.15.255"));
    let child = by_hand().with(network("10.0.1.0/24")).and(claim("a"));
    assert_eq!(child.says(), ["new 10.0.1.2/24 via 10.0.1.1"], "the child is a pool of its own");
    let beyond_the_range = by_hand().with(network("10.0.99.0/24")).and(claim("a"));
    assert_eq!(beyond_the_range.says(), ["new 10.0.99.2/24 via 10.0.99.1"]);
    let cut = by_hand().and(claim("a").block(24)).and(claim("b").block(24));
    assert_eq!(cut.says(), ["new 10.0.0.0/24", "new 10.0.2.0/24"], "from the aggregate itself it is not given");
}
