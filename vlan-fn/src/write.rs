//! Carries a plan out on the list: statuses of claims, conditions of Kptfiles.

use std::collections::BTreeMap;

use api::conditions::{UPDATE_DONE, db_not_initialized};
use api::kinds;
use krm::kptfile::{Conditions, Status};
use krm::{Finding, ItemId, ResourceList};
use serde_json::{Map, Value};

use crate::codes;
use crate::plan::{Answer, Claim, Plan, Verdict};
use crate::read::Tree;

/// Writes what each claim was given, and in its Kptfile whether it is done.
pub(crate) fn write(list: &mut ResourceList, tree: &Tree, plan: &Plan) {
    let kptfiles = conditions(list, tree, plan);
    let statuses = tree.claims.iter().zip(&tree.input.claims).zip(&plan.outcomes);
    for ((id, claim), outcome) in statuses {
        let Some(answer) = outcome.verdict.answer().filter(|answer| claim.status != Some(*answer)) else { continue };
        list.edit(*id, |value| set_status(value, claim.status, answer));
    }
    for (kptfile, conditions) in kptfiles {
        if conditions.changed() {
            list.edit(kptfile, |value| conditions.write_into(value));
        }
    }
}

/// Sets the answer; an old one of the other form goes, everything else in the status stays.
fn set_status(object: &mut Value, from: Option<Answer>, answer: Answer) {
    let Some(object) = object.as_object_mut() else { return };
    let status = object.entry("status").or_insert(Value::Null);
    if status.is_null() {
        *status = Value::Object(Map::new());
    }
    let Some(status) = status.as_object_mut() else { return };
    let (key, value) = match answer {
        Answer::Id(id) => (VLAN_ID, Value::from(id)),
        Answer::Block(ids) => (VLAN_RANGE, Value::from(ids.to_string())),
    };
    if let Some(from) = from {
        let old = match from {
            Answer::Id(_) => VLAN_ID,
            Answer::Block(_) => VLAN_RANGE,
        };
        if old != key {
            status.shift_remove(old);
        }
    }
    status.insert(key.to_owned(), value);
}

const VLAN_ID: &str = "vlanID";
const VLAN_RANGE: &str = "vlanRange";

/// The conditions of each Kptfile after the run. Claims of one package with one name have one condition, as its type
/// holds no namespace: it is True only if all are done.
fn conditions(list: &mut ResourceList, tree: &Tree, plan: &Plan) -> BTreeMap<ItemId, Conditions> {
    let mut said: BTreeMap<ItemId, Vec<(&Claim, bool)>> = BTreeMap::new();
    for ((id, claim), outcome) in tree.claims.iter().zip(&tree.input.claims).zip(&plan.outcomes) {
        let (Some(item), Some(done)) = (list.get(*id), outcome.verdict.is_done()) else { continue };
        if let Some(kptfile) = tree.packages.kptfile(tree.packages.of_item(item)) {
            said.entry(kptfile).or_default().push((claim, done));
        }
    }
    let mut kptfiles = BTreeMap::new();
    for (kptfile, mut claims) in said {
        let Some(read) = list.get(kptfile).and_then(|item| item.value().ok()).map(Conditions::of) else { continue };
        match read {
            Ok(mut conditions) => {
                claims.sort_by(|(a, _), (b, _)| a.key.cmp(&b.key));
                set_conditions(&mut conditions, &claims);
                kptfiles.insert(kptfile, conditions);
            }
            Err(error) => {
                let finding = list.about(Finding::error(codes::KPTFILE_MALFORMED, error.to_string()), kptfile);
                list.report(finding);
            }
        }
    }
    kptfiles
}

fn set_conditions(conditions: &mut Conditions, claims: &[(&Claim, bool)]) {
    let mut namesakes: BTreeMap<&str, usize> = BTreeMap::new();
    let mut pending: BTreeMap<&str, &Claim> = BTreeMap::new();
    for (claim, done) in claims {
        *namesakes.entry(&claim.key.name).or_default() += 1;
        if !done {
            pending.entry(&claim.key.name).or_insert(claim);
        }
    }
    for (claim, _) in claims {
        let name = claim.key.name.as_str();
        let condition_type = kinds::VLAN_CLAIM.condition_type(name);
        match pending.get(name) {
            None => conditions.set_keeping_reason(&condition_type, Status::True, Some(UPDATE_DONE)),
            Some(claim) => {
                let mut message = db_not_initialized(&claim.index.namespace, &claim.index.name);
                if namesakes.get(name).is_some_and(|count| *count > 1) {
                    message = format!("{}: {message}", claim.key);
                }
                conditions.set_keeping_reason(&condition_type, Status::False, Some(&message));
            }
        }
    }
}

impl Verdict {
    /// Whether the claim's condition is True; `None` where its condition stays as it is.
    fn is_done(&self) -> Option<bool> {
        match self {
            Self::Allocated(_) | Self::Kept(_) | Self::Rewritten { .. } | Self::Moved { .. } | Self::Got(_) => {
                Some(true)
            }
            Self::Pending => Some(false),
            Self::KeptWithoutIndex(_) | Self::Deleting | Self::Failed(_) | Self::Blocked => None,
        }
    }
}
