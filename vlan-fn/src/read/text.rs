//! Ranges and sizes as people write them.

use thiserror::Error;

use crate::plan::Ids;

/// What `spec.range` holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Range {
    /// `start:end`.
    Ids(Ids),
    /// `size`.
    Size(u16),
}

/// Why a text is no range. Reads on from the text itself: ``` `7:` is neither .. ```.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(super) enum TextError {
    /// Not a number of plain digits.
    #[error("is neither start:end nor a size: `{0}` is no whole number in plain digits")]
    Number(String),
    /// Too many parts.
    #[error("has {0} parts: write start:end for IDs of that range, or one number for so many IDs in a row")]
    Parts(usize),
    /// The end comes before the start.
    #[error("ends with {end} before it starts with {start}: write {end}:{start}")]
    Backwards {
        /// The first number.
        start: u16,
        /// The second number.
        end: u16,
    },
}

/// Reads `start:end` or `size`.
pub(super) fn range(text: &str) -> Result<Range, TextError> {
    let parts: Vec<&str> = text.split(':').collect();
    match parts.as_slice() {
        [size] => number(size).map(Range::Size),
        [start, end] => {
            let (start, end) = (number(start)?, number(end)?);
            Ids::new(start, end).map(Range::Ids).ok_or(TextError::Backwards { start, end })
        }
        parts => Err(TextError::Parts(parts.len())),
    }
}

/// Some readers take a leading zero for octal, so such a number is none. One that is too large for an ID stays too large.
fn number(text: &str) -> Result<u16, TextError> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !plain || (text.len() > 1 && text.starts_with('0')) {
        return Err(TextError::Number(text.to_owned()));
    }
    Ok(text.parse().unwrap_or(u16::MAX))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn two_forms() {
        assert_eq!(range("100:199"), Ok(Range::Ids(Ids::new(100, 199).unwrap())));
        assert_eq!(range("7:7"), Ok(Range::Ids(Ids::one(7))));
        assert_eq!(range("100"), Ok(Range::Size(100)));
        assert_eq!(range("0"), Ok(Range::Size(0)));
        assert_eq!(range("2:99999999999"), Ok(Range::Ids(Ids::new(2, u16::MAX).unwrap())));
    }

    #[test]
    fn each_error_says_what_is_wrong() {
        for (text, expected) in [
            ("", "is neither start:end nor a size: `` is no whole number in plain digits"),
            ("7:", "is neither start:end nor a size: `` is no whole number in plain digits"),
            ("1 :2", "is neither start:end nor a size: `1 ` is no whole number in plain digits"),
            ("+1:2", "is neither start:end nor a size: `+1` is no whole number in plain digits"),
            ("010:020", "is neither start:end nor a size: `010` is no whole number in plain digits"),
            ("100-199", "is neither start:end nor a size: `100-199` is no whole number in plain digits"),
            ("1:2:3", "has 3 parts: write start:end for IDs of that range, or one number for so many IDs in a row"),
            ("10:5", "ends with 5 before it starts with 10: write 5:10"),
        ] {
            assert_eq!(range(text).unwrap_err().to_string(), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[0-9:]{0,30}|\\PC{0,20}") {
            let _ = range(&text);
        }

        #[test]
        fn what_is_printed_is_read_back(first in any::<u16>(), width in any::<u16>()) {
            let ids = Ids::new(first, first.saturating_add(width)).unwrap();
            prop_assert_eq!(range(&ids.to_string()), Ok(Range::Ids(ids)));
        }
    }
}
