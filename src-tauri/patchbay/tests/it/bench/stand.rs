//! One lab: a namespace for the patchbay, one in the place of the engine's host, and any number of nodes.

use std::{
    fs,
    os::unix::fs::symlink,
    path::Path,
    process::{Child, Stdio},
};

use tempfile::TempDir;

use super::{Namespace, Talk, container_id, program};

/// A lab without an engine.
pub(crate) struct Stand {
    folder: TempDir,
    pub(crate) host: Namespace,
    pub(crate) patchbay: Namespace,
    daemon: Option<Child>,
}

/// A node: what stands for a container that runs.
pub(crate) struct Node {
    pub(crate) namespace: Namespace,
    process: std::path::PathBuf,
}

impl std::ops::Deref for Node {
    type Target = Namespace;

    fn deref(&self) -> &Namespace {
        &self.namespace
    }
}

impl Drop for Node {
    /// Its files go first, as a process that ends has none.
    fn drop(&mut self) {
        fs::remove_dir_all(&self.process).unwrap();
    }
}

impl Stand {
    /// A lab whose patchbay runs, and wants nothing yet.
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("state")).unwrap();
        fs::create_dir_all(folder.path().join("proc/1/ns")).unwrap();
        let host = Namespace::new();
        symlink(host.path(), folder.path().join("proc/1/ns/net")).unwrap();
        let mut stand = Self {
            folder,
            host,
            patchbay: Namespace::new(),
            daemon: None,
        };
        stand.start();
        stand
    }

    /// Starts the daemon.
    pub(crate) fn start(&mut self) {
        let mut command = self.patchbay.command(program().to_str().unwrap());
        command
            .arg("serve")
            .arg("--proc")
            .arg(self.folder.path().join("proc"));
        command.arg("--state").arg(self.state());
        self.daemon = Some(command.stdin(Stdio::null()).spawn().unwrap());
    }

    /// Kills the daemon. Its namespace stays, as no engine would leave it.
    pub(crate) fn kill(&mut self) {
        let mut daemon = self.daemon.take().unwrap();
        daemon.kill().unwrap();
        daemon.wait().unwrap();
    }

    /// Gives the patchbay a new namespace, as a container that starts again gets one.
    pub(crate) fn new_namespace(&mut self) {
        self.patchbay = Namespace::new();
    }

    /// The state folder.
    pub(crate) fn state(&self) -> std::path::PathBuf {
        self.folder.path().join("state")
    }

    /// A conversation with the daemon.
    pub(crate) fn talk(&self) -> Talk {
        Talk::new(
            self.patchbay
                .command(program().to_str().unwrap())
                .arg("talk"),
        )
    }

    /// Starts the container of a node.
    pub(crate) fn node(&self, name: &str) -> Node {
        self.node_in(name, Namespace::new())
    }

    /// A container of a node in the host's own network.
    pub(crate) fn share_host(&self, name: &str) -> Node {
        let node = self.node("somebody");
        fs::write(
            node.process.join("cgroup"),
            format!(
                "0::/docker/{}
",
                container_id(name)
            ),
        )
        .unwrap();
        fs::remove_file(node.process.join("ns/net")).unwrap();
        symlink(self.host.path(), node.process.join("ns/net")).unwrap();
        node
    }

    /// Starts the container of a node in a namespace that was made ready.
    pub(crate) fn node_in(&self, name: &str, namespace: Namespace) -> Node {
        let process = self
            .folder
            .path()
            .join("proc")
            .join(namespace.pid().to_string());
        write_process(&process, name, &namespace);
        Node { namespace, process }
    }
}

/// The files come first under another name: the daemon may look at any moment.
fn write_process(process: &Path, name: &str, namespace: &Namespace) {
    let new = process.with_extension("new");
    fs::create_dir_all(new.join("ns")).unwrap();
    symlink(namespace.path(), new.join("ns/net")).unwrap();
    fs::write(
        new.join("cgroup"),
        format!("0::/docker/{}\n", container_id(name)),
    )
    .unwrap();
    let status = format!("Name:\tsleep\nNSpid:\t{}\t1\n", namespace.pid());
    fs::write(new.join("status"), status).unwrap();
    fs::rename(new, process).unwrap();
}

impl Drop for Stand {
    fn drop(&mut self) {
        if self.daemon.is_some() {
            self.kill();
        }
    }
}
