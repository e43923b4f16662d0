//! Counting the instructions of a run.

use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, ensure};
use tempfile::NamedTempFile;

use super::support::{run, tools};

/// valgrind, and the binaries that it runs.
pub(super) struct Valgrind {
    program: PathBuf,
    binaries: PathBuf,
}

impl Valgrind {
    /// Both, or the reason why there are none.
    pub(super) fn find() -> Result<Valgrind, String> {
        let binaries = tools::binaries()?;
        if binaries.ends_with("debug") {
            return Err(format!(
                "{} holds no release binaries: their instructions are what is recorded",
                binaries.display()
            ));
        }
        Ok(Valgrind { program: tools::program("valgrind")?, binaries })
    }

    /// The instructions of a function's run on a list, and its answer.
    pub(super) fn count(&self, function: &str, list: &[u8]) -> anyhow::Result<(u64, Vec<u8>)> {
        let mut command = Command::new(&self.program);
        command.args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]);
        command.arg(self.binaries.join(function)).env_clear();
        let mut input = NamedTempFile::new()?;
        input.write_all(list)?;
        let output = run::run(command, Some(input.path()))?;
        let notes = String::from_utf8_lossy(&output.stderr);
        ensure!(output.success(), "{function} failed under valgrind: {notes}");
        let count = notes
            .lines()
            .find_map(|line| line.split_once("I   refs:"))
            .and_then(|(_, count)| count.trim().replace(',', "").parse().ok())
            .with_context(|| format!("valgrind told no count of instructions: {notes}"))?;
        Ok((count, output.stdout))
    }
}
