//! The items of a list as types of their kinds, package by package.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use crate::finding::Finding;
use crate::list::{ItemId, ResourceList};
use crate::package::{PackageId, Packages};
use crate::place::Source;

/// An object of a package and where it stands.
#[derive(Debug, Clone)]
pub struct Placed<T> {
    /// The reader's number for the item.
    pub item: usize,
    /// How findings name it.
    pub source: Source,
    /// What it says.
    pub object: T,
}

/// Reads items one by one, numbers them, and remembers what is wrong with them.
///
/// The numbers stand for items where nothing is known of lists: a plan is made on objects and numbers alone.
#[derive(Debug)]
pub struct Reader<'l> {
    list: &'l ResourceList,
    packages: &'l Packages,
    items: Vec<ItemId>,
    findings: Vec<Finding>,
}

impl<'l> Reader<'l> {
    /// A reader that has read nothing yet.
    #[must_use]
    pub fn new(list: &'l ResourceList, packages: &'l Packages) -> Self {
        Self { list, packages, items: Vec::new(), findings: Vec::new() }
    }

    /// The list that is read.
    #[must_use]
    pub fn list(&self) -> &'l ResourceList {
        self.list
    }

    /// The items as objects, each with its package: the nearest one around it that has a Kptfile. Items outside of all
    /// such packages are left out. What cannot be read is an error.
    pub fn objects<T: DeserializeOwned>(&mut self, ids: &[ItemId]) -> Vec<(PackageId, Placed<T>)> {
        let mut read = Vec::with_capacity(ids.len());
        for &id in ids {
            let Some(item) = self.list.get(id) else { continue };
            match (self.packages.with_kptfile_around(item), item.read::<T>()) {
                (_, Err(error)) => self.refuse(id, error.to_finding()),
                (None, Ok(_)) => {}
                (Some(package), Ok(object)) => {
                    read.push((package, Placed { item: self.number(id), source: Source::of(item), object }));
                }
            }
        }
        read
    }

    /// Reports those of `ids` that lie in no package with a Kptfile; `finding` is the error about each.
    pub fn require_package(&mut self, ids: &[ItemId], finding: &Finding) {
        for &id in ids {
            if self.list.get(id).is_some_and(|item| self.packages.with_kptfile_around(item).is_none()) {
                self.refuse(id, finding.clone());
            }
        }
    }

    /// The number of an item that is read in another way.
    pub fn number(&mut self, id: ItemId) -> usize {
        self.items.push(id);
        self.items.len().saturating_sub(1)
    }

    /// Remembers a finding about an item.
    pub fn refuse(&mut self, id: ItemId, finding: Finding) {
        self.findings.push(self.list.about(finding, id));
    }

    /// Remembers a finding.
    pub fn report(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// The items by their numbers, and what was found wrong.
    #[must_use]
    pub fn finish(self) -> (Vec<ItemId>, Vec<Finding>) {
        (self.items, self.findings)
    }
}

/// What was read, package by package.
#[must_use]
pub fn by_package<T>(read: Vec<(PackageId, T)>) -> BTreeMap<PackageId, Vec<T>> {
    let mut packages: BTreeMap<PackageId, Vec<T>> = BTreeMap::new();
    for (id, object) in read {
        packages.entry(id).or_default().push(object);
    }
    packages
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    const LIST: &str = "\
apiVersion: config.kubernetes.io/v1
kind: ResourceList
items:
- apiVersion: kpt.dev/v1
  kind: Kptfile
  metadata: {name: upf, annotations: {internal.config.kubernetes.io/path: upf/Kptfile}}
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: a, annotations: {internal.config.kubernetes.io/path: upf/a.yaml}}
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: b, annotations: {internal.config.kubernetes.io/path: b.yaml}}
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: c, annotations: {internal.config.kubernetes.io/path: upf/deep/c.yaml}}
";

    fn named<T>(read: &[(PackageId, Placed<T>)]) -> Vec<String> {
        read.iter().map(|(_, placed)| placed.source.to_string()).collect()
    }

    #[test]
    fn objects_are_read_with_their_packages_and_numbers() {
        let mut list = ResourceList::parse(LIST.to_owned()).unwrap();
        let ids = list.select("v1", "ConfigMap");
        let packages = list.packages(&ids);
        let mut reader = Reader::new(&list, &packages);
        let read = reader.objects::<Value>(&ids);
        assert_eq!(named(&read), ["ConfigMap a (upf/a.yaml)", "ConfigMap c (upf/deep/c.yaml)"]);
        reader.require_package(&ids, &Finding::error("outside", "outside of all packages"));
        let (items, findings) = reader.finish();
        for (_, placed) in &read {
            let item = items.get(placed.item).and_then(|id| list.get(*id)).unwrap();
            assert_eq!(item.name(), placed.source.object.name);
        }
        let outside: Vec<&str> =
            findings.iter().filter_map(|found| Some(found.object.as_ref()?.name.as_str())).collect();
        assert_eq!(outside, ["b"]);
        let packages = by_package(read);
        assert_eq!(packages.values().map(Vec::len).collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn what_cannot_be_read_is_reported_at_its_object() {
        let mut list = ResourceList::parse(LIST.to_owned()).unwrap();
        let ids = list.select("v1", "ConfigMap");
        let packages = list.packages(&ids);
        let mut reader = Reader::new(&list, &packages);
        assert!(reader.objects::<Vec<Value>>(&ids).is_empty());
        let (items, findings) = reader.finish();
        assert!(items.is_empty());
        assert_eq!(findings.len(), 3, "also what lies outside of all packages");
        assert!(findings.iter().all(|finding| finding.object.is_some()));
    }
}
