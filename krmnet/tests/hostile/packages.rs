//! The small inputs once more, as files of a package that `krmnet render` renders: it fails and changes nothing, or keeps
//! every document.

use std::fs;
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use libtest_mimic::Trial;

use crate::entry::{Entry, MARK};
use crate::inputs::HEAD;
use crate::programs::krmnet_program;
use crate::support::tree::Tree;
use crate::support::trial;

const KPTFILE: &str = "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: hostile\n";

/// A trial for an input whose items can stand as documents in a file.
pub(crate) fn trial_of(entry: &Entry) -> Option<Trial> {
    if entry.is_large {
        return None;
    }
    let mut bytes = Vec::new();
    (entry.input)(&mut bytes).ok()?;
    let items = bytes.strip_prefix(HEAD.as_bytes())?;
    let documents = documents(items);
    Some(trial(format!("package: {}", entry.name), move || check(&documents)))
}

/// The items as documents: a dash becomes a separator, and every line moves to the left.
fn documents(items: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(items.len());
    for line in items.split_inclusive(|byte| *byte == b'\n') {
        match (line.strip_prefix(b"- "), line.strip_prefix(b"  ")) {
            (Some(first), _) => text.extend([b"---\n", first].concat()),
            (None, rest) => text.extend(rest.unwrap_or(line)),
        }
    }
    text
}

fn check(documents: &[u8]) -> anyhow::Result<()> {
    let root = tempfile::tempdir()?;
    fs::write(root.path().join("Kptfile"), KPTFILE)?;
    fs::write(root.path().join("hostile.yaml"), documents)?;
    let before = Tree::read(root.path())?;
    let mut command = Command::new(krmnet_program());
    command.arg("render").arg(root.path()).env_clear().stdin(Stdio::null());
    let output = command.output().context("running krmnet")?;
    let stderr = String::from_utf8(output.stderr)?;
    let code = output.status.code().with_context(|| format!("{}: {stderr}", output.status))?;
    ensure!(!stderr.contains("panicked"), "a panic: {stderr}");
    match code {
        0 => {
            let after = fs::read(root.path().join("hostile.yaml"))?;
            let count = |bytes: &[u8]| String::from_utf8_lossy(bytes).matches(MARK).count();
            let (wanted, found) = (count(documents), count(&after));
            ensure!(found == wanted, "{wanted} documents were read, {found} are left: {stderr}");
            Ok(())
        }
        1 => {
            ensure!(stderr.contains("[error]"), "a failure without a word: {stderr}");
            Tree::read(root.path())?.ensure_same(&before)
        }
        code => anyhow::bail!("exit {code}: {stderr}"),
    }
}
