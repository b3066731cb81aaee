//! What a container is made of.

use serde::Serialize;
use std::{collections::BTreeMap, net::Ipv4Addr, net::Ipv6Addr, time::Duration};

/// Everything that a container is given when it is made. What is left at its default is the engine's or the image's.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct ContainerSettings {
    /// Its name.
    pub name: String,
    /// The image, by id or name.
    pub image: String,
    /// Its host name.
    pub hostname: Option<String>,
    /// The program that it runs; the image's if not given.
    pub entrypoint: Option<Vec<String>>,
    /// The program's arguments; the image's if not given.
    pub command: Option<Vec<String>>,
    /// Variables of the environment.
    pub environment: BTreeMap<String, String>,
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// The user and group that it runs as, `0:0`.
    pub user: Option<String>,
    /// Whether it has a terminal, and an input that stays open.
    pub terminal: bool,
    /// The signal that asks it to stop.
    pub stop_signal: Option<String>,
    /// How long it is given to stop, in whole seconds.
    pub stop_timeout: Option<Duration>,
    /// What its processes may do.
    pub privileges: Privileges,
    /// What the engine's security modules are told of it, `label=disable`.
    pub security_options: Vec<String>,
    /// What network it is in.
    pub network: ContainerNetwork,
    /// Whether it sees the processes of the engine's host.
    pub host_processes: bool,
    /// Whether its root file system cannot be written to.
    pub read_only: bool,
    /// What is mounted into it.
    pub mounts: Vec<Mount>,
    /// Kernel parameters of its namespaces.
    pub sysctls: BTreeMap<String, String>,
    /// Devices of the engine's host.
    pub devices: Vec<Device>,
    /// Bytes of `/dev/shm`.
    pub shared_memory: Option<u64>,
    /// Bytes of memory that it may use.
    pub memory: Option<u64>,
    /// Processors that it may use, 1.5 for one and a half.
    pub processors: Option<f64>,
    /// Which processors it may use, `0-2,4`.
    pub processor_set: Option<String>,
    /// When the engine starts it again.
    pub restart: RestartPolicy,
    /// Whether it is removed when it ends.
    pub auto_remove: bool,
    /// Ports that are published on the engine's host.
    pub ports: Vec<PublishedPort>,
    /// Where it looks names up.
    pub dns: Dns,
    /// Lines of its `/etc/hosts`, `name:address`.
    pub extra_hosts: Vec<String>,
    /// How the engine finds out whether it is healthy; the image's if not given.
    pub healthcheck: Option<Healthcheck>,
}

/// What a container's processes may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Privileges {
    /// Everything.
    Privileged,
    /// The engine's usual capabilities, and more.
    Added(Vec<String>),
    /// These capabilities and no others.
    Only(Vec<String>),
}

impl Default for Privileges {
    fn default() -> Self {
        Self::Added(Vec::new())
    }
}

/// What network a container is in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub enum ContainerNetwork {
    /// The engine's usual one.
    #[default]
    Usual,
    /// None: loopback only.
    None,
    /// The engine's host's.
    Host,
    /// That of another container, by id or name.
    Container(String),
    /// One that was made before.
    Named(Endpoint),
}

/// A place in a network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Endpoint {
    /// The network's name.
    pub network: String,
    /// The address that it always has.
    pub ipv4: Option<Ipv4Addr>,
    /// The address that it always has.
    pub ipv6: Option<Ipv6Addr>,
    /// Its hardware address, `02:42:…`.
    pub mac: Option<String>,
    /// Names that others in the network find it by, besides its own.
    pub aliases: Vec<String>,
}

/// Something that is mounted into a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mount {
    /// Where it comes from.
    pub source: MountSource,
    /// Where it is in the container.
    pub target: String,
    /// Whether it cannot be written to.
    pub read_only: bool,
}

/// Where a mount comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum MountSource {
    /// A volume of the engine. One that is new begins with what the image has there.
    Volume(String),
    /// A file or folder of the engine's host, which must exist.
    Host(String),
    /// Memory, so many bytes at most.
    Memory(u64),
}

/// A device of the engine's host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Device {
    /// Where it is on the host.
    pub host: String,
    /// Where it is in the container.
    pub container: String,
    /// Letters of `rwm`.
    pub permissions: String,
}

/// When an engine starts a container again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum RestartPolicy {
    /// Never.
    #[default]
    No,
    /// When it failed, so many times at most; 0 is without an end.
    OnFailure(u32),
    /// Whenever it ended.
    Always,
    /// The same, unless somebody stopped it.
    UnlessStopped,
}

/// A port that is published on the engine's host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublishedPort {
    /// The container's port and protocol, `22/tcp`.
    pub container: String,
    /// The host's address; all of them if empty.
    pub host_address: String,
    /// The host's port; one that is free if empty.
    pub host_port: String,
}

/// Where names are looked up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Dns {
    /// Addresses.
    pub servers: Vec<String>,
    /// Domains.
    pub search: Vec<String>,
    /// Options as in `resolv.conf`.
    pub options: Vec<String>,
}

/// How an engine finds out whether a container is healthy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Healthcheck {
    /// As Docker has it: `["CMD", "ping", …]`, `["CMD-SHELL", "…"]`, `["NONE"]`.
    pub test: Vec<String>,
    /// The time between two.
    pub interval: Option<Duration>,
    /// How long one may take.
    pub timeout: Option<Duration>,
    /// How many must fail.
    pub retries: Option<u32>,
    /// How long failures do not count.
    pub start_period: Option<Duration>,
}
