//! Anchors and aliases, merge keys, tags, and keys that stand twice.

use std::fmt::Write;

use super::{claim, claim_with, foreign, list};
use crate::entry::{Entry, Fate, READ_ANYTHING, READ_IP_CLAIMS};

pub(super) fn entries() -> Vec<Entry> {
    let in_claim = |text: &str| list(&format!("{}{text}", claim("a")));
    let in_foreign = |text: &str| list(&format!("{}{text}", foreign("a")));
    let faulty = |words| Fate::Faulty { to: READ_IP_CLAIMS, words };
    let laughs = laughs();
    let mut entries = vec![
        Entry::text("a billion laughs in a foreign item", in_foreign(&laughs), Fate::Kept),
        Entry::text("a billion laughs in a claim", in_claim(&laughs), faulty("aliases")),
        Entry::text(
            "a billion laughs in functionConfig",
            list(&foreign("a")) + "functionConfig:\n" + &laughs,
            Fate::Refused("aliases"),
        ),
        Entry::text("a billion laughs around the list", list(&foreign("a")) + "x:\n" + &laughs, Fate::Kept),
        Entry::text("lists of lists of aliases", in_claim(&towers(40, 100)), faulty("levels deep")),
        Entry::text("lists of lists of aliases among 2000 claims", among_many(&towers(40, 100)), faulty("levels deep")),
        Entry::text(
            "maps of maps of aliases among 2000 claims",
            among_many(&map_towers(40, 100)),
            faulty("levels deep"),
        ),
        Entry::text("5000 aliases of a long text", in_claim(&echoes(100_000, 5_000)), faulty("aliases")),
        Entry::text(
            "5000 aliases of a long text in functionConfig",
            list(&foreign("a")) + "functionConfig:\n" + &echoes(100_000, 5_000),
            Fate::Refused("aliases"),
        ),
        Entry::text("an alias in itself", in_claim("    x: &x [*x]\n"), faulty("")),
        Entry::text("an alias of nothing", in_claim("    x: *nowhere\n"), faulty("line 9")),
        Entry::text(
            "an anchor of one item used in another",
            list(&format!("{}{}", claim_with("metadata: &m\n    name: a"), claim_with("metadata: *m"))),
            faulty("line 3"),
        ),
        Entry::text(
            "an anchor of one foreign item used in another",
            list("- kind: &k A\n- kind: *k\n"),
            Fate::Faulty { to: READ_ANYTHING, words: "" },
        ),
        Entry::text(
            "an anchor above the items",
            list(&claim_with("metadata: *m")).replace("items:", "x: &m {name: a}\nitems:"),
            Fate::Any,
        ),
        Entry::text(
            "anchors in a claim",
            in_claim("    labels: &l {a: b}\n    selector: {matchLabels: *l}\n"),
            Fate::Any,
        ),
        Entry::text("100000 anchors in a claim", in_claim(&anchors(100_000)), Fate::Any),
        Entry::text("a merge key", in_claim("    <<: {a: b}\n"), faulty("merge key")),
        Entry::text("a merge key in a foreign item", in_foreign("  <<: {a: b}\n"), Fate::Kept),
        Entry::text("a key twice", in_claim("    kind: network\n"), faulty("stands twice")),
        Entry::text("a key twice in a foreign item", in_foreign("  kind: ConfigMap\n"), Fate::Kept),
        Entry::text("a key twice, once in quotes", in_claim("    \"kind\": network\n"), faulty("stands twice")),
        Entry::text("a key that is a list", in_claim("    ? [a]\n    : b\n"), faulty("only plain text keys")),
        Entry::text(
            "tags that name types of a language",
            in_claim("    x: !!python/object:os.system [a]\n"),
            Fate::Done,
        ),
        Entry::text("a tag that contradicts its value", in_claim("    prefixLength: !!map 24\n"), Fate::Any),
        Entry::text("a tag on the item", list(&claim("a").replace("- ", "- !!map\n  ")), Fate::Done),
    ];
    for marks in ["&a ", "!t ", "| ", "> ", "@", "`", "% ", "*", "? ", ": ", "- ", ", "] {
        entries.push(Entry::text(
            format!("a name that starts with {marks:?}"),
            list(&claim(&format!("{marks}x"))),
            Fate::Any,
        ));
    }
    entries
}

/// A claim with this text behind others, so that it is not read by the first thread.
fn among_many(text: &str) -> String {
    let others: String = (0..2_000).map(|number| claim(&format!("c{number}"))).collect();
    list(&format!("{others}{}{text}", claim("a")))
}

/// Ten aliases of ten aliases and so on: a billion texts.
fn laughs() -> String {
    let mut text = "    a0: &a0 lol\n".to_owned();
    for level in 1..10 {
        let below = level - 1;
        let _ = writeln!(text, "    a{level}: &a{level} [{}]", vec![format!("*a{below}"); 10].join(", "));
    }
    text
}

/// Lists that are `depth` levels deep, each with an alias of the one before at its bottom.
fn towers(count: usize, depth: usize) -> String {
    let mut text = "    t0: &t0 x\n".to_owned();
    for number in 1..=count {
        let below = number - 1;
        let _ = writeln!(text, "    t{number}: &t{number} {}*t{below}{}", "[".repeat(depth), "]".repeat(depth));
    }
    text
}

/// The same of maps.
fn map_towers(count: usize, depth: usize) -> String {
    towers(count, depth).replace('[', "{k: ").replace(']', " }")
}

/// A long text and aliases of it.
fn echoes(length: usize, count: usize) -> String {
    format!("    long: &long {}\n    echoes: [{}]\n", "x".repeat(length), vec!["*long"; count].join(", "))
}

fn anchors(count: usize) -> String {
    (0..count).fold("    labels:\n".to_owned(), |mut text, number| {
        let _ = writeln!(text, "      a{number}: &a{number} x");
        text
    })
}
