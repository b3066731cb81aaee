//! A packet socket on one interface.

use std::{
    io::{self, IoSliceMut},
    os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd},
    time::SystemTime,
};

use nix::{
    errno::Errno,
    ifaddrs::getifaddrs,
    libc,
    sys::{
        socket::{
            AddressFamily, ControlMessageOwned, LinkAddr, MsgFlags, SockFlag, SockProtocol,
            SockType, bind, getsockopt, recvmsg, setsockopt, socket, sockopt,
        },
        time::TimeSpec,
    },
};

use super::{
    frame::Auxiliary,
    pcapng::{Direction, Packet},
};

nix::setsockopt_impl!(
    PacketAuxdata,
    libc::SOL_PACKET,
    libc::PACKET_AUXDATA,
    bool,
    sockopt::SetBool
);

/// Switches on that each frame comes with what Linux took out of it.
#[derive(Clone, Copy, Debug)]
struct PacketAuxdata;

/// `PACKET_OUTGOING` of `linux/if_packet.h`.
const OUTGOING: u8 = 4;

/// More than two control messages take: a time, and [`Auxiliary`].
const CONTROL: usize = 256;

/// How much memory the kernel may hold for frames that were not read yet.
const BUFFER: usize = 8 << 20;

/// Hears what passes an interface, both ways.
pub(super) struct PacketSocket {
    socket: OwnedFd,
    index: u32,
    frame: Vec<u8>,
    control: Vec<u8>,
    snap: usize,
}

impl PacketSocket {
    /// Hears the interface of this name and number, if it is there. Needs `CAP_NET_RAW`.
    pub(super) fn open(name: &str, index: u32, snap: u32) -> io::Result<Option<Self>> {
        let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
        let socket = socket(
            AddressFamily::Packet,
            SockType::Raw,
            flags,
            SockProtocol::EthAll,
        )?;
        setsockopt(&socket, sockopt::ReceiveTimestampns, &true)?;
        setsockopt(&socket, PacketAuxdata, &true)?;
        setsockopt(&socket, sockopt::RcvBufForce, &BUFFER)?;
        let Some(address) = address_of(name)? else {
            return Ok(None);
        };
        if address.ifindex() != index as usize {
            return Ok(None);
        }
        // The address names no protocol: the socket keeps the one it was opened with.
        match bind(socket.as_raw_fd(), &address) {
            Ok(()) => {}
            Err(Errno::ENODEV | Errno::ENXIO) => return Ok(None),
            Err(errno) => return Err(errno.into()),
        }
        // Of an interface that is down: as soon as it is up, the socket hears it.
        let _down = getsockopt(&socket, sockopt::SocketError);
        Ok(Some(Self {
            socket,
            index,
            frame: vec![0; snap as usize],
            control: vec![0; CONTROL],
            snap: snap as usize,
        }))
    }

    /// The next frame; nothing, if none has come.
    pub(super) fn receive(&mut self) -> Result<Option<Packet>, Errno> {
        loop {
            let mut pieces = [IoSliceMut::new(&mut self.frame)];
            let descriptor = self.socket.as_raw_fd();
            let control = Some(self.control.as_mut_slice());
            let received =
                match recvmsg::<LinkAddr>(descriptor, &mut pieces, control, MsgFlags::empty()) {
                    Ok(received) => received,
                    Err(Errno::EAGAIN) => return Ok(None),
                    Err(Errno::EINTR) => continue,
                    Err(errno) => return Err(errno),
                };
            // Before it was bound, the socket heard every interface.
            let Some(address) = received
                .address
                .filter(|address| address.ifindex() == self.index as usize)
            else {
                continue;
            };
            let (at_ns, auxiliary) = said(received.cmsgs()?);
            let length = received.bytes;
            let direction = match address.pkttype() {
                OUTGOING => Direction::Outbound,
                _ => Direction::Inbound,
            };
            let Some(frame) = self.frame.get(..length) else {
                continue;
            };
            let (bytes, length) = auxiliary.map_or_else(
                || (frame.to_vec(), u32::try_from(length).unwrap_or(u32::MAX)),
                |auxiliary| auxiliary.restore(frame, self.snap),
            );
            return Ok(Some(Packet {
                at_ns,
                direction,
                bytes,
                length,
            }));
        }
    }
}

impl AsFd for PacketSocket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

/// What was said besides the frame: when it passed, and what was taken out of it.
fn said(messages: impl Iterator<Item = ControlMessageOwned>) -> (u64, Option<Auxiliary>) {
    let (mut time, mut auxiliary) = (None, None);
    for message in messages {
        match message {
            ControlMessageOwned::ScmTimestampns(at) => time = Some(at),
            ControlMessageOwned::Unknown(other)
                if (other.cmsg_header.cmsg_level, other.cmsg_header.cmsg_type)
                    == (libc::SOL_PACKET, libc::PACKET_AUXDATA) =>
            {
                auxiliary = Auxiliary::read(&other.data_bytes);
            }
            _ => {}
        }
    }
    (time.map_or_else(now_ns, nanoseconds), auxiliary)
}

fn nanoseconds(time: TimeSpec) -> u64 {
    let seconds = u64::try_from(time.tv_sec()).unwrap_or(0);
    seconds * 1_000_000_000 + u64::try_from(time.tv_nsec()).unwrap_or(0)
}

fn now_ns() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| {
        u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
    })
}

/// The address to bind to, as Linux lists it.
fn address_of(name: &str) -> io::Result<Option<LinkAddr>> {
    let addresses = getifaddrs()?;
    let of_name = addresses.filter(|address| address.interface_name == name);
    let mut addresses = of_name.filter_map(|address| address.address?.as_link_addr().copied());
    Ok(addresses.next())
}
