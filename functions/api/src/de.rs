//! Deserialisation helpers shared by the types.

use serde::de::value::{Error as ValueError, StrDeserializer};
use serde::de::{DeserializeOwned, Error, IntoDeserializer};
use serde::{Deserialize, Deserializer};

/// Reads `null` as the type's default: YAML's `labels:` with nothing after it is an empty map.
pub(crate) fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// Reads an enum of strings where `null` and the empty string both mean "not stated".
pub(crate) fn empty_as_none<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    match Option::<String>::deserialize(deserializer)? {
        Some(text) if !text.is_empty() => {
            let value: StrDeserializer<'_, ValueError> = text.as_str().into_deserializer();
            T::deserialize(value).map(Some).map_err(D::Error::custom)
        }
        _ => Ok(None),
    }
}
