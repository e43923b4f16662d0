//! What random edits found, in as few words as it takes.

use ipam::{Kind, PoolRef};

use crate::build::*;

/// An address that lies in the block as well was taken for a larger block by the length that it is written with.
#[test]
fn a_block_to_be_deleted_stays_held_whatever_goes_with_it() {
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/29"))
        .and(claim("goes-too").has("10.0.0.1/25").deleting())
        .and(claim("goes").kind(Kind::Pool).block(31).has("10.0.0.0/31").deleting())
        .and(claim("new").block(32));
    assert_eq!(tree.says(), ["deleting [held-twice]", "deleting", "new 10.0.0.2/32"]);
}

#[test]
fn two_blocks_to_be_deleted_may_lie_in_each_other() {
    let tree = Tree::default()
        .and(claim("a").block(32).has("10.0.0.3/32").deleting())
        .and(claim("b").kind(Kind::Pool).block(26).has("10.0.0.0/26").label("purpose", "dnn").deleting());
    assert_eq!(tree.says(), ["deleting [held-twice]", "deleting"]);
}

/// The exclusion was seen first, and of a claim that goes it does not matter.
#[test]
fn a_block_to_be_deleted_over_a_pool_is_an_error_in_excluded_space_too() {
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/24").exclude("10.0.0.160/28"))
        .with(pool("10.0.0.160/28"))
        .and(claim("a").kind(Kind::Pool).create_prefix().at("10.0.0.160/27").deleting());
    assert_eq!(tree.says(), ["error block-conflict"]);
}

#[test]
fn a_block_that_waits_for_its_pool_reserves_no_first_and_last_address_yet() {
    let tree = Tree::default()
        .and(claim("block").create_prefix().at("10.0.0.240/30").label("purpose", "link"))
        .and(claim("address").at("10.0.0.243/28"));
    assert_eq!(tree.says(), ["pending static-without-pool"; 2]);
}

#[test]
fn a_block_to_be_deleted_that_has_no_status_is_no_pool() {
    let tree = Tree::default()
        .and(claim("block").kind(Kind::Aggregate).at("10.0.0.0/29").label("purpose", "link").deleting())
        .and(claim("address"));
    assert_eq!(tree.says(), ["deleting", "pending no-pool"]);
}

/// The pool was noted before indexed blocks had their places, so the second render said something else than the first.
#[test]
fn an_indexed_block_around_a_kept_one_serves_it_at_once() {
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/24"))
        .and(claim("kept").kind(Kind::Pool).block(28).has("10.0.0.0/28"))
        .and(claim("around").kind(Kind::Pool).block(26).index(0).label("purpose", "dnn"));
    assert_eq!(tree.says(), ["kept [selector-mismatch]", "new 10.0.0.0/26"]);
    assert_eq!(tree.plan().outcomes[0].verdict.pool(), Some(PoolRef::Block(1)));
    assert_eq!(tree.rendered().says(), ["kept [selector-mismatch]", "kept"]);
}

#[test]
fn a_static_gateway_comes_before_an_indexed_one() {
    let tree = Tree::default()
        .with(network("10.0.0.0/29"))
        .and(claim("a").index(3).gateway())
        .and(claim("b").at("10.0.0.1/29").gateway());
    assert_eq!(tree.says(), ["error gateway-exists", "new 10.0.0.1/29"]);
}

/// The answer was taken for an address from before the annotation, and held.
#[test]
fn what_a_get_claim_is_answered_by_a_pool_of_one_address_is_not_held() {
    for pool in [network("10.0.0.0/32"), loopback("10.0.0.0/32")] {
        let kind = pool.kind;
        let tree = Tree::default().with(pool).and(claim("a").kind(kind).get()).and(claim("b").kind(kind));
        assert_eq!(tree.says(), ["got 10.0.0.0/32", "new 10.0.0.0/32"]);
        assert_eq!(tree.rendered().says(), ["got 10.0.0.0/32", "kept"]);
    }
    let block = Tree::default()
        .with(aggregate("10.0.0.0/24"))
        .and(claim("a").select("link", "x").get())
        .and(claim("b").select("link", "x"))
        .and(claim("link").block(32).label("link", "x"));
    assert_eq!(block.says(), ["got 10.0.0.0/32", "new 10.0.0.0/32", "new 10.0.0.0/32"]);
    assert_eq!(block.rendered().says(), ["got 10.0.0.0/32", "kept", "kept"]);
    let address = Tree::default()
        .with(loopback("10.0.0.0/24"))
        .and(claim("a").kind(Kind::Loopback).get().has("10.0.0.0/32"))
        .and(claim("b").kind(Kind::Loopback));
    assert_eq!(address.says(), ["got 10.0.0.0/24 [status-rewritten]", "new 10.0.0.1/32"]);
}

/// The collision with the other claim was seen first, and hid the one with the pool.
#[test]
fn a_block_to_be_deleted_in_a_pool_is_an_error_beside_another_that_goes_too() {
    let tree = Tree::default()
        .with(pool("10.0.0.96/30"))
        .and(claim("a").kind(Kind::Pool).block(32).has("10.0.0.96/32").label("purpose", "dnn").deleting())
        .and(claim("b").kind(Kind::Aggregate).block(32).has("10.0.0.96/32").label("purpose", "dnn").deleting());
    assert_eq!(tree.says(), ["deleting", "error block-nesting"]);
}

/// The block was asked, which is no pool, and not the pool around both.
#[test]
fn a_block_in_excluded_space_is_an_error_in_a_block_that_goes_too() {
    let tree = Tree::default()
        .with(pool("10.0.0.96/29").exclude("10.0.0.100/30"))
        .and(claim("goes").kind(Kind::Pool).create_prefix().at("10.0.0.100/31").label("purpose", "dnn").deleting())
        .and(claim("new").kind(Kind::Pool).create_prefix().at("10.0.0.101/32"));
    assert_eq!(tree.says(), ["deleting", "error address-excluded"]);
}

/// The kept block was in its way as well, and was seen first.
#[test]
fn a_kept_block_makes_no_room_for_an_indexed_one_that_a_pool_is_in_the_way_of() {
    let goes = claim("goes").block(26).index(0).label("purpose", "dnn").deleting();
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/24"))
        .with(network("10.0.0.2/31"))
        .and(goes)
        .and(claim("kept").block(32).has("10.0.0.0/32"));
    assert_eq!(tree.says(), ["deleting", "kept"]);
    assert_eq!(tree.reallocate().says(), ["deleting", "kept"]);
}

#[test]
fn all_kept_blocks_in_the_way_of_an_indexed_one_make_room() {
    let kept = |name: &str, prefix: &str| claim(name).block(32).has(prefix);
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/24"))
        .and(claim("indexed").block(26).index(0).label("purpose", "dnn"))
        .and(kept("a", "10.0.0.0/32"))
        .and(kept("b", "10.0.0.63/32"))
        .and(kept("c", "10.0.0.64/32"));
    assert_eq!(tree.says(), ["new 10.0.0.0/26", "error block-conflict", "error block-conflict", "kept"]);
    let moved = [
        "new 10.0.0.0/26",
        "moved 10.0.0.0/32 to 10.0.0.65/32: block-conflict",
        "moved 10.0.0.63/32 to 10.0.0.66/32: block-conflict",
        "kept",
    ];
    assert_eq!(tree.reallocate().says(), moved);
}
