//! VLANClaim: what is asked for, and what an earlier run gave.

use api::annotations;
use api::vlan::{VlanClaimSpec, VlanClaimStatus};
use krm::{Field, Finding, ItemId};

use super::text::Range;
use super::{Reader, stated_range};
use crate::codes;
use crate::plan::{Answer, Claim, Ids, Request};

impl Reader<'_> {
    pub(super) fn claim(&mut self, id: ItemId) -> Option<Claim> {
        let api::VlanClaim { metadata, spec, status } = self.object(id)?;
        self.named(id, &metadata)?;
        let index = self.reference(id, spec.vlan_index.as_ref());
        let request = self.request(id, &spec);
        let status = status.unwrap_or_default();
        let stated = request.and_then(|request| self.stated(id, request, &spec, &status));
        Some(Claim {
            key: self.key(id),
            index: index?,
            share: metadata.annotation(annotations::VLAN_CLAIM_NAME).map(str::to_owned),
            request: request?,
            status: stated?,
            delete: metadata.annotations.contains_key(annotations::DELETE),
            get: metadata.annotations.contains_key(annotations::ACTION),
        })
    }

    /// What the spec asks for.
    fn request(&mut self, id: ItemId, spec: &VlanClaimSpec) -> Option<Request> {
        let range = spec.range.as_deref().filter(|text| !text.is_empty());
        let range = match range {
            None => None,
            Some(text) => Some((text, self.range(id, "spec.range", text)?)),
        };
        let ids = match spec.vlan_id {
            None => None,
            Some(vlan_id) => Some(self.usable(id, "spec.vlanID", &vlan_id.to_string(), Ids::one(vlan_id))?),
        };
        match (ids, range) {
            (None, None) => Some(Request::One(Ids::ALL)),
            (None, Some((text, Range::Ids(range)))) => self.usable(id, "spec.range", text, range).map(Request::One),
            (None, Some((text, Range::Size(size)))) => self.size(id, text, size).map(Request::Block),
            (Some(ids), None) => Some(Request::Exactly(ids.first())),
            (Some(ids), Some((text, Range::Ids(range)))) => {
                self.usable(id, "spec.range", text, range)?;
                if range.contains(ids.first()) {
                    return Some(Request::Exactly(ids.first()));
                }
                let message = format!("{} lies outside of spec.range {range}: remove one of the two", ids.first());
                let field = Field::new("spec.vlanID").current(ids.first().to_string());
                self.refuse(id, Finding::error(codes::VLAN_ID_AND_RANGE_DISAGREE, message).field(field));
                None
            }
            (Some(ids), Some((text, Range::Size(_)))) => {
                let message = format!(
                    "`{text}` asks for {text} IDs in a row, and spec.vlanID {} for one: remove one of the two. \
                     To register certain IDs in a row, add a VLAN with spec.range \"start:end\"",
                    ids.first()
                );
                self.refuse(
                    id,
                    Finding::error(codes::VLAN_ID_AND_SIZE, message).field(Field::new("spec.range").current(text)),
                );
                None
            }
        }
    }

    /// What the status states; the inner `None` where it states nothing, the outer one where it is malformed.
    fn stated(
        &mut self,
        id: ItemId,
        request: Request,
        spec: &VlanClaimSpec,
        status: &VlanClaimStatus,
    ) -> Option<Option<Answer>> {
        // Nephio's backend repeats a range `start:end` in the status without reserving it.
        let is_echo = |text: &&str| !matches!(request, Request::Block(_)) && spec.range.as_deref() == Some(*text);
        let text = stated_range(status).filter(|text| !is_echo(text));
        let range = match text {
            None => None,
            Some(text) => Some((text, self.range(id, "status.vlanRange", text)?)),
        };
        match (status.vlan_id, range) {
            (None, None) => Some(None),
            (Some(vlan_id), None) => Some(Some(Answer::Id(vlan_id))),
            (None, Some((_, Range::Ids(ids)))) => Some(Some(Answer::Block(ids))),
            (None, Some((text, Range::Size(_)))) => {
                let message = format!("`{text}` names no IDs: a status holds start:end; remove it to have some given");
                let field = Field::new("status.vlanRange").current(text);
                self.refuse(id, Finding::error(codes::VLAN_RANGE_MALFORMED, message).field(field));
                None
            }
            (Some(vlan_id), Some((text, _))) => {
                let message = format!(
                    "the status states both VLAN ID {vlan_id} and the range {text}: remove the one that the claim does not \
                     use"
                );
                let field = Field::new("status.vlanRange").current(text);
                self.refuse(id, Finding::error(codes::VLAN_STATUS_AMBIGUOUS, message).field(field));
                None
            }
        }
    }

    fn size(&mut self, id: ItemId, text: &str, size: u16) -> Option<u16> {
        if (1..=Ids::ALL.len()).contains(&u32::from(size)) {
            return Some(size);
        }
        let message = format!(
            "`{text}` asks for so many IDs in a row, but an index has 1 to {} to give: write a size within these, \
             or start:end for an ID of that range",
            Ids::ALL.len()
        );
        self.refuse(
            id,
            Finding::error(codes::VLAN_ID_OUT_OF_RANGE, message).field(Field::new("spec.range").current(text)),
        );
        None
    }
}
