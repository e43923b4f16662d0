//! All steps of a tree, in the order in which they run.

use krm::harness::Function;
use krm::{Field, FileRef, Finding, ItemError};

use super::config::{self, Config};
use super::read::{Entry, Kptfile};
use super::select::Choice;
use super::{Role, Step, StepRef, program};
use crate::codes::{NOT_BUILT_IN, PIPELINE_MALFORMED};
use crate::functions::named;
use crate::package::{Package, PackageTree};

/// What to do about steps that are not built in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unknown {
    /// Each is an error.
    Fail,
    /// Each is left out, with a warning.
    Skip,
}

/// What is going to run.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) steps: Vec<Step>,
    /// What is wrong with the pipelines; with an error among them nothing may run.
    pub(crate) findings: Vec<Finding>,
}

/// Plans the render of a tree with the functions that are built in, and a pipeline for a tree that states none.
pub(crate) fn plan(tree: &PackageTree, built_in: &[Function], default: &[Function], unknown: Unknown) -> Plan {
    let mut plan = Plan::default();
    let kptfiles: Vec<Kptfile> = tree.packages().iter().map(|package| plan.kptfile(package)).collect();
    let outer_first = kptfiles.first().is_some_and(Kptfile::renders_outer_first);
    let mut stated = false;
    for number in order(tree.packages(), outer_first) {
        let (Some(package), Some(kptfile)) = (tree.packages().get(number), kptfiles.get(number)) else { continue };
        for (role, entries) in [(Role::Mutator, kptfile.mutators()), (Role::Validator, kptfile.validators())] {
            stated |= !entries.is_empty();
            for (at, entry) in entries.iter().enumerate() {
                let place =
                    StepRef { function: String::new(), kptfile: Some(package.path("Kptfile")), role, number: at + 1 };
                match step(entry, place, number, built_in, unknown) {
                    Ok(step) => plan.steps.push(step),
                    Err(finding) => plan.findings.push(finding),
                }
            }
        }
    }
    if !stated && plan.findings.is_empty() {
        plan.steps = default.iter().enumerate().map(|(at, function)| default_step(at, function)).collect();
    }
    plan
}

/// What ipam-fn and vlan-fn are told when claims are to give way.
const REALLOCATE: (&str, &str) = ("conflict", "Reallocate");

impl Plan {
    /// The same plan, in which claims that state what others hold get something else.
    pub(crate) fn reallocating(mut self) -> Self {
        let may_give_way = |step: &&mut Step| step.function.keys.iter().any(|key| key.name == REALLOCATE.0);
        self.steps.iter_mut().filter(may_give_way).for_each(|step| step.forced = Some(REALLOCATE));
        self
    }

    fn kptfile(&mut self, package: &Package) -> Kptfile {
        Kptfile::parse(&package.kptfile).unwrap_or_else(|error| {
            let finding = match error {
                ItemError::Field { field, message } => Finding::error(PIPELINE_MALFORMED, message).field(field),
                other => Finding::error(PIPELINE_MALFORMED, format!("the Kptfile cannot be read: {other}")),
            };
            self.findings.push(finding.file(FileRef::new(package.path("Kptfile"))));
            Kptfile::default()
        })
    }
}

/// The numbers of the packages in the order in which they are rendered: inner ones before the one around them, or, as
/// kpt does on request, level by level from the outside.
fn order(packages: &[Package], outer_first: bool) -> Vec<usize> {
    if outer_first {
        let mut open: Vec<usize> = Vec::new();
        let mut by_level: Vec<(usize, usize)> = Vec::new();
        for number in 0..packages.len() {
            open.retain(|outer| packages.get(*outer).is_some_and(|outer| number < outer.end));
            by_level.push((open.len(), number));
            open.push(number);
        }
        by_level.sort_unstable();
        return by_level.into_iter().map(|(_, number)| number).collect();
    }
    let mut order = Vec::with_capacity(packages.len());
    let mut open: Vec<(usize, usize)> = Vec::new();
    for (number, package) in packages.iter().enumerate() {
        while let Some((closed, _)) = open.pop_if(|(_, end)| *end <= number) {
            order.push(closed);
        }
        open.push((number, package.end));
    }
    order.extend(open.into_iter().rev().map(|(number, _)| number));
    order
}

fn step(
    entry: &Entry,
    mut place: StepRef,
    package: usize,
    built_in: &[Function],
    unknown: Unknown,
) -> Result<Step, Finding> {
    let (key, program, name) = match (entry.image.as_deref(), entry.exec.as_deref()) {
        (Some(image), None) => ("image", image, Some(program::of_image(image).to_owned())),
        (None, Some(exec)) => ("exec", exec, program::of_exec(exec)),
        _ => {
            let message = "a step states either image or exec".to_owned();
            return Err(Finding { code: PIPELINE_MALFORMED, ..config::finding(&place, message) });
        }
    };
    let Some(function) = name.and_then(|name| named(built_in, &name)) else {
        let field = Field::new(config::field(&place, key)).current(program);
        let file = place.kptfile.map(FileRef::new);
        return Err(not_built_in(program, unknown).field(field).file(file));
    };
    place.function = function.name.to_owned();
    let config = Config::of(entry.config_path.as_deref(), entry.config_map.as_ref())
        .map_err(|problem| config::finding(&place, problem))?;
    let choice = Choice::new(entry.selectors.as_ref(), entry.exclude.as_ref());
    Ok(Step { place, function: *function, package, config, forced: None, choice })
}

fn not_built_in(program: &str, unknown: Unknown) -> Finding {
    match unknown {
        Unknown::Fail => Finding::error(
            NOT_BUILT_IN,
            format!(
                "{program} is not built in: render the package with kpt fn render, or leave such steps out with \
                 --builtin-only"
            ),
        ),
        Unknown::Skip => Finding::warning(NOT_BUILT_IN, format!("{program} is not built in and was left out")),
    }
}

fn default_step(at: usize, function: &Function) -> Step {
    let place = StepRef { function: function.name.to_owned(), kptfile: None, role: Role::Mutator, number: at + 1 };
    let (config, choice) = (Config::None, Choice::default());
    Step { place, function: *function, package: 0, config, forced: None, choice }
}
