//! What becomes of a finished package when something changes.

use super::*;

fn addresses(world: &World, interface: &str) -> Vec<String> {
    let status = &world.find("Interface", interface).unwrap()["status"]["ipClaimStatus"];
    let entries = status.as_array().cloned().unwrap_or_default();
    entries.iter().map(|entry| entry["prefix"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_status_lists_what_the_claims_were_given() {
    let spec = json!({
        "networkInstance": {"name": "vpc-ran"}, "cniType": "macvlan", "attachmentType": "vlan",
        "ipFamilyPolicy": "dual-stack",
    });
    let world = World::done([cluster(), owned("n3", spec)]);
    assert_eq!(
        world.find("Interface", "n3").unwrap()["status"].to_string(),
        r#"{"ipClaimStatus":[{"prefix":"10.0.0.2/24","gateway":"10.0.0.1"},{"prefix":"10.0.0.3/24","gateway":"10.0.0.1"}],"vlanClaimStatus":{"vlanID":10}}"#
    );
    assert!(world.conditions().iter().all(|(_, status, message)| status == "True" && message == "update done"));
}

#[test]
fn a_removed_interface_takes_all_it_owned_in_one_run() {
    let spec = macvlan_with("attachmentType", "vlan");
    let mut world = World::done([cluster(), owned("n3", spec.clone()), owned("n6", spec)]);
    world.delete("Interface", "n3");
    let before = world.clone();
    let findings = world.run();
    assert_eq!(codes(&findings), [(Severity::Info, "child-removed"); 3]);
    assert_eq!(
        world.children(),
        ["IPClaim upf-edge01-n6-ipv4", "NetworkAttachmentDefinition upf/upf-edge01-n6", "VLANClaim upf-edge01-n6"]
    );
    assert!(world.conditions().iter().all(|(name, status, _)| name.contains("n6") && status == "True"));
    for kind in ["Interface", "IPClaim", "VLANClaim"] {
        let name = if kind == "Interface" {
            "n6".to_owned()
        } else {
            format!("upf-edge01-n6{}", if kind == "IPClaim" { "-ipv4" } else { "" })
        };
        assert_eq!(world.find(kind, &name), before.find(kind, &name));
    }
}

#[test]
fn claims_copied_from_another_package_stay() {
    let mut world = World::done([cluster(), owned("n3", macvlan())]);
    world.delete("Interface", "n3");
    world.set_conditions(json!([{
        "type": "ipam.resource.nephio.org/v1alpha1.IPClaim.upf-edge01-n3-ipv4", "status": "True", "message": "update done",
    }]));
    let before = world.clone();
    assert_eq!(codes(&world.run()), [(Severity::Info, "child-stray"); 2]);
    assert_eq!(world.objects, before.objects);
    assert_eq!(world.kptfile, before.kptfile);
}

#[test]
fn attachments_of_others_stay() {
    let mut world = World::done([cluster(), owned("n3", macvlan())]);
    let foreign = json!({
        "apiVersion": "k8s.cni.cncf.io/v1", "kind": "NetworkAttachmentDefinition",
        "metadata": {"name": "upf-edge01-n3", "namespace": "other"},
    });
    world.objects.push(foreign.clone());
    world.delete("Interface", "n3");
    world.run();
    assert_eq!(world.children(), ["NetworkAttachmentDefinition other/upf-edge01-n3"]);
    assert_eq!(world.conditions(), []);
}

#[test]
fn an_interface_that_moves_to_the_pod_network_gives_all_back() {
    let mut world = World::done([cluster(), owned("n3", macvlan_with("attachmentType", "vlan"))]);
    world.object("Interface", "n3")["spec"] = json!({"networkInstance": {"name": "default"}});
    world.run();
    assert_eq!(world.children(), [""; 0]);
    assert_eq!(world.conditions(), [row("Interface n3", "True", "update done")]);
    assert!(is_empty(&world.find("Interface", "n3").unwrap()["status"]));
}

#[test]
fn an_interface_without_its_vlan_is_ready_at_once() {
    let mut world = World::done([cluster(), owned("n3", macvlan_with("attachmentType", "vlan"))]);
    world.object("Interface", "n3")["spec"]["attachmentType"] = "none".into();
    world.run();
    assert_eq!(world.find("VLANClaim", "upf-edge01-n3"), None);
    assert_eq!(world.condition("Interface n3"), Some(row("Interface n3", "True", "update done")));
    assert_eq!(world.condition("VLANClaim upf-edge01-n3"), None);
    assert_eq!(world.find("Interface", "n3").unwrap()["status"].get("vlanClaimStatus"), None);
}

#[test]
fn another_network_voids_the_address_and_the_interface_says_so_at_once() {
    let mut world = World::done([cluster(), owned("n3", macvlan())]);
    let reason = DEPLOYMENT.to_owned();
    let mut conditions = Conditions::of(&world.kptfile).unwrap();
    conditions.set(
        "req.nephio.org/v1alpha1.Interface.n3",
        krm::kptfile::Status::True,
        Some(&reason),
        Some("update done"),
    );
    conditions.write_into(&mut world.kptfile);
    world.object("Interface", "n3")["spec"]["networkInstance"]["name"] = "vpc-core".into();
    assert_eq!(codes(&world.run()), [(Severity::Info, "claim-changed")]);
    let claim = world.find("IPClaim", "upf-edge01-n3-ipv4").unwrap();
    assert_eq!(claim["spec"]["networkInstance"], json!({"name": "vpc-core"}));
    assert!(is_empty(&claim["status"]));
    assert_eq!(
        world.conditions(),
        [
            row("Interface n3", "False", "update for condition"),
            row("IPClaim upf-edge01-n3-ipv4", "False", "update resource"),
            row("NetworkAttachmentDefinition upf-edge01-n3", "True", "update done"),
        ]
    );
    assert_eq!(world.reason("req.nephio.org/v1alpha1.Interface.n3"), Some(reason));
    assert_eq!(addresses(&world, "n3"), [""; 0]);
}

#[test]
fn status_is_replaced_not_added_to() {
    let mut world = World::done([cluster(), owned("n3", macvlan())]);
    world.object("IPClaim", "upf-edge01-n3-ipv4")["status"] = json!({"prefix": "10.9.9.9/24", "gateway": "10.9.9.1"});
    world.run();
    assert_eq!(
        world.find("Interface", "n3").unwrap()["status"]["ipClaimStatus"],
        json!([{"prefix": "10.9.9.9/24", "gateway": "10.9.9.1"}])
    );
}

#[test]
fn labels_that_become_known_leave_the_address_and_labels_that_change_void_it() {
    let mut world = World::done([plain("n3", macvlan())]);
    let given = world.find("IPClaim", "n3").unwrap()["status"].clone();
    world.objects.push(cluster());
    world.run();
    let claim = world.find("IPClaim", "n3").unwrap();
    assert_eq!(claim["spec"]["selector"]["matchLabels"]["nephio.org/cluster-name"], "edge01");
    assert_eq!(claim["status"], given);
    assert_eq!(world.condition("IPClaim n3"), Some(row("IPClaim n3", "True", "update done")));

    world.delete("WorkloadCluster", "edge01");
    world.run();
    let claim = world.find("IPClaim", "n3").unwrap();
    assert_eq!(claim["spec"]["selector"]["matchLabels"]["nephio.org/cluster-name"], "edge01", "left alone");
    assert_eq!(claim["status"], given);

    let mut other = cluster();
    other["spec"]["clusterName"] = "edge02".into();
    world.objects.push(other);
    world.run();
    assert!(is_empty(&world.find("IPClaim", "n3").unwrap()["status"]));
    assert_eq!(world.condition("IPClaim n3"), Some(row("IPClaim n3", "False", "update resource")));
}

#[test]
fn what_a_user_added_to_a_claim_stays() {
    let mut world = World::done([cluster(), owned("n3", macvlan())]);
    let claim = world.object("IPClaim", "upf-edge01-n3-ipv4");
    claim["metadata"]["namespace"] = "upf".into();
    claim["spec"]["prefix"] = "10.0.0.2/24".into();
    claim["spec"]["index"] = 2.into();
    claim["spec"]["labels"] = json!({"a": "b"});
    claim["spec"]["selector"]["matchLabels"]["nephio.org/region"] = "north".into();
    let before = world.clone();
    assert_eq!(world.run(), []);
    assert_eq!(world.objects, before.objects);
    assert_eq!(world.kptfile, before.kptfile);
}

#[test]
fn another_vlan_index_or_shared_name_voids_the_id() {
    let mut world = World::done([cluster(), owned("n3", macvlan_with("attachmentType", "vlan"))]);
    world.object("VLANClaim", "upf-edge01-n3")["metadata"]["annotations"]["specializer.nephio.org/vlanClaimName"] =
        "other".into();
    world.run();
    let claim = world.find("VLANClaim", "upf-edge01-n3").unwrap();
    assert_eq!(claim["metadata"]["annotations"]["specializer.nephio.org/vlanClaimName"], "vpc-ran-edge01-bd");
    assert!(is_empty(&claim["status"]));
    assert_eq!(world.condition("Interface n3"), Some(row("Interface n3", "False", "update for condition")));
}

#[test]
fn a_pin_is_set_and_the_old_address_held_until_the_claim_is_answered_anew() {
    let mut world = World::done([plain("n3", macvlan())]);
    let given = world.find("IPClaim", "n3").unwrap()["status"].clone();
    world.object("Interface", "n3")["metadata"]["annotations"] = json!({annotations::ADDRESS: "10.0.0.77/24"});
    world.run();
    let claim = world.find("IPClaim", "n3").unwrap();
    assert_eq!((&claim["spec"]["prefix"], &claim["status"]), (&json!("10.0.0.77/24"), &given));
    assert_eq!(world.condition("IPClaim n3"), Some(row("IPClaim n3", "False", "update resource")));
    assert_eq!(world.run(), []);

    world.object("IPClaim", "n3")["status"]["prefix"] = "10.0.0.77/24".into();
    world.fulfil();
    world.object("Interface", "n3")["metadata"].as_object_mut().unwrap().remove("annotations");
    world.run();
    assert_eq!(addresses(&world, "n3"), ["10.0.0.77/24"]);
    assert_eq!(world.find("IPClaim", "n3").unwrap()["spec"]["prefix"], "10.0.0.77/24", "no longer pinned, but kept");
}

#[test]
fn a_wanted_claim_loses_the_mark_for_deletion_and_keeps_its_address() {
    let mut world = World::done([cluster(), owned("n3", macvlan())]);
    let given = world.find("IPClaim", "upf-edge01-n3-ipv4").unwrap()["status"].clone();
    world.object("IPClaim", "upf-edge01-n3-ipv4")["metadata"]["annotations"][annotations::DELETE] = "true".into();
    world.set_conditions(json!([{
        "type": "ipam.resource.nephio.org/v1alpha1.IPClaim.upf-edge01-n3-ipv4", "status": "False",
        "reason": "req.nephio.org/v1alpha1.Interface.n3", "message": "not ready",
    }]));
    assert_eq!(world.run(), []);
    let claim = world.find("IPClaim", "upf-edge01-n3-ipv4").unwrap();
    assert_eq!(claim["metadata"]["annotations"].get(annotations::DELETE), None);
    assert_eq!(claim["status"], given);
    assert_eq!(
        world.condition("IPClaim upf-edge01-n3-ipv4"),
        Some(row("IPClaim upf-edge01-n3-ipv4", "False", "update resource"))
    );
}

#[test]
fn what_nad_fn_found_is_not_written_over() {
    let mut world = World::new([cluster(), owned("n3", macvlan())]);
    world.run();
    let mut conditions = Conditions::of(&world.kptfile).unwrap();
    let nad = "k8s.cni.cncf.io/v1.NetworkAttachmentDefinition.upf-edge01-n3";
    conditions.set_keeping_reason(nad, krm::kptfile::Status::False, Some("unknown nad master interface"));
    conditions.write_into(&mut world.kptfile);
    world.run();
    assert_eq!(world.condition("NetworkAttachmentDefinition upf-edge01-n3").unwrap().2, "unknown nad master interface");
}

#[test]
fn an_attachment_deleted_by_hand_makes_the_interface_wait() {
    let mut world = World::done([cluster(), owned("n3", macvlan())]);
    world.delete("NetworkAttachmentDefinition", "upf-edge01-n3");
    world.run();
    assert_eq!(
        world.conditions(),
        [
            row("Interface n3", "False", "update for condition"),
            row("IPClaim upf-edge01-n3-ipv4", "True", "update done"),
            row("NetworkAttachmentDefinition upf-edge01-n3", "False", "create initial resource"),
        ]
    );
}

#[test]
fn a_claim_deleted_by_hand_is_made_again_and_the_interface_waits() {
    let mut world = World::done([cluster(), owned("n3", macvlan())]);
    world.delete("IPClaim", "upf-edge01-n3-ipv4");
    world.run();
    assert!(is_empty(&world.find("IPClaim", "upf-edge01-n3-ipv4").unwrap()["status"]));
    assert_eq!(world.condition("Interface n3"), Some(row("Interface n3", "False", "update for condition")));
    assert_eq!(addresses(&world, "n3"), [""; 0]);
}

#[test]
fn a_child_condition_that_turned_false_makes_the_interface_wait() {
    let mut world = World::done([cluster(), owned("n3", macvlan())]);
    let mut conditions = Conditions::of(&world.kptfile).unwrap();
    let claim = "ipam.resource.nephio.org/v1alpha1.IPClaim.upf-edge01-n3-ipv4";
    conditions.set_keeping_reason(claim, krm::kptfile::Status::False, Some("no pool"));
    conditions.write_into(&mut world.kptfile);
    world.run();
    assert_eq!(world.condition("Interface n3"), Some(row("Interface n3", "False", "update for condition")));
}

#[test]
fn conditions_of_other_names_that_belong_to_the_interface_go() {
    let mut world = World::done([cluster(), owned("n3", macvlan())]);
    let mut conditions = Conditions::of(&world.kptfile).unwrap();
    for stale in ["k8s.cni.cncf.io/v1.NetworkAttachmentDefinition.upf-n3", "req.nephio.org/v1alpha1.Interface.gone"] {
        conditions.set(stale, krm::kptfile::Status::True, Some("req.nephio.org/v1alpha1.Interface.n3"), None);
    }
    let kept = "ipam.resource.nephio.org/v1alpha1.IPClaim.upf-pool";
    conditions.set(kept, krm::kptfile::Status::True, Some("req.nephio.org/v1alpha1.DataNetwork.internet"), None);
    conditions.write_into(&mut world.kptfile);
    world.run();
    let names: Vec<String> = world.conditions().into_iter().map(|(name, ..)| name).collect();
    assert_eq!(
        names,
        ["Interface n3", "IPClaim upf-edge01-n3-ipv4", "NetworkAttachmentDefinition upf-edge01-n3", "IPClaim upf-pool"]
    );
}

#[test]
fn names_with_dots_work() {
    let world = World::done([cluster(), owned("n3.1", macvlan())]);
    assert_eq!(world.condition("Interface n3.1"), Some(row("Interface n3.1", "True", "update done")));
}
