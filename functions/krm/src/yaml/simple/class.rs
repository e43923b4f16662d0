//! What a byte can be a part of, looked up in one table.

/// The first byte of a key.
pub(super) const KEY_START: u8 = 1;
/// Any byte of a key.
pub(super) const KEY: u8 = 2;
/// The first byte of a plain scalar.
pub(super) const PLAIN_START: u8 = 4;
/// A byte of a plain scalar that can stand beside any other: all that prints, but blanks and `#`.
pub(super) const PLAIN: u8 = 8;
/// A byte between quotes that stands for itself.
pub(super) const QUOTED: u8 = 16;
/// A byte of a comment, in any language.
pub(super) const COMMENT: u8 = 32;
/// What stands between them.
pub(super) const BLANK: u8 = 64;

/// Whether a byte belongs to a class.
pub(super) fn is(byte: u8, class: u8) -> bool {
    CLASSES[usize::from(byte)] & class != 0
}

const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < classes.len() {
        classes[byte] = classes_of(byte as u8);
        byte += 1;
    }
    classes
};

const fn classes_of(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'_' | b'/' | b'.' => {
            KEY_START | KEY | PLAIN_START | PLAIN | QUOTED | COMMENT
        }
        b'-' => KEY | PLAIN | QUOTED | COMMENT,
        b'+' | b'(' => PLAIN_START | PLAIN | QUOTED | COMMENT,
        b'\\' => PLAIN | COMMENT,
        b' ' => QUOTED | COMMENT | BLANK,
        b'#' => QUOTED | COMMENT,
        b'!'..=b'~' => PLAIN | QUOTED | COMMENT,
        // 0xC2 and 0xEF begin the C1 controls and the byte order mark, which YAML does not print.
        0x80..=0xc1 | 0xc3..=0xee | 0xf0..=0xff => COMMENT,
        _ => 0,
    }
}
