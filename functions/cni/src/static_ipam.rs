//! `ipam`: the static addresses and routes of an attachment, or none.

use ipnet::IpNet;
use serde_json::{Map, Value};
use std::net::IpAddr;

/// The `ipam` of a plugin that makes an interface.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Ipam {
    /// `{}`: an interface without an address (layer 2 only). macvlan, bridge, sriov and host-device work so.
    #[default]
    None,
    /// Type `static`: fixed addresses and routes, no state on the node.
    Static {
        /// At least one, each IP address once.
        addresses: Vec<Address>,
        /// Routes over the attachment. `static` adds none by itself, not even for a gateway.
        routes: Vec<Route>,
    },
}

/// An address of the attachment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// The interface's address with the length of its subnet: `10.1.3.3/24`.
    pub address: IpNet,
    /// The subnet's gateway. Without routes it is information only.
    pub gateway: Option<IpAddr>,
}

/// A route of the attachment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Route {
    /// The destination, without host bits.
    pub dst: IpNet,
    /// The next hop. A valid route has one; see [`Rule::RouteGatewayMissing`](crate::Rule::RouteGatewayMissing).
    pub gw: Option<IpAddr>,
}

impl Ipam {
    /// Keys in order: `type`, `addresses`, `routes` (absent where there are none).
    pub(crate) fn to_value(&self) -> Value {
        let mut keys = Map::new();
        if let Self::Static { addresses, routes } = self {
            keys.insert("type".into(), "static".into());
            let addresses = addresses.iter().copied().map(Address::to_value).collect();
            keys.insert("addresses".into(), Value::Array(addresses));
            if !routes.is_empty() {
                let routes = routes.iter().copied().map(Route::to_value).collect();
                keys.insert("routes".into(), Value::Array(routes));
            }
        }
        Value::Object(keys)
    }
}

impl Address {
    fn to_value(self) -> Value {
        pair("address", self.address, "gateway", self.gateway)
    }
}

impl Route {
    fn to_value(self) -> Value {
        pair("dst", self.dst, "gw", self.gw)
    }
}

/// `{"<net_key>":"<net>","<ip_key>":"<ip>"}`, the second key only where there is an address.
fn pair(net_key: &str, net: IpNet, ip_key: &str, ip: Option<IpAddr>) -> Value {
    let mut keys = Map::new();
    keys.insert(net_key.into(), net.to_string().into());
    if let Some(ip) = ip {
        keys.insert(ip_key.into(), ip.to_string().into());
    }
    Value::Object(keys)
}
