//! One index: who keeps what, and who gets which of the free IDs.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::ids::Ids;
use super::party::{Member, Moves, Party, Rank, Statement, parties};
use super::space::{Holder, Space};
use super::{Answer, Clash, Failure, Outcome, Plan, Request, Usage, Verdict, Vlan, Warning};

/// The claims of one index, while they are answered.
pub(super) struct Domain<'i, 'p> {
    /// Whether the index is there: only then something is given.
    pub(super) in_sight: bool,
    may_move: bool,
    pub(super) space: Space,
    /// What the claims of one name have, and the claim that states it or got it; `None` where they failed.
    pub(super) shared: BTreeMap<&'i str, Option<(usize, Answer)>>,
    moves: Moves,
    plan: &'p mut Plan,
}

impl<'i, 'p> Domain<'i, 'p> {
    pub(super) fn new(in_sight: bool, reallocate: bool, plan: &'p mut Plan) -> Self {
        let may_move = in_sight && reallocate;
        Self { in_sight, may_move, space: Space::new(), shared: BTreeMap::new(), moves: Moves::new(), plan }
    }

    /// What VLANs register is taken first; then claims keep what they state, static ones before others; then new ones
    /// get theirs; those that only read come last.
    pub(super) fn settle(mut self, vlans: Vec<(usize, &Vlan)>, members: Vec<Member<'i>>) {
        self.register(vlans);
        let (readers, members): (Vec<_>, Vec<_>) = members.into_iter().partition(|member| member.claim.get);
        let mut stated = Vec::new();
        let mut open = Vec::new();
        for mut party in parties(members) {
            match party.agree(self.may_move, &mut self.moves) {
                Err((member, failure)) => self.fail(&party, member, failure),
                Ok(()) if party.stated.is_some() => stated.push(party),
                Ok(()) => open.push(party),
            }
        }
        stated.sort_by_key(|party| party.stated.map(|statement| statement.rank == Rank::Dynamic));
        for party in stated {
            open.extend(self.keep(party));
        }
        self.give(open);
        for reader in readers {
            let verdict = self.read(reader);
            self.set(reader, verdict.into());
        }
    }

    fn register(&mut self, mut vlans: Vec<(usize, &Vlan)>) {
        vlans.sort_by(|(_, a), (_, b)| a.key.cmp(&b.key));
        let mut known: BTreeMap<usize, &Vlan> = BTreeMap::new();
        for (number, vlan) in vlans {
            known.insert(number, vlan);
            for id in vlan.ids.iter().flat_map(|ids| ids.iter()) {
                let Err((_, holder)) = self.space.hold(Ids::one(id), Holder::Vlan(number)) else { continue };
                let Holder::Vlan(other) = holder else { continue };
                // Copies of one VLAN in several packages are one VLAN.
                let is_copy = known.get(&other).is_some_and(|known| same_object(known, vlan));
                if !is_copy {
                    self.plan.clashes.push(Clash { vlan: number, other, id });
                    break;
                }
            }
        }
    }

    /// Lets a party keep what it states. Answers it where it must have something else.
    fn keep(&mut self, mut party: Party<'i>) -> Option<Party<'i>> {
        let Statement { by, answer, rank } = party.stated?;
        match self.space.hold(answer.ids(), Holder::Claim(by.number)) {
            Ok(()) => {
                self.answer(&party, by, answer);
                None
            }
            Err((id, holder)) => {
                let why = Failure::Held { stated: answer, id, holder };
                if !self.may_move || rank != Rank::Dynamic {
                    self.fail(&party, by, why);
                    return None;
                }
                for member in &party.members {
                    self.moves.entry(member.number).or_insert(why);
                }
                party.stated = None;
                Some(party)
            }
        }
    }

    /// Gives to the parties that have nothing: blocks first, larger ones before smaller ones; then single IDs, those with
    /// a narrow range first, as they have the least choice; among equals in the order of their keys.
    fn give(&mut self, open: Vec<Party<'i>>) {
        let mut asking: Vec<(Request, Party<'i>)> = Vec::with_capacity(open.len());
        for party in open {
            match party.request() {
                Err((member, failure)) => self.fail(&party, member, failure),
                Ok(Some(request)) if self.in_sight => asking.push((request, party)),
                Ok(_) => self.leave(&party),
            }
        }
        asking.sort_by(|(a, one), (b, two)| urgency(*a).cmp(&urgency(*b)).then_with(|| one.key().cmp(&two.key())));
        for (request, party) in asking {
            let Some(taker) = party.takers().next() else { continue };
            match self.lowest(request) {
                Some(answer) => {
                    if self.space.hold(answer.ids(), Holder::Claim(taker.number)).is_ok() {
                        self.answer(&party, taker, answer);
                    }
                }
                None => {
                    let failure = self.full(taker, request);
                    self.fail(&party, taker, failure);
                }
            }
        }
    }

    pub(super) fn lowest(&self, request: Request) -> Option<Answer> {
        match request {
            Request::Exactly(id) => self.space.is_free(Ids::one(id)).then_some(Answer::Id(id)),
            Request::One(ids) => self.space.lowest(ids).map(Answer::Id),
            Request::Block(size) => self.space.lowest_run(size).map(Answer::Block),
        }
    }

    pub(super) fn full(&self, member: Member<'_>, request: Request) -> Failure {
        let within = match request {
            Request::One(ids) => ids,
            Request::Exactly(id) => Ids::one(id),
            Request::Block(_) => Ids::ALL,
        };
        let (vlans, claims) = self.space.held(within);
        let largest = self.space.free_runs().map(Ids::len).max().unwrap_or_default();
        let usage = Usage { within, vlans, claims, largest };
        match (self.moves.contains_key(&member.number), member.claim.status) {
            (true, Some(stated)) => Failure::CannotMove { stated, usage },
            _ => Failure::Full { usage },
        }
    }

    /// Tells each member of a party what the party has. `by` is the member that stated or got it.
    fn answer(&mut self, party: &Party<'i>, by: Member<'i>, answer: Answer) {
        if let Some(name) = by.share() {
            self.shared.insert(name, Some((by.number, answer)));
        }
        for member in &party.members {
            let outcome = self.outcome(*member, by, answer);
            self.set(*member, outcome);
        }
    }

    fn outcome(&self, member: Member<'_>, by: Member<'_>, answer: Answer) -> Outcome {
        let claim = member.claim;
        if claim.delete {
            return Verdict::Deleting.into();
        }
        if !self.in_sight {
            let as_stated = claim.status == Some(answer);
            return if as_stated { Verdict::KeptWithoutIndex(answer) } else { Verdict::Pending }.into();
        }
        let verdict = match (claim.status, self.moves.get(&member.number)) {
            (None, _) => Verdict::Allocated(answer),
            (Some(status), _) if status == answer => Verdict::Kept(answer),
            (Some(from), Some(why)) => Verdict::Moved { from, to: answer, why: *why },
            (Some(from), None) => Verdict::Rewritten { from, to: answer },
        };
        let is_kept = matches!(verdict, Verdict::Kept(_));
        match claim.request {
            Request::One(range) if !claim.request.is_served_by(answer) && is_kept => {
                Outcome { verdict, warning: Some(Warning::OutsideRange(range)) }
            }
            Request::One(_) if !claim.request.is_served_by(answer) => {
                Failure::SharersRange { other: by.number, others: answer }.into()
            }
            Request::Block(size) if !claim.request.is_served_by(answer) => {
                Outcome { verdict, warning: Some(Warning::OtherSize(size)) }
            }
            _ => verdict.into(),
        }
    }

    /// Leaves a party that has nothing as it is.
    fn leave(&mut self, party: &Party<'_>) {
        for member in &party.members {
            let verdict = if member.claim.delete { Verdict::Deleting } else { Verdict::Pending };
            self.set(*member, verdict.into());
        }
    }

    fn fail(&mut self, party: &Party<'i>, at_fault: Member<'i>, failure: Failure) {
        if let Some(name) = at_fault.share() {
            self.shared.insert(name, None);
        }
        for member in &party.members {
            self.set(*member, Verdict::Blocked.into());
        }
        self.set(at_fault, failure.into());
    }

    fn set(&mut self, member: Member<'_>, outcome: Outcome) {
        if let Some(place) = self.plan.outcomes.get_mut(member.number) {
            *place = outcome;
        }
    }
}

fn same_object(one: &Vlan, other: &Vlan) -> bool {
    (&one.key.namespace, &one.key.name) == (&other.key.namespace, &other.key.name)
}

/// Lower is earlier.
fn urgency(request: Request) -> (u8, Reverse<u16>, u32) {
    match request {
        Request::Block(size) => (0, Reverse(size), 0),
        Request::One(ids) => (1, Reverse(0), ids.len()),
        Request::Exactly(_) => (1, Reverse(0), 1),
    }
}

impl From<Verdict> for Outcome {
    fn from(verdict: Verdict) -> Self {
        Self { verdict, warning: None }
    }
}

impl From<Failure> for Outcome {
    fn from(failure: Failure) -> Self {
        Verdict::Failed(failure).into()
    }
}
