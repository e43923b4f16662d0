//! Pipelines that run the binaries at hand instead of published images.

use std::path::Path;

use anyhow::ensure;
use libtest_mimic::Trial;

use super::tree::Tree;
use super::{FUNCTIONS, trial};

/// The tree with each pipeline's images of our functions replaced by the binaries in `folder`.
pub(crate) fn with_functions(tree: Tree, folder: &Path) -> Tree {
    tree.map_kptfiles(|text| text.split_inclusive('\n').map(|line| with_function(line, folder)).collect())
}

/// `image: ghcr.io/krmnet/ipam-fn:v0.1.0` becomes `exec: FOLDER/ipam-fn`; any other line stays.
fn with_function(line: &str, folder: &Path) -> String {
    let rewritten = || {
        let (head, value) = line.split_once("image:")?;
        let image = value.split([' ', '\n', ',', '}', '"', '\'']).find(|word| !word.is_empty())?;
        let base_name = image.rsplit('/').next()?;
        let name = base_name.split([':', '@']).next().filter(|name| FUNCTIONS.contains(name))?;
        let (before, after) = value.split_once(image)?;
        Some(format!("{head}exec:{before}{}/{name}{after}", folder.display()))
    };
    rewritten().unwrap_or_else(|| line.to_owned())
}

/// A test of this module.
pub(crate) fn harness_trial() -> Trial {
    trial("harness: only images of own functions are replaced", || {
        for (line, expected) in [
            ("  - image: ghcr.io/krmnet/ipam-fn:v0.1.0 # pools\n", "  - exec: /bin/ipam-fn # pools\n"),
            ("  - image: localhost:5000/nad-fn\n", "  - exec: /bin/nad-fn\n"),
            ("    image: nad-fn\n", "    exec: /bin/nad-fn\n"),
            ("  - {image: \"a/nad-fn\"}\n", "  - {exec: \"/bin/nad-fn\"}\n"),
            ("  - image: ghcr.io/krmnet/set-labels:v0.1\n", "  - image: ghcr.io/krmnet/set-labels:v0.1\n"),
            ("  - name: ipam-fn\n", "  - name: ipam-fn\n"),
        ] {
            let found = with_function(line, Path::new("/bin"));
            ensure!(found == expected, "{line:?} became {found:?}");
        }
        Ok(())
    })
}
