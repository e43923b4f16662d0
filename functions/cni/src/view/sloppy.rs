//! IP addresses as the Go plugins read them.
//!
//! Whereabouts takes leading zeros as decimal, and every plugin takes an IPv4-mapped IPv6 address for the IPv4 one.

use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Prefix length of the IPv4-mapped block `::ffff:0:0/96`.
const MAPPED_LEN: u8 = 96;

/// Reads an address.
pub(super) fn ip(text: &str) -> Option<IpAddr> {
    if text.contains(':') {
        let ip: Ipv6Addr = text.parse().ok()?;
        return Some(ip.to_ipv4_mapped().map_or(IpAddr::V6(ip), IpAddr::V4));
    }
    let mut octets = [0; 4];
    let mut parts = text.split('.');
    for octet in &mut octets {
        *octet = decimal(parts.next()?)?;
    }
    parts.next().is_none().then(|| IpAddr::V4(Ipv4Addr::from(octets)))
}

/// Reads `address/length`, host bits and all.
pub(super) fn interface_address(text: &str) -> Option<IpNet> {
    let (address, length) = text.split_once('/')?;
    let ip = ip(address)?;
    let length = decimal(length)?;
    let mapped = ip.is_ipv4() && address.contains(':');
    let length = if mapped { length.checked_sub(MAPPED_LEN)? } else { length };
    IpNet::new(ip, length).ok()
}

/// A number of digits only. Zeros in front do not count.
fn decimal(text: &str) -> Option<u8> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let significant = text.trim_start_matches('0');
    if digits && significant.is_empty() {
        return Some(0);
    }
    significant.parse().ok().filter(|_| digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_go_reads_them() {
        assert_eq!(ip("00192.00168.1.5"), Some(IpAddr::from([192, 168, 1, 5])));
        assert_eq!(ip("0.0.0.0"), Some(IpAddr::from([0, 0, 0, 0])));
        assert_eq!(ip("::ffff:10.1.3.3"), Some(IpAddr::from([10, 1, 3, 3])));
        for wrong in ["10.1.3", "10.1.3.4.5", "10.1.3.256", "10.1.3.+4", " 10.1.3.4", "10.1..4", "fe80::1%eth0", ""] {
            assert_eq!(ip(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn lengths_are_read_as_go_reads_them() {
        let net = |text: &str| Some(text.parse::<IpNet>().unwrap());
        assert_eq!(interface_address("10.1.3.3/024"), net("10.1.3.3/24"));
        assert_eq!(interface_address("::ffff:10.1.3.3/120"), net("10.1.3.3/24"));
        for wrong in ["10.1.3.3", "10.1.3.3/", "10.1.3.3/33", "::/129", "::ffff:10.1.3.3/24", "10.1.3.3/24/1"] {
            assert_eq!(interface_address(wrong), None, "{wrong}");
        }
    }
}
