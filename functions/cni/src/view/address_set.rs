//! Sets of addresses of one family.

use ipnet::IpNet;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A set of addresses of one family, as few spans of neighbours: a /64 costs no more than a /30.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressSet {
    ipv6: bool,
    /// First and last of each span; ascending, with a gap between any two.
    spans: Vec<(u128, u128)>,
}

impl AddressSet {
    /// The addresses from `first` to `last`, both included. Empty where they are in the wrong order or of two families.
    #[must_use]
    pub fn span(first: IpAddr, last: IpAddr) -> Self {
        let (low, high) = (number(first), number(last));
        let spans = if first.is_ipv6() == last.is_ipv6() && low <= high { vec![(low, high)] } else { Vec::new() };
        Self { ipv6: first.is_ipv6(), spans }
    }

    /// Takes the addresses of `net` out of the set.
    pub fn remove(&mut self, net: &IpNet) {
        if net.addr().is_ipv6() != self.ipv6 {
            return;
        }
        let (low, high) = (number(net.network()), number(net.broadcast()));
        self.spans = self
            .spans
            .iter()
            .flat_map(|&(first, last)| {
                let below = low.checked_sub(1).map(|end| (first, end.min(last)));
                let above = high.checked_add(1).map(|start| (start.max(first), last));
                [below, above]
            })
            .flatten()
            .filter(|(first, last)| first <= last)
            .collect();
    }

    /// Whether the address is in the set.
    #[must_use]
    pub fn contains(&self, ip: IpAddr) -> bool {
        let ip_number = number(ip);
        ip.is_ipv6() == self.ipv6 && self.spans.iter().any(|&(first, last)| (first..=last).contains(&ip_number))
    }

    /// Whether an address of the block is in the set.
    #[must_use]
    pub fn intersects(&self, net: &IpNet) -> bool {
        let (low, high) = (number(net.network()), number(net.broadcast()));
        net.addr().is_ipv6() == self.ipv6 && self.spans.iter().any(|&(first, last)| first <= high && low <= last)
    }

    /// Whether there is no address in the set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The first and last address of each span, ascending.
    pub fn spans(&self) -> impl Iterator<Item = (IpAddr, IpAddr)> {
        self.spans.iter().map(|&(first, last)| (self.address(first), self.address(last)))
    }

    fn address(&self, number: u128) -> IpAddr {
        match u32::try_from(number) {
            Ok(number) if !self.ipv6 => IpAddr::V4(Ipv4Addr::from(number)),
            _ => IpAddr::V6(Ipv6Addr::from(number)),
        }
    }
}

/// `10.1.3.4-10.1.3.254, …`
impl fmt::Display for AddressSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("no address");
        }
        for (index, (first, last)) in self.spans().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            if first == last {
                write!(f, "{separator}{first}")?;
            } else {
                write!(f, "{separator}{first}-{last}")?;
            }
        }
        Ok(())
    }
}

fn number(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(ip) => u128::from(u32::from(ip)),
        IpAddr::V6(ip) => u128::from(ip),
    }
}

/// The address after `ip`, of the same family.
pub(super) fn next(ip: IpAddr) -> Option<IpAddr> {
    match ip {
        IpAddr::V4(ip) => u32::from(ip).checked_add(1).map(|n| IpAddr::V4(n.into())),
        IpAddr::V6(ip) => u128::from(ip).checked_add(1).map(|n| IpAddr::V6(n.into())),
    }
}

/// The address before `ip`, of the same family.
pub(super) fn previous(ip: IpAddr) -> Option<IpAddr> {
    match ip {
        IpAddr::V4(ip) => u32::from(ip).checked_sub(1).map(|n| IpAddr::V4(n.into())),
        IpAddr::V6(ip) => u128::from(ip).checked_sub(1).map(|n| IpAddr::V6(n.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(first: &str, last: &str, without: &[&str]) -> String {
        let mut set = AddressSet::span(first.parse().unwrap(), last.parse().unwrap());
        for net in without {
            set.remove(&net.parse().unwrap());
        }
        set.to_string()
    }

    #[test]
    fn spans_lose_what_is_removed() {
        assert_eq!(
            set("10.0.0.1", "10.0.0.14", &["10.0.0.4/30", "10.0.0.10/32"]),
            "10.0.0.1-10.0.0.3, 10.0.0.8-10.0.0.9, 10.0.0.11-10.0.0.14"
        );
        assert_eq!(set("10.0.0.1", "10.0.0.14", &["10.0.0.0/24"]), "no address");
        assert_eq!(set("10.0.0.1", "10.0.0.2", &["::/0"]), "10.0.0.1-10.0.0.2");
        assert_eq!(set("0.0.0.0", "255.255.255.255", &["0.0.0.0/32", "255.255.255.255/32"]), "0.0.0.1-255.255.255.254");
        let top = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
        assert_eq!(set("::", top, &["::/1", "8000::/1"]), "no address");
        assert_eq!(set("::5", "::4", &[]), "no address");
        assert_eq!(set("::5", "10.0.0.1", &[]), "no address");
    }

    #[test]
    fn families_do_not_mix() {
        let set = AddressSet::span("::1".parse().unwrap(), "::ff".parse().unwrap());
        assert!(set.contains("::5".parse().unwrap()));
        assert!(!set.contains("0.0.0.5".parse().unwrap()));
        assert!(set.intersects(&"::ff:0/96".parse().unwrap()));
        assert!(!set.intersects(&"0.0.0.0/0".parse().unwrap()));
    }
}
