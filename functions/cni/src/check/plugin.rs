//! One plugin: its interface, mode, VLAN, MTU, and what it does with IPAM.

use super::addresses::{self, Stated};
use super::report::Report;
use super::{Checker, keys, routes};
use crate::json::Node;
use crate::plugin::{IpvlanMode, MacvlanMode};
use crate::schema::{self, IpamUse, PluginSchema, one_of};
use crate::violation::Rule;

/// Longest interface name in bytes (Linux, `IFNAMSIZ` less its NUL).
const INTERFACE_NAME_MAX: usize = 15;
/// Linux, `ETH_MIN_MTU` and `ETH_MAX_MTU`.
const MTU_MIN: i64 = 68;
const MTU_MAX: i64 = 65_535;
/// RFC 8200 section 5.
const MTU_MIN_IPV6: i64 = 1280;

/// Checks everything but the keys; returns the addresses that the plugin gets.
pub(super) fn check(plugin: &Node<'_>, schema: &PluginSchema, checker: Checker, report: &mut Report) -> Vec<Stated> {
    match schema.name {
        "macvlan" => {
            check_link(plugin, "master", Rule::MasterMissing, report);
            check_mode(plugin, &MacvlanMode::ALL.map(MacvlanMode::as_str), report);
        }
        "ipvlan" => {
            check_link(plugin, "master", Rule::MasterMissing, report);
            check_mode(plugin, &IpvlanMode::ALL.map(IpvlanMode::as_str), report);
        }
        "sriov" => check_vlan_id(plugin, "vlan", report),
        "bridge" => check_bridge(plugin, checker, report),
        "vlan" => {
            check_link(plugin, "master", Rule::MasterMissing, report);
            match plugin.get("vlanId") {
                Some(_) => check_vlan_id(plugin, "vlanId", report),
                None => report.add_key(Rule::VlanMissing, plugin, "vlanId", schema::VLAN_RANGE),
            }
        }
        "host-device" => check_device(plugin, report),
        _ => {}
    }
    check_maps(plugin, report);
    let stated = check_ipam(plugin, schema, checker, report);
    check_mtu(plugin, &stated, report);
    stated
}

fn check_bridge(plugin: &Node<'_>, checker: Checker, report: &mut Report) {
    check_link(plugin, "bridge", Rule::BridgeMissing, report);
    check_vlan_id(plugin, "vlan", report);
    for trunk in plugin.list("vlanTrunk") {
        if keys::check(&trunk, &[schema::VLAN_TRUNK], report) {
            for key in ["minID", "maxID", "id"] {
                check_vlan_id(&trunk, key, report);
            }
        }
    }
    if plugin.flag("isDefaultGateway") && !checker.default_route {
        report.add_key(Rule::DefaultRoute, plugin, "isDefaultGateway", "false, or no such key");
    }
}

fn check_device(plugin: &Node<'_>, report: &mut Report) {
    let device_id = plugin.get("capabilities").is_some_and(|capabilities| capabilities.flag("deviceID"));
    let otherwise = ["hwaddr", "kernelpath", "pciBusID"].iter().any(|key| plugin.text(key).is_some());
    if plugin.text("device").is_some() || !(device_id || otherwise) {
        check_link(plugin, "device", Rule::DeviceMissing, report);
    }
}

/// `key` names an interface of the node; `missing` is the rule where it does not.
fn check_link(plugin: &Node<'_>, key: &str, missing: Rule, report: &mut Report) {
    let Some(name) = plugin.text(key) else {
        report.add_key(missing, plugin, key, "the name of an interface");
        return;
    };
    if name.len() > INTERFACE_NAME_MAX {
        report.add_key(
            Rule::InterfaceNameTooLong,
            plugin,
            key,
            format!("at most {INTERFACE_NAME_MAX} bytes, not {}", name.len()),
        );
    }
    if matches!(name, "." | "..") || name.contains(|c: char| matches!(c, '/' | ':' | '\0') || c.is_whitespace()) {
        report.add_key(
            Rule::InterfaceNameInvalid,
            plugin,
            key,
            "a name without `/`, `:` and blanks, other than `.` and `..`",
        );
    }
}

fn check_mode(plugin: &Node<'_>, modes: &[&str], report: &mut Report) {
    if plugin.text("mode").is_some_and(|mode| !modes.contains(&mode)) {
        report.add_key(Rule::ModeInvalid, plugin, "mode", one_of(modes));
    }
}

fn check_vlan_id(object: &Node<'_>, key: &str, report: &mut Report) {
    if object.integer(key).is_some_and(|id| !schema::VLAN_IDS.contains(&id)) {
        report.add_key(Rule::VlanOutOfRange, object, key, schema::VLAN_RANGE);
    }
}

fn check_mtu(plugin: &Node<'_>, stated: &[Stated], report: &mut Report) {
    let ipv6 = stated.iter().any(|address| address.net.addr().is_ipv6());
    let (least, why) = if ipv6 { (MTU_MIN_IPV6, " (with an IPv6 address)") } else { (MTU_MIN, "") };
    if plugin.integer("mtu").is_some_and(|mtu| !(least..=MTU_MAX).contains(&mtu)) {
        let expected = format!("{least} to {MTU_MAX} bytes{why}");
        report.add_key(Rule::MtuOutOfRange, plugin, "mtu", expected);
    }
}

/// Objects of which the keys are free (`capabilities`, `sysctl`) and `dns`.
fn check_maps(plugin: &Node<'_>, report: &mut Report) {
    for (_, capability) in plugin.get("capabilities").iter().flat_map(Node::entries) {
        if !capability.value.is_boolean() {
            report.add(Rule::ValueType, &capability, "true or false");
        }
    }
    for (_, setting) in plugin.get("sysctl").iter().flat_map(Node::entries) {
        if !setting.value.is_string() {
            report.add(Rule::ValueType, &setting, "a string");
        }
    }
    if let Some(dns) = plugin.get("dns").filter(|dns| dns.value.is_object()) {
        keys::check(&dns, &[schema::DNS], report);
    }
}

fn check_ipam(plugin: &Node<'_>, schema: &PluginSchema, checker: Checker, report: &mut Report) -> Vec<Stated> {
    let ipam = plugin.get("ipam").filter(|ipam| ipam.value.is_object());
    let ipam = match (ipam, schema.ipam) {
        (Some(ipam), IpamUse::Unread) => {
            keys::check(&ipam, &[], report);
            return Vec::new();
        }
        (Some(ipam), _) if !ipam.is_empty_object() => ipam,
        (_, IpamUse::Required) => {
            let expected = format!("static IPAM with an address: {} does not run without", schema.name);
            report.add_key(Rule::IpamMissing, plugin, "ipam", expected);
            return Vec::new();
        }
        (_, IpamUse::Optional | IpamUse::Unread) => return Vec::new(),
    };
    if ipam.text("type") != Some("static") {
        report.add_key(Rule::IpamTypeUnsupported, &ipam, "type", "static");
        return Vec::new();
    }
    keys::check(&ipam, &[schema::STATIC_IPAM], report);
    if let Some(dns) = ipam.get("dns") {
        report.add(Rule::DnsInIpam, &dns, "no dns in ipam");
    }
    let stated = addresses::check(&ipam, checker, report);
    routes::check(&ipam, &stated, checker, report);
    stated
}
