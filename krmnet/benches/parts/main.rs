//! The parts of a function, each on its own in one process: `make bench`. Bytes a second are to be read beside `events`,
//! the bare YAML parse of the same bytes.

#[path = "../inputs/mod.rs"]
mod inputs;

use std::hint::black_box;

use api::{IpClaim, kinds};
use cni::{Address, Attachment};
use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use granit_parser::Parser;
use ipam::{Claim, Input, Instance, Key, Kind, Pool};
use krm::{ItemId, ResourceList};
use serde_json::{Value, json};

/// Claims in a list, some 500 kB.
const CLAIMS: usize = 1_000;

fn main() {
    divan::main();
}

/// The bare parse, for comparison.
#[divan::bench]
fn events(bencher: Bencher<'_, '_>) {
    let text = inputs::claims(CLAIMS);
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| {
        let mut parser = Parser::new_from_str(black_box(&text));
        std::iter::from_fn(|| parser.next_event()).filter(Result::is_ok).count()
    });
}

/// Text to items; nothing is read of them.
#[divan::bench]
fn split(bencher: Bencher<'_, '_>) {
    let text = inputs::claims(CLAIMS);
    bencher.counter(BytesCount::of_str(&text)).with_inputs(|| text.clone()).bench_local_values(ResourceList::parse);
}

/// Items to typed claims.
#[divan::bench]
fn read(bencher: Bencher<'_, '_>) {
    let text = inputs::claims(CLAIMS);
    bencher
        .counter(BytesCount::of_str(&text))
        .with_inputs(|| parsed(&text))
        .bench_local_refs(|(list, claims)| list.read_each::<IpClaim, _>(claims, |_, claim| claim.is_ok()));
}

/// A status into each claim, and each read again.
#[divan::bench]
fn edit(bencher: Bencher<'_, '_>) {
    let text = inputs::claims(CLAIMS);
    bencher
        .counter(BytesCount::of_str(&text))
        .with_inputs(|| parsed(&text))
        .bench_local_refs(|(list, claims)| edit_all(list, claims));
}

/// The edited list to text.
#[divan::bench]
fn render(bencher: Bencher<'_, '_>) {
    let text = inputs::claims(CLAIMS);
    let (mut list, claims) = parsed(&text);
    edit_all(&mut list, &claims);
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| black_box(&list).render());
}

/// The allocation core.
#[divan::bench]
fn plan(bencher: Bencher<'_, '_>) {
    let instance = Instance::new("default", "vpc");
    let prefix = "10.0.0.0/8".parse().ok();
    let pool = prefix.map(|prefix| Pool::new(Key::new("", "default", "pool"), instance.clone(), Kind::Network, prefix));
    let claim = |n| Claim::new(Key::new("", "default", format!("nf-{n}")), instance.clone(), Kind::Network);
    let input =
        Input { pools: pool.into_iter().collect(), claims: (0..CLAIMS).map(claim).collect(), ..Input::default() };
    bencher.counter(ItemsCount::new(CLAIMS)).bench_local(|| ipam::plan(black_box(&input)));
}

/// An attachment to a checked configuration, as JSON.
#[divan::bench]
fn attachment(bencher: Bencher<'_, '_>) {
    let address = "10.1.3.2/24".parse().ok();
    let attachment = Attachment {
        cni_type: "macvlan".into(),
        master: Some("eth1".into()),
        addresses: address.map(|address| Address { address, gateway: "10.1.3.1".parse().ok() }).into_iter().collect(),
        ..Attachment::default()
    };
    bencher
        .counter(ItemsCount::new(1_usize))
        .bench_local(|| black_box(&attachment).to_config().map(|config| config.to_json()));
}

fn parsed(text: &str) -> (ResourceList, Vec<ItemId>) {
    let mut list =
        ResourceList::parse(text.to_owned()).unwrap_or_else(|_| ResourceList::of_documents(Vec::new(), None));
    let claims = list.select(kinds::IP_CLAIM.api_version, kinds::IP_CLAIM.kind);
    (list, claims)
}

fn edit_all(list: &mut ResourceList, claims: &[ItemId]) {
    let edits: Vec<_> = claims.iter().map(|claim| (*claim, ())).collect();
    list.edit_field("status", &edits, |status: &mut Value, ()| *status = json!({"prefix": "10.0.0.2/8"}));
    list.confirm_edits();
}
