//! What a network configuration can do wrong: the rules, their codes and one finding.

use thiserror::Error;

/// Declares every rule once: the variant, its code and what to do about a violation.
macro_rules! rules {
    ($( $(#[$doc:meta])* $rule:ident = $code:literal, $advice:literal; )*) => {
        /// A rule that a rendered network configuration must keep.
        ///
        /// Each variant says where the rule comes from: the CNI specification, the code of a plugin, Multus, or the
        /// Linux kernel. "Accepted" there means that nothing on the node would report the mistake.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $( $(#[$doc])* $rule, )*
        }

        impl Rule {
            /// Every rule, in the order of [`CODES`].
            pub const ALL: &'static [Rule] = &[ $( Rule::$rule, )* ];

            /// The stable kebab-case code of the rule.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $( Rule::$rule => $code, )* }
            }

            /// What to do about a violation of the rule.
            #[must_use]
            pub const fn advice(self) -> &'static str {
                match self { $( Rule::$rule => $advice, )* }
            }
        }

        /// The codes of all rules, in the order of [`Rule::ALL`].
        pub const CODES: &[&str] = &[ $( $code, )* ];
    };
}

rules! {
    // --- the document -------------------------------------------------------------------------------------------

    /// The text is one JSON object. Multus and every plugin refuse anything else (CNI error code 6).
    ConfigNotJson = "cni-config-not-json",
        "write one JSON object, a plugin configuration or a list of them";
    /// A value has the JSON type that the plugin decodes; Go's decoder refuses another one (CNI error code 6).
    ValueType = "cni-value-type",
        "write the value with the expected JSON type";
    /// A key stands once per object. Decoders keep the last and drop the others unseen.
    DuplicateKey = "cni-duplicate-key",
        "keep one of the two and delete the other";
    /// Keys that the runtime adds (`runtimeConfig`, `args`, `prevResult`, `cni.dev/…`) are not for authors (CNI
    /// specification, "Plugin configuration objects").
    ReservedKey = "cni-reserved-key",
        "delete the key: the container runtime sets it";
    /// A key that the plugin does not read. All plugins ignore such keys, so a typing error takes effect silently.
    UnknownKey = "cni-unknown-key",
        "correct the spelling or delete the key: the plugin would ignore it";

    // --- the envelope -------------------------------------------------------------------------------------------

    /// The configuration has a `type` or a non-empty list `plugins`; without either, Multus cannot attach it.
    PluginsMissing = "cni-plugins-missing",
        "name at least one plugin";
    /// Not both `type` and `plugins`: Multus then ignores the list.
    TypeAndPlugins = "cni-type-and-plugins",
        "delete the top-level `type`, or move the list's only plugin to the top level";
    /// The first plugin makes the interface. A meta plugin needs the result of an earlier one and fails without.
    MetaPluginFirst = "cni-meta-plugin-first",
        "put the plugin that makes the interface first";
    /// `name`, where given, is `[A-Za-z0-9][A-Za-z0-9_.-]*` (CNI specification; error code 7).
    NameInvalid = "cni-name-invalid",
        "use the name of the NetworkAttachmentDefinition, or leave it out: Multus fills it in";
    /// `cniVersion` is one that every plugin release in use accepts: releases before 1.6 refuse 1.1.0, and versions
    /// before 0.3.1 (the meaning of an absent key is 0.1.0) know neither lists nor two addresses of a family.
    CniVersion = "cni-version-unsupported",
        "use one of the expected versions";

    // --- the plugin ---------------------------------------------------------------------------------------------

    /// Every plugin of a list has a `type`, the name of its executable.
    PluginTypeMissing = "cni-plugin-type-missing",
        "name the plugin";
    /// Only configurations of plugins whose keys and values are known here can be vouched for.
    PluginTypeUnsupported = "cni-plugin-type-unsupported",
        "use one of the expected types";
    /// macvlan, ipvlan and vlan name their `master`. vlan refuses to run without; the others would take the interface of
    /// the node's default route, which differs from node to node.
    MasterMissing = "cni-master-missing",
        "name the node's interface that carries the attachment";
    /// bridge names its `bridge`: the default `cni0` is the bridge of the pod network.
    BridgeMissing = "cni-bridge-missing",
        "name the bridge, or give a VLAN ID to name it after";
    /// host-device says which device to move: the plugin refuses to run without.
    DeviceMissing = "cni-device-missing",
        "name the device";
    /// Interface names have 1 to 15 bytes (Linux, `IFNAMSIZ`), a VLAN suffix such as `.100` included. sriov's `master`
    /// is exempt: the plugin overwrites it.
    InterfaceNameTooLong = "cni-interface-name-too-long",
        "give the interface a shorter name on the nodes (an altname does not help the plugins), or drop the VLAN suffix";
    /// Interface names are not `.` or `..` and hold no `/`, `:` or blank (Linux, `dev_valid_name`).
    InterfaceNameInvalid = "cni-interface-name-invalid",
        "use the name that `ip link` shows";
    /// `mode` is one of the plugin's own: macvlan bridge, private, vepa, passthru; ipvlan l2, l3, l3s.
    ModeInvalid = "cni-mode-invalid",
        "use one of the expected modes";
    /// VLAN IDs are 1 to 4094 (IEEE 802.1Q: 0 means no VLAN and 4095 is reserved). The vlan plugin accepts 0.
    VlanOutOfRange = "cni-vlan-out-of-range",
        "use a VLAN ID of the expected range, or none";
    /// The vlan plugin has a `vlanId`: without, it makes an interface with VLAN ID 0.
    VlanMissing = "cni-vlan-missing",
        "request a VLAN, or choose a plugin that works without one";
    /// `mtu` is 68 to 65535 (Linux, `ETH_MIN_MTU`, `ETH_MAX_MTU`), with an IPv6 address at least 1280 (RFC 8200 5: the
    /// kernel takes IPv6 off a smaller interface).
    MtuOutOfRange = "cni-mtu-out-of-range",
        "use an MTU of the expected range, or leave it out to take the master's";
    /// ipvlan and vlan do not run without IPAM.
    IpamMissing = "cni-ipam-missing",
        "give the attachment an address, or choose a plugin that can attach without one: macvlan, bridge, sriov, host-device";
    /// `ipam` is absent, empty or of type `static`: an address that was resolved at package time leaves nothing to allocate.
    IpamTypeUnsupported = "cni-ipam-type-unsupported",
        "use static IPAM with the resolved addresses";
    /// `dns` stands at the plugin's top level: most plugins throw away the one inside `ipam`.
    DnsInIpam = "cni-dns-in-ipam",
        "move dns from ipam to the plugin's top level";

    // --- addresses ----------------------------------------------------------------------------------------------

    /// static IPAM states at least one address: it succeeds without, and the interface plugin then fails.
    AddressMissing = "cni-address-missing",
        "resolve the claim first: an attachment without its address must not be rendered";
    /// An address is written `address/length`, IPv4 without leading zeros, IPv6 without a zone (static refuses the rest).
    AddressInvalid = "cni-address-invalid",
        "write the address with its prefix length, for example 10.1.3.3/24";
    /// Addresses are written in their one canonical form (RFC 5952 for IPv6), so that texts can be compared.
    NotCanonical = "cni-not-canonical",
        "write it as expected";
    /// No IPv4-mapped IPv6 address: the plugins turn `::ffff:10.1.3.3/120` into `10.1.3.3/24`.
    Ipv4Mapped = "cni-ipv4-mapped",
        "write the IPv4 address itself";
    /// The address is not the first of its subnet: the network address (IPv4) or the subnet-router anycast address
    /// (RFC 4291 2.6.1). Exempt: /31 (RFC 3021), /32, /127 (RFC 6164), /128. Plugins and kernel accept it.
    AddressIsNetwork = "cni-address-is-network",
        "claim a host address of the subnet";
    /// The address is not the broadcast address of its IPv4 subnet. Exempt: /31, /32. Plugins and kernel accept it.
    AddressIsBroadcast = "cni-address-is-broadcast",
        "claim a host address of the subnet";
    /// The address is a unicast one, neither unspecified, loopback, multicast nor 255.255.255.255. Plugins accept those.
    AddressNotUnicast = "cni-address-not-unicast",
        "claim a host address";
    /// An IP address stands once in a configuration, whatever its length: the kernel refuses the second.
    AddressDuplicate = "cni-address-duplicate",
        "keep one of the two; the claims behind them must not hold the same address";

    // --- gateways and routes ------------------------------------------------------------------------------------

    /// A gateway is an IP address without a length (static refuses the rest).
    GatewayInvalid = "cni-gateway-invalid",
        "write the address alone, for example 10.1.3.1";
    /// A gateway is of the family of its address or destination. static accepts another.
    GatewayFamily = "cni-gateway-family",
        "give each family its own gateway";
    /// A gateway lies in the subnet of its address, else the kernel cannot reach it (`network is unreachable`). An IPv6
    /// link-local gateway is on every link (RFC 4861).
    GatewayOffSubnet = "cni-gateway-off-subnet",
        "correct the gateway or the prefix length of the pool";
    /// A gateway is not the attachment's own address. Plugins and kernel accept it.
    GatewayIsOwnAddress = "cni-gateway-is-own-address",
        "release the claim or move the gateway: one of the two holds the other's address";
    /// A gateway is not the first address of the subnet; see [`Rule::AddressIsNetwork`]. Plugins and kernel accept it.
    GatewayIsNetwork = "cni-gateway-is-network",
        "name the router's own address";
    /// A gateway is not the broadcast address of the subnet: the kernel refuses a route over it (`invalid argument`).
    GatewayIsBroadcast = "cni-gateway-is-broadcast",
        "name the router's own address";
    /// A route has a destination `prefix/length` (static refuses the rest, but lets an absent one pass).
    RouteInvalid = "cni-route-invalid",
        "write the destination with its prefix length, for example 10.9.0.0/16";
    /// A route's destination has no host bits: the kernel refuses it (`invalid argument`) after static accepted it.
    RouteHostBits = "cni-route-host-bits",
        "write the network address of the destination";
    /// A destination stands once: the kernel refuses the second (`file exists`), or spreads traffic over two gateways.
    RouteDuplicate = "cni-route-duplicate",
        "keep one gateway per destination";
    /// A route has its own `gw`: without, it takes the first gateway of its family or becomes on-link, and `CHECK` of
    /// plugin releases before 1.3 fails.
    RouteGatewayMissing = "cni-route-gateway-missing",
        "name the gateway of the route";
    /// A route's `gw` is on-link, in the subnet of one of the addresses, else the kernel refuses it (`network is
    /// unreachable`).
    RouteGatewayOffLink = "cni-route-gateway-off-link",
        "use a gateway in a subnet of the attachment";
    /// A route does not repeat the connected subnet: it would win over it and send on-link neighbours through the gateway.
    RouteConnectedSubnet = "cni-route-connected-subnet",
        "delete the route: the address itself makes the subnet reachable";
    /// A default route comes only on request: it takes over the pod's own one. Also a `/0` address and bridge's
    /// `isDefaultGateway`.
    DefaultRoute = "cni-default-route",
        "use the prefixes that the attachment must reach, or request the default route explicitly";
}

/// One violation: which [`Rule`], where, what was found and what was expected.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Error)]
#[error("{path}: found {found}, expected {expected}; {}", rule.advice())]
pub struct Violation {
    /// The rule that is not kept.
    pub rule: Rule,
    /// Where in the JSON document: `plugins[0].ipam.addresses[1].gateway`, or `.` for the document itself.
    pub path: String,
    /// What stands there, as JSON where that is short, or `nothing`.
    pub found: String,
    /// What may stand there.
    pub expected: String,
}

impl Violation {
    pub(crate) fn new(
        rule: Rule,
        path: impl Into<String>,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self { rule, path: path.into(), found: found.into(), expected: expected.into() }
    }

    /// The stable code of the rule, for example `cni-gateway-off-subnet`; see [`CODES`].
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.rule.code()
    }

    /// What to do about it.
    #[must_use]
    pub const fn advice(&self) -> &'static str {
        self.rule.advice()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique_kebab_case() {
        let unique: BTreeSet<_> = CODES.iter().collect();
        assert_eq!(unique.len(), CODES.len());
        for code in CODES {
            assert!(code.starts_with("cni-"), "{code}");
            assert!(code.bytes().all(|b| b == b'-' || b.is_ascii_lowercase() || b.is_ascii_digit()), "{code}");
        }
    }

    #[test]
    fn a_violation_says_where_what_and_what_to_do() {
        let violation = Violation::new(
            Rule::GatewayOffSubnet,
            "plugins[0].ipam.addresses[0].gateway",
            r#""10.9.0.1""#,
            "an address in 10.1.3.0/24",
        );
        assert_eq!(
            violation.to_string(),
            r#"plugins[0].ipam.addresses[0].gateway: found "10.9.0.1", expected an address in 10.1.3.0/24; correct the gateway or the prefix length of the pool"#
        );
        assert_eq!(violation.code(), "cni-gateway-off-subnet");
    }
}
