//! A fleet of thirty packages and their root, rendered by kpt, by kpt one function at a time, and by krmnet.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};

use crate::same_values;
use crate::support::fleet::Fleet;
use crate::support::kpt::Kpt;
use crate::support::krmnet;
use crate::support::pipeline::with_functions;
use crate::support::run::run;
use crate::support::testdata;
use crate::support::tree::Tree;

/// Six clusters with four network functions each.
const FLEET: Fleet = Fleet { seed: 1, clusters: 6, functions: 4, interfaces: 5 };

/// The steps of the fleet's pipeline.
const STEPS: [&str; 5] = ["interface-fn", "vlan-fn", "ipam-fn", "nad-fn", "interface-fn"];

pub(crate) fn agrees(kpt: &Kpt) -> anyhow::Result<()> {
    let scratch = tempfile::tempdir()?;
    let dir = |name: &str| scratch.path().join(name);
    FLEET.write(&dir("made"))?;
    let fleet = with_functions(Tree::read(&dir("made"))?, &kpt.functions);
    for way in ["krmnet", "render", "eval"] {
        fleet.write(&dir(way))?;
    }

    rendered_by_krmnet(&dir("krmnet"))?;
    let expected = Tree::read(&dir("krmnet"))?;
    let kptfiles = expected.entries().filter(|(path, _)| path.ends_with("Kptfile")).count();
    ensure!(kptfiles == 31, "{kptfiles} packages");
    ensure!(expected.entries().count() > 2 * fleet.entries().count(), "nothing was made");

    let outcome = kpt.render(&dir("render"), scratch.path())?;
    ensure!(outcome.success(), "{}", outcome.report());
    let rendered = Tree::read(&dir("render"))?;
    same_values(&expected, &rendered).context("kpt fn render")?;
    let again = kpt.render(&dir("render"), scratch.path())?;
    ensure!(again.success(), "{}", again.report());
    Tree::read(&dir("render"))?.ensure_same(&rendered).context("the second render must change nothing")?;

    for function in STEPS {
        let outcome = kpt.eval(&dir("eval"), function, &[], scratch.path())?;
        ensure!(outcome.success(), "{}", outcome.report());
    }
    same_values(&expected, &Tree::read(&dir("eval"))?).context("kpt fn eval")
}

/// kpt's way to mend merged branches, which `docs/ipam.md` names, comes to what `krmnet render --reallocate` does.
pub(crate) fn mends_merged_branches(kpt: &Kpt) -> anyhow::Result<()> {
    let case = |path: &str| Tree::read_stored(&testdata().join("fleet").join(path));
    let scratch = tempfile::tempdir()?;
    let dir = scratch.path().join("fleet");
    with_functions(case("merged-branches/in")?, &kpt.functions).write(&dir)?;
    let outcome = kpt.eval(&dir, "ipam-fn", &["conflict=Reallocate"], scratch.path())?;
    ensure!(outcome.success(), "{}", outcome.report());
    let outcome = kpt.render(&dir, scratch.path())?;
    ensure!(outcome.success(), "{}", outcome.report());
    let expected = with_functions(case("merged-branches-reallocated/out")?, &kpt.functions);
    same_values(&expected, &Tree::read(&dir)?)
}

fn rendered_by_krmnet(dir: &Path) -> anyhow::Result<()> {
    let mut command = Command::new(krmnet());
    command.arg("render").arg(dir);
    let outcome = run(command, None)?;
    ensure!(outcome.success(), "{}", outcome.report());
    Ok(())
}
