//! Throw-away network namespaces.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};

use anyhow::{Context, ensure};
use serde_json::Value;

use crate::attachment::{Prefix, Route, prefix};

/// A network namespace. A process holds it open, and ends with this value or, if that is never dropped, with this test:
/// it reads from a pipe that then closes.
pub(crate) struct Netns {
    holder: Child,
}

impl Netns {
    /// A new namespace in which only the loopback interface is up.
    pub(crate) fn new() -> anyhow::Result<Self> {
        let holder = Command::new("unshare")
            .args(["-n", "sh", "-c", "ip link set lo up && echo ready && exec cat"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("running unshare")?;
        let mut namespace = Self { holder };
        let stdout = namespace.holder.stdout.take().context("the holder has no output")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        ensure!(line == "ready\n", "a new network namespace could not be set up");
        Ok(namespace)
    }

    /// Where the namespace is mounted, for `CNI_NETNS`.
    pub(crate) fn path(&self) -> String {
        format!("/proc/{}/ns/net", self.holder.id())
    }

    /// A command that runs in this namespace.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        command.args(["-t", &self.holder.id().to_string(), "-n", "--", program]);
        command
    }

    /// Adds a network card as the host has it: a link of this name that is up and has carrier, for large packets too.
    pub(crate) fn add_veth(&self, name: &str) -> anyhow::Result<()> {
        if self.has_link(name)? {
            return Ok(());
        }
        self.ip(&["link", "add", name, "type", "veth", "peer", "name", "peer"])?;
        for end in ["peer", name] {
            self.ip(&["link", "set", end, "mtu", "9000", "up"])?;
        }
        Ok(())
    }

    /// Whether the kernel can make a link with these arguments of `ip link add`.
    pub(crate) fn can_add(&self, arguments: &[&str]) -> anyhow::Result<bool> {
        let add = [&["link", "add", "probe"], arguments].concat();
        let possible = self.try_ip(&add)?.status.success();
        if possible {
            self.ip(&["link", "del", "probe"])?;
        }
        Ok(possible)
    }

    /// Whether there is a link of this name.
    pub(crate) fn has_link(&self, name: &str) -> anyhow::Result<bool> {
        Ok(self.try_ip(&["link", "show", "dev", name])?.status.success())
    }

    /// The addresses of a link, without those that the kernel makes up itself.
    pub(crate) fn addresses(&self, link: &str) -> anyhow::Result<BTreeSet<Prefix>> {
        let links = self.ip_json(&["addr", "show", "dev", link])?;
        let infos = links.iter().filter_map(|link| link.get("addr_info")?.as_array()).flatten();
        infos
            .filter(|info| info.get("scope") != Some(&Value::from("link")))
            .map(|info| {
                let address = info.get("local").and_then(Value::as_str).context("an address without text")?;
                let length = info.get("prefixlen").and_then(Value::as_u64).context("an address without length")?;
                prefix(&format!("{address}/{length}"))
            })
            .collect()
    }

    /// The routes through a link.
    pub(crate) fn routes(&self, link: &str) -> anyhow::Result<BTreeSet<Route>> {
        let mut routes = BTreeSet::new();
        for (family, any, full) in [("-4", "0.0.0.0/0", 32), ("-6", "::/0", 128)] {
            for route in self.ip_json(&[family, "route", "show", "dev", link])? {
                let text = |key: &str| route.get(key).and_then(Value::as_str);
                let to = match text("dst").context("a route without destination")? {
                    "default" => prefix(any)?,
                    host if !host.contains('/') => prefix(&format!("{host}/{full}"))?,
                    subnet => prefix(subnet)?,
                };
                let gateway = text("gateway").map(str::parse).transpose()?;
                routes.insert(Route { to, gateway });
            }
        }
        Ok(routes)
    }

    fn ip_json(&self, arguments: &[&str]) -> anyhow::Result<Vec<Value>> {
        let output = self.ip(&[&["-json"], arguments].concat())?;
        // `ip` prints nothing, not an empty list, where an address family has no route.
        if output.stdout.is_empty() {
            return Ok(Vec::new());
        }
        serde_json::from_slice(&output.stdout).context("reading the output of ip")
    }

    fn ip(&self, arguments: &[&str]) -> anyhow::Result<Output> {
        let output = self.try_ip(arguments)?;
        let reason = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "ip {}: {}", arguments.join(" "), reason.trim());
        Ok(output)
    }

    fn try_ip(&self, arguments: &[&str]) -> anyhow::Result<Output> {
        self.command("ip").args(arguments).output().context("running nsenter")
    }
}

impl Drop for Netns {
    fn drop(&mut self) {
        // Nothing to do about a failure: the pipe to the holder closes in any case.
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}
