//! The `krmnet` command line: the functions of this project in one binary, and a renderer of package trees that needs
//! neither kpt nor containers.
//!
//! `docs/krmnet.md` says what users see. Inside, in the order of a render:
//!
//! | module | job |
//! |---|---|
//! | `package` | find and read the packages, lend their resources, tell what changed |
//! | `pipeline` | read the Kptfiles' pipelines and plan the steps |
//! | `render` | run the steps in memory |
//! | `write`, `diff` | write the changes back, or show them |
//! | `report` | tell the results |
//! | `functions` | the functions that are built in |
//! | `crds` | the custom resource definitions |
//! | `cli` | the command line |

mod cli;
mod codes;
mod crds;
mod diff;
mod functions;
mod package;
mod pipeline;
mod render;
mod report;
mod style;
#[cfg(test)]
mod testing;
mod write;

use std::process::ExitCode;

pub use codes::CODES;

/// The command lines of `krmnet` and of the binary of each function, for man pages and shell completions.
#[must_use]
pub fn commands() -> Vec<clap::Command> {
    cli::commands()
}

/// Runs the command line with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    cli::run()
}
