//! Writes a made-up fleet of clusters, to try `krmnet render` on: `cargo run --example fleet DIR [CLUSTERS [SEED]]`.
//!
//! Each cluster has four network functions with five Interfaces each. The same seed gives the same files, and a fleet
//! with more clusters holds all files of a smaller one.

#[path = "../tests/support/fleet.rs"]
#[allow(dead_code)]
mod fleet;

use std::error::Error;
use std::path::PathBuf;

use fleet::Fleet;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let root = arguments.next().map(PathBuf::from).ok_or("usage: fleet DIR [CLUSTERS [SEED]]")?;
    let clusters = arguments.next().map_or(Ok(1_000), |text| text.parse())?;
    let seed = arguments.next().map_or(Ok(1), |text| text.parse())?;
    Fleet::new(seed, clusters).write(&root)?;
    Ok(())
}
