//! The IDs of one index: which are taken, and by whom.

use std::collections::BTreeMap;

use super::ids::Ids;

/// Who holds an ID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Holder {
    /// The VLAN at this position of the input.
    Vlan(usize),
    /// The claim at this position of the input; where several share the ID, the first that states it.
    Claim(usize),
}

const WORD: u16 = 64;
const WORDS: usize = 64;

/// The IDs 0 to 4095 of one index.
#[derive(Debug, Clone)]
pub(super) struct Space {
    /// One bit an ID.
    taken: [u64; WORDS],
    holders: BTreeMap<u16, Holder>,
}

impl Space {
    pub(super) fn new() -> Self {
        Self { taken: [0; WORDS], holders: BTreeMap::new() }
    }

    pub(super) fn holder(&self, id: u16) -> Option<Holder> {
        self.holders.get(&id).copied()
    }

    /// Whether nobody holds any of the IDs.
    pub(super) fn is_free(&self, ids: Ids) -> bool {
        self.first_taken(ids).is_none()
    }

    /// Takes all the IDs, or none and answers the first that somebody holds.
    pub(super) fn hold(&mut self, ids: Ids, holder: Holder) -> Result<(), (u16, Holder)> {
        if let Some(taken) = self.first_taken(ids) {
            return Err(taken);
        }
        for id in ids.iter() {
            self.holders.insert(id, holder);
            if let Some(word) = self.taken.get_mut(usize::from(id / WORD)) {
                *word |= 1 << (id % WORD);
            }
        }
        Ok(())
    }

    /// The lowest free ID of a range.
    pub(super) fn lowest(&self, within: Ids) -> Option<u16> {
        let (mut at, last) = (within.first(), within.last());
        while at <= last {
            let word = self.taken.get(usize::from(at / WORD))?;
            // Bits below `at` count as taken, so that the search starts there.
            let below = (1_u64 << (at % WORD)) - 1;
            let free = (word | below).trailing_ones();
            if let Ok(free) = u16::try_from(free)
                && free < WORD
            {
                let id = at - at % WORD + free;
                return (id <= last).then_some(id);
            }
            at = (at - at % WORD).checked_add(WORD)?;
        }
        None
    }

    /// The lowest free IDs in a row that are so many.
    pub(super) fn lowest_run(&self, size: u16) -> Option<Ids> {
        self.free_runs().find(|run| run.len() >= u32::from(size)).and_then(|run| {
            let last = run.first().checked_add(size.checked_sub(1)?)?;
            Ids::new(run.first(), last)
        })
    }

    /// The free IDs, in runs as long as they get.
    pub(super) fn free_runs(&self) -> impl Iterator<Item = Ids> {
        let mut next = Some(Ids::ALL.first());
        std::iter::from_fn(move || {
            let first = self.lowest(Ids::new(next?, Ids::ALL.last())?)?;
            let taken = self.holders.range(first..).next().map(|(id, _)| *id);
            let last = taken.map_or(Ids::ALL.last(), |id| id.saturating_sub(1).min(Ids::ALL.last()));
            next = last.checked_add(1);
            Ids::new(first, last)
        })
    }

    /// How many of the IDs are held by VLANs, and how many by claims.
    pub(super) fn held(&self, within: Ids) -> (usize, usize) {
        let held = self.holders.range(within.first()..=within.last());
        held.fold((0, 0), |(vlans, claims), (_, holder)| match holder {
            Holder::Vlan(_) => (vlans + 1, claims),
            Holder::Claim(_) => (vlans, claims + 1),
        })
    }

    fn first_taken(&self, ids: Ids) -> Option<(u16, Holder)> {
        self.holders.range(ids.first()..=ids.last()).next().map(|(id, holder)| (*id, *holder))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ids(first: u16, last: u16) -> Ids {
        Ids::new(first, last).unwrap()
    }

    fn holding(held: &[(u16, u16)]) -> Space {
        let mut space = Space::new();
        for (first, last) in held {
            space.hold(ids(*first, *last), Holder::Claim(0)).unwrap();
        }
        space
    }

    #[test]
    fn an_empty_index_starts_at_two() {
        let space = Space::new();
        assert_eq!(space.lowest(Ids::ALL), Some(2));
        assert_eq!(space.lowest_run(10), Some(ids(2, 11)));
        assert_eq!(space.free_runs().collect::<Vec<_>>(), [Ids::ALL]);
    }

    #[test]
    fn a_full_index_has_nothing() {
        let space = holding(&[(2, 4094)]);
        assert_eq!((space.lowest(Ids::ALL), space.lowest_run(1), space.free_runs().next()), (None, None, None));
        assert_eq!(space.held(Ids::ALL), (0, 4093));
    }

    #[test]
    fn all_or_nothing() {
        let mut space = holding(&[(10, 10)]);
        assert_eq!(space.hold(ids(8, 12), Holder::Vlan(3)), Err((10, Holder::Claim(0))));
        assert_eq!(space.lowest(ids(8, 9)), Some(8));
        assert_eq!(space.hold(ids(8, 9), Holder::Vlan(3)), Ok(()));
        assert_eq!((space.holder(9), space.held(Ids::ALL)), (Some(Holder::Vlan(3)), (2, 1)));
    }

    #[test]
    fn gaps_are_filled_from_below() {
        let space = holding(&[(2, 63), (65, 127), (129, 4093)]);
        assert_eq!((space.lowest(Ids::ALL), space.lowest(ids(65, 4094))), (Some(64), Some(128)));
        assert_eq!((space.lowest(ids(129, 4093)), space.lowest(ids(65, 127))), (None, None));
        assert_eq!(space.free_runs().collect::<Vec<_>>(), [Ids::one(64), Ids::one(128), Ids::one(4094)]);
        assert_eq!(space.lowest_run(2), None);
    }

    proptest! {
        /// Against a search that looks at one ID after the other.
        #[test]
        fn the_lowest_is_the_lowest(
            held in prop::collection::vec(2..4095_u16, 0..200),
            wall in prop::option::of(2..4000_u16),
            first in 2..4095_u16,
            width in 0..200_u16,
            size in 1..40_u16,
        ) {
            let mut space = Space::new();
            if let Some(wall) = wall {
                space.hold(ids(2, wall), Holder::Vlan(0)).unwrap();
            }
            for id in held {
                let _ = space.hold(Ids::one(id), Holder::Claim(0));
            }
            let free = |id: &u16| space.holder(*id).is_none();
            let within = ids(first, first.saturating_add(width).min(4094));
            prop_assert_eq!(space.lowest(within), within.iter().find(free));
            prop_assert_eq!(space.is_free(within), within.iter().all(|id| free(&id)));
            let run = (2..=4095 - size).find(|start| (*start..*start + size).all(|id| free(&id)));
            prop_assert_eq!(space.lowest_run(size).map(|run| (run.first(), run.len())), run.map(|id| (id, u32::from(size))));
        }
    }
}
