//! The documents of a file, found by their marker lines, against the documents that libyaml finds.
#![no_main]

use krm::files::documents;
use krm::{Item, Origin};
use krmnet_fuzz::mutate;
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use serde_yaml::Value;

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutate::yaml(data, size, max_size, seed) });

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(found) = documents(text) else { return };
    let mut end = 0;
    for document in &found {
        assert_eq!(text.get(document.range.clone()), Some(document.text));
        assert!(document.range.start >= end, "documents overlap");
        end = document.range.end;
        let breaks = text[..document.range.start].bytes().filter(|byte| *byte == b'\n').count();
        assert_eq!(document.line, breaks + 1);
    }
    let items: Vec<Item> = found.iter().map(|found| Item::document(found.text, Origin::default())).collect();
    if items.iter().any(|item| item.value().is_err()) {
        return;
    }
    // Where all are resources, libyaml has to see as many; it also lists documents that hold nothing.
    let others: Result<Vec<Value>, _> =
        serde_yaml::Deserializer::from_str(text).map(serde::Deserialize::deserialize).collect();
    if let Ok(others) = others {
        let others = others.iter().filter(|other| !matches!(other, Value::Null)).count();
        assert_eq!(others, items.len(), "{text:?}");
    }
});
