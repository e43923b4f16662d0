//! Requests and answers as parts of a sentence, and the fields that hold them.

use krm::Field;

use crate::plan::{Answer, Claim, Ids, Request, Usage};

pub(super) fn block_size(request: Request) -> Option<u16> {
    match request {
        Request::Block(size) => Some(size),
        Request::Exactly(_) | Request::One(_) => None,
    }
}

/// The request as a noun.
pub(super) fn asking(claim: &Claim) -> String {
    match claim.request {
        Request::Exactly(id) => format!("VLAN ID {id}"),
        Request::One(ids) if ids == Ids::ALL => "one VLAN ID".to_owned(),
        Request::One(ids) => format!("one VLAN ID of {ids}"),
        Request::Block(size) => format!("{size} VLAN IDs in a row"),
    }
}

pub(super) fn counts(Usage { within, vlans, claims, largest }: Usage) -> String {
    let free = usize::try_from(within.len()).unwrap_or(usize::MAX).saturating_sub(vlans).saturating_sub(claims);
    let row = if free == 0 { String::new() } else { format!(", at most {largest} of them in a row") };
    format!(
        "of the IDs {within} ({} in all) claims hold {claims}, VLANs {vlans}, and {free} are free{row}",
        within.len()
    )
}

pub(super) fn shared_name(claim: &Claim) -> String {
    format!("{} {}", api::annotations::VLAN_CLAIM_NAME, claim.share.as_deref().unwrap_or_default())
}

pub(super) fn stating(stated: Answer) -> String {
    match stated {
        Answer::Id(id) => format!("the status states VLAN ID {id}"),
        Answer::Block(ids) => format!("the status states the VLAN IDs {ids}"),
    }
}

pub(super) fn value(answer: Answer) -> String {
    match answer {
        Answer::Id(id) => id.to_string(),
        Answer::Block(ids) => ids.to_string(),
    }
}

pub(super) fn field_of(answer: Answer) -> Field {
    let path = match answer {
        Answer::Id(_) => "status.vlanID",
        Answer::Block(_) => "status.vlanRange",
    };
    Field::new(path).current(value(answer))
}

/// The field in which a claim states an answer.
pub(super) fn stated_in(claim: &Claim, stated: Answer) -> Field {
    match claim.request {
        Request::Exactly(id) => Field::new("spec.vlanID").current(id.to_string()),
        Request::One(_) | Request::Block(_) => field_of(stated),
    }
}

pub(super) fn changed(from: Answer, to: Answer) -> Field {
    field_of(from).proposed(value(to))
}
