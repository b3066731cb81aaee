//! The lab as it stands: what is wanted, and what there is of it.

use std::{collections::BTreeMap, io, mem, path::Path, sync::mpsc::Sender};

use labwright_patchbay::{
    EndName, EndStatus, LinkStatus, Outside, OutsideKind, Port, Problem, Wiring,
};

use super::{
    super::netlink::{LinkNews, NamespaceId, Observed},
    input::Input,
    kernel::Kernel,
    plan::{Present, Setting},
    search::Search,
    serve::Places,
    state_file::StateFile,
};

/// What an end is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Make {
    Port(Port),
    Outside(Outside),
}

impl Make {
    /// Whether there is an interface to make. To be linked to nothing takes none.
    pub(super) fn has_interface(&self) -> bool {
        !matches!(self, Self::Outside(outside) if outside.kind == OutsideKind::Dummy)
    }
}

/// An interface of an end.
#[derive(Clone, Debug)]
pub(super) struct Interface {
    /// Its number here.
    pub(super) index: u32,
    /// What it was made from.
    pub(super) made: Make,
    /// What it was last made like; nothing, if that failed halfway.
    pub(super) setting: Option<Setting>,
    /// What the kernel last said of it.
    pub(super) seen: Observed,
    /// What could not be had.
    pub(super) notes: Vec<Problem>,
    /// The node's process that it was made for.
    pub(super) pid: Option<i32>,
}

/// A node's container that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Running {
    pub(super) pid: i32,
    pub(super) namespace: NamespaceId,
}

/// The lab.
pub(super) struct Lab {
    pub(super) wanted: Wiring,
    /// The fingerprint of what is wanted.
    pub(super) fingerprint: String,
    pub(super) kernel: Kernel,
    pub(super) state: StateFile,
    pub(super) places: Places,
    /// To tell the loop what threads find out.
    pub(super) inputs: Sender<Input>,
    /// Interfaces of ends that exist.
    pub(super) interfaces: BTreeMap<EndName, Interface>,
    /// Why an end could not be made.
    pub(super) failed_ends: BTreeMap<EndName, Problem>,
    /// Why the link of an end could not be made.
    pub(super) failed_links: BTreeMap<EndName, Problem>,
    /// The numbers of switches that exist.
    pub(super) switches: BTreeMap<String, u32>,
    pub(super) failed_switches: BTreeMap<String, Problem>,
    /// Containers that run, by id.
    pub(super) running: BTreeMap<String, Running>,
    pub(super) search: Search,
    /// What was wrong from the start.
    pub(super) problems: Vec<Problem>,
    /// The SHA-256 of this program.
    pub(super) program: String,
    /// How ends and links stood when followers were last told.
    pub(super) told_ends: BTreeMap<EndName, EndStatus>,
    pub(super) told_links: BTreeMap<[EndName; 2], LinkStatus>,
}

impl Lab {
    /// The lab that was kept, wired as far as its containers run.
    pub(super) fn open(
        places: &Places,
        program: String,
        inputs: Sender<Input>,
    ) -> io::Result<Self> {
        let state = StateFile::new(&places.state);
        let (wanted, problems) = match state.load() {
            Ok(wanted) => (wanted, Vec::new()),
            Err(problem) => (Wiring::default(), vec![problem]),
        };
        let mut lab = Self {
            fingerprint: wanted.fingerprint(),
            wanted,
            kernel: Kernel::open(&places.proc)?,
            state,
            places: places.clone(),
            inputs,
            interfaces: BTreeMap::new(),
            failed_ends: BTreeMap::new(),
            failed_links: BTreeMap::new(),
            switches: BTreeMap::new(),
            failed_switches: BTreeMap::new(),
            running: BTreeMap::new(),
            search: Search::default(),
            problems,
            program,
            told_ends: BTreeMap::new(),
            told_links: BTreeMap::new(),
        };
        lab.make_all();
        Ok(lab)
    }

    /// Wants another wiring, and returns the one that was wanted.
    pub(super) fn want(&mut self, wiring: Wiring) -> Wiring {
        self.fingerprint = wiring.fingerprint();
        mem::replace(&mut self.wanted, wiring)
    }

    pub(super) fn proc(&self) -> &Path {
        &self.places.proc
    }

    /// Every end that is wanted, with what it is made from.
    pub(super) fn wanted_ends(&self) -> impl Iterator<Item = (&EndName, Make)> {
        let ports = self.wanted.ports.iter();
        let outside = self.wanted.outside.iter();
        let ports = ports.map(|port| (&port.end, Make::Port(port.clone())));
        ports.chain(outside.map(|outside| (&outside.end, Make::Outside(outside.clone()))))
    }

    /// The numbers of what there is.
    pub(super) fn present(&self) -> Present {
        let ends = self.interfaces.iter();
        Present {
            ends: ends
                .map(|(end, interface)| (end.clone(), interface.index))
                .collect(),
            switches: self.switches.clone(),
        }
    }

    /// Takes in what the kernel says has happened.
    pub(super) fn hear(&mut self, news: LinkNews) {
        match news {
            LinkNews::Changed(link) => self.see(link),
            LinkNews::Gone(index) => self.lose(|interface| interface.index == index),
            LinkNews::Missed => self.look_at_all(),
        }
    }

    fn see(&mut self, link: Observed) {
        let mut interfaces = self.interfaces.values_mut();
        if let Some(interface) = interfaces.find(|interface| interface.index == link.index) {
            interface.seen = link;
        }
    }

    /// Looks at every interface: what is not there any more is lost.
    pub(super) fn look_at_all(&mut self) {
        // Without an answer nothing is known to be lost; the next news make up for it.
        let Ok(links) = self.kernel.here.links() else {
            return;
        };
        let links: BTreeMap<_, _> = links.into_iter().map(|link| (link.index, link)).collect();
        self.lose(|interface| !links.contains_key(&interface.index));
        self.switches.retain(|_, index| links.contains_key(index));
        for interface in self.interfaces.values_mut() {
            if let Some(link) = links.get(&interface.index) {
                interface.seen = link.clone();
            }
        }
    }

    /// Forgets interfaces that are gone, and looks for their nodes again.
    fn lose(&mut self, gone: impl Fn(&Interface) -> bool) {
        let before = self.interfaces.len();
        self.interfaces.retain(|_, interface| !gone(interface));
        if self.interfaces.len() != before {
            self.set_all();
            self.search.begin_anew();
        }
    }
}
