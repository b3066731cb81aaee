//! One kind of node, as the table describes it.

use super::{BootStage, InterfaceRules, Readiness, Save};
use crate::topology::RestartPolicy;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// What a kind of node needs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// Its name, `arista_ceos`.
    pub name: String,
    /// Further names that files use.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// For people.
    pub title: String,
    /// What it is here.
    pub runs: Runs,
    /// What a kind that does not run here would need, for people.
    pub needs: Option<String>,
    /// Variables. The user's go before them.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// Variables that are made of one piece for each port.
    #[serde(default)]
    pub environment_per_port: BTreeMap<String, String>,
    /// The entry point; the image's where it is none.
    pub entrypoint: Option<Vec<String>>,
    /// The command; the image's where it is none.
    pub command: Option<Vec<String>>,
    /// Whether the command stays although the file gives one.
    #[serde(default)]
    pub command_is_fixed: bool,
    /// The user; the image's where it is none.
    pub user: Option<String>,
    /// Whether it runs with every privilege, unless the file says otherwise.
    #[serde(default = "yes")]
    pub privileged: bool,
    /// Capabilities that it needs where it is not privileged.
    #[serde(default)]
    pub capabilities: Vec<String>,
    /// Folders that outlive the container.
    #[serde(default)]
    pub volumes: Vec<KindVolume>,
    /// Folders of the engine's host.
    #[serde(default)]
    pub binds: Vec<KindBind>,
    /// Folders in memory: options by path.
    #[serde(default)]
    pub tmpfs: BTreeMap<String, String>,
    /// Files that are put in before it starts.
    #[serde(default)]
    pub files: Vec<KindFile>,
    /// Kernel settings of its namespaces.
    #[serde(default)]
    pub sysctls: BTreeMap<String, String>,
    /// Devices.
    #[serde(default)]
    pub devices: Vec<String>,
    /// Whether it sees a port that comes while it runs.
    #[serde(default)]
    pub live_ports: bool,
    /// How its ports are named.
    pub interfaces: InterfaceRules,
    /// How one tells that it is up. Without any it is up when it runs.
    #[serde(default)]
    pub readiness: Readiness,
    /// What it goes through on its way up, in order.
    #[serde(default)]
    pub stages: Vec<BootStage>,
    /// How long to wait between the starts of two nodes of this kind.
    #[serde(default, rename = "stagger_seconds", deserialize_with = "seconds")]
    pub stagger: Duration,
    /// What opens its command line.
    #[serde(default)]
    pub console: Vec<String>,
    /// How its configuration is saved.
    pub save: Option<Save>,
    /// The signal that ends it; the engine's where it is none.
    pub stop_signal: Option<String>,
    /// How long it may take to end.
    #[serde(
        default = "ten_seconds",
        rename = "stop_timeout_seconds",
        deserialize_with = "seconds"
    )]
    pub stop_timeout: Duration,
    /// The engine's restart policy, unless the file gives one.
    pub restart_policy: Option<RestartPolicy>,
    /// Who logs in, unless the file says otherwise.
    pub login: Option<Login>,
    /// What the hardware address of its management port begins with.
    pub mac_prefix: Option<MacPrefix>,
    /// Its model, unless the file gives one.
    pub default_type: Option<String>,
    /// Its models: for each the values of the placeholders `model.NAME`. None means that any `type` goes.
    #[serde(default)]
    pub models: BTreeMap<String, BTreeMap<String, String>>,
    /// Commands that are run once, when it is ready for the first time.
    #[serde(default)]
    pub first_boot: Vec<FirstBoot>,
}

impl Kind {
    /// The model that a file's `type` names, dashes or not. The default where the file names none.
    pub fn model(&self, written: Option<&str>) -> Option<(&str, &BTreeMap<String, String>)> {
        let plain = |name: &str| name.trim().replace('-', "");
        let wanted = plain(written.or(self.default_type.as_deref())?);
        let found = self.models.iter().find(|(name, _)| plain(name) == wanted);
        found.map(|(name, values)| (name.as_str(), values))
    }

    /// Whether it is a container that runs here.
    pub fn is_container(&self) -> bool {
        self.runs == Runs::Container
    }
}

/// What a kind is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Runs {
    /// A container.
    Container,
    /// A switch in the patchbay.
    Switch,
    /// The engine host's own namespace.
    HostNamespace,
    /// Nothing: it is recognised, and [`Kind::needs`] says what it would need.
    Elsewhere,
}

/// A folder that outlives the container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindVolume {
    /// In the node.
    pub path: String,
    /// What it is for, in one word: it becomes part of the volume's name.
    pub purpose: String,
}

/// A folder of the engine's host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindBind {
    /// On the host.
    pub source: String,
    /// In the node.
    pub target: String,
    /// Whether the node may write.
    #[serde(default)]
    pub read_only: bool,
    /// Whether it is left out where the host does not have it.
    #[serde(default)]
    pub if_present: bool,
}

/// A file that is put in before the node starts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindFile {
    /// In the node.
    pub path: String,
    /// The file in the program that it is made of. Without one it is made only of what the user gives.
    pub template: Option<String>,
    /// Its permissions, in octal: `0644`.
    #[serde(default = "plain_mode", deserialize_with = "octal")]
    pub mode: u32,
    /// When it is written.
    pub when: WriteWhen,
    /// What of the user's takes the template's place.
    #[serde(default)]
    pub given: Given,
}

/// A command that is run once, when a node is ready for the first time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirstBoot {
    /// The command in words.
    pub command: Vec<String>,
    /// The file that must be there; the command is left out otherwise.
    pub with_file: Option<String>,
}

/// When a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WriteWhen {
    /// Before every start.
    Always,
    /// If it is not there, or the file says `enforce-startup-config`.
    MissingOrEnforced,
    /// If it is not there.
    Missing,
}

/// What of the user's a file is made of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Given {
    /// Nothing.
    #[default]
    Nothing,
    /// The `startup-config`.
    StartupConfig,
    /// The `startup-config` if it is JSON.
    StartupConfigJson,
    /// The `startup-config` if it is not JSON, but lines of commands.
    StartupConfigCommands,
    /// The `license`.
    License,
}

/// Who logs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// The user.
    pub username: String,
    /// The password that every such image comes with.
    pub password: String,
}

/// The first three bytes of a hardware address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MacPrefix(
    /// The bytes as they are sent.
    pub [u8; 3],
);

impl<'de> Deserialize<'de> for MacPrefix {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = hex::decode(text.replace(':', "")).ok();
        let prefix = bytes.and_then(|bytes| bytes.try_into().ok()).map(Self);
        prefix.ok_or_else(|| serde::de::Error::custom("three bytes are expected: 00:1c:73"))
    }
}

fn yes() -> bool {
    true
}

fn ten_seconds() -> Duration {
    Duration::from_secs(10)
}

fn plain_mode() -> u32 {
    0o644
}

pub(super) fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u64::deserialize(deserializer).map(Duration::from_secs)
}

fn octal<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let text = String::deserialize(deserializer)?;
    u32::from_str_radix(&text, 8).map_err(serde::de::Error::custom)
}
