//! What stands around the items, or in place of a list.

use super::{HEAD, claim, foreign, list};
use crate::entry::{Entry, Fate, READ_ANYTHING, READ_IP_SPECS};

pub(super) fn entries() -> Vec<Entry> {
    let refused = |name: &str, text: String, words: &'static str| Entry::text(name, text, Fate::Refused(words));
    let kept = |name: &str, text: String| Entry::text(name, text, Fate::Kept);
    let done = |name: &str, text: String| Entry::text(name, text, Fate::Done);
    let faulty = |name: &str, text: String, words: &'static str| {
        Entry::text(name, text, Fate::Faulty { to: READ_ANYTHING, words })
    };
    let whole = list(&(foreign("a") + &claim("b")));
    let head = |items: &str| HEAD.split("items:\n").next().unwrap_or_default().to_owned() + items;
    let json_claim = r#"{"apiVersion": "ipam.resource.nephio.org/v1alpha1", "kind": "IPClaim", "metadata": {"name": "of the input"}, "spec": {"kind": "network", "networkInstance": {"name": "vpc"}}}"#;
    let json = |items: &str| {
        format!(
            r#"{{"apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList", "items": [{{"apiVersion": "kpt.dev/v1", "kind": "Kptfile", "metadata": {{"name": "a"}}}}, {items}]}}"#
        )
    };
    let mut entries = vec![
        refused("nothing", String::new(), "the input is empty"),
        refused("blanks and line ends", " \n\r\n\n  ".to_owned(), "the input is empty"),
        refused("only comments", "# a\n# b\n".to_owned(), "expected one YAML document, found 0"),
        refused("a word", "ResourceList".to_owned(), "the input is not a map"),
        refused("a list", "- a\n- b\n".to_owned(), "the input is not a map"),
        refused("a claim in place of a list", claim("a").replace("- ", "").replace("\n  ", "\n"), "\"IPClaim\""),
        refused(
            "a v1 List",
            whole.replace("ResourceList", "List").replace("config.kubernetes.io/v1", "v1"),
            "\"List\"",
        ),
        refused("kind in lower case", whole.replace("ResourceList", "resourcelist"), "\"resourcelist\""),
        refused("no kind", whole.replace("kind: ResourceList\n", ""), "expected ResourceList"),
        refused("kind is a list", whole.replace("ResourceList", "[ResourceList]"), "expected ResourceList"),
        refused("kind twice", format!("kind: List\n{whole}"), "twice"),
        refused("items twice", whole.clone() + "items: []\n", "twice"),
        refused("items is text", head("items: x\n"), "items of the ResourceList is not a list"),
        refused("items is a map", head("items: {}\n"), "items of the ResourceList is not a list"),
        refused("two documents", format!("{whole}---\n{whole}"), "expected one YAML document, found 2"),
        refused("a directive", format!("%YAML 1.2\n---\n{whole}"), "irective"),
        refused("an anchor on a key", head("? &a items\n: []\n"), "laid out"),
        refused("indented", format!("  {}", list(&foreign("a")).replace('\n', "\n  ")), "laid out"),
        refused("the end of the text inside a quote", list(&foreign("a")) + "functionConfig: \"", "line 12"),
        refused("an unclosed bracket", list(&foreign("a")) + "functionConfig: [", "line 12"),
        refused("JSON that ends early", json(json_claim).replace("]}", ""), ""),
        faulty("JSON with a comment", json("1 /* x */"), "not a map"),
        refused("no text but a tag", "!!binary".to_owned(), "not a map"),
        refused("an alias to nothing", "*a".to_owned(), ""),
        faulty("an item is null", list("- null\n"), "not a map"),
        faulty("an item is absent", list("-\n"), "not a map"),
        faulty("an item is a number", list("- 7\n"), "not a map"),
        faulty("an item is a list", list("- - a\n  - b\n"), "not a map"),
        faulty("an item is a quote that does not end", list("- \"a\n"), ""),
        done("no items", head("")),
        done("items is null", head("items: null\n")),
        kept("items is empty", head("items: []\n")),
        kept("a document marker", format!("---\n{}", list(&foreign("a")))),
        kept("an end marker", format!("{}...\n", list(&foreign("a")))),
        kept("another version of ResourceList", list(&foreign("a")).replace("config.kubernetes.io/v1", "x/v9")),
        done("results are text", list(&foreign("a")) + "results: x\n"),
        kept("keys that no list has", list(&foreign("a")) + "x: {a: [1, 2]}\n\"y\": 1\n"),
        kept("no line end at the end", list(&foreign("a")).trim_end().to_owned()),
        kept(
            "JSON of foreign items",
            json(r#"{"apiVersion": "v1", "kind": "A", "metadata": {"name": "a"}}, {"x": [1e9]}"#),
        ),
        Entry::text("JSON", json(json_claim), Fate::Done),
        Entry::text(
            "a List among the items",
            list(&format!(
                "- apiVersion: v1\n  kind: List\n  items:\n  {}",
                claim("a").replace('\n', "\n  ").trim_end_matches(' ')
            )),
            Fate::Kept,
        ),
        Entry::text(
            "functionConfig of a wrong type",
            list(&foreign("a")) + "functionConfig: [1]\n",
            Fate::Faulty { to: READ_ANYTHING, words: "functionConfig" },
        ),
        Entry::text(
            "functionConfig without a kind",
            list(&foreign("a")) + "functionConfig: {data: {strict: 1}}\n",
            Fate::Faulty { to: READ_ANYTHING, words: "functionConfig" },
        ),
        Entry::text(
            "a list of claims, cut in the last one's prefix",
            whole.trim_end_matches("vpc\n").trim_end_matches("name: "),
            Fate::Faulty { to: READ_IP_SPECS, words: "spec.networkInstance" },
        ),
    ];
    // Wherever a transfer breaks off, the rest is refused or what is left of it says what the whole said.
    entries.extend((1..whole.len()).step_by(9).map(|at| {
        let cut = whole.get(..at).unwrap_or_default();
        Entry::text(format!("the first {at} bytes of a list"), cut, Fate::Any)
    }));
    entries
}
