//! Nothing that a package states is lost when a server stores it: a server drops what a schema does not describe.

use std::collections::BTreeSet;

use crate::objects;
use crate::server::Server;

/// What is lost of the objects in `example/` and `testdata/`: the case, the field, and why that is right.
const LOST: &[(&str, &str, &str)] = &[
    ("testdata/interface-fn/config-unknown-key", "/spec/strcit", "a slip of the pen that the function refuses"),
    ("testdata/nad-fn/sriov-untagged", "/reviewed-by", "a user's field beside the spec: a server knows none there"),
];

/// Objects as the packages of the field write them.
const PUBLISHED: &str = include_str!("published.yaml");

#[test]
fn a_server_loses_nothing_of_the_cases() {
    let server = Server::new();
    let mut lost = BTreeSet::new();
    for found in objects::all() {
        for field in server.kind(&found.object).map(|kind| kind.pruned(&found.object)).unwrap_or_default() {
            lost.insert((found.case.clone().unwrap_or_else(|| found.file.clone()), field));
        }
    }
    let expected = LOST.iter().map(|(case, field, _)| ((*case).to_owned(), (*field).to_owned())).collect();
    assert_eq!(lost, expected);
}

#[test]
fn a_server_takes_published_objects_and_loses_nothing() {
    let server = Server::new();
    for object in objects::objects(PUBLISHED) {
        let kind = server.kind(&object).unwrap_or_else(|| panic!("no definition: {object}"));
        assert_eq!(kind.refusals(&object), [], "{object}");
        assert_eq!(kind.pruned(&object), Vec::<String>::new(), "{object}");
    }
}

#[test]
fn what_no_schema_describes_is_lost() {
    let server = Server::new();
    let pruned = |yaml: &str| {
        let object: serde_json::Value = serde_yaml::from_str(yaml).unwrap();
        server.kind(&object).unwrap().pruned(&object)
    };
    let claim = "
apiVersion: ipam.resource.nephio.org/v1alpha1
kind: IPClaim
metadata: {name: n3, unheardOf: kept}
stray: 1
spec:
  networkInstance: {name: vpc, stray: 2}
  labels: {any: kept}
  selector: {matchExpressions: [{key: a, operator: Exists, stray: 3}]}
";
    assert_eq!(pruned(claim), ["/stray", "/spec/networkInstance/stray", "/spec/selector/matchExpressions/0/stray"],);
    let network = "
apiVersion: infra.nephio.org/v1alpha1
kind: Network
spec: {stray: kept, routingTables: [{name: vpc, stray: kept, prefixes: [{prefix: 10.0.0.0/8, stray: 1}]}]}
";
    assert_eq!(pruned(network), ["/spec/routingTables/0/prefixes/0/stray"]);
}
