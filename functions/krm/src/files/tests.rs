use proptest::prelude::*;
use serde_json::json;

use super::*;

/// The list that some files make, without the file system.
fn list_of(files: &[(&str, &str)]) -> Result<String, FilesError> {
    let mut resources = Vec::new();
    for (path, text) in files {
        resources.append(&mut resources_of(path, text)?);
    }
    assemble(&resources)
}

const HEAD: &str = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n";

#[test]
fn documents_become_items_with_annotations() {
    let text = "\
# licence

apiVersion: v1 # first
kind: ConfigMap
metadata:
    name: a
    annotations:
        x: \"y\"
data:
    ml: |
        one

          two
---
apiVersion: v1
kind: Secret
metadata: {name: b}
";
    let expected = format!(
        "{HEAD}items:
- # licence

  apiVersion: v1 # first
  kind: ConfigMap
  metadata:
      name: a
      annotations:
          x: \"y\"
          internal.config.kubernetes.io/index: \"0\"
          internal.config.kubernetes.io/path: \"dir/a.yaml\"
  data:
      ml: |
          one

            two
- apiVersion: v1
  kind: Secret
"
    );
    let list = list_of(&[("dir/a.yaml", text)]).unwrap();
    assert!(list.replace('\'', "\"").replace(": dir/a.yaml", ": \"dir/a.yaml\"").starts_with(&expected), "{list}");
    let list = ResourceList::parse(list).unwrap();
    let origins: Vec<Origin> = list.iter().map(|(_, item)| item.origin().clone()).collect();
    let origin = |index| Origin { path: Some("dir/a.yaml".into()), index: Some(index), ..Origin::default() };
    assert_eq!(origins, [origin(0), origin(1)]);
}

#[test]
fn no_resources_make_an_empty_list() {
    assert_eq!(list_of(&[]).unwrap(), format!("{HEAD}items: []\n"));
    assert_eq!(list_of(&[("a.yaml", "# nothing\n---\n")]).unwrap(), format!("{HEAD}items: []\n"));
}

/// Documents in layouts that indentation must not harm; each must come back with the value that it has.
const LAYOUTS: [&str; 13] = [
    "apiVersion: v1\nkind: A\nv: |2\n    two more\n   one more\n",
    "apiVersion: v1\nkind: A\nv: |\n\n  a\n   \n  b\nw: >-\n  folded\n  text\n\n  more\n",
    "apiVersion: v1\nkind: A\nv: |+\n  kept\n\n\n",
    "apiVersion: v1\nkind: A\nv: |+\n  kept\n\n",
    "apiVersion: v1\r\nkind: A\r\nv: |\r\n  a\r\n\r\n  b\r\n",
    "\u{feff}apiVersion: v1\nkind: A\n",
    "{\"apiVersion\": \"v1\",\n\t\"kind\": \"A\", \"v\": [1,\n2]}\n",
    "--- {apiVersion: v1, kind: A}\n",
    "--- # note\napiVersion: v1\nkind: A\n",
    "  apiVersion: v1\n  kind: A\n  l:\n  - a\n",
    "apiVersion: v1\nkind: A\nv: \"one\n\n  two \\\n  three\"\nw: plain\n  more\n",
    "apiVersion: v1\nkind: A\nl:\n- a\n-\n  - b\n- - c\n",
    "\n\n# c\napiVersion: v1\n\n\nkind: A",
];

#[test]
fn layouts_keep_their_meaning() {
    for text in LAYOUTS {
        let list = list_of(&[("a.yaml", text), ("b.yaml", "apiVersion: v1\nkind: Z\n")])
            .unwrap_or_else(|error| panic!("{text:?}: {error}"));
        let expected = value_of(&documents(text).unwrap()[0]).unwrap();
        let list = ResourceList::parse(list).unwrap();
        let mut values = list.iter().map(|(_, item)| item.value().unwrap().clone());
        let mut value = values.next().unwrap();
        let annotations =
            json!({"internal.config.kubernetes.io/index": "0", "internal.config.kubernetes.io/path": "a.yaml"});
        assert_eq!(value["metadata"]["annotations"], annotations, "{text:?}");
        value.as_object_mut().unwrap().shift_remove("metadata");
        assert_eq!(value, expected, "{text:?}");
        assert_eq!(values.next().unwrap()["kind"], "Z");
    }
}

#[test]
fn a_file_that_ends_inside_a_block_scalar_is_refused() {
    // libyaml reads `text`; with the line end that a list needs it reads `text` and a line end.
    let error = list_of(&[("a.yaml", "apiVersion: v1\nkind: A\nv:\n- |\n  text")]).unwrap_err();
    assert_eq!(error.to_string(), "a.yaml: the last line has no line end; add one");
    assert!(list_of(&[("a.yaml", "apiVersion: v1\nv: |\n  text\nkind: A")]).is_ok());
}

#[test]
fn anchors_leave_no_place_for_annotations() {
    let error = list_of(&[("a.yaml", "apiVersion: v1\nkind: A\nm: &m {a: 1}\nn: *m\n")]).unwrap_err();
    assert!(error.to_string().starts_with("a.yaml: line 1: the object uses YAML anchors"), "{error}");
}

#[test]
fn what_is_no_resource_is_named_with_file_and_line() {
    let good = "apiVersion: v1\nkind: A\n---\n";
    for (text, expected) in [
        ("- a\n", "values.yaml: line 4: the document is not a mapping; expected a resource with apiVersion and kind"),
        (
            "just text\n",
            "values.yaml: line 4: the document is not a mapping; expected a resource with apiVersion and kind",
        ),
        ("a: 1\n", "values.yaml: line 4: the document has no apiVersion; expected a resource with apiVersion and kind"),
        (
            "apiVersion: v1\n",
            "values.yaml: line 4: the document has no kind; expected a resource with apiVersion and kind",
        ),
        (
            "apiVersion: v1\nkind: ''\n",
            "values.yaml: line 4: the document has no kind; expected a resource with apiVersion and kind",
        ),
        (
            "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: []\n",
            "values.yaml: line 4: the document is a ResourceList; give it on standard input instead, without any file arguments",
        ),
        (
            "apiVersion: v1\nkind: A\nmetadata: x\n",
            "values.yaml: line 4: metadata and metadata.annotations must be mappings",
        ),
        ("a: 1\n...\n%YAML 1.2\n", "values.yaml: line 6: YAML directives (`%...`) are not read; remove the line"),
    ] {
        let error = list_of(&[("values.yaml", &format!("{good}{text}"))]).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn a_syntax_error_names_the_line_in_the_file() {
    let error = list_of(&[("a.yaml", "apiVersion: v1\nkind: A\n---\napiVersion: v1\nkind: A\nkind: B\n")]).unwrap_err();
    assert!(error.to_string().starts_with("a.yaml: line 6, column 1: "), "{error}");
    let error = list_of(&[("a.yaml", "apiVersion: v1\nkind: A\n---\nb: 'c\n")]).unwrap_err();
    assert!(error.to_string().starts_with("a.yaml: line "), "{error}");
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let directory = std::env::temp_dir().join(format!("krm-files-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let path = |name: &str| directory.join(name);
    std::fs::write(path("a.yaml"), "apiVersion: v1\nkind: A\n").unwrap();
    std::fs::write(path("latin1.yaml"), b"apiVersion: v1\nkind: \xe9\n").unwrap();

    let list = resource_list(&[path("a.yaml")]).unwrap();
    assert!(list.contains("\n- apiVersion: v1\n  kind: A\n"), "{list}");
    let message = |paths: &[std::path::PathBuf]| {
        let message = resource_list(paths).unwrap_err().to_string();
        message.replace(directory.to_str().unwrap(), "DIR")
    };
    assert_eq!(message(&[path("latin1.yaml")]), "DIR/latin1.yaml: line 2 is not UTF-8; save the file as UTF-8");
    assert_eq!(message(&[path("a.yaml"), path("a.yaml")]), "DIR/a.yaml is given twice; give it once");
    assert!(message(&[path("none.yaml")]).starts_with("DIR/none.yaml: "));
    for (given, bytes) in
        [(vec![path("big.yaml")], MAX_BYTES), (vec![path("a.yaml"), path("big.yaml")], MAX_BYTES - 23)]
    {
        File::create(path("big.yaml")).unwrap().set_len(bytes as u64 + 1).unwrap();
        let expected =
            "DIR/big.yaml: with this file there are more than 104857600 bytes, the limit; give fewer or smaller files";
        assert_eq!(message(&given), expected);
    }
    assert!(message(std::slice::from_ref(&directory)).starts_with("DIR is a directory, expected files; "));
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn paths_are_stated_without_a_leading_dot() {
    assert_eq!(path_text(Path::new("./a/b.yaml")).unwrap(), "a/b.yaml");
    assert_eq!(path_text(Path::new(".//./a.yaml")).unwrap(), "a.yaml");
    assert_eq!(path_text(Path::new("../a.yaml")).unwrap(), "../a.yaml");
    assert_eq!(path_text(Path::new("/a.yaml")).unwrap(), "/a.yaml");
}

fn any_line() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "---\n",
        "...\n",
        "--- # c\n",
        "apiVersion: v1\n",
        "kind: A\n",
        "a: |\n",
        "b: >-\n",
        "  text\n",
        "    deeper\n",
        "\n",
        "   \n",
        "# c\n",
        "  - x\n",
        "- y\n",
        "c: {a: [1,\n",
        "]}\n",
        "d: \"q\n",
        "e\"\n",
        "f: 'x'\r\n",
        "\tg: 1\n",
        "metadata:\n",
        "  name: n\n",
        "  annotations: {a: b}\n",
        "%YAML 1.2\n",
        "h: &x 1\n",
        "i: *x\n",
    ])
}

proptest! {
    #[test]
    fn any_text_becomes_a_list_that_says_the_same_or_an_error(lines in prop::collection::vec(any_line(), 0..14)) {
        let text: String = lines.concat();
        if let Ok(list) = list_of(&[("a.yaml", &text)]) {
            let expected: Vec<Value> = documents(&text).unwrap().iter().map(|d| value_of(d).unwrap()).collect();
            let list = ResourceList::parse(list).unwrap();
            let strip = |value: &Value| {
                let mut value = value.clone();
                value.as_object_mut().unwrap().shift_remove("metadata");
                value
            };
            let found: Vec<Value> = list.iter().map(|(_, item)| strip(item.value().unwrap())).collect();
            prop_assert_eq!(found, expected.iter().map(strip).collect::<Vec<_>>());
        }
    }
}

#[test]
fn items_become_a_list_again_at_their_place_from_the_root() {
    let source: std::sync::Arc<str> = "# head\n---\nkind: A # one\nmetadata:\n  name: a\n".into();
    let at = |package: &str, path: &str| Origin {
        package: Some(package.to_owned()),
        path: Some(path.to_owned()),
        index: Some(1),
        ..Origin::default()
    };
    let read = Item::document_in(&source, 11..source.len(), at("sub", "a.yaml"));
    let unreadable = Item::document("kind: {{ template }\n", at("", "b.yaml"));
    let text = super::list_of([&read, &unreadable]).unwrap();
    let items = "items:\n- kind: A # one\n  metadata:\n    name: a\n    annotations:\n";
    assert!(text.starts_with(&format!("{HEAD}{items}")), "{text}");
    let list = ResourceList::parse(text).unwrap();
    let origins: Vec<_> = list.iter().map(|(_, item)| item.origin().clone()).collect();
    assert_eq!(origins, [Origin { path: Some("sub/a.yaml".into()), index: Some(1), ..Origin::default() }]);
}
