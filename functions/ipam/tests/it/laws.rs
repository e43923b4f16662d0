//! The laws that hold for every tree, in a universe small enough to collide often.

use std::collections::BTreeSet;

use ipam::*;
use ipnet::IpNet;
use proptest::prelude::*;

use crate::build::*;

const LABELS: [&str; 3] = ["nephio.org/cluster-name", "nephio.org/site-name", "tier"];
const VALUES: [&str; 2] = ["a", "b"];

/// Prefixes of a universe of 64 IPv4 and 16 IPv6 addresses.
fn any_prefix() -> impl Strategy<Value = IpNet> {
    prop_oneof![
        5 => (26..=32_u8, 0..64_u32).prop_map(|(len, host)| IpNet::new((0x0a00_0000_u32 + host).to_be_bytes().into(), len).unwrap()),
        1 => (124..=128_u8, 0..16_u16).prop_map(|(len, host)| {
            IpNet::new(std::net::Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, host).into(), len).unwrap()
        }),
    ]
}

fn any_kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        4 => Just(Kind::Network),
        2 => Just(Kind::Loopback),
        2 => Just(Kind::Pool),
        3 => Just(Kind::Aggregate),
    ]
}

fn any_labels(most: usize) -> impl Strategy<Value = std::collections::BTreeMap<String, String>> {
    let label = (prop::sample::select(&LABELS[..]), prop::sample::select(&VALUES[..]));
    prop::collection::btree_map(
        label.clone().prop_map(|(key, _)| key.to_owned()),
        label.prop_map(|(_, v)| v.to_owned()),
        0..=most,
    )
}

fn any_instance() -> impl Strategy<Value = Instance> {
    prop_oneof![6 => Just(vpc()), 1 => Just(Instance::new("default", "other"))]
}

fn any_range() -> impl Strategy<Value = AddrRange> {
    any_prefix().prop_map(AddrRange::from)
}

fn any_pool() -> impl Strategy<Value = Pool> {
    let source = prop_oneof![
        4 => Just(PoolSource::IpPrefix),
        1 => Just(PoolSource::Network),
        1 => Just(PoolSource::NetworkInstance),
    ];
    let gateway = prop::option::weighted(0.2, prop::sample::select(&["true", "false"][..]));
    let limits = (prop::collection::vec(any_range(), 0..2), prop::option::weighted(0.1, any_range()));
    (0..6_u8, source, any_instance(), any_kind(), any_prefix(), any_labels(1), gateway, limits).prop_map(
        |(name, source, instance, kind, written, labels, gateway, (exclude, range))| {
            let keeps_host = source == PoolSource::IpPrefix && kind == Kind::Network;
            let prefix = if keeps_host { written } else { written.trunc() };
            let pool = Pool {
                key: Key::new("", "ns", format!("p{name}")),
                source,
                instance,
                kind,
                prefix,
                labels,
                exclude,
                range,
            };
            match gateway {
                Some(value) => pool.label("nephio.org/gateway", value),
                None => pool,
            }
        },
    )
}

/// Pools that do not contradict each other: an aggregate over subnets of every kind.
fn sane_pools() -> impl Strategy<Value = Vec<Pool>> {
    let subnet = |text: &'static str| {
        (any_kind(), any_labels(1)).prop_map(move |(kind, labels)| Pool { labels, ..prefix(kind, text) })
    };
    let subnets = (
        prop::option::of(subnet("10.0.0.0/29")),
        prop::option::of(subnet("10.0.0.8/30")),
        prop::option::of(subnet("10.0.0.32/28")),
        prop::option::of(subnet("fd00::/125")),
        any::<bool>(),
    );
    subnets.prop_map(|(a, b, c, d, aggregates)| {
        let mut pools: Vec<Pool> = a.into_iter().chain(b).chain(c).chain(d).collect();
        if aggregates {
            pools.push(aggregate("10.0.0.0/26"));
            pools.push(aggregate("fd00::/124"));
        }
        pools
    })
}

fn any_claim(stated: bool) -> impl Strategy<Value = Claim> {
    let weight = if stated { 0.4 } else { 0.001 };
    let place = (
        prop::option::weighted(0.3, (26..=32_u8).prop_map(|len| if len == 26 { 126 } else { len })),
        prop::option::weighted(0.1, 0..10_u32),
        prop::option::weighted(weight / 2.0, any_prefix()),
        prop::option::weighted(weight, (any_prefix(), prop::option::of(any_prefix()))),
    );
    let flags = (prop::bool::weighted(0.05), prop::bool::weighted(0.05), prop::bool::weighted(0.15));
    let asks = (any_labels(1), prop::option::weighted(0.2, prop_oneof![Just(Family::V4), Just(Family::V6)]));
    (0..30_u8, any_instance(), any_kind(), place, any_labels(1), asks, flags).prop_map(
        |(
            name,
            instance,
            kind,
            (length, index, prefix, status),
            labels,
            (selector, family),
            (delete, get, gateway),
        )| {
            let mut claim = Claim::new(Key::new("", "ns", format!("c{name}")), instance, kind);
            claim.create_prefix = length.is_some() || kind == Kind::Pool;
            claim.prefix_length = length.filter(|_| prefix.is_none());
            claim.index = index.filter(|_| prefix.is_none());
            claim.prefix = prefix.map(|prefix| if claim.create_prefix { prefix.trunc() } else { prefix });
            claim.status = status.map(|(prefix, gateway)| Status { prefix, gateway: gateway.map(|net| net.addr()) });
            claim.labels = labels;
            claim.family = family;
            claim.selector.match_labels = selector;
            claim.delete = delete;
            claim.get = get;
            if gateway { claim.gateway() } else { claim }
        },
    )
}

fn any_settings() -> impl Strategy<Value = Settings> {
    (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(best, from_aggregate, strict_selectors, reallocate)| Settings {
            order: if best { Order::BestFit } else { Order::Lowest },
            from_aggregate,
            strict_selectors,
            reallocate,
        },
    )
}

/// Names are unique, as the identity of objects is.
fn named(mut claims: Vec<Claim>) -> Vec<Claim> {
    let mut seen = BTreeSet::new();
    claims.retain(|claim| seen.insert(claim.key.name.clone()));
    claims
}

/// Any tree at all, contradictions included.
fn wild() -> impl Strategy<Value = Tree> {
    let pools = prop::collection::vec(any_pool(), 0..6);
    let claims = prop::collection::vec(any_claim(true), 0..12).prop_map(named);
    (pools, claims, any_settings()).prop_map(|(pools, claims, settings)| Tree(Input { pools, claims, settings }))
}

/// A tree whose pools agree and whose claims state little.
fn sane() -> impl Strategy<Value = Tree> {
    let claims = prop::collection::vec(any_claim(false), 0..16).prop_map(named);
    (sane_pools(), claims, any_settings()).prop_map(|(pools, claims, settings)| Tree(Input { pools, claims, settings }))
}

/// A claim's outcome without indices, which a shuffle changes.
fn gist(tree: &Tree, outcome: &Outcome) -> String {
    let pool = outcome.verdict.pool().map(|pool| match pool {
        PoolRef::Pool(index) => format!(" from {:?}", tree.0.pools[index].key.name),
        PoolRef::Block(index) => format!(" from block {:?}", tree.0.claims[index].key.name),
    });
    said(outcome) + &pool.unwrap_or_default()
}

fn gists(tree: &Tree) -> Vec<(String, String)> {
    let plan = tree.plan();
    let mut gists: Vec<_> = tree
        .0
        .claims
        .iter()
        .zip(&plan.outcomes)
        .map(|(claim, outcome)| (claim.key.name.clone(), gist(tree, outcome)))
        .collect();
    gists.sort();
    gists
}

fn is_block(claim: &Claim) -> bool {
    claim.create_prefix || matches!(claim.kind, Kind::Pool | Kind::Aggregate)
}

/// Everything that a claim states once the plan is written, as prefixes; addresses alone.
fn stated(claim: &Claim, verdict: &Verdict) -> Vec<IpNet> {
    if claim.get {
        return Vec::new();
    }
    let status = verdict.status().copied().or(claim.status).map(|status| status.prefix);
    let alone = |net: IpNet| if is_block(claim) { net.trunc() } else { net.addr().into() };
    claim.prefix.into_iter().chain(status).map(alone).collect()
}

fn overlap(a: &IpNet, b: &IpNet) -> bool {
    a.contains(b) || b.contains(a)
}

/// May `outer`'s block hold what `inner` states?
fn may_hold(outer: &Claim, inner: &Claim) -> bool {
    is_block(outer)
        && (outer.kind == Kind::Aggregate || !outer.labels.is_empty())
        && if is_block(inner) {
            outer.kind == Kind::Aggregate
                || outer.kind == Kind::Pool && inner.kind == Kind::Pool
                || outer.kind == Kind::Loopback && inner.kind == Kind::Loopback
        } else {
            outer.kind == inner.kind || outer.kind == Kind::Aggregate
        }
}

/// No two claims of one network instance state the same; `of` says for which pairs it is asked.
fn never_two_owners(tree: &Tree, plan: &Plan, of: impl Fn(&Verdict, &Verdict) -> bool) {
    let claims = &tree.0.claims;
    for (i, a) in claims.iter().enumerate() {
        for (j, b) in claims.iter().enumerate().skip(i + 1) {
            let (va, vb) = (&plan.outcomes[i].verdict, &plan.outcomes[j].verdict);
            if a.instance != b.instance || (a.delete && b.delete) || !of(va, vb) {
                continue;
            }
            for x in stated(a, va) {
                for y in stated(b, vb) {
                    let inside = |outer: &IpNet, inner: &IpNet, of: &Claim| {
                        outer.contains(inner) && (outer != inner || !is_block(of))
                    };
                    let nested = (inside(&x, &y, b) && may_hold(a, b)) || (inside(&y, &x, a) && may_hold(b, a));
                    assert!(!overlap(&x, &y) || nested, "{} and {}: {x} and {y}", a.key, b.key);
                }
            }
        }
    }
}

/// What a run newly gives lies in its pool and is nothing that is never given.
fn well_given(tree: &Tree, plan: &Plan) {
    for (claim, outcome) in tree.0.claims.iter().zip(&plan.outcomes) {
        let (Verdict::Allocated { status, pool } | Verdict::Moved { status, pool, .. }) = &outcome.verdict else {
            continue;
        };
        let given: IpNet = if is_block(claim) { status.prefix } else { status.prefix.addr().into() };
        let parent = match pool {
            PoolRef::Pool(index) => tree.0.pools[*index].prefix.trunc(),
            PoolRef::Block(index) => {
                let owner = &tree.0.claims[*index];
                plan.outcomes[*index]
                    .verdict
                    .status()
                    .or(owner.status.as_ref())
                    .map(|s| s.prefix)
                    .or(owner.prefix)
                    .unwrap()
                    .trunc()
            }
        };
        assert!(parent.contains(&given), "{given} is not in {parent}");
        let is_static = claim.prefix.is_some();
        for other in tree.0.pools.iter().filter(|pool| pool.instance == claim.instance) {
            let nested = parent != other.prefix.trunc() && parent.contains(&other.prefix.trunc());
            assert!(
                !nested || is_static || !overlap(&given, &other.prefix.trunc()),
                "{given} is in the child pool {}",
                other.prefix
            );
        }
        if let PoolRef::Pool(index) = pool {
            let stated = &tree.0.pools[*index];
            let gateway =
                claim.kind == Kind::Network && claim.labels.get("nephio.org/gateway").is_some_and(|v| v == "true");
            if !gateway || is_block(claim) {
                for range in &stated.exclude {
                    let given = AddrRange::from(given);
                    assert!(
                        given.last() < range.first()
                            || given.first() > range.last()
                            || given.first().is_ipv4() != range.first().is_ipv4()
                    );
                }
                if let Some(range) = stated.range {
                    assert!(given.addr() >= range.first() && given.addr() <= range.last());
                }
            }
        }
        let host_bits = parent.max_prefix_len() - parent.prefix_len();
        if claim.kind == Kind::Network && !is_block(claim) && host_bits > 1 {
            assert_ne!(given.addr(), parent.network());
            assert!(matches!(given, IpNet::V6(_)) || given.addr() != parent.broadcast());
            assert_ne!(status.gateway, Some(given.addr()));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn order_does_not_matter(tree in wild(), seed in any::<u64>()) {
        let mut shuffled = tree.clone();
        // Pools of equal key and content are one; those of equal key and different content keep their order by content.
        let mix = |n: usize, len: usize| (n as u64 ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) as usize % len.max(1);
        for i in 0..shuffled.0.pools.len() {
            let j = mix(i, shuffled.0.pools.len());
            shuffled.0.pools.swap(i, j);
        }
        for i in 0..shuffled.0.claims.len() {
            let j = mix(i, shuffled.0.claims.len());
            shuffled.0.claims.swap(i, j);
        }
        prop_assert_eq!(gists(&tree), gists(&shuffled));
        prop_assert_eq!(tree.finds(), shuffled.finds());
    }

    #[test]
    fn a_plan_without_errors_leaves_no_address_with_two_owners(tree in wild()) {
        let plan = tree.plan();
        prop_assert!(!plan.findings.iter().any(|f| !CODES.contains(&f.code())));
        if !plan.has_errors() {
            never_two_owners(&tree, &plan, |_, _| true);
            well_given(&tree, &plan);
        }
    }

    #[test]
    fn nothing_that_is_held_is_given_whatever_else_is_wrong(tree in wild()) {
        let plan = tree.plan();
        if plan.findings.iter().any(|finding| finding.severity() == Severity::Error) {
            return Ok(());
        }
        let is_new = |v: &Verdict| matches!(v, Verdict::Allocated { .. } | Verdict::Moved { .. } | Verdict::Rewritten { .. });
        let stands = |v: &Verdict| !matches!(v, Verdict::Failed(_));
        never_two_owners(&tree, &plan, |a, b| (is_new(a) && stands(b)) || (is_new(b) && stands(a)));
        well_given(&tree, &plan);
    }

    #[test]
    fn a_rendered_tree_is_a_fixed_point(tree in prop_oneof![wild(), sane()]) {
        if tree.plan().has_errors() {
            return Ok(());
        }
        let rendered = tree.rendered();
        let plan = rendered.plan();
        prop_assert!(!plan.has_errors(), "{:#?}", plan);
        for (claim, outcome) in rendered.0.claims.iter().zip(&plan.outcomes) {
            let changes = outcome.verdict.status().is_some_and(|status| Some(*status) != claim.status);
            prop_assert!(!changes, "{}: {}", claim.key, said(outcome));
        }
    }

    #[test]
    fn adding_a_claim_moves_no_resolved_one(tree in sane(), new in any_claim(false)) {
        if tree.plan().has_errors() {
            return Ok(());
        }
        let rendered = tree.rendered();
        let mut claim = new;
        claim.key.name = "new".into();
        claim.index = None;
        claim.labels.remove("nephio.org/gateway");
        let before = rendered.plan();
        let plan = rendered.clone().and(claim).plan();
        for ((claim, before), outcome) in rendered.0.claims.iter().zip(&before.outcomes).zip(&plan.outcomes) {
            // An indexed claim may wait for its pool with a status from another time.
            let was_resolved = before.verdict.is_resolved() || claim.delete;
            if claim.status.is_some() && !claim.get && was_resolved {
                prop_assert!(outcome.verdict.status().is_none(), "{}: {}", claim.key, said(outcome));
                prop_assert!(outcome.verdict.is_resolved() || claim.delete, "{}: {}", claim.key, said(outcome));
            }
        }
    }

    #[test]
    fn removing_a_claim_moves_no_other(tree in sane(), which in any::<prop::sample::Index>()) {
        if tree.plan().has_errors() || tree.0.claims.is_empty() {
            return Ok(());
        }
        let mut rendered = tree.rendered();
        let removed = rendered.0.claims.remove(which.index(rendered.0.claims.len()));
        for (claim, outcome) in rendered.0.claims.iter().zip(rendered.plan().outcomes) {
            let is_mended = matches!(outcome.verdict, Verdict::Mended { .. });
            let moved = outcome.verdict.status().is_some_and(|status| Some(*status) != claim.status);
            let serves_others = is_block(&removed) && !removed.labels.is_empty();
            let was_gateway = removed.labels.contains_key("nephio.org/gateway");
            let was_resolved = claim.status.is_some();
            // Who waited may have what became free; a gateway that goes is mended; a pool that goes leaves its claims unserved.
            prop_assert!(
                !moved || !was_resolved || claim.get || (is_mended && was_gateway) || (serves_others && claim.index.is_some()),
                "{}: {}", claim.key, said(&outcome)
            );
        }
    }

    #[test]
    fn every_code_is_listed(tree in wild()) {
        let plan = tree.plan();
        for outcome in &plan.outcomes {
            let codes = outcome.verdict.code().into_iter().chain(outcome.warnings.iter().map(Warning::code));
            for code in codes {
                prop_assert!(CODES.contains(&code), "{}", code);
            }
        }
    }
}
