//! First renders: what an Interface gets, by spec, owner and cluster.

use super::*;

#[test]
fn an_owned_interface_with_a_vlan() {
    let mut world = World::new([cluster(), owned("n3", macvlan_with("attachmentType", "vlan"))]);
    assert_eq!(world.run(), []);
    assert_eq!(world.children(), ["IPClaim upf-edge01-n3-ipv4", "VLANClaim upf-edge01-n3"]);
    assert_eq!(
        world.conditions(),
        [
            row("Interface n3", "False", "update for condition"),
            row("IPClaim upf-edge01-n3-ipv4", "False", "create initial resource"),
            row("NetworkAttachmentDefinition upf-edge01-n3", "False", "create initial resource"),
            row("VLANClaim upf-edge01-n3", "False", "create initial resource"),
        ]
    );
    assert_eq!(world.reason("req.nephio.org/v1alpha1.Interface.n3"), None);
    assert_eq!(
        world.reason("ipam.resource.nephio.org/v1alpha1.IPClaim.upf-edge01-n3-ipv4").as_deref(),
        Some("req.nephio.org/v1alpha1.Interface.n3")
    );
    let claim = json!({
        "apiVersion": "ipam.resource.nephio.org/v1alpha1", "kind": "IPClaim",
        "metadata": {"name": "upf-edge01-n3-ipv4", "annotations": {
            "config.kubernetes.io/local-config": "true",
            "specializer.nephio.org/for": DEPLOYMENT,
            "specializer.nephio.org/owner": "req.nephio.org/v1alpha1.Interface.n3",
        }},
        "spec": {
            "kind": "network",
            "selector": {"matchLabels": {"nephio.org/address-family": "ipv4", "nephio.org/cluster-name": "edge01"}},
            "networkInstance": {"name": "vpc-ran"},
        },
        "status": {},
    });
    assert_eq!(world.find("IPClaim", "upf-edge01-n3-ipv4").unwrap().to_string(), claim.to_string());
    let claim = json!({
        "apiVersion": "vlan.resource.nephio.org/v1alpha1", "kind": "VLANClaim",
        "metadata": {"name": "upf-edge01-n3", "annotations": {
            "config.kubernetes.io/local-config": "true",
            "specializer.nephio.org/for": DEPLOYMENT,
            "specializer.nephio.org/vlanClaimName": "vpc-ran-edge01-bd",
            "specializer.nephio.org/owner": "req.nephio.org/v1alpha1.Interface.n3",
        }},
        "spec": {"vlanIndex": {"name": "edge01"}},
        "status": {},
    });
    assert_eq!(world.find("VLANClaim", "upf-edge01-n3").unwrap().to_string(), claim.to_string());
}

#[test]
fn an_interface_without_an_owner_needs_no_cluster() {
    let mut world = World::new([plain("n3", macvlan())]);
    assert_eq!(world.run(), []);
    let claim = json!({
        "apiVersion": "ipam.resource.nephio.org/v1alpha1", "kind": "IPClaim",
        "metadata": {"name": "n3", "namespace": "upf", "annotations": {
            "specializer.nephio.org/owner": "req.nephio.org/v1alpha1.Interface.n3",
        }},
        "spec": {
            "kind": "network",
            "selector": {"matchLabels": {"nephio.org/address-family": "ipv4"}},
            "networkInstance": {"name": "vpc-ran"},
        },
        "status": {},
    });
    assert_eq!(world.find("IPClaim", "n3").unwrap().to_string(), claim.to_string());
    assert_eq!(
        world.conditions(),
        [
            row("Interface n3", "False", "update for condition"),
            row("IPClaim n3", "False", "create initial resource"),
            row("NetworkAttachmentDefinition n3", "False", "create initial resource"),
        ]
    );
}

#[test]
fn dual_stack_gives_two_claims_in_either_spelling() {
    for policy in ["dualstack", "dual-stack"] {
        let spec = macvlan_with("ipFamilyPolicy", policy);
        let mut world = World::new([cluster(), owned("n3", spec.clone()), plain("n6", spec)]);
        assert_eq!(world.run(), []);
        let expected =
            ["IPClaim upf-edge01-n3-ipv4", "IPClaim upf-edge01-n3-ipv6", "IPClaim upf/n6", "IPClaim upf/n6-ipv6"];
        assert_eq!(world.children(), expected);
        let labels = &world.find("IPClaim", "n6-ipv6").unwrap()["spec"]["selector"]["matchLabels"];
        assert_eq!(labels["nephio.org/address-family"], "ipv6");
    }
}

#[test]
fn without_a_cni_type_only_a_loopback_is_claimed() {
    let spec = json!({"networkInstance": {"name": "vpc-ran"}, "attachmentType": "vlan"});
    let mut world = World::new([cluster(), owned("lo0", spec)]);
    assert_eq!(world.run(), []);
    assert_eq!(world.children(), ["IPClaim upf-edge01-lo0-ipv4"]);
    assert_eq!(world.find("IPClaim", "upf-edge01-lo0-ipv4").unwrap()["spec"]["kind"], "loopback");
    assert_eq!(world.conditions().len(), 2, "no NetworkAttachmentDefinition: {:?}", world.conditions());
}

#[test]
fn the_pod_network_needs_nothing() {
    let mut world = World::new([cluster(), owned("sbi", json!({"networkInstance": {"name": "default"}}))]);
    assert_eq!(world.run(), []);
    assert_eq!(world.children(), [""; 0]);
    assert_eq!(world.conditions(), [row("Interface sbi", "True", "update done")]);
    assert!(is_empty(&world.find("Interface", "sbi").unwrap()["status"]));
}

#[test]
fn the_network_name_becomes_a_label_and_the_reference_is_copied() {
    let mut interface = owned("n3", macvlan());
    interface["metadata"]["annotations"]["nephio.org/network-name"] = "ran".into();
    interface["spec"]["networkInstance"] = json!({"kind": "NetworkInstance", "name": "vpc-ran", "namespace": "net"});
    let mut world = World::new([cluster(), interface]);
    assert_eq!(world.run(), []);
    let spec = &world.find("IPClaim", "upf-edge01-n3-ipv4").unwrap()["spec"];
    assert_eq!(spec["selector"]["matchLabels"]["nephio.org/network-name"], "ran");
    assert_eq!(spec["networkInstance"].to_string(), r#"{"name":"vpc-ran","namespace":"net","kind":"NetworkInstance"}"#);
}

#[test]
fn pinned_addresses_become_prefixes() {
    let mut interface = plain("n3", macvlan_with("ipFamilyPolicy", "dual-stack"));
    interface["metadata"]["annotations"] = json!({annotations::ADDRESS: "2001:db8::50/64, 10.1.3.50/24"});
    let mut world = World::new([interface]);
    assert_eq!(world.run(), []);
    assert_eq!(world.find("IPClaim", "n3").unwrap()["spec"]["prefix"], "10.1.3.50/24");
    assert_eq!(world.find("IPClaim", "n3-ipv6").unwrap()["spec"]["prefix"], "2001:db8::50/64");
}

#[test]
fn a_pin_that_is_no_address_or_of_another_family_is_an_error() {
    for (address, code) in [("10.1.3.50", "address-malformed"), ("2001:db8::50/64", "address-family")] {
        let mut interface = plain("n3", macvlan());
        interface["metadata"]["annotations"] = json!({annotations::ADDRESS: address});
        let mut world = World::new([interface]);
        assert_eq!(codes(&world.run()), [(Severity::Error, code)], "{address}");
        assert_eq!(world.children(), [""; 0]);
    }
}

#[test]
fn an_interface_without_a_network_instance_is_an_error_that_says_what_to_do() {
    for spec in [json!({}), json!({"networkInstance": {}}), json!({"networkInstance": {"name": ""}}), Value::Null] {
        let mut world = World::new([cluster(), owned("n3", spec)]);
        let findings = world.run();
        assert_eq!(codes(&findings), [(Severity::Error, "no-network-instance")]);
        let finding = findings.first().unwrap();
        assert_eq!(finding.object.as_ref().unwrap().name, "n3");
        assert_eq!(finding.field.as_ref().unwrap().path, "spec.networkInstance");
        assert_eq!(world.conditions(), []);
    }
}

#[test]
fn an_unknown_attachment_type_is_said() {
    let mut world = World::new([cluster(), owned("n3", macvlan_with("attachmentType", "VLAN"))]);
    assert_eq!(codes(&world.run()), [(Severity::Warning, "attachment-type-unknown")]);
    assert_eq!(world.children(), ["IPClaim upf-edge01-n3-ipv4"]);
}

#[test]
fn what_is_there_already_gets_its_condition() {
    let mut world = World::done([cluster(), owned("n3", macvlan())]);
    world.kptfile.as_object_mut().unwrap().remove("status");
    assert_eq!(world.run(), []);
    assert_eq!(
        world.conditions(),
        [
            row("Interface n3", "False", "update for condition"),
            row("IPClaim upf-edge01-n3-ipv4", "False", "create condition"),
            row("NetworkAttachmentDefinition upf-edge01-n3", "False", "create condition"),
        ]
    );
}

#[test]
fn a_claim_that_a_user_wrote_is_used_and_stays_as_it_is() {
    let claim = json!({
        "apiVersion": "ipam.resource.nephio.org/v1alpha1", "kind": "IPClaim",
        "metadata": {"name": "n3", "namespace": "upf"},
        "spec": {"networkInstance": {"name": "vpc-ran"}, "prefix": "10.0.0.9/24"},
        "status": {"prefix": "10.0.0.9/24"},
    });
    let mut world = World::new([plain("n3", macvlan()), claim.clone()]);
    assert_eq!(world.run(), []);
    assert_eq!(world.find("IPClaim", "n3"), Some(&claim));
    assert_eq!(world.condition("IPClaim n3"), Some(row("IPClaim n3", "False", "create condition")));
    world.fulfil();
    world.run();
    let status = &world.find("Interface", "n3").unwrap()["status"];
    assert_eq!(status["ipClaimStatus"], json!([{"prefix": "10.0.0.9/24"}]));
    world.delete("Interface", "n3");
    world.run();
    assert_eq!(world.find("IPClaim", "n3"), Some(&claim));
}

#[test]
fn a_claim_that_a_user_wrote_for_something_else_is_an_error() {
    for (spec, field) in [
        (json!({"networkInstance": {"name": "vpc-other"}}), "spec.networkInstance"),
        (json!({"networkInstance": {"name": "vpc-ran"}, "kind": "loopback"}), "spec.kind"),
        (json!({"networkInstance": {"name": "vpc-ran"}, "addressFamily": "ipv6"}), "spec.addressFamily"),
    ] {
        let claim = json!({
            "apiVersion": "ipam.resource.nephio.org/v1alpha1", "kind": "IPClaim",
            "metadata": {"name": "n3", "namespace": "upf"}, "spec": spec,
        });
        let findings = World::new([plain("n3", macvlan()), claim]).run();
        assert_eq!(codes(&findings), [(Severity::Error, "claim-contradicts")]);
        assert_eq!(findings.first().unwrap().field.as_ref().unwrap().path, field);
    }
}
