//! How messages name an object.

use std::fmt;

use krm::{FileRef, Finding, Item, ObjectRef};

/// An object and its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) object: ObjectRef,
    pub(crate) file: Option<FileRef>,
}

impl Source {
    pub(crate) fn of(item: &Item) -> Self {
        Self { object: item.object_ref(), file: item.file() }
    }

    /// Says that a finding is about this object.
    pub(crate) fn on(&self, finding: Finding) -> Finding {
        finding.object(self.object.clone()).file(self.file.clone())
    }
}

/// The object in a sentence: `Interface upf/n3 (interface-n3.yaml)`.
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
pub(crate) fn qualified(namespace: Option<&str>, name: &str) -> String {
    match namespace {
        Some(namespace) => format!("{namespace}/{name}"),
        None => name.to_owned(),
    }
}
