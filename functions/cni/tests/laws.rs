//! Laws of the builder, for any attachment.

#![allow(clippy::unwrap_used)] // clippy.toml covers test functions, not their helpers.

use cni::{Address, Attachment, Checker, CniVersion, ConfigView, Route, check_text};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const TYPES: [&str; 6] = ["macvlan", "ipvlan", "sriov", "bridge", "vlan", "host-device"];

// --- any attachment: mostly wrong, from values that lie close together -------------------------------------------

fn any_ip() -> impl Strategy<Value = IpAddr> {
    prop_oneof![
        4 => (0_u8..4, any::<u8>()).prop_map(|(c, d)| IpAddr::from([10, 0, c, d])),
        2 => (0_u16..2, any::<u16>()).prop_map(|(g, h)| IpAddr::from([0x2001, 0xdb8, 0, g, 0, 0, 0, h])),
        1 => any::<u32>().prop_map(|n| IpAddr::from(Ipv4Addr::from(n))),
        1 => any::<u128>().prop_map(|n| IpAddr::from(Ipv6Addr::from(n))),
        1 => select(vec!["0.0.0.0", "255.255.255.255", "::", "::1", "::ffff:10.0.0.1", "fe80::1", "ff02::1"])
            .prop_map(|text| text.parse().unwrap()),
    ]
}

fn any_net() -> impl Strategy<Value = IpNet> {
    let length = prop_oneof![select(vec![0_u8, 8, 24, 30, 31, 32, 64, 126, 127, 128]), 0_u8..=128];
    (any_ip(), length, any::<bool>()).prop_map(|(ip, length, masked)| {
        let net = IpNet::new(ip, length.min(if ip.is_ipv4() { 32 } else { 128 })).unwrap();
        if masked { net.trunc() } else { net }
    })
}

fn any_link() -> impl Strategy<Value = String> {
    prop_oneof![
        9 => select(vec!["eth1", "ens5f0", "enp129s0f0np0", "eth1.100"]).prop_map(str::to_owned),
        1 => any::<String>(),
    ]
}

fn any_attachment() -> impl Strategy<Value = Attachment> {
    let known = select(TYPES.to_vec()).prop_map(str::to_owned);
    let cni_type = prop_oneof![9 => known, 1 => any::<String>()];
    let mode = prop_oneof![select(vec!["bridge", "private", "l2", "l3s"]).prop_map(str::to_owned), any::<String>()];
    let vlan = prop_oneof![9 => 1_u16..=4094, 1 => any::<u16>()];
    let mtu = prop_oneof![1200_u32..9001, any::<u32>()];
    let wild = (any_net(), option::of(any_ip())).prop_map(|(address, gateway)| Address { address, gateway });
    let address = prop_oneof![1 => wild, 2 => valid_address(false), 2 => valid_address(true)];
    let gw = prop_oneof![1 => any_ip(), 4 => Just("fe80::1".parse().unwrap())];
    let route = (any_net(), option::weighted(0.9, gw)).prop_map(|(dst, gw)| Route { dst, gw });
    let links =
        (option::weighted(0.8, any_link()), option::weighted(0.05, any_link()), option::weighted(0.05, any_link()));
    (
        (cni_type, links, option::of(vlan), option::weighted(0.1, mode), option::weighted(0.1, mtu)),
        (vec(address, 0..3), vec(route, 0..3), any::<bool>(), any::<bool>()),
        (select(CniVersion::ALL.to_vec()), option::weighted(0.05, any::<String>())),
    )
        .prop_map(|(plugin, (addresses, routes, default_route, has_resource), (cni_version, name))| {
            let (cni_type, (master, bridge, device), vlan, mode, mtu) = plugin;
            Attachment {
                cni_type,
                master,
                vlan,
                has_resource,
                bridge,
                device,
                mode,
                mtu,
                addresses,
                routes,
                default_route,
                cni_version,
                name,
            }
        })
}

// --- valid attachments: what ipam-fn resolves --------------------------------------------------------------------

/// A host address and, perhaps, a gateway of a subnet in 10.0.0.0/8 or 2001:db8::/32.
fn valid_address(ipv6: bool) -> BoxedStrategy<Address> {
    let (bits, block): (u8, u128) = if ipv6 { (128, 0x2001_0db8 << 96) } else { (32, 10 << 24) };
    let ip = move |number: u128| match u32::try_from(number) {
        Ok(number) if !ipv6 => IpAddr::V4(number.into()),
        _ => IpAddr::V6(number.into()),
    };
    let length = if ipv6 { 33 } else { 9 }..=bits - 2;
    (length, any::<u128>(), any::<Index>(), any::<Index>(), any::<bool>())
        .prop_map(move |(length, noise, host, router, routed)| {
            let size = 1_u128 << (bits - length);
            let in_block = (1_u128 << if ipv6 { 96 } else { 24 }) - 1;
            let network = block | (noise & in_block & !(size - 1));
            let usable = usize::try_from(size - 2).map_or(1000, |usable| usable.min(1000));
            let [host, router] = [host, router].map(|index| ip(network + 1 + index.index(usable) as u128));
            Address {
                address: IpNet::new(host, length).unwrap(),
                gateway: (routed && router != host).then_some(router),
            }
        })
        .boxed()
}

fn valid_attachment() -> impl Strategy<Value = Attachment> {
    let families = prop_oneof![
        valid_address(false).prop_map(|v4| vec![v4]),
        valid_address(true).prop_map(|v6| vec![v6]),
        (valid_address(false), valid_address(true)).prop_map(|(v4, v6)| vec![v6, v4]),
    ];
    // Destinations in 172.16.0.0/12 and 2001:db9::/32, where no valid address lies.
    let third = (16_u8..32, any::<u8>());
    (select(TYPES.to_vec()), families, vec(third, 0..5), option::of(1_u16..=4094), option::of(1280_u32..=9000))
        .prop_map(|(cni_type, addresses, blocks, vlan, mtu)| {
            let routes = addresses
                .iter()
                .filter_map(|entry| Some((entry.address, entry.gateway?)))
                .flat_map(|(net, gw)| {
                    blocks.iter().map(move |&(b, c)| Route {
                        dst: match net {
                            IpNet::V4(_) => Ipv4Net::new([172, b, c, 0].into(), 24).unwrap().into(),
                            IpNet::V6(_) => {
                                let dst = [0x2001, 0xdb9, u16::from(b), u16::from(c), 0, 0, 0, 0];
                                Ipv6Net::new(dst.into(), 64).unwrap().into()
                            }
                        },
                        gw: Some(gw),
                    })
                })
                .collect();
            let tagged = matches!(cni_type, "vlan" | "bridge");
            Attachment {
                cni_type: cni_type.into(),
                master: Some("eth1".into()),
                vlan: if tagged { vlan.or(Some(7)) } else { vlan },
                mtu: mtu.filter(|_| !matches!(cni_type, "sriov" | "host-device")),
                addresses,
                routes,
                ..Attachment::default()
            }
        })
}

/// Every text under `key`, at any depth.
fn texts<'a>(value: &'a Value, key: &str, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(entries) => {
            for (name, value) in entries {
                match value.as_str() {
                    Some(text) if name == key => found.push(text),
                    _ => texts(value, key, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| texts(item, key, found)),
        _ => {}
    }
}

fn sorted(texts: impl Iterator<Item = String>) -> Vec<String> {
    texts.collect::<BTreeSet<_>>().into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_built_passes_the_checks_of_its_text(attachment in any_attachment()) {
        match attachment.to_config() {
            Ok(config) => {
                let checker = Checker { default_route: attachment.default_route };
                prop_assert_eq!(checker.check_text(&config.to_json()), []);
            }
            Err(violations) => prop_assert!(!violations.is_empty()),
        }
    }

    /// The rules on which traffic depends once more, in other words and from the attachment instead of its text.
    #[test]
    fn what_is_built_can_reach_its_neighbours(attachment in any_attachment()) {
        let Ok(config) = attachment.to_config() else {
            return Ok(());
        };
        let nets: Vec<_> = attachment.addresses.iter().map(|entry| entry.address).collect();
        let on_link = |ip: IpAddr| nets.iter().any(|net| net.contains(&ip)) || ip.to_string().starts_with("fe80:");
        for entry in &attachment.addresses {
            let net = entry.address;
            let spare = net.max_prefix_len() - net.prefix_len();
            prop_assert!(spare < 2 || net.addr() != net.network());
            prop_assert!(spare < 2 || net.addr().is_ipv6() || net.addr() != net.broadcast());
            prop_assert!(entry.gateway.is_none_or(|ip| on_link(ip) && nets.iter().all(|net| net.addr() != ip)));
        }
        for route in &attachment.routes {
            let gw = route.gw.unwrap();
            prop_assert!(on_link(gw) && nets.iter().all(|net| net.addr() != gw));
            prop_assert!(route.dst == route.dst.trunc() && gw.is_ipv4() == route.dst.addr().is_ipv4());
            prop_assert!(route.dst.prefix_len() > 0 || attachment.default_route);
            prop_assert!(route.dst.prefix_len() == 0 || nets.iter().all(|net| net.trunc() != route.dst));
        }
        let value = config.to_value();
        let mut links = Vec::new();
        for key in ["master", "bridge", "device"] {
            texts(&value, key, &mut links);
        }
        prop_assert!(attachment.cni_type == "sriov" || links.iter().all(|link| (1..=15).contains(&link.len())));
        prop_assert!(attachment.cni_type == "sriov" || links.len() == 1);
        prop_assert!(attachment.vlan.is_none_or(|id| (1..4095).contains(&id)));
    }

    #[test]
    fn what_is_valid_is_built(attachment in valid_attachment()) {
        let built = attachment.to_config();
        prop_assert!(built.is_ok(), "{:?}", built);
        prop_assert_eq!(check_text(&built.unwrap().to_json()), []);
    }

    #[test]
    fn the_text_states_what_was_asked_and_nothing_else(attachment in valid_attachment()) {
        let json = attachment.to_config().unwrap().to_json();
        let value: Value = serde_json::from_str(&json).unwrap();
        let (mut addresses, mut routes) = (Vec::new(), Vec::new());
        texts(&value, "address", &mut addresses);
        texts(&value, "dst", &mut routes);
        prop_assert_eq!(addresses, sorted(attachment.addresses.iter().map(|entry| entry.address.to_string())));
        prop_assert_eq!(routes, sorted(attachment.routes.iter().map(|route| route.dst.to_string())));
        if let Some(mtu) = attachment.mtu {
            prop_assert_eq!(value.pointer("/plugins/0/mtu"), Some(&Value::from(mtu)));
        }
        // The VLAN is where the plugin looks for it.
        let view = ConfigView::parse(&json).unwrap();
        prop_assert!(view.segments(None).iter().all(|segment| segment.vlan == attachment.vlan));
        prop_assert_eq!(view.segments(None).len(), 1);
    }

    #[test]
    fn json_round_trips_byte_for_byte(attachment in valid_attachment()) {
        let config = attachment.to_config().unwrap();
        let json = config.to_json();
        let value: Value = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(value.to_string(), json.as_str());
        prop_assert_eq!(serde_json::to_string(&config).unwrap(), json);
        prop_assert_eq!(config.to_value(), value);
    }

    #[test]
    fn the_order_of_addresses_and_routes_does_not_matter(attachment in valid_attachment(), turn in any::<Index>()) {
        let mut turned = attachment.clone();
        turned.addresses.reverse();
        if !turned.routes.is_empty() {
            let middle = turn.index(turned.routes.len());
            turned.routes.rotate_left(middle);
            turned.routes.extend(attachment.routes.first());
        }
        prop_assert_eq!(turned.to_config(), attachment.to_config());
    }

    /// What the reader makes of a rendered configuration is what was rendered.
    #[test]
    fn the_reader_sees_what_the_builder_wrote(attachment in valid_attachment()) {
        let view = ConfigView::parse(&attachment.to_config().unwrap().to_json()).unwrap();
        let mut read: Vec<_> = view.addresses().iter().map(|entry| (entry.address, entry.gateway)).collect();
        let mut asked: Vec<_> = attachment.addresses.iter().map(|entry| (Some(entry.address), entry.gateway)).collect();
        read.sort();
        asked.sort();
        prop_assert_eq!(read, asked);
        prop_assert!(view.ranges().is_empty());
        prop_assert_eq!(view.plugin_types()[0], attachment.cni_type);
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>(), piece in any_json()) {
        for text in [text.as_str(), piece.as_str()] {
            let _ = check_text(text);
            if let Ok(view) = ConfigView::parse(text) {
                let _ = view.addresses();
                let _ = view.segments(Some(text));
                let _ = view.ranges();
            }
        }
    }
}

/// JSON of the right keys with values of any kind in any place.
fn any_json() -> impl Strategy<Value = String> {
    let keys = vec![
        "type",
        "plugins",
        "ipam",
        "addresses",
        "address",
        "gateway",
        "routes",
        "dst",
        "gw",
        "master",
        "vlan",
        "vlanId",
        "mtu",
        "mode",
        "bridge",
        "range",
        "range_start",
        "range_end",
        "exclude",
        "ipRanges",
        "ranges",
        "subnet",
        "rangeStart",
        "rangeEnd",
        "Master",
        "capabilities",
        "dns",
        "vlanTrunk",
        "name",
        "cniVersion",
    ];
    let words = select(vec![
        "macvlan",
        "vlan",
        "bridge",
        "sriov",
        "static",
        "whereabouts",
        "host-local",
        "eth1.100",
        "10.0.0.0/24",
        "10.0.0.5",
        "10.0.0.0-10.0.0.9/24",
        "2001:db8::/64",
        "::/0",
        "0.0.0.0/0",
        "ffff::/1",
        "255.255.255.0/24",
        "",
    ]);
    let leaf = prop_oneof![
        4 => words.prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
        1 => any::<String>().prop_map(Value::from),
    ];
    let tree = leaf.prop_recursive(5, 60, 6, move |inner| {
        let entry = (select(keys.clone()).prop_map(str::to_owned), inner.clone());
        prop_oneof![
            2 => vec(entry, 0..6).prop_map(|entries| Value::Object(entries.into_iter().collect())),
            1 => vec(inner, 0..4).prop_map(Value::Array),
        ]
    });
    tree.prop_map(|value| value.to_string())
}
