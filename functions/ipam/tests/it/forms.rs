//! Claims that contradict themselves.

use ipam::{Failure, Family, FamilyField, FormError, Kind, Operator};

use crate::build::*;

fn form(claim: ipam::Claim) -> Option<FormError> {
    let tree = Tree::default()
        .with(network("10.0.0.0/24"))
        .with(loopback("10.1.0.0/24"))
        .with(aggregate("10.2.0.0/16"))
        .with(pool("10.3.0.0/16"))
        .with(aggregate("fd00::/32"))
        .and(claim);
    match tree.plan().outcomes.pop().unwrap().verdict {
        ipam::Verdict::Failed(Failure::Form(form)) => Some(form),
        _ => None,
    }
}

#[test]
fn aggregate_without_prefix() {
    let aggregate = || claim("a").kind(Kind::Aggregate);
    assert_eq!(form(aggregate().block(24)), Some(FormError::AggregateWithoutPrefix));
    assert_eq!(form(aggregate().block(24).index(1)), Some(FormError::AggregateWithoutPrefix));
    assert_eq!(form(aggregate().at("10.2.0.0/24")), None);
}

#[test]
fn kind_pool_without_create_prefix() {
    let pool = || claim("a").kind(Kind::Pool);
    assert_eq!(form(pool()), Some(FormError::PoolWithoutCreatePrefix));
    assert_eq!(form(pool().at("10.3.0.0/24")), Some(FormError::PoolWithoutCreatePrefix));
    assert_eq!(form(pool().at("10.3.0.0/24").create_prefix()), None);
}

#[test]
fn dynamic_claims_need_create_prefix_and_length_together() {
    assert_eq!(form(claim("a").create_prefix()), Some(FormError::CreatePrefixWithoutLength));
    assert_eq!(form(claim("a").create_prefix().index(1)), Some(FormError::CreatePrefixWithoutLength));
    assert_eq!(form(claim("a").length(24)), Some(FormError::LengthWithoutCreatePrefix(24)));
    assert_eq!(form(claim("a").length(24).index(1)), Some(FormError::LengthWithoutCreatePrefix(24)));
    assert_eq!(form(claim("a").at("10.0.0.9/24").length(24)), None, "static claims do not");
    assert_eq!(form(claim("a").at("10.2.0.0/24").create_prefix()), None);
}

#[test]
fn prefix_and_prefix_length_that_disagree() {
    let disagrees = claim("a").at("10.0.0.9/24").length(25);
    assert_eq!(form(disagrees), Some(FormError::LengthDisagrees { prefix: net("10.0.0.9/24"), length: 25 }));
}

#[test]
fn families_that_differ() {
    let conflict = |first, second| Some(FormError::FamilyConflict { first, second });
    let label = "nephio.org/address-family";
    assert_eq!(
        form(claim("a").family(Family::V4).select(label, "ipv6")),
        conflict((FamilyField::AddressFamily, Family::V4), (FamilyField::Selector, Family::V6))
    );
    assert_eq!(
        form(claim("a").family(Family::V6).at("10.0.0.9/24")),
        conflict((FamilyField::AddressFamily, Family::V6), (FamilyField::Prefix, Family::V4))
    );
    assert_eq!(
        form(claim("a").select(label, "ipv4").block(64)),
        conflict((FamilyField::Selector, Family::V4), (FamilyField::PrefixLength, Family::V6))
    );
    assert_eq!(form(claim("a").family(Family::V4).select(label, "ipv4")), None);
    assert_eq!(form(claim("a").select(label, "IPv4")), Some(FormError::UnknownFamily("IPv4".into())));
}

#[test]
fn a_prefix_length_longer_than_an_address() {
    assert_eq!(form(claim("a").block(129)), Some(FormError::LengthOutOfRange { length: 129, max: 128 }));
    assert_eq!(form(claim("a").block(255)), Some(FormError::LengthOutOfRange { length: 255, max: 128 }));
    assert_eq!(form(claim("a").block(128)), None);
}

#[test]
fn prefix_and_index_both() {
    let both = claim("a").at("10.0.0.9/24").index(9);
    assert_eq!(form(both), Some(FormError::PrefixAndIndex { prefix: net("10.0.0.9/24"), index: 9 }));
}

#[test]
fn a_static_block_with_host_bits() {
    let block = claim("a").at("10.2.0.1/24").create_prefix();
    assert_eq!(form(block), Some(FormError::HostBits(net("10.2.0.1/24"))));
    let aggregate = claim("a").kind(Kind::Aggregate).at("10.2.0.1/24");
    assert_eq!(form(aggregate), Some(FormError::HostBits(net("10.2.0.1/24"))));
}

#[test]
fn a_static_loopback_is_a_single_address() {
    let loopback = |text: &str| claim("a").kind(Kind::Loopback).at(text);
    assert_eq!(form(loopback("10.1.0.16/28")), Some(FormError::LoopbackLength(net("10.1.0.16/28"))));
    assert_eq!(form(loopback("10.1.0.16/32")), None);
}

#[test]
fn ipv4_mapped_prefixes() {
    let mapped = net("::ffff:10.0.0.9/120");
    let wrong = Some(FormError::MappedIpv4(mapped));
    assert_eq!(form(claim("a").at("::ffff:10.0.0.9/120")), wrong);
    assert_eq!(form(claim("a").has("::ffff:10.0.0.9/120")), wrong);
}

#[test]
fn expressions_need_values_or_none() {
    let require = |operator, values: &[&str]| form(claim("a").require("tier", operator, values));
    let wrong = |operator| Some(FormError::Requirement { key: "tier".into(), operator });
    assert_eq!(require(Operator::In, &[]), wrong(Operator::In));
    assert_eq!(require(Operator::NotIn, &[]), wrong(Operator::NotIn));
    assert_eq!(require(Operator::Exists, &["x"]), wrong(Operator::Exists));
    assert_eq!(require(Operator::DoesNotExist, &["x"]), wrong(Operator::DoesNotExist));
    assert_eq!(require(Operator::Exists, &[]), None);
}

#[test]
fn a_claim_to_be_deleted_is_not_judged() {
    assert_eq!(form(claim("a").kind(Kind::Pool).deleting()), None);
}

#[test]
fn a_get_claim_needs_no_lengths() {
    let tree = Tree::default()
        .with(pool("10.3.0.0/16"))
        .with(aggregate("10.2.0.0/16"))
        .and(claim("a").kind(Kind::Pool).get())
        .and(claim("b").kind(Kind::Aggregate).get());
    assert_eq!(tree.says(), ["got 10.3.0.0/16", "got 10.2.0.0/16"]);
}
