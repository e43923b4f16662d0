//! What the integration tests share: golden cases on disk, directory trees, a made-up fleet, running programs, kpt, and
//! other tools.

// Each test binary uses its own part of this module.
#![allow(dead_code)]

pub(crate) mod case;
pub(crate) mod fleet;
pub(crate) mod git;
pub(crate) mod kpt;
pub(crate) mod pipeline;
pub(crate) mod run;
pub(crate) mod tools;
pub(crate) mod tree;

use std::path::{Path, PathBuf};

use libtest_mimic::{Completion, Failed, Trial};

/// The functions that this workspace builds, by the names that pipelines know them under.
pub(crate) const FUNCTIONS: [&str; 4] = ["interface-fn", "ipam-fn", "nad-fn", "vlan-fn"];

/// The root of the repository.
pub(crate) fn repository() -> PathBuf {
    let krmnet = Path::new(env!("CARGO_MANIFEST_DIR"));
    krmnet.parent().unwrap_or(krmnet).to_path_buf()
}

/// The folder of the golden cases.
pub(crate) fn testdata() -> PathBuf {
    repository().join("testdata")
}

/// The `krmnet` binary under test.
pub(crate) fn krmnet() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_krmnet"))
}

/// A trial that passes or fails; a failure prints the whole chain of causes.
pub(crate) fn trial(name: impl Into<String>, check: impl FnOnce() -> anyhow::Result<()> + Send + 'static) -> Trial {
    Trial::test(name, move || check().map_err(failed))
}

/// A trial that may also find, while it runs, that it has to be skipped.
pub(crate) fn skippable_trial(
    name: impl Into<String>,
    check: impl FnOnce() -> anyhow::Result<Completion> + Send + 'static,
) -> Trial {
    Trial::ignorable_test(name, move || check().map_err(failed))
}

fn failed(error: anyhow::Error) -> Failed {
    Failed::from(format!("{error:#}"))
}
