use super::*;

#[test]
fn a_field_error_becomes_words() {
    let shown = |field: &str, message: &str| {
        let finding = ItemError::Field { field: field.into(), message: message.into() }.to_finding();
        (finding.message, finding.field.map(|field| field.path).unwrap_or_default())
    };
    for (field, message, expected, path) in [
        ("spec", "missing field `prefix`", "the field is missing: add it", "spec.prefix"),
        (".", "missing field `metadata`", "the field is missing: add it", "metadata"),
        (
            "spec.prefixLength",
            "invalid type: string \"24\", expected u8",
            "invalid type: string \"24\", expected a whole number from 0 to 255, without quotes",
            "spec.prefixLength",
        ),
        (
            "spec.labels.a",
            "invalid type: integer `1`, expected a string",
            "invalid type: integer `1`, expected a string: put it in quotes",
            "spec.labels.a",
        ),
        (
            "spec.kind",
            "unknown variant `x`, expected one of `a`, `b`",
            "unknown value `x`, expected one of `a`, `b`",
            "spec.kind",
        ),
    ] {
        assert_eq!(shown(field, message), (expected.to_owned(), path.to_owned()));
    }
}

fn item(text: &str) -> Item {
    Item::of_source(&text.into(), 0..text.len(), Shape::Document)
}

/// What is read from the nodes is what the value says.
#[test]
fn header_origin_and_annotations_are_those_of_the_value() {
    for text in [
        "apiVersion: a/v1\nkind: K\nmetadata:\n  name: n\n  namespace: s\n  annotations:\n    \
         internal.config.kubernetes.io/path: 'a/b.yaml'\n    config.kubernetes.io/path: c.yaml\n    \
         internal.config.kubernetes.io/index: '3'\n    internal.config.kubernetes.io/package-path: \"p\\u0041\"\n    \
         internal.config.kubernetes.io/seqindent: wide\n",
        "apiVersion: 1\nkind: [K]\nmetadata: {name: !!str 1, annotations: {config.kubernetes.io/path: \"c\\n\", \
         config.kubernetes.io/index: 7}}\n",
        "kind: &k K\nmetadata: &m\n  name: *k\n  annotations: {internal.config.kubernetes.io/path: *k, \
         internal.config.kubernetes.io/index: -1}\nspec: *m\n",
        "kind: null\nmetadata: x\n",
        "kind: K\nmetadata:\n  name: ''\n  annotations:\n",
        "kind: K\nkind: L\n",
        "- kind: K\n",
        "kind: 'K\n",
    ] {
        let from_nodes = item(text);
        let from_value = item(text);
        _ = from_value.value();
        let said = |item: &Item| {
            let texts = [item.api_version(), item.kind(), item.name(), item.namespace()].map(str::to_owned);
            (texts, item.origin().clone())
        };
        assert_eq!(said(&from_nodes), said(&from_value), "{text}");
        for key in ["internal.config.kubernetes.io/path", "internal.config.kubernetes.io/package-path", "x"] {
            assert_eq!(item(text).annotation(key), from_value.annotation(key), "{text}");
        }
    }
    let filed = item("metadata:\n  annotations:\n    internal.config.kubernetes.io/package-path: \"\\u0041\"\n");
    assert_eq!(filed.annotation("internal.config.kubernetes.io/package-path"), Some("A"));
    assert_eq!(filed.origin().package.as_deref(), Some("A"));
}

#[test]
fn an_edit_does_not_move_an_item() {
    let mut filed = item("kind: K\nmetadata:\n  annotations:\n    internal.config.kubernetes.io/path: a.yaml\n");
    filed.edit(|value| value["kind"] = "L".into()).unwrap();
    filed.edit(|value| value["metadata"] = serde_json::Value::Null).unwrap();
    assert_eq!((filed.kind(), filed.origin().path.as_deref()), ("L", Some("a.yaml")));
}

#[test]
fn a_line_break_of_some_readers_only_is_refused() {
    for (character, code) in [('\r', "U+000D"), ('\u{85}', "U+0085"), ('\u{2028}', "U+2028"), ('\u{2029}', "U+2029")] {
        // kpt reads a prefix here.
        let text = format!("kind: IPClaim\nspec:\n  kind: network # old é {character}  prefix: 10.1.3.9/24\n");
        let error = Item::document(&text, Origin::default()).value().unwrap_err().to_string();
        assert!(error.starts_with(&format!("line 3, column 25: {code} ends a line")), "{error}");
    }
    let text = "kind: ConfigMap # Größe, naïve, “quoted”, 10 €\ndata: {a: \"\\u2028\"}\n";
    assert!(Item::document(text, Origin::default()).value().is_ok());
}
