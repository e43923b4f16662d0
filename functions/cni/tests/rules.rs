//! One configuration that breaks each rule, and only that rule, and its nearest neighbour that keeps it.

#![allow(clippy::unwrap_used)] // clippy.toml covers test functions, not their helpers.

use cni::{Checker, Rule, check, check_text};
use std::collections::BTreeSet;

/// Rule, path of the violation, refused text, accepted text.
type Case = (Rule, &'static str, String, String);

const IPAM: &str = r#""ipam":{"type":"static","addresses":[{"address":"10.1.3.3/24","gateway":"10.1.3.1"}]}"#;

/// A list of one macvlan with these keys beside `type` and `master`.
fn macvlan(keys: &str) -> String {
    list(&format!(r#"{{"type":"macvlan","master":"eth1",{keys}}}"#))
}

fn list(plugins: &str) -> String {
    format!(r#"{{"cniVersion":"0.3.1","plugins":[{plugins}]}}"#)
}

/// A plugin with static addresses after its own keys.
fn with_ipam(keys: &str) -> String {
    list(&format!("{{{keys},{IPAM}}}"))
}

/// macvlan with the entries of `addresses`.
fn addresses(entries: &str) -> String {
    macvlan(&format!(r#""ipam":{{"type":"static","addresses":[{entries}]}}"#))
}

/// macvlan with one address and its gateway.
fn gateway(address: &str, gateway: &str) -> String {
    addresses(&format!(r#"{{"address":"{address}","gateway":"{gateway}"}}"#))
}

fn address(address: &str) -> String {
    addresses(&format!(r#"{{"address":"{address}"}}"#))
}

/// macvlan at 10.1.3.3/24 with these routes.
fn routes(entries: &str) -> String {
    macvlan(&format!(r#""ipam":{{"type":"static","addresses":[{{"address":"10.1.3.3/24"}}],"routes":[{entries}]}}"#))
}

fn route(dst: &str, gw: &str) -> String {
    routes(&format!(r#"{{"dst":"{dst}","gw":"{gw}"}}"#))
}

fn document_cases() -> Vec<Case> {
    let good = macvlan(IPAM);
    vec![
        (Rule::ConfigNotJson, ".", String::new(), good.clone()),
        (Rule::ConfigNotJson, ".", format!("{good},"), good.clone()),
        (Rule::ConfigNotJson, ".", "[]".into(), good.clone()),
        (Rule::ValueType, "plugins[0].mtu", macvlan(r#""mtu":"1500""#), macvlan(r#""mtu":1500"#)),
        (Rule::ValueType, "plugins[0]", list("7"), macvlan(r#""ipam":{}"#)),
        (
            Rule::ValueType,
            "plugins[0].ipam.addresses[1]",
            addresses(r#"{"address":"10.1.3.3/24"},"10.1.3.4/24""#),
            addresses(r#"{"address":"10.1.3.3/24"},{"address":"10.1.3.4/24"}"#),
        ),
        (
            Rule::ValueType,
            "plugins[0].capabilities.ips",
            macvlan(r#""capabilities":{"ips":1}"#),
            macvlan(r#""capabilities":{"ips":true}"#),
        ),
        (
            Rule::ValueType,
            r#"plugins[1].sysctl["net.core.somaxconn"]"#,
            list(r#"{"type":"macvlan","master":"eth1"},{"type":"tuning","sysctl":{"net.core.somaxconn":5}}"#),
            list(r#"{"type":"macvlan","master":"eth1"},{"type":"tuning","sysctl":{"net.core.somaxconn":"5"}}"#),
        ),
        (Rule::DuplicateKey, "plugins[0].mtu", macvlan(r#""mtu":1400,"mtu":1500"#), macvlan(r#""mtu":1500"#)),
        (
            Rule::ReservedKey,
            "plugins[0].runtimeConfig",
            macvlan(r#""runtimeConfig":{"ips":[]}"#),
            macvlan(r#""capabilities":{}"#),
        ),
        (
            Rule::ReservedKey,
            r#"["cni.dev/attachments"]"#,
            r#"{"cniVersion":"0.3.1","type":"macvlan","master":"eth1","cni.dev/attachments":[]}"#.into(),
            r#"{"cniVersion":"0.3.1","type":"macvlan","master":"eth1"}"#.into(),
        ),
        (
            Rule::UnknownKey,
            "plugins[0].ipam.addresses[0].gatewayy",
            addresses(r#"{"address":"10.1.3.3/24","gatewayy":"10.1.3.1"}"#),
            addresses(r#"{"address":"10.1.3.3/24","gateway":"10.1.3.1"}"#),
        ),
        (Rule::UnknownKey, "plugins[0].Mode", macvlan(r#""Mode":"bridge""#), macvlan(r#""mode":"bridge""#)),
        (
            Rule::UnknownKey,
            "plugins[1].ipam.type",
            list(r#"{"type":"macvlan","master":"eth1"},{"type":"tuning","ipam":{"type":"static"}}"#),
            list(r#"{"type":"macvlan","master":"eth1"},{"type":"tuning","ipam":{}}"#),
        ),
    ]
}

fn envelope_cases() -> Vec<Case> {
    let good = macvlan(IPAM);
    vec![
        (Rule::PluginsMissing, "plugins", list(""), good.clone()),
        (Rule::PluginsMissing, "plugins", r#"{"cniVersion":"0.3.1"}"#.into(), good.clone()),
        (
            Rule::TypeAndPlugins,
            "plugins",
            r#"{"cniVersion":"1.0.0","type":"macvlan","master":"eth1","plugins":[]}"#.into(),
            r#"{"cniVersion":"1.0.0","type":"macvlan","master":"eth1"}"#.into(),
        ),
        (
            Rule::MetaPluginFirst,
            "plugins[0].type",
            list(r#"{"type":"tuning"},{"type":"macvlan","master":"eth1"}"#),
            list(r#"{"type":"macvlan","master":"eth1"},{"type":"tuning"}"#),
        ),
        (
            Rule::NameInvalid,
            "name",
            good.replace(r#""plugins""#, r#""name":"upf/n3","plugins""#),
            good.replace(r#""plugins""#, r#""name":"upf-n3.a_1","plugins""#),
        ),
        (
            Rule::NameInvalid,
            "name",
            good.replace(r#""plugins""#, r#""name":"-n3","plugins""#),
            good.replace(r#""plugins""#, r#""name":"3-n","plugins""#),
        ),
        (Rule::CniVersion, "cniVersion", good.replace("0.3.1", "1.1.0"), good.replace("0.3.1", "0.4.0")),
        (Rule::CniVersion, "cniVersion", good.replace(r#""cniVersion":"0.3.1","#, ""), good.replace("0.3.1", "1.0.0")),
        (
            Rule::PluginTypeMissing,
            "plugins[0].type",
            list(r#"{"master":"eth1"}"#),
            list(r#"{"type":"macvlan","master":"eth1"}"#),
        ),
        (
            Rule::PluginTypeUnsupported,
            "plugins[0].type",
            list(r#"{"type":"ovs","master":"eth1"}"#),
            list(r#"{"type":"sriov","master":"eth1"}"#),
        ),
    ]
}

fn plugin_cases() -> Vec<Case> {
    vec![
        (
            Rule::MasterMissing,
            "plugins[0].master",
            list(r#"{"type":"macvlan","master":""}"#),
            list(r#"{"type":"macvlan","master":"eth1"}"#),
        ),
        (
            Rule::MasterMissing,
            "plugins[0].master",
            with_ipam(r#""type":"ipvlan""#),
            with_ipam(r#""type":"ipvlan","master":"eth1""#),
        ),
        (
            Rule::MasterMissing,
            "plugins[0].master",
            with_ipam(r#""type":"vlan","vlanId":5"#),
            with_ipam(r#""type":"vlan","vlanId":5,"master":"eth1""#),
        ),
        (
            Rule::BridgeMissing,
            "plugins[0].bridge",
            list(r#"{"type":"bridge","vlan":100}"#),
            list(r#"{"type":"bridge","vlan":100,"bridge":"cni100"}"#),
        ),
        (
            Rule::DeviceMissing,
            "plugins[0].device",
            list(r#"{"type":"host-device"}"#),
            list(r#"{"type":"host-device","pciBusID":"0000:3d:00.1"}"#),
        ),
        (
            Rule::DeviceMissing,
            "plugins[0].device",
            list(r#"{"type":"host-device","capabilities":{"ips":true}}"#),
            list(r#"{"type":"host-device","capabilities":{"deviceID":true}}"#),
        ),
        (
            Rule::InterfaceNameTooLong,
            "plugins[0].master",
            list(r#"{"type":"macvlan","master":"enp129s0f0np.100"}"#),
            list(r#"{"type":"macvlan","master":"enp129s0f0n.100"}"#),
        ),
        (
            Rule::InterfaceNameTooLong,
            "plugins[0].device",
            list(r#"{"type":"host-device","device":"enp129s0f0np.100","pciBusID":"0000:3d:00.1"}"#),
            list(r#"{"type":"sriov","master":"enp129s0f0np.100","vlan":100}"#),
        ),
        (
            Rule::InterfaceNameInvalid,
            "plugins[0].bridge",
            list(r#"{"type":"bridge","bridge":"br/0"}"#),
            list(r#"{"type":"bridge","bridge":"br-0"}"#),
        ),
        (
            Rule::InterfaceNameInvalid,
            "plugins[0].master",
            list(r#"{"type":"macvlan","master":"eth1 "}"#),
            list(r#"{"type":"macvlan","master":"eth1"}"#),
        ),
        (Rule::ModeInvalid, "plugins[0].mode", macvlan(r#""mode":"l2""#), macvlan(r#""mode":"passthru""#)),
        (
            Rule::ModeInvalid,
            "plugins[0].mode",
            with_ipam(r#""type":"ipvlan","master":"eth1","mode":"bridge""#),
            with_ipam(r#""type":"ipvlan","master":"eth1","mode":"l3s""#),
        ),
        (
            Rule::VlanOutOfRange,
            "plugins[0].vlanId",
            with_ipam(r#""type":"vlan","master":"eth1","vlanId":0"#),
            with_ipam(r#""type":"vlan","master":"eth1","vlanId":1"#),
        ),
        (
            Rule::VlanOutOfRange,
            "plugins[0].vlan",
            list(r#"{"type":"sriov","vlan":4095}"#),
            list(r#"{"type":"sriov","vlan":4094}"#),
        ),
        (
            Rule::VlanOutOfRange,
            "plugins[0].vlanTrunk[0].maxID",
            list(r#"{"type":"bridge","bridge":"br0","vlanTrunk":[{"minID":2,"maxID":5000}]}"#),
            list(r#"{"type":"bridge","bridge":"br0","vlanTrunk":[{"minID":2,"maxID":50}]}"#),
        ),
        (
            Rule::VlanMissing,
            "plugins[0].vlanId",
            with_ipam(r#""type":"vlan","master":"eth1""#),
            with_ipam(r#""type":"vlan","master":"eth1","vlanId":4094"#),
        ),
        (Rule::MtuOutOfRange, "plugins[0].mtu", macvlan(r#""mtu":65536"#), macvlan(r#""mtu":65535"#)),
        (
            Rule::MtuOutOfRange,
            "plugins[0].mtu",
            address("2001:db8::5/64").replace(r#""ipam""#, r#""mtu":1279,"ipam""#),
            address("10.1.3.3/24").replace(r#""ipam""#, r#""mtu":1279,"ipam""#),
        ),
        (
            Rule::IpamMissing,
            "plugins[0].ipam",
            list(r#"{"type":"ipvlan","master":"eth1","ipam":{}}"#),
            macvlan(r#""ipam":{}"#),
        ),
        (
            Rule::IpamMissing,
            "plugins[0].ipam",
            list(r#"{"type":"vlan","master":"eth1","vlanId":5}"#),
            list(r#"{"type":"bridge","bridge":"br0","vlan":5}"#),
        ),
        (
            Rule::IpamTypeUnsupported,
            "plugins[0].ipam.type",
            macvlan(r#""ipam":{"type":"whereabouts","range":"10.1.3.0/24"}"#),
            macvlan(IPAM),
        ),
        (
            Rule::DnsInIpam,
            "plugins[0].ipam.dns",
            macvlan(&IPAM.replace(r#"{"type""#, r#"{"dns":{"domain":"a.test"},"type""#)),
            macvlan(&format!(r#"{IPAM},"dns":{{"domain":"a.test"}}"#)),
        ),
    ]
}

fn address_cases() -> Vec<Case> {
    const ADDRESS: &str = "plugins[0].ipam.addresses[0].address";
    let refused = |rule, bad: &str, good: &str| (rule, ADDRESS, address(bad), address(good));
    let mut cases = vec![
        (Rule::AddressMissing, "plugins[0].ipam.addresses", addresses(""), address("10.1.3.3/24")),
        (Rule::AddressInvalid, ADDRESS, addresses("{}"), address("10.1.3.3/24")),
        (
            Rule::AddressDuplicate,
            "plugins[0].ipam.addresses[1].address",
            addresses(r#"{"address":"10.1.3.3/24"},{"address":"10.1.3.3/16"}"#),
            addresses(r#"{"address":"10.1.3.3/24"},{"address":"10.1.3.4/16"}"#),
        ),
    ];
    for bad in [
        "10.1.3.3",
        "10.1.3.3/",
        "10.1.3.3/33",
        "10.1.3.3/255.255.255.0",
        "10.1.3.256/24",
        "10.1.3.03/24",
        "10.1.3.3/+24",
        " 10.1.3.3/24",
        "fe80::1%eth0/64",
        "2001:db8::1/129",
        "",
    ] {
        cases.push(refused(Rule::AddressInvalid, bad, "10.1.3.3/24"));
    }
    for (rule, bad, good) in [
        (Rule::NotCanonical, "2001:DB8::5/64", "2001:db8::5/64"),
        (Rule::NotCanonical, "10.1.3.3/024", "10.1.3.3/24"),
        (Rule::NotCanonical, "2001:db8:0:0::5/64", "2001:db8::5/64"),
        (Rule::Ipv4Mapped, "::ffff:10.1.3.3/120", "10.1.3.3/24"),
        (Rule::AddressIsNetwork, "10.1.3.0/24", "10.1.3.0/31"),
        (Rule::AddressIsNetwork, "10.1.3.0/30", "10.1.3.0/32"),
        (Rule::AddressIsNetwork, "2001:db8::/64", "2001:db8::/127"),
        (Rule::AddressIsBroadcast, "10.1.3.255/24", "10.1.3.255/31"),
        (Rule::AddressIsBroadcast, "10.1.3.255/24", "10.1.2.255/23"),
        (Rule::AddressNotUnicast, "224.0.0.1/24", "223.255.255.1/24"),
        (Rule::AddressNotUnicast, "127.0.0.1/8", "128.0.0.1/8"),
        (Rule::AddressNotUnicast, "0.0.0.0/8", "10.0.0.1/8"),
        (Rule::AddressNotUnicast, "255.255.255.255/32", "10.0.0.1/32"),
        (Rule::AddressNotUnicast, "ff02::5/64", "fe80::5/64"),
        (Rule::DefaultRoute, "10.1.3.3/0", "10.1.3.3/1"),
    ] {
        cases.push(refused(rule, bad, good));
    }
    // The last address of an IPv6 subnet is an ordinary one.
    cases.push(refused(Rule::AddressIsBroadcast, "10.1.3.3/30", "2001:db8::ffff:ffff:ffff:ffff/64"));
    cases
}

fn gateway_cases() -> Vec<Case> {
    const GATEWAY: &str = "plugins[0].ipam.addresses[0].gateway";
    [
        (Rule::GatewayInvalid, "10.1.3.3/24", "10.1.3.1/24"),
        (Rule::GatewayFamily, "10.1.3.3/24", "2001:db8::1"),
        (Rule::GatewayFamily, "2001:db8::5/64", "10.1.3.1"),
        (Rule::GatewayOffSubnet, "10.1.3.3/24", "10.1.4.1"),
        (Rule::GatewayOffSubnet, "10.1.3.3/32", "10.1.3.1"),
        (Rule::GatewayIsOwnAddress, "10.1.3.3/24", "10.1.3.3"),
        (Rule::GatewayIsNetwork, "10.1.3.3/24", "10.1.3.0"),
        (Rule::GatewayIsNetwork, "2001:db8::5/64", "2001:db8::"),
        (Rule::GatewayIsBroadcast, "10.1.3.3/24", "10.1.3.255"),
        (Rule::Ipv4Mapped, "10.1.3.3/24", "::ffff:10.1.3.1"),
        (Rule::NotCanonical, "2001:db8::5/64", "2001:DB8::1"),
    ]
    .into_iter()
    .map(|(rule, net, bad)| {
        let good = if net.contains(':') { gateway(net, "fe80::1") } else { gateway("10.1.3.2/31", "10.1.3.3") };
        (rule, GATEWAY, gateway(net, bad), good)
    })
    .collect()
}

fn route_cases() -> Vec<Case> {
    const DST: &str = "plugins[0].ipam.routes[0].dst";
    const GW: &str = "plugins[0].ipam.routes[0].gw";
    let good = route("10.9.0.0/16", "10.1.3.1");
    let default = route("0.0.0.0/0", "10.1.3.1");
    vec![
        (Rule::RouteInvalid, DST, route("default", "10.1.3.1"), good.clone()),
        (Rule::RouteInvalid, DST, routes(r#"{"gw":"10.1.3.1"}"#), good.clone()),
        (Rule::RouteHostBits, DST, route("10.9.0.5/16", "10.1.3.1"), route("10.9.0.5/32", "10.1.3.1")),
        (
            Rule::RouteDuplicate,
            "plugins[0].ipam.routes[1].dst",
            routes(r#"{"dst":"10.9.0.0/16","gw":"10.1.3.1"},{"dst":"10.9.0.0/16","gw":"10.1.3.2"}"#),
            routes(r#"{"dst":"10.9.0.0/16","gw":"10.1.3.1"},{"dst":"10.9.0.0/17","gw":"10.1.3.2"}"#),
        ),
        (Rule::RouteGatewayMissing, GW, routes(r#"{"dst":"10.9.0.0/16"}"#), good.clone()),
        (Rule::RouteGatewayOffLink, GW, route("10.9.0.0/16", "10.9.0.1"), good.clone()),
        (Rule::GatewayInvalid, GW, route("10.9.0.0/16", "router"), good.clone()),
        (Rule::GatewayFamily, GW, route("10.9.0.0/16", "fe80::1"), route("2001:db8::/32", "fe80::1")),
        (Rule::GatewayIsOwnAddress, GW, route("10.9.0.0/16", "10.1.3.3"), good.clone()),
        (Rule::RouteConnectedSubnet, DST, route("10.1.3.0/24", "10.1.3.1"), route("10.1.0.0/16", "10.1.3.1")),
        (Rule::DefaultRoute, DST, default, good.clone()),
        (
            Rule::DefaultRoute,
            "plugins[0].isDefaultGateway",
            with_ipam(r#""type":"bridge","bridge":"br0","isDefaultGateway":true"#),
            with_ipam(r#""type":"bridge","bridge":"br0","isDefaultGateway":false"#),
        ),
    ]
}

fn cases() -> Vec<Case> {
    [document_cases(), envelope_cases(), plugin_cases(), address_cases(), gateway_cases(), route_cases()].concat()
}

#[test]
fn each_rule_refuses_one_and_accepts_its_neighbour() {
    for (rule, path, refused, accepted) in cases() {
        let found: Vec<_> =
            check_text(&refused).into_iter().map(|violation| (violation.rule, violation.path)).collect();
        assert_eq!(found, [(rule, path.to_owned())], "{refused}");
        assert_eq!(check_text(&accepted), [], "{accepted}");
    }
}

#[test]
fn no_rule_is_without_a_case() {
    let tried: BTreeSet<_> = cases().into_iter().map(|(rule, ..)| rule).collect();
    assert_eq!(tried, Rule::ALL.iter().copied().collect());
}

#[test]
fn a_requested_default_route_is_accepted() {
    let checker = Checker { default_route: true };
    for text in [
        route("0.0.0.0/0", "10.1.3.1"),
        address("10.1.3.3/0"),
        with_ipam(r#""type":"bridge","bridge":"br0","isDefaultGateway":true"#),
    ] {
        assert_eq!(checker.check_text(&text), [], "{text}");
    }
}

#[test]
fn a_requested_default_route_permits_nothing_else() {
    let connected = route("10.1.3.0/24", "10.1.3.1");
    let violations = Checker { default_route: true }.check_text(&connected);
    assert_eq!(violations.iter().map(cni::Violation::code).collect::<Vec<_>>(), ["cni-route-connected-subnet"]);
}

#[test]
fn a_key_in_another_case_is_named_and_its_value_still_checked() {
    let violations = check_text(&macvlan(r#""MTU":"1500""#));
    let found: Vec<_> = violations.iter().map(|v| (v.rule, v.path.as_str(), v.expected.as_str())).collect();
    assert_eq!(
        found,
        [
            (Rule::UnknownKey, "plugins[0].MTU", "the key spelled mtu"),
            (Rule::ValueType, "plugins[0].MTU", "an integer")
        ]
    );
}

#[test]
fn addresses_are_unique_across_plugins() {
    let plugin = format!(r#"{{"type":"macvlan","master":"eth1",{IPAM}}}"#);
    let violations = check_text(&list(&format!("{plugin},{plugin}")));
    let codes: Vec<_> = violations.iter().map(cni::Violation::code).collect();
    assert_eq!(codes, ["cni-address-duplicate"]);
    assert_eq!(violations[0].path, "plugins[1].ipam.addresses[0].address");
}

#[test]
fn what_nephio_writes_without_an_address_is_refused() {
    let codes = |text: &str| -> Vec<_> { check_text(text).iter().map(|violation| violation.rule).collect() };
    assert_eq!(codes(""), [Rule::ConfigNotJson]);
    assert_eq!(codes(r#"{"cniVersion":"0.3.1","vlan":100}"#), [Rule::UnknownKey, Rule::PluginsMissing]);
    assert_eq!(codes(&addresses("{}")), [Rule::AddressInvalid]);
}

#[test]
fn a_typed_configuration_is_checked_like_its_text() {
    let config = cni::NetworkConfig {
        name: Some("upf/n3".into()),
        plugins: vec![cni::Plugin::Tuning, cni::Plugin::Vlan(cni::Vlan::default())],
        ..Default::default()
    };
    let rules: Vec<_> = check(&config).into_iter().map(|v| v.rule).collect();
    assert_eq!(
        rules,
        [Rule::NameInvalid, Rule::MasterMissing, Rule::VlanMissing, Rule::IpamMissing, Rule::MetaPluginFirst]
    );
    assert_eq!(check(&config), check_text(&config.to_json()));
}
