//! How messages name an object.

use std::fmt;

use crate::finding::{FileRef, Finding, ObjectRef};
use crate::item::Item;

/// An object and its file: what a finding is about, and how another one's message names it.
///
/// Shown, it is the object in a sentence: `Interface upf/n3 (interface-n3.yaml)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The object.
    pub object: ObjectRef,
    /// Its file.
    pub file: Option<FileRef>,
}

impl Source {
    /// That of an item.
    #[must_use]
    pub fn of(item: &Item) -> Self {
        Self { object: item.object_ref(), file: item.file() }
    }

    /// Says that a finding is about this object.
    #[must_use]
    pub fn on(&self, finding: Finding) -> Finding {
        finding.object(self.object.clone()).file(self.file.clone())
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ObjectRef { kind, namespace, name, .. } = &self.object;
        write!(f, "{kind} {}", qualified(namespace.as_deref(), name))?;
        match &self.file {
            Some(file) => write!(f, " ({file})"),
            None => Ok(()),
        }
    }
}

/// A name as users write it: `namespace/name`, or the name alone.
#[must_use]
pub fn qualified(namespace: Option<&str>, name: &str) -> String {
    match namespace {
        Some(namespace) => format!("{namespace}/{name}"),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_named_with_what_is_known_of_it() {
        let object = ObjectRef {
            api_version: "req.nephio.org/v1alpha1".to_owned(),
            kind: "Interface".to_owned(),
            namespace: None,
            name: "n3".to_owned(),
        };
        let mut source = Source { object, file: None };
        assert_eq!(source.to_string(), "Interface n3");
        source.object.namespace = Some("upf".to_owned());
        source.file = Some(FileRef::new("n3.yaml"));
        assert_eq!(source.to_string(), "Interface upf/n3 (n3.yaml)");
    }
}
