//! Finding the packages of a tree and their files, as kpt does.
//!
//! A package is a directory with a Kptfile; it owns the files below it that no inner package owns. `.krmignore` hides
//! files of its own package and not packages. Symbolic links to files are followed, those to directories are not. Unlike
//! kpt, `.git` directories are left alone: nothing in them is a resource, whatever a branch is called.

use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};

use super::error::ReadError;
use super::ignore::{self, IgnoreRules};

/// The file that makes a directory a package.
pub(super) const KPTFILE: &str = "Kptfile";
const GIT: &str = ".git";

/// A package that was found.
#[derive(Debug)]
pub(super) struct FoundPackage {
    /// Its directory from the root, empty for the root.
    pub(super) dir: String,
    /// The package around it, by its position among those found.
    pub(super) parent: Option<usize>,
    /// Where its Kptfile lies.
    pub(super) kptfile: PathBuf,
    /// The files that hold resources, by their paths from the package's directory.
    pub(super) files: Vec<FoundFile>,
    /// Paths that hold no resources and that a new resource must not be written over.
    pub(super) reserved: Vec<String>,
    rules: IgnoreRules,
}

/// A file that was found.
#[derive(Debug)]
pub(super) struct FoundFile {
    /// From the package's directory.
    pub(super) path: String,
    /// Where its bytes lie: itself, or what the link leads to.
    pub(super) disk: PathBuf,
}

/// A directory to look into.
struct Pending {
    disk: PathBuf,
    /// From the root, empty for the root.
    path: String,
    /// The package around it.
    package: Option<usize>,
    /// Whether the rules of that package leave it out; only inner packages are looked for then.
    left_out: bool,
}

/// The packages of the tree at `root` (an existing, canonical directory), outer ones before inner ones, and those of one
/// package next to each other.
pub(super) fn discover(root: &Path) -> Result<Vec<FoundPackage>, ReadError> {
    let mut walk = Walk { root, packages: Vec::new() };
    let mut pending = vec![Pending { disk: root.to_path_buf(), path: String::new(), package: None, left_out: false }];
    while let Some(directory) = pending.pop() {
        let mut inner = walk.visit(directory)?;
        inner.reverse();
        pending.append(&mut inner);
    }
    Ok(walk.packages)
}

struct Walk<'r> {
    root: &'r Path,
    packages: Vec<FoundPackage>,
}

impl Walk<'_> {
    /// Takes in one directory; answers those in it.
    fn visit(&mut self, mut directory: Pending) -> Result<Vec<Pending>, ReadError> {
        let entries = sorted_entries(&directory.disk).map_err(|error| io_error(shown(&directory.path), error))?;
        if let Some(kptfile) = self.kptfile(&directory, &entries)? {
            let rules = self.rules(&directory, &entries)?;
            let files = Vec::new();
            let reserved = Vec::new();
            let dir = directory.path.clone();
            self.packages.push(FoundPackage { dir, parent: directory.package, kptfile, files, reserved, rules });
            directory.package = self.packages.len().checked_sub(1);
            directory.left_out = false;
        }
        let mut inner = Vec::new();
        for entry in &entries {
            let kind = entry.file_type().map_err(|error| io_error(&entry.path().to_string_lossy(), error))?;
            let name = entry.file_name();
            let name = name.to_str().ok_or_else(|| name.to_string_lossy().into_owned());
            match name {
                Ok(GIT) if kind.is_dir() => {}
                Ok(name) if kind.is_dir() => inner.push(self.inner(&directory, name, entry.path())),
                Ok(name) => self.file(&directory, name, entry)?,
                Err(lossy) if kind.is_dir() || reads(&lossy) => self.unnameable(&directory, &lossy, kind.is_dir())?,
                Err(_) => {}
            }
        }
        Ok(inner)
    }

    fn inner(&self, directory: &Pending, name: &str, disk: PathBuf) -> Pending {
        let path = join(&directory.path, name);
        let left_out = directory.left_out || self.leaves_out(directory, &path, true);
        Pending { disk, path, package: directory.package, left_out }
    }

    fn file(&mut self, directory: &Pending, name: &str, entry: &DirEntry) -> Result<(), ReadError> {
        let path = join(&directory.path, name);
        if directory.left_out || !reads(name) {
            return Ok(());
        }
        let disk = match self.leaves_out(directory, &path, false) {
            true => None,
            false => self.regular_file(&path, entry)?,
        };
        let Some(package) = directory.package.and_then(|package| self.packages.get_mut(package)) else {
            return Ok(());
        };
        let path = below(&package.dir, &path).to_owned();
        match disk {
            Some(disk) => package.files.push(FoundFile { path, disk }),
            None => package.reserved.push(path),
        }
        Ok(())
    }

    /// A name that is not UTF-8 can stand in no path annotation. Where the rules leave it out that does not matter.
    fn unnameable(&self, directory: &Pending, lossy: &str, is_directory: bool) -> Result<(), ReadError> {
        let path = join(&directory.path, lossy);
        if directory.left_out || self.leaves_out(directory, &path, is_directory) {
            return Ok(());
        }
        Err(ReadError::Name { path })
    }

    fn leaves_out(&self, directory: &Pending, path: &str, is_directory: bool) -> bool {
        let package = directory.package.and_then(|package| self.packages.get(package));
        package.is_some_and(|package| package.rules.leaves_out(below(&package.dir, path), is_directory))
    }

    fn kptfile(&self, directory: &Pending, entries: &[DirEntry]) -> Result<Option<PathBuf>, ReadError> {
        match entries.iter().find(|entry| entry.file_name() == KPTFILE) {
            Some(entry) => self.regular_file(&join(&directory.path, KPTFILE), entry),
            None => Ok(None),
        }
    }

    fn rules(&self, directory: &Pending, entries: &[DirEntry]) -> Result<IgnoreRules, ReadError> {
        let Some(entry) = entries.iter().find(|entry| entry.file_name() == ignore::FILE_NAME) else {
            return Ok(IgnoreRules::none());
        };
        let path = join(&directory.path, ignore::FILE_NAME);
        let Some(disk) = self.regular_file(&path, entry)? else { return Ok(IgnoreRules::none()) };
        let text = fs::read_to_string(disk).map_err(|error| io_error(&path, error))?;
        IgnoreRules::parse(&text).map_err(|message| ReadError::Ignore { path, message })
    }

    /// Where the bytes of a file lie; nothing for what is neither a file nor a link to one.
    fn regular_file(&self, path: &str, entry: &DirEntry) -> Result<Option<PathBuf>, ReadError> {
        let kind = entry.file_type().map_err(|error| io_error(path, error))?;
        if !kind.is_symlink() {
            return Ok(kind.is_file().then(|| entry.path()));
        }
        let target = match entry.path().canonicalize() {
            Ok(target) => target,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(io_error(path, error)),
        };
        if !target.is_file() {
            return Ok(None);
        }
        if !target.starts_with(self.root) {
            let target = target.to_string_lossy().into_owned();
            return Err(ReadError::LinkLeaves { path: path.to_owned(), target });
        }
        Ok(Some(target))
    }
}

/// Whether kpt reads files of this name.
fn reads(name: &str) -> bool {
    name == KPTFILE || [".yaml", ".yml", ".json"].iter().any(|ending| name.ends_with(ending))
}

fn sorted_entries(directory: &Path) -> io::Result<Vec<DirEntry>> {
    let mut entries = fs::read_dir(directory)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_unstable_by_key(DirEntry::file_name);
    Ok(entries)
}

fn io_error(path: &str, error: io::Error) -> ReadError {
    ReadError::Io { path: path.to_owned(), error }
}

fn shown(path: &str) -> &str {
    if path.is_empty() { "." } else { path }
}

/// A name in a directory, both from the root.
pub(super) fn join(directory: &str, name: &str) -> String {
    if directory.is_empty() { name.to_owned() } else { format!("{directory}/{name}") }
}

/// A path from the root, seen from a directory around it.
fn below<'p>(directory: &str, path: &'p str) -> &'p str {
    match path.strip_prefix(directory) {
        Some(rest) => rest.strip_prefix('/').unwrap_or(rest),
        None => path,
    }
}
