//! The parse paths: lines or a parse of the whole, the plain reader or the YAML parser; and libyaml as a second opinion.
#![no_main]

use krm::{ResourceList, fuzzing};
use krmnet_fuzz::{function, mutate};
use libfuzzer_sys::{fuzz_crossover, fuzz_mutator, fuzz_target};
use serde_json::Value;

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutate::yaml(data, size, max_size, seed) });
fuzz_crossover!(|one: &[u8], other: &[u8], out: &mut [u8], seed: u32| { mutate::splice(one, other, out, seed) });

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        assert!(ResourceList::parse_bytes(data.to_vec()).is_err());
        return;
    };
    fuzzing::paths_agree(text).unwrap();
    fuzzing::readers_agree(text).unwrap();
    let Ok(list) = ResourceList::parse(text.to_owned()) else { return };
    for output in [list.render().unwrap(), list.render_failed()] {
        passes_through(&list, text, &output);
    }
    let Some(items) = list.iter().map(|(_, item)| item.value().ok()).collect::<Option<Vec<&Value>>>() else { return };
    let mut selecting = list.clone();
    for (id, item) in list.iter() {
        fuzzing::readers_agree(item.text()).unwrap();
        let found = item.kind().is_empty() || selecting.select(item.api_version(), item.kind()).contains(&id);
        assert!(found, "passed over: {:?}", item.text());
        assert_eq!(item.read::<Value>().unwrap(), *item.value().unwrap());
    }
    is_what_libyaml_reads(text, &items);
});

/// What nobody edits leaves as it came, but for the results of an earlier function.
fn passes_through(list: &ResourceList, text: &str, output: &str) {
    if list.is_empty() {
        assert!(ResourceList::parse(output.to_owned()).unwrap().is_empty(), "{output}");
    } else if !text.contains("results") {
        assert_eq!(output, text);
    } else {
        let again = ResourceList::parse(output.to_owned()).unwrap();
        let all = |list: &ResourceList| function::texts(list, |_| true);
        assert_eq!(all(list), all(&again), "{output}");
    }
}

/// An item more or less than kpt sees would be a resource lost.
fn is_what_libyaml_reads(text: &str, items: &[&Value]) {
    let Ok(other) = serde_yaml::from_str::<serde_yaml::Value>(text) else { return };
    let Some(others) = other.get("items").and_then(serde_yaml::Value::as_sequence) else {
        assert!(items.is_empty(), "libyaml finds no items in {text:?}");
        return;
    };
    assert_eq!(others.len(), items.len(), "libyaml counts other items in {text:?}");
    for (item, other) in items.iter().zip(others) {
        for key in ["apiVersion", "kind"] {
            if let (Some(ours), Some(theirs)) = (item[key].as_str(), other.get(key).and_then(|value| value.as_str())) {
                assert_eq!(ours, theirs, "{text:?}");
            }
        }
    }
}
