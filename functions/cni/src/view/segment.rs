//! The layer-2 segment of an attachment.

use crate::json::Node;
use crate::schema::VLAN_IDS;
use std::fmt;

/// A layer-2 segment as seen from the nodes: a link and a VLAN on it.
///
/// ipvlan on `eth1.100`, the vlan plugin with ID 100 on `eth1` and an sriov VLAN 100 of `eth1` are the same segment.
/// The same subnet on another segment is no conflict.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Segment {
    /// What the attachment is fastened to.
    pub link: Link,
    /// The VLAN ID, or none for untagged frames.
    pub vlan: Option<u16>,
}

/// What an attachment is fastened to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Link {
    /// An interface of the node: the master of macvlan, ipvlan, vlan and Nephio's sriov, or a moved device.
    Interface(String),
    /// A bridge of the node.
    Bridge(String),
    /// A device plugin's resource.
    Resource(String),
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Interface(name) => write!(f, "interface {name}"),
            Self::Bridge(name) => write!(f, "bridge {name}"),
            Self::Resource(name) => write!(f, "resource {name}"),
        }
    }
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.vlan {
            Some(vlan) => write!(f, "{}, VLAN {vlan}", self.link),
            None => self.link.fmt(f),
        }
    }
}

/// The bridge plugin's default.
const DEFAULT_BRIDGE: &str = "cni0";

/// The segments that a plugin names. A master inside the pod (`linkInContainer`) is none.
pub(super) fn of_plugin(plugin: &Node<'_>, resource_name: Option<&str>) -> Vec<Segment> {
    if plugin.flag("linkInContainer") {
        return Vec::new();
    }
    let resource = resource_name.map(|name| Link::Resource(name.to_owned()));
    match plugin.text("type") {
        Some("macvlan" | "ipvlan") => plugin.text("master").map(sub_interface).into_iter().collect(),
        Some("vlan") => plugin
            .text("master")
            .map(|master| Segment { link: Link::Interface(master.to_owned()), vlan: vlan_id(plugin, "vlanId") })
            .into_iter()
            .collect(),
        Some("bridge") => vec![Segment {
            link: Link::Bridge(plugin.text("bridge").unwrap_or(DEFAULT_BRIDGE).to_owned()),
            vlan: vlan_id(plugin, "vlan"),
        }],
        Some("host-device") => {
            let device = plugin.text("device").map(sub_interface);
            let resource = resource.map(|link| Segment { link, vlan: None });
            device.into_iter().chain(resource).collect()
        }
        Some("sriov") => {
            let master = plugin.text("master").map(sub_interface);
            let vlan = vlan_id(plugin, "vlan").or(master.as_ref().and_then(|segment| segment.vlan));
            master.map(|segment| segment.link).into_iter().chain(resource).map(|link| Segment { link, vlan }).collect()
        }
        _ => Vec::new(),
    }
}

/// Splits `eth1.100` into `eth1` and VLAN 100, the usual name of a sub-interface.
fn sub_interface(name: &str) -> Segment {
    let tagged = name.rsplit_once('.').and_then(|(link, id)| {
        let digits = id.bytes().all(|b| b.is_ascii_digit()) && !id.starts_with('0');
        let id: u16 = id.parse().ok().filter(|_| digits && !link.is_empty())?;
        VLAN_IDS.contains(&i64::from(id)).then_some((link, id))
    });
    match tagged {
        Some((link, id)) => Segment { link: Link::Interface(link.to_owned()), vlan: Some(id) },
        None => Segment { link: Link::Interface(name.to_owned()), vlan: None },
    }
}

fn vlan_id(plugin: &Node<'_>, key: &str) -> Option<u16> {
    let id = plugin.integer(key).filter(|id| VLAN_IDS.contains(id))?;
    u16::try_from(id).ok()
}
