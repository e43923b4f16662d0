#![doc = include_str!("../README.md")]

mod attachment;
mod check;
mod config;
mod json;
mod plugin;
mod schema;
mod static_ipam;
mod view;
mod violation;

pub use attachment::Attachment;
pub use check::{Checker, check, check_text};
pub use config::{CniVersion, NetworkConfig};
pub use plugin::{Bridge, HostDevice, Ipvlan, IpvlanMode, Macvlan, MacvlanMode, Plugin, Sriov, Vlan};
pub use static_ipam::{Address, Ipam, Route};
pub use view::{
    AddressSet, Allocator, ConfigView, DynamicRange, Link, RangeError, RangeFault, Segment, StatedAddress, ViewError,
};
pub use violation::{CODES, Rule, Violation};
