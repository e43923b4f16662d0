//! What Multus reads: `NetworkAttachmentDefinition` (`k8s.cni.cncf.io/v1`).

use serde::Deserialize;

use crate::de::null_as_default;
use crate::meta::{NoStatus, Resource};

/// The definition of a further network that pods can be attached to.
pub type NetworkAttachmentDefinition = Resource<NetworkAttachmentDefinitionSpec, NoStatus>;

/// The one field of a NetworkAttachmentDefinition.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a mapping")]
pub struct NetworkAttachmentDefinitionSpec {
    /// The CNI network configuration as JSON text; empty where absent.
    #[serde(default, deserialize_with = "null_as_default")]
    pub config: String,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_config_may_be_absent() {
        let nad: NetworkAttachmentDefinition = serde_json::from_value(json!({"metadata": {"name": "n3"}})).unwrap();
        assert_eq!(nad.spec.config, "");
    }
}
