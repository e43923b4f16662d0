//! Claims that only read (`nephio.org/action`): they are told what they would get, and take nothing.

use super::domain::Domain;
use super::party::Member;
use super::{Answer, Failure, Request, Verdict};

impl Domain<'_, '_> {
    /// What the claims of its name have, else what it asks for or has read before, if that is free, else the lowest free.
    /// Comes after all that is given, so that a second run reads the same.
    pub(super) fn read(&self, reader: Member<'_>) -> Verdict {
        let claim = reader.claim;
        if claim.delete {
            return Verdict::Deleting;
        }
        if !self.in_sight {
            return claim.status.map_or(Verdict::Pending, Verdict::KeptWithoutIndex);
        }
        match claim.share.as_deref().and_then(|name| self.shared.get(name)) {
            Some(None) => Verdict::Blocked,
            Some(Some((other, answer))) => shared(claim.request, *other, *answer),
            None => self.unshared(reader),
        }
    }

    fn unshared(&self, reader: Member<'_>) -> Verdict {
        let request = reader.claim.request;
        let stands = |answer: &Answer| {
            let usable = answer.ids().unusable().is_none();
            usable && request.is_served_by(*answer) && self.space.is_free(answer.ids())
        };
        match reader.claim.status.filter(stands).or_else(|| self.lowest(request)) {
            Some(answer) => Verdict::Got(answer),
            None => Verdict::Failed(self.nothing(reader)),
        }
    }

    fn nothing(&self, reader: Member<'_>) -> Failure {
        let request = reader.claim.request;
        match request {
            Request::Exactly(id) => match self.space.holder(id) {
                Some(holder) => Failure::Held { stated: Answer::Id(id), id, holder },
                None => self.full(reader, request),
            },
            _ => self.full(reader, request),
        }
    }
}

fn shared(request: Request, other: usize, answer: Answer) -> Verdict {
    match request {
        _ if request.is_served_by(answer) => Verdict::Got(answer),
        Request::Exactly(id) => Verdict::Failed(Failure::SharersState { own: Answer::Id(id), other, others: answer }),
        Request::One(_) if matches!(answer, Answer::Id(_)) => {
            Verdict::Failed(Failure::SharersRange { other, others: answer })
        }
        Request::One(_) | Request::Block(_) => Verdict::Failed(Failure::SharersAsk { other }),
    }
}
