//! Reading a tree: all its files, with as many threads as the machine has cores.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use krm::limits::MAX_BYTES;

use super::discover::{self, FoundFile, FoundPackage};
use super::documents::{self, Documents};
use super::error::ReadError;
use super::file::PackageFile;
use super::{Package, PackageTree};

/// Fewer files are not worth a thread.
const FILES_PER_THREAD: usize = 200;

/// What was read of one file.
type Read = Result<(PackageFile, Documents), ReadError>;

impl PackageTree {
    /// Reads the packages at and below `dir`.
    ///
    /// # Errors
    /// All that is wrong with the files, or the one thing that keeps them from being found.
    pub(crate) fn read(dir: &Path) -> Result<PackageTree, Vec<ReadError>> {
        let root = root(dir).map_err(|error| vec![error])?;
        let found = discover::discover(&root).map_err(|error| vec![error])?;
        let files: Vec<(&str, &FoundFile)> =
            found.iter().flat_map(|package| package.files.iter().map(|file| (package.dir.as_str(), file))).collect();
        let mut errors = Vec::new();
        let mut read = read_all(&files).into_iter();
        let mut packages: Vec<Package> = Vec::with_capacity(found.len());
        for (number, found) in found.iter().enumerate() {
            let mut package = match kptfile(found) {
                Ok(kptfile) => new_package(found, number, kptfile),
                Err(error) => {
                    errors.push(error);
                    new_package(found, number, "".into())
                }
            };
            for read in read.by_ref().take(found.files.len()) {
                match read {
                    Ok((file, documents)) => package.take_in(file, documents),
                    Err(error) => errors.push(error),
                }
            }
            packages.push(package);
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        close_subtrees(&mut packages, &found);
        let by_dir: HashMap<_, _> =
            packages.iter().enumerate().map(|(number, package)| (package.dir.clone(), number)).collect();
        Ok(PackageTree { root, packages, by_dir })
    }
}

impl Package {
    fn take_in(&mut self, file: PackageFile, documents: Documents) {
        if documents.items.is_empty() {
            self.reserved.push(file.path);
            return;
        }
        self.items.extend(documents.items.into_iter().map(Some));
        self.files.push(PackageFile { documents: documents.documents, ..file });
    }
}

fn new_package(found: &FoundPackage, number: usize, kptfile: Arc<str>) -> Package {
    Package {
        dir: found.dir.clone(),
        kptfile,
        end: number + 1,
        files: Vec::with_capacity(found.files.len()),
        items: Vec::with_capacity(found.files.len()),
        reserved: found.reserved.clone(),
    }
}

/// Makes each package end where the last one inside it ends.
fn close_subtrees(packages: &mut [Package], found: &[FoundPackage]) {
    for number in (0..packages.len()).rev() {
        let end = packages.get(number).map_or(0, |package| package.end);
        let parent = found.get(number).and_then(|found| found.parent);
        if let Some(parent) = parent.and_then(|parent| packages.get_mut(parent)) {
            parent.end = parent.end.max(end);
        }
    }
}

/// The directory to read, once it is known to be a package.
fn root(dir: &Path) -> Result<std::path::PathBuf, ReadError> {
    let shown = dir.display().to_string();
    let root = dir.canonicalize().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => ReadError::Missing { dir: shown.clone() },
        _ => ReadError::Io { path: shown.clone(), error },
    })?;
    if !root.is_dir() {
        return Err(ReadError::NotADirectory { dir: shown });
    }
    if !root.join(discover::KPTFILE).is_file() {
        // A directory that cannot be looked into shows no Kptfile either.
        fs::read_dir(&root).map_err(|error| ReadError::Io { path: shown.clone(), error })?;
        let hint = match root.ancestors().skip(1).find(|above| above.join(discover::KPTFILE).is_file()) {
            Some(above) => format!("the package around it is {}", above.display()),
            None => "`kpt pkg init` writes one".to_owned(),
        };
        return Err(ReadError::NotAPackage { dir: shown, hint });
    }
    Ok(root)
}

/// Reads the files, in their order.
fn read_all(files: &[(&str, &FoundFile)]) -> Vec<Read> {
    let read_part =
        |part: &[(&str, &FoundFile)]| part.iter().map(|(dir, file)| read_file(dir, file)).collect::<Vec<_>>();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let threads = (files.len() / FILES_PER_THREAD).clamp(1, cores);
    if threads == 1 {
        return read_part(files);
    }
    thread::scope(|scope| {
        let parts: Vec<_> = files
            .chunks(files.len().div_ceil(threads))
            .map(|part| (part, scope.spawn(move || read_part(part))))
            .collect();
        // A thread that ended without an answer leaves its work to this one.
        parts.into_iter().flat_map(|(part, thread)| thread.join().unwrap_or_else(|_| read_part(part))).collect()
    })
}

fn read_file(dir: &str, found: &FoundFile) -> Read {
    let path = || discover::join(dir, &found.path);
    let bytes = bytes(&found.disk, path)?;
    let (source, documents) = match String::from_utf8(bytes) {
        Ok(text) => {
            let source: Arc<str> = text.into();
            let documents = documents::read(dir, &found.path, &source)?;
            (source, documents)
        }
        Err(error) if documents::may_name_ours(error.as_bytes()) => {
            return Err(ReadError::NotUtf8 { path: path(), line: line_of(&error) });
        }
        Err(_) => ("".into(), Documents::default()),
    };
    let file = PackageFile { path: found.path.clone(), disk: found.disk.clone(), source, documents: Vec::new() };
    Ok((file, documents))
}

fn kptfile(found: &FoundPackage) -> Result<Arc<str>, ReadError> {
    let path = || discover::join(&found.dir, discover::KPTFILE);
    let bytes = bytes(&found.kptfile, path)?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text.into()),
        Err(error) => Err(ReadError::NotUtf8 { path: path(), line: line_of(&error) }),
    }
}

/// The bytes of a file, unless it is too large.
fn bytes(disk: &Path, path: impl Fn() -> String) -> Result<Vec<u8>, ReadError> {
    let refused = |error| ReadError::Io { path: path(), error };
    let found = fs::metadata(disk).map_err(refused)?.len();
    if found > MAX_BYTES as u64 {
        return Err(ReadError::TooLarge { path: path(), found });
    }
    fs::read(disk).map_err(refused)
}

/// The line of the first byte that is not UTF-8, from 1.
fn line_of(error: &std::string::FromUtf8Error) -> usize {
    let valid = error.utf8_error().valid_up_to();
    error.as_bytes().iter().take(valid).filter(|byte| **byte == b'\n').count().saturating_add(1)
}
