//! The generator is only as good as what it reaches: every code and every kind of verdict, and none of them rarely.

use std::collections::{BTreeMap, BTreeSet};

use ipam::{CODES, Plan, Verdict, plan};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::draw::{World, edits};

const SEQUENCES: usize = 600;

/// Least share of plans that show it, in thousandths.
const LEAST: usize = 2;

fn verdict(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Allocated { .. } => "Allocated",
        Verdict::Kept { .. } => "Kept",
        Verdict::KeptUnserved { .. } => "KeptUnserved",
        Verdict::Mended { .. } => "Mended",
        Verdict::Rewritten { .. } => "Rewritten",
        Verdict::Moved { .. } => "Moved",
        Verdict::Got { .. } => "Got",
        Verdict::Deleting => "Deleting",
        Verdict::Pending(_) => "Pending",
        Verdict::Failed(_) => "Failed",
    }
}

const VERDICTS: [&str; 10] =
    ["Allocated", "Kept", "KeptUnserved", "Mended", "Rewritten", "Moved", "Got", "Deleting", "Pending", "Failed"];

/// Everything that a plan says, once each.
fn said(plan: &Plan) -> BTreeSet<&'static str> {
    let mut said: BTreeSet<&'static str> = plan.findings.iter().map(ipam::Finding::code).collect();
    for outcome in &plan.outcomes {
        said.insert(verdict(&outcome.verdict));
        said.extend(outcome.verdict.code());
        said.extend(outcome.warnings.iter().map(ipam::Warning::code));
    }
    said
}

#[test]
fn every_code_and_verdict_occurs_often_enough() {
    let mut runner = TestRunner::deterministic();
    let (mut plans, mut counts) = (0_usize, BTreeMap::<&str, usize>::new());
    for _ in 0..SEQUENCES {
        let mut world = World::default();
        for edit in edits().new_tree(&mut runner).expect("a sequence").current() {
            world.apply(edit);
            plans += 1;
            for word in said(&plan(&world.input)) {
                *counts.entry(word).or_default() += 1;
            }
        }
    }
    let shares: Vec<String> = counts.iter().map(|(word, count)| format!("{word} {}‰", count * 1000 / plans)).collect();
    let rare: Vec<&&str> = CODES
        .iter()
        .chain(&VERDICTS)
        .filter(|word| counts.get(**word).copied().unwrap_or_default() * 1000 < LEAST * plans)
        .collect();
    assert!(rare.is_empty(), "of {plans} plans too few show {rare:?}; all: {}", shares.join(", "));
}
