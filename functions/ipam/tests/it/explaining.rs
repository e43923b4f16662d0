//! Why a claim is not served, and what was probably meant.

use ipam::*;

use crate::build::*;

fn explained(tree: &Tree) -> (PendingCause, Explanation) {
    match tree.plan().outcomes.pop().unwrap().verdict {
        Verdict::Pending(pending) => (pending.cause, (*pending.explanation).clone()),
        other => panic!("not pending: {other:?}"),
    }
}

fn label(key: &str, operator: Operator, asked: &[&str], found: &[&str]) -> Mismatch {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    Mismatch::Label { key: key.into(), operator, asked: owned(asked), found: owned(found) }
}

const CLUSTER: &str = "nephio.org/cluster-name";

#[test]
fn every_pool_of_the_network_instance_says_why_not() {
    let tree = Tree::default()
        .with(network("10.0.0.0/24").label(CLUSTER, "edge02").label("tier", "gold"))
        .with(network("fd00::/64"))
        .with(loopback("10.1.0.0/24").label("tier", "gold"))
        .with(network("10.9.0.0/24").of(Instance::new("default", "other")))
        .and(claim("link").block(28).label("tier", "gold").deleting().kind(Kind::Network).has("10.2.0.0/28"))
        .and(claim("a").family(Family::V4).select(CLUSTER, "edge01").select("tier", "gold"));
    let (cause, explanation) = explained(&tree);
    assert_eq!(cause, PendingCause::NoMatch);
    assert_eq!(explanation.instance, vpc());
    let pools: Vec<PoolRef> = explanation.pools.iter().map(|miss| miss.pool).collect();
    assert_eq!(pools, [PoolRef::Pool(0), PoolRef::Pool(2), PoolRef::Pool(1), PoolRef::Block(0)], "near misses first");
    let why = |n: usize| explanation.pools[n].why.clone();
    assert_eq!(why(0), [label(CLUSTER, Operator::In, &["edge01"], &["edge02"])]);
    assert_eq!(why(1), [Mismatch::Kind { asked: vec![Kind::Network], found: Kind::Loopback }]);
    assert_eq!(
        why(2),
        [Mismatch::Family { asked: Family::V4, found: Family::V6 }, label("tier", Operator::In, &["gold"], &[])]
    );
    assert_eq!(why(3), [Mismatch::Deleting, label(CLUSTER, Operator::In, &["edge01"], &[])]);
    assert_eq!(explanation.pools[0].prefix, net("10.0.0.0/24"));
    assert_eq!(explanation.omitted, 0);
}

#[test]
fn a_topology_key_that_is_not_mentioned_is_named() {
    let tree = Tree::default().with(network("10.0.0.0/24").label(CLUSTER, "edge02")).and(claim("a"));
    let (_, explanation) = explained(&tree);
    assert_eq!(explanation.pools[0].why, [Mismatch::Unasked { key: CLUSTER.into(), found: vec!["edge02".into()] }]);
}

#[test]
fn a_block_that_is_not_named_says_so() {
    let tree = Tree::default().and(claim("link").block(24).label("purpose", "link").has("10.0.0.0/24")).and(claim("a"));
    let (_, explanation) = explained(&tree);
    assert_eq!(explanation.pools[0].pool, PoolRef::Block(0));
    assert_eq!(explanation.pools[0].why, [Mismatch::BlockNotNamed]);
}

#[test]
fn a_static_claim_is_outside_of_all_pools_of_its_kind() {
    let tree = Tree::default()
        .with(network("10.0.0.0/24").label(CLUSTER, "edge02"))
        .with(loopback("10.1.0.0/24"))
        .and(claim("a").at("10.9.0.9/24"));
    let (cause, explanation) = explained(&tree);
    assert_eq!(cause, PendingCause::StaticUnserved);
    assert_eq!(explanation.pools[0].why, [Mismatch::Outside]);
    assert_eq!(explanation.pools[1].why, [Mismatch::Kind { asked: vec![Kind::Network], found: Kind::Loopback }]);
}

#[test]
fn the_same_name_in_another_namespace_and_similar_names_are_suggested() {
    let instance = |namespace: &str, name: &str| Instance::new(namespace, name);
    let asked = instance("default", "vpc-internal");
    let tree = Tree::default()
        .with(network("10.0.0.0/24").of(instance("default", "vpc-internol")))
        .with(network("10.0.0.0/24").of(instance("core", "vpc-internal")))
        .with(network("10.0.0.0/24").of(instance("default", "vpc-ran")))
        .and(claim("a").of(asked.clone()));
    let (cause, explanation) = explained(&tree);
    assert_eq!(cause, PendingCause::NoPool);
    assert!(explanation.pools.is_empty());
    let suggestion = |found| Suggestion::Instance { asked: asked.clone(), found };
    assert_eq!(
        explanation.suggestions,
        [suggestion(instance("core", "vpc-internal")), suggestion(instance("default", "vpc-internol"))]
    );
}

#[test]
fn label_values_and_keys_that_nearly_match_are_suggested() {
    let tree = Tree::default()
        .with(network("10.0.0.0/24").named("a").label(CLUSTER, "edge-01").label("purpose", "n3"))
        .with(network("10.0.1.0/24").named("b").label(CLUSTER, "edge-01").label("purpose", "n3"))
        .with(loopback("10.0.2.0/24").named("c").label(CLUSTER, "edge1"))
        .and(claim("a").select(CLUSTER, "edge01").select("purposes", "n3"));
    let (_, explanation) = explained(&tree);
    assert_eq!(
        explanation.suggestions,
        [
            Suggestion::LabelValue {
                key: CLUSTER.into(),
                asked: "edge01".into(),
                found: "edge-01".into(),
                pool: PoolRef::Pool(0)
            },
            Suggestion::LabelKey { asked: "purposes".into(), found: "purpose".into(), pool: PoolRef::Pool(0) },
        ],
        "each once, and only of pools that differ in nothing but labels"
    );
}

#[test]
fn claims_that_ask_the_same_share_one_explanation() {
    let tree = Tree::default().with(loopback("10.0.0.0/24")).and(claim("a")).and(claim("b"));
    let plan = tree.plan();
    let explanation = |n: usize| match &plan.outcomes[n].verdict {
        Verdict::Pending(pending) => std::sync::Arc::clone(&pending.explanation),
        _ => panic!(),
    };
    assert!(std::sync::Arc::ptr_eq(&explanation(0), &explanation(1)));
}

#[test]
fn a_long_list_of_pools_is_cut() {
    let tree = (0..200).fold(Tree::default(), |tree, n| tree.with(loopback(&format!("10.0.{n}.0/24"))));
    let (_, explanation) = explained(&tree.and(claim("a")));
    assert_eq!(explanation.pools.len() + explanation.omitted, 200);
    assert_eq!(explanation.pools.len(), 20);
}

#[test]
fn reasons_are_cut() {
    let claim = (0..50).fold(claim("a"), |claim, n| claim.select(&format!("key-{n}"), "x"));
    let (_, explanation) = explained(&Tree::default().with(network("10.0.0.0/24")).and(claim));
    assert_eq!(explanation.pools[0].why.len(), 10);
}

#[test]
fn so_many_claims_are_explained_and_the_others_share_one_answer() {
    let tree = Tree::default().with(network("10.0.0.0/24")).with(network("10.0.1.0/24"));
    let ask = |n: usize| claim(&format!("c{n:04}")).select("tier", &n.to_string());
    let plan = (0..1_002).fold(tree, |tree, n| tree.and(ask(n))).plan();
    let explanations: Vec<_> = (plan.outcomes.iter())
        .filter_map(|outcome| match &outcome.verdict {
            Verdict::Pending(pending) => Some(std::sync::Arc::clone(&pending.explanation)),
            _ => None,
        })
        .collect();
    let told = explanations.iter().filter(|explanation| explanation.pools.len() == 2).count();
    assert_eq!((explanations.len(), told), (1_002, 1_000));
    let brief: Vec<_> = explanations.iter().filter(|explanation| explanation.pools.is_empty()).collect();
    assert!(std::sync::Arc::ptr_eq(brief[0], brief[1]));
    assert_eq!((brief[0].omitted, &brief[0].instance), (2, &vpc()));
}

#[test]
fn pools_that_are_too_small_are_cut() {
    let tree = (0..50).fold(Tree::default(), |tree, n| tree.with(aggregate(&format!("10.0.{n}.0/24"))));
    let Failure::LengthTooShort { pools, omitted, .. } = tree.and(claim("a").block(24)).failure() else { panic!() };
    assert_eq!((pools.len(), omitted), (20, 30));
}

#[test]
fn strict_selectors_explain_with_plain_semantics() {
    let tree =
        Tree::default().with(network("10.0.0.0/24")).and(claim("a").select(CLUSTER, "edge01")).strict_selectors();
    let (_, explanation) = explained(&tree);
    assert_eq!(explanation.pools[0].why, [label(CLUSTER, Operator::In, &["edge01"], &[])]);
}

#[test]
fn every_verdict_has_its_severity_and_code() {
    let tree = Tree::default()
        .with(network("10.0.0.0/24"))
        .and(claim("a"))
        .and(claim("b").has_via("10.0.0.9/24", "10.0.0.1"))
        .and(claim("c").has("10.0.0.8/24"))
        .and(claim("d").has("10.7.0.8/24"))
        .and(claim("e").at("10.0.0.7/24").has("10.0.0.6/24"))
        .and(claim("f").kind(Kind::Loopback))
        .and(claim("g").kind(Kind::Pool))
        .and(claim("h").deleting())
        .and(claim("i").get())
        .and(claim("j").has("10.0.0.9/24"));
    let plan = Tree(tree.0).reallocate().plan();
    let codes: Vec<_> = plan.outcomes.iter().map(|o| (o.verdict.severity(), o.verdict.code())).collect();
    assert_eq!(
        codes,
        [
            (Some(Severity::Info), Some("allocated")),
            (None, None),
            (Some(Severity::Info), Some("status-mended")),
            (Some(Severity::Warning), Some("not-in-a-pool")),
            (Some(Severity::Warning), Some("status-rewritten")),
            (Some(Severity::Warning), Some("no-matching-pool")),
            (Some(Severity::Error), Some("pool-without-create-prefix")),
            (None, None),
            (None, None),
            (Some(Severity::Warning), Some("address-moved")),
        ]
    );
    assert!(plan.has_errors());
    let resolved: Vec<bool> = plan.outcomes.iter().map(|o| o.verdict.is_resolved()).collect();
    assert_eq!(resolved, [true, true, true, true, true, false, false, false, true, true]);
}

#[test]
fn codes_are_sorted_unique_and_kebab_case() {
    let mut sorted = CODES.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(CODES, sorted);
    let is_kebab = |code: &&str| code.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    assert!(CODES.iter().all(is_kebab));
}
