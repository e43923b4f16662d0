//! Standard input and output that break, and signals: an exit code that is not 0, or the whole answer.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};

use anyhow::{Context, ensure};
use libtest_mimic::Trial;

use crate::inputs;
use crate::programs::Programs;
use crate::support::fleet::Fleet;
use crate::support::{FUNCTIONS, krmnet, trial};

/// More than all pipes on the way hold.
const BYTES: usize = 4 << 20;

pub(crate) fn trials(programs: &Programs) -> Vec<Trial> {
    let mut trials = Vec::new();
    for program in FUNCTIONS {
        let command = programs.function(program);
        let mut add = |what: &str, check: fn(&Program) -> anyhow::Result<()>| {
            let program = Program { name: program, command: command.clone() };
            trials.push(trial(format!("streams: {} {what}", program.name), move || check(&program)));
        };
        add("with its output closed early", output_closed_early);
        add("with its output on a full disk", output_on_a_full_disk);
        add("with its input closed", input_closed);
        add("with a directory as its input", input_is_a_directory);
        add("ended by a signal while it reads", signal_while_reading);
        add("ended by a signal while it writes", signal_while_writing);
        add("with SIGPIPE while it reads", sigpipe_changes_nothing);
    }
    trials.push(trial("streams: krmnet render -o stdout with its output closed early", render_closed_early));
    trials.push(trial("streams: krmnet render --format json on a full disk", render_report_on_a_full_disk));
    trials
}

/// A function's binary, or krmnet with its arguments.
struct Program {
    name: &'static str,
    command: Vec<OsString>,
}

impl Program {
    fn start(&self, stdin: impl Into<Stdio>, stdout: impl Into<Stdio>) -> anyhow::Result<Child> {
        // A process inherits the signals that are ignored: under nohup it would never end of a hangup.
        let mut command = Command::new("env");
        command.arg("--default-signal=HUP,INT,TERM").args(&self.command);
        command.env_clear().stdin(stdin).stdout(stdout).stderr(Stdio::piped());
        command.spawn().context("starting it")
    }
}

/// How a process ended, and what it said.
fn end(child: Child) -> anyhow::Result<(ExitStatus, String)> {
    let output = child.wait_with_output()?;
    let stderr = String::from_utf8(output.stderr)?;
    ensure!(!stderr.contains("panicked"), "a panic: {stderr}");
    Ok((output.status, stderr))
}

fn ensure_fails(child: Child, words: &str) -> anyhow::Result<()> {
    let (status, stderr) = end(child)?;
    ensure!(status.code() == Some(1), "{status}, expected exit code 1: {stderr}");
    ensure!(stderr.contains(words), "expected {words:?} in: {stderr}");
    Ok(())
}

/// A file with a list in which there is nothing to do.
fn long_list() -> anyhow::Result<File> {
    let mut file = tempfile::tempfile()?;
    inputs::foreign_items(&mut file, BYTES)?;
    std::io::Seek::rewind(&mut file)?;
    Ok(file)
}

fn output_closed_early(program: &Program) -> anyhow::Result<()> {
    let mut child = program.start(long_list()?, Stdio::piped())?;
    let mut stdout = child.stdout.take().context("a pipe")?;
    stdout.read_exact(&mut [0])?;
    drop(stdout);
    ensure_fails(child, "cannot write to standard output")
}

fn output_on_a_full_disk(program: &Program) -> anyhow::Result<()> {
    let full = OpenOptions::new().write(true).open("/dev/full")?;
    ensure_fails(program.start(long_list()?, full)?, "cannot write to standard output")
}

/// Rust opens /dev/null where a standard stream is closed.
fn input_closed(program: &Program) -> anyhow::Result<()> {
    let shell = ["sh", "-c", "exec \"$@\" <&-", "sh"].map(OsString::from);
    let command = shell.into_iter().chain(program.command.iter().cloned()).collect();
    let closed = Program { name: program.name, command };
    ensure_fails(closed.start(Stdio::null(), Stdio::null())?, "the input is empty")
}

fn input_is_a_directory(program: &Program) -> anyhow::Result<()> {
    ensure_fails(program.start(File::open("/")?, Stdio::null())?, "cannot read standard input")
}

/// Sends a signal by the name that kill(1) knows.
fn send(signal: &str, child: &Child) -> anyhow::Result<()> {
    let status = Command::new("sh").args(["-c", &format!("kill -{signal} {}", child.id())]).status()?;
    ensure!(status.success(), "kill: {status}");
    Ok(())
}

/// A process that has read a part of its input and waits for the rest.
fn half_fed(program: &Program) -> anyhow::Result<(Child, std::process::ChildStdin)> {
    let mut child = program.start(Stdio::piped(), Stdio::piped())?;
    let mut stdin = child.stdin.take().context("a pipe")?;
    // More than a pipe holds: the process is at work when all of it is written.
    let mut list = Vec::new();
    inputs::foreign_items(&mut list, 1 << 20)?;
    stdin.write_all(&list)?;
    Ok((child, stdin))
}

fn signal_while_reading(program: &Program) -> anyhow::Result<()> {
    for (signal, number) in [("TERM", 15), ("INT", 2), ("HUP", 1), ("KILL", 9)] {
        let (mut child, stdin) = half_fed(program)?;
        send(signal, &child)?;
        let mut stdout = Vec::new();
        child.stdout.take().context("a pipe")?.read_to_end(&mut stdout)?;
        let (status, stderr) = end(child)?;
        drop(stdin);
        ensure!(status.signal() == Some(number), "SIG{signal}: {status}: {stderr}");
        ensure!(stdout.is_empty(), "SIG{signal}: half of the input makes an output");
    }
    Ok(())
}

fn signal_while_writing(program: &Program) -> anyhow::Result<()> {
    for (signal, number) in [("TERM", 15), ("INT", 2), ("KILL", 9)] {
        let mut child = program.start(long_list()?, Stdio::piped())?;
        let mut stdout = child.stdout.take().context("a pipe")?;
        stdout.read_exact(&mut [0])?;
        send(signal, &child)?;
        let mut rest = Vec::new();
        stdout.read_to_end(&mut rest)?;
        let (status, stderr) = end(child)?;
        ensure!(status.signal() == Some(number), "SIG{signal}: {status}: {stderr}");
        ensure!(rest.len() < BYTES / 2, "SIG{signal}: {} bytes came out after it", rest.len());
    }
    Ok(())
}

fn sigpipe_changes_nothing(program: &Program) -> anyhow::Result<()> {
    let (mut child, mut stdin) = half_fed(program)?;
    send("PIPE", &child)?;
    stdin.write_all(b"# the rest\n")?;
    drop(stdin);
    let mut stdout = Vec::new();
    child.stdout.take().context("a pipe")?.read_to_end(&mut stdout)?;
    let (status, stderr) = end(child)?;
    ensure!(status.success(), "{status}: {stderr}");
    ensure!(stdout.ends_with(b"# the rest\n"), "the output is not whole");
    Ok(())
}

/// A package of some hundred Interfaces.
fn package() -> anyhow::Result<tempfile::TempDir> {
    let root = tempfile::tempdir()?;
    Fleet::new(3, 8).write(root.path())?;
    Ok(root)
}

fn render_closed_early() -> anyhow::Result<()> {
    let root = package()?;
    let mut command = Command::new(krmnet());
    command.args(["render", "-o", "stdout"]).arg(root.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let mut stdout = child.stdout.take().context("a pipe")?;
    stdout.read_exact(&mut [0])?;
    drop(stdout);
    ensure_fails(child, "cannot write to standard output")
}

/// The files are written then, each wholly, and the exit code says that somebody was not told.
fn render_report_on_a_full_disk() -> anyhow::Result<()> {
    let root = package()?;
    let full = OpenOptions::new().write(true).open("/dev/full")?;
    let mut command = Command::new(krmnet());
    command.args(["render", "--format", "json"]).arg(root.path()).stdout(full).stderr(Stdio::piped());
    ensure_fails(command.spawn()?, "cannot write to standard output")?;
    ensure!(fs::read_dir(root.path().join("edge0001/nf1"))?.count() > 6, "the files are not there");
    let again = Command::new(krmnet()).arg("render").arg(root.path()).output()?;
    ensure!(String::from_utf8(again.stderr)?.contains("nothing to do"), "a render is not whole");
    Ok(())
}
