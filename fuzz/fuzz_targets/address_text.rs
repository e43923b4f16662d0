//! Addresses, prefixes and ranges as people write them, against a reader that could not be plainer.
#![no_main]

use ipam::AddrRange;
use ipam_fn::fuzzing::{address, prefix, range};
use ipnet::IpNet;
use krmnet_fuzz::naive;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    assert_eq!(address(text), naive::address(text), "{text:?}");
    let net = prefix(text);
    assert_eq!(net.map(|net| (net.addr(), net.prefix_len())), naive::prefix(text), "{text:?}");
    let ends = range(text).map(|range| (range.first(), range.last()));
    assert_eq!(ends, naive::range(text), "{text:?}");
    if let Some(net) = net {
        assert_eq!(text.parse::<IpNet>(), Ok(net));
        assert_eq!(naive::ends((net.addr(), net.prefix_len())), (net.network(), net.broadcast()));
        assert_eq!(prefix(&net.to_string()), Some(net), "written anew");
    }
    if let Some(read) = range(text) {
        // The allocation core's own reader takes more, and what both take is the same.
        assert_eq!(text.parse::<AddrRange>().as_ref(), Ok(&read));
        // A prefix may enclose IPv4-mapped addresses; its last address may then be one that nobody may write.
        if naive::address(&read.last().to_string()).is_some() {
            assert_eq!(range(&read.to_string()), Some(read), "written anew");
        }
    }
});
