//! How long plans take: `cargo run --release -p ipam --example scale [claims [shape]]`.
//!
//! Prints, for sizes from 1,000 up to `claims`, the time per object (claim or pool) in nanoseconds of several shapes of
//! trees, or of those whose name contains `shape`.

use std::error::Error;
use std::io::Write;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Instant;

use ipam::{Claim, Family, Input, Instance, Key, Kind, Pool, Status, plan};
use ipnet::IpNet;

type Shape = fn(usize) -> Result<Input, Box<dyn Error>>;

/// Where the plan has errors on purpose.
const FULL: &str = "full /16: each claim fails, with reasons";

const SHAPES: [(&str, Shape); 12] = [
    ("dense IPv4 /8", dense_v4),
    ("dense IPv6 /64", dense_v6),
    ("fragmented IPv4 /8", fragmented_v4),
    ("fragmented IPv6 /64", fragmented_v6),
    ("kept IPv4 /8", kept_v4),
    (FULL, full),
    ("all but one of 256 /24 pools full", nearly_full),
    ("blocks /28 of a /7", blocks),
    ("blocks /64 of a /32", blocks_v6),
    ("10,000 pools, selected by cluster", ten_thousand_pools),
    ("a pool per 100 claims, selected by cluster", labelled_pools),
    ("spill-over through /29 pools", spill_over),
];

fn main() -> Result<(), Box<dyn Error>> {
    let most = std::env::args().nth(1).map_or(Ok(100_000), |text| text.parse())?;
    let wanted = std::env::args().nth(2).unwrap_or_default();
    let mut out = std::io::stdout().lock();
    for (name, shape) in SHAPES.into_iter().filter(|(name, _)| name.contains(&wanted)) {
        write!(out, "{name:<44}")?;
        let mut size = 1000;
        while size <= most {
            let input = shape(size)?;
            let rounds = (100_000 / size).max(1);
            let start = Instant::now();
            for _ in 0..rounds {
                let plan = std::hint::black_box(plan(std::hint::black_box(&input)));
                if plan.has_errors() != (name == FULL) {
                    return Err(format!("{name}: not the outcome that was meant").into());
                }
            }
            let each = start.elapsed().as_nanos() / u128::try_from((input.claims.len() + input.pools.len()) * rounds)?;
            write!(out, "{size:>9}: {each:>5} ns")?;
            out.flush()?;
            size *= 10;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn instance() -> Instance {
    Instance::new("default", "vpc")
}

fn claim(n: usize, kind: Kind) -> Claim {
    Claim::new(Key::new(format!("site-{}", n / 100), "default", format!("nf-{n}")), instance(), kind)
}

fn pool(n: usize, kind: Kind, prefix: IpNet) -> Pool {
    Pool::new(Key::new("", "default", format!("pool-{n}")), instance(), kind, prefix)
}

/// `size` claims; of every two, the first has a status where `status` gives one.
fn claims(size: usize, status: impl Fn(usize) -> Option<IpNet>) -> Vec<Claim> {
    (0..size)
        .map(|n| Claim { status: status(n).map(|prefix| Status { prefix, gateway: None }), ..claim(n, Kind::Loopback) })
        .collect()
}

/// A number that looks random, the same each time; different for different `n` below 2^22.
fn scattered(n: usize) -> Result<u32, Box<dyn Error>> {
    Ok(u32::try_from(n)?.wrapping_mul(0x009e_3779) % (1 << 22))
}

fn v4(offset: u32) -> Result<IpNet, Box<dyn Error>> {
    Ok(IpNet::new(Ipv4Addr::from_bits(0x0a00_0000 | offset).into(), 32)?)
}

fn v6(offset: u128) -> Result<IpNet, Box<dyn Error>> {
    Ok(IpNet::new(Ipv6Addr::from_bits((0xfd00 << 112) | offset).into(), 128)?)
}

fn dense_v4(size: usize) -> Result<Input, Box<dyn Error>> {
    let pools = vec![pool(0, Kind::Loopback, "10.0.0.0/8".parse()?)];
    Ok(Input { pools, claims: claims(size, |_| None), ..Input::default() })
}

fn dense_v6(size: usize) -> Result<Input, Box<dyn Error>> {
    let pools = vec![pool(0, Kind::Loopback, "fd00::/64".parse()?)];
    Ok(Input { pools, claims: claims(size, |_| None), ..Input::default() })
}

fn fragmented_v4(size: usize) -> Result<Input, Box<dyn Error>> {
    let pools = vec![pool(0, Kind::Loopback, "10.0.0.0/8".parse()?)];
    let status = |n: usize| n.is_multiple_of(2).then(|| v4(scattered(n).ok()?.wrapping_mul(4)).ok())?;
    Ok(Input { pools, claims: claims(size, status), ..Input::default() })
}

fn fragmented_v6(size: usize) -> Result<Input, Box<dyn Error>> {
    let pools = vec![pool(0, Kind::Loopback, "fd00::/64".parse()?)];
    let status = |n: usize| n.is_multiple_of(2).then(|| v6(u128::from(scattered(n).ok()?) << 40).ok())?;
    Ok(Input { pools, claims: claims(size, status), ..Input::default() })
}

fn kept_v4(size: usize) -> Result<Input, Box<dyn Error>> {
    let pools = vec![pool(0, Kind::Loopback, "10.0.0.0/8".parse()?)];
    let status = |n: usize| v4(u32::try_from(n).ok()?).ok();
    Ok(Input { pools, claims: claims(size, status), ..Input::default() })
}

fn blocks(size: usize) -> Result<Input, Box<dyn Error>> {
    let pools = vec![pool(0, Kind::Aggregate, "10.0.0.0/7".parse()?)];
    let claims = (0..size).map(|n| claim(n, Kind::Network).block(28)).collect();
    Ok(Input { pools, claims, ..Input::default() })
}

fn blocks_v6(size: usize) -> Result<Input, Box<dyn Error>> {
    let pools = vec![pool(0, Kind::Aggregate, "fd00::/32".parse()?)];
    let claims = (0..size).map(|n| claim(n, Kind::Network).block(64)).collect();
    Ok(Input { pools, claims, ..Input::default() })
}

fn full(size: usize) -> Result<Input, Box<dyn Error>> {
    let pools = vec![pool(0, Kind::Loopback, "10.0.0.0/16".parse()?)];
    let mut claims = claims(size, |_| None);
    claims.extend(held(1 << 16)?);
    Ok(Input { pools, claims, ..Input::default() })
}

fn nearly_full(size: usize) -> Result<Input, Box<dyn Error>> {
    let mut pools = vec![pool(256, Kind::Loopback, "11.0.0.0/8".parse()?)];
    for n in 0..256 {
        pools.push(pool(
            n,
            Kind::Loopback,
            IpNet::new(Ipv4Addr::from_bits(0x0a00_0000 | (u32::try_from(n)? << 8)).into(), 24)?,
        ));
    }
    let mut claims = claims(size, |_| None);
    claims.extend(held(1 << 16)?);
    Ok(Input { pools, claims, ..Input::default() })
}

/// Claims that hold the first `count` addresses of 10.0.0.0/8.
fn held(count: u32) -> Result<Vec<Claim>, Box<dyn Error>> {
    (0..count)
        .map(|n| {
            let key = Key::new("held", "default", format!("held-{n}"));
            Ok(Claim {
                status: Some(Status { prefix: v4(n)?, gateway: None }),
                ..Claim::new(key, instance(), Kind::Loopback)
            })
        })
        .collect()
}

fn labelled_pools(size: usize) -> Result<Input, Box<dyn Error>> {
    selected_pools(size, size.div_ceil(100))
}

fn ten_thousand_pools(size: usize) -> Result<Input, Box<dyn Error>> {
    selected_pools(size, 10_000)
}

/// Each claim asks for one of `count` pools by its cluster.
fn selected_pools(size: usize, count: usize) -> Result<Input, Box<dyn Error>> {
    let key = "nephio.org/cluster-name";
    let mut input = dense_v4(0)?;
    for n in 0..count {
        let offset = u32::try_from(n)? << 8;
        let prefix = IpNet::new(Ipv4Addr::from_bits(0x1400_0000 | offset).into(), 24)?;
        let mut pool = pool(n, Kind::Network, prefix);
        pool.labels.insert(key.into(), format!("edge-{n}"));
        input.pools.push(pool);
    }
    input.claims = (0..size)
        .map(|n| {
            let mut claim = Claim { family: Some(Family::V4), ..claim(n, Kind::Network) };
            claim.selector.match_labels.insert(key.into(), format!("edge-{}", n % count));
            claim
        })
        .collect();
    Ok(input)
}

fn spill_over(size: usize) -> Result<Input, Box<dyn Error>> {
    let pools = (0..size.div_ceil(8)).map(|n| {
        let offset = u32::try_from(n)? << 3;
        let prefix = IpNet::new(Ipv4Addr::from_bits(0x0a00_0000 | offset).into(), 29)?;
        Ok(pool(n, Kind::Loopback, prefix))
    });
    let pools = pools.collect::<Result<_, Box<dyn Error>>>()?;
    Ok(Input { pools, claims: claims(size, |_| None), ..Input::default() })
}
