//! Random sequences of edits. After every edit the plan must say what a naive model of the specification says, and at
//! every render the laws must hold.
//!
//! `PROPTEST_CASES=20000 cargo test --package ipam --test edits` draws so many new sequences; each looks at some twenty
//! plans.

// Helpers of tests may panic as tests do.
#![allow(clippy::expect_used)]

mod compare;
mod coverage;
mod draw;
mod laws;
mod model;

use draw::{Draft, Edit, World, draft, edits};
use ipam::Plan;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngSeed, TestCaseError};

/// So many sequences, the same ones each time; where the environment asks for a number, so many new ones.
fn sequences(count: u32) -> Config {
    let asked = std::env::var_os("PROPTEST_CASES").is_some();
    let common = Config { max_shrink_iters: 20_000, failure_persistence: None, ..Config::default() };
    if asked { common } else { Config { cases: count, rng_seed: RngSeed::Fixed(1), ..common } }
}

/// The plan of the world as it stands, where the model agrees with it.
fn agreed_plan(world: &World) -> Result<Plan, TestCaseError> {
    let plan = ipam::plan(&world.input);
    let differences = compare::differences(&world.input, &plan, &model::answer(&world.input));
    prop_assert!(differences.is_empty(), "{}\n{:#?}", differences.join("\n"), world.input);
    Ok(plan)
}

/// What the laws try at a render.
#[derive(Debug, Clone)]
struct Trial {
    shuffle: u64,
    added: Draft,
    removed: Index,
}

fn trial() -> impl Strategy<Value = Trial> {
    (any::<u64>(), draft(), any::<Index>()).prop_map(|(shuffle, added, removed)| Trial { shuffle, added, removed })
}

proptest! {
    #![proptest_config(sequences(2000))]

    #[test]
    fn the_plan_says_what_the_model_says(edits in edits()) {
        let mut world = World::default();
        for edit in edits {
            world.apply(edit);
            agreed_plan(&world)?;
        }
    }

    #[test]
    fn the_laws_hold_at_every_render(edits in edits(), trial in trial()) {
        let mut world = World::default();
        for edit in edits {
            if matches!(edit, Edit::Render) {
                laws::order_does_not_matter(&world.input, trial.shuffle)?;
                laws::nobody_shares(&world.input)?;
                if let Some(rendered) = laws::fixed_point(&world.input)? {
                    laws::adding_moves_nothing(&rendered, trial.added.claim(&rendered))?;
                    laws::removing_frees_exactly_its_own(&rendered, trial.removed)?;
                }
            }
            world.apply(edit);
        }
    }
}
