//! The laws on whole ResourceLists, by their bytes.

#![allow(clippy::unwrap_used, reason = "what cannot be read or written fails the test")]

use std::collections::BTreeSet;

use krm::ResourceList;
use proptest::prelude::*;

const HEAD: &str = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n";

/// The items of the output, or `None` where the function fails.
fn run(items: &[String]) -> Option<Vec<String>> {
    let mut list = ResourceList::parse(format!("{HEAD}{}", items.concat())).unwrap();
    vlan_fn::FUNCTION.apply(&mut list);
    let output = list.render().unwrap();
    (!list.has_errors()).then(|| split(&output))
}

fn split(output: &str) -> Vec<String> {
    let items = output.strip_prefix(HEAD).unwrap().split("results:\n").next().unwrap();
    let mut found: Vec<String> = Vec::new();
    for line in items.split_inclusive('\n') {
        match found.last_mut() {
            Some(item) if !line.starts_with("- ") => item.push_str(line),
            _ => found.push(line.to_owned()),
        }
    }
    found
}

fn index(name: &str) -> String {
    format!("- apiVersion: vlan.resource.nephio.org/v1alpha1\n  kind: VLANIndex\n  metadata: {{name: {name}}}\n")
}

fn kptfile() -> String {
    "- apiVersion: kpt.dev/v1 # by hand\n  kind: Kptfile\n  metadata:\n    name: pkg\n    annotations:\n      \
     internal.config.kubernetes.io/path: Kptfile\n"
        .to_owned()
}

/// A claim as people write them: comments, quotes, odd places.
fn claim(name: usize, index: &str, share: Option<&str>, spec: &str, status: &str) -> String {
    let share =
        share.map(|share| format!("      specializer.nephio.org/vlanClaimName: '{share}'\n")).unwrap_or_default();
    format!(
        "- apiVersion: vlan.resource.nephio.org/v1alpha1 # claim {name}\n  kind: \"VLANClaim\"\n  metadata:\n    name: n{name}\n    \
         annotations:\n      example.com/note: |\n        first\n\n        second\n{share}  # what it asks for\n  spec:\n    \
         vlanIndex: {{name: {index}}}   # where\n{spec}{status}  unknown: [yes, 0777, 1.10]\n"
    )
}

fn any_claims() -> impl Strategy<Value = Vec<String>> {
    let index = prop::sample::select(vec!["edge", "core", "away"]);
    let share = prop::option::weighted(0.3, prop::sample::select(vec!["x", "y"]));
    let spec = prop::sample::select(vec![
        "",
        "",
        "",
        "    range: \"2:9\"\n",
        "    range: '3'\n",
        "    vlanID: 40\n",
        "    vlanID: 41 # fixed\n",
    ]);
    let status = prop::sample::select(vec![
        "",
        "  status: {}\n",
        "  status:\n",
        "  status:\n    conditions: [] # none\n",
        "  status: {vlanID: 5, expiryTime: never}\n",
        "  status:\n    vlanID: 0x2A # forty-two\n",
    ]);
    prop::collection::vec((index, share, spec, status), 0..8).prop_map(|claims| {
        let claims = claims.into_iter().enumerate();
        claims.map(|(name, (index, share, spec, status))| claim(name, index, share, spec, status)).collect()
    })
}

fn with_indices(claims: Vec<String>) -> Vec<String> {
    let mut items = vec![kptfile(), index("edge"), index("core")];
    items.extend(claims);
    items
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_second_run_changes_no_byte(claims in any_claims()) {
        let Some(first) = run(&with_indices(claims)) else { return Ok(()) };
        prop_assert_eq!(run(&first), Some(first));
    }

    #[test]
    fn the_order_of_items_does_not_matter((claims, shuffled) in any_claims().prop_flat_map(|claims| {
        let items = with_indices(claims);
        (Just(items.clone()), Just(items).prop_shuffle())
    })) {
        let sorted = |items: Vec<String>| run(&items).map(|found| found.into_iter().collect::<BTreeSet<_>>());
        prop_assert_eq!(sorted(claims), sorted(shuffled));
    }

    #[test]
    fn only_the_status_of_a_claim_changes(claims in any_claims()) {
        let before = with_indices(claims);
        let Some(after) = run(&before) else { return Ok(()) };
        prop_assert_eq!(before.len(), after.len());
        for (before, after) in before.iter().zip(&after).skip(1) {
            prop_assert_eq!(without_status(before), without_status(after));
        }
    }
}

/// The lines of an item but those of its status.
fn without_status(item: &str) -> String {
    let mut in_status = false;
    let lines = item.split_inclusive('\n').filter(|line| {
        if !line.starts_with("   ") {
            in_status = line.starts_with("  status:");
        }
        !in_status
    });
    lines.collect()
}

#[test]
fn ten_thousand_claims() {
    let mut items: Vec<String> = ["a", "b", "c"].map(index).into();
    items.extend((0..10_000).map(|n| {
        let index = ["a", "b", "c"].get(n % 3).copied().unwrap_or_default();
        claim(n, index, None, "", "  status: {}\n")
    }));
    let after = run(&items).unwrap();
    let mut given: Vec<(&str, &str)> = Vec::new();
    for item in &after {
        let value = |key: &str| item.split(key).nth(1).and_then(|rest| rest.split(['}', '\n']).next());
        if let (Some(index), Some(id)) = (value("vlanIndex: {name: "), value("vlanID: ")) {
            given.push((index, id));
        }
    }
    let different: BTreeSet<_> = given.iter().collect();
    assert_eq!((given.len(), different.len()), (10_000, 10_000));
    assert!(different.contains(&("a", "2")) && !different.contains(&("a", "3336")), "from 2 on, without gaps");
}
