//! The container engine, and the images that `make images` loaded into it.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};
use serde::Deserialize;
use serde_json::Value;

use crate::support::run::{Outcome, run};
use crate::support::tools;

/// Docker or podman.
pub(crate) struct Engine {
    pub(crate) program: String,
}

/// How strictly a function is locked in, beyond what kpt does.
const LOCKED_IN: [&str; 6] =
    ["--read-only", "--network=none", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--pull=never", "--rm"];

/// What an engine tells of an image.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Image {
    pub(crate) os: String,
    pub(crate) created: String,
    pub(crate) config: Config,
}

/// How an image is run. Only what is set is there.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Config {
    #[serde(default)]
    pub(crate) user: String,
    pub(crate) entrypoint: Option<Vec<String>>,
    pub(crate) cmd: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) labels: serde_json::Map<String, Value>,
}

impl Engine {
    pub(crate) fn find() -> Result<Self, String> {
        tools::engine().map(|program| Self { program })
    }

    /// `docker run` without anything that a function could reach: as `user`, with these options and arguments.
    pub(crate) fn run(
        &self,
        name: &str,
        user: &str,
        options: &[String],
        arguments: &[&str],
        stdin: Option<&Path>,
    ) -> anyhow::Result<Outcome> {
        let mut command = Command::new(&self.program);
        command.args(["run", "--interactive", "--user", user]).args(LOCKED_IN).args(options);
        command.arg(reference(name)).args(arguments);
        run(command, stdin)
    }

    pub(crate) fn inspect(&self, name: &str) -> anyhow::Result<Image> {
        let mut command = Command::new(&self.program);
        command.args(["image", "inspect", &reference(name)]);
        let outcome = run(command, None)?;
        ensure!(outcome.success(), "no such image, run `make images`: {}", outcome.report());
        let images: Vec<Image> = serde_json::from_slice(&outcome.stdout)?;
        images.into_iter().next().context("the engine shows nothing of it")
    }
}

/// The image of a function or of `krmnet`, as pipelines name it.
pub(crate) fn reference(name: &str) -> String {
    format!("ghcr.io/krmnet/{name}:v{}", env!("CARGO_PKG_VERSION"))
}
