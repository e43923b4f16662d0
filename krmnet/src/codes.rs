//! The codes of what `krmnet render` itself reports, beside those of the functions. Codes are stable: users write rules on
//! them.

// What keeps a tree from being read.

/// The directory is no package.
pub(crate) const NOT_A_PACKAGE: &str = "not-a-package";
/// The file system refuses to read something.
pub(crate) const UNREADABLE_PATH: &str = "unreadable-path";
/// The name of a file is not UTF-8.
pub(crate) const NAME_NOT_UTF8: &str = "name-not-utf8";
/// A symbolic link leads out of the tree.
pub(crate) const LINK_LEAVES_PACKAGE: &str = "link-leaves-package";
/// A rule of a `.krmignore` cannot be read.
pub(crate) const KRMIGNORE_MALFORMED: &str = "krmignore-malformed";
/// A file cannot be read, and may hold a resource of ours.
pub(crate) const UNREADABLE_RESOURCE: &str = "unreadable-resource";
/// A document holds resources of ours in a form that is not read.
pub(crate) const NOT_A_RESOURCE: &str = "not-a-resource";

// What keeps a pipeline from running.

/// A Kptfile, or its pipeline, cannot be read.
pub(crate) const PIPELINE_MALFORMED: &str = "pipeline-malformed";
/// A step is none of the built-in functions.
pub(crate) const NOT_BUILT_IN: &str = "not-built-in";
/// The configuration of a step is not what it must be.
pub(crate) const STEP_CONFIG: &str = "step-config";

// What keeps the files from being written.

/// A file changed, or was made, while the render ran.
pub(crate) const CHANGED_UNDERNEATH: &str = "changed-underneath";
/// A file is not to be written.
pub(crate) const READ_ONLY: &str = "read-only";
/// The file system refuses to write something.
pub(crate) const WRITE_FAILED: &str = "write-failed";
/// Two links lead to one file, and both were edited.
pub(crate) const LINKS_TO_ONE_FILE: &str = "links-to-one-file";

/// Every code that krmnet itself can report, beside those of its functions and of `krm::codes::CODES`.
pub const CODES: &[&str] = &[
    CHANGED_UNDERNEATH,
    KRMIGNORE_MALFORMED,
    LINK_LEAVES_PACKAGE,
    LINKS_TO_ONE_FILE,
    NAME_NOT_UTF8,
    NOT_A_PACKAGE,
    NOT_A_RESOURCE,
    NOT_BUILT_IN,
    PIPELINE_MALFORMED,
    READ_ONLY,
    STEP_CONFIG,
    UNREADABLE_PATH,
    UNREADABLE_RESOURCE,
    WRITE_FAILED,
];
