//! What a render tells: for people as text, for programs as JSON.

mod json;
mod text;

use std::collections::HashSet;

use clap::ValueEnum;
use krm::Severity;

use crate::package::Change;
use crate::render::Reported;
use crate::style::Paint;

/// How results are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text, grouped by object, on standard error.
    Text,
    /// One JSON document, on standard output unless that holds the diff or the ResourceList.
    Json,
}

/// What became of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// They were written.
    Written,
    /// They would be written, were this no dry run or printed list.
    Planned,
    /// None was written, because of an error.
    Refused,
    /// Writing failed when some were written already.
    Interrupted,
}

/// What a render came to.
#[derive(Debug)]
pub(crate) struct Report<'r> {
    pub(crate) results: &'r [Reported],
    /// Empty where an error kept them from being known.
    pub(crate) changes: &'r [Change],
    pub(crate) fate: Fate,
    pub(crate) exit_code: u8,
}

impl Report<'_> {
    /// The report as text, each line ended.
    pub(crate) fn text(&self, paint: Paint) -> String {
        text::text(self, paint)
    }

    /// The report as one JSON document and a line end.
    pub(crate) fn json(&self) -> String {
        json::json(self)
    }

    fn errors(&self) -> usize {
        self.results.iter().filter(|reported| reported.is_error()).count()
    }

    /// How many objects have a warning: what waits for an input, or wants a look.
    fn objects_with_warnings(&self) -> usize {
        let warnings = self.results.iter().filter(|reported| reported.finding.severity == Severity::Warning);
        let about = |reported: &Reported| match &reported.finding.object {
            Some(object) => format!("{object}\0{:?}", reported.finding.file),
            None => reported.finding.message.clone(),
        };
        warnings.map(about).collect::<HashSet<_>>().len()
    }

    fn made(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| change.before.is_none())
    }

    fn edited(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| change.before.is_some() && change.after.is_some())
    }

    fn removed(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| change.after.is_none())
    }
}

#[cfg(test)]
mod tests;
