//! The function binaries under the real kpt, as exec functions.
//!
//! Runs the golden package cases that hold a file `e2e-kpt` (the examples among them): kpt renders, renders again without
//! a change, writes its results directory, and agrees with `krmnet render`; where the case fails, kpt writes nothing.
//! A fleet of thirty packages is rendered, too.
//! Needs kpt on the search path and the release binaries in `KRMNET_BIN_DIR`.

mod fleet;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use libtest_mimic::{Arguments, Completion, Trial};
use serde::Deserialize;
use serde_yaml::Value;
use tempfile::TempDir;

use support::case::{Case, E2E_KPT, Kind, cases};
use support::kpt::{Kpt, Results};
use support::pipeline::{self, with_functions};
use support::run::{Outcome, render};
use support::tree::{Tree, difference};
use support::{FUNCTIONS, git, repository, skippable_trial, testdata, tools, trial};

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::from_args();
    let mut trials = vec![
        kpt_trial("a failing function leaves the tree untouched", failure_leaves_the_tree_untouched),
        kpt_trial("the repository's root renders example/ and touches nothing else", root_renders_the_examples_only),
        kpt_trial("a fleet of thirty packages: render, eval and krmnet agree", fleet::agrees),
        kpt_trial("merged branches are mended by kpt fn eval", fleet::mends_merged_branches),
        pipeline::harness_trial(),
    ];
    let marked: Vec<_> = cases(&testdata())?.into_iter().filter(|(_, case)| case.has(E2E_KPT)).collect();
    trials.push(trial("harness: some case is marked", {
        let none = marked.is_empty();
        move || {
            ensure!(!none, "no golden package case holds a file {E2E_KPT}");
            Ok(())
        }
    }));
    trials.extend(marked.into_iter().map(|(name, case)| kpt_trial(&name, move |kpt| agrees_with_krmnet(&case, kpt))));
    libtest_mimic::run(&arguments, trials).exit()
}

/// A trial that needs kpt and the release binaries.
fn kpt_trial(name: &str, check: impl FnOnce(&Kpt) -> anyhow::Result<()> + Send + 'static) -> Trial {
    skippable_trial(name, move || match Kpt::find() {
        Ok(kpt) => check(&kpt).map(|()| Completion::Completed),
        Err(reason) => tools::skip(&reason),
    })
}

fn agrees_with_krmnet(case: &Case, kpt: &Kpt) -> anyhow::Result<()> {
    let Kind::Package(package) = &case.kind else {
        anyhow::bail!("{E2E_KPT} marks packages only");
    };
    ensure!(case.args.is_empty(), "kpt knows none of the arguments {:?}", case.args);
    let input = with_functions(package.tree()?, &kpt.functions);
    let scratch = tempfile::tempdir()?;
    let dir = scratch.path().join("package");
    input.write(&dir)?;
    let outcome = kpt.render(&dir, scratch.path())?;
    let rendered = Tree::read(&dir)?;
    let results = Results::read(scratch.path())?;
    let krmnet = Krmnet::render(case, &input)?;
    ensure!(
        outcome.success() == krmnet.outcome.success(),
        "kpt and krmnet end differently\nkpt: {}krmnet: {}",
        outcome.report(),
        krmnet.outcome.report(),
    );
    if !outcome.success() {
        rendered.ensure_same(&input).context("a failed render must change nothing")?;
        ensure!(results.exit_code != 0 && results.has_error(), "results.yaml holds no error");
        return Ok(());
    }
    ensure!(results.exit_code == 0, "results.yaml has exit code {}", results.exit_code);
    ensure!(results.items.iter().all(|step| step.exit_code == 0), "results.yaml names a failed step");
    ensure!(!results.items.is_empty(), "results.yaml names no step");

    same_values(&krmnet.tree, &rendered)?;
    only_kpt_differs(&krmnet.tree, &rendered, kpt)?;

    let again = kpt.render(&dir, scratch.path())?;
    ensure!(again.success(), "the second render failed: {}", again.report());
    Tree::read(&dir)?.ensure_same(&rendered).context("the second render must change nothing")
}

/// The same package after `krmnet render`.
struct Krmnet {
    outcome: Outcome,
    tree: Tree,
}

impl Krmnet {
    fn render(case: &Case, input: &Tree) -> anyhow::Result<Self> {
        let scratch = tempfile::tempdir()?;
        let package = scratch.path().join("package");
        input.write(&package)?;
        let outcome = render(case, scratch.path())?;
        Ok(Self { outcome, tree: Tree::read(&package)? })
    }
}

/// Fails unless both trees hold the same files with the same YAML values.
fn same_values(krmnet: &Tree, kpt: &Tree) -> anyhow::Result<()> {
    let paths = |tree: &Tree| tree.entries().map(|(path, _)| path.to_owned()).collect::<BTreeSet<_>>();
    let (expected, found) = (paths(krmnet), paths(kpt));
    ensure!(
        expected == found,
        "files differ; only krmnet wrote {:?}, only kpt wrote {:?}",
        expected.difference(&found).collect::<Vec<_>>(),
        found.difference(&expected).collect::<Vec<_>>(),
    );
    for ((path, krmnet), (_, kpt)) in krmnet.yaml_files().zip(kpt.yaml_files()) {
        let context = || format!("{path} under krmnet and kpt");
        let (expected, found) = (documents(krmnet).with_context(context)?, documents(kpt).with_context(context)?);
        ensure!(expected == found, "krmnet and kpt differ\n{}", difference(krmnet, kpt, path));
    }
    Ok(())
}

/// The documents of a file; empty ones do not count.
fn documents(file: &[u8]) -> anyhow::Result<Vec<Value>> {
    let documents: Result<Vec<_>, _> = serde_yaml::Deserializer::from_slice(file).map(Value::deserialize).collect();
    Ok(documents?.into_iter().filter(|value| !value.is_null()).collect())
}

/// kpt rewrites each file in its own style, with any function. Fails unless that is all it did: its tree must be what
/// kpt makes of krmnet's tree with `cat` in place of each function.
fn only_kpt_differs(krmnet: &Tree, rendered: &Tree, kpt: &Kpt) -> anyhow::Result<()> {
    let scratch = tempfile::tempdir()?;
    let cats = Kpt { functions: cats(&scratch)?, ..kpt.clone() };
    let package = scratch.path().join("package");
    let between = |tree: Tree, from: &Path, to: &Path| {
        let (from, to) = (from.display().to_string(), to.display().to_string());
        tree.map_kptfiles(|text| text.replace(&from, &to))
    };
    between(krmnet.clone(), &kpt.functions, &cats.functions).write(&package)?;
    let outcome = cats.render(&package, scratch.path())?;
    ensure!(outcome.success(), "kpt cannot read what krmnet wrote: {}", outcome.report());
    let expected = between(Tree::read(&package)?, &cats.functions, &kpt.functions);
    rendered.ensure_same(&expected).context("kpt wrote bytes that it does not write with `cat` as the function")
}

/// A directory in which each function is `cat`.
fn cats(scratch: &TempDir) -> anyhow::Result<PathBuf> {
    let folder = scratch.path().join("cat");
    fs::create_dir(&folder)?;
    for name in FUNCTIONS {
        let path = folder.join(name);
        fs::write(&path, "#!/bin/sh\nexec cat\n")?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
    }
    Ok(folder)
}

fn failure_leaves_the_tree_untouched(kpt: &Kpt) -> anyhow::Result<()> {
    let mut input = with_functions(Tree::read(&repository().join("example/gnb"))?, &kpt.functions);
    input.insert("pool-with-a-fault.yaml", POOL_WITH_A_FAULT);
    let scratch = tempfile::tempdir()?;
    let package = scratch.path().join("package");
    input.write(&package)?;
    let outcome = kpt.render(&package, scratch.path())?;
    ensure!(!outcome.success(), "kpt accepted a prefix of 33 bits: {}", outcome.report());
    let results = Results::read(scratch.path())?;
    ensure!(results.exit_code != 0 && results.has_error(), "results.yaml holds no error");
    ensure!(outcome.report().contains("10.9.9.0/33"), "kpt does not show what was found: {}", outcome.report());
    Tree::read(&package)?.ensure_same(&input)
}

const POOL_WITH_A_FAULT: &str = "\
apiVersion: ipam.resource.nephio.org/v1alpha1
kind: IPPrefix
metadata:
  name: pool-with-a-fault
  annotations:
    config.kubernetes.io/local-config: \"true\"
spec:
  kind: network
  networkInstance:
    name: vpc-control
  prefix: 10.9.9.0/33
";

/// Renders a clone of the whole repository at its root, and each example alone.
fn root_renders_the_examples_only(kpt: &Kpt) -> anyhow::Result<()> {
    let scratch = tempfile::tempdir()?;
    let clone = scratch.path().join("clone");
    with_functions(git::working_tree()?, &kpt.functions).write(&clone)?;
    git::commit_all(&clone)?;
    let rest_before = Tree::read_except(&clone, &[".git", "example"])?;
    let unrendered = Tree::read(&clone.join("example"))?;
    let outcome = kpt.render(&clone, scratch.path())?;
    ensure!(outcome.success(), "{}", outcome.report());
    Tree::read_except(&clone, &[".git", "example"])?.ensure_same(&rest_before)?;
    git::ensure_only_examples_differ(&clone)?;
    let rendered = Tree::read(&clone.join("example"))?;
    ensure!(rendered != unrendered, "no example was rendered");
    let fleet = |dir: &Path| Tree::read(&dir.join("example/fleet"));
    let committed = with_functions(fleet(&repository())?, &kpt.functions);
    fleet(&clone)?.ensure_same(&committed).context("example/fleet/ is committed as kpt renders it")?;

    let alone = scratch.path().join("alone");
    unrendered.write(&alone)?;
    for example in fs::read_dir(&alone)? {
        let outcome = kpt.render(&example?.path(), scratch.path())?;
        ensure!(outcome.success(), "{}", outcome.report());
    }
    rendered.ensure_same(&Tree::read(&alone)?).context("example/ from the root and one by one")
}
