//! A lab of one test.

use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener};
use std::process::Command;
use std::sync::Arc;

use labwright_session::labs::{DeployWish, TerminalKind, TerminalWish};
use labwright_testbed::{Kind, LabImage};

use crate::desk::Desk;

/// A lab of two hosts and a switch, and a network that no other test has while this is held.
pub(crate) struct Lab {
    pub(crate) desk: Desk,
    pub(crate) name: &'static str,
    pub(crate) network: String,
    _claim: UnixListener,
}

impl Lab {
    pub(crate) async fn on(kind: Kind, name: &'static str) -> Self {
        let desk = Desk::with(kind).await;
        let image = LabImage::busybox();
        let path = image.path().to_str().unwrap().to_owned();
        let change = "CMD [\"/bin/sh\"]";
        desk.host()
            .exec_cli(&["import", "--change", change, &path, "host:1"]);
        let (network, claim) = claim_network();
        Self {
            desk,
            name,
            network,
            _claim: claim,
        }
    }

    /// Its text; `more` stands behind the links.
    pub(crate) fn text(&self, more: &str) -> String {
        let six = self.network.replace('.', ":");
        format!(
            "name: {name}\nmgmt:\n  network: {name}-{process}\n  ipv4-subnet: {four}.0/24\n  ipv6-subnet: fd00:{six}::/64\n\
             topology:\n  defaults: {{kind: linux, image: \"host:1\"}}\n  nodes:\n\
             \x20   a: {{exec: [ip address add 192.168.1.1/24 dev eth1]}}\n\
             \x20   b: {{exec: [ip address add 192.168.1.2/24 dev eth1]}}\n\
             \x20   s: {{kind: bridge}}\n\
             \x20 links:\n    - endpoints: [\"a:eth1\", \"b:eth1\"]\n    - endpoints: [\"b:eth2\", \"s:p1\"]\n{more}",
            name = self.name,
            // Podmans share their networks' files.
            process = std::process::id(),
            four = self.network,
        )
    }

    /// What the engine's own client prints. It runs beside the session, which goes on hearing the engine.
    pub(crate) async fn cli(&self, arguments: &[&str]) -> String {
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        let host = Arc::clone(self.desk.host.as_ref().unwrap());
        let running = tokio::task::spawn_blocking(move || {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            host.exec_cli(&arguments)
        });
        running.await.unwrap()
    }

    /// The container of a node.
    pub(crate) fn container(&self, node: &str) -> String {
        format!("clab-{}-{node}", self.name)
    }

    pub(crate) fn file(&self) -> String {
        self.desk.file(
            &format!("labs/{}.clab.yml", self.name),
            self.text("").as_bytes(),
        )
    }

    pub(crate) fn terminal(&self, node: &str, what: TerminalKind) -> TerminalWish {
        TerminalWish {
            lab: self.name.to_owned(),
            node: node.to_owned(),
            what,
            columns: 80,
            rows: 24,
        }
    }
}

pub(crate) fn deployment(file: &str) -> DeployWish {
    DeployWish {
        file: file.to_owned(),
        pull: false,
        import: Vec::new(),
        anew: false,
    }
}

/// A network that nothing on this machine has, without the last number, as the labs' own tests claim theirs.
fn claim_network() -> (String, UnixListener) {
    let there = Command::new("ip").args(["-json", "address"]).output();
    let there = String::from_utf8(there.unwrap().stdout).unwrap();
    let numbers = (0..64 * 256_u32).map(|number| (std::process::id() * 64 + number) % (64 * 256));
    let networks = numbers.map(|number| format!("10.{}.{}", 128 + number / 256, number % 256));
    let free = networks.filter(|network| !there.contains(&format!("\"{network}.")));
    let mut claims = free.filter_map(|network| {
        let name = format!("labwright-test-network-{network}");
        let address = SocketAddr::from_abstract_name(name).unwrap();
        Some((network, UnixListener::bind_addr(&address).ok()?))
    });
    claims.next().unwrap()
}
