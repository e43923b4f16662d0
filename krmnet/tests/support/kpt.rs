//! kpt, and the results that it writes down.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use serde::Deserialize;
use serde_yaml::Value;

use super::run::{Outcome, run};
use super::tools;

/// The real kpt and the functions that it is to run.
#[derive(Clone)]
pub(crate) struct Kpt {
    pub(crate) program: PathBuf,
    /// The directory of the functions.
    pub(crate) functions: PathBuf,
    /// What runs the images that pipelines name, where that is not kpt's own choice.
    pub(crate) engine: Option<String>,
}

impl Kpt {
    pub(crate) fn find() -> Result<Self, String> {
        Ok(Self { program: tools::program("kpt")?, functions: tools::binaries()?, engine: None })
    }

    /// `kpt fn render` of `package`; what kpt keeps at home and its results go into `scratch`.
    pub(crate) fn render(&self, package: &Path, scratch: &Path) -> anyhow::Result<Outcome> {
        let mut command = self.command(scratch);
        command.args(["render", "--allow-exec", "--truncate-output=false", "--results-dir"]);
        command.arg(results_dir(scratch)).arg(package);
        run(command, None)
    }

    /// `kpt fn`, to be given its arguments; it runs in `scratch`, where it also keeps what it wants at home.
    pub(crate) fn command(&self, scratch: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("fn").current_dir(scratch).env("HOME", scratch);
        if let Some(engine) = &self.engine {
            // The second is what kpt calls the first since 1.0.0-beta.59.
            command.env("KPT_FN_RUNTIME", engine).env("KRM_FN_RUNTIME", engine);
        }
        command
    }

    /// `kpt fn eval` of one function on `package`, with a functionConfig of `keys`, each `key=value`.
    pub(crate) fn eval(
        &self,
        package: &Path,
        function: &str,
        keys: &[&str],
        scratch: &Path,
    ) -> anyhow::Result<Outcome> {
        let mut command = self.command(scratch);
        command.args(["eval", "--truncate-output=false", "--exec"]).arg(self.functions.join(function)).arg(package);
        command.arg("--").args(keys);
        run(command, None)
    }
}

fn results_dir(scratch: &Path) -> PathBuf {
    scratch.join("results")
}

/// What `kpt fn render --results-dir` writes, as far as it matters here.
#[derive(Deserialize)]
pub(crate) struct Results {
    #[serde(rename = "exitCode")]
    pub(crate) exit_code: i64,
    pub(crate) items: Vec<Step>,
}

/// One function run.
#[derive(Deserialize)]
pub(crate) struct Step {
    #[serde(rename = "exitCode")]
    pub(crate) exit_code: i64,
    #[serde(default)]
    results: Vec<Value>,
}

impl Results {
    pub(crate) fn read(scratch: &Path) -> anyhow::Result<Self> {
        let path = results_dir(scratch).join("results.yaml");
        let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        serde_yaml::from_str(&text).with_context(|| format!("reading {text}"))
    }

    pub(crate) fn has_error(&self) -> bool {
        let mut results = self.items.iter().flat_map(|step| &step.results);
        results.any(|result| result.get("severity").and_then(Value::as_str) == Some("error"))
    }
}
