//! The gateway of a subnet: stated by its pool, replaced or added by a claim.

use ipam::{Failure, Holder, Owner, PoolSource, Role};

use crate::build::*;

#[test]
fn address_notation_names_the_gateway() {
    let tree = Tree::default().with(network("10.1.3.254/24")).and(claim("a"));
    assert_eq!(tree.says(), ["new 10.1.3.1/24 via 10.1.3.254"]);
}

#[test]
fn prefix_notation_makes_the_first_usable_address_the_gateway() {
    let tree = Tree::default().with(network("10.1.3.0/24")).and(claim("a"));
    assert_eq!(tree.says(), ["new 10.1.3.2/24 via 10.1.3.1"]);
}

#[test]
fn label_gateway_false_means_none() {
    let tree = Tree::default().with(network("10.1.3.0/24").label("nephio.org/gateway", "false")).and(claim("a"));
    assert_eq!(tree.says(), ["new 10.1.3.1/24"]);
    let named = Tree::default().with(network("10.1.3.1/24").label("nephio.org/gateway", "false")).and(claim("a"));
    assert_eq!(named.says(), ["new 10.1.3.1/24"]);
}

#[test]
fn pairs_and_single_addresses_have_a_gateway_only_by_label() {
    for text in ["10.0.0.0/31", "10.0.0.1/31", "10.0.0.0/32", "fd00::/127", "fd00::1/127", "fd00::/128"] {
        let tree = Tree::default().with(network(text)).and(claim("a"));
        assert!(!tree.last().contains("via"), "{text}: {}", tree.last());
    }
    let labelled =
        |text: &str| Tree::default().with(network(text).label("nephio.org/gateway", "true")).and(claim("a")).last();
    assert_eq!(labelled("10.0.0.1/31"), "new 10.0.0.0/31 via 10.0.0.1");
    assert_eq!(labelled("10.0.0.0/31"), "new 10.0.0.1/31 via 10.0.0.0");
    assert_eq!(labelled("fd00::1/127"), "new fd00::/127 via fd00::1");
    assert_eq!(labelled("10.0.0.0/32"), "error pool-exhausted");
}

#[test]
fn address_notation_that_names_the_broadcast_address_is_an_error() {
    assert_eq!(Tree::default().with(network("10.1.3.255/24")).finds(), ["gateway-is-broadcast"]);
    assert!(Tree::default().with(network("fd00::ffff/112")).finds().is_empty(), "IPv6 has no broadcast");
    assert!(Tree::default().with(network("10.1.3.255/31")).finds().is_empty());
}

#[test]
fn pools_of_networks_and_blocks_have_no_gateway_of_their_own() {
    for source in [PoolSource::Network, PoolSource::NetworkInstance] {
        let tree = Tree::default().with(network("10.1.3.0/24").by(source)).and(claim("a"));
        assert_eq!(tree.says(), ["new 10.1.3.1/24"]);
    }
}

#[test]
fn a_dynamic_gateway_claim_gets_the_default_before_all_others() {
    let tree =
        Tree::default().with(network("10.1.3.0/24").by(PoolSource::Network)).and(claim("a")).and(claim("z").gateway());
    assert_eq!(tree.says(), ["new 10.1.3.2/24 via 10.1.3.1", "new 10.1.3.1/24"]);
    let prefix = Tree::default().with(network("10.1.3.0/24")).and(claim("a")).and(claim("z").gateway());
    assert_eq!(prefix.says(), ["new 10.1.3.2/24 via 10.1.3.1", "new 10.1.3.1/24"]);
}

#[test]
fn a_static_gateway_claim_replaces_the_default_which_stays_reserved() {
    let tree = Tree::default()
        .with(network("10.1.3.0/24"))
        .and(claim("a"))
        .and(claim("z").gateway().at("10.1.3.254/24"))
        .and(claim("b").at("10.1.3.1/24"));
    assert_eq!(tree.says(), ["new 10.1.3.2/24 via 10.1.3.254", "new 10.1.3.254/24", "error address-is-gateway"]);
}

#[test]
fn a_gateway_claim_beside_address_notation_is_an_error() {
    let tree = |claim| Tree::default().with(network("10.1.3.1/24")).and(claim);
    for claim in [
        claim("r").gateway(),
        claim("r").gateway().at("10.1.3.254/24"),
        claim("r").gateway().at("10.1.3.1/24"),
        claim("r").gateway().has("10.1.3.254/24"),
        claim("r").gateway().index(254),
    ] {
        assert_eq!(tree(claim.clone()).says(), ["error gateway-exists"]);
        assert_eq!(tree(claim).reallocate().says(), ["error gateway-exists"]);
    }
    let Failure::GatewayExists(existing) = tree(claim("r").gateway()).failure() else { panic!() };
    assert_eq!(existing[0].address.to_string(), "10.1.3.1");
    assert_eq!(existing[0].holder, Holder { owner: Owner::Pool(0), role: Role::Gateway });
}

#[test]
fn a_kept_gateway_claim_is_the_gateway_and_its_own_status_has_none() {
    let tree = Tree::default()
        .with(network("10.1.3.0/24"))
        .and(claim("a").has_via("10.1.3.7/24", "10.1.3.1"))
        .and(claim("r").gateway().has_via("10.1.3.5/24", "10.1.3.1"));
    assert_eq!(tree.says(), ["mended 10.1.3.7/24 via 10.1.3.5", "mended 10.1.3.5/24"]);
}

#[test]
fn gateway_taken_names_the_holder() {
    let tree = Tree::default()
        .with(network("10.1.3.0/24").by(PoolSource::Network))
        .and(claim("a").has("10.1.3.1/24"))
        .and(claim("r").gateway());
    assert_eq!(tree.says(), ["kept", "error gateway-taken"]);
    let Failure::GatewayTaken { address, holder, .. } = tree.failure() else { panic!() };
    assert_eq!(address.to_string(), "10.1.3.1");
    assert_eq!(holder, Holder { owner: Owner::Claim(0), role: Role::Status });
    assert_eq!(tree.reallocate().says(), ["kept", "error gateway-taken"], "under Reallocate too");
}

#[test]
fn each_gateway_claim_takes_the_first_candidate_without_a_gateway() {
    let entry = |text: &str| network(text).by(PoolSource::Network);
    let tree = Tree::default()
        .with(entry("10.0.1.0/24"))
        .with(network("10.0.2.1/24"))
        .with(entry("10.0.3.0/24"))
        .and(claim("r2").gateway())
        .and(claim("r10").gateway())
        .and(claim("r3").gateway().at("10.0.1.9/24"));
    assert_eq!(tree.says(), ["new 10.0.3.1/24", "error gateway-exists", "new 10.0.1.9/24"]);
    let ipam::Verdict::Failed(Failure::GatewayExists(existing)) = &tree.plan().outcomes[1].verdict else { panic!() };
    let addresses: Vec<String> = existing.iter().map(|gateway| gateway.address.to_string()).collect();
    assert_eq!(addresses, ["10.0.1.9", "10.0.2.1", "10.0.3.1"]);
}

#[test]
fn two_gateway_claims_in_one_subnet_are_an_error() {
    let tree = Tree::default()
        .with(network("10.1.3.0/24"))
        .and(claim("a").gateway().has("10.1.3.5/24"))
        .and(claim("b").gateway().has("10.1.3.6/24"));
    assert_eq!(tree.says(), ["kept", "error gateway-exists"]);
    assert_eq!(tree.reallocate().says(), ["kept", "error gateway-exists"]);
}

#[test]
fn a_gateway_claim_is_not_bound_by_exclusions_and_range() {
    let tree = Tree::default()
        .with(network("10.1.3.0/24").range("10.1.3.10-10.1.3.99").exclude("10.1.3.1"))
        .and(claim("a"))
        .and(claim("r").gateway());
    assert_eq!(tree.says(), ["new 10.1.3.10/24 via 10.1.3.1", "new 10.1.3.1/24"]);
    assert_eq!(tree.rendered().says(), ["kept", "kept"]);
}

#[test]
fn a_gateway_is_never_the_network_or_broadcast_address() {
    for text in ["10.1.3.0/24", "10.1.3.255/24"] {
        let tree = Tree::default().with(network("10.1.3.0/24")).and(claim("r").gateway().at(text));
        assert_eq!(tree.says(), ["error address-reserved"]);
    }
}

#[test]
fn a_gateway_claim_of_another_kind_or_value_is_an_ordinary_claim() {
    let tree = Tree::default()
        .with(network("10.1.3.0/24"))
        .with(loopback("10.9.0.0/24"))
        .and(claim("a").label("nephio.org/gateway", "yes"))
        .and(claim("b").kind(ipam::Kind::Loopback).gateway());
    assert_eq!(tree.says(), ["new 10.1.3.2/24 via 10.1.3.1", "new 10.9.0.0/32"]);
}

#[test]
fn the_gateway_of_a_block_comes_from_a_claim_in_the_same_run() {
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/16"))
        .and(claim("link").block(24).label("link", "a"))
        .and(claim("nf").select("link", "a"))
        .and(claim("router").gateway().select("link", "a"));
    assert_eq!(tree.says(), ["new 10.0.0.0/24", "new 10.0.0.2/24 via 10.0.0.1", "new 10.0.0.1/24"]);
    assert_eq!(tree.rendered().says(), ["kept", "kept", "kept"]);
}

#[test]
fn a_pair_has_a_gateway_through_a_claim() {
    let tree = Tree::default().with(network("10.0.0.0/31")).and(claim("a")).and(claim("r").gateway());
    assert_eq!(tree.says(), ["new 10.0.0.1/31 via 10.0.0.0", "new 10.0.0.0/31"]);
}

#[test]
fn a_gateway_claim_in_a_pool_without_gateway_gets_the_default() {
    let tree = Tree::default()
        .with(network("10.0.0.0/24").label("nephio.org/gateway", "false"))
        .and(claim("a"))
        .and(claim("r").gateway());
    assert_eq!(tree.says(), ["new 10.0.0.2/24 via 10.0.0.1", "new 10.0.0.1/24"]);
}

#[test]
fn a_gateway_claim_gets_nothing_from_an_aggregate() {
    let says = |claim: ipam::Claim| {
        let tree = Tree::default().with(aggregate("10.0.0.0/24").exclude("10.0.0.1")).and(claim);
        tree.giving_from_aggregates().last()
    };
    assert_eq!(says(claim("nf")), "new 10.0.0.2/24");
    assert_eq!(says(claim("r").gateway()), "pending no-matching-pool");
    assert_eq!(says(claim("r").gateway().index(1)), "pending no-matching-pool");
    assert_eq!(says(claim("r").gateway().at("10.0.0.1/24")), "pending static-without-pool");
    assert_eq!(says(claim("r").gateway().has("10.0.0.1/24")), "kept without pool");
    assert_eq!(says(claim("r").gateway().index(1).has("10.0.0.1/24")), "kept without pool");
}
