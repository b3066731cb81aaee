//! A socket to the kernel's routing side. It belongs to the namespace in which it was opened.

use std::io;

use netlink_packet_core::{
    Emitable, NLM_F_ACK, NLM_F_CREATE, NLM_F_DUMP, NLM_F_EXCL, NLM_F_REPLACE, NLM_F_REQUEST,
};
use netlink_packet_route::link::{LinkAttribute, LinkMessage};
use netlink_sys::{Socket, SocketAddr, protocols::NETLINK_ROUTE};
use nix::libc;

use super::{
    Observed, Refusal,
    raw::{Raw, framed, messages},
};

/// How many requests go out at once: their acknowledgements must fit into the socket's memory.
const BATCH: usize = 64;

/// More than the kernel puts into one datagram of a dump.
const DATAGRAM: usize = 64 << 10;

/// How often a dump is repeated because what it lists changed meanwhile.
const DUMPS: usize = 8;

/// One change that is asked of the kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    kind: u16,
    flags: u16,
    body: Vec<u8>,
}

impl Request {
    /// Something new; refused if it exists.
    pub(super) fn create(kind: u16, message: &impl Emitable) -> Self {
        Self::new(kind, NLM_F_CREATE | NLM_F_EXCL, message)
    }

    /// Something new, or in the place of what is there.
    pub(super) fn replace(kind: u16, message: &impl Emitable) -> Self {
        Self::new(kind, NLM_F_CREATE | NLM_F_REPLACE, message)
    }

    /// A change of something that exists, or its end.
    pub(super) fn change(kind: u16, message: &impl Emitable) -> Self {
        Self::new(kind, 0, message)
    }

    fn new(kind: u16, flags: u16, message: &impl Emitable) -> Self {
        let mut body = vec![0; message.buffer_len()];
        message.emit(&mut body);
        Self { kind, flags, body }
    }

    /// What it asks for, without what is said besides.
    #[cfg(test)]
    pub(super) fn parts(&self) -> (u16, u16, &[u8]) {
        (self.kind, self.flags, &self.body)
    }
}

/// Asks for changes and waits for the answers.
pub(crate) struct RouteSocket {
    socket: Socket,
    sequence: u32,
    datagram: Vec<u8>,
}

impl RouteSocket {
    /// A socket in the calling thread's network namespace.
    pub(crate) fn open() -> io::Result<Self> {
        let mut socket = Socket::new(NETLINK_ROUTE)?;
        socket.bind_auto()?;
        socket.connect(&SocketAddr::new(0, 0))?;
        socket.set_cap_ack(true)?;
        // Older kernels explain less; their error numbers are enough.
        let _explained = socket.set_ext_ack(true);
        Ok(Self {
            socket,
            sequence: 0,
            datagram: Vec::with_capacity(DATAGRAM),
        })
    }

    /// Asks for all these changes, in order, and returns what became of each. A refusal does not stop those behind it.
    pub(crate) fn run(&mut self, requests: &[Request]) -> Vec<Result<(), Refusal>> {
        requests
            .chunks(BATCH)
            .flat_map(|batch| self.run_batch(batch))
            .collect()
    }

    /// Asks for all these changes and returns the first refusal.
    pub(crate) fn run_all(&mut self, requests: &[Request]) -> Result<(), Refusal> {
        self.run(requests).into_iter().collect()
    }

    fn run_batch(&mut self, batch: &[Request]) -> Vec<Result<(), Refusal>> {
        let first = self.sequence + 1;
        match self.try_batch(batch, first) {
            Ok(outcomes) => outcomes,
            Err(error) => {
                // Answers to these may still come; they are known by their numbers and passed over.
                let refusal = Refusal::from(error);
                batch.iter().map(|_| Err(refusal.clone())).collect()
            }
        }
    }

    fn try_batch(&mut self, batch: &[Request], first: u32) -> io::Result<Vec<Result<(), Refusal>>> {
        let mut bytes = Vec::new();
        for request in batch {
            bytes.extend(self.numbered(request, NLM_F_ACK));
        }
        self.socket.send(&bytes, 0)?;
        let mut outcomes = vec![None; batch.len()];
        while outcomes.iter().any(Option::is_none) {
            self.receive()?;
            for message in messages(&self.datagram) {
                let place = message.sequence.checked_sub(first).map(|n| n as usize);
                if let Some(outcome) = place.and_then(|place| outcomes.get_mut(place)) {
                    *outcome = message.acknowledgement().or(outcome.take());
                }
            }
        }
        Ok(outcomes.into_iter().flatten().collect())
    }

    fn numbered(&mut self, request: &Request, flags: u16) -> Vec<u8> {
        self.sequence += 1;
        let flags = request.flags | flags | NLM_F_REQUEST;
        framed(request.kind, flags, self.sequence, &request.body)
    }

    fn receive(&mut self) -> io::Result<()> {
        self.datagram.clear();
        loop {
            match self.socket.recv(&mut self.datagram, 0) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                outcome => return outcome.map(drop),
            }
        }
    }

    /// Every interface of the namespace.
    pub(crate) fn links(&mut self) -> io::Result<Vec<Observed>> {
        for _ in 1..DUMPS {
            if let Some(links) = self.dump()? {
                return Ok(links);
            }
        }
        Ok(self.dump()?.unwrap_or_default())
    }

    /// One dump, unless it was interrupted.
    fn dump(&mut self) -> io::Result<Option<Vec<Observed>>> {
        let request = Request::change(libc::RTM_GETLINK, &LinkMessage::default());
        let bytes = self.numbered(&request, NLM_F_DUMP);
        self.socket.send(&bytes, 0)?;
        let (mut links, mut interrupted) = (Vec::new(), false);
        loop {
            self.receive()?;
            for message in messages(&self.datagram).filter(|m| m.sequence == self.sequence) {
                interrupted |= message.is_interrupted();
                if message.is_done() {
                    return Ok((!interrupted).then_some(links));
                }
                if let Some(Err(refusal)) = message.acknowledgement() {
                    return Err(refusal.errno.into());
                }
                links.extend(Observed::read(message.payload));
            }
        }
    }

    /// The interface of that name, if there is one.
    pub(crate) fn link(&mut self, name: &str) -> io::Result<Option<Observed>> {
        let mut message = LinkMessage::default();
        message
            .attributes
            .push(LinkAttribute::IfName(name.to_owned()));
        let request = Request::change(libc::RTM_GETLINK, &message);
        let bytes = self.numbered(&request, 0);
        self.socket.send(&bytes, 0)?;
        loop {
            self.receive()?;
            let mut answers = messages(&self.datagram).filter(|m| m.sequence == self.sequence);
            if let Some(message) = answers.next() {
                return match message.acknowledgement() {
                    Some(Err(refusal)) if refusal.is_gone() => Ok(None),
                    Some(Err(refusal)) => Err(refusal.errno.into()),
                    _ => Ok(Observed::read(message.payload)),
                };
            }
        }
    }
}

/// Something that happened to the interfaces of a namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LinkNews {
    /// An interface is new or stands differently.
    Changed(Observed),
    /// The interface of this number is gone.
    Gone(u32),
    /// The kernel could not tell everything: look at all of them.
    Missed,
}

/// Hears what happens to the interfaces of a namespace.
pub(crate) struct LinkEvents {
    socket: Socket,
    datagram: Vec<u8>,
}

impl LinkEvents {
    /// Listens in the calling thread's network namespace, from now on.
    pub(crate) fn open() -> io::Result<Self> {
        let mut socket = Socket::new(NETLINK_ROUTE)?;
        let group = 1 << (libc::RTNLGRP_LINK - 1);
        socket.bind(&SocketAddr::new(0, group))?;
        Ok(Self {
            socket,
            datagram: Vec::with_capacity(DATAGRAM),
        })
    }

    /// Waits for news. An error other than those that are told as [`LinkNews::Missed`] ends it.
    pub(crate) fn wait(&mut self) -> io::Result<Vec<LinkNews>> {
        self.datagram.clear();
        match self.socket.recv(&mut self.datagram, 0) {
            Ok(_) => Ok(messages(&self.datagram).filter_map(news).collect()),
            Err(error) if error.raw_os_error() == Some(libc::ENOBUFS) => Ok(vec![LinkNews::Missed]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }
}

/// `AF_UNSPEC`, of news about interfaces themselves.
const ANY_FAMILY: u8 = 0;

fn news(message: Raw<'_>) -> Option<LinkNews> {
    // A bridge that lets go of a port says so in the same words, as its own family: the port is still there.
    if message.payload.first() != Some(&ANY_FAMILY) {
        return None;
    }
    let link = Observed::read(message.payload)?;
    match message.kind {
        libc::RTM_NEWLINK => Some(LinkNews::Changed(link)),
        libc::RTM_DELLINK => Some(LinkNews::Gone(link.index)),
        _ => None,
    }
}
