//! Random packages: Interfaces, clusters, claims, Networks, attachments of earlier renders and of others, conditions.
//! Mostly sensible, with a bit of everything that can be wrong.

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

pub(crate) const INTERFACE: &str = "req.nephio.org/v1alpha1.Interface.";
const OWNER: &str = "workload.nephio.org/v1alpha1.NFDeployment.upf";

fn words(words: &[&str]) -> impl Strategy<Value = String> + Clone + use<> {
    select(words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
}

/// One of the usual words, and now and then an odd one: one Interface that is wrong fails its whole package.
fn mostly(usual: &[&str], odd: &[&str]) -> impl Strategy<Value = String> + Clone + use<> {
    prop_oneof![40 => words(usual), 1 => words(odd)]
}

/// One Interface with all that may belong to it.
#[derive(Debug, Clone)]
struct Part {
    interface: Value,
    /// What the names of its children are made of.
    name: String,
    namespace: Option<String>,
    owned: bool,
    others: Vec<Value>,
    conditions: Vec<Value>,
}

fn annotations() -> impl Strategy<Value = Map<String, Value>> {
    let master = weighted(0.3, mostly(&["eth1", "ens5f0"], &["enp129s0f0np0", "eth 1"]));
    let mtu = weighted(0.1, mostly(&["1500", "9000", ""], &["1000", "jumbo"]));
    let mode = weighted(0.03, words(&["bridge", "l2", "l3", "vepa"]));
    let routes = mostly(
        &["10.9.0.0/16", "10.9.0.0/16, 10.8.0.0/16", "0.0.0.0/0"],
        &["10.9.0.0/16 via 10.0.3.9", "10.0.3.0/24", "x", "::/0"],
    );
    let resource = weighted(0.3, Just("example.com/nic".to_owned()));
    (master, mtu, mode, weighted(0.05, routes), resource).prop_map(|(master, mtu, mode, routes, resource)| {
        let mut annotations = Map::new();
        let stated = [
            ("krmnet.dev/master", master),
            ("krmnet.dev/mtu", mtu),
            ("krmnet.dev/mode", mode),
            ("krmnet.dev/routes", routes),
            ("k8s.v1.cni.cncf.io/resourceName", resource),
        ];
        annotations.extend(stated.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?.into()))));
        annotations
    })
}

fn status() -> impl Strategy<Value = Value> {
    let host = || prop_oneof![40 => 2_u8..6, 1 => 0_u8..2];
    let router = prop_oneof![40 => Just(1_u8), 1 => 0_u8..3];
    let v4 = (0_u8..4, host(), weighted(0.8, router)).prop_map(|(net, host, gateway)| {
        let gateway = gateway.map_or(String::new(), |gateway| format!("10.0.{net}.{gateway}"));
        json!({"prefix": format!("10.0.{net}.{host}/24"), "gateway": gateway})
    });
    let v6 = (0_u8..3, host(), any::<bool>()).prop_map(|(net, host, routed)| {
        let mut status = json!({"prefix": format!("2001:DB8:0:{net}::{host}/64")});
        if routed {
            status["gateway"] = format!("2001:db8:0:{net}::1").into();
        }
        status
    });
    let odd = words(&["10.0.3.2", "::ffff:10.0.0.1/120", "127.0.0.1/8", "10.0.3.7/32", "10.0.3.6/31"])
        .prop_map(|prefix| json!({"prefix": prefix, "gateway": "10.0.3.1"}));
    prop_oneof![60 => v4, 20 => v6, 1 => odd, 8 => Just(json!({}))]
}

fn config() -> impl Strategy<Value = String> {
    let stale = (0_u8..4, 1_u8..5).prop_map(|(net, host)| {
        format!(
            r#"{{"cniVersion":"0.3.1","plugins":[{{"type":"macvlan","master":"eth1","ipam":{{"type":"static","addresses":[{{"address":"10.0.{net}.{host}/24"}}]}}}}]}}"#
        )
    });
    let dynamic = r#"{"cniVersion":"0.3.1","type":"macvlan","master":"eth1","ipam":{"type":"whereabouts","range":"10.0.3.0/24"}}"#;
    prop_oneof![4 => stale, 1 => Just(dynamic.to_owned()), 1 => words(&["", "{", "[]", "{\"type\":7}"])]
}

fn condition(gvkn: String, owner: &str, status: &str) -> Value {
    json!({"message": "as before", "reason": format!("{INTERFACE}{owner}"), "status": status, "type": gvkn})
}

/// One Interface with its claims, VLANClaim, attachment and their conditions.
fn part() -> impl Strategy<Value = Part> {
    let cni = weighted(0.93, mostly(&["macvlan", "ipvlan", "sriov", "bridge", "host-device"], &["vlan", "ovs", ""]));
    let network = weighted(0.99, mostly(&["access", "mesh"], &["default"]));
    let identity = (words(&["n3", "n4", "n6"]), weighted(0.9, words(&["upf", "smf"])), any::<bool>());
    let spec = (cni, network, any::<bool>(), weighted(0.1, words(&["ipv4only", "ipv6-only", "dualstack", "none"])));
    let claims = vec((any::<bool>(), status()), 0..3);
    let vlan = weighted(0.5, weighted(0.9, prop_oneof![60 => 2_u16..4095, 1 => Just(4095_u16)]));
    let nad = weighted(0.4, (any::<bool>(), config()));
    let state = || weighted(0.9, prop_oneof![12 => words(&["True"]), 1 => words(&["False"])]);
    (identity, spec, annotations(), claims, vlan, nad, (state(), state(), state())).prop_map(
        |((name, namespace, owned), (cni, network, tagged, policy), mut annotations, claims, vlan, nad, states)| {
            if owned {
                annotations.insert("specializer.nephio.org/owner".into(), OWNER.into());
            }
            let mut spec = json!({});
            let stated =
                [("cniType", cni), ("attachmentType", tagged.then(|| "vlan".to_owned())), ("ipFamilyPolicy", policy)];
            for (key, value) in stated {
                if let Some(value) = value {
                    spec[key] = value.into();
                }
            }
            if let Some(network) = &network {
                spec["networkInstance"] = json!({"name": network});
            }
            let child = |suffix: &str| match (owned, suffix) {
                (true, _) => format!("upf-{name}{suffix}"),
                (false, "-ipv4") => name.clone(),
                (false, _) => format!("{name}{suffix}"),
            };
            let mut others = Vec::new();
            let mut conditions = Vec::new();
            for (number, (is_named, status)) in claims.into_iter().enumerate() {
                let claim = child(if number == 0 { "-ipv4" } else { "-ipv6" });
                let mut metadata = json!({"name": claim, "namespace": namespace});
                if is_named || number == 0 {
                    metadata["annotations"] = json!({"specializer.nephio.org/owner": format!("{INTERFACE}{name}")});
                }
                let gvkn = format!("ipam.resource.nephio.org/v1alpha1.IPClaim.{claim}");
                conditions.extend(states.0.as_ref().map(|state| condition(gvkn, &name, state)));
                others.push(json!({
                    "apiVersion": "ipam.resource.nephio.org/v1alpha1", "kind": "IPClaim", "metadata": metadata,
                    "spec": {"networkInstance": {"name": network.clone().unwrap_or_default()}}, "status": status,
                }));
            }
            if let Some(id) = vlan {
                let claim = child("");
                conditions.extend(states.1.as_ref().map(|state| {
                    condition(format!("vlan.resource.nephio.org/v1alpha1.VLANClaim.{claim}"), &name, state)
                }));
                others.push(json!({
                    "apiVersion": "vlan.resource.nephio.org/v1alpha1", "kind": "VLANClaim",
                    "metadata": {"name": claim, "namespace": namespace,
                        "annotations": {"specializer.nephio.org/owner": format!("{INTERFACE}{name}")}},
                    "spec": {"vlanIndex": {"name": "west"}}, "status": {"vlanID": id},
                }));
            }
            let gvkn = format!("k8s.cni.cncf.io/v1.NetworkAttachmentDefinition.{}", child(""));
            conditions.extend(states.2.map(|state| condition(gvkn, &name, &state)));
            if let Some((ours, config)) = nad {
                others.push(attachment(&child(""), namespace.as_deref(), ours.then_some(name.as_str()), &config));
            }
            let interface = json!({
                "apiVersion": "req.nephio.org/v1alpha1", "kind": "Interface",
                "metadata": {"name": name, "namespace": namespace, "annotations": annotations},
                "spec": spec,
            });
            Part { interface, name, namespace, owned, others, conditions }
        },
    )
}

fn attachment(name: &str, namespace: Option<&str>, owner: Option<&str>, config: &str) -> Value {
    let annotations = match owner {
        Some(owner) => json!({"specializer.nephio.org/owner": format!("{INTERFACE}{owner}")}),
        None => json!({"example.com/by": "hand"}),
    };
    json!({
        "apiVersion": "k8s.cni.cncf.io/v1", "kind": "NetworkAttachmentDefinition",
        "metadata": {"name": name, "namespace": namespace, "annotations": annotations},
        "spec": {"config": config},
    })
}

fn cluster() -> impl Strategy<Value = Vec<Value>> {
    let cnis = prop_oneof![
        20 => Just(json!(["macvlan", "ipvlan", "sriov", "bridge", "vlan", "host-device", "ovs"])),
        1 => Just(json!(["ipvlan"])),
        1 => Just(json!([])),
    ];
    let one = |name: &'static str| {
        (cnis.clone(), mostly(&["west"], &["example"]), mostly(&["eth1"], &["", "ens2f0"])).prop_map(
            move |(cnis, cluster, master)| {
                json!({
                    "apiVersion": "infra.nephio.org/v1alpha1", "kind": "WorkloadCluster", "metadata": {"name": name},
                    "spec": {"clusterName": cluster, "cnis": cnis, "masterInterface": master},
                })
            },
        )
    };
    prop_oneof![
        20 => one("west").prop_map(|cluster| vec![cluster]),
        2 => Just(Vec::new()),
        1 => (one("west"), one("east")).prop_map(|(west, east)| vec![west, east]),
    ]
}

fn network() -> impl Strategy<Value = Value> {
    let usual = ["10.7.0.0/16", "10.6.0.5/16", "10.0.3.0/24", "10.0.0.0/8", "2001:db8:9::/48", "2001:db8:0:1::/64"];
    let prefix = mostly(&usual, &["0.0.0.0/0"]);
    vec(prefix, 0..4).prop_map(|prefixes| {
        let prefixes: Vec<Value> = prefixes.into_iter().map(|prefix| json!({"prefix": prefix})).collect();
        json!({
            "apiVersion": "infra.nephio.org/v1alpha1", "kind": "Network", "metadata": {"name": "access"},
            "spec": {"routingTables": [{"name": "access", "prefixes": prefixes}]},
        })
    })
}

/// The items of a package, each (kind, namespace, name) once, in random order.
pub(crate) fn items() -> impl Strategy<Value = Vec<Value>> {
    let foreign = vec((words(&["mgmt", "oam"]), config()), 0..2);
    (vec(part(), 1..5), cluster(), weighted(0.4, network()), foreign)
        .prop_map(|(parts, cluster, network, foreign)| {
            let mut items = Vec::new();
            let mut conditions: Vec<Value> = Vec::new();
            let mut taken: Vec<(String, Option<String>, bool)> = Vec::new();
            for part in parts {
                // Interfaces that ask for one attachment are another matter.
                let key = (part.name.clone(), part.namespace.clone(), part.owned);
                if taken.iter().any(|(name, namespace, _)| *name == key.0 && *namespace == key.1) {
                    continue;
                }
                taken.push(key);
                items.push(part.interface);
                items.extend(part.others);
                for condition in part.conditions {
                    if !conditions.iter().any(|present| present["type"] == condition["type"]) {
                        conditions.push(condition);
                    }
                }
            }
            items.extend(cluster);
            items.extend(network);
            items.extend(foreign.into_iter().map(|(name, config)| attachment(&name, Some("ops"), None, &config)));
            items.push(json!({
                "apiVersion": "kpt.dev/v1", "kind": "Kptfile", "metadata": {"name": "upf"},
                "status": {"conditions": conditions},
            }));
            let mut seen = Vec::new();
            items.retain(|item| {
                let identity =
                    (item["kind"].clone(), item["metadata"]["namespace"].clone(), item["metadata"]["name"].clone());
                let new = !seen.contains(&identity);
                seen.push(identity);
                new
            });
            items
        })
        .prop_shuffle()
}
