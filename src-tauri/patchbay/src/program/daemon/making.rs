//! Making what is wanted and not there.

use std::io;

use labwright_patchbay::{EndName, Outside, OutsideKind, Problem, ProblemCode};
use netlink_packet_route::link::LinkFlags;

use super::{
    super::netlink::{
        Device, Namespace, Observed, Peer, Request, bridge, classifier, delete, macvlan, port_of,
        quiet, set_mtu, set_up, veth, vxlan,
    },
    lab::{Interface, Lab, Make},
    plan::Setting,
    problems::{missing_in_host, not_made, unreachable},
};

impl Lab {
    /// Makes everything that can be made now. What cannot is noted, and tried again by the search.
    pub(super) fn make_all(&mut self) {
        self.make_switches();
        self.make_outside();
        self.find_nodes();
        self.wire_nodes();
        self.set_all();
        self.look_at_all();
    }

    fn make_switches(&mut self) {
        for switch in self.wanted.switches.clone() {
            if self.switches.contains_key(&switch.name) {
                continue;
            }
            let device = self.kernel.device(&switch.name);
            let requests = [bridge(&device), quiet(&device, LinkFlags::Up)];
            match self.kernel.make(&device, &requests) {
                Ok(()) => {
                    self.failed_switches.remove(&switch.name);
                    self.switches.insert(switch.name, device.index);
                }
                Err(refusal) => {
                    let message = format!(
                        "the kernel refused to make switch {}: {refusal}",
                        switch.name
                    );
                    let code = ProblemCode::KernelRefused;
                    let problem = Problem::new(code, &switch.name, message);
                    self.failed_switches.insert(switch.name, problem);
                }
            }
        }
    }

    fn make_outside(&mut self) {
        for outside in self.wanted.outside.clone() {
            let made = Make::Outside(outside.clone());
            if self.interfaces.contains_key(&outside.end) || !made.has_interface() {
                continue;
            }
            match self.make_one_outside(&outside) {
                Ok(device) => self.note_made(outside.end, &device, made, None),
                Err(problem) => {
                    self.failed_ends.insert(outside.end, problem);
                }
            }
        }
    }

    fn make_one_outside(&mut self, outside: &Outside) -> Result<Device, Problem> {
        let end = &outside.end;
        let device = self.kernel.device(end.as_str());
        match &outside.kind {
            OutsideKind::Host { mac, bridge } => {
                let bridge = bridge.as_deref();
                let bridge = bridge.map(|name| self.host_interface(end, name));
                let bridge = bridge.transpose()?.map(|bridge| bridge.index);
                let namespace = self.host_namespace(end)?;
                let peer = Peer {
                    name: end.interface(),
                    mac: *mac,
                    mtu: outside.mtu,
                    namespace: &namespace,
                };
                self.make_quiet(end, &device, veth(&device, &peer))?;
                let opened = self.open_in_host(end, bridge);
                opened.inspect_err(|_| self.unmake(&device))?;
            }
            OutsideKind::Macvlan { parent, mode } => {
                let parent = self.host_interface(end, parent)?.index;
                let request = macvlan(&device, parent, *mode, &self.kernel.own);
                self.make_from_host(end, &device, outside, request, LinkFlags::Allmulti)?;
            }
            OutsideKind::Vxlan {
                remote,
                vni,
                udp_port,
                parent,
            } => {
                let parent = parent
                    .as_ref()
                    .map(|parent| self.host_interface(end, parent));
                let parent = parent.transpose()?.map(|link| link.index);
                let request = vxlan(&device, *remote, *vni, *udp_port, parent, &self.kernel.own);
                self.make_from_host(end, &device, outside, request, LinkFlags::empty())?;
            }
            OutsideKind::Dummy => {}
        }
        Ok(device)
    }

    fn host_namespace(&self, end: &EndName) -> Result<Namespace, Problem> {
        (self.kernel.host_namespace()).map_err(|error| unreachable(end, HOST, &error))
    }

    fn host_interface(&mut self, end: &EndName, name: &str) -> Result<Observed, Problem> {
        let look = |lab: &mut Self| -> io::Result<_> { lab.kernel.host()?.link(name) };
        let found = look(self).map_err(|error| unreachable(end, HOST, &error))?;
        found.ok_or_else(|| missing_in_host(end, name))
    }

    /// Sets the other side up in the engine's host, as a port of a bridge if there is one to join.
    fn open_in_host(&mut self, end: &EndName, bridge: Option<u32>) -> Result<(), Problem> {
        let peer = self.host_interface(end, end.interface())?.index;
        let joined = bridge.map(|bridge| port_of(peer, bridge));
        let requests: Vec<_> = joined.into_iter().chain([set_up(peer, true)]).collect();
        let host = self
            .kernel
            .host()
            .map_err(|error| unreachable(end, HOST, &error))?;
        host.run_all(&requests)
            .map_err(|refusal| not_made(end, HOST, &refusal))
    }

    fn make_quiet(
        &mut self,
        end: &EndName,
        device: &Device,
        request: Request,
    ) -> Result<(), Problem> {
        let requests = [
            request,
            quiet(device, LinkFlags::empty()),
            classifier(device.index),
        ];
        let made = self.kernel.make(device, &requests);
        made.map_err(|refusal| not_made(end, HOST, &refusal))
    }

    fn make_from_host(
        &mut self,
        end: &EndName,
        device: &Device,
        outside: &Outside,
        request: Request,
        flags: LinkFlags,
    ) -> Result<(), Problem> {
        let host = self
            .kernel
            .host()
            .map_err(|error| unreachable(end, HOST, &error))?;
        let made = host.run_all(&[request]);
        let mtu = outside.mtu.map(|mtu| set_mtu(device.index, mtu));
        let here = [quiet(device, flags), classifier(device.index)];
        let here: Vec<_> = here.into_iter().chain(mtu).collect();
        let made = made.and_then(|()| self.kernel.make(device, &here));
        made.map_err(|refusal| not_made(end, HOST, &refusal))
    }

    fn unmake(&mut self, device: &Device) {
        let _gone = self.kernel.here.run(&[delete(device.index)]);
    }

    /// Notes an interface that was just made.
    pub(super) fn note_made(
        &mut self,
        end: EndName,
        device: &Device,
        made: Make,
        pid: Option<i32>,
    ) {
        self.failed_ends.remove(&end);
        let interface = Interface {
            index: device.index,
            made,
            setting: Some(Setting::default()),
            seen: Observed::default(),
            notes: Vec::new(),
            pid,
        };
        self.interfaces.insert(end, interface);
    }
}

/// The engine's host, in messages.
const HOST: &str = "the engine's host";
