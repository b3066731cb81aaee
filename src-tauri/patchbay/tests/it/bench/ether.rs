//! Frames, sent and heard in a namespace.

use std::{
    os::fd::{AsRawFd, OwnedFd},
    time::{Duration, Instant},
};

use nix::{
    ifaddrs::getifaddrs,
    sys::{
        socket::{
            AddressFamily, LinkAddr, MsgFlags, SockFlag, SockProtocol, SockType, bind, recv, send,
            setsockopt, socket, sockopt,
        },
        time::TimeVal,
    },
};

use super::Namespace;

/// A packet socket on one interface.
pub(crate) struct Ether {
    socket: OwnedFd,
}

impl Ether {
    /// Opens the interface of that name.
    pub(crate) fn open(namespace: &Namespace, name: &str) -> Self {
        let name = name.to_owned();
        let socket = namespace.inside(move || {
            let kind = SockType::Raw;
            let socket = socket(
                AddressFamily::Packet,
                kind,
                SockFlag::empty(),
                SockProtocol::EthAll,
            )
            .unwrap();
            bind(socket.as_raw_fd(), &address_of(&name)).unwrap();
            socket
        });
        Self { socket }
    }

    /// Sends a frame to this address, from a fixed one.
    pub(crate) fn send(&self, to: [u8; 6], protocol: u16, payload: &[u8]) {
        let from = [0xaa, 0xc1, 0xab, 0xff, 0xff, 0xff];
        let frame = [&to, &from, protocol.to_be_bytes().as_slice(), payload].concat();
        let sent = send(self.socket.as_raw_fd(), &frame, MsgFlags::empty()).unwrap();
        assert_eq!(sent, frame.len());
    }

    /// Whether a frame with this payload comes, others aside. Waits for it, but not for ever.
    pub(crate) fn hears(&self, protocol: u16, payload: &[u8]) -> bool {
        self.hears_within(protocol, payload, Duration::from_secs(10))
    }

    /// The same with another patience: a frame that must not come needs little.
    pub(crate) fn hears_within(&self, protocol: u16, payload: &[u8], patience: Duration) -> bool {
        self.wait(protocol, |heard| heard.starts_with(payload), patience)
            .is_some()
    }

    /// The payload of the first frame that is wanted, if one comes.
    pub(crate) fn receive(&self, protocol: u16, wanted: impl Fn(&[u8]) -> bool) -> Option<Vec<u8>> {
        self.wait(protocol, wanted, Duration::from_secs(10))
    }

    fn wait(
        &self,
        protocol: u16,
        wanted: impl Fn(&[u8]) -> bool,
        patience: Duration,
    ) -> Option<Vec<u8>> {
        let limit = TimeVal::new(0, 50_000);
        setsockopt(&self.socket, sockopt::ReceiveTimeout, &limit).unwrap();
        let begun = Instant::now();
        let mut frame = vec![0; 65536];
        while begun.elapsed() < patience {
            let Ok(length) = recv(self.socket.as_raw_fd(), &mut frame, MsgFlags::empty()) else {
                continue;
            };
            let payload = &frame[14..length];
            if frame[12..14] == protocol.to_be_bytes() && wanted(payload) {
                return Some(payload.to_vec());
            }
        }
        None
    }
}

fn address_of(name: &str) -> LinkAddr {
    let addresses = getifaddrs().unwrap();
    let of_name = addresses.filter(|address| address.interface_name == name);
    let mut addresses = of_name.filter_map(|address| address.address?.as_link_addr().copied());
    addresses.next().expect("the interface exists")
}
