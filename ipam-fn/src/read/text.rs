//! Addresses and prefixes as people write them. Stricter than most parsers: a text that two readers could take for
//! different addresses is refused, and the error says what is wrong with it.

use std::net::{IpAddr, Ipv4Addr};

use ipam::AddrRange;
use ipnet::IpNet;
use thiserror::Error;

use crate::codes;

/// Why a text is no address, prefix or range. Reads on from the text itself: ``` `10.1.3` is no .. ```.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum TextError {
    /// Nothing there.
    #[error("is empty: state an address with its length, such as 10.1.3.0/24, or remove the field")]
    Empty,
    /// Blanks before, after or within.
    #[error("has blanks in it")]
    Blanks,
    /// An address without a length.
    #[error("has no length: write it with that of its subnet, such as {0}/{typical}", typical = typical_length(.0))]
    NoLength(IpAddr),
    /// Neither IPv4 nor IPv6.
    #[error("is neither an IPv4 nor an IPv6 address")]
    NoAddress,
    /// `010.1.3.0`: some readers take it for octal.
    #[error("has an IPv4 number with a leading zero, which some readers take for octal: write {0}")]
    LeadingZeros(Ipv4Addr),
    /// A length where an address stands alone.
    #[error("has a length, which has no place here: write the address alone")]
    HasLength,
    /// `fe80::1%eth0`.
    #[error("names a zone (%), which has no place here: remove it")]
    Zone,
    /// `::ffff:10.1.3.0`.
    #[error("is an IPv4-mapped IPv6 address: write it as IPv4, {0}")]
    Mapped(Ipv4Addr),
    /// The length is not a plain number.
    #[error("has the length `{0}`: write a number from 0 to {1} without sign or leading zeros")]
    Length(String, u8),
    /// A range that cannot be.
    #[error("is no range: {0}")]
    Range(ipam::RangeError),
}

impl TextError {
    /// The code: that of a text which cannot be read, unless it can be and is still wrong.
    pub(super) fn code(&self, malformed: &'static str) -> &'static str {
        match self {
            Self::Mapped(_) => codes::IPV4_MAPPED,
            _ => malformed,
        }
    }
}

/// An address with a length, host bits kept: `10.1.3.1/24`.
pub(crate) fn prefix(text: &str) -> Result<IpNet, TextError> {
    if text.contains(char::is_whitespace) {
        return Err(TextError::Blanks);
    }
    let Some((before, length)) = text.split_once('/') else {
        return Err(TextError::NoLength(address(text)?));
    };
    let address = address(before)?;
    let width = width(&address);
    let plain = !length.is_empty() && length.bytes().all(|b| b.is_ascii_digit()) && !is_zero_led(length);
    let length = if plain { length.parse::<u8>().ok().filter(|n| *n <= width).ok_or(length) } else { Err(length) };
    let length = length.map_err(|length| TextError::Length(length.to_owned(), width))?;
    IpNet::new(address, length).map_err(|_| TextError::Length(length.to_string(), width))
}

/// An address alone: `10.1.3.1`.
pub(crate) fn address(text: &str) -> Result<IpAddr, TextError> {
    if text.is_empty() {
        return Err(TextError::Empty);
    }
    if text.contains(char::is_whitespace) {
        return Err(TextError::Blanks);
    }
    if text.contains('%') {
        return Err(TextError::Zone);
    }
    if text.contains('/') {
        return Err(TextError::HasLength);
    }
    match text.parse() {
        Ok(IpAddr::V6(v6)) => v6.to_ipv4_mapped().map_or(Ok(v6.into()), |v4| Err(TextError::Mapped(v4))),
        Ok(v4) => Ok(v4),
        Err(_) => Err(without_leading_zeros(text).map_or(TextError::NoAddress, TextError::LeadingZeros)),
    }
}

/// `10.1.3.100-10.1.3.120`, `10.1.3.200/29` or `10.1.3.7`, blanks around the parts allowed.
pub(crate) fn range(text: &str) -> Result<AddrRange, TextError> {
    let text = text.trim();
    if let Some((first, last)) = text.split_once('-') {
        return AddrRange::new(address(first.trim())?, address(last.trim())?).map_err(TextError::Range);
    }
    if text.contains('/') { prefix(text).map(AddrRange::from) } else { address(text).map(AddrRange::from) }
}

fn width(address: &IpAddr) -> u8 {
    ipam::Family::of_addr(address).bits()
}

/// The length of most subnets.
fn typical_length(address: &IpAddr) -> u8 {
    if address.is_ipv4() { 24 } else { 64 }
}

fn is_zero_led(number: &str) -> bool {
    number.len() > 1 && number.starts_with('0')
}

/// The IPv4 address that was meant, where leading zeros are all that is wrong with a text.
fn without_leading_zeros(text: &str) -> Option<Ipv4Addr> {
    let octets: Vec<&str> = text.split('.').collect();
    if !octets.iter().any(|octet| is_zero_led(octet)) {
        return None;
    }
    let stripped = octets.iter().map(|octet| match octet.trim_start_matches('0') {
        "" if !octet.is_empty() => "0",
        rest => rest,
    });
    stripped.collect::<Vec<_>>().join(".").parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn refused(text: &str) -> String {
        prefix(text).unwrap_err().to_string()
    }

    #[test]
    fn prefixes_keep_their_host_bits() {
        for text in ["10.1.3.1/24", "10.1.3.0/24", "0.0.0.0/0", "10.1.3.7/32", "fd00::1/64", "::/0", "fd00::/128"] {
            assert_eq!(prefix(text).unwrap().to_string(), text);
        }
        assert_eq!(prefix("0012:0::0/64").unwrap().to_string(), "12::/64", "any spelling of IPv6");
    }

    #[test]
    fn each_error_says_what_to_write() {
        for (text, expected) in [
            ("", "is empty: state an address with its length, such as 10.1.3.0/24, or remove the field"),
            ("/24", "is empty: state an address with its length, such as 10.1.3.0/24, or remove the field"),
            (" 10.1.3.0/24", "has blanks in it"),
            ("10.1.3.0 /24", "has blanks in it"),
            ("10.1.3.0/24 ", "has blanks in it"),
            ("10.1.3.1", "has no length: write it with that of its subnet, such as 10.1.3.1/24"),
            ("fd00::1", "has no length: write it with that of its subnet, such as fd00::1/64"),
            ("10.1.3/24", "is neither an IPv4 nor an IPv6 address"),
            ("10.1.3.256/24", "is neither an IPv4 nor an IPv6 address"),
            ("upf/24", "is neither an IPv4 nor an IPv6 address"),
            (
                "010.1.3.00/24",
                "has an IPv4 number with a leading zero, which some readers take for octal: write 10.1.3.0",
            ),
            ("fe80::1%eth0/64", "names a zone (%), which has no place here: remove it"),
            ("::ffff:10.0.0.0/104", "is an IPv4-mapped IPv6 address: write it as IPv4, 10.0.0.0"),
            ("10.1.3.0/", "has the length ``: write a number from 0 to 32 without sign or leading zeros"),
            ("10.1.3.0/33", "has the length `33`: write a number from 0 to 32 without sign or leading zeros"),
            ("10.1.3.0/08", "has the length `08`: write a number from 0 to 32 without sign or leading zeros"),
            ("10.1.3.0/+8", "has the length `+8`: write a number from 0 to 32 without sign or leading zeros"),
            ("10.1.3.0/24/24", "has the length `24/24`: write a number from 0 to 32 without sign or leading zeros"),
            ("fd00::/129", "has the length `129`: write a number from 0 to 128 without sign or leading zeros"),
            (
                "fd00::/99999999999",
                "has the length `99999999999`: write a number from 0 to 128 without sign or leading zeros",
            ),
        ] {
            assert_eq!(refused(text), expected, "{text:?}");
        }
    }

    #[test]
    fn an_address_stands_alone() {
        assert_eq!(address("10.1.3.1").unwrap().to_string(), "10.1.3.1");
        assert_eq!(address("10.1.3.1/24"), Err(TextError::HasLength));
    }

    #[test]
    fn ranges_have_three_forms() {
        let shown = |text: &str| range(text).map(|range| range.to_string());
        assert_eq!(shown("10.1.3.7"), Ok("10.1.3.7".into()));
        assert_eq!(shown(" 10.1.3.100 - 10.1.3.120 "), Ok("10.1.3.100-10.1.3.120".into()));
        assert_eq!(shown("10.1.3.200/29"), Ok("10.1.3.200-10.1.3.207".into()));
        assert!(matches!(range("10.1.3.9-10.1.3.1"), Err(TextError::Range(_))));
        assert!(matches!(range("10.1.3.9-fd00::"), Err(TextError::Range(_))));
        assert_eq!(range("10.1.3.9-"), Err(TextError::Empty));
        assert_eq!(range("10.1.3.010"), Err(TextError::LeadingZeros(Ipv4Addr::new(10, 1, 3, 10))));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[0-9a-f:./% -]{0,40}|\\PC{0,20}") {
            let _ = (prefix(&text), range(&text));
        }

        #[test]
        fn what_is_printed_is_read_back(bits in any::<u128>(), short in any::<u32>(), length in 0u8..=128) {
            let v6 = IpNet::new(std::net::Ipv6Addr::from(bits).into(), length).unwrap();
            prop_assume!(std::net::Ipv6Addr::from(bits).to_ipv4_mapped().is_none());
            prop_assert_eq!(prefix(&v6.to_string()), Ok(v6));
            let v4 = IpNet::new(Ipv4Addr::from(short).into(), length.min(32)).unwrap();
            prop_assert_eq!(prefix(&v4.to_string()), Ok(v4));
        }
    }
}
