//! To which Interface an object with an owner annotation belongs. One look-up an object, however many Interfaces share
//! a name.

use std::collections::{HashMap, HashSet};

use api::{Gvk, names};

use super::super::Asker;
use super::Object;

/// The position of an Interface, and that of one of its wants.
pub(super) type Key = (usize, usize);

/// Where an owned object belongs.
pub(super) enum Place {
    /// It is what an Interface wants.
    Child(Key),
    /// Its Interface is pending, so that nobody knows.
    Waiting,
    /// None of the Interfaces that its owner annotation may mean asks for it.
    Nowhere,
    /// There is no Interface of the name in its owner annotation.
    Gone,
}

/// What the Interfaces ask for, by the Interface's name, the child's kind and name, and its namespace.
pub(super) struct Belonging<'a> {
    owners: HashSet<&'a str>,
    exact: HashMap<(&'a str, Gvk, &'a str, Option<&'a str>), Key>,
    /// The same where the child may be in any namespace.
    anywhere: HashMap<(&'a str, Gvk, &'a str), Key>,
    /// Names and namespaces of pending Interfaces.
    pending: HashSet<(&'a str, Option<&'a str>)>,
    /// Names of pending Interfaces whose children may be in any namespace.
    pending_anywhere: HashSet<&'a str>,
}

impl<'a> Belonging<'a> {
    pub(super) fn of(askers: &'a [Asker<'_>]) -> Self {
        let mut belonging = Self {
            owners: askers.iter().map(Asker::name).collect(),
            exact: HashMap::new(),
            anywhere: HashMap::new(),
            pending: HashSet::new(),
            pending_anywhere: HashSet::new(),
        };
        for (at, asker) in askers.iter().enumerate() {
            let (owner, anywhere) = (asker.name(), takes_from_anywhere(asker));
            for (number, want) in asker.wants().iter().enumerate() {
                let (gvk, name) = (want.gvk(), want.name.as_str());
                belonging.exact.entry((owner, gvk, name, want.namespace.as_deref())).or_insert((at, number));
                if anywhere {
                    belonging.anywhere.entry((owner, gvk, name)).or_insert((at, number));
                }
            }
            if asker.verdict.pending.is_some() {
                belonging.pending.insert((owner, asker.metadata().namespace()));
                if anywhere {
                    belonging.pending_anywhere.insert(owner);
                }
            }
        }
        belonging
    }

    /// The place of an object. An Interface in the object's own namespace comes before one that takes it from anywhere.
    pub(super) fn place(&self, owner: &str, object: Object<'_>) -> Place {
        let (gvk, name, namespace) = (object.gvk(), object.name(), object.namespace());
        let key = self.exact.get(&(owner, gvk, name, namespace)).or_else(|| self.anywhere.get(&(owner, gvk, name)));
        match key {
            Some(key) => Place::Child(*key),
            None if self.pending.contains(&(owner, namespace)) || self.pending_anywhere.contains(owner) => {
                Place::Waiting
            }
            None if self.owners.contains(owner) => Place::Nowhere,
            None => Place::Gone,
        }
    }
}

/// Whether the Interface's children may be in any namespace: those of an owned one get theirs from the package's own
/// set-namespace, and one without a namespace may be anywhere itself.
pub(super) fn takes_from_anywhere(asker: &Asker<'_>) -> bool {
    names::for_name(asker.metadata()).is_some() || asker.metadata().namespace().is_none()
}
