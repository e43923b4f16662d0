//! Running CNI plugins as libcni does: one process a call, the configuration on its standard input.

use std::env;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::netns::Netns;

/// The directory of the plugins.
#[derive(Clone, Debug)]
pub(crate) struct Plugins {
    folder: PathBuf,
}

impl Plugins {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Why a plugin cannot attach on this machine, whatever its configuration says: `None` where it can.
    pub(crate) fn unsupported(&self, config: &Value, host: &Netns) -> anyhow::Result<Option<String>> {
        let kind = kind(config)?;
        if !self.folder.join(kind).is_file() {
            return Ok(Some(format!("no plugin {kind} in {}", self.folder.display())));
        }
        let link: Vec<&str> = match (kind, config.get("master").and_then(Value::as_str)) {
            ("macvlan" | "ipvlan", Some(master)) => vec!["link", master, "type", kind],
            ("vlan", Some(master)) => vec!["link", master, "type", kind, "id", "2"],
            ("bridge", _) if config.get("vlan").is_some() => {
                vec!["type", kind, "vlan_filtering", "1"]
            }
            ("bridge", _) => vec!["type", kind],
            ("host-device" | "sriov", _) => return Ok(Some(format!("{kind} needs its device"))),
            _ => return Ok(None),
        };
        let possible = host.can_add(&link)?;
        Ok((!possible).then(|| format!("this kernel makes no such link: {}", link.join(" "))))
    }

    /// ADD of one plugin that looks at no namespace.
    pub(crate) fn add_alone(&self, plugin: &str, config: &Value) -> anyhow::Result<Value> {
        let program = self.folder.join(plugin);
        self.call(Command::new(program), "ADD", "/proc/self/ns/net", "net1", config)
    }

    /// ADD of the whole chain; the result is the last plugin's.
    pub(crate) fn add(
        &self,
        chain: &[Value],
        host: &Netns,
        container: &Netns,
        interface: &str,
    ) -> anyhow::Result<Value> {
        let mut result = Value::Null;
        for config in chain {
            let config = with_previous_result(config, &result)?;
            result = self.call(self.on(host, &config)?, "ADD", &container.path(), interface, &config)?;
        }
        Ok(result)
    }

    /// DEL of the whole chain, backwards.
    pub(crate) fn del(
        &self,
        chain: &[Value],
        result: &Value,
        host: &Netns,
        container: &Netns,
        interface: &str,
    ) -> anyhow::Result<()> {
        for config in chain.iter().rev() {
            let config = with_previous_result(config, result)?;
            self.call(self.on(host, &config)?, "DEL", &container.path(), interface, &config)?;
        }
        Ok(())
    }

    fn on(&self, host: &Netns, config: &Value) -> anyhow::Result<Command> {
        let program = self.folder.join(kind(config)?);
        Ok(host.command(&program.display().to_string()))
    }

    fn call(
        &self,
        mut plugin: Command,
        command: &str,
        netns: &str,
        interface: &str,
        config: &Value,
    ) -> anyhow::Result<Value> {
        let mut process = plugin
            .env_clear()
            .env("PATH", env::var_os("PATH").unwrap_or_default())
            .env("CNI_COMMAND", command)
            .env("CNI_PATH", &self.folder)
            .env("CNI_CONTAINERID", "krmnet")
            .env("CNI_NETNS", netns)
            .env("CNI_IFNAME", interface)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("running {plugin:?}"))?;
        // Dropping the handle closes the pipe, so that the plugin sees the end of its input.
        process.stdin.take().context("the plugin has no input")?.write_all(config.to_string().as_bytes())?;
        let output = process.wait_with_output()?;
        let answer = String::from_utf8_lossy(&output.stdout);
        if !output.status.success() {
            bail!("{command} refused: {}\nconfiguration: {config}", answer.trim());
        }
        match answer.trim() {
            "" => Ok(Value::Null),
            answer => serde_json::from_str(answer).with_context(|| format!("reading {answer}")),
        }
    }
}

fn kind(config: &Value) -> anyhow::Result<&str> {
    config.get("type").and_then(Value::as_str).context("a plugin without type")
}

fn with_previous_result(config: &Value, result: &Value) -> anyhow::Result<Value> {
    let mut config = config.clone();
    if !result.is_null() {
        let fields = config.as_object_mut().context("a plugin is no object")?;
        fields.insert("prevResult".to_owned(), json!(result));
    }
    Ok(config)
}
