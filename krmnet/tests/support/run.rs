//! Running programs and writing down what they said.

use std::fs::File;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use anyhow::Context;

use super::{case::Case, krmnet};

/// What stands in golden files for the scratch directory in which a case runs.
const SCRATCH: &str = "[SCRATCH]";

/// What a finished program left.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// How it ended.
    pub(crate) status: ExitStatus,
    /// Its standard output.
    pub(crate) stdout: Vec<u8>,
    /// Its standard error.
    pub(crate) stderr: Vec<u8>,
}

impl Outcome {
    /// Whether it exited with code 0.
    pub(crate) fn success(&self) -> bool {
        self.status.success()
    }

    /// The text of `output.txt`: how the program ended, then its standard error.
    pub(crate) fn report(&self) -> String {
        let end = match (self.status.code(), self.status.signal()) {
            (Some(code), _) => format!("exit {code}"),
            (None, Some(signal)) => format!("killed by signal {signal}"),
            (None, None) => self.status.to_string(),
        };
        format!("{end}\n{}", String::from_utf8_lossy(&self.stderr))
    }
}

/// Runs `command` with `stdin` (a file, or nothing) and waits for it.
pub(crate) fn run(mut command: Command, stdin: Option<&Path>) -> anyhow::Result<Outcome> {
    let input = match stdin {
        Some(path) => File::open(path).with_context(|| format!("opening {}", path.display()))?.into(),
        None => Stdio::null(),
    };
    let output =
        command.stdin(input).output().with_context(|| format!("running {}", command.get_program().display()))?;
    Ok(Outcome { status: output.status, stdout: output.stdout, stderr: output.stderr })
}

/// `krmnet render package`, with the arguments of the case, in `scratch`; paths below `scratch` are scrubbed.
pub(crate) fn render(case: &Case, scratch: &Path) -> anyhow::Result<Outcome> {
    let mut command = krmnet_in(scratch);
    command.args(["render", "package"]).args(&case.args);
    Ok(scrub(run(command, None)?, scratch))
}

/// `krmnet fn FUNCTION`, with the arguments of the case and `stdin` as its input, in `scratch`.
pub(crate) fn function(case: &Case, function: &str, stdin: &Path, scratch: &Path) -> anyhow::Result<Outcome> {
    let mut command = krmnet_in(scratch);
    command.args(["fn", function]).args(&case.args);
    Ok(scrub(run(command, Some(stdin))?, scratch))
}

/// The environment must not matter to a function, so the binary gets none.
fn krmnet_in(scratch: &Path) -> Command {
    let mut command = Command::new(krmnet());
    command.current_dir(scratch).env_clear();
    command
}

fn scrub(outcome: Outcome, scratch: &Path) -> Outcome {
    let path = scratch.display().to_string();
    let clean = |bytes: Vec<u8>| match String::from_utf8(bytes) {
        Ok(text) => text.replace(&path, SCRATCH).into_bytes(),
        Err(not_text) => not_text.into_bytes(),
    };
    Outcome { status: outcome.status, stdout: clean(outcome.stdout), stderr: clean(outcome.stderr) }
}
