//! The programs under test, and running one with bounds on memory and time.

use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::support::{krmnet, tools};

/// The memory that a run may take, in KiB. Bounds what is writable, so that reserved address space does not count.
const MAX_MEMORY_KIB: usize = 1 << 20;

/// A run that takes longer hangs. The promise is two seconds, but tests do not time things.
const HANGS_AFTER: Duration = Duration::from_secs(30);

/// Where GNU time is; it tells the peak of the resident memory.
const TIME: &str = "/usr/bin/time";

/// The binaries of the functions, or `krmnet fn` where those are not built.
#[derive(Debug, Clone)]
pub(crate) struct Programs {
    folder: Option<PathBuf>,
}

/// A finished run; its output is in files.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: PathBuf,
    pub(crate) stderr: PathBuf,
    pub(crate) wall: Duration,
    /// Of the resident memory, in KiB, where it was asked for.
    pub(crate) peak: Option<u64>,
}

impl Programs {
    pub(crate) fn find() -> Programs {
        Programs { folder: tools::binaries().ok() }
    }

    /// Whether they are release binaries, which are quick enough for large inputs; the error says why not.
    pub(crate) fn are_quick(&self) -> Result<(), String> {
        let folder = tools::binaries()?;
        if folder.ends_with("debug") {
            return Err(format!("{} holds no release binaries: large inputs take these too long", folder.display()));
        }
        Ok(())
    }

    /// The command line of a function.
    pub(crate) fn function(&self, name: &str) -> Vec<OsString> {
        match &self.folder {
            Some(folder) => vec![folder.join(name).into()],
            None => vec![krmnet().into(), "fn".into(), name.into()],
        }
    }

    /// Runs a function on a file; what it says is written below `scratch`.
    pub(crate) fn run(&self, function: &str, stdin: &Path, scratch: &Path) -> anyhow::Result<Run> {
        let [stdout, stderr, peak] = ["stdout", "stderr", "peak"].map(|name| scratch.join(name));
        let mut command = Command::new("sh");
        command.args(["-c", &format!("ulimit -d {MAX_MEMORY_KIB} && exec \"$@\""), "sh"]);
        if is_measured() {
            command.args([TIME, "-q", "-f", "%M", "-o"]).arg(&peak);
        }
        command.args(self.function(function)).env_clear();
        command.stdin(File::open(stdin)?).stdout(File::create(&stdout)?).stderr(File::create(&stderr)?);
        let start = Instant::now();
        let mut child = command.spawn().context("running sh")?;
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break status;
            }
            if start.elapsed() > HANGS_AFTER {
                child.kill()?;
                child.wait()?;
                bail!("{function} hangs");
            }
            thread::sleep(Duration::from_millis(1));
        };
        let wall = start.elapsed();
        let peak = if is_measured() { std::fs::read_to_string(peak)?.trim().parse().ok() } else { None };
        Ok(Run { status, stdout, stderr, wall, peak })
    }
}

/// `krmnet`, the release binary where there is one.
pub(crate) fn krmnet_program() -> PathBuf {
    let release = tools::binaries().map(|folder| folder.join("krmnet")).ok().filter(|path| path.is_file());
    release.unwrap_or_else(|| krmnet().to_path_buf())
}

/// Whether a table of time and memory is asked for, with `KRMNET_HOSTILE_TABLE=1`.
pub(crate) fn is_measured() -> bool {
    std::env::var_os("KRMNET_HOSTILE_TABLE").is_some()
}
