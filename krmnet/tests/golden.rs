//! The golden cases of `testdata/`, byte for byte, and two laws that hold for every one of them: a second run changes
//! nothing, and a failed run changes nothing.
//!
//! `UPDATE_GOLDEN=1` writes what was found instead of comparing it; the laws are checked all the same.
//! CONTRIBUTING.md says how a case is laid out.

mod support;

use std::env;
use std::fs;
use std::path::Path;

use anyhow::{Context, bail, ensure};
use libtest_mimic::{Arguments, Trial};

use support::case::{Case, Kind, discover};
use support::run::{Outcome, function, render};
use support::tree::{Tree, difference};
use support::{testdata, trial};

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::from_args();
    let mode = Mode::from_environment();
    let mut trials = harness::trials();
    for (name, case) in discover(&testdata())? {
        trials.push(trial(name, move || verify(&case?, mode)));
    }
    libtest_mimic::run(&arguments, trials).exit()
}

/// What to do where a golden file and the output differ.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Compare,
    Update,
}

impl Mode {
    fn from_environment() -> Self {
        match env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
            true => Self::Update,
            false => Self::Compare,
        }
    }
}

fn verify(case: &Case, mode: Mode) -> anyhow::Result<()> {
    match &case.kind {
        Kind::Package(package) => verify_package(case, &package.tree()?, mode),
        Kind::Function(function) => verify_function(case, function, mode),
    }
}

/// Renders a copy of the package twice.
fn verify_package(case: &Case, input: &Tree, mode: Mode) -> anyhow::Result<()> {
    let scratch = tempfile::tempdir()?;
    let package = scratch.path().join("package");
    input.write(&package)?;
    let first = render(case, scratch.path())?;
    let rendered = Tree::read(&package)?;

    if !first.success() {
        rendered.ensure_same(input).context("a failed render must change nothing")?;
    }
    golden_text(case, "output.txt", first.report().as_bytes(), mode)?;
    golden_stdout(case, "stdout.txt", &first, mode)?;
    golden_tree(case, input, &rendered, mode)?;

    if first.success() {
        let second = render(case, scratch.path())?;
        ensure!(second.success(), "the second render failed: {}", second.report());
        Tree::read(&package)?.ensure_same(&rendered).context("the second render must change nothing")?;
    }
    Ok(())
}

/// Feeds the list to the function, and what comes out once more.
fn verify_function(case: &Case, name: &str, mode: Mode) -> anyhow::Result<()> {
    let scratch = tempfile::tempdir()?;
    let input = case.file("in.yaml");
    let first = function(case, name, &input, scratch.path())?;

    golden_text(case, "output.txt", first.report().as_bytes(), mode)?;
    golden_stdout(case, "out.yaml", &first, mode)?;
    let before = fs::read(&input)?;
    if !first.success() && first.stdout.is_empty() {
        return Ok(());
    }
    if !first.success() {
        return same_items(&before, &first.stdout).context("a failed function must change nothing");
    }
    let again = scratch.path().join("again.yaml");
    fs::write(&again, &first.stdout)?;
    let second = function(case, name, &again, scratch.path())?;
    ensure!(second.success(), "the second run failed: {}", second.report());
    same_items(&first.stdout, &second.stdout).context("the second run must change nothing")
}

/// Compares one golden file, or writes it.
fn golden_text(case: &Case, name: &str, found: &[u8], mode: Mode) -> anyhow::Result<()> {
    let path = case.file(name);
    if mode == Mode::Update {
        return fs::write(&path, found).with_context(|| format!("writing {}", path.display()));
    }
    ensure!(path.is_file(), "{name} is missing; UPDATE_GOLDEN=1 writes it");
    let expected = fs::read(&path)?;
    ensure!(expected == found, "{name} differs\n{}", difference(&expected, found, name));
    Ok(())
}

/// Compares the golden file of standard output. Where nothing was printed there is no such file.
fn golden_stdout(case: &Case, name: &str, outcome: &Outcome, mode: Mode) -> anyhow::Result<()> {
    if !outcome.stdout.is_empty() {
        return golden_text(case, name, &outcome.stdout, mode);
    }
    match (case.has(name), mode) {
        (false, _) => Ok(()),
        (true, Mode::Update) => Ok(fs::remove_file(case.file(name))?),
        (true, Mode::Compare) => bail!("{name} is there, but nothing was printed"),
    }
}

/// Compares the rendered tree with `out/`. A case without `out/` states that the render changes nothing.
fn golden_tree(case: &Case, input: &Tree, rendered: &Tree, mode: Mode) -> anyhow::Result<()> {
    let out = case.file("out");
    let changed = rendered != input;
    match (mode, out.is_dir()) {
        (Mode::Update, _) if changed => rendered.write_stored(&out),
        (Mode::Update, true) => Ok(fs::remove_dir_all(&out)?),
        (Mode::Update, false) => Ok(()),
        (Mode::Compare, true) if !changed => bail!("out/ is there, but the render changed nothing"),
        (Mode::Compare, true) => rendered.ensure_same(&Tree::read_stored(&out)?).context("out/ differs"),
        (Mode::Compare, false) => rendered
            .ensure_same(input)
            .context("the render changed the package, but no out/ is there; UPDATE_GOLDEN=1 writes it"),
    }
}

/// Fails unless both ResourceLists hold the same items: byte for byte where they are written as a block, else by value.
fn same_items(expected: &[u8], found: &[u8]) -> anyhow::Result<()> {
    let (expected, found) = (std::str::from_utf8(expected)?, std::str::from_utf8(found)?);
    if let (Some(expected), Some(found)) = (items_text(expected), items_text(found)) {
        ensure!(expected == found, "the items differ\n{}", difference(expected.as_bytes(), found.as_bytes(), "items"));
        return Ok(());
    }
    ensure!(items(expected)? == items(found)?, "the items differ:\n{expected}\n{found}");
    Ok(())
}

/// The lines of `items` as they are written: from the line that starts with the key to the next top-level key.
fn items_text(list: &str) -> Option<&str> {
    let mut offset = 0;
    let mut start = None;
    for line in list.split_inclusive('\n') {
        let is_key = line.starts_with(|first: char| first.is_ascii_alphabetic());
        match start {
            None if line.starts_with("items:") => start = Some(offset),
            Some(start) if is_key => return list.get(start..offset),
            _ => {}
        }
        offset += line.len();
    }
    list.get(start?..)
}

fn items(list: &str) -> anyhow::Result<serde_yaml::Value> {
    let list: serde_yaml::Value = serde_yaml::from_str(list)?;
    list.get("items").cloned().context("the list has no items")
}

/// Tests of this harness: each states a fault that it must report.
mod harness {
    use super::*;

    const LIST: &str = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: []\n";

    pub(super) fn trials() -> Vec<Trial> {
        vec![
            trial("harness: a testdata without cases fails", || reports("no golden case", &[])),
            trial("harness: a stray file fails", || {
                reports("holds files but is no case", &[("group/notes.txt", "lost")])
            }),
            trial("harness: a misspelt part of a case fails", || {
                reports("no part of such a case", &[("group/case/in/a.yaml", "a: 1\n"), ("group/case/arg", "")])
            }),
            trial("harness: two shapes in one case fail", || {
                reports("not several", &[("case/in/a.yaml", "a: 1\n"), ("case/in.yaml", LIST)])
            }),
            trial("harness: a Kptfile under its own name fails", || {
                reports("store it as Kptfile.in", &[("case/in/Kptfile", "kind: Kptfile\n")])
            }),
            trial("harness: a missing golden file fails", || {
                reports("output.txt is missing", &[("case/in/note.txt", "no package\n")])
            }),
            trial("harness: a differing golden file fails", || {
                let files = [("case/in.yaml", LIST), ("case/fn", "ipam-fn\n"), ("case/output.txt", "exit 9\n")];
                reports("output.txt differs", &files)
            }),
            trial("harness: items are compared by their bytes", items_are_compared_by_bytes),
            trial("harness: trees are compared both ways", trees_are_compared_both_ways),
        ]
    }

    /// Fails unless a run over these files reports a fault with these words.
    fn reports(words: &str, files: &[(&str, &str)]) -> anyhow::Result<()> {
        let testdata = tempfile::tempdir()?;
        let mut tree = Tree::default();
        for (path, text) in files {
            tree.insert(path, text);
        }
        tree.write(testdata.path())?;
        match run_over(testdata.path()) {
            Ok(()) => bail!("nothing was reported"),
            Err(error) => {
                let report = format!("{error:#}");
                ensure!(report.contains(words), "reported without the words `{words}`: {report}");
                Ok(())
            }
        }
    }

    fn run_over(testdata: &Path) -> anyhow::Result<()> {
        for (_, case) in discover(testdata)? {
            verify(&case?, Mode::Compare)?;
        }
        Ok(())
    }

    fn items_are_compared_by_bytes() -> anyhow::Result<()> {
        let list = |items: &str, end: &str| format!("kind: ResourceList\nitems:\n{items}{end}");
        let plain = list("- a: 1 # one\n", "");
        same_items(plain.as_bytes(), list("- a: 1 # one\n", "results:\n- message: m\n").as_bytes())?;
        let comment_lost = same_items(plain.as_bytes(), list("- a: 1\n", "").as_bytes());
        ensure!(comment_lost.is_err(), "a lost comment was not reported");
        let flow = same_items(b"{items: [{a: 1}]}", b"{items: [{a: 2}]}");
        ensure!(flow.is_err(), "a changed value in flow style was not reported");
        same_items(b"{items: [{a: 1}]}", b"items:\n- a: 1\n")
    }

    fn trees_are_compared_both_ways() -> anyhow::Result<()> {
        let mut one = Tree::default();
        one.insert("a.yaml", "a: 1\n");
        let mut two = one.clone();
        two.insert("b.yaml", "b: 1\n");
        ensure!(one.ensure_same(&two).is_err(), "a missing file was not reported");
        ensure!(two.ensure_same(&one).is_err(), "an additional file was not reported");
        one.ensure_same(&one.clone())
    }
}
