//! Nodes: finding the containers that run, making their ports, noticing that they end.

use std::{collections::BTreeSet, io};

use labwright_patchbay::{EndName, Port};

use super::{
    super::{
        containers::{Found, scan, when_ended},
        netlink::Namespace,
    },
    input::Input,
    lab::{Interface, Lab, Running},
    problems::unreachable,
};

impl Lab {
    /// The node's container, if it runs.
    pub(super) fn running_of(&self, node: &str) -> Option<Running> {
        let container = &self.wanted.nodes.get(node)?.container;
        self.running.get(container).copied()
    }

    /// Whether an interface was made for the process that its node's container now has.
    pub(super) fn is_of_current_process(&self, end: &EndName, interface: &Interface) -> bool {
        let Some(pid) = interface.pid else {
            return true;
        };
        self.running_of(end.owner())
            .is_some_and(|running| running.pid == pid)
    }

    /// Ports that are wanted and not there.
    pub(super) fn missing_ports(&self) -> impl Iterator<Item = &Port> {
        let ports = self.wanted.ports.iter();
        ports.filter(|port| !self.interfaces.contains_key(&port.end))
    }

    /// Looks for the containers of nodes whose ports are missing, and which are not known to run.
    pub(super) fn find_nodes(&mut self) {
        let nodes: BTreeSet<_> = self.missing_ports().map(|port| port.end.owner()).collect();
        let containers = nodes.iter().filter_map(|node| self.wanted.nodes.get(*node));
        let missing: Vec<_> = containers
            .map(|node| node.container.clone())
            .filter(|container| !self.running.contains_key(container))
            .collect();
        if missing.is_empty() {
            return;
        }
        let wanted: Vec<_> = missing.iter().map(String::as_str).collect();
        for (container, found) in scan(self.proc(), &wanted) {
            self.note_running(container, &found);
        }
    }

    /// A process that ends before it is noted was not there.
    fn note_running(&mut self, container: String, found: &Found) {
        let Ok(namespace) = Namespace::of(&found.folder) else {
            return;
        };
        let running = Running {
            pid: found.pid,
            namespace: namespace.id(),
        };
        let inputs = self.inputs.clone();
        let ended = Input::Ended {
            container: container.clone(),
            pid: found.pid,
        };
        let watched = when_ended(found.pid, move || {
            let _loop_has_ended = inputs.send(ended);
        });
        if watched.is_ok() {
            self.running.insert(container, running);
        }
    }

    /// A container's first process ended: its ports go at once, however long its namespace may linger.
    pub(super) fn note_ended(&mut self, container: &str, pid: i32) {
        if self
            .running
            .get(container)
            .is_none_or(|running| running.pid != pid)
        {
            return;
        }
        self.running.remove(container);
        let nodes = &self.wanted.nodes;
        let was_in = |end: &EndName| {
            nodes
                .get(end.owner())
                .is_some_and(|n| n.container == container)
        };
        self.failed_ends.retain(|end, _| !was_in(end));
        let doomed = self
            .interfaces
            .iter()
            .filter(|(_, interface)| interface.pid == Some(pid));
        let doomed: Vec<_> = doomed.map(|(end, i)| (end.clone(), i.index)).collect();
        let _gone_already = self.remove(doomed);
        self.set_all();
        self.search.begin_anew();
    }

    /// The app says that the node was just started. What is known of an earlier process may be out of date.
    pub(super) fn look_again(&mut self, node: &str) {
        let container = self
            .wanted
            .nodes
            .get(node)
            .map(|node| node.container.clone());
        let known = container.and_then(|c| self.running.get(&c).copied().zip(Some(c)));
        if let Some((running, container)) = known
            && self.namespace_of(running).is_err()
        {
            self.note_ended(&container, running.pid);
        }
        self.search.begin_anew();
        self.make_all();
    }

    /// Makes the missing ports of every node that runs.
    pub(super) fn wire_nodes(&mut self) {
        let nodes: BTreeSet<_> = self
            .missing_ports()
            .map(|p| p.end.owner().to_owned())
            .collect();
        for node in nodes {
            if let Some(running) = self.running_of(&node) {
                self.wire_node(&node, running);
            }
        }
    }

    fn wire_node(&mut self, node: &str, running: Running) {
        let ports = self.missing_ports().filter(|port| port.end.owner() == node);
        let ports: Vec<_> = ports.cloned().collect();
        match self.namespace_of(running) {
            Ok(namespace) => self.make_ports(node, ports, running, &namespace),
            Err(error) => {
                for port in ports {
                    let problem = unreachable(&port.end, &format!("node {node}"), &error);
                    self.failed_ends.insert(port.end, problem);
                }
            }
        }
    }

    /// The node's namespace, which is neither the engine host's nor ours, and still the one that was found.
    fn namespace_of(&self, running: Running) -> io::Result<Namespace> {
        let namespace = Namespace::of(&self.proc().join(running.pid.to_string()))?;
        // A host that cannot be entered cannot be a node's either.
        let host = self.kernel.host_namespace().ok().map(|host| host.id());
        match () {
            () if namespace.id() != running.namespace => {
                Err(io::Error::other("it is another one by now"))
            }
            () if Some(namespace.id()) == host => {
                Err(io::Error::other("it is the engine host's own"))
            }
            () if namespace.id() == self.kernel.own.id() => {
                Err(io::Error::other("it is the patchbay's own"))
            }
            () => Ok(namespace),
        }
    }
}
