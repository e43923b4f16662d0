//! The interface function: Interfaces in, claims out; on a later pass, what the claims were given back onto each
//! Interface.
//!
//! `docs/interface-fn.md` says what users see. Inside: `gather` reads the packages of a list, `plan` decides
//! without YAML or files, `apply` edits the list.

mod apply;
mod codes;
mod gather;
mod owners;
mod plan;

use std::collections::HashMap;

use krm::config::{STRICT, Settings};
use krm::harness::{Function, USUAL_PIPELINE, Usage};
use krm::kptfile::Conditions;
use krm::{Finding, ResourceList, Severity};

pub use codes::CODES;

/// interface-fn.
pub const FUNCTION: Function = Function {
    name: "interface-fn",
    about: env!("CARGO_PKG_DESCRIPTION"),
    long: "\
Each Interface gets an IPClaim per address family, a VLANClaim where its attachmentType is vlan, and the Kptfile
condition by which nad-fn writes its NetworkAttachmentDefinition. Once they all are ready, the Interface's status
lists what its claims were given. What an Interface does not ask for any more is removed.

A missing, doubled or unfinished WorkloadCluster, or one without the CNI plugin of an Interface, leaves the Interface
pending: its condition is False, a warning says what to do, and nothing that is there is touched.",
    changes: codes::CHANGES,
    config_kind: "InterfaceFn",
    keys: &[STRICT],
    usage: Usage { arguments: "strict=true", pipeline: USUAL_PIPELINE, config_map: &[] },
    packages: &["example/gnb", "example/fleet"],
    run,
};

/// How many infos of one sort are shown one by one.
const SHOWN: usize = 20;

/// Does interface-fn's job on a list.
pub fn run(list: &mut ResourceList, settings: &Settings) {
    let Some(tree) = gather::gather(list) else { return };
    let mut outcomes = Vec::with_capacity(tree.packages.len());
    let mut findings = Vec::new();
    for (kptfile, package) in tree.packages {
        let read = list.get(kptfile).and_then(|item| item.value().ok()).map(Conditions::of);
        match read {
            Some(Ok(mut conditions)) => {
                let mut plan = plan::plan(&package, &mut conditions);
                findings.append(&mut plan.findings);
                outcomes.push((kptfile, conditions, plan));
            }
            Some(Err(error)) => {
                findings.push(list.about(Finding::error(codes::KPTFILE_MALFORMED, error.to_string()), kptfile));
            }
            None => {}
        }
    }
    findings.extend(owners::unknown(list, &tree.interfaces));
    report(list, findings);
    if settings.flag(STRICT.name) {
        list.escalate(|finding| codes::is_pending(finding.code));
    }
    if !list.has_errors() {
        for (kptfile, conditions, plan) in outcomes {
            apply::apply(list, &tree.items, kptfile, &conditions, plan);
        }
    }
}

/// Reports the findings; of many infos of one sort the rest becomes a count.
fn report(list: &mut ResourceList, findings: Vec<Finding>) {
    let mut counts: HashMap<&'static str, usize> = HashMap::new();
    let mut order = Vec::new();
    for finding in findings {
        if finding.severity == Severity::Info {
            let count = counts.entry(finding.code).or_insert_with(|| {
                order.push(finding.code);
                0
            });
            *count += 1;
            if *count > SHOWN {
                continue;
            }
        }
        list.report(finding);
    }
    for code in order {
        let more = counts.get(code).copied().unwrap_or_default().saturating_sub(SHOWN);
        if more > 0 {
            list.report(Finding::info(code, format!("the same of {more} more objects")));
        }
    }
}
