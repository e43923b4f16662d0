//! Owner annotations that name nobody: a hint, as names made from a misspelt owner look right at first.

use std::collections::{BTreeMap, HashSet};

use api::{Gvkn, annotations};
use krm::{Field, Finding, ItemId, ResourceList, nearest};

use crate::codes;

/// Among more objects than this a misspelt name is not looked for, nor for more names: it takes time, and finds the wrong
/// ones.
const COMPARED: usize = 100;

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
    let mut there: BTreeMap<(&str, &str), Names<'_>> = BTreeMap::new();
    for (_, item) in list.iter() {
        // A look at the text spares parsing items of other kinds, unless it takes as long as that.
        let may_be = kinds.len() > COMPARED || kinds.iter().any(|(_, kind)| item.text().contains(kind));
        if may_be && kinds.contains(&(item.api_version(), item.kind())) {
            there.entry((item.api_version(), item.kind())).or_default().add(item.name());
        }
    }
    let missing = askers.iter().filter_map(|(owner, &id)| {
        let names = there.get(&(owner.api_version.as_str(), owner.kind.as_str()))?;
        (!names.all.contains(owner.name.as_str())).then_some((owner, names, id))
    });
    let numbered = missing.enumerate();
    numbered.map(|(number, (owner, names, id))| list.about(finding(owner, names, number < COMPARED), id)).collect()
}

/// The names of a kind's objects.
#[derive(Default)]
struct Names<'l> {
    in_order: Vec<&'l str>,
    all: HashSet<&'l str>,
}

impl<'l> Names<'l> {
    fn add(&mut self, name: &'l str) {
        if self.all.insert(name) {
            self.in_order.push(name);
        }
    }
}

fn finding(owner: &Gvkn, names: &Names<'_>, may_be_misspelt: bool) -> Finding {
    let names = names.in_order.as_slice();
    let compared = may_be_misspelt && names.len() <= COMPARED;
    let near = compared.then(|| nearest(&owner.name, names.iter().copied())).flatten();
    let near = near.or(names.first().copied()).unwrap_or_default();
    let message = format!(
        "names {} {}, which is not here (there is {near}); the names of the claims are made from it all the same",
        owner.kind, owner.name,
    );
    let field = Field::new(format!("metadata.annotations.{}", annotations::OWNER)).current(owner.to_string());
    Finding::info(codes::OWNER_NOT_FOUND, message).field(field)
}
