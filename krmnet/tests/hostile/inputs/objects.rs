//! Well-formed YAML that no API server would take: versions, types, names and owners.

use super::{claim, claim_with, foreign, interface_with, list, pool};
use crate::entry::{Entry, Fate, READ_INTERFACES, READ_IP_CLAIMS, READ_IP_SPECS};

pub(super) fn entries() -> Vec<Entry> {
    let faulty = |words| Fate::Faulty { to: READ_IP_CLAIMS, words };
    let owned = |name: &str, owner: &str| {
        interface_with(&format!(
            "metadata:\n    name: {name}\n    annotations:\n      specializer.nephio.org/owner: {owner}"
        ))
    };
    let interface = "req.nephio.org/v1alpha1.Interface.";
    let mut entries = vec![
        Entry::text("an unknown version of a known kind", list(&claim("a").replace("v1alpha1", "v9")), faulty("v1alpha1 only")),
        Entry::text("an unknown kind of a known group", list(&claim("a").replace("IPClaim", "IPClaimm")), Fate::Kept),
        Entry::text("a known kind of an unknown group", list(&claim("a").replace("nephio.org", "example.org")), Fate::Kept),
        Entry::text("a kind in lower case", list(&claim("a").replace("IPClaim", "ipclaim")), Fate::Kept),
        Entry::text("an item without kind", list("- apiVersion: v1\n  metadata: {name: a}\n"), Fate::Kept),
        Entry::text("an item that is an empty map", list("- {}\n"), Fate::Kept),
        Entry::text("a claim without metadata", list(&claim_with("x: y")), faulty("metadata")),
        Entry::text("metadata is null", list(&claim_with("metadata:")), faulty("metadata")),
        Entry::text("metadata is text", list(&claim_with("metadata: a")), faulty("metadata")),
        Entry::text("a name that is a number", list(&claim("7")), faulty("metadata.name")),
        Entry::text("a name that is null", list(&claim("null")), Fate::Faulty { to: READ_IP_SPECS, words: "metadata" }),
        Entry::text("a name that is a list", list(&claim("[a]")), faulty("metadata.name")),
        Entry::text("an empty name", list(&claim("\"\"")), Fate::Any),
        Entry::text("annotations are a list", list(&claim_with("metadata:\n    name: a\n    annotations: [a]")), faulty("metadata.annotations")),
        Entry::text("an annotation is a number", list(&claim_with("metadata:\n    name: a\n    annotations: {a: 1}")), faulty("metadata.annotations")),
        Entry::text("a spec that is a list", list(&(claim("a").replace("  spec:\n", "  spec: [a]\n  x:\n"))), faulty("spec")),
        Entry::text("a prefix length that is text", list(&(claim("a") + "    prefixLength: \"24\"\n")), faulty("spec.prefixLength")),
        Entry::text("a prefix length beyond a byte", list(&(claim("a") + "    prefixLength: 256\n")), faulty("spec.prefixLength")),
        Entry::text("a number beyond 64 bits", list(&(claim("a") + "    index: 99999999999999999999999999999999\n")), faulty("spec.index")),
        Entry::text("a number that is none", list(&(claim("a") + "    index: .nan\n")), faulty("spec.index")),
        Entry::text("a path that climbs out of the package", list(&claim_with("metadata:\n    name: a\n    annotations: {internal.config.kubernetes.io/path: ../../../etc/passwd}")), Fate::Done),
        Entry::text("an index that is no number", list(&claim_with("metadata:\n    name: a\n    annotations: {internal.config.kubernetes.io/index: \"-99999999999999999999\"}")), Fate::Done),
        Entry::text("an Interface that owns itself", list(&owned("a", &format!("{interface}a"))), Fate::Any),
        Entry::text("Interfaces that own each other", list(&(owned("a", &format!("{interface}b")) + &owned("b", &format!("{interface}a")))), Fate::Any),
        Entry::text("claims that own each other", list(&[("a", "b"), ("b", "a")].map(|(name, owner)| claim_with(&format!("metadata:\n    name: {name}\n    annotations:\n      specializer.nephio.org/owner: ipam.resource.nephio.org/v1alpha1.IPClaim.{owner}"))).concat()), Fate::Any),
        Entry::text("an owner that is all dots", list(&owned("a", "......")), Fate::Any),
        Entry::text("an owner with dots in its name", list(&owned("a", "workload.nephio.org/v1alpha1.NFDeployment.upf.west.example")), Fate::Any),
        Entry::text("an owner without a name", list(&owned("a", "workload.nephio.org/v1alpha1.NFDeployment.")), Fate::Any),
        Entry::text("an owner that is one word", list(&owned("a", "upf")), Fate::Any),
        Entry::text("an owner of 100000 characters", list(&owned("a", &format!("workload.nephio.org/v1alpha1.NFDeployment.{}", "x".repeat(100_000)))), Fate::Any),
        Entry::text("the same claim 2000 times", list(&claim("a").repeat(2000)), Fate::Faulty { to: READ_IP_SPECS, words: "stands in" }),
        Entry::text("the same foreign item 2000 times", list(&foreign("a").repeat(2000)), Fate::Kept),
    ];
    for length in [63, 64, 253, 254, 1_000, 100_000] {
        let name = "n".repeat(length);
        entries.extend([
            Entry::text(
                format!("a claim with a name of {length} characters"),
                list(&(pool() + &claim(&name))),
                Fate::Any,
            ),
            Entry::text(
                format!("an Interface with a name of {length} characters"),
                list(&(pool() + &interface_with(&format!("metadata:\n    name: {name}")))),
                Fate::Any,
            ),
            Entry::text(
                format!("a label key of {length} characters"),
                list(&interface_with(&format!("metadata:\n    name: a\n    labels:\n      ? {name}\n      : x"))),
                Fate::Any,
            ),
            Entry::text(
                format!("a label of {length} characters"),
                list(&interface_with(&format!(
                    "metadata:\n    name: a\n    labels:\n      nephio.org/network-name: {name}"
                ))),
                Fate::Any,
            ),
            Entry::text(
                format!("a key of {length} characters before a colon"),
                list(&interface_with(&format!("metadata:\n    name: a\n    labels:\n      {name}: x"))),
                if length > 1024 { Fate::Faulty { to: READ_INTERFACES, words: "1024" } } else { Fate::Any },
            ),
        ]);
    }
    entries
}
