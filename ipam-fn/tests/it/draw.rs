//! Draws ResourceLists: a few pools in a small universe, so that claims meet, and claims of every form.

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;

/// A drawn list: the items as text, each in a file of its own, and the functionConfig.
#[derive(Debug, Clone)]
pub(crate) struct Drawn {
    pub(crate) pools: Vec<String>,
    pub(crate) claims: Vec<String>,
    pub(crate) kptfiles: Vec<String>,
    pub(crate) config: String,
}

impl Drawn {
    pub(crate) fn items(&self) -> Vec<String> {
        [self.pools.clone(), self.claims.clone(), self.kptfiles.clone()].concat()
    }

    pub(crate) fn text(&self) -> String {
        crate::run::list(&self.items(), &self.config)
    }
}

/// Lists that mostly succeed.
pub(crate) fn peaceful() -> impl Strategy<Value = Drawn> {
    drawn(pools(), Just(None).boxed(), 0.1)
}

/// Lists in which statuses collide with pools and with each other.
pub(crate) fn any_list() -> impl Strategy<Value = Drawn> {
    drawn(vec(any_pool(), 0..5).boxed(), weighted(0.5, address()).boxed(), 0.3)
}

/// Lists in which claims that cannot keep their statuses move.
pub(crate) fn moving() -> impl Strategy<Value = Drawn> {
    let config = "functionConfig: {apiVersion: v1, kind: ConfigMap, data: {conflict: Reallocate}}\n";
    drawn(pools(), weighted(0.5, address()).boxed(), 0.1).prop_map(|drawn| Drawn { config: config.to_owned(), ..drawn })
}

/// A dynamic claim without a status, in a file of its own.
pub(crate) fn newcomer() -> impl Strategy<Value = String> {
    (name(), kind_and_form(), selector())
        .prop_map(|(name, form, selector)| claim("newcomer.yaml", &name, "", &[form, selector].concat(), None))
}

fn drawn(
    pools: BoxedStrategy<Vec<String>>,
    status: BoxedStrategy<Option<String>>,
    odd: f64,
) -> impl Strategy<Value = Drawn> {
    let claims = vec((name(), any_form(odd), selector(), annotation(), status, package()), 0..8);
    let config = select(vec![
        "",
        "order: best-fit",
        "conflict: Reallocate",
        "fromAggregate: \"true\"",
        "strictSelectors: \"true\"",
        "strict: \"true\"",
        "conflict: Reallocate, order: best-fit",
    ]);
    (pools, claims, vec(package(), 0..3), config).prop_map(|(mut pools, claims, packages, config)| {
        for (number, pool) in pools.iter_mut().enumerate() {
            *pool = pool.replace("FILE", &format!("pool{number}.yaml")).replace("NAME", &format!("pool{number}"));
        }
        let claims =
            claims.into_iter().enumerate().map(|(number, (name, form, selector, annotation, status, package))| {
                let file = format!("{package}claim{number}.yaml");
                // A number in the name keeps objects apart; in front of it names still sort in every way.
                let name = format!("{name}-{number}");
                claim(&file, &name, &annotation, &[form, selector].concat(), status.as_deref())
            });
        let mut packages = packages;
        packages.sort();
        packages.dedup();
        Drawn {
            pools,
            claims: claims.collect(),
            kptfiles: packages.iter().map(|package| kptfile(package)).collect(),
            config: match config {
                "" => String::new(),
                data => format!("functionConfig: {{apiVersion: v1, kind: ConfigMap, data: {{{data}}}}}\n"),
            },
        }
    })
}

/// Disjoint pools of all kinds, in two network instances.
fn pools() -> BoxedStrategy<Vec<String>> {
    let fixed = [
        ("network", "10.0.0.0/29"),
        ("network", "10.0.1.1/30"),
        ("network", "10.0.2.0/31"),
        ("network", "fd00::/124"),
        ("loopback", "10.0.3.0/31"),
        ("pool", "10.0.4.0/26"),
        ("aggregate", "10.1.0.0/24"),
        ("aggregate", "fd01::/120"),
    ];
    let one = |(kind, prefix): (&'static str, &'static str)| {
        (Just((kind, prefix)), instance(), labels(), weighted(0.2, Just("10.0.0.4-10.0.0.6")), any::<bool>())
    };
    proptest::sample::subsequence(fixed.to_vec(), 2..=fixed.len())
        .prop_flat_map(move |chosen| chosen.into_iter().map(one).collect::<Vec<_>>())
        .prop_map(|drawn| {
            let pool =
                |((kind, prefix), instance, labels, exclude, flow)| pool(kind, prefix, instance, labels, exclude, flow);
            drawn.into_iter().map(pool).collect()
        })
        .boxed()
}

fn any_pool() -> impl Strategy<Value = String> {
    let prefix = (0u8..3, 0u8..4, 24u8..=32).prop_map(|(net, host, length)| format!("10.0.{net}.{host}/{length}"));
    let kind = select(vec!["network", "network", "loopback", "pool", "aggregate"]);
    let exclude = weighted(0.1, Just("10.0.0.4-10.0.0.6"));
    (kind, prefix, instance(), labels(), exclude, any::<bool>()).prop_map(
        |(kind, prefix, instance, labels, exclude, flow)| pool(kind, &prefix, instance, labels, exclude, flow),
    )
}

fn pool(kind: &str, prefix: &str, instance: &str, labels: &str, exclude: Option<&str>, flow: bool) -> String {
    let exclude = exclude.map(|range| format!("krmnet.dev/exclude: {range}, ")).unwrap_or_default();
    let metadata = format!("{{name: NAME, annotations: {{{exclude}config.kubernetes.io/path: FILE}}}}");
    let head =
        format!("- apiVersion: ipam.resource.nephio.org/v1alpha1 # a pool\n  kind: IPPrefix\n  metadata: {metadata}\n");
    if flow {
        let spec = format!(
            "{{kind: {kind}, networkInstance: {{name: {instance}}}, prefix: '{prefix}', labels: {{{labels}}}}}"
        );
        return format!("{head}  spec: {spec}\n");
    }
    format!(
        "{head}  spec:\n    kind: {kind}\n    networkInstance: {{name: {instance}}}\n    prefix: {prefix}\n    labels: {{{labels}}}\n"
    )
}

fn claim(file: &str, name: &str, annotation: &str, spec: &[String], status: Option<&str>) -> String {
    let spec: String = spec.iter().map(|field| format!("    {field}\n")).collect();
    let status = match status {
        Some(prefix) => format!("  status: # given\n    prefix: {prefix}\n    expiryTime: never\n"),
        None => "  status: {}\n".to_owned(),
    };
    format!(
        "- apiVersion: ipam.resource.nephio.org/v1alpha1\n  kind: IPClaim\n  metadata:\n    name: {name}\n    annotations:\n      \
         {annotation}config.kubernetes.io/path: '{file}'\n  spec: # asked for\n{spec}{status}"
    )
}

fn kptfile(package: &str) -> String {
    format!(
        "- apiVersion: kpt.dev/v1\n  kind: Kptfile\n  metadata:\n    name: kptfile\n    annotations:\n      \
         config.kubernetes.io/path: '{package}Kptfile'\n  info: {{description: \"as it was\"}}\n"
    )
}

fn instance() -> impl Strategy<Value = &'static str> {
    select(vec!["vpc", "vpc", "vpc", "vpc-other"])
}

fn labels() -> impl Strategy<Value = &'static str> {
    select(vec!["", "", "nephio.org/cluster-name: edge01", "tier: gold", "nephio.org/gateway: \"false\""])
}

fn name() -> impl Strategy<Value = String> {
    select(vec!["n3", "n10", "n2", "a", "upf"]).prop_map(str::to_owned)
}

fn package() -> impl Strategy<Value = &'static str> {
    select(vec!["", "", "edge01/", "edge02/"])
}

fn annotation() -> impl Strategy<Value = String> {
    let none = Just(String::new());
    prop_oneof![
        12 => none,
        1 => Just("specializer.nephio.org/delete: \"true\"\n      ".to_owned()),
        1 => Just("nephio.org/action: get\n      ".to_owned()),
    ]
}

fn selector() -> impl Strategy<Value = Vec<String>> {
    prop_oneof![
        3 => Just(vec![]),
        2 => Just(vec!["selector: {matchLabels: {nephio.org/cluster-name: edge01}}".to_owned()]),
        1 => Just(vec!["selector: {matchLabels: {link: a}}".to_owned()]),
        1 => Just(vec!["selector: {matchExpressions: [{key: tier, operator: DoesNotExist}]}".to_owned()]),
    ]
}

/// Kind, network instance and what is asked for, of a dynamic claim.
fn kind_and_form() -> impl Strategy<Value = Vec<String>> {
    let address = select(vec!["network", "network", "loopback"]).prop_map(|kind| vec![format!("kind: {kind}")]);
    let block = (select(vec!["network", "pool", "loopback"]), 27u8..=32).prop_map(|(kind, length)| {
        vec![format!("kind: {kind}"), "createPrefix: true".into(), format!("prefixLength: {length}")]
    });
    let labelled = (28u8..=30).prop_map(|length| {
        let rest = ["createPrefix: true", "labels: {link: a}"].map(str::to_owned);
        [vec!["kind: network".to_owned(), format!("prefixLength: {length}")], rest.to_vec()].concat()
    });
    let gateway = Just(vec!["kind: network".to_owned(), "labels: {nephio.org/gateway: \"true\"}".to_owned()]);
    let v6 = Just(vec!["kind: network".to_owned(), "addressFamily: ipv6".to_owned()]);
    let form = prop_oneof![6 => address, 2 => block, 1 => labelled, 1 => gateway, 1 => v6];
    (instance(), form)
        .prop_map(|(instance, form)| [vec![format!("networkInstance: {{name: {instance}}}")], form].concat())
}

/// Also static and indexed claims, and malformed ones, as `odd` says how often.
fn any_form(odd: f64) -> impl Strategy<Value = Vec<String>> {
    let odd_field = prop_oneof![
        4 => address().prop_map(|address| format!("prefix: {address}")),
        2 => (0u32..20).prop_map(|index| format!("index: {index}")),
        1 => Just("prefixLength: \"24\"".to_owned()),
    ];
    (kind_and_form(), weighted(odd, odd_field)).prop_map(|(form, odd)| {
        let field = odd.unwrap_or_default();
        let key = field.split(':').next().unwrap_or_default();
        let clashes = key.is_empty() || form.iter().any(|line| line.split(':').next() == Some(key));
        if clashes { form } else { [form, vec![field]].concat() }
    })
}

fn address() -> impl Strategy<Value = String> {
    (0u8..4, 0u8..18, select(vec![28u8, 28, 28, 32, 31, 24, 30]))
        .prop_map(|(net, host, length)| format!("10.0.{net}.{host}/{length}"))
}
