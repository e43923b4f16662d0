//! Writes the man pages of all binaries and the shell completions of `krmnet`, from the same source as `--help`. An example,
//! so that the binaries need not carry what makes them.
//!
//! usage: cargo run --package krmnet --example manual -- FOLDER
//! The folder gets `man/man1/`, `bash-completion/completions/`, `zsh/site-functions/` and `fish/vendor_completions.d/`,
//! as /usr/share has them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use clap::ValueEnum;
use clap_complete::Shell;
use clap_mangen::Man;

fn main() -> anyhow::Result<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).context("usage: manual FOLDER")?);
    man_pages(&folder.join("man/man1"))?;
    completions(&folder)
}

fn man_pages(folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
    for mut command in krmnet::commands() {
        command.build();
        for command in command.get_subcommands().chain([&command]) {
            let man = Man::new(command.clone()).date(concat!("krmnet ", env!("CARGO_PKG_VERSION"))).source("");
            let mut page = Vec::new();
            man.render(&mut page)?;
            fs::write(folder.join(man.get_filename()), laid_out(&String::from_utf8(page)?))?;
        }
    }
    Ok(())
}

/// What stands below the options in `--help` has lines and indents of its own, which roff would fill.
fn laid_out(page: &str) -> String {
    page.replace(".SH EXTRA\n", ".SH DETAILS\n.nf\n").replace(".SH VERSION\n", ".fi\n.SH VERSION\n")
}

fn completions(folder: &Path) -> anyhow::Result<()> {
    for shell in Shell::value_variants() {
        let (place, name) = match shell {
            Shell::Bash => ("bash-completion/completions", "krmnet"),
            Shell::Zsh => ("zsh/site-functions", "_krmnet"),
            Shell::Fish => ("fish/vendor_completions.d", "krmnet.fish"),
            _ => continue,
        };
        let mut krmnet = krmnet::commands().into_iter().next().context("krmnet comes first")?;
        let mut script = Vec::new();
        clap_complete::generate(*shell, &mut krmnet, "krmnet", &mut script);
        ensure!(!script.is_empty(), "{shell}: an empty script");
        let place = folder.join(place);
        fs::create_dir_all(&place).with_context(|| format!("creating {}", place.display()))?;
        fs::write(place.join(name), script)?;
    }
    Ok(())
}
