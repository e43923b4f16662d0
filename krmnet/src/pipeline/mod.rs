//! The pipelines of a package tree: which functions run, in which order, on which resources.

mod config;
mod plan;
mod program;
mod read;
mod select;

use std::fmt;

use krm::harness::Function;

pub(crate) use config::{Config, with_key};
pub(crate) use plan::{Plan, Unknown, plan};
pub(crate) use select::Choice;

/// Which list of a pipeline a function stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Its output goes on to the next function.
    Mutator,
    /// Its output is dropped; only its errors count.
    Validator,
}

impl Role {
    /// The key of the list in a Kptfile.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Role::Mutator => "mutators",
            Role::Validator => "validators",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Role::Mutator => "mutator",
            Role::Validator => "validator",
        }
    }
}

/// Where a pipeline states a step. Shown as `ipam-fn, mutator 2 of edge01/Kptfile`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StepRef {
    /// The function's name, or the image or command where that names none of ours.
    pub(crate) function: String,
    /// The Kptfile from the root; none for the default pipeline.
    pub(crate) kptfile: Option<String>,
    /// Which list.
    pub(crate) role: Role,
    /// The position in the list, from 1.
    pub(crate) number: usize,
}

impl fmt::Display for StepRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { function, kptfile, role, number } = self;
        match kptfile {
            Some(kptfile) => write!(f, "{function}, {} {number} of {kptfile}", role.word()),
            None => write!(f, "{function}, step {number} of the default pipeline"),
        }
    }
}

/// One step that can run.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) place: StepRef,
    pub(crate) function: Function,
    /// The package whose pipeline it is, by its number; it sees that package and those inside it.
    pub(crate) package: usize,
    pub(crate) config: Config,
    /// A key of the functionConfig with the value that it has in this render, whatever the functionConfig says.
    pub(crate) forced: Option<(&'static str, &'static str)>,
    pub(crate) choice: Choice,
}
