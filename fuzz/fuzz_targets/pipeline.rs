//! All functions in the order of the reference pipeline: what each accepts the next can read, and the whole is a fixed
//! point.
#![no_main]

use krm::harness::Function;
use krmnet_fuzz::{function, mutate, owners};
use libfuzzer_sys::{fuzz_crossover, fuzz_mutator, fuzz_target};

const PIPELINE: [Function; 5] =
    [interface_fn::FUNCTION, vlan_fn::FUNCTION, ipam_fn::FUNCTION, nad_fn::FUNCTION, interface_fn::FUNCTION];

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutate::yaml(data, size, max_size, seed) });
fuzz_crossover!(|one: &[u8], other: &[u8], out: &mut [u8], seed: u32| { mutate::splice(one, other, out, seed) });

fuzz_target!(|data: &[u8]| {
    let Some(rendered) = render(data) else { return };
    let list = function::again(&rendered);
    owners::of_addresses(&list);
    owners::of_vlans(&list);
    let again = render(rendered.as_bytes()).unwrap_or_else(|| panic!("a second render fails\n{rendered}"));
    let items = |output: &str| function::texts(&function::again(output), |_| true);
    assert_eq!(items(&rendered), items(&again), "no fixed point");
});

fn render(input: &[u8]) -> Option<String> {
    let mut text = String::from_utf8(input.to_vec()).ok()?;
    for function in &PIPELINE {
        let outcome = function::run(function, text.as_bytes())?;
        if !outcome.success {
            return None;
        }
        text = outcome.output;
    }
    Some(text)
}
