//! Networks that engines keep.

use std::collections::BTreeMap;

use bollard::models::{Ipam, IpamConfig, NetworkCreateRequest};
use reqwest::Method;
use serde::Deserialize;

use crate::container::{label_filter, or_default};
use crate::{Action, Engine, EngineError, RequestError};

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
    /// What the bridge is called on the engine's host, where that is known.
    pub bridge: Option<String>,
    /// The ids of the containers in it; a list of networks does not tell them.
    pub containers: Vec<String>,
}

/// How often an engine is asked for a network, where what is in its way is only that an interface went while it looked.
const TRIES: u32 = 5;

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
        match self.connection().get::<Described>(&path, &[]).await {
            Ok(described) => Ok(Some(described.detail())),
            Err(source) if source.status() == Some(404) => Ok(None),
            Err(source) => Err(self.refused(Action::InspectNetwork, network, source)),
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
                    range: range.subnet,
                    gateway: Some(range.gateway).filter(|gateway| !gateway.is_empty()),
                })
                .collect(),
            labels: self.labels,
            bridge: self.options.get(BRIDGE_NAME).cloned(),
            containers: self.containers.into_keys().collect(),
        }
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
        driver: Some("bridge".to_owned()),
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
