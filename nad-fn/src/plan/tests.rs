use krm::{FileRef, ObjectRef};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::*;

const OWNER: &str = "workload.nephio.org/v1alpha1.NFDeployment.upf";
const PREFIX: &str = "req.nephio.org/v1alpha1.Interface.";

/// A package that is put together piece by piece.
#[derive(Default)]
struct Pack {
    package: Package,
    items: usize,
    conditions: Vec<Value>,
}

impl Pack {
    /// With a cluster.
    fn new() -> Self {
        let spec = json!({"clusterName": "west", "cnis": ["macvlan", "ipvlan", "sriov"], "masterInterface": "eth1"});
        let mut pack = Self::default();
        pack.package.cluster = Cluster::of(vec![(source("WorkloadCluster", "west"), from(spec))]);
        pack
    }

    fn placed<T: DeserializeOwned>(&mut self, kind: &str, object: Value) -> Placed<T> {
        self.items += 1;
        let name = object["metadata"]["name"].as_str().unwrap().to_owned();
        Placed { item: self.items, source: source(kind, &name), object: from(object) }
    }

    fn interface(mut self, name: &str, namespace: Option<&str>, owned: bool, spec: Value) -> Self {
        let annotations = if owned { json!({"specializer.nephio.org/owner": OWNER}) } else { json!({}) };
        self.annotated(name, namespace, annotations, spec);
        self
    }

    fn annotated(&mut self, name: &str, namespace: Option<&str>, annotations: Value, spec: Value) {
        let mut whole = json!({"networkInstance": {"name": "access"}, "cniType": "macvlan"});
        whole.as_object_mut().unwrap().extend(spec.as_object().unwrap().clone());
        let metadata = json!({"name": name, "namespace": namespace, "annotations": annotations});
        let placed = self.placed("Interface", json!({"metadata": metadata, "spec": whole}));
        self.package.interfaces.push(placed);
    }

    fn claim(mut self, name: &str, namespace: Option<&str>, owner: Option<&str>, status: Value) -> Self {
        let object = json!({
            "metadata": {"name": name, "namespace": namespace, "annotations": owned_by(owner)},
            "spec": {"networkInstance": {"name": "access"}}, "status": status,
        });
        let placed = self.placed("IPClaim", object);
        self.package.ip_claims.push(placed);
        self
    }

    fn vlan(mut self, name: &str, owner: Option<&str>, id: Option<u16>) -> Self {
        let object = json!({"metadata": {"name": name, "annotations": owned_by(owner)}, "status": {"vlanID": id}});
        let placed = self.placed("VLANClaim", object);
        self.package.vlan_claims.push(placed);
        self
    }

    fn condition(mut self, kind: &str, name: &str, status: &str, reason: Option<&str>) -> Self {
        let api_version = match kind {
            "IPClaim" => "ipam.resource.nephio.org/v1alpha1",
            "VLANClaim" => "vlan.resource.nephio.org/v1alpha1",
            _ => "k8s.cni.cncf.io/v1",
        };
        let reason = reason.map(|reason| format!("{PREFIX}{reason}"));
        self.conditions.push(json!({
            "type": format!("{api_version}.{kind}.{name}"), "status": status, "reason": reason, "message": "as before",
        }));
        self
    }

    fn nad_condition(self, name: &str, reason: &str) -> Self {
        self.condition("NetworkAttachmentDefinition", name, "False", Some(reason))
    }

    /// The plan, and the NAD conditions after it as `name status message`.
    fn plan(&self) -> (Plan, Vec<String>) {
        let mut conditions = Conditions::of(&json!({"status": {"conditions": self.conditions}})).unwrap();
        let plan = plan(&self.package, &Settings::default(), &source("Kptfile", "upf"), &mut conditions);
        let shown = conditions.iter().filter_map(|(gvkn, condition)| {
            let name = gvkn.strip_prefix("k8s.cni.cncf.io/v1.NetworkAttachmentDefinition.")?;
            Some(format!("{name} {} {}", condition.status, condition.message.as_deref().unwrap_or_default()))
        });
        (plan, shown.collect())
    }

    fn written(&self) -> Vec<String> {
        self.plan().0.attachments.iter().map(|attachment| attachment.name.shown()).collect()
    }

    fn conditions(&self) -> Vec<String> {
        self.plan().1
    }

    fn codes(&self) -> Vec<&'static str> {
        self.plan().0.findings.iter().map(|finding| finding.code).collect()
    }

    fn config(&self) -> Value {
        let (plan, _) = self.plan();
        let [attachment] = plan.attachments.as_slice() else { panic!("{plan:?}") };
        serde_json::from_str(&attachment.config).unwrap()
    }
}

fn from<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

fn source(kind: &str, name: &str) -> Source {
    let object =
        ObjectRef { api_version: "v1".to_owned(), kind: kind.to_owned(), namespace: None, name: name.to_owned() };
    Source { object, file: Some(FileRef::new(format!("{}.yaml", name))) }
}

fn owned_by(owner: Option<&str>) -> Value {
    owner.map_or(json!({}), |owner| json!({"specializer.nephio.org/owner": format!("{PREFIX}{owner}")}))
}

fn v4(host: u8) -> Value {
    json!({"prefix": format!("10.1.3.{host}/24"), "gateway": "10.1.3.1"})
}

fn done(name: &str) -> String {
    format!("{name} True update done")
}

/// One Interface with an owner and a namespace.
fn one(spec: Value) -> Pack {
    Pack::new().interface("n3", Some("core"), true, spec)
}

// --- which claims count ---------------------------------------------------------------------------------------------

#[test]
fn an_owned_claim_counts_whatever_its_name_and_namespace() {
    let pack = one(json!({})).claim("by-another-name", Some("elsewhere"), Some("n3"), v4(2));
    assert_eq!(pack.written(), ["core/upf-n3"]);
}

#[test]
fn with_namesakes_a_claim_needs_the_right_name() {
    let pack = one(json!({})).claim("by-another-name", None, Some("n3"), v4(2)).interface(
        "n3",
        Some("edge"),
        false,
        json!({}),
    );
    assert_eq!(pack.written(), [""; 0]);
    assert_eq!(pack.codes(), ["claim-missing", "claim-missing"]);
    let pack = pack.claim("n3", Some("edge"), Some("n3"), v4(3));
    assert_eq!(pack.written(), ["edge/n3"]);
}

#[test]
fn without_an_owner_a_claim_is_of_the_own_namespace() {
    let pack = Pack::new().interface("n3", Some("core"), false, json!({})).claim("n3", Some("edge"), Some("n3"), v4(2));
    assert_eq!(pack.written(), [""; 0]);
    assert_eq!(pack.claim("n3", Some("core"), Some("n3"), v4(3)).written(), ["core/n3"]);
}

#[test]
fn a_claim_of_nobody_stands_in_by_its_name() {
    let pack = one(json!({})).claim("upf-n3-ipv4", None, None, v4(2));
    assert_eq!(pack.written(), ["core/upf-n3"]);
    // Beside the Interface's own claim of that family it is another's.
    let pack = one(json!({})).claim("mine", None, Some("n3"), v4(2)).claim("upf-n3-ipv4", None, None, v4(9));
    assert_eq!(pack.config().to_string().matches("10.1.3.").count(), 2, "one address and its gateway");
}

#[test]
fn without_a_policy_the_claims_that_are_there_decide() {
    let v6 = json!({"prefix": "2001:db8::2/64"});
    assert_eq!(one(json!({})).claim("c", None, Some("n3"), v6.clone()).written(), ["core/upf-n3"]);
    let stated = one(json!({"ipFamilyPolicy": "ipv4only"})).claim("c", None, Some("n3"), v6);
    assert_eq!(stated.codes(), ["claim-missing"]);
}

#[test]
fn the_vlan_claim_that_is_named_and_answered_counts() {
    let pack = one(json!({"attachmentType": "vlan"}))
        .claim("c", None, Some("n3"), v4(2))
        .vlan("a", Some("n3"), Some(7))
        .vlan("upf-n3", Some("n3"), Some(8));
    assert_eq!(pack.config()["plugins"][0]["master"], "eth1.8");
}

#[test]
fn a_vlan_claim_counts_although_no_vlan_is_asked_for() {
    let pack = one(json!({})).claim("c", None, Some("n3"), v4(2)).vlan("upf-n3", Some("n3"), None);
    assert_eq!(pack.codes(), ["claim-unresolved"]);
    let stranger = one(json!({})).claim("c", None, Some("n3"), v4(2)).vlan("upf-n3", None, Some(7));
    assert_eq!(stranger.config()["plugins"][0]["master"], "eth1");
}

// --- what holds an attachment back ----------------------------------------------------------------------------------

#[test]
fn the_claim_decides_where_it_has_no_condition() {
    let pack = one(json!({})).claim("upf-n3-ipv4", None, Some("n3"), v4(2)).nad_condition("upf-n3", "n3");
    assert_eq!(pack.conditions(), [done("upf-n3")]);
}

#[test]
fn a_false_condition_of_a_claim_holds_back_in_silence() {
    let pack = one(json!({})).claim("upf-n3-ipv4", None, Some("n3"), v4(2)).nad_condition("upf-n3", "n3");
    let pack = pack.condition("IPClaim", "upf-n3-ipv4", "False", Some("n3"));
    assert_eq!(pack.conditions(), ["upf-n3 False as before"]);
    assert_eq!(pack.codes(), ["claim-unresolved"]);
}

#[test]
fn so_does_one_of_a_claim_that_is_not_there() {
    let pack = one(json!({})).claim("upf-n3-ipv4", None, Some("n3"), v4(2));
    let pack = pack.condition("VLANClaim", "upf-n3", "False", Some("n3"));
    assert_eq!(pack.written(), [""; 0]);
}

#[test]
fn a_condition_that_several_claims_share_does_not() {
    let pack = Pack::new()
        .interface("n3", Some("core"), false, json!({}))
        .interface("n3", Some("edge"), false, json!({}))
        .claim("n3", Some("core"), Some("n3"), v4(2))
        .claim("n3", Some("edge"), Some("n3"), json!({}))
        .condition("IPClaim", "n3", "False", Some("n3"))
        .nad_condition("n3", "n3");
    assert_eq!(pack.written(), ["core/n3"]);
    assert_eq!(pack.conditions(), ["n3 False as before"], "the one that waits keeps the shared condition as it is");
}

// --- whose a condition is -------------------------------------------------------------------------------------------

#[test]
fn the_reason_tells_whose_a_condition_is() {
    let pack = one(json!({})).claim("c", None, Some("n3"), v4(2)).nad_condition("of-old", "n3");
    assert_eq!(pack.conditions(), [done("of-old")]);
}

#[test]
fn the_type_comes_before_the_reason() {
    let pack = one(json!({})).claim("c", None, Some("n3"), v4(2)).nad_condition("upf-n3", "n9");
    assert_eq!(pack.conditions(), [done("upf-n3")]);
    let pack = one(json!({})).claim("c", None, Some("n3"), v4(2)).condition(
        "NetworkAttachmentDefinition",
        "upf-n3",
        "False",
        None,
    );
    assert_eq!(pack.conditions(), [done("upf-n3")]);
}

#[test]
fn a_condition_is_made_for_what_is_done_only() {
    let waiting = one(json!({})).claim("c", None, Some("n3"), json!({}));
    assert_eq!(waiting.conditions(), [""; 0]);
    let done_once = one(json!({})).claim("c", None, Some("n3"), v4(2));
    assert_eq!(done_once.conditions(), [done("upf-n3")]);
}

#[test]
fn a_loopback_does_not_answer_the_condition_of_its_namesake() {
    let pack = one(json!({}))
        .claim("upf-n3-ipv4", None, Some("n3"), v4(2))
        .interface("n3", Some("edge"), true, json!({"cniType": ""}))
        .nad_condition("upf-n3", "n3");
    assert_eq!(pack.conditions(), [done("upf-n3")]);
}

#[test]
fn foreign_conditions_stay() {
    let pack = one(json!({}))
        .claim("c", None, Some("n3"), v4(2))
        .condition("NetworkAttachmentDefinition", "mgmt", "True", None)
        .condition("NetworkAttachmentDefinition", "gone", "True", Some("n9"));
    let expected = ["mgmt True as before", "gone False expected Interface object to generate the nad", &done("upf-n3")];
    assert_eq!(pack.conditions(), expected);
}

// --- what an attachment is fastened to ------------------------------------------------------------------------------

#[test]
fn a_resource_is_enough_for_sriov() {
    let mut pack = Pack::default();
    let resource = json!({"k8s.v1.cni.cncf.io/resourceName": "example.com/nic"});
    pack.annotated("n3", Some("core"), resource, json!({"cniType": "sriov"}));
    let pack = pack.claim("n3", Some("core"), Some("n3"), v4(2));
    assert_eq!(pack.config()["plugins"][0].get("master"), None);
    let mut pack = Pack::default();
    pack.annotated("n3", Some("core"), json!({}), json!({"cniType": "sriov"}));
    assert_eq!(pack.claim("n3", Some("core"), Some("n3"), v4(2)).codes(), ["master-unknown"]);
}

#[test]
fn the_gateway_of_an_extra_route_is_of_its_family() {
    let mut pack = Pack::new();
    let routes = json!({"krmnet.dev/routes": "2001:db8:9::/48, 10.9.0.0/16"});
    pack.annotated("n3", Some("core"), routes, json!({}));
    let pack = pack.claim("n3", Some("core"), Some("n3"), v4(2)).claim(
        "n3-ipv6",
        Some("core"),
        Some("n3"),
        json!({"prefix": "2001:db8::2/64", "gateway": "2001:db8::1"}),
    );
    let expected = json!([{"dst": "10.9.0.0/16", "gw": "10.1.3.1"}, {"dst": "2001:db8:9::/48", "gw": "2001:db8::1"}]);
    assert_eq!(pack.config()["plugins"][0]["ipam"]["routes"], expected);
}
