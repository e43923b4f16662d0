//! How full a pool is.

use ipam::Usage;

use super::names::Names;

/// `IPPrefix n3-pool 10.1.3.0/29 (pools.yaml): 8 addresses: 3 reserved, 5 claimed, none free`.
pub(super) fn line(names: Names<'_>, usage: &Usage) -> String {
    let parts = [
        (usage.reserved, "reserved"),
        (usage.excluded, "excluded"),
        (usage.nested, "in child pools"),
        (usage.claimed, "claimed"),
    ];
    let mut parts: Vec<String> =
        parts.into_iter().filter(|(count, _)| *count > 0).map(|(n, what)| format!("{} {what}", count(n))).collect();
    parts.push(match usage.free {
        0 => "none free".to_owned(),
        free => format!("{} free", count(free)),
    });
    let left = match usage.largest_free {
        None => String::new(),
        Some(length) if length == full_length(usage) => format!("; only single addresses (/{length}) still fit"),
        Some(length) => format!(
            "; the largest free block is a /{length}, so that lengths /{length} to /{} still fit",
            full_length(usage)
        ),
    };
    format!("{}: {} addresses: {}{left}", names.server_with_file(usage.pool), count(usage.size), parts.join(", "))
}

fn full_length(usage: &Usage) -> u8 {
    usage.prefix.max_prefix_len()
}

/// Small numbers as they are; what nobody counts, as a few powers of two or about one.
pub(super) fn count(number: u128) -> String {
    const READABLE: u128 = 1 << 24;
    match number {
        number if number <= READABLE => number.to_string(),
        u128::MAX => "2^128".to_owned(),
        number if number.is_power_of_two() => format!("2^{}", number.trailing_zeros()),
        // What blocks of one length add up to, such as three quarters of a pool.
        number if number >> number.trailing_zeros() < 1 << 10 => {
            format!("{} x 2^{}", number >> number.trailing_zeros(), number.trailing_zeros())
        }
        number => format!("about 2^{:.0}", (number as f64).log2()),
    }
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn counts_are_readable() {
        for (number, shown) in [
            (0, "0"),
            (254, "254"),
            (1 << 24, "16777216"),
            (1 << 64, "2^64"),
            (3 << 78, "3 x 2^78"),
            ((1 << 64) - 3, "about 2^64"),
            ((1 << 64) + 3, "about 2^64"),
            (u128::MAX, "2^128"),
            (u128::MAX - 1, "about 2^128"),
        ] {
            assert_eq!(count(number), shown);
        }
    }
}
