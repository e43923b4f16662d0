//! Clones of this repository, and what Git says about them.

use std::path::Path;
use std::process::Command;

use anyhow::ensure;

use super::repository;
use super::run::{Outcome, run};
use super::tree::Tree;

/// What a clone of this repository would hold if all that is at hand were committed: no build results.
pub(crate) fn working_tree() -> anyhow::Result<Tree> {
    Tree::read_except(&repository(), &[".git", "target", "bin", "dist"])
}

/// Makes a repository of the folder `clone`, with one commit of all its files, whatever the machine says about who works
/// on it.
pub(crate) fn commit_all(clone: &Path) -> anyhow::Result<()> {
    git(clone, &["init", "--quiet"])?;
    git(clone, &["add", "--all"])?;
    let author = ["-c", "user.name=krmnet", "-c", "user.email=krmnet@localhost", "-c", "commit.gpgSign=false"];
    git(clone, &[&author[..], &["commit", "--quiet", "--message=clone"]].concat())?;
    Ok(())
}

/// Fails unless `git status` names files below `example/` and no others.
pub(crate) fn ensure_only_examples_differ(clone: &Path) -> anyhow::Result<()> {
    let status = git(clone, &["status", "--porcelain", "--untracked-files=all"])?;
    let status = String::from_utf8(status.stdout)?;
    ensure!(!status.is_empty(), "git status names no file");
    // Two letters and a blank stand before each path.
    let stray: Vec<_> = status.lines().filter(|line| !line.get(3..).is_some_and(is_example)).collect();
    ensure!(stray.is_empty(), "git status names files outside of example/:\n{}", stray.join("\n"));
    Ok(())
}

fn is_example(path: &str) -> bool {
    path.trim_start_matches('"').starts_with("example/")
}

fn git(clone: &Path, arguments: &[&str]) -> anyhow::Result<Outcome> {
    let mut command = Command::new("git");
    command.args(arguments).current_dir(clone);
    let outcome = run(command, None)?;
    ensure!(outcome.success(), "git {}: {}", arguments.join(" "), outcome.report());
    Ok(outcome)
}
