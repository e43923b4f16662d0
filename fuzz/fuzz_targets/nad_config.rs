//! Network configurations of any author: no panic, and the same whether read as they stand or written anew.
#![no_main]

use cni::{ConfigView, check_text};
use krmnet_fuzz::naive;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let violations = check_text(text);
    let Ok(view) = ConfigView::parse(text) else {
        assert!(!violations.is_empty(), "what cannot be read passes the check: {text:?}");
        return;
    };
    for stated in view.addresses() {
        if let Some((address, length)) = naive::prefix(&stated.text) {
            let read = stated.address.unwrap_or_else(|| panic!("{} is not read", stated.text));
            assert_eq!((read.addr(), read.prefix_len()), (address, length));
        }
        // What the check lets pass has to be read; else nobody knows that the address is held.
        assert!(stated.address.is_some() || !violations.is_empty(), "{} is let pass and not read", stated.text);
    }
    let _ = (view.segments(None), view.segments(Some("a/b")), view.cni_version(), view.name(), view.plugin_types());
    // Any reader of JSON agrees on it, written anew.
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        let again = ConfigView::parse(&value.to_string()).unwrap();
        assert_eq!(format!("{:?}", view.addresses()), format!("{:?}", again.addresses()));
        assert_eq!(format!("{:?}", view.ranges()), format!("{:?}", again.ranges()));
    }
});
