//! What is measured on: lists and trees as kpt would hand them over.

// Each bench and test uses its own part of this module.
#![allow(dead_code)]

use std::fmt::Write;
use std::{fs, io};

const HEAD: &str = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n";

/// The annotations that kpt adds to an item.
fn annotations(path: &str) -> String {
    format!(
        "    annotations:
      config.kubernetes.io/index: '0'
      config.kubernetes.io/path: '{path}'
      internal.config.kubernetes.io/index: '0'
      internal.config.kubernetes.io/path: '{path}'
      internal.config.kubernetes.io/seqindent: 'compact'
"
    )
}

fn pool(prefix: &str) -> String {
    format!(
        "- apiVersion: ipam.resource.nephio.org/v1alpha1
  kind: IPPrefix
  metadata:
    name: pool
{}  spec:
    kind: network
    networkInstance:
      name: vpc-ran
    prefix: {prefix}
",
        annotations("pool.yaml")
    )
}

/// Unresolved claims of some 530 bytes each, and a pool for all of them.
pub(crate) fn claims(count: usize) -> String {
    let mut list = format!("{HEAD}{}", pool("10.0.0.0/8"));
    for n in 0..count {
        let _ = write!(
            list,
            "- apiVersion: ipam.resource.nephio.org/v1alpha1
  kind: IPClaim
  metadata:
    name: upf-{n}-n3-ipv4
{}  spec:
    kind: network
    networkInstance:
      name: vpc-ran
    selector:
      matchLabels:
        nephio.org/address-family: ipv4
  status: {{}}
",
            annotations(&format!("ipclaim_upf-{n}-n3-ipv4.yaml"))
        );
    }
    list
}

/// A package of ConfigMaps, in which no function has anything to do.
pub(crate) fn workloads(bytes: usize) -> String {
    let mut list = HEAD.to_owned();
    item(&mut list, "Kptfile", &kptfile("oai"));
    let mut n = 0;
    while list.len() < bytes {
        let _ = write!(
            list,
            "- apiVersion: v1
  kind: ConfigMap
  metadata:
    name: settings-{n}
    namespace: oai
{}  data:
    key: \"value {n}\"
    # what the workload listens on
    ports: 38412, 2152
    config.yaml: |
      security:
        integrity: [NIA2, NIA1]
      amf: {{address: 10.1.2.3, port: 38412}}
",
            annotations(&format!("settings-{n}.yaml"))
        );
        n += 1;
    }
    list
}

fn interface(name: &str) -> String {
    format!(
        "apiVersion: req.nephio.org/v1alpha1
kind: Interface
metadata:
  name: {name}
  annotations:
    config.kubernetes.io/local-config: \"true\"
    specializer.nephio.org/owner: workload.nephio.org/v1alpha1.NFDeployment.upf-edge
    specializer.nephio.org/namespace: upf
spec:
  networkInstance:
    name: vpc-ran
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
  name: {name}
spec:
  clusterName: {name}
  cnis:
  - macvlan
  masterInterface: eth1
"
    )
}

fn vlan_index(name: &str) -> String {
    format!("apiVersion: vlan.resource.nephio.org/v1alpha1\nkind: VLANIndex\nmetadata:\n  name: {name}\n")
}

fn kptfile(name: &str) -> String {
    format!("apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: {name}\n")
}

/// Appends an object as an item, with kpt's annotations before its own.
fn item(list: &mut String, path: &str, text: &str) {
    let mut lines = text.lines();
    let _ = writeln!(list, "- {}", lines.next().unwrap_or_default());
    let mut annotated = false;
    for line in lines.filter(|line| *line != "  annotations:") {
        let _ = writeln!(list, "  {line}");
        if line.starts_with("  name: ") && !annotated {
            list.push_str(&annotations(path));
            annotated = true;
        }
    }
}

/// One package with a cluster, a pool and many Interfaces, as a list.
pub(crate) fn package(interfaces: usize) -> String {
    let mut list = format!("{HEAD}{}", pool("10.0.0.0/8"));
    let mut item = |path: &str, text: &str| item(&mut list, path, text);
    item("Kptfile", &kptfile("upf"));
    item("cluster.yaml", &cluster("edge"));
    item("vlanindex.yaml", &vlan_index("edge"));
    for n in 0..interfaces {
        item(&format!("interface-n{n}.yaml"), &interface(&format!("if{n}")));
    }
    list
}

/// A tree of packages with 20 Interfaces each, and the pools and VLAN indices at its root.
pub(crate) fn tree(packages: usize) -> io::Result<tempfile::TempDir> {
    let root = tempfile::tempdir()?;
    let pipeline = |functions: &[&str]| {
        let mut text = "pipeline:\n  mutators:\n".to_owned();
        for function in functions {
            let _ = writeln!(text, "  - image: ghcr.io/krmnet/{function}:v0.1.0");
        }
        text
    };
    let root_functions = ["interface-fn", "vlan-fn", "ipam-fn", "nad-fn", "interface-fn"];
    fs::write(root.path().join("Kptfile"), kptfile("fleet") + &pipeline(&root_functions))?;
    fs::write(
        root.path().join("pool.yaml"),
        "apiVersion: ipam.resource.nephio.org/v1alpha1
kind: IPPrefix
metadata:
  name: pool
spec:
  kind: network
  networkInstance:
    name: vpc-ran
  prefix: 10.0.0.0/8
",
    )?;
    for n in 0..packages {
        let name = format!("edge{n}");
        let directory = root.path().join(&name);
        fs::create_dir(&directory)?;
        fs::write(directory.join("Kptfile"), kptfile(&name))?;
        fs::write(directory.join("cluster.yaml"), cluster(&name))?;
        fs::write(directory.join("vlanindex.yaml"), vlan_index(&name))?;
        let interfaces: Vec<String> = (0..20).map(|i| interface(&format!("if{i}"))).collect();
        fs::write(directory.join("interfaces.yaml"), interfaces.join("---\n"))?;
    }
    Ok(root)
}
