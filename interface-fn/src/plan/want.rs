//! Which children an Interface asks for.

use std::collections::{BTreeMap, HashMap};

use api::conditions::{CLUSTER_MISSING, cannot_populate, cni_not_supported};
use api::infra::WorkloadClusterSpec;
use api::{AddressFamily, Gvk, Interface, ObjectReference, PrefixKind, advice, annotations, kinds, names};
use krm::{Field, Finding, Placed, Source, qualified};

use super::{Asker, Cluster, address};
use crate::codes;

/// What is decided about an Interface.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Verdict {
    /// Its children, by kind and name: IPClaims, the NetworkAttachmentDefinition, the VLANClaim.
    pub(crate) wants: Vec<Want>,
    /// The message of its condition, where an input is missing. Nothing of it is touched then.
    pub(crate) pending: Option<String>,
}

/// A child that an Interface asks for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Want {
    pub(crate) name: String,
    /// The namespace that a new child gets.
    pub(crate) namespace: Option<String>,
    pub(crate) ask: Ask,
}

/// What the child asks for in its turn.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Ask {
    Address(AddressAsk),
    /// Only the condition: nad-fn writes the object.
    Attachment,
    Vlan(VlanAsk),
}

/// The fields of an IPClaim that the Interface decides.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AddressAsk {
    pub(crate) kind: PrefixKind,
    pub(crate) family: AddressFamily,
    pub(crate) network_instance: ObjectReference,
    pub(crate) cluster: Option<String>,
    pub(crate) network_name: Option<String>,
    pub(crate) pinned: Option<String>,
}

/// The fields of a VLANClaim that the Interface decides.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct VlanAsk {
    /// The cluster's name, which is also that of its VLANIndex. Unknown without a WorkloadCluster.
    pub(crate) cluster: Option<String>,
    /// The name under which claims share an ID; unknown with the cluster.
    pub(crate) shared_name: Option<String>,
}

impl Want {
    pub(crate) fn gvk(&self) -> Gvk {
        match self.ask {
            Ask::Address(_) => kinds::IP_CLAIM,
            Ask::Attachment => kinds::NAD,
            Ask::Vlan(_) => kinds::VLAN_CLAIM,
        }
    }

    /// The type of the child's condition.
    pub(crate) fn gvkn(&self) -> String {
        self.gvk().condition_type(&self.name)
    }
}

/// Decides what an Interface asks for. An error is one that no later input can mend.
pub(crate) fn decide(interface: &Placed<Interface>, cluster: &Cluster) -> Result<Verdict, Finding> {
    let Interface { metadata, spec, .. } = &interface.object;
    let (Some(network_instance), Some(name)) = (&spec.network_instance, spec.network_instance_name()) else {
        let finding = Finding::error(codes::NO_NETWORK_INSTANCE, advice::no_network_instance());
        return Err(finding.field("spec.networkInstance"));
    };
    let known = cluster.known().map(|(_, spec)| spec);
    let wants = if spec.is_pod_network() { Vec::new() } else { children(interface, network_instance, name, known)? };
    let unsupported = || {
        let (cluster, cni_type) = (known?, spec.cni_type().filter(|_| !spec.is_pod_network())?);
        (!cluster.has_cni(cni_type)).then(|| cannot_populate(&cni_not_supported(&cluster.cnis, cni_type)))
    };
    let pending = match cluster {
        Cluster::Doubled(_) | Cluster::Faulty(..) => cluster.fault(),
        Cluster::Missing if names::for_name(metadata).is_some() => Some(cannot_populate(CLUSTER_MISSING)),
        Cluster::Missing => None,
        Cluster::Known(..) => unsupported(),
    };
    Ok(Verdict { wants, pending })
}

fn children(
    interface: &Placed<Interface>,
    network_instance: &ObjectReference,
    network: &str,
    cluster: Option<&WorkloadClusterSpec>,
) -> Result<Vec<Want>, Finding> {
    let Interface { metadata, spec, .. } = &interface.object;
    let pins = pins(interface)?;
    let cluster = cluster.map(|spec| spec.cluster_name.clone());
    // Children of an owned Interface get their namespace, if any, from the package's own set-namespace.
    let namespace = match names::for_name(metadata) {
        Some(_) => None,
        None => metadata.namespace().map(str::to_owned),
    };
    let address = |&family: &AddressFamily| Want {
        name: names::ip_claim(metadata, family),
        namespace: namespace.clone(),
        ask: Ask::Address(AddressAsk {
            kind: if spec.cni_type().is_some() { PrefixKind::Network } else { PrefixKind::Loopback },
            family,
            network_instance: network_instance.clone(),
            cluster: cluster.clone(),
            network_name: metadata.annotation(annotations::NETWORK_NAME).map(str::to_owned),
            pinned: pins.get(&family).cloned(),
        }),
    };
    let mut wants: Vec<Want> = spec.families().iter().map(address).collect();
    if spec.cni_type().is_some() {
        wants.push(Want {
            name: names::nad(metadata),
            namespace: names::nad_namespace(metadata).map(str::to_owned),
            ask: Ask::Attachment,
        });
        if spec.wants_vlan() {
            let shared_name = cluster.as_ref().map(|cluster| names::vlan_claim_name(network, cluster));
            let ask = Ask::Vlan(VlanAsk { cluster, shared_name });
            wants.push(Want { name: names::vlan_claim(metadata), namespace, ask });
        }
    }
    Ok(wants)
}

/// The pinned addresses, one per family at most, each of a family that the Interface asks for.
fn pins(interface: &Placed<Interface>) -> Result<BTreeMap<AddressFamily, String>, Finding> {
    let Interface { metadata, spec, .. } = &interface.object;
    let Some(annotation) = metadata.annotation(annotations::ADDRESS) else { return Ok(BTreeMap::new()) };
    let field = Field::new(format!("metadata.annotations.{}", annotations::ADDRESS)).current(annotation);
    let pinned = address::parse(annotation)
        .map_err(|error| Finding::error(codes::ADDRESS_MALFORMED, error.to_string()).field(field.clone()))?;
    let families = spec.families();
    match pinned.iter().find(|pinned| !families.contains(&pinned.family)) {
        Some(stray) => {
            let wanted: Vec<&str> = families.iter().map(|family| family.as_str()).collect();
            let message = format!(
                "{} is {}, but the Interface asks for {} only: remove it or change spec.ipFamilyPolicy",
                stray.text,
                stray.family,
                wanted.join(" and ")
            );
            Err(Finding::error(codes::ADDRESS_FAMILY, message).field(field))
        }
        None => Ok(pinned.into_iter().map(|pinned| (pinned.family, pinned.text)).collect()),
    }
}

/// Interfaces that stand twice, and pairs of Interfaces that ask for one and the same child: each pair once, with the
/// first child that both ask for. The Interfaces are sorted.
pub(crate) fn asked_twice(askers: &[Asker<'_>]) -> Vec<Finding> {
    let mut first: HashMap<(Gvk, Option<&str>, &str), usize> = HashMap::new();
    let mut findings = Vec::new();
    for (at, asker) in askers.iter().enumerate() {
        let mut reported = Vec::new();
        if let Some(other) = at.checked_sub(1).and_then(|before| askers.get(before))
            && (other.name(), other.metadata().namespace()) == (asker.name(), asker.metadata().namespace())
        {
            let message = format!("stands twice in the package, the other is {}: remove one", other.interface.source);
            findings.push(asker.interface.source.on(Finding::error(codes::INTERFACE_DOUBLED, message)));
            continue;
        }
        for want in asker.wants() {
            let other = *first.entry((want.gvk(), want.namespace.as_deref(), want.name.as_str())).or_insert(at);
            if other == at || reported.contains(&other) {
                continue;
            }
            reported.push(other);
            let Some(other) = askers.get(other) else { continue };
            let message = format!(
                "{} and {} both ask for {} {}: rename one of them, or give them different owners or namespaces",
                other.interface.source,
                asker.interface.source,
                want.gvk().kind,
                qualified(want.namespace.as_deref(), &want.name),
            );
            let finding = Finding::error(codes::CHILD_NAME_TAKEN, message).field("metadata.name");
            findings.push(asker.interface.source.on(finding));
        }
    }
    findings
}

/// The name of a child is taken by an object that another Interface has as its child.
pub(crate) fn occupied(asker: &Asker<'_>, want: &Want, occupant: &Source) -> Finding {
    let message = format!(
        "asks for {} {}, but {} is there already and belongs to another Interface: rename this one, or give it an owner or \
         a namespace of its own",
        want.gvk().kind,
        qualified(want.namespace.as_deref(), &want.name),
        occupant,
    );
    asker.interface.source.on(Finding::error(codes::CHILD_NAME_TAKEN, message).field("metadata.name"))
}
