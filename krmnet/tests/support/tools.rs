//! Tools that are not part of this repository: kpt, iproute2, the CNI plugins, the release binaries.

use std::collections::BTreeSet;
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use anyhow::bail;
use libtest_mimic::Completion;

/// Whether this run must not skip anything: continuous integration sets `CI=true`.
pub(crate) fn must_not_skip() -> bool {
    env::var_os("CI").is_some_and(|value| value == "true")
}

/// Skips a trial for want of something, and says so; where nothing may be skipped, this is a failure.
pub(crate) fn skip(reason: &str) -> anyhow::Result<Completion> {
    if must_not_skip() {
        bail!("{reason} (CI=true: nothing may be skipped)");
    }
    announce(reason);
    Ok(Completion::ignored_with(reason))
}

/// Prints the reason of a skip, once however many trials it skips.
fn announce(reason: &str) {
    static ANNOUNCED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let mut announced = ANNOUNCED.lock().unwrap_or_else(PoisonError::into_inner);
    if announced.insert(reason.to_owned()) {
        eprintln!("SKIP: {reason}");
    }
}

/// The program `name` of the search path, or the reason why it cannot be used.
pub(crate) fn program(name: &str) -> Result<PathBuf, String> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|candidate| candidate.is_file())
        .ok_or_else(|| format!("{name} not found: it is in no directory of PATH"))
}

/// The directory of the release binaries, from `KRMNET_BIN_DIR`, or the reason why it cannot be used.
pub(crate) fn binaries() -> Result<PathBuf, String> {
    let Some(folder) = env::var_os("KRMNET_BIN_DIR").map(PathBuf::from) else {
        return Err("release binaries not found: KRMNET_BIN_DIR is not set (`make test` sets it)".to_owned());
    };
    for name in super::FUNCTIONS {
        if !folder.join(name).is_file() {
            return Err(format!("release binaries not found: {} holds no {name}; run `make build`", folder.display()));
        }
    }
    Ok(folder)
}

/// The directory of the CNI plugins: `CNI_PATH`, Debian's, or the upstream default.
pub(crate) fn cni_plugins() -> Result<PathBuf, String> {
    let named = env::var_os("CNI_PATH").map(PathBuf::from);
    let usual = ["/usr/lib/cni", "/opt/cni/bin"].map(PathBuf::from);
    named
        .into_iter()
        .chain(usual)
        .find(|folder| has_plugin(folder))
        .ok_or_else(|| {
            "CNI plugins not found: no `static` in CNI_PATH, /usr/lib/cni or /opt/cni/bin (Debian: containernetworking-plugins)".to_owned()
        })
}

fn has_plugin(folder: &Path) -> bool {
    folder.join("static").is_file()
}

/// The container engine that answers, as `scripts/engine.sh` finds it, or the reason why there is none.
pub(crate) fn engine() -> Result<String, String> {
    let script = super::repository().join("scripts/engine.sh");
    let output = Command::new(&script).output().map_err(|error| format!("running {}: {error}", script.display()))?;
    if !output.status.success() {
        return Err(
            "no container engine answers: neither docker nor podman, or not the one that ENGINE names".to_owned()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}
