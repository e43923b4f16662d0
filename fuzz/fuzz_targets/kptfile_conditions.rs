//! Conditions of a Kptfile, against a map in which every change is made at once.
//!
//! Input: the text of a Kptfile, a NUL, a script of changes.
#![no_main]

use std::collections::BTreeMap;

use krm::kptfile::{Condition, Conditions, Status};
use krm::yaml::EditError;
use krm::{Item, Origin, fuzzing, yaml};
use krmnet_fuzz::{edits, mutate};
use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate::yaml_and_script(data, size, max_size, seed)
});

type Model = BTreeMap<String, Condition>;

fuzz_target!(|data: &[u8]| {
    let Some((text, script)) = edits::split(data) else { return };
    let mut item = Item::document(text, Origin::default());
    let Ok(kptfile) = item.value().cloned() else { return };
    let Ok(mut conditions) = Conditions::of(&kptfile) else { return };
    let mut model = model_of(&conditions);
    let _ = apply(&mut conditions, &mut model, &mut Unstructured::new(script));
    assert_eq!(model_of(&conditions), model);
    match item.edit(|value| conditions.write_into(value)) {
        Ok(_) if !fuzzing::is_confirmed(&item) => return,
        Ok(changed) => assert!(!changed || conditions.changed()),
        Err(EditError::Mismatch) => panic!("a mismatch in {text:?}"),
        Err(_) => return assert_eq!(item.text(), text),
    }
    let again = yaml::read(item.text()).unwrap_or_else(|error| panic!("{error}\n{text}\n->\n{}", item.text()));
    let again = Conditions::of(&again).unwrap();
    assert_eq!(model_of(&again), model, "{text}\n->\n{}", item.text());
    let in_order = |conditions: &Conditions| conditions.iter().map(|(name, _)| name.to_owned()).collect::<Vec<_>>();
    assert_eq!(in_order(&again), in_order(&conditions));
});

fn model_of(conditions: &Conditions) -> Model {
    conditions.iter().map(|(name, condition)| (name.to_owned(), condition.clone())).collect()
}

fn apply(conditions: &mut Conditions, model: &mut Model, script: &mut Unstructured<'_>) -> Result<()> {
    while !script.is_empty() {
        let known: Vec<String> = model.keys().cloned().collect();
        let name =
            if !known.is_empty() && script.ratio(2, 3)? { script.choose(&known)?.clone() } else { edits::key(script)? };
        if script.ratio(1, 4)? {
            conditions.remove(&name);
            model.remove(&name);
            continue;
        }
        let status = *script.choose(&[Status::True, Status::False, Status::Unknown])?;
        let reason = script.arbitrary::<Option<&str>>()?;
        let message = script.arbitrary::<Option<&str>>()?;
        let given = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
        let kept = model.get(&name).and_then(|condition| condition.reason.clone());
        let reason = if script.arbitrary()? {
            conditions.set_keeping_reason(&name, status, message);
            kept
        } else {
            conditions.set(&name, status, reason, message);
            given(reason)
        };
        model.insert(name, Condition { status: status.as_str().to_owned(), reason, message: given(message) });
    }
    Ok(())
}
