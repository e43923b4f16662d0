//! The pages show commands and what they print; this runs them and compares.
//!
//! A fenced block with the info string `console` holds commands, each on a line that starts with `$ `, and below each what
//! it prints on standard output and standard error together. A line `...` stands for any lines. A command that ends in
//! `<<'EOF'` goes on until a line `EOF`. All blocks run in the order of the page, each command in the folder that the one
//! before it left, with `bin/` on the search path; the first one in the page's own folder of a clone, which holds
//! `example/`, `Kptfile` and, once built, `bin/`, under Git. Blocks of other kinds (`sh`, `yaml`) are not run.
//!
//! A page of [`FROM_NOTHING`] begins in an empty folder instead. Its `git clone` gets this repository as it is at hand. Its
//! `make build` is the one command that is not run: `make test` has run it on the same sources, so `make -n` has to know
//! it, and what it made is put in its place.

mod support;

use std::env;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail, ensure};
use libtest_mimic::{Arguments, Completion, Trial};

use support::run::{Outcome, run};
use support::tree::{Tree, difference};
use support::{FUNCTIONS, git, krmnet, repository, skippable_trial, tools, trial};

fn main() {
    let mut trials = harness::trials();
    trials.extend(PAGES.map(|page| {
        skippable_trial(format!("{page}: commands print what is shown"), move || {
            let path = repository().join(page);
            let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
            let steps = steps(&text)?;
            match missing_tool(&steps) {
                Some(reason) => tools::skip(&reason),
                None => verify(page, &steps).map(|()| Completion::Completed),
            }
        })
    }));
    libtest_mimic::run(&Arguments::from_args(), trials).exit()
}

/// The pages whose commands are run.
const PAGES: [&str; 9] = [
    "README.md",
    "example/fleet/README.md",
    "interface-fn/README.md",
    "vlan-fn/README.md",
    "ipam-fn/README.md",
    "nad-fn/README.md",
    "docs/ipam-fn.md",
    "docs/operations.md",
    FROM_NOTHING,
];

/// The page that begins before there is a clone.
const FROM_NOTHING: &str = "docs/getting-started.md";
/// Where that page says that the repository is, without its last part.
const HOST: &str = "https://github.com/krmnet/";
/// How that page builds.
const BUILD: &str = "make -C krmnet build";

/// Tools that a page may use and that are no part of the repository.
const TOOLS: [&str; 3] = ["kpt", "git", "make"];

/// One command of the page.
#[derive(Debug)]
struct Step {
    /// The line of the page, from 1.
    line: usize,
    command: String,
    shown: String,
}

impl Step {
    /// Whether the lines that follow belong to the command.
    fn is_open(&self) -> bool {
        let first = self.command.lines().next().unwrap_or_default();
        first.ends_with("<<'EOF'") && !self.command.ends_with("\nEOF")
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        self.command.lines().next().unwrap_or_default().split_whitespace()
    }
}

/// The commands of all console blocks, in order.
fn steps(page: &str) -> anyhow::Result<Vec<Step>> {
    let mut steps: Vec<Step> = Vec::new();
    let mut fence = None;
    for (number, text) in (1..).zip(page.lines()) {
        match (fence, text.strip_prefix("```")) {
            (None, Some(kind)) => fence = Some(kind.trim() == "console"),
            (Some(_), Some(_)) => fence = None,
            (Some(true), None) if steps.last().is_some_and(Step::is_open) => {
                if let Some(step) = steps.last_mut() {
                    step.command.push('\n');
                    step.command.push_str(text);
                }
            }
            (Some(true), None) => match text.strip_prefix("$ ") {
                Some(command) => {
                    let (command, shown) = (command.to_owned(), String::new());
                    steps.push(Step { line: number, command, shown });
                }
                None => {
                    let step = steps.last_mut().with_context(|| {
                        format!("line {number}: output before the first command; commands start with `$ `")
                    })?;
                    step.shown.push_str(text);
                    step.shown.push('\n');
                }
            },
            _ => {}
        }
    }
    ensure!(steps.iter().any(|step| !step.shown.is_empty()), "no console block shows a command with its output");
    Ok(steps)
}

fn missing_tool(steps: &[Step]) -> Option<String> {
    let words: Vec<&str> = steps.iter().flat_map(Step::words).collect();
    let needs_functions = FUNCTIONS.iter().any(|name| words.contains(name)) || words.contains(&"--allow-exec");
    let functions = if needs_functions { tools::binaries().err() } else { None };
    functions.or_else(|| TOOLS.iter().filter(|tool| words.contains(tool)).find_map(|tool| tools::program(tool).err()))
}

fn verify(page: &str, steps: &[Step]) -> anyhow::Result<()> {
    let scratch = tempfile::tempdir()?;
    let (mut shell, clone) = if page == FROM_NOTHING {
        git::working_tree()?.write(&scratch.path().join("host/krmnet"))?;
        git::commit_all(&scratch.path().join("host/krmnet"))?;
        let folder = scratch.path().join("here");
        fs::create_dir(&folder)?;
        (Shell::new(scratch.path(), &folder, &folder.join("krmnet/bin")), folder.join("krmnet"))
    } else {
        let clone = scratch.path().join("clone");
        prepare(&clone)?;
        let folder = clone.join(page).parent().context("a page lies in a folder")?.to_path_buf();
        fs::create_dir_all(&folder)?;
        (Shell::new(scratch.path(), &folder, &clone.join("bin")), clone)
    };
    for step in steps {
        let place = || format!("{page}, line {}: $ {}", step.line, step.command);
        if page == FROM_NOTHING && step.command == BUILD {
            shell.run(&BUILD.replace("make", "make -n")).with_context(place)?;
            put_binaries(&clone).with_context(place)?;
            continue;
        }
        shell.verify(step).with_context(place)?;
    }
    Ok(())
}

/// Lays out the part of a clone in which the page's commands are run.
fn prepare(clone: &Path) -> anyhow::Result<()> {
    Tree::read(&repository().join("example"))?.write(&clone.join("example"))?;
    fs::copy(repository().join("Kptfile"), clone.join("Kptfile"))?;
    if tools::program("git").is_ok() {
        git::commit_all(clone)?;
    }
    put_binaries(clone)
}

/// Puts the binaries under test where `make build` leaves them.
fn put_binaries(clone: &Path) -> anyhow::Result<()> {
    let bin = clone.join("bin");
    fs::create_dir(&bin)?;
    symlink(krmnet(), bin.join("krmnet"))?;
    if let Ok(built) = tools::binaries() {
        for name in FUNCTIONS {
            symlink(built.join(name), bin.join(name))?;
        }
    }
    Ok(())
}

/// Someone who types one command after the other.
struct Shell {
    /// Where home is, and where the folder is written down that a command leaves.
    scratch: PathBuf,
    /// Where the next command runs.
    folder: PathBuf,
    /// Comes first on the search path.
    bin: PathBuf,
}

impl Shell {
    fn new(scratch: &Path, folder: &Path, bin: &Path) -> Self {
        Self { scratch: scratch.to_path_buf(), folder: folder.to_path_buf(), bin: bin.to_path_buf() }
    }

    /// Runs a command; what it says is in the outcome's `stdout`.
    fn run(&mut self, command: &str) -> anyhow::Result<Outcome> {
        let usual = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths([self.bin.clone()].into_iter().chain(env::split_paths(&usual)))?;
        let left = self.scratch.join("folder");
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("exec 2>&1\n{command}\nstatus=$?; pwd > {}; exit $status", left.display())]);
        shell.current_dir(&self.folder).env("PATH", path).env("HOME", &self.scratch);
        // Git looks for this repository at hand where the page names its host, and knows who commits.
        let host = format!("url.{}/.insteadOf", self.scratch.join("host").display());
        let settings = [(host.as_str(), HOST), ("user.name", "krmnet"), ("user.email", "krmnet@localhost")];
        shell.env("GIT_CONFIG_COUNT", settings.len().to_string()).env("GIT_CONFIG_NOSYSTEM", "1");
        for (number, (key, value)) in settings.into_iter().enumerate() {
            shell.env(format!("GIT_CONFIG_KEY_{number}"), key).env(format!("GIT_CONFIG_VALUE_{number}"), value);
        }
        let outcome = run(shell, None)?;
        self.folder = fs::read_to_string(&left).context("the command left the shell")?.trim_end().into();
        Ok(outcome)
    }

    fn verify(&mut self, step: &Step) -> anyhow::Result<()> {
        let outcome = self.run(&step.command)?;
        let printed = String::from_utf8_lossy(&outcome.stdout);
        if !matches(&step.shown, &printed) {
            bail!("prints something else\n{}", difference(step.shown.as_bytes(), printed.as_bytes(), "the page"));
        }
        ensure!(
            outcome.success() || !step.shown.is_empty(),
            "{}: a command that fails must show what it prints",
            outcome.status
        );
        Ok(())
    }
}

/// Whether `printed` is what is `shown`, where a shown line `...` stands for any number of lines.
fn matches(shown: &str, printed: &str) -> bool {
    let printed: Vec<&str> = printed.lines().collect();
    let mut parts: Vec<Vec<&str>> = vec![Vec::new()];
    for line in shown.lines() {
        match parts.last_mut() {
            Some(part) if line != "..." => part.push(line),
            _ => parts.push(Vec::new()),
        }
    }
    let (Some((last, middle)), false) = (parts.split_last(), parts.len() == 1) else {
        return parts.concat() == printed;
    };
    let mut rest = printed.as_slice();
    for (index, part) in middle.iter().enumerate() {
        let found = (0..=rest.len()).find(|&at| rest.get(at..).is_some_and(|tail| tail.starts_with(part)));
        match found {
            Some(at) if index > 0 || at == 0 => rest = rest.get(at + part.len()..).unwrap_or_default(),
            _ => return false,
        }
    }
    rest.ends_with(last)
}

/// Tests of this harness.
mod harness {
    use super::*;

    pub(super) fn trials() -> Vec<Trial> {
        vec![
            trial("harness: a page without a console block fails", || {
                ensure!(steps("# krmnet\n```sh\n$ make\nbuilt\n```\n").is_err(), "such a page passed");
                Ok(())
            }),
            trial("harness: commands are told from their output", || {
                let steps = steps("```console\n$ one\n1\n\n$ two\n```\n$ text\n```console\n$ three\n3\n```\n")?;
                let found: Vec<_> =
                    steps.iter().map(|step| (step.line, step.command.as_str(), step.shown.as_str())).collect();
                ensure!(found == [(2, "one", "1\n\n"), (5, "two", ""), (9, "three", "3\n")], "found {found:?}");
                Ok(())
            }),
            trial("harness: other output fails", || {
                let step = |command: &str, shown: &str| Step { line: 1, command: command.into(), shown: shown.into() };
                let scratch = tempfile::tempdir()?;
                let mut shell = Shell::new(scratch.path(), scratch.path(), scratch.path());
                shell.verify(&step("echo a; echo b >&2", "a\nb\n"))?;
                shell.verify(&step("echo a; false", "a\n"))?;
                ensure!(shell.verify(&step("echo a", "b\n")).is_err(), "other output passed");
                ensure!(shell.verify(&step("false", "")).is_err(), "a silent failure passed");
                Ok(())
            }),
            trial("harness: a command runs in the folder that the one before it left", || {
                let page = "```console\n$ mkdir a && cd a\n$ cat > b <<'EOF'\nc\n\nEOF\n$ cat ../a/b\nc\n\n```\n";
                let scratch = tempfile::tempdir()?;
                let mut shell = Shell::new(scratch.path(), scratch.path(), scratch.path());
                let steps = steps(page)?;
                ensure!(steps.len() == 3, "found {steps:?}");
                steps.iter().try_for_each(|step| shell.verify(step))
            }),
            trial("harness: an ellipsis stands for any lines", || {
                for (shown, printed, expected) in [
                    ("a\n...\nd\n", "a\nb\nc\nd\n", true),
                    ("a\n...\n", "a\n", true),
                    ("...\nb\n...\n", "a\nb\nc\n", true),
                    ("a\n...\nd\n", "b\na\nd\n", false),
                    ("a\n...\nd\n", "a\nd\ne\n", false),
                    ("a\n...\na\n", "a\n", false),
                    ("...\nx\n...\n", "a\nb\nc\n", false),
                ] {
                    ensure!(matches(shown, printed) == expected, "{shown:?} against {printed:?}");
                }
                Ok(())
            }),
        ]
    }
}
