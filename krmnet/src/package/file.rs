//! A file's new text: its old bytes, with the documents that changed replaced, removed ones cut out, new ones appended.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use krm::Item;

use super::documents::Document;

/// A file of a package.
#[derive(Debug)]
pub(super) struct PackageFile {
    /// From the package's directory.
    pub(super) path: String,
    /// Where its bytes lie: itself, or what the link leads to.
    pub(super) disk: PathBuf,
    /// Its text as it was read.
    pub(super) source: Arc<str>,
    pub(super) documents: Vec<Document>,
}

/// What becomes of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Not one byte differs.
    Same,
    /// The new text.
    Text(String),
    /// Its last document was removed.
    Gone,
}

impl PackageFile {
    /// What becomes of the file. `items` are those of its documents, in order; `added` are new ones.
    pub(super) fn outcome<'i>(&self, items: impl IntoIterator<Item = &'i Item>, added: &[&Item]) -> Outcome {
        let mut items = items.into_iter();
        let pieces: Vec<Piece<'_>> = self
            .documents
            .iter()
            .map(|document| Piece {
                range: document.range.clone(),
                item: document.is_item.then(|| items.next()).flatten(),
            })
            .collect();
        if added.is_empty() && pieces.iter().all(Piece::is_same) {
            return Outcome::Same;
        }
        if added.is_empty() && pieces.iter().all(Piece::is_removed) {
            return Outcome::Gone;
        }
        let line_end = if self.source.contains("\r\n") { "\r\n" } else { "\n" };
        let mut text = self.spliced(&pieces);
        for item in added {
            append(&mut text, item.text(), line_end);
        }
        if text == *self.source { Outcome::Same } else { Outcome::Text(text) }
    }

    /// The old text with the documents as they are now. What stands between them stays, less one `---` for each that is
    /// gone.
    fn spliced(&self, pieces: &[Piece<'_>]) -> String {
        let mut text = String::with_capacity(self.source.len());
        let (mut done, mut cut) = (0, false);
        for piece in pieces {
            let gap = self.source.get(done..piece.range.start).unwrap_or_default();
            text.push_str(if cut { without_first_marker(gap) } else { gap });
            cut = piece.is_removed();
            match piece.item {
                Some(item) if !cut => text.push_str(item.text()),
                Some(_) => {}
                None => text.push_str(self.source.get(piece.range.clone()).unwrap_or_default()),
            }
            done = piece.range.end;
        }
        let rest = self.source.get(done..).unwrap_or_default();
        if cut {
            text.push_str(without_first_marker(rest));
            text.truncate(without_last_marker(&text).len());
        } else {
            text.push_str(rest);
        }
        text
    }
}

/// A document, and what it is now.
struct Piece<'i> {
    range: Range<usize>,
    /// None where it is no resource.
    item: Option<&'i Item>,
}

impl Piece<'_> {
    fn is_same(&self) -> bool {
        self.item.is_none_or(|item| !item.is_changed() && !item.is_removed())
    }

    fn is_removed(&self) -> bool {
        self.item.is_some_and(Item::is_removed)
    }
}

/// The text of a file of new items only.
pub(super) fn text_of(added: &[&Item]) -> String {
    let mut text = String::new();
    for item in added {
        append(&mut text, item.text(), "\n");
    }
    text
}

/// Appends a document.
fn append(text: &mut String, document: &str, line_end: &str) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push_str(line_end);
    }
    let nothing_yet = text.trim_start_matches('\u{feff}').trim().is_empty();
    if !nothing_yet && without_last_marker(text).len() == text.len() {
        text.push_str("---");
        text.push_str(line_end);
    }
    if line_end == "\n" {
        text.push_str(document);
    } else {
        text.push_str(&document.replace('\n', line_end));
    }
}

/// What stands between two documents, without the marker that ends the first one. `...` and the `---` behind it go
/// together.
fn without_first_marker(gap: &str) -> &str {
    match gap.strip_prefix("...") {
        Some(rest) => {
            let rest = after_line(rest);
            rest.strip_prefix("---").map_or(rest, after_marker)
        }
        None => gap.strip_prefix("---").map_or(gap, after_marker),
    }
}

/// Behind the `---`: the next line, or what a document has on the same line.
fn after_marker(rest: &str) -> &str {
    let content = rest.trim_start_matches([' ', '\t']);
    if content.is_empty() || content.starts_with(['\n', '\r']) { after_line(content) } else { content }
}

fn after_line(text: &str) -> &str {
    text.split_once('\n').map_or("", |(_, rest)| rest)
}

/// The text without a line `---` at its very end.
fn without_last_marker(text: &str) -> &str {
    let trimmed = text.trim_end();
    match trimmed.strip_suffix("---") {
        Some(before) if before.is_empty() || before.ends_with(['\n', '\u{feff}']) => before,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use krm::{ItemId, ResourceList};
    use serde_json::json;

    use super::*;
    use crate::package::documents;

    /// What becomes of a file after some work on its items, which are named by their position.
    fn after(text: &str, work: impl FnOnce(&mut ResourceList, &[ItemId])) -> Outcome {
        let source: Arc<str> = text.into();
        let read = documents::read("", "a.yaml", &source).unwrap();
        let (disk, path) = (PathBuf::new(), "a.yaml".to_owned());
        let file = PackageFile { path, disk, source, documents: read.documents };
        let count = read.items.len();
        let mut list = ResourceList::of_documents(read.items, None);
        let ids: Vec<_> = list.iter().map(|(id, _)| id).collect();
        work(&mut list, &ids);
        let items = list.into_items();
        let (old, new) = items.split_at(count);
        file.outcome(old, &new.iter().collect::<Vec<_>>())
    }

    fn without(text: &str, gone: &[usize]) -> Outcome {
        after(text, |list, ids| gone.iter().for_each(|at| list.remove(ids[*at])))
    }

    fn text(text: &str) -> Outcome {
        Outcome::Text(text.to_owned())
    }

    fn doc(name: &str) -> String {
        format!("apiVersion: v1\nkind: A\nmetadata:\n  name: {name}\n")
    }

    #[test]
    fn only_the_edited_bytes_differ() {
        let (a, b) = (doc("a"), doc("b"));
        let file = format!("\u{feff}# licence\n---\n{a}\n# tail\n---   \n{b}spec: {{x: 1}} # c\n...\n# end\n");
        assert_eq!(after(&file, |_, _| {}), Outcome::Same);
        let edited = after(&file, |list, ids| {
            list.get_mut(ids[1]).unwrap().edit(|value| value["spec"]["x"] = 2.into()).unwrap();
        });
        assert_eq!(edited, text(&file.replace("{x: 1}", "{x: 2}")));
        let back = after(&file, |list, ids| {
            let item = list.get_mut(ids[1]).unwrap();
            item.edit(|value| value["spec"]["x"] = 2.into()).unwrap();
            item.edit(|value| value["spec"]["x"] = 1.into()).unwrap();
        });
        assert_eq!(back, Outcome::Same);
    }

    #[test]
    fn line_ends_stay_as_they_are() {
        let file = format!("{}spec:\n  x: 1\n---\n{}", doc("a"), doc("b")).replace('\n', "\r\n");
        let edited = after(&file, |list, ids| {
            list.get_mut(ids[0]).unwrap().edit(|value| value["spec"]["z"] = 2.into()).unwrap();
        });
        assert_eq!(edited, text(&file.replace("  x: 1\r\n", "  x: 1\r\n  z: 2\r\n")));
    }

    #[test]
    fn a_removed_document_takes_one_marker_with_it() {
        let (a, b, c) = (doc("a"), doc("b"), doc("c"));
        let file = format!("{a}---\n{b}---\n{c}");
        assert_eq!(without(&file, &[0]), text(&format!("{b}---\n{c}")));
        assert_eq!(without(&file, &[1]), text(&format!("{a}---\n{c}")));
        assert_eq!(without(&file, &[2]), text(&format!("{a}---\n{b}")));
        assert_eq!(without(&file, &[0, 1]), text(&c));
        assert_eq!(without(&file, &[1, 2]), text(&a));
        assert_eq!(without(&file, &[0, 1, 2]), Outcome::Gone);
    }

    #[test]
    fn comments_and_other_documents_around_a_removed_one_stay() {
        let (a, b) = (doc("a"), doc("b"));
        let file = format!("# licence\n---\n{a}---\n# note\n---\n{b}---\n# end\n");
        assert_eq!(without(&file, &[0]), text(&format!("# licence\n---\n# note\n---\n{b}---\n# end\n")));
        assert_eq!(without(&file, &[1]), text(&format!("# licence\n---\n{a}---\n# note\n---\n# end\n")));
        assert_eq!(without(&file, &[0, 1]), Outcome::Gone);
        assert_eq!(without(&format!("{a}---\nplain: values\n"), &[0]), text("plain: values\n"));
    }

    #[test]
    fn markers_of_all_forms_are_known() {
        let (a, b) = (doc("a"), doc("b"));
        assert_eq!(without(&format!("---\n{a}---\n{b}"), &[0]), text(&format!("---\n{b}")));
        assert_eq!(without(&format!("{a}...\n---\n{b}"), &[0]), text(&b));
        assert_eq!(without(&format!("{a}...\n{b}"), &[0]), text(&b));
        assert_eq!(without(&format!("{a}--- # c\n{b}"), &[0]), text(&format!("# c\n{b}")));
        assert_eq!(without(&format!("{a}--- # c\n{b}"), &[1]), text(&a));
        let crlf = format!("{a}---\n{b}").replace('\n', "\r\n");
        assert_eq!(without(&crlf, &[1]), text(&a.replace('\n', "\r\n")));
        assert_eq!(without(&crlf, &[0]), text(&b.replace('\n', "\r\n")));
    }

    #[test]
    fn a_new_document_goes_behind_the_others() {
        let (a, b) = (doc("a"), doc("b"));
        let add = |file: &str| {
            after(file, |list, ids| {
                let value = json!({"apiVersion": "v1", "kind": "A", "metadata": {"name": "b"}});
                list.add(value, ids[0], "b", "b");
            })
        };
        assert_eq!(add(&a), text(&format!("{a}---\n{b}")));
        assert_eq!(add(a.trim_end()), text(&format!("{a}---\n{b}")));
        assert_eq!(add(&format!("{a}---\n")), text(&format!("{a}---\n{b}")));
        assert_eq!(add(&format!("{a}...\n")), text(&format!("{a}...\n---\n{b}")));
        assert_eq!(add(&a.replace('\n', "\r\n")), text(&format!("{a}---\n{b}").replace('\n', "\r\n")));
    }

    #[test]
    fn a_document_that_comes_back_into_its_file_keeps_the_licence() {
        let (a, b) = (doc("a"), doc("b"));
        let outcome = after(&format!("# licence\n---\n{a}"), |list, ids| {
            let value = json!({"apiVersion": "v1", "kind": "A", "metadata": {"name": "b"}});
            list.add(value, ids[0], "b", "b");
            list.remove(ids[0]);
        });
        assert_eq!(outcome, text(&format!("# licence\n---\n{b}")));
    }
}
