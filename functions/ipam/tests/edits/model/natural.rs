//! The order within a step: by package, namespace and name, each in natural order.

use ipam::Key;

/// What a text is compared by: numbers by their value, everything else by bytes; ties by bytes.
type Natural = (Vec<Piece>, String);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Piece {
    Number(u128),
    Byte(u8),
}

/// What a key is compared by; a package component by component.
pub(crate) fn natural(key: &Key) -> (Vec<Natural>, Natural, Natural) {
    (key.package.split('/').map(pieces).collect(), pieces(&key.namespace), pieces(&key.name))
}

/// The names of this world begin with letters, so that a number is never compared with another character.
fn pieces(text: &str) -> Natural {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let digits = rest.chars().take_while(char::is_ascii_digit).count();
        if digits > 0 {
            pieces.push(Piece::Number(rest[..digits].parse().expect("a number")));
            rest = &rest[digits..];
        } else {
            pieces.push(Piece::Byte(u8::try_from(first).expect("ASCII")));
            rest = &rest[1..];
        }
    }
    (pieces, text.to_owned())
}
