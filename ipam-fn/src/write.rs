//! Writes what was given into the statuses of claims.

use ipam::{Plan, Status};
use krm::{ItemId, ResourceList};
use serde_json::{Map, Value};

use crate::read::Tree;

/// Sets the statuses that a plan changes. Of a status only prefix and gateway are ours; its other keys stay.
pub(crate) fn statuses(list: &mut ResourceList, tree: &Tree, plan: &Plan) {
    let claims = tree.claims.iter().zip(&tree.input.claims).zip(&plan.outcomes);
    let changed: Vec<(ItemId, &Status)> = claims
        .filter_map(|((id, claim), outcome)| Some((*id, claim.status.as_ref(), outcome.verdict.status()?)))
        .filter(|(_, stated, status)| *stated != Some(status))
        .map(|(id, _, status)| (id, status))
        .collect();
    list.edit_field("status", &changed, |stated, status| set(stated, status));
}

fn set(stated: &mut Value, status: &Status) {
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(mut stated: Value, prefix: &str, gateway: Option<&str>) -> String {
        let gateway = gateway.map(|gateway| gateway.parse().unwrap());
        set(&mut stated, &Status { prefix: prefix.parse().unwrap(), gateway });
        stated.to_string()
    }

    #[test]
    fn a_new_status_has_prefix_and_gateway() {
        let expected = r#"{"prefix":"10.1.3.2/24","gateway":"10.1.3.1"}"#;
        for stated in [json!(null), json!({}), json!("text")] {
            assert_eq!(written(stated, "10.1.3.2/24", Some("10.1.3.1")), expected);
        }
    }

    #[test]
    fn other_keys_stay_and_an_old_gateway_goes() {
        let stated = json!({"gateway": "10.1.3.1", "expiryTime": "never", "prefix": "10.1.3.2/24"});
        assert_eq!(written(stated, "10.1.3.4/31", None), r#"{"expiryTime":"never","prefix":"10.1.3.4/31"}"#);
    }
}
