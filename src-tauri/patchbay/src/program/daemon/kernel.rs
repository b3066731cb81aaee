//! The kernel, as the reconciler asks it: here, and in the engine's host.

use std::{
    io,
    path::{Path, PathBuf},
};

use super::{
    super::netlink::{
        Abilities, Device, Matching, Namespace, Observed, Refusal, Request, RouteSocket, delete,
        delete_doomed, doom, in_namespace,
    },
    steering::Steering,
};

/// Our interfaces' numbers begin here at least: those below are the kernel's own.
const FIRST_INDEX: u32 = 100;

/// Sockets, abilities, and the next interface's number.
pub(super) struct Kernel {
    pub(super) here: RouteSocket,
    pub(super) own: Namespace,
    pub(super) abilities: Abilities,
    /// None where it is refused.
    steering: Option<Steering>,
    host: Option<RouteSocket>,
    proc: PathBuf,
    next_index: u32,
}

impl Kernel {
    /// Opens what is needed, in the calling thread's namespace, and takes away what an earlier program left there.
    pub(super) fn open(proc: &Path) -> io::Result<Self> {
        let mut here = RouteSocket::open()?;
        let abilities = Abilities::probe(&mut here);
        let links = here.links()?;
        let highest = links.iter().map(|link| link.index).max().unwrap_or(0);
        let mut kernel = Self {
            here,
            own: Namespace::own()?,
            abilities,
            steering: Steering::open().ok(),
            host: None,
            proc: proc.to_owned(),
            next_index: FIRST_INDEX.max(highest + 1),
        };
        let left = links.iter().filter(|link| is_ours(link));
        let left: Vec<_> = left.map(|link| link.index).collect();
        // What cannot be deleted now is in nobody's way: names and numbers are new.
        let _gone = kernel.delete_all(&left);
        Ok(kernel)
    }

    /// How frames are matched. Where no way works, the kernel's refusal of this one becomes the link's problem.
    pub(super) fn matching(&self) -> Matching {
        *self.abilities.matching.as_ref().unwrap_or(&Matching::U32)
    }

    /// A name and a number that no interface has had.
    pub(super) fn device(&mut self, alias: impl Into<String>) -> Device {
        let index = self.next_index;
        self.next_index += 1;
        Device {
            index,
            alias: alias.into(),
        }
    }

    /// Has what comes from an interface handled by all processors, where that is possible: it is faster then, and
    /// nothing else.
    pub(super) fn spread(&self, device: &Device) {
        if let Some(steering) = &self.steering {
            let _slower = steering.spread(device);
        }
    }

    /// The network namespace of the engine's host.
    pub(super) fn host_namespace(&self) -> io::Result<Namespace> {
        Namespace::of(&self.proc.join("1"))
    }

    /// A socket there.
    pub(super) fn host(&mut self) -> io::Result<&mut RouteSocket> {
        let socket = match self.host.take() {
            Some(socket) => socket,
            None => in_namespace(&self.host_namespace()?, RouteSocket::open)?,
        };
        Ok(self.host.insert(socket))
    }

    /// Takes interfaces away, all at once: one after the other, the kernel would wait after each of them until nobody
    /// looks at it any more.
    pub(super) fn delete_all(&mut self, indexes: &[u32]) -> Vec<Result<(), Refusal>> {
        let requests: Vec<_> = indexes.iter().map(|index| doom(*index)).collect();
        let outcomes = self.here.run(&requests);
        if indexes.is_empty() || self.here.run_all(&[delete_doomed()]).is_ok() {
            return outcomes;
        }
        let requests: Vec<_> = indexes.iter().map(|index| delete(*index)).collect();
        self.here.run(&requests)
    }

    /// Makes an interface: all of these, or none. What was made of it is taken away again.
    pub(super) fn make(&mut self, device: &Device, requests: &[Request]) -> Result<(), Refusal> {
        let outcome = self.here.run_all(requests);
        if outcome.is_err() {
            let _gone = self.here.run(&[delete(device.index)]);
        }
        outcome
    }
}

/// Whether an interface of our own namespace was made by a patchbay: by its name and its note.
fn is_ours(link: &Observed) -> bool {
    let number = link.name.strip_prefix(Device::PREFIX);
    number.is_some_and(|n| n.parse() == Ok(link.index)) && !link.alias.is_empty()
}
