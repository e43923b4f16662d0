//! Which objects are children of which Interface, and which are nobody's any more.
//!
//! An object with our owner annotation is a child of the Interface that asks for its kind and name: in any namespace
//! where the Interface has an owner or no namespace, else in the Interface's own. One that no Interface asks for is to
//! be removed, unless the Interface that it belongs to is pending. Other objects are never removed; one with the name
//! of a wanted child stands in for it.

mod belonging;

use std::collections::{BTreeMap, HashMap, HashSet};

use api::{Gvk, Gvkn, IpClaim, ObjectMeta, VlanClaim, annotations, kinds};
use krm::kptfile::Conditions;
use krm::{Finding, Placed, Source};

use super::want::{Ask, Want};
use super::{Asker, Package};
use crate::codes;
use belonging::{Belonging, Key, Place, takes_from_anywhere};

/// An object of one of the kinds that Interfaces have as children.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Object<'p> {
    IpClaim(&'p Placed<IpClaim>),
    VlanClaim(&'p Placed<VlanClaim>),
    Nad(&'p Placed<ObjectMeta>),
}

impl<'p> Object<'p> {
    pub(crate) fn item(&self) -> usize {
        match self {
            Self::IpClaim(placed) => placed.item,
            Self::VlanClaim(placed) => placed.item,
            Self::Nad(placed) => placed.item,
        }
    }

    pub(crate) fn source(&self) -> &'p Source {
        match self {
            Self::IpClaim(placed) => &placed.source,
            Self::VlanClaim(placed) => &placed.source,
            Self::Nad(placed) => &placed.source,
        }
    }

    pub(crate) fn metadata(&self) -> &'p ObjectMeta {
        match self {
            Self::IpClaim(placed) => &placed.object.metadata,
            Self::VlanClaim(placed) => &placed.object.metadata,
            Self::Nad(placed) => &placed.object,
        }
    }

    fn gvk(&self) -> Gvk {
        match self {
            Self::IpClaim(_) => kinds::IP_CLAIM,
            Self::VlanClaim(_) => kinds::VLAN_CLAIM,
            Self::Nad(_) => kinds::NAD,
        }
    }

    fn name(&self) -> &'p str {
        &self.metadata().name
    }

    fn namespace(&self) -> Option<&'p str> {
        self.metadata().namespace()
    }

    fn gvkn(&self) -> String {
        self.gvk().condition_type(&self.metadata().name)
    }

    /// The name of the Interface that made the object, if one did.
    fn owner(&self) -> Option<String> {
        owner_interface(self.metadata().annotation(annotations::OWNER)?)
    }

    /// Whether a condition says that the Interface in the owner annotation was in the package.
    fn was_made_here(&self, conditions: &Conditions) -> bool {
        let owner = self.metadata().annotation(annotations::OWNER).unwrap_or_default();
        let reason = conditions.get(&self.gvkn()).and_then(|condition| condition.reason.as_deref());
        reason == Some(owner) || conditions.get(owner).is_some()
    }

    /// Whether the object has been given what it asks for. A NetworkAttachmentDefinition asks for nothing.
    fn is_answered(&self) -> bool {
        match self {
            Self::IpClaim(placed) => placed.object.status.as_ref().is_some_and(|status| status.prefix().is_some()),
            Self::VlanClaim(placed) => placed.object.status.as_ref().is_some_and(|status| status.vlan_id.is_some()),
            Self::Nad(_) => true,
        }
    }
}

/// The name of the Interface that an owner annotation or a condition's reason names, if it names one.
pub(crate) fn owner_interface(text: &str) -> Option<String> {
    text.parse::<Gvkn>().ok().filter(|gvkn| gvkn.is(kinds::INTERFACE)).map(|gvkn| gvkn.name)
}

/// A child that is there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Child<'p> {
    pub(crate) object: Object<'p>,
    /// Whether it carries the owner annotation; others are used as they are.
    pub(crate) owned: bool,
}

/// Why an object is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unwanted<'p> {
    /// The Interface in its owner annotation does not ask for it.
    NotAskedFor,
    /// The Interface in its owner annotation is gone.
    Orphan,
    /// This one serves the same Interface in the same way.
    Double(&'p Source),
}

/// The children of a package's Interfaces.
#[derive(Debug, Default)]
pub(crate) struct Kin<'p> {
    children: HashMap<Key, Child<'p>>,
    unwanted: Vec<(Object<'p>, Unwanted<'p>)>,
    /// Objects of an Interface that, for all that the package shows, never was in it.
    strays: Vec<Object<'p>>,
    /// How many objects that stay have a kind and name, and so share a condition.
    namesakes: HashMap<Gvk, HashMap<&'p str, usize>>,
    /// The objects that stay.
    staying: HashMap<Gvk, HashMap<(&'p str, Option<&'p str>), Object<'p>>>,
}

/// Objects that carry no owner annotation of an Interface, by kind and name.
type Strangers<'p> = HashMap<Gvk, HashMap<&'p str, Vec<Object<'p>>>>;

impl<'p> Kin<'p> {
    /// `conditions` tell whether an Interface that is not there was in the package once: claims may also have been copied
    /// here from elsewhere, to be answered beside their pool, and those are not ours to remove.
    pub(crate) fn of(package: &'p Package, askers: &[Asker<'_>], conditions: &Conditions) -> Self {
        let objects = (package.ip_claims.iter().map(Object::IpClaim))
            .chain(package.vlan_claims.iter().map(Object::VlanClaim))
            .chain(package.nads.iter().map(Object::Nad));
        let belonging = Belonging::of(askers);
        let mut kin = Kin::default();
        let mut ours: BTreeMap<Key, Vec<Object<'p>>> = BTreeMap::new();
        let mut strangers = Strangers::new();
        for object in objects {
            match object.owner().map(|owner| belonging.place(&owner, object)) {
                Some(Place::Child(key)) => ours.entry(key).or_default().push(object),
                Some(Place::Nowhere) => kin.unwanted.push((object, Unwanted::NotAskedFor)),
                Some(Place::Gone) if object.was_made_here(conditions) => {
                    kin.unwanted.push((object, Unwanted::Orphan));
                }
                Some(Place::Gone) => {
                    kin.stay(object);
                    kin.strays.push(object);
                }
                Some(Place::Waiting) => kin.stay(object),
                None => {
                    kin.stay(object);
                    strangers.entry(object.gvk()).or_default().entry(object.name()).or_default().push(object);
                }
            }
        }
        for (key, objects) in ours {
            kin.adopt(key, objects, askers);
        }
        kin.use_strangers(&strangers, askers);
        kin
    }

    fn stay(&mut self, object: Object<'p>) {
        *self.namesakes.entry(object.gvk()).or_default().entry(object.name()).or_insert(0) += 1;
        self.staying.entry(object.gvk()).or_default().insert((object.name(), object.namespace()), object);
    }

    /// Takes an owned object as the child that an Interface wants. Of several, the one that has an answer counts, then
    /// the one in the namespace that a new one would get; the others would hold addresses for nobody.
    fn adopt(&mut self, key: Key, mut objects: Vec<Object<'p>>, askers: &[Asker<'_>]) {
        let Some(asker) = askers.get(key.0) else { return };
        let namespace = asker.wants().get(key.1).and_then(|want| want.namespace.as_deref());
        objects.sort_by_key(|object| {
            let elsewhere = object.namespace() != namespace;
            (!object.is_answered(), elsewhere, object.namespace())
        });
        let mut objects = objects.into_iter();
        let Some(object) = objects.next() else { return };
        self.stay(object);
        self.children.insert(key, Child { object, owned: true });
        for double in objects {
            if asker.verdict.pending.is_some() {
                self.stay(double);
            } else {
                self.unwanted.push((double, Unwanted::Double(object.source())));
            }
        }
    }

    /// Lets an object of the same kind and name, which is not ours, stand in for a child that is not there: first in the
    /// namespace that the child would get, then, where the Interface takes claims from anywhere, in any other. Each
    /// stands in once.
    fn use_strangers(&mut self, strangers: &Strangers<'p>, askers: &[Asker<'_>]) {
        let mut used = HashSet::new();
        for exact in [true, false] {
            for (at, asker) in askers.iter().enumerate() {
                for (number, want) in asker.wants().iter().enumerate() {
                    let may_be_elsewhere = takes_from_anywhere(asker) && want.ask != Ask::Attachment;
                    if self.children.contains_key(&(at, number)) || !(exact || may_be_elsewhere) {
                        continue;
                    }
                    let namesakes = strangers.get(&want.gvk()).and_then(|names| names.get(want.name.as_str()));
                    let fitting = namesakes.into_iter().flatten().filter(|object| {
                        let is_there = object.namespace() == want.namespace.as_deref();
                        (is_there || !exact) && !used.contains(&object.item())
                    });
                    if let Some(&object) = fitting.min_by_key(|object| object.namespace()) {
                        used.insert(object.item());
                        self.children.insert((at, number), Child { object, owned: false });
                    }
                }
            }
        }
    }

    /// The child that stands for the `number`th want of the Interface at this position.
    pub(crate) fn child(&self, asker: usize, number: usize) -> Option<Child<'p>> {
        self.children.get(&(asker, number)).copied()
    }

    /// Whether several objects share the condition of this child, which then says nothing about a single one.
    pub(crate) fn is_shared(&self, want: &Want) -> bool {
        let count = self.namesakes.get(&want.gvk()).and_then(|names| names.get(want.name.as_str()));
        count.is_some_and(|count| *count > 1)
    }

    /// The object that keeps a child which is not there from being made, as it has its very name.
    pub(crate) fn occupant(&self, want: &Want) -> Option<&'p Source> {
        let identity = (want.name.as_str(), want.namespace.as_deref());
        self.staying.get(&want.gvk())?.get(&identity).map(Object::source)
    }

    /// The items to remove.
    pub(crate) fn unwanted(&self) -> Vec<usize> {
        self.unwanted.iter().map(|(object, _)| object.item()).collect()
    }

    /// The types of the conditions of what is removed, unless something that stays shares them.
    pub(crate) fn unwanted_gvkns(&self) -> impl Iterator<Item = String> {
        let shared = |object: &Object<'_>| {
            self.namesakes.get(&object.gvk()).is_some_and(|names| names.contains_key(object.name()))
        };
        self.unwanted
            .iter()
            .map(|(object, _)| *object)
            .filter(move |object| !shared(object))
            .map(|object| object.gvkn())
    }

    /// What is removed, and why, and what might have been.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        let removed = |(object, why): &(Object<'_>, Unwanted<'_>)| {
            let interface = object.owner().unwrap_or_default();
            let message = match why {
                Unwanted::NotAskedFor => format!("removed: Interface {interface} does not ask for it any more"),
                Unwanted::Orphan => format!("removed: Interface {interface}, which asked for it, is gone"),
                Unwanted::Double(other) => {
                    format!("removed: {other} does the same for Interface {interface}")
                }
            };
            object.source().on(Finding::info(codes::CHILD_REMOVED, message))
        };
        let stray = |object: &Object<'_>| {
            let message = format!(
                "belongs to Interface {}, which is not in the package, and no condition of the Kptfile says that it was: \
                 left alone; delete it if nobody needs it",
                object.owner().unwrap_or_default()
            );
            object.source().on(Finding::info(codes::CHILD_STRAY, message))
        };
        self.unwanted.iter().map(removed).chain(self.strays.iter().map(stray)).collect()
    }
}
