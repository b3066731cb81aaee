//! Ports: made here and in the node, silent here, up there.

use std::io;

use labwright_patchbay::{EndName, Port, Problem};
use netlink_packet_route::link::LinkFlags;

use super::{
    super::netlink::{
        Device, Ethtool, Namespace, Peer, Refusal, RouteSocket, checksum_offload_off, classifier,
        in_namespace, quiet, set_up_by_name, veth,
    },
    lab::{Lab, Make, Running},
    problems::{checksums_stay, not_made},
};

impl Lab {
    /// Makes ports of a node that runs. What cannot be made is noted.
    pub(super) fn make_ports(
        &mut self,
        node: &str,
        ports: Vec<Port>,
        running: Running,
        namespace: &Namespace,
    ) {
        let mut wired = Vec::new();
        for port in ports {
            let device = self.kernel.device(port.end.as_str());
            match self.make_port(&port, &device, namespace) {
                Ok(()) => {
                    self.kernel.spread(&device);
                    let make = Make::Port(port.clone());
                    self.note_made(port.end.clone(), &device, make, Some(running.pid));
                    wired.push(port);
                }
                Err(refusal) => {
                    let problem = not_made(&port.end, &format!("node {node}"), &refusal);
                    self.failed_ends.insert(port.end, problem);
                }
            }
        }
        self.open_ports(&wired, namespace);
    }

    /// What is done to ports from inside the node.
    fn open_ports(&mut self, ports: &[Port], namespace: &Namespace) {
        let outcome = in_namespace(namespace, || Ok((checksums_off(ports), set_all_up(ports)?)));
        let (notes, refusals) = match outcome {
            Ok(outcome) => outcome,
            Err(error) => (
                Vec::new(),
                ports.iter().map(|_| Some(Refusal::from(&error))).collect(),
            ),
        };
        for problem in notes {
            self.note(problem);
        }
        let refused = ports
            .iter()
            .zip(refusals)
            .filter_map(|(port, refusal)| Some((port, refusal?)));
        for (port, refusal) in refused {
            self.give_up(&port.end, &refusal);
        }
    }

    /// A port that cannot be up is taken away: it is tried again as a whole.
    fn give_up(&mut self, end: &EndName, refusal: &Refusal) {
        let index = self.interfaces.get(end).map(|interface| interface.index);
        let doomed = index.map(|index| (end.clone(), index));
        let _gone = self.remove(doomed.into_iter().collect());
        let problem = not_made(end, &format!("node {}", end.owner()), refusal);
        self.failed_ends.insert(end.clone(), problem);
    }

    fn make_port(
        &mut self,
        port: &Port,
        device: &Device,
        namespace: &Namespace,
    ) -> Result<(), Refusal> {
        let peer = Peer {
            name: port.end.interface(),
            mac: Some(port.mac),
            mtu: Some(port.mtu),
            namespace,
        };
        let requests = [
            veth(device, &peer),
            quiet(device, LinkFlags::empty()),
            classifier(device.index),
        ];
        self.kernel.make(device, &requests)
    }

    fn note(&mut self, problem: Problem) {
        let end = problem.object.parse::<EndName>().ok();
        let interface = end.and_then(|end| self.interfaces.get_mut(&end));
        if let Some(interface) = interface {
            interface.notes.push(problem);
        }
    }
}

/// Switches transmit checksums off, where wanted, in the calling thread's namespace, and returns what was refused.
fn checksums_off(ports: &[Port]) -> Vec<Problem> {
    let mut ports = ports
        .iter()
        .filter(|port| !port.checksum_offload)
        .peekable();
    if ports.peek().is_none() {
        return Vec::new();
    }
    let ethtool = Ethtool::open().map_err(Refusal::from);
    let refused = ports.filter_map(|port| {
        let request = checksum_offload_off(port.end.interface());
        let outcome = ethtool.as_ref().map_err(Refusal::clone);
        let refusal = outcome.and_then(|ethtool| ethtool.run(&request)).err()?;
        Some(checksums_stay(&port.end, &refusal))
    });
    refused.collect()
}

/// Sets ports up, in the calling thread's namespace, and returns what was refused.
fn set_all_up(ports: &[Port]) -> io::Result<Vec<Option<Refusal>>> {
    let requests: Vec<_> = ports
        .iter()
        .map(|port| set_up_by_name(port.end.interface()))
        .collect();
    let outcomes = RouteSocket::open()?.run(&requests);
    Ok(outcomes.into_iter().map(Result::err).collect())
}
