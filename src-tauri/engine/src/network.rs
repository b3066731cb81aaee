//! Networks that engines keep.

use std::collections::BTreeMap;

use bollard::models::{Ipam, IpamConfig, NetworkCreateRequest};
use reqwest::Method;
use serde::Deserialize;

use crate::container::{label_filter, or_default};
use crate::{Action, Engine, EngineError, EngineKind, RequestError};

/// A bridge network that is to be made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NetworkSettings {
    /// Its name.
    pub name: String,
    /// Its subnets, `172.20.20.0/24`, with the gateway where that is not the first address.
    pub subnets: Vec<Subnet>,
    /// Whether one of them is of IPv6.
    pub ipv6: bool,
    /// The largest packet, in bytes.
    pub mtu: Option<u32>,
    /// What the bridge is called on the engine's host.
    pub bridge: Option<String>,
    /// The driver's own settings.
    pub options: BTreeMap<String, String>,
    /// Labels.
    pub labels: BTreeMap<String, String>,
}

/// A network's range of addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subnet {
    /// `172.20.20.0/24`.
    pub range: String,
    /// The gateway's address; the engine's choice if not given.
    pub gateway: Option<String>,
}

/// A network that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkDetail {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its driver: `bridge`, `host`, `null`, …
    pub driver: String,
    /// Its subnets.
    pub subnets: Vec<Subnet>,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// What the bridge is called on the engine's host. None where there is none; a list of networks tells it only where
    /// somebody chose it.
    pub bridge: Option<String>,
    /// The ids of the containers in it; a list of networks does not tell them.
    pub containers: Vec<String>,
}

/// How often an engine is asked for a network, where what is in its way is only that an interface went while it looked.
const TRIES: u32 = 5;

/// The driver of networks that have a bridge.
const BRIDGE: &str = "bridge";
/// Where Docker keeps a bridge's name and size.
const BRIDGE_NAME: &str = "com.docker.network.bridge.name";
const BRIDGE_MTU: &str = "com.docker.network.driver.mtu";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Described {
    id: String,
    name: String,
    #[serde(default)]
    driver: String,
    #[serde(default, rename = "IPAM", deserialize_with = "or_default")]
    ipam: Addresses,
    #[serde(default, deserialize_with = "or_default")]
    labels: BTreeMap<String, String>,
    #[serde(default, deserialize_with = "or_default")]
    options: BTreeMap<String, String>,
    #[serde(default, deserialize_with = "or_default")]
    containers: BTreeMap<String, serde_json::Value>,
}

/// What only Podman's own endpoint tells: its compatible one has no room for a bridge's name.
#[derive(Deserialize)]
struct DescribedByPodman {
    #[serde(default)]
    network_interface: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Addresses {
    #[serde(default, deserialize_with = "or_default")]
    config: Vec<Range>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Range {
    #[serde(default)]
    subnet: String,
    #[serde(default)]
    gateway: String,
}

impl Engine {
    /// Makes a bridge network.
    pub async fn create_network(&self, settings: &NetworkSettings) -> Result<(), EngineError> {
        let docker = self.connection().docker();
        for left in (0..TRIES).rev() {
            match docker.create_network(request(settings)).await {
                Ok(_) => break,
                Err(source) => {
                    let source = RequestError::from(source);
                    if left == 0 || !source.is_interface_gone() {
                        return Err(self.refused(Action::CreateNetwork, &settings.name, source));
                    }
                }
            }
        }
        Ok(())
    }

    /// What the engine knows of a network; none where it is not there.
    pub async fn network(&self, network: &str) -> Result<Option<NetworkDetail>, EngineError> {
        let path = format!("/networks/{network}");
        let mut detail = match self.connection().get::<Described>(&path, &[]).await {
            Ok(described) => described.detail(),
            Err(source) if source.status() == Some(404) => return Ok(None),
            Err(source) => return Err(self.refused(Action::InspectNetwork, network, source)),
        };
        if detail.driver == BRIDGE && detail.bridge.is_none() {
            detail.bridge = self.bridge_of(&detail).await?;
        }
        Ok(Some(detail))
    }

    /// What the engine called the bridge of a network that nobody chose a name for: Docker `br-` and the beginning of
    /// the network's id, Podman with CNI `cni-podman1`, with netavark `podman1`.
    async fn bridge_of(&self, network: &NetworkDetail) -> Result<Option<String>, EngineError> {
        if self.info().kind == EngineKind::Docker {
            let id: String = network.id.chars().take(12).collect();
            return Ok(Some(format!("br-{id}")));
        }
        let path = format!("/v4.0.0/libpod/networks/{}/json", network.id);
        match self.connection().get::<DescribedByPodman>(&path, &[]).await {
            Ok(described) => Ok(described.network_interface),
            Err(source) if source.status() == Some(404) => Ok(None),
            Err(source) => Err(self.refused(Action::InspectNetwork, &network.name, source)),
        }
    }

    /// All networks.
    pub async fn networks(&self) -> Result<Vec<NetworkDetail>, EngineError> {
        self.networks_of(&[]).await
    }

    /// The networks with this label, as in [`containers_with_label`](Self::containers_with_label).
    pub async fn networks_with_label(
        &self,
        label: &str,
    ) -> Result<Vec<NetworkDetail>, EngineError> {
        self.networks_of(&[("filters", &label_filter(label))]).await
    }

    async fn networks_of(&self, query: &[(&str, &str)]) -> Result<Vec<NetworkDetail>, EngineError> {
        let listed = self
            .connection()
            .get::<Vec<Described>>("/networks", query)
            .await;
        let listed = listed.map_err(|source| self.refused(Action::ListNetworks, "", source))?;
        Ok(listed.into_iter().map(Described::detail).collect())
    }

    /// Removes a network. One that is not there is gone already.
    pub async fn remove_network(&self, network: &str) -> Result<(), EngineError> {
        let path = format!("/networks/{network}");
        match self.connection().send(Method::DELETE, &path, &[]).await {
            Err(source) if source.status() != Some(404) => {
                Err(self.refused(Action::RemoveNetwork, network, source))
            }
            _ => Ok(()),
        }
    }
}

impl Described {
    fn detail(self) -> NetworkDetail {
        let subnets = self.ipam.config.into_iter();
        NetworkDetail {
            id: self.id,
            name: self.name,
            driver: self.driver,
            subnets: subnets
                .map(|range| Subnet {
                    gateway: range.gateway(),
                    range: range.subnet,
                })
                .collect(),
            labels: self.labels,
            bridge: self.options.get(BRIDGE_NAME).cloned(),
            containers: self.containers.into_keys().collect(),
        }
    }
}

impl Range {
    /// Docker tells the gateways that it chose for IPv6 with the length of the subnet.
    fn gateway(&self) -> Option<String> {
        let address = self.gateway.split('/').next()?;
        (!address.is_empty()).then(|| address.to_owned())
    }
}

fn request(settings: &NetworkSettings) -> NetworkCreateRequest {
    let range = |subnet: &Subnet| IpamConfig {
        subnet: Some(subnet.range.clone()),
        gateway: subnet.gateway.clone(),
        ..IpamConfig::default()
    };
    let bridge = settings.bridge.iter();
    let mtu = settings.mtu.iter();
    let named = bridge.map(|bridge| (BRIDGE_NAME.to_owned(), bridge.clone()));
    let sized = mtu.map(|mtu| (BRIDGE_MTU.to_owned(), mtu.to_string()));
    let options = settings.options.clone();
    NetworkCreateRequest {
        name: settings.name.clone(),
        driver: Some(BRIDGE.to_owned()),
        enable_ipv6: Some(settings.ipv6),
        ipam: Some(Ipam {
            config: Some(settings.subnets.iter().map(range).collect()),
            ..Ipam::default()
        }),
        options: Some(options.into_iter().chain(named).chain(sized).collect()),
        labels: Some(settings.labels.clone().into_iter().collect()),
        ..NetworkCreateRequest::default()
    }
}
