//! What this run gave or changed: for the record, and a few words of warning.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

use ipam::{Claim, PoolRef, Status, Verdict, Warning};
use krm::{Field, Finding};

use super::failure;
use super::names::{Names, Stated};
use super::waiting;

/// How many infos of one sort are told one by one; more become counts.
const TOLD_ONE_BY_ONE: usize = 20;

/// The finding about a claim that is resolved, if there is anything to say.
pub(super) fn finding(names: Names<'_>, at: usize, verdict: &Verdict) -> Option<Finding> {
    let claim = names.claim(at)?;
    let code = verdict.code()?;
    let name = &claim.key.name;
    let finding = match verdict {
        Verdict::Allocated { status, pool } => {
            Finding::info(code, format!("{name}: {} from {}{}", status.prefix, names.server(*pool), gateway(status)))
        }
        Verdict::Mended { from, status, pool } => Finding::info(
            code,
            format!("{name}: {}{}, to agree with {}", status.prefix, mended(from, status), names.server(*pool)),
        )
        .field(changed(from, status)),
        Verdict::Rewritten { from, status, .. } => Finding::warning(
            code,
            format!(
                "{} beats the status: from {} to {}; {} is free from now on, whatever still uses it",
                Stated::by(claim).field(),
                from.prefix,
                status.prefix,
                from.prefix.addr()
            ),
        )
        .field(changed(from, status)),
        Verdict::Moved { from, status, pool, why } => Finding::warning(
            code,
            format!(
                "moved from {} to {} of {}: {}",
                from.prefix,
                status.prefix,
                names.server(*pool),
                failure::reason(names, claim, why)
            ),
        )
        .field(changed(from, status)),
        Verdict::KeptUnserved { pools_in_sight } => unserved(claim, code, *pools_in_sight)?,
        _ => return None,
    };
    Some(finding)
}

fn gateway(status: &Status) -> String {
    status.gateway.map(|gateway| format!(", gateway {gateway}")).unwrap_or_default()
}

fn mended(from: &Status, to: &Status) -> String {
    let shown = |gateway: Option<IpAddr>| gateway.map_or_else(|| "no gateway".to_owned(), |a| format!("gateway {a}"));
    let mut text = String::new();
    if from.prefix != to.prefix {
        text.push_str(&format!(" in place of {}", from.prefix));
    }
    if from.gateway != to.gateway {
        text.push_str(&format!(", {} in place of {}", shown(to.gateway), shown(from.gateway)));
    }
    text
}

fn changed(from: &Status, to: &Status) -> Field {
    if from.prefix == to.prefix {
        let shown = |gateway: Option<IpAddr>| gateway.map(|a| a.to_string()).unwrap_or_default();
        return Field::new("status.gateway").current(shown(from.gateway)).proposed(shown(to.gateway));
    }
    Field::new("status.prefix").current(from.prefix.to_string()).proposed(to.prefix.to_string())
}

fn unserved(claim: &Claim, code: &'static str, pools_in_sight: bool) -> Option<Finding> {
    let prefix = claim.status?.prefix;
    let field = Field::new("status.prefix").current(prefix.to_string());
    let instance = &claim.instance;
    Some(match pools_in_sight {
        false => Finding::info(
            code,
            format!(
                "{}: {prefix} is kept: the pool of network instance {instance} that gave it is not in sight here",
                claim.key.name
            ),
        ),
        true => Finding::warning(
            code,
            format!(
                "{prefix} lies in no pool of network instance {instance} that could have given it. It is kept and stays held: \
                 add the pool that it came from, or remove the claim's status and render again for another address"
            ),
        ),
    }
    .field(field))
}

/// The finding about something odd on a claim that is resolved all the same.
pub(super) fn warning(names: Names<'_>, warning: &Warning) -> Finding {
    let (field, message) = match warning {
        Warning::SelectorMismatch { pool, why } => {
            let prefix = names.prefix(*pool);
            let why: Vec<String> = why.iter().map(|why| waiting::mismatch(why, prefix)).collect();
            let message = format!(
                "the address is kept, but the selector does not match its pool any more: {}: {}",
                names.server_with_file(*pool),
                why.join("; ")
            );
            ("spec.selector", message)
        }
        Warning::LengthDiffers { kept, asked } => (
            "spec.prefixLength",
            format!(
                "the block {kept} is kept, though spec.prefixLength asks for a /{asked}: remove the claim's status and render \
                 again for another block"
            ),
        ),
    };
    Finding::warning(warning.code(), message).field(field)
}

/// Infos on claims, of which many become counts.
#[derive(Default)]
pub(super) struct Record {
    told: BTreeMap<&'static str, Vec<(usize, Finding)>>,
}

impl Record {
    pub(super) fn add(&mut self, at: usize, finding: Finding) {
        self.told.entry(finding.code).or_default().push((at, finding));
    }

    /// The infos one by one, or a count per pool (per network instance where no pool is in sight).
    pub(super) fn findings(self, names: Names<'_>) -> Vec<Finding> {
        let sorts = self.told.into_values();
        sorts
            .flat_map(|sort| if sort.len() > TOLD_ONE_BY_ONE { counts(names, &sort) } else { one_by_one(names, sort) })
            .collect()
    }
}

fn one_by_one(names: Names<'_>, sort: Vec<(usize, Finding)>) -> Vec<Finding> {
    sort.into_iter().map(|(at, finding)| names.about_claim(finding, at)).collect()
}

fn counts(names: Names<'_>, sort: &[(usize, Finding)]) -> Vec<Finding> {
    let mut by_pool: Vec<(Option<PoolRef>, usize)> = Vec::new();
    let mut places: HashMap<Option<PoolRef>, usize> = HashMap::new();
    for (at, _) in sort {
        let pool = names.plan.outcomes.get(*at).and_then(|outcome| outcome.verdict.pool());
        let place = *places.entry(pool).or_insert_with(|| {
            by_pool.push((pool, 0));
            by_pool.len() - 1
        });
        if let Some((_, count)) = by_pool.get_mut(place) {
            *count += 1;
        }
    }
    let Some((_, sample)) = sort.first() else { return Vec::new() };
    by_pool.into_iter().map(|(pool, count)| counted(names, sample.code, pool, count)).collect()
}

fn counted(names: Names<'_>, code: &'static str, pool: Option<PoolRef>, count: usize) -> Finding {
    let claims = if count == 1 { "1 claim".to_owned() } else { format!("{count} claims") };
    let message = match (pool, code) {
        (Some(pool), "allocated") => format!("{claims} resolved from {}", names.server_with_file(pool)),
        (Some(pool), _) => format!("{claims} mended to agree with {}", names.server_with_file(pool)),
        (None, _) => format!("{claims} kept: the pools that gave what they have are not in sight here"),
    };
    let finding = Finding::info(code, message);
    match pool.and_then(|pool| names.server_item(pool)) {
        Some(item) => names.list.about(finding, item),
        None => finding,
    }
}
