//! Interfaces that share a name, and children that two of them would share.

use super::*;

fn in_namespace(namespace: &str, mut interface: Value) -> Value {
    interface["metadata"]["namespace"] = namespace.into();
    interface
}

#[test]
fn two_that_ask_for_one_child_are_an_error_that_names_both() {
    let with_owner = |name: &str, owner: &str| {
        let mut interface = owned(name, macvlan());
        interface["metadata"]["annotations"][annotations::OWNER] =
            format!("workload.nephio.org/v1alpha1.NFDeployment.{owner}").into();
        interface
    };
    let mut world = World::new([cluster(), with_owner("c", "a-b"), with_owner("b-c", "a")]);
    let findings = world.run();
    assert_eq!(codes(&findings), [(Severity::Error, "child-name-taken")]);
    let message = &findings.first().unwrap().message;
    for part in ["Interface b-c", "Interface c", "IPClaim a-b-c-ipv4"] {
        assert!(message.contains(part), "{part} not in: {message}");
    }
    assert_eq!(world.children(), [""; 0]);
}

#[test]
fn a_clash_is_an_error_even_while_the_cluster_is_missing() {
    let mut interface = plain("n3", macvlan());
    interface["metadata"]["annotations"] = json!({annotations::OWNER: DEPLOYMENT});
    let mut world = World::new([interface, owned("n3", macvlan())]);
    assert!(codes(&world.run()).contains(&(Severity::Error, "child-name-taken")));
}

#[test]
fn an_interface_that_stands_twice_is_an_error() {
    let mut world = World::new([cluster(), owned("n3", macvlan()), plain("n3", macvlan()), owned("n3", macvlan())]);
    assert_eq!(codes(&world.run()), [(Severity::Error, "interface-doubled")]);
}

#[test]
fn namesakes_in_two_namespaces_have_children_of_their_own() {
    let mut world = World::new([plain("n3", macvlan()), in_namespace("smf", plain("n3", macvlan()))]);
    assert_eq!(world.run(), []);
    assert_eq!(world.children(), ["IPClaim smf/n3", "IPClaim upf/n3"]);
    assert_eq!(world.condition("Interface n3"), Some(row("Interface n3", "False", "smf/n3: update for condition")));
    assert_eq!(world.condition("IPClaim n3"), Some(row("IPClaim n3", "False", "upf/n3: create initial resource")));
}

#[test]
fn a_shared_condition_is_true_only_if_both_are_ready() {
    let mut world = World::new([plain("n3", macvlan()), in_namespace("smf", plain("n3", macvlan()))]);
    world.run();
    for object in &mut world.objects {
        if object["kind"] == "IPClaim" && object["metadata"]["namespace"] == "upf" {
            object["status"] = json!({"prefix": "10.0.0.2/24"});
        }
    }
    let nad = |namespace: &str| {
        json!({
            "apiVersion": "k8s.cni.cncf.io/v1", "kind": "NetworkAttachmentDefinition",
            "metadata": {"name": "n3", "namespace": namespace,
                "annotations": {annotations::OWNER: "req.nephio.org/v1alpha1.Interface.n3"}},
        })
    };
    world.objects.extend([nad("upf"), nad("smf")]);
    world.run();
    let message = "smf/n3: update for condition";
    assert_eq!(world.condition("Interface n3"), Some(row("Interface n3", "False", message)));
    let of = |world: &World, namespace: &str| {
        let is_it = |o: &&Value| o["kind"] == "Interface" && o["metadata"]["namespace"] == namespace;
        world.objects.iter().find(is_it).cloned().unwrap()
    };
    assert_eq!(of(&world, "upf")["status"]["ipClaimStatus"], json!([{"prefix": "10.0.0.2/24"}]));
    assert_eq!(of(&world, "smf").get("status"), None);
    world.fulfil();
    world.run();
    assert_eq!(world.condition("Interface n3"), Some(row("Interface n3", "True", "update done")));
}

#[test]
fn a_shared_condition_names_the_one_that_waits_now() {
    let mut world = World::new([plain("n3", macvlan()), in_namespace("smf", plain("n3", macvlan()))]);
    world.run();
    world.fulfil();
    world.set_conditions(json!([
        {"type": "req.nephio.org/v1alpha1.Interface.n3", "status": "False", "message": "smf/n3: update for condition"},
        {"type": "ipam.resource.nephio.org/v1alpha1.IPClaim.n3", "status": "True"},
        {"type": "k8s.cni.cncf.io/v1.NetworkAttachmentDefinition.n3", "status": "False"},
    ]));
    let waits = |object: &&mut Value| object["kind"] == "IPClaim" && object["metadata"]["namespace"] == "upf";
    world.objects.iter_mut().find(waits).unwrap()["status"] = json!({});
    let nad = world.find("NetworkAttachmentDefinition", "n3").unwrap().clone();
    world.objects.push(in_namespace("smf", nad));
    world.run();
    let message = "upf/n3: update for condition";
    assert_eq!(world.condition("Interface n3"), Some(row("Interface n3", "False", message)));
}

#[test]
fn one_of_two_namesakes_leaves_only_its_own_children() {
    let mut world = World::new([plain("n3", macvlan()), in_namespace("smf", plain("n3", macvlan()))]);
    world.run();
    world.fulfil();
    world.run();
    let at = world.objects.iter().position(|object| object["metadata"]["namespace"] == "smf").unwrap();
    assert_eq!(world.objects.remove(at)["kind"], "Interface");
    world.run();
    assert!(world.children().contains(&"IPClaim upf/n3".to_owned()));
    assert!(!world.children().contains(&"IPClaim smf/n3".to_owned()));
    assert_eq!(world.condition("IPClaim n3"), Some(row("IPClaim n3", "True", "update done")));
}

#[test]
fn a_child_that_acquired_a_namespace_is_not_doubled() {
    for interface in [owned("n3", macvlan()), {
        let mut interface = plain("n3", macvlan());
        interface["metadata"].as_object_mut().unwrap().remove("namespace");
        interface
    }] {
        let mut world = World::done([cluster(), interface]);
        for object in &mut world.objects {
            if object["kind"] == "IPClaim" {
                object["metadata"]["namespace"] = "set-by-a-mutator".into();
            }
        }
        let before = world.objects.clone();
        assert_eq!(world.run(), []);
        assert_eq!(world.objects, before);
    }
}

#[test]
fn of_a_doubled_child_the_one_with_an_address_stays() {
    let mut world = World::done([cluster(), owned("n3", macvlan())]);
    let done = world.children();
    let mut double = world.find("IPClaim", "upf-edge01-n3-ipv4").unwrap().clone();
    double["metadata"]["namespace"] = "upf".into();
    double["status"] = json!({});
    world.objects.insert(0, double);
    assert_eq!(codes(&world.run()), [(Severity::Info, "child-removed")]);
    assert_eq!(world.children(), done);
    assert_eq!(world.condition("Interface n3"), Some(row("Interface n3", "True", "update done")));
}

#[test]
fn an_attachment_left_in_another_namespace_goes_once_the_new_one_is_there() {
    let mut world = World::done([cluster(), owned("n3", macvlan())]);
    world.object("Interface", "n3")["metadata"]["annotations"][annotations::NAMESPACE] = "core".into();
    assert_eq!(world.run(), [], "the new one is not there yet");
    let mut nad = world.find("NetworkAttachmentDefinition", "upf-edge01-n3").unwrap().clone();
    nad["metadata"]["namespace"] = "core".into();
    world.objects.push(nad);
    world.run();
    assert_eq!(world.children(), ["IPClaim upf-edge01-n3-ipv4", "NetworkAttachmentDefinition core/upf-edge01-n3"]);
}

#[test]
fn an_interface_that_moves_to_another_namespace_moves_its_children() {
    let mut world = World::done([plain("n3", macvlan())]);
    world.object("Interface", "n3")["metadata"]["namespace"] = "core".into();
    world.run();
    assert_eq!(world.children(), ["IPClaim core/n3"]);
}

#[test]
fn the_name_of_another_interfaces_child_is_taken() {
    let mut world = World::done([plain("n3-ipv6", macvlan())]);
    world.object("Interface", "n3-ipv6")["metadata"].as_object_mut().unwrap().remove("namespace");
    world.objects.push(plain("n3", macvlan_with("ipFamilyPolicy", "ipv6-only")));
    assert_eq!(codes(&world.run()), [(Severity::Error, "child-name-taken")]);
}
