//! Which claims answer which Interface, and which of them the Kptfile's conditions hold back.
//!
//! A claim belongs to the Interface that its owner annotation names. One without such an owner that has the name of a
//! wanted claim stands in where there is no other.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

use api::{AddressFamily, Gvk, Gvkn, IpClaim, ObjectMeta, VlanClaim, annotations, kinds, labels, names};
use krm::Placed;
use krm::kptfile::Conditions;

use super::asker::Asker;
use super::{Package, prefix};

/// The claims of a package.
#[derive(Debug)]
pub(super) struct Claims<'p> {
    ip: Index<'p, IpClaim>,
    vlan: Index<'p, VlanClaim>,
    held_back: HeldBack,
}

/// The claims of one Interface.
#[derive(Debug, Default)]
pub(super) struct Children<'p> {
    /// By name and namespace.
    pub(super) ip: Vec<&'p Placed<IpClaim>>,
    pub(super) vlan: Option<&'p Placed<VlanClaim>>,
    /// The types of the conditions of its claims that are False.
    pub(super) held_back: Vec<String>,
}

/// Objects of one kind, by what they are looked up with.
#[derive(Debug)]
struct Index<'p, T> {
    /// By the name of the Interface that owns them.
    owned: HashMap<String, Vec<&'p Placed<T>>>,
    /// Those that no Interface owns, by their name.
    others: HashMap<&'p str, Vec<&'p Placed<T>>>,
    /// How many there are of a name, whatever their namespace and owner.
    counts: HashMap<&'p str, usize>,
}

/// The conditions of claims that are False.
#[derive(Debug, Default)]
struct HeldBack {
    types: HashSet<String>,
    /// Those of claims that are not there, by the name of the Interface in their reason.
    by_interface: HashMap<String, Vec<String>>,
}

impl<'p> Claims<'p> {
    pub(super) fn of(package: &'p Package, conditions: &Conditions) -> Self {
        let ip = Index::of(&package.ip_claims, |claim| &claim.metadata);
        let vlan = Index::of(&package.vlan_claims, |claim| &claim.metadata);
        let held_back = HeldBack::of(conditions, &ip, &vlan);
        Self { ip, vlan, held_back }
    }

    /// The claims of an Interface. `namesakes` are the Interfaces of its name, itself included: with several of them an
    /// owner annotation, which has no namespace, does not tell whose a claim is, and the claim's name has to.
    pub(super) fn children(&self, asker: &Asker<'_>, namesakes: usize) -> Children<'p> {
        let mut ip = self.ip.owned_by(asker, |claim| {
            let is_named = |family| claim.metadata.name == names::ip_claim(asker.metadata(), family);
            takes(asker, &claim.metadata) && (namesakes == 1 || FAMILIES.into_iter().any(is_named))
        });
        for &family in asker.interface.object.spec.families() {
            if !ip.iter().any(|claim| family_of(&claim.object) == Some(family)) {
                ip.extend(self.ip.stand_in(asker, &names::ip_claim(asker.metadata(), family), |claim| &claim.metadata));
            }
        }
        ip.sort_by_key(|claim| (&claim.object.metadata.name, claim.object.metadata.namespace()));
        let vlan = self.vlan_claim(asker, namesakes);
        let claims = (ip.iter().map(|claim| (kinds::IP_CLAIM, &claim.object.metadata)))
            .chain(vlan.map(|claim| (kinds::VLAN_CLAIM, &claim.object.metadata)));
        let types = claims.map(|(kind, metadata)| kind.condition_type(&metadata.name));
        let mut held_back: Vec<String> = types.filter(|gvkn| self.held_back.types.contains(gvkn)).collect();
        if namesakes == 1 {
            held_back.extend(self.held_back.of_interface(asker.name()));
        }
        Children { ip, vlan, held_back }
    }

    /// Whether a claim of an Interface that is not there is held back.
    pub(super) fn holds_back(&self, interface: &str) -> bool {
        let kept = |kind: Gvk, name: &str| self.held_back.types.contains(&kind.condition_type(name));
        let ip = self.ip.owned.get(interface).into_iter().flatten();
        let vlan = self.vlan.owned.get(interface).into_iter().flatten();
        !self.held_back.of_interface(interface).is_empty()
            || ip.into_iter().any(|claim| kept(kinds::IP_CLAIM, &claim.object.metadata.name))
            || vlan.into_iter().any(|claim| kept(kinds::VLAN_CLAIM, &claim.object.metadata.name))
    }

    /// The VLANClaim of an Interface. An Interface that asks for no VLAN takes one that is there, as Nephio does, unless
    /// that is to be deleted.
    fn vlan_claim(&self, asker: &Asker<'_>, namesakes: usize) -> Option<&'p Placed<VlanClaim>> {
        let name = names::vlan_claim(asker.metadata());
        let owned = self
            .vlan
            .owned_by(asker, |claim| takes(asker, &claim.metadata) && (namesakes == 1 || claim.metadata.name == name));
        let wanted = asker.interface.object.spec.wants_vlan();
        let best = owned.into_iter().filter(|claim| wanted || !is_unwanted(&claim.object)).min_by_key(|claim| {
            let metadata = &claim.object.metadata;
            (metadata.name != name, vlan_id(&claim.object).is_none(), &metadata.name, metadata.namespace())
        });
        let stand_in = || self.vlan.stand_in(asker, &name, |claim| &claim.metadata).filter(|_| wanted);
        best.or_else(stand_in)
    }
}

impl<'p, T> Index<'p, T> {
    fn of(placed: &'p [Placed<T>], metadata: impl Fn(&'p T) -> &'p ObjectMeta) -> Self {
        let mut index = Self { owned: HashMap::new(), others: HashMap::new(), counts: HashMap::new() };
        for claim in placed {
            let metadata = metadata(&claim.object);
            *index.counts.entry(metadata.name.as_str()).or_insert(0) += 1;
            match Gvkn::owner_of(metadata).filter(|owner| owner.is(kinds::INTERFACE)) {
                Some(owner) => index.owned.entry(owner.name).or_default().push(claim),
                None => index.others.entry(metadata.name.as_str()).or_default().push(claim),
            }
        }
        index
    }

    fn owned_by(&self, asker: &Asker<'_>, is_child: impl Fn(&T) -> bool) -> Vec<&'p Placed<T>> {
        let owned = self.owned.get(asker.name()).into_iter().flatten();
        owned.copied().filter(|claim| is_child(&claim.object)).collect()
    }

    /// An object of that name that no Interface owns, in the Interface's namespace if there is one.
    fn stand_in(
        &self,
        asker: &Asker<'_>,
        name: &str,
        metadata: impl Fn(&'p T) -> &'p ObjectMeta,
    ) -> Option<&'p Placed<T>> {
        let others = self.others.get(name).into_iter().flatten().copied();
        let fitting = others.filter(|claim| takes(asker, metadata(&claim.object)));
        fitting.min_by_key(|claim| {
            let namespace = metadata(&claim.object).namespace();
            (namespace != asker.metadata().namespace(), namespace)
        })
    }
}

impl HeldBack {
    fn of(conditions: &Conditions, ip: &Index<'_, IpClaim>, vlan: &Index<'_, VlanClaim>) -> Self {
        let mut held_back = Self::default();
        for (gvkn, condition) in conditions.iter().filter(|(_, condition)| condition.is_false()) {
            let Ok(claim) = gvkn.parse::<Gvkn>() else { continue };
            let counts = match () {
                () if claim.is(kinds::IP_CLAIM) => &ip.counts,
                () if claim.is(kinds::VLAN_CLAIM) => &vlan.counts,
                () => continue,
            };
            match counts.get(claim.name.as_str()) {
                // A condition has no namespace: with several claims of its name it says nothing about one of them.
                Some(2..) => {}
                Some(_) => {
                    held_back.types.insert(gvkn.to_owned());
                }
                None => {
                    if let Some(interface) = condition.reason.as_deref().and_then(super::interface_in) {
                        held_back.by_interface.entry(interface).or_default().push(gvkn.to_owned());
                    }
                }
            }
        }
        held_back
    }

    fn of_interface(&self, name: &str) -> Vec<String> {
        self.by_interface.get(name).cloned().unwrap_or_default()
    }
}

impl Children<'_> {
    /// Whether there is no claim at all.
    pub(super) fn is_empty(&self) -> bool {
        self.ip.is_empty() && self.vlan.is_none()
    }

    /// Whether one of the claims holds an address.
    pub(super) fn hold(&self, address: IpAddr) -> bool {
        let stated = self.ip.iter().flat_map(|claim| {
            let status = claim.object.status.as_ref().and_then(|status| status.prefix());
            [status, claim.object.spec.prefix.as_deref()]
        });
        stated.flatten().filter_map(prefix::parse).any(|net| net.addr() == address)
    }
}

const FAMILIES: [AddressFamily; 2] = [AddressFamily::Ipv4, AddressFamily::Ipv6];

/// The family of an address.
pub(super) fn family(address: IpAddr) -> AddressFamily {
    if address.is_ipv4() { AddressFamily::Ipv4 } else { AddressFamily::Ipv6 }
}

/// The family that a claim asks for or was given.
pub(super) fn family_of(claim: &IpClaim) -> Option<AddressFamily> {
    let given = || Some(family(prefix::parse(claim.status.as_ref()?.prefix()?)?.addr()));
    let label = || {
        let label = claim.spec.selector.as_ref()?.match_labels.get(labels::ADDRESS_FAMILY)?;
        FAMILIES.into_iter().find(|family| family.as_str() == label)
    };
    given().or(claim.spec.address_family).or_else(label)
}

/// The ID that a VLANClaim was given.
pub(super) fn vlan_id(claim: &VlanClaim) -> Option<u16> {
    claim.status.as_ref()?.vlan_id
}

fn is_unwanted(claim: &VlanClaim) -> bool {
    claim.metadata.annotations.contains_key(annotations::DELETE)
}

fn takes(asker: &Asker<'_>, child: &ObjectMeta) -> bool {
    asker.takes_from(child.namespace())
}
