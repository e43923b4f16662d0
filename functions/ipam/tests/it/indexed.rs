//! index: n.

use ipam::{Failure, Holder, Kind, Owner, PoolRef, Role, Verdict};

use crate::build::*;

#[test]
fn index_is_the_pools_first_address_plus_n() {
    let tree = Tree::default().with(network("10.1.3.0/24")).and(claim("a").index(50)).and(claim("b").index(2));
    assert_eq!(tree.says(), ["new 10.1.3.50/24 via 10.1.3.1", "new 10.1.3.2/24 via 10.1.3.1"]);
    assert_eq!(tree.rendered().says(), ["kept", "kept"]);
    let loops = Tree::default().with(loopback("fd00::/64")).and(claim("a").kind(Kind::Loopback).index(0));
    assert_eq!(loops.says(), ["new fd00::/128"]);
}

#[test]
fn index_is_the_nth_aligned_block() {
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/16"))
        .and(claim("a").block(24).index(3))
        .and(claim("b").block(20).index(15))
        .and(claim("c").block(20).index(16));
    assert_eq!(tree.says(), ["new 10.0.3.0/24", "new 10.0.240.0/20", "error index-out-of-pool"]);
    let Failure::IndexOutOfPool { index, count, pool } = tree.failure() else { panic!() };
    assert_eq!((index, count, pool), (16, 16, PoolRef::Pool(0)));
}

#[test]
fn index_does_not_count_exclusions_but_must_not_hit_one() {
    let tree = Tree::default()
        .with(network("10.1.3.0/24").exclude("10.1.3.2-10.1.3.9").range("10.1.3.0-10.1.3.99"))
        .and(claim("a").index(10))
        .and(claim("b").index(5))
        .and(claim("c").index(100));
    assert_eq!(tree.says(), ["new 10.1.3.10/24 via 10.1.3.1", "error address-excluded", "error address-out-of-range"]);
}

#[test]
fn index_of_a_reserved_address_is_an_error() {
    let tree = |n| Tree::default().with(network("10.1.3.0/24")).and(claim("a").index(n)).last();
    assert_eq!(tree(0), "error address-reserved");
    assert_eq!(tree(1), "error address-is-gateway");
    assert_eq!(tree(255), "error address-reserved");
    assert_eq!(tree(256), "error index-out-of-pool");
}

#[test]
fn index_counts_in_the_first_candidate_pool_only() {
    let tree = Tree::default().with(network("10.0.0.0/30")).with(network("10.1.0.0/24")).and(claim("a").index(9));
    assert_eq!(tree.says(), ["error index-out-of-pool"]);
}

#[test]
fn an_indexed_claim_comes_before_any_status() {
    let tree = Tree::default()
        .with(network("10.1.3.0/24"))
        .and(claim("a").has_via("10.1.3.9/24", "10.1.3.1"))
        .and(claim("z").index(9));
    assert_eq!(tree.says(), ["error address-conflict", "new 10.1.3.9/24 via 10.1.3.1"]);
    assert_eq!(
        tree.reallocate().says(),
        ["moved 10.1.3.9/24 to 10.1.3.2/24 via 10.1.3.1: address-conflict", "new 10.1.3.9/24 via 10.1.3.1"]
    );
}

#[test]
fn an_indexed_block_comes_before_a_kept_one() {
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/22"))
        .and(claim("a").block(24).has("10.0.1.0/24"))
        .and(claim("b").block(24).index(1))
        .and(claim("c").block(24).has("10.0.2.0/24"));
    assert_eq!(tree.says(), ["error block-conflict", "new 10.0.1.0/24", "kept"]);
    let Verdict::Failed(Failure::BlockConflict { holder, .. }) = tree.plan().outcomes[0].verdict else { panic!() };
    assert_eq!(holder, Holder { owner: Owner::Claim(1), role: Role::Index });
    assert_eq!(
        tree.reallocate().says(),
        ["moved 10.0.1.0/24 to 10.0.0.0/24: block-conflict", "new 10.0.1.0/24", "kept"]
    );
}

#[test]
fn a_static_and_an_indexed_claim_on_one_address_are_an_error() {
    let tree = Tree::default()
        .with(network("10.1.3.0/24"))
        .and(claim("a").index(9))
        .and(claim("b").at("10.1.3.9/24"))
        .reallocate();
    assert_eq!(tree.says(), ["error address-conflict", "new 10.1.3.9/24 via 10.1.3.1"]);
}

#[test]
fn a_status_that_has_the_index_in_any_pool_of_its_kind_is_kept() {
    let tree = Tree::default()
        .with(network("10.0.0.0/24"))
        .with(network("10.1.0.0/24"))
        .and(claim("a").index(9).has_via("10.1.0.9/24", "10.1.0.1"))
        .and(claim("b").index(8).has_via("10.1.0.7/24", "10.1.0.1"));
    assert_eq!(tree.says(), ["kept", "rewritten 10.1.0.7/24 to 10.0.0.8/24 via 10.0.0.1"]);
}

#[test]
fn a_rewritten_address_is_free_in_that_run() {
    let tree = Tree::default()
        .with(network("10.0.0.0/24"))
        .and(claim("a").index(9).has_via("10.0.0.2/24", "10.0.0.1"))
        .and(claim("b"));
    assert_eq!(tree.says(), ["rewritten 10.0.0.2/24 to 10.0.0.9/24 via 10.0.0.1", "new 10.0.0.2/24 via 10.0.0.1"]);
}

#[test]
fn an_indexed_claim_waits_for_a_labelled_block_of_the_same_run() {
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/16"))
        .and(claim("a").index(5).select("link", "x"))
        .and(claim("b").kind(Kind::Pool).block(28).index(2).select("dnn", "y"))
        .and(claim("c").kind(Kind::Pool).block(24).index(1).select("dnn", "z").label("dnn", "y"))
        .and(claim("d").kind(Kind::Pool).block(20).label("dnn", "z"))
        .and(claim("e").block(24).label("link", "x"))
        .and(claim("f").select("link", "x"));
    assert_eq!(
        tree.says(),
        [
            "new 10.0.16.5/24",
            "new 10.0.1.32/28",
            "new 10.0.1.0/24",
            "new 10.0.0.0/20",
            "new 10.0.16.0/24",
            "new 10.0.16.1/24"
        ]
    );
    assert_eq!(tree.rendered().says(), ["kept"; 6]);
    let with_another_pool = tree.rendered().with(network("10.99.0.0/24").label("link", "x"));
    assert_eq!(with_another_pool.says(), ["kept"; 6], "sticky although another pool would now be first");
}

#[test]
fn an_indexed_claim_without_any_pool_is_pending_and_keeps_what_it_holds() {
    let tree = Tree::default()
        .with(network("10.0.0.0/24"))
        .and(claim("a").index(5).select("link", "x").has("10.0.0.2/24"))
        .and(claim("b"));
    assert_eq!(tree.says(), ["pending no-matching-pool", "new 10.0.0.3/24 via 10.0.0.1"]);
}

#[test]
fn an_indexed_claim_apart_from_its_pools_keeps_its_status() {
    let tree = Tree::default()
        .and(claim("a").index(5).select("link", "x").has("10.0.0.5/24"))
        .and(claim("b").block(24).index(1).label("link", "y").has("10.1.1.0/24"))
        .and(claim("c").select("link", "y"));
    assert_eq!(tree.says(), ["kept without pool", "kept without pool", "new 10.1.1.1/24"]);
    assert_eq!(tree.rendered().says(), ["kept without pool"; 3]);
}

#[test]
fn an_indexed_gateway_claim_is_the_gateway() {
    let tree = Tree::default().with(network("10.0.0.0/24")).and(claim("r").gateway().index(1)).and(claim("n"));
    assert_eq!(tree.says(), ["new 10.0.0.1/24", "new 10.0.0.2/24 via 10.0.0.1"]);
    assert_eq!(tree.rendered().says(), ["kept", "kept"]);
}

#[test]
fn index_from_an_aggregate() {
    let tree = Tree::default().with(aggregate("10.0.0.0/24")).and(claim("a").index(7)).giving_from_aggregates();
    assert_eq!(tree.says(), ["new 10.0.0.7/24"]);
    assert_eq!(tree.rendered().says(), ["kept"]);
}

#[test]
fn the_index_of_a_claim_to_be_deleted_stays_held() {
    let tree = Tree::default().with(network("10.1.3.0/24")).and(claim("a").index(2).deleting()).and(claim("b"));
    assert_eq!(tree.says(), ["deleting", "new 10.1.3.3/24 via 10.1.3.1"]);
    assert_eq!(tree.rendered().says(), ["deleting", "kept"]);
    let block = Tree::default()
        .with(aggregate("10.0.0.0/16"))
        .and(claim("a").block(24).index(0).label("link", "x").deleting())
        .and(claim("b").block(24))
        .and(claim("c").select("link", "x"));
    assert_eq!(block.says(), ["deleting", "new 10.0.1.0/24", "pending no-matching-pool"], "held, and gives nothing");
    let of_a_new_block = Tree::default()
        .with(aggregate("10.0.0.0/16"))
        .and(claim("a").index(1).select("link", "x").deleting())
        .and(claim("b").select("link", "x"))
        .and(claim("link").block(24).label("link", "x"));
    assert_eq!(of_a_new_block.says(), ["deleting", "new 10.0.0.2/24", "new 10.0.0.0/24"]);
    assert_eq!(of_a_new_block.rendered().says(), ["deleting", "kept", "kept"]);
}

#[test]
fn the_index_of_a_claim_to_be_deleted_is_no_error_where_it_cannot_be_held() {
    let tree = |claim: ipam::Claim| Tree::default().with(network("10.1.3.0/24")).and(claim.deleting()).last();
    for wrong in [
        claim("a").index(0),
        claim("a").index(1),
        claim("a").index(256),
        claim("a").index(2).length(24),
        claim("a").index(2).select("tier", "gold"),
    ] {
        assert_eq!(tree(wrong), "deleting");
    }
    let answered = Tree::default()
        .with(network("10.1.3.0/24"))
        .and(claim("a").index(2).has_via("10.1.3.7/24", "10.1.3.1").deleting())
        .and(claim("b"));
    assert_eq!(
        answered.says(),
        ["deleting", "new 10.1.3.2/24 via 10.1.3.1"],
        "once it has a status, that is what it holds"
    );
}
