//! What becomes of one attachment: its configuration, or what it still waits for.
//!
//! The order of the questions is that of Nephio's nad-fn, and so are the messages of the condition where it has one.

use api::conditions::{
    CLAIM_EXPECTED, CLUSTER_MISSING, MASTER_UNKNOWN, VLAN_ID_UNKNOWN, cni_not_supported, for_names_expected,
};
use api::{AddressFamily, IpFamilyPolicy, advice, annotations, kinds, names};
use krm::{Field, Finding};

use super::annotations::{Annotations, field};
use super::asker::Asker;
use super::claims::{Children, family_of, vlan_id};
use super::cluster::Cluster;
use super::config::{BRIDGE, Facts, Master, MasterFrom, Rendered, render};
use super::{Package, Settings, annotations as annotated};
use crate::codes;

/// The plugin for which Multus names the device, so that it needs no master.
const SRIOV: &str = "sriov";
/// The plugin that moves the master itself into the pod.
const HOST_DEVICE: &str = "host-device";
/// The plugins that do not run without an address.
const NEED_ADDRESS: [&str; 2] = ["ipvlan", "vlan"];

/// What becomes of one attachment.
#[derive(Debug)]
pub(super) enum Outcome {
    /// The Interface asks for none.
    Unasked,
    /// It can be written; with warnings.
    Written(Rendered, Vec<Finding>),
    /// It waits for an input.
    Waiting(Waiting),
}

/// An input that has not arrived yet.
#[derive(Debug)]
pub(super) struct Waiting {
    /// What the condition says; `None` leaves it as it is.
    pub(super) message: Option<String>,
    /// What a user can do about it; `None` where it is the cluster that is waited for.
    pub(super) finding: Option<Finding>,
}

/// What is there already.
#[derive(Debug, Clone, Copy)]
pub(super) struct Present<'p> {
    /// Whether the Kptfile has a condition for the attachment.
    pub(super) condition: bool,
    /// The NetworkAttachmentDefinition.
    pub(super) nad: Option<&'p super::Nad>,
}

/// Decides about one attachment. Errors are contradictions that no later input can mend.
pub(super) fn decide(
    asker: &Asker<'_>,
    children: &Children<'_>,
    present: Present<'_>,
    package: &Package,
    settings: &Settings,
) -> Result<Outcome, Vec<Finding>> {
    let spec = &asker.interface.object.spec;
    let cluster = &package.cluster;
    let no_cluster = matches!(cluster, Cluster::Missing);
    // A loopback asks for no attachment, but a condition that says otherwise is answered as Nephio does.
    let asked_for = present.condition && (asker.has_owner() || !no_cluster);
    if spec.is_pod_network() || (spec.cni_type().is_none() && !asked_for) {
        return Ok(Outcome::Unasked);
    }
    let annotations = annotated::read(asker.interface)?;
    if let Some(fault) = cluster.fault() {
        return waiting(present.nad.map(|_| fault), None);
    }
    if let Some(held_back) = held_back(asker, children) {
        return waiting(None, Some(held_back));
    }
    if no_cluster && asker.has_owner() {
        return waiting(Some(CLUSTER_MISSING.to_owned()), None);
    }
    if asker.has_owner() && asker.nad.namespace.is_none() {
        let for_name = names::for_name(asker.metadata()).unwrap_or_default();
        return waiting(Some(for_names_expected(for_name, "")), Some(no_namespace(asker)));
    }
    if children.is_empty() {
        return waiting(Some(CLAIM_EXPECTED.to_owned()), Some(no_claim(asker)));
    }
    let cni_type = spec.cni_type().unwrap_or_default();
    if let Some((source, known)) = cluster.known()
        && (cni_type.is_empty() || !known.has_cni(cni_type))
    {
        let message = cni_not_supported(&known.cnis, cni_type);
        return waiting(Some(message), Some(unsupported(asker, cni_type, &source.to_string(), &known.cnis)));
    }
    if let Some(finding) = unresolved(asker, children).or_else(|| incomplete(asker, children, cni_type)) {
        return waiting(None, Some(finding));
    }
    let master = master(&annotations, cluster, settings, cni_type);
    let named_by_present = present.nad.is_some_and(|nad| nad.resource_name.is_some());
    let facts = Facts {
        interface: asker.interface,
        nad: &asker.nad,
        cni_type,
        annotations: &annotations,
        master,
        vlan: children.vlan,
        has_resource: annotations.resource_name.is_some() || named_by_present,
        claims: &children.ip,
        tables: &package.tables,
    };
    if let Some((message, finding)) = unfastened(asker, &facts) {
        return waiting(Some(message.to_owned()), Some(finding));
    }
    let rendered = render(&facts)?;
    Ok(Outcome::Written(rendered, warnings(asker, &facts)))
}

fn waiting(message: Option<String>, finding: Option<Finding>) -> Result<Outcome, Vec<Finding>> {
    Ok(Outcome::Waiting(Waiting { message, finding }))
}

/// Claims whose conditions are False: Nephio's nad-fn passes over the attachment then, whatever their status.
fn held_back(asker: &Asker<'_>, children: &Children<'_>) -> Option<Finding> {
    let conditions = &children.held_back;
    if conditions.is_empty() {
        return None;
    }
    let because = || {
        let message = format!(
            "{} waits: in the Kptfile the condition of {} is False; what answers the claim turns it True",
            shown(asker),
            conditions.join(" and of ")
        );
        asker.interface.source.on(Finding::warning(codes::CLAIM_UNRESOLVED, message))
    };
    Some(unresolved(asker, children).unwrap_or_else(because))
}

/// Claims that are there but have no answer.
fn unresolved(asker: &Asker<'_>, children: &Children<'_>) -> Option<Finding> {
    let is_open = |claim: &&&super::Placed<api::IpClaim>| {
        claim.object.status.as_ref().is_none_or(|status| status.prefix().is_none())
    };
    let addresses = children.ip.iter().filter(is_open).map(|claim| (&claim.source, "status.prefix", "ipam-fn", "pool"));
    let vlan = children.vlan.filter(|claim| vlan_id(&claim.object).is_none());
    let vlan = vlan.map(|claim| (&claim.source, "status.vlanID", "vlan-fn", "VLANIndex"));
    let open: Vec<_> = addresses.chain(vlan).collect();
    let (first, field, ..) = *open.first()?;
    let each = open.iter().map(|(source, field, function, supply)| {
        format!("{source}, which has no {field} yet ({function} fills it in once a {supply} serves the claim)")
    });
    let message = format!("{} waits for {}", shown(asker), each.collect::<Vec<_>>().join(", and for "));
    Some(first.on(Finding::warning(codes::CLAIM_UNRESOLVED, message).field(field)))
}

/// Claims that the Interface asks for and that are not there.
fn incomplete(asker: &Asker<'_>, children: &Children<'_>, cni_type: &str) -> Option<Finding> {
    let spec = &asker.interface.object.spec;
    let missing = |kind: &str, name: String| {
        let message = format!(
            "{} waits for {kind} {name}, which is not in the package: run interface-fn first, which makes it",
            shown(asker)
        );
        asker.interface.source.on(Finding::warning(codes::CLAIM_MISSING, message))
    };
    let held: Vec<Option<AddressFamily>> = children.ip.iter().map(|claim| family_of(&claim.object)).collect();
    // An Interface that states no policy takes the claims that are there: of one family, of both, or only a VLAN's.
    let stated = !matches!(spec.ip_family_policy, None | Some(IpFamilyPolicy::None));
    let required = stated || (held.is_empty() && NEED_ADDRESS.contains(&cni_type));
    let mut families = spec.families().iter().filter(|_| required && !held.contains(&None));
    if let Some(&family) = families.find(|family| !held.contains(&Some(**family))) {
        return Some(missing(kinds::IP_CLAIM.kind, names::ip_claim(asker.metadata(), family)));
    }
    let no_vlan = spec.wants_vlan() && children.vlan.is_none();
    no_vlan.then(|| missing(kinds::VLAN_CLAIM.kind, names::vlan_claim(asker.metadata())))
}

/// Who names the hosts' interface, or the bridge: the Interface, the cluster or the functionConfig.
fn master<'p>(
    annotations: &Annotations,
    cluster: &'p Cluster,
    settings: &Settings,
    cni_type: &str,
) -> Option<Master<'p>> {
    let stated = annotations.master.clone().map(|name| Master { name, from: MasterFrom::Annotation });
    if cni_type == BRIDGE {
        return stated;
    }
    let of_cluster = || {
        let (source, spec) = cluster.known()?;
        let name = spec.master_interface.clone().filter(|name| !name.is_empty())?;
        Some(Master { name, from: MasterFrom::Cluster(source) })
    };
    let of_settings = || Some(Master { name: settings.master.clone()?, from: MasterFrom::Settings });
    stated.or_else(of_cluster).or_else(of_settings)
}

/// The message and finding where nobody says what the attachment is fastened to.
fn unfastened(asker: &Asker<'_>, facts: &Facts<'_>) -> Option<(&'static str, Finding)> {
    let named_otherwise = match facts.cni_type {
        BRIDGE => facts.vlan.is_some(),
        SRIOV => facts.has_resource,
        _ => false,
    };
    if facts.master.is_some() || named_otherwise {
        return None;
    }
    let (message, code, text) = if facts.cni_type == BRIDGE {
        let text = format!(
            "{} needs the name of the hosts' bridge: set annotation {} to it, or attachmentType to vlan, which names \
             the bridge cni<VLAN ID>",
            shown(asker),
            annotations::MASTER
        );
        (VLAN_ID_UNKNOWN, codes::BRIDGE_UNKNOWN, text)
    } else {
        let text = format!(
            "{} needs the hosts' interface that it sits on: set annotation {} on the Interface, spec.masterInterface of \
             the WorkloadCluster, or masterInterface in nad-fn's functionConfig, such as eth1",
            shown(asker),
            annotations::MASTER
        );
        (MASTER_UNKNOWN, codes::MASTER_UNKNOWN, text)
    };
    let finding = Finding::warning(code, text).field(field(annotations::MASTER));
    Some((message, asker.interface.source.on(finding)))
}

fn no_namespace(asker: &Asker<'_>) -> Finding {
    let message = format!(
        "{} needs a namespace: set annotation {} on the Interface (Nephio's packages do it with apply-replacements), or \
         metadata.namespace",
        shown(asker),
        annotations::NAMESPACE
    );
    asker.interface.source.on(Finding::warning(codes::NAMESPACE_MISSING, message).field(field(annotations::NAMESPACE)))
}

fn no_claim(asker: &Asker<'_>) -> Finding {
    let message = format!(
        "{} waits: no claim of the Interface is in the package; run interface-fn first, which makes them",
        shown(asker)
    );
    asker.interface.source.on(Finding::warning(codes::CLAIM_MISSING, message))
}

fn unsupported(asker: &Asker<'_>, cni_type: &str, cluster: &str, cnis: &[String]) -> Finding {
    let message = if cni_type.is_empty() {
        format!(
            "the Kptfile has a condition for {}, but the Interface has no cniType and so is a loopback: state one of {}, \
             which {cluster} has, or delete the condition",
            shown(asker),
            cnis.join(", ")
        )
    } else {
        advice::cni_not_in_cluster(cni_type, cnis, cluster)
    };
    let field = Field::new("spec.cniType").current(cni_type);
    asker.interface.source.on(Finding::warning(codes::CNI_NOT_IN_CLUSTER, message).field(field))
}

/// What works on paper and may not on the node.
fn warnings(asker: &Asker<'_>, facts: &Facts<'_>) -> Vec<Finding> {
    let mut warnings = Vec::new();
    if facts.cni_type == SRIOV && !facts.has_resource {
        let message = format!(
            "{} names no device plugin resource, without which Multus gives the sriov plugin no virtual function: set \
             annotation {} on the Interface",
            shown(asker),
            annotations::RESOURCE_NAME
        );
        let finding = Finding::warning(codes::RESOURCE_NAME_MISSING, message).field(field(annotations::RESOURCE_NAME));
        warnings.push(asker.interface.source.on(finding));
    }
    if let Some(Master { name, from }) = &facts.master
        && (facts.cni_type == HOST_DEVICE && facts.vlan.is_none() && *from != MasterFrom::Annotation)
    {
        let message = format!(
            "{} moves {name}, the interface of all attachments, from the node into the pod: name another one in \
             annotation {} unless that is meant",
            shown(asker),
            annotations::MASTER
        );
        let finding = Finding::warning(codes::DEVICE_SHARED, message).field(field(annotations::MASTER));
        warnings.push(asker.interface.source.on(finding));
    }
    warnings
}

/// The NetworkAttachmentDefinition in a sentence.
fn shown(asker: &Asker<'_>) -> String {
    format!("{} {}", kinds::NAD.kind, asker.nad.shown())
}
