//! From what is known of an attachment to its network configuration.

use crate::check::Checker;
use crate::config::{CniVersion, NetworkConfig};
use crate::plugin::{Bridge, HostDevice, Ipvlan, IpvlanMode, Macvlan, MacvlanMode, Plugin, Sriov, Vlan};
use crate::schema;
use crate::static_ipam::{Address, Ipam, Route};
use crate::violation::{Rule, Violation};
use serde_json::Value;

/// One attachment of a pod to a network.
///
/// Nothing in it is corrected on the way: what a plugin could not use, or would misunderstand, is a [`Violation`].
/// Only exact repetitions of an address or a route are dropped. An empty text is an absent one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attachment {
    /// The plugin: `macvlan`, `ipvlan`, `sriov`, `bridge`, `vlan` or `host-device`.
    pub cni_type: String,
    /// The node's interface, without a VLAN suffix. Required for macvlan, ipvlan and vlan; used for host-device where
    /// `device` is absent; of no effect for sriov and bridge.
    pub master: Option<String>,
    /// VLAN ID, 1 to 4094. macvlan, ipvlan and host-device use the node's sub-interface `<master>.<id>`, which must exist;
    /// the other plugins tag by themselves.
    pub vlan: Option<u16>,
    /// Whether the attachment names a device plugin resource, from which Multus takes sriov's virtual function. Without
    /// one the configuration of type sriov is Nephio's, which has the VLAN in the inert `master` only.
    pub has_resource: bool,
    /// The bridge of type bridge. Absent: `cni<VLAN ID>`, as in Nephio.
    pub bridge: Option<String>,
    /// The device of type host-device. Absent: `master`.
    pub device: Option<String>,
    /// macvlan: `bridge` (default), `private`, `vepa`, `passthru`. ipvlan: `l2` (default), `l3`, `l3s`. No other type
    /// has modes.
    pub mode: Option<String>,
    /// MTU in bytes, for macvlan, ipvlan, bridge and vlan.
    pub mtu: Option<u32>,
    /// The addresses. None makes a layer-2 attachment, which ipvlan and vlan do not offer.
    pub addresses: Vec<Address>,
    /// The routes over this attachment.
    pub routes: Vec<Route>,
    /// Whether a default route among `routes` is meant: it takes over the pod's own.
    pub default_route: bool,
    /// The configuration's `cniVersion`.
    pub cni_version: CniVersion,
    /// The configuration's `name`; best left to Multus.
    pub name: Option<String>,
}

impl Attachment {
    /// The valid network configuration of the attachment.
    ///
    /// Addresses and routes are in the byte order of `address` and `dst`, so the order in which they were given does
    /// not matter.
    ///
    /// # Errors
    ///
    /// Every rule that the configuration would violate, with paths into the JSON that it would have been.
    pub fn to_config(&self) -> Result<NetworkConfig, Vec<Violation>> {
        let mut violations = self.options_without_effect();
        let plugin = match self.cni_type.as_str() {
            "macvlan" => Plugin::Macvlan(Macvlan {
                master: self.sub_interface("master", given(&self.master), &mut violations),
                mode: self.mode(&MacvlanMode::ALL, MacvlanMode::as_str, &mut violations),
                mtu: self.mtu,
                ipam: self.ipam(),
            }),
            "ipvlan" => Plugin::Ipvlan(Ipvlan {
                master: self.sub_interface("master", given(&self.master), &mut violations),
                mode: self.mode(&IpvlanMode::ALL, IpvlanMode::as_str, &mut violations),
                mtu: self.mtu,
                ipam: self.ipam(),
            }),
            "sriov" => {
                let master = self.sub_interface("master", given(&self.master), &mut violations);
                Plugin::Sriov(Sriov {
                    master: Some(master).filter(|master| !master.is_empty()),
                    vlan: self.vlan.filter(|_| self.has_resource && violations.is_empty()),
                    ipam: self.ipam(),
                })
            }
            "bridge" => {
                Plugin::Bridge(Bridge { bridge: self.bridge_name(), vlan: self.vlan, mtu: self.mtu, ipam: self.ipam() })
            }
            "vlan" => Plugin::Vlan(Vlan {
                master: given(&self.master).unwrap_or_default().to_owned(),
                vlan_id: self.vlan,
                mtu: self.mtu,
                ipam: self.ipam(),
            }),
            "host-device" => Plugin::HostDevice(HostDevice {
                device: self.sub_interface("device", given(&self.device).or(given(&self.master)), &mut violations),
                ipam: self.ipam(),
            }),
            other => {
                return Err(vec![Violation::new(
                    Rule::PluginTypeUnsupported,
                    "plugins[0].type",
                    quoted(other),
                    schema::interface_types(),
                )]);
            }
        };
        let mut plugins = vec![plugin];
        if matches!(plugins.as_slice(), [Plugin::Macvlan(_)]) {
            plugins.push(Plugin::Tuning);
        }
        let config =
            NetworkConfig { cni_version: self.cni_version, name: given(&self.name).map(str::to_owned), plugins };
        violations.extend(Checker { default_route: self.default_route }.check(&config));
        if violations.is_empty() { Ok(config) } else { Err(violations) }
    }

    /// Options that were given and that the plugin has no key for.
    fn options_without_effect(&self) -> Vec<Violation> {
        let used: &[&str] = match self.cni_type.as_str() {
            "macvlan" | "ipvlan" => &["mode", "mtu"],
            "bridge" => &["bridge", "mtu"],
            "vlan" => &["mtu"],
            "host-device" => &["device"],
            _ => &[],
        };
        let expected = match used {
            [] => format!("none of mode, mtu, bridge, device for {}", self.cni_type),
            used => format!("only {} for {}", used.join(", "), self.cni_type),
        };
        [
            ("mode", given(&self.mode).map(quoted)),
            ("mtu", self.mtu.map(|mtu| mtu.to_string())),
            ("bridge", given(&self.bridge).map(quoted)),
            ("device", given(&self.device).map(quoted)),
        ]
        .into_iter()
        .filter(|(key, _)| !used.contains(key))
        .filter_map(|(key, found)| {
            let path = format!("plugins[0].{key}");
            Some(Violation::new(Rule::UnknownKey, path, found?, expected.as_str()))
        })
        .collect()
    }

    /// The node's interface for the VLAN. Its VLAN ID is no JSON key of its own, so it is checked here.
    fn sub_interface(&self, key: &str, link: Option<&str>, violations: &mut Vec<Violation>) -> String {
        if let Some(id) = self.vlan.filter(|id| !schema::VLAN_IDS.contains(&i64::from(*id))) {
            violations.push(Violation::new(
                Rule::VlanOutOfRange,
                format!("plugins[0].{key}"),
                format!("VLAN ID {id}"),
                schema::VLAN_RANGE,
            ));
        }
        link.map(|link| tagged(link, self.vlan)).unwrap_or_default()
    }

    fn bridge_name(&self) -> String {
        match (given(&self.bridge), self.vlan) {
            (Some(bridge), _) => bridge.to_owned(),
            (None, Some(id)) => format!("cni{id}"),
            (None, None) => String::new(),
        }
    }

    fn mode<M: Copy + Default>(&self, modes: &[M], name: fn(M) -> &'static str, violations: &mut Vec<Violation>) -> M {
        let Some(wanted) = given(&self.mode) else {
            return M::default();
        };
        let known = modes.iter().copied().find(|mode| name(*mode) == wanted);
        known.unwrap_or_else(|| {
            let names: Vec<_> = modes.iter().map(|mode| name(*mode)).collect();
            violations.push(Violation::new(
                Rule::ModeInvalid,
                "plugins[0].mode",
                quoted(wanted),
                schema::one_of(&names),
            ));
            M::default()
        })
    }

    fn ipam(&self) -> Ipam {
        if self.addresses.is_empty() && self.routes.is_empty() {
            return Ipam::None;
        }
        let mut addresses = self.addresses.clone();
        addresses.sort_by_cached_key(|entry| (entry.address.to_string(), entry.gateway));
        addresses.dedup();
        let mut routes = self.routes.clone();
        routes.sort_by_cached_key(|route| (route.dst.to_string(), route.gw));
        routes.dedup();
        Ipam::Static { addresses, routes }
    }
}

/// An empty text is an absent one, as it is for the plugins.
fn given(option: &Option<String>) -> Option<&str> {
    option.as_deref().filter(|text| !text.is_empty())
}

/// The link itself, or the name of its 802.1Q sub-interface.
fn tagged(link: &str, vlan: Option<u16>) -> String {
    vlan.map_or_else(|| link.to_owned(), |id| format!("{link}.{id}"))
}

fn quoted(text: &str) -> String {
    Value::from(crate::json::excerpt(text)).to_string()
}
