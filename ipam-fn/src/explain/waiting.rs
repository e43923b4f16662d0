//! Why a claim waits: no pool of its network instance serves it, and why not, pool by pool.

use ipam::{Claim, Explanation, Kind, Mismatch, Operator, Pending, PendingCause, PoolMiss, Suggestion};
use ipnet::IpNet;
use krm::Finding;

use super::Told;
use super::names::{Names, Stated, asked};

/// How many pools that do not hold a static address are named.
const NAMED: usize = 5;

/// The finding of the claim at `at`, whose reasons are told there.
pub(super) fn finding(names: Names<'_>, at: usize, pending: &Pending, told: Told) -> Option<Finding> {
    let claim = names.claim(at)?;
    let headline = headline(claim, pending);
    let message = match (told, claim.prefix) {
        (Told::Nowhere, _) => {
            format!("{headline}: settle other claims first, the reasons are told of so many only")
        }
        (_, Some(prefix)) => format!("{headline}{}{}", holders(names, prefix, &pending.explanation), hint(pending)),
        (Told::By(first), _) => {
            format!("{headline}: for the same reasons as {}, see there", names.claim_with_file(first))
        }
        (Told::Here, _) => format!("{headline}{}{}", explanation(names, &pending.explanation), hint(pending)),
    };
    let field = match pending.cause {
        PendingCause::NoPool => "spec.networkInstance",
        PendingCause::NoMatch => "spec.selector",
        PendingCause::StaticUnserved => Stated::by(claim).field(),
    };
    Some(Finding::warning(pending.cause.code(), message).field(field))
}

fn headline(claim: &Claim, pending: &Pending) -> String {
    let instance = &pending.explanation.instance;
    let asked = asked(claim);
    match pending.cause {
        PendingCause::NoPool => {
            format!("network instance {instance} has no pool in this package tree, so that the claim for {asked} waits")
        }
        PendingCause::NoMatch => format!("no pool of network instance {instance} serves the claim for {asked}"),
        PendingCause::StaticUnserved => {
            format!("{asked} lies in no pool of network instance {instance} that could give it")
        }
    }
}

fn hint(pending: &Pending) -> &'static str {
    match pending.cause {
        PendingCause::NoPool => {
            "\nAdd an IPPrefix that names this network instance, or render the package that holds the pools; until then the \
             claim waits"
        }
        PendingCause::NoMatch => {
            "\nChange the claim's selector or a pool's labels, or add a pool; until then the claim waits"
        }
        PendingCause::StaticUnserved => {
            "\nAdd the pool, or render the package that holds it; until then the claim waits"
        }
    }
}

/// The pools that hold a static address or block, with the reasons why they do not serve it; a few of the others.
fn holders(names: Names<'_>, prefix: IpNet, explanation: &Explanation) -> String {
    let (holders, others): (Vec<&PoolMiss>, Vec<&PoolMiss>) =
        explanation.pools.iter().partition(|miss| miss.prefix.contains(&prefix));
    let mut text = if explanation.pools.is_empty() { String::new() } else { ":".to_owned() };
    for miss in holders {
        text.push_str(&format!("\n- {}", pool_miss(names, miss)));
    }
    for miss in others.iter().take(NAMED) {
        text.push_str(&format!("\n- {}: does not hold it", names.server_with_file(miss.pool)));
    }
    match others.len().saturating_sub(NAMED).saturating_add(explanation.omitted) {
        0 => {}
        1 => text.push_str("\n- and 1 more pool that does not hold it"),
        count => text.push_str(&format!("\n- and {count} more pools that do not hold it")),
    }
    for suggestion in &explanation.suggestions {
        text.push_str(&format!("\n{}", suggested(names, suggestion)));
    }
    text
}

/// The pools with their reasons, a line each, and what was probably meant.
pub(super) fn explanation(names: Names<'_>, explanation: &Explanation) -> String {
    let mut text = String::new();
    if !explanation.pools.is_empty() {
        text.push(':');
    }
    for miss in &explanation.pools {
        text.push_str(&format!("\n- {}", pool_miss(names, miss)));
    }
    if explanation.omitted > 0 {
        text.push_str(&format!("\n- and {} more pools, none nearer than these", explanation.omitted));
    }
    for suggestion in &explanation.suggestions {
        text.push_str(&format!("\n{}", suggested(names, suggestion)));
    }
    text
}

fn pool_miss(names: Names<'_>, miss: &PoolMiss) -> String {
    // A label of a block that does not match says more than that none does.
    let is_label = |why: &Mismatch| matches!(why, Mismatch::Label { .. });
    let unsaid = |why: &&Mismatch| **why == Mismatch::BlockNotNamed && miss.why.iter().any(is_label);
    let said = miss.why.iter().filter(|why| !unsaid(why));
    let why: Vec<String> = said.map(|why| mismatch(why, Some(miss.prefix))).collect();
    format!("{}: {}", names.server_with_file(miss.pool), why.join("; "))
}

/// Why a pool does not serve, with the pool as the subject.
pub(super) fn mismatch(why: &Mismatch, pool: Option<IpNet>) -> String {
    match why {
        Mismatch::Family { asked, found } => format!("is {found}, the claim asks for {asked}"),
        Mismatch::Kind { asked, found } => format!("is of kind {found}, the claim needs {}", kinds(asked)),
        Mismatch::Label { key, operator, asked, found } => label(key, *operator, asked, found),
        Mismatch::Unasked { key, found } => {
            format!("serves only claims that ask for {key} {}, and the selector does not name that key", either(found))
        }
        Mismatch::BlockNotNamed => {
            "serves only claims whose selector names one of its labels with their value".to_owned()
        }
        Mismatch::Deleting => "its claim is annotated for deletion".to_owned(),
        Mismatch::TooLong { asked, found } => {
            format!("is a /{found}, in which no /{asked} fits: a block is longer than its pool")
        }
        Mismatch::Outside => match pool {
            Some(prefix) => format!("{} does not hold it", prefix.trunc()),
            None => "does not hold it".to_owned(),
        },
    }
}

pub(super) fn label(key: &str, operator: Operator, asked: &[String], found: &[String]) -> String {
    let asked = either(asked);
    match (operator, found) {
        (Operator::In, []) => format!("has no label {key}, the claim asks for {asked}"),
        (Operator::In, found) => format!("label {key} is {}, the claim asks for {asked}", both(found)),
        (Operator::NotIn, found) => format!("label {key} is {}, which the selector excludes", both(found)),
        (Operator::Exists, _) => format!("has no label {key}, which the selector demands"),
        (Operator::DoesNotExist, found) => {
            format!("has the label {key} ({}), which the selector forbids", both(found))
        }
    }
}

fn suggested(names: Names<'_>, suggestion: &Suggestion) -> String {
    match suggestion {
        Suggestion::Instance { asked, found } if asked.name == found.name => format!(
            "Network instance {found} has pools: set spec.networkInstance.namespace: {} if that is the one (without a \
             namespace it means default)",
            found.namespace
        ),
        Suggestion::Instance { asked, found } => {
            format!("Did you mean network instance {found} in place of {asked}? It has pools")
        }
        Suggestion::LabelValue { key, asked, found, pool } => format!(
            "Did you mean {key}: {found} in place of {asked}? {} carries it",
            capitalised(&names.server_with_file(*pool))
        ),
        Suggestion::LabelKey { asked, found, pool } => format!(
            "Did you mean the label {found} in place of {asked}? {} carries it",
            capitalised(&names.server_with_file(*pool))
        ),
    }
}

fn kinds(kinds: &[Kind]) -> String {
    kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(" or ")
}

fn either(values: &[String]) -> String {
    values.join(" or ")
}

fn both(values: &[String]) -> String {
    values.join(" and ")
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
