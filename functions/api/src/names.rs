//! What the children of an Interface are called.
//!
//! | child | Interface with an owner | without |
//! |---|---|---|
//! | IPClaim | `F-N-ipv4`, `F-N-ipv6` | `N` for IPv4, `N-ipv6` for IPv6 |
//! | VLANClaim, NAD | `F-N` | `N` |
//! | the NAD's namespace | annotation `specializer.nephio.org/namespace`, else the Interface's | the Interface's |
//!
//! N is the Interface's name and F its [for-name](for_name).

use crate::annotations;
use crate::ipam::AddressFamily;
use crate::meta::ObjectMeta;

/// The for-name F: the last dot-piece of the annotation `specializer.nephio.org/for`, where that key exists, else of
/// `specializer.nephio.org/owner`. `None` without both, or where the piece is empty: the object has no owner.
pub fn for_name(metadata: &ObjectMeta) -> Option<&str> {
    for_value(metadata)?.rsplit('.').next().filter(|name| !name.is_empty())
}

/// The value that children inherit as their annotation `specializer.nephio.org/for`.
pub fn for_value(metadata: &ObjectMeta) -> Option<&str> {
    let value = metadata.annotations.get(annotations::FOR).or_else(|| metadata.annotations.get(annotations::OWNER));
    value.map(String::as_str)
}

/// The name of the IPClaim of an Interface for one address family.
pub fn ip_claim(interface: &ObjectMeta, family: AddressFamily) -> String {
    let name = &interface.name;
    match (for_name(interface), family) {
        (Some(owner), family) => format!("{owner}-{name}-{family}"),
        (None, AddressFamily::Ipv4) => name.clone(),
        (None, AddressFamily::Ipv6) => format!("{name}-{family}"),
    }
}

/// The name of the VLANClaim of an Interface.
pub fn vlan_claim(interface: &ObjectMeta) -> String {
    attachment(interface)
}

/// The name of the NetworkAttachmentDefinition of an Interface.
pub fn nad(interface: &ObjectMeta) -> String {
    attachment(interface)
}

fn attachment(interface: &ObjectMeta) -> String {
    match for_name(interface) {
        Some(owner) => format!("{owner}-{}", interface.name),
        None => interface.name.clone(),
    }
}

/// The namespace of the NetworkAttachmentDefinition of an Interface, if anything states one.
pub fn nad_namespace(interface: &ObjectMeta) -> Option<&str> {
    let stated = for_name(interface).and_then(|_| interface.annotation(annotations::NAMESPACE));
    stated.or_else(|| interface.namespace())
}

/// The name under which the VLANClaims of one network in one cluster share their ID: that of the bridge domain.
pub fn vlan_claim_name(network_instance: &str, cluster: &str) -> String {
    format!("{network_instance}-{cluster}-bd")
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEPLOYMENT: &str = "workload.nephio.org/v1alpha1.NFDeployment.upf-edge01";

    fn interface(annotations: &[(&str, &str)]) -> ObjectMeta {
        ObjectMeta {
            name: "n3".into(),
            namespace: Some("upf".into()),
            annotations: annotations.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
            ..ObjectMeta::default()
        }
    }

    #[test]
    fn with_an_owner() {
        let interface = interface(&[(annotations::OWNER, DEPLOYMENT), (annotations::NAMESPACE, "core")]);
        assert_eq!(for_name(&interface), Some("upf-edge01"));
        assert_eq!(ip_claim(&interface, AddressFamily::Ipv4), "upf-edge01-n3-ipv4");
        assert_eq!(ip_claim(&interface, AddressFamily::Ipv6), "upf-edge01-n3-ipv6");
        assert_eq!(vlan_claim(&interface), "upf-edge01-n3");
        assert_eq!(nad(&interface), "upf-edge01-n3");
        assert_eq!(nad_namespace(&interface), Some("core"));
    }

    #[test]
    fn without_one() {
        let interface = interface(&[(annotations::NAMESPACE, "core")]);
        assert_eq!(for_name(&interface), None);
        assert_eq!(ip_claim(&interface, AddressFamily::Ipv4), "n3");
        assert_eq!(ip_claim(&interface, AddressFamily::Ipv6), "n3-ipv6");
        assert_eq!(vlan_claim(&interface), "n3");
        assert_eq!(nad(&interface), "n3");
        assert_eq!(nad_namespace(&interface), Some("upf"));
    }

    #[test]
    fn the_for_annotation_wins_over_the_owner() {
        let both = interface(&[(annotations::OWNER, DEPLOYMENT), (annotations::FOR, "a.b/c.D.smf")]);
        assert_eq!(nad(&both), "smf-n3");
        let empty = interface(&[(annotations::OWNER, DEPLOYMENT), (annotations::FOR, "")]);
        assert_eq!((for_name(&empty), for_value(&empty)), (None, Some("")));
        let trailing_dot = interface(&[(annotations::OWNER, "upf.")]);
        assert_eq!(for_name(&trailing_dot), None);
    }

    #[test]
    fn the_namespace_annotation_may_be_absent() {
        let interface = interface(&[(annotations::OWNER, DEPLOYMENT)]);
        assert_eq!(nad_namespace(&interface), Some("upf"));
    }

    #[test]
    fn shared_vlan_names() {
        assert_eq!(vlan_claim_name("vpc-ran", "edge01"), "vpc-ran-edge01-bd");
    }
}
