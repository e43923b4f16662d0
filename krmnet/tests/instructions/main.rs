//! What the release binaries cost, in instructions: the gate that keeps them fast.
//!
//! Seconds depend on the machine and on what else it does; the instructions that valgrind counts do not. Two things are
//! held: the counts in `recorded.txt`, give or take what another compiler may change, and that the work grows in
//! proportion to the input. `UPDATE_GOLDEN=1` records anew. Needs valgrind and the release binaries.

#[path = "../../benches/inputs/mod.rs"]
mod inputs;
mod recorded;
#[path = "../support/mod.rs"]
mod support;
mod valgrind;

use anyhow::ensure;
use libtest_mimic::{Arguments, Completion, Trial};

use recorded::Recorded;
use support::{skippable_trial, tools};
use valgrind::Valgrind;

/// Four times the input may cost so many times the instructions.
const LINEAR: f64 = 4.4;

fn main() {
    let arguments = Arguments::from_args();
    let trials = vec![
        needs_valgrind("no function costs more than what is recorded", costs_as_recorded),
        needs_valgrind("four times the Interfaces cost four times the work", grows_with_the_interfaces),
        needs_valgrind("four times the claims cost four times the work", grows_with_the_claims),
    ];
    libtest_mimic::run(&arguments, trials).exit();
}

fn needs_valgrind(name: &str, check: impl FnOnce(&Valgrind) -> anyhow::Result<()> + Send + 'static) -> Trial {
    skippable_trial(name, move || match Valgrind::find() {
        Ok(valgrind) => check(&valgrind).map(|()| Completion::Completed),
        Err(reason) => tools::skip(&reason),
    })
}

fn costs_as_recorded(valgrind: &Valgrind) -> anyhow::Result<()> {
    let mut recorded = Recorded::read()?;
    let workloads = inputs::workloads(1 << 20);
    for function in support::FUNCTIONS {
        recorded
            .hold(&format!("{function}: 1 MB with nothing to do"), valgrind.count(function, workloads.as_bytes())?.0)?;
    }
    let (few, many) = (inputs::claims(20), inputs::claims(2_000));
    recorded.hold("ipam-fn: 20 claims", valgrind.count("ipam-fn", few.as_bytes())?.0)?;
    let (first, resolved) = valgrind.count("ipam-fn", many.as_bytes())?;
    recorded.hold("ipam-fn: 2000 claims", first)?;
    recorded.hold("ipam-fn: 2000 claims, again", valgrind.count("ipam-fn", &resolved)?.0)?;
    for step in pipeline(valgrind, 500)? {
        recorded.hold(&format!("{}: 500 Interfaces", step.name), step.instructions)?;
    }
    recorded.finish()
}

fn grows_with_the_interfaces(valgrind: &Valgrind) -> anyhow::Result<()> {
    let (few, many) = (pipeline(valgrind, 250)?, pipeline(valgrind, 1_000)?);
    few.iter().zip(&many).try_for_each(|(few, many)| linear(&few.name, few.instructions, many.instructions))
}

fn grows_with_the_claims(valgrind: &Valgrind) -> anyhow::Result<()> {
    let count = |claims| anyhow::Ok(valgrind.count("ipam-fn", inputs::claims(claims).as_bytes())?.0);
    linear("ipam-fn", count(1_000)?, count(4_000)?)
}

fn linear(name: &str, few: u64, many: u64) -> anyhow::Result<()> {
    #[allow(clippy::cast_precision_loss)] // counts are far below 2^52
    let ratio = many as f64 / few as f64;
    ensure!(
        ratio <= LINEAR,
        "{name}: {few} instructions became {many}, {ratio:.2} times as many; at most {LINEAR} are meant"
    );
    Ok(())
}

/// A run of a function in the usual pipeline.
struct Step {
    name: String,
    instructions: u64,
}

/// The usual pipeline over one package of so many Interfaces.
fn pipeline(valgrind: &Valgrind, interfaces: usize) -> anyhow::Result<Vec<Step>> {
    let mut list = inputs::package(interfaces).into_bytes();
    let mut steps = Vec::new();
    for (function, name) in [
        ("interface-fn", "interface-fn"),
        ("vlan-fn", "vlan-fn"),
        ("ipam-fn", "ipam-fn"),
        ("nad-fn", "nad-fn"),
        ("interface-fn", "interface-fn, second pass"),
        ("nad-fn", "nad-fn, again"),
    ] {
        let (instructions, answer) = valgrind.count(function, &list)?;
        steps.push(Step { name: name.to_owned(), instructions });
        list = answer;
    }
    Ok(steps)
}
