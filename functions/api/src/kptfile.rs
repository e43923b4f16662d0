//! The part of a `Kptfile` (`kpt.dev/v1`) that functions report through: readiness gates and conditions.

use serde::Deserialize;

use crate::de::null_as_default;
use crate::meta::ObjectMeta;

/// A package's own file. Its pipeline is kpt's business and not read here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Kptfile {
    /// Name, labels, annotations.
    pub metadata: ObjectMeta,
    /// The package's description; `null` is an empty one.
    #[serde(default, deserialize_with = "null_as_default")]
    pub info: Info,
    /// The package's status; `null` is an empty one.
    #[serde(default, deserialize_with = "null_as_default")]
    pub status: Status,
}

/// `info` of a Kptfile.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a mapping")]
pub struct Info {
    /// Conditions that must be True before the package may be approved.
    #[serde(default, deserialize_with = "null_as_default")]
    pub readiness_gates: Vec<ReadinessGate>,
}

/// One entry of `info.readinessGates`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a mapping")]
pub struct ReadinessGate {
    /// The type of the condition.
    pub condition_type: String,
}

/// `status` of a Kptfile.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a mapping")]
pub struct Status {
    /// Conditions, one per type.
    #[serde(default, deserialize_with = "null_as_default")]
    pub conditions: Vec<Condition>,
}

impl Status {
    /// The condition of that type. Of several, the first, as kpt reads it.
    pub fn condition(&self, type_: &str) -> Option<&Condition> {
        self.conditions.iter().find(|condition| condition.type_ == type_)
    }
}

/// One entry of `status.conditions`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Condition {
    /// What the condition is about: for an object its [`Gvkn`](crate::Gvkn) text.
    #[serde(rename = "type")]
    pub type_: String,
    /// Whether it holds.
    #[serde(default)]
    pub status: ConditionStatus,
    /// For an object: the owner's [`Gvkn`](crate::Gvkn) text.
    #[serde(default)]
    pub reason: Option<String>,
    /// A sentence for people; [`conditions`](crate::conditions) lists those that programs read too.
    #[serde(default)]
    pub message: Option<String>,
}

/// Whether a [`Condition`] holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize)]
pub enum ConditionStatus {
    /// It holds.
    True,
    /// It does not.
    False,
    /// Nobody knows.
    #[default]
    Unknown,
}

impl ConditionStatus {
    /// The status as it stands in a Kptfile.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::True => "True",
            Self::False => "False",
            Self::Unknown => "Unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn null_status_is_an_empty_one() {
        for status in [json!(null), json!({}), json!({"conditions": null})] {
            let kptfile: Kptfile =
                serde_json::from_value(json!({"metadata": {"name": "pkg"}, "info": null, "status": status})).unwrap();
            assert_eq!(kptfile.status, Status::default());
        }
    }

    #[test]
    fn of_two_conditions_of_a_type_the_first_counts() {
        let status: Status = serde_json::from_value(json!({"conditions": [
            {"type": "a", "status": "False", "message": "m", "lastTransitionTime": "x"},
            {"type": "a", "status": "True"},
        ]}))
        .unwrap();
        assert_eq!(status.condition("a").unwrap().status, ConditionStatus::False);
        assert_eq!(status.condition("b"), None);
    }

    #[test]
    fn a_status_that_is_no_text_is_an_error() {
        let value = json!({"metadata": {"name": "pkg"}, "status": {"conditions": [{"type": "a", "status": true}]}});
        let error = serde_path_to_error::deserialize::<_, Kptfile>(value).unwrap_err();
        assert_eq!(error.path().to_string(), "status.conditions[0].status");
    }
}
