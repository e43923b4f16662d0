//! Reading configurations of any author: what they state, hand out and are attached to.

mod address_set;
mod host_local;
mod range;
mod segment;
mod sloppy;
mod whereabouts;

pub use address_set::AddressSet;
pub use range::{Allocator, DynamicRange, RangeError, RangeFault};
pub use segment::{Link, Segment};

use crate::json::{self, Node, excerpt};
use ipnet::IpNet;
use serde_json::Value;
use std::net::IpAddr;
use thiserror::Error;

/// A network configuration as it stands in a NetworkAttachmentDefinition, single or list, valid or not.
///
/// Keys are found as the plugins find them, whatever their case; what cannot be read is passed over rather than
/// refused. To learn what is wrong with a configuration use [`check_text`](crate::check_text).
///
/// ```
/// let view = cni::ConfigView::parse(
///     r#"{"type":"macvlan","master":"eth1.100",
///         "ipam":{"type":"whereabouts","range":"10.1.3.0/24","exclude":["10.1.3.0/30"]}}"#,
/// )?;
/// let ranges = view.ranges();
/// let range = ranges[0].as_ref().unwrap();
/// assert!(range.addresses.contains("10.1.3.4".parse()?));
/// assert!(!range.addresses.contains("10.1.3.3".parse()?));
/// assert_eq!(view.segments(None)[0].to_string(), "interface eth1, VLAN 100");
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ConfigView {
    value: Value,
}

/// Why a text is no network configuration at all.
#[derive(Debug, Error)]
pub enum ViewError {
    /// Nothing but blanks: Nephio's nad-fn writes an empty text for an attachment that has a VLAN and no address.
    #[error("the network configuration is empty")]
    Empty,
    /// Not JSON.
    #[error("the network configuration is not JSON: {0}")]
    NotJson(#[from] serde_json::Error),
    /// JSON, but not an object.
    #[error("the network configuration is not a JSON object: {0}")]
    NotAnObject(String),
}

/// An address that a configuration states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedAddress {
    /// Where: `plugins[0].ipam.addresses[0]`.
    pub path: String,
    /// The text of `address`; empty where there is none.
    pub text: String,
    /// The address as the plugin takes it, an IPv4-mapped one as IPv4. None where it cannot be read.
    pub address: Option<IpNet>,
    /// The gateway, where there is one that can be read.
    pub gateway: Option<IpAddr>,
}

impl ConfigView {
    /// Reads the text of a `spec.config`.
    ///
    /// # Errors
    ///
    /// If the text is not a JSON object.
    pub fn parse(text: &str) -> Result<Self, ViewError> {
        if text.trim().is_empty() {
            return Err(ViewError::Empty);
        }
        let value = json::parse(text)?.value;
        if value.is_object() { Ok(Self { value }) } else { Err(ViewError::NotAnObject(excerpt(&value.to_string()))) }
    }

    /// `cniVersion`, where it is a text.
    #[must_use]
    pub fn cni_version(&self) -> Option<&str> {
        Node::root(&self.value).text("cniVersion")
    }

    /// `name`, where it is a text.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        Node::root(&self.value).text("name")
    }

    /// The types of the plugins that Multus would call, in order.
    #[must_use]
    pub fn plugin_types(&self) -> Vec<&str> {
        self.plugins().iter().filter_map(|plugin| plugin.text("type")).collect()
    }

    /// The addresses that every pod of this attachment gets: those of `static` IPAM and the extra ones of
    /// Whereabouts. An unreadable entry is listed too, with no `address`.
    #[must_use]
    pub fn addresses(&self) -> Vec<StatedAddress> {
        self.ipams()
            .iter()
            .filter(|ipam| matches!(ipam.text("type"), Some("static" | "whereabouts")))
            .flat_map(|ipam| ipam.list("addresses"))
            .map(|entry| StatedAddress {
                path: entry.path(),
                text: entry.text("address").unwrap_or_default().to_owned(),
                address: entry.text("address").and_then(sloppy::interface_address),
                gateway: entry.text("gateway").and_then(sloppy::ip),
            })
            .collect()
    }

    /// The ranges from which the configuration's IPAM hands out addresses at run time: those of Whereabouts and
    /// host-local. A range that the IPAM itself would refuse is an error; it hands out nothing.
    ///
    /// Whereabouts may also take options from a file on the node, which cannot be seen here.
    #[must_use]
    pub fn ranges(&self) -> Vec<Result<DynamicRange, RangeError>> {
        self.ipams()
            .iter()
            .flat_map(|ipam| match ipam.text("type") {
                Some("whereabouts") => whereabouts::ranges(ipam),
                Some("host-local") => host_local::ranges(ipam),
                _ => Vec::new(),
            })
            .collect()
    }

    /// The layer-2 segments that the configuration attaches to, as far as it names them.
    ///
    /// `resource_name` is the value of the NetworkAttachmentDefinition's annotation
    /// `k8s.v1.cni.cncf.io/resourceName`. Two configurations with a segment in common share a wire (on nodes of one
    /// make); an sriov attachment can have two names for its own: the resource and the interface.
    #[must_use]
    pub fn segments(&self, resource_name: Option<&str>) -> Vec<Segment> {
        let mut segments: Vec<_> =
            self.plugins().iter().flat_map(|plugin| segment::of_plugin(plugin, resource_name)).collect();
        segments.sort();
        segments.dedup();
        segments
    }

    /// The plugins that Multus would call: with a `type` at the top level it ignores a list.
    fn plugins(&self) -> Vec<Node<'_>> {
        let document = Node::root(&self.value);
        if document.text("type").is_some() { vec![document] } else { document.list("plugins") }
    }

    fn ipams(&self) -> Vec<Node<'_>> {
        self.plugins().iter().filter_map(|plugin| plugin.get("ipam")).collect()
    }
}

#[cfg(test)]
mod tests;
