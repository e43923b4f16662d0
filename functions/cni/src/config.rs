//! A network configuration list: the text of a NetworkAttachmentDefinition's `spec.config`.

use crate::plugin::Plugin;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use std::fmt;

/// A version of the CNI specification that every plugin release in use accepts.
///
/// Plugins compare the text exactly, without ranges. 1.1.0 is not among these: releases before 1.6 refuse it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CniVersion {
    /// `0.3.1`, the version that Nephio's nad-fn writes. It knows no `CHECK`.
    #[default]
    V0_3_1,
    /// `0.4.0`, the first with `CHECK`.
    V0_4_0,
    /// `1.0.0`.
    V1_0_0,
}

impl CniVersion {
    /// Every version, oldest first.
    pub const ALL: [CniVersion; 3] = [Self::V0_3_1, Self::V0_4_0, Self::V1_0_0];

    /// The text of `cniVersion`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V0_3_1 => "0.3.1",
            Self::V0_4_0 => "0.4.0",
            Self::V1_0_0 => "1.0.0",
        }
    }
}

/// A network configuration list.
///
/// [`Attachment::to_config`](crate::Attachment::to_config) makes a valid one. One made by hand may be invalid:
/// [`check`](crate::check) tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NetworkConfig {
    /// `cniVersion`; it counts for all plugins.
    pub cni_version: CniVersion,
    /// `name`. Multus fills in the NetworkAttachmentDefinition's name where it is absent, as in Nephio's.
    pub name: Option<String>,
    /// `plugins`, called in this order: first the one that makes the interface, then meta plugins.
    pub plugins: Vec<Plugin>,
}

impl NetworkConfig {
    /// The configuration as a JSON value, keys in the order in which they are written: `cniVersion`, `name`, `plugins`.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut keys = Map::new();
        keys.insert("cniVersion".into(), self.cni_version.as_str().into());
        if let Some(name) = &self.name {
            keys.insert("name".into(), name.as_str().into());
        }
        let plugins = self.plugins.iter().map(Plugin::to_value).collect();
        keys.insert("plugins".into(), Value::Array(plugins));
        Value::Object(keys)
    }

    /// The configuration as compact JSON: the text for `spec.config`.
    #[must_use]
    pub fn to_json(&self) -> String {
        self.to_value().to_string()
    }
}

impl fmt::Display for NetworkConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_value().fmt(f)
    }
}

impl Serialize for NetworkConfig {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value().serialize(serializer)
    }
}
