use std::cell::Cell;
use std::os::unix::fs::symlink;
use std::sync::Arc;

use super::*;
use crate::pipeline::{Unknown, plan};
use crate::render::{Reported, render};
use crate::testing::{Dir, FUNCTIONS, config_map, kptfile};

fn change(dir: &Dir, path: &str, before: Option<&str>, after: Option<&str>) -> Change {
    Change {
        path: path.to_owned(),
        disk: dir.join(path),
        before: before.map(Arc::from),
        after: after.map(str::to_owned),
    }
}

/// A directory, and a change of each sort to it.
fn scene() -> (Dir, Vec<Change>) {
    let dir = Dir::of(&[("edit.yaml", "old\n"), ("sub/gone.yaml", "gone\n"), ("same.yaml", "same\n")]);
    let changes = vec![
        change(&dir, "edit.yaml", Some("old\n"), Some("new\n")),
        change(&dir, "made.yaml", None, Some("made\n")),
        change(&dir, "sub/gone.yaml", Some("gone\n"), None),
    ];
    (dir, changes)
}

fn listing(dir: &Dir) -> Vec<(String, String)> {
    dir.files().into_iter().map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap())).collect()
}

fn owned(files: &[(&str, &str)]) -> Vec<(String, String)> {
    files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

#[test]
fn files_are_edited_made_and_removed() {
    let (dir, changes) = scene();
    write(dir.path(), &changes).unwrap();
    assert_eq!(listing(&dir), owned(&[("edit.yaml", "new\n"), ("made.yaml", "made\n"), ("same.yaml", "same\n")]));
}

#[test]
fn the_mode_stays_and_a_new_file_gets_the_usual_one() {
    let (dir, changes) = scene();
    fs::set_permissions(dir.join("edit.yaml"), Permissions::from_mode(0o751)).unwrap();
    write(dir.path(), &changes).unwrap();
    let mode = |path: &str| fs::metadata(dir.join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("edit.yaml"), 0o751);
    dir.write("usual", "");
    assert_eq!(mode("made.yaml"), mode("usual"));
}

#[test]
fn a_link_stays_a_link() {
    let dir = Dir::of(&[("data/real.txt", "old\n")]);
    symlink("data/real.txt", dir.join("link.yaml")).unwrap();
    let change = Change { disk: dir.join("data/real.txt"), ..change(&dir, "link.yaml", Some("old\n"), Some("new\n")) };
    write(dir.path(), &[change]).unwrap();
    assert!(dir.join("link.yaml").is_symlink());
    assert_eq!(dir.text("data/real.txt"), "new\n");
}

#[test]
fn whatever_fails_before_the_first_file_leaves_everything_as_it_was() {
    let edit_underneath: fn(&Dir) = |dir| dir.write("edit.yaml", "mine\n");
    let remove_underneath: fn(&Dir) = |dir| fs::remove_file(dir.join("sub/gone.yaml")).unwrap();
    let take_the_name: fn(&Dir) = |dir| dir.write("made.yaml", "mine\n");
    let link_the_name: fn(&Dir) = |dir| symlink("nowhere", dir.join("made.yaml")).unwrap();
    let protect: fn(&Dir) = |dir| fs::set_permissions(dir.join("edit.yaml"), Permissions::from_mode(0o444)).unwrap();
    let protect_removed: fn(&Dir) =
        |dir| fs::set_permissions(dir.join("sub/gone.yaml"), Permissions::from_mode(0o444)).unwrap();
    for (spoil, expected) in [
        (edit_underneath, "edit.yaml was changed while krmnet ran; nothing was written"),
        (remove_underneath, "sub/gone.yaml was changed while krmnet ran"),
        (take_the_name, "made.yaml was made while krmnet ran"),
        (link_the_name, "made.yaml was made while krmnet ran"),
        (protect, "edit.yaml is read-only; nothing was written"),
        (protect_removed, "sub/gone.yaml is read-only"),
    ] {
        let (dir, changes) = scene();
        spoil(&dir);
        let before: Vec<_> = names(&dir);
        let error = write(dir.path(), &changes).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
        assert_eq!(names(&dir), before, "{expected}");
        assert!(!dir.join("edit.yaml").is_file() || dir.text("edit.yaml") != "new\n");
    }
}

/// The names in the directory and below, links as such.
fn names(dir: &Dir) -> Vec<String> {
    let mut names = Vec::new();
    for directory in [dir.path().to_path_buf(), dir.join("sub")] {
        for entry in fs::read_dir(directory).unwrap() {
            names.push(entry.unwrap().file_name().into_string().unwrap());
        }
    }
    names.sort();
    names
}

#[test]
fn a_directory_that_refuses_files_names_the_file() {
    let (dir, mut changes) = scene();
    changes.push(change(&dir, "edit.yaml/x.yaml", None, Some("x\n")));
    let error = write(dir.path(), &changes).unwrap_err().to_string();
    assert!(
        error.starts_with("edit.yaml/x.yaml: cannot write it: ") && error.ends_with("nothing was written"),
        "{error}"
    );
    assert_eq!(dir.text("edit.yaml"), "old\n");
    assert_eq!(names(&dir), ["edit.yaml", "gone.yaml", "same.yaml", "sub"]);
}

#[test]
fn killed_at_any_moment_each_file_is_old_or_new() {
    let after = |done: usize| {
        let (dir, changes) = scene();
        let calls = Cell::new(0);
        let result = write_with(&changes, |_| {
            calls.set(calls.get() + 1);
            if calls.get() > done { Err(io::Error::other("killed")) } else { Ok(()) }
        });
        (listing(&dir), result.err().map(|error| error.to_string()))
    };
    let (edit, made, gone, same) = ("edit.yaml", "made.yaml", "sub/gone.yaml", ("same.yaml", "same\n"));
    let states = [
        owned(&[(edit, "old\n"), same, (gone, "gone\n")]),
        owned(&[(edit, "old\n"), same]),
        owned(&[(edit, "new\n"), same]),
        owned(&[(edit, "new\n"), (made, "made\n"), same]),
    ];
    for (done, expected) in states.iter().enumerate() {
        let (found, error) = after(done);
        assert_eq!(&found, expected, "after {done} files");
        let message = format!("{done} of 3 files were written");
        assert_eq!(error.is_some_and(|error| error.contains(&message)), done < 3);
    }
}

#[test]
fn what_a_killed_render_left_is_swept_up() {
    let (dir, changes) = scene();
    dir.write(".krmnet-abc123.tmp", "half");
    dir.write(".krmnet-note.txt", "not ours");
    write(dir.path(), &changes).unwrap();
    assert!(!dir.join(".krmnet-abc123.tmp").exists());
    assert!(dir.join(".krmnet-note.txt").exists());
}

#[test]
fn many_files_are_all_written_or_none() {
    let dir = Dir::of(&[("taken-57.yaml", "mine\n")]);
    let mut changes: Vec<Change> = (0..100).map(|n| change(&dir, &format!("n{n}.yaml"), None, Some("new\n"))).collect();
    write(dir.path(), &changes).unwrap();
    assert_eq!(dir.files().len(), 101);
    for change in &mut changes {
        change.path = change.path.replace('n', "taken-");
        change.disk = dir.join(&change.path);
    }
    let error = write(dir.path(), &changes).unwrap_err().to_string();
    assert!(error.starts_with("taken-57.yaml was made"), "{error}");
    assert_eq!(dir.files().len(), 101);
}

#[test]
fn many_files_are_written_in_the_order_of_their_paths() {
    let dir = Dir::of(&[]);
    let changes: Vec<Change> =
        (0..100).rev().map(|n| change(&dir, &format!("n{n:02}.yaml"), None, Some("new\n"))).collect();
    let written = std::cell::RefCell::new(Vec::new());
    let note = |change: &Change| {
        written.borrow_mut().push(change.path.clone());
        Ok(())
    };
    write_with(&changes, note).unwrap();
    assert!(written.borrow().is_sorted(), "{written:?}");
}

#[test]
fn a_render_after_a_killed_one_does_the_rest() {
    let k = kptfile("  - image: copy-fn\n  - image: drop-fn\n");
    let files = [("Kptfile", k.as_str()), ("c.yaml", &config_map("c")), ("gone.yaml", &config_map("gone"))];
    let render = |dir: &Dir| {
        let mut tree = dir.tree();
        let plan = plan(&tree, &FUNCTIONS, &[], Unknown::Fail);
        assert!(!render(&mut tree, &plan).iter().any(Reported::is_error));
        tree.changes().unwrap()
    };
    let whole = Dir::of(&files);
    write(whole.path(), &render(&whole)).unwrap();
    for killed_after in 0..2 {
        let dir = Dir::of(&files);
        let calls = Cell::new(0);
        let killed = write_with(&render(&dir), |_| {
            calls.set(calls.get() + 1);
            if calls.get() > killed_after { Err(io::Error::other("killed")) } else { Ok(()) }
        });
        assert!(killed.is_err() && dir.files() != whole.files());
        write(dir.path(), &render(&dir)).unwrap();
        assert_eq!(dir.files(), whole.files());
    }
}
