//! Why a package tree cannot be read.

use std::io;

use krm::files::DocumentsError;
use krm::limits::MAX_BYTES;
use krm::yaml::YamlError;
use krm::{FileRef, Finding};
use thiserror::Error;

use crate::codes;

/// Why a package tree cannot be read. Paths are relative to the tree's root, except where the root itself is at fault.
#[derive(Debug, Error)]
pub(crate) enum ReadError {
    /// The root is not there.
    #[error("{dir}: no such directory; expected the directory of a kpt package")]
    Missing {
        /// As the user wrote it.
        dir: String,
    },
    /// The root is a file or something else.
    #[error("{dir} is not a directory; expected the directory of a kpt package")]
    NotADirectory {
        /// As the user wrote it.
        dir: String,
    },
    /// The root holds no Kptfile.
    #[error("{dir} is not a kpt package: it holds no Kptfile; {hint}")]
    NotAPackage {
        /// As the user wrote it.
        dir: String,
        /// Where a package is, or how to make one.
        hint: String,
    },
    /// The file system refuses.
    #[error("{path}: cannot read it: {error}")]
    Io {
        /// The file or directory.
        path: String,
        /// What the operating system says.
        error: io::Error,
    },
    /// A name that no annotation can state.
    #[error("{path}: the name is not UTF-8; rename it, or list it in the package's .krmignore")]
    Name {
        /// As far as it can be shown.
        path: String,
    },
    /// A link that leaves the tree.
    #[error(
        "{path} is a symbolic link to {target}, outside the package; only files below DIR are read and written: copy the \
         file into the package, or list the link in the package's .krmignore"
    )]
    LinkLeaves {
        /// The link.
        path: String,
        /// Where it leads.
        target: String,
    },
    /// A `.krmignore` with a rule that cannot be read.
    #[error("{path}: {message}")]
    Ignore {
        /// The file.
        path: String,
        /// Which rule, and why.
        message: String,
    },
    /// More bytes than [`MAX_BYTES`].
    #[error(
        "{path} has {found} bytes, more than the limit of {MAX_BYTES}; split it, or list it in the package's .krmignore"
    )]
    TooLarge {
        /// The file.
        path: String,
        /// How many it has.
        found: u64,
    },
    /// Not UTF-8, and yet it may hold a resource of ours.
    #[error(
        "{path}: line {line} is not UTF-8, and the file names a resource that krmnet must know; save it as UTF-8, or list \
         it in the package's .krmignore"
    )]
    NotUtf8 {
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
    },
    /// The documents cannot be told apart, and one may be a resource of ours.
    #[error(
        "{path}: {error} (the file names a resource that krmnet must know; if it is none, list it in the package's \
         .krmignore)"
    )]
    Documents {
        /// The file.
        path: String,
        /// What is wrong with it.
        error: DocumentsError,
    },
    /// A document cannot be read, and may be a resource of ours.
    #[error(
        "{path}: {error} (the document names a resource that krmnet must know; if it is none, list the file in the \
         package's .krmignore)"
    )]
    Yaml {
        /// The file.
        path: String,
        /// What is wrong, with the line in the file.
        error: YamlError,
    },
    /// A document holds resources of ours, but is no resource itself.
    #[error("{path}: line {line}: {problem}")]
    NotAResource {
        /// The file.
        path: String,
        /// The document's first line, from 1.
        line: usize,
        /// What was found and what was expected.
        problem: String,
    },
}

impl ReadError {
    /// Whether the command line is at fault, and not a file.
    pub(crate) fn is_usage(&self) -> bool {
        matches!(self, Self::Missing { .. } | Self::NotADirectory { .. } | Self::NotAPackage { .. })
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } | Self::NotADirectory { .. } | Self::NotAPackage { .. } => codes::NOT_A_PACKAGE,
            Self::Io { .. } => codes::UNREADABLE_PATH,
            Self::Name { .. } => codes::NAME_NOT_UTF8,
            Self::LinkLeaves { .. } => codes::LINK_LEAVES_PACKAGE,
            Self::Ignore { .. } => codes::KRMIGNORE_MALFORMED,
            Self::TooLarge { .. } | Self::NotUtf8 { .. } | Self::Documents { .. } | Self::Yaml { .. } => {
                codes::UNREADABLE_RESOURCE
            }
            Self::NotAResource { .. } => codes::NOT_A_RESOURCE,
        }
    }

    fn path(&self) -> Option<&str> {
        match self {
            Self::Missing { .. } | Self::NotADirectory { .. } | Self::NotAPackage { .. } => None,
            Self::Io { path, .. }
            | Self::Name { path }
            | Self::LinkLeaves { path, .. }
            | Self::Ignore { path, .. }
            | Self::TooLarge { path, .. }
            | Self::NotUtf8 { path, .. }
            | Self::Documents { path, .. }
            | Self::Yaml { path, .. }
            | Self::NotAResource { path, .. } => Some(path),
        }
    }
}

impl From<&ReadError> for Finding {
    fn from(error: &ReadError) -> Self {
        Finding::error(error.code(), error.to_string()).file(error.path().map(FileRef::new))
    }
}
