//! Edits of an item: read again it says what was meant, and what stands outside the edited field keeps its bytes.
//!
//! Input: the text of a document, a NUL, a script of edits.
#![no_main]

use krm::yaml::EditError;
use krm::{Item, Origin, fuzzing, yaml};
use krmnet_fuzz::{edits, mutate};
use libfuzzer_sys::arbitrary::{Error, Result, Unstructured};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use serde_json::Value;

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate::yaml_and_script(data, size, max_size, seed)
});

fuzz_target!(|data: &[u8]| {
    let Some((text, script)) = edits::split(data) else { return };
    let mut item = Item::document(text, Origin::default());
    if item.value().is_err() {
        return;
    }
    let mut script = Unstructured::new(script);
    for _ in 0..4 {
        if script.is_empty() || edit(&mut item, &mut script).is_err() {
            break;
        }
    }
});

fn edit(item: &mut Item, script: &mut Unstructured<'_>) -> Result<()> {
    let before = item.text().to_owned();
    let mut target = item.value().unwrap().clone();
    // Every other edit is of one outermost field, as the functions make them.
    let field = if script.ratio(1, 2)? {
        let key = edits::key(script)?;
        let value = edits::value(script, 0)?;
        target.as_object_mut().unwrap().insert(key.clone(), value);
        Some(key)
    } else {
        edits::change(&mut target, script)?;
        None
    };
    let meant = target.clone();
    match item.set(target) {
        // Refused in time, if not in the best of words: the layout is one of a kind that nobody writes.
        Ok(_) if !fuzzing::is_confirmed(item) => return Err(Error::IncorrectFormat),
        Ok(_) => {}
        Err(EditError::Mismatch) => panic!("a mismatch in {before:?}"),
        Err(_) => {
            assert_eq!(item.text(), before, "an edit that fails changes nothing");
            return Ok(());
        }
    }
    let again = yaml::read(item.text()).unwrap_or_else(|error| panic!("{error}\n{before}\n->\n{}", item.text()));
    // kpt's ids may go.
    assert!(without_ids(again.clone()) == without_ids(meant.clone()), "{before}\n-> {meant}\n{}", item.text());
    if let (Some(field), true) = (field, again == meant) {
        keeps_its_neighbours(&before, item.text(), &field);
    }
    Ok(())
}

fn without_ids(mut value: Value) -> Value {
    if let Some(annotations) = value.pointer_mut("/metadata/annotations").and_then(Value::as_object_mut) {
        annotations.retain(|key, _| !["internal.config.kubernetes.io/id", "config.k8s.io/id"].contains(&key.as_str()));
    }
    value
}

/// Where the outermost fields stand each on lines of its own, the lines of all others stay.
fn keeps_its_neighbours(before: &str, after: &str, field: &str) {
    let first = before.trim_start_matches(['\u{feff}', '\n']);
    // A quoted text may go on in the first column.
    let is_open = |line: &str| ['\'', '"'].into_iter().any(|quote| line.matches(quote).count() % 2 == 1);
    if !first.starts_with(|c: char| c.is_ascii_alphabetic()) || before.lines().any(is_open) {
        return;
    }
    let is_field = |at: &usize| {
        let rest = before[*at..].strip_prefix(field).and_then(|rest| rest.strip_prefix(':'));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\n']))
    };
    let mut starts = line_starts(before).filter(is_field);
    // What starts with anything else may look like one in a comment.
    let is_name = field.starts_with(|c: char| c.is_ascii_alphabetic());
    let (Some(start), None, true) = (starts.next(), starts.next(), is_name) else { return };
    let is_key = |at: &usize| before[*at..].starts_with(|c: char| c.is_ascii_alphabetic());
    let end = line_starts(before).filter(|at| *at > start).find(is_key).unwrap_or(before.len());
    assert!(after.starts_with(&before[..start]), "{field}: what stands above has changed\n{before}\n->\n{after}");
    assert!(after.ends_with(&before[end..]), "{field}: what stands below has changed\n{before}\n->\n{after}");
}

fn line_starts(text: &str) -> impl Iterator<Item = usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1))
}
