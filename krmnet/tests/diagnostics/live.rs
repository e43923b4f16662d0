//! Results that no golden case has: faults of trees and pipelines, of ResourceLists, and of single values of an
//! attachment.

use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::process::{Command, Stdio};

use crate::results::{Reported, parse};
use crate::text_of;

const KPTFILE: &str = "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: upf\n";

/// Packages that cannot be rendered, by their files.
const TREES: [&[(&str, &str)]; 7] = [
    &[],
    &[("Kptfile", KPTFILE), (".krmignore", "{a,b\n")],
    &[
        ("Kptfile", KPTFILE),
        ("claim.yaml", "apiVersion: ipam.resource.nephio.org/v1alpha1\nkind: IPClaim\nmetadata: [\n"),
    ],
    &[
        ("Kptfile", KPTFILE),
        (
            "claims.yaml",
            "apiVersion: v1\nkind: List\nitems:\n- apiVersion: ipam.resource.nephio.org/v1alpha1\n  kind: IPClaim\n  metadata: \
             {name: n3}\n",
        ),
    ],
    &[(
        "Kptfile",
        "apiVersion: kpt.dev/v1\nkind: Kptfile\npipeline:\n  mutators:\n  - image: ipam-fn\n    selector: []\n",
    )],
    &[(
        "Kptfile",
        "apiVersion: kpt.dev/v1\nkind: Kptfile\npipeline:\n  mutators:\n  - image: gcr.io/kpt-fn/set-labels:v0.2.0\n",
    )],
    &[(
        "Kptfile",
        "apiVersion: kpt.dev/v1\nkind: Kptfile\npipeline:\n  mutators:\n  - image: ipam-fn\n    configPath: config.yaml\n",
    )],
];

/// ResourceLists that a function refuses.
const LISTS: [(&str, &str); 3] = [
    (
        "ipam-fn",
        "functionConfig:\n  apiVersion: fn.krmnet.dev/v1alpha1\n  kind: VlanFn\n  metadata: {name: settings}\nitems:\n\
         - {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n",
    ),
    (
        "ipam-fn",
        "items:\n- apiVersion: ipam.resource.nephio.org/v1alpha1\n  kind: IPClaim\n  metadata:\n    name: n3\n    name: n4\n    \
         annotations: {internal.config.kubernetes.io/path: n3.yaml}\n",
    ),
    (
        "vlan-fn",
        "items:\n- apiVersion: vlan.resource.nephio.org/v1alpha1\n  kind: VLANIndex\n  metadata: {name: edge01}\n\
         - apiVersion: vlan.resource.nephio.org/v1alpha1\n  kind: VLANClaim\n  metadata:\n    name: &name n3\n    annotations: \
         {internal.config.kubernetes.io/path: n3.yaml, example.com/app: *name}\n  spec:\n    vlanIndex: {name: edge01}\n",
    ),
];

/// A golden case of nad-fn, and values of it with which its attachment would not work.
const ATTACHMENT: &str = "testdata/nad-fn/routes-of-the-interface/in.yaml";
const ROUTES: &str = "krmnet.dev/routes: 10.9.0.0/16, 10.30.0.0/16 via 10.20.3.9";
const VALUES: [(&str, &str); 10] = [
    ("prefix: 10.20.3.2/24", "prefix: 10.20.3.255/24"),
    ("prefix: 10.20.3.2/24", "prefix: 224.0.0.1/24"),
    ("prefix: 10.20.3.2/24", "prefix: ::ffff:10.20.3.2/120"),
    ("gateway: 10.20.3.1", "gateway: fd00::1"),
    ("gateway: 10.20.3.1", "gateway: 10.20.3.255"),
    ("gateway: 10.20.3.1", "gateway: 10.20.3.0"),
    ("gateway: 10.20.3.1", "gateway: 10.20.3.2"),
    ("masterInterface: ens2f0", "masterInterface: ens2/0"),
    (ROUTES, "krmnet.dev/routes: 10.20.3.0/24"),
    (ROUTES, "krmnet.dev/routes: 10.9.0.0/16, 10.9.0.0/16 via 10.20.3.9"),
];

/// What all of these report.
pub(crate) fn results() -> Vec<Reported> {
    let mut results = Vec::new();
    for files in TREES {
        results.extend(refused(files, None));
    }
    results.extend(refused(&[("Kptfile", KPTFILE)], Some(("pools.yaml", "/etc/passwd"))));
    for (function, rest) in LISTS {
        let list = format!("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n{rest}");
        results.extend(run(function, &list));
    }
    let attachment = text_of(ATTACHMENT);
    for (from, to) in VALUES {
        assert!(attachment.contains(from), "{ATTACHMENT} holds no `{from}`");
        results.extend(run("nad-fn", &attachment.replace(from, to)));
    }
    results
}

fn refused(files: &[(&str, &str)], link: Option<(&str, &str)>) -> Vec<Reported> {
    let (success, results) = render(files, link);
    assert!(!success, "{files:?}");
    results
}

/// Renders a package; answers whether that succeeded, and what was reported.
fn render(files: &[(&str, &str)], link: Option<(&str, &str)>) -> (bool, Vec<Reported>) {
    let scratch = tempfile::tempdir().unwrap();
    let package = scratch.path().join("upf");
    fs::create_dir(&package).unwrap();
    for (path, text) in files {
        fs::write(package.join(path), text).unwrap();
    }
    if let Some((path, target)) = link {
        symlink(target, package.join(path)).unwrap();
    }
    let mut krmnet = Command::new(env!("CARGO_BIN_EXE_krmnet"));
    let output = krmnet.args(["render", "upf", "--format", "json"]).current_dir(scratch.path()).output().unwrap();
    (output.status.success(), parse(&String::from_utf8(output.stdout).unwrap(), "krmnet", "a render"))
}

fn run(function: &str, list: &str) -> Vec<Reported> {
    let mut krmnet = Command::new(env!("CARGO_BIN_EXE_krmnet"));
    let command = krmnet.args(["fn", function]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(list.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(!output.status.success(), "{function} takes\n{list}");
    let text = String::from_utf8(output.stdout).unwrap();
    let results = text.find("\nresults:").and_then(|start| text.get(start..)).unwrap_or_default();
    parse(results, function, function)
}

#[test]
fn what_two_functions_find_is_told_once() {
    const CLUSTER: &str = "apiVersion: infra.nephio.org/v1alpha1\nkind: WorkloadCluster\nmetadata: {name: west}\n";
    const INTERFACE: &str = "apiVersion: req.nephio.org/v1alpha1\nkind: Interface\nmetadata:\n  name: n3\n  annotations:\n    \
                             specializer.nephio.org/owner: workload.nephio.org/v1alpha1.NFDeployment.upf-west\nspec:\n  \
                             networkInstance: {name: access}\n  cniType: sriov\n";
    for (cluster, code) in [
        ("spec: {clusterName: example}\n", "cluster-incomplete"),
        ("spec: {clusterName: west, cnis: [macvlan], masterInterface: eth1}\n", "cni-not-in-cluster"),
        (
            "---\napiVersion: infra.nephio.org/v1alpha1\nkind: WorkloadCluster\nmetadata: {name: east}\n",
            "cluster-doubled",
        ),
    ] {
        let cluster = format!("{CLUSTER}{cluster}");
        let files = [("Kptfile", KPTFILE), ("cluster.yaml", cluster.as_str()), ("interface.yaml", INTERFACE)];
        let (success, results) = render(&files, None);
        let texts: Vec<&str> = results.iter().map(|reported| reported.text.as_str()).collect();
        assert!(success, "{texts:?}");
        assert_eq!(results.iter().filter(|reported| reported.code == code).count(), 1, "{texts:?}");
    }
}
