//! The prefixes that Networks say are reachable, by routing table.

use std::collections::HashMap;

use api::Network;
use api::ipam::LabelledPrefix;
use ipnet::IpNet;
use krm::{Field, Finding, Placed, Source};

use super::prefix;
use crate::codes;

/// The routing tables of some Networks. A table is named like the network instance that it belongs to.
#[derive(Debug, Default)]
pub(crate) struct RoutingTables {
    by_name: HashMap<String, Vec<Reachable>>,
}

/// A prefix that is reachable through a network.
#[derive(Debug)]
pub(super) struct Reachable {
    /// As written; host bits stay.
    pub(super) net: IpNet,
    pub(super) network: Source,
    /// Where it stands in the Network.
    pub(super) field: String,
}

impl RoutingTables {
    /// The tables of these Networks, in the order of their namespaces and names, and what is wrong with them.
    pub(crate) fn of(mut networks: Vec<Placed<Network>>) -> (Self, Vec<Finding>) {
        networks.sort_by_cached_key(|network| {
            let metadata = &network.object.metadata;
            (metadata.namespace.clone().unwrap_or_default(), metadata.name.clone())
        });
        let mut tables = Self::default();
        let mut findings = Vec::new();
        for Placed { source, object, .. } in networks {
            for (number, table) in object.spec.routing_tables.into_iter().enumerate() {
                let reachable = tables.by_name.entry(table.name).or_default();
                for (at, LabelledPrefix { prefix: text, .. }) in table.prefixes.into_iter().enumerate() {
                    let field = format!("spec.routingTables[{number}].prefixes[{at}].prefix");
                    match prefix::parse(&text) {
                        Some(net) => reachable.push(Reachable { net, network: source.clone(), field }),
                        None => findings.push(source.on(malformed(field, &text))),
                    }
                }
            }
        }
        (tables, findings)
    }

    /// The prefixes of a network instance.
    pub(super) fn of_network_instance(&self, name: &str) -> &[Reachable] {
        self.by_name.get(name).map(Vec::as_slice).unwrap_or_default()
    }
}

fn malformed(field: String, text: &str) -> Finding {
    let message = format!("`{text}` is not a prefix with a length, such as 10.9.0.0/16");
    Finding::error(codes::PREFIX_MALFORMED, message).field(Field::new(field).current(text))
}
