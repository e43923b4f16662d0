use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::finding::Finding;
use crate::yaml;

const TWO: &str = "\
apiVersion: config.kubernetes.io/v1
kind: ResourceList
items:
- apiVersion: v1
  kind: ConfigMap
  metadata:
    name: a # the first
    annotations:
      internal.config.kubernetes.io/path: 'a.yaml'
      internal.config.kubernetes.io/index: '0'
      internal.config.kubernetes.io/id: '1'
      config.k8s.io/id: '1'
  data: {k: v}
- apiVersion: ipam.resource.nephio.org/v1alpha1
  kind: IPClaim
  metadata:
    name: b
  spec:
    odd:   'spaces'
  status: {}
functionConfig:
  apiVersion: v1
  kind: ConfigMap
  data: {strict: \"true\"}
";

fn list(text: &str) -> ResourceList {
    ResourceList::parse(text.to_owned()).unwrap()
}

/// Layouts that people, kpt and other tools write.
const LAYOUTS: &[&str] = &[
    TWO,
    "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n  - a: 1\n  - a: 2\n",
    "kind: ResourceList\nitems:\n- a: |\n    - not an item\n    items:\n  b: 1\n# between\n- c: 2\n",
    "kind: ResourceList\nitems:\n- a: |+\n    text\n\n- b: 1\n\n",
    "kind: ResourceList\nitems:\n-\n  a: 1\n- - x\n  - y\n",
    "kind: ResourceList\r\nitems:\r\n- a: 1\r\n- b: 2\r\nfunctionConfig:\r\n  a: b\r\n",
    "\u{feff}kind: ResourceList\nitems:\n- a: é\n- b: \"\\u00e9\"\n",
    "---\nkind: ResourceList\nitems:\n- a: 1\n...\n",
    "kind: ResourceList\nitems: [{a: 1}, {b: 2}]\n",
    "{\"kind\": \"ResourceList\", \"items\": [{\"a\": 1}, {\"b\": 2}]}\n",
    "kind: ResourceList\n\"items\":\n- a: 1\n",
    "kind: ResourceList\nitems: # comment\n- a: 1\n",
    "kind: ResourceList\nitems: []\n",
    "kind: ResourceList\nitems:\n",
    "kind: ResourceList\nitems: null\nfunctionConfig: {}\n",
    "kind: ResourceList\n",
    "kind: ResourceList\nresults:\n- message: old\nitems:\n- a: 1\n",
    "kind: ResourceList\nitems:\n- a: 1\nresults:\n- message: old\nextra: 1\n",
    "kind: ResourceList\nitems:\n- a: &x 1\n- b: *x\n",
    "kind: ResourceList\nitems:\n- a: \"under\n indented\"\n- b: 1\n",
    "kind: ResourceList\nfunctionConfig:\n  items:\n  - a: 1\nitems:\n- b: 1\n",
    "kind: ResourceList\nitems:\n- a: 1\nitems:\n- b: 1\n",
    "kind: ResourceList\nitems: !!seq\n- a: 1\n",
    "kind: ResourceList\nitems:\n- a: 1\n---\nkind: ResourceList\n",
    "kind: ResourceList\nitems:\n- a: 1\n\n# after all\n",
    "kind: ResourceList\nitems:\n- # about it\n  a: 1\n- # and\n\n  # more\n  b: 1\n",
];

#[test]
fn what_nobody_edits_passes_through_byte_for_byte() {
    for text in LAYOUTS.iter().filter(|text| !text.contains("results")) {
        let Ok(list) = ResourceList::parse((*text).to_owned()) else { continue };
        let output = list.render().unwrap();
        if list.is_empty() {
            assert!(output.contains("items: []"), "{output}");
        } else {
            assert_eq!(&output, text);
        }
        if !list.is_empty() {
            assert_eq!(&list.render_failed(), text);
        }
    }
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_first_line() {
    for text in LAYOUTS.iter().filter(|text| !text.starts_with('\u{feff}')) {
        let marked = format!("\u{feff}{text}");
        match (ResourceList::parse((*text).to_owned()), ResourceList::parse(marked)) {
            (Ok(bare), Ok(marked)) => {
                assert_eq!(marked.render().unwrap(), format!("\u{feff}{}", bare.render().unwrap()));
                assert_eq!(marked.render_failed(), format!("\u{feff}{}", bare.render_failed()));
            }
            (bare, marked) => assert!(bare.is_err() && marked.is_err(), "{text}"),
        }
    }
}

#[test]
fn only_the_edited_field_changes() {
    let mut list = list(TWO);
    let ids = list.select("ipam.resource.nephio.org/v1alpha1", "IPClaim");
    let changed =
        list.get_mut(ids[0]).unwrap().edit(|value| value["status"] = json!({"prefix": "10.0.0.1/24"})).unwrap();
    assert!(changed);
    assert_eq!(list.render().unwrap(), TWO.replace("  status: {}\n", "  status:\n    prefix: 10.0.0.1/24\n"));
}

#[test]
fn a_moved_list_element_drops_the_ids_of_its_item_only() {
    let mut list = list(&TWO.replace("data: {k: v}", "data:\n  - a\n  - b"));
    let id = list.iter().next().unwrap().0;
    list.get_mut(id).unwrap().edit(|value| value["data"] = json!(["b"])).unwrap();
    let output = list.render().unwrap();
    assert!(!output.contains("kubernetes.io/id") && !output.contains("k8s.io/id"), "{output}");
    assert!(output.contains("name: a # the first"));
}

#[test]
fn a_field_of_many_items_is_edited_as_each_alone_would_be() {
    let flow =
        "{\"kind\": \"ResourceList\", \"items\": [{\"kind\": \"A\"}, {\"kind\": \"B\", \"status\": {\"n\": 1}}]}\n";
    let anchors = "kind: ResourceList\nitems:\n- a: &x 1\n  b: *x\n- a: 1\n  b: |\n    text\n- - not a map\n";
    let many = "kind: ResourceList\nitems:\n".to_owned() + &"- kind: A\n  status:\n  - 1\n".repeat(2000);
    for text in [TWO, flow, anchors, &many, &TWO.replace("status: {}", "status: [1, 2]")] {
        let (mut alone, mut together) = (list(text), list(text));
        let ids: Vec<ItemId> = alone.iter().map(|(id, _)| id).collect();
        // The first one is edited twice.
        let edits: Vec<(ItemId, u64)> = ids.iter().chain(ids.first()).copied().zip(0..).collect();
        let change = |status: &mut serde_json::Value, n: &u64| {
            let before = status.take();
            *status = json!({"n": n, "before": before});
        };
        for (id, n) in &edits {
            alone.edit(*id, |value| {
                let mut status = value.get("status").cloned().unwrap_or_default();
                change(&mut status, n);
                value["status"] = status;
            });
        }
        alone.confirm_edits();
        together.edit_field("status", &edits, change);
        assert_eq!(together.findings(), alone.findings());
        assert_eq!(together.render().unwrap(), alone.render().unwrap());
        together.edit_field("status", &edits, |_, _| {});
        let texts = |list: &ResourceList| list.iter().map(|(_, item)| item.text().to_owned()).collect::<Vec<_>>();
        assert_eq!(texts(&together), texts(&alone), "an edit that changes nothing");
    }
}

#[test]
fn items_are_read_in_order() {
    let text = "kind: ResourceList\nitems:\n".to_owned()
        + &(0..3000).map(|n| format!("- kind: A\n  n: {n}\n")).collect::<String>();
    let list = list(&text.replace("n: 7\n", "n: seven\n"));
    let ids: Vec<ItemId> = list.iter().map(|(id, _)| id).collect();
    #[derive(serde::Deserialize)]
    struct Numbered {
        n: u64,
    }
    let read = list.read_each(&ids, |id, read: Result<Numbered, ItemError>| (id, read.map(|numbered| numbered.n)));
    assert_eq!(read.len(), ids.len());
    for ((at, (id, n)), expected) in (0..).zip(&read).zip(&ids) {
        assert_eq!(id, expected);
        match n {
            Ok(n) => assert_eq!(*n, at),
            Err(error) => assert_eq!(
                (at, error.to_string()),
                (7, list.get(*id).unwrap().read::<Numbered>().err().unwrap().to_string())
            ),
        }
    }
}

#[test]
fn a_new_item_is_filed_beside_its_asker() {
    let text = TWO.replace("'a.yaml'", "'nf/a.yaml'").replace(
        "      internal.config.kubernetes.io/index: '0'\n",
        "      internal.config.kubernetes.io/index: '3'\n      internal.config.kubernetes.io/package-path: '/pkg'\n      internal.config.kubernetes.io/seqindent: 'wide'\n",
    );
    let mut list = list(&text);
    let asker = list.iter().next().unwrap().0;
    let value = json!({"apiVersion": "x/v1", "kind": "X", "metadata": {"name": "x1"}, "l": [1]});
    list.add(value.clone(), asker, "x_n", "x_ns_n");
    list.add(value.clone(), asker, "x_n", "x_ns_n");
    list.add(value, asker, "a", "b");
    let output = list.render().unwrap();
    let new = "\
- apiVersion: x/v1
  kind: X
  metadata:
    name: x1
    annotations:
      internal.config.kubernetes.io/package-path: \"/pkg\"
      internal.config.kubernetes.io/path: nf/x_n.yaml
      internal.config.kubernetes.io/seqindent: wide
  l:
    - 1
";
    assert!(output.contains(new), "{output}");
    assert!(output.contains("path: nf/x_ns_n.yaml") && output.contains("path: nf/b.yaml"), "{output}");
    assert!(output.ends_with("data: {strict: \"true\"}\n"), "{output}");
}

#[test]
fn new_items_of_one_name_are_numbered() {
    let mut list = list(&TWO.replace("'a.yaml'", "'d/x-3.yaml'"));
    let asker = list.iter().next().unwrap().0;
    let ids: Vec<ItemId> = (0..5000).map(|_| list.add(json!({"kind": "X"}), asker, "x", "x")).collect();
    let path = |at: usize| list.get(ids[at]).unwrap().origin().path.clone().unwrap();
    assert_eq!([path(0), path(1), path(2), path(3)], ["d/x.yaml", "d/x-2.yaml", "d/x-4.yaml", "d/x-5.yaml"]);
    assert_eq!(path(4999), "d/x-5001.yaml");
}

#[test]
fn a_file_name_is_no_longer_than_file_systems_allow() {
    let mut list = list(TWO);
    let asker = list.iter().next().unwrap().0;
    let long = "é".repeat(200);
    let mut name = |stem: &str| {
        let id = list.add(json!({"kind": "X"}), asker, stem, stem);
        list.get(id).unwrap().origin().path.clone().unwrap()
    };
    assert_eq!(name(&long[..250]), format!("{}.yaml", "é".repeat(125)));
    assert_eq!(name(&long), format!("{}-2.yaml", "é".repeat(114)));
    assert_eq!(name(&long), format!("{}-3.yaml", "é".repeat(114)));
    assert_eq!(name(&format!("x{long}")), format!("x{}.yaml", "é".repeat(124)));
}

#[test]
fn a_removed_item_takes_its_lines_and_leaves_the_next_items_comment() {
    let text = "kind: ResourceList\nitems:\n- kind: A\n  apiVersion: v1\n# about b\n- kind: B\n  apiVersion: v1\n";
    let mut list = list(text);
    let ids = list.select("v1", "A");
    list.remove(ids[0]);
    assert_eq!(list.render().unwrap(), "kind: ResourceList\nitems:\n# about b\n- kind: B\n  apiVersion: v1\n");
    let ids = list.select("v1", "B");
    list.remove(ids[0]);
    assert_eq!(list.render().unwrap(), "kind: ResourceList\nitems: []\n# about b\n");
}

#[test]
fn results_replace_those_of_the_input_in_every_layout() {
    for text in LAYOUTS {
        let Ok(mut list) = ResourceList::parse((*text).to_owned()) else { continue };
        list.report(Finding::warning("some-code", "new: text"));
        for output in [list.render().unwrap(), list.render_failed()] {
            let again = ResourceList::parse(output.clone()).unwrap_or_else(|e| panic!("{e}\n{text}\n->\n{output}"));
            assert_eq!(again.iter().count(), list.iter().count(), "{output}");
            assert!(output.contains("new: text") && !output.contains("old"), "{output}");
            let value: serde_json::Value = yaml::read(&output).unwrap();
            assert_eq!(value["results"].as_array().unwrap().len(), 1, "{output}");
        }
    }
}

#[test]
fn items_come_and_go_in_every_layout() {
    for text in LAYOUTS {
        let Ok(mut list) = ResourceList::parse((*text).to_owned()) else { continue };
        let before: Vec<_> = list.iter().map(|(_, item)| item.value().cloned()).collect();
        if before.iter().any(Result::is_err) {
            continue;
        }
        let first = list.iter().next().map(|(id, _)| id);
        list.add(
            json!({"apiVersion": "v1", "kind": "N", "metadata": {"name": "n"}}),
            first.unwrap_or(ItemId(0)),
            "n",
            "n",
        );
        if let Some(first) = first {
            list.remove(first);
        }
        let output = list.render().unwrap();
        let value = yaml::read(&output).unwrap_or_else(|e| panic!("{e}\n{output}"));
        let items = value["items"].as_array().unwrap();
        assert_eq!(items.len(), before.len().max(1), "{text}\n->\n{output}");
        assert_eq!(items.last().unwrap()["kind"], "N");
    }
}

#[test]
fn an_unreadable_list_is_an_error() {
    for (text, expected) in [
        ("", ListError::Empty),
        ("\n\n", ListError::Empty),
        ("kind: List\nitems: []\n", ListError::Kind("List".into())),
        ("- a\n", ListError::NotAMap),
        ("kind: ResourceList\nkind: ResourceList\n", ListError::DuplicateKey("kind".into())),
        ("kind: ResourceList\nitems: 5\n", ListError::ItemsNotAList),
    ] {
        assert_eq!(ResourceList::parse(text.to_owned()).unwrap_err(), expected, "{text:?}");
    }
    assert_eq!(ResourceList::parse_bytes(b"a: \xff".to_vec()).unwrap_err(), ListError::NotUtf8(3));
}

#[test]
fn an_item_that_cannot_be_read_is_reported_once_and_only_if_it_could_matter() {
    let text =
        "kind: ResourceList\nitems:\n- kind: A\n  a: *none\n- kind: B\n  b: *none\n- kind: C\n  apiVersion: g/v2\n";
    let mut list = list(text.replace("*none", "[").as_str().replace('[', "{x: 1, x: 2}").as_str());
    assert!(list.select("v1", "A").is_empty() && list.select("v1", "A").is_empty());
    assert_eq!(list.findings().len(), 1);
    assert!(list.select("g/v1", "C").is_empty());
    assert_eq!(list.findings().len(), 2);
    assert!(list.has_errors());
}

/// To kpt the characters end a line, and what it sees behind them may be an item's kind.
#[test]
fn an_item_in_which_readers_see_different_lines_is_refused_if_it_names_the_kind() {
    for character in ['\u{85}', '\u{2028}', '\u{2029}'] {
        let hidden = format!("# {character}- apiVersion: g/v1 {character}  kind: A");
        let text = |note: &str| format!("kind: ResourceList\nitems:\n- apiVersion: v1\n  kind: B\n  x: y {note}\n");
        let errors = |note: &str, api_version: &str, kind: &str| {
            let mut list = list(&text(note));
            list.select(api_version, kind);
            list.findings().iter().map(|finding| finding.message.clone()).collect::<Vec<_>>()
        };
        let found = errors(&hidden, "g/v1", "A");
        assert!(found.len() == 1 && found[0].contains("line 3, column 10: U+"), "{found:?}");
        assert_eq!(errors(&hidden, "other/v1", "A"), [""; 0]);
        assert_eq!(errors(&format!("# {character}"), "g/v1", "A"), [""; 0]);

        for around in [
            text("").replace("items:", &format!("# {character}\nitems:")),
            text("") + &format!("x: y # {character}\n"),
            format!("{{kind: ResourceList, items: [{{a: b}}, # {character}\n {{a: b}}]}}"),
        ] {
            let error = ResourceList::parse(around.clone()).unwrap_err().to_string();
            assert!(error.contains("ends a line to some readers only"), "{around}: {error}");
        }
    }
}

fn agree(text: &str) -> Result<bool, TestCaseError> {
    paths_agree(text).map_err(TestCaseError::fail)
}

/// A hint may say nothing, but never something else than the parser.
fn hints_are_true(text: &str) -> Result<(), TestCaseError> {
    let Ok(list) = ResourceList::parse(text.to_owned()) else { return Ok(()) };
    for (_, item) in list.iter() {
        let Ok(value) = item.value() else { continue };
        let kind = value["kind"].as_str().unwrap_or_default();
        prop_assert!(item.may_be("", kind), "{:?} is a {}", item.text(), kind);
    }
    Ok(())
}

#[test]
fn a_hint_spares_the_parser_the_items_of_other_kinds() {
    let list = list(TWO);
    let other: Vec<bool> = list.iter().map(|(_, item)| item.may_be("", "Deployment")).collect();
    assert_eq!(other, [false, false]);
}

#[test]
fn both_paths_agree_on_every_layout_and_most_take_the_fast_one() {
    let mut fast_ones = 0;
    for text in LAYOUTS {
        fast_ones += usize::from(agree(text).unwrap());
    }
    assert!(fast_ones >= 8, "{fast_ones}");
}

/// Small damage of the kind that shows where a splitter guesses.
fn any_mutation() -> impl Strategy<Value = (usize, u8, usize)> {
    (any::<usize>(), any::<u8>(), any::<usize>())
}

fn mutate(text: &mut String, (at, what, other): (usize, u8, usize)) {
    const BITS: &[&str] = &[
        "\n",
        "- ",
        "-",
        " ",
        "  ",
        "items:",
        "items:\n",
        "#",
        "\"",
        "'",
        "|",
        ":",
        "{",
        "}",
        "[",
        "]",
        "&a ",
        "*a",
        "---\n",
        "...\n",
        "\t",
        "\r",
        "kind: ",
        "a: 1\n",
        "\n\n",
        "? ",
        "!!str ",
        "results:\n",
        "%",
    ];
    let at = text.char_indices().map(|(i, _)| i).nth(at % text.chars().count().max(1)).unwrap_or(0);
    match what % 4 {
        0 => text.insert_str(at, BITS[other % BITS.len()]),
        1 => {
            text.remove(at);
        }
        2 => {
            let line = text[..at].rfind('\n').map_or(0, |i| i + 1);
            text.insert_str(line, BITS[other % BITS.len()]);
        }
        _ => {
            let lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
            let (a, b) = (at % lines.len(), other % lines.len());
            let mut lines = lines;
            lines.swap(a, b);
            *text = lines.concat();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if std::env::var_os("PROPTEST_CASES").is_some() { ProptestConfig::default().cases } else { 20_000 }))]

    #[test]
    fn both_paths_agree_on_damaged_documents(
        layout in prop::sample::select(LAYOUTS),
        mutations in prop::collection::vec(any_mutation(), 1..5),
    ) {
        let mut text = layout.to_owned();
        for mutation in mutations {
            mutate(&mut text, mutation);
            if text.is_empty() {
                break;
            }
        }
        agree(&text)?;
        hints_are_true(&text)?;
    }

    #[test]
    fn hints_are_true_of_every_spelling_of_a_kind(
        kind in "[A-Za-z]{1,8}",
        spelling in 0..8_usize,
        first in any::<bool>(),
        column in 0..3_usize,
    ) {
        let line = match spelling {
            0 => format!("kind: {kind}"),
            1 => format!("kind: \"{kind}\""),
            2 => format!("kind: '{kind}' # c"),
            3 => format!("kind:   {kind}   # c"),
            4 => format!("\"kind\": {kind}"),
            5 => format!("kind:\n   {kind}"),
            6 => format!("kind: !!str {kind}"),
            _ => format!("kind: \"\\u{:04x}{}\"", u32::from(kind.as_bytes()[0]), &kind[1..]),
        };
        let other = "x: |\n  kind: Fake\ny:\n  kind: Nested";
        let lines = if first { format!("{line}\n{other}") } else { format!("{other}\n{line}") };
        let indent = " ".repeat(column + 2);
        let item = lines.replace('\n', &format!("\n{indent}"));
        let text = format!("kind: ResourceList\nitems:\n{}- {item}\n", " ".repeat(column));
        let list = ResourceList::parse(text.clone()).unwrap();
        let (_, item) = list.iter().next().unwrap();
        prop_assert_eq!(item.kind(), kind.as_str(), "{}", text);
        prop_assert!(item.may_be("", &kind), "{}", text);
    }
}

/// What follows the results comes to stand below the items once the results are cut out.
#[test]
fn what_is_accepted_leaves_as_something_that_is_accepted() {
    for below in ["-: {a: 1}\n", "-a: 1\n", ".a: 1\n", "a: 1\n", "\t\n", "\t# a\n", " \t\n", "  # a\n", "# a\n"] {
        for indent in ["", "  "] {
            let text = format!(
                "kind: ResourceList\nitems:\n{indent}- kind: A\n{indent}  spec:\n{indent}    a: 1\n\
                 {indent}   b: 2\nresults:\n- message: b\n{below}"
            );
            let Ok(list) = ResourceList::parse(text.clone()) else {
                assert!(below.contains('\t'), "{text}");
                continue;
            };
            for output in [list.render().unwrap(), list.render_failed()] {
                let again = ResourceList::parse(output.clone());
                assert!(again.is_ok(), "{:?}\n{text}->\n{output}", again.err());
            }
        }
    }
}
