//! How registries are reached, as the engine would reach them.

use std::{net::IpAddr, path::PathBuf, time::Duration};

use url::Url;

use crate::reference::DOCKER_HUB;

/// How the engine reaches registries. What follows from its settings is found out by whoever makes this.
#[derive(Clone, Debug, Default)]
pub struct RegistryAccess {
    /// Folders such as `/etc/docker/certs.d`, which have a folder `HOST[:PORT]` with `*.crt` for each authority.
    pub certificate_folders: Vec<PathBuf>,
    /// Hosts (`host` or `host:port`) whose certificates are not checked and which may do without TLS.
    pub insecure: Vec<String>,
    /// Whether this machine's own addresses are strict like others. Docker never is with them; Podman is.
    pub strict_loopback: bool,
    /// Addresses that have what Docker Hub has, and are tried before it.
    pub mirrors: Vec<Url>,
    /// How long is waited for a registry.
    pub limits: Limits,
}

/// How long is waited for a registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Until the connection stands.
    pub connect: Duration,
    /// Until one request is answered, with all of its answer.
    pub answer: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            answer: Duration::from_secs(30),
        }
    }
}

/// One way to a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Way {
    /// Host and port that are connected to.
    pub(super) host: String,
    pub(super) tls: bool,
    /// Whether the host's certificate is checked.
    pub(super) checked: bool,
}

/// The ways to a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ways {
    pub(super) best: Way,
    /// Where the best one does not lead to it.
    pub(super) otherwise: Option<Way>,
}

impl Way {
    /// What its addresses begin with, `https://host`.
    pub(super) fn base(&self) -> String {
        let scheme = if self.tls { "https" } else { "http" };
        format!("{scheme}://{}", self.host)
    }

    /// Whether it stays on this machine, where no proxy is between.
    pub(super) fn is_direct(&self) -> bool {
        is_loopback(&self.host)
    }
}

impl RegistryAccess {
    /// The ways to a registry itself. Docker tries an insecure host with TLS first, too.
    pub(super) fn ways(&self, registry: &str) -> Ways {
        let host = match registry {
            DOCKER_HUB => "registry-1.docker.io",
            other => other,
        };
        let way = |tls, checked| Way {
            host: host.to_owned(),
            tls,
            checked,
        };
        let insecure = self.is_insecure(registry);
        Ways {
            best: way(true, !insecure),
            otherwise: insecure.then(|| way(false, false)),
        }
    }

    /// The way to each mirror of a registry, in the order in which they are tried.
    pub(super) fn mirrors_of(&self, registry: &str) -> Vec<Ways> {
        let mirrors = self.mirrors.iter().filter(|_| registry == DOCKER_HUB);
        let way = |mirror: &Url| {
            let host = match (mirror.host_str()?, mirror.port()) {
                (host, Some(port)) => format!("{host}:{port}"),
                (host, None) => host.to_owned(),
            };
            let tls = mirror.scheme() != "http";
            let checked = !self.is_insecure(&host);
            Some(Ways {
                best: Way { host, tls, checked },
                otherwise: None,
            })
        };
        mirrors.filter_map(way).collect()
    }

    fn is_insecure(&self, registry: &str) -> bool {
        let named = |name: &String| {
            name == registry || without_port(registry).is_some_and(|host| host == name)
        };
        self.insecure.iter().any(named) || (!self.strict_loopback && is_loopback(registry))
    }
}

fn without_port(registry: &str) -> Option<&str> {
    let (host, port) = registry.rsplit_once(':')?;
    port.bytes().all(|b| b.is_ascii_digit()).then_some(host)
}

fn is_loopback(registry: &str) -> bool {
    let host = without_port(registry).unwrap_or(registry);
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost"
        || bare
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn bases(ways: &[Ways]) -> Vec<String> {
        let all = ways.iter();
        let all = all.flat_map(|ways| [Some(&ways.best), ways.otherwise.as_ref()]);
        all.flatten().map(Way::base).collect()
    }

    #[test]
    fn loopback_and_named_hosts_may_do_without_tls() {
        let access = RegistryAccess {
            insecure: vec!["lab.example:5000".to_owned(), "old.example".to_owned()],
            ..RegistryAccess::default()
        };
        for (registry, insecure) in [
            ("127.0.0.1:5000", true),
            ("127.8.8.8", true),
            ("localhost", true),
            ("[::1]:5000", true),
            ("lab.example:5000", true),
            ("lab.example", false),
            ("old.example:443", true),
            ("128.0.0.1:5000", false),
            ("localhost.example", false),
        ] {
            let ways = access.ways(registry);
            assert_eq!(ways.otherwise.is_some(), insecure, "{registry}");
            assert!(ways.best.tls && ways.best.checked != insecure, "{registry}");
        }
        let strict = RegistryAccess {
            strict_loopback: true,
            ..RegistryAccess::default()
        };
        assert_eq!(
            bases(&[strict.ways("127.0.0.1:5000")]),
            ["https://127.0.0.1:5000"]
        );
    }

    #[test]
    fn mirrors_are_docker_hubs() {
        let access = RegistryAccess {
            mirrors: ["https://mirror.example/", "http://127.0.0.1:5000"]
                .map(|mirror| mirror.parse().unwrap())
                .into(),
            ..RegistryAccess::default()
        };
        assert_eq!(
            bases(&access.mirrors_of("docker.io")),
            ["https://mirror.example", "http://127.0.0.1:5000"]
        );
        assert!(access.mirrors_of("quay.io").is_empty());
        assert_eq!(
            bases(&[access.ways("docker.io")]),
            ["https://registry-1.docker.io"]
        );
    }
}
