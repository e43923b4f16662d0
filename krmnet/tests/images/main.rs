//! The images, in containers: alone as Porch runs them, and under kpt. What runs in a container must do what the binary
//! does, byte for byte.
//!
//! Not part of `cargo test`: `make e2e-images` loads the images into docker or podman and runs this. Needs kpt on the
//! search path and the release binaries in `KRMNET_BIN_DIR`.

mod engine;
#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use libtest_mimic::{Arguments, Completion, Trial};

use engine::{Engine, reference};
use support::case::{Kind, cases};
use support::kpt::{Kpt, Results};
use support::pipeline::with_functions;
use support::run::{Outcome, run};
use support::tree::Tree;
use support::{FUNCTIONS, git, repository, skippable_trial, testdata, tools};

/// `nobody`, a user that is in no file of the image, and root.
const USERS: [&str; 3] = ["65534", "12345:54321", "0"];

fn main() {
    let mut trials = Vec::new();
    for name in FUNCTIONS {
        trials.push(image_trial(format!("{name}: the image says how it is run"), move |e2e| metadata(e2e, name)));
        trials.push(image_trial(format!("{name}: runs locked in, whoever runs it"), move |e2e| locked_in(e2e, name)));
        trials.push(image_trial(format!("{name}: kpt fn doc shows its help"), move |e2e| doc(e2e, name)));
    }
    trials.push(image_trial("krmnet: the image says how it is run", |e2e| metadata(e2e, KRMNET)));
    trials.push(image_trial("krmnet: renders a mounted package", renders_a_mounted_package));
    for package in ["example/gnb", "example/fleet"] {
        trials.push(image_trial(format!("{package}: kpt fn render"), move |e2e| render(e2e, package)));
    }
    trials.push(image_trial("kpt fn eval", eval));
    trials.push(image_trial("a clone of the repository: kpt fn render touches the examples only", renders_a_clone));
    trials.push(image_trial("a failing function leaves the tree untouched", failure_leaves_the_tree_untouched));
    let trials = trials.into_iter().map(|trial| trial.with_ignored_flag(true)).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit()
}

const KRMNET: &str = "krmnet";

/// What the trials need of the machine.
struct EndToEnd {
    engine: Engine,
    kpt: Kpt,
}

fn image_trial(name: impl Into<String>, check: impl FnOnce(&EndToEnd) -> anyhow::Result<()> + Send + 'static) -> Trial {
    skippable_trial(name, move || match EndToEnd::find() {
        Ok(e2e) => check(&e2e).map(|()| Completion::Completed),
        Err(reason) => tools::skip(&reason),
    })
}

impl EndToEnd {
    fn find() -> Result<Self, String> {
        let engine = Engine::find()?;
        let kpt = Kpt { engine: Some(engine.program.clone()), ..Kpt::find()? };
        Ok(Self { engine, kpt })
    }

    /// The binary that is in the image of this name.
    fn binary(&self, name: &str) -> PathBuf {
        self.kpt.functions.join(name)
    }

    /// `kpt fn render`, which must succeed, with images or binaries as the Kptfiles say.
    fn render(&self, package: &Path, scratch: &Path) -> anyhow::Result<Outcome> {
        succeeded(self.kpt.render(package, scratch)?)
    }

    /// What `kpt fn render` with the binaries makes of a tree, with the images named in its pipelines again.
    fn rendered_by_binaries(&self, input: &Tree) -> anyhow::Result<Tree> {
        let scratch = tempfile::tempdir()?;
        let package = scratch.path().join("package");
        with_functions(input.clone(), &self.kpt.functions).write(&package)?;
        self.render(&package, scratch.path())?;
        Ok(self.with_images(Tree::read(&package)?))
    }

    fn with_images(&self, tree: Tree) -> Tree {
        tree.map_kptfiles(|text| {
            FUNCTIONS.iter().fold(text.to_owned(), |text, name| {
                text.replace(&format!("exec: {}", self.binary(name).display()), &format!("image: {}", reference(name)))
            })
        })
    }
}

fn succeeded(outcome: Outcome) -> anyhow::Result<Outcome> {
    ensure!(outcome.success(), "{}", outcome.report());
    Ok(outcome)
}

/// Porch reads from a registry what `inspect` reads here, and starts the entrypoint alone: a command would be lost. Its pods
/// run as the image's user, who must be a number where a pod demands that nothing runs as root.
fn metadata(e2e: &EndToEnd, name: &str) -> anyhow::Result<()> {
    let image = e2e.engine.inspect(name)?;
    let entrypoint = if name == KRMNET { "/usr/local/bin/krmnet" } else { "/usr/local/bin/function" };
    ensure!(image.os == "linux", "os: {}", image.os);
    ensure!(image.config.user == "65534:65534", "user: {}", image.config.user);
    ensure!(
        image.config.entrypoint.as_deref() == Some(&[entrypoint.to_owned()]),
        "entrypoint: {:?}",
        image.config.entrypoint
    );
    ensure!(image.config.cmd.unwrap_or_default().is_empty(), "a command beside the entrypoint");

    let label = |key: &str| {
        let value = image.config.labels.get(&format!("org.opencontainers.image.{key}"));
        value.and_then(|value| value.as_str()).with_context(|| format!("no label {key}"))
    };
    for (key, expected) in [("title", name), ("version", env!("CARGO_PKG_VERSION")), ("licenses", "Apache-2.0")] {
        ensure!(label(key)? == expected, "label {key}: {}", label(key)?);
    }
    ensure!(label("source")?.starts_with("https://"), "label source: {}", label("source")?);
    ensure!(label("revision")?.len() >= 40, "label revision: {}", label("revision")?);
    ensure!(label("created")? == image.created, "label created: {}, the image: {}", label("created")?, image.created);
    let help = succeeded(run(help_of(&e2e.binary(name)), None)?)?;
    let about = label("description")?;
    ensure!(String::from_utf8(help.stdout)?.starts_with(about), "--help does not begin with the description {about:?}");
    Ok(())
}

fn help_of(binary: &Path) -> Command {
    let mut command = Command::new(binary);
    command.arg("--help");
    command
}

/// One golden case that succeeds and one that fails, with a read-only root, no network, no capabilities, and any user.
fn locked_in(e2e: &EndToEnd, name: &str) -> anyhow::Result<()> {
    for exit in ["exit 0", "exit 1"] {
        let input = case_that_ends(name, exit)?;
        let expected = run(Command::new(e2e.binary(name)), Some(&input))?;
        ensure!(expected.report().starts_with(exit), "the binary: {}", expected.report());
        for user in USERS {
            let found = e2e.engine.run(name, user, &[], &[], Some(&input))?;
            let place = format!("{} as user {user}", input.display());
            ensure!(
                found.report() == expected.report(),
                "{place}: {}the binary: {}",
                found.report(),
                expected.report()
            );
            ensure!(found.stdout == expected.stdout, "{place}: other output than that of the binary");
        }
    }
    Ok(())
}

/// The input of the first golden case of a function that ends so and prints a ResourceList.
fn case_that_ends(name: &str, exit: &str) -> anyhow::Result<PathBuf> {
    for (_, case) in cases(&testdata())? {
        let Kind::Function(function) = &case.kind else { continue };
        if function == name
            && case.args.is_empty()
            && case.has("out.yaml")
            && case.text("output.txt")?.starts_with(exit)
        {
            return Ok(case.file("in.yaml"));
        }
    }
    anyhow::bail!("no golden case of {name} ends with {exit}")
}

fn doc(e2e: &EndToEnd, name: &str) -> anyhow::Result<()> {
    let scratch = tempfile::tempdir()?;
    let mut command = e2e.kpt.command(scratch.path());
    command.args(["doc", "--image", &reference(name)]);
    let shown = succeeded(run(command, None)?)?;
    let help = succeeded(run(help_of(&e2e.binary(name)), None)?)?;
    // kpt adds blank lines.
    ensure!(
        shown.stdout.trim_ascii_end() == help.stdout.trim_ascii_end(),
        "kpt shows\n{}",
        String::from_utf8_lossy(&shown.stdout)
    );
    Ok(())
}

fn renders_a_mounted_package(e2e: &EndToEnd) -> anyhow::Result<()> {
    let input = Tree::read(&repository().join("example/gnb"))?;
    let scratch = tempfile::tempdir()?;
    let (in_container, here) = (scratch.path().join("in-container"), scratch.path().join("here"));
    input.write(&in_container)?;
    input.write(&here)?;
    let owner = fs::metadata(&in_container)?;
    let user = format!("{}:{}", owner.uid(), owner.gid());
    let mount = ["--volume".to_owned(), format!("{}:/package", in_container.display())];
    succeeded(e2e.engine.run(KRMNET, &user, &mount, &["render", "/package"], None)?)?;
    let mut command = Command::new(e2e.binary(KRMNET));
    command.arg("render").arg(&here);
    succeeded(run(command, None)?)?;
    let rendered = Tree::read(&here)?;
    ensure!(rendered != input, "nothing was rendered");
    Tree::read(&in_container)?.ensure_same(&rendered)
}

/// As the package is: kpt runs the images that its Kptfiles name.
fn render(e2e: &EndToEnd, package: &str) -> anyhow::Result<()> {
    let input = Tree::read(&repository().join(package))?;
    let scratch = tempfile::tempdir()?;
    let dir = scratch.path().join("package");
    input.write(&dir)?;
    let report = e2e.render(&dir, scratch.path())?.report();
    for name in FUNCTIONS {
        let passed = format!("[PASS] \"{}\"", reference(name));
        ensure!(report.contains(&passed) || !runs(&input, name), "kpt did not run {name}: {report}");
    }
    let rendered = Tree::read(&dir)?;
    rendered.ensure_same(&e2e.rendered_by_binaries(&input)?)?;

    e2e.render(&dir, scratch.path())?;
    Tree::read(&dir)?.ensure_same(&rendered).context("the second render must change nothing")
}

/// Whether a pipeline of the tree names this function.
fn runs(tree: &Tree, name: &str) -> bool {
    tree.clone().map_kptfiles(|text| text.replace(&reference(name), "")) != *tree
}

/// Function by function, with a functionConfig.
fn eval(e2e: &EndToEnd) -> anyhow::Result<()> {
    let input = Tree::read(&repository().join("example/gnb"))?;
    let scratch = tempfile::tempdir()?;
    let (images, binaries) = (scratch.path().join("images"), scratch.path().join("binaries"));
    input.write(&images)?;
    input.write(&binaries)?;
    for (name, strict) in [("interface-fn", "false"), ("ipam-fn", "true"), ("nad-fn", "true"), ("interface-fn", "true")]
    {
        let eval = |package: &Path, how: &str, what: &str| -> anyhow::Result<()> {
            let mut command = e2e.kpt.command(scratch.path());
            command.arg("eval").arg(package).args([how, what, "--", &format!("strict={strict}")]);
            succeeded(run(command, None)?).with_context(|| format!("kpt fn eval {how} {what}")).map(|_| ())
        };
        eval(&images, "--image", &reference(name))?;
        eval(&binaries, "--exec", &e2e.binary(name).display().to_string())?;
        Tree::read(&images)?.ensure_same(&Tree::read(&binaries)?).with_context(|| format!("after {name}"))?;
    }
    ensure!(Tree::read(&images)?.contains("networkattachmentdefinition_n3.yaml"), "no attachment was written");
    Ok(())
}

fn renders_a_clone(e2e: &EndToEnd) -> anyhow::Result<()> {
    let scratch = tempfile::tempdir()?;
    let clone = scratch.path().join("clone");
    git::working_tree()?.write(&clone)?;
    git::commit_all(&clone)?;
    e2e.render(&clone, scratch.path())?;
    git::ensure_only_examples_differ(&clone)
}

fn failure_leaves_the_tree_untouched(e2e: &EndToEnd) -> anyhow::Result<()> {
    let mut input = Tree::read(&repository().join("example/gnb"))?;
    let interface = "\
apiVersion: req.nephio.org/v1alpha1
kind: Interface
metadata:
  name: without-an-instance
  namespace: oai-ran
spec:
  cniType: macvlan
";
    input.insert("interface_without-an-instance.yaml", interface);
    let scratch = tempfile::tempdir()?;
    let package = scratch.path().join("package");
    input.write(&package)?;
    let outcome = e2e.kpt.render(&package, scratch.path())?;
    ensure!(!outcome.success(), "kpt accepted an Interface without a networkInstance: {}", outcome.report());
    ensure!(outcome.report().contains("without-an-instance"), "kpt does not name it: {}", outcome.report());
    ensure!(Results::read(scratch.path())?.has_error(), "results.yaml holds no error");
    Tree::read(&package)?.ensure_same(&input)
}
