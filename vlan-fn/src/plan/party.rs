//! Claims that share one answer, and what they state together.

use std::collections::BTreeMap;

use ipam::Key;

use super::ids::Ids;
use super::{Answer, Claim, Failure, Request};

/// A claim with its position in the input.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member<'i> {
    pub(super) number: usize,
    pub(super) claim: &'i Claim,
}

/// The claims of one index that share their answer: all with one `vlanClaimName`, or a single one without.
#[derive(Debug)]
pub(super) struct Party<'i> {
    /// In the order of their keys; never empty.
    pub(super) members: Vec<Member<'i>>,
    /// What they hold together.
    pub(super) stated: Option<Statement<'i>>,
}

/// What a claim states, in its spec or its status.
#[derive(Debug, Clone, Copy)]
pub(super) struct Statement<'i> {
    pub(super) by: Member<'i>,
    pub(super) answer: Answer,
    pub(super) rank: Rank,
}

/// How much a statement weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// `spec.vlanID`.
    Static,
    /// The status of a claim that is about to go, and so is not written any more.
    Deleting,
    /// The status of a claim that may get another.
    Dynamic,
}

/// What members of a party are to have in place of what their status states, and why.
pub(super) type Moves = BTreeMap<usize, Failure>;

impl<'i> Member<'i> {
    /// What the claim states; an error where its status states what cannot be.
    fn statement(self) -> Result<Option<Statement<'i>>, Failure> {
        let Claim { request, status, delete, .. } = self.claim;
        let statement = |answer, rank| Ok(Some(Statement { by: self, answer, rank }));
        match (*request, *status) {
            (Request::Exactly(id), _) => statement(Answer::Id(id), Rank::Static),
            (_, None) => Ok(None),
            (request, Some(answer)) => match (answer.ids().unusable(), request.fits(answer)) {
                // It says nothing about the IDs of the index, and nobody will correct it.
                (Some(_), _) if *delete => Ok(None),
                (Some(id), _) => Err(Failure::Unusable { stated: answer, id }),
                (None, false) if !*delete => Err(Failure::Misfit { stated: answer }),
                (None, _) if *delete => statement(answer, Rank::Deleting),
                (None, _) => statement(answer, Rank::Dynamic),
            },
        }
    }

    /// Under which name it shares. A claim that is about to go and states no answer of the form that it asks for has none
    /// to share.
    pub(super) fn share(self) -> Option<&'i str> {
        let Claim { request, status, delete, share, .. } = self.claim;
        let states = matches!(request, Request::Exactly(_)) || status.is_some_and(|answer| request.fits(answer));
        share.as_deref().filter(|_| states || !*delete)
    }
}

impl Request {
    /// Whether an answer has the form that is asked for.
    pub(super) fn fits(self, answer: Answer) -> bool {
        matches!((self, answer), (Self::Block(_), Answer::Block(_)) | (Self::Exactly(_) | Self::One(_), Answer::Id(_)))
    }

    /// Whether an answer is all that is asked for.
    pub(super) fn is_served_by(self, answer: Answer) -> bool {
        match (self, answer) {
            (Self::Exactly(asked), Answer::Id(id)) => asked == id,
            (Self::One(ids), Answer::Id(id)) => ids.contains(id),
            (Self::Block(size), Answer::Block(ids)) => ids.len() == u32::from(size),
            _ => false,
        }
    }

    /// Whether one answer can serve both.
    fn agrees(self, other: Self) -> bool {
        match (self, other) {
            (Self::Block(one), Self::Block(two)) => one == two,
            (Self::Block(_), _) | (_, Self::Block(_)) => false,
            _ => true,
        }
    }
}

/// Puts claims together that share, in the order of their keys.
pub(super) fn parties(mut members: Vec<Member<'_>>) -> Vec<Party<'_>> {
    members.sort_by(|a, b| a.claim.key.cmp(&b.claim.key));
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    let mut parties: Vec<Party<'_>> = Vec::new();
    for member in members {
        let place = member.share().map(|name| *known.entry(name).or_insert(parties.len()));
        match place.and_then(|place| parties.get_mut(place)) {
            Some(party) => party.members.push(member),
            None => parties.push(Party { members: vec![member], stated: None }),
        }
    }
    parties
}

impl<'i> Party<'i> {
    /// Its place in the order of processing: that of its first member.
    pub(super) fn key(&self) -> Option<&'i Key> {
        self.members.first().map(|member| &member.claim.key)
    }

    /// Finds out what the members state together. Where `may_move`, dynamic ones follow the others; what they stated is
    /// noted in `moves`. An error names the member at fault.
    pub(super) fn agree(&mut self, may_move: bool, moves: &mut Moves) -> Result<(), (Member<'i>, Failure)> {
        let Some(first) = self.members.first().copied() else { return Ok(()) };
        if let Some(member) = self.members.iter().find(|member| !member.claim.request.agrees(first.claim.request)) {
            return Err((*member, Failure::SharersAsk { other: first.number }));
        }
        let mut statements = Vec::new();
        for member in &self.members {
            match member.statement() {
                Ok(statement) => statements.extend(statement),
                Err(why) if may_move => {
                    moves.insert(member.number, why);
                }
                Err(why) => return Err((*member, why)),
            }
        }
        let leader = statements.iter().min_by_key(|statement| statement.rank).copied();
        for Statement { by, answer, rank } in statements {
            let Some(leader) = leader.filter(|leader| leader.answer != answer) else { continue };
            let why = Failure::SharersState { own: answer, other: leader.by.number, others: leader.answer };
            if !may_move || rank != Rank::Dynamic {
                return Err((by, why));
            }
            moves.insert(by.number, why);
        }
        self.stated = leader;
        Ok(())
    }

    /// The members that may get something.
    pub(super) fn takers(&self) -> impl Iterator<Item = Member<'i>> {
        self.members.iter().copied().filter(|member| !member.claim.delete)
    }

    /// What the party asks for, where it has nothing: of ranges, what all have in common.
    pub(super) fn request(&self) -> Result<Option<Request>, (Member<'i>, Failure)> {
        let mut common: Option<Request> = None;
        for member in self.takers() {
            common = match (common, member.claim.request) {
                (Some(Request::One(ids)), Request::One(own)) => match ids.common(own) {
                    Some(ids) => Some(Request::One(ids)),
                    None => return Err((member, Failure::SharersAsk { other: self.disjoint_with(own) })),
                },
                (_, request) => Some(request),
            };
        }
        Ok(common)
    }

    /// The first member whose range has nothing in common with `ids`. Ranges of which any two overlap have an ID that all
    /// have, so there is one where they have none.
    fn disjoint_with(&self, ids: Ids) -> usize {
        let disjoint =
            |member: &Member<'_>| matches!(member.claim.request, Request::One(own) if own.common(ids).is_none());
        self.takers().find(disjoint).map_or(0, |member| member.number)
    }
}
