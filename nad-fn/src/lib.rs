//! The NAD function: Interfaces and their answered claims in, NetworkAttachmentDefinitions with static addresses out.
//!
//! `docs/nad-fn.md` says what users see. Inside: `read` reads the packages of a list, `plan` decides without YAML
//! or files, `outlook` looks for trouble ahead, `write` edits the list.

mod codes;
mod outlook;
mod plan;
mod read;
mod write;

use krm::config::{Key, KeyKind, STRICT};
use krm::harness::{Function, USUAL_PIPELINE, Usage};
use krm::kptfile::Conditions;
use krm::{Finding, ResourceList, Source};

pub use codes::CODES;

/// nad-fn.
pub const FUNCTION: Function = Function {
    name: "nad-fn",
    about: env!("CARGO_PKG_DESCRIPTION"),
    long: "\
Each Interface with a cniType gets a NetworkAttachmentDefinition: the CNI plugin on the hosts' interface, with the
addresses and VLAN ID that its claims hold, and routes to the prefixes that the package's Networks list for its network
instance. The configuration is checked against what the CNI plugins and the kernel accept before it is written.

Without a WorkloadCluster, a claim or its answer, or a master interface the Interface is pending: a warning says what to
do, and what is there stays, unless it states an address that the Interface no longer holds.

Annotations of an Interface: krmnet.dev/master, krmnet.dev/mtu, krmnet.dev/mode, krmnet.dev/routes and
k8s.v1.cni.cncf.io/resourceName.",
    changes: codes::CHANGES,
    config_kind: "NadFn",
    keys: &[MASTER_INTERFACE, STRICT],
    usage: Usage {
        arguments: "masterInterface=ens3",
        pipeline: USUAL_PIPELINE,
        config_map: &[("masterInterface", "ens3")],
    },
    packages: &["example/gnb", "example/fleet"],
    run,
};

const MASTER_INTERFACE: Key = Key {
    name: "masterInterface",
    about: "The interface of the nodes that attachments sit on, where neither the Interface (annotation krmnet.dev/master) \
            nor the WorkloadCluster (spec.masterInterface) names one.",
    default: None,
    kind: KeyKind::Text { example: "ens3" },
};

/// Does nad-fn's job on a list.
pub fn run(list: &mut ResourceList, settings: &krm::config::Settings) {
    let Some(tree) = read::read(list) else { return };
    let master = settings.text(MASTER_INTERFACE.name).filter(|name| !name.is_empty()).map(str::to_owned);
    let options = plan::Settings { master };
    let mut plans = Vec::with_capacity(tree.packages.len());
    let mut findings = Vec::new();
    for (id, (kptfile, package)) in &tree.packages {
        let Some(item) = list.get(*kptfile) else { continue };
        let Some(read) = item.value().ok().map(Conditions::of) else { continue };
        let source = Source::of(item);
        match read {
            Ok(mut conditions) => {
                let mut plan = plan::plan(package, &options, &source, &mut conditions);
                findings.append(&mut plan.findings);
                findings.extend(plan.doubled.iter().filter_map(|(first, second)| {
                    let (first, second) = (tree.items.get(*first)?, tree.items.get(*second)?);
                    Some(tree.places.stands_twice(list, *first, *second, codes::OBJECT_DOUBLED))
                }));
                plans.push((*id, *kptfile, conditions, plan));
            }
            Err(error) => findings.push(source.on(Finding::error(codes::KPTFILE_MALFORMED, error.to_string()))),
        }
    }
    findings.extend(outlook::findings(list, &tree, plans.iter().map(|(id, _, _, plan)| (*id, plan))));
    for finding in findings {
        list.report(finding);
    }
    if settings.flag(STRICT.name) {
        list.escalate(codes::is_pending);
    }
    if !list.has_errors() {
        for (_, kptfile, conditions, plan) in &plans {
            write::write(list, &tree.items, *kptfile, conditions, plan);
        }
    }
}
