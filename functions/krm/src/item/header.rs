//! What every item says of itself: its kind and its name.

use serde_json::Value;

use crate::yaml::Node;

/// What an item says of itself. What is not stated, or is not text, is empty.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    pub(crate) api_version: Box<str>,
    pub(crate) kind: Box<str>,
    pub(crate) name: Box<str>,
    pub(crate) namespace: Box<str>,
}

impl Header {
    pub(super) fn of(item: Said<'_>) -> Header {
        let text = |holder: Option<Said<'_>>, key: &str| {
            holder.and_then(|holder| holder.get(key)?.text()).unwrap_or_default().into()
        };
        let metadata = item.get("metadata");
        Header {
            api_version: text(Some(item), "apiVersion"),
            kind: text(Some(item), "kind"),
            name: text(metadata, "name"),
            namespace: text(metadata, "namespace"),
        }
    }
}

/// What an item's text says or, before an edit is confirmed, is meant to say.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Said<'v> {
    /// A node without faults.
    Node(Node<'v>),
    Value(&'v Value),
}

impl<'v> Said<'v> {
    /// The value of a key of a map.
    pub(crate) fn get(self, key: &str) -> Option<Said<'v>> {
        match self {
            Said::Node(node) => node.field(key).map(Said::Node),
            Said::Value(value) => value.get(key).map(Said::Value),
        }
    }

    pub(crate) fn text(self) -> Option<&'v str> {
        match self {
            Said::Node(node) => node.text(),
            Said::Value(value) => value.as_str(),
        }
    }

    /// A whole number that is not negative.
    pub(crate) fn number(self) -> Option<u64> {
        match self {
            Said::Node(node) => node.checked_value().as_u64(),
            Said::Value(value) => value.as_u64(),
        }
    }
}
