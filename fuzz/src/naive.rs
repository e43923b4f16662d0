//! Addresses, prefixes and ranges read in the plainest way there is, to hold the project's readers against.

use std::net::{IpAddr, Ipv4Addr};

/// An address and its length, or an address alone.
pub type Prefix = (IpAddr, u8);

/// A number without sign, blanks or leading zeros, at most `most`.
fn number(text: &str, most: u8) -> Option<u8> {
    (0..=most).find(|number| number.to_string() == text)
}

/// An address that two readers cannot take for different ones: no leading zeros, no zone, no IPv4-mapped IPv6.
pub fn address(text: &str) -> Option<IpAddr> {
    if !text.contains(':') {
        let parts: Vec<u8> = text.split('.').map(|part| number(part, 255)).collect::<Option<_>>()?;
        let [a, b, c, d] = parts[..] else { return None };
        return Some(Ipv4Addr::new(a, b, c, d).into());
    }
    let groups = groups(text)?;
    let mapped = groups[..5] == [0; 5] && groups[5] == 0xffff;
    (!mapped).then(|| IpAddr::from(groups))
}

/// The eight groups of an IPv6 address.
fn groups(text: &str) -> Option<[u16; 8]> {
    let side = |text: &str, may_end_in_ipv4: bool| -> Option<Vec<u16>> {
        if text.is_empty() {
            return Some(Vec::new());
        }
        let parts: Vec<&str> = text.split(':').collect();
        let mut groups = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            if part.contains('.') && may_end_in_ipv4 && at + 1 == parts.len() {
                let IpAddr::V4(v4) = address(part)? else { return None };
                let [a, b, c, d] = v4.octets();
                groups.extend([u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])]);
            } else if (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                groups.push(u16::from_str_radix(part, 16).ok()?);
            } else {
                return None;
            }
        }
        Some(groups)
    };
    let groups = match text.split_once("::") {
        Some((before, after)) => {
            let (mut before, after) = (side(before, false)?, side(after, true)?);
            // `::` stands for one group at least.
            let zeros = 8_usize.checked_sub(before.len() + after.len()).filter(|zeros| *zeros > 0)?;
            before.extend(vec![0; zeros]);
            before.extend(after);
            before
        }
        None => side(text, true)?,
    };
    groups.try_into().ok()
}

/// An address, a slash and a length.
pub fn prefix(text: &str) -> Option<Prefix> {
    let (before, length) = text.split_once('/')?;
    let address = address(before)?;
    Some((address, number(length, if address.is_ipv4() { 32 } else { 128 })?))
}

/// The first and last address of `a-b`, `a/n` or `a`, blanks around the parts.
pub fn range(text: &str) -> Option<(IpAddr, IpAddr)> {
    let text = text.trim();
    let (first, last) = if let Some((first, last)) = text.split_once('-') {
        (address(first.trim())?, address(last.trim())?)
    } else if text.contains('/') {
        ends(prefix(text)?)
    } else {
        (address(text)?, address(text)?)
    };
    (first.is_ipv4() == last.is_ipv4() && first <= last).then_some((first, last))
}

/// The first and last address of a prefix, bit by bit.
pub fn ends((address, length): Prefix) -> (IpAddr, IpAddr) {
    let fill = |octets: &mut [u8], one: bool| {
        for bit in usize::from(length)..octets.len() * 8 {
            let mask = 0x80 >> (bit % 8);
            if one { octets[bit / 8] |= mask } else { octets[bit / 8] &= !mask }
        }
    };
    match address {
        IpAddr::V4(v4) => {
            let (mut first, mut last) = (v4.octets(), v4.octets());
            fill(&mut first, false);
            fill(&mut last, true);
            (first.into(), last.into())
        }
        IpAddr::V6(v6) => {
            let (mut first, mut last) = (v6.octets(), v6.octets());
            fill(&mut first, false);
            fill(&mut last, true);
            (first.into(), last.into())
        }
    }
}
