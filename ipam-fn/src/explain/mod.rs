//! From the reasons of a plan to results that an engineer understands at night: what was found, what it collides with, in
//! which file, and what to do.

mod failure;
mod form;
mod given;
mod names;
mod pools;
mod usage;
mod waiting;

use std::collections::HashMap;
use std::sync::Arc;

use ipam::{Explanation, Failure, Plan, Severity, Usage, Verdict};
use krm::{Finding, ResourceList};

use crate::read::Tree;
use given::Record;
use names::Names;

/// The findings of a plan: of pools first, then of claims in their order, then what was given.
pub(crate) fn findings(list: &ResourceList, tree: &Tree, plan: &Plan) -> Vec<Finding> {
    let names = Names { list, tree, plan };
    let mut findings: Vec<Finding> = plan.findings.iter().filter_map(|found| pools::finding(names, found)).collect();
    let mut told = Tellers::default();
    let mut record = Record::default();
    for &at in &tree.order {
        let Some(outcome) = plan.outcomes.get(at) else { continue };
        let finding = match &outcome.verdict {
            Verdict::Failed(failure) => {
                let told = match failure {
                    Failure::Exhausted(exhausted) => told.exhausted(&exhausted.pools, at),
                    _ => Told::Here,
                };
                failure::finding(names, at, failure, told)
            }
            Verdict::Pending(pending) => {
                let told = told.pending(&pending.explanation, at);
                waiting::finding(names, at, pending, told)
            }
            verdict if verdict.severity() == Some(Severity::Info) => {
                record.add(at, verdict);
                None
            }
            verdict => given::finding(names, at, verdict),
        };
        findings.extend(finding.map(|finding| names.about_claim(finding, at)));
        findings.extend(outcome.warnings.iter().filter_map(|warning| {
            let finding = given::warning(names, at, warning)?;
            Some(names.about_claim(finding, at))
        }));
    }
    findings.extend(record.findings(names));
    findings
}

/// Where the reasons of a claim are told in full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    /// In its own finding.
    Here,
    /// In that of another claim, which has the very same ones.
    By(usize),
    /// Nowhere: the allocation core explains so many claims only.
    Nowhere,
}

/// Which claim's finding has told which reasons. Claims that ask the same share them, which shows in the place where they
/// lie in memory.
#[derive(Default)]
struct Tellers(HashMap<usize, usize>);

impl Tellers {
    fn pending(&mut self, reasons: &Arc<Explanation>, at: usize) -> Told {
        if reasons.pools.is_empty() && reasons.omitted > 0 {
            return Told::Nowhere;
        }
        self.told(Arc::as_ptr(reasons).addr(), at)
    }

    fn exhausted(&mut self, pools: &Arc<Vec<Usage>>, at: usize) -> Told {
        if pools.is_empty() { Told::Nowhere } else { self.told(Arc::as_ptr(pools).addr(), at) }
    }

    fn told(&mut self, reasons: usize, at: usize) -> Told {
        let first = *self.0.entry(reasons).or_insert(at);
        if first == at { Told::Here } else { Told::By(first) }
    }
}
