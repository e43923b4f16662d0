//! `krmnet render` that is killed, or has no room: each file is old or new, and a re-run does the rest.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::LazyLock;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use libtest_mimic::{Completion, Trial};

use crate::programs::krmnet_program;
use crate::support::fleet::{Fleet, write_files};
use crate::support::tree::{Entry, Tree};
use crate::support::{skippable_trial, tools, trial};

/// So many new files are there when the process is killed; then it is in the middle of its writing.
const FILES_BEFORE_THE_KILL: [usize; 8] = [1, 2, 3, 10, 30, 60, 90, 100];

/// So often it is tried to kill a render before its end.
const ROUNDS: usize = 10;

/// A process that is killed after so many milliseconds is anywhere: at its start, reading, at work, writing.
const MILLISECONDS_BEFORE_THE_KILL: [u64; 8] = [0, 3, 10, 20, 40, 80, 160, 320];

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = vec![
        trial("render: killed among its files", killed_among_its_files),
        trial("render: killed while it prepares its files", killed_while_it_prepares),
        trial("render: killed at any time", killed_at_any_time),
        trial("render: a file that may not grow", no_file_may_grow),
        trial("render: a signal at a file that may not grow", killed_by_a_file_that_may_not_grow),
    ];
    trials.push(skippable_trial("render: a full disk", full_disk));
    trials
}

/// A tree before and after a render that removes files, changes files and makes files.
struct Trees {
    before: BTreeMap<String, Entry>,
    after: Tree,
    after_entries: BTreeMap<String, Entry>,
}

static TREES: LazyLock<Result<Trees, String>> = LazyLock::new(|| Trees::make().map_err(|error| format!("{error:#}")));

impl Trees {
    fn get() -> anyhow::Result<&'static Trees> {
        TREES.as_ref().map_err(|error| anyhow::anyhow!("{error}"))
    }

    fn make() -> anyhow::Result<Trees> {
        let root = tempfile::tempdir()?;
        let fleet = Fleet::new(5, 2);
        fleet.write(root.path())?;
        ensure_rendered(&finish(render(root.path()).spawn()?)?)?;
        for name in ["n3", "n4"] {
            fs::remove_file(root.path().join(format!("edge0001/nf1/interface_{name}.yaml")))?;
        }
        for cluster in [3, 4, 5] {
            write_files(&fleet.cluster(cluster), root.path())?;
        }
        let before = Tree::read(root.path())?;
        ensure_rendered(&finish(render(root.path()).spawn()?)?)?;
        let after = Tree::read(root.path())?;
        let trees = Trees { before: entries(&before), after_entries: entries(&after), after };
        let (gone, made) = (trees.gone().count(), trees.made().count());
        ensure!(gone > 3 && made > 110, "{gone} files are removed and {made} made: too few to kill between");
        Ok(trees)
    }

    fn write(&self) -> anyhow::Result<tempfile::TempDir> {
        let root = tempfile::tempdir()?;
        for (path, entry) in &self.before {
            let Entry::File(bytes) = entry else { bail!("{path} is a link") };
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().context("a folder")?)?;
            fs::write(path, bytes)?;
        }
        Ok(root)
    }

    fn gone(&self) -> impl Iterator<Item = &String> {
        self.before.keys().filter(|path| !self.after_entries.contains_key(*path))
    }

    fn made(&self) -> impl Iterator<Item = &String> {
        self.after_entries.keys().filter(|path| !self.before.contains_key(*path))
    }

    /// Fails unless every file is as before or as after; temporary files aside.
    fn ensure_old_or_new(&self, root: &Path) -> anyhow::Result<()> {
        let now = entries(&Tree::read(root)?);
        for path in now.keys().chain(self.before.keys()).chain(self.after_entries.keys()) {
            let found = now.get(path);
            let is_expected = found == self.before.get(path) || found == self.after_entries.get(path);
            ensure!(is_expected || is_temporary(path), "{path} is neither old nor new: {found:?}");
        }
        Ok(())
    }

    fn ensure_old(&self, root: &Path) -> anyhow::Result<()> {
        let now = entries(&Tree::read(root)?);
        let odd = now.keys().chain(self.before.keys()).find(|path| now.get(*path) != self.before.get(*path));
        ensure!(odd.is_none(), "{odd:?} is not as before");
        Ok(())
    }

    /// What a render that ended early leaves is sound, and another render makes the whole of it.
    fn ensure_recovers(&self, root: &Path) -> anyhow::Result<()> {
        self.ensure_old_or_new(root)?;
        ensure_rendered(&finish(render(root).spawn()?)?)?;
        Tree::read(root)?.ensure_same(&self.after)
    }
}

fn entries(tree: &Tree) -> BTreeMap<String, Entry> {
    tree.entries().map(|(path, entry)| (path.to_owned(), entry.clone())).collect()
}

fn is_temporary(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.starts_with(".krmnet-") && name.ends_with(".tmp")
}

fn render(root: &Path) -> Command {
    let mut command = Command::new(krmnet_program());
    command.arg("render").arg(root).env_clear().stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

fn finish(child: Child) -> anyhow::Result<Output> {
    let output = child.wait_with_output()?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    ensure!(!stderr.contains("panicked"), "a panic: {stderr}");
    Ok(output)
}

fn ensure_rendered(output: &Output) -> anyhow::Result<()> {
    ensure!(output.status.success(), "{}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// Kills the process as soon as something holds; it may have ended before.
fn kill_when(mut child: Child, holds: impl Fn() -> bool) -> anyhow::Result<()> {
    while child.try_wait()?.is_none() && !holds() {
        std::hint::spin_loop();
    }
    child.kill()?;
    finish(child)?;
    Ok(())
}

fn killed_among_its_files() -> anyhow::Result<()> {
    let trees = Trees::get()?;
    let made: Vec<&String> = trees.made().collect();
    // On a busy machine a render may end before its kill.
    for _ in 0..ROUNDS {
        let mut unfinished = 0;
        for count in FILES_BEFORE_THE_KILL {
            let root = trees.write()?;
            // They are made in the order of their paths.
            let last = root.path().join(made.get(count - 1).context("too few files")?);
            kill_when(render(root.path()).spawn()?, || last.exists())?;
            unfinished += usize::from(Tree::read(root.path())? != trees.after);
            trees.ensure_recovers(root.path())?;
        }
        if unfinished > 0 {
            return Ok(());
        }
    }
    bail!("every render was quicker than its kill: nothing was tried")
}

fn killed_while_it_prepares() -> anyhow::Result<()> {
    let trees = Trees::get()?;
    for _ in 0..ROUNDS {
        let mut left = 0;
        for folder in ["", "edge0001/nf1", "edge0003/nf2", "edge0003/nf4"] {
            let root = trees.write()?;
            let folder = root.path().join(folder);
            let names = || fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.file_name());
            kill_when(render(root.path()).spawn()?, || names().any(|name| is_temporary(&name.to_string_lossy())))?;
            left += Tree::read(root.path())?.entries().filter(|(path, _)| is_temporary(path)).count();
            trees.ensure_recovers(root.path())?;
        }
        if left > 0 {
            return Ok(());
        }
    }
    bail!("no kill left a temporary file: nothing was tried")
}

fn killed_at_any_time() -> anyhow::Result<()> {
    let trees = Trees::get()?;
    for milliseconds in MILLISECONDS_BEFORE_THE_KILL {
        let root = trees.write()?;
        let mut child = render(root.path()).spawn()?;
        std::thread::sleep(Duration::from_millis(milliseconds));
        child.kill()?;
        finish(child)?;
        trees.ensure_recovers(root.path())?;
    }
    Ok(())
}

/// A render in which no file may have more than 512 bytes. What the shell does about the signal holds for it too.
fn render_with_short_files(root: &Path, about_the_signal: &str) -> anyhow::Result<Output> {
    let script = format!("{about_the_signal} ulimit -f 1 && exec \"$@\"");
    let mut command = Command::new("sh");
    command.args(["-c", &script, "sh"]).arg(krmnet_program()).arg("render").arg(root).env_clear();
    finish(command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?)
}

fn no_file_may_grow() -> anyhow::Result<()> {
    let trees = Trees::get()?;
    let root = trees.write()?;
    let output = render_with_short_files(root.path(), "trap '' XFSZ;")?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.code() == Some(1), "{}: {stderr}", output.status);
    ensure!(stderr.contains("cannot write it: ") && stderr.contains("nothing was written"), "{stderr}");
    trees.ensure_old(root.path())?;
    trees.ensure_recovers(root.path())
}

fn killed_by_a_file_that_may_not_grow() -> anyhow::Result<()> {
    let trees = Trees::get()?;
    let root = trees.write()?;
    let output = render_with_short_files(root.path(), "")?;
    ensure!(!output.status.success(), "{}", output.status);
    ensure!(output.status.signal().is_some(), "{}", output.status);
    trees.ensure_recovers(root.path())
}

/// A file system that has room for the old files and a few of the new ones.
fn full_disk() -> anyhow::Result<Completion> {
    let allowed = Command::new("unshare").args(["-Urm", "mount", "-t", "tmpfs", "none", "/mnt"]).output();
    if !allowed.is_ok_and(|output| output.status.success()) {
        return tools::skip("no mounts in user namespaces: unshare -Urm mount -t tmpfs fails");
    }
    let trees = Trees::get()?;
    let (old, kept) = (trees.write()?, tempfile::tempdir()?);
    // A page for each file and folder, and for those of the root.
    let pages = trees.before.len() + 60;
    let script = "mount -t tmpfs -o size=\"$1\" none /mnt && cp -r \"$2/.\" /mnt && \"$4\" render /mnt; code=$?; \
                  cp -r /mnt/. \"$3\" && exit $code";
    let mut command = Command::new("unshare");
    command.args(["-Urm", "sh", "-c", script, "sh", &format!("{}k", pages * 4)]);
    command.arg(old.path()).arg(kept.path()).arg(krmnet_program()).stdout(Stdio::null()).stderr(Stdio::piped());
    let output = finish(command.spawn()?)?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.code() == Some(1), "{}: {stderr}", output.status);
    ensure!(stderr.contains("No space left on device") && stderr.contains("nothing was written"), "{stderr}");
    trees.ensure_old(kept.path())?;
    trees.ensure_recovers(kept.path())?;
    Ok(Completion::Completed)
}
