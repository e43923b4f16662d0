//! The text that names an object in condition types, condition reasons and owner annotations:
//! `group/version.Kind.name`, such as `req.nephio.org/v1alpha1.Interface.n3`. A namespace is never part of it.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::annotations;
use crate::kinds::Gvk;
use crate::meta::ObjectMeta;

/// An object by `apiVersion`, kind and name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Gvkn {
    /// Group and version, such as `req.nephio.org/v1alpha1`; `v1` for core kinds.
    pub api_version: String,
    /// The kind.
    pub kind: String,
    /// The name; it may hold dots.
    pub name: String,
}

/// A text that does not name an object.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0:?} does not name an object: expected group/version.Kind.name, such as {EXAMPLE}")]
pub struct ParseGvknError(String);

const EXAMPLE: &str = "workload.nephio.org/v1alpha1.NFDeployment.upf";

impl Gvk {
    /// The type of the Kptfile condition about the object of this kind and name.
    pub fn condition_type(&self, name: &str) -> String {
        [self.api_version, self.kind, name].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".")
    }

    /// The object of this kind and name.
    pub fn named(&self, name: impl Into<String>) -> Gvkn {
        Gvkn { api_version: self.api_version.to_owned(), kind: self.kind.to_owned(), name: name.into() }
    }
}

impl Gvkn {
    /// Whether the object is of this kind.
    pub fn is(&self, gvk: Gvk) -> bool {
        gvk.matches(&self.api_version, &self.kind)
    }

    /// The object that an object's owner annotation names, if there is one that names an object.
    pub fn owner_of(metadata: &ObjectMeta) -> Option<Gvkn> {
        metadata.annotation(annotations::OWNER)?.parse().ok()
    }
}

impl fmt::Display for Gvkn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.api_version, self.kind, self.name)
    }
}

impl FromStr for Gvkn {
    type Err = ParseGvknError;

    /// Reads the text. Versions and kinds hold no dots, so whatever follows the kind is the name, dots included.
    /// Without a group the version must look like one (`v1`), or `nephio.org.Specializer.specialize` would pass.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).ok_or_else(|| ParseGvknError(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<Gvkn> {
    let (group, rest) = match text.split_once('/') {
        Some((group, rest)) => (Some(group), rest),
        None => (None, text),
    };
    let mut parts = rest.splitn(3, '.');
    let (version, kind, name) = (parts.next()?, parts.next()?, parts.next()?);
    let well_formed = !version.is_empty() && !kind.is_empty() && !name.is_empty() && !rest.contains('/');
    let api_version = match group {
        Some(group) if !group.is_empty() => format!("{group}/{version}"),
        Some(_) => return None,
        None if looks_like_a_version(version) => version.to_owned(),
        None => return None,
    };
    well_formed.then(|| Gvkn { api_version, kind: kind.to_owned(), name: name.to_owned() })
}

fn looks_like_a_version(text: &str) -> bool {
    text.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::kinds;

    #[test]
    fn condition_types() {
        assert_eq!(kinds::INTERFACE.condition_type("n3"), "req.nephio.org/v1alpha1.Interface.n3");
        assert_eq!(
            kinds::NAD.condition_type("upf-edge01-n3"),
            "k8s.cni.cncf.io/v1.NetworkAttachmentDefinition.upf-edge01-n3"
        );
        assert_eq!(kinds::NAD.condition_type(""), "k8s.cni.cncf.io/v1.NetworkAttachmentDefinition");
    }

    #[test]
    fn names_may_hold_dots() {
        let gvkn: Gvkn = "req.nephio.org/v1alpha1.Interface.n3.1".parse().unwrap();
        assert_eq!(gvkn, kinds::INTERFACE.named("n3.1"));
        assert!(gvkn.is(kinds::INTERFACE));
        assert!(!gvkn.is(kinds::IP_CLAIM));
    }

    #[test]
    fn core_kinds_have_no_group() {
        let gvkn: Gvkn = "v1.ConfigMap.x".parse().unwrap();
        assert_eq!((gvkn.api_version.as_str(), gvkn.kind.as_str(), gvkn.name.as_str()), ("v1", "ConfigMap", "x"));
        assert_eq!(gvkn.to_string(), "v1.ConfigMap.x");
    }

    #[test]
    fn what_does_not_name_an_object() {
        for text in [
            "",
            ".",
            "/",
            "..",
            "n3",
            "nephio.org.Specializer.specialize",
            "req.nephio.org/v1alpha1.Interface",
            "req.nephio.org/v1alpha1.Interface.",
            "req.nephio.org/v1alpha1..n3",
            "req.nephio.org/.Interface.n3",
            "/v1.Interface.n3",
            "a/v1.Interface.n3/x",
            "workload.nephio.org/v1alpha1/NFDeployment.upf",
        ] {
            assert!(text.parse::<Gvkn>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_owner_is_read_from_its_annotation() {
        let mut metadata = ObjectMeta::default();
        assert_eq!(Gvkn::owner_of(&metadata), None);
        metadata.annotations.insert(annotations::OWNER.into(), "not an object".into());
        assert_eq!(Gvkn::owner_of(&metadata), None);
        metadata.annotations.insert(annotations::OWNER.into(), kinds::INTERFACE.condition_type("n3"));
        assert_eq!(Gvkn::owner_of(&metadata), Some(kinds::INTERFACE.named("n3")));
    }

    proptest! {
        #[test]
        fn what_is_built_is_read_back(name in "[a-z0-9]([a-z0-9.-]{0,20}[a-z0-9])?") {
            for gvk in [kinds::INTERFACE, kinds::IP_CLAIM, kinds::VLAN_CLAIM, kinds::NAD] {
                let text = gvk.condition_type(&name);
                let gvkn: Gvkn = text.parse().unwrap();
                prop_assert_eq!(&gvkn, &gvk.named(name.clone()));
                prop_assert_eq!(gvkn.to_string(), text);
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _ = text.parse::<Gvkn>();
        }
    }
}
