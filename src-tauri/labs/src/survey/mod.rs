//! What an engine has, and what a topology's files say: all that a plan must know, as a value.

mod capabilities;
mod unfinished;

use crate::kinds::Kinds;
use crate::labels::{self, NodeRecord, Role};
use crate::topology::{Content, Topology};
use ipnet::IpNet;
use labwright_engine::{
    Capacity, ContainerStatus, ContainerSummary, Engine, EngineError, NetworkDetail, same_reference,
};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

/// What there is before anything is done.
#[derive(Debug, Clone)]
pub struct Survey {
    /// The engine's name in sentences.
    pub engine: String,
    /// The architecture that it runs, `amd64`.
    pub architecture: String,
    /// Whether it sees this machine's files.
    pub local: bool,
    /// How large its machine is.
    pub capacity: Capacity,
    /// The capabilities that a container can be given by name.
    pub capabilities: Vec<String>,
    /// Whether it is known that no container can be given all of them.
    pub refuses_privileged: bool,
    /// The images that the topology names, by the name as it is written there; those that are missing are left out.
    pub images: BTreeMap<String, ImageFacts>,
    /// All containers.
    pub containers: Vec<ContainerSummary>,
    /// Those nodes of the lab that run and were not given their commands since they were started.
    pub unfinished: BTreeSet<String>,
    /// All networks.
    pub networks: Vec<NetworkDetail>,
    /// The volumes of this lab.
    pub volumes: BTreeSet<String>,
    /// Ports of this machine that the topology wants and that somebody has.
    pub taken_ports: BTreeSet<u16>,
    /// Folders of this machine that kinds would like to mount and that are there.
    pub host_folders: BTreeSet<String>,
    /// The text of every file that the topology names, or why it cannot be read.
    pub files: BTreeMap<PathBuf, Result<String, String>>,
}

/// What is known of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageFacts {
    /// Its id.
    pub id: String,
    /// The architecture that it is for.
    pub architecture: String,
}

impl Survey {
    /// Asks the engine, and reads the files.
    pub async fn of(
        engine: &Engine,
        topology: &Topology,
        kinds: &Kinds,
    ) -> Result<Self, EngineError> {
        let label = labels::of_lab(&topology.name);
        let info = engine.info();
        let (capacity, containers, networks, volumes, images) = tokio::try_join!(
            engine.capacity(),
            engine.containers(),
            engine.networks(),
            engine.volumes_with_label(&label),
            images(engine, topology),
        )?;
        let own = |summary: &&ContainerSummary| {
            summary.labels.get(labels::LAB).map(String::as_str) == Some(topology.name.as_str())
        };
        let own: BTreeSet<u16> = containers
            .iter()
            .filter(own)
            .flat_map(|summary| summary.host_ports.iter().copied())
            .collect();
        let status = if info.local {
            tokio::fs::read_to_string("/proc/self/status").await.ok()
        } else {
            None
        };
        let nodes = nodes(&containers, topology.name.as_str());
        let nodes = nodes.iter().map(|(name, container)| (*name, *container));
        let unfinished = unfinished::unfinished(engine, kinds, nodes).await?;
        Ok(Self {
            engine: engine.title().to_owned(),
            architecture: info.architecture.clone(),
            local: info.local,
            capacity,
            images,
            taken_ports: taken_ports(topology, &containers, info.local)
                .difference(&own)
                .copied()
                .collect(),
            host_folders: host_folders(kinds, info.local),
            capabilities: capabilities::grantable(status.as_deref()),
            refuses_privileged: capabilities::lacks_some(status.as_deref()),
            files: files(topology).await,
            volumes: volumes.into_iter().map(|volume| volume.name).collect(),
            unfinished,
            containers,
            networks,
        })
    }

    /// The containers of a lab that are nodes, by the node's name.
    pub fn nodes(&self, lab: &str) -> BTreeMap<&str, &ContainerSummary> {
        nodes(&self.containers, lab)
    }

    /// The network of that name.
    pub fn network(&self, name: &str) -> Option<&NetworkDetail> {
        self.networks.iter().find(|network| network.name == name)
    }

    /// Who has each address of a network: the node of any lab that was given it for good, or a container that is not
    /// Labwright's. Such a one has a node's address only if it runs and the node does not: Podman tells a node's
    /// addresses of whatever shares the node's network, too.
    pub fn holders(&self, network: &str) -> BTreeMap<IpAddr, &ContainerSummary> {
        let mut holders = self.pinned(network);
        let is_stranger = |container: &&ContainerSummary| Role::of(&container.labels).is_none();
        for stranger in self.containers.iter().filter(is_stranger) {
            let place = stranger.networks.get(network);
            let addresses = place
                .into_iter()
                .flat_map(|place| [&place.ipv4, &place.ipv6]);
            for address in addresses.filter_map(|address| address.parse::<IpAddr>().ok()) {
                let gives_way = |node: &&ContainerSummary| runs(stranger) && !runs(node);
                if holders.get(&address).is_none_or(gives_way) {
                    holders.insert(address, stranger);
                }
            }
        }
        holders
    }

    /// The addresses of a network that nodes of any lab were given for good.
    fn pinned(&self, network: &str) -> BTreeMap<IpAddr, &ContainerSummary> {
        let is_in = |container: &&ContainerSummary| {
            let of = container.labels.get(labels::BRIDGE);
            of.is_none_or(|of| of == network)
        };
        let nodes = self.containers.iter().filter(is_in);
        nodes
            .flat_map(|node| {
                let NodeRecord { ipv4, ipv6, .. } = NodeRecord::of(&node.labels);
                let addresses = [ipv4.map(IpAddr::V4), ipv6.map(IpAddr::V6)];
                let addresses = addresses.into_iter().flatten();
                addresses.map(move |address| (address, node))
            })
            .collect()
    }

    /// The subnets of other networks than this one.
    pub fn subnets_besides(&self, network: &str) -> Vec<(IpNet, &str)> {
        let others = self.networks.iter().filter(|other| other.name != network);
        others
            .flat_map(|other| other.subnets.iter().map(move |subnet| (other, subnet)))
            .filter_map(|(other, subnet)| Some((subnet.range.parse().ok()?, other.name.as_str())))
            .collect()
    }

    /// The text of a file that the topology names.
    pub fn text<'a>(&'a self, content: &'a Content) -> Option<&'a str> {
        match content {
            Content::Inline(text) => Some(text),
            Content::File(path) => self.files.get(path)?.as_ref().ok().map(String::as_str),
            Content::Url(_) => None,
        }
    }
}

fn nodes<'a>(
    containers: &'a [ContainerSummary],
    lab: &str,
) -> BTreeMap<&'a str, &'a ContainerSummary> {
    let of_lab = |summary: &&ContainerSummary| {
        summary.labels.get(labels::LAB).map(String::as_str) == Some(lab)
            && Role::of(&summary.labels) != Some(Role::Patchbay)
    };
    containers
        .iter()
        .filter(of_lab)
        .filter_map(|summary| Some((summary.labels.get(labels::NODE)?.as_str(), summary)))
        .collect()
}

fn runs(container: &ContainerSummary) -> bool {
    matches!(
        container.status,
        ContainerStatus::Running | ContainerStatus::Paused
    )
}

async fn images(
    engine: &Engine,
    topology: &Topology,
) -> Result<BTreeMap<String, ImageFacts>, EngineError> {
    let wanted = topology.nodes.iter();
    let wanted: BTreeSet<&String> = wanted
        .filter_map(|node| node.settings.image.as_ref())
        .collect();
    let kind = engine.info().kind;
    let listed = engine.images().await?;
    let mut images = BTreeMap::new();
    for name in wanted {
        let named = |reference: &String| same_reference(kind, reference, name);
        let id = listed
            .iter()
            .find(|image| image.references.iter().any(named))
            .map_or(name.as_str(), |image| image.id.as_str());
        if let Some(image) = engine.inspect(id).await? {
            let facts = ImageFacts {
                id: image.id.to_string(),
                architecture: image.architecture,
            };
            images.insert(name.clone(), facts);
        }
    }
    Ok(images)
}

/// Ports that the engine's containers have, or that a program of this machine listens at.
fn taken_ports(topology: &Topology, containers: &[ContainerSummary], local: bool) -> BTreeSet<u16> {
    let published: BTreeSet<u16> = containers
        .iter()
        .flat_map(|container| container.host_ports.iter().copied())
        .collect();
    let wanted = topology.nodes.iter().flat_map(|node| &node.settings.ports);
    wanted
        .filter_map(|port| {
            let address = port.host_address.unwrap_or(Ipv4Addr::UNSPECIFIED.into());
            Some((address, port.host_port?))
        })
        .filter(|(address, port)| {
            published.contains(port) || (local && is_listened_at(*address, *port))
        })
        .map(|(_, port)| port)
        .collect()
}

fn is_listened_at(address: IpAddr, port: u16) -> bool {
    let listened = TcpListener::bind(SocketAddr::new(address, port));
    listened.is_err_and(|error| error.kind() == std::io::ErrorKind::AddrInUse)
}

fn host_folders(kinds: &Kinds, local: bool) -> BTreeSet<String> {
    let binds = kinds.all().iter().flat_map(|kind| &kind.binds);
    binds
        .filter(|bind| local && Path::new(&bind.source).exists())
        .map(|bind| bind.source.clone())
        .collect()
}

async fn files(topology: &Topology) -> BTreeMap<PathBuf, Result<String, String>> {
    let mut files = BTreeMap::new();
    for node in &topology.nodes {
        let settings = &node.settings;
        let contents = [&settings.startup_config, &settings.license];
        let contents = contents
            .into_iter()
            .flatten()
            .filter_map(|content| match content {
                Content::File(path) => Some(path),
                Content::Url(_) | Content::Inline(_) => None,
            });
        for path in contents.chain(&settings.environment_files) {
            if !files.contains_key(path) {
                let text = tokio::fs::read_to_string(path).await;
                files.insert(path.clone(), text.map_err(|error| error.to_string()));
            }
        }
    }
    files
}
