//! Which keys each object of a network configuration has, and which plugins there are.
//!
//! The keys are those that some release of the plugin reads (containernetworking/plugins up to 1.9, sriov-cni 2.10).

use Kind::{Flag, Integer, List, Object, Text};
use std::ops::RangeInclusive;

/// The JSON type of a key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Integer,
    Flag,
    Object,
    List,
}

/// The keys of an object.
pub(crate) type Schema = &'static [(&'static str, Kind)];

/// What a plugin does with `ipam`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum IpamUse {
    Required,
    Optional,
    Unread,
}

/// A plugin whose configuration is known here.
pub(crate) struct PluginSchema {
    pub(crate) name: &'static str,
    pub(crate) ipam: IpamUse,
    pub(crate) keys: Schema,
}

/// Top level of a list.
pub(crate) const LIST: Schema = &[
    ("cniVersion", Text),
    ("cniVersions", List),
    ("name", Text),
    ("plugins", List),
    ("disableCheck", Flag),
    ("disableGC", Flag),
    ("loadOnlyInlinedPlugins", Flag),
];

/// Every plugin. `name` and `cniVersion` of an entry give way to the list's.
pub(crate) const PLUGIN: Schema = &[
    ("cniVersion", Text),
    ("name", Text),
    ("type", Text),
    ("capabilities", Object),
    ("ipam", Object),
    ("dns", Object),
];

pub(crate) const STATIC_IPAM: Schema = &[("type", Text), ("addresses", List), ("routes", List), ("dns", Object)];

pub(crate) const ADDRESS: Schema = &[("address", Text), ("gateway", Text)];

pub(crate) const ROUTE: Schema = &[
    ("dst", Text),
    ("gw", Text),
    ("mtu", Integer),
    ("advmss", Integer),
    ("priority", Integer),
    ("table", Integer),
    ("scope", Integer),
];

pub(crate) const DNS: Schema = &[("nameservers", List), ("domain", Text), ("search", List), ("options", List)];

pub(crate) const VLAN_TRUNK: Schema = &[("minID", Integer), ("maxID", Integer), ("id", Integer)];

/// The plugins that make an interface, and tuning.
pub(crate) const PLUGINS: &[PluginSchema] = &[
    PluginSchema {
        name: "macvlan",
        ipam: IpamUse::Optional,
        keys: &[
            ("master", Text),
            ("mode", Text),
            ("mtu", Integer),
            ("mac", Text),
            ("linkInContainer", Flag),
            ("bcqueuelen", Integer),
        ],
    },
    PluginSchema {
        name: "ipvlan",
        ipam: IpamUse::Required,
        keys: &[("master", Text), ("mode", Text), ("mtu", Integer), ("linkInContainer", Flag)],
    },
    PluginSchema {
        name: "sriov",
        ipam: IpamUse::Optional,
        // `mode` is not read and `master` is overwritten, but Nephio's configurations have both.
        keys: &[
            ("master", Text),
            ("mode", Text),
            ("deviceID", Text),
            ("vlan", Integer),
            ("vlanQoS", Integer),
            ("vlanProto", Text),
            ("mac", Text),
            ("spoofchk", Text),
            ("trust", Text),
            ("link_state", Text),
            ("min_tx_rate", Integer),
            ("max_tx_rate", Integer),
            ("logLevel", Text),
            ("logFile", Text),
        ],
    },
    PluginSchema {
        name: "bridge",
        ipam: IpamUse::Optional,
        keys: &[
            ("bridge", Text),
            ("isGateway", Flag),
            ("isDefaultGateway", Flag),
            ("forceAddress", Flag),
            ("ipMasq", Flag),
            ("ipMasqBackend", Text),
            ("mtu", Integer),
            ("hairpinMode", Flag),
            ("promiscMode", Flag),
            ("vlan", Integer),
            ("vlanTrunk", List),
            ("preserveDefaultVlan", Flag),
            ("macspoofchk", Flag),
            ("enabledad", Flag),
            ("disableContainerInterface", Flag),
            ("portIsolation", Flag),
        ],
    },
    PluginSchema {
        name: "vlan",
        ipam: IpamUse::Required,
        keys: &[("master", Text), ("vlanId", Integer), ("mtu", Integer), ("linkInContainer", Flag)],
    },
    PluginSchema {
        name: "host-device",
        ipam: IpamUse::Optional,
        keys: &[("device", Text), ("hwaddr", Text), ("kernelpath", Text), ("pciBusID", Text)],
    },
    PluginSchema {
        name: "tuning",
        ipam: IpamUse::Unread,
        keys: &[
            ("sysctl", Object),
            ("mac", Text),
            ("mtu", Integer),
            ("promisc", Flag),
            ("allmulti", Flag),
            ("txQLen", Integer),
            ("dataDir", Text),
        ],
    },
];

/// Plugins that change an interface which an earlier plugin made (containernetworking/plugins, `plugins/meta`).
pub(crate) const META_PLUGINS: &[&str] = &["tuning", "portmap", "bandwidth", "firewall", "sbr", "vrf"];

/// VLAN IDs that a link can carry (IEEE 802.1Q).
pub(crate) const VLAN_IDS: RangeInclusive<i64> = 1..=4094;
/// The words for the range of VLAN IDs.
pub(crate) const VLAN_RANGE: &str = "a VLAN ID of 1 to 4094";

/// The schema of a plugin type.
pub(crate) fn plugin(name: &str) -> Option<&'static PluginSchema> {
    PLUGINS.iter().find(|plugin| plugin.name == name)
}

/// The words for the types that make an interface.
pub(crate) fn interface_types() -> String {
    let names: Vec<_> = PLUGINS.iter().map(|plugin| plugin.name).filter(|name| !META_PLUGINS.contains(name)).collect();
    one_of(&names)
}

/// `one of a, b, c`.
pub(crate) fn one_of(names: &[&str]) -> String {
    format!("one of {}", names.join(", "))
}
