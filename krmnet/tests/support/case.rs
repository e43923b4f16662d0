//! Golden cases: the folders below `testdata/`, found and checked for their shape.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};

use super::repository;
use super::tree::Tree;

/// A folder below `testdata/` that holds one golden case.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// The folder.
    pub(crate) dir: PathBuf,
    /// What is fed to what.
    pub(crate) kind: Kind,
    /// Further command-line arguments, from the file `args`, one a line.
    pub(crate) args: Vec<String>,
}

/// The shapes of a case.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// `krmnet render` of a package.
    Package(Package),
    /// A ResourceList, `in.yaml`, through the function that the file `fn` names.
    Function(String),
}

/// Where the package of a case lies.
#[derive(Clone, Debug)]
pub(crate) enum Package {
    /// In the case's own folder `in/`, in stored form.
    Stored(PathBuf),
    /// Elsewhere in the repository, as the file `package` says.
    Live(PathBuf),
}

/// A candidate below `testdata/`: its path there, and the case or what is wrong with it.
pub(crate) type Found = (String, anyhow::Result<Case>);

/// The file that marks a package case for the end-to-end test with kpt.
pub(crate) const E2E_KPT: &str = "e2e-kpt";
/// The file that keeps a case's attachments from the CNI plugins, and says why.
pub(crate) const NO_CNI: &str = "no-cni";

/// Files that may lie in a case of any shape.
const ANY_CASE: [&str; 4] = ["README.md", "args", "output.txt", NO_CNI];
const PACKAGE_CASE: [&str; 5] = ["in", "package", "out", "stdout.txt", E2E_KPT];
const FUNCTION_CASE: [&str; 3] = ["in.yaml", "fn", "out.yaml"];

/// All candidates below `testdata`, sorted by path. A folder with files that is no valid case is found as an error, and
/// so is a `testdata` without any case: a run over nothing proves nothing.
pub(crate) fn discover(testdata: &Path) -> anyhow::Result<Vec<Found>> {
    let mut found = Vec::new();
    let mut folders = vec![testdata.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let name = folder.strip_prefix(testdata)?.display().to_string();
        let names = names_in(&folder)?;
        if is_case(&names) {
            found.push((name, Case::read(&folder, &names)));
            continue;
        }
        let (below, files): (Vec<_>, Vec<_>) =
            names.into_iter().map(|name| folder.join(name)).partition(|path| path.is_dir());
        if let Some(stray) = files.iter().find(|path| !path.ends_with("README.md")) {
            found.push((name, Err(not_a_case(stray))));
        }
        folders.extend(below);
    }
    ensure!(!found.is_empty(), "{} holds no golden case", testdata.display());
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(found)
}

/// The valid cases below `testdata`; the golden test reports the others.
pub(crate) fn cases(testdata: &Path) -> anyhow::Result<Vec<(String, Case)>> {
    let found = discover(testdata)?.into_iter();
    Ok(found.filter_map(|(name, case)| Some((name, case.ok()?))).collect())
}

impl Case {
    fn read(dir: &Path, names: &BTreeSet<String>) -> anyhow::Result<Self> {
        let has = |name: &str| names.contains(name);
        let (kind, allowed) = match (has("in"), has("package"), has("in.yaml")) {
            (true, false, false) => (Kind::package(dir.join("in")), &PACKAGE_CASE[..]),
            (false, true, false) => (Kind::live(dir)?, &PACKAGE_CASE[..]),
            (false, false, true) => (Kind::function(dir)?, &FUNCTION_CASE[..]),
            _ => bail!("a case holds one of in/, package and in.yaml, not several"),
        };
        let known = |name: &&String| ANY_CASE.contains(&name.as_str()) || allowed.contains(&name.as_str());
        if let Some(stray) = names.iter().find(|name| !known(name)) {
            bail!("{stray}: no part of such a case; see CONTRIBUTING.md");
        }
        let args = match has("args") {
            true => lines(&dir.join("args"))?,
            false => Vec::new(),
        };
        Ok(Self { dir: dir.to_path_buf(), kind, args })
    }

    /// The path of one of the case's files.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// Whether the case holds this file or folder.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.file(name).exists()
    }

    /// One of the case's files as text.
    pub(crate) fn text(&self, name: &str) -> anyhow::Result<String> {
        text(&self.file(name))
    }
}

impl Package {
    /// The package as it stands before a render.
    pub(crate) fn tree(&self) -> anyhow::Result<Tree> {
        match self {
            Self::Stored(folder) => Tree::read_stored(folder),
            Self::Live(folder) => Tree::read(folder),
        }
    }
}

impl Kind {
    fn package(folder: PathBuf) -> Self {
        Self::Package(Package::Stored(folder))
    }

    fn live(dir: &Path) -> anyhow::Result<Self> {
        let [path] = lines(&dir.join("package"))?
            .try_into()
            .map_err(|_| anyhow::anyhow!("package: expected one line, a path of the repository"))?;
        let folder = repository().join(path);
        ensure!(folder.is_dir(), "package: {} is no folder", folder.display());
        Ok(Self::Package(Package::Live(folder)))
    }

    fn function(dir: &Path) -> anyhow::Result<Self> {
        let [function] = lines(&dir.join("fn"))?
            .try_into()
            .map_err(|_| anyhow::anyhow!("fn: expected one line, the name of a function"))?;
        Ok(Self::Function(function))
    }
}

fn is_case(names: &BTreeSet<String>) -> bool {
    ["in", "package", "in.yaml"].iter().any(|name| names.contains(*name))
}

fn not_a_case(stray: &Path) -> anyhow::Error {
    anyhow::anyhow!(
        "{}: the folder holds files but is no case: neither in/ nor package nor in.yaml is there; see CONTRIBUTING.md",
        stray.display()
    )
}

fn names_in(folder: &Path) -> anyhow::Result<BTreeSet<String>> {
    let listing = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    listing
        .map(|entry| {
            let name = entry?.file_name().into_string();
            name.map_err(|name| anyhow::anyhow!("{}: the name is not UTF-8", name.display()))
        })
        .collect()
}

fn lines(path: &Path) -> anyhow::Result<Vec<String>> {
    Ok(text(path)?.lines().map(str::to_owned).collect())
}

fn text(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
}
