use super::*;

fn view(text: &str) -> ConfigView {
    ConfigView::parse(text).unwrap()
}

/// The ranges of a macvlan with this IPAM, as `set` or as error text.
fn ranges(ipam: &str) -> Vec<String> {
    view(&format!(r#"{{"plugins":[{{"type":"macvlan","master":"eth1","ipam":{ipam}}}]}}"#))
        .ranges()
        .into_iter()
        .map(|range| range.map_or_else(|error| error.to_string(), |range| range.addresses.to_string()))
        .collect()
}

fn segments(text: &str, resource_name: Option<&str>) -> Vec<String> {
    view(text).segments(resource_name).iter().map(ToString::to_string).collect()
}

#[test]
fn what_is_no_configuration_says_why() {
    assert!(matches!(ConfigView::parse(" \n"), Err(ViewError::Empty)));
    assert!(matches!(ConfigView::parse("{"), Err(ViewError::NotJson(_))));
    assert!(matches!(ConfigView::parse("[1]"), Err(ViewError::NotAnObject(found)) if found == "[1]"));
}

#[test]
fn a_single_configuration_and_a_list_read_alike() {
    let plugin = r#""type":"ipvlan","master":"eth1","ipam":{"type":"static","addresses":[{"address":"10.1.3.3/24"}]}"#;
    let single = view(&format!(r#"{{"cniVersion":"1.0.0","name":"n3",{plugin}}}"#));
    let list = view(&format!(r#"{{"cniVersion":"1.0.0","name":"n3","plugins":[{{{plugin}}}]}}"#));
    for config in [&single, &list] {
        assert_eq!(config.cni_version(), Some("1.0.0"));
        assert_eq!(config.name(), Some("n3"));
        assert_eq!(config.plugin_types(), ["ipvlan"]);
        assert_eq!(config.addresses()[0].address, "10.1.3.3/24".parse().ok());
    }
    assert_eq!(single.addresses()[0].path, "ipam.addresses[0]");
    assert_eq!(list.addresses()[0].path, "plugins[0].ipam.addresses[0]");
    let both = view(&format!(r#"{{{plugin},"plugins":[{{"type":"macvlan"}}]}}"#));
    assert_eq!(both.plugin_types(), ["ipvlan"], "a top-level type makes Multus ignore the list");
}

#[test]
fn stated_addresses_keep_what_cannot_be_read() {
    let config = view(
        r#"{"plugins":[{"type":"macvlan","IPAM":{"type":"static","Addresses":[
            {"address":"10.1.3.3/24","gateway":"10.1.3.1"},{},{"ADDRESS":"::ffff:10.1.3.4/120","gateway":""},
            {"address":"10.1.3.5"}]}},
            {"type":"macvlan","ipam":{"type":"whereabouts","range":"10.2.0.0/24","addresses":[{"address":"10.1.4.6/24"}]}},
            {"type":"tuning","ipam":{}}]}"#,
    );
    let stated: Vec<_> = config
        .addresses()
        .into_iter()
        .map(|entry| (entry.text, entry.address.map(|net| net.to_string()), entry.gateway.map(|ip| ip.to_string())))
        .collect();
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        stated,
        [
            ("10.1.3.3/24".to_owned(), some("10.1.3.3/24"), some("10.1.3.1")),
            (String::new(), None, None),
            ("::ffff:10.1.3.4/120".to_owned(), some("10.1.3.4/24"), None),
            ("10.1.3.5".to_owned(), None, None),
            ("10.1.4.6/24".to_owned(), some("10.1.4.6/24"), None),
        ]
    );
}

#[test]
fn whereabouts_gives_the_top_level_range_first() {
    assert_eq!(
        ranges(
            r#"{"type":"whereabouts","gateway":"10.1.3.1","range":"abcd::1/64","ipRanges":[
                {"range":"192.168.10.1/24","range_start":"192.168.10.5","range_end":"192.168.10.9"},
                {"range":"10.0.0.0-10.0.0.9/28","exclude":["10.0.0.4/30","10.0.0.1"]}]}"#
        ),
        ["abcd::1-abcd::ffff:ffff:ffff:fffe", "192.168.10.5-192.168.10.9", "10.0.0.2-10.0.0.3, 10.0.0.8-10.0.0.9"]
    );
    let range = view(r#"{"type":"macvlan","ipam":{"type":"whereabouts","range":"10.1.3.0/24","gateway":"10.1.3.1"}}"#)
        .ranges()
        .remove(0)
        .unwrap();
    let gateway = range.gateway.unwrap();
    assert!(range.addresses.contains(gateway), "Whereabouts does not keep the gateway free");
    assert_eq!(range.allocator, Allocator::Whereabouts);
    assert_eq!(range.path, "ipam");
}

#[test]
fn whereabouts_ignores_what_it_does_not_know() {
    assert_eq!(
        ranges(
            r#"{"type":"whereabouts","range":"10.1.3.0/29","rangeStart":"10.1.3.5","range_end":"x","exclude":null}"#
        ),
        ["10.1.3.1-10.1.3.6"]
    );
    assert!(ranges(r#"{"type":"whereabouts"}"#).is_empty(), "the range is in a file on the node");
}

#[test]
fn whereabouts_in_fast_mode_drops_bounds_exclusions_and_further_ranges() {
    assert_eq!(
        ranges(
            r#"{"type":"whereabouts","node_slice_size":"/26","range":"10.1.3.0/24","range_start":"10.1.3.9",
                "exclude":["10.1.3.0/25"],"ipRanges":[{"range":"10.1.4.0/24"}]}"#
        ),
        ["10.1.3.1-10.1.3.254"]
    );
}

#[test]
fn a_range_that_whereabouts_refuses_is_an_error() {
    assert_eq!(
        ranges(r#"{"type":"whereabouts","range":"10.1.3.0/24","exclude":["10.1.3.1-10.1.3.9"]}"#),
        [r#"plugins[0].ipam.exclude[0]: found "10.1.3.1-10.1.3.9", but an exclusion is a block or an address"#]
    );
    assert_eq!(
        ranges(r#"{"type":"whereabouts","ipRanges":[{}]}"#),
        ["plugins[0].ipam.ipRanges[0].range: found nothing, but a range is written address/length"]
    );
}

#[test]
fn host_local_keeps_the_gateway_free() {
    assert_eq!(
        ranges(
            r#"{"type":"host-local","subnet":"10.1.3.0/28","ranges":[
                [{"subnet":"10.2.0.0/24","rangeStart":"10.2.0.10","rangeEnd":"10.2.0.20","gateway":"10.2.0.15"}],
                [{"subnet":"10.3.0.0/30","gateway":"10.3.0.2"},{"subnet":"2001:db8::/120"}]]}"#
        ),
        ["10.1.3.2-10.1.3.14", "10.2.0.10-10.2.0.14, 10.2.0.16-10.2.0.20", "10.3.0.1", "2001:db8::2-2001:db8::ff"]
    );
}

#[test]
fn a_range_that_host_local_refuses_is_an_error() {
    let refused = |keys: &str| {
        view(&format!(r#"{{"type":"bridge","ipam":{{"type":"host-local",{keys}}}}}"#)).ranges().remove(0).unwrap_err()
    };
    for (keys, fault, path) in [
        (r#""subnet":"10.1.3.0""#, RangeFault::Cidr, "ipam.subnet"),
        (r#""subnet":"10.1.3.5/24""#, RangeFault::HostBits, "ipam.subnet"),
        (r#""subnet":"10.1.3.0/31""#, RangeFault::TooSmall, "ipam.subnet"),
        (r#""ranges":[[{"subnet":"::/128"}]]"#, RangeFault::TooSmall, "ipam.ranges[0][0].subnet"),
        (r#""subnet":"10.1.3.0/24","rangeStart":"x""#, RangeFault::Start, "ipam.rangeStart"),
        (r#""subnet":"10.1.3.0/24","rangeStart":"10.1.4.1""#, RangeFault::StartOutside, "ipam.rangeStart"),
        (r#""subnet":"10.1.3.0/24","rangeEnd":"10.1.4.1""#, RangeFault::End, "ipam.rangeEnd"),
        (r#""subnet":"10.1.3.0/24","rangeStart":"10.1.3.9","rangeEnd":"10.1.3.8""#, RangeFault::End, "ipam.rangeEnd"),
    ] {
        let error = refused(keys);
        assert_eq!((error.fault, error.path.as_str()), (fault, path), "{keys}");
    }
}

#[test]
fn one_wire_has_one_segment_whatever_the_plugin() {
    let wire = ["interface eth1, VLAN 100"];
    assert_eq!(segments(r#"{"type":"macvlan","master":"eth1.100"}"#, None), wire);
    assert_eq!(segments(r#"{"plugins":[{"type":"ipvlan","master":"eth1.100"},{"type":"tuning"}]}"#, None), wire);
    assert_eq!(segments(r#"{"type":"vlan","master":"eth1","vlanId":100}"#, None), wire);
    assert_eq!(segments(r#"{"type":"host-device","device":"eth1.100"}"#, None), wire);
    assert_eq!(
        segments(
            r#"{"plugins":[{"type":"macvlan","master":"eth1.100"},{"type":"vlan","master":"eth1","vlanId":100}]}"#,
            None
        ),
        wire
    );
    assert_eq!(segments(r#"{"type":"sriov","master":"eth1.100"}"#, None), wire);
    assert_eq!(segments(r#"{"type":"sriov","master":"eth1","vlan":100}"#, None), wire);
}

#[test]
fn resources_and_bridges_are_links_of_their_own() {
    assert_eq!(
        segments(r#"{"type":"sriov","master":"eth1","vlan":100}"#, Some("intel.com/ran")),
        ["interface eth1, VLAN 100", "resource intel.com/ran, VLAN 100"]
    );
    assert_eq!(segments(r#"{"type":"sriov","vlan":0}"#, Some("intel.com/ran")), ["resource intel.com/ran"]);
    assert_eq!(
        segments(r#"{"type":"host-device","capabilities":{"deviceID":true}}"#, Some("intel.com/ran")),
        ["resource intel.com/ran"]
    );
    assert_eq!(segments(r#"{"type":"bridge","bridge":"cni100","vlan":100}"#, None), ["bridge cni100, VLAN 100"]);
    assert_eq!(segments(r#"{"type":"bridge"}"#, None), ["bridge cni0"]);
}

#[test]
fn only_a_vlan_id_is_split_off_a_name() {
    for name in ["eth1", "eth1.4095", "eth1.0", "eth1.0100", "eth1.+5", "eth1.", ".100", "br.lan"] {
        assert_eq!(
            segments(&format!(r#"{{"type":"macvlan","master":"{name}"}}"#), None),
            [format!("interface {name}")]
        );
    }
    assert_eq!(segments(r#"{"type":"macvlan","master":"eth1.10.20"}"#, None), ["interface eth1.10, VLAN 20"]);
}

#[test]
fn what_is_not_named_has_no_segment() {
    assert!(segments(r#"{"type":"macvlan"}"#, None).is_empty());
    assert!(segments(r#"{"type":"macvlan","master":"eth0","linkInContainer":true}"#, None).is_empty());
    assert!(segments(r#"{"plugins":[{"type":"tuning"},7,{}]}"#, None).is_empty());
}
