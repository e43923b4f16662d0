//! Where an item is filed, and the annotations with which kpt says so.

use serde_json::{Map, Value};

use crate::item::Said;

const PATH: &str = "internal.config.kubernetes.io/path";
const LEGACY_PATH: &str = "config.kubernetes.io/path";
const INDEX: &str = "internal.config.kubernetes.io/index";
const LEGACY_INDEX: &str = "config.kubernetes.io/index";
const PACKAGE_PATH: &str = "internal.config.kubernetes.io/package-path";
const SEQINDENT: &str = "internal.config.kubernetes.io/seqindent";

/// With these kpt finds the item again to copy comments onto it, by position in lists.
pub(crate) const ID_ANNOTATIONS: [&str; 2] = ["internal.config.kubernetes.io/id", "config.k8s.io/id"];

/// Where an item is filed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Origin {
    /// The package, where it is known apart from the path: kpt's `package-path` in `fn render`.
    pub package: Option<String>,
    /// The file, relative to the package if that is known, else to the root.
    pub path: Option<String>,
    /// The document in the file, from 0.
    pub index: Option<u32>,
    /// Whether the file writes lists wide (kpt's `seqindent`).
    pub wide_lists: Option<bool>,
}

impl Origin {
    /// Where an item's annotations say that it is filed.
    pub(crate) fn stated_by(item: Said<'_>) -> Origin {
        let annotations = item.get("metadata").and_then(|metadata| metadata.get("annotations"));
        let Some(annotations) = annotations else { return Origin::default() };
        let text = |key: &str| annotations.get(key)?.text();
        let index = annotations.get(INDEX).or_else(|| annotations.get(LEGACY_INDEX));
        Origin {
            package: text(PACKAGE_PATH).map(str::to_owned),
            path: text(PATH).or_else(|| text(LEGACY_PATH)).map(str::to_owned),
            index: index.and_then(|index| match index.text() {
                Some(text) => text.parse().ok(),
                None => index.number().and_then(|number| u32::try_from(number).ok()),
            }),
            wide_lists: text(SEQINDENT).map(|style| style == "wide"),
        }
    }

    /// The annotations of a new item; never kpt's ids, which belong to one item each.
    pub(crate) fn annotate(&self, annotations: &mut Map<String, Value>) {
        let mut set = |key: &str, value: Option<String>| {
            if let Some(value) = value {
                annotations.insert(key.to_owned(), Value::String(value));
            }
        };
        set(INDEX, self.index.filter(|_| self.path.is_some()).map(|index| index.to_string()));
        set(PACKAGE_PATH, self.package.clone());
        set(PATH, self.path.clone());
        let style = self.wide_lists.map(|wide| if wide { "wide" } else { "compact" });
        set(SEQINDENT, style.map(str::to_owned));
    }

    /// The path from the outermost directory that the item's annotations know.
    #[must_use]
    pub fn full_path(&self) -> Option<String> {
        let path = self.path.as_deref()?;
        Some(match self.package.as_deref().map(|package| package.trim_end_matches('/')) {
            None | Some("") => path.to_owned(),
            Some(package) => format!("{package}/{path}"),
        })
    }

    /// The directory of the path, or nothing for a file at the top.
    #[must_use]
    pub fn directory(&self) -> &str {
        self.path.as_deref().and_then(|path| path.rsplit_once('/')).map_or("", |(directory, _)| directory)
    }
}
