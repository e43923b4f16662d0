//! Keeping what is there: the rows of the table, top to bottom.

use ipam::{Failure, Holder, Kind, Mismatch, Owner, PoolRef, Role, Verdict, Warning};

use crate::build::*;

fn subnet() -> Tree {
    Tree::default().with(network("10.1.3.0/24"))
}

const GW: &str = "10.1.3.1";

#[test]
fn a_status_without_serving_pool_is_kept_and_held() {
    let apart = Tree::default().and(claim("a").has_via("10.1.3.2/24", GW));
    assert_eq!(apart.says(), ["kept without pool"]);
    let aggregate_only = Tree::default().with(aggregate("10.0.0.0/8")).and(claim("a").has("10.1.3.2/24"));
    assert_eq!(aggregate_only.says(), ["kept without pool"]);
    let other_family = Tree::default().with(network("fd00::/64")).and(claim("a").has("10.1.3.2/24"));
    assert_eq!(other_family.says(), ["kept without pool"]);
    let elsewhere = subnet().and(claim("a").has("10.9.9.9/24"));
    assert_eq!(elsewhere.says(), ["not in a pool"]);
    let held = Tree::default()
        .with(aggregate("10.0.0.0/24"))
        .and(claim("a").has("10.0.0.1/24"))
        .and(claim("b").has("10.0.0.9/24"))
        .and(claim("c"))
        .giving_from_aggregates();
    assert_eq!(held.says(), ["kept", "kept", "new 10.0.0.2/24"]);
}

#[test]
fn a_kept_block_is_not_a_pool_in_sight_of_its_own_package() {
    let tree = Tree::default()
        .and(claim("link").block(24).label("purpose", "link").has("10.0.0.0/24"))
        .and(claim("a").select("purpose", "link"))
        .and(claim("b").has("10.7.0.9/24"));
    assert_eq!(tree.says(), ["kept without pool", "new 10.0.0.1/24", "kept without pool"]);
}

#[test]
fn an_unserved_block_is_kept() {
    let tree = subnet().and(claim("a").block(24).has("10.7.0.0/24"));
    assert_eq!(tree.says(), ["not in a pool"]);
}

#[test]
fn a_static_claim_without_pool_of_its_kind_is_pending_and_held() {
    let tree = Tree::default().with(aggregate("10.0.0.0/8")).and(claim("a").at("10.1.3.2/24"));
    assert_eq!(tree.says(), ["pending static-without-pool"]);
    let same_status = Tree::default().and(claim("a").at("10.1.3.2/24").has("10.1.3.2/24"));
    assert_eq!(same_status.says(), ["kept without pool"]);
    let same_address = Tree::default().and(claim("a").at("10.1.3.2/24").has("10.1.3.2/25"));
    assert_eq!(same_address.says(), ["kept without pool"], "which length is right its pool will say");
    let other_status = Tree::default()
        .with(aggregate("10.0.0.0/8"))
        .and(claim("a").at("10.1.3.2/24").has("10.1.3.9/24"))
        .and(claim("b").has("10.1.3.9/24"));
    assert_eq!(other_status.says(), ["error address-conflict", "kept without pool"]);
    let block = Tree::default().and(claim("a").at("10.1.3.0/24").create_prefix());
    assert_eq!(block.says(), ["pending static-without-pool"]);
}

#[test]
fn a_pending_labelled_static_block_gives_nothing() {
    let tree = Tree::default()
        .and(claim("link").at("10.1.3.0/24").create_prefix().label("purpose", "link"))
        .and(claim("a").select("purpose", "link"));
    assert_eq!(tree.says()[1], "pending no-pool");
    let resolved = tree.with(aggregate("10.0.0.0/8"));
    assert_eq!(resolved.says(), ["new 10.1.3.0/24", "new 10.1.3.1/24"]);
}

#[test]
fn two_claims_that_state_the_same_address_are_an_error_naming_both() {
    let tree = subnet().and(claim("b").has_via("10.1.3.7/24", GW)).and(claim("a").has_via("10.1.3.7/24", GW));
    assert_eq!(tree.says(), ["error address-conflict", "kept"]);
    let Verdict::Failed(Failure::AddressConflict { address, holder }) = &tree.plan().outcomes[0].verdict else {
        panic!()
    };
    assert_eq!(address.to_string(), "10.1.3.7");
    assert_eq!(*holder, Holder { owner: Owner::Claim(1), role: Role::Status });
    let apart = Tree(ipam::Input { pools: Vec::new(), ..tree.0 });
    assert_eq!(apart.says(), ["error address-conflict", "kept without pool"], "without any pool, too");
}

#[test]
fn a_static_claim_on_a_held_address_is_an_error() {
    let tree = subnet().and(claim("a").has_via("10.1.3.7/24", GW)).and(claim("b").at("10.1.3.7/24"));
    assert_eq!(tree.says(), ["error address-conflict", "new 10.1.3.7/24 via 10.1.3.1"]);
    let two = subnet().and(claim("a").at("10.1.3.7/24")).and(claim("b").at("10.1.3.7/24")).reallocate();
    assert_eq!(two.says(), ["new 10.1.3.7/24 via 10.1.3.1", "error address-conflict"], "statics never move");
}

#[test]
fn stated_addresses_that_nobody_may_have_are_errors() {
    let tree = || {
        Tree::default()
            .with(aggregate("10.0.0.0/8"))
            .with(network("10.1.3.0/24").exclude("10.1.3.66").range("10.1.3.0-10.1.3.99"))
            .with(network("10.1.4.7/24"))
            .with(loopback("10.2.0.0/24"))
            .with(pool("10.3.0.0/24"))
            .and(claim("block").create_prefix().at("10.4.0.0/24"))
    };
    for (address, code) in [
        ("10.1.3.0/24", "address-reserved"),
        ("10.1.3.255/24", "address-reserved"),
        ("10.1.3.1/24", "address-is-gateway"),
        ("10.1.4.7/24", "address-is-gateway"),
        ("10.1.3.66/24", "address-excluded"),
        ("10.1.3.100/24", "address-out-of-range"),
        ("10.2.0.9/24", "other-kind"),
        ("10.3.0.9/24", "other-kind"),
        ("10.4.0.9/24", "in-foreign-block"),
    ] {
        assert_eq!(tree().and(claim("z").has(address)).last(), format!("error {code}"), "status {address}");
        assert_eq!(tree().and(claim("z").at(address)).last(), format!("error {code}"), "static {address}");
        let moved = tree().and(claim("z").has(address)).reallocate().last();
        assert_eq!(moved, format!("moved {address} to 10.1.3.2/24 via 10.1.3.1: {code}"));
        let stays = tree().and(claim("z").at(address)).reallocate().last();
        assert_eq!(stays, format!("error {code}"), "a static claim does not move");
    }
}

#[test]
fn a_status_of_kind_loopback_in_a_network_pool_is_an_error() {
    let tree = subnet().and(claim("a").kind(Kind::Loopback).has("10.1.3.7/32"));
    let Failure::OtherKind { pool, found, .. } = tree.failure() else { panic!() };
    assert_eq!((pool, found), (PoolRef::Pool(0), Kind::Network));
}

#[test]
fn stated_blocks_in_excluded_space_are_errors() {
    let tree = |claim| Tree::default().with(aggregate("10.0.0.0/16").exclude("10.0.1.7")).and(claim);
    let kept = claim("a").block(24).has("10.0.1.0/24");
    assert_eq!(tree(kept.clone()).says(), ["error address-excluded"]);
    assert_eq!(tree(kept).reallocate().says(), ["moved 10.0.1.0/24 to 10.0.0.0/24: address-excluded"]);
    assert_eq!(tree(claim("a").create_prefix().at("10.0.1.0/24")).says(), ["error address-excluded"]);
}

#[test]
fn reallocate_moves_the_later_of_two_dynamic_claims() {
    let tree = subnet()
        .and(claim("n3-10").has_via("10.1.3.7/24", GW))
        .and(claim("n3-2").has_via("10.1.3.7/24", GW))
        .reallocate();
    assert_eq!(tree.says(), ["moved 10.1.3.7/24 to 10.1.3.2/24 via 10.1.3.1: address-conflict", "kept"]);
    assert_eq!(tree.rendered().says(), ["kept", "kept"]);
}

#[test]
fn reallocate_without_a_free_address_is_an_error_and_the_status_stays() {
    let tree = Tree::default()
        .with(network("10.1.3.0/30"))
        .and(claim("a").has_via("10.1.3.2/30", GW))
        .and(claim("b").has_via("10.1.3.2/30", GW))
        .reallocate();
    assert_eq!(tree.says(), ["kept", "error cannot-move"]);
    let Failure::CannotMove { why, because: ipam::NoPlace::Failed(failure) } = tree.failure() else { panic!() };
    assert_eq!((why.code(), failure.code()), ("address-conflict", "pool-exhausted"));
    let apart = Tree(ipam::Input { pools: Vec::new(), ..tree.0 });
    assert_eq!(apart.says(), ["kept without pool", "error cannot-move"]);
}

#[test]
fn another_length_or_gateway_than_the_pools_is_mended() {
    let tree = subnet()
        .and(claim("a").has_via("10.1.3.7/25", GW))
        .and(claim("b").has_via("10.1.3.8/24", "10.1.3.254"))
        .and(claim("c").has("10.1.3.9/24"))
        .and(claim("d").has_via("10.1.3.10/24", GW));
    assert_eq!(
        tree.says(),
        [
            "mended 10.1.3.7/24 via 10.1.3.1",
            "mended 10.1.3.8/24 via 10.1.3.1",
            "mended 10.1.3.9/24 via 10.1.3.1",
            "kept"
        ]
    );
    let no_gateway = Tree::default()
        .with(network("10.1.3.0/24").label("nephio.org/gateway", "false"))
        .and(claim("a").has_via("10.1.3.7/24", GW));
    assert_eq!(no_gateway.says(), ["mended 10.1.3.7/24"]);
}

#[test]
fn nothing_is_mended_against_an_aggregate() {
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/8"))
        .and(claim("a").has_via("10.1.3.7/24", GW))
        .and(claim("b").kind(Kind::Loopback).has("10.1.3.8/24"))
        .giving_from_aggregates();
    assert_eq!(tree.says(), ["kept", "kept"]);
}

#[test]
fn a_status_is_served_by_the_most_specific_pool_of_its_kind() {
    let tree = Tree::default()
        .with(loopback("10.1.0.0/24"))
        .with(loopback("10.1.0.7/32"))
        .and(claim("a").kind(Kind::Loopback).has("10.1.0.7/32"));
    assert_eq!(tree.plan().outcomes[0].verdict, Verdict::Kept { pool: PoolRef::Pool(1) });
}

#[test]
fn the_selector_of_a_kept_claim_is_not_looked_at_again() {
    let tree = Tree::default()
        .with(network("10.1.3.0/24").label("nephio.org/cluster-name", "edge01").label("tier", "gold"))
        .and(claim("a").select("tier", "silver").has_via("10.1.3.7/24", GW));
    assert_eq!(tree.says(), ["kept [selector-mismatch]"]);
    let Warning::SelectorMismatch { pool, why } = &tree.plan().outcomes[0].warnings[0] else { panic!() };
    assert_eq!(*pool, PoolRef::Pool(0));
    assert_eq!(why.len(), 2);
    assert!(matches!(&why[0], Mismatch::Label { key, .. } if key == "tier"));
    assert!(matches!(&why[1], Mismatch::Unasked { key, .. } if key == "nephio.org/cluster-name"));
}

#[test]
fn a_kept_claim_of_another_family_is_a_warning() {
    let tree = subnet().and(claim("a").family(ipam::Family::V6).has_via("10.1.3.7/24", GW));
    assert_eq!(tree.says(), ["kept [selector-mismatch]"]);
}

#[test]
fn a_static_claim_with_a_selector_that_does_not_match_is_a_warning() {
    let pool = || network("10.1.3.0/24").label("nephio.org/cluster-name", "edge01");
    let fixed = || claim("a").at("10.1.3.7/24").has_via("10.1.3.7/24", GW);
    let tree = |claim| Tree::default().with(pool()).and(claim).last();
    assert_eq!(tree(fixed()), "kept", "without a selector there is nothing to hold against it");
    assert_eq!(tree(fixed().select("nephio.org/cluster-name", "edge01")), "kept");
    assert_eq!(tree(fixed().select("nephio.org/cluster-name", "edge02")), "kept [selector-mismatch]");
    let new = claim("a").at("10.1.3.7/24").select("nephio.org/cluster-name", "edge02");
    assert_eq!(tree(new), "new 10.1.3.7/24 via 10.1.3.1 [selector-mismatch]");
}

#[test]
fn spec_prefix_beats_the_status_and_frees_the_old_address() {
    let tree = subnet().and(claim("a").at("10.1.3.50/24").has_via("10.1.3.2/24", GW)).and(claim("b"));
    assert_eq!(tree.says(), ["rewritten 10.1.3.2/24 to 10.1.3.50/24 via 10.1.3.1", "new 10.1.3.2/24 via 10.1.3.1"]);
    let block = Tree::default()
        .with(aggregate("10.0.0.0/8"))
        .and(claim("a").create_prefix().at("10.1.0.0/24").has("10.0.0.0/24"))
        .and(claim("b").block(24));
    assert_eq!(block.says(), ["rewritten 10.0.0.0/24 to 10.1.0.0/24", "new 10.0.0.0/24"]);
}

#[test]
fn a_static_network_address_is_written_with_its_pools_length() {
    for text in ["10.1.3.7/25", "10.1.3.7/32", "10.1.3.7/16"] {
        let tree = subnet().and(claim("a").at(text));
        let Failure::WrongLength { found, expected, pool } = tree.failure() else { panic!() };
        assert_eq!((found, expected, pool), (net(text), 24, PoolRef::Pool(0)));
    }
    let aggregate =
        Tree::default().with(aggregate("10.0.0.0/16")).and(claim("a").at("10.0.3.7/24")).giving_from_aggregates();
    assert_eq!(aggregate.says(), ["error wrong-length"]);
}

#[test]
fn a_claim_to_be_deleted_gets_nothing_and_holds_what_it_states() {
    let tree = subnet()
        .and(claim("a").deleting())
        .and(claim("b").deleting().has_via("10.1.3.2/24", GW))
        .and(claim("c").deleting().at("10.1.3.3/24"))
        .and(claim("d"));
    assert_eq!(tree.says(), ["deleting", "deleting", "deleting", "new 10.1.3.4/24 via 10.1.3.1"]);
    let taken = subnet().and(claim("a").has_via("10.1.3.2/24", GW)).and(claim("b").deleting().has("10.1.3.2/24"));
    assert_eq!(taken.says(), ["error address-conflict", "deleting"]);
    assert_eq!(
        taken.reallocate().says(),
        ["moved 10.1.3.2/24 to 10.1.3.3/24 via 10.1.3.1: address-conflict", "deleting"],
        "the one that stays moves"
    );
}

#[test]
fn a_block_to_be_deleted_keeps_its_addresses_and_gives_none() {
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/16"))
        .and(claim("link").block(24).label("purpose", "link").has("10.0.0.0/24").deleting())
        .and(claim("a").select("purpose", "link").has("10.0.0.1/24"))
        .and(claim("b").select("purpose", "link"))
        .and(claim("c").block(24));
    assert_eq!(tree.says(), ["deleting", "kept", "pending no-matching-pool", "new 10.0.1.0/24"]);
}

#[test]
fn what_a_claim_to_be_deleted_shares_with_others_is_a_warning() {
    let gone = |claim: ipam::Claim| {
        Tree::default().with(network("10.1.3.0/24").exclude("10.1.3.66")).and(claim.deleting()).last()
    };
    assert_eq!(gone(claim("a").has("10.1.3.1/24")), "deleting [held-twice]", "the gateway's");
    assert_eq!(gone(claim("a").at("10.1.3.1/24")), "deleting [held-twice]");
    assert_eq!(gone(claim("a").at("10.1.3.1/24").has("10.1.3.9/24")), "deleting [held-twice]");
    assert_eq!(gone(claim("a").gateway().has("10.1.3.1/24")), "deleting", "its own");
    for nobody in ["10.1.3.0/24", "10.1.3.255/24", "10.1.3.66/24", "10.9.9.9/24"] {
        assert_eq!(gone(claim("a").has(nobody)), "deleting", "{nobody} is nobody's");
    }
    let router = |text: &str| {
        Tree::default().with(network("10.1.3.254/24")).and(claim("r").gateway().has(text).deleting()).last()
    };
    assert_eq!(
        (router("10.1.3.254/24").as_str(), router("10.1.3.1/24").as_str()),
        ("deleting [held-twice]", "deleting")
    );

    let both = subnet().and(claim("a").has("10.1.3.7/24").deleting()).and(claim("b").has("10.1.3.7/24").deleting());
    assert_eq!(both.says(), ["deleting", "deleting [held-twice]"]);
    let Warning::HeldTwice { role, why } = &both.plan().outcomes[1].warnings[0] else { panic!() };
    let Failure::AddressConflict { holder, .. } = **why else { panic!() };
    assert_eq!((*role, holder), (Role::Status, Holder { owner: Owner::Claim(0), role: Role::Status }));

    let agg = || Tree::default().with(aggregate("10.0.0.0/16"));
    let in_block =
        agg().and(claim("a").has("10.0.0.9/24").deleting()).and(claim("b").block(24).has("10.0.0.0/24").deleting());
    assert_eq!(in_block.says(), ["deleting [held-twice]", "deleting"]);
    let in_other_kind = agg()
        .and(claim("a").has("10.0.0.9/24").deleting())
        .and(claim("b").kind(Kind::Pool).block(24).label("dnn", "x").has("10.0.0.0/24").deleting());
    assert_eq!(in_other_kind.says(), ["deleting [held-twice]", "deleting"]);
    let blocks = agg()
        .and(claim("a").block(25).has("10.0.0.0/25").deleting())
        .and(claim("b").block(24).has("10.0.0.0/24").deleting());
    assert_eq!(blocks.says(), ["deleting [held-twice]", "deleting"]);
    let nested = agg()
        .and(claim("a").block(25).has("10.0.0.0/25").deleting())
        .and(claim("b").block(24).label("link", "x").has("10.0.0.0/24").deleting());
    assert_eq!(nested.says(), ["deleting [held-twice]", "deleting"]);
}

#[test]
fn action_get_takes_nothing() {
    let tree = subnet().and(claim("a").get()).and(claim("b").get()).and(claim("c"));
    assert_eq!(
        tree.says(),
        ["got 10.1.3.0/24 via 10.1.3.1", "got 10.1.3.0/24 via 10.1.3.1", "new 10.1.3.2/24 via 10.1.3.1"]
    );
    let addressed = Tree::default().with(network("10.1.3.254/24")).and(claim("a").get());
    assert_eq!(addressed.says(), ["got 10.1.3.0/24 via 10.1.3.254"]);
    let loops = Tree::default().with(loopback("10.9.0.0/24")).and(claim("a").kind(Kind::Loopback).get());
    assert_eq!(loops.says(), ["got 10.9.0.0/24"]);
}

#[test]
fn action_get_without_candidate_is_pending_or_keeps_its_status() {
    let tree = Tree::default().and(claim("a").get()).and(claim("b").get().has("10.1.3.0/24"));
    assert_eq!(tree.says(), ["pending no-pool", "kept without pool"]);
}

#[test]
fn no_pool_and_no_match_are_pending_and_full_is_an_error() {
    assert_eq!(Tree::default().and(claim("a")).says(), ["pending no-pool"]);
    assert_eq!(subnet().and(claim("a").select("tier", "gold")).says(), ["pending no-matching-pool"]);
    let full = Tree::default().with(network("10.0.0.0/30")).and(claim("a")).and(claim("b"));
    assert_eq!(full.says()[1], "error pool-exhausted");
}

#[test]
fn claims_with_equal_keys_do_not_share() {
    let tree = subnet().and(claim("a")).and(claim("a")).and(claim("a").kind(Kind::Loopback));
    assert_eq!(
        tree.says(),
        ["new 10.1.3.2/24 via 10.1.3.1", "new 10.1.3.3/24 via 10.1.3.1", "pending no-matching-pool"]
    );
}

#[test]
fn adding_a_claim_moves_no_resolved_one_and_removing_one_frees_only_its_own() {
    let tree = subnet().and(claim("b")).and(claim("d")).rendered();
    let added = tree.clone().and(claim("a")).and(claim("c"));
    assert_eq!(added.says()[..2], ["kept", "kept"]);
    let mut removed = added.rendered();
    removed.0.claims.remove(0);
    let again = removed.and(claim("z"));
    assert_eq!(again.says(), ["kept", "kept", "kept", "new 10.1.3.2/24 via 10.1.3.1"]);
}
