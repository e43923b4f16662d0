//! From the items of a list to what the plan is made from.
//!
//! Every value is read here, and each malformed one is an error that names object, file and field: the plan sees only
//! numbers.

mod claims;
mod text;

use api::vlan::VlanClaimStatus;
use api::{Gvk, ObjectMeta, ObjectReference, VlanIndex, kinds};
use ipam::Key;
use krm::{Field, Finding, ItemId, Packages, ResourceList};
use serde::de::DeserializeOwned;

use crate::codes;
use crate::plan::{Ids, Index, Input, Vlan, why_unusable};
use text::Range;

/// What a reference without a namespace means: as in Nephio, not the namespace of the object that refers.
const DEFAULT_NAMESPACE: &str = "default";

/// What Nephio's backend writes to `status.vlanRange` when it is asked for a size. It reserves nothing.
const PLACEHOLDER: &str = "TBD update status";

/// What a list holds for vlan-fn.
#[derive(Debug)]
pub(crate) struct Tree {
    /// What the plan is made from.
    pub(crate) input: Input,
    /// Beside `input.vlans`: the item.
    pub(crate) vlans: Vec<ItemId>,
    /// Beside `input.claims`: the item.
    pub(crate) claims: Vec<ItemId>,
    /// The packages of all these.
    pub(crate) packages: Packages,
}

/// Reads the claims, VLANs and indices of a list. `None` where one cannot be read, which is reported then: a plan without
/// it could give its IDs away.
pub(crate) fn read(list: &mut ResourceList, reallocate: bool) -> Option<Tree> {
    let claims = select(list, kinds::VLAN_CLAIM);
    let vlans = select(list, kinds::VLAN);
    let indices = select(list, kinds::VLAN_INDEX);
    let packages = list.packages(&[&claims[..], &vlans, &indices].concat());

    let mut reader = Reader { list, packages: &packages, findings: Vec::new() };
    let mut input = Input { reallocate, ..Input::default() };
    input.indices = indices.iter().filter_map(|id| reader.index(*id)).collect();
    input.vlans = vlans.iter().filter_map(|id| reader.vlan(*id)).collect();
    input.claims = claims.iter().filter_map(|id| reader.claim(*id)).collect();
    let Reader { mut findings, .. } = reader;
    findings.extend(packages.doubled(list, &claims, codes::CLAIM_DOUBLED));
    for objects in [&vlans, &indices] {
        findings.extend(packages.doubled(list, objects, codes::OBJECT_DOUBLED));
    }
    for finding in findings {
        list.report(finding);
    }
    (!list.has_errors()).then_some(Tree { input, vlans, claims, packages })
}

fn select(list: &mut ResourceList, gvk: Gvk) -> Vec<ItemId> {
    list.select(gvk.api_version, gvk.kind)
}

/// Reads items one by one and remembers what is wrong with them.
struct Reader<'l> {
    list: &'l ResourceList,
    packages: &'l Packages,
    findings: Vec<Finding>,
}

impl Reader<'_> {
    fn refuse(&mut self, id: ItemId, finding: Finding) {
        self.findings.push(self.list.about(finding, id));
    }

    /// An item as a type of its kind.
    fn object<T: DeserializeOwned>(&mut self, id: ItemId) -> Option<T> {
        match self.list.get(id)?.read() {
            Ok(object) => Some(object),
            Err(error) => {
                let mut finding = error.to_finding();
                if finding.field.as_ref().is_some_and(|field| field.path.ends_with(".vlanID")) {
                    finding.message.push_str("; VLAN IDs are 2 to 4094");
                }
                self.refuse(id, finding);
                None
            }
        }
    }

    fn key(&self, id: ItemId) -> Key {
        let Some(item) = self.list.get(id) else { return Key::default() };
        Key::new(self.packages.directory(self.packages.of_item(item)), item.namespace(), item.name())
    }

    fn named(&mut self, id: ItemId, metadata: &ObjectMeta) -> Option<()> {
        if metadata.name.is_empty() {
            let finding = Finding::error(codes::FIELD_MALFORMED, "metadata.name is empty: the object needs a name");
            self.refuse(id, finding.field("metadata.name"));
            return None;
        }
        Some(())
    }

    fn index(&mut self, id: ItemId) -> Option<Index> {
        let VlanIndex { metadata, .. } = self.object(id)?;
        self.named(id, &metadata)?;
        let namespace = metadata.namespace().unwrap_or(DEFAULT_NAMESPACE).to_owned();
        Some(Index { namespace, name: metadata.name })
    }

    /// spec.vlanIndex.
    fn reference(&mut self, id: ItemId, reference: Option<&ObjectReference>) -> Option<Index> {
        let Some(name) = reference.and_then(ObjectReference::name) else {
            let message = "spec.vlanIndex.name is missing: name the VLANIndex that the IDs belong to";
            self.refuse(id, Finding::error(codes::VLAN_INDEX_UNNAMED, message).field("spec.vlanIndex.name"));
            return None;
        };
        let namespace = reference.and_then(ObjectReference::namespace).unwrap_or(DEFAULT_NAMESPACE);
        Some(Index { namespace: namespace.to_owned(), name: name.to_owned() })
    }

    fn vlan(&mut self, id: ItemId) -> Option<Vlan> {
        let api::Vlan { metadata, spec, status } = self.object(id)?;
        self.named(id, &metadata)?;
        let index = self.reference(id, spec.vlan_index.as_ref());
        let status = status.unwrap_or_default();
        let single = [("spec.vlanID", spec.vlan_id), ("status.vlanID", status.vlan_id)];
        let ranges = [("spec.range", spec.range.as_deref()), ("status.vlanRange", stated_range(&status))];
        let mut ids = Vec::new();
        for (field, vlan_id) in single {
            let Some(vlan_id) = vlan_id else { continue };
            ids.push(self.usable(id, field, &vlan_id.to_string(), Ids::one(vlan_id))?);
        }
        for (field, text) in ranges {
            let Some(text) = text.filter(|text| !text.is_empty()) else { continue };
            if let Range::Ids(range) = self.range(id, field, text)? {
                ids.push(self.usable(id, field, text, range)?);
            }
        }
        if ids.is_empty() {
            let message =
                "the VLAN states no ID, so it keeps none from being given: set it, or spec.range to \"start:end\"";
            self.refuse(id, Finding::warning(codes::VLAN_WITHOUT_IDS, message).field("spec.vlanID"));
        }
        Some(Vlan { key: self.key(id), index: index?, ids })
    }

    fn range(&mut self, id: ItemId, field: &str, text: &str) -> Option<Range> {
        match text::range(text) {
            Ok(range) => Some(range),
            Err(error) => {
                let message = format!("`{text}` {error}");
                self.refuse(
                    id,
                    Finding::error(codes::VLAN_RANGE_MALFORMED, message).field(Field::new(field).current(text)),
                );
                None
            }
        }
    }

    /// IDs that can be given.
    fn usable(&mut self, id: ItemId, field: &str, text: &str, ids: Ids) -> Option<Ids> {
        let Some(unusable) = ids.unusable() else { return Some(ids) };
        let rest = ids.common(Ids::ALL).map(|rest| rest.to_string());
        let instead = rest.as_ref().map(|rest| format!("; write {rest}")).unwrap_or_default();
        let message = format!("`{text}` is not within the VLAN IDs 2 to 4094: {}{instead}", why_unusable(unusable));
        let place = Field { proposed: rest, ..Field::new(field).current(text) };
        self.refuse(id, Finding::error(codes::VLAN_ID_OUT_OF_RANGE, message).field(place));
        None
    }
}

/// The range that a status states, if it states one.
fn stated_range(status: &VlanClaimStatus) -> Option<&str> {
    status.vlan_range.as_deref().filter(|text| !text.is_empty() && text.trim() != PLACEHOLDER)
}
