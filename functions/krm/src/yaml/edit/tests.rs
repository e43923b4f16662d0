use proptest::prelude::*;
use serde_json::{Value, json};

use super::{EditError, confirm, edit};
use crate::yaml::Tree;

/// Edits a document with a closure and answers the new text.
fn edited(source: &str, change: impl FnOnce(&mut Value)) -> String {
    let tree = Tree::parse(source).unwrap();
    let mut value = tree.value(source).unwrap();
    change(&mut value);
    let text = edit(source, &tree, false, &value, false).unwrap().text;
    confirm(&text, false, &value).unwrap();
    text
}

fn structural(source: &str, change: impl FnOnce(&mut Value)) -> bool {
    let tree = Tree::parse(source).unwrap();
    let mut value = tree.value(source).unwrap();
    change(&mut value);
    edit(source, &tree, false, &value, false).unwrap().structural
}

#[test]
fn a_scalar_changes_in_place_and_keeps_its_quotes_and_comment() {
    assert_eq!(edited("a: 1 # one\nb: 2\n", |v| v["a"] = json!(3)), "a: 3 # one\nb: 2\n");
    assert_eq!(edited("s: \"True\"\n", |v| v["s"] = json!("False")), "s: \"False\"\n");
    assert_eq!(edited("s: 'x' # q\n", |v| v["s"] = json!("y")), "s: \"y\" # q\n");
    assert_eq!(edited("s: x\n", |v| v["s"] = json!("yes")), "s: \"yes\"\n");
    assert_eq!(edited("s: 'a'\n", |v| v["s"] = json!("{\"b\": 1}")), "s: '{\"b\": 1}'\n");
}

#[test]
fn an_absent_value_gets_one_behind_the_colon() {
    assert_eq!(edited("status:\nb: 1\n", |v| v["status"] = json!("x")), "status: x\nb: 1\n");
    assert_eq!(edited("status: # soon\nb: 1\n", |v| v["status"] = json!({"p": 1})), "status: # soon\n  p: 1\nb: 1\n");
    assert_eq!(edited("status:", |v| v["status"] = json!({"p": 1})), "status:\n  p: 1");
}

#[test]
fn an_empty_flow_map_becomes_block_lines() {
    assert_eq!(edited("status: {} # st\nb: 1\n", |v| v["status"] = json!({"p": 1})), "status: # st\n  p: 1\nb: 1\n");
    assert_eq!(edited("status: {}\n", |v| v["status"] = json!({"p": [1]})), "status:\n  p:\n  - 1\n");
}

#[test]
fn a_key_is_added_after_the_last_content_line() {
    assert_eq!(
        edited("a:\n  b: 1 # c\n# foot\nz: 1\n", |v| v["a"]["c"] = json!(2)),
        "a:\n  b: 1 # c\n  c: 2\n# foot\nz: 1\n"
    );
    assert_eq!(edited("a: |\n  text\n\n\nb: 1\n", |v| v["c"] = json!(2)), "a: |\n  text\n\n\nb: 1\nc: 2\n");
    assert_eq!(edited("b: 1\na: |\n  text\n\n", |v| v["c"] = json!(2)), "b: 1\na: |\n  text\nc: 2\n\n");
    assert_eq!(edited("a: |+\n  text\n\n", |v| v["c"] = json!(2)), "a: |+\n  text\n\nc: 2\n");
    assert_eq!(edited("a: 1", |v| v["b"] = json!(2)), "a: 1\nb: 2");
    assert_eq!(edited("a: 1\r\n", |v| v["b"] = json!(2)), "a: 1\r\nb: 2\r\n");
}

#[test]
fn a_key_that_goes_takes_its_lines_and_its_head_comment() {
    assert_eq!(
        edited("a: 1\n# about b\nb:\n  c: 1 # x\n# about d\nd: 1\n", |v| {
            v.as_object_mut().unwrap().shift_remove("b");
        }),
        "a: 1\n# about d\nd: 1\n"
    );
    assert_eq!(
        edited("l:\n- a: 1\n  b: 2\n", |v| {
            v["l"][0].as_object_mut().unwrap().shift_remove("a");
        }),
        "l:\n- b: 2\n"
    );
    assert_eq!(edited("a: 1\nb: {x: 1}\n", |v| v["b"] = json!({})), "a: 1\nb: {}\n");
    assert_eq!(edited("a:\n  x: 1\n  y: 2\nb: 1\n", |v| v["a"] = json!({})), "a: {}\nb: 1\n");
}

#[test]
fn list_elements_with_a_type_keep_their_place_and_their_bytes() {
    let source = "c:\n- type: A # a\n  status: \"True\"\n- status: 'False'\n  type: B\n";
    assert_eq!(
        edited(source, |v| v["c"][1]["status"] = json!("True")),
        "c:\n- type: A # a\n  status: \"True\"\n- status: \"True\"\n  type: B\n"
    );
    assert_eq!(
        edited(source, |v| v["c"] = json!([v["c"][1].clone(), {"type": "C"}])),
        "c:\n- status: 'False'\n  type: B\n- type: C\n"
    );
    assert_eq!(
        edited(source, |v| v["c"].as_array_mut().unwrap().insert(1, json!({"type": "X", "status": "True"}))),
        "c:\n- type: A # a\n  status: \"True\"\n- type: X\n  status: \"True\"\n- status: 'False'\n  type: B\n"
    );
    assert_eq!(edited(source, |v| v["c"] = json!([])), "c: []\n");
}

#[test]
fn lists_are_written_as_the_object_writes_them() {
    assert_eq!(edited("a:\n  - 1\nb: 1\n", |v| v["c"] = json!([2])), "a:\n  - 1\nb: 1\nc:\n  - 2\n");
    assert_eq!(edited("a:\n  - 1\n  - 3\n", |v| v["a"] = json!([1, 2, 3])), "a:\n  - 1\n  - 2\n  - 3\n");
    assert_eq!(edited("a: []\n", |v| v["a"] = json!([{"x": 1, "z": [2]}])), "a:\n- x: 1\n  z:\n  - 2\n");
}

#[test]
fn a_comment_behind_the_dash_stays() {
    let source = "l:\n- # one\n  a: 1\n- # two\n  a: 2\n";
    assert_eq!(edited(source, |v| v["l"][0]["b"] = json!(3)), "l:\n- # one\n  a: 1\n  b: 3\n- # two\n  a: 2\n");
    assert_eq!(edited(source, |v| v["l"] = json!([{"a": 2}])), "l:\n- # two\n  a: 2\n");
}

#[test]
fn flow_style_stays_flow() {
    assert_eq!(
        edited("status: {prefix: 10.0.0.1/24}\n", |v| v["status"]["gateway"] = json!("10.0.0.1")),
        "status: {prefix: 10.0.0.1/24, gateway: 10.0.0.1}\n"
    );
    assert_eq!(edited("s: {\"a\": \"x\"}\n", |v| v["s"]["b"] = json!("y")), "s: {\"a\": \"x\", \"b\": \"y\"}\n");
    assert_eq!(
        edited("s: {a: x, b: y} # c\n", |v| v["s"] = json!({"b": "2001:db8::/64"})),
        "s: {b: \"2001:db8::/64\"} # c\n"
    );
    assert_eq!(edited("{\"a\": 1}", |v| v["b"] = json!({"c": ["d"]})), "{\"a\": 1, \"b\": {\"c\": [\"d\"]}}");
}

#[test]
fn what_kpt_copies_comments_by_is_known() {
    assert!(!structural("l:\n- a\n- b\n", |v| v["l"] = json!(["a", "b", "c"])), "append");
    assert!(structural("l:\n- a\n- b\n", |v| v["l"] = json!(["c", "a", "b"])), "insert");
    assert!(structural("l:\n- a\n- b\n- c\n", |v| v["l"] = json!(["a", "c"])), "remove in the middle");
    assert!(structural("a: 1\n", |v| v["a"] = json!([1])), "scalar to list");
    assert!(structural("a: {}\n", |v| v["a"] = json!([1])), "map to list");
    assert!(!structural("a: {}\n", |v| v["a"] = json!({"b": 1})));
    assert!(!structural("a: null\n", |v| v["a"] = json!([1])));
}

#[test]
fn anchors_are_refused() {
    let source = "a: &x 1\nb: *x\n";
    let tree = Tree::parse(source).unwrap();
    assert_eq!(edit(source, &tree, false, &json!({"a": 2}), false).unwrap_err(), EditError::Anchors);
}

/// Values with the strings that YAML readers disagree about.
fn any_value() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        "[a-z]{1,6}",
        "[ -~]{0,12}",
        "\\PC{0,6}",
        prop::sample::select(vec![
            "",
            "yes",
            "No",
            "on",
            "~",
            "null",
            "0777",
            "1_000",
            "1e3",
            "12:30:45",
            "0x1F",
            ".inf",
            "- a",
            "a: b",
            "# c",
            "a #b",
            "::1",
            "fe80::",
            "10.0.0.1/24",
            "2001:db8::/64",
            "1:2:3:4:5:6:7:8",
            "|",
            ">-",
            "'",
            "\"",
            "a\nb",
            "a\n",
            "\t",
            "é",
            "\u{1F600}",
            "\u{2028}",
            "---",
            "...",
            "%x",
            "@a",
            "`a",
            "{a",
            "[a",
            "*a",
            "&a",
        ])
        .prop_map(str::to_owned),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        let keys = prop_oneof!["[a-z]{1,3}", Just("type".to_owned()), Just("name".to_owned()), text.clone()];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((keys.prop_filter("merge", |k| k != "<<"), inner), 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

/// Layouts to edit: all that the emitter writes, with comments and blank lines strewn in.
fn any_document() -> impl Strategy<Value = String> {
    (prop::collection::vec(("[a-z]{1,3}", any_value()), 1..5), any::<bool>(), any::<bool>(), any::<u64>()).prop_map(
        |(entries, wide, crlf, seed)| {
            let value = Value::Object(entries.into_iter().collect());
            let eol = if crlf { "\r\n" } else { "\n" };
            let indent = crate::yaml::Indent { column: 0, wide_lists: wide };
            let text = crate::yaml::block(&value, indent, eol);
            let mut out = String::new();
            for (i, line) in text.split_inclusive('\n').enumerate() {
                match (seed >> (i % 60)) & 7 {
                    0 => out.push_str(&format!("# comment{eol}")),
                    1 => out.push_str(eol),
                    _ => {}
                }
                out.push_str(line);
            }
            out
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_emitted_is_read_back(value in any_value()) {
        let indent = crate::yaml::Indent::COMPACT;
        for text in [
            format!("k: {}\n", crate::yaml::flow(&value)),
            format!("k: {}\n", crate::yaml::json(&value)),
            format!("- {}", crate::yaml::block(&value, indent.at(2), "\n")),
        ] {
            let tree = Tree::parse(&text).map_err(|e| TestCaseError::fail(format!("{e}: {text:?}")))?;
            let node = tree.root.get(&text, "k").or(tree.root.items().first()).unwrap();
            prop_assert_eq!(&tree.value_of(&text, node).unwrap(), &value, "{:?}", text);
        }
    }

    /// Every edit between any two values is either made exactly or refused; it is never made wrong. And it is only
    /// refused where nothing of the object stays.
    #[test]
    fn any_edit_says_what_was_meant(source in any_document(), target in prop::collection::vec(("[a-z]{1,3}", any_value()), 1..5)) {
        let tree = Tree::parse(&source).unwrap();
        let before = tree.value(&source).unwrap();
        let mut target = Value::Object(target.into_iter().collect());
        // Keep one key, as every real edit keeps apiVersion and kind.
        let (key, kept) = before.as_object().unwrap().iter().next().unwrap();
        target[key] = kept.clone();
        let edited = edit(&source, &tree, false, &target, false);
        prop_assert!(edited.is_ok(), "{:?}\n{}\n-> {}", edited.err(), source, target);
        let edited = edited.unwrap();
        prop_assert!(confirm(&edited.text, false, &target).is_ok(), "{}\n-> {}\n{}", source, target, edited.text);
        prop_assert_eq!(Tree::parse(&edited.text).unwrap().value(&edited.text).unwrap(), target);
    }

    #[test]
    fn small_changes_touch_little(source in any_document(), new in any_value()) {
        let tree = Tree::parse(&source).unwrap();
        let mut target = tree.value(&source).unwrap();
        target["added"] = new.clone();
        let edited = edit(&source, &tree, false, &target, false).unwrap();
        // What was there is still there: only an insertion happened.
        let prefix = source.bytes().zip(edited.text.bytes()).take_while(|(a, b)| a == b).count();
        let suffix = source.len() - prefix;
        prop_assert!(edited.text.ends_with(&source[source.len() - suffix..]), "{}\n->\n{}", source, edited.text);
    }
}
