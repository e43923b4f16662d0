//! The laws, for drawn inputs, and a naive model that must give the same answers.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::{Index as Pick, select};

use super::*;

/// What each claim has after the run, by its key; `None` where anything is an error.
type Answers = BTreeMap<Key, Option<Answer>>;

fn ids(first: u16, last: u16) -> Ids {
    Ids::new(first, last).unwrap()
}

fn has_errors(plan: &Plan) -> bool {
    let failed = |outcome: &Outcome| matches!(outcome.verdict, Verdict::Failed(_) | Verdict::Blocked);
    !plan.clashes.is_empty() || plan.outcomes.iter().any(failed)
}

/// The claims as the run leaves them. `None` where it fails.
fn applied(input: &Input) -> Option<Input> {
    let plan = plan(input);
    if has_errors(&plan) {
        return None;
    }
    let mut after = input.clone();
    for (claim, outcome) in after.claims.iter_mut().zip(plan.outcomes) {
        claim.status = outcome.verdict.answer().or(claim.status);
    }
    Some(after)
}

fn answers(input: &Input) -> Option<Answers> {
    Some(applied(input)?.claims.into_iter().map(|claim| (claim.key, claim.status)).collect())
}

// === The naive model: one index, one table of IDs, one look at every pair of claims.

/// Who owns what a claim states: those that share own it together.
fn owner(claim: &Claim) -> String {
    let states = matches!(claim.request, Request::Exactly(_)) || claim.status.is_some_and(|it| has_form(claim, it));
    match &claim.share {
        Some(name) if states || !claim.delete => format!("shared {name}"),
        _ => format!("claim {}", claim.key.name),
    }
}

fn has_form(claim: &Claim, answer: Answer) -> bool {
    matches!(claim.request, Request::Block(_)) == matches!(answer, Answer::Block(_))
}

/// What a claim states; `Err` where that cannot be.
fn stated(claim: &Claim) -> Result<Option<Answer>, ()> {
    if let Request::Exactly(id) = claim.request {
        return Ok(Some(Answer::Id(id)));
    }
    let Some(answer) = claim.status else { return Ok(None) };
    let usable = answer.ids().iter().all(|id| (2..=4094).contains(&id));
    match (claim.delete, usable && has_form(claim, answer)) {
        (true, _) => Ok(Some(answer).filter(|_| usable)),
        (false, true) => Ok(Some(answer)),
        (false, false) => Err(()),
    }
}

fn naive(input: &Input) -> Result<Answers, ()> {
    let mut table: BTreeMap<u16, String> = BTreeMap::new();
    for vlan in &input.vlans {
        for id in vlan.ids.iter().flat_map(|ids| ids.iter()) {
            let name = format!("vlan {}", vlan.key.name);
            if table.insert(id, name.clone()).is_some_and(|other| other != name) {
                return Err(());
            }
        }
    }
    let mut held: BTreeMap<String, Answer> = BTreeMap::new();
    for claim in &input.claims {
        let Some(answer) = stated(claim)? else { continue };
        if held.insert(owner(claim), answer).is_some_and(|other| other != answer) {
            return Err(());
        }
        for id in answer.ids().iter() {
            if table.insert(id, owner(claim)).is_some_and(|other| other != owner(claim)) {
                return Err(());
            }
        }
    }
    let size = |claim: &Claim| if let Request::Block(size) = claim.request { size } else { 0 };
    for (one, other) in input.claims.iter().flat_map(|one| input.claims.iter().map(move |other| (one, other))) {
        if owner(one) == owner(other) && size(one) != size(other) {
            return Err(());
        }
    }
    let mut waiting: BTreeMap<String, (Key, u16, Ids)> = BTreeMap::new();
    for claim in input.claims.iter().filter(|claim| !held.contains_key(&owner(claim))) {
        let range = if let Request::One(range) = claim.request { range } else { Ids::ALL };
        let fresh = (claim.key.clone(), size(claim), if claim.delete { Ids::ALL } else { range });
        let entry = waiting.entry(owner(claim)).or_insert(fresh);
        entry.0 = entry.0.clone().min(claim.key.clone());
        entry.2 = entry.2.common(if claim.delete { Ids::ALL } else { range }).ok_or(())?;
    }
    let wanted = |name: &String| input.claims.iter().any(|claim| owner(claim) == *name && !claim.delete);
    let mut queue: Vec<(String, (Key, u16, Ids))> = waiting.into_iter().filter(|(name, _)| wanted(name)).collect();
    queue.sort_by_key(|(_, (key, size, range))| (std::cmp::Reverse(*size), range.len(), key.clone()));
    for (name, (_, size, range)) in queue {
        let fits =
            |first: &u16| (*first..*first + size.max(1)).all(|id| range.contains(id) && !table.contains_key(&id));
        let first = (2..=4094).find(fits).ok_or(())?;
        let last = first + size.max(1) - 1;
        (first..=last).for_each(|id| drop(table.insert(id, name.clone())));
        held.insert(name, if size == 0 { Answer::Id(first) } else { Answer::Block(ids(first, last)) });
    }
    let mut answers = Answers::new();
    for claim in &input.claims {
        let answer = if claim.delete { claim.status } else { held.get(&owner(claim)).copied() };
        let newly = claim.status.is_none() && !claim.delete;
        if let (Request::One(range), Some(Answer::Id(id)), true) = (claim.request, answer, newly)
            && !range.contains(id)
        {
            return Err(());
        }
        answers.insert(claim.key.clone(), answer);
    }
    Ok(answers)
}

// === Drawn inputs. IDs are few, so that claims meet.

fn request() -> impl Strategy<Value = Request> {
    prop_oneof![
        6 => Just(Request::One(Ids::ALL)),
        2 => (2..10_u16, 0..6_u16).prop_map(|(first, width)| Request::One(ids(first, first + width))),
        2 => (2..16_u16).prop_map(Request::Exactly),
        1 => (1..4_u16).prop_map(Request::Block),
    ]
}

fn status() -> impl Strategy<Value = Option<Answer>> {
    prop_oneof![
        6 => Just(None),
        3 => (2..16_u16).prop_map(|id| Some(Answer::Id(id))),
        1 => (2..16_u16, 0..3_u16).prop_map(|(first, width)| Some(Answer::Block(ids(first, first + width)))),
        1 => select(vec![0, 1, 4095, 9999]).prop_map(|id| Some(Answer::Id(id))),
    ]
}

fn claim() -> impl Strategy<Value = Claim> {
    let share = prop_oneof![4 => Just(None), 1 => Just(Some("x".to_owned())), 1 => Just(Some("y".to_owned()))];
    (request(), status(), share, prop::bool::weighted(0.1)).prop_map(|(request, status, share, delete)| Claim {
        key: Key::default(),
        index: Index { namespace: "default".into(), name: "edge".into() },
        share,
        request,
        status,
        delete,
        get: false,
    })
}

/// `vlans` is how much of the index is registered: some IDs at its start, and all above a wall.
fn input(claims: Vec<Claim>, low: Option<u16>, wall: Option<u16>) -> Input {
    let index = Index { namespace: "default".into(), name: "edge".into() };
    let ranges = [low.map(|last| ids(2, last)), wall.map(|first| ids(first, 4094))];
    let vlan = |(n, ids)| Vlan { key: Key::new("", "", format!("v{n}")), index: index.clone(), ids: vec![ids] };
    let vlans = ranges.into_iter().flatten().enumerate().map(vlan).collect();
    let mut input = Input { indices: [index.clone()].into(), vlans, claims, reallocate: false };
    for (n, claim) in input.claims.iter_mut().enumerate() {
        claim.key = Key::new("", "", format!("n{n}"));
    }
    input
}

fn any_input() -> impl Strategy<Value = Input> {
    let low = prop::option::weighted(0.3, 2..5_u16);
    let wall = prop::option::weighted(0.15, 12..30_u16);
    (prop::collection::vec(claim(), 0..8), low, wall).prop_map(|(claims, low, wall)| input(claims, low, wall))
}

/// Claims without a status or a fixed ID: such a run rarely fails.
fn fresh_claims() -> impl Strategy<Value = Vec<Claim>> {
    let fresh = claim().prop_map(|claim| {
        let request = match claim.request {
            Request::One(_) | Request::Exactly(_) => Request::One(Ids::ALL),
            Request::Block(size) => Request::Block(size),
        };
        let share = claim.share.map(|name| format!("{name} {request:?}"));
        Claim { request, share, status: None, delete: false, ..claim }
    });
    prop::collection::vec(fresh, 0..12)
}

fn named(claims: Vec<Claim>, prefix: &str) -> Vec<Claim> {
    let name = |(n, claim)| Claim { key: Key::new("", "", format!("{prefix}{n}")), ..claim };
    claims.into_iter().enumerate().map(name).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn the_naive_model_agrees(input in any_input()) {
        prop_assert_eq!(answers(&input), naive(&input).ok());
    }

    #[test]
    fn no_id_has_two_owners(input in any_input(), reallocate in any::<bool>()) {
        let input = Input { reallocate, ..input };
        let Some(after) = applied(&input) else { return Ok(()) };
        let mut owners: BTreeMap<u16, String> = BTreeMap::new();
        for vlan in &after.vlans {
            owners.extend(vlan.ids.iter().flat_map(|ids| ids.iter()).map(|id| (id, "a VLAN".to_owned())));
        }
        for claim in &after.claims {
            let Ok(Some(answer)) = stated(claim) else {
                prop_assert!(claim.delete, "{claim:?} has nothing");
                continue;
            };
            for id in answer.ids().iter() {
                prop_assert!((2..=4094).contains(&id));
                let other = owners.insert(id, owner(claim));
                prop_assert!(other.is_none() || other == Some(owner(claim)), "{id} in {after:?}");
            }
        }
    }

    #[test]
    fn a_second_run_changes_nothing(input in any_input(), reallocate in any::<bool>(), readers in prop::collection::vec(any::<bool>(), 8)) {
        let mut input = Input { reallocate, ..input };
        for (claim, get) in input.claims.iter_mut().zip(readers) {
            claim.get = get;
        }
        let Some(after) = applied(&input) else { return Ok(()) };
        let second = plan(&after);
        prop_assert!(!has_errors(&second), "{second:?}");
        for (claim, outcome) in after.claims.iter().zip(&second.outcomes) {
            let answer = outcome.verdict.answer();
            prop_assert!(answer.is_none() || answer == claim.status, "{claim:?} {outcome:?}");
            let still = matches!(outcome.verdict, Verdict::Kept(_) | Verdict::Got(_) | Verdict::Deleting);
            prop_assert!(still, "{claim:?} {outcome:?}");
        }
    }

    #[test]
    fn the_order_of_claims_does_not_matter(input in any_input(), reallocate in any::<bool>(), picks in prop::collection::vec(any::<Pick>(), 8)) {
        let input = Input { reallocate, ..input };
        let mut shuffled = input.clone();
        shuffled.vlans.reverse();
        for (n, pick) in picks.iter().enumerate().take(shuffled.claims.len()) {
            let other = pick.index(shuffled.claims.len());
            shuffled.claims.swap(n, other);
        }
        prop_assert_eq!(answers(&input), answers(&shuffled));
        let failing = |input: &Input| {
            let failed = input.claims.iter().zip(plan(input).outcomes).filter(|(_, outcome)| matches!(outcome.verdict, Verdict::Failed(_)));
            failed.map(|(claim, _)| claim.key.clone()).collect::<BTreeSet<_>>()
        };
        prop_assert_eq!(failing(&input), failing(&shuffled), "the same claims are at fault");
    }

    #[test]
    fn what_is_resolved_stays(first in fresh_claims(), more in fresh_claims(), gone in prop::collection::vec(any::<bool>(), 12)) {
        let start = Input { claims: named(first, "n"), ..input(vec![], None, None) };
        let Some(mut after) = applied(&start) else { return Err(TestCaseError::fail("a run over fresh claims failed")) };
        let mut keep = gone.iter().map(|gone| !gone);
        after.claims.retain(|_| keep.next().unwrap_or(true));
        let before: BTreeMap<Key, Option<Answer>> =
            after.claims.iter().map(|claim| (claim.key.clone(), claim.status)).collect();
        let mut claims = named(more, "a");
        claims.append(&mut after.claims);
        let Some(now) = answers(&Input { claims, ..after }) else { return Err(TestCaseError::fail("an added claim failed")) };
        for (key, answer) in before {
            prop_assert_eq!(now.get(&key), Some(&answer));
        }
    }
}
