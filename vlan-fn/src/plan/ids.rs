//! VLAN IDs, and runs of them.

use std::fmt;

/// Consecutive VLAN IDs, at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Ids {
    first: u16,
    last: u16,
}

impl Ids {
    /// The IDs that can be given: IEEE 802.1Q has 12 bits for them, and 0, 1 and 4095 have a meaning of their own.
    pub(crate) const ALL: Self = Self { first: 2, last: 4094 };

    /// `None` where the last comes before the first.
    pub(crate) fn new(first: u16, last: u16) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    pub(crate) fn one(id: u16) -> Self {
        Self { first: id, last: id }
    }

    pub(crate) fn first(self) -> u16 {
        self.first
    }

    pub(crate) fn last(self) -> u16 {
        self.last
    }

    pub(crate) fn len(self) -> u32 {
        u32::from(self.last.saturating_sub(self.first)).saturating_add(1)
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = u16> {
        self.first..=self.last
    }

    pub(crate) fn contains(self, id: u16) -> bool {
        self.first <= id && id <= self.last
    }

    /// What both have.
    pub(crate) fn common(self, other: Self) -> Option<Self> {
        Self::new(self.first.max(other.first), self.last.min(other.last))
    }

    /// The first ID that cannot be given, if any.
    pub(crate) fn unusable(self) -> Option<u16> {
        [self.first, self.last].into_iter().find(|id| !Self::ALL.contains(*id))
    }
}

/// As `spec.range` and `status.vlanRange` spell it: `100:199`.
impl fmt::Display for Ids {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.first, self.last)
    }
}

/// Why an ID outside of [`Ids::ALL`] cannot be given, as the second half of a sentence.
pub(crate) fn why_unusable(id: u16) -> &'static str {
    match id {
        0 => "0 marks frames that belong to no VLAN",
        1 => "1 is the default VLAN, to which switches put untagged frames",
        4095 => "4095 is reserved by IEEE 802.1Q",
        _ => "the tag of a frame has 12 bits for the ID",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_never_empty() {
        assert_eq!(Ids::new(3, 2), None);
        assert_eq!(Ids::new(2, 2), Some(Ids::one(2)));
        assert_eq!(Ids::ALL.len(), 4093);
        assert_eq!(Ids::new(0, u16::MAX).map(Ids::len), Some(65536));
    }

    #[test]
    fn common_ids() {
        let (low, high) = (Ids { first: 2, last: 10 }, Ids { first: 10, last: 20 });
        assert_eq!(low.common(high), Some(Ids::one(10)));
        assert_eq!(low.common(Ids::one(11)), None);
    }

    #[test]
    fn the_ids_that_have_a_meaning_of_their_own() {
        for (first, last, unusable) in
            [(2, 4094, None), (0, 5, Some(0)), (1, 1, Some(1)), (5, 4095, Some(4095)), (5000, 6000, Some(5000))]
        {
            assert_eq!(Ids { first, last }.unusable(), unusable);
        }
    }

    #[test]
    fn spelled_as_in_a_spec() {
        assert_eq!(Ids { first: 100, last: 199 }.to_string(), "100:199");
    }
}
