//! Objects that stand twice in a package: two items that would be one object in a cluster.

use std::collections::HashMap;

use crate::finding::Finding;
use crate::list::{ItemId, ResourceList};
use crate::package::Packages;
use crate::place::FileRef;

impl Packages {
    /// The errors about those of `items`, all of one kind, that have package, namespace and name in common with one before
    /// them.
    #[must_use]
    pub fn doubled(&self, list: &ResourceList, items: &[ItemId], code: &'static str) -> Vec<Finding> {
        let mut known = HashMap::with_capacity(items.len());
        let mut findings = Vec::new();
        for &id in items {
            let Some(item) = list.get(id) else { continue };
            let identity = (self.of_item(item), item.namespace(), item.name());
            let first = *known.entry(identity).or_insert(id);
            if first != id {
                findings.push(self.stands_twice(list, first, id, code));
            }
        }
        findings
    }

    /// The error that `second` is the same object as `first`.
    #[must_use]
    pub fn stands_twice(&self, list: &ResourceList, first: ItemId, second: ItemId, code: &'static str) -> Finding {
        let first = list.get(first);
        let kind = first.map_or("object", |item| item.kind());
        let file = first.and_then(|item| Some(FileRef { path: self.file_of(item)?, index: item.origin().index }));
        let place = file.map_or_else(|| "in another item".to_owned(), |file| format!("in {file}"));
        let message = format!(
            "this {kind} stands {place} too, in the same package and with the same namespace and name: they would be one \
             object in a cluster. Delete or rename one of the two"
        );
        list.about(Finding::error(code, message).field("metadata.name"), second)
    }
}
