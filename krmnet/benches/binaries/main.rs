//! Whole processes, from start to finish: `make bench`.
//!
//! Every row names the bytes that went in and is to be read beside the first ones: what the machine needs to start a
//! process at all, to copy the bytes and to parse them as YAML events. Times are the best and the median of some runs;
//! only ratios within one table say anything.

#[path = "../inputs/mod.rs"]
mod inputs;
mod measure;

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use granit_parser::Parser;
use measure::{Bench, Row};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let binaries = std::env::var_os("KRMNET_BIN_DIR").map_or_else(|| PathBuf::from("bin"), PathBuf::from);
    let quick = std::env::args().any(|argument| argument == "--test");
    let bench = Bench::new(binaries, if quick { 1 } else { 7 })?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", Row::HEADER)?;
    let mut print = |row: Row| writeln!(out, "{row}");

    for (name, list) in [
        ("20 items", inputs::claims(20)),
        ("1 MB of workloads", inputs::workloads(1 << 20)),
        ("10 MB of workloads", inputs::workloads(10 << 20)),
        ("100 MB of workloads", inputs::workloads(if quick { 1 << 20 } else { 100 << 20 })),
    ] {
        print(bench.program("cat", name, list.as_bytes())?)?;
        print(events(name, &list)?)?;
        for function in ["interface-fn", "ipam-fn", "vlan-fn", "nad-fn"] {
            print(bench.function(function, &format!("{name}, nothing to do"), list.as_bytes())?.0)?;
        }
    }
    let many = if quick { 200 } else { 20_000 };
    let list = inputs::claims(many);
    print(bench.program("cat", &format!("{many} claims"), list.as_bytes())?)?;
    print(events(&format!("{many} claims"), &list)?)?;
    let (row, resolved) = bench.function("ipam-fn", &format!("{many} claims, first run"), list.as_bytes())?;
    print(row)?;
    print(bench.function("ipam-fn", &format!("{many} claims, again"), &resolved)?.0)?;

    for interfaces in if quick { vec![20] } else { vec![20, 100, 500, 2_000, 10_000] } {
        let name = |what: &str| format!("{interfaces} Interfaces, {what}");
        let list = inputs::package(interfaces);
        print(bench.program("cat", &name("as written"), list.as_bytes())?)?;
        print(events(&name("as written"), &list)?)?;
        let (row, asked) = bench.function("interface-fn", &name("first run"), list.as_bytes())?;
        print(row)?;
        let (row, tagged) = bench.function("vlan-fn", &name("first run"), &asked)?;
        print(row)?;
        let (row, answered) = bench.function("ipam-fn", &name("first run"), &tagged)?;
        print(row)?;
        let (row, attached) = bench.function("nad-fn", &name("first run"), &answered)?;
        print(row)?;
        print(bench.function("interface-fn", &name("second pass"), &attached)?.0)?;
        print(bench.function("nad-fn", &name("again"), &attached)?.0)?;
    }

    let packages = if quick { 10 } else { 1_000 };
    let tree = inputs::tree(packages)?;
    print(bench.render(&format!("{packages} packages of 20 Interfaces, first run"), tree.path(), 1)?)?;
    print(bench.render(&format!("{packages} packages of 20 Interfaces, again"), tree.path(), 3)?)?;
    Ok(())
}

/// A bare parse of the same bytes, in this process.
fn events(name: &str, list: &str) -> Outcome<Row> {
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..3 {
        let start = Instant::now();
        let mut parser = Parser::new_from_str(list);
        let mut count = 0_u64;
        while let Some(event) = parser.next_event() {
            event?;
            count += 1;
        }
        std::hint::black_box(count);
        times.push(start.elapsed());
    }
    Ok(Row::new("(YAML events)", name, list.len(), times, None))
}
