//! The Kptfile conditions of claims, by which Nephio's functions and controllers know what is resolved.
//!
//! A condition stands in the Kptfile of the claim's package, or of the nearest one around it; without any there is none. Its
//! type holds no namespace, so that claims of one name share one: it is True only if all of them are resolved.

use std::collections::{HashMap, HashSet};

use api::{conditions::UPDATE_DONE, kinds};
use ipam::{Key, Plan, PoolRef, PoolSource, Verdict};
use krm::kptfile::{Conditions, Status};
use krm::{Finding, ItemId, ResourceList};

use crate::codes;
use crate::peer;
use crate::read::Tree;

/// What the conditions of one Kptfile have to become.
pub(crate) struct Progress {
    kptfile: ItemId,
    conditions: Conditions,
}

impl Progress {
    /// Writes the conditions that differ, all at once.
    pub(crate) fn write(&self, list: &mut ResourceList) {
        if self.conditions.changed() {
            list.edit(self.kptfile, |value| self.conditions.write_into(value));
        }
    }
}

/// Works the conditions out. Findings are about Kptfiles that cannot be read, and about conditions whose claim is not there.
/// New conditions are appended in the order of the claims.
pub(crate) fn progress(list: &ResourceList, tree: &Tree, plan: &Plan, findings: &mut Vec<Finding>) -> Vec<Progress> {
    let mut by_kptfile = by_kptfile(list, tree, plan);
    let kptfiles: Vec<ItemId> = tree.packages.iter().filter_map(|(_, package)| package.kptfile).collect();
    let mut all = Vec::with_capacity(kptfiles.len());
    for kptfile in kptfiles {
        let shared = by_kptfile.remove(&kptfile).unwrap_or_default();
        let Some(read) = list.get(kptfile).and_then(|item| item.value().ok()).map(Conditions::of) else { continue };
        match read {
            Ok(mut conditions) => {
                for condition_type in without_claim(&conditions, &shared) {
                    conditions.set_keeping_reason(&condition_type, Status::False, Some(peer::NO_CLAIM));
                    findings.push(list.about(claim_missing(&condition_type), kptfile));
                }
                shared.iter().for_each(|shared| shared.set(&mut conditions));
                all.push(Progress { kptfile, conditions });
            }
            Err(error) => {
                findings.push(list.about(Finding::error(codes::KPTFILE_MALFORMED, error.to_string()), kptfile))
            }
        }
    }
    all
}

/// What a claim means for its condition.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Standing {
    /// Nothing: it stays as it is.
    Untouched,
    /// It is resolved.
    Done,
    /// It waits.
    Waits(String),
}

/// A condition and what its claims mean for it.
struct Shared<'t> {
    condition_type: String,
    claims: Vec<(&'t Key, Standing)>,
}

impl Shared<'_> {
    fn set(&self, conditions: &mut Conditions) {
        let waits = self.claims.iter().find_map(|(name, standing)| match standing {
            Standing::Waits(message) => Some((name, message)),
            Standing::Untouched | Standing::Done => None,
        });
        match waits {
            Some((_, message)) if self.claims.len() == 1 => {
                conditions.set_keeping_reason(&self.condition_type, Status::False, Some(message));
            }
            Some((name, message)) => {
                let message = format!("IPClaim {name}: {message}");
                conditions.set_keeping_reason(&self.condition_type, Status::False, Some(&message));
            }
            None if self.claims.iter().any(|(_, standing)| *standing == Standing::Done) => {
                conditions.set_keeping_reason(&self.condition_type, Status::True, Some(UPDATE_DONE));
            }
            None => {}
        }
    }
}

fn by_kptfile<'t>(list: &ResourceList, tree: &'t Tree, plan: &Plan) -> HashMap<ItemId, Vec<Shared<'t>>> {
    let mut by_kptfile: HashMap<ItemId, Vec<Shared<'t>>> = HashMap::new();
    let mut places: HashMap<(ItemId, String), usize> = HashMap::new();
    for &at in &tree.order {
        let (Some(&id), Some(outcome)) = (tree.claims.get(at), plan.outcomes.get(at)) else { continue };
        let (Some(item), Some(claim)) = (list.get(id), tree.input.claims.get(at)) else { continue };
        let Some(kptfile) = tree.packages.kptfile(tree.packages.of_item(item)) else { continue };
        let standing = match &outcome.verdict {
            Verdict::Pending(pending) => Standing::Waits(peer::waits(claim, pending, |pool| stated_by(tree, pool))),
            Verdict::KeptUnserved { .. } | Verdict::Deleting | Verdict::Failed(_) => Standing::Untouched,
            _ => Standing::Done,
        };
        let condition_type = kinds::IP_CLAIM.condition_type(&claim.key.name);
        let all = by_kptfile.entry(kptfile).or_default();
        let place = *places.entry((kptfile, condition_type.clone())).or_insert_with(|| {
            all.push(Shared { condition_type, claims: Vec::new() });
            all.len().saturating_sub(1)
        });
        if let Some(shared) = all.get_mut(place) {
            shared.claims.push((&claim.key, standing));
        }
    }
    by_kptfile
}

/// The object behind a pool as Nephio's backend names it. It makes a claim of its own for each entry of a NetworkInstance.
fn stated_by(tree: &Tree, pool: PoolRef) -> String {
    let name = |key: &Key| {
        let namespace = if key.namespace.is_empty() { "default" } else { &key.namespace };
        format!("{namespace}/{}", key.name)
    };
    match pool {
        PoolRef::Block(at) => tree.input.claims.get(at).map(|claim| name(&claim.key)),
        PoolRef::Pool(at) => tree.input.pools.get(at).map(|pool| match pool.source {
            PoolSource::IpPrefix => name(&pool.key),
            PoolSource::NetworkInstance | PoolSource::Network => {
                let prefix = pool.prefix.to_string().replace(['/', ':'], "-");
                format!("{}/{prefix}-{}-aggregate", pool.instance.namespace, pool.instance.name)
            }
        }),
    }
    .unwrap_or_default()
}

/// The conditions about claims that are not there.
fn without_claim(conditions: &Conditions, shared: &[Shared<'_>]) -> Vec<String> {
    let known: HashSet<&str> = shared.iter().map(|shared| shared.condition_type.as_str()).collect();
    let about_claims = kinds::IP_CLAIM.condition_type("") + ".";
    let all = conditions.iter().map(|(condition_type, _)| condition_type);
    all.filter(|name| name.starts_with(&about_claims) && !known.contains(name)).map(str::to_owned).collect()
}

fn claim_missing(condition_type: &str) -> Finding {
    let prefix = kinds::IP_CLAIM.condition_type("") + ".";
    let name = condition_type.strip_prefix(&prefix).unwrap_or(condition_type);
    let message = format!(
        "the condition {condition_type} is about an IPClaim that is not in this package: run the function that asks for it \
         (interface-fn, for the claims of Interfaces), bring IPClaim {name} back, or remove the condition"
    );
    Finding::warning(codes::CLAIM_MISSING, message).field("status.conditions")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const TYPE: &str = "ipam.resource.nephio.org/v1alpha1.IPClaim.n3";

    /// What becomes of the condition `n3`, False with a reason, when its claims stand like this.
    fn becomes(claims: &[(&str, Standing)]) -> Value {
        let keys: Vec<Key> = claims.iter().map(|(namespace, _)| Key::new("", *namespace, "n3")).collect();
        let entry = json!({"type": TYPE, "status": "False", "reason": "owner", "message": "create initial resource"});
        let mut kptfile = json!({"status": {"conditions": [entry]}});
        let mut conditions = Conditions::of(&kptfile).unwrap();
        let claims = keys.iter().zip(claims.iter().map(|(_, standing)| standing.clone())).collect();
        Shared { condition_type: TYPE.to_owned(), claims }.set(&mut conditions);
        conditions.write_into(&mut kptfile);
        let entry = &kptfile["status"]["conditions"][0];
        assert_eq!(entry["reason"], "owner", "the reason is kept");
        json!([entry["status"], entry["message"]])
    }

    fn waits() -> Standing {
        Standing::Waits("no pool".to_owned())
    }

    #[test]
    fn one_claim_speaks_for_itself() {
        assert_eq!(becomes(&[("upf", Standing::Done)]), json!(["True", "update done"]));
        assert_eq!(becomes(&[("upf", waits())]), json!(["False", "no pool"]));
        assert_eq!(becomes(&[("upf", Standing::Untouched)]), json!(["False", "create initial resource"]));
    }

    #[test]
    fn of_several_all_must_be_resolved_and_the_message_names_one_that_is_not() {
        let both = [("amf", Standing::Done), ("upf", Standing::Done)];
        assert_eq!(becomes(&both), json!(["True", "update done"]));
        let one_waits = [("amf", Standing::Done), ("upf", waits())];
        assert_eq!(becomes(&one_waits), json!(["False", "IPClaim upf/n3: no pool"]));
        let one_untouched = [("amf", Standing::Untouched), ("upf", Standing::Done)];
        assert_eq!(becomes(&one_untouched), json!(["True", "update done"]));
        let all_untouched = [("amf", Standing::Untouched), ("upf", Standing::Untouched)];
        assert_eq!(becomes(&all_untouched), json!(["False", "create initial resource"]));
    }

    #[test]
    fn conditions_without_a_claim_are_found_by_their_type() {
        let named = |name: &str| json!({"type": name, "status": "True"});
        let vlan = "vlan.resource.nephio.org/v1alpha1.VLANClaim.n3";
        let missing = "ipam.resource.nephio.org/v1alpha1.IPClaim.n6.1";
        let kptfile = json!({"status": {"conditions": [named(TYPE), named(vlan), named(missing)]}});
        let shared = Shared { condition_type: TYPE.to_owned(), claims: Vec::new() };
        assert_eq!(without_claim(&Conditions::of(&kptfile).unwrap(), &[shared]), [missing]);
        assert!(claim_missing(missing).message.contains("bring IPClaim n6.1 back"));
    }
}
