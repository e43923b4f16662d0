//! Trouble that passes: nothing is removed, marked or voided by it.

use super::*;

const MISSING: &str = "stage1: cannot populate new resource err: workload cluster is missing from the kpt package";
const PLACEHOLDER: &str = "spec invalid: mandatory field ClusterName is missing from WorkloadCluster";

/// Runs a finished package with another cluster, and then with the first one again.
fn goes_and_comes_back(trouble: impl FnOnce(&mut World), message: &str, code: &'static str) {
    let mut world = World::done([cluster(), owned("n3", macvlan_with("attachmentType", "vlan"))]);
    let good = world.clone();
    trouble(&mut world);
    let troubled = world.clone();
    assert_eq!(codes(&world.run()), [(Severity::Warning, code)]);
    assert_eq!(world.objects, troubled.objects, "{message}");
    let mut expected = good.conditions();
    for (name, status, text) in &mut expected {
        if name == "Interface n3" {
            *status = "False".into();
            *text = message.into();
        }
    }
    assert_eq!(world.conditions(), expected);
    world.objects.clone_from(&good.objects);
    assert_eq!(world.run(), []);
    assert_eq!(world.objects, good.objects);
    assert_eq!(world.kptfile, good.kptfile);
}

#[test]
fn a_missing_cluster() {
    goes_and_comes_back(
        |world| {
            world.delete("WorkloadCluster", "edge01");
        },
        MISSING,
        "cluster-missing",
    );
}

#[test]
fn a_placeholder() {
    goes_and_comes_back(
        |world| world.object("WorkloadCluster", "edge01")["spec"]["clusterName"] = "example".into(),
        PLACEHOLDER,
        "cluster-incomplete",
    );
}

#[test]
fn a_second_cluster_also_one_of_the_same_name() {
    goes_and_comes_back(
        |world| {
            let mut second = cluster();
            second["metadata"]["namespace"] = "other".into();
            world.objects.push(second);
        },
        "multiple WorkloadCluster objects found in the kpt package",
        "cluster-doubled",
    );
}

#[test]
fn a_cluster_without_the_cni() {
    goes_and_comes_back(
        |world| world.object("WorkloadCluster", "edge01")["spec"]["cnis"] = json!(["sriov", "bridge"]),
        "stage1: cannot populate new resource err: cniType not supported in workload cluster; workload cluster CNI(s): \
         [sriov bridge], interface cniType requested: macvlan",
        "cni-not-in-cluster",
    );
}

#[test]
fn a_fresh_package_waits_with_the_texts_of_nephio() {
    let mut world = World::new([owned("n3", macvlan()), owned("sbi", json!({"networkInstance": {"name": "default"}}))]);
    assert_eq!(codes(&world.run()), [(Severity::Warning, "cluster-missing")]);
    assert_eq!(world.children(), [""; 0]);
    assert_eq!(world.conditions(), [row("Interface n3", "False", MISSING), row("Interface sbi", "False", MISSING)]);
    world.objects.push(cluster());
    world.run();
    assert_eq!(world.condition("Interface n3"), Some(row("Interface n3", "False", "update for condition")));
    assert_eq!(world.condition("Interface sbi"), Some(row("Interface sbi", "True", "update done")));
}

#[test]
fn an_unfinished_cluster_is_pending_without_an_owner_too() {
    for (field, value, message) in [
        ("clusterName", json!("example"), PLACEHOLDER),
        ("cnis", json!([]), "spec invalid: mandatory field CNIConfig is missing from ClusterContext"),
        (
            "masterInterface",
            json!(null),
            "spec invalid: mandatory field MasterInterface is missing from ClusterContext",
        ),
    ] {
        let mut cluster = cluster();
        cluster["spec"][field] = value;
        let mut world = World::new([cluster, plain("n3", macvlan())]);
        let findings = world.run();
        assert_eq!(codes(&findings), [(Severity::Warning, "cluster-incomplete")]);
        assert_eq!(findings.first().unwrap().field.as_ref().unwrap().path, format!("spec.{field}"));
        assert_eq!(world.conditions(), [row("Interface n3", "False", message)]);
    }
}

#[test]
fn one_pending_interface_does_not_stop_the_others() {
    let sriov = json!({"networkInstance": {"name": "vpc-ran"}, "cniType": "sriov"});
    let mut world = World::new([cluster(), owned("n3", sriov), owned("n4", macvlan())]);
    assert_eq!(codes(&world.run()), [(Severity::Warning, "cni-not-in-cluster")]);
    assert_eq!(world.children(), ["IPClaim upf-edge01-n4-ipv4"]);
    let names: Vec<String> = world.conditions().into_iter().map(|(name, ..)| name).collect();
    assert_eq!(
        names,
        ["Interface n3", "Interface n4", "IPClaim upf-edge01-n4-ipv4", "NetworkAttachmentDefinition upf-edge01-n4"]
    );
}

#[test]
fn a_vlan_without_a_cluster_waits_but_the_address_does_not() {
    let mut world = World::new([plain("n3", macvlan_with("attachmentType", "vlan"))]);
    assert_eq!(codes(&world.run()), [(Severity::Warning, "cluster-missing")]);
    assert_eq!(world.children(), ["IPClaim upf/n3"]);
    assert_eq!(world.condition("Interface n3"), Some(row("Interface n3", "False", MISSING)));
    world.fulfil();
    world.run();
    assert_eq!(world.condition("Interface n3"), Some(row("Interface n3", "False", MISSING)));
    world.objects.push(cluster());
    world.run();
    world.fulfil();
    world.run();
    assert_eq!(world.condition("Interface n3"), Some(row("Interface n3", "True", "update done")));
}

#[test]
fn a_removed_interface_is_gone_whatever_the_cluster() {
    let mut world = World::done([cluster(), owned("n3", macvlan()), owned("n6", macvlan())]);
    world.delete("WorkloadCluster", "edge01");
    world.delete("Interface", "n3");
    world.run();
    assert_eq!(world.children(), ["IPClaim upf-edge01-n6-ipv4", "NetworkAttachmentDefinition upf/upf-edge01-n6"]);
}

#[test]
fn children_of_an_interface_that_waits_stay_whatever_they_are() {
    let mut world = World::done([cluster(), owned("n3", macvlan_with("ipFamilyPolicy", "dual-stack"))]);
    world.delete("WorkloadCluster", "edge01");
    world.object("Interface", "n3")["spec"]["ipFamilyPolicy"] = "ipv4-only".into();
    let before = world.children();
    world.run();
    assert_eq!(world.children(), before);
    world.objects.push(cluster());
    world.run();
    assert_eq!(world.children(), ["IPClaim upf-edge01-n3-ipv4", "NetworkAttachmentDefinition upf/upf-edge01-n3"]);
}
