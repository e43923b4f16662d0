//! A directory tree as a value, so that trees can be written, compared and stored as golden files.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use similar::TextDiff;

/// kpt renders every folder that holds a file of this name, so golden cases must not hold one.
const KPTFILE: &str = "Kptfile";
/// The name under which golden cases store a Kptfile.
const STORED_KPTFILE: &str = "Kptfile.in";

/// What lies at one path of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// A regular file with its bytes.
    File(Vec<u8>),
    /// A symbolic link with its target, not followed.
    Link(PathBuf),
}

/// All files of a directory by relative path, `/` between components. Empty directories do not count: Git has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tree(BTreeMap<String, Entry>);

impl Tree {
    /// Reads the directory `root`.
    pub(crate) fn read(root: &Path) -> anyhow::Result<Self> {
        Self::read_except(root, &[])
    }

    /// Reads the directory `root` without looking into some of its folders.
    pub(crate) fn read_except(root: &Path, folders_left_out: &[&str]) -> anyhow::Result<Self> {
        let left_out: Vec<_> = folders_left_out.iter().map(|name| root.join(name)).collect();
        let mut tree = Self::default();
        let mut folders = vec![root.to_path_buf()];
        while let Some(folder) = folders.pop() {
            let listing = fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))?;
            for found in listing {
                let path = found?.path();
                if left_out.contains(&path) {
                    continue;
                }
                if path.is_dir() && !path.is_symlink() {
                    folders.push(path);
                } else {
                    tree.0.insert(relative(root, &path)?, Entry::read_from(&path)?);
                }
            }
        }
        Ok(tree)
    }

    /// Reads a stored tree (the `in/` or `out/` of a case): `Kptfile.in` becomes `Kptfile`.
    pub(crate) fn read_stored(root: &Path) -> anyhow::Result<Self> {
        let stored = Self::read(root)?;
        ensure!(!stored.0.is_empty(), "{} holds no file", root.display());
        let mut tree = Self::default();
        for (path, entry) in stored.0 {
            ensure!(
                base_name(&path) != KPTFILE,
                "{}: {path}: store it as {STORED_KPTFILE}, or kpt takes the case for a package of this repository",
                root.display(),
            );
            tree.0.insert(with_base_name(&path, STORED_KPTFILE, KPTFILE), entry);
        }
        Ok(tree)
    }

    /// Writes the tree below `root`, which need not exist.
    pub(crate) fn write(&self, root: &Path) -> anyhow::Result<()> {
        for (path, entry) in &self.0 {
            entry.write_to(&root.join(path))?;
        }
        Ok(())
    }

    /// Replaces what `root` holds by the tree in its stored form.
    pub(crate) fn write_stored(&self, root: &Path) -> anyhow::Result<()> {
        if root.exists() {
            fs::remove_dir_all(root).with_context(|| format!("removing {}", root.display()))?;
        }
        let stored = self.0.iter().map(|(path, entry)| (with_base_name(path, KPTFILE, STORED_KPTFILE), entry.clone()));
        Self(stored.collect()).write(root)
    }

    /// The entries in path order.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.0.iter().map(|(path, entry)| (path.as_str(), entry))
    }

    /// The regular files whose name ends in one of kpt's YAML endings.
    pub(crate) fn yaml_files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.entries().filter_map(|(path, entry)| match entry {
            Entry::File(bytes) if is_yaml(path) => Some((path, bytes.as_slice())),
            _ => None,
        })
    }

    /// Whether the tree holds this path.
    pub(crate) fn contains(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }

    /// Adds or replaces a regular file.
    pub(crate) fn insert(&mut self, path: &str, text: &str) {
        self.0.insert(path.to_owned(), Entry::File(text.as_bytes().to_vec()));
    }

    /// The tree with the text of each Kptfile passed through `edit`.
    pub(crate) fn map_kptfiles(mut self, edit: impl Fn(&str) -> String) -> Self {
        for (path, entry) in &mut self.0 {
            if let Entry::File(bytes) = entry
                && base_name(path) == KPTFILE
            {
                *bytes = edit(&String::from_utf8_lossy(bytes)).into_bytes();
            }
        }
        self
    }

    /// Fails with a readable difference unless both trees hold the same paths with the same bytes.
    pub(crate) fn ensure_same(&self, expected: &Self) -> anyhow::Result<()> {
        let mut report = String::new();
        for (path, entry) in &expected.0 {
            match self.0.get(path) {
                None => report.push_str(&format!("{path}: missing\n")),
                Some(found) if found != entry => report.push_str(&entry.difference(found, path)),
                Some(_) => {}
            }
        }
        for path in self.0.keys().filter(|path| !expected.contains(path)) {
            report.push_str(&format!("{path}: not expected\n"));
        }
        if report.is_empty() {
            return Ok(());
        }
        bail!("the trees differ\n{report}")
    }
}

impl Entry {
    fn read_from(path: &Path) -> anyhow::Result<Self> {
        let context = || format!("reading {}", path.display());
        if path.is_symlink() {
            return Ok(Self::Link(fs::read_link(path).with_context(context)?));
        }
        Ok(Self::File(fs::read(path).with_context(context)?))
    }

    fn write_to(&self, path: &Path) -> anyhow::Result<()> {
        let context = || format!("writing {}", path.display());
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(context)?;
        }
        match self {
            Self::File(bytes) => fs::write(path, bytes).with_context(context),
            Self::Link(target) => symlink(target, path).with_context(context),
        }
    }

    fn difference(&self, found: &Self, path: &str) -> String {
        match (self, found) {
            (Self::File(expected), Self::File(found)) => difference(expected, found, path),
            _ => format!("{path}: expected {self:?}, found {found:?}\n"),
        }
    }
}

/// A unified diff of two byte strings; bytes that are not UTF-8 are shown as replacement characters.
pub(crate) fn difference(expected: &[u8], found: &[u8], name: &str) -> String {
    let (expected, found) = (String::from_utf8_lossy(expected), String::from_utf8_lossy(found));
    TextDiff::from_lines(&*expected, &*found)
        .unified_diff()
        .header(&format!("{name} (expected)"), &format!("{name} (found)"))
        .to_string()
}

/// Whether kpt reads a file of this name as YAML.
pub(crate) fn is_yaml(path: &str) -> bool {
    let extension = Path::new(path).extension();
    base_name(path) == KPTFILE || extension.is_some_and(|e| ["yaml", "yml", "json"].iter().any(|known| e == *known))
}

fn relative(root: &Path, path: &Path) -> anyhow::Result<String> {
    let relative = path.strip_prefix(root)?.to_str();
    Ok(relative.with_context(|| format!("{}: the name is not UTF-8", path.display()))?.to_owned())
}

fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn with_base_name(path: &str, from: &str, to: &str) -> String {
    match path.strip_suffix(from) {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => format!("{folder}{to}"),
        _ => path.to_owned(),
    }
}
