//! Label keys, as used in selectors, on pools and in `spec.labels` of claims.

/// `WorkloadCluster.spec.clusterName`.
pub const CLUSTER_NAME: &str = "nephio.org/cluster-name";
/// A site, such as a data centre.
pub const SITE_NAME: &str = "nephio.org/site-name";
/// A region.
pub const REGION: &str = "nephio.org/region";
/// An availability zone.
pub const AVAILABILITY_ZONE: &str = "nephio.org/availability-zone";
/// The network that an Interface names in its annotation of the same key.
pub const NETWORK_NAME: &str = "nephio.org/network-name";
/// `ipv4` or `ipv6`.
pub const ADDRESS_FAMILY: &str = "nephio.org/address-family";
/// `network`, `loopback`, `pool` or `aggregate`.
pub const PREFIX_KIND: &str = "nephio.org/prefix-kind";
/// `true` on a claim that is its subnet's gateway; `false` on an IPPrefix that has none.
pub const GATEWAY: &str = "nephio.org/gateway";
/// The subnet of a prefix: its first address, `-`, its length, every `:` replaced by `-`.
pub const SUBNET: &str = "nephio.org/subnet";
/// The name of the object that a pool comes from.
pub const NSN_NAME: &str = "nephio.org/nsn-name";
/// The namespace of the object that a pool comes from.
pub const NSN_NAMESPACE: &str = "nephio.org/nsn-namespace";
