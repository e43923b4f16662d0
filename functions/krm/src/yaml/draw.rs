//! Values and documents for property tests.

use proptest::prelude::*;
use serde_json::Value;

/// Values with the strings that YAML readers disagree about.
pub(crate) fn any_value() -> impl Strategy<Value = Value> {
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
pub(crate) fn any_document() -> impl Strategy<Value = String> {
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
