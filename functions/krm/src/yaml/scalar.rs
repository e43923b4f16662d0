//! Plain scalars: what they mean, and which text may be written plain.

use serde_json::{Number, Value};

/// What a plain scalar means in the YAML 1.2 core schema (spec 10.3.2), or `None` if it is text.
///
/// Numbers that YAML versions read differently (`0777`, `0b11`, `1_000`, `12:30`) are text, and so are those that a
/// 64-bit number cannot hold.
pub(super) fn resolve(text: &str) -> Option<Value> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Some(Value::Null),
        "true" | "True" | "TRUE" => Some(Value::Bool(true)),
        "false" | "False" | "FALSE" => Some(Value::Bool(false)),
        _ if text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) => {
            integer(text).or_else(|| float(text)).map(Value::Number)
        }
        _ => None,
    }
}

fn integer(text: &str) -> Option<Number> {
    if let Some(hex) = text.strip_prefix("0x") {
        return digits(hex, 16).then(|| u64::from_str_radix(hex, 16).ok())?.map(Number::from);
    }
    if let Some(octal) = text.strip_prefix("0o") {
        return digits(octal, 8).then(|| u64::from_str_radix(octal, 8).ok())?.map(Number::from);
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let leading_zero = unsigned.len() > 1 && unsigned.starts_with('0');
    if !digits(unsigned, 10) || leading_zero {
        return None;
    }
    if text.starts_with('-') {
        return text.parse::<i64>().ok().map(Number::from);
    }
    unsigned.parse::<u64>().ok().map(Number::from)
}

fn digits(text: &str, radix: u32) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_digit(radix))
}

fn float(text: &str) -> Option<Number> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    if let Some(exponent) = exponent
        && !digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent), 10)
    {
        return None;
    }
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let leading_zero = whole.len() > 1 && whole.starts_with('0');
    let well_formed = (whole.is_empty() || digits(whole, 10))
        && (fraction.is_empty() || digits(fraction, 10))
        && !(whole.is_empty() && fraction.is_empty());
    if !well_formed || leading_zero || (exponent.is_none() && !mantissa.contains('.')) {
        return None;
    }
    text.parse::<f64>().ok().filter(|f| f.is_finite()).and_then(Number::from_f64)
}

/// Whether a text, written plain in block style, is read back as that text by every YAML 1.1 and 1.2 reader.
///
/// Conservative: words and phrases that start with a letter, and IP addresses and prefixes. Everything else is quoted.
pub(super) fn is_plain_text(text: &str) -> bool {
    if is_words(text) { !is_reserved_word(text) } else { is_address(text) }
}

fn is_words(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && !text.ends_with(' ')
        && !text.contains("  ")
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b' ' | b'.' | b'_' | b'/' | b'-' | b'@' | b'(' | b')'))
}

/// The words that YAML 1.1 or 1.2 read as null or a boolean; `.inf` and `.nan` start with a dot and are never plain.
fn is_reserved_word(text: &str) -> bool {
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// `10.1.3.2`, `10.1.3.2/24`, `2001:db8::2/64`: neither a number, nor a sexagesimal one, nor a timestamp in any YAML.
fn is_address(text: &str) -> bool {
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (text, None),
    };
    if length.is_some_and(|length| !digits(length, 10)) || address.starts_with(':') || text.ends_with(':') {
        return false;
    }
    match address.parse::<std::net::IpAddr>() {
        Ok(std::net::IpAddr::V4(_)) => true,
        // Without `::` eight decimal groups would be a YAML 1.1 sexagesimal number.
        Ok(std::net::IpAddr::V6(_)) => address.contains("::") || length.is_some(),
        Err(_) => false,
    }
}
