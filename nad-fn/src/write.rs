//! Carries a plan out on the list.

use api::{annotations, kinds};
use krm::kptfile::Conditions;
use krm::{ItemId, ResourceList};
use serde_json::{Map, Value, json};

use crate::plan::{Attachment, Plan};

/// Removes, edits and adds the NetworkAttachmentDefinitions of one package, and edits its Kptfile. `items` are those
/// that the plan numbers.
pub(crate) fn write(list: &mut ResourceList, items: &[ItemId], kptfile: ItemId, conditions: &Conditions, plan: &Plan) {
    for id in plan.removed.iter().filter_map(|number| items.get(*number)) {
        list.remove(*id);
    }
    for attachment in plan.attachments.iter().filter(|attachment| attachment.changed) {
        match attachment.existing {
            Some(number) => {
                if let Some(id) = items.get(number) {
                    list.edit(*id, |value| update(value, attachment));
                }
            }
            None => {
                if let Some(interface) = items.get(attachment.interface) {
                    list.add_named(new(attachment), *interface);
                }
            }
        }
    }
    if conditions.changed() {
        list.edit(kptfile, |value| conditions.write_into(value));
    }
}

/// The object in the key order of Nephio's.
fn new(attachment: &Attachment) -> Value {
    let mut metadata = Map::new();
    metadata.insert("name".to_owned(), attachment.name.name.as_str().into());
    if let Some(namespace) = &attachment.name.namespace {
        metadata.insert("namespace".to_owned(), namespace.as_str().into());
    }
    let mut object = json!({
        "apiVersion": kinds::NAD.api_version,
        "kind": kinds::NAD.kind,
        "metadata": metadata,
    });
    update(&mut object, attachment);
    object
}

/// Sets what is ours in an object; labels, other annotations and other fields stay.
fn update(object: &mut Value, attachment: &Attachment) {
    if let Some(annotations) = map_at(object, &["metadata", "annotations"]) {
        annotations.shift_remove(annotations::DELETE);
        if let Some(resource_name) = &attachment.resource_name {
            annotations.insert(annotations::RESOURCE_NAME.to_owned(), resource_name.as_str().into());
        }
        annotations.insert(annotations::OWNER.to_owned(), attachment.owner.as_str().into());
    }
    if let Some(spec) = map_at(object, &["spec"]) {
        spec.insert("config".to_owned(), attachment.config.as_str().into());
    }
}

/// The map at a path. What stands in the way and is no map gives way to one.
fn map_at<'v>(object: &'v mut Value, path: &[&str]) -> Option<&'v mut Map<String, Value>> {
    let mut at = object;
    for key in path {
        let entry = at.as_object_mut()?.entry(*key).or_insert(Value::Null);
        if !entry.is_object() {
            *entry = Map::new().into();
        }
        at = entry;
    }
    at.as_object_mut()
}
