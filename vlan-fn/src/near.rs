//! Which VLANIndex was probably meant by a reference to one that is not there.

use std::collections::{BTreeMap, BTreeSet};

use krm::nearest;

use crate::plan::{Index, Input};

/// Among more indices than this a misspelt name is not looked for, nor for more names: it takes time, and finds the wrong
/// ones.
const COMPARED: usize = 100;
/// How many indices are listed.
const LISTED: usize = 5;

/// The indices of a tree.
pub(crate) struct Indices<'i> {
    by_name: BTreeMap<&'i str, Vec<&'i Index>>,
    count: usize,
}

impl<'i> Indices<'i> {
    pub(crate) fn of(input: &'i Input) -> Self {
        let mut by_name: BTreeMap<&str, Vec<&Index>> = BTreeMap::new();
        for index in &input.indices {
            by_name.entry(&index.name).or_default().push(index);
        }
        Self { by_name, count: input.indices.len() }
    }

    /// The index of the same name in another namespace, for one that is not there.
    pub(crate) fn elsewhere(&self, missing: &Index) -> Option<&'i Index> {
        self.by_name.get(missing.name.as_str())?.first().copied()
    }

    /// What to say to the claims of each index that is not there.
    pub(crate) fn missing<'m>(&self, missing: BTreeSet<&'m Index>) -> BTreeMap<&'m Index, String> {
        let numbered = missing.into_iter().enumerate();
        numbered.map(|(number, index)| (index, self.text(index, number < COMPARED))).collect()
    }

    fn text(&self, missing: &Index, may_be_misspelt: bool) -> String {
        let Index { namespace, name } = missing;
        let opening = format!("this tree has no VLANIndex {missing}, so no VLAN ID is given yet");
        if let Some(found) = self.elsewhere(missing) {
            return format!(
                "{opening}; there is VLANIndex {found}: set spec.vlanIndex.namespace to {}, or move it to namespace \
                 {namespace} (a reference without a namespace means default)",
                found.namespace
            );
        }
        let compared = may_be_misspelt && self.count <= COMPARED;
        let near = compared.then(|| nearest(name, self.by_name.keys().copied())).flatten();
        if let Some(found) = near.and_then(|near| self.by_name.get(near)?.first()) {
            return format!(
                "{opening}; did you mean VLANIndex {found}? If not, add a VLANIndex {name} in namespace {namespace}, or \
                 render the package that holds it"
            );
        }
        format!(
            "{opening}; {}. Add a VLANIndex {name} in namespace {namespace}, or render the package that holds it",
            self.listed()
        )
    }

    fn listed(&self) -> String {
        if self.count == 0 {
            return "there is none at all".to_owned();
        }
        let listed: Vec<String> = self.by_name.values().flatten().take(LISTED).map(|index| index.to_string()).collect();
        match self.count.saturating_sub(listed.len()) {
            0 => format!("there are: {}", listed.join(", ")),
            more => format!("there are: {} and {more} more", listed.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(namespace: &str, name: &str) -> Index {
        Index { namespace: namespace.into(), name: name.into() }
    }

    fn said(found: &[(&str, &str)], missing: &Index) -> String {
        let indices = found.iter().map(|(namespace, name)| index(namespace, name)).collect();
        Indices::of(&Input { indices, ..Input::default() }).text(missing, true)
    }

    #[test]
    fn the_same_name_in_another_namespace_is_nearest() {
        let text = said(&[("net", "edge01"), ("default", "edge02")], &index("default", "edge01"));
        assert!(text.contains("there is VLANIndex net/edge01: set spec.vlanIndex.namespace to net"), "{text}");
    }

    #[test]
    fn then_a_similar_name() {
        let text = said(&[("default", "egde01"), ("default", "core")], &index("default", "edge01"));
        assert!(text.contains("did you mean VLANIndex default/egde01?"), "{text}");
    }

    #[test]
    fn else_what_there_is() {
        assert!(said(&[], &index("default", "edge01")).contains("there is none at all. Add a VLANIndex edge01"));
        let many: Vec<String> = (0..200).map(|n| format!("site-with-a-long-name-{n:03}")).collect();
        let many: Vec<(&str, &str)> = many.iter().map(|name| ("default", name.as_str())).collect();
        let text = said(&many, &index("default", "site-with-a-long-name-2000"));
        assert!(text.contains("default/site-with-a-long-name-004 and 195 more"), "{text}");
    }
}
