use proptest::prelude::*;
use serde_json::{Value, json};

use super::{EditError, confirm, confirm_field, edit, edit_field};
use crate::yaml::Tree;
use crate::yaml::draw::{any_document, any_value};

/// Edits a document with a closure and answers the new text.
fn edited(source: &str, change: impl FnOnce(&mut Value)) -> String {
    let tree = Tree::parse(source).unwrap();
    let mut value = tree.root().value().unwrap();
    change(&mut value);
    let text = edit(&tree, false, &value, false).unwrap().text;
    confirm(&text, false, &value).unwrap();
    text
}

fn structural(source: &str, change: impl FnOnce(&mut Value)) -> bool {
    let tree = Tree::parse(source).unwrap();
    let mut value = tree.root().value().unwrap();
    change(&mut value);
    edit(&tree, false, &value, false).unwrap().structural
}

#[test]
fn a_scalar_changes_in_place_and_keeps_its_quotes_and_comment() {
    assert_eq!(edited("a: 1 # one\nb: 2\n", |v| v["a"] = json!(3)), "a: 3 # one\nb: 2\n");
    assert_eq!(edited("s: \"True\"\n", |v| v["s"] = json!("False")), "s: \"False\"\n");
    assert_eq!(edited("s: 'x' # q\n", |v| v["s"] = json!("y")), "s: \"y\" # q\n");
    assert_eq!(edited("s: x\n", |v| v["s"] = json!("yes")), "s: \"yes\"\n");
    assert_eq!(edited("s: \"a: b\"\n", |v| v["s"] = json!("x y")), "s: x y\n", "needed quotes are not kept");
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
fn a_block_scalar_without_text_keeps_its_line_end() {
    for header in ["|", "|+", ">+", "|-", "|2+ # c"] {
        let source = format!("a:\n  b: {header}\nc: 1\n");
        assert_eq!(edited(&source, |v| v["a"]["b"] = json!(false)), "a:\n  b: false\nc: 1\n", "{header}");
        assert_eq!(edited(&source, |v| v["a"]["d"] = json!(2)), format!("a:\n  b: {header}\n  d: 2\nc: 1\n"));
    }
    assert_eq!(edited("a: |+\n\nc: 1\n", |v| v["a"] = json!("x")), "a: x\n\nc: 1\n");
}

#[test]
fn a_last_line_of_blanks_belongs_to_a_block_scalar() {
    let new = |source: &str| edited(source, |v| v["b"] = json!(2));
    assert_eq!(new("a: |-\n  text\n    \n"), "a: |-\n  text\n    \nb: 2\n");
    assert_eq!(new("a: |\n  text\n    \n\n"), "a: |\n  text\n    \nb: 2\n\n");
    assert_eq!(new("a: |\n  text\n    # foot\n"), "a: |\n  text\n    # foot\nb: 2\n");
    assert_eq!(new("a: |-\n \t\n"), "a: |-\n \t\nb: 2\n");
    assert_eq!(edited(" a: |\n  text\n b: 1\n", |v| v["a"] = json!(null)), " a: null\n b: 1\n");
    assert_eq!(new("a:\n  c: |\n    text\n  # foot\n"), "a:\n  c: |\n    text\nb: 2\n  # foot\n");
}

#[test]
fn tagged_keys_are_laid_out_in_a_way_that_is_not_edited() {
    for source in ["!!str a: 1\n", "- !!str a: 1\n", "b:\n  !!str a: 1\n"] {
        let tree = Tree::parse(source).unwrap();
        let element = source.starts_with('-');
        let mut target = tree.object(element).unwrap().value().unwrap();
        target["b"] = json!({"a": 2, "c": 3});
        assert_eq!(edit(&tree, element, &target, false).unwrap_err(), EditError::Layout, "{source}");
        if source.starts_with('b') {
            continue;
        }
        assert_eq!(edit_field(&tree, element, "b", &json!(1), false).unwrap_err(), EditError::Layout, "{source}");
    }
}

#[test]
fn behind_a_tag_without_a_value_there_is_no_place() {
    for source in ["a: 1\nb:\n !x\n", "a: 1\nb: !x\n"] {
        let tree = Tree::parse(source).unwrap();
        for target in [json!({"a": 1, "b": "", "c": 2}), json!({"a": 1, "b": 2})] {
            assert_eq!(edit(&tree, false, &target, false).unwrap_err(), EditError::Layout, "{source} {target}");
        }
    }
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
fn json_stays_json() {
    for empty in ["null", "{}", "[]"] {
        let source = format!("{{\"kind\": \"X\", \"status\": {empty}}}");
        let expected = "{\"kind\": \"X\", \"status\": {\"prefix\": \"10.0.0.2/24\"}}";
        assert_eq!(edited(&source, |v| v["status"] = json!({"prefix": "10.0.0.2/24"})), expected);
    }
    assert_eq!(edited("{\"s\": {\"p\": null}}", |v| v["s"]["p"] = json!("a")), "{\"s\": {\"p\": \"a\"}}");
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
fn a_field_of_any_other_layout_asks_for_a_look_at_the_whole() {
    for source in ["{a: 1}\n", "[]\n", "a\n"] {
        let tree = Tree::parse(source).unwrap();
        assert!(edit_field(&tree, false, "a", &json!(2), false).unwrap().is_none(), "{source}");
    }
}

#[test]
fn a_field_is_confirmed_once_and_with_its_neighbours() {
    let source = "- a: 1\n  b: x # x\n  c: [y]\n";
    let tree = Tree::parse(source).unwrap();
    let confirmed = |text: &str| confirm_field(&tree, text, true, "b", &json!("z")).is_ok();
    assert!(confirmed("- a: 1\n  b: z\n  c: [y]\n"));
    assert!(confirmed("- a: 1\n  b: 'z' # z\n  c: [ y ]\n"));
    for wrong in [
        "- a: 1\n  b: x\n  c: [y]\n",
        "- a: 2\n  b: z\n  c: [y]\n",
        "- a: '1'\n  b: z\n  c: [y]\n",
        "- a: 1\n  b: z\n  c: [y, y]\n",
        "- a: 1\n  b: z\n  c:\n    d: y\n",
        "- a: 1\n  b: z\n",
        "- a: 1\n  c: [y]\n  b: z\n",
        "- a: 1\n  b: z\n  c: [y]\n  d: 1\n",
        "- a: 1\n  b: z\n  c: [y]\n  b: z\n",
        "- a: 1\n  c: [y]\n",
        "- a: 1\n  b: &z z\n  c: [y]\n",
        "- a: 1\n  b: z\n  c: [y]\n- d\n",
        "a: 1\nb: z\nc: [y]\n",
        "- [a, b]\n",
        "",
    ] {
        assert!(!confirmed(wrong), "{wrong}");
    }
}

#[test]
fn lines_that_come_take_the_place_of_lines_that_go() {
    let source = "a:\n  b: 1\n  c: 2\nd: 3\n";
    let target = json!({"a": {"b": 1}, "d": 3, "e": 4});
    assert_eq!(edited(source, |v| *v = target), "a:\n  b: 1\nd: 3\ne: 4\n");
    let source = "a:\n  b:\n    c: 1\n    d: 2\n\ne: 3\n";
    let target = json!({"a": {"b": {"c": 1}, "f": [4]}, "e": 3});
    assert_eq!(edited(source, |v| *v = target), "a:\n  b:\n    c: 1\n  f:\n  - 4\n\ne: 3\n");
    let source = "a:\n- b: 1\n  c: 2\n- d: 3\n";
    let target = json!({"a": [{"b": 1}, {"e": 5}, {"d": 3}]});
    assert_eq!(edited(source, |v| *v = target), "a:\n- b: 1\n- e: 5\n- d: 3\n");
}

#[test]
fn anchors_are_refused() {
    let source = "a: &x 1\nb: *x\n";
    let tree = Tree::parse(source).unwrap();
    assert_eq!(edit(&tree, false, &json!({"a": 2}), false).unwrap_err(), EditError::Anchors);
    assert_eq!(edit_field(&tree, false, "a", &json!(2), false).unwrap_err(), EditError::Anchors);
}

#[derive(Debug, Clone)]
enum Change {
    Add(Value),
    Set(Value),
    Remove,
}

fn any_change() -> impl Strategy<Value = Change> {
    prop_oneof![
        1 => any_value().prop_map(Change::Add),
        1 => any_value().prop_map(Change::Set),
        2 => Just(Change::Remove),
    ]
}

/// Changes a child of the collection to which a path, as places among children, leads.
fn changed(value: &mut Value, path: &[u8], change: Change) {
    let [at, rest @ ..] = path else { return };
    let place = |length: usize| usize::from(*at) % length.max(1);
    let child = match value {
        Value::Array(items) => {
            let place = place(items.len());
            items.get_mut(place)
        }
        Value::Object(map) => {
            let place = place(map.len());
            map.values_mut().nth(place)
        }
        _ => return,
    };
    match (child, change) {
        (Some(child @ (Value::Array(_) | Value::Object(_))), change) if !rest.is_empty() => {
            changed(child, rest, change)
        }
        (Some(child), Change::Set(new)) => *child = new,
        (_, change) => match (value, change) {
            (Value::Array(items), Change::Add(new)) => items.insert(place(items.len() + 1), new),
            (Value::Object(map), Change::Add(new)) => _ = map.insert(format!("new{at}"), new),
            (Value::Array(items), Change::Remove) if !items.is_empty() => _ = items.remove(place(items.len())),
            (Value::Object(map), Change::Remove) => {
                if let Some(key) = map.keys().nth(place(map.len())).cloned() {
                    map.shift_remove(&key);
                }
            }
            _ => {}
        },
    }
}

/// A key that a document may have.
fn any_key() -> impl Strategy<Value = String> {
    prop_oneof!["[a-c]{1,2}", Just("added".to_owned())]
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
            let node = tree.root().get("k").or(tree.root().items().next()).unwrap();
            prop_assert_eq!(&node.value().unwrap(), &value, "{:?}", text);
        }
    }

    /// Every edit between any two values is either made exactly or refused; it is never made wrong. And it is only
    /// refused where nothing of the object stays.
    #[test]
    fn any_edit_says_what_was_meant(source in any_document(), target in prop::collection::vec(("[a-z]{1,3}", any_value()), 1..5)) {
        let tree = Tree::parse(&source).unwrap();
        let before = tree.root().value().unwrap();
        let mut target = Value::Object(target.into_iter().collect());
        // Keep one key, as every real edit keeps apiVersion and kind.
        let (key, kept) = before.as_object().unwrap().iter().next().unwrap();
        target[key] = kept.clone();
        let edited = edit(&tree, false, &target, false);
        prop_assert!(edited.is_ok(), "{:?}\n{}\n-> {}", edited.err(), source, target);
        let edited = edited.unwrap();
        prop_assert!(confirm(&edited.text, false, &target).is_ok(), "{}\n-> {}\n{}", source, target, edited.text);
        prop_assert_eq!(crate::yaml::read(&edited.text).unwrap(), target);
    }

    /// The same for changes deep inside, where lines that go meet lines that come.
    #[test]
    fn any_change_inside_says_what_was_meant(
        source in any_document(),
        changes in prop::collection::vec((prop::collection::vec(any::<u8>(), 1..5), any_change()), 1..8),
    ) {
        let tree = Tree::parse(&source).unwrap();
        let mut target = tree.root().value().unwrap();
        // Keep what every real edit keeps.
        target["a"] = json!(1);
        let source = edit(&tree, false, &target, false).unwrap().text;
        let tree = Tree::parse(&source).unwrap();
        for (path, change) in changes {
            changed(&mut target, &path, change);
        }
        target["a"] = json!(1);
        let edited = edit(&tree, false, &target, false);
        prop_assert!(edited.is_ok(), "{:?}\n{}\n-> {}", edited.err(), source, target);
        let edited = edited.unwrap();
        prop_assert!(confirm(&edited.text, false, &target).is_ok(), "{}\n-> {}\n{}", source, target, edited.text);
    }

    #[test]
    fn small_changes_touch_little(source in any_document(), new in any_value()) {
        let tree = Tree::parse(&source).unwrap();
        let mut target = tree.root().value().unwrap();
        target["added"] = new.clone();
        let edited = edit(&tree, false, &target, false).unwrap();
        // What was there is still there: only an insertion happened.
        let prefix = source.bytes().zip(edited.text.bytes()).take_while(|(a, b)| a == b).count();
        let suffix = source.len() - prefix;
        prop_assert!(edited.text.ends_with(&source[source.len() - suffix..]), "{}\n->\n{}", source, edited.text);
    }

    /// The edit of a field makes the bytes that the edit of the whole makes.
    #[test]
    fn a_field_is_edited_as_the_whole_is(source in any_document(), key in any_key(), new in any_value()) {
        let tree = Tree::parse(&source).unwrap();
        let mut target = tree.root().value().unwrap();
        target[&key] = new.clone();
        let whole = edit(&tree, false, &target, false).unwrap();
        let field = edit_field(&tree, false, &key, &new, false).unwrap();
        prop_assert!(field.is_some(), "{}", source);
        let field = field.unwrap();
        prop_assert_eq!(&field.text, &whole.text);
        prop_assert_eq!(field.structural, whole.structural);
        prop_assert!(confirm_field(&tree, &field.text, false, &key, &new).is_ok(), "{}\n->\n{}", source, field.text);
    }

    /// Only a text that says what it said, but for the field, is confirmed.
    #[test]
    fn a_field_is_confirmed_with_all_beside_it(
        source in any_document(),
        (key, new) in (any_key(), any_value()),
        (other_key, other) in (any_key(), any_value()),
    ) {
        let tree = Tree::parse(&source).unwrap();
        let mut target = tree.root().value().unwrap();
        target[&key] = new.clone();
        let meant = target.clone();
        target[&other_key] = other;
        let text = edit(&tree, false, &target, false).unwrap().text;
        prop_assert_eq!(confirm_field(&tree, &text, false, &key, &new).is_ok(), target == meant, "{}\n->\n{}", source, text);
    }
}
