//! The laws, asked of the plan itself.

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipam::{AddrRange, Claim, Input, Key, Kind, Plan, Pool, PoolRef, PoolSource, Verdict, plan};
use ipnet::IpNet;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestCaseError;

use crate::compare::{class, pool_prefix};
use crate::draw::{shuffled, write_back};
use crate::model::Class;

type Checked<T = ()> = Result<T, TestCaseError>;

/// The outcome of each claim by its key.
fn by_key(input: &Input, plan: &Plan) -> BTreeMap<Key, (Class, Vec<&'static str>)> {
    let outcomes = input.claims.iter().zip(&plan.outcomes);
    outcomes
        .map(|(claim, outcome)| {
            let warnings = outcome.warnings.iter().map(ipam::Warning::code).collect();
            (claim.key.clone(), (class(input, plan, outcome), warnings))
        })
        .collect()
}

/// Shuffling pools and claims changes no outcome.
pub(crate) fn order_does_not_matter(input: &Input, seed: u64) -> Checked {
    let other = shuffled(input, seed);
    let (plan, again) = (plan(input), plan(&other));
    prop_assert_eq!(by_key(input, &plan), by_key(&other, &again));
    let codes = |plan: &Plan| {
        let mut codes: Vec<&'static str> = plan.findings.iter().map(ipam::Finding::code).collect();
        codes.sort_unstable();
        codes
    };
    prop_assert_eq!(codes(&plan), codes(&again));
    Ok(())
}

/// The input with the plan's statuses, where the plan may be written.
pub(crate) fn rendered(input: &Input) -> Option<Input> {
    let plan = plan(input);
    let mut rendered = input.clone();
    write_back(&mut rendered, &plan);
    (!plan.has_errors()).then_some(rendered)
}

/// A rendered tree renders to itself: nothing new, nothing mended, nothing wrong. Returns it.
pub(crate) fn fixed_point(input: &Input) -> Checked<Option<Input>> {
    let Some(rendered) = rendered(input) else { return Ok(None) };
    let again = plan(&rendered);
    for (claim, outcome) in rendered.claims.iter().zip(&again.outcomes) {
        let unchanged = outcome.verdict.status().is_none_or(|status| claim.status == Some(*status));
        prop_assert!(unchanged, "{}: {:?}\n{input:#?}", claim.key, outcome.verdict);
        let settled = matches!(
            outcome.verdict,
            Verdict::Kept { .. }
                | Verdict::KeptUnserved { .. }
                | Verdict::Got { .. }
                | Verdict::Deleting
                | Verdict::Pending(_)
        );
        prop_assert!(settled, "{}: {:?}\n{input:#?}", claim.key, outcome.verdict);
    }
    prop_assert!(!again.has_errors());
    Ok(Some(rendered))
}

/// An address or a block that a claim holds once the plan is written.
struct Holding<'a> {
    claim: &'a Claim,
    prefix: IpNet,
    block: bool,
}

fn is_block(claim: &Claim) -> bool {
    claim.create_prefix || matches!(claim.kind, Kind::Pool | Kind::Aggregate)
}

fn holdings(input: &Input) -> Vec<Holding<'_>> {
    let holds = |claim: &&Claim| !claim.get;
    input
        .claims
        .iter()
        .filter(holds)
        .filter_map(|claim| {
            let prefix = claim.status?.prefix;
            let block = is_block(claim);
            Some(Holding { claim, prefix: if block { prefix.trunc() } else { IpNet::from(prefix.addr()) }, block })
        })
        .collect()
}

/// After a plan without errors no two claims of a network instance hold the same; and what it newly gave is neither
/// reserved nor excluded, nor does it lie in what somebody else states.
pub(crate) fn nobody_shares(input: &Input) -> Checked {
    let Some(rendered) = rendered(input) else { return Ok(()) };
    let holdings = holdings(&rendered);
    for (n, one) in holdings.iter().enumerate() {
        for other in &holdings[n + 1..] {
            let apart = one.claim.instance != other.claim.instance || (one.claim.delete && other.claim.delete);
            let overlap = one.prefix.contains(&other.prefix) || other.prefix.contains(&one.prefix);
            prop_assert!(apart || !overlap || nested(one, other) || nested(other, one), "{input:#?}");
        }
    }
    let plan = plan(input);
    for (n, outcome) in plan.outcomes.iter().enumerate() {
        let (Verdict::Allocated { status, pool } | Verdict::Moved { status, pool, .. }) = &outcome.verdict else {
            continue;
        };
        let claim = &input.claims[n];
        if claim.prefix.is_none() && claim.index.is_none() {
            well_given(input, &plan, claim, status.prefix, *pool)?;
        }
    }
    Ok(())
}

/// The inner lies in a labelled block, as its pools and claims may.
fn nested(outer: &Holding<'_>, inner: &Holding<'_>) -> bool {
    let inside = outer.prefix.contains(&inner.prefix) && (!inner.block || outer.prefix != inner.prefix);
    let kinds = outer.claim.kind == Kind::Aggregate || outer.claim.kind == inner.claim.kind;
    outer.block && inside && kinds && !outer.claim.labels.is_empty()
}

fn well_given(input: &Input, plan: &Plan, claim: &Claim, given: IpNet, pool: PoolRef) -> Checked {
    let serving = pool_prefix(input, plan, pool);
    let given = if is_block(claim) { given } else { IpNet::from(given.addr()) };
    prop_assert!(serving.contains(&given) && serving != given || !is_block(claim));
    let gateway_claim = claim.labels.get("nephio.org/gateway").is_some_and(|value| value == "true") && !is_block(claim);
    for pool in input.pools.iter().filter(|pool| pool.instance == claim.instance) {
        let prefix = pool.prefix.trunc();
        let deeper = serving.contains(&prefix) && prefix != serving;
        prop_assert!(!deeper || !prefix.contains(&given) && !given.contains(&prefix), "in {}\n{input:#?}", pool.key);
        if prefix == serving && pool.source == PoolSource::IpPrefix && !gateway_claim {
            never_given(pool, claim, given)?;
        }
    }
    Ok(())
}

/// What an IPPrefix keeps from everybody.
fn never_given(pool: &Pool, claim: &Claim, given: IpNet) -> Checked {
    let meets = |range: &AddrRange| range.first() <= given.broadcast() && given.network() <= range.last();
    let holds = |range: &AddrRange| range.first() <= given.network() && given.broadcast() <= range.last();
    prop_assert!(!pool.exclude.iter().any(meets), "{} is excluded", given);
    prop_assert!(pool.range.iter().all(holds), "{} is out of range", given);
    if claim.kind == Kind::Network && pool.kind == Kind::Network {
        let edges: &[IpAddr] = match pool.prefix {
            _ if pool.prefix.prefix_len() + 1 >= pool.prefix.max_prefix_len() => &[],
            IpNet::V4(_) => &[pool.prefix.network(), pool.prefix.broadcast()],
            IpNet::V6(_) => &[pool.prefix.network()],
        };
        prop_assert!(!edges.contains(&given.addr()), "{} is reserved", given);
        let named = pool.prefix != pool.prefix.trunc();
        let has_gateway = pool.labels.get("nephio.org/gateway").is_none_or(|value| value != "false");
        let router = named && has_gateway && !edges.is_empty() && pool.prefix.addr() == given.addr();
        prop_assert!(!router, "{} is the router's", given);
    }
    Ok(())
}

/// The address or block of every claim that is resolved.
fn resolved(input: &Input, plan: &Plan) -> BTreeMap<Key, IpNet> {
    let outcomes = input.claims.iter().zip(&plan.outcomes);
    outcomes
        .filter(|(claim, outcome)| outcome.verdict.is_resolved() && !claim.get)
        .filter_map(|(claim, outcome)| {
            let prefix = outcome.verdict.status().copied().or(claim.status)?.prefix;
            Some((claim.key.clone(), if is_block(claim) { prefix } else { IpNet::from(prefix.addr()) }))
        })
        .collect()
}

/// One more claim moves no resolved one. One that states something may collide with it: then it fails where it is.
pub(crate) fn adding_moves_nothing(rendered: &Input, mut added: Claim) -> Checked {
    added.key.name = format!("added-{}", added.key.name);
    let states = added.prefix.is_some() || added.index.is_some();
    added.status = None;
    let mut more = rendered.clone();
    more.claims.push(added);
    let (before, after) = (plan(rendered), plan(&more));
    let now = resolved(&more, &after);
    for (key, place) in resolved(rendered, &before) {
        match now.get(&key) {
            Some(found) => prop_assert!(*found == place || states && more.settings.reallocate, "{} moved", key),
            None => prop_assert!(states, "{} is not resolved any more\n{more:#?}", key),
        }
    }
    Ok(())
}

/// One claim less: all others stay, and of its pool just its own address is free.
pub(crate) fn removing_frees_exactly_its_own(rendered: &Input, which: Index) -> Checked {
    if rendered.claims.is_empty() {
        return Ok(());
    }
    let index = which.index(rendered.claims.len());
    let mut less = rendered.clone();
    let removed = less.claims.remove(index);
    let (before, after) = (plan(rendered), plan(&less));
    let now = resolved(&less, &after);
    for (key, place) in resolved(rendered, &before) {
        prop_assert!(key == removed.key || now.get(&key) == Some(&place), "{} did not stay\n{rendered:#?}", key);
    }
    let Verdict::Kept { pool } = before.outcomes[index].verdict else { return Ok(()) };
    let serving = pool_prefix(rendered, &before, pool);
    let (Some(status), false) = (removed.status, is_block(&removed)) else { return Ok(()) };
    let is_gateway = removed.labels.contains_key("nephio.org/gateway");
    if is_gateway || serving.max_prefix_len() - serving.prefix_len() > 4 {
        return Ok(());
    }
    for host in serving.subnets(serving.max_prefix_len()).expect("single addresses") {
        let (was_free, is_free) = (is_free(rendered, &removed, host, serving), is_free(&less, &removed, host, serving));
        if host.addr() == status.prefix.addr() {
            prop_assert!(!was_free && is_free, "{} is not free\n{rendered:#?}", host);
        } else {
            prop_assert_eq!(was_free, is_free, "{}", host);
        }
    }
    Ok(())
}

/// Whether a static claim like this one could have the address.
fn is_free(input: &Input, like: &Claim, host: IpNet, pool: IpNet) -> bool {
    let mut probe = Claim::new(Key::new("", "", "probe"), like.instance.clone(), like.kind);
    let length = if like.kind == Kind::Loopback { host.prefix_len() } else { pool.prefix_len() };
    probe.prefix = IpNet::new(host.addr(), length).ok();
    let mut asked = input.clone();
    asked.settings.reallocate = false;
    asked.claims.push(probe);
    !plan(&asked).has_errors()
}
