use krm::{ObjectRef, Severity, qualified};
use serde_json::{Map, json};

use super::*;

mod changes;
mod first;
mod laws;
mod namesakes;
mod transient;

/// The objects of one package, run through the plan as often as a test likes.
#[derive(Debug, Clone)]
struct World {
    objects: Vec<Value>,
    kptfile: Value,
}

/// A condition, as tests compare it: type without its group and version, status, message.
type Row = (String, String, String);

impl World {
    fn new(objects: impl IntoIterator<Item = Value>) -> Self {
        let kptfile = json!({"apiVersion": "kpt.dev/v1", "kind": "Kptfile", "metadata": {"name": "pkg"}});
        Self { objects: objects.into_iter().collect(), kptfile }
    }

    fn package(&self) -> Package {
        let mut package = Package::default();
        let mut clusters = Vec::new();
        for (item, object) in self.objects.iter().enumerate() {
            let text = |path: &str| object.pointer(path).and_then(Value::as_str).map(str::to_owned);
            let source = Source {
                object: ObjectRef {
                    api_version: text("/apiVersion").unwrap(),
                    kind: text("/kind").unwrap(),
                    namespace: text("/metadata/namespace"),
                    name: text("/metadata/name").unwrap(),
                },
                file: None,
            };
            match source.object.kind.as_str() {
                "Interface" => package.interfaces.push(placed(item, source, object)),
                "IPClaim" => package.ip_claims.push(placed(item, source, object)),
                "VLANClaim" => package.vlan_claims.push(placed(item, source, object)),
                "NetworkAttachmentDefinition" => {
                    package.nads.push(placed(item, source, object.get("metadata").unwrap()));
                }
                "WorkloadCluster" => {
                    clusters.push((source, serde_json::from_value(object["spec"].clone()).unwrap()));
                }
                kind => panic!("{kind}"),
            }
        }
        package.cluster = Cluster::of(clusters);
        package
    }

    /// Runs the function once and answers the findings.
    fn run(&mut self) -> Vec<Finding> {
        let mut conditions = Conditions::of(&self.kptfile).unwrap();
        let plan = plan(&self.package(), &mut conditions);
        if plan.findings.iter().any(Finding::is_error) {
            return plan.findings;
        }
        for (item, edits) in plan.edits {
            let object = self.objects.get_mut(item).unwrap();
            edits.into_iter().for_each(|edit| crate::apply::change(object, edit));
        }
        let mut items = 0..;
        self.objects.retain(|_| !plan.remove.contains(&items.next().unwrap()));
        self.objects.extend(plan.create.into_iter().map(|child| child.value));
        conditions.write_into(&mut self.kptfile);
        plan.findings
    }

    /// What ipam-fn, vlan-fn and nad-fn do: every claim gets an answer, every condition but the Interfaces' is True.
    fn fulfil(&mut self) {
        for (number, object) in self.objects.iter_mut().enumerate() {
            let answered = object.get("status").and_then(Value::as_object).is_some_and(|status| !status.is_empty());
            if answered {
                continue;
            }
            match object["kind"].as_str().unwrap() {
                "IPClaim" => object["status"] = json!({"prefix": format!("10.0.0.{number}/24"), "gateway": "10.0.0.1"}),
                "VLANClaim" => object["status"] = json!({"vlanID": 10}),
                _ => {}
            }
        }
        let mut conditions = Conditions::of(&self.kptfile).unwrap();
        let rows: Vec<(String, Option<String>)> =
            conditions.iter().map(|(gvkn, condition)| (gvkn.to_owned(), condition.reason.clone())).collect();
        for (gvkn, reason) in rows {
            if gvkn.contains(".Interface.") {
                continue;
            }
            conditions.set(&gvkn, krm::kptfile::Status::True, reason.as_deref(), Some("update done"));
            if let Some(name) = gvkn.strip_prefix("k8s.cni.cncf.io/v1.NetworkAttachmentDefinition.")
                && self.find("NetworkAttachmentDefinition", name).is_none()
            {
                self.objects.push(json!({
                    "apiVersion": "k8s.cni.cncf.io/v1", "kind": "NetworkAttachmentDefinition",
                    "metadata": {"name": name, "namespace": "upf", "annotations": {annotations::OWNER: reason}},
                }));
            }
        }
        conditions.write_into(&mut self.kptfile);
    }

    /// A package that went through the whole pipeline.
    fn done(objects: impl IntoIterator<Item = Value>) -> Self {
        let mut world = Self::new(objects);
        assert_eq!(world.run(), []);
        world.fulfil();
        assert_eq!(world.run(), []);
        world
    }

    fn find(&self, kind: &str, name: &str) -> Option<&Value> {
        self.objects.iter().find(|object| object["kind"] == kind && object["metadata"]["name"] == name)
    }

    fn object(&mut self, kind: &str, name: &str) -> &mut Value {
        self.objects.iter_mut().find(|object| object["kind"] == kind && object["metadata"]["name"] == name).unwrap()
    }

    /// Takes an object out, as a user does who deletes its file.
    fn delete(&mut self, kind: &str, name: &str) -> Value {
        let at = self.objects.iter().position(|o| o["kind"] == kind && o["metadata"]["name"] == name).unwrap();
        self.objects.remove(at)
    }

    /// `Kind name` or `Kind namespace/name` of every object but Interfaces and clusters, sorted.
    fn children(&self) -> Vec<String> {
        let child = |object: &&Value| !matches!(object["kind"].as_str(), Some("Interface" | "WorkloadCluster"));
        let name = |object: &Value| {
            let namespace = object["metadata"]["namespace"].as_str();
            let name = qualified(namespace, object["metadata"]["name"].as_str().unwrap());
            format!("{} {name}", object["kind"].as_str().unwrap())
        };
        let mut names: Vec<String> = self.objects.iter().filter(child).map(name).collect();
        names.sort();
        names
    }

    fn conditions(&self) -> Vec<Row> {
        let conditions = Conditions::of(&self.kptfile).unwrap();
        let row = |(gvkn, condition): (&str, &krm::kptfile::Condition)| {
            let gvkn: api::Gvkn = gvkn.parse().unwrap();
            let message = condition.message.clone().unwrap_or_default();
            (format!("{} {}", gvkn.kind, gvkn.name), condition.status.clone(), message)
        };
        conditions.iter().map(row).collect()
    }

    fn condition(&self, kind_and_name: &str) -> Option<Row> {
        self.conditions().into_iter().find(|(name, ..)| name == kind_and_name)
    }

    fn reason(&self, gvkn: &str) -> Option<String> {
        Conditions::of(&self.kptfile).unwrap().get(gvkn).unwrap().reason.clone()
    }

    fn set_conditions(&mut self, conditions: Value) {
        self.kptfile["status"] = json!({ "conditions": conditions });
    }
}

fn placed<T: serde::de::DeserializeOwned>(item: usize, source: Source, object: &Value) -> Placed<T> {
    Placed { item, source, object: serde_json::from_value(object.clone()).unwrap() }
}

use api::annotations;

const DEPLOYMENT: &str = "workload.nephio.org/v1alpha1.NFDeployment.upf-edge01";

fn cluster() -> Value {
    json!({
        "apiVersion": "infra.nephio.org/v1alpha1", "kind": "WorkloadCluster", "metadata": {"name": "edge01"},
        "spec": {"clusterName": "edge01", "cnis": ["macvlan", "ipvlan"], "masterInterface": "eth1"},
    })
}

/// An Interface without an owner, in namespace upf.
fn plain(name: &str, spec: Value) -> Value {
    json!({
        "apiVersion": "req.nephio.org/v1alpha1", "kind": "Interface",
        "metadata": {"name": name, "namespace": "upf"}, "spec": spec,
    })
}

/// An Interface that belongs to the NFDeployment upf-edge01.
fn owned(name: &str, spec: Value) -> Value {
    let mut interface = plain(name, spec);
    interface["metadata"] = json!({"name": name, "annotations": {
        annotations::OWNER: DEPLOYMENT, annotations::NAMESPACE: "upf", annotations::LOCAL_CONFIG: "true",
    }});
    interface
}

fn macvlan() -> Value {
    json!({"networkInstance": {"name": "vpc-ran"}, "cniType": "macvlan"})
}

fn macvlan_with(field: &str, value: impl Into<Value>) -> Value {
    let mut spec = macvlan();
    spec[field] = value.into();
    spec
}

fn row(name: &str, status: &str, message: &str) -> Row {
    (name.to_owned(), status.to_owned(), message.to_owned())
}

fn codes(findings: &[Finding]) -> Vec<(Severity, &'static str)> {
    findings.iter().map(|finding| (finding.severity, finding.code)).collect()
}

fn is_empty(value: &Value) -> bool {
    value.as_object().is_some_and(Map::is_empty)
}
