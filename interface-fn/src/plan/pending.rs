//! What is still missing, in words that a user can act on.

use api::infra::{ClusterFault, WorkloadClusterSpec};
use api::{advice, names};
use krm::{Field, Finding, Source, qualified};

use super::child::{Diff, News};
use super::{Asker, Cluster};
use crate::codes;

/// What the Interfaces of a package wait for: one finding for the cluster, one per Interface that does not suit it.
pub(crate) fn findings(askers: &[Asker<'_>], cluster: &Cluster) -> Vec<Finding> {
    let waiting: Vec<&Asker<'_>> = askers.iter().filter(|asker| asker.verdict.pending.is_some()).collect();
    let mut findings: Vec<Finding> = askers.iter().filter_map(attachment_type).collect();
    let Some(first) = waiting.first() else { return findings };
    match cluster {
        Cluster::Missing => {
            let message = advice::cluster_missing(&list(&waiting));
            findings.push(first.interface.source.on(Finding::warning(codes::CLUSTER_MISSING, message)));
        }
        Cluster::Doubled(sources) => {
            let named: Vec<String> = sources.iter().map(Source::to_string).collect();
            let message = advice::cluster_doubled(&named, &list(&waiting));
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
    let field = Field::new(fault.field());
    let field = match fault {
        ClusterFault::ClusterName => field.current(spec.cluster_name.as_str()),
        ClusterFault::Cnis | ClusterFault::MasterInterface => field,
    };
    let message = advice::cluster_incomplete(spec, fault, &list(waiting));
    Finding::warning(codes::CLUSTER_INCOMPLETE, message).field(field)
}

fn unsupported(asker: &Asker<'_>, cluster: &Source, spec: &WorkloadClusterSpec) -> Finding {
    let requested = asker.interface.object.spec.cni_type().unwrap_or_default();
    let message = advice::cni_not_in_cluster(requested, &spec.cnis, &cluster.to_string());
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

fn list(askers: &[&Asker<'_>]) -> String {
    advice::interfaces(askers.iter().map(|asker| qualified(asker.metadata().namespace(), asker.name())))
}
