//! The readers of addresses, for the fuzz targets in `fuzz/`. Only the feature `fuzzing` compiles this.

use std::net::IpAddr;

use ipam::AddrRange;
use ipnet::IpNet;

use crate::read::text;

/// An address with a length: `10.1.3.1/24`.
pub fn prefix(text: &str) -> Option<IpNet> {
    text::prefix(text).ok()
}

/// An address alone: `10.1.3.1`.
pub fn address(text: &str) -> Option<IpAddr> {
    text::address(text).ok()
}

/// `10.1.3.100-10.1.3.120`, `10.1.3.200/29` or `10.1.3.7`.
pub fn range(text: &str) -> Option<AddrRange> {
    text::range(text).ok()
}
