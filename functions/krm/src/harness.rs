//! What every function binary does around its one job: arguments, help, ResourceList in, ResourceList out, exit codes.
//!
//! The contract is kpt's. On success standard output gets exactly one ResourceList, built whole and written once; kpt takes
//! a short output with exit code 0 for "delete the rest", so every failed write is a failure. A function that reports an
//! error prints the list as it came in, with the results, and exits with 1: kpt then writes nothing, and shows them.
//! Errors and warnings go to standard error as text too, since Porch's exec evaluator loses structured results.

mod args;
mod doc;
mod help;
mod notes;
mod usage;

use std::ffi::OsString;
use std::io::{self, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

pub use args::command;
pub use usage::{USUAL_PIPELINE, Usage};

use args::Request;
use notes::Notes;

use crate::codes::{INTERNAL_ERROR, NO_RESOURCES};
use crate::config::{Key, Settings};
use crate::files;
use crate::finding::Finding;
use crate::limits::MAX_BYTES;
use crate::list::ResourceList;

/// Exit code: the ResourceList on standard output is complete.
pub const SUCCESS: u8 = 0;
/// Exit code: an error was reported, or the input or the output failed.
pub const FAILURE: u8 = 1;
/// Exit code: the command line is wrong.
pub const USAGE: u8 = 2;

/// A KRM function: its job, and its description, which is the source of `--help`, of `--doc`, and of the README and the
/// metadata.yaml beside its source.
///
/// ```no_run
/// use krm::ResourceList;
/// use krm::config::{STRICT, Settings};
/// use krm::harness::{self, Function, Usage};
///
/// const FUNCTION: Function = Function {
///     name: "noop-fn",
///     about: "Does nothing to a package",
///     long: "Returns every resource as it came in.",
///     config_kind: "Noop",
///     keys: &[STRICT],
///     changes: &[],
///     usage: Usage { arguments: "strict=true", pipeline: &["noop-fn"], config_map: &[] },
///     packages: &["example/noop"],
///     run,
/// };
///
/// fn run(_list: &mut ResourceList, _settings: &Settings) {}
///
/// fn main() -> std::process::ExitCode {
///     harness::main(&FUNCTION)
/// }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Function {
    /// The binary's name, `ipam-fn`.
    pub name: &'static str,
    /// What it does, in one line without a full stop.
    pub about: &'static str,
    /// What it does, in a paragraph or several. Lines are printed as they are; Markdown must read them as the same text.
    pub long: &'static str,
    /// The kind of its own functionConfig in [`API_VERSION`](crate::config::API_VERSION), `IPAM`.
    pub config_kind: &'static str,
    /// The keys of its functionConfig.
    pub keys: &'static [Key],
    /// The codes of findings that tell what the run changes: where it fails, nothing is written and none of it has happened,
    /// so that they are withdrawn.
    pub changes: &'static [&'static str],
    /// How its examples call it.
    pub usage: Usage,
    /// Packages that show it at work, as folders of the repository.
    pub packages: &'static [&'static str],
    /// The job. It edits the list and reports; it neither reads nor writes anything else.
    pub run: fn(&mut ResourceList, &Settings),
}

impl Function {
    /// Does the job on a list: reads its functionConfig, and runs unless that is wrong or there are no items. After an error
    /// no finding tells of a change.
    pub fn apply(&self, list: &mut ResourceList) {
        match Settings::read(list.function_config(), self.config_kind, self.keys) {
            Err(findings) => findings.into_iter().for_each(|finding| list.report(finding)),
            Ok(_) if list.is_empty() => {
                list.report(Finding::info(NO_RESOURCES, "no resources present in the resourcelist"));
            }
            Ok(settings) => {
                (self.run)(list, &settings);
                list.confirm_edits();
            }
        }
        if list.has_errors() {
            self.withdraw_changes(list);
        }
    }

    fn withdraw_changes(&self, list: &mut ResourceList) {
        list.withdraw(|finding| self.changes.contains(&finding.code));
    }
}

/// The `main` of a function binary.
#[must_use]
pub fn main(function: &Function) -> ExitCode {
    run_as_process(function, std::env::args_os().skip(1).collect())
}

/// [`main`] with the arguments behind the program's name given, for a binary that holds several functions.
#[must_use]
pub fn run_as_process(function: &Function, args: Vec<OsString>) -> ExitCode {
    let (stdin, mut stderr) = (io::stdin().lock(), io::stderr().lock());
    if args.is_empty() && stdin.is_terminal() {
        Notes::new(function.name, &mut stderr).say(&help::at_a_terminal(function));
        return USAGE.into();
    }
    execute(function, args, stdin, io::stdout().lock(), stderr).into()
}

/// Runs a function as its binary does and answers the exit code. `args` are those behind the program's name.
pub fn execute(
    function: &Function,
    args: impl IntoIterator<Item = OsString>,
    stdin: impl Read,
    mut stdout: impl Write,
    mut stderr: impl Write,
) -> u8 {
    let mut notes = Notes::new(function.name, &mut stderr);
    let (text, code) = match args::read(function, args) {
        Err(usage) => {
            notes.quote(&usage);
            return USAGE;
        }
        Ok(Request::Print(text)) => (text, SUCCESS),
        Ok(Request::Run(files)) => match input(&files, stdin) {
            Ok(list) => run(function, list, &mut notes),
            Err(problem) => {
                notes.say(&problem);
                return FAILURE;
            }
        },
    };
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Ok(()) => code,
        Err(error) => {
            notes.say(&format!(
                "cannot write to standard output: {error}; what was written is not complete, do not use it"
            ));
            FAILURE
        }
    }
}

/// The list to work on, or why there is none.
fn input(files: &[PathBuf], stdin: impl Read) -> Result<ResourceList, String> {
    let list = if files.is_empty() {
        let mut bytes = Vec::new();
        // A byte more than the limit is enough to be refused.
        let mut stdin = stdin.take(MAX_BYTES as u64 + 1);
        stdin.read_to_end(&mut bytes).map_err(|error| format!("cannot read standard input: {error}"))?;
        ResourceList::parse_bytes(bytes)
    } else {
        ResourceList::parse(files::resource_list(files).map_err(|error| error.to_string())?)
    };
    list.map_err(|error| error.to_string())
}

/// The output and the exit code.
fn run(function: &Function, mut list: ResourceList, notes: &mut Notes<'_>) -> (String, u8) {
    function.apply(&mut list);
    let rendered = list.render();
    if let Err(error) = &rendered {
        list.report(Finding::error(INTERNAL_ERROR, format!("the result cannot be written, so nothing is: {error}")));
        function.withdraw_changes(&mut list);
    }
    notes.findings(list.findings());
    let answer = match rendered {
        Ok(text) if !list.has_errors() => (text, SUCCESS),
        _ => (list.render_failed(), FAILURE),
    };
    // The process ends here: giving back the memory of every item would take longer than some functions do.
    std::mem::forget(list);
    answer
}

#[cfg(test)]
mod tests;
