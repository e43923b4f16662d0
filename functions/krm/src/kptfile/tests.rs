use proptest::prelude::*;
use serde_json::json;

use super::*;

const CLAIM: &str = "ipam.resource.nephio.org/v1alpha1.IPClaim.upf-n3-ipv4";
const OWNER: &str = "req.nephio.org/v1alpha1.Interface.n3";

fn kptfile(conditions: Value) -> Value {
    json!({"apiVersion": "kpt.dev/v1", "kind": "Kptfile", "metadata": {"name": "p"},
        "status": {"conditions": conditions, "renderStatus": {}}, "info": {}})
}

/// The conditions as text (key order counts) after some changes.
fn after(conditions: Value, change: impl FnOnce(&mut Conditions)) -> String {
    let mut file = kptfile(conditions);
    let mut batch = Conditions::of(&file).unwrap();
    change(&mut batch);
    batch.write_into(&mut file);
    file["status"]["conditions"].to_string()
}

#[test]
fn reads_by_type() {
    let file = kptfile(json!([
        {"type": "a", "status": "True", "reason": "r", "message": "m"},
        {"type": "b", "status": "False", "reason": "", "message": null},
        {"type": "c"},
    ]));
    let conditions = Conditions::of(&file).unwrap();
    let a = conditions.get("a").unwrap();
    assert!(a.is_true() && !a.is_false());
    assert_eq!((a.reason.as_deref(), a.message.as_deref()), (Some("r"), Some("m")));
    let b = conditions.get("b").unwrap();
    assert!(b.is_false() && !b.is_true());
    assert_eq!((&b.reason, &b.message), (&None, &None));
    assert_eq!(conditions.get("c"), Some(&Condition::default()));
    assert_eq!(conditions.get("d"), None);
    let types: Vec<&str> = conditions.iter().map(|(name, _)| name).collect();
    assert_eq!(types, ["a", "b", "c"]);
    assert!(!conditions.changed());
}

#[test]
fn only_the_fields_that_differ_change() {
    let before = json!([{"type": CLAIM, "lastTransitionTime": "2026-01-01", "status": "False", "message": "create initial resource", "reason": OWNER}]);
    let text = after(before, |c| c.set(CLAIM, Status::True, Some(OWNER), Some("update done")));
    assert_eq!(
        text,
        format!(
            r#"[{{"type":"{CLAIM}","lastTransitionTime":"2026-01-01","status":"True","message":"update done","reason":"{OWNER}"}}]"#
        )
    );
}

#[test]
fn reason_and_message_come_and_go() {
    let before = || json!([{"reason": "r", "message": "m", "status": "True", "type": "a"}]);
    assert_eq!(
        after(before(), |c| c.set("a", Status::True, None, Some("m"))),
        r#"[{"message":"m","status":"True","type":"a"}]"#
    );
    assert_eq!(
        after(before(), |c| c.set("a", Status::True, Some("r"), Some(""))),
        r#"[{"reason":"r","status":"True","type":"a"}]"#
    );
    assert_eq!(
        after(json!([{"type": "a"}]), |c| c.set("a", Status::Unknown, Some("r"), None)),
        r#"[{"type":"a","status":"Unknown","reason":"r"}]"#
    );
}

#[test]
fn the_reason_can_be_kept() {
    let before = json!([{"reason": "r", "status": "True", "type": "a"}]);
    assert_eq!(
        after(before, |c| {
            c.set_keeping_reason("a", Status::False, Some("m"));
            c.set_keeping_reason("b", Status::False, Some("m"));
        }),
        r#"[{"reason":"r","status":"False","type":"a","message":"m"},{"message":"m","status":"False","type":"b"}]"#
    );
}

#[test]
fn new_entries_are_appended_with_the_keys_in_nephios_order() {
    assert_eq!(
        after(json!([{"type": "z", "status": "True"}]), |c| {
            c.set("b", Status::False, Some("r"), Some("m"));
            c.set("a", Status::True, None, None);
        }),
        r#"[{"type":"z","status":"True"},{"message":"m","reason":"r","status":"False","type":"b"},{"status":"True","type":"a"}]"#
    );
}

#[test]
fn nothing_changes_where_nothing_is_said_anew() {
    // Empty and null stand for absent, a boolean for its text: none of them is a reason to touch the entry.
    let before = json!([{"type": "a", "status": true, "reason": "", "message": null, "extra": [1]}]);
    let untouched = before.to_string();
    assert_eq!(
        after(before.clone(), |c| {
            c.set("a", Status::True, None, Some(""));
            assert!(!c.changed());
        }),
        untouched
    );
    assert_eq!(
        after(before.clone(), |c| {
            c.set("a", Status::False, None, Some("update for condition"));
            assert!(c.changed());
            c.set("a", Status::True, None, None);
            assert!(!c.changed());
        }),
        untouched
    );
    assert_eq!(
        after(before, |c| {
            c.remove("a");
            c.set("a", Status::True, None, None);
            c.set("new", Status::True, None, None);
            c.remove("new");
            c.remove("never there");
            assert!(!c.changed());
        }),
        untouched
    );
}

#[test]
fn the_kptfile_stays_identical_without_changes() {
    for file in [
        json!({"kind": "Kptfile"}),
        json!({"kind": "Kptfile", "status": null}),
        json!({"status": {}, "kind": "Kptfile"}),
        json!({"status": {"conditions": null}}),
        kptfile(json!([{"type": "a", "status": "True"}, "junk", {"type": "a"}])),
    ] {
        let mut written = file.clone();
        Conditions::of(&file).unwrap().write_into(&mut written);
        assert_eq!(written.to_string(), file.to_string());
    }
}

#[test]
fn status_and_conditions_are_made_where_absent() {
    for (before, expected) in [
        (json!({"kind": "Kptfile"}), r#"{"kind":"Kptfile","status":{"conditions":[{"status":"True","type":"a"}]}}"#),
        (
            json!({"status": null, "kind": "Kptfile"}),
            r#"{"status":{"conditions":[{"status":"True","type":"a"}]},"kind":"Kptfile"}"#,
        ),
        (
            json!({"status": {"conditions": null, "renderStatus": {}}}),
            r#"{"status":{"conditions":[{"status":"True","type":"a"}],"renderStatus":{}}}"#,
        ),
    ] {
        let mut file = before;
        let mut conditions = Conditions::of(&file).unwrap();
        conditions.set("a", Status::True, None, None);
        conditions.write_into(&mut file);
        assert_eq!(file.to_string(), expected);
    }
}

#[test]
fn the_last_condition_leaves_an_empty_list() {
    assert_eq!(after(json!([{"type": "a", "status": "True"}]), |c| c.remove("a")), "[]");
}

#[test]
fn of_doubled_types_the_first_counts_and_removal_takes_all() {
    let before = || json!([{"type": "a", "status": "True"}, {"type": "b"}, {"type": "a", "status": "False"}]);
    let conditions = Conditions::of(&kptfile(before())).unwrap();
    assert!(conditions.get("a").unwrap().is_true());
    assert_eq!(conditions.iter().count(), 2);
    assert_eq!(
        after(before(), |c| c.set("a", Status::Unknown, None, None)),
        r#"[{"type":"a","status":"Unknown"},{"type":"b"},{"type":"a","status":"False"}]"#
    );
    assert_eq!(after(before(), |c| c.remove("a")), r#"[{"type":"b"}]"#);
}

#[test]
fn what_is_no_condition_is_kept() {
    let before =
        json!([null, "x", {"status": "True"}, {"type": 7}, [{"type": "a"}], {"type": "b", "status": {"odd": 1}}]);
    assert_eq!(
        after(before, |c| {
            assert_eq!(c.iter().count(), 1);
            c.remove("b");
            c.set("a", Status::True, None, None);
        }),
        r#"[null,"x",{"status":"True"},{"type":7},[{"type":"a"}],{"status":"True","type":"a"}]"#
    );
}

#[test]
fn a_kptfile_that_kpt_would_not_read_is_refused() {
    assert_eq!(Conditions::of(&json!({"status": "ok"})), Err(ConditionsError::Status));
    assert_eq!(Conditions::of(&json!({"status": {"conditions": {}}})), Err(ConditionsError::Conditions));
    assert_eq!(
        ConditionsError::Status.to_string(),
        "Kptfile: status is not a mapping; remove it or write `status: {}`"
    );
}

#[test]
fn writing_into_another_document_loses_nothing() {
    let mut conditions = Conditions::of(&json!({})).unwrap();
    conditions.set("a", Status::True, None, None);
    let mut odd = json!({"status": "ok"});
    conditions.write_into(&mut odd);
    assert_eq!(odd, json!({"status": "ok"}));
    let mut longer = kptfile(json!([{"type": "b"}]));
    conditions.write_into(&mut longer);
    assert_eq!(longer["status"]["conditions"].as_array().unwrap().len(), 2);
}

#[test]
fn forty_thousand_conditions_take_no_time() {
    let many: Vec<Value> = (0..40_000).map(|i| json!({"type": format!("t{i}"), "status": "False"})).collect();
    let mut file = kptfile(many.into());
    let start = std::time::Instant::now();
    let mut conditions = Conditions::of(&file).unwrap();
    for i in 0..40_000 {
        let name = format!("t{i}");
        match i % 3 {
            0 => conditions.set(&name, Status::True, None, Some("update done")),
            1 => conditions.remove(&name),
            _ => conditions.set(&format!("new{i}"), Status::True, None, None),
        }
    }
    conditions.write_into(&mut file);
    // Quadratic work is 1.6 billion steps, several times this limit even on a fast machine.
    assert!(start.elapsed() < std::time::Duration::from_secs(2));
    assert_eq!(file["status"]["conditions"].as_array().unwrap().len(), 40_000);
}

// The model: what a batch means, said without positions and states. For each type the operations are folded into what
// becomes of its first entry; the document is then rebuilt from the old one.

#[derive(Debug, Clone)]
enum Operation {
    Set(String, Status, Option<String>, Option<String>),
    KeepReason(String, Status, Option<String>),
    Remove(String),
}

fn read_field(entry: &Value, key: &str) -> Option<String> {
    let text = match &entry[key] {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

type Fields = (String, Option<String>, Option<String>);

fn read_fields(entry: &Value) -> Fields {
    (read_field(entry, "status").unwrap_or_default(), read_field(entry, "reason"), read_field(entry, "message"))
}

fn model(before: &[Value], operations: &[Operation]) -> Vec<Value> {
    let mut order: Vec<&str> = Vec::new();
    for operation in operations {
        let (Operation::Set(name, ..) | Operation::KeepReason(name, ..) | Operation::Remove(name)) = operation;
        if !matches!(operation, Operation::Remove(_)) && !order.contains(&name.as_str()) {
            order.push(name);
        }
    }
    let of_type = |name: &str| before.iter().position(|entry| entry["type"].as_str() == Some(name));
    // Final fields of a type (None: gone) and whether it was ever removed.
    let outcome = |name: &str| {
        let mut now: Option<Fields> = of_type(name).map(|at| read_fields(&before[at]));
        let mut removed = false;
        for operation in operations {
            match operation {
                Operation::Set(n, status, reason, message) if n == name => {
                    let kept = |t: &Option<String>| t.clone().filter(|t| !t.is_empty());
                    now = Some((status.as_str().to_owned(), kept(reason), kept(message)));
                }
                Operation::KeepReason(n, status, message) if n == name => {
                    let reason = now.and_then(|now| now.1);
                    now = Some((status.as_str().to_owned(), reason, message.clone().filter(|t| !t.is_empty())));
                }
                Operation::Remove(n) if n == name => {
                    now = None;
                    removed = true;
                }
                _ => {}
            }
        }
        (now, removed)
    };
    let mut after = Vec::new();
    for (at, entry) in before.iter().enumerate() {
        let Some(name) = entry["type"].as_str() else {
            after.push(entry.clone());
            continue;
        };
        let (now, removed) = outcome(name);
        if of_type(name) != Some(at) {
            if !removed {
                after.push(entry.clone());
            }
            continue;
        }
        let Some(now) = now else { continue };
        let was = read_fields(entry);
        let mut fields: Vec<(String, Value)> =
            entry.as_object().unwrap().iter().map(|(k, v)| (k.clone(), v.clone())).collect();
        for (key, was, now) in
            [("status", Some(was.0), Some(now.0)), ("reason", was.1, now.1), ("message", was.2, now.2)]
        {
            if was.unwrap_or_default() == now.clone().unwrap_or_default() {
                continue;
            }
            let place = fields.iter().position(|(k, _)| k == key);
            match (place, now) {
                (Some(at), Some(text)) => fields[at].1 = text.into(),
                (Some(at), None) => {
                    fields.remove(at);
                }
                (None, Some(text)) => fields.push((key.to_owned(), text.into())),
                (None, None) => {}
            }
        }
        after.push(Value::Object(fields.into_iter().collect()));
    }
    for name in order {
        if let (None, (Some((status, reason, message)), _)) = (of_type(name), outcome(name)) {
            let mut entry = Map::new();
            for (key, text) in
                [("message", message), ("reason", reason), ("status", Some(status)), ("type", Some(name.to_owned()))]
            {
                if let Some(text) = text {
                    entry.insert(key.to_owned(), text.into());
                }
            }
            after.push(entry.into());
        }
    }
    after
}

fn any_text() -> impl Strategy<Value = Option<String>> {
    prop_oneof![Just(None), prop_oneof![Just(""), Just("m"), Just("update done")].prop_map(|t| Some(t.to_owned()))]
}

fn any_name() -> impl Strategy<Value = String> {
    "[a-e]"
}

fn any_status() -> impl Strategy<Value = Status> {
    prop_oneof![Just(Status::True), Just(Status::False), Just(Status::Unknown)]
}

fn any_operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        3 => (any_name(), any_status(), any_text(), any_text()).prop_map(|(n, s, r, m)| Operation::Set(n, s, r, m)),
        1 => (any_name(), any_status(), any_text()).prop_map(|(n, s, m)| Operation::KeepReason(n, s, m)),
        2 => any_name().prop_map(Operation::Remove),
    ]
}

fn any_entry() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(json!("True")),
        Just(json!("m")),
        Just(json!("")),
        Just(json!(null)),
        Just(json!(true)),
        Just(json!({"x": 1}))
    ];
    let field = prop_oneof![
        4 => any_name().prop_map(|name| ("type", json!(name))),
        1 => Just(("type", json!(3))),
        2 => scalar.clone().prop_map(|v| ("status", v)),
        2 => scalar.clone().prop_map(|v| ("reason", v)),
        2 => scalar.clone().prop_map(|v| ("message", v)),
        1 => scalar.prop_map(|v| ("lastTransitionTime", v)),
    ];
    prop_oneof![
        9 => prop::collection::vec(field, 0..6)
            .prop_map(|fields| Value::Object(fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())),
        1 => prop_oneof![Just(json!(null)), Just(json!("a")), Just(json!([{"type": "a"}]))],
    ]
}

fn run(conditions: &mut Conditions, operations: &[Operation]) {
    for operation in operations {
        match operation {
            Operation::Set(name, status, reason, message) => {
                conditions.set(name, *status, reason.as_deref(), message.as_deref())
            }
            Operation::KeepReason(name, status, message) => {
                conditions.set_keeping_reason(name, *status, message.as_deref())
            }
            Operation::Remove(name) => conditions.remove(name),
        }
    }
}

proptest! {
    #[test]
    fn a_batch_does_what_the_model_says(
        before in prop::collection::vec(any_entry(), 0..8),
        operations in prop::collection::vec(any_operation(), 0..12),
    ) {
        let mut file = kptfile(before.clone().into());
        let untouched = file.to_string();
        let mut conditions = Conditions::of(&file).unwrap();
        run(&mut conditions, &operations);
        conditions.write_into(&mut file);

        let expected = kptfile(model(&before, &operations).into()).to_string();
        prop_assert_eq!(&file.to_string(), &expected);
        prop_assert_eq!(conditions.changed(), expected != untouched);

        // What the batch says is what a reader of the written file will see.
        let again = Conditions::of(&file).unwrap();
        let seen = |c: &Conditions| c.iter().map(|(n, c)| (n.to_owned(), c.clone())).collect::<Vec<_>>();
        prop_assert_eq!(seen(&conditions), seen(&again));
        for name in ["a", "b", "c", "d", "e"] {
            prop_assert_eq!(conditions.get(name), again.get(name));
        }
    }
}
