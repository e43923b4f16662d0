use proptest::prelude::*;

use super::*;

/// Where this answers, the parser answers the same.
fn agrees(text: &str) -> Result<bool, TestCaseError> {
    readers_agree(text).map_err(TestCaseError::fail)
}

#[test]
fn the_layout_of_packages_is_read() {
    for text in [
        "a: 1\n",
        "a: 1 # one\nb:\n  c: 'x' # two\n  d:\n  e: \"y z\"\n# end\n",
        "l:\n- a: 1\n  b:\n  - x\n  - y\n- a: 2\nm:\n  - z\n",
        "- a",
        "- a.b/c-d: http://x:1/y#z\n  e: {}\n  f: []  # none\n",
        "  - a: -1\n    b: 10.0.0.1/24\n    c: a b  # w\n",
        "a:\n\n# c\n\n  b: 1",
        "# w\u{00e9}ll \u{2014} yes\na: 1\n",
    ] {
        assert!(agrees(text).unwrap(), "{text:?}");
    }
}

#[test]
fn what_is_not_certain_is_left_to_the_parser() {
    for text in [
        "",
        "a",
        "a: |\n  x\n",
        "a: [1]\n",
        "a: {b: c}\n",
        "a: b\n  c\n",
        "a: 'it''s'\n",
        "a: \"\\n\"\n",
        "a: &x 1\n",
        "a: *x\n",
        "a: !!str 1\n",
        "a:\tb\n",
        "a: b\r\n",
        "\u{feff}a: b\n",
        "---\na: b\n",
        "a: b: c\n",
        "a: b:\n",
        "? a\n",
        "-\n  a: 1\n",
        "- - a\n",
        "- # c\n  a: 1\n",
        "a: 1\n b: 2\n",
        "a:\n   b: 1\n  c: 2\n",
        "a: é\n",
        "a: 'x\n  y'\n",
        "\"a\": 1\n",
        "a: 1\n...\n",
        "a: %x\n",
        "a: @x\n",
        "a: #x\n  b\n",
        "- a: 1\nb: 2\n",
        "# c\rb: 1\na: 1\n",
        "a: 1\n# \u{7}\n",
    ] {
        assert_eq!(parse(text), None, "{text:?}");
    }
}

#[test]
fn text_deeper_than_any_object_is_left_to_the_parser() {
    let nested = |levels: usize| (0..levels).map(|level| format!("{}a:\n", " ".repeat(level))).collect::<String>();
    assert!(agrees(&nested(MAX_DEPTH)).unwrap());
    assert_eq!(parse(&nested(MAX_DEPTH + 1)), None);
    assert!(Nodes::parse(&nested(10_000)).is_err());
}

/// Lines of which packages are made, and some of which they are not.
fn any_line() -> impl Strategy<Value = String> {
    let indent = (0..4_usize).prop_map(|n| " ".repeat(n * 2));
    let dash = prop::sample::select(vec!["", "", "", "- ", "-  ", "-", "- - "]);
    let key = prop::sample::select(vec!["a:", "b:", "c/d.e:", "-x:", "kind:", "", "a :", ".:", "...:", "1:", "a:b"]);
    let value = prop::sample::select(vec![
        "",
        " ",
        " 1",
        " x",
        " x y",
        "  'q'",
        " \"q\"",
        " {}",
        " []",
        " {a: b}",
        " |",
        " 'a",
        " a'b",
        " x: y",
        " x:",
        " -1",
        " -",
        " - x",
        " :x",
        " .5",
        " +1",
        " 'x' y",
        " ''",
        " \"\"",
        " '' x",
        " (x)",
        " a#b",
        " x,y",
        " x]",
        " *a",
        " &a",
        "\tx",
        " ~",
        " é",
        " %",
        " 'a''b'",
        " \"\\x41\"",
        " x\t",
        " ---",
        " ...",
        " {} x",
        " []x",
    ]);
    let comment =
        prop::sample::select(vec!["", "", "", "", " # c", " #c", "#c", " # é", " # \u{7f}", " # \u{2028}x", "\r"]);
    let raw =
        prop::sample::select(vec!["", "# c", "   # d", "---", "...", "- ", "-", "%x", "\u{feff}", "x", "'x", "\t"]);
    prop_oneof![
        6 => (indent, dash, key, value, comment).prop_map(|(i, d, k, v, c)| format!("{i}{d}{k}{v}{c}")),
        1 => raw.prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn any_lines_are_read_as_the_parser_reads_them(
        lines in prop::collection::vec(any_line(), 1..8),
        ends in any::<bool>(),
    ) {
        agrees(&format!("{}{}", lines.join("\n"), if ends { "\n" } else { "" }))?;
    }
}
