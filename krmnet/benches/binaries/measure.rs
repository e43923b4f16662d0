//! Running a process some times and telling how long it took and how much memory it held.

use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::Outcome;

/// Where GNU time is; it tells the peak of the resident memory.
const TIME: &str = "/usr/bin/time";

/// Runs what is measured.
pub(crate) struct Bench {
    binaries: PathBuf,
    runs: usize,
    scratch: tempfile::TempDir,
}

impl Bench {
    pub(crate) fn new(binaries: PathBuf, runs: usize) -> Outcome<Bench> {
        Ok(Bench { binaries: std::path::absolute(binaries)?, runs, scratch: tempfile::tempdir()? })
    }

    /// A program of the machine, on some bytes.
    pub(crate) fn program(&self, program: &str, input: &str, bytes: &[u8]) -> Outcome<Row> {
        Ok(self.run(Path::new(program), &[], program, input, bytes, self.runs)?.0)
    }

    /// A function's binary, and what it answered.
    pub(crate) fn function(&self, function: &str, input: &str, bytes: &[u8]) -> Outcome<(Row, Vec<u8>)> {
        self.run(&self.binaries.join(function), &[], function, input, bytes, self.runs)
    }

    /// `krmnet render` of a directory.
    pub(crate) fn render(&self, input: &str, directory: &Path, runs: usize) -> Outcome<Row> {
        let directory = directory.to_string_lossy();
        Ok(self.run(&self.binaries.join("krmnet"), &["render", &directory], "krmnet render", input, b"", runs)?.0)
    }

    fn run(
        &self,
        program: &Path,
        arguments: &[&str],
        shown: &str,
        input: &str,
        bytes: &[u8],
        runs: usize,
    ) -> Outcome<(Row, Vec<u8>)> {
        let peak_file = self.scratch.path().join("peak");
        let measures_memory = Path::new(TIME).exists();
        let mut times = Vec::with_capacity(runs);
        let mut answer = Vec::new();
        for _ in 0..runs {
            let mut command = Command::new(program);
            command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
            let (took, stdout) = timed(command, bytes)?;
            times.push(took);
            answer = stdout;
        }
        let mut peak = None;
        if measures_memory {
            let mut command = Command::new(TIME);
            command.args(["-f", "%M", "-o"]).arg(&peak_file).arg(program).args(arguments);
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
            timed(command, bytes)?;
            peak = std::fs::read_to_string(&peak_file)?.trim().parse::<usize>().ok().map(|kilobytes| kilobytes / 1024);
        }
        Ok((Row::new(shown, input, bytes.len(), times, peak), answer))
    }
}

/// Runs a command on some bytes; a failure is an error with what it said.
fn timed(mut command: Command, bytes: &[u8]) -> Outcome<(Duration, Vec<u8>)> {
    let start = Instant::now();
    let mut child = command.spawn()?;
    let stdin = child.stdin.take();
    let output = std::thread::scope(|scope| {
        scope.spawn(|| stdin.map(|mut stdin| stdin.write_all(bytes)));
        child.wait_with_output()
    })?;
    let took = start.elapsed();
    if !output.status.success() {
        return Err(format!("{command:?} failed: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok((took, output.stdout))
}

/// A line of the table.
pub(crate) struct Row {
    program: String,
    input: String,
    bytes: usize,
    times: Vec<Duration>,
    peak_megabytes: Option<usize>,
}

impl Row {
    pub(crate) const HEADER: &str =
        "| program | input | MB in | best ms | median ms | peak MB |\n|---|---|--:|--:|--:|--:|";

    pub(crate) fn new(
        program: &str,
        input: &str,
        bytes: usize,
        mut times: Vec<Duration>,
        peak_megabytes: Option<usize>,
    ) -> Row {
        times.sort_unstable();
        Row { program: program.to_owned(), input: input.to_owned(), bytes, times, peak_megabytes }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let milliseconds = |time: Option<&Duration>| time.map_or(0.0, |time| time.as_secs_f64() * 1e3);
        let megabytes = self.bytes as f64 / f64::from(1 << 20);
        let (best, median) = (self.times.first(), self.times.get(self.times.len() / 2));
        write!(f, "| {} | {} | {megabytes:.2} ", self.program, self.input)?;
        write!(f, "| {:.1} | {:.1} |", milliseconds(best), milliseconds(median))?;
        match self.peak_megabytes {
            Some(peak) => write!(f, " {peak} |"),
            None => write!(f, " |"),
        }
    }
}
