//! The exact text that Nephio's nad-fn writes, byte for byte, where a plugin can use it; and what replaces it where not.

#![allow(clippy::unwrap_used)] // clippy.toml covers test functions, not their helpers.

use cni::{Address, Attachment, Route, Rule};

const ADDR: &str = r#"[{"address":"10.0.0.10/24","gateway":"10.0.0.1"}]"#;

fn address(address: &str, gateway: &str) -> Address {
    Address { address: address.parse().unwrap(), gateway: (!gateway.is_empty()).then(|| gateway.parse().unwrap()) }
}

fn route(dst: &str, gw: &str) -> Route {
    Route { dst: dst.parse().unwrap(), gw: Some(gw.parse().unwrap()) }
}

/// VLAN 100 on eth1, 10.0.0.10/24 via 10.0.0.1.
fn attachment(cni_type: &str) -> Attachment {
    Attachment {
        cni_type: cni_type.into(),
        master: Some("eth1".into()),
        vlan: Some(100),
        addresses: vec![address("10.0.0.10/24", "10.0.0.1")],
        ..Attachment::default()
    }
}

fn json(attachment: &Attachment) -> String {
    attachment.to_config().unwrap().to_json()
}

fn rules(attachment: &Attachment) -> Vec<Rule> {
    let violations = attachment.to_config().unwrap_err();
    violations.iter().map(|violation| violation.rule).collect()
}

#[test]
fn macvlan_is_nephios() {
    assert_eq!(
        json(&attachment("macvlan")),
        format!(
            r#"{{"cniVersion":"0.3.1","plugins":[{{"type":"macvlan","capabilities":{{"ips":true}},"master":"eth1.100","mode":"bridge","ipam":{{"type":"static","addresses":{ADDR}}}}},{{"type":"tuning","capabilities":{{"mac":true}},"ipam":{{}}}}]}}"#
        )
    );
}

#[test]
fn ipvlan_is_nephios() {
    assert_eq!(
        json(&attachment("ipvlan")),
        format!(
            r#"{{"cniVersion":"0.3.1","plugins":[{{"type":"ipvlan","capabilities":{{"ips":true}},"master":"eth1.100","mode":"l2","ipam":{{"type":"static","addresses":{ADDR}}}}}]}}"#
        )
    );
}

#[test]
fn sriov_without_vlan_is_nephios() {
    let untagged = Attachment { vlan: None, ..attachment("sriov") };
    assert_eq!(
        json(&untagged),
        format!(
            r#"{{"cniVersion":"0.3.1","plugins":[{{"type":"sriov","capabilities":{{"ips":true}},"master":"eth1","mode":"bridge","ipam":{{"type":"static","addresses":{ADDR}}}}}]}}"#
        )
    );
}

#[test]
fn sriov_with_vlan_is_nephios_and_with_a_resource_tells_the_card() {
    let nephio = format!(
        r#"{{"cniVersion":"0.3.1","plugins":[{{"type":"sriov","capabilities":{{"ips":true}},"master":"eth1.100","mode":"bridge","ipam":{{"type":"static","addresses":{ADDR}}}}}]}}"#
    );
    assert_eq!(json(&attachment("sriov")), nephio);
    let device = Attachment { has_resource: true, ..attachment("sriov") };
    assert_eq!(json(&device), nephio.replace("}]}}]}", r#"}]},"vlan":100}]}"#));
}

#[test]
fn untagged_macvlan_and_ipvlan_are_nephios() {
    for cni_type in ["macvlan", "ipvlan"] {
        let tagged = attachment(cni_type);
        let untagged = Attachment { vlan: None, ..tagged.clone() };
        assert_eq!(json(&untagged), json(&tagged).replace("eth1.100", "eth1"));
    }
}

#[test]
fn routes_follow_the_addresses_in_byte_order() {
    let routed = Attachment {
        routes: vec![
            route("192.168.0.0/16", "10.0.0.1"),
            route("172.16.0.0/12", "10.0.0.1"),
            route("192.168.0.0/16", "10.0.0.1"),
        ],
        ..attachment("ipvlan")
    };
    let routes = r#","routes":[{"dst":"172.16.0.0/12","gw":"10.0.0.1"},{"dst":"192.168.0.0/16","gw":"10.0.0.1"}]"#;
    assert_eq!(json(&routed), json(&attachment("ipvlan")).replace(ADDR, &format!("{ADDR}{routes}")));
}

#[test]
fn dual_stack_is_in_byte_order_without_repetitions() {
    let dual = Attachment {
        addresses: vec![
            address("1000::2/64", "1000::1"),
            address("10.0.0.10/24", "10.0.0.1"),
            address("1000::2/64", "1000::1"),
        ],
        ..attachment("macvlan")
    };
    let addresses = r#"[{"address":"10.0.0.10/24","gateway":"10.0.0.1"},{"address":"1000::2/64","gateway":"1000::1"}]"#;
    assert_eq!(json(&dual), json(&attachment("macvlan")).replace(ADDR, addresses));
    let long =
        Attachment { addresses: vec![address("9.0.0.2/8", ""), address("10.0.0.2/8", "")], ..attachment("macvlan") };
    assert!(json(&long).contains(r#"[{"address":"10.0.0.2/8"},{"address":"9.0.0.2/8"}]"#));
    let mixed = Attachment {
        addresses: vec![address("172:1::2/64", ""), address("172.1.0.2/16", "")],
        ..attachment("macvlan")
    };
    assert!(json(&mixed).contains(r#"[{"address":"172.1.0.2/16"},{"address":"172:1::2/64"}]"#));
}

#[test]
fn vlan_has_its_id() {
    assert_eq!(
        json(&attachment("vlan")),
        format!(
            r#"{{"cniVersion":"0.3.1","plugins":[{{"type":"vlan","capabilities":{{}},"master":"eth1","ipam":{{"type":"static","addresses":{ADDR}}},"vlanId":100}}]}}"#
        )
    );
}

#[test]
fn bridge_filters_its_vlan() {
    assert_eq!(
        json(&attachment("bridge")),
        format!(
            r#"{{"cniVersion":"0.3.1","plugins":[{{"type":"bridge","capabilities":{{}},"ipam":{{"type":"static","addresses":{ADDR}}},"bridge":"cni100","vlan":100,"name":"cni100"}}]}}"#
        )
    );
    let named = Attachment { bridge: Some("br-ran".into()), vlan: None, mtu: Some(9000), ..attachment("bridge") };
    assert_eq!(
        json(&named),
        format!(
            r#"{{"cniVersion":"0.3.1","plugins":[{{"type":"bridge","capabilities":{{}},"ipam":{{"type":"static","addresses":{ADDR}}},"bridge":"br-ran","name":"br-ran","mtu":9000}}]}}"#
        )
    );
}

#[test]
fn host_device_moves_its_device() {
    let moved = |device: Option<&str>, vlan| {
        json(&Attachment { device: device.map(Into::into), vlan, ..attachment("host-device") })
    };
    assert_eq!(
        moved(Some("ens5"), None),
        format!(
            r#"{{"cniVersion":"0.3.1","plugins":[{{"type":"host-device","capabilities":{{"ips":true}},"ipam":{{"type":"static","addresses":{ADDR}}},"device":"ens5"}}]}}"#
        )
    );
    assert!(moved(None, None).contains(r#""device":"eth1""#));
    assert!(moved(None, Some(7)).contains(r#""device":"eth1.7""#));
}

#[test]
fn an_empty_text_is_an_absent_one() {
    let empty = Some(String::new());
    for cni_type in ["macvlan", "ipvlan", "sriov", "bridge", "vlan", "host-device"] {
        let blank = Attachment {
            bridge: empty.clone(),
            device: empty.clone(),
            mode: empty.clone(),
            name: empty.clone(),
            ..attachment(cni_type)
        };
        assert_eq!(blank.to_config(), attachment(cni_type).to_config());
    }
    assert_eq!(rules(&Attachment { master: empty.clone(), ..attachment("macvlan") }), [Rule::MasterMissing]);
    assert_eq!(
        Attachment { master: empty, ..attachment("sriov") }.to_config(),
        Attachment { master: None, ..attachment("sriov") }.to_config()
    );
}

#[test]
fn mode_mtu_name_and_version_are_written() {
    let tuned = Attachment {
        mode: Some("l3".into()),
        mtu: Some(1400),
        name: Some("n3".into()),
        cni_version: cni::CniVersion::V1_0_0,
        ..attachment("ipvlan")
    };
    assert_eq!(
        json(&tuned),
        format!(
            r#"{{"cniVersion":"1.0.0","name":"n3","plugins":[{{"type":"ipvlan","capabilities":{{"ips":true}},"master":"eth1.100","mode":"l3","ipam":{{"type":"static","addresses":{ADDR}}},"mtu":1400}}]}}"#
        )
    );
}

#[test]
fn without_an_address_it_is_a_layer_2_attachment_where_the_plugin_has_one() {
    let bare = |cni_type| Attachment { addresses: Vec::new(), ..attachment(cni_type) };
    assert_eq!(
        json(&bare("macvlan")),
        r#"{"cniVersion":"0.3.1","plugins":[{"type":"macvlan","capabilities":{},"master":"eth1.100","mode":"bridge","ipam":{}},{"type":"tuning","capabilities":{"mac":true},"ipam":{}}]}"#
    );
    assert_eq!(
        json(&bare("bridge")),
        r#"{"cniVersion":"0.3.1","plugins":[{"type":"bridge","capabilities":{},"ipam":{},"bridge":"cni100","vlan":100,"name":"cni100"}]}"#
    );
    assert_eq!(
        json(&Attachment { has_resource: true, ..bare("sriov") }),
        r#"{"cniVersion":"0.3.1","plugins":[{"type":"sriov","capabilities":{},"master":"eth1.100","mode":"bridge","ipam":{},"vlan":100}]}"#
    );
    assert_eq!(
        json(&bare("host-device")),
        r#"{"cniVersion":"0.3.1","plugins":[{"type":"host-device","capabilities":{},"ipam":{},"device":"eth1.100"}]}"#
    );
    assert_eq!(rules(&bare("ipvlan")), [Rule::IpamMissing]);
    assert_eq!(rules(&bare("vlan")), [Rule::IpamMissing]);
}

#[test]
fn what_a_plugin_could_not_use_is_refused() {
    let with = |cni_type: &str, change: fn(&mut Attachment)| {
        let mut attachment = attachment(cni_type);
        change(&mut attachment);
        rules(&attachment)
    };
    assert_eq!(with("Macvlan", |_| ()), [Rule::PluginTypeUnsupported]);
    assert_eq!(with("tuning", |_| ()), [Rule::PluginTypeUnsupported]);
    assert_eq!(with("macvlan", |a| a.mode = Some("l2".into())), [Rule::ModeInvalid]);
    assert_eq!(with("ipvlan", |a| a.mode = Some("bridge".into())), [Rule::ModeInvalid]);
    assert_eq!(with("sriov", |a| a.mode = Some("bridge".into())), [Rule::UnknownKey]);
    assert_eq!(with("host-device", |a| a.mtu = Some(1500)), [Rule::UnknownKey]);
    assert_eq!(with("vlan", |a| a.bridge = Some("br0".into())), [Rule::UnknownKey]);
    assert_eq!(with("bridge", |a| a.device = Some("eth0".into())), [Rule::UnknownKey]);
    assert_eq!(with("macvlan", |a| a.mtu = Some(0)), [Rule::MtuOutOfRange]);
    assert_eq!(with("macvlan", |a| a.master = None), [Rule::MasterMissing]);
    assert_eq!(with("bridge", |a| a.vlan = None), [Rule::BridgeMissing]);
    assert_eq!(with("vlan", |a| a.vlan = None), [Rule::VlanMissing]);
    for cni_type in ["macvlan", "ipvlan", "sriov", "bridge", "vlan", "host-device"] {
        assert_eq!(with(cni_type, |a| a.vlan = Some(0)), [Rule::VlanOutOfRange], "{cni_type}");
        assert_eq!(with(cni_type, |a| a.vlan = Some(4095)), [Rule::VlanOutOfRange], "{cni_type}");
    }
    assert_eq!(with("macvlan", |a| a.master = Some("enp129s0f0np".into())), [Rule::InterfaceNameTooLong]);
}
