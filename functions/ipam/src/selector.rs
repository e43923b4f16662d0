//! Label selectors: matchLabels and matchExpressions of Kubernetes.

use std::collections::BTreeMap;

/// spec.selector: every label and every expression must hold. The empty selector matches everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Selector {
    /// matchLabels: the label must have this value.
    pub match_labels: BTreeMap<String, String>,
    /// matchExpressions.
    pub match_expressions: Vec<Requirement>,
}

/// One entry of matchExpressions.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Requirement {
    /// The label key.
    pub key: String,
    /// How its value is compared.
    pub operator: Operator,
    /// The values of `In` and `NotIn`; empty for the other two.
    pub values: Vec<String>,
}

/// Operators of matchExpressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operator {
    /// The label is present with one of the values.
    In,
    /// The label is absent or has none of the values.
    NotIn,
    /// The label is present.
    Exists,
    /// The label is absent.
    DoesNotExist,
}

impl Operator {
    /// The word in a manifest.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::In => "In",
            Self::NotIn => "NotIn",
            Self::Exists => "Exists",
            Self::DoesNotExist => "DoesNotExist",
        }
    }
}

impl std::str::FromStr for Operator {
    type Err = crate::UnknownWord;

    fn from_str(text: &str) -> Result<Self, crate::UnknownWord> {
        match text {
            "In" => Ok(Self::In),
            "NotIn" => Ok(Self::NotIn),
            "Exists" => Ok(Self::Exists),
            "DoesNotExist" => Ok(Self::DoesNotExist),
            _ => Err(crate::UnknownWord { found: text.to_owned(), expected: "In, NotIn, Exists, DoesNotExist" }),
        }
    }
}
