//! Two ways to one answer, compared: what no user of the crate sees and what a fuzzer must.
//!
//! Only tests and the feature `fuzzing` compile this; the fuzz targets in `fuzz/` are its users.

/// Whether both ways of finding the items of a ResourceList, by its lines and by a parse of the whole document, find the
/// same. `false` where the lines are not enough, so that only the parse answers.
///
/// # Errors
/// What differs.
pub fn paths_agree(text: &str) -> Result<bool, String> {
    crate::list::paths_agree(text)
}

/// Whether the plain reader and the YAML parser find the same nodes. `false` where the plain reader does not answer.
///
/// # Errors
/// What differs.
pub fn readers_agree(text: &str) -> Result<bool, String> {
    crate::yaml::readers_agree(text)
}

/// Whether an edited item's text, read again, says what was meant. One that does not is never written: the run fails.
#[must_use]
pub fn is_confirmed(item: &crate::Item) -> bool {
    item.is_sound()
}
