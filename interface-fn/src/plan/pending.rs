//! What is still missing, in words that a user can act on.

use api::infra::{ClusterFault, PLACEHOLDER_CLUSTER_NAME, WorkloadClusterSpec};
use api::names;
use krm::{Field, Finding};

use super::child::{Diff, News};
use super::{Asker, Cluster, Source};
use crate::codes;

/// How many Interfaces a message lists by name.
const NAMED: usize = 5;

/// What the Interfaces of a package wait for: one finding for the cluster, one per Interface that does not suit it.
pub(crate) fn findings(askers: &[Asker<'_>], cluster: &Cluster) -> Vec<Finding> {
    let waiting: Vec<&Asker<'_>> = askers.iter().filter(|asker| asker.verdict.pending.is_some()).collect();
    let mut findings: Vec<Finding> = askers.iter().filter_map(attachment_type).collect();
    let Some(first) = waiting.first() else { return findings };
    match cluster {
        Cluster::Missing => {
            let message = format!(
                "no WorkloadCluster is in the package or around it, so that the claims of {} cannot be made: inject the \
                 WorkloadCluster of the target cluster (Nephio does it with a PackageVariant), or add one by hand",
                list(&waiting)
            );
            findings.push(first.interface.source.on(Finding::warning(codes::CLUSTER_MISSING, message)));
        }
        Cluster::Doubled(sources) => {
            let named: Vec<String> = sources.iter().map(Source::named).collect();
            let message = format!(
                "{} WorkloadClusters are in one package ({}), so that nobody knows which one {} is for: keep one",
                sources.len(),
                named.join(", "),
                list(&waiting)
            );
            let on = sources.get(1).unwrap_or(&first.interface.source);
            findings.push(on.on(Finding::warning(codes::CLUSTER_DOUBLED, message)));
        }
        Cluster::Faulty(source, spec, fault) => findings.push(source.on(incomplete(spec, *fault, &waiting))),
        Cluster::Known(source, spec) => {
            findings.extend(waiting.into_iter().map(|asker| unsupported(asker, source, spec)));
        }
    }
    findings
}

fn incomplete(spec: &WorkloadClusterSpec, fault: ClusterFault, waiting: &[&Asker<'_>]) -> Finding {
    let what = match fault {
        ClusterFault::ClusterName if spec.cluster_name == PLACEHOLDER_CLUSTER_NAME => format!(
            "`{PLACEHOLDER_CLUSTER_NAME}` is the placeholder of a blueprint: inject the WorkloadCluster \
             of the target cluster (Nephio does it with a PackageVariant), or fill it in by hand"
        ),
        ClusterFault::ClusterName => "clusterName is empty: state the name of the target cluster".to_owned(),
        ClusterFault::Cnis => "cnis is empty: list the CNI plugins that the cluster has, such as macvlan".to_owned(),
        ClusterFault::MasterInterface => {
            "masterInterface is absent: state the hosts' interface that attachments sit on, such as eth1".to_owned()
        }
    };
    let field = Field::new(fault.field());
    let field = match fault {
        ClusterFault::ClusterName => field.current(spec.cluster_name.as_str()),
        ClusterFault::Cnis | ClusterFault::MasterInterface => field,
    };
    Finding::warning(codes::CLUSTER_INCOMPLETE, format!("{what}. Waiting for it: {}", list(waiting))).field(field)
}

fn unsupported(asker: &Asker<'_>, cluster: &Source, spec: &WorkloadClusterSpec) -> Finding {
    let requested = asker.interface.object.spec.cni_type().unwrap_or_default();
    let cnis = spec.cnis.join(", ");
    let message = format!(
        "`{requested}` is not among the CNI plugins {cnis} of {}: change it, or add it to the cluster's \
         spec.cnis if the cluster has it",
        cluster.named()
    );
    let field = Field::new("spec.cniType").current(requested);
    asker.interface.source.on(Finding::warning(codes::CNI_NOT_IN_CLUSTER, message).field(field))
}

/// The VLANClaim of an Interface without an owner cannot be made while nobody knows the cluster.
pub(crate) fn vlan(asker: &Asker<'_>, diffs: &[Diff]) -> Option<Finding> {
    diffs.iter().any(|diff| diff.news == News::Impossible).then(|| {
        let message = format!(
            "attachmentType vlan needs a WorkloadCluster, whose name is that of the VLANIndex, and none is in the package \
             or around it: add one, or write VLANClaim {} by hand",
            names::vlan_claim(asker.metadata())
        );
        asker.interface.source.on(Finding::warning(codes::CLUSTER_MISSING, message).field("spec.attachmentType"))
    })
}

/// An attachmentType that Nephio does not know is treated as `none`, which its author may not have meant.
fn attachment_type(asker: &Asker<'_>) -> Option<Finding> {
    let spec = &asker.interface.object.spec;
    let stated =
        spec.attachment_type.as_deref().filter(|stated| !["", "none", api::req::ATTACHMENT_VLAN].contains(stated))?;
    let message = format!("`{stated}` is neither none nor vlan: no VLAN ID is claimed");
    let field = Field::new("spec.attachmentType").current(stated).proposed(api::req::ATTACHMENT_VLAN);
    Some(asker.interface.source.on(Finding::warning(codes::ATTACHMENT_TYPE_UNKNOWN, message).field(field)))
}

/// `Interface n3`, `Interfaces n3 and n6`, `Interfaces a, b, c, d, e and 7 more`.
fn list(askers: &[&Asker<'_>]) -> String {
    let name = |asker: &&Asker<'_>| super::qualified(asker.metadata().namespace(), asker.name());
    let mut names: Vec<String> = askers.iter().take(NAMED).map(name).collect();
    match (askers.len(), names.pop()) {
        (0 | 1, last) => format!("Interface {}", last.unwrap_or_default()),
        (count, Some(last)) if count <= NAMED => format!("Interfaces {} and {last}", names.join(", ")),
        (count, last) => {
            names.extend(last);
            format!("Interfaces {} and {} more", names.join(", "), count.saturating_sub(NAMED))
        }
    }
}
