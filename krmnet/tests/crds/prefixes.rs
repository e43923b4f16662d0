//! The pattern of prefixes takes every spelling that the functions read.

use serde_json::json;

use crate::functions::refused_by;
use crate::rules;
use crate::server::Server;

/// Spellings of IPv6 addresses: in full, and with `::` at each place, with each number of groups before and behind it.
fn ipv6() -> Vec<String> {
    let groups = ["0", "00ff", "2001", "DB8", "ffff"];
    let mut found = Vec::new();
    for (before, behind) in (0..=8).flat_map(|before| (0..=8 - before).map(move |behind| (before, behind))) {
        let some = |count: usize, tail: Option<&str>| {
            let all: Vec<_> = groups.iter().copied().cycle().skip(before).take(count).chain(tail).collect();
            all.join(":")
        };
        let gap = if before + behind == 8 { ":" } else { "::" };
        found.push(format!("{}{gap}{}", some(before, None), some(behind, None)));
        if behind >= 2 {
            found.push(format!("{}{gap}{}", some(before, None), some(behind - 2, Some("192.0.2.255"))));
        }
    }
    found.extend(["0:0:0:0:0:0:0:0", "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255"].map(str::to_owned));
    found
}

#[test]
fn what_a_function_reads_as_a_prefix_fits_the_pattern() {
    let ipv4 = ["0.0.0.0", "9.10.99.100", "199.200.249.250", "255.255.255.255", "10.01.0.0", "256.0.0.0", "10.0.0"];
    let addresses = ipv6().into_iter().chain(ipv4.map(str::to_owned));
    let lengths = ["0", "9", "10", "29", "30", "32", "33", "99", "100", "119", "120", "128", "129", "08", "", "+8"];
    let server = Server::new();
    let (mut read, mut unread) = (0, 0);
    for text in addresses.flat_map(|address| lengths.map(|length| format!("{address}/{length}"))) {
        let object = rules::object("IPPrefix", json!({"kind": "network", "prefix": text}));
        if refused_by(&object).is_empty() {
            read += 1;
            assert_eq!(server.kind(&object).unwrap().refusals(&object), [], "{text}");
        } else {
            unread += 1;
        }
    }
    assert!(read > 100 && unread > 100, "{read} texts were read, {unread} were not");
}
