//! The three engines the product is tested with.

use std::fmt;
use std::path::Path;

use serde_json::json;

/// Which engine, with which image store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Docker with the classic store (overlay2), as Debian 12 ships it.
    Classic,
    /// Docker with the containerd store, from the root that `script/testbed-setup` makes.
    Containerd,
    /// Podman's own service.
    Podman,
}

impl Kind {
    /// All three, for a test that runs the same thing on each.
    pub const ALL: [Self; 3] = [Self::Classic, Self::Containerd, Self::Podman];

    /// A short lower-case name: `classic`, `containerd`, `podman`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Classic => "classic",
            Self::Containerd => "containerd",
            Self::Podman => "podman",
        }
    }

    /// The environment variable that carries the address of an engine shared by many tests.
    pub const fn variable(self) -> &'static str {
        match self {
            Self::Classic => "LABWRIGHT_TEST_CLASSIC",
            Self::Containerd => "LABWRIGHT_TEST_CONTAINERD",
            Self::Podman => "LABWRIGHT_TEST_PODMAN",
        }
    }

    /// The engine's configuration: its file name and its text.
    pub(super) fn configuration(self, home: &Path, cgroup: &str) -> (&'static str, String) {
        match self {
            // Without its own path dockerd 20.10 writes a key below /etc.
            Self::Classic => (
                "daemon.json",
                docker(json!({
                    "cgroup-parent": cgroup,
                    "deprecated-key-path": home.join("key.json"),
                })),
            ),
            Self::Containerd => (
                "daemon.json",
                docker(json!({
                    "cgroup-parent": cgroup,
                    "features": { "containerd-snapshotter": true },
                })),
            ),
            Self::Podman => ("containers.conf", podman(home)),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A daemon without a network of its own, and without firewall rules: they would outlive it, and daemons that share a
/// network namespace take each other's away.
fn docker(mut own: serde_json::Value) -> String {
    own["bridge"] = json!("none");
    own["iptables"] = json!(false);
    own["ip6tables"] = json!(false);
    own.to_string()
}

/// Podman raises ulimits by default, which a machine without `CAP_SYS_RESOURCE` refuses.
fn podman(home: &Path) -> String {
    format!(
        "[containers]\n\
         default_ulimits = [\"nofile=1024:1024\", \"nproc=1024:1024\"]\n\
         log_driver = \"k8s-file\"\n\
         [engine]\n\
         runtime = \"runc\"\n\
         image_copy_tmp_dir = \"{}\"\n",
        home.join("tmp").display()
    )
}
