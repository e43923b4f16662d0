//! Routes: what the kernel would refuse, and what it would do although nobody meant it.

use super::addresses::{Stated, read_ip, read_net};
use super::next_hop::NextHops;
use super::report::Report;
use super::{Checker, keys};
use crate::json::Node;
use crate::schema;
use crate::violation::Rule;
use ipnet::IpNet;
use std::collections::BTreeMap;

/// Checks `ipam.routes` of an attachment with these addresses.
pub(super) fn check(ipam: &Node<'_>, stated: &[Stated], checker: Checker, report: &mut Report) {
    let hops = NextHops::of(stated);
    let mut seen: BTreeMap<IpNet, String> = BTreeMap::new();
    for entry in ipam.list("routes") {
        if !keys::check(&entry, &[schema::ROUTE], report) {
            continue;
        }
        let dst = read_net(&entry, "dst", Rule::RouteInvalid, report);
        let gw = read_ip(&entry, "gw", report);
        if entry.text("gw").is_none() {
            report.add_key(Rule::RouteGatewayMissing, &entry, "gw", "the next hop of the route");
        }
        let Some(dst) = dst else {
            continue;
        };
        if let Some(gw) = gw {
            hops.check_route(&entry, dst, gw, report);
        }
        check_destination(&entry, dst, stated, checker, report);
        if let Some(first) = seen.get(&dst.trunc()) {
            let expected = format!("a destination other than that of {first}");
            report.add_key(Rule::RouteDuplicate, &entry, "dst", expected);
        } else {
            seen.insert(dst.trunc(), entry.path());
        }
    }
}

fn check_destination(entry: &Node<'_>, dst: IpNet, stated: &[Stated], checker: Checker, report: &mut Report) {
    if dst != dst.trunc() {
        report.add_key(Rule::RouteHostBits, entry, "dst", format!("\"{}\"", dst.trunc()));
    }
    if dst.prefix_len() == 0 {
        if !checker.default_route {
            let expected = "no default route without a request";
            report.add_key(Rule::DefaultRoute, entry, "dst", expected);
        }
    } else if stated.iter().any(|address| address.net.trunc() == dst.trunc()) {
        let expected = "a destination beyond the attachment's own subnet";
        report.add_key(Rule::RouteConnectedSubnet, entry, "dst", expected);
    }
}
