//! Nodes, and everything that can be said of one.

use super::{InterfaceName, MacAddress, NodeName, Place};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
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
    /// `cgroupns-mode`.
    pub cgroupns_mode: Option<String>,
    /// `cgroup-parent`.
    pub cgroup_parent: Option<String>,
    /// `pid-mode`; a node in `container:` is the container's name.
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
    /// `env` with `__IMPORT_ENVS: true`: the variables of whoever deploys come first.
    pub imports_environment: bool,
    /// `env-files`, absolute, in the order in which they are read; `environment` goes before them.
    pub environment_files: Vec<PathBuf>,
    /// `user`.
    pub user: Option<String>,
    /// `labels`, without those that every node gets.
    pub labels: BTreeMap<String, String>,
    /// `network-mode`.
    pub network_mode: NetworkMode,
    /// `runtime`: the engine that the file asks for.
    pub runtime: Option<String>,
    /// `cpu`: thousandths of a processor.
    pub cpu_millis: Option<u64>,
    /// `cpu-set`.
    pub cpu_set: Option<String>,
    /// `memory` in bytes.
    pub memory: Option<u64>,
    /// `sysctls`.
    pub sysctls: BTreeMap<String, String>,
    /// `extras`, as written.
    pub extras: Option<serde_json::Value>,
    /// `stages`.
    pub stages: Stages,
    /// `dns`.
    pub dns: Dns,
    /// `extra-hosts`: `name:address`.
    pub extra_hosts: Vec<String>,
    /// `certificate`.
    pub certificate: Certificate,
    /// `healthcheck`.
    pub healthcheck: Option<Healthcheck>,
    /// `credentials`, and `username` and `password` of earlier releases.
    pub credentials: Credentials,
    /// `aliases` on the management network.
    pub aliases: Vec<String>,
    /// `components`, as written.
    pub components: Option<serde_json::Value>,
    /// `position`, as written.
    pub position: Option<String>,
    /// `link-apply-mode`.
    pub link_apply_mode: Option<LinkApplyMode>,
    /// `config.vars`, merged deeply.
    pub config_vars: BTreeMap<String, serde_json::Value>,
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

/// A command: as written, and in the words that are executed. No shell reads it unless it names one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// As written, with magic variables replaced.
    pub text: String,
    /// The program and its arguments.
    pub words: Vec<String>,
}

/// A folder or file of the host in a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bind {
    /// On the host, absolute.
    pub source: PathBuf,
    /// In the node.
    pub target: String,
    /// `ro`, `z` and what else the engine takes, in the order in which they were written.
    pub options: Vec<String>,
}

/// An engine's volume in a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Volume {
    /// Its name; none for an anonymous one.
    pub name: Option<String>,
    /// In the node.
    pub target: String,
    /// `ro`, `nocopy`.
    pub options: Vec<String>,
}

/// A port of a node, and where the host offers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortMapping {
    /// The host's address; all where it is none.
    pub host_address: Option<IpAddr>,
    /// The host's port; the engine chooses where it is none.
    pub host_port: Option<u16>,
    /// The node's port.
    pub container_port: u16,
    /// Over what.
    pub protocol: Protocol,
}

/// What a port speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// SCTP.
    Sctp,
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

/// What a node waits for, and runs, on its way up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stages {
    /// The container is made.
    pub create: Stage,
    /// The links are made.
    pub create_links: Stage,
    /// It is configured.
    pub configure: Stage,
    /// Its health check succeeded.
    pub healthy: Stage,
    /// It ended.
    pub exit: Stage,
}

impl Stages {
    /// All five, in the order in which a node goes through them.
    pub fn all(&self) -> [(StageName, &Stage); 5] {
        [
            (StageName::Create, &self.create),
            (StageName::CreateLinks, &self.create_links),
            (StageName::Configure, &self.configure),
            (StageName::Healthy, &self.healthy),
            (StageName::Exit, &self.exit),
        ]
    }
}

/// One stage.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// What must be before it begins.
    pub wait_for: Vec<WaitFor>,
    /// What is run.
    pub exec: Vec<StageExec>,
}

/// A stage's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StageName {
    /// The container is made.
    Create,
    /// The links are made.
    CreateLinks,
    /// It is configured.
    Configure,
    /// Its health check succeeded.
    Healthy,
    /// It ended.
    Exit,
}

/// A node that is waited for until it has left a stage behind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct WaitFor {
    /// The node.
    pub node: NodeName,
    /// The stage that it must have completed.
    pub stage: StageName,
}

/// A command of a stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageExec {
    /// The command.
    pub command: Command,
    /// Where it runs.
    pub target: ExecTarget,
    /// When it runs.
    pub phase: ExecPhase,
}

/// Where a stage's command runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExecTarget {
    /// In the node.
    #[default]
    Container,
    /// On the host.
    Host,
}

/// When a stage's command runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExecPhase {
    /// When the stage begins.
    #[default]
    OnEnter,
    /// When it is complete.
    OnExit,
}

/// How a node resolves names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dns {
    /// Servers.
    pub servers: Vec<IpAddr>,
    /// Options.
    pub options: Vec<String>,
    /// Domains that are searched.
    pub search: Vec<String>,
}

/// A node's TLS certificate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Whether one is made.
    pub issue: bool,
    /// Bits of its key; the default where it is none.
    pub key_size: Option<u32>,
    /// How long it is valid; the default where it is none.
    #[serde(with = "super::seconds::optional")]
    pub validity: Option<Duration>,
    /// Further names.
    pub alternative_names: Vec<String>,
}

/// How the engine tells whether a node is healthy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Healthcheck {
    /// `CMD` or `CMD-SHELL`, and the words of the command.
    pub test: Vec<String>,
    /// Between two checks.
    #[serde(with = "super::seconds")]
    pub interval: Duration,
    /// How long a check may take.
    #[serde(with = "super::seconds")]
    pub timeout: Duration,
    /// Failures in a row that make it unhealthy.
    pub retries: u32,
    /// How long failures do not count.
    #[serde(with = "super::seconds")]
    pub start_period: Duration,
}

/// Who logs in to a node. The password is in no debug output.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// The user; the kind's where it is none.
    pub username: Option<String>,
    /// The password; the kind's where it is none.
    pub password: Option<String>,
    /// An SSH key, absolute.
    pub identity_file: Option<PathBuf>,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials")
            .field("username", &self.username)
            .field("identity_file", &self.identity_file)
            .finish_non_exhaustive()
    }
}
