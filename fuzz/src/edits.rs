//! Edits of a value as a script of bytes.

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use serde_json::{Map, Value, json};

/// Splits an input at its first NUL: the text, and the script behind it.
pub fn split(data: &[u8]) -> Option<(&str, &[u8])> {
    let end = data.iter().position(|byte| *byte == 0).unwrap_or(data.len());
    Some((std::str::from_utf8(&data[..end]).ok()?, data.get(end + 1..).unwrap_or_default()))
}

const KEYS: &[&str] =
    &["status", "spec", "prefix", "gateway", "conditions", "a", "type", "name", "12:30", "y", "#", ""];

const TEXTS: &[&str] = &[
    "",
    "a",
    "yes",
    "~",
    "null",
    "0777",
    "1e3",
    "12:30:45",
    "- a",
    "a: b",
    "# c",
    "a #b",
    "::1",
    "10.0.0.1/24",
    "|",
    "'",
    "\"",
    "a\nb",
    "a\n",
    "\n",
    "\n\na",
    " a",
    "a ",
    "\t",
    "é",
    "\u{1F600}",
    "\u{2028}",
    "\u{85}",
    "\u{7f}",
    "\u{feff}",
    "---",
    "...",
    "%x",
    "@a",
    "`a",
    "{a",
    "[a",
    "*a",
    "&a",
    "!a",
    "?",
    "-",
    ":",
    "a:",
    "=",
    "<<",
    "{\"a\": 1}",
];

/// Any value, a small one.
pub fn value(script: &mut Unstructured<'_>, depth: usize) -> Result<Value> {
    Ok(match script.int_in_range(0..=if depth > 3 { 5 } else { 8 })? {
        0 => Value::Null,
        1 => Value::Bool(script.arbitrary()?),
        2 => json!(script.arbitrary::<i32>()?),
        3 | 4 => json!(*script.choose(TEXTS)?),
        5 => json!(script.arbitrary::<&str>()?),
        6 => {
            let count = script.int_in_range(0..=3)?;
            Value::Array((0..count).map(|_| value(script, depth + 1)).collect::<Result<_>>()?)
        }
        _ => {
            let count = script.int_in_range(0..=3)?;
            let entry = |script: &mut Unstructured<'_>| Ok((key(script)?, value(script, depth + 1)?));
            Value::Object((0..count).map(|_| entry(script)).collect::<Result<Map<_, _>>>()?)
        }
    })
}

/// A key of a map; never the merge key, which no object of Kubernetes has.
pub fn key(script: &mut Unstructured<'_>) -> Result<String> {
    let key = if script.ratio(4, 5)? { *script.choose(KEYS)? } else { script.arbitrary::<&str>()? };
    // A key on one line has at most 1024 characters in YAML, one of Kubernetes far fewer.
    Ok(if key == "<<" { "merge".to_owned() } else { key.chars().take(100).collect() })
}

/// Changes something somewhere in a value.
pub fn change(target: &mut Value, script: &mut Unstructured<'_>) -> Result<()> {
    let place = usize::from(script.arbitrary::<u8>()?);
    let descend = script.ratio(2, 3)?;
    match target {
        Value::Array(items) if descend && !items.is_empty() => {
            let at = place % items.len();
            items.get_mut(at).map_or(Ok(()), |child| change(child, script))?;
        }
        Value::Object(map) if descend && !map.is_empty() => {
            let at = place % map.len();
            map.values_mut().nth(at).map_or(Ok(()), |child| change(child, script))?;
        }
        Value::Array(items) => {
            let at = place % (items.len() + 1);
            match script.int_in_range(0..=2)? {
                0 => items.insert(at, value(script, 0)?),
                1 if at < items.len() => _ = items.remove(at),
                _ if at < items.len() => items[at] = value(script, 0)?,
                _ => {}
            }
        }
        Value::Object(map) => match script.int_in_range(0..=2)? {
            0 => _ = map.insert(key(script)?, value(script, 0)?),
            1 => {
                if let Some(key) = map.keys().nth(place % map.len().max(1)).cloned() {
                    map.shift_remove(&key);
                }
            }
            _ => {
                let at = place % map.len().max(1);
                if let Some(child) = map.values_mut().nth(at) {
                    *child = value(script, 0)?;
                }
            }
        },
        scalar => *scalar = value(script, 0)?,
    }
    Ok(())
}
