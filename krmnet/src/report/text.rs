//! The report for people.

use krm::codes::NO_RESOURCES;
use krm::{Finding, Severity, printable};

use super::{Fate, Report};
use crate::render::Reported;
use crate::style::{Paint, Style};

/// More objects than these are only counted: nobody reads on, and JSON holds them all.
const MOST_GROUPS: usize = 200;

pub(super) fn text(report: &Report<'_>, paint: Paint) -> String {
    let groups = groups(report.results);
    let mut out = String::new();
    for group in groups.iter().take(MOST_GROUPS) {
        group.write(paint, &mut out);
    }
    if let Some(more) = groups.len().checked_sub(MOST_GROUPS).filter(|more| *more > 0) {
        out.push_str(&format!("... and {more} more objects; --format json holds all of them\n"));
    }
    let style = if report.errors() > 0 { Style::Error } else { Style::Heading };
    out.push_str(&paint.text(style, &closing(report)));
    out.push('\n');
    out
}

/// The findings about one thing.
struct Group<'r> {
    /// The object and its file; else the file; else the step.
    heading: String,
    reported: Vec<&'r Reported>,
}

/// The groups: those with errors first, then those with warnings; else in the order of their first finding.
fn groups(results: &[Reported]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut by_heading = std::collections::HashMap::new();
    for reported in results.iter().filter(|reported| reported.finding.code != NO_RESOURCES) {
        let heading = heading(reported);
        let at = *by_heading.entry(heading.clone()).or_insert_with(|| {
            groups.push(Group { heading, reported: Vec::new() });
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(at) {
            group.reported.push(reported);
        }
    }
    for group in &mut groups {
        group.reported.sort_by_key(|reported| reported.finding.severity);
    }
    groups.sort_by_key(|group| group.reported.first().map(|reported| reported.finding.severity));
    groups
}

fn heading(reported: &Reported) -> String {
    let Finding { object, file, .. } = &reported.finding;
    let file = file.as_ref().map(ToString::to_string);
    let object = object.as_ref().map(|object| match &object.namespace {
        Some(namespace) => format!("{} {namespace}/{}", object.kind, object.name),
        None => format!("{} {}", object.kind, object.name),
    });
    let heading = match (object, file, &reported.step) {
        (Some(object), Some(file), _) => format!("{object} ({file})"),
        (Some(object), None, _) => object,
        (None, Some(file), _) => file,
        (None, None, Some(step)) => step.to_string(),
        (None, None, None) => "krmnet".to_owned(),
    };
    printable(&heading)
}

impl Group<'_> {
    fn write(&self, paint: Paint, out: &mut String) {
        out.push_str(&paint.text(Style::Heading, &self.heading));
        out.push('\n');
        for reported in &self.reported {
            let finding = Finding { object: None, file: None, ..reported.finding.clone() };
            let text = finding.to_text();
            let label = format!("[{}]", finding.severity);
            let rest = text.strip_prefix(&label).unwrap_or_default();
            out.push_str("  ");
            out.push_str(&paint.text(style_of(finding.severity), &label));
            out.push_str(&rest.replace('\n', "\n  "));
            out.push('\n');
            if let (Some(step), true) = (&reported.step, reported.is_error()) {
                let step = step.to_string();
                if step != self.heading {
                    out.push_str(&format!("    reported by {}\n", printable(&step)));
                }
            }
        }
    }
}

fn style_of(severity: Severity) -> Style {
    match severity {
        Severity::Error => Style::Error,
        Severity::Warning => Style::Warning,
        Severity::Info => Style::Note,
    }
}

/// The last line: what became of the files, and what is left to do.
fn closing(report: &Report<'_>) -> String {
    let errors = report.errors();
    match report.fate {
        Fate::Refused => return format!("krmnet: {}; nothing was written", count(errors, "error")),
        Fate::Interrupted => return format!("krmnet: {}; only some files were written", count(errors, "error")),
        Fate::Written | Fate::Planned => {}
    }
    let pieces: Vec<String> = [
        (report.made().count(), "created"),
        (report.edited().count(), "changed"),
        (report.removed().count(), "deleted"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(files, what)| format!("{} {what}", count(files, "file")))
    .collect();
    let what = match (pieces.is_empty(), report.fate) {
        (true, _) => "nothing to do".to_owned(),
        (false, Fate::Planned) => format!("{} if it were written", pieces.join(", ")),
        (false, _) => pieces.join(", "),
    };
    match report.objects_with_warnings() {
        0 => format!("krmnet: {what}"),
        1 => format!("krmnet: {what}; 1 object has warnings"),
        objects => format!("krmnet: {what}; {objects} objects have warnings"),
    }
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
