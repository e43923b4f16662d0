//! The whole of ipam-fn, on any list.
#![no_main]

use krmnet_fuzz::{function, mutate, owners};
use libfuzzer_sys::{fuzz_crossover, fuzz_mutator, fuzz_target};

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { mutate::yaml(data, size, max_size, seed) });
fuzz_crossover!(|one: &[u8], other: &[u8], out: &mut [u8], seed: u32| { mutate::splice(one, other, out, seed) });

fuzz_target!(|data: &[u8]| {
    if let Some(output) = function::check(&ipam_fn::FUNCTION, data) {
        owners::of_addresses(&function::again(&output));
    }
});
