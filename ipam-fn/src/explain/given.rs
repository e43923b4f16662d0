//! What this run gave or changed: for the record, and a few words of warning.

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipam::{Claim, Key, PoolRef, Status, Verdict, Warning};
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
pub(super) fn warning(names: Names<'_>, at: usize, warning: &Warning) -> Option<Finding> {
    let (field, message) = match warning {
        Warning::SelectorMismatch { pool, why } => {
            let prefix = names.prefix(*pool);
            let why: Vec<String> = why.iter().map(|why| waiting::mismatch(why, prefix)).collect();
            let message = format!("{}: {}: {}", misfit(names, at)?, names.server_with_file(*pool), why.join("; "));
            ("spec.selector", message)
        }
        Warning::LengthDiffers { kept, asked } => (
            "spec.prefixLength",
            format!(
                "the block {kept} is kept, though spec.prefixLength asks for a /{asked}: remove the claim's status and render \
                 again for another block"
            ),
        ),
        Warning::HeldTwice { role, why } => {
            let claim = names.claim(at)?;
            let stated = Stated::in_role(*role);
            let message = format!(
                "{}. That is no error, since the claim is about to go (annotation specializer.nephio.org/delete); but until \
                 it is gone both may be in use: delete this object as soon as nothing uses what it states",
                failure::reason_of(names, claim, stated, why)
            );
            (stated.field(), message)
        }
        Warning::LetGo { from, answer } => (
            "status.prefix",
            format!(
                "the claim has the annotation nephio.org/action: get, which takes nothing: from {from} to {answer}; {} is free \
                 from the next render on, whatever still uses it",
                from.addr()
            ),
        ),
    };
    Some(Finding::warning(warning.code(), message).field(field))
}

/// How the selector came not to match the pool: it is older than a status that stays, or was never asked.
fn misfit(names: Names<'_>, at: usize) -> Option<String> {
    let claim = names.claim(at)?;
    let (what, one) = if claim.create_prefix { ("block", "a block") } else { ("address", "an address") };
    Some(match names.plan.outcomes.get(at)?.verdict {
        Verdict::Kept { .. } | Verdict::Mended { .. } => {
            format!("the {what} is kept, but the selector does not match its pool any more")
        }
        _ => format!("{} names {one} in a pool that the selector does not match", Stated::by(claim).field()),
    })
}

/// Infos on claims, of which many become counts.
#[derive(Default)]
pub(super) struct Record {
    claims: BTreeMap<&'static str, Vec<usize>>,
}

impl Record {
    pub(super) fn add(&mut self, at: usize, verdict: &Verdict) {
        if let Some(code) = verdict.code() {
            self.claims.entry(code).or_default().push(at);
        }
    }

    /// The infos one by one, or a count per pool.
    pub(super) fn findings(self, names: Names<'_>) -> Vec<Finding> {
        let sorts = self.claims.into_iter();
        sorts
            .flat_map(|(code, claims)| match claims.len() > TOLD_ONE_BY_ONE {
                true => counts(names, code, &claims),
                false => one_by_one(names, &claims),
            })
            .collect()
    }
}

fn one_by_one(names: Names<'_>, claims: &[usize]) -> Vec<Finding> {
    let told = |at: &usize| {
        let outcome = names.plan.outcomes.get(*at)?;
        Some(names.about_claim(finding(names, *at, &outcome.verdict)?, *at))
    };
    claims.iter().filter_map(told).collect()
}

fn counts(names: Names<'_>, code: &'static str, claims: &[usize]) -> Vec<Finding> {
    let mut by_pool: BTreeMap<(Option<&Key>, Option<PoolRef>), usize> = BTreeMap::new();
    for at in claims {
        let pool = names.plan.outcomes.get(*at).and_then(|outcome| outcome.verdict.pool());
        let count = by_pool.entry((pool.and_then(|pool| names.key(pool)), pool)).or_default();
        *count = count.saturating_add(1);
    }
    by_pool.into_iter().map(|((_, pool), count)| counted(names, code, pool, count)).collect()
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
