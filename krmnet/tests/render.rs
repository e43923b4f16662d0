//! What `krmnet render` does to files: nothing to those that no function edits, and to the others no more than the edit.

// Helpers outside #[test] functions fail their test as those do.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A package as people write it: a byte order mark, Windows line ends, several documents, odd styles, links.
const FILES: [(&str, &str); 12] = [
    (
        "Kptfile",
        "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n    name:   upf   # four columns\npipeline:\n    mutators:\n        \
         - image: \"interface-fn\"\n        - exec: /opt/krmnet/ipam-fn\n        - image: nad-fn\n          configMap: \
         {masterInterface: 'ens3'}\n        - image: interface-fn\n",
    ),
    (
        "interfaces.yaml",
        "\u{feff}# licence\r\n---\r\n# N3\r\napiVersion: req.nephio.org/v1alpha1\r\nkind: Interface\r\nmetadata:\r\n  \
         name: n3\r\n  namespace: upf\r\nspec:\r\n  networkInstance: {name: vpc-userplane}   # user plane\r\n  cniType: \
         'macvlan'\r\n---\r\n# only a comment\r\n---\r\nplain: values\r\n---\r\napiVersion: v1\r\nkind: \
         ConfigMap\r\nmetadata: {name: yes-no}\r\ndata: {\"a\": \"0777\"}\r\n",
    ),
    (
        "pools.json",
        "{\"apiVersion\": \"ipam.resource.nephio.org/v1alpha1\",\n \"kind\": \"IPPrefix\", \"metadata\": {\"name\": \
         \"pool\"},\n \"spec\": {\"prefix\": \"10.1.3.0/24\", \"networkInstance\": {\"name\": \"vpc-userplane\"}}}",
    ),
    (
        "odd.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: odd}\ndata:\n  a: >\n    folded\n\n  b:   \"x\"   \n",
    ),
    ("values.yaml", "a: 1\na: 2\n"),
    ("broken.yaml", "{{ if }}\n\t- [\n"),
    ("kustomization.yaml", "resources:\n- odd.yaml\n"),
    ("list.yaml", "- a\n- b\n"),
    (".hidden/w.yaml", "on: push\n"),
    ("README.md", "# upf\n"),
    (".krmignore", "old/\n"),
    (
        "old/claim.yaml",
        "apiVersion: ipam.resource.nephio.org/v1alpha1\nkind: IPClaim\nmetadata: {name: n3, namespace: upf}\nspec: {{\n",
    ),
];

struct Package(TempDir);

impl Package {
    fn new() -> Self {
        Self::of(&FILES)
    }

    fn of(files: &[(&str, &str)]) -> Self {
        let package = Self(tempfile::tempdir().unwrap());
        for (path, text) in files {
            package.write(path, text);
        }
        package
    }

    fn join(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.join(path)).unwrap()
    }

    fn files(&self) -> BTreeMap<String, String> {
        fn visit(root: &Path, dir: &Path, files: &mut BTreeMap<String, String>) {
            for entry in fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() && !path.is_symlink() {
                    visit(root, &path, files);
                } else if path.is_file() {
                    let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                    files.insert(name, fs::read_to_string(&path).unwrap());
                }
            }
        }
        let mut files = BTreeMap::new();
        visit(self.0.path(), self.0.path(), &mut files);
        files
    }

    fn render(&self) -> Output {
        self.render_with(&[])
    }

    fn render_with(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_krmnet"));
        command.arg("render").arg(self.0.path()).args(args).env_clear().output().unwrap()
    }

    fn rendered(self) -> Self {
        let output = self.render();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        self
    }

    /// The error of a render that must fail and change nothing.
    fn refused(&self) -> String {
        let before = self.files();
        let output = self.render();
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(self.files(), before);
        String::from_utf8(output.stderr).unwrap()
    }
}

#[test]
fn what_no_function_edits_keeps_every_byte_and_its_inode() {
    let package = Package::new();
    let inode = |path: &str| fs::metadata(package.join(path)).unwrap().ino();
    let before: Vec<(&str, u64)> = FILES.iter().map(|(path, _)| (*path, inode(path))).collect();
    assert!(package.render().status.success());
    for ((path, text), (_, old)) in FILES.iter().zip(before) {
        if !["Kptfile", "interfaces.yaml"].contains(path) {
            assert_eq!(&package.text(path), text, "{path}");
            assert_eq!(inode(path), old, "{path} was written though nothing changed");
        }
    }
}

#[test]
fn an_edit_changes_no_more_than_its_lines() {
    let package = Package::new().rendered();
    let status = "status:\r\n  ipClaimStatus:\r\n  - prefix: 10.1.3.2/24\r\n    gateway: 10.1.3.1\r\n";
    let before = FILES[1].1;
    let edited = before.replacen("'macvlan'\r\n", &format!("'macvlan'\r\n{status}"), 1);
    assert_eq!(package.text("interfaces.yaml"), edited);
    assert!(package.text("Kptfile").starts_with(FILES[0].1));
    assert!(package.text("ipclaim_n3.yaml").contains("prefix: 10.1.3.2/24"));
    assert!(package.text("networkattachmentdefinition_n3.yaml").contains("ens3"));
}

#[test]
fn a_second_render_changes_nothing() {
    let package = Package::new().rendered();
    let before = package.files();
    let again = package.render();
    assert_eq!(String::from_utf8_lossy(&again.stderr), "krmnet: nothing to do\n");
    assert_eq!(package.files(), before);
}

#[test]
fn a_new_resource_is_not_written_over_a_file_that_is_no_resource() {
    let package = Package::new();
    package.write("ipclaim_n3.yaml", "replicas: 1\n");
    let package = package.rendered();
    assert_eq!(package.text("ipclaim_n3.yaml"), "replicas: 1\n");
    assert!(package.text("ipclaim_upf_n3.yaml").contains("prefix: 10.1.3.2/24"));
}

#[test]
fn what_an_interface_owned_goes_with_it() {
    let package = Package::new().rendered();
    let interface_gone = package.text("interfaces.yaml").replace("kind: Interface", "kind: Other");
    package.write("interfaces.yaml", &interface_gone);
    let package = package.rendered();
    for path in ["ipclaim_n3.yaml", "networkattachmentdefinition_n3.yaml"] {
        assert!(!package.join(path).exists(), "{path}");
    }
}

#[test]
fn links_and_modes_stay() {
    let package = Package::new();
    fs::create_dir(package.join("shared")).unwrap();
    fs::rename(package.join("interfaces.yaml"), package.join("shared/interfaces.txt")).unwrap();
    symlink("shared/interfaces.txt", package.join("interfaces.yaml")).unwrap();
    fs::set_permissions(package.join("Kptfile"), fs::Permissions::from_mode(0o640)).unwrap();
    let package = package.rendered();
    assert!(package.join("interfaces.yaml").is_symlink());
    assert!(package.text("shared/interfaces.txt").contains("10.1.3.2/24"));
    assert_eq!(fs::metadata(package.join("Kptfile")).unwrap().mode() & 0o777, 0o640);
}

#[test]
fn a_file_that_may_hold_an_address_and_cannot_be_read_stops_the_render() {
    let package = Package::new();
    fs::remove_file(package.join(".krmignore")).unwrap();
    let error = package.refused();
    assert!(error.starts_with("old/claim.yaml\n  [error] old/claim.yaml: line "), "{error}");
    assert!(error.contains(".krmignore"), "{error}");
}

#[test]
fn a_read_only_file_stops_the_render() {
    let package = Package::new();
    fs::set_permissions(package.join("interfaces.yaml"), fs::Permissions::from_mode(0o444)).unwrap();
    let error = package.refused();
    assert!(error.contains("interfaces.yaml is read-only; nothing was written"), "{error}");
    assert!(!error.contains("[allocated]"), "nothing was given: {error}");
}

#[test]
fn directories_that_refuse_stop_the_render() {
    let package = Package::new();
    let modes = [(0o555, "cannot write it"), (0o000, "cannot read it")];
    let locked = package.join(".hidden");
    package.write(".hidden/i.yaml", &FILES[1].1.replace("n3", "n6"));
    for (mode, word) in modes {
        fs::set_permissions(&locked, fs::Permissions::from_mode(mode)).unwrap();
        let is_root = fs::write(locked.join("probe"), "").is_ok();
        if is_root {
            println!("SKIP: this user may write everywhere");
            return;
        }
        let output = package.render();
        fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(1) && error.contains(".hidden") && error.contains(word), "{error}");
        assert!(!package.join("ipclaim_n3.yaml").exists());
    }
}

#[test]
fn two_packages_with_one_name_each_get_their_own() {
    let kptfile = "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata: {name: p}\n";
    let (interface, pool) = (FILES[1].1, FILES[2].1);
    let package = Package::of(&[
        ("Kptfile", kptfile),
        ("pools.json", pool),
        ("edge01/Kptfile", kptfile),
        ("edge01/i.yaml", interface),
        ("edge02/Kptfile", kptfile),
        ("edge02/i.yaml", interface),
    ])
    .rendered();
    assert!(package.text("edge01/ipclaim_n3.yaml").contains("prefix: 10.1.3.2/24"));
    assert!(package.text("edge02/ipclaim_n3.yaml").contains("prefix: 10.1.3.3/24"));
    assert!(package.text("edge02/Kptfile").contains("IPClaim.n3"));
    assert_eq!(package.text("Kptfile"), kptfile);
}
