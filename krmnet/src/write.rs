//! Writing a render back: all files or none as far as a file system allows, and each file whole.
//!
//! First every file is checked to be still what was read, and everything new is written to temporary files beside its
//! place and made durable; nothing has changed until then, and whatever fails leaves nothing behind. Then the files are
//! removed, replaced and made, each in one step of the file system. A render that is killed in between has written each
//! file wholly or not at all, and removals come first, so that no address has two owners on disk; the next render does
//! the rest. Files of one sort are written in the order of their paths: what a killed render left depends on when it was
//! killed and on nothing else, and IPClaims are there before VLANClaims, as when they are made.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use krm::{FileRef, Finding};
use tempfile::{Builder, TempPath};
use thiserror::Error;

use crate::codes;
use crate::package::Change;

mod durable;

use durable::Durability;

/// How temporary files are called. Nothing that kpt or krmnet reads is called so.
const TEMPORARY_PREFIX: &str = ".krmnet-";
const TEMPORARY_SUFFIX: &str = ".tmp";

/// Less the umask.
const MODE_OF_A_NEW_FILE: u32 = 0o666;

/// Making and writing a file waits for the disk; the disk takes many at once.
const WRITERS: usize = 16;

/// Why files were not written.
#[derive(Debug, Error)]
pub(crate) enum WriteError {
    /// Somebody else wrote the file while the render ran.
    #[error("{path} was changed while krmnet ran; nothing was written: render again")]
    ChangedUnderneath {
        /// From the root.
        path: String,
    },
    /// A new file's place is taken.
    #[error("{path} was made while krmnet ran, and krmnet needs that name; nothing was written: render again")]
    Taken {
        /// From the root.
        path: String,
    },
    /// The file says that it is not to be written.
    #[error("{path} is read-only; nothing was written: make it writable (chmod u+w), or leave it out with .krmignore")]
    ReadOnly {
        /// From the root.
        path: String,
    },
    /// The file system refuses, before anything was changed.
    #[error("{path}: cannot write it: {error}; nothing was written")]
    Prepare {
        /// From the root.
        path: String,
        /// What the operating system says.
        error: io::Error,
    },
    /// The file system refuses, when some files were written already.
    #[error(
        "{path}: cannot write it: {error}; {done} of {all} files were written, each of them wholly: mend the cause and \
         render again, which does the rest"
    )]
    Commit {
        /// From the root.
        path: String,
        /// What the operating system says.
        error: io::Error,
        /// How many files were written before.
        done: usize,
        /// How many there were to write.
        all: usize,
    },
}

impl WriteError {
    fn code(&self) -> &'static str {
        match self {
            Self::ChangedUnderneath { .. } | Self::Taken { .. } => codes::CHANGED_UNDERNEATH,
            Self::ReadOnly { .. } => codes::READ_ONLY,
            Self::Prepare { .. } | Self::Commit { .. } => codes::WRITE_FAILED,
        }
    }

    fn path(&self) -> &str {
        match self {
            Self::ChangedUnderneath { path }
            | Self::Taken { path }
            | Self::ReadOnly { path }
            | Self::Prepare { path, .. }
            | Self::Commit { path, .. } => path,
        }
    }
}

impl From<&WriteError> for Finding {
    fn from(error: &WriteError) -> Self {
        Finding::error(error.code(), error.to_string()).file(FileRef::new(error.path()))
    }
}

/// Writes the changes to the tree at `root`.
pub(crate) fn write(root: &Path, changes: &[Change]) -> Result<(), WriteError> {
    if changes.is_empty() {
        return Ok(());
    }
    // Two renders of one tree take turns; the second one then finds its files changed. Where the file system has no
    // locks, that check is all there is.
    let turn = File::open(root);
    let _ = turn.as_ref().map(File::lock);
    write_with(changes, |_| Ok(()))
}

/// [`write`] with a hook that is called before each change and can make it fail, for tests of what a crash leaves behind.
fn write_with(changes: &[Change], before: impl Fn(&Change) -> io::Result<()>) -> Result<(), WriteError> {
    let mut staged = stage_all(changes)?;
    staged.sort_by(|a, b| a.change.order().cmp(&b.change.order()).then_with(|| a.change.path.cmp(&b.change.path)));
    let all = staged.len();
    for (done, staged) in staged.into_iter().enumerate() {
        let change = staged.change;
        before(change).and_then(|()| staged.commit()).map_err(|error| WriteError::Commit {
            path: change.path.clone(),
            error,
            done,
            all,
        })?;
    }
    Ok(())
}

impl Change {
    /// Removals, then replacements, then new files.
    fn order(&self) -> u8 {
        match (&self.before, &self.after) {
            (_, None) => 0,
            (Some(_), Some(_)) => 1,
            (None, Some(_)) => 2,
        }
    }
}

/// A change whose new text, if any, is on disk under another name. Dropped, it leaves nothing behind.
struct Staged<'c> {
    change: &'c Change,
    /// Closed: a fleet has more files than a process may hold open.
    temporary: Option<TempPath>,
}

impl Staged<'_> {
    fn commit(self) -> io::Result<()> {
        let disk = &self.change.disk;
        match self.temporary {
            None => fs::remove_file(disk),
            Some(temporary) if self.change.before.is_some() => temporary.persist(disk).map_err(|failed| failed.error),
            Some(temporary) => temporary.persist_noclobber(disk).map_err(|failed| failed.error),
        }
    }
}

/// Checks and stages all changes, several at once.
fn stage_all(changes: &[Change]) -> Result<Vec<Staged<'_>>, WriteError> {
    remove_leftovers(changes);
    let durability = Durability::of(changes);
    let next = AtomicUsize::new(0);
    let work = || {
        let mut staged = Vec::new();
        while let Some(change) = changes.get(next.fetch_add(1, Ordering::Relaxed)) {
            staged.push(stage(change, durability));
        }
        staged
    };
    let staged: Vec<_> = if changes.len() < WRITERS {
        work()
    } else {
        thread::scope(|scope| {
            let threads: Vec<_> = (0..WRITERS).map(|_| scope.spawn(work)).collect();
            threads
                .into_iter()
                .flat_map(|thread| thread.join().unwrap_or_else(|_| vec![Err(ended_early(changes))]))
                .collect()
        })
    };
    let staged = staged.into_iter().collect::<Result<_, _>>()?;
    durability.finish(changes)?;
    Ok(staged)
}

fn ended_early(changes: &[Change]) -> WriteError {
    let path = changes.first().map(|change| change.path.clone()).unwrap_or_default();
    WriteError::Prepare { path, error: io::Error::other("a thread ended early") }
}

fn stage(change: &Change, durability: Durability) -> Result<Staged<'_>, WriteError> {
    let refused = |error| WriteError::Prepare { path: change.path.clone(), error };
    verify(change)?;
    let Some(text) = &change.after else { return Ok(Staged { change, temporary: None }) };
    let directory = change.disk.parent().unwrap_or(Path::new("."));
    let mut builder = Builder::new();
    builder.prefix(TEMPORARY_PREFIX).suffix(TEMPORARY_SUFFIX);
    let metadata = change.before.as_ref().map(|_| fs::metadata(&change.disk)).transpose().map_err(refused)?;
    match &metadata {
        Some(metadata) => builder.permissions(metadata.permissions()),
        None => builder.permissions(Permissions::from_mode(MODE_OF_A_NEW_FILE)),
    };
    let mut temporary = builder.tempfile_in(directory).map_err(refused)?;
    temporary.write_all(text.as_bytes()).map_err(refused)?;
    if let Some(metadata) = &metadata {
        // The mode given at creation went through the umask.
        temporary.as_file().set_permissions(metadata.permissions()).map_err(refused)?;
        keep_owner(temporary.as_file(), metadata);
    }
    durability.file(temporary.as_file()).map_err(refused)?;
    Ok(Staged { change, temporary: Some(temporary.into_temp_path()) })
}

/// Fails unless the file is still what was read, and may be written.
fn verify(change: &Change) -> Result<(), WriteError> {
    let path = || change.path.clone();
    let refused = |error| WriteError::Prepare { path: path(), error };
    let Some(before) = &change.before else {
        return match fs::symlink_metadata(&change.disk) {
            Ok(_) => Err(WriteError::Taken { path: path() }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(refused(error)),
        };
    };
    match fs::read(&change.disk) {
        Ok(now) if now == before.as_bytes() => {}
        Ok(_) => return Err(WriteError::ChangedUnderneath { path: path() }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(WriteError::ChangedUnderneath { path: path() });
        }
        Err(error) => return Err(refused(error)),
    }
    // A file is replaced by its directory's leave alone; whether it may be written itself is for us to ask.
    if fs::metadata(&change.disk).map_err(refused)?.permissions().readonly() {
        return Err(WriteError::ReadOnly { path: path() });
    }
    match OpenOptions::new().write(true).open(&change.disk) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Err(WriteError::ReadOnly { path: path() }),
        Err(error) => Err(refused(error)),
    }
}

/// Removes what a render that was killed has left in the directories that are written now.
fn remove_leftovers(changes: &[Change]) {
    let mut directories: Vec<&Path> = changes.iter().filter_map(|change| change.disk.parent()).collect();
    directories.sort_unstable();
    directories.dedup();
    for entry in directories.into_iter().filter_map(|directory| fs::read_dir(directory).ok()).flatten().flatten() {
        let name = entry.file_name();
        let is_ours =
            name.to_str().is_some_and(|name| name.starts_with(TEMPORARY_PREFIX) && name.ends_with(TEMPORARY_SUFFIX));
        if is_ours {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// A file that belongs to somebody else stays theirs where we are allowed to give it away.
fn keep_owner(file: &File, metadata: &fs::Metadata) {
    let ours = file.metadata().map(|ours| (ours.uid(), ours.gid()));
    if ours.is_ok_and(|ours| ours != (metadata.uid(), metadata.gid())) {
        let _ = fchown(file, Some(metadata.uid()), Some(metadata.gid()));
    }
}

#[cfg(test)]
mod tests;
