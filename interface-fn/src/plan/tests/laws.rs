//! Laws that hold for any package.

use proptest::prelude::*;
use proptest::sample::subsequence;

use super::*;

fn interface() -> impl Strategy<Value = Value> {
    (
        prop::sample::select(vec!["n3", "n4", "n4.1", "n3-ipv6"]),
        prop::sample::select(vec![None, Some("a"), Some("b")]),
        prop::sample::select(vec![None, Some("upf"), Some("upf-edge-1")]),
        prop::sample::select(vec!["default", "vpc-ran", "vpc-core"]),
        prop::sample::select(vec![None, Some("macvlan"), Some("sriov")]),
        prop::sample::select(vec!["", "none", "vlan"]),
        prop::sample::select(vec!["", "ipv6only", "dual-stack"]),
    )
        .prop_map(|(name, namespace, owner, network, cni, attachment, policy)| {
            let mut metadata = json!({"name": name, "annotations": {}});
            if let Some(namespace) = namespace {
                metadata["namespace"] = namespace.into();
            }
            if let Some(owner) = owner {
                metadata["annotations"][annotations::OWNER] = format!("a.b/v1.NFDeployment.{owner}").into();
            }
            json!({
                "apiVersion": "req.nephio.org/v1alpha1", "kind": "Interface", "metadata": metadata,
                "spec": {
                    "networkInstance": {"name": network}, "cniType": cni, "attachmentType": attachment,
                    "ipFamilyPolicy": policy,
                },
            })
        })
}

fn clusters() -> impl Strategy<Value = Vec<Value>> {
    let mut placeholder = cluster();
    placeholder["spec"]["clusterName"] = "example".into();
    let mut other = cluster();
    other["spec"]["clusterName"] = "edge02".into();
    other["spec"]["cnis"] = json!(["macvlan", "sriov"]);
    prop::sample::select(vec![vec![], vec![cluster()], vec![other], vec![placeholder], vec![cluster(), cluster()]])
}

/// Interfaces that do not ask for one child twice, after a pipeline that may have been for other Interfaces.
fn world() -> impl Strategy<Value = World> {
    let interfaces = || prop::collection::vec(interface(), 0..4);
    (interfaces(), clusters(), interfaces(), clusters(), any::<bool>()).prop_filter_map(
        "asks for one child twice",
        |(before, clusters_before, after, clusters_after, fulfilled)| {
            let mut world = World::new(before.into_iter().chain(clusters_before));
            let failed = |findings: Vec<Finding>| findings.iter().any(Finding::is_error);
            if failed(world.run()) {
                return None;
            }
            if fulfilled {
                world.fulfil();
                world.run();
            }
            world.objects.retain(|object| !matches!(object["kind"].as_str(), Some("Interface" | "WorkloadCluster")));
            world.objects.extend(after.into_iter().chain(clusters_after));
            (!failed(world.clone().run())).then_some(world)
        },
    )
}

/// Everything but the order of objects.
fn sorted(world: &World) -> (Vec<String>, Value) {
    let mut objects: Vec<String> = world.objects.iter().map(Value::to_string).collect();
    objects.sort();
    (objects, world.kptfile.clone())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_second_run_changes_nothing(mut world in world()) {
        world.run();
        let once = world.clone();
        world.run();
        prop_assert_eq!(&world.objects, &once.objects);
        prop_assert_eq!(&world.kptfile, &once.kptfile);
    }

    #[test]
    fn a_finished_package_is_a_fixed_point(mut world in world()) {
        world.run();
        world.fulfil();
        world.run();
        world.fulfil();
        world.run();
        let done = world.clone();
        world.run();
        prop_assert_eq!(&world.objects, &done.objects);
        prop_assert_eq!(&world.kptfile, &done.kptfile);
    }

    #[test]
    fn order_does_not_matter((mut world, shuffled) in world().prop_flat_map(|world| {
        let objects = Just(world.objects.clone()).prop_shuffle();
        (Just(world), objects)
    })) {
        let mut other = World { objects: shuffled, ..world.clone() };
        world.run();
        other.run();
        prop_assert_eq!(sorted(&world), sorted(&other));
    }

    #[test]
    fn an_interface_that_waits_loses_nothing(
        (mut world, clusters) in (world(), clusters()),
    ) {
        world.run();
        world.fulfil();
        world.run();
        let owned_by = |world: &World, interface: &Value| -> Vec<Value> {
            let owner = kinds::INTERFACE.condition_type(interface["metadata"]["name"].as_str().unwrap());
            let owner = Value::from(owner);
            let is_child = |object: &&Value| object["metadata"]["annotations"][annotations::OWNER] == owner;
            world.objects.iter().filter(is_child).cloned().collect()
        };
        let before = world.clone();
        world.objects.retain(|object| object["kind"] != "WorkloadCluster");
        world.objects.extend(clusters);
        world.run();
        let waiting: Vec<&Value> = world.objects.iter().filter(|object| {
            let gvkn = format!("Interface {}", object["metadata"]["name"].as_str().unwrap());
            object["kind"] == "Interface" && world.condition(&gvkn).is_some_and(|(_, _, message)| message.contains("spec invalid") || message.contains("multiple"))
        }).collect();
        for interface in waiting {
            prop_assert_eq!(owned_by(&world, interface), owned_by(&before, interface));
        }
    }

    #[test]
    fn a_claim_keeps_its_address_unless_it_asks_for_something_else(mut world in world()) {
        world.run();
        let before = world.clone();
        world.fulfil();
        let answered = world.clone();
        world.run();
        for claim in answered.objects.iter().filter(|object| object["kind"] == "IPClaim") {
            let name = claim["metadata"]["name"].as_str().unwrap();
            let namespace = &claim["metadata"]["namespace"];
            let now = world.objects.iter().find(|o| o["kind"] == "IPClaim" && o["metadata"]["name"] == name && &o["metadata"]["namespace"] == namespace);
            prop_assert_eq!(now.map(|now| &now["status"]), Some(&claim["status"]));
        }
        prop_assert_eq!(world.children().iter().filter(|c| c.starts_with("IPClaim")).count(),
            before.children().iter().filter(|c| c.starts_with("IPClaim")).count());
    }
}

#[test]
fn subsequences_of_interfaces_only_take_their_own() {
    let interfaces = ["n2", "n3", "n4", "n6"].map(|name| owned(name, macvlan()));
    let all = World::done(interfaces.iter().cloned().chain([cluster()]));
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    runner
        .run(&subsequence(vec!["n2", "n3", "n4", "n6"], 0..=4), |kept| {
            let mut world = all.clone();
            world.objects.retain(|object| {
                object["kind"] != "Interface" || kept.contains(&object["metadata"]["name"].as_str().unwrap())
            });
            world.run();
            prop_assert_eq!(world.children().len(), kept.len() * 2);
            for name in &kept {
                let claim = format!("upf-edge01-{name}-ipv4");
                prop_assert_eq!(world.find("IPClaim", &claim), all.find("IPClaim", &claim));
            }
            Ok(())
        })
        .unwrap();
}
