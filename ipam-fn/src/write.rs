//! Writes what was given into the statuses of claims.

use ipam::{Plan, Status};
use krm::{Finding, ItemId, ResourceList};
use serde_json::{Map, Value};

use crate::codes;
use crate::read::Tree;

/// Sets the statuses that a plan changes. Of a status only prefix and gateway are ours; its other keys stay.
pub(crate) fn statuses(list: &mut ResourceList, tree: &Tree, plan: &Plan) {
    for ((id, claim), outcome) in tree.claims.iter().zip(&tree.input.claims).zip(&plan.outcomes) {
        match outcome.verdict.status() {
            Some(status) if claim.status.as_ref() != Some(status) => edit(list, *id, |object| set(object, status)),
            _ => {}
        }
    }
}

fn set(object: &mut Value, status: &Status) {
    let Some(object) = object.as_object_mut() else { return };
    let stated = object.entry("status").or_insert(Value::Null);
    if !stated.is_object() {
        *stated = Map::new().into();
    }
    let Some(stated) = stated.as_object_mut() else { return };
    stated.insert("prefix".to_owned(), status.prefix.to_string().into());
    match status.gateway {
        Some(gateway) => stated.insert("gateway".to_owned(), gateway.to_string().into()),
        None => stated.shift_remove("gateway"),
    };
}

/// Changes an item; an edit that cannot be made is an error, so that nothing of the run is written.
pub(crate) fn edit(list: &mut ResourceList, id: ItemId, change: impl FnOnce(&mut Value)) {
    if let Some(Err(error)) = list.get_mut(id).map(|item| item.edit(change)) {
        let finding = list.about(Finding::error(codes::CANNOT_EDIT, error.to_string()), id);
        list.report(finding);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(mut object: Value, prefix: &str, gateway: Option<&str>) -> String {
        let gateway = gateway.map(|gateway| gateway.parse().unwrap());
        set(&mut object, &Status { prefix: prefix.parse().unwrap(), gateway });
        object["status"].to_string()
    }

    #[test]
    fn a_new_status_has_prefix_and_gateway() {
        let expected = r#"{"prefix":"10.1.3.2/24","gateway":"10.1.3.1"}"#;
        for object in [json!({}), json!({"status": null}), json!({"status": {}})] {
            assert_eq!(written(object, "10.1.3.2/24", Some("10.1.3.1")), expected);
        }
    }

    #[test]
    fn other_keys_stay_and_an_old_gateway_goes() {
        let object = json!({"status": {"gateway": "10.1.3.1", "expiryTime": "never", "prefix": "10.1.3.2/24"}});
        assert_eq!(written(object, "10.1.3.4/31", None), r#"{"expiryTime":"never","prefix":"10.1.3.4/31"}"#);
    }
}
