//! Whose fault it is that a configuration would not work: from a place in the JSON to the object and field that the
//! value there comes from.

use api::{annotations, kinds};
use cni::{Rule, Violation};
use krm::{Field, Finding, Source};

use super::annotations::field;
use super::config::{AskedBy, BRIDGE, Facts, HeldAddress, MasterFrom, PlannedRoute};

/// A violation as a finding about the object that it comes from. Addresses and routes are those that were rendered, in
/// their order.
pub(super) fn blame(
    violation: &Violation,
    facts: &Facts<'_>,
    addresses: &[HeldAddress<'_>],
    routes: &[PlannedRoute<'_>],
) -> Finding {
    let (source, field) = origin(violation, facts, addresses, routes);
    let message = format!("{} {} would not work: {violation}", kinds::NAD.kind, facts.nad.shown());
    let finding = Finding::error(violation.code(), message);
    match source {
        Some(source) => source.on(finding).field(Field::new(field)),
        None => facts.interface.source.on(finding),
    }
}

/// The object and its field; no object for a value of the functionConfig.
fn origin<'f>(
    violation: &Violation,
    facts: &'f Facts<'_>,
    addresses: &'f [HeldAddress<'_>],
    routes: &'f [PlannedRoute<'_>],
) -> (Option<&'f Source>, String) {
    let interface = &facts.interface.source;
    let path = violation.path.strip_prefix("plugins[0].").unwrap_or(&violation.path);
    if let Some((number, key)) = entry(path, "ipam.addresses[")
        && let Some(held) = addresses.get(number)
    {
        let field = if key == "gateway" { "status.gateway" } else { "status.prefix" };
        return (Some(&held.claim.source), field.to_owned());
    }
    if let Some((number, key)) = entry(path, "ipam.routes[")
        && let Some(planned) = routes.get(number)
    {
        return match planned.asked_by {
            AskedBy::Network(_, claim) if key == "gw" => (Some(&claim.source), "status.gateway".to_owned()),
            AskedBy::Network(reachable, _) => (Some(&reachable.network), reachable.field.clone()),
            AskedBy::Annotation => (Some(interface), field(annotations::ROUTES)),
        };
    }
    // The VLAN is part of the master's name for some plugins, and a key of its own for others.
    let of_vlan = matches!(violation.rule, Rule::VlanOutOfRange | Rule::VlanMissing);
    match (path, &facts.master, facts.vlan) {
        (_, _, Some(claim)) if of_vlan => (Some(&claim.source), "status.vlanID".to_owned()),
        (_, _, None) if of_vlan => (Some(interface), "spec.attachmentType".to_owned()),
        ("master" | "device" | BRIDGE, Some(master), _) => match master.from {
            MasterFrom::Annotation => (Some(interface), field(annotations::MASTER)),
            MasterFrom::Cluster(source) => (Some(source), "spec.masterInterface".to_owned()),
            MasterFrom::Settings => (None, String::new()),
        },
        ("mode", ..) => (Some(interface), field(annotations::MODE)),
        ("mtu", ..) => (Some(interface), field(annotations::MTU)),
        ("ipam.addresses", ..) => (Some(interface), field(annotations::ROUTES)),
        _ => (Some(interface), "spec.cniType".to_owned()),
    }
}

/// The number and key of `<list>3].key`.
fn entry<'p>(path: &'p str, list: &str) -> Option<(usize, &'p str)> {
    let (number, rest) = path.strip_prefix(list)?.split_once(']')?;
    Some((number.parse().ok()?, rest.trim_start_matches('.')))
}
