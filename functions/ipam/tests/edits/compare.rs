//! Holds a plan against the model's answers.

use std::collections::BTreeSet;

use ipam::{Claim, Finding, Input, Outcome, Plan, PoolRef, Verdict};
use ipnet::IpNet;

use crate::model::{Answers, Class, PoolName, PoolProblem};

/// Where the plan says something else than the model, in words.
pub(crate) fn differences(input: &Input, plan: &Plan, answers: &Answers) -> Vec<String> {
    let mut differences = Vec::new();
    let found: BTreeSet<PoolProblem> = plan.findings.iter().map(|finding| problem(input, finding)).collect();
    if !same_problems(&found, &answers.pools) {
        differences.push(format!("pools:\n  plan  {found:?}\n  model {:?}", answers.pools));
    }
    if plan.outcomes.len() != answers.claims.len() {
        differences.push(format!("{} outcomes for {} claims", plan.outcomes.len(), answers.claims.len()));
    }
    // Which of two contradicting pools serves nobody can say.
    let contradict =
        |problem: &PoolProblem| ["pool-disagrees", "pool-nesting", "gateway-is-broadcast"].contains(&problem.0);
    if answers.pools.iter().any(contradict) {
        return differences;
    }
    for (index, ((claim, outcome), answer)) in input.claims.iter().zip(&plan.outcomes).zip(&answers.claims).enumerate()
    {
        let found = class(input, plan, outcome);
        let warnings: BTreeSet<&'static str> = outcome.warnings.iter().map(ipam::Warning::code).collect();
        let others_failed = others(plan, index).any(|other| matches!(other.verdict, Verdict::Failed(_)));
        let of_failed = matches!(outcome.verdict.pool(), Some(PoolRef::Block(block))
            if matches!(plan.outcomes[block].verdict, Verdict::Failed(_)));
        if others_failed && (of_failed || answer.doubtful || open_to_others(claim, &found, &answer.class)) {
            continue;
        }
        if !agree(&found, &answer.class) || !agree_in_warnings(&warnings, &answer.warnings) {
            differences.push(format!(
                "claim {} {}:\n  plan  {found:?} {warnings:?}\n  model {:?} {:?}",
                claim.key.package, claim.key, answer.class, answer.warnings
            ));
        }
    }
    differences
}

fn others(plan: &Plan, index: usize) -> impl Iterator<Item = &Outcome> {
    plan.outcomes.iter().enumerate().filter(move |(other, _)| *other != index).map(|(_, outcome)| outcome)
}

/// Nothing of a plan with errors is written, and whether a claim in error holds what it states is nobody's business: so
/// what others would be given, and which gateway they would be told, may differ, and nothing else.
fn open_to_others(claim: &Claim, plan: &Class, model: &Class) -> bool {
    let is_new = claim.status.is_none() && claim.prefix.is_none();
    let given = |class: &Class| match class {
        Class::Allocated(..) | Class::Moved(..) | Class::Got(..) => true,
        Class::Failed(codes) => {
            codes.iter().all(|code| WITHOUT_A_PLACE.contains(code) || (is_new && *code == "gateway-exists"))
        }
        _ => false,
    };
    (given(plan) && given(model)) || (place(plan).is_some() && place(plan) == place(model))
}

/// Codes of claims for which nothing is left.
const WITHOUT_A_PLACE: [&str; 3] = ["pool-exhausted", "cannot-move", "gateway-taken"];

/// Of two claims that go and state the same, which one is told so is open.
fn agree_in_warnings(plan: &BTreeSet<&'static str>, model: &BTreeSet<&'static str>) -> bool {
    let without = |codes: &BTreeSet<&'static str>| -> BTreeSet<&'static str> {
        codes.iter().copied().filter(|code| *code != "held-twice").collect()
    };
    without(plan) == without(model) && (!plan.contains("held-twice") || model.contains("held-twice"))
}

/// Of pools nested in several others the plan may name fewer pairs, but some.
fn same_problems(plan: &BTreeSet<PoolProblem>, model: &BTreeSet<PoolProblem>) -> bool {
    let split = |all: &BTreeSet<PoolProblem>| -> (BTreeSet<PoolProblem>, BTreeSet<PoolProblem>) {
        all.iter().cloned().partition(|problem| problem.0 == "pool-nesting")
    };
    let ((plan_nesting, plan_others), (model_nesting, model_others)) = (split(plan), split(model));
    plan_others == model_others
        && plan_nesting.is_subset(&model_nesting)
        && plan_nesting.is_empty() == model_nesting.is_empty()
}

/// Errors agree when the plan's code is one of the rules that the claim breaks; everything else must be equal.
fn agree(plan: &Class, model: &Class) -> bool {
    match (plan, model) {
        (Class::Failed(found), Class::Failed(broken)) => found.is_subset(broken),
        _ => plan == model,
    }
}

/// What a claim has and from which pool, its gateway aside.
fn place(class: &Class) -> Option<(Option<IpNet>, IpNet)> {
    match class {
        Class::Kept(pool) | Class::Mended(_, pool) => Some((None, *pool)),
        Class::Rewritten(status, pool) => Some((Some(status.prefix), *pool)),
        _ => None,
    }
}

/// What the plan says of a claim, in the model's words.
pub(crate) fn class(input: &Input, plan: &Plan, outcome: &Outcome) -> Class {
    let pool = |pool: &PoolRef| pool_prefix(input, plan, *pool);
    match &outcome.verdict {
        Verdict::Allocated { status, pool: p } => Class::Allocated(*status, pool(p)),
        Verdict::Kept { pool: p } => Class::Kept(pool(p)),
        Verdict::KeptUnserved { pools_in_sight } => Class::KeptUnserved { pools_in_sight: *pools_in_sight },
        Verdict::Mended { status, pool: p, .. } => Class::Mended(*status, pool(p)),
        Verdict::Rewritten { status, pool: p, .. } => Class::Rewritten(*status, pool(p)),
        Verdict::Moved { status, pool: p, .. } => Class::Moved(*status, pool(p)),
        Verdict::Got { status, pool: p } => Class::Got(*status, pool(p)),
        Verdict::Deleting => Class::Deleting,
        Verdict::Pending(pending) => Class::Pending(pending.cause.code()),
        Verdict::Failed(failure) => Class::Failed(BTreeSet::from([failure.code()])),
    }
}

/// The prefix of a pool without host bits.
pub(crate) fn pool_prefix(input: &Input, plan: &Plan, pool: PoolRef) -> IpNet {
    match pool {
        PoolRef::Pool(index) => input.pools[index].prefix.trunc(),
        PoolRef::Block(index) => {
            let claim = &input.claims[index];
            let new = plan.outcomes[index].verdict.status().copied();
            new.or(claim.status).map(|status| status.prefix).or(claim.prefix).expect("a block").trunc()
        }
    }
}

fn problem(input: &Input, finding: &Finding) -> PoolProblem {
    let name = |index: usize| -> PoolName { (input.pools[index].key.clone(), input.pools[index].prefix) };
    let other = match finding {
        Finding::Disagree { first, .. } => Some(*first),
        Finding::Nesting { parent, .. } => Some(*parent),
        _ => None,
    };
    (finding.code(), name(finding.pool()), other.map(name))
}
