//! What has to become of a package's NetworkAttachmentDefinitions and their conditions.
//!
//! Pure: no YAML, no files. An object is known by a number that its caller chose.
//!
//! | module | question |
//! |---|---|
//! | [`asker`] | which Interfaces are there, and what are their NetworkAttachmentDefinitions called? |
//! | [`annotations`] | what does an Interface say about its attachment itself? |
//! | [`claims`] | which claims answer which Interface? |
//! | [`cluster`] | which cluster is the package for? |
//! | [`tables`] | which prefixes are reachable through a network instance? |
//! | [`mod@decide`] | can an attachment be written, or what does it wait for? |
//! | [`config`] | which CNI configuration is that? |
//! | [`blame`] | which object is at fault where that would not work? |
//! | [`board`] | what do the conditions say then? |

mod annotations;
mod asker;
mod blame;
mod board;
mod claims;
mod cluster;
mod config;
mod decide;
mod prefix;
mod tables;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use api::conditions::{CLUSTER_MISSING, INTERFACE_EXPECTED};
use api::{Gvkn, Interface, IpClaim, VlanClaim, annotations as keys, kinds};
use cni::ConfigView;
use krm::kptfile::{Conditions, Status};
use krm::{Finding, Placed, Source};

use crate::codes;
use asker::{Asker, askers};
use board::{Board, Word};
use claims::{Children, Claims};
use config::Rendered;
use decide::{Outcome, Present, Waiting, decide};

pub(crate) use asker::NadName;
pub(crate) use cluster::Cluster;
pub(crate) use tables::RoutingTables;

/// A NetworkAttachmentDefinition of any author.
#[derive(Debug, Clone)]
pub(crate) struct Nad {
    /// The caller's number for the item.
    pub(crate) item: usize,
    pub(crate) source: Source,
    pub(crate) name: NadName,
    /// The annotation that names its owner.
    pub(crate) owner: Option<String>,
    /// The annotation that names its device plugin resource.
    pub(crate) resource_name: Option<String>,
    /// Whether it is marked as to be deleted.
    pub(crate) marked: bool,
    /// The text of its configuration.
    pub(crate) config: String,
}

/// One package: a directory with a Kptfile.
#[derive(Debug, Clone, Default)]
pub(crate) struct Package {
    pub(crate) interfaces: Vec<Placed<Interface>>,
    pub(crate) ip_claims: Vec<Placed<IpClaim>>,
    pub(crate) vlan_claims: Vec<Placed<VlanClaim>>,
    pub(crate) nads: Vec<Nad>,
    /// Of the package itself, else of the nearest one around it that has any.
    pub(crate) cluster: Cluster,
    /// Of the same.
    pub(crate) tables: Arc<RoutingTables>,
}

/// What the functionConfig says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settings {
    /// The hosts' interface where neither the Interface nor the cluster names one.
    pub(crate) master: Option<String>,
}

/// What has to become of a package, beside its conditions.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// NetworkAttachmentDefinitions that are wanted, by the namespace and name of their Interfaces. Those that are as
    /// they should be are among them.
    pub(crate) attachments: Vec<Attachment>,
    /// Items to take out.
    pub(crate) removed: Vec<usize>,
    /// Pairs of items that are one and the same NetworkAttachmentDefinition, which an Interface asks for.
    pub(crate) doubled: Vec<(usize, usize)>,
    /// What users should know. With an error among them the rest is void.
    pub(crate) findings: Vec<Finding>,
}

/// A NetworkAttachmentDefinition that an Interface asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attachment {
    pub(crate) name: NadName,
    /// The item of the Interface.
    pub(crate) interface: usize,
    /// The item that is there already.
    pub(crate) existing: Option<usize>,
    /// The value of its owner annotation.
    pub(crate) owner: String,
    /// The value of its annotation for the device plugin's resource, where the Interface states one.
    pub(crate) resource_name: Option<String>,
    /// The text of its configuration.
    pub(crate) config: String,
    /// Whether anything of the existing item differs.
    pub(crate) changed: bool,
}

/// Works out what has to become of a package. `conditions` are those of its Kptfile, `kptfile` is where they stand.
pub(crate) fn plan(package: &Package, settings: &Settings, kptfile: &Source, conditions: &mut Conditions) -> Plan {
    let askers = match askers(package) {
        Ok(askers) => askers,
        Err(findings) => return Plan { findings, ..Plan::default() },
    };
    let mut namesakes: HashMap<&str, usize> = HashMap::new();
    for asker in &askers {
        *namesakes.entry(asker.name()).or_insert(0) += 1;
    }
    let claims = Claims::of(package, conditions);
    let mut board = Board::of(&askers, conditions);
    let mut planner = Planner::of(package);
    for (at, asker) in askers.iter().enumerate() {
        planner.note_doubled(asker);
        let children = claims.children(asker, namesakes.get(asker.name()).copied().unwrap_or(1));
        let present = Present { condition: board.has(at), nad: planner.existing(&asker.nad) };
        let word = match decide(asker, &children, present, package, settings) {
            Err(findings) => {
                planner.plan.findings.extend(findings);
                continue;
            }
            Ok(Outcome::Written(rendered, warnings)) => {
                planner.write(asker, &rendered);
                planner.plan.findings.extend(warnings);
                Word::Done
            }
            Ok(Outcome::Unasked) if planner.drop_stale(asker, &children) => Word::Removed,
            Ok(Outcome::Unasked) => Word::Silent,
            Ok(Outcome::Waiting(Waiting { message, finding })) => {
                match finding {
                    Some(finding) => planner.plan.findings.push(finding),
                    None => planner.waiting_for_cluster.push(at),
                }
                // Trouble with the cluster is told to attachments that are there.
                match (planner.drop_stale(asker, &children), message) {
                    (true, _) if package.cluster.fault().is_some() => Word::Removed,
                    (true, None) => Word::Removed,
                    (false, None) => Word::Silent,
                    (_, Some(message)) => Word::Failed(message),
                }
            }
        };
        board.say(at, asker, word);
    }
    let waiting: Vec<&Asker<'_>> = planner.waiting_for_cluster.iter().filter_map(|at| askers.get(*at)).collect();
    planner.plan.findings.extend(cluster::finding(&package.cluster, &waiting));
    let named: HashSet<&str> = package.nads.iter().map(|nad| nad.name.name.as_str()).collect();
    for orphan in board.orphans() {
        let is_present = named.contains(orphan.nad.as_str());
        let message = expected_interface(&package.cluster, is_present, claims.holds_back(&orphan.interface));
        if let Some(message) = message {
            conditions.set_keeping_reason(&orphan.gvkn, Status::False, Some(&message));
            let no_cluster = matches!(package.cluster, Cluster::Missing);
            planner.plan.findings.push(kptfile.on(orphan.finding(no_cluster)));
        }
    }
    board.settle(&askers, conditions);
    planner.plan
}

/// The plan while the Interfaces are worked through.
struct Planner<'p> {
    /// By name: one of each, if all is well.
    nads: HashMap<&'p NadName, Vec<&'p Nad>>,
    waiting_for_cluster: Vec<usize>,
    plan: Plan,
}

impl<'p> Planner<'p> {
    fn of(package: &'p Package) -> Self {
        let mut nads: HashMap<&NadName, Vec<&Nad>> = HashMap::with_capacity(package.nads.len());
        for nad in &package.nads {
            nads.entry(&nad.name).or_default().push(nad);
        }
        Self { nads, waiting_for_cluster: Vec::new(), plan: Plan::default() }
    }

    /// Of an attachment that stands twice one copy would go on stating an address after it has gone from the other.
    fn note_doubled(&mut self, asker: &Asker<'_>) {
        if let Some([first, others @ ..]) = self.nads.get(&asker.nad).map(Vec::as_slice) {
            self.plan.doubled.extend(others.iter().map(|other| (first.item, other.item)));
        }
    }

    fn existing(&self, name: &NadName) -> Option<&'p Nad> {
        self.nads.get(name)?.first().copied()
    }

    fn write(&mut self, asker: &Asker<'_>, rendered: &Rendered) {
        let existing = self.existing(&asker.nad);
        let owner = asker.gvkn();
        let resource_name = asker.metadata().annotation(keys::RESOURCE_NAME).map(str::to_owned);
        let kept = existing.filter(|nad| rendered.says_the_same_as(&nad.config));
        let same = kept.filter(|nad| {
            let same_resource = resource_name.is_none() || nad.resource_name == resource_name;
            nad.owner.as_ref() == Some(&owner) && same_resource && !nad.marked
        });
        self.plan.attachments.push(Attachment {
            name: asker.nad.clone(),
            interface: asker.interface.item,
            existing: existing.map(|nad| nad.item),
            owner,
            resource_name,
            config: kept.map_or_else(|| rendered.json().to_owned(), |nad| nad.config.clone()),
            changed: same.is_none(),
        });
    }

    /// Removes the NetworkAttachmentDefinition of an Interface if it states an address that none of the Interface's
    /// claims holds any more: another attachment may be given that address, and two pods would have it. Answers whether
    /// it did.
    fn drop_stale(&mut self, asker: &Asker<'_>, children: &Children<'_>) -> bool {
        let existing = self.existing(&asker.nad).filter(|nad| nad.owner == Some(asker.gvkn()));
        let stale = existing.and_then(|nad| {
            let stated = ConfigView::parse(&nad.config).ok()?.addresses();
            let mut addresses = stated.into_iter().filter_map(|stated| stated.address);
            Some((nad, addresses.find(|net| !children.hold(net.addr()))?))
        });
        let Some((nad, address)) = stale else { return false };
        let message = format!(
            "removed: it states {address}, which no claim of {} holds any more, so that another attachment may be given \
             it; it is written again once the claims are resolved",
            asker.interface.source
        );
        self.plan.findings.push(nad.source.on(Finding::warning(codes::NAD_REMOVED, message)));
        self.plan.removed.push(nad.item);
        true
    }
}

/// What a condition says that waits for an Interface which is not in the package: `None` leaves it as it is.
fn expected_interface(cluster: &Cluster, is_present: bool, held_back: bool) -> Option<String> {
    match (cluster.fault(), cluster) {
        (Some(fault), _) => is_present.then_some(fault),
        (None, _) if held_back => None,
        (None, Cluster::Missing) => Some(CLUSTER_MISSING.to_owned()),
        (None, _) => Some(INTERFACE_EXPECTED.to_owned()),
    }
}

/// The name of the Interface that an owner annotation or a condition's reason names, if it names one.
fn interface_in(text: &str) -> Option<String> {
    text.parse::<Gvkn>().ok().filter(|gvkn| gvkn.is(kinds::INTERFACE)).map(|gvkn| gvkn.name)
}

#[cfg(test)]
mod tests;
