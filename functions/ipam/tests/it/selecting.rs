//! Which pool serves: selectors, topology keys, families, the candidate order.

use ipam::{Family, Kind, Operator, Order};

use crate::build::*;

const CLUSTER: &str = "nephio.org/cluster-name";
const SITE: &str = "nephio.org/site-name";

/// Whether a pool with these labels serves a claim.
fn serves(labels: &[(&str, &str)], claim: ipam::Claim, strict: bool) -> bool {
    let pool = labels.iter().fold(network("10.0.0.0/24"), |pool, (key, value)| pool.label(key, value));
    let tree = Tree::default().with(pool).and(claim).set(|settings| settings.strict_selectors = strict);
    tree.last().starts_with("new")
}

#[test]
fn match_labels_and_expressions_have_kubernetes_semantics() {
    let gold: &[(&str, &str)] = &[("tier", "gold")];
    let none: &[(&str, &str)] = &[];
    for strict in [false, true] {
        assert!(serves(gold, claim("a").select("tier", "gold"), strict));
        assert!(!serves(gold, claim("a").select("tier", "silver"), strict));
        assert!(!serves(none, claim("a").select("tier", "gold"), strict));
        let require = |operator, values: &[&str]| claim("a").require("tier", operator, values);
        assert!(serves(gold, require(Operator::In, &["silver", "gold"]), strict));
        assert!(!serves(gold, require(Operator::In, &["silver"]), strict));
        assert!(!serves(none, require(Operator::In, &["gold"]), strict));
        assert!(!serves(gold, require(Operator::NotIn, &["gold"]), strict));
        assert!(serves(gold, require(Operator::NotIn, &["silver"]), strict));
        assert!(serves(none, require(Operator::NotIn, &["gold"]), strict));
        assert!(serves(gold, require(Operator::Exists, &[]), strict));
        assert!(!serves(none, require(Operator::Exists, &[]), strict));
        assert!(!serves(gold, require(Operator::DoesNotExist, &[]), strict));
        assert!(serves(none, require(Operator::DoesNotExist, &[]), strict));
        assert!(!serves(gold, claim("a").select("tier", "gold").select("more", "x"), strict), "all must hold");
        assert!(serves(gold, claim("a"), strict), "no selector matches everything");
    }
}

#[test]
fn a_pool_without_a_topology_key_serves_everyone_in_that_dimension() {
    for key in [CLUSTER, SITE, "nephio.org/region", "nephio.org/availability-zone", "nephio.org/network-name"] {
        assert!(serves(&[], claim("a").select(key, "x"), false), "{key}");
        assert!(serves(&[], claim("a").require(key, Operator::In, &["x"]), false), "{key}");
        assert!(!serves(&[], claim("a").select(key, "x"), true), "{key}, strictSelectors");
    }
    assert!(!serves(&[], claim("a").select("nephio.org/purpose", "x"), false), "no topology key");
}

#[test]
fn a_pool_with_a_topology_key_serves_only_those_that_ask_for_its_value() {
    let edge: &[(&str, &str)] = &[(CLUSTER, "edge01")];
    assert!(serves(edge, claim("a").select(CLUSTER, "edge01"), false));
    assert!(serves(edge, claim("a").require(CLUSTER, Operator::In, &["edge02", "edge01"]), false));
    assert!(!serves(edge, claim("a").select(CLUSTER, "edge02"), false));
    assert!(!serves(edge, claim("a"), false), "a claim that does not mention the key");
    assert!(serves(edge, claim("a"), true), "strictSelectors");
    assert!(!serves(edge, claim("a").select(SITE, "edge01"), false), "mentions another key");
}

#[test]
fn exists_notin_doesnotexist_stay_plain_on_topology_keys() {
    let edge: &[(&str, &str)] = &[(CLUSTER, "edge01")];
    let require = |operator, values: &[&str]| claim("a").require(CLUSTER, operator, values);
    assert!(serves(edge, require(Operator::Exists, &[]), false));
    assert!(!serves(&[], require(Operator::Exists, &[]), false));
    assert!(serves(edge, require(Operator::NotIn, &["edge02"]), false));
    assert!(!serves(edge, require(Operator::NotIn, &["edge01"]), false));
    assert!(serves(&[], require(Operator::NotIn, &["edge01"]), false));
    assert!(!serves(edge, require(Operator::DoesNotExist, &[]), false));
    assert!(serves(&[], require(Operator::DoesNotExist, &[]), false));
}

/// The pool that is chosen, of those that match.
fn chosen(pools: &[ipam::Pool], claim: ipam::Claim) -> String {
    let tree = pools.iter().cloned().fold(Tree::default(), Tree::with).and(claim.clone());
    let mirrored = pools.iter().rev().cloned().fold(Tree::default(), Tree::with).and(claim);
    assert_eq!(tree.last(), mirrored.last(), "the order of pools has no influence");
    tree.last()
}

#[test]
fn candidates_ipv4_first() {
    let pools = [network("fd00::/64").label(CLUSTER, "e"), network("10.0.0.0/8")];
    assert_eq!(chosen(&pools, claim("a").select(CLUSTER, "e")), "new 10.0.0.2/8 via 10.0.0.1");
}

#[test]
fn candidates_then_more_topology_keys_matched() {
    let pools = [
        network("10.0.0.0/28"),
        network("10.1.0.0/24").label(CLUSTER, "e"),
        network("10.2.0.0/16").label(CLUSTER, "e").label(SITE, "s"),
    ];
    let asks = claim("a").select(CLUSTER, "e").require(SITE, Operator::In, &["s", "t"]);
    assert_eq!(chosen(&pools, asks), "new 10.2.0.2/16 via 10.2.0.1");
    assert_eq!(chosen(&pools, claim("a").select(CLUSTER, "e")), "new 10.1.0.2/24 via 10.1.0.1");
    assert_eq!(chosen(&pools, claim("a")), "new 10.0.0.2/28 via 10.0.0.1");
}

#[test]
fn candidates_then_longer_prefix_then_lower_address() {
    let pools = [network("10.1.0.0/16"), network("10.9.1.0/24"), network("10.9.0.0/24")];
    assert_eq!(chosen(&pools, claim("a")), "new 10.9.0.2/24 via 10.9.0.1");
    assert_eq!(chosen(&pools[..2], claim("a")), "new 10.9.1.2/24 via 10.9.1.1");
}

#[test]
fn the_family_comes_from_the_field_or_the_selector() {
    let pools = [network("fd00::/64"), network("10.0.0.0/24")];
    let four = "new 10.0.0.2/24 via 10.0.0.1";
    let six = "new fd00::2/64 via fd00::1";
    let label = "nephio.org/address-family";
    assert_eq!(chosen(&pools, claim("a")), four);
    assert_eq!(chosen(&pools, claim("a").family(Family::V6)), six);
    assert_eq!(chosen(&pools, claim("a").family(Family::V4)), four);
    assert_eq!(chosen(&pools, claim("a").select(label, "ipv6")), six);
    assert_eq!(chosen(&pools, claim("a").select(label, "ipv6").family(Family::V6)), six);
    assert_eq!(chosen(&pools, claim("a").require(label, Operator::In, &["ipv6"])), six);
    assert_eq!(chosen(&pools[..1], claim("a").family(Family::V4)), "pending no-matching-pool");
    assert_eq!(chosen(&pools[..1], claim("a")), six);
}

#[test]
fn a_full_pool_spills_over_across_families_too() {
    let tree = Tree::default().with(network("10.0.0.0/30")).with(network("fd00::/64")).and(claim("a")).and(claim("b"));
    assert_eq!(tree.says(), ["new 10.0.0.2/30 via 10.0.0.1", "new fd00::2/64 via fd00::1"]);
}

#[test]
fn only_pools_of_the_right_kind_serve() {
    for (kind, served) in [(Kind::Network, "new 10.0.0.2/24 via 10.0.0.1"), (Kind::Loopback, "new 10.1.0.0/32")] {
        let tree = Tree::default()
            .with(network("10.0.0.0/24"))
            .with(loopback("10.1.0.0/24"))
            .with(pool("10.2.0.0/24"))
            .with(aggregate("10.3.0.0/24"))
            .and(claim("a").kind(kind));
        assert_eq!(tree.says(), [served]);
    }
}

#[test]
fn many_pools_with_spill_over_fill_in_order() {
    let pools = (0..60).fold(Tree::default(), |tree, n| tree.with(network(&format!("10.0.{n}.0/30"))));
    let tree = (0..61).fold(pools, |tree, n| tree.and(claim(&format!("c{n}"))));
    let says = tree.says();
    for (n, line) in says.iter().take(60).enumerate() {
        assert_eq!(*line, format!("new 10.0.{n}.2/30 via 10.0.{n}.1"));
    }
    assert_eq!(says[60], "error pool-exhausted");
    let best = tree.set(|settings| settings.order = Order::BestFit);
    assert_eq!(best.says(), says);
}
