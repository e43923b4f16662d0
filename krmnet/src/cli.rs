//! The command line.

use std::ffi::OsString;
use std::io::{self, Write};
use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use krm::{Finding, Severity, codes, files, harness, nearest};

use crate::crds;
use crate::diff;
use crate::functions::{BUILT_IN, DEFAULT_PIPELINE, named};
use crate::package::{Change, PackageTree, ReadError};
use crate::pipeline::{Unknown, plan};
use crate::render::{Reported, render};
use crate::report::{Fate, Format, Report};
use crate::style::ColorChoice;
use crate::write::{WriteError, write};

/// Exit code: done; there may be warnings.
const SUCCESS: u8 = harness::SUCCESS;
/// Exit code: an error was reported.
const FAILURE: u8 = harness::FAILURE;
/// Exit code: the command line is wrong.
const USAGE: u8 = harness::USAGE;

const EXIT_CODES: &str = "\
Exit codes:
  0  done; there may be warnings
  1  an error was reported: nothing was written, unless the message says which files were
  2  the command line is wrong, DIR included";

// Its one line of help is the description in Cargo.toml.
#[derive(Debug, Parser)]
#[command(name = "krmnet", version, about, after_help = EXIT_CODES, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Render(RenderArgs),
    Fn(FnArgs),
    /// Print the custom resource definitions of the kinds that the functions read, for kubectl apply or an editor
    Crds,
}

/// Render a package and those inside it, as kpt fn render does, with the built-in functions
///
/// Runs the pipelines of the Kptfiles at and below DIR, inner packages first; where none of them states a pipeline:
/// interface-fn, vlan-fn, ipam-fn, nad-fn, interface-fn. Writes the files that changed, and in them only what changed;
/// nothing at all if any step fails. YAML that is no Kubernetes resource is left alone.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
struct RenderArgs {
    /// Directory of the package
    #[arg(default_value = ".", value_name = "DIR")]
    dir: PathBuf,
    /// Leave out pipeline steps that are not built in, with a warning each
    #[arg(long)]
    builtin_only: bool,
    /// Where two claims state one address or VLAN ID, give the later one another, as conflict: Reallocate does in the
    /// functionConfig of ipam-fn and vlan-fn; later by package, namespace and name
    #[arg(long)]
    reallocate: bool,
    /// Show what would change as a unified diff; write nothing
    #[arg(long)]
    dry_run: bool,
    /// Print the rendered ResourceList, as kpt fn source does; write nothing
    #[arg(short, long, value_enum, value_name = "WHERE", conflicts_with = "dry_run")]
    output: Option<Output>,
    /// How results are told: text on standard error, or JSON on standard output (on standard error where that holds
    /// the diff or the ResourceList)
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Whether text is coloured; auto: on a terminal, unless NO_COLOR is set
    #[arg(long, value_enum, value_name = "WHEN", default_value = "auto")]
    color: ColorChoice,
}

/// Where the rendered resources go instead of their files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Output {
    Stdout,
}

/// Run one built-in function: a ResourceList on standard input, one on standard output
#[derive(Debug, Args)]
#[command(disable_help_flag = true)]
struct FnArgs {
    /// The function and its arguments; `krmnet fn NAME --help` says more
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "NAME [ARGS]")]
    words: Vec<OsString>,
}

/// The command lines of `krmnet` and of the binary of each function.
pub(crate) fn commands() -> Vec<clap::Command> {
    let functions = BUILT_IN.iter().map(harness::command);
    std::iter::once(Cli::command()).chain(functions).collect()
}

/// Runs `krmnet` with the arguments of the process.
pub(crate) fn run() -> ExitCode {
    match Cli::try_parse() {
        Ok(Cli { command: Command::Render(args) }) => run_render(&args).into(),
        Ok(Cli { command: Command::Fn(args) }) => run_function(args.words),
        Ok(Cli { command: Command::Crds }) => print(&crds::all(), SUCCESS).into(),
        Err(error) if error.use_stderr() => complain(&error.render().to_string(), USAGE).into(),
        Err(asked) => print(&asked.render().to_string(), SUCCESS).into(),
    }
}

fn run_function(words: Vec<OsString>) -> ExitCode {
    let mut words = words.into_iter();
    let name = words.next().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if let Some(function) = named(&BUILT_IN, &name) {
        return harness::run_as_process(function, words.collect());
    }
    let names: Vec<&str> = BUILT_IN.iter().map(|function| function.name).collect();
    if name == "-h" || name == "--help" {
        return print(&function_help(), SUCCESS).into();
    }
    let found = match name.as_str() {
        "" => "no function is named".to_owned(),
        name => format!("{name} is no built-in function"),
    };
    let hint = nearest(&name, names.iter().copied()).map(|near| format!(", did you mean {near}?")).unwrap_or_default();
    complain(&format!("krmnet fn: {found}{hint} (built in are {})\n", names.join(", ")), USAGE).into()
}

fn function_help() -> String {
    let mut help = "Run one built-in function: a ResourceList on standard input, one on standard output\n\n\
                    Usage: krmnet fn NAME [ARGS]...\n\nFunctions (krmnet fn NAME --help says more):\n"
        .to_owned();
    for function in &BUILT_IN {
        help.push_str(&format!("  {:<14}{}\n", function.name, function.about));
    }
    help
}

/// What a render comes to, before it is told.
struct Outcome {
    results: Vec<Reported>,
    changes: Vec<Change>,
    fate: Fate,
    exit_code: u8,
    /// What standard output is to hold.
    output: String,
}

impl Outcome {
    /// Nothing is written. What the functions would have done is of no interest then.
    fn failed(mut results: Vec<Reported>) -> Self {
        results.retain(|reported| reported.finding.severity != Severity::Info);
        Self { results, changes: Vec::new(), fate: Fate::Refused, exit_code: FAILURE, output: String::new() }
    }

    fn unreadable(errors: &[ReadError]) -> Self {
        let exit_code = if errors.iter().any(ReadError::is_usage) { USAGE } else { FAILURE };
        Self { exit_code, ..Self::failed(errors.iter().map(|error| Finding::from(error).into()).collect()) }
    }

    fn with_error(mut results: Vec<Reported>, finding: Finding) -> Self {
        results.push(finding.into());
        Self::failed(results)
    }
}

fn run_render(args: &RenderArgs) -> u8 {
    let outcome = outcome(args);
    let report = Report {
        results: &outcome.results,
        changes: &outcome.changes,
        fate: outcome.fate,
        exit_code: outcome.exit_code,
    };
    let code = print(&outcome.output, outcome.exit_code);
    match args.format {
        Format::Text => complain(&report.text(args.color.for_stream(&io::stderr())), code),
        Format::Json if args.dry_run || args.output.is_some() => complain(&report.json(), code),
        Format::Json => print(&report.json(), code),
    }
}

fn outcome(args: &RenderArgs) -> Outcome {
    // The process is about to end: to give a fleet's memory back piece by piece would only delay that.
    let mut tree = match PackageTree::read(&args.dir) {
        Ok(tree) => ManuallyDrop::new(tree),
        Err(errors) => return Outcome::unreadable(&errors),
    };
    let unknown = if args.builtin_only { Unknown::Skip } else { Unknown::Fail };
    let plan = plan(&tree, &BUILT_IN, &DEFAULT_PIPELINE, unknown);
    let plan = if args.reallocate { plan.reallocating() } else { plan };
    let results = render(&mut tree, &plan);
    if results.iter().any(Reported::is_error) {
        return Outcome::failed(results);
    }
    let changes = match tree.changes() {
        Ok(changes) => changes,
        Err(error) => return Outcome::with_error(results, Finding::from(&error)),
    };
    let (fate, output) = match (args.dry_run, args.output) {
        (true, _) => (Fate::Planned, diff::unified(&changes, args.color.for_stream(&io::stdout()))),
        (false, Some(Output::Stdout)) => match files::list_of(tree.items()) {
            Ok(list) => (Fate::Planned, list),
            Err(error) => {
                return Outcome::with_error(results, Finding::error(codes::INTERNAL_ERROR, error.to_string()));
            }
        },
        (false, None) => match write(tree.root(), &changes) {
            Ok(()) => (Fate::Written, String::new()),
            Err(error) => {
                let fate = if matches!(error, WriteError::Commit { .. }) { Fate::Interrupted } else { Fate::Refused };
                return Outcome { fate, ..Outcome::with_error(results, Finding::from(&error)) };
            }
        },
    };
    Outcome { results, changes, fate, exit_code: SUCCESS, output }
}

/// Writes to standard output; a failure is one, since what reads it would take a part for the whole.
fn print(text: &str, code: u8) -> u8 {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Ok(()) => code,
        Err(error) => complain(&format!("krmnet: cannot write to standard output: {error}\n"), code.max(FAILURE)),
    }
}

/// Writes to standard error. There is nowhere to report a failure to.
fn complain(text: &str, code: u8) -> u8 {
    let mut stderr = io::stderr().lock();
    let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
    code
}
