//! Carries a plan out on the list.

use krm::kptfile::Conditions;
use krm::{ItemId, ResourceList};
use serde_json::{Map, Value};

use crate::plan::{Edit, NewChild, Plan};

/// Removes, edits and adds the items of one package, and edits its Kptfile. `items` are those that the plan numbers.
pub(crate) fn apply(list: &mut ResourceList, items: &[ItemId], kptfile: ItemId, conditions: &Conditions, plan: Plan) {
    for id in plan.remove.iter().filter_map(|item| items.get(*item)) {
        list.remove(*id);
    }
    for (item, edits) in plan.edits {
        if let Some(id) = items.get(item) {
            list.edit(*id, |value| edits.into_iter().for_each(|edit| change(value, edit)));
        }
    }
    if conditions.changed() {
        list.edit(kptfile, |value| conditions.write_into(value));
    }
    for NewChild { asker, value } in plan.create {
        if let Some(asker) = items.get(asker) {
            list.add_named(value, *asker);
        }
    }
}

pub(crate) fn change(object: &mut Value, edit: Edit) {
    match edit {
        Edit::Set(path, value) => set(object, &path, value),
        Edit::Remove(path) => remove(object, &path),
    }
}

/// Sets a field. What stands in the way and is no map gives way to one.
fn set(object: &mut Value, path: &[String], value: Value) {
    match path {
        [] => *object = value,
        [key, rest @ ..] => {
            if !object.is_object() {
                *object = Map::new().into();
            }
            if let Some(map) = object.as_object_mut() {
                set(map.entry(key.as_str()).or_insert(Value::Null), rest, value);
            }
        }
    }
}

fn remove(object: &mut Value, path: &[String]) {
    if let [parents @ .., key] = path
        && let Some(Value::Object(parent)) = parents.iter().try_fold(object, |at, key| at.get_mut(key.as_str()))
    {
        parent.shift_remove(key);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_field_is_set_where_maps_are_absent_or_null() {
        let mut object = json!({"kind": "IPClaim", "metadata": null, "spec": {"kind": "network"}});
        change(&mut object, Edit::set(&["metadata", "annotations", "a"], "b"));
        change(&mut object, Edit::set(&["spec", "kind"], "loopback"));
        change(&mut object, Edit::set(&["status"], json!({})));
        let expected = json!({
            "kind": "IPClaim", "metadata": {"annotations": {"a": "b"}}, "spec": {"kind": "loopback"}, "status": {},
        });
        assert_eq!(object.to_string(), expected.to_string());
    }

    #[test]
    fn a_field_is_removed_and_the_others_keep_their_order() {
        let mut object = json!({"a": {"x": 1, "y": 2, "z": 3}});
        change(&mut object, Edit::remove(&["a", "x"]));
        change(&mut object, Edit::remove(&["b", "x"]));
        assert_eq!(object.to_string(), r#"{"a":{"y":2,"z":3}}"#);
    }
}
