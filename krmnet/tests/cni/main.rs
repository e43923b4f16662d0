//! The attachments of the golden cases (the examples among them) under the real CNI plugins.
//!
//! Each NetworkAttachmentDefinition that a golden case expects is given to the `static` plugin, and attached and detached
//! by its whole plugin chain in a network namespace of its own. A case with a file `no-cni` is left out for the reason
//! that the file gives. Needs the plugins (Debian: containernetworking-plugins), iproute2 and util-linux, and either root
//! or unprivileged user namespaces.

mod attachment;
mod netns;
mod plugin;
#[path = "../support/mod.rs"]
mod support;

use std::env;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::process::{Command, ExitCode};

use anyhow::{Context, ensure};
use libtest_mimic::{Arguments, Completion, Trial};

use attachment::{Attachment, Static};
use netns::Netns;
use plugin::Plugins;
use support::case::{Case, Kind, NO_CNI, cases};
use support::tree::Tree;
use support::{skippable_trial, testdata, tools, trial};

/// Set in the process that runs in namespaces of its own.
const INSIDE: &str = "KRMNET_CNI_INSIDE";
/// The name of the attached interface in the container.
const INTERFACE: &str = "net1";

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::from_args();
    let ready = plugins();
    let inside = env::var_os(INSIDE).is_some();
    if ready.is_ok() && !inside {
        return run_inside();
    }
    if inside {
        hide_state_of_the_host()?;
    }
    let mut trials = attachment::harness_trials();
    let mut attachments = 0_usize;
    for (name, case) in cases(&testdata())? {
        for attachment in expected_attachments(&name, &case)? {
            attachments = attachments.saturating_add(1);
            trials.extend(attachment_trials(&name, attachment, &ready));
        }
    }
    trials.push(trial("harness: some case has an attachment", move || {
        ensure!(attachments > 0, "no golden case expects a NetworkAttachmentDefinition");
        Ok(())
    }));
    Ok(libtest_mimic::run(&arguments, trials).exit_code())
}

/// The plugins, or why no attachment can be tried on this machine.
fn plugins() -> Result<Plugins, String> {
    for name in ["unshare", "nsenter", "ip", "mount"] {
        tools::program(name)?;
    }
    let plugins = Plugins::new(tools::cni_plugins()?);
    let allowed = Command::new("unshare").args([namespaces(), "true"]).output();
    match allowed {
        Ok(output) if output.status.success() => Ok(plugins),
        Ok(output) => Err(format!("no network namespaces: {}", String::from_utf8_lossy(&output.stderr).trim())),
        Err(error) => Err(format!("no network namespaces: {error}")),
    }
}

/// `unshare`'s flags: own network and mounts; without root also an own user namespace.
fn namespaces() -> &'static str {
    let root = fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    if root { "-nm" } else { "-Urnm" }
}

/// Runs this test again in namespaces of its own: whatever it makes there vanishes with it.
fn run_inside() -> anyhow::Result<ExitCode> {
    let status = Command::new("unshare")
        .args([namespaces(), "--"])
        .arg(env::current_exe()?)
        .args(env::args_os().skip(1))
        .env(INSIDE, "1")
        .status()
        .context("running unshare")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Plugins keep leases, locks and backups below these directories; the host's must stay as they are.
fn hide_state_of_the_host() -> anyhow::Result<()> {
    for folder in ["/run", "/var/lib"] {
        let status = Command::new("mount").args(["-t", "tmpfs", "none", folder]).status()?;
        ensure!(status.success(), "mounting a private {folder}: {status}");
    }
    Ok(())
}

/// The NetworkAttachmentDefinitions that the case expects, unless it is left out.
fn expected_attachments(name: &str, case: &Case) -> anyhow::Result<Vec<Attachment>> {
    if case.has(NO_CNI) {
        let reason = case.text(NO_CNI)?;
        ensure!(!reason.trim().is_empty(), "{name}: {NO_CNI} gives no reason");
        eprintln!("SKIP: {name}: {}", reason.trim());
        return Ok(Vec::new());
    }
    let mut attachments = Vec::new();
    match &case.kind {
        Kind::Package(package) => {
            // Without out/ the render changes nothing.
            let out = case.file("out");
            let tree = if out.is_dir() { Tree::read_stored(&out)? } else { package.tree()? };
            for (path, text) in tree.yaml_files() {
                let found = Attachment::all(text).with_context(|| format!("{name}: {path}"))?;
                attachments.extend(found);
            }
        }
        Kind::Function(_) if case.has("out.yaml") => {
            let text = case.text("out.yaml")?;
            let found = Attachment::all(text.as_bytes()).with_context(|| format!("{name}: out.yaml"))?;
            attachments.extend(found);
        }
        _ => {}
    }
    Ok(attachments)
}

/// One trial for the `static` plugin alone, which needs nothing of the kernel, and one for the whole chain.
fn attachment_trials(case: &str, attachment: Attachment, ready: &Result<Plugins, String>) -> [Trial; 2] {
    type Check = fn(&Attachment, &Plugins) -> anyhow::Result<Completion>;
    let checks: [(&str, Check); 2] = [("static", static_alone), ("attach", attach)];
    checks.map(|(what, check)| {
        let (attachment, ready) = (attachment.clone(), ready.clone());
        skippable_trial(format!("{case}: {} {what}", attachment.name), move || match ready {
            Ok(plugins) => check(&attachment, &plugins),
            Err(reason) => tools::skip(&reason),
        })
    })
}

/// Every static IPAM section is accepted by the `static` plugin, which hands out just what the section says.
fn static_alone(attachment: &Attachment, plugins: &Plugins) -> anyhow::Result<Completion> {
    for config in attachment.plugins()? {
        let Some(expected) = Static::of(&config)? else {
            continue;
        };
        ensure!(!expected.addresses.is_empty(), "a static IPAM section without addresses: {config}");
        let result = plugins.add_alone("static", &config)?;
        let found = Static::of_result(&result)?;
        ensure!(found == expected, "static hands out {found:?}, the configuration says {expected:?}");
    }
    Ok(Completion::Completed)
}

/// Attaches to a container, looks at the interface there, detaches.
fn attach(attachment: &Attachment, plugins: &Plugins) -> anyhow::Result<Completion> {
    let chain = attachment.plugins()?;
    let host = Netns::new()?;
    for config in &chain {
        if let Some(master) = config.get("master").and_then(|name| name.as_str()) {
            host.add_veth(master)?;
        }
    }
    for config in &chain {
        if let Some(reason) = plugins.unsupported(config, &host)? {
            // Nothing that could be installed would help, so this is no failure in continuous integration either.
            return Ok(Completion::ignored_with(reason));
        }
    }
    let container = Netns::new()?;
    let attached = plugins.add(&chain, &host, &container, INTERFACE)?;

    let mut expected = Static::default();
    for config in &chain {
        expected.extend(Static::of(config)?.unwrap_or_default());
    }
    let addresses = container.addresses(INTERFACE)?;
    ensure!(addresses == expected.prefixes(), "the interface has {addresses:?}, not {:?}", expected.prefixes());
    let routes = container.routes(INTERFACE)?;
    for route in &expected.routes {
        ensure!(routes.contains(route), "the interface has the routes {routes:?}, not {route:?}");
    }

    plugins.del(&chain, &attached, &host, &container, INTERFACE)?;
    ensure!(!container.has_link(INTERFACE)?, "{INTERFACE} is still there after DEL");
    Ok(Completion::Completed)
}
