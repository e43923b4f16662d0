//! createPrefix: blocks, and labelled blocks as pools.

use ipam::{Failure, Family, Holder, Kind, Owner, PoolRef, Role};

use crate::build::*;

fn block(name: &str, kind: Kind, length: u8) -> ipam::Claim {
    claim(name).kind(kind).block(length)
}

#[test]
fn network_and_loopback_blocks_come_from_an_aggregate() {
    for kind in [Kind::Network, Kind::Loopback] {
        let tree = Tree::default()
            .with(aggregate("10.3.0.0/16"))
            .with(network("10.0.0.0/16"))
            .with(loopback("10.1.0.0/16"))
            .with(pool("10.2.0.0/16"))
            .and(block("a", kind, 24));
        assert_eq!(tree.says(), ["new 10.3.0.0/24"]);
        let without = Tree(ipam::Input { pools: tree.0.pools[1..].to_vec(), ..tree.0 });
        assert_eq!(without.says(), ["pending no-matching-pool"], "never from another kind");
    }
}

#[test]
fn pool_blocks_come_from_a_pool_else_an_aggregate() {
    let tree = Tree::default().with(aggregate("10.0.0.0/8")).and(block("a", Kind::Pool, 24));
    assert_eq!(tree.says(), ["new 10.0.0.0/24"]);
    let with_pool = tree.with(pool("10.2.0.0/16"));
    assert_eq!(with_pool.says(), ["new 10.2.0.0/24"]);
    let with_long_pool =
        Tree::default().with(aggregate("10.0.0.0/8")).with(pool("10.2.0.0/24")).and(block("a", Kind::Pool, 24));
    assert_eq!(with_long_pool.says(), ["new 10.0.0.0/24"], "a pool that is not shorter cannot serve");
}

#[test]
fn a_block_is_the_lowest_aligned_free_one() {
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/16"))
        .with(network("10.0.0.0/26"))
        .with(pool("10.0.1.0/24"))
        .and(block("a", Kind::Network, 24))
        .and(block("b", Kind::Network, 25))
        .and(block("c", Kind::Network, 26))
        .and(block("d", Kind::Network, 26));
    assert_eq!(tree.says(), ["new 10.0.2.0/24", "new 10.0.0.128/25", "new 10.0.0.64/26", "new 10.0.3.0/26"]);
}

#[test]
fn larger_blocks_are_given_first() {
    let tree = Tree::default().with(aggregate("10.0.0.0/16")).and(block("a", Kind::Network, 28)).and(block(
        "z",
        Kind::Network,
        20,
    ));
    assert_eq!(tree.says(), ["new 10.0.16.0/28", "new 10.0.0.0/20"]);
}

#[test]
fn no_block_where_a_held_address_block_or_child_pool_lies() {
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/22"))
        .with(loopback("10.0.0.0/30"))
        .and(claim("held").has("10.0.1.9/24"))
        .and(block("kept", Kind::Network, 25).has("10.0.2.128/25"))
        .and(block("a", Kind::Network, 24))
        .and(block("b", Kind::Network, 24));
    assert_eq!(tree.says(), ["not in a pool", "kept", "new 10.0.3.0/24", "error pool-exhausted"]);
}

#[test]
fn exclusions_of_the_parent_hold_for_blocks() {
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/22").exclude("10.0.0.7").range("10.0.0.0-10.0.2.255"))
        .and(block("a", Kind::Network, 24))
        .and(block("b", Kind::Network, 24))
        .and(block("c", Kind::Network, 24));
    assert_eq!(tree.says(), ["new 10.0.1.0/24", "new 10.0.2.0/24", "error pool-exhausted"]);
}

#[test]
fn a_block_is_strictly_longer_than_its_parent() {
    for length in [15, 16] {
        let tree = Tree::default().with(aggregate("10.0.0.0/16")).with(aggregate("10.0.1.0/24")).and(block(
            "a",
            Kind::Network,
            length,
        ));
        let Failure::LengthTooShort { asked, pools, omitted: 0 } = tree.failure() else { panic!() };
        assert_eq!(asked, length);
        assert_eq!(pools, [PoolRef::Pool(1), PoolRef::Pool(0)]);
    }
    let tree = Tree::default().with(aggregate("10.0.0.0/16")).and(block("a", Kind::Network, 17));
    assert_eq!(tree.says(), ["new 10.0.0.0/17"]);
}

#[test]
fn a_prefix_length_over_32_means_ipv6() {
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/8"))
        .with(aggregate("2001:db8::/32"))
        .and(block("a", Kind::Network, 64))
        .and(block("b", Kind::Network, 32).family(Family::V6))
        .and(block("c", Kind::Network, 128));
    assert_eq!(tree.says(), ["new 2001:db8::/64", "error prefix-length-too-short", "new 2001:db8:0:1::/128"]);
    let only_four = Tree::default().with(aggregate("10.0.0.0/8")).and(block("a", Kind::Network, 64));
    assert_eq!(only_four.says(), ["pending no-matching-pool"]);
}

#[test]
fn a_block_spills_over_to_the_next_aggregate() {
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/23"))
        .with(aggregate("10.1.0.0/23"))
        .and(block("a", Kind::Network, 24))
        .and(block("b", Kind::Network, 24))
        .and(block("c", Kind::Network, 24));
    assert_eq!(tree.says(), ["new 10.0.0.0/24", "new 10.0.1.0/24", "new 10.1.0.0/24"]);
}

#[test]
fn static_blocks_lie_where_the_nesting_table_allows() {
    let kinds = [Kind::Aggregate, Kind::Network, Kind::Loopback, Kind::Pool];
    for parent in kinds {
        for child in kinds {
            let tree = Tree::default()
                .with(aggregate("10.0.0.0/8"))
                .with(prefix(parent, "10.1.0.0/24"))
                .and(claim("a").kind(child).create_prefix().at("10.1.0.16/28"));
            let allowed = parent == Kind::Aggregate || (parent, child) == (Kind::Pool, Kind::Pool);
            let expected = if allowed { "new 10.1.0.16/28" } else { "error block-nesting" };
            assert_eq!(tree.last(), expected, "{child} in {parent}");
        }
    }
    let single = |parent| {
        Tree::default()
            .with(prefix(parent, "10.1.0.0/24"))
            .and(claim("a").kind(Kind::Loopback).create_prefix().at("10.1.0.7/32"))
    };
    assert_eq!(single(Kind::Loopback).last(), "new 10.1.0.7/32");
    assert_eq!(single(Kind::Network).last(), "error block-nesting");
}

#[test]
fn a_static_block_over_pools_needs_the_table_too() {
    let over = |kind| {
        Tree::default()
            .with(aggregate("10.0.0.0/8"))
            .with(pool("10.1.0.0/24"))
            .and(claim("a").kind(kind).create_prefix().at("10.1.0.0/16"))
    };
    assert_eq!(over(Kind::Network).last(), "error block-conflict");
    assert_eq!(over(Kind::Pool).last(), "error block-conflict", "held space has no place for a pool");
    let mut labelled = over(Kind::Pool);
    labelled.0.claims[0].labels.insert("purpose".into(), "dnn".into());
    assert_eq!(labelled.last(), "new 10.1.0.0/16", "a pool has");
    assert_eq!(over(Kind::Aggregate).last(), "error block-conflict");
    let mut labelled = over(Kind::Aggregate);
    labelled.0.claims[0].labels.insert("purpose".into(), "region".into());
    assert_eq!(labelled.last(), "new 10.1.0.0/16");
}

#[test]
fn a_block_equal_to_a_pool_is_an_error_that_names_it() {
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/8"))
        .with(network("10.1.0.0/24"))
        .and(block("a", Kind::Network, 24).has("10.1.0.0/24"));
    let Failure::BlockConflict { with, holder, .. } = tree.failure() else { panic!() };
    assert_eq!(with, net("10.1.0.0/24"));
    assert_eq!(holder, Holder { owner: Owner::Pool(1), role: Role::Prefix });
}

#[test]
fn overlapping_blocks_are_an_error_that_names_both() {
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/8"))
        .and(block("a", Kind::Network, 24).has("10.1.0.0/24"))
        .and(block("b", Kind::Network, 25).has("10.1.0.128/25"));
    assert_eq!(tree.says(), ["kept", "error block-conflict"]);
    let Failure::BlockConflict { block, with, holder } = tree.failure() else { panic!() };
    assert_eq!((block, with), (net("10.1.0.128/25"), net("10.1.0.0/24")));
    assert_eq!(holder, Holder { owner: Owner::Claim(0), role: Role::Status });
    assert_eq!(
        tree.clone().reallocate().says(),
        ["kept", "moved 10.1.0.128/25 to 10.0.0.0/25: block-conflict"],
        "the later one moves"
    );
    let mut larger_later = tree;
    larger_later.0.claims.swap(0, 1);
    larger_later.0.claims[0].key.name = "a".into();
    larger_later.0.claims[1].key.name = "b".into();
    assert_eq!(
        larger_later.reallocate().says(),
        ["kept", "moved 10.1.0.0/24 to 10.0.0.0/24: block-conflict"],
        "by name, not by size"
    );
}

#[test]
fn a_labelled_block_serves_claims_that_name_one_of_its_labels() {
    let tree = |asks: ipam::Claim| {
        Tree::default()
            .with(aggregate("10.0.0.0/8"))
            .and(block("link", Kind::Network, 24).label("purpose", "link").label("tier", "gold"))
            .and(asks)
            .last()
    };
    assert_eq!(tree(claim("a").select("purpose", "link")), "new 10.0.0.1/24");
    assert_eq!(tree(claim("a").require("tier", ipam::Operator::In, &["silver", "gold"])), "new 10.0.0.1/24");
    assert_eq!(tree(claim("a").select("nephio.org/nsn-name", "link")), "new 10.0.0.1/24", "or the block itself");
    assert_eq!(tree(claim("a")), "pending no-matching-pool");
    assert_eq!(tree(claim("a").select("nephio.org/address-family", "ipv4")), "pending no-matching-pool");
    assert_eq!(tree(claim("a").require("tier", ipam::Operator::Exists, &[])), "pending no-matching-pool");
    assert_eq!(tree(claim("a").select("purpose", "link").select("tier", "silver")), "pending no-matching-pool");
}

#[test]
fn for_a_block_an_absent_topology_key_matches_nobody() {
    let cluster = "nephio.org/cluster-name";
    let tree = |label: &str, asks: ipam::Claim| {
        let link = block("link", Kind::Network, 24).label("purpose", "link").label(label, "edge01");
        Tree::default().with(aggregate("10.0.0.0/8")).and(link).and(asks).last()
    };
    let both = || claim("a").select("purpose", "link").select(cluster, "edge01");
    assert_eq!(tree("other", both()), "pending no-matching-pool");
    assert_eq!(tree(cluster, both()), "new 10.0.0.1/24");
    assert_eq!(tree(cluster, claim("a").select("purpose", "link")), "pending no-matching-pool", "not asked for");
}

#[test]
fn a_block_without_labels_is_held_space() {
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/8"))
        .and(block("link", Kind::Network, 24).has("10.0.0.0/24"))
        .and(claim("a").select("nephio.org/nsn-name", "link"))
        .and(claim("b").has("10.0.0.7/24"));
    assert_eq!(tree.says(), ["kept", "pending no-matching-pool", "error in-foreign-block"]);
}

#[test]
fn pool_blocks_nest_in_labelled_pool_blocks() {
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/8"))
        .and(block("big", Kind::Pool, 16).label("dnn", "internet"))
        .and(block("small", Kind::Pool, 24).select("dnn", "internet").label("slice", "1"))
        .and(block("tiny", Kind::Pool, 28).select("slice", "1"));
    assert_eq!(tree.says(), ["new 10.0.0.0/16", "new 10.0.0.0/24", "new 10.0.0.0/28"]);
    assert_eq!(tree.rendered().says(), ["kept"; 3]);
    assert_eq!(tree.plan().outcomes[2].verdict.pool(), Some(PoolRef::Block(1)));
}

#[test]
fn kept_blocks_are_never_mended() {
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/8"))
        .and(block("a", Kind::Network, 24).has_via("10.1.0.255/24", "10.1.0.1"))
        .and(block("b", Kind::Network, 24));
    assert_eq!(tree.says(), ["kept", "new 10.0.0.0/24"]);
}

#[test]
fn a_kept_block_of_another_length_is_a_warning() {
    let tree = Tree::default().with(aggregate("10.0.0.0/8")).and(block("a", Kind::Network, 24).has("10.1.0.0/25"));
    assert_eq!(tree.says(), ["kept [length-differs]"]);
}

#[test]
fn addresses_kept_in_a_kept_block_are_served_by_it() {
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/8"))
        .and(claim("nf").has("10.1.0.7/24").select("purpose", "link"))
        .and(block("z-link", Kind::Network, 24).label("purpose", "link").has("10.1.0.0/24"));
    assert_eq!(tree.says(), ["kept", "kept"]);
    assert_eq!(tree.plan().outcomes[0].verdict.pool(), Some(PoolRef::Block(1)));
}

#[test]
fn a_block_that_a_static_address_of_another_kind_lies_in_cannot_stay() {
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/8"))
        .and(claim("a").kind(Kind::Loopback).at("10.1.0.7/32"))
        .and(block("b", Kind::Network, 24).label("x", "y").has("10.1.0.0/24"));
    assert_eq!(tree.says(), ["pending static-without-pool", "error block-conflict"]);
    assert_eq!(tree.reallocate().says()[1], "moved 10.1.0.0/24 to 10.0.0.0/24: block-conflict");
}

#[test]
fn blocks_by_best_fit() {
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/22"))
        .and(block("a", Kind::Network, 25).has("10.0.2.0/25"))
        .and(block("b", Kind::Network, 26))
        .best_fit();
    assert_eq!(tree.says(), ["kept", "new 10.0.2.128/26"]);
}
