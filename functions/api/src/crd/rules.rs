//! The rules that span fields or look into labels: each a CEL expression that must hold, and what to say where it does not.
//! Each is an error of a function as well.
//!
//! Only bounded texts may be looked into: a server refuses a definition whose rules may cost too much, and `string()` has no
//! bound. A rule sees its own part of a spec, so annotations (`specializer.nephio.org/delete`, `nephio.org/action`) change
//! nothing.

use serde_json::{Value, json};

/// `x-kubernetes-validations` of rules and their messages.
pub(crate) fn rules(rules: &[(&str, &str)]) -> Value {
    rules.iter().map(|(rule, message)| json!({"rule": rule, "message": message})).collect()
}

/// Of the spec of an IPClaim.
pub(crate) const IP_CLAIM: &[(&str, &str)] = &[
    (
        "has(self.prefix) || !has(self.createPrefix) || !self.createPrefix || has(self.prefixLength)",
        "createPrefix without prefix needs prefixLength: the length of the block",
    ),
    (
        "has(self.prefix) || !has(self.prefixLength) || (has(self.createPrefix) && self.createPrefix)",
        "prefixLength without prefix needs createPrefix: true: an address has its pool's length",
    ),
    (
        "!has(self.prefix) || !has(self.prefixLength) || int(self.prefix.split('/')[1]) == self.prefixLength",
        "prefixLength must be the length of prefix",
    ),
    ("!has(self.prefix) || !has(self.index)", "prefix and index exclude each other"),
    ("!has(self.kind) || self.kind != 'aggregate' || has(self.prefix)", "kind aggregate needs prefix"),
    (
        "!has(self.kind) || self.kind != 'pool' || (has(self.createPrefix) && self.createPrefix)",
        "kind pool needs createPrefix: true",
    ),
    (
        "!has(self.kind) || self.kind != 'loopback' || !has(self.prefix) || (has(self.createPrefix) && self.createPrefix) \
         || self.prefix.endsWith(self.prefix.contains(':') ? '/128' : '/32')",
        "a loopback address stands alone: prefix must end in /32 (IPv6: /128), or be a block by createPrefix: true",
    ),
    (
        "!has(self.addressFamily) || !has(self.prefix) \
         || self.addressFamily != (self.prefix.contains(':') ? 'ipv4' : 'ipv6')",
        "addressFamily must be the family of prefix",
    ),
    (
        "!has(self.addressFamily) || !has(self.prefixLength) || self.addressFamily != 'ipv4' || self.prefixLength <= 32",
        "a block of addressFamily ipv4 has a prefixLength of at most 32",
    ),
    (
        "!has(self.selector) || !has(self.selector.matchLabels) \
         || !('nephio.org/address-family' in self.selector.matchLabels) \
         || self.selector.matchLabels['nephio.org/address-family'] in ['ipv4', 'ipv6']",
        "the label nephio.org/address-family of selector.matchLabels must be ipv4 or ipv6",
    ),
    (
        "!has(self.addressFamily) || !(self.addressFamily in ['ipv4', 'ipv6']) \
         || !has(self.selector) || !has(self.selector.matchLabels) \
         || !('nephio.org/address-family' in self.selector.matchLabels) \
         || self.selector.matchLabels['nephio.org/address-family'] == self.addressFamily",
        "addressFamily and the label nephio.org/address-family of selector.matchLabels must agree",
    ),
    (
        "!has(self.prefix) || !has(self.selector) || !has(self.selector.matchLabels) \
         || !('nephio.org/address-family' in self.selector.matchLabels) \
         || self.selector.matchLabels['nephio.org/address-family'] != (self.prefix.contains(':') ? 'ipv4' : 'ipv6')",
        "the label nephio.org/address-family of selector.matchLabels must be the family of prefix",
    ),
    (
        "!has(self.prefixLength) || self.prefixLength <= 32 || !has(self.selector) || !has(self.selector.matchLabels) \
         || !('nephio.org/address-family' in self.selector.matchLabels) \
         || self.selector.matchLabels['nephio.org/address-family'] != 'ipv4'",
        "a block of the family ipv4 by the label of selector.matchLabels has a prefixLength of at most 32",
    ),
    (
        "!has(self.selector) || !has(self.selector.matchExpressions) || self.selector.matchExpressions.all(e, \
         (e.operator in ['In', 'NotIn']) == (has(e.values) && size(e.values) > 0))",
        "of selector.matchExpressions, In and NotIn need values, Exists and DoesNotExist take none",
    ),
    GATEWAY_LABEL,
];

/// Of the spec of an IPPrefix.
pub(crate) const IP_PREFIX: &[(&str, &str)] = &[GATEWAY_LABEL];

const GATEWAY_LABEL: (&str, &str) = (
    "!has(self.labels) || !('nephio.org/gateway' in self.labels) || self.labels['nephio.org/gateway'] in ['true', 'false']",
    "the label nephio.org/gateway must be \"true\" or \"false\"",
);

/// Of an entry of a NetworkInstance or Network.
pub(crate) const LABELLED_PREFIX: &[(&str, &str)] = &[(
    "!has(self.labels) || !('nephio.org/prefix-kind' in self.labels) \
     || self.labels['nephio.org/prefix-kind'] in ['network', 'loopback', 'pool', 'aggregate', '']",
    "the label nephio.org/prefix-kind must be network, loopback, pool or aggregate",
)];

/// Of the spec of a VLANClaim.
pub(crate) const VLAN_CLAIM: &[(&str, &str)] = &[
    RANGE_ORDER,
    (
        "!has(self.vlanID) || !has(self.range) || self.range == '' || self.range.contains(':')",
        "vlanID asks for one ID, a range of one number for so many in a row: remove one of the two",
    ),
    (
        "!has(self.vlanID) || !has(self.range) || !self.range.contains(':') \
         || (int(self.range.split(':')[0]) <= self.vlanID && self.vlanID <= int(self.range.split(':')[1]))",
        "vlanID must lie in range",
    ),
];

/// Of the spec of a VLAN.
pub(crate) const VLAN: &[(&str, &str)] = &[RANGE_ORDER];

const RANGE_ORDER: (&str, &str) = (
    "!has(self.range) || !self.range.contains(':') \
     || int(self.range.split(':')[0]) <= int(self.range.split(':')[1])",
    "range must not end before it starts",
);
