//! The ipam function: gives IPClaims addresses and blocks from the pools that lie in the same package tree.
//!
//! `docs/ipam-fn.md` says what users see, `docs/ipam.md` the rules. Inside: `read` makes the input of the allocation core
//! from the list's items, the core (`functions/ipam`) decides, `explain` puts its reasons into words, `conditions` and
//! `write` edit the list. `peer` holds the texts that Nephio's controllers know.

mod codes;
mod conditions;
mod explain;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod peer;
mod read;
mod settings;
mod write;

use krm::ResourceList;
use krm::config::{STRICT, Settings};
use krm::harness::{Function, USUAL_PIPELINE, Usage};

pub use codes::CODES;

/// ipam-fn.
pub const FUNCTION: Function = Function {
    name: "ipam-fn",
    about: env!("CARGO_PKG_DESCRIPTION"),
    long: "\
Each IPClaim gets an address or a block from a pool of its network instance: from an IPPrefix, from the prefixes of a
NetworkInstance or Network, or from the labelled block of another claim. What stands in a claim's status is kept, whatever
is added, removed or moved around it, so that the Git tree is the memory: no server and no cluster is asked.

A claim for which no pool is there yet is pending: its Kptfile condition is False and a warning says, pool by pool, why none
serves it. Inputs that contradict each other are errors, and then nothing is written.",
    changes: codes::CHANGES,
    config_kind: "IpamFn",
    keys: settings::KEYS,
    usage: Usage { arguments: "order=best-fit conflict=Reallocate", pipeline: USUAL_PIPELINE, config_map: &[("strict", "true")] },
    packages: &["example/gnb", "example/fleet"],
    run,
};

/// Does ipam-fn's job on a list.
pub fn run(list: &mut ResourceList, settings: &Settings) {
    let Some(tree) = read::read(list, settings::of(settings)) else { return };
    let plan = ipam::plan(&tree.input);
    let mut findings = explain::findings(list, &tree, &plan);
    let progress = conditions::progress(list, &tree, &plan, &mut findings);
    findings.into_iter().for_each(|finding| list.report(finding));
    if settings.flag(STRICT.name) {
        list.escalate(|finding| codes::is_pending(finding.code));
    }
    if !list.has_errors() {
        write::statuses(list, &tree, &plan);
        progress.iter().for_each(|kptfile| kptfile.write(list));
    }
}
