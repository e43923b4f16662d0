use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use crate::draw::{Drawn, any_list, moving, newcomer, peaceful};
use crate::run::{Taken, list, run, taken, texts};

fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(500);
    ProptestConfig { cases, ..ProptestConfig::default() }
}

/// A fixed point, byte for byte; and a failed run changes nothing.
fn is_a_fixed_point(drawn: &Drawn) -> Result<(), TestCaseError> {
    let input = drawn.text();
    let first = run(&input);
    if first.success() {
        let second = run(&first.stdout);
        prop_assert!(second.success(), "the second run fails: {}", second.stdout);
        prop_assert_eq!(first.items(), second.items());
        prop_assert!(!second.codes().iter().any(|code| code == "allocated"), "{}", second.stdout);
    } else {
        prop_assert_eq!(first.items(), input.trim_end());
    }
    Ok(())
}

/// No address or block of one network instance has two owners.
fn nothing_has_two_owners(output: &str) -> Result<(), TestCaseError> {
    let mut owners = BTreeMap::new();
    for (file, Taken { instance, prefix, is_block }) in taken(output) {
        let address = prefix.split('/').next().unwrap_or_default().to_owned();
        if let Some(other) = owners.insert((instance, address, is_block), file.clone()) {
            return Err(TestCaseError::fail(format!("{prefix} of {file} and {other}:\n{output}")));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_second_run_changes_no_byte(drawn in peaceful()) {
        is_a_fixed_point(&drawn)?;
    }

    #[test]
    fn a_second_run_changes_no_byte_whatever_was_stated(drawn in any_list()) {
        is_a_fixed_point(&drawn)?;
    }

    #[test]
    fn a_second_run_moves_nobody_again(drawn in moving()) {
        is_a_fixed_point(&drawn)?;
    }

    #[test]
    fn the_order_of_items_does_not_matter(
        (drawn, shuffled) in prop_oneof![peaceful().boxed(), any_list().boxed()]
            .prop_flat_map(|drawn| (Just(drawn.clone()), Just(drawn.items()).prop_shuffle()))
    ) {
        let (in_order, shuffled) = (run(&drawn.text()), run(&list(&shuffled, &drawn.config)));
        prop_assert_eq!(in_order.code, shuffled.code);
        prop_assert_eq!(texts(&in_order.stdout), texts(&shuffled.stdout));
        let codes = |outcome: &crate::run::Outcome| outcome.codes().into_iter().collect::<BTreeSet<_>>();
        prop_assert_eq!(codes(&in_order), codes(&shuffled));
    }

    #[test]
    fn nobody_shares(drawn in prop_oneof![peaceful().boxed(), any_list().boxed(), moving().boxed()]) {
        let outcome = run(&drawn.text());
        if outcome.success() {
            nothing_has_two_owners(&outcome.stdout)?;
        }
    }

    #[test]
    fn a_newcomer_moves_nobody(drawn in peaceful(), newcomer in newcomer()) {
        let before = run(&drawn.text());
        if !before.success() {
            return Ok(());
        }
        let items: Vec<String> = texts(&before.stdout).into_values().chain([newcomer]).collect();
        let after = run(&list(&items, &drawn.config));
        if after.success() {
            let (before, mut after) = (taken(&before.stdout), taken(&after.stdout));
            after.retain(|file, _| before.contains_key(file));
            prop_assert_eq!(before, after);
        }
    }

    #[test]
    fn who_leaves_frees_only_its_own(drawn in peaceful(), leaver in any::<prop::sample::Index>()) {
        let before = run(&drawn.text());
        if !before.success() || drawn.claims.is_empty() {
            return Ok(());
        }
        let (mut items, mut before) = (texts(&before.stdout), taken(&before.stdout));
        let claims: Vec<String> = items.keys().filter(|file| file.contains("claim")).cloned().collect();
        let file = leaver.get(&claims);
        items.remove(file);
        before.remove(file);
        // What a claim waits for may now be free; nobody that has something loses or changes it.
        let after = run(&list(&items.into_values().collect::<Vec<_>>(), &drawn.config));
        if after.success() {
            let mut after = taken(&after.stdout);
            after.retain(|file, _| before.contains_key(file));
            prop_assert_eq!(before, after);
        }
    }

    #[test]
    fn only_claims_and_kptfiles_change(drawn in prop_oneof![peaceful().boxed(), any_list().boxed()]) {
        let outcome = run(&drawn.text());
        let after = texts(&outcome.stdout);
        for (file, text) in texts(&drawn.text()) {
            if !text.contains("kind: IPClaim") && !text.contains("kind: Kptfile") {
                prop_assert_eq!(Some(&text), after.get(&file));
            } else {
                let spec = |text: &str| text.split("\n  status:").next().unwrap_or_default().trim_end().to_owned();
                prop_assert_eq!(Some(spec(&text)), after.get(&file).map(|text| spec(text)));
            }
        }
    }

    #[test]
    fn every_code_is_listed(drawn in any_list()) {
        for code in run(&drawn.text()).codes() {
            let listed = [ipam::CODES, ipam_fn::CODES, krm::codes::CODES].iter().any(|codes| codes.contains(&code.as_str()));
            prop_assert!(listed, "{code}");
        }
    }
}

/// The draws must reach what they are meant for, or the laws above say little.
#[test]
fn the_draws_reach_their_targets() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut rate = |strategy: BoxedStrategy<Drawn>| {
        let outcomes: Vec<_> =
            (0..400).map(|_| run(&strategy.new_tree(&mut runner).expect("a draw").current().text())).collect();
        let succeeded = outcomes.iter().filter(|outcome| outcome.success()).count();
        let codes: BTreeSet<String> = outcomes.iter().flat_map(|outcome| outcome.codes()).collect();
        (succeeded, codes)
    };
    let (succeeded, mut codes) = rate(peaceful().boxed());
    assert!(succeeded > 150, "{succeeded} of 400 peaceful lists succeed");
    let (succeeded, more) = rate(any_list().boxed());
    assert!(succeeded > 40, "{succeeded} of 400 lists succeed");
    codes.extend(more);
    let (succeeded, more) = rate(moving().boxed());
    assert!(succeeded > 100, "{succeeded} of 400 lists with claims that move succeed");
    codes.extend(more);
    for code in [
        "address-conflict",
        "address-moved",
        "allocated",
        "block-conflict",
        "gateway-exists",
        "kept-without-pool",
        "field-malformed",
        "no-matching-pool",
        "not-in-a-pool",
        "pool-exhausted",
        "pool-nesting",
        "status-mended",
    ] {
        assert!(codes.contains(code), "{code} is not among {codes:?}");
    }
}
