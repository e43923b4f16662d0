//! "What a claim asks for": its form, and what its selector says of a pool.

use std::collections::BTreeSet;

use ipam::{Claim, Family, Kind, Operator, Requirement};

use super::pools::{Pool, TOPOLOGY, is_mapped};

const FAMILY_LABEL: &str = "nephio.org/address-family";

/// What is wrong with a claim by itself. Empty when nothing is.
pub(crate) fn form_errors(claim: &Claim) -> BTreeSet<&'static str> {
    let mut broken = asking_errors(claim);
    // `action: get` takes nothing, so what it would take is not looked at.
    if !claim.get {
        broken.extend(taking_errors(claim));
    }
    broken.into_iter().filter(|(_, is_broken)| *is_broken).map(|(code, _)| code).collect()
}

/// What is wrong with which pools are asked.
fn asking_errors(claim: &Claim) -> Vec<(&'static str, bool)> {
    let label = claim.selector.match_labels.get(FAMILY_LABEL);
    let stated = [claim.prefix, claim.status.map(|status| status.prefix)];
    vec![
        ("ipv4-mapped", stated.iter().flatten().any(is_mapped)),
        ("family-conflict", families(claim).len() > 1),
        ("unknown-family", label.is_some_and(|value| value.parse::<Family>().is_err())),
        ("selector-invalid", claim.selector.match_expressions.iter().any(is_malformed)),
    ]
}

/// What is wrong with what is to be taken from them.
fn taking_errors(claim: &Claim) -> Vec<(&'static str, bool)> {
    let dynamic = claim.prefix.is_none();
    let no_length = claim.prefix_length.is_none();
    let max = if families(claim).contains(&Family::V4) { 32 } else { 128 };
    let mut errors = vec![
        ("aggregate-without-prefix", claim.kind == Kind::Aggregate && dynamic),
        ("pool-without-create-prefix", claim.kind == Kind::Pool && !claim.create_prefix),
        ("create-prefix-without-length", dynamic && claim.create_prefix && no_length),
        ("length-without-create-prefix", dynamic && !claim.create_prefix && !no_length),
        ("prefix-length-out-of-range", claim.prefix_length.is_some_and(|length| length > max)),
        ("prefix-and-index", !dynamic && claim.index.is_some()),
    ];
    if let Some(prefix) = claim.prefix {
        let single = prefix.prefix_len() == prefix.max_prefix_len();
        errors.extend([
            ("prefix-length-disagrees", claim.prefix_length.is_some_and(|length| length != prefix.prefix_len())),
            ("host-bits", asks_block(claim) && prefix.addr() != prefix.network()),
            ("loopback-length", claim.kind == Kind::Loopback && !claim.create_prefix && !single),
        ]);
    }
    errors
}

fn is_malformed(requirement: &Requirement) -> bool {
    match requirement.operator {
        Operator::In | Operator::NotIn => requirement.values.is_empty(),
        Operator::Exists | Operator::DoesNotExist => !requirement.values.is_empty(),
    }
}

/// Every family that some field asks for.
fn families(claim: &Claim) -> BTreeSet<Family> {
    let label = claim.selector.match_labels.get(FAMILY_LABEL).and_then(|value| value.parse().ok());
    let prefix = claim.prefix.as_ref().map(Family::of);
    let length = claim.prefix_length.filter(|length| *length > 32).map(|_| Family::V6);
    [claim.family, label, prefix, length].into_iter().flatten().collect()
}

/// The family that is wanted; `None` for any.
fn wanted_family(claim: &Claim) -> Option<Family> {
    families(claim).first().copied()
}

/// A block is asked for, not an address. Aggregates and pools are always blocks.
pub(crate) fn asks_block(claim: &Claim) -> bool {
    claim.create_prefix || matches!(claim.kind, Kind::Aggregate | Kind::Pool)
}

/// spec.prefix or spec.index says which.
pub(crate) fn is_static(claim: &Claim) -> bool {
    claim.prefix.is_some() || claim.index.is_some()
}

/// Its block is a pool.
pub(crate) fn has_labelled_block(claim: &Claim) -> bool {
    asks_block(claim) && !claim.labels.is_empty()
}

/// One requirement of a selector: matchLabels are `In` with one value.
struct Asked<'a> {
    key: &'a str,
    operator: Operator,
    values: Vec<&'a str>,
}

fn requirements(claim: &Claim) -> Vec<Asked<'_>> {
    let labels = claim.selector.match_labels.iter().map(|(key, value)| Asked {
        key,
        operator: Operator::In,
        values: vec![value],
    });
    let expressions = claim.selector.match_expressions.iter().map(|requirement| Asked {
        key: &requirement.key,
        operator: requirement.operator,
        values: requirement.values.iter().map(String::as_str).collect(),
    });
    labels.chain(expressions).collect()
}

/// Whether a claim asks for such a pool, its kind aside: topology keys and the rule for blocks included.
pub(crate) fn wants(claim: &Claim, pool: &Pool, strict: bool) -> bool {
    wanted_family(claim).is_none_or(|family| family == pool.family())
        && requirements(claim).iter().all(|asked| holds(asked, pool, strict))
        && (strict || !narrowed(claim, pool))
        && names_block(claim, pool)
}

fn holds(asked: &Asked<'_>, pool: &Pool, strict: bool) -> bool {
    let found = pool.labels.get(asked.key);
    let has_one = found.is_some_and(|values| asked.values.iter().any(|value| values.contains(*value)));
    match asked.operator {
        Operator::In => has_one || (!strict && serves_everyone(pool, asked.key)),
        Operator::NotIn => !has_one,
        Operator::Exists => found.is_some(),
        Operator::DoesNotExist => found.is_none(),
    }
}

/// A pool that does not carry a topology key serves everyone in that dimension; a block that does not, nobody.
fn serves_everyone(pool: &Pool, key: &str) -> bool {
    TOPOLOGY.contains(&key) && pool.block.is_none() && (!pool.labels.contains_key(key) || pool.open.contains(key))
}

/// The pool carries a topology key that the claim does not mention.
fn narrowed(claim: &Claim, pool: &Pool) -> bool {
    TOPOLOGY.into_iter().any(|key| {
        pool.labels.contains_key(key)
            && !pool.open.contains(key)
            && !requirements(claim).iter().any(|asked| asked.key == key)
    })
}

/// A claim's block serves only claims that name one of its labels with that value.
fn names_block(claim: &Claim, pool: &Pool) -> bool {
    let Some(block) = &pool.block else { return true };
    requirements(claim).iter().any(|asked| {
        asked.operator == Operator::In
            && block.own.get(asked.key).is_some_and(|value| asked.values.contains(&value.as_str()))
    })
}

/// How many topology keys the pool carries with a value that the claim asks for.
pub(crate) fn topology_matched(claim: &Claim, pool: &Pool) -> usize {
    let asked = requirements(claim);
    let matched = |key: &&str| {
        asked.iter().any(|asked| {
            asked.key == *key
                && asked.operator == Operator::In
                && pool.labels.get(*key).is_some_and(|found| asked.values.iter().any(|value| found.contains(*value)))
        })
    };
    TOPOLOGY.iter().filter(|key| matched(key)).count()
}
