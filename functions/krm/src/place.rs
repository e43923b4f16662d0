//! Where a finding stands: the object, the field, the file.

use std::fmt;

use crate::finding::Finding;
use crate::item::Item;

/// The object that a finding is about. Shown as kpt shows it: `v1/ConfigMap/namespace/name`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ObjectRef {
    /// For example `ipam.resource.nephio.org/v1alpha1`.
    pub api_version: String,
    /// For example `IPClaim`.
    pub kind: String,
    /// Absent for cluster-wide objects and where the object states none.
    pub namespace: Option<String>,
    /// `metadata.name`.
    pub name: String,
}

impl fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/", self.api_version, self.kind)?;
        if let Some(namespace) = &self.namespace {
            write!(f, "{namespace}/")?;
        }
        f.write_str(&self.name)
    }
}

/// The field that a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Field {
    /// Dotted path from the object's root: `spec.prefix`.
    pub path: String,
    /// What stands there now.
    pub current: Option<String>,
    /// What could stand there instead.
    pub proposed: Option<String>,
}

impl Field {
    /// A field without values.
    #[must_use]
    pub fn new(path: impl Into<String>) -> Self {
        Self { path: path.into(), current: None, proposed: None }
    }

    /// States what was found in the field.
    #[must_use]
    pub fn current(mut self, value: impl Into<String>) -> Self {
        self.current = Some(value.into());
        self
    }

    /// States a value that would be right.
    #[must_use]
    pub fn proposed(mut self, value: impl Into<String>) -> Self {
        self.proposed = Some(value.into());
        self
    }
}

impl From<&str> for Field {
    fn from(path: &str) -> Self {
        Self::new(path)
    }
}

impl From<String> for Field {
    fn from(path: String) -> Self {
        Self::new(path)
    }
}

/// The file that a finding is about, as the item's annotations name it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FileRef {
    /// Path as in the item's path annotation: in `kpt fn render` relative to the item's own package.
    pub path: String,
    /// Position among the documents of that file, from 0.
    pub index: Option<u32>,
}

impl FileRef {
    /// A whole file, or the document that stands in it alone.
    #[must_use]
    pub fn new(path: impl Into<String>) -> Self {
        Self { path: path.into(), index: None }
    }

    /// Names one document of the file, counted from 0.
    #[must_use]
    pub fn index(mut self, index: u32) -> Self {
        self.index = Some(index);
        self
    }
}

/// Shown as `claims.yaml`, or `claims.yaml, document 3` for index 2.
impl fmt::Display for FileRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        match self.index {
            None | Some(0) => Ok(()),
            Some(index) => write!(f, ", document {}", u64::from(index) + 1),
        }
    }
}

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
