//! Which objects are children of which Interface, and which are nobody's any more.
//!
//! An object with our owner annotation is a child of the Interface that asks for its kind and name: in any namespace
//! where the Interface has an owner or no namespace, else in the Interface's own. One that no Interface asks for is to
//! be removed, unless the Interface that it belongs to is pending. Other objects are never removed; one with the name
//! of a wanted child stands in for it.

use std::collections::{BTreeMap, HashMap, HashSet};

use api::{Gvk, Gvkn, IpClaim, ObjectMeta, VlanClaim, annotations, kinds, names};
use krm::Finding;

use super::want::Want;
use super::{Asker, Package, Placed, Source};

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

    pub(crate) fn gvkn(&self) -> String {
        self.gvk().condition_type(&self.metadata().name)
    }

    /// The name of the Interface that made the object, if one did.
    fn owner(&self) -> Option<String> {
        owner_interface(self.metadata().annotation(annotations::OWNER)?)
    }

    /// Whether the object has been given what it asks for. A NetworkAttachmentDefinition asks for nothing.
    fn is_answered(&self) -> bool {
        match self {
            Self::IpClaim(placed) => placed.object.status.as_ref().is_some_and(|status| status.prefix().is_some()),
            Self::VlanClaim(placed) => placed.object.status.as_ref().is_some_and(|status| status.vlan_id.is_some()),
            Self::Nad(_) => true,
        }
    }

    fn is(&self, want: &Want) -> bool {
        self.gvk() == want.gvk() && self.metadata().name == want.name
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
    /// No Interface of the name in its owner annotation asks for it.
    Nobodys,
    /// This one serves the same Interface in the same way.
    Double(&'p Source),
}

/// The children of a package's Interfaces.
#[derive(Debug, Default)]
pub(crate) struct Kin<'p> {
    /// By the Interface's position and that of the want.
    children: HashMap<(usize, usize), Child<'p>>,
    unwanted: Vec<(Object<'p>, Unwanted<'p>)>,
    /// The objects that stay, by kind and name: they share a condition.
    staying: HashMap<(Gvk, &'p str), Vec<Object<'p>>>,
}

impl<'p> Kin<'p> {
    pub(crate) fn of(package: &'p Package, askers: &[Asker<'_>]) -> Self {
        let objects = (package.ip_claims.iter().map(Object::IpClaim))
            .chain(package.vlan_claims.iter().map(Object::VlanClaim))
            .chain(package.nads.iter().map(Object::Nad));
        let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, asker) in askers.iter().enumerate() {
            by_name.entry(asker.name()).or_default().push(at);
        }
        let mut kin = Kin::default();
        let mut ours: BTreeMap<(usize, usize), Vec<Object<'p>>> = BTreeMap::new();
        let mut strangers: HashMap<(Gvk, &str), Vec<Object<'p>>> = HashMap::new();
        for object in objects {
            let namesakes = object.owner().map(|name| by_name.get(name.as_str()).map_or(&[][..], Vec::as_slice));
            match namesakes.map(|namesakes| place(object, namesakes, askers)) {
                Some(Place::Child(key)) => ours.entry(key).or_default().push(object),
                Some(Place::Nowhere) => kin.unwanted.push((object, Unwanted::Nobodys)),
                Some(Place::Waiting) => kin.stay(object),
                None => {
                    kin.stay(object);
                    strangers.entry((object.gvk(), object.metadata().name.as_str())).or_default().push(object);
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
        self.staying.entry((object.gvk(), object.metadata().name.as_str())).or_default().push(object);
    }

    /// Takes an owned object as the child that an Interface wants. Of several, the one that has an answer counts, then
    /// the one in the namespace that a new one would get; the others would hold addresses for nobody.
    fn adopt(&mut self, key: (usize, usize), mut objects: Vec<Object<'p>>, askers: &[Asker<'_>]) {
        let Some(asker) = askers.get(key.0) else { return };
        let namespace = asker.wants().get(key.1).and_then(|want| want.namespace.as_deref());
        objects.sort_by_key(|object| {
            let elsewhere = object.metadata().namespace() != namespace;
            (!object.is_answered(), elsewhere, object.metadata().namespace())
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
    /// namespace that the child would get, then, where the Interface takes children from anywhere, in any other. Each
    /// stands in once.
    fn use_strangers(&mut self, strangers: &HashMap<(Gvk, &str), Vec<Object<'p>>>, askers: &[Asker<'_>]) {
        let mut used = HashSet::new();
        for exact in [true, false] {
            for (at, asker) in askers.iter().enumerate() {
                for (number, want) in asker.wants().iter().enumerate() {
                    let Some(objects) = strangers.get(&(want.gvk(), want.name.as_str())) else { continue };
                    if self.children.contains_key(&(at, number)) {
                        continue;
                    }
                    let is_there = |object: &Object<'_>| object.metadata().namespace() == want.namespace.as_deref();
                    let candidates = objects.iter().filter(|object| !used.contains(&object.item()));
                    let fitting =
                        candidates.filter(|object| if exact { is_there(object) } else { fits(asker, **object) });
                    if let Some(&object) = fitting.min_by_key(|object| object.metadata().namespace()) {
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
        self.namesakes(want).len() > 1
    }

    /// The object that keeps a child which is not there from being made, as it has its very name.
    pub(crate) fn occupant<'a>(&'a self, want: &'a Want) -> Option<Object<'a>> {
        let namesakes = self.namesakes(want).iter();
        namesakes.copied().find(|object| object.metadata().namespace() == want.namespace.as_deref())
    }

    fn namesakes<'a>(&'a self, want: &'a Want) -> &'a [Object<'a>] {
        self.staying.get(&(want.gvk(), want.name.as_str())).map_or(&[], Vec::as_slice)
    }

    /// The items to remove.
    pub(crate) fn unwanted(&self) -> Vec<usize> {
        self.unwanted.iter().map(|(object, _)| object.item()).collect()
    }

    /// The types of the conditions of what is removed, unless something that stays shares them.
    pub(crate) fn unwanted_gvkns(&self) -> impl Iterator<Item = String> {
        let alone = |object: &Object<'_>| !self.staying.contains_key(&(object.gvk(), object.metadata().name.as_str()));
        self.unwanted.iter().map(|(object, _)| *object).filter(alone).map(|object| object.gvkn())
    }

    /// What is removed, and why.
    pub(crate) fn findings(&self, askers: &[Asker<'_>]) -> Vec<Finding> {
        let present: HashSet<&str> = askers.iter().map(Asker::name).collect();
        let removed = |(object, why): &(Object<'_>, Unwanted<'_>)| {
            let interface = object.owner().unwrap_or_default();
            let message = match why {
                Unwanted::Double(other) => {
                    format!("removed: {} does the same for Interface {interface}", other.named())
                }
                Unwanted::Nobodys if present.contains(interface.as_str()) => {
                    format!("removed: Interface {interface} does not ask for it any more")
                }
                Unwanted::Nobodys => format!("removed: Interface {interface}, which asked for it, is gone"),
            };
            object.source().on(Finding::info("child-removed", message))
        };
        self.unwanted.iter().map(removed).collect()
    }
}

/// Where an owned object belongs.
enum Place {
    /// It is what this Interface wants: the Interface's position and the want's.
    Child((usize, usize)),
    /// Its Interface is pending, so that nobody knows.
    Waiting,
    /// None of the Interfaces that its owner annotation may mean asks for it.
    Nowhere,
}

/// The place of an object among the Interfaces that its owner annotation may mean.
fn place(object: Object<'_>, namesakes: &[usize], askers: &[Asker<'_>]) -> Place {
    let fitting = || {
        let known = namesakes.iter().filter_map(|at| askers.get(*at).map(|asker| (*at, asker)));
        known.filter(|(_, asker)| fits(asker, object))
    };
    let wanted = fitting().flat_map(|(at, asker)| {
        let numbers = asker.wants().iter().enumerate().filter(|(_, want)| object.is(want));
        numbers.map(move |(number, want)| (at, number, want))
    });
    // An Interface in the object's own namespace comes before one that takes it from anywhere.
    let nearest = wanted.min_by_key(|(at, _, want)| (want.namespace.as_deref() != object.metadata().namespace(), *at));
    match nearest {
        Some((at, number, _)) => Place::Child((at, number)),
        None if fitting().any(|(_, asker)| asker.verdict.pending.is_some()) => Place::Waiting,
        None => Place::Nowhere,
    }
}

/// Whether the object's namespace lets it be a child of the Interface.
fn fits(asker: &Asker<'_>, object: Object<'_>) -> bool {
    let metadata = asker.metadata();
    names::for_name(metadata).is_some()
        || metadata.namespace().is_none()
        || metadata.namespace() == object.metadata().namespace()
}
