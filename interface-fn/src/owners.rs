//! Owner annotations that name nobody: a hint, as names made from a misspelt owner look right at first.

use std::collections::{BTreeMap, HashSet};

use api::{Gvkn, annotations};
use krm::{Field, Finding, ItemId, ResourceList, nearest};

use crate::codes;

/// One info per owner that is named by an Interface and not there, although others of its kind are. Where there are
/// none at all, the package is only a part of something larger, and nobody can tell.
pub(crate) fn unknown(list: &ResourceList, interfaces: &[ItemId]) -> Vec<Finding> {
    let mut askers: BTreeMap<Gvkn, ItemId> = BTreeMap::new();
    for &id in interfaces {
        let owner = list.get(id).and_then(|item| item.annotation(annotations::OWNER));
        if let Some(owner) = owner.and_then(|owner| owner.parse().ok()) {
            askers.entry(owner).or_insert(id);
        }
    }
    let kinds: HashSet<(&str, &str)> =
        askers.keys().map(|owner| (owner.api_version.as_str(), owner.kind.as_str())).collect();
    let mut there: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for (_, item) in list.iter() {
        // A look at the text spares parsing items of other kinds.
        if kinds.iter().any(|(_, kind)| item.text().contains(kind))
            && kinds.contains(&(item.api_version(), item.kind()))
        {
            there.entry((item.api_version(), item.kind())).or_default().push(item.name());
        }
    }
    let missing = askers.iter().filter_map(|(owner, &id)| {
        let names = there.get(&(owner.api_version.as_str(), owner.kind.as_str()))?;
        (!names.contains(&owner.name.as_str())).then(|| list.about(finding(owner, names), id))
    });
    missing.collect()
}

fn finding(owner: &Gvkn, names: &[&str]) -> Finding {
    let near = nearest(&owner.name, names.iter().copied()).or(names.first().copied()).unwrap_or_default();
    let message = format!(
        "names {} {}, which is not here (there is {near}); the names of the claims are made from it all the same",
        owner.kind, owner.name,
    );
    let field = Field::new(format!("metadata.annotations.{}", annotations::OWNER)).current(owner.to_string());
    Finding::info(codes::OWNER_NOT_FOUND, message).field(field)
}
