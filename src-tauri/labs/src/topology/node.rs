//! Nodes, and everything that can be said of one.

use super::{
    Bind, Command, Dns, Healthcheck, InterfaceName, MacAddress, NodeName, Place, PortMapping,
    Stages, Volume,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::PathBuf;
use std::time::Duration;

/// One node with its settings resolved: its own, then its group's, its kind's, and the defaults.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// Its name in the topology, also its hostname unless the file says otherwise.
    pub name: NodeName,
    /// What its container is called.
    pub container: String,
    /// Its kind, by the kind's own name: `arista_ceos`, also where the file says `ceos`.
    pub kind: String,
    /// Its folder in the lab's folder, `__clabNodeDir__`. Nothing here makes it.
    pub folder: PathBuf,
    /// Its settings.
    pub settings: NodeSettings,
    /// Its ports that links use, in the order of the file.
    pub interfaces: Vec<Interface>,
    /// Where its name stands in the file.
    pub place: Place,
}

/// A port of a node that a link uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interface {
    /// The name as Linux knows it.
    pub name: InterfaceName,
    /// The name as it was written.
    pub written: String,
    /// Its hardware address, where the file gives one.
    pub mac: Option<MacAddress>,
    /// The number of its link, from 1.
    pub link: usize,
    /// Where it stands in the file.
    pub place: Place,
}

/// Everything that can be said of a node.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct NodeSettings {
    /// `type`: the vendor's model.
    pub node_type: Option<String>,
    /// `group`.
    pub group: Option<String>,
    /// `image`: the reference.
    pub image: Option<String>,
    /// `image-pull-policy`.
    pub image_pull_policy: PullPolicy,
    /// `hostname`, where it is not the node's name.
    pub hostname: Option<String>,
    /// `startup-config`.
    pub startup_config: Option<Content>,
    /// `enforce-startup-config`: it replaces what the node saved.
    pub enforce_startup_config: bool,
    /// `suppress-startup-config`: none is made.
    pub suppress_startup_config: bool,
    /// `license`.
    pub license: Option<Content>,
    /// `startup-delay`.
    #[serde(with = "super::seconds")]
    pub startup_delay: Duration,
    /// `auto-remove`: the container goes when it stops.
    pub auto_remove: bool,
    /// `restart-policy`, where the file says one.
    pub restart_policy: Option<RestartPolicy>,
    /// `entrypoint`, in words.
    pub entrypoint: Option<Vec<String>>,
    /// `cmd`, in words.
    pub command: Option<Vec<String>>,
    /// `exec`: run one after the other when the node is wired.
    pub exec: Vec<Command>,
    /// `binds`, by the path inside.
    pub binds: Vec<Bind>,
    /// `volumes`, by the path inside.
    pub volumes: Vec<Volume>,
    /// `devices`, as the engine reads them.
    pub devices: Vec<String>,
    /// `cap-add`, as written.
    pub cap_add: Vec<String>,
    /// `privileged`, where the file says it; the kind decides otherwise.
    pub privileged: Option<bool>,
    /// `pid-mode`: `host`, or none where it has processes of its own.
    pub pid_mode: Option<String>,
    /// `tmpfs`: options by path.
    pub tmpfs: BTreeMap<String, String>,
    /// `security-opts`.
    pub security_options: Vec<String>,
    /// `shm-size` in bytes.
    pub shm_size: Option<u64>,
    /// `ports`.
    pub ports: Vec<PortMapping>,
    /// `mgmt-ipv4`.
    pub management_ipv4: Option<Ipv4Addr>,
    /// `mgmt-ipv6`.
    pub management_ipv6: Option<Ipv6Addr>,
    /// `env`.
    pub environment: BTreeMap<String, String>,
    /// `env-files`, absolute, in the order in which they are read; `environment` goes before them.
    pub environment_files: Vec<PathBuf>,
    /// `user`.
    pub user: Option<String>,
    /// `labels`, without those that every node gets.
    pub labels: BTreeMap<String, String>,
    /// `network-mode`.
    pub network_mode: NetworkMode,
    /// `cpu`: thousandths of a processor.
    pub cpu_millis: Option<u64>,
    /// `cpu-set`.
    pub cpu_set: Option<String>,
    /// `memory` in bytes.
    pub memory: Option<u64>,
    /// `sysctls`.
    pub sysctls: BTreeMap<String, String>,
    /// `stages`.
    pub stages: Stages,
    /// `dns`.
    pub dns: Dns,
    /// `extra-hosts`: `name:address`.
    pub extra_hosts: Vec<String>,
    /// `healthcheck`.
    pub healthcheck: Option<Healthcheck>,
    /// `aliases` on the management network.
    pub aliases: Vec<String>,
    /// `link-apply-mode`.
    pub link_apply_mode: Option<LinkApplyMode>,
}

/// A file's content: where it is, or itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// A file, absolute.
    File(PathBuf),
    /// To be fetched.
    Url(String),
    /// The text itself: it has more than one line.
    Inline(String),
}

/// When an image is pulled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PullPolicy {
    /// If the engine does not have it.
    #[default]
    IfNotPresent,
    /// At every deployment.
    Always,
    /// By nobody here.
    Never,
}

/// When the engine starts a container again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RestartPolicy {
    /// Never.
    No,
    /// When it failed.
    OnFailure,
    /// Always.
    Always,
    /// Always, unless somebody stopped it.
    UnlessStopped,
}

/// How changed links reach a running node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkApplyMode {
    /// At once.
    Live,
    /// With a restart.
    Restart,
    /// With a new container.
    Recreate,
}

/// Which network a node's container has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NetworkMode {
    /// The management network.
    #[default]
    Management,
    /// None but its links.
    None,
    /// The engine host's.
    Host,
    /// Another node's of the topology.
    Node(NodeName),
    /// That of a container which is no node of the topology.
    Container(String),
}
