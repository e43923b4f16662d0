//! From drafts to verdicts, once every place is known: gateways, explanations, warnings.

use std::collections::HashSet;

use ipnet::IpNet;

use super::{Draft, Placement, Planner};
use crate::block::Block;
use crate::explain::Mismatch;
use crate::explaining::Explainer;
use crate::failure::{Failure, NoPlace};
use crate::input::{Claim, Family, Kind, Status};
use crate::matching;
use crate::outcome::{Outcome, Pending, PendingCause, PoolRef, Verdict, Warning};
use crate::request::{Request, Want};
use crate::world::{InstanceId, PoolId};

/// Where the tree shows pools of objects, other than aggregates.
type Sights = HashSet<(InstanceId, Family)>;

impl<'a> Planner<'a> {
    /// One outcome for each claim of the input, in its order.
    pub(super) fn finish(mut self, claims: &[Claim], requests: &[Request<'a>]) -> Vec<Outcome> {
        let sights: Sights = self
            .world
            .pools()
            .map(|supply| &supply.id)
            .filter(|id| id.kind != Kind::Aggregate && matches!(id.reference, PoolRef::Pool(_)))
            .map(|id| (id.instance, id.family))
            .collect();
        let mut by_claim: Vec<Option<&Request<'a>>> = claims.iter().map(|_| None).collect();
        for request in requests {
            if let Some(slot) = by_claim.get_mut(request.index) {
                *slot = Some(request);
            }
        }
        let drafts = std::mem::take(&mut self.drafts);
        let mut explainer = Explainer::new(self.world, self.catalog);
        drafts
            .into_iter()
            .zip(by_claim)
            .map(|(draft, request)| match (draft, request) {
                (Draft::Deleting, Some(request)) => {
                    let warnings = self.shared.remove(&request.index).unwrap_or_default();
                    Outcome { verdict: Verdict::Deleting, warnings }
                }
                (draft, Some(request)) => {
                    let evicted = self.evicted.remove(&request.index);
                    outcome(draft, request, evicted, &sights, &mut explainer)
                }
                // Only claims whose fields contradict each other have no request.
                (Draft::Failed(failure), None) => Verdict::Failed(*failure).into(),
                (_, None) => Verdict::Deleting.into(),
            })
            .collect()
    }
}

impl From<Verdict> for Outcome {
    fn from(verdict: Verdict) -> Self {
        Self { verdict, warnings: Vec::new() }
    }
}

fn outcome<'a>(
    draft: Draft,
    request: &Request<'a>,
    evicted: Option<Failure>,
    sights: &Sights,
    explainer: &mut Explainer<'a>,
) -> Outcome {
    let verdict = match draft {
        Draft::Placed(placement) => return placed(placement, request, evicted, explainer),
        Draft::Unserved => {
            let stated = request.claim.status.map(|status| status.prefix);
            let in_sight = |prefix| sights.contains(&(request.instance, Family::of(&prefix)));
            Verdict::KeptUnserved { pools_in_sight: stated.is_some_and(in_sight) }
        }
        Draft::Got { pool, let_go } => return got(pool, let_go, request, explainer),
        Draft::Deleting => Verdict::Deleting,
        Draft::StaticUnserved => {
            Verdict::Pending(Pending { cause: PendingCause::StaticUnserved, explanation: explainer.of_static(request) })
        }
        Draft::Failed(failure) => Verdict::Failed(*failure),
        Draft::Open | Draft::Unmet => explainer.unmet(request),
    };
    match evicted {
        Some(why) => cannot_move(verdict, why),
        None => verdict,
    }
    .into()
}

/// A claim that was to move and found no place.
fn cannot_move(verdict: Verdict, why: Failure) -> Verdict {
    let because = match verdict {
        Verdict::Pending(pending) => NoPlace::NoPool(pending.explanation),
        Verdict::Failed(failure) => NoPlace::Failed(Box::new(failure)),
        settled => return settled,
    };
    Verdict::Failed(Failure::CannotMove { why: Box::new(why), because })
}

fn placed<'a>(
    placement: Placement,
    request: &Request<'a>,
    evicted: Option<Failure>,
    explainer: &Explainer<'a>,
) -> Outcome {
    let claim = request.claim;
    let serving = serving(placement, request, explainer);
    let supply = &explainer.world[serving];
    let pool = supply.id.reference;
    let has_gateway =
        claim.kind == Kind::Network && supply.id.kind == Kind::Network && !claim.is_block() && !request.is_gateway;
    let status = Status { prefix: placement.prefix, gateway: supply.gateway().filter(|_| has_gateway) };
    let verdict = match (claim.status, evicted) {
        (None, _) => Verdict::Allocated { status, pool },
        (Some(from), Some(why)) => Verdict::Moved { from, status, pool, why: Box::new(why) },
        (Some(from), None) if placement.as_written || from == status => Verdict::Kept { pool },
        (Some(from), None) if !claim.is_block() && from.prefix.addr() == status.prefix.addr() => {
            Verdict::Mended { from, status, pool }
        }
        (Some(from), None) => Verdict::Rewritten { from, status, pool },
    };
    let stands = matches!(verdict, Verdict::Kept { .. } | Verdict::Mended { .. });
    let is_static = matches!(request.want, Want::StaticAddress(_) | Want::StaticBlock(_));
    // spec.prefix says where; without a selector there is nothing to hold against it.
    let has_selector = claim.selector.conditions().next().is_some();
    let is_judged = if is_static { has_selector } else { stands || request.is_indexed() };
    let misfit = if is_judged { misfit(request, serving, explainer) } else { None };
    let warnings = length_differs(request).filter(|_| stands).into_iter().chain(misfit).collect();
    Outcome { verdict, warnings }
}

/// The pool that serves a placed claim. An indexed block may have come between a kept one and the pool around it.
fn serving<'a>(placement: Placement, request: &Request<'a>, explainer: &Explainer<'a>) -> PoolId {
    let place = (request.instance, Family::of(&placement.prefix));
    let around = || explainer.world.serving_block(place, Block::of(&placement.prefix));
    request.claim.is_block().then(around).flatten().unwrap_or(placement.pool)
}

/// A kept block of another length than is asked for.
fn length_differs(request: &Request<'_>) -> Option<Warning> {
    let Want::Block(asked) = request.want else { return None };
    let kept = request.claim.status?.prefix;
    (kept.prefix_len() != asked).then_some(Warning::LengthDiffers { kept, asked })
}

/// In what the claim's selector and family do not match the pool that serves it.
fn misfit<'a>(request: &Request<'a>, pool: PoolId, explainer: &Explainer<'a>) -> Option<Warning> {
    let id = &explainer.world[pool].id;
    let selector = &request.claim.selector;
    let strict = explainer.world.settings.strict_selectors;
    let mut why = Vec::new();
    if let Some(asked) = request.family.filter(|&family| family != id.family) {
        why.push(Mismatch::Family { asked, found: id.family });
    }
    if matching::matches(selector, &id.labels, strict).is_none() {
        why.extend(matching::mismatches(selector, &id.labels, strict));
    }
    (!why.is_empty()).then_some(Warning::SelectorMismatch { pool: id.reference, why })
}

fn got<'a>(pool: PoolId, let_go: Option<IpNet>, request: &Request<'a>, explainer: &Explainer<'a>) -> Outcome {
    let supply = &explainer.world[pool];
    let is_network = request.claim.kind == Kind::Network && supply.id.kind == Kind::Network;
    let answer = supply.id.block.net(supply.id.family);
    let gateway = supply.gateway().filter(|_| is_network);
    let warnings = let_go.map(|from| Warning::LetGo { from, answer }).into_iter().collect();
    let verdict = Verdict::Got { status: Status { prefix: answer, gateway }, pool: supply.id.reference };
    Outcome { verdict, warnings }
}
