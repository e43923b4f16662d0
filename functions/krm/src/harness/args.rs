//! The command line of a function binary.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Arg, ArgAction, Command, value_parser};

use super::{Function, doc, help};

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Request {
    /// Print a text and do nothing else.
    Print(String),
    /// Do the job, on these files in place of standard input if there are any.
    Run(Vec<PathBuf>),
}

/// Reads the arguments behind the program's name. The error is the text for standard error.
pub(super) fn read(function: &Function, args: impl IntoIterator<Item = OsString>) -> Result<Request, String> {
    match command(function).try_get_matches_from(args) {
        Ok(matches) if matches.get_flag("doc") => Ok(Request::Print(doc::json(function))),
        Ok(mut matches) => {
            let files = matches.remove_many::<PathBuf>("files").into_iter().flatten();
            Ok(Request::Run(files.collect()))
        }
        Err(error) if error.use_stderr() => Err(error.render().to_string()),
        Err(asked) => Ok(Request::Print(asked.render().to_string())),
    }
}

/// The command line of a function's binary, for what is made from it: man pages, completions.
#[must_use]
pub fn command(function: &Function) -> Command {
    let doc = Arg::new("doc").long("doc").action(ArgAction::SetTrue).help("Print the documentation as JSON");
    let files = Arg::new("files")
        .value_name("FILE")
        .num_args(0..)
        .value_parser(value_parser!(PathBuf))
        .help("YAML files to read in place of a ResourceList on standard input; without functionConfig");
    Command::new(function.name)
        .no_binary_name(true)
        .version(env!("CARGO_PKG_VERSION"))
        .about(function.about)
        .long_about(format!("{}.\n\n{}", function.about, function.long.trim()))
        .after_help("--help also shows the functionConfig, the exit codes and examples.")
        .after_long_help(help::reference(function))
        .arg(files)
        .arg(doc)
}
