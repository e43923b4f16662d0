//! Arithmetic on aligned blocks. Addresses of both families are `u128`; IPv4 uses the low 32 bits.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use crate::input::Family;

/// 2^`order` addresses, aligned to their number. Order 128 is the whole of IPv6, whose size no `u128` holds: hence
/// orders and last addresses instead of sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Block {
    pub(crate) start: u128,
    pub(crate) order: u8,
}

impl Block {
    /// The block of a prefix, host bits dropped.
    pub(crate) fn of(prefix: &IpNet) -> Self {
        Self { start: bits(prefix.network()), order: Family::of(prefix).bits().saturating_sub(prefix.prefix_len()) }
    }

    /// A single address.
    pub(crate) fn addr(start: u128) -> Self {
        Self { start, order: 0 }
    }

    /// The highest address.
    pub(crate) fn last(self) -> u128 {
        self.start | ones(self.order)
    }

    /// Number of addresses; stops at `u128::MAX`.
    pub(crate) fn size(self) -> u128 {
        ones(self.order).saturating_add(1)
    }

    pub(crate) fn contains(self, other: Self) -> bool {
        other.order <= self.order && other.start & !ones(self.order) == self.start
    }

    /// The lowest block of `order` inside.
    pub(crate) fn first(self, order: u8) -> Self {
        Self { start: self.start, order: order.min(self.order) }
    }

    /// The `n`-th block of `order` inside, or `None` beyond the end.
    pub(crate) fn nth(self, n: u128, order: u8) -> Option<Self> {
        if order > self.order || n >= self.count(order) {
            return None;
        }
        // Not beyond the end, so neither the shift nor the sum leaves the block.
        let offset = n.checked_shl(u32::from(order)).unwrap_or(0);
        Some(Self { start: self.start | offset, order })
    }

    /// How many blocks of `order` fit; stops at `u128::MAX`.
    pub(crate) fn count(self, order: u8) -> u128 {
        match self.order.checked_sub(order) {
            Some(orders) => ones(orders).saturating_add(1),
            None => 0,
        }
    }

    /// The smallest block that holds two disjoint ones.
    pub(crate) fn around(self, other: Self) -> Self {
        let differing = 128_u32.saturating_sub((self.start ^ other.start).leading_zeros());
        // At most 128, so it fits.
        let order = u8::try_from(differing).unwrap_or(128);
        Self { start: self.start & !ones(order), order }
    }

    /// The lowest address that a host may have: all of a pair or a single address, else the second.
    pub(crate) fn first_usable(self) -> u128 {
        if self.order <= 1 { self.start } else { self.start | 1 }
    }

    /// The block as a prefix.
    pub(crate) fn net(self, family: Family) -> IpNet {
        net(family, self.start, self.len(family))
    }

    /// Its prefix length.
    pub(crate) fn len(self, family: Family) -> u8 {
        family.bits().saturating_sub(self.order)
    }
}

/// 2^`order` − 1.
pub(crate) fn ones(order: u8) -> u128 {
    1_u128.checked_shl(u32::from(order)).map_or(u128::MAX, |size| size.saturating_sub(1))
}

/// The address as a number.
pub(crate) fn bits(addr: IpAddr) -> u128 {
    match addr {
        IpAddr::V4(v4) => u128::from(v4.to_bits()),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

/// The number as an address.
pub(crate) fn addr(family: Family, bits: u128) -> IpAddr {
    match family {
        // IPv4 numbers come from IPv4 addresses and never leave their block.
        Family::V4 => IpAddr::V4(Ipv4Addr::from_bits(u32::try_from(bits).unwrap_or(u32::MAX))),
        Family::V6 => IpAddr::V6(Ipv6Addr::from_bits(bits)),
    }
}

/// The number as an address with a length.
pub(crate) fn net(family: Family, bits: u128, len: u8) -> IpNet {
    let addr = addr(family, bits);
    IpNet::new(addr, len).unwrap_or_else(|_| IpNet::from(addr))
}

/// The aligned blocks that make up a closed range, from low to high: at most two of each order.
pub(crate) fn blocks_between(first: u128, last: u128) -> impl Iterator<Item = Block> {
    let mut next = Some(first);
    std::iter::from_fn(move || {
        let start = next.filter(|&start| start <= last)?;
        let aligned = start.trailing_zeros();
        let span = last.saturating_sub(start);
        // The largest order with 2^order - 1 <= span.
        let fitting = match span.checked_add(1) {
            Some(size) => size.ilog2(),
            None => 128,
        };
        let block = Block { start, order: u8::try_from(aligned.min(fitting)).unwrap_or(128) };
        next = block.last().checked_add(1);
        Some(block)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(text: &str) -> Block {
        Block::of(&text.parse().unwrap())
    }

    #[test]
    fn the_whole_of_ipv6_does_not_overflow() {
        let all = block("::/0");
        assert_eq!((all.start, all.order, all.last()), (0, 128, u128::MAX));
        assert_eq!(all.size(), u128::MAX);
        assert_eq!(all.net(Family::V6).to_string(), "::/0");
        assert!(all.contains(block("ffff::/16")));
        assert_eq!(all.nth(u128::MAX - 1, 0).unwrap().start, u128::MAX - 1);
        assert_eq!(all.nth(1, 127).unwrap(), block("8000::/1"));
        assert_eq!(all.nth(2, 127), None);
    }

    #[test]
    fn nth_counts_aligned_blocks() {
        let pool = block("10.0.0.0/22");
        assert_eq!(pool.nth(3, 8), Some(block("10.0.3.0/24")));
        assert_eq!(pool.nth(4, 8), None);
        assert_eq!(pool.nth(0, 11), None);
        assert_eq!(pool.count(8), 4);
    }

    #[test]
    fn ranges_become_aligned_blocks() {
        let shown = |a: &str, b: &str| -> Vec<String> {
            blocks_between(bits(a.parse().unwrap()), bits(b.parse().unwrap()))
                .map(|block| block.net(Family::V4).to_string())
                .collect()
        };
        assert_eq!(shown("10.0.0.1", "10.0.0.6"), ["10.0.0.1/32", "10.0.0.2/31", "10.0.0.4/31", "10.0.0.6/32"]);
        assert_eq!(shown("0.0.0.0", "255.255.255.255"), ["0.0.0.0/0"]);
        assert_eq!(shown("10.0.0.2", "10.0.0.1"), Vec::<String>::new());
        let all: Vec<Block> = blocks_between(0, u128::MAX).collect();
        assert_eq!(all, [Block { start: 0, order: 128 }]);
        let but_first: Vec<Block> = blocks_between(1, u128::MAX).collect();
        assert_eq!(but_first.len(), 128);
    }

    #[test]
    fn around_is_the_smallest_common_block() {
        assert_eq!(block("10.0.0.4/31").around(block("10.0.0.7/32")), block("10.0.0.4/30"));
        assert_eq!(block("::/128").around(block("ffff::/16")), block("::/0"));
    }
}
