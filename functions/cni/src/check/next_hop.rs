//! Gateways: of an address and of a route.

use super::addresses::{Stated, is_broadcast, is_network};
use super::report::Report;
use crate::json::Node;
use crate::violation::Rule;
use ipnet::IpNet;
use std::net::IpAddr;

/// What an attachment with these addresses can reach directly.
pub(super) struct NextHops {
    nets: Vec<IpNet>,
}

impl NextHops {
    pub(super) fn of(stated: &[Stated]) -> Self {
        Self { nets: stated.iter().map(|address| address.net).collect() }
    }

    /// `gateway` of the address `net`.
    pub(super) fn check_gateway(&self, entry: &Node<'_>, net: IpNet, gateway: IpAddr, report: &mut Report) {
        if !same_family(entry, "gateway", gateway, net, report) {
            return;
        }
        if !is_link_local(gateway) && !net.contains(&gateway) {
            let expected = format!("an address in {}", net.trunc());
            report.add_key(Rule::GatewayOffSubnet, entry, "gateway", expected);
        }
        self.check_neighbour(entry, "gateway", gateway, report);
    }

    /// `gw` of the route to `dst`.
    pub(super) fn check_route(&self, entry: &Node<'_>, dst: IpNet, gw: IpAddr, report: &mut Report) {
        if !same_family(entry, "gw", gw, dst, report) {
            return;
        }
        if !is_link_local(gw) && !self.nets.iter().any(|net| net.contains(&gw)) {
            let subnets: Vec<_> = self.nets.iter().map(|net| net.trunc().to_string()).collect();
            let expected = match subnets.as_slice() {
                [] => "no route without an address".to_owned(),
                subnets => format!("an address in {}", subnets.join(" or ")),
            };
            report.add_key(Rule::RouteGatewayOffLink, entry, "gw", expected);
        }
        self.check_neighbour(entry, "gw", gw, report);
    }

    /// The address can belong to a router beside the pod.
    fn check_neighbour(&self, entry: &Node<'_>, key: &str, ip: IpAddr, report: &mut Report) {
        if self.nets.iter().any(|net| net.addr() == ip) {
            let expected = "another address than the attachment's own";
            report.add_key(Rule::GatewayIsOwnAddress, entry, key, expected);
        }
        if let Some(net) = self.nets.iter().find(|net| is_network(**net, ip)) {
            let expected = format!("another address than the first of {}", net.trunc());
            report.add_key(Rule::GatewayIsNetwork, entry, key, expected);
        }
        if let Some(net) = self.nets.iter().find(|net| is_broadcast(**net, ip)) {
            let expected = format!("another address than the last of {}", net.trunc());
            report.add_key(Rule::GatewayIsBroadcast, entry, key, expected);
        }
    }
}

fn same_family(entry: &Node<'_>, key: &str, ip: IpAddr, net: IpNet, report: &mut Report) -> bool {
    let same = ip.is_ipv4() == net.addr().is_ipv4();
    if !same {
        let family = if net.addr().is_ipv4() { "IPv4" } else { "IPv6" };
        report.add_key(Rule::GatewayFamily, entry, key, format!("an {family} address, as {net}"));
    }
    same
}

/// IPv6 routers announce themselves with a link-local address, which is on-link whatever the subnets.
fn is_link_local(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V6(ip) => ip.is_unicast_link_local(),
        IpAddr::V4(_) => false,
    }
}
