//! The laws of nad-fn, for any package.

#![allow(clippy::unwrap_used)] // clippy.toml covers test functions, not their helpers.

mod world;

use std::collections::BTreeSet;
use std::net::IpAddr;

use api::{Interface, IpClaim, names};
use cni::{Checker, ConfigView};
use krm::yaml::{Indent, block};
use krm::{Item, ResourceList};
use nad_fn::FUNCTION;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

const MASTER: &str = "ens3";

fn list(items: &[Value], as_json: bool) -> ResourceList {
    let list = json!({
        "apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList", "items": items,
        "functionConfig": {"apiVersion": "v1", "kind": "ConfigMap", "data": {"masterInterface": MASTER}},
    });
    let text = if as_json { list.to_string() } else { block(&list, Indent::COMPACT, "\n") };
    ResourceList::parse(text).unwrap()
}

fn applied(items: &[Value]) -> ResourceList {
    let mut list = list(items, false);
    FUNCTION.apply(&mut list);
    list
}

fn of_kind<'l>(list: &'l ResourceList, kind: &'static str) -> impl Iterator<Item = &'l Item> {
    list.iter().map(|(_, item)| item).filter(move |item| item.kind() == kind)
}

fn config(nad: &Item) -> &str {
    nad.value().unwrap()["spec"]["config"].as_str().unwrap()
}

/// The attachment that an Interface asks for, by name and namespace.
fn attachment<'l>(list: &'l ResourceList, interface: &Interface) -> Option<&'l Item> {
    let metadata = &interface.metadata;
    let namespace = names::nad_namespace(metadata).unwrap_or_default();
    of_kind(list, "NetworkAttachmentDefinition")
        .find(|nad| nad.name() == names::nad(metadata) && nad.namespace() == namespace)
}

fn is_ours(nad: &Item, interface: &Interface) -> bool {
    let owner = format!("{}{}", world::INTERFACE, interface.metadata.name);
    nad.annotation(api::annotations::OWNER) == Some(owner.as_str())
}

fn stated(nad: &Item) -> BTreeSet<IpAddr> {
    let addresses = ConfigView::parse(config(nad)).map(|view| view.addresses()).unwrap_or_default();
    addresses.iter().filter_map(|stated| Some(stated.address?.addr())).collect()
}

/// The addresses of all claims of Interfaces with that name.
fn held(list: &ResourceList, name: &str) -> BTreeSet<IpAddr> {
    let owner = format!("{}{name}", world::INTERFACE);
    let claims = of_kind(list, "IPClaim").filter(|claim| {
        let stated = claim.annotation(api::annotations::OWNER);
        stated.is_none_or(|stated| stated == owner)
    });
    claims
        .filter_map(|claim| {
            let claim: IpClaim = claim.read().unwrap();
            let prefix = claim.status?.prefix()?.to_owned();
            prefix.split('/').next()?.parse().ok()
        })
        .collect()
}

fn interfaces(list: &ResourceList) -> Vec<Interface> {
    of_kind(list, "Interface").map(|item| item.read().unwrap()).collect()
}

/// Whether the configuration keeps every rule, a default route only where the Interface asks for one.
fn is_valid(nad: &Item, interface: &Interface) -> bool {
    let routes = interface.metadata.annotation(api::annotations::ROUTES).unwrap_or_default();
    let checker = Checker { default_route: routes.contains("/0") };
    checker.check_text(config(nad)).is_empty()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    /// What is written is valid and states the addresses of the claims; what is not written has a reason that names it.
    #[test]
    fn a_valid_configuration_or_none_with_a_reason(items in world::items()) {
        let list = applied(&items);
        if list.has_errors() {
            prop_assert!(list.iter().all(|(_, item)| !item.is_changed() && !item.is_new()));
            return Ok(());
        }
        let reasons: Vec<String> = list.findings().iter().map(krm::Finding::to_text).collect();
        for interface in interfaces(&list) {
            let nad = attachment(&list, &interface);
            let written = nad.filter(|nad| nad.is_new() || nad.is_changed());
            if let Some(nad) = written {
                prop_assert!(is_ours(nad, &interface));
                prop_assert!(is_valid(nad, &interface), "{}", config(nad));
                let held = held(&list, &interface.metadata.name);
                prop_assert!(stated(nad).is_subset(&held), "{} states more than {held:?}", config(nad));
                continue;
            }
            let asks = !interface.spec.is_pod_network() && interface.spec.cni_type().is_some();
            let is_done = nad.is_some_and(|nad| is_ours(nad, &interface) && is_valid(nad, &interface));
            let name = &interface.metadata.name;
            let has_reason = reasons.iter().any(|reason| reason.contains(name.as_str()));
            prop_assert!(!asks || is_done || has_reason, "nobody says why {name} waits: {reasons:?}");
        }
    }

    /// No attachment that is ours keeps an address that no claim of its Interface holds.
    #[test]
    fn no_address_is_kept_that_nobody_holds(items in world::items()) {
        let list = applied(&items);
        if list.has_errors() {
            return Ok(());
        }
        for interface in interfaces(&list) {
            if let Some(nad) = attachment(&list, &interface).filter(|nad| is_ours(nad, &interface)) {
                let held = held(&list, &interface.metadata.name);
                prop_assert!(stated(nad).is_subset(&held), "{} states more than {held:?}", config(nad));
            }
        }
    }

    /// What no Interface asks for is left alone, byte for byte.
    #[test]
    fn attachments_of_others_stay(items in world::items()) {
        let before = list(&items, false);
        let after = applied(&items);
        let mine: Vec<(String, String)> = interfaces(&before)
            .iter()
            .map(|interface| {
                let namespace = names::nad_namespace(&interface.metadata).unwrap_or_default();
                (namespace.to_owned(), names::nad(&interface.metadata))
            })
            .collect();
        for nad in of_kind(&before, "NetworkAttachmentDefinition") {
            let identity = (nad.namespace().to_owned(), nad.name().to_owned());
            if !mine.contains(&identity) {
                let same = of_kind(&after, "NetworkAttachmentDefinition")
                    .find(|after| (after.namespace(), after.name()) == (nad.namespace(), nad.name()));
                prop_assert_eq!(same.map(Item::text), Some(nad.text()));
            }
        }
    }

    /// A second run changes nothing, whether the list is YAML or JSON.
    #[test]
    fn a_second_run_changes_nothing(items in world::items(), as_json in any::<bool>()) {
        let mut first = list(&items, as_json);
        FUNCTION.apply(&mut first);
        if first.has_errors() {
            return Ok(());
        }
        let mut second = ResourceList::parse(first.render().unwrap()).unwrap();
        let before: Vec<String> = second.iter().map(|(_, item)| item.text().to_owned()).collect();
        FUNCTION.apply(&mut second);
        prop_assert!(!second.has_errors(), "{:?}", second.findings());
        let after: Vec<String> = second.iter().map(|(_, item)| item.text().to_owned()).collect();
        prop_assert_eq!(after, before);
    }

    /// The order of the items does not matter.
    #[test]
    fn order_does_not_matter(items in world::items(), turn in any::<prop::sample::Index>()) {
        let mut turned = items.clone();
        turned.rotate_left(turn.index(items.len()));
        turned.swap(0, turn.index(items.len()));
        prop_assert_eq!(outcome(&applied(&items)), outcome(&applied(&turned)));
    }
}

/// The items as a set, and what was said about errors.
fn outcome(list: &ResourceList) -> (BTreeSet<String>, BTreeSet<String>) {
    let items = list.iter().map(|(_, item)| {
        let mut value = item.value().unwrap().clone();
        if let Some(conditions) = value.pointer_mut("/status/conditions").and_then(Value::as_array_mut) {
            conditions.sort_by_key(Value::to_string);
        }
        value.to_string()
    });
    let errors = list.findings().iter().filter(|finding| finding.is_error()).map(krm::Finding::to_text);
    (items.collect(), errors.collect())
}

/// The laws would hold for packages in which nothing happens, so let enough happen.
#[test]
fn the_packages_are_worth_it() {
    let mut runner = TestRunner::deterministic();
    let (mut failed, mut written, mut waiting, mut removed, mut kept) = (0, 0, 0, 0, 0);
    for _ in 0..500 {
        let items = world::items().new_tree(&mut runner).unwrap().current();
        let list = applied(&items);
        if list.has_errors() {
            failed += 1;
            continue;
        }
        let nads = of_kind(&list, "NetworkAttachmentDefinition");
        let (changed, same): (Vec<&Item>, Vec<&Item>) = nads.partition(|nad| nad.is_new() || nad.is_changed());
        written += changed.len();
        kept += same.len();
        removed += list.findings().iter().filter(|finding| finding.code == "nad-removed").count();
        waiting += list.findings().iter().filter(|finding| finding.code == "claim-unresolved").count();
    }
    let counts = [failed, written, waiting, removed, kept];
    assert!(counts.iter().all(|count| *count >= 50), "{counts:?}");
}
