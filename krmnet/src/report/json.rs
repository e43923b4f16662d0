//! The report for programs.

use serde_json::{Value, json};

use super::{Fate, Report};
use crate::package::Change;
use crate::render::Reported;

pub(super) fn json(report: &Report<'_>) -> String {
    let document = json!({
        "exitCode": report.exit_code,
        "written": report.fate == Fate::Written,
        "files": {
            "created": paths(report.made()),
            "changed": paths(report.edited()),
            "deleted": paths(report.removed()),
        },
        "results": report.results.iter().map(result).collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}

fn paths<'c>(changes: impl Iterator<Item = &'c Change>) -> Vec<&'c str> {
    changes.map(|change| change.path.as_str()).collect()
}

/// A result as a ResourceList holds it, and the step that it comes from.
fn result(reported: &Reported) -> Value {
    let mut result = reported.finding.to_value();
    if let (Some(step), Some(fields)) = (&reported.step, result.as_object_mut()) {
        let step = json!({
            "function": step.function,
            "kptfile": step.kptfile,
            "list": step.role.key(),
            "number": step.number,
        });
        fields.insert("step".to_owned(), step);
    }
    result
}
