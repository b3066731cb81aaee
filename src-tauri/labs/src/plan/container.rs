//! What a node's container is made of.

use super::address::{Addresses, Ranges};
use crate::fingerprint::fingerprint;
use crate::kinds::{Kind, ManagementFacts, NodeFacts, Rendered, RenderedFile, WriteWhen};
use crate::labels::{self, NodeRecord, Role};
use crate::survey::Survey;
use crate::topology::{
    Content, Healthcheck, InterfaceName, MacAddress, NetworkMode, Node, NodeSettings, PortMapping,
    Protocol, RestartPolicy as Restart, Topology, label_variable, read_environment_file,
};
use crate::up::Way;
use ipnet::{Ipv4Net, Ipv6Net};
use labwright_engine as engine;
use labwright_engine::{
    ContainerNetwork, ContainerSettings, Device, Endpoint, Mount, MountSource, Privileges,
    PublishedPort, RestartPolicy,
};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// What the hardware address of a management port begins with where the kind has no wish.
const MAC_PREFIX: [u8; 3] = [0xaa, 0xc1, 0xab];

/// A node that is to run.
#[derive(Debug, Clone, PartialEq)]
pub struct NodePlan {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// What its container is made of.
    pub container: ContainerSettings,
    /// Files that are put in before it starts.
    pub files: Vec<RenderedFile>,
    /// Whether files that are made once are made again.
    pub enforce_files: bool,
    /// The names of volumes that it keeps its state in.
    pub volumes: Vec<String>,
    /// What is found again in its labels.
    pub record: NodeRecord,
    /// Capabilities that it is given by name where the engine cannot run it privileged.
    pub capabilities: Vec<String>,
}

/// What a node's container is made from.
pub(super) struct Maker<'a> {
    pub(super) topology: &'a Topology,
    pub(super) survey: &'a Survey,
    pub(super) ranges: Ranges,
    /// Who deploys it, for a label.
    pub(super) owner: &'a str,
}

impl Maker<'_> {
    /// What a node's container is made of. Nothing is asked of the engine.
    pub(super) fn node(
        &self,
        order: usize,
        node: &Node,
        kind: &Kind,
        addresses: Addresses,
    ) -> NodePlan {
        let ports: Vec<InterfaceName> = node
            .interfaces
            .iter()
            .map(|port| port.name.clone())
            .collect();
        let rendered = self.rendered(node, kind, addresses, &ports);
        let without_ports = self.rendered(node, kind, addresses, &[]);
        let volumes: Vec<String> = kind
            .volumes
            .iter()
            .map(|volume| labels::volume_name(&self.topology.name, &node.name, &volume.purpose))
            .collect();
        let files = rendered.files.clone();
        let mut container = self.container(node, kind, rendered, addresses);
        let settings = &node.settings;
        let record = NodeRecord {
            order,
            image: settings.image.clone().unwrap_or_default(),
            saved: saved(node, kind, &without_ports.files),
            settings: self.fingerprint(node, kind, without_ports, addresses),
            ports: ports.iter().map(ToString::to_string).collect(),
            ipv4: addresses.ipv4,
            ipv6: addresses.ipv6,
            way: Way::of(node),
        };
        container.labels = self.labels(node, &record);
        NodePlan {
            name: node.name.to_string(),
            kind: kind.name.clone(),
            container,
            files,
            enforce_files: settings.enforce_startup_config,
            volumes,
            record,
            capabilities: self.survey.capabilities.clone(),
        }
    }

    fn rendered(
        &self,
        node: &Node,
        kind: &Kind,
        addresses: Addresses,
        ports: &[InterfaceName],
    ) -> Rendered {
        let settings = &node.settings;
        let text = |content: &'_ Content| self.survey.text(content).map(str::to_owned);
        kind.render(&NodeFacts {
            lab: &self.topology.name,
            node: &node.name,
            node_type: settings.node_type.as_deref(),
            environment: &self.environment(node),
            interfaces: ports,
            entrypoint: settings.entrypoint.as_deref(),
            command: settings.command.as_deref(),
            user: settings.user.as_deref(),
            owns_network: owns_network(node),
            sysctls: &settings.sysctls,
            management: self.management(node, kind, addresses),
            startup_config: settings.startup_config.as_ref().and_then(text).as_deref(),
            suppress_startup_config: settings.suppress_startup_config,
            license: settings.license.as_ref().and_then(text).as_deref(),
        })
    }

    /// The same settings have the same fingerprint. Labels, ports and files that its volume has already are left out: labels
    /// make no other container necessary, ports are compared by themselves, and a file in the volume would stay as it is.
    fn fingerprint(
        &self,
        node: &Node,
        kind: &Kind,
        rendered: Rendered,
        addresses: Addresses,
    ) -> String {
        let mut files = rendered.files.clone();
        files.retain(|file| !is_saved(node, kind, file));
        let container = self.container(node, kind, rendered, addresses);
        fingerprint(&(container, files))
    }

    /// The user's variables: those of files, then the node's own, and one for each label.
    fn environment(&self, node: &Node) -> BTreeMap<String, String> {
        let mut environment = BTreeMap::new();
        for path in &node.settings.environment_files {
            let text = self
                .survey
                .files
                .get(path)
                .and_then(|text| text.as_ref().ok());
            // One that cannot be read was found before.
            let variables = text.and_then(|text| read_environment_file(text).ok());
            environment.extend(variables.unwrap_or_default());
        }
        for (name, value) in &node.settings.labels {
            environment.insert(label_variable(name), value.clone());
        }
        environment.extend(node.settings.environment.clone());
        environment
    }

    fn management<'a>(
        &self,
        node: &Node,
        kind: &Kind,
        addresses: Addresses,
    ) -> ManagementFacts<'a> {
        let management = &self.topology.management;
        let four = self.ranges.ipv4.map(|range| range.prefix_len());
        let six = self.ranges.ipv6.map(|range| range.prefix_len());
        let net4 = |address| Ipv4Net::new(address, four?).ok();
        let net6 = |address| Ipv6Net::new(address, six?).ok();
        ManagementFacts {
            ipv4: addresses.ipv4.and_then(net4),
            ipv6: addresses.ipv6.and_then(net6),
            ipv4_gateway: management
                .ipv4
                .gateway
                .or_else(|| self.ranges.ipv4?.hosts().next()),
            ipv6_gateway: management
                .ipv6
                .gateway
                .or_else(|| self.ranges.ipv6?.hosts().nth(1)),
            mac: Some(self.mac(node, kind)),
            interface: None,
        }
    }

    fn mac(&self, node: &Node, kind: &Kind) -> MacAddress {
        let prefix = kind.mac_prefix.map_or(MAC_PREFIX, |prefix| prefix.0);
        MacAddress::derived(prefix, &format!("{}/{}", self.topology.name, node.name))
    }

    fn container(
        &self,
        node: &Node,
        kind: &Kind,
        rendered: Rendered,
        addresses: Addresses,
    ) -> ContainerSettings {
        let settings = &node.settings;
        let image = settings.image.clone().unwrap_or_default();
        let image = self
            .survey
            .images
            .get(&image)
            .map_or(image, |facts| facts.id.clone());
        ContainerSettings {
            name: node.container.clone(),
            image,
            hostname: hostname(node),
            entrypoint: rendered.entrypoint,
            command: rendered.command,
            environment: rendered.environment,
            labels: BTreeMap::new(),
            user: rendered.user,
            terminal: true,
            stop_signal: kind.stop_signal.clone(),
            stop_timeout: Some(kind.stop_timeout),
            privileges: privileges(settings, kind),
            security_options: settings.security_options.clone(),
            network: self.network(node, kind, addresses),
            host_processes: settings.pid_mode.as_deref() == Some("host"),
            read_only: false,
            mounts: self.mounts(node, kind),
            sysctls: rendered.sysctls,
            devices: kind
                .devices
                .iter()
                .chain(&settings.devices)
                .map(|text| device(text))
                .collect(),
            shared_memory: settings.shm_size,
            memory: settings.memory,
            processors: settings.cpu_millis.map(processors),
            processor_set: settings.cpu_set.clone(),
            restart: restart(settings, kind),
            auto_remove: settings.auto_remove,
            ports: settings.ports.iter().map(published).collect(),
            dns: engine::Dns {
                servers: settings
                    .dns
                    .servers
                    .iter()
                    .map(ToString::to_string)
                    .collect(),
                search: settings.dns.search.clone(),
                options: settings.dns.options.clone(),
            },
            extra_hosts: settings.extra_hosts.clone(),
            healthcheck: settings.healthcheck.as_ref().map(healthcheck),
        }
    }

    fn network(&self, node: &Node, kind: &Kind, addresses: Addresses) -> ContainerNetwork {
        match &node.settings.network_mode {
            NetworkMode::Management => ContainerNetwork::Named(Endpoint {
                network: self.topology.management.network.clone(),
                ipv4: addresses.ipv4,
                ipv6: addresses.ipv6,
                mac: Some(self.mac(node, kind).to_string()),
                aliases: std::iter::once(node.name.to_string())
                    .chain(node.settings.aliases.iter().cloned())
                    .collect(),
            }),
            NetworkMode::None => ContainerNetwork::None,
            NetworkMode::Host => ContainerNetwork::Host,
            NetworkMode::Node(other) => {
                ContainerNetwork::Container(self.topology.container_name(other))
            }
            NetworkMode::Container(other) => ContainerNetwork::Container(other.clone()),
        }
    }

    /// What the user mounts at a path goes before what the kind would.
    fn mounts(&self, node: &Node, kind: &Kind) -> Vec<Mount> {
        let settings = &node.settings;
        let mut mounts: BTreeMap<String, Mount> = BTreeMap::new();
        let mut add = |source: MountSource, target: &str, read_only: bool| {
            let target = target.to_owned();
            let mount = Mount {
                source,
                target: target.clone(),
                read_only,
            };
            mounts.insert(target, mount);
        };
        for volume in &kind.volumes {
            let name = labels::volume_name(&self.topology.name, &node.name, &volume.purpose);
            add(MountSource::Volume(name), &volume.path, false);
        }
        for bind in &kind.binds {
            if !bind.if_present || self.survey.host_folders.contains(&bind.source) {
                add(
                    MountSource::Host(bind.source.clone()),
                    &bind.target,
                    bind.read_only,
                );
            }
        }
        for (path, options) in kind.tmpfs.iter().chain(&settings.tmpfs) {
            add(MountSource::Memory(memory_size(options)), path, false);
        }
        for volume in &settings.volumes {
            let name = volume.name.clone().unwrap_or_default();
            add(
                MountSource::Volume(name),
                &volume.target,
                read_only(&volume.options),
            );
        }
        for bind in &settings.binds {
            let source = bind.source.to_string_lossy().into_owned();
            add(
                MountSource::Host(source),
                &bind.target,
                read_only(&bind.options),
            );
        }
        mounts.into_values().collect()
    }

    fn labels(&self, node: &Node, record: &NodeRecord) -> BTreeMap<String, String> {
        let settings = &node.settings;
        let mut all = settings.labels.clone();
        all.extend(labels::common(&self.topology.name, Role::Node));
        let path = |path: &std::path::Path| path.to_string_lossy().into_owned();
        let told = [
            (labels::NODE, node.name.to_string()),
            (labels::LONG_NAME, node.container.clone()),
            (labels::KIND, node.kind.clone()),
            (labels::TYPE, settings.node_type.clone().unwrap_or_default()),
            (labels::GROUP, settings.group.clone().unwrap_or_default()),
            (labels::FILE, path(&self.topology.file)),
            (labels::OWNER, self.owner.to_owned()),
            (labels::BRIDGE, self.topology.management.network.clone()),
            (labels::FOLDER, path(&node.folder)),
            (labels::RECORD, record.text()),
        ];
        all.extend(told.map(|(name, value)| (name.to_owned(), value)));
        all
    }
}

/// Whether a file is written only once, and outlives the container.
fn is_saved(node: &Node, kind: &Kind, file: &RenderedFile) -> bool {
    let once = match file.when {
        WriteWhen::Always => false,
        WriteWhen::Missing => true,
        WriteWhen::MissingOrEnforced => !node.settings.enforce_startup_config,
    };
    let path = std::path::Path::new(&file.path);
    once && kind
        .volumes
        .iter()
        .any(|volume| path.starts_with(&volume.path))
}

/// A fingerprint of the files that its volume keeps; empty where there are none.
fn saved(node: &Node, kind: &Kind, files: &[RenderedFile]) -> String {
    let saved = files.iter().filter(|file| is_saved(node, kind, file));
    let saved: Vec<&RenderedFile> = saved.collect();
    if saved.is_empty() {
        return String::new();
    }
    fingerprint(&saved)
}

/// Where others see the network of the node, it has no name of its own.
fn hostname(node: &Node) -> Option<String> {
    let name = || node.settings.hostname.clone();
    owns_network(node).then(|| name().unwrap_or_else(|| node.name.to_string()))
}

fn owns_network(node: &Node) -> bool {
    matches!(
        node.settings.network_mode,
        NetworkMode::Management | NetworkMode::None
    )
}

fn privileges(settings: &NodeSettings, kind: &Kind) -> Privileges {
    if settings.privileged.unwrap_or(kind.privileged) {
        return Privileges::Privileged;
    }
    let named = kind.capabilities.iter().chain(&settings.cap_add);
    Privileges::Added(
        named
            .map(|name| name.trim_start_matches("CAP_").to_owned())
            .collect(),
    )
}

fn restart(settings: &NodeSettings, kind: &Kind) -> RestartPolicy {
    if settings.auto_remove {
        return RestartPolicy::No;
    }
    let of_kind = kind.restart_policy.unwrap_or(Restart::No);
    match settings.restart_policy.unwrap_or(of_kind) {
        Restart::No => RestartPolicy::No,
        Restart::OnFailure => RestartPolicy::OnFailure(0),
        Restart::Always => RestartPolicy::Always,
        Restart::UnlessStopped => RestartPolicy::UnlessStopped,
    }
}

fn published(port: &PortMapping) -> PublishedPort {
    let protocol = match port.protocol {
        Protocol::Tcp => "tcp",
        Protocol::Udp => "udp",
        Protocol::Sctp => "sctp",
    };
    PublishedPort {
        container: format!("{}/{protocol}", port.container_port),
        host_address: port
            .host_address
            .map_or_else(String::new, |address: IpAddr| address.to_string()),
        host_port: port
            .host_port
            .map_or_else(String::new, |port| port.to_string()),
    }
}

fn healthcheck(check: &Healthcheck) -> engine::Healthcheck {
    engine::Healthcheck {
        test: check.test.clone(),
        interval: Some(check.interval).filter(|time| !time.is_zero()),
        timeout: Some(check.timeout).filter(|time| !time.is_zero()),
        retries: Some(check.retries).filter(|retries| *retries > 0),
        start_period: Some(check.start_period).filter(|time| !time.is_zero()),
    }
}

/// `/dev/kvm`, `/dev/a:/dev/b`, `/dev/a:/dev/b:rw`.
fn device(text: &str) -> Device {
    let mut parts = text.splitn(3, ':');
    let host = parts.next().unwrap_or_default().to_owned();
    Device {
        container: parts.next().map_or_else(|| host.clone(), str::to_owned),
        permissions: parts.next().unwrap_or("rwm").to_owned(),
        host,
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "no machine has that many processors"
)]
fn processors(millis: u64) -> f64 {
    millis as f64 / 1000.0
}

fn read_only(options: &[String]) -> bool {
    options.iter().any(|option| option == "ro")
}

/// `size=64m`; 64 MiB where nothing is said.
fn memory_size(options: &str) -> u64 {
    const USUAL: u64 = 64 << 20;
    let size = options
        .split(',')
        .find_map(|option| option.trim().strip_prefix("size="));
    let Some(size) = size else { return USUAL };
    let digits = size.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match size[digits.len()..].to_ascii_lowercase().as_str() {
        "k" | "kb" => 1 << 10,
        "m" | "mb" => 1 << 20,
        "g" | "gb" => 1 << 30,
        _ => 1,
    };
    digits
        .parse::<u64>()
        .map_or(USUAL, |number| number.saturating_mul(unit))
}
