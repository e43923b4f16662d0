//! What lies at a limit is read; what lies beyond it is refused in words that name the limit.

use super::*;
use crate::yaml;
use crate::{ListError, ResourceList};

fn error(text: &str) -> String {
    yaml::read(text).unwrap_err().to_string()
}

#[test]
fn bytes() {
    let of_length = |length: usize| format!("{{kind: ResourceList, items: []}}{}", " ".repeat(length - 31));
    assert!(ResourceList::parse(of_length(MAX_BYTES)).is_ok());
    let refused = ResourceList::parse_bytes(of_length(MAX_BYTES + 1).into_bytes()).unwrap_err().to_string();
    assert!(refused.ends_with("the text has more than 104857600 bytes, the limit; split the package"), "{refused}");
    let mut cut = of_length(MAX_BYTES).into_bytes();
    cut.push(0xe2);
    assert!(ResourceList::parse_bytes(cut).unwrap_err().to_string().contains("more than 104857600 bytes"));
}

#[test]
fn items() {
    let of_items = |count: usize| ResourceList::parse(format!("kind: ResourceList\nitems:\n{}", "- a\n".repeat(count)));
    assert_eq!(of_items(MAX_ITEMS).unwrap().iter().count(), MAX_ITEMS);
    let refused = of_items(MAX_ITEMS + 7).unwrap_err();
    assert_eq!(refused, ListError::TooManyItems);
    assert_eq!(refused.to_string(), "the list has more than 100000 items, the limit; split the package");
    let json = ResourceList::parse(format!("{{kind: ResourceList, items: [{}]}}", "a, ".repeat(MAX_ITEMS + 1)));
    assert_eq!(json.unwrap_err(), ListError::TooManyItems);
}

#[test]
fn nodes() {
    // The list itself is a node.
    for line in ["- a\n", "- é\n"] {
        assert!(yaml::read(&line.repeat(MAX_NODES - 1)).is_ok());
        let refused = error(&line.repeat(MAX_NODES));
        assert_eq!(
            refused,
            "more than 4000000 keys, values and collections, the limit of what is read as one; split it"
        );
    }
}

#[test]
fn depth() {
    let lists = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
    let maps = |levels: usize| "{a: ".repeat(levels) + &"}".repeat(levels);
    let dashes = |levels: usize| "- ".repeat(levels) + "a";
    let blocks = |levels: usize| (0..levels).map(|level| format!("{}a:\n", " ".repeat(level))).collect::<String>();
    // Each limit of the parser is for one style.
    let mixed = |levels: usize| {
        let flow = levels / 2;
        dashes(levels - flow).replace('a', &lists(flow))
    };
    for (name, text) in [
        ("lists", &lists as &dyn Fn(usize) -> String),
        ("maps", &maps),
        ("dashes", &dashes),
        ("blocks", &blocks),
        ("mixed", &mixed),
    ] {
        assert!(yaml::read(&text(MAX_DEPTH)).is_ok(), "{name}");
        for levels in [MAX_DEPTH + 1, MAX_DEPTH * 2] {
            let refused = error(&text(levels));
            assert!(refused.contains("more than 128 levels deep, the limit, aliases followed"), "{name}: {refused}");
        }
    }
}

/// Each of the lists ends in an alias of the one before it.
#[test]
fn depth_with_aliases() {
    let towers = |count: usize, levels: usize| {
        let tower = |n: usize| format!("t{n}: &t{n} {}*t{}{}\n", "[".repeat(levels), n - 1, "]".repeat(levels));
        format!("t0: &t0 x\n{}", (1..=count).map(tower).collect::<String>())
    };
    // An alias is a level.
    assert!(yaml::read(&towers(9, 12)).is_ok());
    for text in [towers(11, 12), towers(1_000, 100), "a: &a [*a]\n".to_owned(), "a: &a {b: *a}\n".to_owned()] {
        let refused = error(&text);
        assert!(refused.contains("levels deep") || refused.starts_with("aliases stand for"), "{refused}");
    }
}

#[test]
fn keys() {
    let with_key = |key: &str| format!("? {key}\n: x\n");
    assert!(yaml::read(&with_key(&"k".repeat(MAX_KEY - 2))).is_ok());
    assert!(yaml::read(&with_key(&"é".repeat(MAX_KEY - 2))).is_ok());
    // Written anew, each of them would be too long for the colon behind it.
    for (key, found) in
        [("k".repeat(MAX_KEY - 1), 1_025), ("é".repeat(MAX_KEY - 1), 1_025), ("\u{1F600}".repeat(103), 1_032)]
    {
        let refused = error(&with_key(&key));
        let start =
            format!("line 1, column 3: a map key has {found} characters with its quotes and escapes, more than 1024");
        assert!(refused.starts_with(&start), "{refused}");
    }
    for text in [format!("{}: x\n", "k".repeat(MAX_KEY + 1)), format!("{{\"{}\": x}}\n", "k".repeat(MAX_KEY))] {
        assert!(error(&text).contains("a key has no more than 1024 characters"), "{}", error(&text));
    }
}

#[test]
fn aliases() {
    let nodes = |count: usize| format!("a: &a x\nb: [{}]\n", "*a, ".repeat(count));
    assert!(yaml::read(&nodes(MAX_ALIASED_NODES)).is_ok());
    let bytes = |length: usize| format!("a: &a {}\nb: [*a, *a]\n", "x".repeat(length));
    assert!(yaml::read(&bytes(MAX_ALIASED_BYTES / 2)).is_ok());
    let in_keys = format!("a: &a {{{}: x}}\nb: [{}]\n", "k".repeat(1_000), "*a, ".repeat(1_100));
    let laughs = (1..10).fold("a0: &a0 lol\n".to_owned(), |text, level| {
        format!("{text}a{level}: &a{level} [{}]\n", format!("*a{}, ", level - 1).repeat(10))
    });
    for text in [nodes(MAX_ALIASED_NODES + 1), bytes(MAX_ALIASED_BYTES / 2 + 1), in_keys, laughs] {
        let refused = error(&text);
        assert_eq!(
            refused,
            "aliases stand for more than 10000 nodes or 1048576 bytes of text, the limit; write the values out"
        );
    }
}
