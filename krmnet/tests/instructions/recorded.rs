//! The counts on record.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, ensure};

use super::support::repository;

/// Another compiler or C library changes counts by some per cent.
const TOLERANCE_PERCENT: u64 = 10;

/// What was measured, beside what is on record: lines of `count what`.
pub(super) struct Recorded {
    recorded: BTreeMap<String, u64>,
    measured: Vec<(String, u64)>,
}

impl Recorded {
    pub(super) fn read() -> anyhow::Result<Recorded> {
        let text = if updating() { String::new() } else { fs::read_to_string(path())? };
        let line = |line: &str| {
            let (count, what) = line.split_once(' ')?;
            Some((what.to_owned(), count.replace('_', "").parse().ok()?))
        };
        let recorded = text
            .lines()
            .filter(|text| !text.starts_with('#'))
            .map(|text| line(text).with_context(|| format!("{}: not a record: {text}", path().display())))
            .collect::<anyhow::Result<_>>()?;
        Ok(Recorded { recorded, measured: Vec::new() })
    }

    /// Fails if `instructions` are more than what is on record allows, or nothing is.
    pub(super) fn hold(&mut self, what: &str, instructions: u64) -> anyhow::Result<()> {
        self.measured.push((what.to_owned(), instructions));
        if updating() {
            return Ok(());
        }
        let recorded = *self.recorded.get(what).with_context(|| format!("nothing is on record for: {what}"))?;
        let allowed = recorded + recorded * TOLERANCE_PERCENT / 100;
        ensure!(
            instructions <= allowed,
            "{what}: {instructions} instructions, {recorded} are on record and {allowed} allowed: find what became slower, \
             or record anew with UPDATE_GOLDEN=1 and say why"
        );
        Ok(())
    }

    /// Writes the record where that was asked for; else fails if it holds what nothing measures.
    pub(super) fn finish(mut self) -> anyhow::Result<()> {
        if !updating() {
            self.recorded.retain(|what, _| self.measured.iter().all(|(measured, _)| measured != what));
            ensure!(self.recorded.is_empty(), "on record but measured by nothing: {:?}", self.recorded.keys());
            return Ok(());
        }
        let mut text = "# Instructions of the release binaries on x86-64, as valgrind counts them.\n".to_owned();
        for (what, instructions) in &self.measured {
            writeln!(text, "{instructions} {what}")?;
        }
        Ok(fs::write(path(), text)?)
    }
}

fn updating() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1")
}

fn path() -> PathBuf {
    repository().join("krmnet/tests/instructions/recorded.txt")
}
