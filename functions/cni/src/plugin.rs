//! The plugins that are rendered, one type each, and their JSON shape.

use crate::static_ipam::Ipam;
use serde_json::{Map, Value};

/// One entry of `plugins`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plugin {
    /// Sub-interface with its own MAC address.
    Macvlan(Macvlan),
    /// Sub-interface that shares its master's MAC address.
    Ipvlan(Ipvlan),
    /// Virtual function of an SR-IOV network card (k8snetworkplumbingwg/sriov-cni).
    Sriov(Sriov),
    /// Port of a Linux bridge.
    Bridge(Bridge),
    /// 802.1Q sub-interface.
    Vlan(Vlan),
    /// A device of the node itself, moved into the pod.
    HostDevice(HostDevice),
    /// Meta plugin that lets a pod ask for a MAC address. It makes no interface, so it is never the first.
    Tuning,
}

/// The `macvlan` plugin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Macvlan {
    /// The node's interface; for a VLAN its 802.1Q sub-interface (`eth1.100`).
    pub master: String,
    /// How interfaces of one master reach each other.
    pub mode: MacvlanMode,
    /// The interface's MTU in bytes, at most the master's; the master's where absent.
    pub mtu: Option<u32>,
    /// Addresses, or none.
    pub ipam: Ipam,
}

/// `mode` of [`Macvlan`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MacvlanMode {
    /// Interfaces of one master reach each other directly. The plugin's default.
    #[default]
    Bridge,
    /// Interfaces of one master never reach each other.
    Private,
    /// The switch sends traffic between them back.
    Vepa,
    /// One interface takes the master over.
    Passthru,
}

/// The `ipvlan` plugin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ipvlan {
    /// As in [`Macvlan`].
    pub master: String,
    /// The layer on which traffic is switched.
    pub mode: IpvlanMode,
    /// The interface's MTU in bytes; the master's where absent.
    pub mtu: Option<u32>,
    /// The plugin does not run without addresses.
    pub ipam: Ipam,
}

/// `mode` of [`Ipvlan`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IpvlanMode {
    /// Layer 2. The plugin's default.
    #[default]
    L2,
    /// Layer 3: the node routes.
    L3,
    /// Layer 3 through the node's netfilter hooks.
    L3s,
}

/// The `sriov` plugin.
///
/// Multus names the virtual function: `deviceID` comes from the resource in the NetworkAttachmentDefinition's
/// annotation `k8s.v1.cni.cncf.io/resourceName`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sriov {
    /// Written as Nephio does, with `"mode":"bridge"`. The plugin ignores both, so the VLAN must be in `vlan`.
    pub master: Option<String>,
    /// VLAN ID that the card sets on the virtual function.
    pub vlan: Option<u16>,
    /// Addresses, or none.
    pub ipam: Ipam,
}

/// The `bridge` plugin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bridge {
    /// The node's bridge. Also written as the plugin's `name`, as Nephio does, where the list's name overrides it.
    pub bridge: String,
    /// VLAN ID of the bridge's port: the port is untagged, the bridge filters.
    pub vlan: Option<u16>,
    /// The interface's MTU in bytes; the kernel's default where absent.
    pub mtu: Option<u32>,
    /// Addresses, or none.
    pub ipam: Ipam,
}

/// The `vlan` plugin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vlan {
    /// The node's interface, without a VLAN suffix.
    pub master: String,
    /// `vlanId`. The plugin takes an absent one for 0.
    pub vlan_id: Option<u16>,
    /// The interface's MTU in bytes; the master's where absent.
    pub mtu: Option<u32>,
    /// The plugin does not run without addresses.
    pub ipam: Ipam,
}

/// The `host-device` plugin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostDevice {
    /// The node's interface that moves into the pod.
    pub device: String,
    /// Addresses, or none.
    pub ipam: Ipam,
}

impl MacvlanMode {
    /// Every mode.
    pub const ALL: [Self; 4] = [Self::Bridge, Self::Private, Self::Vepa, Self::Passthru];

    /// The text of `mode`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bridge => "bridge",
            Self::Private => "private",
            Self::Vepa => "vepa",
            Self::Passthru => "passthru",
        }
    }
}

impl IpvlanMode {
    /// Every mode.
    pub const ALL: [Self; 3] = [Self::L2, Self::L3, Self::L3s];

    /// The text of `mode`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::L2 => "l2",
            Self::L3 => "l3",
            Self::L3s => "l3s",
        }
    }
}

impl Plugin {
    /// The text of `type`.
    #[must_use]
    pub const fn plugin_type(&self) -> &'static str {
        match self {
            Self::Macvlan(_) => "macvlan",
            Self::Ipvlan(_) => "ipvlan",
            Self::Sriov(_) => "sriov",
            Self::Bridge(_) => "bridge",
            Self::Vlan(_) => "vlan",
            Self::HostDevice(_) => "host-device",
            Self::Tuning => "tuning",
        }
    }

    /// The plugin's `ipam`; tuning has none.
    #[must_use]
    pub const fn ipam(&self) -> &Ipam {
        match self {
            Self::Macvlan(plugin) => &plugin.ipam,
            Self::Ipvlan(plugin) => &plugin.ipam,
            Self::Sriov(plugin) => &plugin.ipam,
            Self::Bridge(plugin) => &plugin.ipam,
            Self::Vlan(plugin) => &plugin.ipam,
            Self::HostDevice(plugin) => &plugin.ipam,
            Self::Tuning => &Ipam::None,
        }
    }

    /// The capability that a pod may use in its annotation. Nephio declares `ips` for all types but bridge and vlan; an
    /// interface without IPAM could not honour it.
    const fn capability(&self) -> Option<&'static str> {
        match self {
            Self::Tuning => Some("mac"),
            Self::Bridge(_) | Self::Vlan(_) => None,
            Self::Macvlan(_) | Self::Ipvlan(_) | Self::Sriov(_) | Self::HostDevice(_) => match self.ipam() {
                Ipam::Static { .. } => Some("ips"),
                Ipam::None => None,
            },
        }
    }

    /// The entry as JSON. The order of keys is Nephio's (`type`, `capabilities`, `master`, `mode`, `ipam`, `vlanId`,
    /// `bridge`, `vlan`, `name`), then the keys that it lacks (`device`, `mtu`). `capabilities` and `ipam` are always
    /// present; other keys without a value are absent.
    pub(crate) fn to_value(&self) -> Value {
        let mut keys = Keys::default();
        keys.put("type", self.plugin_type());
        let capabilities = self.capability().map(|name| (name.to_owned(), Value::Bool(true)));
        keys.put("capabilities", Value::Object(capabilities.into_iter().collect()));
        let ipam = self.ipam().to_value();
        match self {
            Self::Macvlan(plugin) => {
                keys.put_text("master", &plugin.master);
                keys.put("mode", plugin.mode.as_str());
                keys.put("ipam", ipam);
                keys.put_number("mtu", plugin.mtu);
            }
            Self::Ipvlan(plugin) => {
                keys.put_text("master", &plugin.master);
                keys.put("mode", plugin.mode.as_str());
                keys.put("ipam", ipam);
                keys.put_number("mtu", plugin.mtu);
            }
            Self::Sriov(plugin) => {
                keys.put_text("master", plugin.master.as_deref().unwrap_or_default());
                keys.put("mode", MacvlanMode::Bridge.as_str());
                keys.put("ipam", ipam);
                keys.put_number("vlan", plugin.vlan);
            }
            Self::Bridge(plugin) => {
                keys.put("ipam", ipam);
                keys.put_text("bridge", &plugin.bridge);
                keys.put_number("vlan", plugin.vlan);
                keys.put_text("name", &plugin.bridge);
                keys.put_number("mtu", plugin.mtu);
            }
            Self::Vlan(plugin) => {
                keys.put_text("master", &plugin.master);
                keys.put("ipam", ipam);
                keys.put_number("vlanId", plugin.vlan_id);
                keys.put_number("mtu", plugin.mtu);
            }
            Self::HostDevice(plugin) => {
                keys.put("ipam", ipam);
                keys.put_text("device", &plugin.device);
            }
            Self::Tuning => keys.put("ipam", ipam),
        }
        Value::Object(keys.0)
    }
}

/// The keys of a plugin in the order of their writing.
#[derive(Default)]
struct Keys(Map<String, Value>);

impl Keys {
    fn put(&mut self, key: &str, value: impl Into<Value>) {
        self.0.insert(key.to_owned(), value.into());
    }

    fn put_text(&mut self, key: &str, text: &str) {
        if !text.is_empty() {
            self.put(key, text);
        }
    }

    fn put_number(&mut self, key: &str, number: Option<impl Into<Value>>) {
        if let Some(number) = number {
            self.put(key, number);
        }
    }
}
