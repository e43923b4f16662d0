//! The life of a package, from its first render to the removal of an Interface and back, as a user lives it.
//!
//! The package is an NF on one cluster as Nephio packages it: Interfaces with an owner, VLANs, Networks that give routes.

// Helpers outside #[test] functions fail their test as those do.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

type Files = BTreeMap<String, String>;

const PIPELINE: [&str; 5] = ["interface-fn", "vlan-fn", "ipam-fn", "nad-fn", "interface-fn"];

/// Nephio's own order, without the functions that are not krmnet's; the claims are answered in the middle.
const NEPHIO: [&str; 8] =
    ["interface-fn", "nad-fn", "interface-fn", "ipam-fn", "vlan-fn", "nad-fn", "interface-fn", "interface-fn"];

fn kptfile(functions: &[&str]) -> String {
    let steps: String = functions.iter().map(|f| format!("  - image: docker.io/nephio/{f}:latest\n")).collect();
    format!("apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: upf\npipeline:\n  mutators:\n{steps}")
}

fn interface(name: &str, network: &str) -> String {
    format!(
        "apiVersion: req.nephio.org/v1alpha1
kind: Interface
metadata:
  name: {name} # the NF knows it by this name
  annotations:
    nephio.org/network-name: {name}
    config.kubernetes.io/local-config: \"true\"
    specializer.nephio.org/owner: workload.nephio.org/v1alpha1.NFDeployment.upf-west
    specializer.nephio.org/namespace: core
spec:
  networkInstance:
    name: {network}
  cniType: macvlan
  attachmentType: vlan
"
    )
}

fn cluster(name: &str) -> String {
    format!(
        "apiVersion: infra.nephio.org/v1alpha1
kind: WorkloadCluster
metadata:
  name: west
spec:
  clusterName: {name}
  cnis: [macvlan, ipvlan]
  masterInterface: eth1
"
    )
}

fn plan() -> String {
    let mut text = String::new();
    for (network, subnet, wide) in
        [("vpc-ran", "172.20.3.0/24", "172.20.0.0/16"), ("vpc-core", "172.21.4.1/26", "172.21.0.0/16")]
    {
        text.push_str(&format!(
            "apiVersion: ipam.resource.nephio.org/v1alpha1
kind: IPPrefix
metadata:
  name: {network}
spec:
  networkInstance: {{name: {network}}}   # no cluster label: it serves all
  prefix: {subnet}
---
apiVersion: infra.nephio.org/v1alpha1
kind: Network
metadata:
  name: {network}
spec:
  topology: nephio
  routingTables:
  - name: {network}
    prefixes:
    - prefix: {wide}
---
"
        ));
    }
    text + "apiVersion: vlan.resource.nephio.org/v1alpha1\nkind: VLANIndex\nmetadata:\n  name: west\n"
}

fn package(functions: &[&str]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "Kptfile", &kptfile(functions));
    write(root.path(), "interface-n3.yaml", &interface("n3", "vpc-ran"));
    write(root.path(), "interface-n4.yaml", &interface("n4", "vpc-core"));
    write(root.path(), "workload-cluster.yaml", &cluster("west"));
    write(root.path(), "plan.yaml", &plan());
    root
}

fn write(root: &Path, file: &str, text: &str) {
    fs::write(root.join(file), text).unwrap();
}

fn render(root: &Path) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_krmnet")).arg("render").arg(root).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

fn files(root: &Path) -> Files {
    fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap()))
        .collect()
}

/// The conditions of a Kptfile as a set of `type status message`.
fn conditions(files: &Files) -> Vec<String> {
    let kptfile: serde_json::Value = serde_yaml::from_str(&files["Kptfile"]).unwrap();
    let text = |condition: &serde_json::Value, key: &str| condition[key].as_str().unwrap_or_default().to_owned();
    let mut conditions: Vec<String> = kptfile["status"]["conditions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| format!("{} {} {}", text(c, "type"), text(c, "status"), text(c, "message")))
        .collect();
    conditions.sort();
    conditions
}

fn without(files: &Files, names: &[&str]) -> Files {
    files.iter().filter(|(name, _)| !names.contains(&name.as_str())).map(|(a, b)| (a.clone(), b.clone())).collect()
}

#[test]
fn one_render_completes_the_package_and_the_next_changes_nothing() {
    let root = package(&PIPELINE);
    render(root.path());
    let done = files(root.path());
    let n3 = &done["networkattachmentdefinition_upf-west-n3.yaml"];
    assert!(
        n3.contains(r#""master":"eth1.2""#) && n3.contains(r#""address":"172.20.3.2/24","gateway":"172.20.3.1""#),
        "{n3}"
    );
    assert!(
        n3.contains(r#""routes":[{"dst":"172.20.0.0/16","gw":"172.20.3.1"}]"#) && n3.contains("namespace: core"),
        "{n3}"
    );
    let n4 = &done["networkattachmentdefinition_upf-west-n4.yaml"];
    assert!(
        n4.contains(r#""master":"eth1.3""#) && n4.contains(r#""address":"172.21.4.2/26","gateway":"172.21.4.1""#),
        "{n4}"
    );
    assert!(
        conditions(&done).iter().all(|condition| condition.ends_with(" True update done")),
        "{:?}",
        conditions(&done)
    );
    assert_eq!(conditions(&done).len(), 8);
    render(root.path());
    assert_eq!(files(root.path()), done);
}

#[test]
fn nephios_order_of_functions_gives_the_same_package() {
    let (ours, nephios) = (package(&PIPELINE), package(&NEPHIO));
    render(ours.path());
    render(nephios.path());
    let (ours, nephios) = (files(ours.path()), files(nephios.path()));
    assert_eq!(without(&ours, &["Kptfile"]), without(&nephios, &["Kptfile"]));
    assert_eq!(conditions(&ours), conditions(&nephios));
}

#[test]
fn an_interface_that_goes_takes_what_it_owned_and_moves_nothing_else() {
    let root = package(&PIPELINE);
    render(root.path());
    let before = files(root.path());
    fs::remove_file(root.path().join("interface-n3.yaml")).unwrap();
    render(root.path());
    let after = files(root.path());
    let own = [
        "Kptfile",
        "interface-n3.yaml",
        "ipclaim_upf-west-n3-ipv4.yaml",
        "vlanclaim_upf-west-n3.yaml",
        "networkattachmentdefinition_upf-west-n3.yaml",
    ];
    assert_eq!(without(&after, &["Kptfile"]), without(&before, &own));
    assert_eq!(conditions(&after).len(), 4);
    assert!(conditions(&after).iter().all(|condition| condition.contains("n4")));

    write(root.path(), "interface-n3.yaml", &interface("n3", "vpc-ran"));
    render(root.path());
    assert_eq!(without(&files(root.path()), &["Kptfile"]), without(&before, &["Kptfile"]));
    assert_eq!(conditions(&files(root.path())), conditions(&before));
}

#[test]
fn transient_trouble_deletes_nothing_and_leaves_no_trace() {
    for trouble in ["example", ""] {
        let root = package(&PIPELINE);
        render(root.path());
        let before = files(root.path());
        write(
            root.path(),
            "workload-cluster.yaml",
            &cluster(trouble).replace("clusterName: \n", "clusterName: \"\"\n"),
        );
        render(root.path());
        let during = files(root.path());
        assert_eq!(
            without(&during, &["Kptfile", "workload-cluster.yaml"]),
            without(&before, &["Kptfile", "workload-cluster.yaml"])
        );
        assert!(conditions(&during).iter().any(|condition| condition.contains(" False ")));
        write(root.path(), "workload-cluster.yaml", &cluster("west"));
        render(root.path());
        assert_eq!(files(root.path()), before, "the same bytes as before the trouble");
    }
}

#[test]
fn another_network_frees_the_address_and_no_attachment_keeps_it() {
    let root = package(&PIPELINE);
    render(root.path());
    write(root.path(), "interface-n3.yaml", &interface("n3", "vpc-core"));
    render(root.path());
    let after = files(root.path());
    let n3 = &after["networkattachmentdefinition_upf-west-n3.yaml"];
    assert!(n3.contains("172.21.4.3/26") && !n3.contains("172.20."), "{n3}");
    assert!(after["interface-n3.yaml"].contains("172.21.4.3/26") && !after["interface-n3.yaml"].contains("172.20."));
    render(root.path());
    assert_eq!(files(root.path()), after);
}

#[test]
fn a_claim_that_lost_its_answer_takes_the_attachment_with_it() {
    // Without ipam-fn nobody answers the claim again: the attachment must not keep an address that is free.
    let root = package(&PIPELINE);
    render(root.path());
    write(root.path(), "Kptfile", &kptfile(&["interface-fn", "nad-fn", "interface-fn"]));
    let claim = root.path().join("ipclaim_upf-west-n3-ipv4.yaml");
    let text = fs::read_to_string(&claim).unwrap();
    let open = text.split("status:").next().unwrap();
    fs::write(&claim, open).unwrap();
    render(root.path());
    let after = files(root.path());
    assert!(!after.contains_key("networkattachmentdefinition_upf-west-n3.yaml"));
    assert!(after.contains_key("networkattachmentdefinition_upf-west-n4.yaml"));
}
