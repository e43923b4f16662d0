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

use ipam::{Failure, Plan, Severity, Verdict};
use krm::{Finding, ResourceList};

use crate::read::Tree;
use given::Record;
use names::Names;

/// The findings of a plan: of pools first, then of claims in their order, then what was given.
pub(crate) fn findings(list: &ResourceList, tree: &Tree, plan: &Plan) -> Vec<Finding> {
    let names = Names { list, tree, plan };
    let mut findings: Vec<Finding> = plan.findings.iter().filter_map(|found| pools::finding(names, found)).collect();
    let mut told = Told::default();
    let mut record = Record::default();
    for &at in &tree.order {
        let Some(outcome) = plan.outcomes.get(at) else { continue };
        let finding = match &outcome.verdict {
            Verdict::Failed(failure) => {
                let seen = match failure {
                    Failure::Exhausted(exhausted) => told.before(Arc::as_ptr(&exhausted.pools).addr(), at),
                    _ => None,
                };
                failure::finding(names, at, failure, seen)
            }
            Verdict::Pending(pending) => {
                let seen = told.before(Arc::as_ptr(&pending.explanation).addr(), at);
                waiting::finding(names, at, pending, seen)
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

/// Which claim's finding has told the reasons already. Claims that ask the same share them, which shows in the place where
/// they lie in memory.
#[derive(Default)]
struct Told(HashMap<usize, usize>);

impl Told {
    fn before(&mut self, reasons: usize, at: usize) -> Option<usize> {
        let first = *self.0.entry(reasons).or_insert(at);
        (first != at).then_some(first)
    }
}
