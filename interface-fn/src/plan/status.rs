//! The status of an Interface: what its claims were given, no more and no less.

use api::ipam::IpClaimStatus;
use api::req::InterfaceStatus;
use api::vlan::VlanClaimStatus;
use serde_json::{Map, Value};

use super::Edit;
use super::child::{Answer, Diff};

/// The edits that make the status true.
///
/// Once all children are ready it lists what they were given. Before that, what is listed but held by no claim any more
/// goes, and nothing is added.
pub(crate) fn edits(current: Option<&InterfaceStatus>, diffs: &[Diff], ready: bool) -> Vec<Edit> {
    let held = held(diffs);
    match (current, ready) {
        (None, false) => Vec::new(),
        (None, true) => vec![Edit::set(&["status"], whole(&held))],
        (Some(current), true) => changes(current, &held),
        (Some(current), false) => changes(current, &still_held(current, &held)),
    }
}

fn held(diffs: &[Diff]) -> InterfaceStatus {
    let mut held = InterfaceStatus::default();
    for diff in diffs {
        match &diff.answer {
            Answer::Address(status) => held.ip_claim_status.push(status.clone()),
            Answer::Vlan(status) => held.vlan_claim_status = Some(status.clone()),
            Answer::None | Answer::Present => {}
        }
    }
    held
}

fn still_held(current: &InterfaceStatus, held: &InterfaceStatus) -> InterfaceStatus {
    let holds = |entry: &&IpClaimStatus| held.ip_claim_status.iter().any(|status| status.prefix == entry.prefix);
    let same_id = |entry: &&VlanClaimStatus| {
        held.vlan_claim_status.as_ref().is_some_and(|status| status.vlan_id == entry.vlan_id)
    };
    InterfaceStatus {
        ip_claim_status: current.ip_claim_status.iter().filter(holds).cloned().collect(),
        vlan_claim_status: current.vlan_claim_status.as_ref().filter(same_id).cloned(),
    }
}

fn changes(current: &InterfaceStatus, wanted: &InterfaceStatus) -> Vec<Edit> {
    let value = whole(wanted);
    let field = |key: &str, differs: bool| {
        let path = ["status", key];
        differs.then(|| match value.get(key) {
            Some(value) => Edit::set(&path, value.clone()),
            None => Edit::remove(&path),
        })
    };
    let addresses = field("ipClaimStatus", current.ip_claim_status != wanted.ip_claim_status);
    let vlan = field("vlanClaimStatus", current.vlan_claim_status != wanted.vlan_claim_status);
    addresses.into_iter().chain(vlan).collect()
}

fn whole(status: &InterfaceStatus) -> Value {
    serde_json::to_value(status).unwrap_or_else(|_| Map::new().into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::child::News;
    use super::*;

    fn diff(answer: Answer) -> Diff {
        Diff {
            gvkn: String::new(),
            qualified: String::new(),
            owned: true,
            news: News::Kept,
            answer,
            edits: None,
            create: None,
            findings: Vec::new(),
        }
    }

    fn address(prefix: &str) -> Diff {
        diff(Answer::Address(IpClaimStatus { prefix: Some(prefix.into()), ..IpClaimStatus::default() }))
    }

    fn vlan(id: u16) -> Diff {
        diff(Answer::Vlan(VlanClaimStatus { vlan_id: Some(id), ..VlanClaimStatus::default() }))
    }

    fn status(value: Value) -> InterfaceStatus {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn a_first_status_is_written_whole() {
        let diffs = [address("10.0.0.2/24"), diff(Answer::Present), vlan(7)];
        let value = json!({"ipClaimStatus": [{"prefix": "10.0.0.2/24"}], "vlanClaimStatus": {"vlanID": 7}});
        assert_eq!(edits(None, &diffs, true), [Edit::set(&["status"], value)]);
        assert_eq!(edits(None, &diffs, false), []);
        assert_eq!(edits(None, &[], true), [Edit::set(&["status"], json!({}))]);
    }

    #[test]
    fn a_true_status_stays_as_it_is() {
        let current = status(json!({"ipClaimStatus": [{"prefix": "10.0.0.2/24"}], "vlanClaimStatus": {"vlanID": 7}}));
        let diffs = [address("10.0.0.2/24"), vlan(7)];
        assert_eq!(edits(Some(&current), &diffs, true), []);
        assert_eq!(edits(Some(&current), &diffs, false), []);
    }

    #[test]
    fn what_is_listed_is_replaced_not_added_to() {
        let current = status(json!({
            "ipClaimStatus": [{"prefix": "10.0.0.2/24", "gateway": "10.0.0.1"}], "vlanClaimStatus": {"vlanID": 7},
        }));
        assert_eq!(
            edits(Some(&current), &[address("10.0.9.2/24")], true),
            [
                Edit::set(&["status", "ipClaimStatus"], json!([{"prefix": "10.0.9.2/24"}])),
                Edit::remove(&["status", "vlanClaimStatus"]),
            ]
        );
    }

    #[test]
    fn before_all_is_ready_only_what_is_void_goes() {
        let current = status(json!({
            "ipClaimStatus": [{"prefix": "10.0.0.2/24"}, {"prefix": "2001:db8::2/64"}], "vlanClaimStatus": {"vlanID": 7},
        }));
        let diffs = [address("2001:db8::2/64"), diff(Answer::None), vlan(7)];
        assert_eq!(
            edits(Some(&current), &diffs, false),
            [Edit::set(&["status", "ipClaimStatus"], json!([{"prefix": "2001:db8::2/64"}]))]
        );
    }
}
