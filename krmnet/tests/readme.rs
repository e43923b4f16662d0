//! The READMEs show commands and what they print; this runs them and compares.
//!
//! A fenced block with the info string `console` holds commands, each on a line that starts with `$ `, and below each what
//! it prints on standard output and standard error together. A line `...` stands for any lines. All blocks run in the
//! order of the page in the page's own folder of a clone, which holds `example/`, `Kptfile` and, once built, `bin/`, under
//! Git. Blocks of other kinds (`sh`, `yaml`) are not run.

mod support;

use std::env;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail, ensure};
use libtest_mimic::{Arguments, Completion, Trial};

use support::run::run;
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
const PAGES: [&str; 2] = ["README.md", "example/fleet/README.md"];

/// Tools that a page may use and that are no part of the repository.
const TOOLS: [&str; 2] = ["kpt", "git"];

/// One command of the page.
#[derive(Debug)]
struct Step {
    /// The line of the page, from 1.
    line: usize,
    command: String,
    shown: String,
}

/// The commands of all console blocks, in order.
fn steps(page: &str) -> anyhow::Result<Vec<Step>> {
    let mut steps: Vec<Step> = Vec::new();
    let mut fence = None;
    for (number, text) in (1..).zip(page.lines()) {
        match (fence, text.strip_prefix("```")) {
            (None, Some(kind)) => fence = Some(kind.trim() == "console"),
            (Some(_), Some(_)) => fence = None,
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
    let words: Vec<&str> = steps.iter().flat_map(|step| step.command.split_whitespace()).collect();
    TOOLS.iter().filter(|tool| words.contains(tool)).find_map(|tool| tools::program(tool).err())
}

fn verify(page: &str, steps: &[Step]) -> anyhow::Result<()> {
    let clone = tempfile::tempdir()?;
    prepare(clone.path())?;
    let folder = clone.path().join(page).parent().context("a page lies in a folder")?.to_path_buf();
    for step in steps {
        let place = || format!("{page}, line {}: $ {}", step.line, step.command);
        verify_step(step, &folder, clone.path()).with_context(place)?;
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

/// Runs one command in `folder`, with the `bin/` of the clone on the search path.
fn verify_step(step: &Step, folder: &Path, clone: &Path) -> anyhow::Result<()> {
    let bin = [clone.join("bin")].into_iter();
    let path: Vec<PathBuf> = bin.chain(env::split_paths(&env::var_os("PATH").unwrap_or_default())).collect();
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("exec 2>&1\n{}", step.command)]);
    shell.current_dir(folder).env("PATH", env::join_paths(path)?);
    let outcome = run(shell, None)?;

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
                let clone = tempfile::tempdir()?;
                let clone = clone.path();
                verify_step(&step("echo a; echo b >&2", "a\nb\n"), clone, clone)?;
                verify_step(&step("echo a; false", "a\n"), clone, clone)?;
                ensure!(verify_step(&step("echo a", "b\n"), clone, clone).is_err(), "other output passed");
                ensure!(verify_step(&step("false", ""), clone, clone).is_err(), "a silent failure passed");
                Ok(())
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
