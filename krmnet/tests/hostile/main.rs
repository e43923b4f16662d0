//! Hostile and broken input: whatever comes in, no function panics, hangs, takes a machine's memory, or answers 0 with
//! fewer items than it read.
//!
//! `KRMNET_HOSTILE_TABLE=1` prints how long each input took and how much memory.

mod entry;
mod inputs;
mod limits;
mod packages;
mod programs;
mod render;
mod streams;
#[path = "../support/mod.rs"]
mod support;
mod verdict;

use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Context;
use libtest_mimic::{Arguments, Completion, Trial};

use entry::Entry;
use programs::Programs;
use support::{FUNCTIONS, skippable_trial, tools};

fn main() {
    let arguments = Arguments::from_args();
    let programs = Programs::find();
    let mut trials = Vec::new();
    for entry in inputs::all() {
        trials.extend(packages::trial_of(&entry));
        trials.push(input_trial(entry, &programs));
    }
    trials.extend(streams::trials(&programs));
    trials.extend(render::trials());
    trials.extend(limits::trials());
    libtest_mimic::run(&arguments, trials).exit();
}

/// Every function on one input.
fn input_trial(entry: Entry, programs: &Programs) -> Trial {
    let programs = programs.clone();
    skippable_trial(format!("input: {}", entry.name), move || {
        if entry.is_large
            && let Err(reason) = programs.are_quick()
        {
            return tools::skip(&reason);
        }
        run_functions(&entry, &programs)?;
        Ok(Completion::Completed)
    })
}

fn run_functions(entry: &Entry, programs: &Programs) -> anyhow::Result<()> {
    let scratch = tempfile::tempdir()?;
    let input = scratch.path().join("input");
    let mut file = BufWriter::with_capacity(1 << 20, std::fs::File::create(&input)?);
    (entry.input)(&mut file)?;
    file.flush()?;
    let mut failures = Vec::new();
    for function in FUNCTIONS {
        let checked = run_function(entry, function, programs, &input, scratch.path());
        failures.extend(checked.with_context(|| function).err().map(|error| format!("{error:#}")));
    }
    anyhow::ensure!(failures.is_empty(), "{}", failures.join("\n"));
    Ok(())
}

fn run_function(
    entry: &Entry,
    function: &'static str,
    programs: &Programs,
    input: &Path,
    scratch: &Path,
) -> anyhow::Result<()> {
    let run = programs.run(function, input, scratch)?;
    if let Some(peak) = run.peak {
        let bytes = std::fs::metadata(input)?.len();
        eprintln!(
            "| {} | {function} | {:.1} | {} | {} | {} |",
            entry.name.escape_debug(),
            bytes as f64 / 1e6,
            run.status,
            run.wall.as_millis(),
            peak / 1024
        );
    }
    verdict::check(function, &entry.fate, input, &run)
}
