//! Damage of the kind that YAML suffers: by lines, values and indentation, with the words of the project's kinds.
//!
//! libFuzzer's own mutations work on bytes and rarely leave a document that anything reads past its first error. So half
//! of the mutations here take lines for what they are.

use libfuzzer_sys::fuzzer_mutate;

/// Lines and values that mean something to a YAML reader or to one of the functions.
const VALUES: &[&str] = &[
    "",
    "null",
    "~",
    "{}",
    "[]",
    "true",
    "\"true\"",
    "False",
    "yes",
    "0",
    "-1",
    "7",
    "24",
    "4094",
    "4095",
    "65536",
    "1e3",
    "0x1F",
    "0777",
    "''",
    "\"\"",
    "'it''s'",
    "\"\\u00e9\\n\"",
    "|",
    "|-",
    ">+",
    "|2",
    "&a x",
    "*a",
    "!!str 1",
    "!x y",
    "{a: [b]}",
    "{a: 1, a: 2}",
    "[a, {b: c}]",
    "default",
    "example",
    "# c",
    "a: b",
    "- a",
    "é",
    "\u{feff}",
    "\u{2028}",
    "\t",
    "10.1.3.0/24",
    "10.1.3.1/24",
    "10.1.3.2/24",
    "10.1.3.255/24",
    "10.1.3.2/32",
    "10.1.3.2",
    "10.1.0.0/16",
    "10.0.0.0/8",
    "0.0.0.0/0",
    "255.255.255.255/32",
    "10.1.3.0/31",
    "10.1.3.0/33",
    "010.1.3.2/24",
    "10.1.3.2-10.1.3.9",
    "2001:db8::/64",
    "2001:db8::1/64",
    "fd00::/127",
    "::/0",
    "::ffff:10.1.3.2/120",
    "fe80::1%eth0/64",
    "network",
    "loopback",
    "pool",
    "aggregate",
    "ipv4",
    "ipv6",
    "dualstack",
    "ipv6-only",
    "macvlan",
    "ipvlan",
    "sriov",
    "bridge",
    "vlan",
    "host-device",
    "n3",
    "n6",
    "upf",
    "upf.n3",
    "edge01",
    "vpc-ran",
    "eth1",
    "2:9",
    "4090:4094",
    "req.nephio.org/v1alpha1.Interface.n3",
    "workload.nephio.org/v1alpha1.NFDeployment.upf",
    "a.b.c.d.e",
    "..",
];

/// Lines, without their indentation.
const LINES: &[&str] = &[
    "- apiVersion: v1",
    "items:",
    "results:",
    "functionConfig:",
    "---",
    "...",
    "%YAML 1.1",
    "- ",
    "-",
    "? a",
    ": b",
    "<<: *a",
    "- - a",
    "kind: Interface",
    "kind: IPClaim",
    "kind: IPPrefix",
    "kind: VLANClaim",
    "kind: VLANIndex",
    "kind: VLAN",
    "kind: Kptfile",
    "kind: Network",
    "kind: NetworkInstance",
    "kind: WorkloadCluster",
    "kind: NetworkAttachmentDefinition",
    "kind: ConfigMap",
    "kind: List",
    "kind: ResourceList",
    "apiVersion: req.nephio.org/v1alpha1",
    "apiVersion: kpt.dev/v1",
    "apiVersion: ipam.resource.nephio.org/v1alpha1",
    "apiVersion: vlan.resource.nephio.org/v1alpha1",
    "apiVersion: infra.nephio.org/v1alpha1",
    "apiVersion: k8s.cni.cncf.io/v1",
    "metadata:",
    "name: n3",
    "namespace: upf",
    "annotations:",
    "labels:",
    "spec:",
    "status:",
    "conditions:",
    "data:",
    "prefix: 10.1.3.0/24",
    "prefixLength: 28",
    "createPrefix: true",
    "index: 2",
    "kind: network",
    "kind: pool",
    "kind: aggregate",
    "addressFamily: ipv6",
    "selector:",
    "matchLabels:",
    "matchExpressions:",
    "networkInstance:",
    "cniType: macvlan",
    "attachmentType: vlan",
    "ipFamilyPolicy: dualstack",
    "vlanIndex:",
    "vlanID: 100",
    "range: \"2:9\"",
    "clusterName: edge01",
    "masterInterface: eth1",
    "cnis: [macvlan]",
    "gateway: 10.1.3.1",
    "nephio.org/gateway: \"true\"",
    "nephio.org/cluster-name: edge01",
    "nephio.org/network-name: n3",
    "nephio.org/action: get",
    "specializer.nephio.org/owner: req.nephio.org/v1alpha1.Interface.n3",
    "specializer.nephio.org/for: workload.nephio.org/v1alpha1.NFDeployment.upf",
    "specializer.nephio.org/delete: \"true\"",
    "specializer.nephio.org/namespace: upf",
    "specializer.nephio.org/vlanClaimName: shared",
    "krmnet.dev/address: 10.1.3.9/24",
    "krmnet.dev/exclude: 10.1.3.2-10.1.3.9",
    "krmnet.dev/range: 10.1.3.10-10.1.3.20",
    "krmnet.dev/master: eth2",
    "krmnet.dev/mtu: \"1400\"",
    "krmnet.dev/routes: 10.9.0.0/16",
    "config.kubernetes.io/local-config: \"true\"",
    "internal.config.kubernetes.io/path: a/b.yaml",
    "internal.config.kubernetes.io/package-path: a",
    "internal.config.kubernetes.io/index: '1'",
    "internal.config.kubernetes.io/id: '1'",
    "strict: \"true\"",
    "conflict: Reallocate",
    "order: best-fit",
    "fromAggregate: \"true\"",
    "strictSelectors: \"true\"",
    "- type: a.b.n3",
    "config: '{\"cniVersion\":\"0.3.1\",\"plugins\":[]}'",
];

/// Small, seeded and good enough: xorshift.
struct Dice(u64);

impl Dice {
    fn new(seed: u32) -> Self {
        Dice(u64::from(seed).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % bound.max(1)
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from.get(self.below(from.len())).copied().unwrap_or_default()
    }
}

/// Mutates a YAML text in `data[..size]`; answers its new size. For `fuzz_mutator!`.
pub fn yaml(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut dice = Dice::new(seed);
    if dice.below(3) == 0 {
        return fuzzer_mutate(data, size, max_size);
    }
    let Ok(text) = std::str::from_utf8(&data[..size]) else { return fuzzer_mutate(data, size, max_size) };
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    for _ in 0..=dice.below(3) {
        change(&mut lines, &mut dice);
    }
    store(&lines.concat(), data, max_size)
}

/// As [`yaml`], for a text, a NUL and a script.
pub fn yaml_and_script(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let end = data[..size].iter().position(|byte| *byte == 0);
    let Some(end) = end.filter(|_| seed % 2 == 0) else { return fuzzer_mutate(data, size, max_size) };
    let script = data[end..size].to_vec();
    let room = max_size.saturating_sub(script.len());
    if end > room {
        return size;
    }
    let end = yaml(data, end, room, seed / 2);
    data[end..end + script.len()].copy_from_slice(&script);
    end + script.len()
}

/// Takes lines of one text and lines of another. For `fuzz_crossover!`.
pub fn splice(one: &[u8], other: &[u8], out: &mut [u8], seed: u32) -> usize {
    let mut dice = Dice::new(seed);
    let (one, other) = (String::from_utf8_lossy(one), String::from_utf8_lossy(other));
    let one: Vec<&str> = one.split_inclusive('\n').collect();
    let other: Vec<&str> = other.split_inclusive('\n').collect();
    let at = dice.below(one.len() + 1);
    // Mostly from the start of an item to the start of another.
    let start =
        |lines: &[&str], from: usize| (from..lines.len()).find(|at| lines[*at].starts_with("- ")).unwrap_or(from);
    let (at, from) = (start(&one, at), start(&other, dice.below(other.len() + 1)));
    let to = start(&other, from + 1).max(from).min(other.len());
    let text = [&one[..at], &other[from..to], &one[at..]].concat().concat();
    let room = out.len();
    store(&text, out, room)
}

fn store(text: &str, data: &mut [u8], max_size: usize) -> usize {
    let mut size = text.len().min(max_size);
    while !text.is_char_boundary(size) {
        size -= 1;
    }
    data[..size].copy_from_slice(&text.as_bytes()[..size]);
    size
}

fn change(lines: &mut Vec<String>, dice: &mut Dice) {
    if lines.is_empty() {
        lines.push("kind: ResourceList\n".to_owned());
    }
    let (at, other) = (dice.below(lines.len()), dice.below(lines.len()));
    match dice.below(12) {
        0 => _ = lines.remove(at),
        1 => lines.insert(at, lines[other].clone()),
        2 => lines.swap(at, other),
        3 => lines[at].insert_str(0, if dice.below(2) == 0 { "  " } else { " " }),
        4 => {
            let cut = lines[at].len() - lines[at].trim_start_matches(' ').len();
            lines[at].drain(..cut.min(1 + dice.below(3)));
        }
        5 => {
            // A block of lines that belong together, once more.
            let depth = indent(&lines[at]);
            let end = (at + 1..lines.len()).find(|at| indent(&lines[*at]) <= depth).unwrap_or(lines.len());
            let block: Vec<String> = lines[at..end].to_vec();
            lines.splice(at..at, block);
        }
        6 => {
            let (a, b) = (at.min(other), at.max(other));
            lines.drain(a..b.min(a + 8));
        }
        7 => {
            let value = value_of(&lines[other]).to_owned();
            set_value(&mut lines[at], &value);
        }
        8 | 9 => set_value(&mut lines[at], dice.pick(VALUES)),
        10 => {
            let column = " ".repeat(indent(&lines[at]));
            lines.insert(at, format!("{column}{}\n", dice.pick(LINES)));
        }
        _ => {
            let end = lines[at].trim_end().len();
            let suffix = [" # c", "\r", " ", ":", "\t", "'", "\"", "\u{85}", "\0", ","][dice.below(10)];
            lines[at].insert_str(end, suffix);
        }
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn value_of(line: &str) -> &str {
    line.split_once(": ").map_or("", |(_, value)| value.trim_end())
}

fn set_value(line: &mut String, value: &str) {
    let key = line.trim_end().split_once(':').map_or(line.trim_end(), |(key, _)| key).to_owned();
    *line = format!("{key}: {value}\n");
}
