//! Addresses: their spelling, their place in the subnet, their gateways.

use super::next_hop::NextHops;
use super::report::Report;
use super::{Checker, keys};
use crate::json::Node;
use crate::schema;
use crate::violation::Rule;
use ipnet::IpNet;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

/// An address that the configuration states.
pub(super) struct Stated {
    pub(super) net: IpNet,
    path: String,
}

/// Checks `ipam.addresses` and returns those that could be read.
pub(super) fn check(ipam: &Node<'_>, checker: Checker, report: &mut Report) -> Vec<Stated> {
    let entries = ipam.list("addresses");
    if entries.is_empty() {
        report.add_key(Rule::AddressMissing, ipam, "addresses", "at least one address");
    }
    let mut stated = Vec::new();
    let mut gateways = Vec::new();
    for entry in &entries {
        if !keys::check(entry, &[schema::ADDRESS], report) {
            continue;
        }
        let net = read_net(entry, "address", Rule::AddressInvalid, report);
        if let Some(net) = net {
            let path = entry.path_of("address");
            check_host(entry, net, checker, report);
            stated.push(Stated { net, path });
        }
        if let Some(gateway) = read_ip(entry, "gateway", report) {
            gateways.extend(net.map(|net| (entry, net, gateway)));
        }
    }
    let hops = NextHops::of(&stated);
    for (entry, net, gateway) in gateways {
        hops.check_gateway(entry, net, gateway, report);
    }
    stated
}

/// No IP address twice, whatever the lengths and whichever the plugin.
pub(super) fn check_unique(stated: &[Stated], report: &mut Report) {
    let mut first: BTreeMap<IpAddr, &str> = BTreeMap::new();
    for address in stated {
        match first.get(&address.net.addr()) {
            Some(path) => report.add_at(
                Rule::AddressDuplicate,
                address.path.as_str(),
                format!("\"{}\"", address.net),
                format!("an address other than that of {path}"),
            ),
            None => {
                first.insert(address.net.addr(), &address.path);
            }
        }
    }
}

fn check_host(entry: &Node<'_>, net: IpNet, checker: Checker, report: &mut Report) {
    let ip = net.addr();
    if ip.is_unspecified() || ip.is_loopback() || ip.is_multicast() || ip == IpAddr::V4(Ipv4Addr::BROADCAST) {
        let expected = "a unicast address of a host";
        report.add_key(Rule::AddressNotUnicast, entry, "address", expected);
        return;
    }
    if is_network(net, ip) {
        let expected = format!("an address other than the first of {}", net.trunc());
        report.add_key(Rule::AddressIsNetwork, entry, "address", expected);
    }
    if is_broadcast(net, ip) {
        let expected = format!("an address other than the last of {}", net.trunc());
        report.add_key(Rule::AddressIsBroadcast, entry, "address", expected);
    }
    if net.prefix_len() == 0 && !checker.default_route {
        let expected = "a prefix length of at least 1: with 0 every destination is connected";
        report.add_key(Rule::DefaultRoute, entry, "address", expected);
    }
}

/// Whether `ip` is the first address of a subnet that reserves it: IPv4 network, IPv6 subnet-router anycast address.
pub(super) fn is_network(net: IpNet, ip: IpAddr) -> bool {
    reserves(net) && ip == net.network()
}

/// Whether `ip` is the broadcast address of the subnet. IPv6 has none.
pub(super) fn is_broadcast(net: IpNet, ip: IpAddr) -> bool {
    reserves(net) && ip.is_ipv4() && ip == net.broadcast()
}

/// Point-to-point subnets and single addresses reserve nothing.
fn reserves(net: IpNet) -> bool {
    net.prefix_len() < net.max_prefix_len().saturating_sub(1)
}

/// Reads `address/length`; `invalid` is the rule where it is none.
pub(super) fn read_net(entry: &Node<'_>, key: &str, invalid: Rule, report: &mut Report) -> Option<IpNet> {
    let Some(net) = entry.text(key).and_then(parse_net) else {
        report.add_key(invalid, entry, key, "an IP address and a prefix length");
        return None;
    };
    check_spelling(entry, key, net.addr(), &net.to_string(), report).then_some(net)
}

/// As strict as static: ipnet's own parser takes leading zeros.
fn parse_net(text: &str) -> Option<IpNet> {
    let (address, length) = text.split_once('/')?;
    let digits = length.bytes().all(|b| b.is_ascii_digit());
    let length = length.parse().ok().filter(|_| digits)?;
    IpNet::new(address.parse().ok()?, length).ok()
}

/// Reads a gateway. An empty one is absent, as static has it.
pub(super) fn read_ip(entry: &Node<'_>, key: &str, report: &mut Report) -> Option<IpAddr> {
    let text = entry.text(key)?;
    let Ok(ip) = text.parse::<IpAddr>() else {
        report.add_key(Rule::GatewayInvalid, entry, key, "an IP address");
        return None;
    };
    check_spelling(entry, key, ip, &ip.to_string(), report).then_some(ip)
}

/// Reports another spelling than the canonical one. Returns false where the text means another address than it says.
fn check_spelling(entry: &Node<'_>, key: &str, ip: IpAddr, canonical: &str, report: &mut Report) -> bool {
    let mapped = match ip {
        IpAddr::V6(ip) => ip.to_ipv4_mapped(),
        IpAddr::V4(_) => None,
    };
    if let Some(ipv4) = mapped {
        report.add_key(Rule::Ipv4Mapped, entry, key, format!("the IPv4 address {ipv4}"));
        return false;
    }
    if entry.text(key) != Some(canonical) {
        report.add_key(Rule::NotCanonical, entry, key, format!("\"{canonical}\""));
    }
    true
}
