//! The ResourceList: what kpt hands to a function and gets back.

#[cfg(any(test, feature = "fuzzing"))]
mod agree;
mod layout;
mod paths;
mod render;
mod split;
mod whole;

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::Value;
use thiserror::Error;

use crate::codes::{CANNOT_EDIT, UNKNOWN_VERSION, UNREADABLE_ITEM};
use crate::finding::{Finding, Severity};
use crate::item::{Item, ItemError, Shape};
use crate::limits::{MAX_BYTES, MAX_ITEMS};
use crate::origin::Origin;
use crate::package::Packages;
use crate::parallel;
use crate::place::FileRef;
use crate::yaml::{EditError, YamlError, line_break};
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use agree::paths_agree;
use layout::{ItemsStyle, Layout};
use paths::{Paths, place};

/// What is wrong with a ResourceList as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ListError {
    /// Nothing on stdin.
    #[error("the input is empty; expected a ResourceList (kpt fn source DIR | FUNCTION)")]
    Empty,
    /// Not UTF-8.
    #[error("the input is not UTF-8 (byte {0}); YAML files of a package must be UTF-8")]
    NotUtf8(usize),
    /// Not YAML, or YAML that is not read here.
    #[error("the input is not a readable ResourceList: {0}")]
    Yaml(#[from] YamlError),
    /// The document is not a map.
    #[error("the input is not a map; expected a ResourceList with apiVersion, kind and items")]
    NotAMap,
    /// A top-level key stands twice.
    #[error("the ResourceList has the key {0:?} twice; remove one of them")]
    DuplicateKey(String),
    /// Another kind of document.
    #[error("input was of unexpected kind {0:?}; expected ResourceList (kpt fn source DIR prints one)")]
    Kind(String),
    /// `items` holds something else.
    #[error("items of the ResourceList is not a list")]
    ItemsNotAList,
    /// More items than [`MAX_ITEMS`].
    #[error("the list has more than {MAX_ITEMS} items, the limit; split the package")]
    TooManyItems,
    /// A layout that has no place for edits.
    #[error("the ResourceList is laid out in a way that cannot be edited; write it in plain block style or as JSON")]
    Layout,
}

/// An item of a list, for as long as the list lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ItemId(usize);

/// A ResourceList, or the resources of a package that `krmnet render` has read.
#[derive(Debug, Clone, Default)]
pub struct ResourceList {
    source: Arc<str>,
    layout: Option<Layout>,
    items: Vec<Item>,
    findings: Vec<Finding>,
    function_config: Option<Value>,
    paths: Option<Paths>,
    reserved_paths: HashSet<String>,
}

impl ResourceList {
    /// Reads a ResourceList; its items are not parsed yet.
    ///
    /// # Errors
    /// [`ListError`] where the document is no ResourceList.
    pub fn parse(text: String) -> Result<ResourceList, ListError> {
        if text.trim_start_matches('\u{feff}').trim().is_empty() {
            return Err(ListError::Empty);
        }
        if text.len() > MAX_BYTES {
            return Err(YamlError::TooLarge.into());
        }
        let layout = match split::read(&text) {
            Some(layout) => layout,
            None => whole::read(&text)?,
        };
        ResourceList::with_layout(text, layout)
    }

    /// [`ResourceList::parse`] for bytes that may not be UTF-8.
    ///
    /// # Errors
    /// As [`ResourceList::parse`], and [`ListError::NotUtf8`].
    pub fn parse_bytes(bytes: Vec<u8>) -> Result<ResourceList, ListError> {
        if bytes.len() > MAX_BYTES {
            return Err(YamlError::TooLarge.into());
        }
        let text = String::from_utf8(bytes).map_err(|error| ListError::NotUtf8(error.utf8_error().valid_up_to()))?;
        ResourceList::parse(text)
    }

    fn with_layout(text: String, mut layout: Layout) -> Result<ResourceList, ListError> {
        match layout.kind.as_deref() {
            Some("ResourceList") => {}
            other => return Err(ListError::Kind(other.unwrap_or_default().to_owned())),
        }
        if layout.items.len() > MAX_ITEMS {
            return Err(ListError::TooManyItems);
        }
        let is_disputed = line_break(&text).is_some();
        if is_disputed {
            layout.check_line_breaks(&text)?;
        }
        let source: Arc<str> = text.into();
        let shape = if matches!(layout.style, ItemsStyle::Block { .. }) { Shape::Element } else { Shape::Flow };
        let item = |range: &Range<usize>| {
            let item = Item::of_source(&source, range.clone(), shape);
            if is_disputed { item.with_disputes() } else { item }
        };
        let items = layout.items.iter().map(item).collect();
        let function_config = layout.function_config.take();
        Ok(ResourceList { source, layout: Some(layout), items, function_config, ..ResourceList::default() })
    }

    /// A list of documents that were read from files, as `krmnet render` does.
    #[must_use]
    pub fn of_documents(items: Vec<Item>, function_config: Option<Value>) -> ResourceList {
        ResourceList { items, function_config, ..ResourceList::default() }
    }

    /// The functionConfig, if there is one.
    #[must_use]
    pub fn function_config(&self) -> Option<&Value> {
        self.function_config.as_ref()
    }

    /// Whether the list has no items.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.iter().all(Item::is_removed)
    }

    /// The items that are there now, new ones last.
    pub fn iter(&self) -> impl Iterator<Item = (ItemId, &Item)> {
        self.items.iter().enumerate().filter(|(_, item)| !item.is_removed()).map(|(i, item)| (ItemId(i), item))
    }

    /// An item that is there now.
    #[must_use]
    pub fn get(&self, id: ItemId) -> Option<&Item> {
        self.items.get(id.0).filter(|item| !item.is_removed())
    }

    /// An item that is there now, to be edited.
    pub fn get_mut(&mut self, id: ItemId) -> Option<&mut Item> {
        self.items.get_mut(id.0).filter(|item| !item.is_removed())
    }

    /// The list's items with all that became of them, removed ones included, in the order of their ids.
    #[must_use]
    pub fn into_items(self) -> Vec<Item> {
        self.items
    }

    /// The items of a kind, in the order of the list.
    ///
    /// Only items whose text may name the kind are parsed. One that cannot be read is reported as an error, since it
    /// could state anything; so is one of the same group and kind in another version, which says what this program
    /// does not know how to read.
    pub fn select(&mut self, api_version: &str, kind: &str) -> Vec<ItemId> {
        let own_group = group(api_version);
        let candidates: Vec<(ItemId, &Item)> = self.iter().filter(|(_, item)| item.may_be(own_group, kind)).collect();
        let headers = parallel::map(&candidates, |(_, item)| item.header().map(|_| ()));
        let mut found = Vec::new();
        let mut findings = Vec::new();
        for ((id, item), header) in candidates.into_iter().zip(headers) {
            match header {
                Err(error) => findings.push(unreadable(item, &error)),
                Ok(()) if item.kind() != kind => {}
                Ok(()) if item.api_version() == api_version => found.push(id),
                Ok(()) if group(item.api_version()) == own_group => {
                    let message = format!(
                        "{kind} is read in version {api_version} only, not in {}; convert it",
                        item.api_version()
                    );
                    findings.push(self.about(Finding::error(UNKNOWN_VERSION, message), id).field("apiVersion"));
                }
                Ok(()) => {}
            }
        }
        if !findings.is_empty() {
            // Whoever selects again finds the same.
            let mut known: HashSet<Finding> = self.findings.iter().cloned().collect();
            self.findings.extend(findings.into_iter().filter(|finding| known.insert(finding.clone())));
        }
        found
    }

    /// Reads items as a type of their kind, and hands each to `take`, on all cores. The answers are in the order of the
    /// items; nothing else of them is kept in memory.
    pub fn read_each<T, R>(&self, items: &[ItemId], take: impl Fn(ItemId, Result<T, ItemError>) -> R + Sync) -> Vec<R>
    where
        T: DeserializeOwned,
        R: Send,
    {
        let read = |id: &ItemId| self.get(*id).map(|item| take(*id, item.read()));
        parallel::map(items, read).into_iter().flatten().collect()
    }

    /// The packages of some items, with the Kptfiles of the list.
    pub fn packages(&mut self, items: &[ItemId]) -> Packages {
        let kptfiles = self.select("kpt.dev/v1", "Kptfile");
        Packages::of(self, &kptfiles, items)
    }

    /// A finding that names an item and its file.
    #[must_use]
    pub fn about(&self, finding: Finding, id: ItemId) -> Finding {
        match self.get(id) {
            Some(item) => with_place(finding, item),
            None => finding,
        }
    }

    /// Adds an item, in a file that is named like it: [`add`](Self::add) as `<kind>_<name>.yaml`, where such a file is there
    /// already as `<kind>_<namespace>_<name>.yaml`.
    pub fn add_named(&mut self, value: Value, beside: ItemId) -> ItemId {
        let (stem, long_stem) = paths::stems(&value);
        self.add(value, beside, &stem, &long_stem)
    }

    /// Adds an item.
    ///
    /// It is filed beside `beside`, in that item's package and directory, as `<stem>.yaml`; where such a file is there
    /// already, as `<long_stem>.yaml`, and where that is there too, with a number. Where `beside` has no path, neither
    /// has the new item, and kpt chooses.
    pub fn add(&mut self, value: Value, beside: ItemId, stem: &str, long_stem: &str) -> ItemId {
        let asker = self.get(beside).map(|item| item.origin().clone()).unwrap_or_default();
        let mut origin = Origin { index: None, ..asker };
        if origin.path.is_some() {
            let directory = match origin.directory() {
                "" => String::new(),
                directory => format!("{directory}/"),
            };
            let (items, reserved) = (&self.items, &self.reserved_paths);
            let paths = self.paths.get_or_insert_with(|| Paths::of(items, reserved));
            origin.path = Some(paths.take(origin.package.as_deref(), &directory, stem, long_stem));
        }
        self.items.push(Item::new(&value, origin));
        ItemId(self.items.len() - 1)
    }

    /// Keeps new items from being filed at a path where a file lies that is not among the items.
    pub fn reserve(&mut self, package: Option<&str>, path: &str) {
        self.reserved_paths.insert(place(package, path));
    }

    /// Removes an item; kpt removes its document, and with the last document its file.
    pub fn remove(&mut self, id: ItemId) {
        if let Some(item) = self.items.get_mut(id.0) {
            item.removed = true;
        }
    }

    /// Reports a finding.
    pub fn report(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// What was reported, in the order of the reports.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Turns every warning that `is_pending` picks into an error, for functionConfig `strict`.
    pub fn escalate(&mut self, is_pending: impl Fn(&Finding) -> bool) {
        for finding in &mut self.findings {
            if finding.severity == Severity::Warning && is_pending(finding) {
                finding.severity = Severity::Error;
            }
        }
    }

    /// Drops every finding that `untrue` picks.
    pub(crate) fn withdraw(&mut self, untrue: impl Fn(&Finding) -> bool) {
        self.findings.retain(|finding| !untrue(finding));
    }

    /// Whether an error was reported: the function fails then, and nothing may be written.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Changes what an item says, as [`Item::edit`] does; an edit that cannot be made is reported as an error.
    pub fn edit(&mut self, id: ItemId, change: impl FnOnce(&mut Value)) {
        if let Some(Err(error)) = self.get_mut(id).map(|item| item.edit(change)) {
            self.cannot_edit(id, &error);
        }
    }

    /// Changes one outermost field of many items, such as `status`, on all cores: `change` is given its value, which is
    /// null where the item has no such field, and what is to become of it. Edits that cannot be made are reported as
    /// errors, in the order of the edits.
    pub fn edit_field<C: Sync>(&mut self, field: &str, edits: &[(ItemId, C)], change: impl Fn(&mut Value, &C) + Sync) {
        let with_field = |list: &Self, (id, edit): &(ItemId, C)| {
            list.get(*id).map(|item| item.with_field(field, |value| change(value, edit)))
        };
        let texts = parallel::map(edits, |edit| with_field(self, edit));
        let mut edited = HashSet::with_capacity(edits.len());
        for (edit, text) in edits.iter().zip(texts) {
            // A second edit of one item starts from what the first one made of it.
            let text = if edited.insert(edit.0) { text } else { with_field(self, edit) };
            match text.unwrap_or(Ok(None)) {
                Ok(Some(text)) => {
                    if let Some(item) = self.get_mut(edit.0) {
                        item.accept(text);
                    }
                }
                Ok(None) => {}
                Err(error) => self.cannot_edit(edit.0, &error),
            }
        }
    }

    fn cannot_edit(&mut self, id: ItemId, error: &EditError) {
        self.report(self.about(Finding::error(CANNOT_EDIT, error.to_string()), id));
    }

    /// Reads every edited item again and reports an error for each that does not say what was meant; nothing is
    /// written then.
    pub fn confirm_edits(&mut self) {
        let changed: Vec<(ItemId, &Item)> = self.iter().filter(|(_, item)| item.is_changed()).collect();
        let sound = parallel::map(&changed, |(_, item)| item.is_sound());
        let unsound: Vec<(ItemId, EditError)> = (changed.iter().zip(sound))
            .filter(|(_, sound)| !sound)
            .map(|((id, item), _)| (*id, item.confirm().err().unwrap_or(EditError::Mismatch)))
            .collect();
        for (id, error) in unsound {
            self.cannot_edit(id, &error);
        }
        self.items.iter_mut().filter(|item| item.is_changed()).for_each(Item::forget_value);
    }

    /// The list as the function's output: untouched bytes as they were, edits, new items, results.
    ///
    /// # Errors
    /// [`ItemError`] if a new item cannot be written, or an edited one does not say what was meant: internal errors.
    pub fn render(&self) -> Result<String, ItemError> {
        if !self.items.iter().all(Item::is_sound) {
            return Err(EditError::Mismatch.into());
        }
        render::render(self, true)
    }

    /// The list as it was, with the results: what a function that failed prints.
    #[must_use]
    pub fn render_failed(&self) -> String {
        render::render(self, false).unwrap_or_default()
    }
}

fn group(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

fn with_place(finding: Finding, item: &Item) -> Finding {
    finding.object(item.object_ref()).file(item.file())
}

/// An item whose text cannot be read: named by its file and its first line, as it has no readable name.
fn unreadable(item: &Item, error: &ItemError) -> Finding {
    let first = item.text().lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let first: String = first.trim().chars().take(60).collect();
    let stated = || Some(FileRef::new(*item.stated_paths().first()?));
    let message = format!("an item cannot be read: {error} (counted from its first line, {first:?}); mend the file");
    Finding::error(UNREADABLE_ITEM, message).file(item.file().or_else(stated))
}

#[cfg(test)]
mod tests;
