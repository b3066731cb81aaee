//! What an engine knows of a container.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

/// The id that an engine gave a container: 64 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContainerId(String);

impl ContainerId {
    pub(super) fn new(id: String) -> Self {
        Self(id)
    }

    /// The whole id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ContainerId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// A container, as a line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerSummary {
    /// Its id.
    pub id: ContainerId,
    /// Its name.
    pub name: String,
    /// The image that it was made from, as the engine calls it.
    pub image: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// Whether it runs.
    pub status: ContainerStatus,
    /// Ports of the engine's host that it has, while it runs.
    pub host_ports: Vec<u16>,
    /// Its places in networks, by the network's name. While it does not run, its addresses are those that it was made
    /// to ask for, which only Docker tells.
    pub networks: BTreeMap<String, ContainerAddress>,
}

/// A container, described in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerDetail {
    /// Its id.
    pub id: ContainerId,
    /// Its name.
    pub name: String,
    /// The id of the image that it was made from.
    pub image: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// Whether it runs.
    pub status: ContainerStatus,
    /// Its first process as the engine's host numbers it, while it runs.
    pub pid: Option<u32>,
    /// How its first process ended last; 0 before it ever ran.
    pub exit_code: i64,
    /// Why it could not be started; empty where it could.
    pub error: String,
    /// Whether the kernel killed it for want of memory.
    pub out_of_memory: bool,
    /// When it was started last, RFC 3339; a year 1 where it never was.
    pub started_at: String,
    /// When it ended last, RFC 3339.
    pub finished_at: String,
    /// How often the engine started it again by its policy.
    pub restarts: u32,
    /// `starting`, `healthy` or `unhealthy`; none where nothing looks.
    pub health: Option<String>,
    /// Whether it has a terminal: its output is then one stream.
    pub terminal: bool,
    /// Its places in networks, by the network's name.
    pub networks: BTreeMap<String, ContainerAddress>,
    /// The volumes that are mounted into it.
    pub volumes: Vec<String>,
}

/// A container's place in a network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContainerAddress {
    /// Its address; empty where it has none.
    pub ipv4: String,
    /// Its address; empty where it has none.
    pub ipv6: String,
}

/// Whether a container runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContainerStatus {
    /// It was made and never started.
    Created,
    /// It runs.
    Running,
    /// It stands still.
    Paused,
    /// It ended, and the engine is about to start it again.
    Restarting,
    /// The engine removes it.
    Removing,
    /// It ended.
    Exited,
    /// The engine could not remove it.
    Dead,
}

impl ContainerStatus {
    /// From the engine's word; Podman has more of them than Docker.
    fn of(word: &str) -> Self {
        match word {
            "running" => Self::Running,
            "paused" => Self::Paused,
            "restarting" => Self::Restarting,
            "removing" | "stopping" => Self::Removing,
            "exited" | "stopped" => Self::Exited,
            "dead" => Self::Dead,
            _ => Self::Created,
        }
    }
}

/// A line of the engine's list. bollard's own type refuses states that Podman reports.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    id: String,
    #[serde(default, deserialize_with = "or_default")]
    names: Vec<String>,
    #[serde(default)]
    image: String,
    #[serde(default, deserialize_with = "or_default")]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    state: String,
    #[serde(default, deserialize_with = "or_default")]
    ports: Vec<ListedPort>,
    #[serde(default, deserialize_with = "or_default")]
    network_settings: Networks,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListedPort {
    #[serde(default)]
    public_port: Option<u16>,
}

impl Listed {
    pub(super) fn summary(self) -> ContainerSummary {
        let name = self.names.first().map(String::as_str).unwrap_or_default();
        let networks = self.network_settings.networks.into_iter();
        ContainerSummary {
            id: ContainerId(self.id),
            name: bare(name),
            image: self.image,
            labels: self.labels,
            status: ContainerStatus::of(&self.state),
            host_ports: self
                .ports
                .iter()
                .filter_map(|port| port.public_port)
                .collect(),
            networks: networks
                .map(|(name, place)| (name, place.has_or_asks()))
                .collect(),
        }
    }
}

/// The engine's description.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Described {
    id: String,
    name: String,
    image: String,
    #[serde(default)]
    restart_count: u32,
    state: State,
    config: Config,
    #[serde(default)]
    mounts: Vec<MountPoint>,
    #[serde(default, deserialize_with = "or_default")]
    network_settings: Networks,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct State {
    status: String,
    #[serde(default)]
    pid: u32,
    #[serde(default)]
    exit_code: i64,
    #[serde(default)]
    error: String,
    #[serde(default, rename = "OOMKilled")]
    out_of_memory: bool,
    #[serde(default)]
    started_at: String,
    #[serde(default)]
    finished_at: String,
    /// Podman 4.3 calls it otherwise.
    #[serde(default, alias = "Healthcheck", deserialize_with = "or_default")]
    health: Health,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Health {
    #[serde(default)]
    status: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Config {
    #[serde(default, deserialize_with = "or_default")]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    tty: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct MountPoint {
    #[serde(default)]
    r#type: String,
    #[serde(default)]
    name: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Networks {
    #[serde(default, deserialize_with = "or_default")]
    networks: BTreeMap<String, Place>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Place {
    #[serde(default, rename = "IPAddress")]
    ipv4: String,
    #[serde(default, rename = "GlobalIPv6Address")]
    ipv6: String,
    #[serde(default, rename = "IPAMConfig", deserialize_with = "or_default")]
    asks: AskedAddresses,
}

/// The addresses that a container was made to ask for.
#[derive(Default, Deserialize)]
struct AskedAddresses {
    #[serde(default, rename = "IPv4Address")]
    ipv4: String,
    #[serde(default, rename = "IPv6Address")]
    ipv6: String,
}

impl Place {
    /// The addresses that it has or, while it has none, will ask for.
    fn has_or_asks(self) -> ContainerAddress {
        let or = |has: String, asks: String| if has.is_empty() { asks } else { has };
        ContainerAddress {
            ipv4: or(self.ipv4, self.asks.ipv4),
            ipv6: or(self.ipv6, self.asks.ipv6),
        }
    }
}

impl Described {
    pub(super) fn detail(self) -> ContainerDetail {
        let state = self.state;
        let volumes = self.mounts.into_iter();
        let networks = self.network_settings.networks.into_iter();
        let word = state.health.status;
        ContainerDetail {
            id: ContainerId(self.id),
            name: bare(&self.name),
            image: self.image,
            labels: self.config.labels,
            status: ContainerStatus::of(&state.status),
            pid: (state.pid != 0).then_some(state.pid),
            exit_code: state.exit_code,
            error: state.error,
            out_of_memory: state.out_of_memory,
            started_at: state.started_at,
            finished_at: state.finished_at,
            restarts: self.restart_count,
            health: (!word.is_empty() && word != "none").then_some(word),
            terminal: self.config.tty,
            networks: networks.map(|(name, place)| (name, place.into())).collect(),
            volumes: volumes
                .filter(|mount| mount.r#type == "volume")
                .map(|mount| mount.name)
                .collect(),
        }
    }
}

impl From<Place> for ContainerAddress {
    fn from(place: Place) -> Self {
        Self {
            ipv4: place.ipv4,
            ipv6: place.ipv6,
        }
    }
}

/// Docker puts a slash before names.
fn bare(name: &str) -> String {
    name.trim_start_matches('/').to_owned()
}

/// What is null counts as empty.
pub(crate) fn or_default<'de, D, T>(from: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;
    use serde_json::{Value, json};

    /// The place in the network `clab` of a container in a list with these settings.
    fn place(settings: &Value) -> Option<ContainerAddress> {
        let line = json!({"Id": "0a", "NetworkSettings": settings});
        let listed: Listed = serde_json::from_value(line).unwrap();
        listed.summary().networks.remove("clab")
    }

    fn address(ipv4: &str, ipv6: &str) -> ContainerAddress {
        ContainerAddress {
            ipv4: ipv4.to_owned(),
            ipv6: ipv6.to_owned(),
        }
    }

    #[test]
    fn a_list_tells_the_addresses_that_containers_have_or_will_ask_for() {
        let runs = json!({"Networks": {"clab": {
            "IPAMConfig": null,
            "IPAddress": "172.20.20.2",
            "GlobalIPv6Address": "3fff:172:20:20::2",
        }}});
        let running = address("172.20.20.2", "3fff:172:20:20::2");
        assert_eq!(place(&runs), Some(running));
        let stopped = json!({"Networks": {"clab": {
            "IPAMConfig": {"IPv4Address": "172.20.20.7"},
            "IPAddress": "",
            "GlobalIPv6Address": "",
        }}});
        assert_eq!(place(&stopped), Some(address("172.20.20.7", "")));
        for nowhere in [json!(null), json!({}), json!({"Networks": null})] {
            assert_eq!(place(&nowhere), None);
        }
    }
}
