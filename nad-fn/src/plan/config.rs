//! From what is known of an attachment to its CNI configuration.

use std::collections::HashSet;
use std::net::IpAddr;

use api::{Interface, IpClaim, VlanClaim};
use cni::{Address, Attachment, Checker, Route};
use ipnet::IpNet;
use krm::{Field, Finding, Placed, Source};
use serde_json::Value;

use super::annotations::Annotations;
use super::asker::NadName;
use super::blame::blame;
use super::claims::vlan_id;
use super::prefix;
use super::tables::{Reachable, RoutingTables};
use crate::codes;

/// The plugin that needs no interface of the hosts but a bridge.
pub(super) const BRIDGE: &str = "bridge";

/// What an attachment is made of. All of it is there; whether it fits together is still open.
#[derive(Debug)]
pub(super) struct Facts<'p> {
    pub(super) interface: &'p Placed<Interface>,
    pub(super) nad: &'p NadName,
    pub(super) cni_type: &'p str,
    pub(super) annotations: &'p Annotations,
    /// The hosts' interface, or the bridge for type bridge.
    pub(super) master: Option<Master<'p>>,
    pub(super) vlan: Option<&'p Placed<VlanClaim>>,
    /// Whether the NetworkAttachmentDefinition names a device plugin resource.
    pub(super) has_resource: bool,
    /// Resolved claims, by name.
    pub(super) claims: &'p [&'p Placed<IpClaim>],
    pub(super) tables: &'p RoutingTables,
}

/// The hosts' interface that an attachment sits on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Master<'p> {
    pub(super) name: String,
    pub(super) from: MasterFrom<'p>,
}

/// Who names the [`Master`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MasterFrom<'p> {
    /// The Interface, in its annotation.
    Annotation,
    /// The cluster.
    Cluster(&'p Source),
    /// The functionConfig.
    Settings,
}

/// A valid configuration.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rendered {
    json: String,
    value: Value,
    checker: Checker,
}

/// An address and the claim that holds it.
#[derive(Debug, Clone, Copy)]
pub(super) struct HeldAddress<'p> {
    pub(super) address: Address,
    pub(super) claim: &'p Placed<IpClaim>,
}

/// A route and who asks for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlannedRoute<'p> {
    pub(super) route: Route,
    pub(super) asked_by: AskedBy<'p>,
}

/// Who asks for a route.
#[derive(Debug, Clone, Copy)]
pub(super) enum AskedBy<'p> {
    /// The Interface, in its annotation.
    Annotation,
    /// A Network; the gateway is that of the claim.
    Network(&'p Reachable, &'p Placed<IpClaim>),
}

impl Rendered {
    /// The text for `spec.config`.
    pub(super) fn json(&self) -> &str {
        &self.json
    }

    /// Whether a text says the same, whatever its key order and blanks, and keeps the rules.
    pub(super) fn says_the_same_as(&self, config: &str) -> bool {
        let same = serde_json::from_str::<Value>(config).is_ok_and(|value| value == self.value);
        same && self.checker.check_text(config).is_empty()
    }
}

/// Renders the configuration; what does not fit together is told about the objects that it comes from.
pub(super) fn render(facts: &Facts<'_>) -> Result<Rendered, Vec<Finding>> {
    let addresses = addresses(facts.claims)?;
    let routes = routes(facts, &addresses);
    let default_route = facts.annotations.routes.iter().any(|route| route.dst.prefix_len() == 0);
    let master = facts.master.as_ref().map(|master| master.name.clone());
    let (bridge, master) = if facts.cni_type == BRIDGE { (master, None) } else { (None, master) };
    let attachment = Attachment {
        cni_type: facts.cni_type.to_owned(),
        master,
        bridge,
        vlan: facts.vlan.and_then(|claim| vlan_id(&claim.object)),
        has_resource: facts.has_resource,
        mode: facts.annotations.mode.clone(),
        mtu: facts.annotations.mtu,
        addresses: addresses.iter().map(|held| held.address).collect(),
        routes: routes.iter().map(|planned| planned.route).collect(),
        default_route,
        ..Attachment::default()
    };
    match attachment.to_config() {
        Ok(config) => {
            Ok(Rendered { json: config.to_json(), value: config.to_value(), checker: Checker { default_route } })
        }
        Err(violations) => {
            Err(violations.iter().map(|violation| blame(violation, facts, &addresses, &routes)).collect())
        }
    }
}

/// The addresses of the claims, in the order in which they are rendered.
fn addresses<'p>(claims: &[&'p Placed<IpClaim>]) -> Result<Vec<HeldAddress<'p>>, Vec<Finding>> {
    let mut findings = Vec::new();
    let mut addresses = Vec::with_capacity(claims.len());
    for &claim in claims {
        let Some(status) = &claim.object.status else { continue };
        let Some(text) = status.prefix() else { continue };
        let Some(address) = prefix::parse(text) else {
            let message = format!("`{text}` is not an address with a length, such as 10.1.3.2/24");
            let field = Field::new("status.prefix").current(text);
            findings.push(claim.source.on(Finding::error(codes::PREFIX_MALFORMED, message).field(field)));
            continue;
        };
        let gateway = status.gateway().map(|text| (text, text.parse::<IpAddr>()));
        if let Some((text, Err(_))) = gateway {
            let message = format!("`{text}` is not an address, such as 10.1.3.1");
            let field = Field::new("status.gateway").current(text);
            findings.push(claim.source.on(Finding::error(codes::GATEWAY_MALFORMED, message).field(field)));
        }
        let gateway = gateway.and_then(|(_, parsed)| parsed.ok());
        addresses.push(HeldAddress { address: Address { address, gateway }, claim });
    }
    addresses.sort_by_cached_key(|held| (held.address.address.to_string(), held.address.gateway));
    addresses.dedup_by_key(|held| held.address);
    if findings.is_empty() { Ok(addresses) } else { Err(findings) }
}

/// The routes, in the order in which they are rendered: those that the Interface asks for, and those of its Networks to
/// other destinations.
fn routes<'p>(facts: &Facts<'p>, addresses: &[HeldAddress<'p>]) -> Vec<PlannedRoute<'p>> {
    let gateway_of = |dst: IpNet| {
        let held = addresses.iter().filter_map(|held| held.address.gateway);
        held.into_iter().find(|gateway| prefix::same_family(*gateway, dst.addr()))
    };
    let extra = facts.annotations.routes.iter();
    let mut routes: Vec<PlannedRoute<'p>> = extra
        .map(|extra| PlannedRoute {
            route: Route { dst: extra.dst, gw: extra.via.or_else(|| gateway_of(extra.dst)) },
            asked_by: AskedBy::Annotation,
        })
        .collect();
    let connected: HashSet<IpNet> = addresses.iter().map(|held| held.address.address.trunc()).collect();
    let mut taken: HashSet<IpNet> = routes.iter().map(|planned| planned.route.dst.trunc()).collect();
    for held in addresses {
        let Some(gateway) = held.address.gateway else { continue };
        let network_instance = held.claim.object.spec.network_instance.as_ref().and_then(|reference| reference.name());
        for reachable in facts.tables.of_network_instance(network_instance.unwrap_or_default()) {
            // The kernel refuses host bits, and a route to the connected subnet would send neighbours to the gateway.
            let dst = reachable.net.trunc();
            let wanted = prefix::same_family(dst.addr(), held.address.address.addr()) && !connected.contains(&dst);
            if wanted && taken.insert(dst) {
                let route = Route { dst, gw: Some(gateway) };
                routes.push(PlannedRoute { route, asked_by: AskedBy::Network(reachable, held.claim) });
            }
        }
    }
    routes.sort_by_cached_key(|planned| (planned.route.dst.to_string(), planned.route.gw));
    routes.dedup_by_key(|planned| planned.route);
    routes
}
