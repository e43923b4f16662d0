//! Builds the explanations of claims that no pool serves.
//!
//! Claims that ask the same share one explanation, so that a package of ten thousand unserved claims stays readable
//! and cheap.

use std::collections::HashMap;
use std::sync::Arc;

use crate::ask::Ask;
use crate::catalog::Catalog;
use crate::explain::{Explanation, Mismatch, PoolMiss, Suggestion, Usage};
use crate::failure::{Exhausted, Failure};
use crate::input::{Family, Instance, Settings};
use crate::matching;
use crate::near::is_near;
use crate::outcome::{Pending, PendingCause, PoolRef, Verdict};
use crate::request::{Request, Want};
use crate::selector::{Operator, Selector};
use crate::supply::Identity;
use crate::world::{InstanceId, PoolId, World};

/// How many pools, or network instances, are looked at for one explanation.
const EXAMINED: usize = 500;
/// How many pools are listed.
const LISTED: usize = 20;
/// How many reasons are given why one pool does not serve.
const REASONS: usize = 10;
/// How many names are suggested.
const SUGGESTED: usize = 3;
/// How many different asks are explained: each explanation takes some kilobytes, and nobody reads more.
const EXPLAINED: usize = 1_000;
/// How many lines of pools that are full are made, in all.
const USAGES: usize = 200_000;

/// The selector of static claims: where they lie decides, not what they select.
static ANYTHING: Selector = Selector { match_labels: std::collections::BTreeMap::new(), match_expressions: Vec::new() };

/// Explains unserved claims.
#[derive(Debug)]
pub(crate) struct Explainer<'a> {
    pub(crate) world: World<'a>,
    catalog: Catalog<'a>,
    /// Network instances that have pools, sorted.
    populated: Vec<&'a Instance>,
    names: HashMap<InstanceId, &'a Instance>,
    explanations: HashMap<(Ask<'a>, bool), Arc<Explanation>>,
    /// What is said of an instance's pools once enough is explained.
    brief: HashMap<InstanceId, Arc<Explanation>>,
    usages: HashMap<Ask<'a>, Arc<Vec<Usage>>>,
    usages_made: usize,
}

impl<'a> Explainer<'a> {
    pub(crate) fn new(world: World<'a>, catalog: Catalog<'a>) -> Self {
        let names: HashMap<InstanceId, &'a Instance> = world.instances().map(|(name, id)| (id, name)).collect();
        let mut populated: Vec<&'a Instance> =
            names.iter().filter(|(id, _)| !catalog.of_instance(**id).is_empty()).map(|(_, name)| *name).collect();
        populated.sort();
        Self {
            world,
            catalog,
            populated,
            names,
            explanations: HashMap::new(),
            brief: HashMap::new(),
            usages: HashMap::new(),
            usages_made: 0,
        }
    }

    /// What to say of a dynamic, indexed or get claim that found no place.
    pub(crate) fn unmet(&mut self, request: &Request<'a>) -> Verdict {
        let ask = Ask::of(request);
        let list = self.catalog.list(ask, &self.world);
        if list.pools().next().is_some() {
            let made = &mut self.usages_made;
            let pools = self.usages.entry(ask).or_insert_with(|| {
                if *made >= USAGES {
                    return Arc::default();
                }
                let usages: Vec<Usage> = list.pools().map(|pool| self.world[pool].usage()).collect();
                *made = made.saturating_add(usages.len());
                Arc::new(usages)
            });
            return Verdict::Failed(Failure::Exhausted(Exhausted { length: ask.length, pools: Arc::clone(pools) }));
        }
        if let (Some(asked), Some(_)) = (ask.length, list.too_long().next()) {
            let pools: Vec<PoolRef> = list.too_long().take(LISTED).map(|pool| self.world[pool].id.reference).collect();
            let omitted = list.too_long().count().saturating_sub(pools.len());
            return Verdict::Failed(Failure::LengthTooShort { asked, pools, omitted });
        }
        let cause = if self.catalog.of_instance(ask.instance).is_empty() {
            PendingCause::NoPool
        } else {
            PendingCause::NoMatch
        };
        Verdict::Pending(Pending { cause, explanation: self.explain(ask, false) })
    }

    /// Why no pool serves a static claim.
    pub(crate) fn of_static(&mut self, request: &Request<'a>) -> Arc<Explanation> {
        let family = match request.want {
            Want::StaticAddress(prefix) | Want::StaticBlock(prefix) => Some(Family::of(&prefix)),
            _ => request.family,
        };
        let ask = Ask { family, selector: &ANYTHING, ..Ask::of(request) };
        self.explain(ask, true)
    }

    fn explain(&mut self, ask: Ask<'a>, is_static: bool) -> Arc<Explanation> {
        if let Some(known) = self.explanations.get(&(ask, is_static)) {
            return Arc::clone(known);
        }
        if self.explanations.len() >= EXPLAINED {
            let brief = self.brief(ask.instance);
            return Arc::clone(self.brief.entry(ask.instance).or_insert(brief));
        }
        let explanation = Arc::new(self.make(&ask, is_static));
        self.explanations.insert((ask, is_static), Arc::clone(&explanation));
        explanation
    }

    /// How many pools there are, and nothing about them.
    fn brief(&self, instance: InstanceId) -> Arc<Explanation> {
        let omitted = self.catalog.of_instance(instance).len();
        Arc::new(Explanation { instance: self.name(instance), pools: Vec::new(), omitted, suggestions: Vec::new() })
    }

    fn name(&self, instance: InstanceId) -> Instance {
        self.names.get(&instance).map_or_else(|| Instance::new("", ""), |name| (*name).clone())
    }

    fn make(&self, ask: &Ask<'a>, is_static: bool) -> Explanation {
        let all = self.catalog.of_instance(ask.instance);
        let mut nearest: Vec<(usize, PoolId)> =
            all.iter().take(EXAMINED).map(|&pool| (self.distance(ask, is_static, pool), pool)).collect();
        nearest.sort();
        nearest.truncate(LISTED);
        let pools: Vec<PoolMiss> = nearest.iter().map(|&(_, pool)| self.miss(ask, is_static, pool)).collect();

        let instance = self.name(ask.instance);
        let suggestions = if all.is_empty() {
            self.similar_instances(&instance)
        } else {
            self.similar_labels(nearest.iter().map(|(_, pool)| *pool).zip(&pools))
        };
        Explanation { instance, omitted: all.len().saturating_sub(pools.len()), pools, suggestions }
    }

    /// How far off a pool is: one label is a smaller miss than another kind or family.
    fn distance(&self, ask: &Ask<'a>, is_static: bool, pool: PoolId) -> usize {
        let pool = &self.world[pool].id;
        let Settings { from_aggregate, strict_selectors, .. } = self.world.settings;
        let labels = if is_static { 0 } else { matching::misses(ask.selector, &pool.labels, strict_selectors) };
        let others =
            [!ask.admits(pool.family), !ask.takes(pool.kind, from_aggregate), pool.deleting, ask.exceeds(pool)];
        others.into_iter().filter(|is_off| *is_off).fold(labels, |sum, _| sum.saturating_add(10))
    }

    fn miss(&self, ask: &Ask<'a>, is_static: bool, pool: PoolId) -> PoolMiss {
        let pool = &self.world[pool].id;
        let Settings { from_aggregate, strict_selectors, .. } = self.world.settings;
        let mut why = Vec::new();
        if let Some(asked) = ask.family.filter(|_| !ask.admits(pool.family)) {
            why.push(Mismatch::Family { asked, found: pool.family });
        }
        if !ask.takes(pool.kind, from_aggregate) {
            let (own, fallback) = ask.kinds(from_aggregate);
            why.push(Mismatch::Kind { asked: std::iter::once(own).chain(fallback).collect(), found: pool.kind });
        }
        if pool.deleting {
            why.push(Mismatch::Deleting);
        }
        if let Some(asked) = ask.length.filter(|_| ask.exceeds(pool)) {
            why.push(Mismatch::TooLong { asked, found: pool.block.len(pool.family) });
        }
        if !is_static {
            why.extend(matching::mismatches(ask.selector, &pool.labels, strict_selectors));
        } else if why.is_empty() {
            why.push(Mismatch::Outside);
        }
        why.truncate(REASONS);
        why.shrink_to_fit();
        PoolMiss { pool: pool.reference, prefix: pool.block.net(pool.family), kind: pool.kind, why }
    }

    /// Where pools are that the claim may have meant: in another namespace, or under nearly the same name.
    fn similar_instances(&self, asked: &Instance) -> Vec<Suggestion> {
        let mut found: Vec<(u8, &Instance)> = self
            .populated
            .iter()
            .take(EXAMINED)
            .filter_map(|found| {
                let same_namespace = found.namespace == asked.namespace;
                let near = is_near(&asked.name, &found.name);
                match (found.name == asked.name, near, same_namespace) {
                    (true, _, _) => Some((0, *found)),
                    (_, true, true) => Some((1, *found)),
                    (_, true, false) => Some((2, *found)),
                    _ => None,
                }
            })
            .collect();
        found.sort();
        found.truncate(SUGGESTED);
        found
            .into_iter()
            .map(|(_, found)| Suggestion::Instance { asked: asked.clone(), found: found.clone() })
            .collect()
    }

    /// Labels that nearly match, of pools that differ in nothing but labels.
    fn similar_labels<'m>(&self, misses: impl Iterator<Item = (PoolId, &'m PoolMiss)>) -> Vec<Suggestion> {
        let mut suggestions = Vec::new();
        for (pool, miss) in misses {
            if !miss.why.iter().all(is_about_labels) {
                continue;
            }
            for why in &miss.why {
                if suggestions.len() >= SUGGESTED {
                    return suggestions;
                }
                if let Mismatch::Label { key, operator: Operator::In, asked, found } = why {
                    let suggestion = if found.is_empty() {
                        similar_key(&self.world[pool].id, key)
                    } else {
                        similar_value(miss.pool, key, asked, found)
                    };
                    suggestions.extend(suggestion.filter(|new| !says(&suggestions, new)));
                }
            }
        }
        suggestions
    }
}

fn similar_key(pool: &Identity<'_>, asked: &str) -> Option<Suggestion> {
    let found = pool.labels.keys().find(|key| is_near(asked, key))?;
    Some(Suggestion::LabelKey { asked: asked.to_owned(), found: found.to_owned(), pool: pool.reference })
}

fn similar_value(pool: PoolRef, key: &str, asked: &[String], found: &[String]) -> Option<Suggestion> {
    let pairs = asked.iter().flat_map(|a| found.iter().map(move |f| (a, f)));
    let (asked, found) = pairs.into_iter().find(|(a, f)| is_near(a, f))?;
    Some(Suggestion::LabelValue { key: key.to_owned(), asked: asked.clone(), found: found.clone(), pool })
}

/// Whether a suggestion says the same, if for another pool.
fn says(suggestions: &[Suggestion], new: &Suggestion) -> bool {
    suggestions.iter().any(|old| match (old, new) {
        (
            Suggestion::LabelValue { key, asked, found, .. },
            Suggestion::LabelValue { key: k, asked: a, found: f, .. },
        ) => (key, asked, found) == (k, a, f),
        (Suggestion::LabelKey { asked, found, .. }, Suggestion::LabelKey { asked: a, found: f, .. }) => {
            (asked, found) == (a, f)
        }
        _ => false,
    })
}

fn is_about_labels(why: &Mismatch) -> bool {
    matches!(why, Mismatch::Label { .. } | Mismatch::Unasked { .. } | Mismatch::BlockNotNamed)
}
