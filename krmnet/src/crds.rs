//! The custom resource definitions, as `crds/` holds them: what makes them stays out of the binary.

/// The files of `crds/`, by name.
const FILES: &[&str] = &[
    include_str!("../../crds/fn.krmnet.dev_interfacefns.yaml"),
    include_str!("../../crds/fn.krmnet.dev_ipamfns.yaml"),
    include_str!("../../crds/fn.krmnet.dev_nadfns.yaml"),
    include_str!("../../crds/fn.krmnet.dev_vlanfns.yaml"),
    include_str!("../../crds/infra.nephio.org_networks.yaml"),
    include_str!("../../crds/infra.nephio.org_workloadclusters.yaml"),
    include_str!("../../crds/ipam.resource.nephio.org_ipclaims.yaml"),
    include_str!("../../crds/ipam.resource.nephio.org_ipprefixes.yaml"),
    include_str!("../../crds/ipam.resource.nephio.org_networkinstances.yaml"),
    include_str!("../../crds/req.nephio.org_interfaces.yaml"),
    include_str!("../../crds/vlan.resource.nephio.org_vlanclaims.yaml"),
    include_str!("../../crds/vlan.resource.nephio.org_vlanindices.yaml"),
    include_str!("../../crds/vlan.resource.nephio.org_vlans.yaml"),
];

/// All definitions, as one YAML stream.
pub(crate) fn all() -> String {
    FILES.iter().flat_map(|file| ["---\n", *file]).collect()
}
