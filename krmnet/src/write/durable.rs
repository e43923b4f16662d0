//! What is written is on the disk before anything takes its place: else a power cut may leave an empty file where an old
//! one was.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::WriteError;
use crate::package::Change;

/// From so many files on, one flush of the whole file system costs less than one for each file.
const MANY: usize = 64;

/// How files are made durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Durability {
    /// Each file when it is written.
    EachFile,
    /// Whole file systems, once all files are written.
    FileSystems,
}

impl Durability {
    /// What suits so many changes.
    pub(super) fn of(changes: &[Change]) -> Durability {
        if cfg!(target_os = "linux") && changes.len() >= MANY { Self::FileSystems } else { Self::EachFile }
    }

    /// To be called when a file was written.
    pub(super) fn file(self, file: &File) -> io::Result<()> {
        match self {
            Self::EachFile => file.sync_all(),
            Self::FileSystems => Ok(()),
        }
    }

    /// To be called when all files were written.
    pub(super) fn finish(self, changes: &[Change]) -> Result<(), WriteError> {
        if self == Self::EachFile {
            return Ok(());
        }
        // A link or a mount may lead to another file system.
        let mut devices: BTreeMap<u64, (&Path, &Change)> = BTreeMap::new();
        for change in changes.iter().filter(|change| change.after.is_some()) {
            let directory = change.disk.parent().unwrap_or(Path::new("."));
            let metadata = fs::metadata(directory).map_err(|error| refused(change, error))?;
            devices.entry(metadata.dev()).or_insert((directory, change));
        }
        for (directory, change) in devices.into_values() {
            flush_file_system(directory).map_err(|error| refused(change, error))?;
        }
        Ok(())
    }
}

fn refused(change: &Change, error: io::Error) -> WriteError {
    WriteError::Prepare { path: change.path.clone(), error }
}

/// syncfs(2): since Linux 5.8 it also tells of files that could not be written.
#[cfg(target_os = "linux")]
fn flush_file_system(directory: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(directory)?)?)
}

/// Without syncfs each file is flushed on its own: [`Durability::of`].
#[cfg(not(target_os = "linux"))]
fn flush_file_system(_: &Path) -> io::Result<()> {
    Ok(())
}
