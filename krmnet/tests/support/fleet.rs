//! A made-up fleet of clusters, any size, always the same from the same seed: what `krmnet render` is for.
//!
//! Laid out as `example/fleet/`: a root with the address plan and the only pipeline; a package per cluster with its
//! WorkloadCluster, VLANIndex and delegation; a package per network function with its Interfaces. What a cluster asks for
//! depends on its number and the seed alone, so a fleet with one cluster more differs by that cluster's files.

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::Path;

/// The size of a fleet, and the seed of what its Interfaces ask for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fleet {
    pub(crate) seed: u64,
    /// How many clusters, 4,096 at most: each has a /24 of each delegated network.
    pub(crate) clusters: usize,
    /// Network functions per cluster.
    pub(crate) functions: usize,
    /// Interfaces per network function, at most as many as there are names for.
    pub(crate) interfaces: usize,
}

/// A file: its path from the root, and its text.
pub(crate) type File = (String, String);

/// What the functions of every cluster's Interfaces are called.
const INTERFACES: [&str; 8] = ["n3", "n4", "n6", "e1", "f1u", "f1c", "n2", "oam"];
/// Networks of which each cluster has subnets of its own: the network instance, the label, the second octet of the /12.
const DELEGATED: [(&str, &str, u8); 2] = [("vpc-access", "access", 64), ("vpc-transport", "transport", 80)];
/// Networks with one subnet for the whole fleet: the network instance and the second octet of the /14.
const SHARED: [(&str, u8); 2] = [("vpc-signalling", 128), ("vpc-management", 132)];
const LOOPBACK: &str = "vpc-loopback";

impl Fleet {
    /// A thousand clusters with twenty Interfaces each is `Fleet::new(1, 1_000)`.
    pub(crate) fn new(seed: u64, clusters: usize) -> Self {
        Self { seed, clusters, functions: 4, interfaces: 5 }
    }

    /// All files.
    pub(crate) fn files(&self) -> Vec<File> {
        let mut files = vec![("Kptfile".to_owned(), root_kptfile()), ("plan.yaml".to_owned(), plan())];
        files.extend((1..=self.clusters).flat_map(|number| self.cluster(number)));
        files
    }

    /// The files of one cluster.
    pub(crate) fn cluster(&self, number: usize) -> Vec<File> {
        let cluster = format!("edge{number:04}");
        let mut files = vec![
            (format!("{cluster}/Kptfile"), kptfile(&cluster)),
            (format!("{cluster}/cluster.yaml"), workload_cluster(&cluster)),
            (format!("{cluster}/delegation.yaml"), delegation(&cluster)),
        ];
        for function in 1..=self.functions {
            let name = format!("nf{function}");
            let folder = format!("{cluster}/{name}");
            let mut dice = Dice::new(self.seed, &folder);
            let owned = dice.one_in(2);
            files.push((format!("{folder}/Kptfile"), kptfile(&name)));
            for interface in INTERFACES.iter().take(self.interfaces) {
                let text = self::interface(interface, &name, owned, &mut dice);
                files.push((format!("{folder}/interface_{interface}.yaml"), text));
            }
        }
        files
    }

    /// Writes all files below `root`.
    pub(crate) fn write(&self, root: &Path) -> io::Result<()> {
        write_files(&self.files(), root)
    }
}

/// Writes files below `root`.
pub(crate) fn write_files(files: &[File], root: &Path) -> io::Result<()> {
    for (path, text) in files {
        let path = root.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, text)?;
    }
    Ok(())
}

fn kptfile(name: &str) -> String {
    format!("apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: {name}\n")
}

fn root_kptfile() -> String {
    let mut text = kptfile("fleet") + "pipeline:\n  mutators:\n";
    for function in ["interface-fn", "vlan-fn", "ipam-fn", "nad-fn", "interface-fn"] {
        let _ = writeln!(text, "  - image: ghcr.io/krmnet/{function}:v0.1.0");
    }
    text
}

/// The documents of a file.
fn joined(documents: &[String]) -> String {
    documents.join("---\n")
}

fn plan() -> String {
    let mut pools = Vec::new();
    for (instance, _, octet) in DELEGATED {
        pools.push(pool(instance, "aggregate", &format!("10.{octet}.0.0/12")));
        pools.push(pool(instance, "aggregate", &format!("fd00:{octet}::/48")));
    }
    for (instance, octet) in SHARED {
        pools.push(pool(instance, "network", &format!("10.{octet}.0.0/14")));
        pools.push(pool(instance, "network", &format!("fd00:{octet}::/64")));
    }
    pools.push(pool(LOOPBACK, "loopback", "10.192.0.0/14"));
    pools.push(pool(LOOPBACK, "loopback", "fd00:192::/64"));
    joined(&pools)
}

fn pool(instance: &str, kind: &str, prefix: &str) -> String {
    let family = if prefix.contains(':') { "ipv6" } else { "ipv4" };
    format!(
        "apiVersion: ipam.resource.nephio.org/v1alpha1
kind: IPPrefix
metadata:
  name: {instance}-{family}
spec:
  kind: {kind}
  networkInstance:
    name: {instance}
  prefix: {prefix}
"
    )
}

fn workload_cluster(cluster: &str) -> String {
    format!(
        "apiVersion: infra.nephio.org/v1alpha1
kind: WorkloadCluster
metadata:
  name: {cluster}
spec:
  clusterName: {cluster}
  cnis:
  - macvlan
  - ipvlan
  - sriov
  masterInterface: eno1
---
apiVersion: vlan.resource.nephio.org/v1alpha1
kind: VLANIndex
metadata:
  name: {cluster}
"
    )
}

/// Blocks of the delegated networks, and the gateways in them.
fn delegation(cluster: &str) -> String {
    let mut claims = Vec::new();
    for (instance, network, _) in DELEGATED {
        for (family, length) in [("ipv4", 24), ("ipv6", 64)] {
            let labels = format!("nephio.org/cluster-name: {cluster}\n    nephio.org/network-name: {network}");
            let head = |name: &str| {
                format!(
                    "apiVersion: ipam.resource.nephio.org/v1alpha1
kind: IPClaim
metadata:
  name: {cluster}-{network}-{family}{name}
spec:
  kind: network
  networkInstance:
    name: {instance}
  addressFamily: {family}
"
                )
            };
            claims
                .push(format!("{}  createPrefix: true\n  prefixLength: {length}\n  labels:\n    {labels}\n", head("")));
            let labels = labels.replace('\n', "\n  ");
            claims.push(format!(
                "{}  selector:\n    matchLabels:\n      {labels}\n  labels:\n    nephio.org/gateway: \"true\"\n",
                head("-gateway")
            ));
        }
    }
    joined(&claims)
}

/// An Interface of a network function, which Nephio's specializer owns or nobody.
fn interface(name: &str, function: &str, owned: bool, dice: &mut Dice) -> String {
    let mut annotations = "    config.kubernetes.io/local-config: \"true\"\n".to_owned();
    if owned {
        let _ = write!(
            annotations,
            "    specializer.nephio.org/owner: workload.nephio.org/v1alpha1.NFDeployment.{function}
    specializer.nephio.org/namespace: {function}
"
        );
    }
    let instance = match dice.pick(&[0, 0, 0, 1, 1, 2, 3, 4]) {
        shared @ (2 | 3) => SHARED.get(shared - 2).map_or(LOOPBACK, |(instance, _)| instance),
        4 => LOOPBACK,
        delegated => DELEGATED.get(delegated).map_or(LOOPBACK, |(instance, network, _)| {
            let _ = writeln!(annotations, "    nephio.org/network-name: {network}");
            instance
        }),
    };
    let mut spec = String::new();
    if instance != LOOPBACK {
        let plugin = dice.pick(&["macvlan", "macvlan", "ipvlan", "sriov"]);
        let _ = writeln!(spec, "  cniType: {plugin}");
        if plugin == "sriov" {
            annotations.push_str("    k8s.v1.cni.cncf.io/resourceName: intel.com/fronthaul\n");
        }
        if dice.one_in(2) {
            spec.push_str("  attachmentType: vlan\n");
        }
    }
    if dice.one_in(4) {
        let _ = writeln!(spec, "  ipFamilyPolicy: {}", dice.pick(&["dualstack", "ipv6only", "dual-stack"]));
    }
    let namespace = if owned { String::new() } else { format!("  namespace: {function}\n") };
    format!(
        "apiVersion: req.nephio.org/v1alpha1
kind: Interface
metadata:
  name: {name}
{namespace}  annotations:
{annotations}spec:
  networkInstance:
    name: {instance}
{spec}"
    )
}

/// Numbers that look random and depend on a seed and a name (SplitMix64).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64, name: &str) -> Self {
        // FNV-1a: any hash would do that is the same everywhere.
        let hash = name
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self(hash ^ seed)
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number below `bound`, which is not 0.
    fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.roll() % bound).unwrap_or_default()
    }

    fn one_in(&mut self, cases: usize) -> bool {
        self.below(cases) == 0
    }

    fn pick<T: Copy + Default>(&mut self, from: &[T]) -> T {
        from.get(self.below(from.len())).copied().unwrap_or_default()
    }

    /// Puts `items` into another order.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}
