//! What has to change in a child so that it asks for what its Interface wants.
//!
//! Only the fields that the Interface decides are looked at. Whatever else stands in a claim was put there by a user
//! and stays.

use api::ipam::IpClaimStatus;
use api::vlan::VlanClaimStatus;
use api::{IpClaim, ObjectMeta, ObjectReference, VlanClaim, annotations, labels, names};
use krm::{Field, Finding, Placed, qualified};
use serde_json::{Map, Value, json};

use super::kin::{Child, Object};
use super::want::{AddressAsk, Ask, VlanAsk, Want};
use super::{Asker, Edit, address};
use crate::codes;

/// What became of a child, for its condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum News {
    /// It is there and asks for the right thing.
    Kept,
    /// It was marked for deletion and is not any more.
    Restored,
    /// It asks for something else than before: whatever it was given no longer counts.
    Changed,
    /// It is new.
    Created,
    /// It is not there, and another function makes it.
    Missing,
    /// It is not there and cannot be made yet.
    Impossible,
}

/// What a child was given, as far as it still counts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Answer {
    /// Nothing yet.
    None,
    /// An address.
    Address(IpClaimStatus),
    /// A VLAN ID.
    Vlan(VlanClaimStatus),
    /// The object itself is the answer.
    Present,
}

/// What has to be done about one wanted child.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Diff {
    /// The type of its condition.
    pub(crate) gvkn: String,
    /// How messages name the child where several share the condition: `namespace/name`.
    pub(crate) qualified: String,
    /// Whether the condition is ours to give a reason to.
    pub(crate) owned: bool,
    pub(crate) news: News,
    pub(crate) answer: Answer,
    /// The child's item and its edits.
    pub(crate) edits: Option<(usize, Vec<Edit>)>,
    /// The child as a new object.
    pub(crate) create: Option<Value>,
    pub(crate) findings: Vec<Finding>,
}

/// Compares what is wanted with what is there. An error is a contradiction between an Interface and a claim that a
/// user wrote.
pub(crate) fn diff(asker: &Asker<'_>, want: &Want, child: Option<Child<'_>>) -> Result<Diff, Finding> {
    let namespace = child.map_or(want.namespace.as_deref(), |child| child.object.metadata().namespace());
    let mut diff = Diff {
        gvkn: want.gvkn(),
        qualified: qualified(namespace, &want.name),
        owned: child.is_none_or(|child| child.owned) || want.ask == Ask::Attachment,
        news: News::Kept,
        answer: Answer::None,
        edits: None,
        create: None,
        findings: Vec::new(),
    };
    match (&want.ask, child.map(|child| child.object)) {
        (Ask::Address(ask), Some(Object::IpClaim(claim))) if diff.owned => address_claim(&mut diff, asker, ask, claim),
        (Ask::Address(ask), Some(Object::IpClaim(claim))) => strange_address_claim(&mut diff, asker, ask, claim)?,
        (Ask::Vlan(ask), Some(Object::VlanClaim(claim))) => vlan_claim(&mut diff, asker, ask, claim),
        (Ask::Vlan(VlanAsk { cluster: None, .. }), _) => diff.news = News::Impossible,
        (Ask::Attachment, Some(_)) => diff.answer = Answer::Present,
        (Ask::Attachment, None) => diff.news = News::Missing,
        (Ask::Address(_) | Ask::Vlan(_), _) => {
            diff.news = News::Created;
            diff.create = Some(new_claim(asker, want));
        }
    }
    Ok(diff)
}

/// The edits of one claim, and what they mean for its answer.
#[derive(Default)]
struct Changes {
    edits: Vec<Edit>,
    /// The claim asks for something else: what it was given is void.
    void: bool,
    /// The claim asks for something else, but what it was given is held until it is answered anew.
    again: bool,
    /// A mark for deletion is gone.
    restored: bool,
}

impl Changes {
    /// A value that the Interface decides. Where it was unknown so far, the answer stays.
    fn decide(&mut self, path: &[&str], current: Option<&str>, wanted: &str) {
        if current != Some(wanted) {
            self.edits.push(Edit::set(path, wanted));
            self.void |= current.is_some();
        }
    }

    /// The annotations of a child, owner aside; the mark for deletion goes.
    fn annotate(&mut self, asker: &Asker<'_>, child: &ObjectMeta) {
        for (key, value) in inherited(asker) {
            if child.annotations.get(key).map(String::as_str) != Some(value) {
                self.edits.push(Edit::set(&["metadata", "annotations", key], value));
            }
        }
        if child.annotations.contains_key(annotations::DELETE) {
            self.edits.push(Edit::remove(&["metadata", "annotations", annotations::DELETE]));
            self.restored = true;
        }
    }

    /// Writes down what became of the claim. `answer` is what it was given so far.
    fn finish(mut self, diff: &mut Diff, item: usize, has_status: bool, answer: Answer) {
        diff.news = match () {
            () if self.void || self.again => News::Changed,
            () if self.restored => News::Restored,
            () => News::Kept,
        };
        if self.void && has_status {
            self.edits.push(Edit::set(&["status"], Map::new()));
        }
        diff.answer = if self.void { Answer::None } else { answer };
        diff.edits = (!self.edits.is_empty()).then_some((item, self.edits));
    }
}

fn address_claim(diff: &mut Diff, asker: &Asker<'_>, ask: &AddressAsk, claim: &Placed<IpClaim>) {
    let IpClaim { metadata, spec, status } = &claim.object;
    let mut changes = Changes::default();
    changes.decide(&["spec", "kind"], Some(spec.kind.as_str()), ask.kind.as_str());
    if !same_network(spec.network_instance.as_ref(), &ask.network_instance) {
        changes.edits.push(Edit::set(&["spec", "networkInstance"], reference(&ask.network_instance)));
        changes.void = true;
    }
    for (label, wanted) in match_labels(ask) {
        let current = spec.selector.as_ref().and_then(|selector| selector.match_labels.get(label)).map(String::as_str);
        let stated_elsewhere = label == labels::ADDRESS_FAMILY && spec.address_family == Some(ask.family);
        if current.is_some() || !stated_elsewhere {
            changes.decide(&["spec", "selector", "matchLabels", label], current, wanted);
        }
    }
    let given = status.as_ref().and_then(IpClaimStatus::prefix);
    pin(&mut changes, ask, spec.prefix.as_deref(), given);
    changes.annotate(asker, metadata);
    if changes.void
        && let Some(given) = given
    {
        let message = format!("asks for something else than before, and gives up {given}");
        diff.findings.push(claim.source.on(Finding::info(codes::CLAIM_CHANGED, message)));
    }
    changes.finish(diff, claim.item, status.is_some(), address_answer(status.as_ref()));
}

/// A claim that a user wrote is used as it is, but for an address that the Interface pins.
fn strange_address_claim(
    diff: &mut Diff,
    asker: &Asker<'_>,
    ask: &AddressAsk,
    claim: &Placed<IpClaim>,
) -> Result<(), Finding> {
    let IpClaim { spec, status, .. } = &claim.object;
    let stated_label = spec.selector.as_ref().and_then(|selector| selector.match_labels.get(labels::ADDRESS_FAMILY));
    let stated_family = spec.address_family.map(|family| family.as_str()).or(stated_label.map(String::as_str));
    let network = |reference: &ObjectReference| qualified(reference.namespace(), reference.name().unwrap_or_default());
    let contradictions = [
        (spec.kind != ask.kind, "spec.kind", spec.kind.to_string(), ask.kind.to_string()),
        (
            spec.network_instance.is_some() && !same_network(spec.network_instance.as_ref(), &ask.network_instance),
            "spec.networkInstance",
            spec.network_instance.as_ref().map(network).unwrap_or_default(),
            network(&ask.network_instance),
        ),
        (
            stated_family.is_some_and(|family| family != ask.family.as_str()),
            "address family",
            stated_family.unwrap_or_default().to_owned(),
            ask.family.to_string(),
        ),
    ];
    if let Some((_, what, found, expected)) = contradictions.into_iter().find(|(contradicts, ..)| *contradicts) {
        let message = format!(
            "has the name that {} needs for its own claim, and so stands in for it, but its {what} is `{found}` where the \
             Interface needs `{expected}`: rename the claim, or make the two agree",
            asker.interface.source,
        );
        let field = if what.starts_with("spec") { Field::new(what) } else { Field::new("spec.addressFamily") };
        let finding = Finding::error(codes::CLAIM_CONTRADICTS, message).field(field.current(found).proposed(expected));
        return Err(claim.source.on(finding));
    }
    let mut changes = Changes::default();
    pin(&mut changes, ask, spec.prefix.as_deref(), status.as_ref().and_then(IpClaimStatus::prefix));
    changes.finish(diff, claim.item, status.is_some(), address_answer(status.as_ref()));
    Ok(())
}

/// Sets a pinned address. Until the claim is answered anew, it holds what it was given.
fn pin(changes: &mut Changes, ask: &AddressAsk, current: Option<&str>, given: Option<&str>) {
    if let Some(pinned) = ask.pinned.as_deref()
        && current != Some(pinned)
    {
        changes.edits.push(Edit::set(&["spec", "prefix"], pinned));
        changes.again |= !given.is_some_and(|given| address::same(given, pinned));
    }
}

fn address_answer(status: Option<&IpClaimStatus>) -> Answer {
    match status {
        Some(status) if status.prefix().is_some() => Answer::Address(status.clone()),
        _ => Answer::None,
    }
}

fn vlan_claim(diff: &mut Diff, asker: &Asker<'_>, ask: &VlanAsk, claim: &Placed<VlanClaim>) {
    let VlanClaim { metadata, spec, status } = &claim.object;
    let mut changes = Changes::default();
    if diff.owned {
        if let VlanAsk { cluster: Some(cluster), shared_name: Some(shared_name) } = ask {
            let index = spec.vlan_index.as_ref().and_then(ObjectReference::name);
            changes.decide(&["spec", "vlanIndex", "name"], index, cluster);
            let key = annotations::VLAN_CLAIM_NAME;
            changes.decide(&["metadata", "annotations", key], metadata.annotation(key), shared_name);
        }
        changes.annotate(asker, metadata);
    }
    let answer = match status {
        Some(status) if status.vlan_id.is_some() || status.vlan_range.is_some() => Answer::Vlan(status.clone()),
        _ => Answer::None,
    };
    if changes.void && answer != Answer::None {
        let message = "asks for something else than before, and gives up its VLAN ID";
        diff.findings.push(claim.source.on(Finding::info(codes::CLAIM_CHANGED, message)));
    }
    changes.finish(diff, claim.item, status.is_some(), answer);
}

/// Network instances are the same by name and namespace; an absent namespace is `default`.
fn same_network(one: Option<&ObjectReference>, other: &ObjectReference) -> bool {
    let namespace = |reference: &ObjectReference| reference.namespace().unwrap_or("default").to_owned();
    one.is_some_and(|one| one.name() == other.name() && namespace(one) == namespace(other))
}

/// The labels by which a claim selects its pool, by key.
fn match_labels(ask: &AddressAsk) -> impl Iterator<Item = (&'static str, &str)> {
    let labels = [
        (labels::ADDRESS_FAMILY, Some(ask.family.as_str())),
        (labels::CLUSTER_NAME, ask.cluster.as_deref()),
        (labels::NETWORK_NAME, ask.network_name.as_deref()),
    ];
    labels.into_iter().filter_map(|(label, value)| Some((label, value?)))
}

/// The annotations that every child takes over from its Interface.
fn inherited<'a>(asker: &Asker<'a>) -> impl Iterator<Item = (&'static str, &'a str)> {
    let metadata = asker.metadata();
    let local_config = metadata.annotations.get(annotations::LOCAL_CONFIG).map(String::as_str);
    let root = names::for_name(metadata).and(names::for_value(metadata));
    let annotations = [(annotations::LOCAL_CONFIG, local_config), (annotations::FOR, root)];
    annotations.into_iter().filter_map(|(key, value)| Some((key, value?)))
}

/// A new claim, with the keys in the order that Nephio's functions write.
fn new_claim(asker: &Asker<'_>, want: &Want) -> Value {
    let gvk = want.gvk();
    let mut metadata = Map::new();
    metadata.insert("name".into(), want.name.as_str().into());
    if let Some(namespace) = &want.namespace {
        metadata.insert("namespace".into(), namespace.as_str().into());
    }
    let mut annotated: Map<String, Value> =
        inherited(asker).map(|(key, value)| (key.to_owned(), value.into())).collect();
    let mut spec = Map::new();
    match &want.ask {
        Ask::Address(ask) => {
            spec.insert("kind".into(), ask.kind.as_str().into());
            let selector: Map<String, Value> =
                match_labels(ask).map(|(label, value)| (label.to_owned(), value.into())).collect();
            spec.insert("selector".into(), json!({ "matchLabels": selector }));
            if let Some(pinned) = &ask.pinned {
                spec.insert("prefix".into(), pinned.as_str().into());
            }
            spec.insert("networkInstance".into(), reference(&ask.network_instance));
        }
        Ask::Vlan(ask) => {
            if let Some(shared_name) = &ask.shared_name {
                annotated.insert(annotations::VLAN_CLAIM_NAME.into(), shared_name.as_str().into());
            }
            spec.insert("vlanIndex".into(), json!({ "name": ask.cluster }));
        }
        Ask::Attachment => {}
    }
    annotated.insert(annotations::OWNER.into(), asker.gvkn().into());
    metadata.insert("annotations".into(), annotated.into());
    json!({ "apiVersion": gvk.api_version, "kind": gvk.kind, "metadata": metadata, "spec": spec, "status": {} })
}

fn reference(reference: &ObjectReference) -> Value {
    serde_json::to_value(reference).unwrap_or_default()
}
