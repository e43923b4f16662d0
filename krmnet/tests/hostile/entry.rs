//! A hostile input, and what has to become of it.

use std::io::{self, Write};

/// Writes the bytes of an input, however many they are.
pub(crate) type Input = Box<dyn Fn(&mut dyn Write) -> io::Result<()> + Send>;

/// What every item of an input that functions may edit has on its line `kind:`, to be counted in the output.
pub(crate) const MARK: &str = "of the input";

/// A named input.
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) input: Input,
    pub(crate) fate: Fate,
    /// Whether only the release binaries are quick enough for it.
    pub(crate) is_large: bool,
}

/// What becomes of an input.
pub(crate) enum Fate {
    /// Exit code 0 and the same bytes; results may follow.
    Kept,
    /// Exit code 0 and every item, perhaps edited: the items have the [`MARK`].
    Done,
    /// The list as a whole is refused: exit code 1, no output, and these words on standard error.
    Refused(&'static str),
    /// An item is at fault to the functions that read it: exit code 1, the same bytes with results, and these words on
    /// standard error. To the others it is [`Fate::Kept`].
    Faulty { to: &'static [&'static str], words: &'static str },
    /// Any of these.
    Any,
}

/// The functions that read an Interface.
pub(crate) const READ_INTERFACES: &[&str] = &["interface-fn", "nad-fn"];
/// The functions that read an IPClaim.
pub(crate) const READ_IP_CLAIMS: &[&str] = &["interface-fn", "ipam-fn", "nad-fn"];
/// The function that reads more of an IPClaim than its metadata.
pub(crate) const READ_IP_SPECS: &[&str] = &["ipam-fn"];
/// The functions that read what they do not know the kind of: all.
pub(crate) const READ_ANYTHING: &[&str] = &["interface-fn", "ipam-fn", "nad-fn", "vlan-fn"];

impl Entry {
    /// An input that is small enough for every build.
    pub(crate) fn text(name: impl Into<String>, text: impl Into<Vec<u8>>, fate: Fate) -> Entry {
        let bytes = text.into();
        Entry { name: name.into(), input: Box::new(move |out| out.write_all(&bytes)), fate, is_large: false }
    }
}
