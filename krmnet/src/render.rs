//! Running the steps of a plan on a package tree, in memory.

use krm::codes::INTERNAL_ERROR;
use krm::{FileRef, Finding, ResourceList, Severity};

use crate::package::PackageTree;
use crate::pipeline::{Plan, Role, Step, StepRef, with_key};

/// A finding, and the step that reported it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reported {
    pub(crate) finding: Finding,
    /// None for what was wrong before any step ran.
    pub(crate) step: Option<StepRef>,
}

impl Reported {
    pub(crate) fn is_error(&self) -> bool {
        self.finding.severity == Severity::Error
    }
}

impl From<Finding> for Reported {
    fn from(finding: Finding) -> Self {
        Self { finding, step: None }
    }
}

/// Runs the steps. With an error among the findings the tree is not to be written.
///
/// A package whose step fails takes no further step, nor do those around it; the others go on, so that one render shows
/// what is wrong everywhere.
pub(crate) fn render(tree: &mut PackageTree, plan: &Plan) -> Vec<Reported> {
    if plan.findings.iter().any(|finding| finding.severity == Severity::Error) {
        return plan.findings.iter().cloned().map(Reported::from).collect();
    }
    let mut failed: Vec<usize> = Vec::new();
    let mut runs: Vec<Run<'_>> = Vec::new();
    for step in &plan.steps {
        let end = tree.packages().get(step.package).map_or(step.package, |package| package.end);
        if failed.iter().any(|failed| (step.package..end).contains(failed)) {
            continue;
        }
        let findings = run(tree, step).unwrap_or_else(|finding| vec![finding]);
        if findings.iter().any(|finding| finding.severity == Severity::Error) {
            failed.push(step.package);
        }
        runs.push(Run { step, end, findings });
    }
    let is_written = failed.is_empty();
    let before = plan.findings.iter().cloned().map(Reported::from);
    before.chain(reported(&runs, is_written)).collect()
}

/// A step that ran.
struct Run<'p> {
    step: &'p Step,
    /// One past the last package that it saw.
    end: usize,
    findings: Vec<Finding>,
}

/// Runs one step; answers what it reported. The error is a step that cannot run.
fn run(tree: &mut PackageTree, step: &Step) -> Result<Vec<Finding>, Finding> {
    let stated = step.config.value(&step.place, step.package, tree)?;
    let config = match step.forced {
        Some((key, value)) => Some(with_key(stated, key, value)),
        None => stated,
    };
    let wanted = |item: &krm::Item| step.choice.includes(item);
    if step.place.role == Role::Validator {
        let mut list = ResourceList::of_documents(tree.copy(step.package, wanted), config);
        step.function.apply(&mut list);
        return Ok(list.findings().to_vec());
    }
    let (lease, items) = tree.lend(step.package, wanted);
    let mut list = ResourceList::of_documents(items, config);
    tree.reserve(&lease, &mut list);
    step.function.apply(&mut list);
    let findings = list.findings().to_vec();
    tree.take_back(lease, list.into_items()).map_err(|stray| {
        let file = step.place.kptfile.as_deref().map(FileRef::new);
        Finding::error(INTERNAL_ERROR, stray.to_string()).file(file)
    })?;
    Ok(findings)
}

/// What is to be told: each thing once, and no warning that a later run of the same function, which saw at least the same
/// resources, had no reason to repeat. Of a tree that is not written no change is told.
fn reported(runs: &[Run<'_>], is_written: bool) -> Vec<Reported> {
    let mut told: std::collections::HashSet<String> = std::collections::HashSet::new();
    let mut reported = Vec::new();
    for (at, run) in runs.iter().enumerate() {
        let later = runs.get(at + 1..).unwrap_or_default();
        let warns = run.findings.iter().any(|finding| finding.severity == Severity::Warning);
        let superseded = warns && later.iter().any(|later| later.supersedes(run));
        for finding in &run.findings {
            let is_undone = !is_written && run.step.function.changes.contains(&finding.code);
            if is_undone || (superseded && finding.severity == Severity::Warning) {
                continue;
            }
            if told.insert(finding.to_value().to_string()) {
                reported.push(Reported { finding: finding.clone(), step: Some(run.step.place.clone()) });
            }
        }
    }
    reported
}

impl Run<'_> {
    fn supersedes(&self, earlier: &Run<'_>) -> bool {
        let (now, then) = (self.step, earlier.step);
        now.function.name == then.function.name
            && now.package <= then.package
            && earlier.end <= self.end
            && (now.choice.is_everything() || now.choice == then.choice)
    }
}

#[cfg(test)]
mod tests;
