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

use ipam::{Explanation, PendingCause, Plan, Verdict};
use krm::{Finding, ResourceList, Severity};

use crate::read::Tree;
use given::Record;
use names::Names;

/// The findings of a plan: of pools first, then of claims in the given order, then what was given.
pub(crate) fn findings(list: &ResourceList, tree: &Tree, plan: &Plan, order: &[usize]) -> Vec<Finding> {
    let names = Names { list, tree, plan };
    let mut findings: Vec<Finding> = plan.findings.iter().filter_map(|found| pools::finding(names, found)).collect();
    let mut told = Told::default();
    let mut record = Record::default();
    for &at in order {
        let Some(outcome) = plan.outcomes.get(at) else { continue };
        let finding = match &outcome.verdict {
            Verdict::Failed(failure) => failure::finding(names, at, failure),
            Verdict::Pending(pending) => {
                waiting::finding(names, at, pending, told.before(&pending.explanation, pending.cause, at))
            }
            verdict => given::finding(names, at, verdict),
        };
        match finding {
            Some(info) if info.severity == Severity::Info => record.add(at, info),
            Some(finding) => findings.push(names.about_claim(finding, at)),
            None => {}
        }
        findings.extend(outcome.warnings.iter().map(|w| names.about_claim(given::warning(names, w), at)));
    }
    findings.extend(record.findings(names));
    findings
}

/// Which claim's finding has told an explanation already. Claims that ask the same share one.
#[derive(Default)]
struct Told(HashMap<(*const Explanation, PendingCause), usize>);

impl Told {
    fn before(&mut self, explanation: &Arc<Explanation>, cause: PendingCause, at: usize) -> Option<usize> {
        let first = *self.0.entry((Arc::as_ptr(explanation), cause)).or_insert(at);
        (first != at).then_some(first)
    }
}
