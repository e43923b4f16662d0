//! What a claim asks for: addresses.

use ipam::{Family, Kind, PoolRef, PoolSource, Verdict};

use crate::build::*;

#[test]
fn network_gets_one_address_with_the_pools_length_and_gateway() {
    let tree = Tree::default().with(network("10.1.3.1/24")).and(claim("n3"));
    assert_eq!(tree.says(), ["new 10.1.3.2/24 via 10.1.3.1"]);
    assert_eq!(tree.plan().outcomes[0].verdict.pool(), Some(PoolRef::Pool(0)));
}

#[test]
fn loopback_gets_a_32_or_128() {
    let tree = Tree::default()
        .with(loopback("10.9.0.0/30"))
        .with(loopback("fd00::/126"))
        .and(claim("a").kind(Kind::Loopback))
        .and(claim("b").kind(Kind::Loopback).family(Family::V6));
    assert_eq!(tree.says(), ["new 10.9.0.0/32", "new fd00::/128"]);
}

#[test]
fn the_lowest_free_address_is_given_in_natural_order_of_names() {
    let tree = Tree::default().with(network("10.1.3.1/24")).and(claim("n3-10")).and(claim("n3-2")).and(claim("n3-1"));
    assert_eq!(
        tree.says(),
        ["new 10.1.3.4/24 via 10.1.3.1", "new 10.1.3.3/24 via 10.1.3.1", "new 10.1.3.2/24 via 10.1.3.1"]
    );
}

#[test]
fn packages_are_processed_before_namespaces_before_names() {
    let of = |package: &str, namespace: &str| {
        let mut claim = claim("a");
        claim.key.package = package.into();
        claim.key.namespace = namespace.into();
        claim
    };
    let tree = Tree::default()
        .with(network("10.1.3.0/24"))
        .and(of("site-10", "a"))
        .and(of("site-2/b", "a"))
        .and(of("site-2", "b"))
        .and(of("site-2", "a"));
    let given: Vec<String> = tree.says().iter().map(|line| line[4..].into()).collect();
    assert_eq!(
        given,
        [
            "10.1.3.5/24 via 10.1.3.1",
            "10.1.3.4/24 via 10.1.3.1",
            "10.1.3.3/24 via 10.1.3.1",
            "10.1.3.2/24 via 10.1.3.1"
        ]
    );
}

/// All addresses that a pool gives before it is full.
fn all_of(pool: ipam::Pool, kind: Kind) -> Vec<String> {
    let tree = (0..20).fold(Tree::default().with(pool), |tree, n| tree.and(claim(&format!("c{n}")).kind(kind)));
    let mut given = Vec::new();
    for line in tree.says() {
        match line.strip_prefix("new ") {
            Some(status) => given.push(status.split('/').next().unwrap().to_owned()),
            None => assert_eq!(line, "error pool-exhausted"),
        }
    }
    given
}

#[test]
fn first_and_last_of_an_ipv4_network_are_never_given() {
    assert_eq!(
        all_of(network("10.0.0.0/29"), Kind::Network),
        ["10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6"]
    );
    assert_eq!(
        all_of(network("10.0.0.4/29"), Kind::Network),
        ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.5", "10.0.0.6"]
    );
    assert_eq!(all_of(network("10.0.0.0/30"), Kind::Network), ["10.0.0.2"]);
}

#[test]
fn the_subnet_router_anycast_address_of_an_ipv6_network_is_never_given() {
    assert_eq!(all_of(network("fd00::/126"), Kind::Network), ["fd00::2", "fd00::3"]);
    assert_eq!(all_of(network("fd00::3/126"), Kind::Network), ["fd00::1", "fd00::2"]);
}

#[test]
fn all_of_a_31_32_127_128_is_given() {
    assert_eq!(all_of(network("10.0.0.0/31"), Kind::Network), ["10.0.0.0", "10.0.0.1"]);
    assert_eq!(all_of(network("10.0.0.7/32"), Kind::Network), ["10.0.0.7"]);
    assert_eq!(all_of(network("fd00::/127"), Kind::Network), ["fd00::", "fd00::1"]);
    assert_eq!(all_of(network("fd00::/128"), Kind::Network), ["fd00::"]);
}

#[test]
fn loopback_and_network_entries_of_networks_reserve_by_their_kind() {
    assert_eq!(all_of(loopback("10.0.0.0/30"), Kind::Loopback), ["10.0.0.0", "10.0.0.1", "10.0.0.2", "10.0.0.3"]);
    let entry = network("10.0.0.0/29").by(PoolSource::Network);
    assert_eq!(
        all_of(entry, Kind::Network),
        ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6"],
        "no gateway, so its default is an ordinary address"
    );
}

#[test]
fn exclusions_and_ranges_narrow_a_pool() {
    let pool =
        network("10.1.3.0/24").exclude("10.1.3.10-10.1.3.11, 10.1.3.13/32,10.1.3.14").range("10.1.3.9-10.1.3.16");
    assert_eq!(all_of(pool, Kind::Network), ["10.1.3.9", "10.1.3.12", "10.1.3.15", "10.1.3.16"]);
    let aligned = network("10.1.3.0/24").exclude("10.1.3.0/28").range("10.1.3.0-10.1.3.17");
    assert_eq!(all_of(aligned, Kind::Network), ["10.1.3.16", "10.1.3.17"]);
}

#[test]
fn an_ipv6_64_is_no_different() {
    assert_eq!(all_of(network("fd00::/64"), Kind::Network).len(), 20);
    let tree = Tree::default().with(network("fd00::1/64")).and(claim("a"));
    assert_eq!(tree.says(), ["new fd00::2/64 via fd00::1"]);
}

#[test]
fn the_whole_of_a_family_can_be_a_pool() {
    let tree = Tree::default()
        .with(network("::/0"))
        .with(network("0.0.0.0/0"))
        .and(claim("a"))
        .and(claim("b").family(Family::V6));
    assert_eq!(tree.says(), ["new 0.0.0.2/0 via 0.0.0.1", "new ::2/0 via ::1"]);
    let usage = tree.plan();
    assert!(!usage.has_errors());
}

#[test]
fn nothing_is_given_inside_a_child_pool_or_block() {
    let tree = Tree::default()
        .with(loopback("10.0.0.0/30"))
        .with(loopback("10.0.0.1/32"))
        .and(claim("a").kind(Kind::Loopback).select("nephio.org/nsn-name", "10-0-0-0-30"))
        .and(claim("b").kind(Kind::Loopback).select("nephio.org/nsn-name", "10-0-0-0-30"))
        .and(claim("c").kind(Kind::Loopback).create_prefix().at("10.0.0.2/32"));
    assert_eq!(tree.says(), ["new 10.0.0.0/32", "new 10.0.0.3/32", "new 10.0.0.2/32"]);
}

#[test]
fn network_instances_do_not_share_space() {
    let other = ipam::Instance::new("other", "vpc");
    let tree = Tree::default()
        .with(network("10.0.0.0/24"))
        .with(network("10.0.0.0/24").of(other.clone()))
        .and(claim("a"))
        .and(claim("a").of(other));
    assert_eq!(tree.says(), ["new 10.0.0.2/24 via 10.0.0.1", "new 10.0.0.2/24 via 10.0.0.1"]);
    assert!(tree.finds().is_empty());
}

#[test]
fn from_aggregate_is_off_by_default() {
    let tree = Tree::default().with(aggregate("10.0.0.0/8")).and(claim("a"));
    assert_eq!(tree.says(), ["pending no-matching-pool"]);
}

#[test]
fn from_aggregate_gives_an_address_where_no_pool_of_its_kind_matches() {
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/29"))
        .and(claim("a"))
        .and(claim("b").kind(Kind::Loopback))
        .and(claim("c"))
        .giving_from_aggregates();
    assert_eq!(tree.says(), ["new 10.0.0.1/29", "new 10.0.0.0/32", "new 10.0.0.2/29"]);
    let with_network = tree.with(network("10.0.0.4/30"));
    assert_eq!(
        with_network.says(),
        ["new 10.0.0.6/30 via 10.0.0.5", "new 10.0.0.0/32", "error pool-exhausted"],
        "a full pool of its own kind is no reason to leave it"
    );
}

#[test]
fn from_aggregate_never_gives_a_network_claim_its_first_and_last_address() {
    let claims = |tree: Tree| (0..9).fold(tree, |tree, n| tree.and(claim(&format!("c{n}"))));
    let tree = claims(Tree::default().with(aggregate("fd00::/126")).giving_from_aggregates());
    assert_eq!(tree.says()[..3], ["new fd00::1/126", "new fd00::2/126", "error pool-exhausted"]);
    let pair = claims(Tree::default().with(aggregate("10.0.0.0/31")).giving_from_aggregates());
    assert_eq!(pair.says()[..3], ["new 10.0.0.0/31", "new 10.0.0.1/31", "error pool-exhausted"]);
    // The block search sees the first address as free all the same.
    let block = Tree::default()
        .with(aggregate("10.0.0.0/24"))
        .and(claim("a"))
        .and(claim("b").block(25))
        .giving_from_aggregates();
    assert_eq!(block.says(), ["new 10.0.0.128/24", "new 10.0.0.0/25"]);
}

#[test]
fn order_best_fit_uses_the_smallest_free_block() {
    let tree = (1..=4)
        .fold(Tree::default().with(network("10.0.0.1/24")).best_fit(), |tree, n| tree.and(claim(&format!("c{n}"))));
    let given: Vec<String> = tree.says();
    assert_eq!(
        given,
        [
            "new 10.0.0.254/24 via 10.0.0.1",
            "new 10.0.0.2/24 via 10.0.0.1",
            "new 10.0.0.3/24 via 10.0.0.1",
            "new 10.0.0.252/24 via 10.0.0.1"
        ]
    );
}

#[test]
fn a_full_pool_spills_over_to_the_next() {
    let tree = (1..=3).fold(Tree::default().with(network("10.0.1.0/30")).with(network("10.0.0.0/30")), |tree, n| {
        tree.and(claim(&format!("c{n}")))
    });
    assert_eq!(tree.says(), ["new 10.0.0.2/30 via 10.0.0.1", "new 10.0.1.2/30 via 10.0.1.1", "error pool-exhausted"]);
}

#[test]
fn an_exhausted_pool_says_how_it_is_used() {
    let tree = Tree::default()
        .with(network("10.0.0.0/29").exclude("10.0.0.4/31"))
        .and(claim("a"))
        .and(claim("b"))
        .and(claim("c"))
        .and(claim("d"));
    let ipam::Failure::Exhausted(exhausted) = tree.failure() else { panic!() };
    let usage = exhausted.pools[0];
    assert_eq!(exhausted.length, None);
    assert_eq!(usage.prefix, net("10.0.0.0/29"));
    assert_eq!((usage.size, usage.reserved, usage.excluded, usage.nested, usage.claimed), (8, 3, 2, 0, 3));
    assert_eq!((usage.free, usage.largest_free), (0, None));
}

#[test]
fn an_exhausted_aggregate_says_what_still_fits() {
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/22"))
        .with(network("10.0.0.0/24"))
        .and(claim("a").block(25).has("10.0.3.0/25"))
        .and(claim("b").block(24))
        .and(claim("c").block(24))
        .and(claim("z").block(24));
    assert_eq!(tree.says(), ["kept", "new 10.0.1.0/24", "new 10.0.2.0/24", "error pool-exhausted"]);
    let ipam::Failure::Exhausted(exhausted) = tree.failure() else { panic!() };
    let usage = exhausted.pools[0];
    assert_eq!(exhausted.length, Some(24));
    assert_eq!((usage.size, usage.nested, usage.claimed, usage.free), (1024, 256, 640, 128));
    assert_eq!(usage.largest_free, Some(25));
}

#[test]
fn an_outcome_names_the_serving_block() {
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/8"))
        .and(claim("link").block(24).label("purpose", "link"))
        .and(claim("n3").select("purpose", "link"));
    assert_eq!(tree.says(), ["new 10.0.0.0/24", "new 10.0.0.1/24"]);
    let plan = tree.plan();
    assert!(matches!(plan.outcomes[1].verdict, Verdict::Allocated { pool: PoolRef::Block(0), .. }));
}
