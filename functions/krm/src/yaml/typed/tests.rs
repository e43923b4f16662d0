use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::yaml::Tree;
use crate::yaml::draw::any_document;

/// A type as Kubernetes objects have them.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Object {
    a: String,
    #[serde(default)]
    b: Option<u8>,
    #[serde(default)]
    c: Option<Box<Object>>,
    #[serde(default)]
    d: BTreeMap<String, String>,
    #[serde(default)]
    e: Vec<Word>,
    #[serde(default)]
    f: Option<bool>,
    #[serde(default)]
    g: (i64, f64),
    #[serde(default)]
    h: Newtype,
    #[serde(default)]
    i: (),
    #[serde(default)]
    j: Option<char>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Word {
    X,
    True,
    Y(u8),
    Z { a: String },
}

#[derive(Debug, Default, PartialEq, Deserialize)]
struct Newtype(Option<String>);

#[derive(Debug, PartialEq, Deserialize)]
#[serde(untagged)]
enum Either {
    Number(i32),
    Text(String),
    List(Vec<Either>),
    Map(BTreeMap<String, Either>),
    Nothing(()),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Unfit {
    /// serde_json says so too.
    Always,
    /// serde_json knows a way.
    Maybe,
}

/// Where a node fits, the result is that of its value.
fn agrees<T: DeserializeOwned + PartialEq + Debug>(text: &str, unfit: Unfit) -> Result<bool, TestCaseError> {
    let Ok(tree) = Tree::parse(text) else { return Ok(false) };
    let Ok(value) = tree.root().value() else { return Ok(false) };
    match (typed::<T>(tree.root()), T::deserialize(&value)) {
        (Some(typed), Ok(expected)) => prop_assert_eq!(typed, expected, "{}", text),
        (None, Err(_)) => return Ok(false),
        (None, Ok(_)) if unfit == Unfit::Maybe => return Ok(false),
        (typed, expected) => prop_assert!(false, "{:?} instead of {:?} for {}", typed, expected, text),
    }
    Ok(true)
}

fn all_agree(text: &str) -> Result<(), TestCaseError> {
    agrees::<Value>(text, Unfit::Always)?;
    agrees::<Object>(text, Unfit::Always)?;
    agrees::<Either>(text, Unfit::Always)?;
    agrees::<BTreeMap<String, Either>>(text, Unfit::Always)?;
    agrees::<BTreeMap<String, Object>>(text, Unfit::Always)?;
    agrees::<BTreeMap<Word, Option<Value>>>(text, Unfit::Always)?;
    agrees::<HashMap<u32, Value>>(text, Unfit::Maybe)?;
    agrees::<HashMap<bool, Value>>(text, Unfit::Maybe)?;
    Ok(())
}

#[test]
fn objects_are_read() {
    for text in [
        "a: x\n",
        "a: '1'\nb: 1\nc:\n  a: \"\"\nd: {k: v}\ne: [x, y: 1]\nf: true\ng:\n- 1\n- 2.5\nh: x\ni:\nj: c\n",
        "a: &a x\nc: {a: *a}\n",
        "a: |\n  1\nb: !!int \"1\"\nh: ~\nunknown: {a: [1, {}]}\n",
        "- x\n- 1\n- {a: null}\n",
        "- a: !!str 1\n  e:\n  - true\n  - y: 1\n  - z: {a: b}\n",
        "- [x, 1]\n",
    ] {
        let item = format!("k:\n{}", text.lines().map(|line| format!("  {line}\n")).collect::<String>());
        all_agree(text).unwrap();
        all_agree(&item).unwrap();
    }
    assert!(agrees::<Object>("a: x\nb: 3\nc:\n  a: y\ne: [x]\n", Unfit::Always).unwrap());
    assert!(!agrees::<Object>("a: 1\n", Unfit::Always).unwrap());
    assert!(!agrees::<Object>("a: x\nb: \"3\"\n", Unfit::Always).unwrap());
}

/// Fields of [`Object`] with what people write.
fn any_object() -> impl Strategy<Value = String> {
    let scalar = prop::sample::select(vec![
        "",
        "x",
        "'x'",
        "\"x\"",
        "1",
        "'1'",
        "300",
        "-1",
        "1.5",
        "true",
        "yes",
        "~",
        "null",
        "\"null\"",
        "!!str 1",
        "!!int '1'",
        "!!str",
        "&a x",
        "*a",
        "[]",
        "{}",
        "[1, 2]",
        "[1, 2.5]",
        "[x, true]",
        "[{y: 1}, {z: {a: b}}]",
        "{a: b}",
        "{a: 1}",
        "{1: a}",
        "{true: 1}",
        "[[x]]",
        "|\n    x\n",
        ">-\n    1\n",
        "é",
    ]);
    let key =
        prop::sample::select(vec!["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "1", "x", "true", "'a'"]);
    let entry = (key, scalar).prop_map(|(key, scalar)| format!("{key}: {scalar}"));
    let entries = prop::collection::vec(entry, 1..6);
    (entries.clone(), entries, any::<bool>()).prop_map(|(outer, inner, nested)| {
        let mut text: String = outer.iter().map(|line| format!("{line}\n")).collect();
        if nested {
            text.push_str("c:\n");
            text.extend(inner.iter().map(|line| format!("  {line}\n")));
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn any_document_is_read_as_its_value(text in any_document()) {
        all_agree(&text)?;
    }

    #[test]
    fn any_object_is_read_as_its_value(text in any_object()) {
        all_agree(&text)?;
    }
}
